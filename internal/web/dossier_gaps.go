package web

import (
	"slices"
	"strconv"
	"strings"

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
}

var dossierGaps = page[dossierGapsData]("dossier_gaps")

const gapPage = 50

// gapOrders are the orders that an address can ask for.
var gapOrders = map[string]string{"ten": "", "don-vi": dossier.ByHome, "thieu": dossier.ByMissing, "mat": dossier.ByLost, "bo-sung": dossier.BySupply, "chua-so": dossier.ByNoScan}

// dossierGapsGet lists the gaps under a unit (?don-vi=), as the reader may see.
func (s *Server) dossierGapsGet(c *Call) error {
	q := c.R.URL.Query()
	d := dossierGapsData{Form: &Form{Values: q}, Sort: map[string]sortHead{}}
	for _, k := range []string{dossier.GapAny, dossier.GapUnopened, dossier.GapMissing, dossier.GapLost, dossier.GapSupply, dossier.GapNoScan, dossier.GapAll} {
		d.What = append(d.What, Option{k, c.TK("dossier.gap", "g"+k)})
	}
	var views []readView
	err := c.Read(func(tx *store.Tx) error {
		f := dossier.GapFind{On: c.On(), What: q.Get("thieu"), Words: q.Get("q"), Order: gapOrders[q.Get("xep")], Limit: gapPage}
		if from, _ := strconv.Atoi(q.Get("tu")); from > 0 {
			f.Offset = from / gapPage * gapPage
		}
		if err := c.gapHomes(tx, &d, &f); err != nil {
			return err
		}
		if f.Order == dossier.ByHome {
			if err := c.gapHomeOrder(tx, &f); err != nil {
				return err
			}
		}
		l, err := dossier.FindGaps(c.Ctx(), tx, f)
		if err != nil {
			return err
		}
		d.People, d.Complete = int64(l.People), int64(l.Complete)
		for _, g := range l.Rows {
			d.Rows = append(d.Rows, gapRow{Gap: g})
		}
		to := l.From + len(l.Rows)
		d.Pager = ListPager{From: int64(min(l.From+1, to)), To: int64(to), Total: int64(l.Total), More: l.More}
		if l.From > 0 {
			d.Pager.Newer = withQuery("/ho-so-thieu", q, "tu", strconv.Itoa(l.From-gapPage))
		}
		if l.Next {
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
	for name := range gapOrders {
		d.Sort[name] = sortHead{withQuery("/ho-so-thieu", q, "xep", name), q.Get("xep") == name || name == "ten" && q.Get("xep") == ""}
	}
	if err := s.reads.add(c.Ctx(), views...); err != nil {
		return err
	}
	return dossierGaps.show(c, d)
}

// gapHomes says of which homes the files are asked for: those of a unit and of
// what is under it on the day, as far as the user may read them.
func (c *Call) gapHomes(tx *store.Tx, d *dossierGapsData, f *dossier.GapFind) error {
	ctx, unit := c.Ctx(), d.Form.Text("don-vi")
	if unit == "" {
		unit = c.User.Org
	}
	if text := d.Form.Text("ten-don-vi"); text != "" {
		us, err := org.Search(ctx, tx, text, org.Now(c.On()), 1)
		if err != nil {
			return err
		}
		if len(us) > 0 {
			unit = us[0].ID
		}
	}
	asked := map[string]bool{}
	all := unit == ""
	if unit != "" {
		var err error
		if d.Unit, err = c.unitName(tx, unit, c.On()); err != nil {
			return err
		}
		if all, err = org.IsWhole(ctx, tx, unit, c.On()); err != nil {
			return err
		}
		if !all {
			ids, err := org.SubtreeIDs(ctx, tx, unit, c.On())
			if err != nil {
				return err
			}
			asked[unit] = true
			for _, id := range ids {
				asked[id] = true
			}
		}
	}
	homes, err := person.Homes(ctx, tx)
	if err != nil {
		return err
	}
	may, err := c.readableHomes(tx)
	if err != nil {
		return err
	}
	f.Homes = nil
	for _, h := range homes {
		if (all || asked[h]) && may(h) {
			f.Homes = append(f.Homes, h)
		}
	}
	f.Whole = len(f.Homes) == len(homes)
	return nil
}

// readableHomes is readable for very many homes: those under the roots of the
// user's right are known at once, only the others are asked about one by one.
func (c *Call) readableHomes(tx *store.Tx) (func(string) bool, error) {
	rights, err := c.s.accounts.Rights(c.Ctx(), tx, c.User.Account, c.Today())
	if err != nil {
		return nil, err
	}
	under := map[string]bool{}
	for _, root := range rights[desk.ReadPerson] {
		if root == "" {
			return func(string) bool { return true }, nil
		}
		if !strings.HasPrefix(root, "org/") {
			continue
		}
		ids, err := org.SubtreeIDs(c.Ctx(), tx, root, c.Today())
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			under[id] = true
		}
	}
	ask := c.readable(tx, desk.ReadPerson)
	return func(id string) bool { return under[id] || ask(id) }, nil
}

// gapHomeOrder puts the homes in the order of their names.
func (c *Call) gapHomeOrder(tx *store.Tx, f *dossier.GapFind) error {
	us, err := org.Tree(c.Ctx(), tx, "", org.Now(c.On()))
	if err != nil {
		return err
	}
	known := make(map[string]string, len(us))
	for _, u := range us {
		known[u.ID] = u.Name
	}
	folded := make(map[string]string, len(f.Homes))
	var names []string
	for _, h := range f.Homes {
		name, ok := known[h]
		if !ok {
			if name, err = c.unitName(tx, h, c.On()); err != nil {
				return err
			}
		}
		folded[h] = vn.Fold(name)
		names = append(names, folded[h])
	}
	slices.Sort(names)
	names = slices.Compact(names)
	f.HomeOrder = make(map[string]int, len(f.Homes))
	for h, name := range folded {
		f.HomeOrder[h], _ = slices.BinarySearch(names, name)
	}
	return nil
}
