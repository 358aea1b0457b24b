package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type electionContestData struct {
	*election.Detail
	Event     *election.Event
	Name      string
	Tag       Tag
	Next      string        // what the rules ask for, empty when nothing
	Threshold *rule.Verdict // of the rule that says who passes
	Bars      []electionBar
	Verdicts  []verdictGroup
	Findings  []findingView
	Versions  []versionView
	Minutes   []election.Minutes
	Old       bool // an older version is shown
	AsOf      bool // it is the one that stood on the day of "Tính đến"
	Later     bool // nothing of it was recorded by that day yet
	Newest    int64
	Origin    []string
	Derived   map[string]string // field → words, for figures the source does not state
	Figures   []figureView
	Base      string // what the base is made of, in words
	BaseNote  string // how it was reckoned, where persons came off
	AreaText  string
	Announced bool

	Form                                           *Form // for the announcement
	MayCorrect, MayAnnounce, MayMinutes, MayExport bool
	MayHall                                        bool // may open an account of the hall for this contest
	WhyNotMinutes, WhyNotAnnounce                  string
}

// electionBar is one candidate with bar, figures and outcome.
type electionBar struct {
	election.Line
	Show    string
	Track   Track
	Tag     Tag
	Against *int64 // those against, on a ballot with boxes
	Middle  *int64 // of three levels of confidence
}

// verdictGroup are the verdicts of one rule with the same outcome.
type verdictGroup struct {
	rule.Verdict
	Lines []verdictLine // shown
	More  []verdictLine // behind a fold, where there are many
	Cites []citeView
}

type verdictLine struct {
	Says string
	From []citeView
}

// citeView is a number of a verdict with the entry and field it came from.
type citeView struct {
	Label, Field string
	Value, Entry int64
}

// findingView is a finding with where to put it right.
type findingView struct {
	Tag  Tag
	Says string
	Rule string
	Law  *rule.Bound // the rule it speaks of, where there is one
	Fill string      // address of the form that fills in what is missing
}

type versionView struct {
	election.Version
	Tag   Tag
	Actor string
	Here  bool
}

// figureView is one recorded figure in the table of figures.
type figureView struct {
	Label   string
	Value   int64
	Entry   int64
	Derived string
}

var electionContest = page[electionContestData]("election_contest")

func (s *Server) electionContestGet(c *Call) error {
	d, err := c.electionContest(c.R.PathValue("id"), c.R.URL.Query().Get("ban"))
	if no, ok := asDeskError(err); ok && no.Code == desk.NotFound {
		if path := c.roundPath(c.R.PathValue("id")); path != "" {
			return c.Redirect(path)
		}
	}
	if err != nil {
		return err
	}
	return electionContest.show(c, *d)
}

// electionContest gathers everything the contest page shows. version is the
// entry of an older version, or empty.
func (c *Call) electionContest(id, version string) (*electionContestData, error) {
	d := &electionContestData{}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Detail, d.Event, err = c.contest(tx, id); err != nil {
			return err
		}
		d.Newest = d.Version
		vs, err := election.Versions(c.Ctx(), tx, id)
		if err != nil {
			return err
		}
		n := d.Version
		switch {
		case version != "":
			if n, err = parseIndex(version); err != nil {
				return err
			}
		case !c.asOf.IsZero():
			n, d.Later = stoodOn(vs, c.asOf, n)
			d.AsOf = n != d.Version
		}
		if n != d.Version {
			if d.Detail, err = election.GetVersion(c.Ctx(), tx, id, n); err != nil {
				return err
			}
			d.Old = true
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		res, err := d.WithWords(lib)
		if err != nil {
			return err
		}
		d.view(c, res)
		if book, err := lib.For(d.Rules, d.Row.Date); err == nil {
			for i := range d.Findings {
				d.Findings[i].Law = book.Find(d.Findings[i].Rule)
			}
		}
		for _, v := range vs {
			d.Versions = append(d.Versions, versionView{v, statusTag(c.Lang, v.Status), c.actorText(tx, v.Actor), v.Entry == d.Version})
		}
		if d.Minutes, err = election.MinutesOf(c.Ctx(), tx, id); err != nil {
			return err
		}
		return d.rights(c, tx, lib)
	})
	return d, err
}

// stoodOn is the version that stood at the end of a day; the newest, and later,
// when the contest was only recorded after it.
func stoodOn(vs []election.Version, day vn.Date, newest int64) (n int64, later bool) {
	n, later = newest, true
	best := int64(-1)
	for _, v := range vs {
		if v.Entry > best && !day.Before(vn.DateOf(v.At.In(zone))) {
			best = v.Entry
		}
	}
	if best >= 0 {
		return best, false
	}
	return n, later
}

func parseIndex(s string) (int64, error) {
	var n int64
	for _, r := range s {
		if r < '0' || r > '9' || n > 1<<50 {
			return 0, errNotFound
		}
		n = n*10 + int64(r-'0')
	}
	return n, nil
}

// rights says what the person may do here, and why something cannot be done yet.
func (d *electionContestData) rights(c *Call, tx *store.Tx, lib *rule.Library) error {
	subject := election.ContestSubject(d.ID)
	may := func(r desk.Right) bool { return !d.Old && c.May(tx, desk.Need{Right: r, Org: d.Org, Case: subject}) }
	d.MayCorrect, d.MayAnnounce, d.MayMinutes = may(desk.CorrectContest), may(desk.AnnounceContest), may(desk.MakeMinutes)
	d.MayExport, d.MayHall = may(desk.ExportBundle), may(desk.RecordContest)
	d.Announced = d.IsAnnounced()
	if err := d.MinutesReady(lib); err != nil {
		e, ok := asDeskError(err)
		if !ok {
			return err
		}
		d.WhyNotMinutes = c.Words(e.Says)
	}
	if !d.MayCorrect { // a link to a form one may not open helps nobody
		for i := range d.Findings {
			d.Findings[i].Fill = ""
		}
	}
	if !election.MayAnnounce(d.Status) {
		d.WhyNotAnnounce = c.T("election.announce.not", election.StatusWords(d.Status).In(c.Lang))
	}
	var err error
	d.Form, err = c.NewForm(tx, subject)
	return err
}

// electionAnnouncePost opens the hall display of a contest.
func (s *Server) electionAnnouncePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id := c.R.PathValue("id")
	d, err := c.electionContest(id, "")
	if err != nil {
		return err
	}
	rc, ok, err := c.Do(f, election.AnnounceResult{Contest: id, Org: d.Org})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(contestPath(id), rc)
	}
	d.Form = f
	return electionContest.show(c, *d)
}
