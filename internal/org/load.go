package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// LoadUnits founds and ends many units by one decision, one part of a list at
// a time: the register of administrative units of a year, the cells of a
// commune. Parents stand before their children.
type LoadUnits struct {
	Units    []Found
	Ends     []Dissolve
	Links    []Link // where units went, from the day of the load
	Part     int
	From     vn.Date // for units and ends that name no day of their own
	Decision Decision
}

// Name is the act's name.
func (a LoadUnits) Name() string { return "org.load-units" }

// Subject is the first unit of the part.
func (a LoadUnits) Subject() string {
	switch {
	case len(a.Units) > 0:
		return a.Units[0].ID
	case len(a.Ends) > 0:
		return a.Ends[0].Org
	case len(a.Links) > 0:
		return a.Links[0].Target
	}
	return "org/-"
}

// Need asks for the right over the whole province.
func (a LoadUnits) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks each line like an act of its own and names the line that is
// wrong. What stands is read once, not line by line: the whole record, or
// where that is much larger than the list, the units the list names.
func (a LoadUnits) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	var all int
	if err := s.Tx.QueryRow(ctx, `SELECT COUNT(*) FROM org_statement`).Scan(&all); err != nil {
		return nil, err
	}
	read := g.readAll
	if all > muchLarger*(len(a.Units)+len(a.Ends)+len(a.Links)) {
		read = func() error { return g.readNamed(a.names()) }
	}
	if err := read(); err != nil {
		return nil, err
	}
	for i, e := range a.Ends {
		if e.From.IsZero() {
			e.From = a.From
		}
		if e.Decision == (Decision{}) {
			e.Decision = a.Decision
		}
		if err := g.say(kindDissolved, body{Org: e.Org, From: e.From, Successors: e.Successors, Decision: e.Decision}, Dissolved); err != nil {
			return nil, inLine(err, a.Part, i, e.Org)
		}
	}
	for i, f := range a.Units {
		if f.From.IsZero() {
			f.From = a.From
		}
		if f.Decision == (Decision{}) {
			f.Decision = a.Decision
		}
		if err := g.found(f); err != nil {
			return nil, inLine(err, a.Part, i, f.Title)
		}
	}
	for links := a.Links; len(links) > 0; {
		n := 1
		for n < len(links) && n < 400 && links[n].Target == links[0].Target {
			n++
		}
		if err := g.link(links[:n], a.From, a.Decision); err != nil {
			return nil, inLine(err, a.Part, 0, links[0].Target)
		}
		links = links[n:]
	}
	return g.drafts, nil
}

func inLine(err error, part, i int, name string) error {
	d, ok := err.(*desk.Error)
	if !ok {
		return err
	}
	n := part*LoadPart + i + 1
	d.Says.VI = fmt.Sprintf("Dòng %d (%s): %s", n, name, d.Says.VI)
	d.Says.EN = fmt.Sprintf("Line %d (%s): %s", n, name, d.Says.EN)
	return d
}

// muchLarger is from how many statements for a line on the whole record is not
// read for a list.
var muchLarger = 8

// names are the units that a load names, each once.
func (a LoadUnits) names() []string {
	var ids []string
	for _, f := range a.Units {
		ids = append(ids, f.ID, f.Parent)
	}
	for _, e := range a.Ends {
		ids = append(append(ids, e.Org), e.Successors...)
	}
	for _, l := range a.Links {
		ids = append(ids, l.Source, l.Target)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// readNamed reads the standing statements about some units.
func (g *ground) readNamed(ids []string) error {
	for part := range slices.Chunk(ids, 250) {
		marks, args := make([]string, 250), make([]any, 250)
		for i := range marks {
			marks[i], args[i] = fmt.Sprintf("$%d", i+1), part[min(i, len(part)-1)]
		}
		some, err := statements(g.ctx, g.s.Tx, `SELECT entry_from, entry_to, fact, org, what, valid_from, name, kind, parent, successors, decision, withdrawn FROM org_statement WHERE org IN (`+strings.Join(marks, ", ")+`) AND entry_to = -1 ORDER BY fact`, args...)
		if err != nil {
			return err
		}
		for _, id := range part {
			g.said[id] = nil
		}
		for _, st := range some {
			g.said[st.Org] = append(g.said[st.Org], st)
		}
	}
	return nil
}

// readAll reads every standing statement and code at once.
func (g *ground) readAll() error {
	all, err := statements(g.ctx, g.s.Tx, `SELECT entry_from, entry_to, fact, org, what, valid_from, name, kind, parent, successors, decision, withdrawn FROM org_statement WHERE entry_to = -1 ORDER BY fact`)
	if err != nil {
		return err
	}
	for _, st := range all {
		g.said[st.Org] = append(g.said[st.Org], st)
	}
	codes, err := detailFacts(g.ctx, g.s.Tx, detailSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND substr(detail, 1, 5) = 'code.' ORDER BY org, detail, valid_from`)
	if err != nil {
		return err
	}
	for i, d := range codes {
		u := CodeUse{Org: d.Org, Key: d.Key, Code: d.Value, From: d.From}
		if i+1 < len(codes) && codes[i+1].Org == d.Org && codes[i+1].Key == d.Key {
			u.To = codes[i+1].From
		}
		g.taken[u.Key+" "+u.Code] = append(g.taken[u.Key+" "+u.Code], u)
	}
	g.whole = true
	return nil
}

// LoadPart is how many lines one act of a load takes.
const LoadPart = 4000

// Load founds and ends many units in parts under one id: sent again after a
// break it goes on where it stopped. Ends come
// first, so that their codes are free on the day, then units, then links.
func Load(ctx context.Context, d *desk.Desk, id, actor string, all LoadUnits) error {
	for part := 0; part == 0 || len(all.Units)+len(all.Links)+len(all.Ends) > 0; part++ {
		a := LoadUnits{Part: part, From: all.From, Decision: all.Decision}
		room := LoadPart
		a.Ends, all.Ends, room = take(all.Ends, room)
		a.Units, all.Units, room = take(all.Units, room)
		a.Links, all.Links, _ = take(all.Links, room)
		if _, err := d.Do(ctx, desk.Form{ID: fmt.Sprintf("%s-%04d", id, part), Seen: desk.AnySeen, Actor: actor, Act: a}); err != nil {
			return err
		}
	}
	return nil
}

func take[T any](list []T, room int) (some, rest []T, left int) {
	n := min(len(list), room)
	return list[:n], list[n:], room - n
}

// DetailsByUnit gives every detail of every unit at a pair of times, for pages
// that show a whole tree.
func DetailsByUnit(ctx context.Context, tx *store.Tx, keys []string, at At) (map[string]map[string]string, error) {
	out := map[string]map[string]string{}
	for _, k := range keys {
		m, err := DetailOf(ctx, tx, k, at)
		if err != nil {
			return nil, err
		}
		for id, v := range m {
			if out[id] == nil {
				out[id] = map[string]string{}
			}
			out[id][k] = v
		}
	}
	return out, nil
}
