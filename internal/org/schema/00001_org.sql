-- +goose Up
-- What was said: one row a wording of a statement. fact is the entry that
-- first said it; a correction closes the row (entry_to) and adds another.
CREATE TABLE org_statement (
	entry_from INT8 NOT NULL PRIMARY KEY, -- one statement an entry
	entry_to   INT8 NOT NULL,             -- -1: stands
	fact       INT8 NOT NULL,
	org        CTEXT NOT NULL,
	what       CTEXT NOT NULL,            -- founded, renamed, moved, dissolved
	valid_from CTEXT NOT NULL,
	name       CTEXT NOT NULL,
	kind       CTEXT NOT NULL,
	parent     CTEXT NOT NULL,
	successors CTEXT NOT NULL,            -- JSON list of ids
	decision   CTEXT NOT NULL,            -- JSON
	withdrawn  INT8 NOT NULL
);
CREATE INDEX org_statement_org ON org_statement (org, entry_to);

-- What follows: the unit over time, as known over time. Between its founding
-- and its dissolution the versions of a unit lie end to end.
CREATE TABLE org_unit (
	org        CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL,            -- '' open; the day itself no longer belongs
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,             -- -1: known now
	name       CTEXT NOT NULL,
	folded     CTEXT NOT NULL,            -- vn.Fold(name), for search
	sort_key   CTEXT NOT NULL,            -- order among siblings: kind, then name
	kind       CTEXT NOT NULL,
	parent     CTEXT NOT NULL,            -- '' for a root
	PRIMARY KEY (org, valid_from, entry_from)
);
CREATE INDEX org_unit_parent ON org_unit (parent, entry_to);

-- +goose Down
DROP TABLE org_unit;
DROP TABLE org_statement;
