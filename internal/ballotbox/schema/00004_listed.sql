-- +goose Up
-- The sheets of a scanned pile that people settled, as they were listed when
-- the pile was handed in.
CREATE TABLE ballotbox_listed (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    sheets  INT8  NOT NULL,
    content CTEXT NOT NULL -- sealed until the report; '' when absent
);
CREATE INDEX ballotbox_listed_pile ON ballotbox_listed (box, pile, entry);
