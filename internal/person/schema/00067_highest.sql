-- +goose Up
-- A person counts once in a table of levels, by the highest of the day: what
-- an older release summed degree by degree is drawn anew when the desk opens.
DELETE FROM person_tally WHERE grp IN ('general.level', 'degree.level', 'academic.title', 'theory.level', 'state-management.level');

-- +goose Down
SELECT 1;
