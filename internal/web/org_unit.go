package web

import (
	"encoding/json"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type orgUnitData struct {
	ID       string
	Unit     org.Unit // as of the page's date; zero when it does not exist then
	Exists   bool
	Name     string // of the nearest version when it does not exist then
	Kind     string
	Life     []orgSpan
	Up       []Crumb
	Under    []orgHit
	Story    []orgStatement
	Findings []string
	Details  []orgDetailRow
	Lineage  []orgLineageRow
	Address  string
	Members  *orgMembers
	Reforms  []string // forms that reorganise, by their place in the address
	Posts    []postView
	SeePosts bool
	Edit     bool
	Today    vn.Date
}

// orgSpan is one stretch of days with one name and parent.
type orgSpan struct {
	From, To   vn.Date
	Name       string
	Parent     string
	ParentPath string
}

// Crumb is one step of the way to a page.
type Crumb struct{ Text, Path string }

// orgStatement is one line of the unit's history.
type orgStatement struct {
	org.Statement
	Text   string
	Future bool
	Fixed  bool // superseded by a correction
	Can    bool // may be corrected now
	Signer string
}

// orgDetailRow is one thing the unit has on the page's day.
type orgDetailRow struct {
	Name, Value, Path string
	From              vn.Date
	Decision          org.Decision
	Entry             int64
}

// orgLineageRow is one line of where the unit came from or went to.
type orgLineageRow struct {
	From        vn.Date
	Text, Share string
	Other, Path string
	Decision    org.Decision
	Entry       int64
	Can         bool
}

var orgUnit = page[orgUnitData]("org_unit")

func (s *Server) orgUnitGet(c *Call) error {
	d := orgUnitData{ID: "org/" + c.R.PathValue("id"), Today: c.Today(), Reforms: []string{"muc", "loai", "nhap", "chia", "ban-giao", "ke-thua"}}
	err := c.Read(func(tx *store.Tx) error { return c.unitData(tx, &d) })
	if err != nil {
		return err
	}
	return orgUnit.show(c, d)
}

func (c *Call) unitData(tx *store.Tx, d *orgUnitData) error {
	ctx, at := c.Ctx(), org.Now(c.On())
	known, err := org.Known(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if !known {
		return desk.Missing("Không có tổ chức này trong hồ sơ.", "There is no such organisation on record.")
	}
	versions, err := org.Versions(ctx, tx, d.ID, -1)
	if err != nil {
		return err
	}
	if d.Unit, d.Exists, err = org.Get(ctx, tx, d.ID, at); err != nil {
		return err
	}
	d.Name, d.Kind = d.ID, ""
	if len(versions) > 0 {
		last := versions[len(versions)-1]
		d.Name, d.Kind = last.Name, c.orgKind(last.Kind)
	}
	if d.Exists {
		d.Name, d.Kind = d.Unit.Name, c.orgKind(d.Unit.Kind)
		up, err := org.Path(ctx, tx, d.ID, at)
		if err != nil {
			return err
		}
		for _, u := range up {
			if u.ID != d.ID {
				d.Up = append(d.Up, Crumb{u.Name, unitPath(u.ID)})
			}
		}
		under, err := org.Children(ctx, tx, d.ID, at)
		if err != nil {
			return err
		}
		for _, u := range under {
			d.Under = append(d.Under, orgHit{Unit: u, Path: unitPath(u.ID), Kind: c.orgKind(u.Kind)})
		}
	}
	for _, v := range versions {
		span := orgSpan{From: v.From, To: v.To, Name: v.Name}
		if v.Parent != "" {
			if span.Parent, err = c.unitName(tx, v.Parent, v.From); err != nil {
				return err
			}
			span.ParentPath = unitPath(v.Parent)
		}
		d.Life = append(d.Life, span)
	}
	d.Edit = c.May(tx, desk.Need{Right: desk.EditOrg, Org: d.ID})
	if d.Story, err = c.unitStory(tx, d.ID, d.Edit); err != nil {
		return err
	}
	if err := c.unitDetails(tx, d); err != nil {
		return err
	}
	if err := c.unitMembers(tx, d); err != nil {
		return err
	}
	fs, err := org.Findings(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range fs {
		if f.Org == d.ID && c.Lang == "en" {
			d.Findings = append(d.Findings, f.EN)
		} else if f.Org == d.ID {
			d.Findings = append(d.Findings, f.VI)
		}
	}
	d.SeePosts = c.May(tx, desk.Need{Right: desk.ReadPerson, Org: d.ID})
	if d.SeePosts {
		d.Posts, err = c.unitPosts(tx, d.ID)
	}
	return err
}

// unitName is the name of a unit on a day, or else its nearest name, or its id.
func (c *Call) unitName(tx *store.Tx, id string, on vn.Date) (string, error) {
	if id == "" {
		return "", nil
	}
	u, ok, err := org.Get(c.Ctx(), tx, id, org.Now(on))
	if err != nil || ok {
		return u.Name, err
	}
	vs, err := org.Versions(c.Ctx(), tx, id, -1)
	if err != nil || len(vs) == 0 {
		return id, err
	}
	return vs[len(vs)-1].Name, nil
}

func (c *Call) unitStory(tx *store.Tx, id string, edit bool) ([]orgStatement, error) {
	all, err := org.History(c.Ctx(), tx, id)
	if err != nil {
		return nil, err
	}
	var out []orgStatement
	for _, st := range all {
		x := orgStatement{Statement: st, Future: c.Today().Before(st.From), Fixed: st.EntryTo != -1, Can: edit && st.EntryTo == -1 && !st.Withdrawn}
		parent, err := c.unitName(tx, st.Parent, st.From)
		if err != nil {
			return nil, err
		}
		switch st.What {
		case org.Founded:
			x.Text = c.T("org.story.founded", st.Name)
			if parent != "" {
				x.Text = c.T("org.story.founded-under", st.Name, parent)
			}
		case org.Renamed:
			x.Text = c.T("org.story.renamed", st.Name)
		case org.Reclassified:
			x.Text = c.T("org.story.reclassified", c.orgKind(st.Kind))
		case org.Moved:
			x.Text = c.T("org.story.moved", parent)
		case org.Dissolved:
			x.Text = c.T("org.story.dissolved")
			var names []string
			for _, s := range st.Successors {
				n, err := c.unitName(tx, s, st.From)
				if err != nil {
					return nil, err
				}
				names = append(names, n)
			}
			if len(names) > 0 {
				x.Text += " " + c.T("org.story.successors", strings.Join(names, ", "))
			}
		}
		rec, err := desk.GetRecord(c.Ctx(), tx, st.Entry)
		if err != nil {
			return nil, err
		}
		x.Signer = signerOf(rec)
		out = append(out, x)
	}
	return out, nil
}

// signerOf is who signed the decision of an entry, while that block is there.
func signerOf(rec desk.Record) string {
	var b struct {
		Signer string `json:"signer"`
	}
	if raw := rec.Blocks["signer"]; raw != nil && json.Unmarshal(raw, &b) == nil {
		return b.Signer
	}
	return ""
}

// unitDetails reads codes, level, seal, seat and lineage of the unit.
func (c *Call) unitDetails(tx *store.Tx, d *orgUnitData) error {
	ctx, at := c.Ctx(), org.Now(c.On())
	ds, err := org.Details(ctx, tx, d.ID, at)
	if err != nil {
		return err
	}
	for _, x := range ds {
		r := orgDetailRow{Name: c.detailName(x.Key), Value: c.detailValue(x.Key, x.Value), From: x.From, Decision: x.Decision, Entry: x.Entry}
		if x.Key == org.Territory {
			r.Path = unitPath(x.Value)
			if r.Value, err = c.unitName(tx, x.Value, c.On()); err != nil {
				return err
			}
		}
		d.Details = append(d.Details, r)
	}
	path, err := org.Address(ctx, tx, d.ID, at)
	if err != nil {
		return err
	}
	var names []string
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i].Kind {
		case org.AdminProvince, org.AdminDistrict, org.AdminCommune, org.Village:
			names = append(names, path[i].Name)
		}
	}
	d.Address = strings.Join(names, ", ")
	ls, err := org.LineageOf(ctx, tx, d.ID, -1)
	if err != nil {
		return err
	}
	for _, l := range ls {
		r := orgLineageRow{From: l.From, Decision: l.Decision, Entry: l.Entry, Can: d.Edit}
		other, dir := l.Target, "to"
		if l.Target == d.ID {
			other, dir = l.Source, "from"
		}
		if r.Other, err = c.unitName(tx, other, l.From); err != nil {
			return err
		}
		r.Path = unitPath(other)
		r.Text = c.TK("org.lineage."+dir, string(l.How))
		if l.How == org.Functions {
			r.Share = l.Note
		} else {
			r.Share = shareText(org.Part{Num: l.Num, Den: l.Den})
		}
		d.Lineage = append(d.Lineage, r)
	}
	return nil
}

// orgMembers is how many members a unit has; figures only, no names.
type orgMembers struct {
	Own, All person.MemberCount
	Verdict  *rule.Verdict
}

// unitMembers counts the members of the unit and its subtree, and asks the
// rule on the least number of members.
func (c *Call) unitMembers(tx *store.Tx, d *orgUnitData) error {
	if !d.Exists {
		return nil
	}
	at := org.Now(c.On())
	all, err := person.Members(c.Ctx(), tx, at)
	if err != nil || len(all) == 0 {
		return err
	}
	us, err := org.Tree(c.Ctx(), tx, d.ID, at)
	if err != nil {
		return err
	}
	m := &orgMembers{Own: all[d.ID]}
	for _, u := range us {
		m.All.Add(all[u.ID])
	}
	if m.All == (person.MemberCount{}) {
		return nil
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	v, ok, err := person.SizeVerdict(c.Ctx(), tx, lib, d.Unit, c.On())
	if ok {
		m.Verdict = &v
	}
	d.Members = m
	return err
}
