package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func aimsPath(unit string) string { return withQuery("/bao-cao/chi-tieu", nil, "don-vi", unit) }

func aimPath(id string) string { return "/bao-cao/chi-tieu/" + strings.TrimPrefix(id, "aim/") }

// aimRow is an aim held against one committee, for people.
type aimRow struct {
	Name, Path string // of the aim, or of the organisation on the page of one aim
	Organ      string
	Asks       string
	Paper      string
	Reached    int64
	Members    int64
	Needed     int64
	Unsure     int64
	Share      string // reached of members, "37.50"
	Track      Track
	Tag        Tag
	Moved      string // how many are reached when reckoned today, on a closed set
}

// aimRow puts one result into words; the name is the aim's.
func (c *Call) aimRow(r report.AimResult) aimRow {
	a := r.Aim
	x := aimRow{Name: c.Words(report.MeasureWords(a.Measure, a.Under)), Path: aimPath(a.ID), Organ: c.TK("report.part", a.Organ), Asks: c.Words(a.AsksWords()), Paper: c.aimPaper(a.Said),
		Reached: r.Reached, Members: r.Members, Needed: r.Needed, Unsure: r.Unsure}
	if r.Members > 0 {
		x.Share = hundredths(r.Reached, r.Members)
		x.Track = Track{Share: float64(r.Reached) / float64(r.Members), Threshold: float64(r.Needed) / float64(r.Members), Class: "passed"}
	}
	switch r.Outcome() {
	case report.AimMet:
		x.Tag, x.Track.Class = Tag{"yes", c.T("aim.met")}, "elected"
	case report.AimUnsure:
		x.Tag = Tag{"wait", c.T("aim.unsure", number(c.Lang, r.Unsure))}
	default:
		x.Tag = Tag{"no", c.T("aim.short", number(c.Lang, r.Short()))}
	}
	return x
}

// hundredths is n of all in percent, two decimals, half up: "37.50".
func hundredths(n, all int64) string {
	h := (n*20000/all + 1) / 2
	return strconv.FormatInt(h/100, 10) + "." + string([]byte{byte('0' + h/10%10), byte('0' + h%10)})
}

// aimPaper is the paper of an aim in one line.
func (c *Call) aimPaper(s report.AimSaid) string {
	d := s.Decision
	out := d.Number
	if !d.Date.IsZero() {
		out += " " + c.T("org.decision.date", dayText(c.Lang, d.Date))
	}
	return out
}

// aimRows are the aims of a sheet, as known at an entry (below 0: now).
func (c *Call) aimRows(tx *store.Tx, s *report.Sheet, known int64) ([]aimRow, error) {
	rs, err := report.AimResults(c.Ctx(), tx, s, known)
	var out []aimRow
	for _, r := range rs {
		out = append(out, c.aimRow(r))
	}
	return out, err
}

// reportAimsData are the aims that one organisation has set, and those of the
// organisations above that speak of its committee on the page's day.
type reportAimsData struct {
	Unit, Name string
	Own, Above []aimFactView
	May        bool
	Pick       *Form
}

// aimFactView is an aim for lists.
type aimFactView struct {
	Path, Name, Organ, Asks, Of, Paper, Reach string
	From, To                                  vn.Date
	Tag                                       Tag
}

var reportAims = page[reportAimsData]("report_aims")

func (s *Server) reportAimsGet(c *Call) error {
	q := c.R.URL.Query()
	d := reportAimsData{Pick: &Form{Values: q}, Unit: q.Get("don-vi")}
	if q.Get("tim") != "" {
		var err error
		if d.Unit, err = c.pickUnit(d.Pick, "tim", c.On(), true); err != nil {
			if err := c.Fail(d.Pick, err); err != nil {
				return err
			}
			d.Unit = q.Get("don-vi")
		}
	}
	if err := c.Read(func(tx *store.Tx) (err error) {
		if d.Unit == "" {
			if d.Unit, err = c.topUnit(tx); err != nil {
				return err
			}
		}
		if !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: d.Unit}) {
			return errNotFound
		}
		d.May = c.May(tx, desk.Need{Right: desk.CloseFigures, Org: d.Unit})
		if d.Name, err = c.unitName(tx, d.Unit, c.On()); err != nil {
			return err
		}
		own, err := report.AimsOf(c.Ctx(), tx, d.Unit, -1)
		if err != nil {
			return err
		}
		for _, a := range own {
			v, err := c.aimView(tx, a)
			if err != nil {
				return err
			}
			d.Own = append(d.Own, v)
		}
		above, err := report.AimsFor(c.Ctx(), tx, d.Unit, org.Now(c.On()))
		for _, a := range above {
			if a.Unit == d.Unit {
				continue
			}
			v, err := c.aimView(tx, a)
			if err != nil {
				return err
			}
			d.Above = append(d.Above, v)
		}
		return err
	}); err != nil {
		return err
	}
	return reportAims.show(c, d)
}

func (c *Call) aimView(tx *store.Tx, a report.AimFact) (v aimFactView, err error) {
	v = aimFactView{Path: aimPath(a.ID), Name: c.Words(report.MeasureWords(a.Measure, a.Under)), Organ: c.TK("report.part", a.Organ), Asks: c.Words(a.AsksWords()), Paper: c.aimPaper(a.Said), From: a.From, To: a.To}
	v.Reach = c.TK("aim.reaches", a.Reach)
	if a.Kind != "" {
		v.Reach += " (" + c.orgKind(a.Kind) + ")"
	}
	switch {
	case c.On().Before(a.From):
		v.Tag = Tag{"wait", c.T("aim.state.later")}
	case !a.To.IsZero() && !c.On().Before(a.To):
		v.Tag = Tag{"no", c.T("aim.state.over")}
	default:
		v.Tag = Tag{"yes", c.T("aim.state.now")}
	}
	v.Of, err = c.unitName(tx, a.Unit, a.From)
	return v, err
}

// reportAimData is one aim: what it asks, every committee it speaks of on the
// page's day, and everything said about it.
type reportAimData struct {
	Aim              report.AimFact
	View             aimFactView
	Path, List       string
	Rows             []aimRow
	Met, Not, Unsure int
	Said             []aimSaidView
	May              bool
	Gone             bool // withdrawn: what it was stands in the ledger
}

type aimSaidView struct {
	report.AimSaid
	What, Actor, When string
}

var reportAim = page[reportAimData]("report_aim")

func (s *Server) reportAimGet(c *Call) error {
	var d reportAimData
	if err := c.Read(func(tx *store.Tx) error { return c.readAim(tx, &d) }); err != nil {
		return err
	}
	return reportAim.show(c, d)
}

// mayReadAim says whether the user reads the record of the organisation whose
// aim it is, or of one that it speaks of on the page's day.
func (c *Call) mayReadAim(tx *store.Tx, a report.AimFact, may func(string) bool) (bool, error) {
	if may(a.Unit) {
		return true, nil
	}
	tree, err := org.Tree(c.Ctx(), tx, a.Unit, org.Now(c.On()))
	return slices.ContainsFunc(tree, func(u org.Unit) bool { return a.SpeaksOf(u) && may(u.ID) }), err
}

// readAim reads the aim of the path with the committees it speaks of. Whoever
// reads figures of one of them may read it; only committees one may read are listed.
func (c *Call) readAim(tx *store.Tx, d *reportAimData) error {
	id := "aim/" + c.R.PathValue("id")
	said, err := report.AimHistory(c.Ctx(), tx, id)
	if err != nil || len(said) == 0 {
		return or(err, errNotFound)
	}
	names := c.actorNames(tx)
	for _, s := range said {
		d.Said = append(d.Said, aimSaidView{AimSaid: s, What: c.TK("aim.said", s.What), Actor: names(s.Actor), When: whenText(c.Lang, s.At)})
	}
	var ok bool
	if d.Aim, ok, err = report.GetAim(c.Ctx(), tx, id, -1); err != nil {
		return err
	}
	if !ok {
		d.Gone = true
		if d.Aim, ok, err = report.GetAim(c.Ctx(), tx, id, said[len(said)-1].Entry-1); err != nil || !ok {
			return or(err, errNotFound)
		}
	}
	may := c.readable(tx, desk.ReadRecord)
	if ok, err := c.mayReadAim(tx, d.Aim, may); err != nil || !ok {
		return or(err, errNotFound)
	}
	d.Path, d.List = aimPath(id), aimsPath(d.Aim.Unit)
	d.May = !d.Gone && c.May(tx, desk.Need{Right: desk.CloseFigures, Org: d.Aim.Unit})
	if d.View, err = c.aimView(tx, d.Aim); err != nil || d.Gone {
		return err
	}
	over, err := report.AimOver(c.Ctx(), tx, d.Aim, org.Now(c.On()))
	if err != nil {
		return err
	}
	for _, u := range over {
		if !may(u.Unit.ID) {
			continue
		}
		x := c.aimRow(u.AimResult)
		x.Name, x.Path = u.Unit.Name, figuresPath(u.Unit.ID)
		switch u.Outcome() {
		case report.AimMet:
			d.Met++
		case report.AimUnsure:
			d.Unsure++
		default:
			d.Not++
		}
		d.Rows = append(d.Rows, x)
	}
	return nil
}
