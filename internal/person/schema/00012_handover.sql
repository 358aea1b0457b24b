-- +goose Up
-- Collective handovers: one decision, its list, what the other side received,
-- and who has signed.
CREATE TABLE person_handover (
	handover CTEXT NOT NULL PRIMARY KEY,
	source   CTEXT NOT NULL,
	target   CTEXT NOT NULL,
	on_day   CTEXT NOT NULL,
	list     CTEXT NOT NULL, -- JSON: what is handed over
	receipt  CTEXT NOT NULL, -- JSON: what was received, '' before
	opened   INT8 NOT NULL,  -- entries; -1 not yet
	accepted INT8 NOT NULL,
	signed_source INT8 NOT NULL,
	signed_target INT8 NOT NULL
);
CREATE INDEX person_handover_source ON person_handover (source);
CREATE INDEX person_handover_target ON person_handover (target);

-- +goose Down
DROP TABLE person_handover;
