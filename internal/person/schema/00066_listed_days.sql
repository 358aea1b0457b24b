-- +goose Up
-- A search by name counts and orders from the index alone: it must know which
-- days a row is of. Posts are looked for by title.
DROP INDEX person_listed_name;
CREATE INDEX person_listed_name ON person_listed (sort_key, folded, person, valid_from, valid_to);
CREATE INDEX person_post_title ON person_post (title, person, entry_to, valid_from, valid_to);

-- +goose Down
DROP INDEX person_post_title;
DROP INDEX person_listed_name;
CREATE INDEX person_listed_name ON person_listed (sort_key, folded, person);
