-- +goose Up
-- Steps of Party membership, one row a wording.
CREATE TABLE person_step (
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL,  -- -1: stands
	fact       INT8 NOT NULL,
	person     CTEXT NOT NULL,
	step       CTEXT NOT NULL, -- admitted, sworn, recognised, transfer-sent …
	org        CTEXT NOT NULL, -- where it was said
	other      CTEXT NOT NULL, -- the other end of a transfer
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' when it has no end of its own
	sworn      CTEXT NOT NULL, -- transcribed: the days that paper gives
	recognised CTEXT NOT NULL,
	admitted   CTEXT NOT NULL,
	years      INT8 NOT NULL,  -- badge
	kind       CTEXT NOT NULL, -- of staff
	votes_for  INT8 NOT NULL,  -- -1 not recorded
	votes_of   INT8 NOT NULL,
	decision   CTEXT NOT NULL, -- JSON
	withdrawn  INT8 NOT NULL
);
CREATE INDEX person_step_person ON person_step (person, entry_to);
CREATE INDEX person_step_kind ON person_step (step, entry_to);

-- What follows: where a member belongs, in which standing, as known over time.
CREATE TABLE person_member (
	person     CTEXT NOT NULL,
	rel        CTEXT NOT NULL, -- official, temporary, residence, staff, borrowed
	org        CTEXT NOT NULL,
	standing   CTEXT NOT NULL, -- probationary, official; the kind of staff
	state      CTEXT NOT NULL, -- active, exempt, suspended
	since      CTEXT NOT NULL, -- day from which Party age counts, '' while probationary
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL,
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	PRIMARY KEY (person, rel, org, valid_from, entry_from)
);
CREATE INDEX person_member_org ON person_member (org, entry_to);
CREATE INDEX person_member_all ON person_member (rel, entry_to, org);

-- +goose Down
DROP TABLE person_member;
DROP TABLE person_step;
