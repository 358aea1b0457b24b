-- +goose Up
-- What each file lacks, counted as its papers and marks change, so that a list
-- of a province is paged and summed without reading every paper. A row a file;
-- drawn from the other tables alone (gap_count.go does the same for one file).
CREATE TABLE dossier_gap (
	person    CTEXT NOT NULL PRIMARY KEY,
	file_lost INT8 NOT NULL, -- 1: the file as a whole
	papers    INT8 NOT NULL, -- in the file, every version
	missing   INT8 NOT NULL,
	lost      INT8 NOT NULL,
	to_supply INT8 NOT NULL, -- kinds to be brought of which no paper is there
	no_scan   INT8 NOT NULL, -- papers without a scan, register-only ones left out
	lacks     INT8 NOT NULL  -- 1: anything beside scans
);
CREATE INDEX dossier_gap_lacks ON dossier_gap (lacks, person);
CREATE INDEX dossier_gap_missing ON dossier_gap (missing, person) WHERE missing > 0;
CREATE INDEX dossier_gap_lost ON dossier_gap (lost, person) WHERE lost > 0;
CREATE INDEX dossier_gap_file_lost ON dossier_gap (person) WHERE file_lost > 0;
CREATE INDEX dossier_gap_supply ON dossier_gap (to_supply, person) WHERE to_supply > 0;
CREATE INDEX dossier_gap_no_scan ON dossier_gap (no_scan, person) WHERE no_scan > 0;

INSERT INTO dossier_gap (person, file_lost, papers, missing, lost, to_supply, no_scan, lacks)
SELECT c.person, c.file_lost, c.papers, c.missing, c.lost, c.to_supply, c.no_scan, CASE WHEN c.file_lost + c.missing + c.lost + c.to_supply > 0 THEN 1 ELSE 0 END
FROM (SELECT f.person, CASE WHEN f.state = 'lost' THEN 1 ELSE 0 END AS file_lost,
	COALESCE(d.papers, 0) AS papers, COALESCE(d.missing, 0) AS missing, COALESCE(d.lost, 0) AS lost, COALESCE(d.no_scan, 0) AS no_scan,
	(SELECT COUNT(*) FROM dossier_mark m WHERE m.person = f.person AND m.state = 'to-supply'
		AND NOT EXISTS (SELECT 1 FROM dossier_mark n WHERE n.person = m.person AND n.kind = m.kind AND (n.entry > m.entry OR n.entry = m.entry AND n.n > m.n))
		AND NOT EXISTS (SELECT 1 FROM dossier_doc k JOIN dossier_content p ON p.entry = k.content AND p.block = 'paper'
			WHERE k.person = m.person AND k.entry_to = -1 AND k.state IN ('kept', 'restored')
			AND (p.content LIKE '%"kind":' || m.kind || ',%' OR p.content LIKE '%"kind":' || m.kind || '}%'))) AS to_supply
	FROM dossier_file f
	LEFT JOIN (SELECT e.person, COUNT(*) AS papers, SUM(CASE WHEN e.state = 'missing' THEN 1 ELSE 0 END) AS missing, SUM(CASE WHEN e.state = 'lost' THEN 1 ELSE 0 END) AS lost,
		SUM(CASE WHEN e.state IN ('kept', 'restored') AND e.class <> 'register-only' AND NOT EXISTS (SELECT 1 FROM dossier_scan s WHERE s.entry = e.content) THEN 1 ELSE 0 END) AS no_scan
		FROM dossier_doc e WHERE e.entry_to = -1 AND e.state <> 'withdrawn' GROUP BY e.person) d ON d.person = f.person) c;

-- +goose Down
DROP TABLE dossier_gap;
