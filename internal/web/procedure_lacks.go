package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// lackLine is one thing that is missing in a case, or that runs out on a day.
type lackLine struct {
	Text   string
	Ground string  // document and article, or the office's table
	On     vn.Date // last day; zero for what has none
	Late   bool
	Left   int // working days left, where Known
	Known  bool
	Clock  vn.Date // day of a sample case that Late and Left are counted on, zero for today
	Path   string  // form that mends it, "" for none
	Act    string  // its name
}

// Behind is how many working days a line is late.
func (l lackLine) Behind() int { return -l.Left }

// lacks says what is missing in a case and what runs out when: first what has a
// day, by that day, then the rest in the order of the course.
func (c *Call) lacks(tx *store.Tx, v *caseView) ([]lackLine, error) {
	if v.Phase.Over() {
		return c.lacksOfFile(tx, v)
	}
	var out []lackLine
	today := v.today(c)
	add := func(text, act string) *lackLine {
		l := lackLine{Text: text}
		if act != "" && v.Run {
			l.Path, l.Act = procedureActPath(v.ID, act), c.TK("procedure.act", strings.SplitN(act, "?", 2)[0])
		}
		out = append(out, l)
		return &out[len(out)-1]
	}
	dated := func(text, act, ground string, on vn.Date) {
		l := add(text, act)
		l.On, l.Ground, l.Late = on, ground, on.Before(today)
		l.Left, l.Known = daysLeft(v.Lib.Calendar(), today, on)
		l.Clock = v.Clock
	}
	doc := v.Edition.Document.Number
	switch {
	case v.Phase == procedure.Needed:
		add(c.T("procedure.lack.ask"), "xin-chu-truong")
	case v.Phase == procedure.Asked && !v.Consent.Due.IsZero():
		dated(c.T("procedure.lack.consent"), "chu-truong", doc, v.Consent.Due)
	case v.Phase == procedure.Asked:
		add(c.T("procedure.lack.consent.nodue"), "chu-truong")
	case !v.Consent.RunDue.IsZero():
		dated(c.T("procedure.lack.run"), "", doc, v.Consent.RunDue)
	}
	for i := range v.Persons {
		if p := &v.Persons[i]; !p.Left {
			c.lacksOf(v, p, add, dated)
		}
	}
	lib, err := c.library(tx)
	if err != nil {
		return nil, err
	}
	for _, p := range v.Here() {
		found, err := procedure.Relatives(c.Ctx(), tx, lib, v.State, p, today)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			add(c.T("procedure.lack.relative", v.Name(p), c.Words(x.Pair.Says)), "").Ground = x.Pair.Article + ", " + x.Edition.Document.Number
		}
	}
	if st := v.Next(); st != nil && v.Phase == procedure.Running {
		item := rule.StepItem(v.Def.ID, st.ID)
		if _, ok := v.Lib.SettledStep(v.Edition, v.Def, st); !ok && v.Choices[item] == "" {
			add(c.T("procedure.lack.unverified", c.Words(st.Title)), "cach-hieu?muc="+item)
		}
		if st.Opinion && len(v.Opinions) == 0 {
			add(c.T("procedure.lack.opinion", st.ID), "y-kien")
		}
	}
	for _, st := range v.Def.Steps {
		if v.Differs(st) && !v.Explained(st) {
			add(c.T("procedure.why.differs", st.ID, st.Compare), "lam-ro?buoc="+st.ID)
		}
	}
	for _, q := range v.Asks {
		if q.Answered == nil {
			add(c.T("procedure.lack.answer", q.Asked.Body.Paper.By, dayText(c.Lang, q.Asked.Body.On)), "tra-loi?hoi="+strconv.FormatInt(q.Asked.Entry, 10))
		}
	}
	for _, l := range v.OpenLetters() {
		add(c.T("procedure.open.letter", v.Name(l.Received.Body.Person)), "xu-ly-don?don="+l.ID)
	}
	file, err := c.lacksOfFile(tx, v)
	if err != nil {
		return nil, err
	}
	out = append(out, file...)
	slices.SortStableFunc(out, func(a, b lackLine) int {
		if a.On.IsZero() != b.On.IsZero() {
			if a.On.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(a.On.Compare(b.On))
	})
	return out, nil
}

// lacksOf are the lines of one person's sheet that are open, or whose paper
// runs out.
func (c *Call) lacksOf(v *caseView, p *course.Person, add func(text, act string) *lackLine, dated func(text, act, ground string, on vn.Date)) {
	name, who := v.Name(p.ID), "?nguoi="+p.ID
	if len(p.Lines) == 0 {
		add(c.T("procedure.no.sheet", name), "so-lieu"+who)
		return
	}
	for _, l := range p.Lines {
		i := slices.IndexFunc(v.Def.Conditions, func(k rule.Condition) bool { return k.ID == l.Condition })
		if i < 0 {
			continue
		}
		k := &v.Def.Conditions[i]
		title, act := c.Words(k.Title), "dieu-kien"+who+"&dieu="+k.ID
		if k.Rule != "" {
			act = "so-lieu" + who
		}
		switch {
		case l.State == procedure.Met && !l.Expires.IsZero():
			dated(c.T("procedure.lack.expires", name, title), act, "", l.Expires)
		case l.State == procedure.Unknown:
			add(c.T("procedure.lack.line", name, title), act).Ground = k.Article
		case l.State == procedure.NotMet:
			add(c.T("procedure.lack.not", name, title), "dieu-kien"+who+"&dieu="+k.ID).Ground = k.Article
		case l.State == procedure.Undecided:
			add(c.T("procedure.lack.undecided", name, title), "cach-hieu").Ground = k.Article
		}
	}
}

// lacksOfFile are the signed papers of steps that are not recorded; they may
// come after the case is over too. Full minutes follow within the days the
// office gives them.
func (c *Call) lacksOfFile(tx *store.Tx, v *caseView) ([]lackLine, error) {
	var out []lackLine
	today := v.today(c)
	for _, it := range procedure.Contents(v.Def, v.State, v.Events) {
		if it.There() || it.What != "signed-minutes" && it.What != procedure.FullMinutes || v.Step(it.Step) == nil || v.Step(it.Step).Counted == nil {
			continue
		}
		l := lackLine{Text: c.T("procedure.no.signed", it.Step)}
		if v.Run {
			l.Path, l.Act = procedureActPath(v.ID, "ban-ky?buoc="+it.Step), c.TK("procedure.act", "ban-ky")
		}
		if it.What == procedure.FullMinutes {
			h, st := v.Step(it.Step), v.Def.Step(it.Step)
			row, ok, err := procedure.MeetingRow(c.Ctx(), tx, procedure.MinutesLimit, v.Org, v.State.Title, v.Body(st), h.Opening.Body.On)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			on, err := v.Lib.Calendar().AddWorking(h.Opening.Body.On, int(row.Days))
			if err != nil {
				continue // beyond the table of holidays nobody guesses
			}
			l.Text, l.On, l.Late, l.Ground = c.T("procedure.lack.full", it.Step), on, on.Before(today), c.TK("procedure.table", procedure.MinutesLimit)
			l.Left, l.Known = daysLeft(v.Lib.Calendar(), today, on)
			l.Clock = v.Clock
			if l.Path != "" {
				l.Path += "&full=on"
			}
		}
		out = append(out, l)
	}
	return out, nil
}

type procedureLacksData struct {
	View  *caseView
	Lines []lackLine
}

var procedureLacks = page[procedureLacksData]("procedure_lacks")

// procedureLacksGet is "what is missing, what runs out when" of one case.
func (s *Server) procedureLacksGet(c *Call) error {
	var d procedureLacksData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		d.Lines, err = c.lacks(tx, d.View)
		return err
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureLacks.show(c, d)
}

type procedureDueData struct {
	Cases         []procedureLacksData
	Prev, Next    string
	Page, PageEnd int
	Total         int
}

var procedureDue = page[procedureDueData]("procedure_due")

const duePage = 10

// procedureDueGet is the same of every running case the reader may see, by the
// nearest deadline.
func (s *Server) procedureDueGet(c *Call) error {
	d := procedureDueData{Page: 1}
	if n, err := strconv.Atoi(c.R.URL.Query().Get("trang")); err == nil {
		d.Page = max(n, 1)
	}
	err := c.Read(func(tx *store.Tx) error {
		scope, err := c.caseScope(tx)
		if err != nil {
			return err
		}
		rows, total, err := procedure.List(c.Ctx(), tx, procedure.Filter{Scope: scope, Running: true}, (d.Page-1)*duePage, duePage)
		if err != nil {
			return err
		}
		d.Total, d.PageEnd = total, max((total+duePage-1)/duePage, 1)
		for _, r := range rows {
			v, err := c.loadCase(tx, r.ID, -1)
			if err != nil {
				return err
			}
			x := procedureLacksData{View: v}
			if x.Lines, err = c.lacks(tx, v); err != nil {
				return err
			}
			d.Cases = append(d.Cases, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range d.Cases {
		if err := c.Viewed(procedure.Subject(x.View.ID), "case"); err != nil {
			return err
		}
	}
	if d.Page > 1 {
		d.Prev = "/quy-trinh/con-thieu?trang=" + strconv.Itoa(min(d.Page-1, d.PageEnd))
	}
	if d.Page < d.PageEnd {
		d.Next = "/quy-trinh/con-thieu?trang=" + strconv.Itoa(d.Page+1)
	}
	return procedureDue.show(c, d)
}
