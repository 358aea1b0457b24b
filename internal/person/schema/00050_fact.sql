-- +goose Up
-- What was said in the blocks of personal facts, one row a wording.
CREATE TABLE person_fact_said (
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL, -- -1: stands
	fact       INT8 NOT NULL,
	person     CTEXT NOT NULL,
	block      CTEXT NOT NULL,
	item       CTEXT NOT NULL, -- fact/… in a block of many, the block's key otherwise
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' without an end of its own
	ended      INT8 NOT NULL,  -- says only that it no longer holds
	withdrawn  INT8 NOT NULL,
	content    INT8 NOT NULL   -- person_fact_value.entry
);
CREATE INDEX person_fact_said_person ON person_fact_said (person, block, entry_to);

-- Personal content, one row a wording; erasing blanks it.
CREATE TABLE person_fact_value (
	entry   INT8 NOT NULL PRIMARY KEY,
	present INT8 NOT NULL,
	content CTEXT NOT NULL -- JSON, '' when absent
);

-- What follows: each item over time, as known over time.
CREATE TABLE person_fact (
	person     CTEXT NOT NULL,
	block      CTEXT NOT NULL,
	item       CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' open
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	content    INT8 NOT NULL,
	PRIMARY KEY (person, block, item, valid_from, entry_from)
);

-- The counted fields of the same, made for filters and counts by value; value
-- is '' when not given or erased.
CREATE TABLE person_attr (
	field      CTEXT NOT NULL, -- theory.level
	person     CTEXT NOT NULL,
	item       CTEXT NOT NULL,
	value      CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL,
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	content    INT8 NOT NULL,
	PRIMARY KEY (field, person, item, valid_from, entry_from)
);
CREATE INDEX person_attr_content ON person_attr (content);

-- +goose Down
DROP TABLE person_attr;
DROP TABLE person_fact;
DROP TABLE person_fact_value;
DROP TABLE person_fact_said;
