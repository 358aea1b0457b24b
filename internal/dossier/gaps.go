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

// gapColumns are the columns of a Gap of a person p whose row of dossier_gap, if
// there is one, is g.
const gapColumns = `p.person, p.home, CASE WHEN g.person IS NULL THEN 0 ELSE 1 END, COALESCE(g.file_lost, 0), COALESCE(g.papers, 0), COALESCE(g.missing, 0), COALESCE(g.lost, 0), COALESCE(g.to_supply, 0), COALESCE(g.no_scan, 0)`

func scanGap(scan func(...any) error) (g Gap, err error) {
	var opened, lost int64
	err = scan(&g.Person, &g.Home, &opened, &lost, &g.Papers, &g.Missing, &g.Lost, &g.ToSupply, &g.NoScan)
	g.Opened, g.FileLost = opened != 0, lost != 0
	return g, err
}

// Gaps counts, for everybody on record in one of the homes, what the file
// lacks; every home when none is given. They come in the order of ids; a page
// of a list is for FindGaps.
func Gaps(ctx context.Context, tx *store.Tx, homes []string) ([]Gap, error) {
	var out []Gap
	asked := make(map[string]bool, len(homes))
	for _, h := range homes {
		asked[h] = true
	}
	err := each(ctx, tx, `SELECT `+gapColumns+` FROM person_person p LEFT JOIN dossier_gap g ON g.person = p.person ORDER BY p.person`, func(scan func(...any) error) error {
		g, err := scanGap(scan)
		if err == nil && (len(homes) == 0 || asked[g.Home]) {
			out = append(out, g)
		}
		return err
	})
	return out, err
}

// keptKinds are the kinds of papers in a person's file.
func keptKinds(ctx context.Context, tx *store.Tx, who string) (map[int]bool, error) {
	papers, err := tx.Strings(ctx, `SELECT p.content FROM dossier_doc d JOIN dossier_content p ON p.entry = d.content AND p.block = 'paper' AND p.content <> ''
		WHERE d.person = $1 AND d.entry_to = -1 AND d.state IN ('kept', 'restored')`, who)
	out := map[int]bool{}
	for _, content := range papers {
		var p struct {
			Kind int `json:"kind"`
		}
		if err := json.Unmarshal([]byte(content), &p); err != nil {
			return nil, err
		}
		out[p.Kind] = true
	}
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
