-- +goose Up
-- How many of the whole record come to each birth and each day of admission
-- once all changes have passed: a count on a day of a very large record takes
-- away what comes after.
INSERT INTO person_tally (grp, unit, value, on_day, n)
	SELECT grp || '=', '', value, '~', SUM(n) FROM person_tally WHERE unit = '' AND grp IN ('born', 'since') GROUP BY grp, value HAVING SUM(n) <> 0;

-- +goose Down
DELETE FROM person_tally WHERE grp IN ('born=', 'since=');
