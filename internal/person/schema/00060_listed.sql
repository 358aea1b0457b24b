-- +goose Up
-- What lists, filters and counts ask, as known now: each person over valid
-- time, cut wherever the identity or the official place changes. Follows from
-- person_version, person_identity and person_member; personal columns are ''
-- when the identity is withheld or erased.
CREATE TABLE person_listed (
	person     CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' open
	home       CTEXT NOT NULL, -- organisation that keeps the file
	under      CTEXT NOT NULL, -- official place of a member, home of others
	standing   CTEXT NOT NULL, -- '' no member, probationary, official
	state      CTEXT NOT NULL, -- of a member: active, exempt, suspended
	since      CTEXT NOT NULL, -- day from which Party age counts, '' none
	gender     CTEXT NOT NULL,
	ethnicity  CTEXT NOT NULL, -- folded
	born_first CTEXT NOT NULL, -- earliest day the birth can mean, '' not recorded
	born_last  CTEXT NOT NULL,
	sort_key   CTEXT NOT NULL,
	folded     CTEXT NOT NULL,
	content    INT8 NOT NULL,  -- person_identity.entry
	PRIMARY KEY (person, valid_from)
);
CREATE INDEX person_listed_name ON person_listed (sort_key, folded, person);
CREATE INDEX person_listed_under ON person_listed (under, sort_key, person);

-- The words of the names that person_listed holds, for search by prefixes.
CREATE TABLE person_word (
	word     CTEXT NOT NULL,
	sort_key CTEXT NOT NULL,
	folded   CTEXT NOT NULL,
	PRIMARY KEY (word, sort_key, folded)
) CLUSTERED;

-- Signed changes of the number of members, as known now: a count on a day is
-- the sum of what came until then. unit '' is the whole record.
CREATE TABLE person_tally (
	grp    CTEXT NOT NULL, -- standing, gender, born, since …
	unit   CTEXT NOT NULL,
	value  CTEXT NOT NULL, -- '' not recorded
	on_day CTEXT NOT NULL,
	n      INT8 NOT NULL,
	PRIMARY KEY (grp, unit, value, on_day)
) CLUSTERED;
CREATE INDEX person_tally_zero ON person_tally (n) WHERE n = 0;

-- +goose Down
DROP TABLE person_tally;
DROP TABLE person_word;
DROP TABLE person_listed;
