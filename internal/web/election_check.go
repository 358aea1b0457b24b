package web

import (
	"sort"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// electionCheckData is "Rà soát quy định": what the rules of a contest or an
// event still leave open, to be settled before anybody sits in the hall.
type electionCheckData struct {
	Title string
	Back  string
	Crumb string
	Kinds []checkKind
	Open  int
}

// checkKind is one kind of contest on one day.
type checkKind struct {
	Kind     string
	Title    string
	On       vn.Date
	Contests int
	Editions []checkEdition
	Open     []openItem
	Rules    int
	Problem  string // why no rule binds it
}

type checkEdition struct {
	Document, Edition string
	Date              vn.Date
	Title             string
	Recorded          bool
}

// openItem is an unverified item with its possible readings.
type openItem struct {
	Title, Article, Document, Item string
	Date                           vn.Date
	Main                           string
	Readings                       []string
}

var electionCheck = page[electionCheckData]("election_check")

func (s *Server) electionContestCheckGet(c *Call) error {
	d := electionCheckData{}
	err := c.Read(func(tx *store.Tx) error {
		det, ev, err := c.contest(tx, c.R.PathValue("id"))
		if err != nil {
			return err
		}
		d.Title, d.Back, d.Crumb = contestTitle(c.Lang, det.Place, det.Title), contestPath(det.ID), c.Words(ev.Title)
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		d.add(c, lib, det.Rules, det.Date, 1)
		return nil
	})
	if err != nil {
		return err
	}
	return electionCheck.show(c, d)
}

func (s *Server) electionEventCheckGet(c *Call) error {
	d := electionCheckData{}
	err := c.Read(func(tx *store.Tx) error {
		ev, err := c.event(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		d.Title, d.Back, d.Crumb = c.Words(ev.Title), eventPath(ev.ID), c.T("nav.election")
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		rows, _, err := election.List(c.Ctx(), tx, election.Filter{Event: ev.ID})
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, r := range rows {
			count[r.Rules+"|"+r.Date.String()]++
		}
		if len(rows) == 0 { // before the event: every kind its rules know
			for _, k := range kindsOf(ev.Kind, lib) {
				count[k+"|"+ev.Date.String()] = 0
			}
		}
		keys := make([]string, 0, len(count))
		for k := range count {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			kind, on := k[:len(k)-11], vn.Date{}
			if on, err = vn.ParseDate(k[len(k)-10:]); err != nil {
				return err
			}
			d.add(c, lib, kind, on, count[k])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return electionCheck.show(c, d)
}

func (d *electionCheckData) add(c *Call, lib *rule.Library, kind string, on vn.Date, contests int) {
	k := checkKind{Kind: kind, Title: kind, On: on, Contests: contests}
	book, err := lib.For(kind, on)
	if err != nil {
		k.Problem = err.Error()
		d.Kinds = append(d.Kinds, k)
		return
	}
	k.Title, k.Rules = c.Words(book.Title), len(book.Rules)
	for _, p := range book.Pins {
		e := checkEdition{Document: p.Document, Edition: p.Edition, Date: p.Date, Recorded: p.Recorded > 0}
		for _, x := range lib.Editions() {
			if x.Digest == p.Digest {
				e.Title = c.Words(x.Document.Title)
			}
		}
		k.Editions = append(k.Editions, e)
	}
	for _, o := range book.Open() {
		it := openItem{Title: c.Words(o.Item.Title), Article: o.Item.Article, Item: o.Item.ID, Document: o.Edition.Document.Number, Date: o.Edition.Document.Date}
		for _, r := range o.Item.Readings {
			it.Readings = append(it.Readings, c.Words(r.Says))
		}
		k.Open = append(k.Open, it)
	}
	d.Open += len(k.Open)
	d.Kinds = append(d.Kinds, k)
}
