package web

import (
	"net/url"
	"strings"

	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type regulationCompareData struct {
	Form           *Form
	Options        []Option
	A, B           *editionRow
	Changes        []changeGroup
	Minor          []string // items of which only the note of the source differs
	Added, Removed int
	Changed        int
	Missing        bool // one of the two was asked for and is not there
}

// changeGroup is what differs among one sort of items.
type changeGroup struct {
	Sort string
	Rows []changeView
}

type changeView struct {
	What, ID, Title string
	Tag             Tag
	Path            string // of the item in the newer edition, else in the older
	Fields          []fieldView
}

type fieldView struct{ Name, Old, New string }

var regulationCompare = page[regulationCompareData]("regulation_compare")

func compareURL(a, b *rule.Edition) string {
	return "/quy-dinh/so-sanh?a=" + url.QueryEscape(editionKey(a)) + "&b=" + url.QueryEscape(editionKey(b))
}

func editionKey(e *rule.Edition) string {
	return regulation.Slug(e.Document.Number, e.Document.Date) + "/" + e.ID
}

func findKey(lib *rule.Library, key string) *rule.Edition {
	slug, id, _ := strings.Cut(key, "/")
	return regulation.Find(lib, slug, id)
}

func (s *Server) regulationCompareGet(c *Call) error {
	q := c.R.URL.Query()
	d := regulationCompareData{Form: &Form{Values: q}, Options: []Option{{"", c.T("field.none")}}}
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		for _, e := range lib.Editions() {
			d.Options = append(d.Options, Option{editionKey(e), e.Document.Number + " · " + c.T("reg.edition.n", e.ID) + " · " + validityText(c, lib.Validity(e))})
		}
		a, b := findKey(lib, q.Get("a")), findKey(lib, q.Get("b"))
		d.Missing = q.Get("a") != "" && a == nil || q.Get("b") != "" && b == nil
		if a == nil || b == nil {
			return nil
		}
		row := func(e *rule.Edition) *editionRow {
			v := lib.Validity(e)
			return &editionRow{Number: e.Document.Number, Title: c.Words(e.Document.Title), ID: e.ID, Path: editionURL(e), Valid: validityText(c, v),
				State: stateTag(c, v), Date: e.Document.Date}
		}
		d.A, d.B = row(a), row(b)
		d.Changes, d.Minor = c.changeGroups(regulation.Diff(a, b), a, b)
		for _, g := range d.Changes {
			for _, r := range g.Rows {
				switch r.What {
				case "added":
					d.Added++
				case "removed":
					d.Removed++
				default:
					d.Changed++
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return regulationCompare.show(c, d)
}

// changeGroups sorts changes for screens, those of the source alone apart; a
// and b may be nil where there is no page to lead to.
func (c *Call) changeGroups(cs []regulation.Change, a, b *rule.Edition) (out []changeGroup, minor []string) {
	for _, sort := range []string{"parameter", "rule", "policy", "contest"} {
		g := changeGroup{Sort: sort}
		for _, x := range cs {
			if x.Minor() {
				if x.Sort == sort {
					minor = append(minor, c.Words(x.Title))
				}
				continue
			}
			if x.Sort != sort {
				continue
			}
			v := changeView{What: x.What, ID: x.ID, Title: c.Words(x.Title), Tag: Tag{changeKind[x.What], c.TK("reg.change", x.What)}}
			if e := pick(x.What == "removed", a, b); e != nil && sort != "contest" {
				v.Path = itemURL(e, x.ID)
			}
			for _, f := range x.Fields {
				name, reading, _ := strings.Cut(f.Field, " ")
				label := c.TK("reg.field", name)
				if reading != "" {
					label += " " + reading
				}
				v.Fields = append(v.Fields, fieldView{label, c.fieldText(name, f.Old), c.fieldText(name, f.New)})
			}
			g.Rows = append(g.Rows, v)
		}
		if len(g.Rows) > 0 {
			out = append(out, g)
		}
	}
	return out, minor
}

var changeKind = map[string]string{"added": "yes", "removed": "stop", "changed": "wait"}

func pick(first bool, a, b *rule.Edition) *rule.Edition {
	if first {
		return a
	}
	return b
}

// fieldText puts values that come from a closed list into words.
func (c *Call) fieldText(field string, w rule.Words) string {
	s := c.Words(w)
	if s == "" {
		return ""
	}
	prefix := map[string]string{"evidence": "evidence", "role": "reg.role", "type": "reg.type"}[field]
	if prefix != "" && c.s.messages.has(prefix+"."+s) {
		return c.TK(prefix, s)
	}
	return s
}
