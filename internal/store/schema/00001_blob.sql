-- +goose Up
CREATE TABLE op_blob (
	hash    CTEXT NOT NULL PRIMARY KEY, -- SHA-256 of content, hex
	content BYTES NOT NULL
);
