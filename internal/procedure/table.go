package procedure

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// The dated tables the office keeps.
const (
	PostClasses   = "post-classes"     // which post is of which class of the pairs of relatives
	Managing      = "managing"         // managing level of a post: who decides, appraises, signs
	Participation = "participation"    // who is summoned to which meeting for a post
	MinutesLimit  = "minutes-limit"    // how many working days the full minutes of a meeting may follow it
	maxTableRows  = 2000               // of one table
	tableSubject  = "procedure-table/" // ledger subject of a table
)

// TableRow is one row of an office's table. Org names one body, or Kind all
// bodies of a kind; Title is a code of the table of titles, "" for all.
type TableRow struct {
	Org   string   `json:"organisation,omitzero"`
	Kind  org.Kind `json:"kind,omitzero"`
	Title string   `json:"title,omitzero"`
	// PostClasses
	Classes []string `json:"classes,omitempty"`
	// Managing
	Level     string `json:"level,omitzero"` // diện quản lý, in words
	Procedure string `json:"procedure,omitzero"`
	Decides   string `json:"decides,omitzero"`   // body that decides, in words
	Appraises string `json:"appraises,omitzero"` // body that appraises, in words
	Signs     string `json:"signs,omitzero"`     // who signs, in words
	// Participation
	Body    string     `json:"body,omitzero"` // of the meeting
	Summons rule.Words `json:"summons,omitzero"`
	// MinutesLimit, with Body
	Days int64 `json:"days,omitzero"` // working days
}

// SetTable lays down one of the office's tables from a day on, whole.
type SetTable struct {
	Table    string
	From     vn.Date
	Rows     []TableRow
	Decision org.Decision
}

type tableBody struct {
	Table    string       `json:"table"`
	From     vn.Date      `json:"from"`
	Rows     []TableRow   `json:"rows"`
	Decision org.Decision `json:"decision,omitzero"`
}

// Name is the act's name.
func (a SetTable) Name() string { return "procedure.set-table" }

// Subject is the table.
func (a SetTable) Subject() string { return tableSubject + a.Table }

// Need asks for the right over the whole province.
func (a SetTable) Need() desk.Need { return desk.Need{Right: desk.RunProcedure} }

// Decide refuses unknown tables, titles and classes.
func (a SetTable) Decide(_ context.Context, s *desk.Scene) ([]desk.Draft, error) {
	switch {
	case !slices.Contains([]string{PostClasses, Managing, Participation, MinutesLimit}, a.Table):
		return nil, desk.Wrong("table", "Không có bảng này.", "There is no such table.")
	case a.From.IsZero():
		return nil, desk.Wrong("from", "Cần ngày bảng có hiệu lực.", "The day from which the table holds is needed.")
	case len(a.Rows) == 0 || len(a.Rows) > maxTableRows:
		return nil, desk.Wrong("rows", "Bảng phải có từ 1 đến 2.000 dòng.", "A table has 1 to 2,000 rows.")
	}
	for _, r := range a.Rows {
		if _, ok := person.TitleOf(r.Title); r.Title != "" && !ok {
			return nil, desk.Wrong("rows", "Không có chức danh “"+r.Title+"” trong danh mục.", "There is no title “"+r.Title+"” in the list.")
		}
		if a.Table == MinutesLimit && (r.Days < 1 || r.Days > 1000) {
			return nil, desk.Wrong("rows", "Số ngày làm việc phải từ 1 đến 1.000.", "1 to 1,000 working days.")
		}
		for _, c := range r.Classes {
			if !slices.Contains(rule.PostClasses, c) {
				return nil, desk.Wrong("rows", "Không có nhóm chức vụ “"+c+"”.", "There is no class of posts “"+c+"”.")
			}
		}
	}
	return []desk.Draft{{Kind: kind("table-set"), Subjects: []string{a.Subject()}, Body: tableBody{a.Table, a.From, a.Rows, a.Decision}}}, nil
}

func applyTable(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b tableBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	var rows [][]any
	for i, x := range b.Rows {
		raw, err := json.Marshal(x)
		if err != nil {
			return err
		}
		rows = append(rows, []any{r.Index, int64(i), b.Table, b.From.String(), string(raw)})
	}
	return tx.Insert(ctx, "procedure_table", []string{"entry", "place", "name", "valid_from", "row"}, rows)
}

// Table is the table in force on a day, with the entry that set it (-1: none).
func Table(ctx context.Context, tx *store.Tx, name string, on vn.Date) ([]TableRow, int64, error) {
	entry := int64(-1)
	rows, err := tx.Query(ctx, `SELECT entry, row FROM procedure_table WHERE name = $1 AND valid_from <= $2 ORDER BY valid_from DESC, entry DESC, place`, name, on.String())
	if err != nil {
		return nil, -1, err
	}
	defer rows.Close()
	var out []TableRow
	for rows.Next() {
		var at int64
		var raw string
		if err := rows.Scan(&at, &raw); err != nil {
			return nil, -1, err
		}
		if entry >= 0 && at != entry {
			continue // an older table
		}
		entry = at
		var r TableRow
		if err := json.Unmarshal([]byte(raw), &r); err != nil {
			return nil, -1, err
		}
		out = append(out, r)
	}
	return out, entry, rows.Err()
}

// fits says that a row speaks of a post.
func (r TableRow) fits(orgID string, k org.Kind, title string) bool {
	return (r.Org == "" || r.Org == orgID) && (r.Kind == "" || r.Kind == k) && (r.Title == "" || r.Title == title)
}

// PostRow is the row of the table of managing levels that speaks of a post on a
// day, the one naming the body itself before one naming its kind.
func PostRow(ctx context.Context, tx *store.Tx, orgID, title string, on vn.Date) (TableRow, bool, error) {
	return rowOf(ctx, tx, Managing, orgID, title, "", on)
}

// MeetingRow is the row of a table that speaks of a kind of meeting for a post
// on a day: who is summoned (Participation), how long the full minutes may take
// (MinutesLimit).
func MeetingRow(ctx context.Context, tx *store.Tx, table, orgID, title, body string, on vn.Date) (TableRow, bool, error) {
	return rowOf(ctx, tx, table, orgID, title, body, on)
}

// rowOf is the row of a table that fits best: what it names most narrowly.
func rowOf(ctx context.Context, tx *store.Tx, table, orgID, title, body string, on vn.Date) (TableRow, bool, error) {
	rows, _, err := Table(ctx, tx, table, on)
	if err != nil || len(rows) == 0 {
		return TableRow{}, false, err
	}
	u, _, err := org.Get(ctx, tx, orgID, org.Now(on))
	if err != nil {
		return TableRow{}, false, err
	}
	r, ok := newPicker(rows).pick(orgID, u.Kind, title, body)
	return r, ok, nil
}

// holding is a post as the pairs of relatives see it: its classes by the
// office's table, its committee, its level and locality by the tree of the day.
func holding(ctx context.Context, tx *store.Tx, personID, orgID, title string, from, to vn.Date) (Holding, error) {
	h := Holding{Person: personID, Org: orgID, From: from, To: to}
	u, ok, err := org.Get(ctx, tx, orgID, org.Now(from))
	if err != nil || !ok {
		return h, err
	}
	rows, _, err := Table(ctx, tx, PostClasses, from)
	if err != nil {
		return h, err
	}
	for _, r := range rows {
		if r.fits(orgID, u.Kind, title) {
			h.Classes = append(h.Classes, r.Classes...)
		}
	}
	// The body an organ serves: a commission stands under its committee, and the
	// State bodies of a locality beside it under the same parent.
	h.Committee, h.Locality, h.Level = orgID, orgID, string(u.Kind)
	if !committee(u.Kind) {
		h.Committee, h.Locality = u.Parent, u.Parent
	}
	if p, ok, err := org.Get(ctx, tx, h.Locality, org.Now(from)); err != nil {
		return h, err
	} else if ok {
		h.Level = string(p.Kind)
	}
	return h, nil
}

func committee(k org.Kind) bool {
	return slices.Contains([]org.Kind{org.ProvinceCommittee, org.DistrictCommittee, org.Grassroots, org.PartyBody, org.Cell}, k)
}

// clashes finds the pairs of relatives a post would bring about.
func clashes(ctx context.Context, tx *store.Tx, lib *rule.Library, mine Holding) ([]Clash, error) {
	ties, err := person.Kin(ctx, tx, mine.Person)
	if err != nil {
		return nil, err
	}
	var others []Holding
	for _, t := range ties {
		posts, err := person.AllPosts(ctx, tx, t.Other, -1)
		if err != nil {
			return nil, err
		}
		for _, p := range posts {
			h, err := holding(ctx, tx, t.Other, p.Org, p.Title, p.From, p.To)
			if err != nil {
				return nil, err
			}
			others = append(others, h)
		}
	}
	return Clashes(lib, mine, ties, others), nil
}

// Relatives says what taking the post of a case would bring about for a
// person: the pairs of relatives the regulation of the day keeps apart.
func Relatives(ctx context.Context, tx *store.Tx, lib *rule.Library, s *State, personID string, on vn.Date) ([]Clash, error) {
	mine, err := holding(ctx, tx, personID, s.Org, s.Title, on, vn.Date{})
	if err != nil {
		return nil, err
	}
	return clashes(ctx, tx, lib, mine)
}

// trimmed is words of a form without space around them.
func trimmed(s string) string { return strings.TrimSpace(s) }
