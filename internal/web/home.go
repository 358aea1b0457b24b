package web

import (
	"sort"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// homeModule is "Bàn làm việc": what waits for me, and the state of things.
var homeModule = module{
	name: "home",
	nav:  &navItem{Label: "nav.home", Path: "/", Order: 10},
	routes: func(s *Server) []route {
		return append([]route{
			{pattern: "GET /{$}", handle: s.homeGet},
			{pattern: "GET /ban-lam-viec/truc-tiep", handle: s.homeLiveGet},
		}, s.preferenceRoutes()...)
	},
}

type homeData struct {
	Tasks []Task
	Late  int
	Cards []Card
	Start []startLink
	Live  Live
}

// startLink tells a new person where to begin, by what they may do.
type startLink struct{ Title, Text, Path string }

var homePage = page[homeData]("home")

func (s *Server) homeGet(c *Call) error {
	d, err := c.homeData()
	if err != nil {
		return err
	}
	return homePage.show(c, d)
}

func (s *Server) homeLiveGet(c *Call) error {
	if c.Unchanged() {
		return nil
	}
	d, err := c.homeData()
	if err != nil {
		return err
	}
	return homePage.fragment(c, "live", d)
}

func (c *Call) homeData() (homeData, error) {
	d := homeData{Live: c.Live("/ban-lam-viec/truc-tiep"), Start: c.startLinks()}
	err := c.Read(func(tx *store.Tx) error {
		for _, m := range modules {
			if m.tasks != nil {
				ts, err := m.tasks(c, tx)
				if err != nil {
					return err
				}
				d.Tasks = append(d.Tasks, ts...)
			}
			if m.cards != nil {
				cs, err := m.cards(c, tx)
				if err != nil {
					return err
				}
				d.Cards = append(d.Cards, cs...)
			}
		}
		return nil
	})
	sort.SliceStable(d.Tasks, func(i, j int) bool { return d.Tasks[i].Late && !d.Tasks[j].Late })
	for _, t := range d.Tasks {
		if t.Late {
			d.Late++
		}
	}
	return d, err
}

func (c *Call) startLinks() []startLink {
	all := []struct {
		need      desk.Right
		key, path string
	}{
		{desk.ReadRecord, "home.start.election", "/bau-cu"},
		{desk.EditOrg, "home.start.org", "/to-chuc"},
		{desk.EditPerson, "home.start.person", "/can-bo"},
		{desk.RecordContest, "home.start.hall", "/tai-khoan-hoi-truong"},
		{desk.KeepRegulation, "home.start.regulation", "/quy-dinh"},
		{desk.CheckLedger, "home.start.ledger", "/nhat-ky"},
		{desk.Administer, "home.start.admin", "/quan-tri"},
	}
	var out []startLink
	for _, l := range all {
		if c.User.Has(l.need) {
			out = append(out, startLink{c.T(l.key), c.T(l.key + ".text"), l.path})
		}
	}
	return out
}
