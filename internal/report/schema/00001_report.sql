-- +goose Up
-- Closed sets of figures. The sheet is numbers and ids of units; who signed is
-- personal content, '' when withheld or erased.
CREATE TABLE report_closed (
    entry       INT8  NOT NULL PRIMARY KEY,
    id          CTEXT NOT NULL,
    unit        CTEXT NOT NULL,
    on_day      CTEXT NOT NULL,
    known       INT8  NOT NULL, -- last entry the figures follow from
    sheet       CTEXT NOT NULL,
    replaces    CTEXT NOT NULL,
    replaced_by CTEXT NOT NULL,
    signing     CTEXT NOT NULL,
    actor       CTEXT NOT NULL,
    at          CTEXT NOT NULL
);
CREATE UNIQUE INDEX report_closed_id ON report_closed (id);
CREATE INDEX report_closed_unit ON report_closed (unit, on_day);

-- +goose Down
DROP TABLE report_closed;
