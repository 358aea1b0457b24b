package web

import (
	"strconv"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const daysPath = "/quy-dinh/ngay-nghi"

// daysAhead is how many days before the table ends its keepers are reminded.
const daysAhead = 60

// regulationDaysData is a year of the calendar that terms are reckoned by.
type regulationDaysData struct {
	Year        int
	Prev, Next  int // years the table knows, 0 none
	First, Last vn.Date
	Ends        bool // the table ends soon, or has ended
	Months      []calendarMonth
	Days        []restDay
	Off, Work   int
	Periods     []regulation.RecordedDays
	Names       func(string) string
	Keeper      bool
}

type calendarMonth struct {
	Title string
	Weeks [][7]calendarDay
}

// calendarDay is a day of a month, N 0 outside it.
type calendarDay struct {
	N           int
	Kind, Title string // "off", "work", "rest" (weekend), "unknown", "" a common day
}

type restDay struct {
	vn.SpecialDay
	Weekday string
}

// regulationDaysFormData is the form with what it would do.
type regulationDaysFormData struct {
	Form    *Form
	Preview bool
	Problem bool
	Days    []restDay
	From    vn.Date
	To      vn.Date
	Last    vn.Date
}

var (
	regulationDays     = page[regulationDaysData]("regulation_days")
	regulationDaysForm = page[regulationDaysFormData]("regulation_days_form")
)

func (s *Server) regulationDaysGet(c *Call) error {
	d := regulationDaysData{Keeper: c.User.Has(desk.KeepRegulation)}
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		cal := lib.Calendar()
		d.First, d.Last = cal.Span()
		d.Year = min(max(c.On().Year, d.First.Year), d.Last.Year)
		if y, err := strconv.Atoi(c.R.URL.Query().Get("nam")); err == nil {
			if y < d.First.Year || d.Last.Year < y {
				return errNotFound
			}
			d.Year = y
		}
		if d.Year > d.First.Year {
			d.Prev = d.Year - 1
		}
		if d.Year < d.Last.Year {
			d.Next = d.Year + 1
		}
		d.Ends = endsSoon(cal, c.Today())
		d.Months = c.months(cal, d.Year)
		for _, x := range cal.Days(d.Year) {
			if d.Days = append(d.Days, c.restDay(x)); x.Work {
				d.Work++
			} else {
				d.Off++
			}
		}
		d.Periods, err = regulation.DaysRecorded(c.Ctx(), tx)
		d.Names = c.actorNames(tx)
		for _, p := range d.Periods { // read while the transaction is open
			d.Names(p.Actor)
		}
		return err
	})
	if err != nil {
		return err
	}
	return regulationDays.show(c, d)
}

func endsSoon(cal *vn.Calendar, today vn.Date) bool {
	_, last := cal.Span()
	return last.Before(today.AddDays(daysAhead))
}

func (c *Call) restDay(x vn.SpecialDay) restDay {
	return restDay{x, c.TK("reg.days.weekday", strconv.Itoa(int(x.Day.Weekday())))}
}

// months lays the days of a year out in weeks that begin on Monday.
func (c *Call) months(cal *vn.Calendar, year int) (out []calendarMonth) {
	first, last := cal.Span()
	for m := time.January; m <= time.December; m++ {
		month := calendarMonth{Title: c.T("reg.days.month", int(m))}
		week, any := [7]calendarDay{}, false
		for d := (vn.Date{Year: year, Month: m, Day: 1}); d.Month == m; d = d.AddDays(1) {
			at := (int(d.Weekday()) + 6) % 7
			x := calendarDay{N: d.Day}
			switch s, ok := cal.Special(d); {
			case d.Before(first) || last.Before(d):
				x.Kind, x.Title = "unknown", c.T("reg.days.unknown")
			case ok && s.Work:
				x.Kind, x.Title = "work", s.Name
			case ok:
				x.Kind, x.Title = "off", s.Name
			case at >= 5:
				x.Kind = "rest"
			}
			week[at], any = x, true
			if at == 6 {
				month.Weeks, week, any = append(month.Weeks, week), [7]calendarDay{}, false
			}
		}
		if any {
			month.Weeks = append(month.Weeks, week)
		}
		out = append(out, month)
	}
	return out
}

func (s *Server) regulationDaysFormGet(c *Call) error {
	var d regulationDaysFormData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		if d.Form, err = c.NewForm(tx, regulation.DaysSubject); err != nil {
			return err
		}
		cal := lib.Calendar()
		first, last := cal.Span()
		d.Last = last
		from := last.AddDays(1)
		to := vn.Date{Year: from.Year, Month: time.December, Day: 31}
		if y, err := strconv.Atoi(c.R.URL.Query().Get("nam")); err == nil && first.Year <= y && y <= last.Year {
			// A year that is known, to be told anew: its days stand in the box.
			from, to = vn.Date{Year: y, Month: time.January, Day: 1}, vn.Date{Year: y, Month: time.December, Day: 31}
			if from.Before(first) {
				from = first
			}
			if last.Before(to) {
				to = last
			}
			var lines []string
			for _, x := range cal.Days(y) {
				lines = append(lines, regulation.DayLine(rule.Day{On: x.Day, Work: x.Work, Name: x.Name}))
			}
			d.Form.Set("days", strings.Join(lines, "\n"))
		}
		d.Form.Set("from", from.Vietnamese()).Set("to", to.Vietnamese())
		return nil
	})
	if err != nil {
		return err
	}
	return regulationDaysForm.show(c, d)
}

func (s *Server) regulationDaysFormPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d := regulationDaysFormData{Form: f}
	act, err := daysAct(f)
	if err == nil && f.Value("step") == "record" {
		rc, ok, err := c.Do(f, act)
		if err != nil {
			return err
		}
		if ok {
			return c.Done(daysPath+"?nam="+strconv.Itoa(act.From.Year), rc)
		}
	} else if err == nil {
		err = c.Read(func(tx *store.Tx) error {
			lib, err := c.library(tx)
			if err != nil {
				return err
			}
			_, d.Last = lib.Calendar().Span()
			_, err = act.Decide(c.Ctx(), &desk.Scene{Tx: tx, Rules: lib, Actor: c.User.Account})
			return err
		})
		d.Preview = err == nil
	}
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
	}
	if d.From, d.To = act.From, act.To; d.Preview {
		for _, x := range act.Days.Days {
			d.Days = append(d.Days, c.restDay(vn.SpecialDay{Day: x.On, Work: x.Work, Name: x.Name}))
		}
	}
	return regulationDaysForm.show(c, d)
}

func daysAct(f *Form) (a regulation.RecordDays, err error) {
	if a.From, err = f.Day("from"); err != nil {
		return a, err
	}
	if a.To, err = f.Day("to"); err != nil {
		return a, err
	}
	a.Number, a.Issuer = f.Text("number"), f.Text("issuer")
	if a.Date, err = f.Day("date"); err != nil {
		return a, err
	}
	a.Days.Days, err = regulation.ParseDays(f.Value("days"))
	return a, err
}

// daysTask reminds keepers of a table that ends soon: terms in working days
// beyond it are not known.
func daysTask(c *Call, lib *rule.Library) []Task {
	cal := lib.Calendar()
	if !c.User.Has(desk.KeepRegulation) || !endsSoon(cal, c.Today()) {
		return nil
	}
	_, last := cal.Span()
	return []Task{{Title: c.T("reg.days.task"), Path: daysPath + "/ghi", Detail: c.T("reg.days.until", dayText(c.Lang, last)),
		Missing: c.T("reg.days.task.missing"), Late: last.Before(c.Today())}}
}
