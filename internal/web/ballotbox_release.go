package web

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/url"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// longWork bounds reading back a ballot, and how long the reading of scans may
// stand still.
const longWork = 150 * time.Second

func (c *Call) long() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(c.Ctx()), longWork)
}

// ballotboxReleaseData is the page on which a box's ballot is set, read back,
// released and printed.
type ballotboxReleaseData struct {
	Box      *ballotbox.Row
	User     boxUser
	Form     *Form
	Opt      paper.Options
	Problem  string
	Sides    []string
	Released *ballotbox.Released
	Who      string
	Same     bool // what is shown is what was released
	Failures []string
	Most     int
	State    bool
	Facts    []releasedFact // of what was released
	Settings bool           // the settings stand open: nothing is released yet, or they are being changed
	TwoSided bool           // what is shown is a draft with two sides
	Set      string         // paper, sides, columns and type of what is shown
	Small    bool           // one side in small type: what that costs is said
}

// releasedFact is one line of the summary of a released ballot.
type releasedFact struct{ What, Is string }

var ballotboxRelease = page[ballotboxReleaseData]("ballotbox_release")

func ballotOptions(v url.Values) paper.Options {
	o := paper.Options{Paper: v.Get("giay"), Title: v.Get("ten"), Organisation: v.Get("to-chuc"), Upper: v.Get("cap-tren"), Place: v.Get("noi"), Marks: v.Get("dau") == "1"}
	o.Columns, _ = strconv.Atoi(v.Get("cot"))
	o.Sides, _ = strconv.Atoi(v.Get("so-mat"))
	return o
}

// ballotValues are options as ballotOptions reads them.
func ballotValues(o paper.Options) url.Values {
	v := url.Values{"giay": {o.Paper}, "ten": {o.Title}, "to-chuc": {o.Organisation}, "cap-tren": {o.Upper}, "noi": {o.Place}}
	if o.Columns > 0 {
		v.Set("cot", strconv.Itoa(o.Columns))
	}
	if o.Sides > 0 {
		v.Set("so-mat", strconv.Itoa(o.Sides))
	}
	if o.Marks {
		v.Set("dau", "1")
	}
	return v
}

// headOf are the names that a paper of a unit bears at its head on that day: its
// own, and over it that of the unit it belongs to; "" where the registry knows
// none. Where no unit is named, it is the unit that holds the meeting.
func (c *Call) headOf(tx *store.Tx, unit, held string, on vn.Date) (own, upper string, err error) {
	if unit == "" && held != "" {
		m, err := meeting.Get(c.Ctx(), tx, held)
		if err != nil {
			return "", "", err
		}
		if m != nil {
			unit = m.Org
		}
	}
	path, err := org.Path(c.Ctx(), tx, unit, org.Now(on))
	if err != nil {
		return "", "", err
	}
	for i, u := range path {
		if u.ID != unit {
			continue
		}
		own = u.Name
		if i > 0 {
			upper = path[i-1].Name
		}
	}
	return own, upper, nil
}

// spelled is a printed name, which stands in capitals, in the registry's
// spelling where it is the same name.
func spelled(printed, known string) string {
	if printed == strings.ToUpper(known) {
		return known
	}
	return printed
}

func (s *Server) ballotboxReleaseGet(c *Call) error { return c.showRelease(nil, nil) }

func (c *Call) showRelease(f *Form, failures []string) error {
	d := ballotboxReleaseData{Form: f, Failures: failures, Most: document.MaxCopies}
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		d.Box, d.User, d.State = b, u, strings.HasPrefix(b.Sheet.Rules, "state-election/")
		var ok bool
		if d.Released, ok, err = ballotbox.ReleasedBallot(c.Ctx(), tx, b.ID); err != nil {
			return err
		}
		if ok {
			d.Who = who(b, d.Released.Person)
		}
		if !d.State { // the head of a state ballot is its constituency, which no unit of the registry is
			if d.Opt.Organisation, d.Opt.Upper, err = c.headOf(tx, b.Org, b.Meeting, b.Held); err != nil {
				return err
			}
		}
		if d.Form == nil {
			d.Form, err = c.NewForm(tx, ballotbox.Subject(b.ID)+"/ballot")
		}
		return err
	})
	if err != nil {
		return err
	}
	q := c.R.URL.Query()
	asked := q.Has("giay")
	if f != nil {
		q, asked = f.Values, true
	}
	show := true
	if asked {
		d.Opt = ballotOptions(q)
		show = d.Opt.Title != ""
	} else {
		d.Opt.Title = d.Box.Title.VI
	}
	var l *paper.Layout
	if !asked && d.Released != nil && d.Released.Layout != nil {
		l = d.Released.Layout
	} else if show {
		if l, err = d.Box.Design(d.Opt); err != nil {
			var ok bool
			if d.Problem, ok = c.plain(err); !ok {
				return err
			}
		}
	}
	d.Settings = d.Released == nil || asked
	if d.Released != nil && d.Released.Layout != nil {
		d.Facts = c.releasedFacts(d.Released)
		if !asked {
			known := d.Opt
			d.Opt = d.Box.OptionsOf(d.Released.Layout)
			d.Opt.Organisation = spelled(d.Opt.Organisation, known.Organisation)
			d.Opt.Upper = spelled(d.Opt.Upper, known.Upper)
		}
	}
	if l != nil {
		d.Set = c.setIn(l)
		d.Small = l.Sides == 1 && l.Least() < 13 && !d.State
		d.TwoSided = l.Sides == 2 && (d.Released == nil || d.Released.Digest != l.Digest)
		d.Same = d.Released != nil && d.Released.Digest == l.Digest
		for side := 1; side <= l.Sides; side++ {
			v := url.Values{}
			if !d.Same {
				v = ballotValues(d.Opt)
			}
			d.Sides = append(d.Sides, fmt.Sprintf("/kiem-phieu/phieu-tep/mat-%d/%s?%s", side, d.Box.ID, v.Encode()))
		}
	}
	return ballotboxRelease.show(c, d)
}

// paperName is what a size of paper is called.
func paperName(s paper.Sheet) string {
	if s.W > 200 {
		return "A4"
	}
	return "A5"
}

// setIn says in a line how a ballot is set.
func (c *Call) setIn(l *paper.Layout) string {
	size := ""
	if p := l.Least(); p > 0 {
		size = c.T("ballotprint.points", strings.Replace(strconv.FormatFloat(p, 'f', -1, 64), ".", c.T("ballotprint.point"), 1))
	}
	return c.T("ballotprint.set", c.T("ballotbox.paper.size", paperName(l.Paper), strconv.Itoa(l.Sides), strconv.Itoa(columnsOf(l)))+size)
}

// columnsOf counts the columns of names on the front.
func columnsOf(l *paper.Layout) int {
	columns := map[float64]bool{}
	for _, i := range l.On(1) {
		columns[l.Candidates[i].RowBox.X()] = true
	}
	return len(columns)
}

// releasedFacts say in a few lines what was released: what the board holds
// against the first printed sheet.
func (c *Call) releasedFacts(r *ballotbox.Released) []releasedFact {
	l := r.Layout
	form, marks, use := "ballotprint.form.strike", "ballotbox.paper.marks.off", "ballotbox.paper.use.scan"
	if l.Form == paper.FormAgree {
		form = "ballotprint.form.agree"
	}
	if l.Marks != nil {
		marks = "ballotbox.paper.marks.on"
	}
	if !r.Scan {
		use = "ballotbox.paper.use.hand"
	}
	return []releasedFact{
		{c.T("ballotbox.paper.use"), c.T(use)},
		{c.T("ballotprint.what"), l.Title},
		{c.T("ballotprint.form"), c.T(form)},
		{c.T("ballotprint.paper"), c.T("ballotbox.paper.size", paperName(l.Paper), strconv.Itoa(l.Sides), strconv.Itoa(columnsOf(l)))},
		{c.T("ballotbox.paper.names"), c.T("ballotbox.paper.names.of", strconv.Itoa(len(l.Candidates)), strconv.FormatInt(l.Seats, 10))},
		{c.T("ballotbox.paper.marks"), c.T(marks)},
		{c.T("ballotbox.paper.readback"), c.T("ballotbox.paper.trials", strconv.Itoa(r.Tried), strconv.Itoa(r.Failed))},
		{c.T("ballotbox.paper.edition"), r.Digest[:min(12, len(r.Digest))]},
	}
}

// plain is the sentence of an error that is in plain words.
func (c *Call) plain(err error) (string, bool) {
	f := c.BlankForm()
	if c.Fail(f, err) != nil || f.Problem == nil {
		return "", false
	}
	return f.Problem.Text, true
}

// ballotboxReleasePost reads the ballot back and releases it.
func (s *Server) ballotboxReleasePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	b, _, err := c.theBox()
	if err != nil {
		return err
	}
	var lib *rule.Library
	if err := c.Read(func(tx *store.Tx) (err error) {
		lib, err = c.s.desk.Rules(c.Ctx(), tx)
		return err
	}); err != nil {
		return err
	}
	show := func(f *Form) error { return c.showRelease(f, nil) }
	act, back, err := ballotbox.TryBallot(lib, b, ballotOptions(f.Values))
	if err != nil {
		return c.again(f, err, show)
	}
	act.HandOnly = f.Value("hand") != ""
	ctx, cancel := c.long()
	defer cancel()
	rc, err := s.desk.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Act: act})
	if err == nil {
		return c.Done("/kiem-phieu/phieu/"+b.ID, rc)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	var failures []string
	for _, x := range back.Failures {
		failures = append(failures, c.Words(rule.Words{VI: x.VI, EN: x.EN}))
	}
	return c.showRelease(f, failures)
}

// ballotboxPaperGet gives the picture of a side, or the PDF of the released
// ballot with its layout.
func (s *Server) ballotboxPaperGet(c *Call) error {
	var b *ballotbox.Row
	var rel *ballotbox.Released
	if err := c.Read(func(tx *store.Tx) (err error) {
		if b, _, err = c.box(tx); err != nil {
			return err
		}
		rel, _, err = ballotbox.ReleasedBallot(c.Ctx(), tx, b.ID)
		return err
	}); err != nil {
		return err
	}
	q := c.R.URL.Query()
	var l *paper.Layout
	switch {
	case q.Get("ten") != "":
		var err error
		if l, err = b.Design(ballotOptions(q)); err != nil {
			return err
		}
	case rel != nil && rel.Layout != nil:
		l = rel.Layout
	default:
		return errNotFound
	}
	var out bytes.Buffer
	var err error
	kind, name := "application/pdf", "phieu-"+strings.ReplaceAll(b.ID, "/", "-")+".pdf"
	switch what := c.R.PathValue("what"); what {
	case "pdf":
		if rel == nil || l != rel.Layout { // only what was released is printed
			return errNotFound
		}
		n, e := strconv.Atoi(q.Get("so"))
		if e != nil || n < 1 || n > document.MaxCopies {
			return desk.Wrong("so", c.T("ballotprint.copies.wrong", strconv.Itoa(document.MaxCopies)), c.T("ballotprint.copies.wrong", strconv.Itoa(document.MaxCopies)))
		}
		err = document.Ballots(&out, l, n)
	case "mat-1", "mat-2":
		side := int(what[len(what)-1] - '0')
		if side > l.Sides {
			return errNotFound
		}
		kind, name = "image/png", what+".png"
		err = png.Encode(&out, paper.Render(l, side, 110))
	default:
		return errNotFound
	}
	if err != nil {
		return err
	}
	return c.file(out.Bytes(), kind, "inline", name)
}
