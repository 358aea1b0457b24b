-- +goose Up
-- Changes by years of birth and of admission were kept and never asked for.
DELETE FROM person_tally WHERE grp IN ('born-year', 'since-year');

-- +goose Down
SELECT 1;
