-- +goose Up
-- Imports of persons from a file, and the parts each was recorded in.
CREATE TABLE person_import (
	import  CTEXT NOT NULL PRIMARY KEY,
	home    CTEXT NOT NULL, -- organisation that keeps the files
	opened  INT8 NOT NULL,  -- entry of the first part
	closed  INT8 NOT NULL,  -- entry that ended it, -1 not yet
	undone  INT8 NOT NULL   -- entry that ended its undoing, -1 not
);
CREATE TABLE person_import_part (
	import CTEXT NOT NULL,
	part   CTEXT NOT NULL, -- r-0000 rows (before: p-0000 persons, s-0000 steps), u-… undoing of a part
	entry  INT8 NOT NULL,  -- what the part recorded stands in the entries after it
	count  INT8 NOT NULL,
	skipped INT8 NOT NULL, -- rows that were changed meanwhile and left alone
	PRIMARY KEY (import, part)
);

-- Files handed in and not recorded yet, with the plan that was confirmed; the
-- columns chosen for a set of headers, for the next time.
CREATE TABLE op_person_upload (
	id      CTEXT NOT NULL PRIMARY KEY,
	actor   CTEXT NOT NULL,
	home    CTEXT NOT NULL,
	name    CTEXT NOT NULL,
	at      CTEXT NOT NULL,
	content BYTES NOT NULL,
	plan    CTEXT NOT NULL -- JSON, '' until confirmed
);
CREATE TABLE op_person_mapping (
	actor   CTEXT NOT NULL,
	headers CTEXT NOT NULL, -- digest of the headers
	columns CTEXT NOT NULL, -- JSON
	PRIMARY KEY (actor, headers)
);

-- +goose Down
DROP TABLE op_person_mapping;
DROP TABLE op_person_upload;
DROP TABLE person_import_part;
DROP TABLE person_import;
