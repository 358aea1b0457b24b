-- +goose Up
CREATE TABLE toy_account (
	id      CTEXT NOT NULL PRIMARY KEY,
	balance INT8 NOT NULL,
	entry   INT8 NOT NULL
);
CREATE TABLE toy_note (
	entry INT8 NOT NULL PRIMARY KEY,
	id    CTEXT NOT NULL,
	words CTEXT NOT NULL -- personal, '' when the block is absent
);
CREATE INDEX toy_note_id ON toy_note (id, entry);
