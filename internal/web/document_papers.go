package web

import (
	"errors"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// documentModule is the papers of an event: what was made, what can be printed
// now, and the paper kit for the day the machine dies.
var documentModule = module{
	name:   "document",
	search: documentSearch,
	subjects: map[string]func(string) string{"papers": func(id string) string {
		of := strings.TrimPrefix(id, "papers/")
		if strings.HasPrefix(of, "handover/") {
			return handoverPath(of) + "#ban-in"
		}
		return papersPath(of)
	}},
	routes: func(s *Server) []route {
		read := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.ReadRecord, any: true, handle: h}
		}
		return []route{
			read("GET /bau-cu/giay-to/{event}", s.papersGet),
			{pattern: "GET /bau-cu/giay-to/{event}/du-phong", need: desk.MakeMinutes, any: true, handle: s.papersKitGet},
			{pattern: "POST /bau-cu/giay-to/{event}/du-phong", need: desk.MakeMinutes, any: true, handle: s.papersKitPost},
			read("GET /bau-cu/giay-to/{event}/ban-in/{entry}", s.papersPrintGet),
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
			{pattern: "POST /bau-cu/bien-ban-so/{entry}/trang-chieu", need: desk.MakeMinutes, any: true, handle: s.papersSlidePost},
			{pattern: "POST /bau-cu/bien-ban-so/{entry}/niem-phong", need: desk.MakeMinutes, any: true, handle: s.papersSealingPost},
			{pattern: "POST /bau-cu/giay-to/{event}/muc/{entry}/ban-ky", need: desk.MakeMinutes, any: true, maxBody: scanBody, handle: s.paperScanPost},
			read("GET /bau-cu/giay-to/{event}/muc/{entry}/ban-ky/{hash}", s.paperScanGet),
			{pattern: "POST /bau-cu/bien-ban-so/{entry}/da-ky", need: desk.MakeMinutes, any: true, handle: s.minutesSignPost},
			{pattern: "POST /bau-cu/bien-ban-so/{entry}/ban-ky", need: desk.MakeMinutes, any: true, maxBody: scanBody, handle: s.minutesScanPost},
			read("GET /bau-cu/bien-ban-so/{entry}/ban-ky/{hash}", s.minutesScanGet),
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
	Kit    *Form       // prints the kit; nil for those who may not
	Prints []printLine // recorded, newest first
}

type papersRow struct {
	ID, Title string
	Tag       Tag
	Minutes   *election.Minutes // the newest
	Current   bool              // of the version in force
	List      string            // page of the list, "" for contests outside the chain
	Made      int               // how many minutes there are
	Signed    *document.Signing // of the newest minutes
	Slide     *Form             // prints the slide and the sealing slip; nil for those who may not
	Slip      *Form
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
				if err := c.papersRow(tx, d.Event, &row, r.Row); err != nil {
					return err
				}
				d.Rows = append(d.Rows, row)
			}
		}
		if d.Event.Kind == election.EventOwn {
			all, _, err := election.List(c.Ctx(), tx, election.Filter{Event: d.Event.ID})
			if err != nil {
				return err
			}
			for i := range all {
				row := papersRow{ID: all[i].ID, Title: c.Words(all[i].Title)}
				if err := c.papersRow(tx, d.Event, &row, &all[i]); err != nil {
					return err
				}
				d.Rows = append(d.Rows, row)
			}
		}
		if d.Other, err = c.docRows(tx, chain); err != nil {
			return err
		}
		if d.MayKit = c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: d.Event.Org}); d.MayKit && d.Event.Kind != election.EventOwn {
			if d.Kit, err = c.NewForm(tx, document.PapersSubject(d.Event.ID)); err != nil {
				return err
			}
		}
		if d.Prints, err = c.printLines(tx, d.Event.ID); err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		keep, err := document.KeepingTerm(lib, d.Event.Date)
		if err != nil {
			return err
		}
		d.Keep = &keep
		if d.Event.Kind == election.EventOwn {
			return nil // nothing is reported to an upper committee by a term
		}
		report, err := document.WorkingTerm(lib, document.RuleReport, d.Event.Date)
		if errors.Is(err, vn.ErrBeyond) {
			_, last := lib.Calendar().Span()
			d.Beyond = c.T("reg.days.until", dayText(c.Lang, last))
			return nil
		} else if err != nil {
			return err
		}
		d.Report = &report
		return nil
	})
	if err != nil {
		return err
	}
	return documentPapers.show(c, d)
}

// papersRow fills the row of a contest that has figures; nil: none yet.
func (c *Call) papersRow(tx *store.Tx, ev *election.Event, row *papersRow, have *election.Row) error {
	if have == nil {
		return nil
	}
	row.Tag = statusTag(c.Lang, have.Status)
	ms, err := election.MinutesOf(c.Ctx(), tx, have.ID)
	if err != nil {
		return err
	}
	if row.Made = len(ms); row.Made == 0 {
		return nil
	}
	row.Minutes, row.Current = &ms[0], ms[0].Version == have.Version
	if all, err := document.Signings(c.Ctx(), tx, ev.ID, ms[0].Entry); err != nil {
		return err
	} else if len(all) > 0 {
		row.Signed = &all[len(all)-1]
	}
	row.Slide, row.Slip, err = c.printForms(tx, ev)
	return err
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
