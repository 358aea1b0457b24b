package web

import (
	"net/url"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type regulationReviewData struct {
	Form    *Form
	Choices []kindChoice
	Kinds   []kindReview
	Open    []openView
	About   string // the contest or event the review was asked for
	Back    string
	Asked   bool
	Attests bool
}

type kindChoice struct {
	ID, Title string
	Checked   bool
}

type kindReview struct {
	ID, Title string
	Unbound   bool
	Edition   linkView
	Pins      []linkView
	Rules     []reviewRow
	Open      int
}

type reviewRow struct {
	Title, Path, Article, Where, Sort string
	Tag                               Tag
	Open                              bool
}

// openView is one unverified item with its readings.
type openView struct {
	RegItem
	Where string
	Kinds []string
}

var regulationReview = page[regulationReviewData]("regulation_review")

func reviewURL(on vn.Date, kind string) string {
	return "/quy-dinh/ra-soat?ngay=" + on.String() + "&loai=" + url.QueryEscape(kind)
}

// regulationReviewGet shows, for a day and some contest kinds, every rule that
// can touch them and what is still unverified. A contest (cuoc) or an event
// (su-kien) in the address chooses kinds and names what it is about.
func (s *Server) regulationReviewGet(c *Call) error {
	q := c.R.URL.Query()
	kinds := q["loai"]
	d := regulationReviewData{Form: &Form{Values: url.Values{"ngay": {c.On().Vietnamese()}}}, Attests: c.User.Has(desk.AttestRegulation)}
	on := c.On()
	err := c.Read(func(tx *store.Tx) error {
		if err := c.reviewAbout(tx, q, &d, &kinds, &on); err != nil {
			return err
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		d.Form.Set("ngay", on.Vietnamese())
		d.Asked = len(kinds) > 0
		for _, k := range lib.Kinds() {
			d.Choices = append(d.Choices, kindChoice{k, c.Words(regulation.KindTitle(lib, k)), slices.Contains(kinds, k)})
		}
		if !d.Asked {
			kinds = lib.Kinds()
		}
		return c.reviewKinds(tx, lib, &d, on, kinds)
	})
	if err != nil {
		return err
	}
	return regulationReview.show(c, d)
}

func (c *Call) reviewAbout(tx *store.Tx, q url.Values, d *regulationReviewData, kinds *[]string, on *vn.Date) error {
	add := func(k string) {
		if !slices.Contains(*kinds, k) {
			*kinds = append(*kinds, k)
		}
	}
	if id := q.Get("cuoc"); id != "" {
		row, err := election.GetRow(c.Ctx(), tx, id)
		if err != nil {
			return err
		}
		add(row.Rules)
		*on, d.About, d.Back = row.Date, usedTitle(c, *row), subjectPath(election.ContestSubject(id))
	}
	if id := q.Get("su-kien"); id != "" {
		ev, err := election.GetEvent(c.Ctx(), tx, id)
		if err != nil {
			return err
		}
		rows, _, err := election.List(c.Ctx(), tx, election.Filter{Event: id})
		if err != nil {
			return err
		}
		for _, r := range rows {
			add(r.Rules)
		}
		*on, d.About, d.Back = ev.Date, c.Words(ev.Title), subjectPath(election.EventSubject(id))
	}
	return nil
}

func (c *Call) reviewKinds(tx *store.Tx, lib *rule.Library, d *regulationReviewData, on vn.Date, kinds []string) error {
	if len(kinds) > 100 {
		kinds = kinds[:100]
	}
	r := regulation.MakeReview(lib, on, kinds)
	if !d.Asked {
		r.Beside(lib)
	}
	views := map[*rule.Edition]map[string]RegItem{}
	viewOf := func(e *rule.Edition, id string) (RegItem, error) {
		if views[e] == nil {
			vs, err := c.itemViews(tx, lib, e)
			if err != nil {
				return RegItem{}, err
			}
			views[e] = vs
		}
		return views[e][id], nil
	}
	for _, o := range r.Open {
		it, err := viewOf(o.Edition, o.Item.ID)
		if err != nil {
			return err
		}
		v := openView{RegItem: it, Where: c.T("reg.edition.short", o.Edition.Document.Number, o.Edition.ID)}
		for _, k := range o.Kinds {
			v.Kinds = append(v.Kinds, c.Words(k.Title))
		}
		d.Open = append(d.Open, v)
	}
	for _, k := range r.Kinds {
		v := kindReview{ID: k.ID, Title: c.Words(k.Title), Unbound: k.Unbound, Open: k.Open}
		if k.Edition != nil {
			v.Edition = linkView{c.T("reg.edition.short", k.Edition.Document.Number, k.Edition.ID), editionURL(k.Edition)}
		}
		for _, e := range k.Pins {
			v.Pins = append(v.Pins, linkView{c.T("reg.edition.short", e.Document.Number, e.ID), editionURL(e)})
		}
		for _, x := range k.Rules {
			v.Rules = append(v.Rules, reviewRow{c.Words(x.Title), itemURL(x.Edition, x.ID), x.Article, x.Edition.Document.Number,
				c.TK("reg.role", string(x.Role)), evidenceTag(c, x.Evidence), x.Open})
		}
		for _, x := range k.Policies {
			v.Rules = append(v.Rules, reviewRow{c.Words(x.Title), itemURL(x.Edition, x.Policy.ID), x.Article, x.Edition.Document.Number,
				c.T("reg.sort.policy"), evidenceTag(c, x.Evidence), x.Open})
		}
		d.Kinds = append(d.Kinds, v)
	}
	return nil
}
