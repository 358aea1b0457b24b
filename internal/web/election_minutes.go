package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

type electionMinutesData struct {
	ID, Title string
	Minutes   []minutesView
	Form      *Form // nil for those who may not make minutes
	Why       string
	Fill      string
	Board     []int
	Witnesses []int
	Seals     []Option
	Party     bool   // of the Party: a State contest's board is told by its kind
	Lacks     string // what the organisation's own template leaves out
	Own       string // page of that template
}

type minutesView struct {
	election.Minutes
	Actor   string
	Current bool // of the version in force
}

var electionMinutes = page[electionMinutesData]("election_minutes")

func (s *Server) electionMinutesGet(c *Call) error {
	d, err := c.minutesData(nil)
	if err != nil {
		return err
	}
	return electionMinutes.show(c, *d)
}

// minutesData gathers the page; f is a posted form that was not taken.
func (c *Call) minutesData(f *Form) (*electionMinutesData, error) {
	d := &electionMinutesData{ID: c.R.PathValue("id")}
	err := c.Read(func(tx *store.Tx) error {
		det, _, err := c.contest(tx, d.ID)
		if err != nil {
			return err
		}
		d.Title = contestTitle(c.Lang, det.Place, det.Title)
		ms, err := election.MinutesOf(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		for _, m := range ms {
			d.Minutes = append(d.Minutes, minutesView{m, c.actorText(tx, m.Actor), m.Version == det.Version})
		}
		subject := election.ContestSubject(d.ID)
		if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: det.Org, Case: subject}) {
			return nil
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if err := det.MinutesReady(lib); err != nil {
			e, ok := asDeskError(err)
			if !ok {
				return err
			}
			d.Why = c.Words(e.Says)
			if c.May(tx, desk.Need{Right: desk.CorrectContest, Org: det.Org, Case: subject}) {
				d.Fill = "/bau-cu/dinh-chinh/" + d.ID
			}
		}
		lacks, err := document.CountingMinutes.Lacks(c.Ctx(), tx, det.Org, c.Today())
		if err != nil {
			return err
		}
		d.Party = !strings.HasPrefix(det.Rules, "state-election/")
		if d.Lacks = c.Words(lacks); d.Lacks != "" {
			d.Own = templatePath(papersPath(det.Event)+"/mau", document.CountingMinutes.ID)
		}
		if d.Form = f; f == nil {
			d.Form, err = c.minutesForm(tx, d.ID)
		}
		return err
	})
	d.Board, d.Witnesses = []int{0, 1, 2, 3}, []int{0, 1}
	if d.Form != nil {
		for i := len(d.Board); i < min(rowsOf(d.Form, "board", 0), 60); i++ {
			d.Board = append(d.Board, i)
		}
	}
	for _, v := range []document.Seal{document.SealFooter, document.SealSlip, document.SealNone} {
		d.Seals = append(d.Seals, Option{string(v), c.TK("election.seal", string(v))})
	}
	return d, err
}

// minutesForm is a new form filled with what the meeting and the counting room
// know already.
func (c *Call) minutesForm(tx *store.Tx, contest string) (*Form, error) {
	f, err := c.NewForm(tx, election.ContestSubject(contest))
	if err != nil {
		return nil, err
	}
	set, err := document.Prefill(c.Ctx(), tx, contest)
	if err != nil {
		return nil, err
	}
	row, err := election.GetRow(c.Ctx(), tx, contest)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(row.Rules, "party-election/") {
		if set.Body, set.Upper, err = c.headOf(tx, row.Org, row.Event, row.Date); err != nil {
			return nil, err
		}
		if row.Place != "" {
			set.Body = row.Place
		}
	}
	f.Set("upper", set.Upper).Set("body", set.Body).Set("started", set.Started).Set("ended", set.Ended).Set("notes", set.Notes)
	put := func(prefix string, ms []document.Member) {
		for i, m := range ms {
			f.Set(fmt.Sprintf("%s[%d].name", prefix, i), m.Name).Set(fmt.Sprintf("%s[%d].role", prefix, i), m.Role)
		}
	}
	put("board", set.Board)
	put("witnesses", set.Witnesses)
	return f, nil
}

func (s *Server) electionMinutesPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	set := document.Setting{Place: f.Text("place"), Started: f.Text("started"), Ended: f.Text("ended"), Upper: f.Text("upper"), Body: f.Text("body"),
		Notes: f.Text("notes"), Complaints: f.Text("complaints"), Seal: document.Seal(f.Text("seal"))}
	members := func(prefix string) (out []document.Member) {
		for i := range min(rowsOf(f, prefix, 0), 60) {
			out = append(out, document.Member{Role: f.Text(fmt.Sprintf("%s[%d].role", prefix, i)), Name: f.Text(fmt.Sprintf("%s[%d].name", prefix, i))})
		}
		return out
	}
	set.Board, set.Witnesses = members("board"), members("witnesses")
	rc, err := document.MakeMinutes(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()}, c.R.PathValue("id"), set)
	if err == nil {
		return c.Done(fmt.Sprintf("/bau-cu/bien-ban-so/%d", rc.Entries[0].Index), rc)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	d, err := c.minutesData(f)
	if err != nil {
		return err
	}
	return electionMinutes.show(c, *d)
}

type electionPaperData struct {
	*document.Model
	Entry   int64
	Files   map[string]string
	Name    string
	Tag     Tag
	Next    string
	Elected []document.Candidate
	Rows    []paperRow
	Erased  bool
	Base    string
	Unit    string // the contest, as its own page is headed
	Sign    *signCard
	Scans   *scanCard
	Slide   *Form // prints the slide and the sealing slip; nil for those who may not
	Slip    *Form
	Prints  []printLine // of these minutes
	Papers  string      // page of the papers of the event
}

type paperRow struct {
	document.Candidate
	Tag Tag
}

var electionPaper = page[electionPaperData]("election_paper")

// minutesAt reads minutes and whether the person may see their contest.
func (c *Call) minutesAt(tx *store.Tx) (*election.Minutes, error) {
	n, err := c.index("entry")
	if err != nil {
		return nil, err
	}
	m, err := election.GetMinutes(c.Ctx(), tx, n)
	if err != nil {
		return nil, err
	}
	_, _, err = c.contest(tx, m.Contest)
	return m, err
}

func (s *Server) electionMinutesViewGet(c *Call) error { return c.showMinutes(nil) }

// showMinutes is the page of made minutes; f is a form of their signature that
// was not taken.
func (c *Call) showMinutes(f *Form) error {
	d := electionPaperData{}
	err := c.Read(func(tx *store.Tx) error {
		m, err := c.minutesAt(tx)
		if err != nil {
			return err
		}
		d.Entry, d.Files, d.Unit = m.Entry, m.Files, c.subjectName(tx, election.ContestSubject(m.Contest))
		ev, err := c.eventOfContest(tx, m.Contest)
		if err != nil {
			return err
		}
		if d.Slide, d.Slip, err = c.printForms(tx, ev); err != nil {
			return err
		}
		d.Papers = papersPath(ev.ID)
		all, err := c.printLines(tx, ev.ID)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.Minutes == m.Entry {
				d.Prints = append(d.Prints, p)
			}
		}
		if d.Scans, err = c.scans(tx, ev, m.Entry, fmt.Sprintf("/bau-cu/bien-ban-so/%d", m.Entry)); err != nil {
			return err
		}
		if m.Model == nil {
			d.Erased, d.Model = true, &document.Model{Contest: m.Contest, Code: m.Point.Code}
			return nil
		}
		if d.Model, err = document.Parse(m.Model); err != nil {
			return err
		}
		var who []string
		for _, x := range append(slices.Clone(d.Model.Board), d.Model.Witnesses...) {
			who = append(who, x.Name)
		}
		d.Sign, err = c.signature(tx, ev, m.Entry, fmt.Sprintf("/bau-cu/bien-ban-so/%d/da-ky", m.Entry), f, who)
		return err
	})
	if err != nil {
		return err
	}
	if !d.Erased {
		d.fill(c)
	}
	return electionPaper.show(c, d)
}

func (d *electionPaperData) fill(c *Call) {
	d.Name = c.Words(d.Title)
	d.Tag = statusTag(c.Lang, d.Status)
	d.Next = election.NextWords(d.Model.Next).In(c.Lang)
	d.Base = c.baseText(d.Of)
	for _, x := range d.Candidates {
		d.Rows = append(d.Rows, paperRow{x, outcomeTag(c.Lang, x.Outcome)})
	}
	for _, id := range d.Model.Elected {
		for _, x := range d.Candidates {
			if x.ID == id {
				d.Elected = append(d.Elected, x)
			}
		}
	}
}

func (s *Server) electionMinutesPDFGet(c *Call) error {
	return c.minutesFile(document.PDFFile, "application/pdf", "inline")
}

const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func (s *Server) electionMinutesDOCXGet(c *Call) error {
	return c.minutesFile(document.DOCXFile, wordType, "attachment")
}

// minutesFile sends one of the files that minutes bind by hash.
func (c *Call) minutesFile(which, mime, how string) error {
	var content []byte
	var name string
	err := c.Read(func(tx *store.Tx) error {
		m, err := c.minutesAt(tx)
		if err != nil {
			return err
		}
		fs, err := document.Files(c.Ctx(), tx, m)
		if err != nil {
			return err
		}
		var ok bool
		if content, ok = fs[which]; !ok {
			return desk.Missing("Biên bản này được lập trước khi có tệp Word.", "These minutes were made before there was a Word file.")
		}
		name = fmt.Sprintf("bien-ban-%s-muc-%d%s", strings.ReplaceAll(m.Contest, "/", "-"), m.Entry, which[strings.LastIndexByte(which, '.'):])
		return nil
	})
	if err != nil {
		return err
	}
	return c.file(content, mime, how, name)
}
