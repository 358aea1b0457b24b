-- +goose Up
-- One row for each entry of the chain of elections; its body as recorded.
CREATE TABLE election_step (
    entry   INT8  NOT NULL PRIMARY KEY,
    event   CTEXT NOT NULL,
    contest CTEXT NOT NULL,
    item    CTEXT NOT NULL,
    kind    CTEXT NOT NULL,
    at      CTEXT NOT NULL,
    actor   CTEXT NOT NULL,
    body    CTEXT NOT NULL,
    reason  CTEXT NOT NULL
);
CREATE INDEX election_step_event ON election_step (event, entry);
CREATE INDEX election_step_contest ON election_step (contest, entry);

-- Names and births of persons on a list: personal content, keyed by the entry
-- whose block holds it.
CREATE TABLE election_listed (
    entry  INT8  NOT NULL,
    person CTEXT NOT NULL,
    title  CTEXT NOT NULL,
    name   CTEXT NOT NULL,
    born   CTEXT NOT NULL,
    PRIMARY KEY (entry, person)
);
