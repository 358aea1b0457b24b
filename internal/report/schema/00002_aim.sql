-- +goose Up
-- What was said about an aim, by entry: its paper, who signed and why it was
-- corrected. Signer and reason are personal content, '' when absent.
CREATE TABLE report_aim_said (
    entry    INT8  NOT NULL PRIMARY KEY,
    aim      CTEXT NOT NULL,
    what     CTEXT NOT NULL, -- set, corrected, ended, withdrawn
    decision CTEXT NOT NULL, -- number, day, issuing body
    signer   CTEXT NOT NULL,
    reason   CTEXT NOT NULL,
    actor    CTEXT NOT NULL,
    at       CTEXT NOT NULL
);
CREATE INDEX report_aim_said_aim ON report_aim_said (aim, entry);

-- Aims in both times; said is the entry whose paper the version rests on.
CREATE TABLE report_aim (
    aim        CTEXT NOT NULL,
    entry_from INT8  NOT NULL,
    entry_to   INT8  NOT NULL,
    valid_from CTEXT NOT NULL,
    valid_to   CTEXT NOT NULL,
    said       INT8  NOT NULL,
    unit       CTEXT NOT NULL,
    reach      CTEXT NOT NULL,
    kind       CTEXT NOT NULL,
    organ      CTEXT NOT NULL,
    measure    CTEXT NOT NULL,
    under      INT8  NOT NULL,
    num        INT8  NOT NULL,
    den        INT8  NOT NULL,
    PRIMARY KEY (aim, entry_from)
);

-- +goose Down
DROP TABLE report_aim;
DROP TABLE report_aim_said;
