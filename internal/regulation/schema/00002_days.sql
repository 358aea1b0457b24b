-- +goose Up
-- Days of rest and days worked in exchange as recorded, each period whole.
CREATE TABLE regulation_days (
    entry  INT8  NOT NULL PRIMARY KEY,
    at     CTEXT NOT NULL,
    actor  CTEXT NOT NULL,
    first  CTEXT NOT NULL,
    last   CTEXT NOT NULL,
    number CTEXT NOT NULL,
    dated  CTEXT NOT NULL,
    issuer CTEXT NOT NULL,
    days   CTEXT NOT NULL
);

-- +goose Down
DROP TABLE regulation_days;
