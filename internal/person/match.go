package person

import (
	"context"
	"errors"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

// MatchNone is the decision that a line is nobody on record.
const MatchNone = "none"

// MatchCell is a cell in which a matched line and the record differ.
type MatchCell struct{ Column, Here, There string }

// MatchLine is one line of the other list.
type MatchLine struct {
	Line  int
	Cell  map[string]string // as read, by column
	Name  string
	Who   *Listed     // matched
	Cells []MatchCell // in which it differs
	May   []Listed    // doubtful: who it may be
	Why   rule.Words  // why it is doubtful, or cannot be read
	By    bool        // matched by a person's decision
}

// Match is a list of another system held against the people of a unit on a
// day: exactly who differs and how. Nothing is changed by it.
type Match struct {
	Here      int // people of the unit
	There     int // lines
	Same      []MatchLine
	Differ    []MatchLine
	Doubtful  []MatchLine
	OnlyThere []MatchLine
	Unread    []MatchLine
	OnlyHere  []Listed
}

// here is one person of the record with what a list may hold.
type here struct {
	Listed
	cell  map[string]string // by column, as people write it
	taken bool
}

// matcher holds both sides.
type matcher struct {
	columns map[string]int
	people  []*here
	byID    map[string]*here
	byName  map[string][]*here
	byBorn  map[string][]*here
	units   map[string][]string // unit id → ids and names it may be written as, folded
}

// RunMatch holds a list against whom a question finds (Under and Reader of
// find; the rest is left out). decided is what people said of doubtful lines:
// the person's id, or MatchNone.
func RunMatch(ctx context.Context, tx *store.Tx, find Find, t *table.Table, columns map[string]int, decided map[int]string) (*Match, error) {
	if _, ok := columns["name"]; !ok {
		return nil, desk.Wrong("cot-name", "Hãy chọn cột họ và tên.", "Choose the column of the name.")
	}
	m, err := newMatcher(ctx, tx, Find{On: find.On, Under: find.Under, Reader: find.Reader, Exact: true}, columns)
	if err != nil {
		return nil, err
	}
	out := &Match{Here: len(m.people)}
	var lines []*MatchLine
	for i, row := range t.Rows {
		if at := slices.IndexFunc(row, func(v string) bool { return v != "" }); at < 0 || strings.HasPrefix(row[at], StampMark) {
			continue
		}
		l := &MatchLine{Line: t.Lines[i], Cell: map[string]string{}}
		for c, at := range columns {
			if at >= 0 && at < len(row) {
				l.Cell[c] = strings.TrimSpace(row[at])
			}
		}
		l.Name = vn.NormalizeName(l.Cell["name"])
		lines = append(lines, l)
	}
	out.There = len(lines)
	m.match(lines, decided)
	for _, l := range lines {
		switch {
		case l.Who != nil:
			if l.Cells = m.differ(l); len(l.Cells) > 0 {
				out.Differ = append(out.Differ, *l)
			} else {
				out.Same = append(out.Same, *l)
			}
		case len(l.May) > 0:
			out.Doubtful = append(out.Doubtful, *l)
		case l.Why != (rule.Words{}):
			out.Unread = append(out.Unread, *l)
		default:
			out.OnlyThere = append(out.OnlyThere, *l)
		}
	}
	doubted := map[string]bool{}
	for _, l := range out.Doubtful {
		for _, p := range l.May {
			doubted[p.ID] = true
		}
	}
	for _, p := range m.people {
		if !p.taken && !doubted[p.ID] {
			out.OnlyHere = append(out.OnlyHere, p.Listed)
		}
	}
	return out, nil
}

func newMatcher(ctx context.Context, tx *store.Tx, find Find, columns map[string]int) (*matcher, error) {
	m := &matcher{columns: columns, byID: map[string]*here{}, byName: map[string][]*here{}, byBorn: map[string][]*here{}, units: map[string][]string{}}
	l, err := find.Run(ctx, tx)
	if err != nil {
		return nil, err
	}
	look := &lookup{homes: map[string]string{}, steps: map[string][]StepFact{}}
	ids := make([]string, len(l.Rows))
	for i, p := range l.Rows {
		ids[i] = p.ID
	}
	if err := look.persons(ctx, tx, ids); err != nil {
		return nil, err
	}
	for _, p := range l.Rows {
		if !p.Present {
			continue
		}
		h := &here{Listed: p, cell: identityCells(p.Identity)}
		h.cell["id"] = strings.TrimPrefix(p.ID, "person/")
		if p.Standing != "" {
			h.cell["cell"] = p.Under
			for c, d := range memberDays(look.steps[p.ID], p.Under, find.On) {
				h.cell[c] = d.Vietnamese()
			}
			if err := m.unit(ctx, tx, p.Under, find.On); err != nil {
				return nil, err
			}
		}
		m.people = append(m.people, h)
		m.byID[p.ID] = h
		k := vn.Fold(p.Identity.Name)
		m.byName[k] = append(m.byName[k], h)
		if p.Identity.Born.Full() {
			m.byBorn[h.cell["born"]] = append(m.byBorn[h.cell["born"]], h)
		}
	}
	return m, nil
}

func (m *matcher) unit(ctx context.Context, tx *store.Tx, id string, on vn.Date) error {
	if _, read := m.units[id]; read {
		return nil
	}
	u, _, err := org.Get(ctx, tx, id, org.Now(on))
	m.units[id] = []string{vn.Fold(id), vn.Fold(strings.TrimPrefix(id, "org/")), vn.Fold(u.Name), u.Name}
	return err
}

// match finds who each line is: first what people decided and what ids say,
// then name with birth and Party date; what is not plain is doubtful.
func (m *matcher) match(lines []*MatchLine, decided map[int]string) {
	take := func(l *MatchLine, h *here) { l.Who, h.taken = &h.Listed, true }
	var rest []*MatchLine
	for _, l := range lines {
		h := m.byID["person/"+strings.TrimPrefix(l.Cell["id"], "person/")]
		switch said := decided[l.Line]; {
		case said == MatchNone:
			continue
		case said != "" && m.byID[said] != nil && !m.byID[said].taken:
			l.By = true
			take(l, m.byID[said])
			continue
		}
		if vi, en := unreadable(l); vi != "" {
			l.Why = rule.Words{VI: vi, EN: en}
			continue
		}
		if l.Cell["id"] != "" && h != nil && !h.taken && (vn.SameName(l.Name, h.Identity.Name) || m.near(l, h) >= birthSame) {
			take(l, h)
			continue
		}
		rest = append(rest, l)
	}
	// Plain matches first, so that a doubtful line does not stand in their way.
	var open []*MatchLine
	for _, l := range rest {
		var sure []*here
		for _, h := range m.byName[vn.Fold(l.Name)] {
			if !h.taken && m.near(l, h) >= birthSame {
				sure = append(sure, h)
			}
		}
		if len(sure) == 1 && !m.contested(rest, l, sure[0]) {
			take(l, sure[0])
			continue
		}
		open = append(open, l)
	}
	for _, l := range open {
		l.May, l.Why = m.doubt(l)
	}
}

// contested says whether another line of the same name fits a person as well.
func (m *matcher) contested(rest []*MatchLine, l *MatchLine, h *here) bool {
	for _, o := range rest {
		if o != l && o.Who == nil && vn.Fold(o.Name) == vn.Fold(l.Name) && m.near(o, h) >= birthSame {
			return true
		}
	}
	return false
}

// How near a line and a person of one name are, by birth and Party date.
const (
	contrary    = iota // births or Party dates cannot be one person's
	nothingSaid        // nothing against it, nothing for it
	birthNear          // the years agree, or day and month are turned round
	birthSame          // births agree, or the Party dates do and births do not contradict
)

var errNoDecision = errors.New("person: no such line is doubtful")

// Decidable says whether a decision about a line is one of its choices.
func (m *Match) Decidable(line int, who string) error {
	for _, l := range m.Doubtful {
		if l.Line == line && (who == "" || who == MatchNone || slices.ContainsFunc(l.May, func(p Listed) bool { return p.ID == who })) {
			return nil
		}
	}
	return errNoDecision
}
