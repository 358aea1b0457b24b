-- +goose Up
-- Family ties, from either side; tie is personal content, '' when erased.
CREATE TABLE person_kin (
	id         CTEXT NOT NULL,
	person     CTEXT NOT NULL,
	other      CTEXT NOT NULL,
	tie        CTEXT NOT NULL,
	decision   CTEXT NOT NULL, -- JSON
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL
);
CREATE INDEX person_kin_person ON person_kin (person, entry_to);
CREATE INDEX person_kin_other ON person_kin (other, entry_to);

-- Cases that lock a person's identity facts.
CREATE TABLE person_lock (
	person     CTEXT NOT NULL,
	case_id    CTEXT NOT NULL,
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	PRIMARY KEY (person, case_id, entry_from)
);

-- +goose Down
DROP TABLE person_lock;
DROP TABLE person_kin;
