-- +goose Up
-- Who looked at whose personal content. Outside the ledger, but its own chain:
-- hash = sha256 of the line before and of this one, so that a line taken out
-- or changed by hand is seen.
CREATE TABLE op_read_log (
	seq     INT8 NOT NULL PRIMARY KEY,
	at      CTEXT NOT NULL,
	actor   CTEXT NOT NULL,
	subject CTEXT NOT NULL,
	what    CTEXT NOT NULL,
	hash    CTEXT NOT NULL
);
CREATE INDEX op_read_log_subject ON op_read_log (subject, seq);
