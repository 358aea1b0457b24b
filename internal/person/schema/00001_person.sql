-- +goose Up
-- Personal content, one row an entry that carries the block "identity".
-- Erasing blanks the row to what it is when the block is absent.
CREATE TABLE person_identity (
	entry    INT8 NOT NULL PRIMARY KEY,
	present  INT8 NOT NULL,
	content  CTEXT NOT NULL, -- JSON, '' when absent
	folded   CTEXT NOT NULL, -- for search, '' when absent
	sort_key CTEXT NOT NULL  -- list order, '' when absent
);

CREATE TABLE person_person (
	person     CTEXT NOT NULL PRIMARY KEY,
	home       CTEXT NOT NULL,
	sample     INT8 NOT NULL,
	entry_from INT8 NOT NULL
);
CREATE INDEX person_person_home ON person_person (home);

-- What was said, one row a wording of a statement.
CREATE TABLE person_statement (
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL, -- -1: stands
	fact       INT8 NOT NULL,
	person     CTEXT NOT NULL,
	what       CTEXT NOT NULL, -- recorded, held, ended
	post       CTEXT NOT NULL,
	org        CTEXT NOT NULL,
	title      CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL,
	decision   CTEXT NOT NULL, -- JSON
	content    INT8 NOT NULL,  -- entry whose identity it means, -1 none
	withdrawn  INT8 NOT NULL
);
CREATE INDEX person_statement_person ON person_statement (person, entry_to);

-- What follows: identities over time, end to end, as known over time.
CREATE TABLE person_version (
	person     CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' open
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	content    INT8 NOT NULL,  -- person_identity.entry
	PRIMARY KEY (person, valid_from, entry_from)
);
CREATE INDEX person_version_content ON person_version (content);

CREATE TABLE person_post (
	post       CTEXT NOT NULL,
	person     CTEXT NOT NULL,
	org        CTEXT NOT NULL,
	title      CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL,
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	PRIMARY KEY (post, entry_from)
);
CREATE INDEX person_post_person ON person_post (person, entry_to);
CREATE INDEX person_post_org ON person_post (org, entry_to);

-- +goose Down
DROP TABLE person_post;
DROP TABLE person_version;
DROP TABLE person_statement;
DROP TABLE person_person;
DROP TABLE person_identity;
