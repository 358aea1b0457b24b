package dossier

import (
	"context"
	"encoding/json"
	"slices"

	"minhbach/internal/store"
)

// Gap counts what the file of one person lacks.
type Gap struct {
	Person   string
	Home     string // organisation whose register the person is in
	Opened   bool   // false: no file at all
	FileLost bool
	Papers   int // in the file, every version
	Missing  int
	Lost     int
	ToSupply int // kinds that must be brought and of which no paper is there
	NoScan   int // papers without a scan, register-only ones left out
}

// Any says whether anything is lacking beside scans.
func (g Gap) Any() bool { return !g.Opened || g.FileLost || g.Missing+g.Lost+g.ToSupply > 0 }

// Gaps counts, for everybody on record in one of the homes, what the file
// lacks; every home when none is given.
func Gaps(ctx context.Context, tx *store.Tx, homes []string) ([]Gap, error) {
	var out []Gap
	asked := make(map[string]bool, len(homes))
	for _, h := range homes {
		asked[h] = true
	}
	err := each(ctx, tx, `SELECT p.person, p.home, COALESCE(f.state, '') FROM person_person p LEFT JOIN dossier_file f ON f.person = p.person ORDER BY p.person`, func(scan func(...any) error) error {
		var g Gap
		var state State
		if err := scan(&g.Person, &g.Home, &state); err != nil {
			return err
		}
		if len(homes) > 0 && !asked[g.Home] {
			return nil
		}
		g.Opened, g.FileLost = state != "", state == Lost
		out = append(out, g)
		return nil
	})
	if err != nil {
		return nil, err
	}
	at := 0
	err = each(ctx, tx, `SELECT d.person, COUNT(*), SUM(CASE WHEN d.state = 'missing' THEN 1 ELSE 0 END), SUM(CASE WHEN d.state = 'lost' THEN 1 ELSE 0 END),
		SUM(CASE WHEN d.state IN ('kept', 'restored') AND d.class <> 'register-only' AND NOT EXISTS (SELECT 1 FROM dossier_scan s WHERE s.entry = d.content) THEN 1 ELSE 0 END)
		FROM dossier_doc d WHERE d.entry_to = -1 AND d.state <> 'withdrawn' GROUP BY d.person ORDER BY d.person`, func(scan func(...any) error) error {
		var p string
		var g Gap
		if err := scan(&p, &g.Papers, &g.Missing, &g.Lost, &g.NoScan); err != nil {
			return err
		}
		for at < len(out) && out[at].Person < p { // both in the order of ids
			at++
		}
		if at < len(out) && out[at].Person == p {
			o := &out[at]
			o.Papers, o.Missing, o.Lost, o.NoScan = g.Papers, g.Missing, g.Lost, g.NoScan
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// Kinds to be supplied: the last mark of the kind says so and no paper of it
	// has come since.
	last := map[string]map[int]Mark{}
	err = each(ctx, tx, `SELECT person, kind, state FROM dossier_mark ORDER BY entry, n`, func(scan func(...any) error) error {
		var p string
		var k int
		var m Mark
		if err := scan(&p, &k, &m); err != nil {
			return err
		}
		if last[p] == nil {
			last[p] = map[int]Mark{}
		}
		last[p][k] = m
		return nil
	})
	if err != nil {
		return nil, err
	}
	have, err := keptKinds(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if marks := last[out[i].Person]; marks != nil {
			out[i].ToSupply = len(toSupply(marks, have[out[i].Person]))
		}
	}
	return out, nil
}

// keptKinds are the kinds of papers in the files of everybody of whom some kind
// was ever marked to be supplied, read at once.
func keptKinds(ctx context.Context, tx *store.Tx) (map[string]map[int]bool, error) {
	out := map[string]map[int]bool{}
	err := each(ctx, tx, `SELECT d.person, p.content FROM dossier_doc d JOIN dossier_content p ON p.entry = d.content AND p.block = 'paper' AND p.content <> ''
		WHERE d.entry_to = -1 AND d.state IN ('kept', 'restored') AND d.person IN (SELECT person FROM dossier_mark WHERE state = 'to-supply')`, func(scan func(...any) error) error {
		var who, content string
		if err := scan(&who, &content); err != nil {
			return err
		}
		var p struct {
			Kind int `json:"kind"`
		}
		if err := json.Unmarshal([]byte(content), &p); err != nil {
			return err
		}
		if out[who] == nil {
			out[who] = map[int]bool{}
		}
		out[who][p.Kind] = true
		return nil
	})
	return out, err
}

// toSupply are the kinds marked to be supplied of which nothing is there.
func toSupply(marks map[int]Mark, have map[int]bool) []int {
	var out []int
	for k, m := range marks {
		if m == ToSupply && !have[k] {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// Counts sums gaps for a heading.
func Counts(gs []Gap) (opened, complete int) {
	for _, g := range gs {
		if g.Opened {
			opened++
		}
		if !g.Any() {
			complete++
		}
	}
	return opened, complete
}
