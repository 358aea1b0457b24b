package web

import (
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// documentModule is the papers of an event: what was made, what can be printed
// now, and the paper kit for the day the machine dies.
var documentModule = module{
	name: "document",
	routes: func(s *Server) []route {
		read := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.ReadRecord, any: true, handle: h}
		}
		return []route{
			read("GET /bau-cu/giay-to/{event}", s.papersGet),
			{pattern: "GET /bau-cu/giay-to/{event}/du-phong", need: desk.MakeMinutes, any: true, handle: s.papersKitGet},
			read("GET /bau-cu/giay-to-mau/bien-ban", s.papersTemplateGet),
			{pattern: "GET /bau-cu/giay-to/{event}/lap", need: desk.MakeMinutes, any: true, handle: s.paperMakeGet},
			{pattern: "POST /bau-cu/giay-to/{event}/lap", need: desk.MakeMinutes, any: true, handle: s.paperMakePost},
			read("GET /bau-cu/giay-to/{event}/muc/{entry}", s.paperGet),
			{pattern: "POST /bau-cu/giay-to/{event}/muc/{entry}", need: desk.MakeMinutes, any: true, handle: s.paperSignPost},
			read("GET /bau-cu/giay-to/{event}/muc/{entry}/{file}", s.paperFileGet),
			{pattern: "GET /bau-cu/giay-to/{event}/mau", need: desk.MakeMinutes, any: true, handle: s.paperTemplateGet},
			{pattern: "POST /bau-cu/giay-to/{event}/mau", need: desk.MakeMinutes, any: true, maxBody: docx.MaxFile + 1<<20, handle: s.paperTemplatePost},
			{pattern: "GET /bau-cu/giay-to/{event}/mau/{file}", need: desk.MakeMinutes, any: true, handle: s.paperTemplateFileGet},
			read("GET /bau-cu/bien-ban-so/{entry}/trang-chieu", s.papersSlideGet),
			read("GET /bau-cu/bien-ban-so/{entry}/niem-phong", s.papersSealingGet),
		}
	},
}

type papersData struct {
	Event  *election.Event
	Rows   []papersRow
	Other  []docRow       // the papers beside the counting minutes
	Report *document.Term // to the upper committee, from the day of the event; nil where none
	Keep   *document.Term
	Beyond string // why a day could not be worked out
	MayKit bool
}

type papersRow struct {
	ID, Title string
	Tag       Tag
	Minutes   *election.Minutes // the newest
	Current   bool              // of the version in force
	List      string            // page of the list, "" for contests outside the chain
	Made      int               // how many minutes there are
}

var documentPapers = page[papersData]("document_papers")

func (s *Server) papersGet(c *Call) error {
	d := papersData{}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		d.Event = chain.Event
		for _, it := range chain.Items {
			for _, r := range it.Rounds {
				row := papersRow{ID: r.Contest, Title: c.Words(election.ContestTitle(it, r)), List: listPath(d.Event.ID, r.Contest)}
				if r.Row != nil {
					row.Tag = statusTag(c.Lang, r.Row.Status)
					det, err := election.Get(c.Ctx(), tx, r.Contest)
					if err != nil {
						return err
					}
					ms, err := election.MinutesOf(c.Ctx(), tx, r.Contest)
					if err != nil {
						return err
					}
					if row.Made = len(ms); row.Made > 0 {
						row.Minutes, row.Current = &ms[0], ms[0].Version == det.Version
					}
				}
				d.Rows = append(d.Rows, row)
			}
		}
		if d.Other, err = c.docRows(tx, chain); err != nil {
			return err
		}
		d.MayKit = c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: d.Event.Org})
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		keep, err := document.KeepingTerm(lib, d.Event.Date)
		if err != nil {
			return err
		}
		d.Keep = &keep
		report, err := document.WorkingTerm(lib, vn.BuiltinCalendar(), document.RuleReport, d.Event.Date)
		if err != nil {
			d.Beyond = err.Error()
			return nil
		}
		d.Report = &report
		return nil
	})
	if err != nil {
		return err
	}
	return documentPapers.show(c, d)
}

// papersKitGet prints everything needed to go on by hand.
func (s *Server) papersKitGet(c *Call) error {
	k := document.Kit{}
	var event string
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		ev := chain.Event
		if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org}) {
			return desk.Missing("Không có sự kiện này.", "There is no such event.")
		}
		event, k.Event, k.Day, k.Sample = ev.ID, ev.Title.VI, ev.Date, ev.Sample
		seen := map[string]bool{}
		for _, it := range chain.Items {
			if it.Meet != nil && !seen[it.Meet.ID] {
				seen[it.Meet.ID] = true
				roll, err := c.kitRoll(tx, it.Meet)
				if err != nil {
					return err
				}
				k.Rolls = append(k.Rolls, roll)
			}
			if it.State.Over() {
				continue
			}
			kc := document.KitContest{Title: it.Title.VI, Seats: it.Seats}
			if r := it.Now(); r != nil {
				kc.Title = election.ContestTitle(it, r).VI
				if r.Seats > 0 {
					kc.Seats = r.Seats
				}
				placed := r.OnBallot()
				if kc.Voted = placed != nil; !kc.Voted {
					placed = election.InOrder(r.Stand())
				}
				for _, p := range placed {
					name := p.Name
					if n := r.Find(p.ID); n != nil {
						name = n.Show("vi")
					}
					kc.Names = append(kc.Names, strings.TrimSpace(name+" "+p.Apart))
				}
			}
			k.Contests = append(k.Contests, kc)
		}
		return nil
	})
	if err != nil {
		return err
	}
	pdf, err := k.PDF()
	if err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", "bo-du-phong-giay-"+event+".pdf")
}

func (c *Call) kitRoll(tx *store.Tx, m *meeting.State) (document.KitRoll, error) {
	r := document.KitRoll{Title: m.Title.VI}
	for _, a := range m.People {
		p, ok, err := person.Get(c.Ctx(), tx, a.Person, org.Now(m.Date))
		if err != nil {
			return r, err
		}
		name := a.Person
		if ok && p.Identity.Name != "" {
			name = p.Identity.Name
		}
		r.Names = append(r.Names, name)
	}
	return r, nil
}

// papersTemplateGet hands out the shipped template to look at and edit.
func (s *Server) papersTemplateGet(c *Call) error {
	raw, err := document.MinutesTemplate()
	if err != nil {
		return err
	}
	return c.file(raw, wordType, "attachment", "mau-bien-ban-kiem-phieu.docx")
}

// minutesModel reads the model of recorded minutes.
func (c *Call) minutesModel(tx *store.Tx) (*election.Minutes, *document.Model, error) {
	m, err := c.minutesAt(tx)
	if err != nil {
		return nil, nil, err
	}
	if m.Model == nil {
		return nil, nil, desk.Missing("Nội dung biên bản đã được rút khỏi hồ sơ.", "The minutes were removed from the record.")
	}
	model, err := document.Parse(m.Model)
	return m, model, err
}

func (s *Server) papersSlideGet(c *Call) error {
	var pdf []byte
	var name string
	if err := c.Read(func(tx *store.Tx) error {
		m, model, err := c.minutesModel(tx)
		if err != nil {
			return err
		}
		name = fmt.Sprintf("trang-chieu-muc-%d.pdf", m.Entry)
		pdf, err = model.Slide()
		return err
	}); err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", name)
}

func (s *Server) papersSealingGet(c *Call) error {
	var pdf []byte
	var name string
	if err := c.Read(func(tx *store.Tx) error {
		m, model, err := c.minutesModel(tx)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		keep := document.Term{}
		if model.Family == "party" {
			if keep, err = document.KeepingTerm(lib, model.Held); err != nil {
				return err
			}
		}
		name = fmt.Sprintf("phieu-niem-phong-muc-%d.pdf", m.Entry)
		pdf, err = model.SealingSlip(keep)
		return err
	}); err != nil {
		return err
	}
	return c.file(pdf, "application/pdf", "inline", name)
}
