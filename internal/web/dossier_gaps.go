package web

import (
	"cmp"
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// dossierGapsData lists the files of a subtree that lack something.
type dossierGapsData struct {
	Form             *Form
	Unit             string
	What, Sorts      []Option
	Rows             []gapRow
	Pager            ListPager
	People, Complete int64
	Sort             map[string]sortHead
}

type sortHead struct {
	Path string
	Here bool
}

type gapRow struct {
	dossier.Gap
	Name, Path, Home string
	rank             int    // place by name
	unit             string // name of the register, folded, when sorted by it
}

var dossierGaps = page[dossierGapsData]("dossier_gaps")

const gapPage = 50

// gapKinds are the gaps the list can be narrowed to.
var gapKinds = map[string]func(dossier.Gap) bool{
	"":         dossier.Gap.Any,
	"unopened": func(g dossier.Gap) bool { return !g.Opened },
	"missing":  func(g dossier.Gap) bool { return g.Missing > 0 },
	"lost":     func(g dossier.Gap) bool { return g.Lost > 0 || g.FileLost },
	"supply":   func(g dossier.Gap) bool { return g.ToSupply > 0 },
	"no-scan":  func(g dossier.Gap) bool { return g.NoScan > 0 },
	"all":      func(dossier.Gap) bool { return true },
}

var gapSorts = map[string]func(a, b gapRow) int{
	"ten":     func(a, b gapRow) int { return a.rank - b.rank },
	"don-vi":  func(a, b gapRow) int { return cmp.Compare(a.unit, b.unit) },
	"thieu":   func(a, b gapRow) int { return b.Missing - a.Missing },
	"mat":     func(a, b gapRow) int { return b.Lost - a.Lost },
	"bo-sung": func(a, b gapRow) int { return b.ToSupply - a.ToSupply },
	"chua-so": func(a, b gapRow) int { return b.NoScan - a.NoScan },
}

// dossierGapsGet lists the gaps under a unit (?don-vi=), as the reader may see.
func (s *Server) dossierGapsGet(c *Call) error {
	q := c.R.URL.Query()
	d := dossierGapsData{Form: &Form{Values: q}, Sort: map[string]sortHead{}}
	for _, k := range []string{"", "unopened", "missing", "lost", "supply", "no-scan", "all"} {
		d.What = append(d.What, Option{k, c.TK("dossier.gap", "g"+k)})
	}
	keep, ok := gapKinds[q.Get("thieu")]
	if !ok {
		keep = gapKinds[""]
	}
	var views []readView
	err := c.Read(func(tx *store.Tx) error {
		rows, err := c.gapRows(tx, &d, q.Get("don-vi"), keep, vn.Fold(q.Get("q")))
		if err != nil {
			return err
		}
		by, ok := gapSorts[q.Get("xep")]
		if !ok {
			by = gapSorts["ten"]
		}
		if q.Get("xep") == "don-vi" {
			if err := c.gapUnits(tx, rows); err != nil {
				return err
			}
		}
		slices.SortStableFunc(rows, func(a, b gapRow) int { return cmp.Or(by(a, b), a.rank-b.rank) })
		from, _ := strconv.Atoi(q.Get("tu"))
		from = min(max(from, 0), max(0, len(rows)-1)) / gapPage * gapPage
		to := min(len(rows), from+gapPage)
		d.Rows = rows[from:to]
		d.Pager.Total, d.Pager.From, d.Pager.To = int64(len(rows)), int64(min(from+1, to)), int64(to)
		if from > 0 {
			d.Pager.Newer = withQuery("/ho-so-thieu", q, "tu", strconv.Itoa(from-gapPage))
		}
		if to < len(rows) {
			d.Pager.Older = withQuery("/ho-so-thieu", q, "tu", strconv.Itoa(to))
		}
		var ids []string
		for _, r := range d.Rows {
			ids = append(ids, r.Person)
		}
		ps, err := person.ByID(c.Ctx(), tx, ids, org.Now(c.On()))
		if err != nil {
			return err
		}
		for i := range d.Rows {
			r := &d.Rows[i]
			r.Name, r.Path = c.personName(ps[r.Person]), dossierPath(r.Person)
			if r.Home, err = c.unitName(tx, r.Gap.Home, c.On()); err != nil {
				return err
			}
			views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: r.Person, what: "list"})
		}
		return nil
	})
	if err != nil {
		return err
	}
	q.Del("tu")
	for name := range gapSorts {
		d.Sort[name] = sortHead{withQuery("/ho-so-thieu", q, "xep", name), q.Get("xep") == name || name == "ten" && q.Get("xep") == ""}
	}
	if err := s.reads.add(c.Ctx(), views...); err != nil {
		return err
	}
	return dossierGaps.show(c, d)
}

// gapRows are the persons under a unit whose gap is one to keep and whose name
// holds the words.
func (c *Call) gapRows(tx *store.Tx, d *dossierGapsData, unit string, keep func(dossier.Gap) bool, find string) ([]gapRow, error) {
	ctx := c.Ctx()
	if unit == "" {
		unit = c.User.Org
	}
	if text := d.Form.Text("ten-don-vi"); text != "" {
		us, err := org.Search(ctx, tx, text, org.Now(c.On()), 1)
		if err != nil {
			return nil, err
		}
		if len(us) > 0 {
			unit = us[0].ID
		}
	}
	var homes []string
	if unit != "" {
		us, err := org.Tree(ctx, tx, unit, org.Now(c.On()))
		if err != nil {
			return nil, err
		}
		homes = []string{unit}
		for _, u := range us {
			homes = append(homes, u.ID)
		}
		if d.Unit, err = c.unitName(tx, unit, c.On()); err != nil {
			return nil, err
		}
	}
	gaps, err := dossier.Gaps(ctx, tx, homes)
	if err != nil {
		return nil, err
	}
	may := c.readable(tx, desk.ReadPerson)
	gaps = slices.DeleteFunc(gaps, func(g dossier.Gap) bool { return !may(g.Home) })
	_, complete := dossier.Counts(gaps)
	d.People, d.Complete = int64(len(gaps)), int64(complete)
	gaps = slices.DeleteFunc(gaps, func(g dossier.Gap) bool { return !keep(g) })
	order, err := person.Ordered(ctx, tx, find, org.Now(c.On()))
	if err != nil {
		return nil, err
	}
	rank := make(map[string]int, len(order))
	for i, id := range order {
		rank[id] = i
	}
	out := make([]gapRow, 0, len(gaps))
	for _, g := range gaps {
		if at, ok := rank[g.Person]; ok {
			out = append(out, gapRow{Gap: g, rank: at})
		}
	}
	return out, nil
}

// gapUnits names the register of each row, for the order by organisation.
func (c *Call) gapUnits(tx *store.Tx, rows []gapRow) error {
	names := map[string]string{}
	for i, r := range rows {
		name, ok := names[r.Gap.Home]
		if !ok {
			full, err := c.unitName(tx, r.Gap.Home, c.On())
			if err != nil {
				return err
			}
			name = vn.Fold(full)
			names[r.Gap.Home] = name
		}
		rows[i].unit = name
	}
	return nil
}
