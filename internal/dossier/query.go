package dossier

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// GetFile is the file of a person; false when none was opened.
func GetFile(ctx context.Context, tx *store.Tx, person string) (File, bool, error) {
	rows, err := tx.Query(ctx, `SELECT f.class, f.state, f.opened, COALESCE(c.content, '') FROM dossier_file f
		LEFT JOIN dossier_content c ON c.entry = f.said AND c.block = 'state' WHERE f.person = $1`, person)
	if err != nil {
		return File{}, false, err
	}
	defer rows.Close()
	for rows.Next() {
		f := File{Person: person}
		var said string
		if err := rows.Scan(&f.Class, &f.State, &f.Opened, &said); err != nil {
			return f, false, err
		}
		f.Said, err = groundsOf(said)
		return f, true, err
	}
	return File{}, false, rows.Err()
}

func groundsOf(content string) (*Grounds, error) {
	if content == "" {
		return nil, nil
	}
	var g Grounds
	return &g, json.Unmarshal([]byte(content), &g)
}

// lay orders holders by their first day and gives each the day the next one
// followed.
func lay(cs []Custody) {
	slices.SortStableFunc(cs, func(a, b Custody) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return cmp.Compare(a.Fact, b.Fact)
	})
	next := vn.Date{}
	for i := len(cs) - 1; i >= 0; i-- {
		cs[i].To = vn.Date{}
		if !cs[i].Withdrawn {
			cs[i].To, next = next, cs[i].From
		}
	}
}

// CustodyOf lists who held the file, first holder first, as known at an entry
// (below 0: now); withdrawn ones are left out.
func CustodyOf(ctx context.Context, tx *store.Tx, person string, known int64) ([]Custody, error) {
	cs, err := custody(ctx, tx, `WHERE person = $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0`, person, org.At{Known: known}.KnownIndex())
	lay(cs)
	return cs, err
}

// CustodyHistory is all that was said about holders, in the order of saying.
func CustodyHistory(ctx context.Context, tx *store.Tx, person string) ([]Custody, error) {
	cs, err := custody(ctx, tx, `WHERE person = $1`, person)
	slices.SortFunc(cs, func(a, b Custody) int { return cmp.Compare(a.Entry, b.Entry) })
	return cs, err
}

// Holder is who holds the file on a day; false when nobody does.
func Holder(ctx context.Context, tx *store.Tx, person string, at org.At) (Custody, bool, error) {
	cs, err := CustodyOf(ctx, tx, person, at.Known)
	if err != nil {
		return Custody{}, false, err
	}
	for _, c := range cs {
		if !at.On.Before(c.From) && (c.To.IsZero() || at.On.Before(c.To)) {
			return c, true, nil
		}
	}
	return Custody{}, false, nil
}

// Holders is who holds each file on a day, by person.
func Holders(ctx context.Context, tx *store.Tx, at org.At) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT person, org FROM dossier_custody WHERE valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0
		ORDER BY person, valid_from, fact`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var p, o string
		if err := rows.Scan(&p, &o); err != nil {
			return nil, err
		}
		out[p] = o
	}
	return out, rows.Err()
}

func custody(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Custody, error) {
	rows, err := tx.Query(ctx, `SELECT k.entry_from, k.entry_to, k.fact, k.person, k.org, k.valid_from, k.decision, k.handover, k.withdrawn, COALESCE(c.content, '')
		FROM (SELECT * FROM dossier_custody `+where+`) k LEFT JOIN dossier_content c ON c.entry = k.entry_from AND c.block = 'hands'`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Custody
	for rows.Next() {
		var c Custody
		var from, decision, hands string
		var withdrawn int64
		if err := rows.Scan(&c.Entry, &c.EntryTo, &c.Fact, &c.Person, &c.Org, &from, &decision, &c.Handover, &withdrawn, &hands); err != nil {
			return nil, err
		}
		c.Withdrawn = withdrawn != 0
		var err error
		c.Hands, err = groundsOf(hands)
		if err := errors.Join(err, c.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(decision), &c.Decision)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Docs lists the papers of a file, every version, by kind, date and version, as
// known at an entry (below 0: now).
func Docs(ctx context.Context, tx *store.Tx, person string, known int64) ([]Doc, error) {
	ds, err := docs(ctx, tx, `WHERE person = $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2)`, person, org.At{Known: known}.KnownIndex())
	if err != nil {
		return nil, err
	}
	newest := map[string]int{}
	for _, d := range ds {
		if d.State != Withdrawn {
			newest[d.ID] = max(newest[d.ID], d.Version)
		}
	}
	for i := range ds {
		ds[i].Older = ds[i].Version < newest[ds[i].ID]
	}
	slices.SortFunc(ds, func(a, b Doc) int {
		return cmp.Or(cmp.Compare(a.sortKind(), b.sortKind()), a.day().Compare(b.day()), strings.Compare(a.ID, b.ID), b.Version-a.Version)
	})
	return ds, nil
}

func (d Doc) sortKind() int {
	if d.Paper == nil || d.Paper.Kind == 0 {
		return len(kinds) + 1
	}
	return d.Paper.Kind
}

func (d Doc) day() vn.Date {
	if d.Paper == nil {
		return vn.Date{}
	}
	return d.Paper.Date
}

// DocHistory is all that was said about a paper, in the order of saying.
func DocHistory(ctx context.Context, tx *store.Tx, person, doc string) ([]Doc, error) {
	ds, err := docs(ctx, tx, `WHERE person = $1 AND doc = $2`, person, doc)
	slices.SortFunc(ds, func(a, b Doc) int { return cmp.Compare(a.Entry, b.Entry) })
	return ds, err
}

func docs(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Doc, error) {
	rows, err := tx.Query(ctx, `SELECT d.entry_from, d.entry_to, d.person, d.doc, d.version, d.class, d.state, d.filed, d.content, COALESCE(p.content, ''), COALESCE(s.content, '')
		FROM (SELECT * FROM dossier_doc `+where+`) d LEFT JOIN dossier_content p ON p.entry = d.content AND p.block = 'paper'
		LEFT JOIN dossier_content s ON s.entry = d.said AND s.block = 'state'`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Doc
	for rows.Next() {
		var d Doc
		var filed, paper, said string
		if err := rows.Scan(&d.Entry, &d.EntryTo, &d.Person, &d.ID, &d.Version, &d.Class, &d.State, &filed, &d.Content, &paper, &said); err != nil {
			return nil, err
		}
		if paper != "" {
			d.Paper = &Paper{}
			if err := json.Unmarshal([]byte(paper), d.Paper); err != nil {
				return nil, err
			}
		}
		var err error
		d.Said, err = groundsOf(said)
		if err := errors.Join(err, d.Filed.UnmarshalText([]byte(filed))); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// MarksOf is what was last said of each kind of papers of a person, as known at
// an entry (below 0: now).
func MarksOf(ctx context.Context, tx *store.Tx, person string, known int64) (map[int]Mark, error) {
	rows, err := tx.Query(ctx, `SELECT kind, state FROM dossier_mark WHERE person = $1 AND entry <= $2 ORDER BY entry, n`, person, org.At{Known: known}.KnownIndex())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int]Mark{}
	for rows.Next() {
		var k int
		var m Mark
		if err := rows.Scan(&k, &m); err != nil {
			return nil, err
		}
		out[k] = m
	}
	return out, rows.Err()
}

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
	at := map[string]int{}
	err := each(ctx, tx, `SELECT p.person, p.home, COALESCE(f.state, '') FROM person_person p LEFT JOIN dossier_file f ON f.person = p.person ORDER BY p.person`, func(scan func(...any) error) error {
		var g Gap
		var state State
		if err := scan(&g.Person, &g.Home, &state); err != nil {
			return err
		}
		if len(homes) > 0 && !slices.Contains(homes, g.Home) {
			return nil
		}
		g.Opened, g.FileLost = state != "", state == Lost
		at[g.Person] = len(out)
		out = append(out, g)
		return nil
	})
	if err != nil {
		return nil, err
	}
	count := func(query string, to func(g *Gap, what string, n int)) error {
		return each(ctx, tx, query, func(scan func(...any) error) error {
			var p, what string
			var n int
			if err := scan(&p, &what, &n); err != nil {
				return err
			}
			if i, ok := at[p]; ok {
				to(&out[i], what, n)
			}
			return nil
		})
	}
	err = count(`SELECT person, state, COUNT(*) FROM dossier_doc WHERE entry_to = -1 AND state <> 'withdrawn' GROUP BY person, state`, func(g *Gap, state string, n int) {
		g.Papers += n
		switch State(state) {
		case Missing:
			g.Missing = n
		case Lost:
			g.Lost = n
		}
	})
	if err == nil {
		err = count(`SELECT d.person, '', COUNT(*) FROM dossier_doc d WHERE d.entry_to = -1 AND d.state IN ('kept', 'restored') AND d.class <> 'register-only'
			AND NOT EXISTS (SELECT 1 FROM dossier_scan s WHERE s.entry = d.content) GROUP BY d.person`, func(g *Gap, _ string, n int) { g.NoScan = n })
	}
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

func each(ctx context.Context, tx *store.Tx, query string, do func(scan func(...any) error) error) error {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
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

// FolderName is the name of a member's folder of scans:
// [M1].[M2].[M3].[M4].[M5]_[identity number]_[FullName]; what is not on record
// is named in missing.
func FolderName(code, identity, name string) (folder string, missing []string) {
	for _, p := range []struct{ part, what string }{{code, "code"}, {identity, "identity"}, {name, "name"}} {
		if strings.TrimSpace(p.part) == "" {
			missing = append(missing, p.what)
		}
	}
	return fmt.Sprintf("%s_%s_%s", strings.TrimSpace(code), strings.TrimSpace(identity), strings.ReplaceAll(plain(name), "_", "")), missing
}

// FileName is the name of a scan in the folder: [STT].[Ten_tai_lieu][.SoThuTu]
// with its ending; n counts from 1 where a paper has several scans, else 0.
func FileName(p Paper, n int, ext string) string {
	title := p.Title
	if title == "" {
		if k, ok := KindOf(p.Kind); ok {
			title = k.VI
		}
	}
	name := fmt.Sprintf("%02d.%s", p.Kind, cut(plain(title), 80))
	if n > 0 {
		name += fmt.Sprintf(".%d", n)
	}
	return name + ext
}

func cut(s string, most int) string {
	if len(s) > most {
		s = strings.TrimRight(s[:most], "_")
	}
	return s
}

// plain is text without marks, each word with a capital, parted by "_": fit for
// every file system and every old unpacker.
func plain(text string) string {
	var words []string
	for _, w := range strings.FieldsFunc(vn.Fold(text), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		words = append(words, strings.ToUpper(w[:1])+w[1:])
	}
	return strings.Join(words, "_")
}

// ReadName reads kind and title out of a file name of that scheme, "07.
// Quyet_dinh_cong_nhan.pdf"; false when it does not begin with a kind's number.
func ReadName(name string) (kind int, title string, ok bool) {
	head, rest, found := strings.Cut(name, ".")
	head = strings.TrimSpace(head)
	if !found || len(head) < 2 || len(head) > 3 {
		return 0, "", false
	}
	for _, r := range head {
		if r < '0' || r > '9' {
			return 0, "", false
		}
		kind = kind*10 + int(r-'0')
	}
	if _, known := KindOf(kind); !known || len(head) == 3 && kind < 100 {
		return 0, "", false
	}
	if at := strings.LastIndexByte(rest, '.'); at >= 0 {
		rest = rest[:at] // the ending
	}
	if at := strings.LastIndexByte(rest, '.'); at >= 0 && strings.Trim(rest[at+1:], "0123456789") == "" {
		rest = rest[:at] // the running number
	}
	return kind, strings.TrimSpace(strings.ReplaceAll(rest, "_", " ")), true
}
