-- +goose Up
-- What happened: the state of a case is the fold of its events.
CREATE TABLE procedure_event (
	entry   INT8 NOT NULL PRIMARY KEY,
	subject CTEXT NOT NULL,
	at      CTEXT NOT NULL,
	actor   CTEXT NOT NULL,
	kind    CTEXT NOT NULL,
	body    CTEXT NOT NULL,
	words   CTEXT NOT NULL -- JSON of the block, '' when absent or erased
);
CREATE INDEX procedure_event_subject ON procedure_event (subject, entry);

-- For lists.
CREATE TABLE procedure_case (
	id        CTEXT NOT NULL PRIMARY KEY,
	procedure CTEXT NOT NULL,
	opened    CTEXT NOT NULL,
	org       CTEXT NOT NULL,
	title     CTEXT NOT NULL,
	level     CTEXT NOT NULL,
	class     CTEXT NOT NULL,
	phase     CTEXT NOT NULL,
	step      CTEXT NOT NULL,
	due       CTEXT NOT NULL,
	persons   INT8 NOT NULL,
	letters   INT8 NOT NULL,
	sample    INT8 NOT NULL,
	clock     CTEXT NOT NULL,
	scribed   INT8 NOT NULL,
	ended     INT8 NOT NULL,
	last      INT8 NOT NULL
);
CREATE INDEX procedure_case_due ON procedure_case (ended, due);

-- The dated tables the office keeps: classes of posts, participants, managing
-- levels. The last set on or before a day holds.
CREATE TABLE procedure_table (
	entry      INT8 NOT NULL,
	place      INT8 NOT NULL,
	name       CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	row        CTEXT NOT NULL, -- JSON
	PRIMARY KEY (entry, place)
);
CREATE INDEX procedure_table_name ON procedure_table (name, valid_from);

-- +goose Down
DROP TABLE procedure_table;
DROP TABLE procedure_case;
DROP TABLE procedure_event;
