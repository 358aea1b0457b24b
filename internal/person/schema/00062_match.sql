-- +goose Up
-- Lists of another system handed in to be held against the record, and what
-- people decided about doubtful matches. Outside the ledger; nothing of it is
-- recorded.
CREATE TABLE op_person_match (
	id      CTEXT NOT NULL PRIMARY KEY,
	actor   CTEXT NOT NULL,
	root    CTEXT NOT NULL, -- whose people it is held against
	on_day  CTEXT NOT NULL,
	name    CTEXT NOT NULL,
	at      CTEXT NOT NULL,
	content BYTES NOT NULL,
	decided CTEXT NOT NULL  -- JSON: line → person, "none"
);

-- +goose Down
DROP TABLE op_person_match;
