-- +goose Up
-- Searches kept under a name, and the columns chosen for the list; outside the
-- ledger. One taken away can be brought back until it is forgotten.
CREATE TABLE op_person_search (
	id     CTEXT NOT NULL PRIMARY KEY,
	actor  CTEXT NOT NULL,
	name   CTEXT NOT NULL,
	query  CTEXT NOT NULL, -- the list's address, without the page
	shared INT8 NOT NULL,
	gone   CTEXT NOT NULL  -- when it was taken away, '' stands
);
CREATE INDEX op_person_search_actor ON op_person_search (actor, shared);
CREATE TABLE op_person_columns (
	actor   CTEXT NOT NULL PRIMARY KEY,
	columns CTEXT NOT NULL -- ids parted by spaces
);

-- +goose Down
DROP TABLE op_person_columns;
DROP TABLE op_person_search;
