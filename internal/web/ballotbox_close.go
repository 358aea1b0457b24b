package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// ballotboxCloseData are the figures before closing, held against the rules,
// or after it, before and after the report.
type ballotboxCloseData struct {
	Box       *ballotbox.Row
	User      boxUser
	State     ballotbox.State
	Tag       Tag
	Form      *Form
	Incident  *Form
	Figures   []closeFigure
	Lines     []closeLine
	Extra     []string
	Causes    []closeFigure
	Checks    []rule.Verdict // identities that fail
	Findings  []closeFinding
	Blocked   bool
	NeedNote  bool
	Others    []otherView
	Scans     []scanView
	Missing   string // why there is nothing to close yet
	Where     string // the page of what must be done first
	Elected   int
	NoVerdict bool // no regulation sets a threshold: counts and percents only
	Need      int64
	Base      int64
	Status    Tag
	Reported  bool
	Minutes   string // where the reader makes the minutes
	// Of a box of its own, which no minutes of a contest tell: its stock and team,
	// for the paper they sign.
	Stock []stockView
	Sign  []string
	Now   string
	Whole bool
}

type closeFigure struct {
	Label  string
	Number int64
	Known  bool
}

type closeLine struct {
	N       int
	Name    string
	Votes   int64
	Share   string
	Extra   []int64
	Outcome Tag
}

type closeFinding struct {
	Tag  Tag
	Says string
}

var (
	ballotboxClose  = page[ballotboxCloseData]("ballotbox_close")
	ballotboxReport = page[ballotboxCloseData]("ballotbox_report")
)

func (s *Server) ballotboxCloseGet(c *Call) error { return c.showClose(nil) }

func (c *Call) showClose(f *Form) error {
	d := ballotboxCloseData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if d.State, err = ballotbox.StateOf(c.Ctx(), tx, lib, b); err != nil {
			return err
		}
		d.Box, d.User, d.Tag = b, u, boxTag(c.Lang, d.State)
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.Subject(b.ID)); err != nil {
				return err
			}
		}
		if d.State != ballotbox.StateReady {
			d.notYet(c)
			return nil
		}
		check, err := ballotbox.CheckOf(c.Ctx(), tx, lib, b)
		if err != nil {
			return err
		}
		d.fill(c, b, check.Record, check.Result)
		d.Blocked, d.Others = check.Blocked, c.otherViews(b, check.Others)
		d.NeedNote = len(check.Warns) > 0
		d.Scans = c.scanViews(b, check.Scans, nil)
		for _, x := range d.Scans {
			d.NeedNote = d.NeedNote || x.Settled && !x.Same
		}
		for _, o := range d.Others {
			d.NeedNote = d.NeedNote || !o.Same
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.Missing == "" {
		if err := c.Viewed(ballotbox.Subject(d.Box.ID), c.T("ballotbox.close")); err != nil {
			return err
		}
	}
	return ballotboxClose.show(c, d)
}

// notYet says that there are no figures, and where to go on.
func (d *ballotboxCloseData) notYet(c *Call) {
	d.Missing, d.Where = c.T("ballotbox.close.not-yet", lowerFirst(ballotbox.StateWords[d.State].In(c.Lang))), "/kiem-phieu/hop/"+d.Box.ID
	if d.State == ballotbox.StateDoubts {
		d.Where = "/kiem-phieu/nghi-van/" + d.Box.ID
	}
}

// fill lays out a record and the verdict on it.
func (d *ballotboxCloseData) fill(c *Call, b *ballotbox.Row, rec *vote.Record, res *vote.Result) {
	add := func(key string, n *int64) {
		v := closeFigure{Label: c.TK("ballotbox.total", key)}
		if n != nil {
			v.Number, v.Known = *n, true
		}
		d.Figures = append(d.Figures, v)
	}
	if base := rec.Base; base != nil {
		add("summoned", base.Summoned)
		add("present", base.Present)
	}
	if v := rec.Voters; v != nil {
		add("listed", v.Listed)
		add("voted", v.Voted)
	}
	add("printed", rec.Ballots.Printed)
	add("issued", rec.Ballots.Issued)
	add("spoiled", rec.Ballots.Spoiled)
	add("unused", rec.Ballots.Unused)
	add("collected", rec.Ballots.Collected)
	add("valid", rec.Ballots.Valid)
	add("invalid", rec.Ballots.Invalid)
	causes := make([]string, 0, len(rec.Ballots.InvalidBy))
	for k := range rec.Ballots.InvalidBy {
		causes = append(causes, k)
	}
	slices.Sort(causes)
	for _, k := range causes {
		d.Causes = append(d.Causes, closeFigure{document.CauseWords(k).In(c.Lang), rec.Ballots.InvalidBy[k], true})
	}
	d.Extra = extraFigures(b.Sheet.Form)
	outcome := map[string]vote.Line{}
	for _, l := range res.Results {
		outcome[l.Candidate] = l
	}
	for i, x := range rec.Candidates {
		l := closeLine{N: i + 1, Name: b.Called(i), Votes: rec.Votes[x.ID], Share: outcome[x.ID].Share, Outcome: c.outcomeTagOf(rec.Rules, outcome[x.ID].Outcome)}
		for _, e := range d.Extra {
			m := map[string]map[string]int64{"disagree": rec.Disagree, "middle": rec.Middle, "unmarked": rec.Unmarked}[e]
			l.Extra = append(l.Extra, m[x.ID])
		}
		d.Lines = append(d.Lines, l)
	}
	for _, v := range res.Reasons {
		if res.Status == vote.Refused && !v.Holds {
			d.Checks = append(d.Checks, v)
		}
	}
	for _, f := range res.Findings {
		kind := map[string]string{"error": "stop", "warning": "wait"}[f.Severity]
		if kind == "" || f.Kind == "readings-differ" && kind == "wait" {
			continue
		}
		d.Findings = append(d.Findings, closeFinding{Tag{kind, c.TK("ballotbox.severity", f.Severity)}, upperFirst(c.Words(f.Says))})
	}
	d.NoVerdict = res.Status == vote.Counted
	d.Elected, d.Need, d.Status = len(res.Elected), res.Need, statusTag(c.Lang, string(res.Status))
	if res.Denominator.Count != nil {
		d.Base = *res.Denominator.Count
	}
}

func (s *Server) ballotboxClosePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	return c.finish(f, ballotbox.Close{Box: b.ID, Case: b.Case, Note: f.Text("note")}, "/kiem-phieu/bao-cao/"+b.ID, c.showClose)
}

func (s *Server) ballotboxReportGet(c *Call) error { return c.showReport(nil) }

// showReport is the settled result: before the report for the team, the chair
// and the case officer, each view logged; after it for every reader of the
// organisation's record.
func (c *Call) showReport(f *Form) error {
	d := ballotboxCloseData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			var again error
			if b, again = ballotbox.Get(c.Ctx(), tx, c.R.PathValue("id")); again != nil || b.Stage != ballotbox.StateReported || !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: b.Org}) {
				return err
			}
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		if d.State, err = ballotbox.StateOf(c.Ctx(), tx, lib, b); err != nil {
			return err
		}
		d.Box, d.User, d.Tag, d.Reported = b, u, boxTag(c.Lang, d.State), b.Stage == ballotbox.StateReported
		d.Minutes = c.minutesPath(tx, b)
		if _, none := election.GetRow(c.Ctx(), tx, b.Sheet.ID); none != nil && d.Reported && strings.HasPrefix(b.Case, "contest/"+ownBox) {
			if d.Stock, err = c.stockViews(tx, b); err != nil {
				return err
			}
			d.Sign = c.teamNames(b)
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, c.reportAct(tx, b).Subject()); err != nil {
				return err
			}
		}
		if b.Closed < 0 {
			d.notYet(c)
			return nil
		}
		rec, err := ballotbox.Record(c.Ctx(), tx, b)
		if err != nil {
			return err
		}
		res, err := vote.NewCounter(lib).Count(rec)
		if err != nil {
			return err
		}
		d.fill(c, b, rec, res)
		return nil
	})
	if err != nil {
		return err
	}
	if d.Missing == "" && !d.Reported {
		if err := c.Viewed(ballotbox.Subject(d.Box.ID), c.T("ballotbox.report")); err != nil {
			return err
		}
	}
	return ballotboxReport.show(c, d)
}

func (s *Server) ballotboxReportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	var act desk.Act
	if err := c.Read(func(tx *store.Tx) error { act = c.reportAct(tx, b); return nil }); err != nil {
		return err
	}
	return c.finish(f, act, "/kiem-phieu/bao-cao/"+b.ID, c.showReport)
}

// reportAct is the report of a box: of a contest in a chain, or of a step of a
// procedure, it records and counts in the same act.
func (c *Call) reportAct(tx *store.Tx, b *ballotbox.Row) desk.Act {
	if contest, ok := strings.CutPrefix(b.Case, "contest/"); ok {
		if event, err := election.EventOf(c.Ctx(), tx, contest); err == nil && event != "" {
			return election.ReportBox{OnRound: election.OnRound{Event: event, Org: b.Org, Contest: contest}}
		}
		if event, err := election.OwnEvent(c.Ctx(), tx, b.Case); err == nil && event != "" {
			return election.ReportOwn{Event: event, Org: b.Org, Box: b.ID}
		}
	}
	if id, ok := strings.CutPrefix(b.Case, "procedure/"); ok {
		if st, err := procedure.Get(c.Ctx(), tx, id, -1); err == nil && st != nil {
			for i := range st.Steps {
				if h := &st.Steps[i]; h.Opening.Body.Box == b.ID && h.Counted == nil {
					return procedure.ReportStep{Ref: procedure.Ref{ID: id, Org: st.Org}, Step: h.ID}
				}
			}
		}
	}
	return ballotbox.Report{Box: b.ID, Case: b.Case}
}

// ballotboxLogData is the entry log of a pile, to be printed and filed.
type ballotboxLogData struct {
	Box     *ballotbox.Row
	Pile    *ballotbox.Pile
	Lines   []keyedBallot
	Readers []logReader
	Total   int64
	Head    string
}

type logReader struct {
	Station, Attempt int
	Who, When        string
	Ballots          int64
	Entry            int64
	Counts           bool // of the reading that agreed
}

var ballotboxLog = page[ballotboxLogData]("ballotbox_log")

func (s *Server) ballotboxLogGet(c *Call) error {
	pile, err := strconv.Atoi(c.R.PathValue("pile"))
	if err != nil {
		return errNotFound
	}
	var d ballotboxLogData
	err = c.Read(func(tx *store.Tx) error {
		b, _, err := c.box(tx)
		if err != nil {
			return err
		}
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		// A pile's patterns are partial figures: they wait until every pile is read.
		if st, err := ballotbox.StateOf(c.Ctx(), tx, lib, b); err != nil {
			return err
		} else if st == ballotbox.StateReading {
			return desk.Refuse("Nhật ký nhập chỉ in được khi mọi tập đã khớp.", "The entry log can be printed once every pile agrees.")
		}
		causes, err := b.Causes(lib)
		if err != nil {
			return err
		}
		var ids []string
		for _, x := range causes {
			ids = append(ids, x.ID)
		}
		lines, readers, p, err := ballotbox.Log(c.Ctx(), tx, b, pile)
		if err != nil {
			return err
		}
		d.Box, d.Pile, d.Head = b, p, who(b, b.Team.Head)
		for _, l := range lines {
			d.Lines = append(d.Lines, keyedBallot{int(l.Ballots), ballotbox.WriteKeys(b.Sheet.Form, l.Pattern, ids), c.ballotSays(b, l.Pattern)})
			d.Total += l.Ballots
		}
		for _, r := range readers {
			d.Readers = append(d.Readers, logReader{r.Station, r.Attempt, who(b, r.Person), whenText(c.Lang, r.At), r.Ballots, r.Entry, r.Attempt == p.Attempt})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(ballotbox.Subject(d.Box.ID), c.T("ballotbox.log", strconv.Itoa(pile))); err != nil {
		return err
	}
	return ballotboxLog.show(c, d)
}
