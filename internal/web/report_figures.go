package web

import (
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// reportFiguresData are the figures of a unit and all under it on the page's
// day, with pictures, and the form that closes them.
type reportFiguresData struct {
	Unit     string
	Name     string
	Up       []Crumb
	Below    []Crumb // units directly under it
	Pick     *Form
	Sheet    *report.Sheet
	Tables   []tableView
	Targets  []report.Target
	NoAims   bool     // a committee stands, and no regulation of the day aims at anything
	Aims     []aimRow // own aims held against the committee
	AimList  string
	Series   *Lines
	Points   []pointView
	Inexact  bool
	Form     *Form
	May      bool
	Closed   string // page of the closed set of this unit and day
	Why      string // why there are no figures
	Files    string
	Replaces string
}

// tableView is a table of figures for people.
type tableView struct {
	Kind, Title string
	First       string // head of the first column
	Heads       []string
	Rows        []countRow
	Bars        *Bars
	Note        string // how people are counted, where a sum would mislead
}

type countRow struct {
	Name, Path string
	Cells      []countCell
	Sum        bool
}

type countCell struct {
	N     int64
	Head  string
	Moved string // what it was when the figures were closed
}

type pointView struct {
	On    vn.Date
	N     int64
	Exact bool
	Units []string
}

var reportFigures = page[reportFiguresData]("report_figures")

func (s *Server) reportFiguresGet(c *Call) error { return c.showFigures(nil) }

func (c *Call) showFigures(f *Form) error {
	q := c.R.URL.Query()
	d := reportFiguresData{Pick: &Form{Values: q}, Form: f, Replaces: q.Get("thay")}
	unit := q.Get("don-vi")
	if f != nil {
		unit, d.Replaces = f.Text("unit"), f.Text("replaces")
	} else if q.Get("tim") != "" {
		var err error
		if unit, err = c.pickUnit(d.Pick, "tim", c.On(), true); err != nil {
			if err := c.Fail(d.Pick, err); err != nil {
				return err
			}
			return reportFigures.show(c, d)
		}
	}
	if err := c.Read(func(tx *store.Tx) error { return c.figures(tx, &d, unit) }); err != nil {
		return err
	}
	return reportFigures.show(c, d)
}

func (c *Call) figures(tx *store.Tx, d *reportFiguresData, unit string) (err error) {
	if unit == "" {
		if unit, err = c.topUnit(tx); err != nil {
			return err
		}
	}
	if !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: unit}) {
		return errNotFound
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	d.Unit, d.Files = unit, withQuery("/bao-cao/so-lieu/", nil, "don-vi", unit)
	if d.Name, err = c.unitName(tx, unit, c.On()); err != nil {
		return err
	}
	if d.Sheet, err = report.Reckon(c.Ctx(), tx, lib, unit, c.On()); err != nil {
		if e, ok := asDeskError(err); ok {
			d.Why = c.Words(e.Says)
			return nil
		}
		return err
	}
	at := org.Now(c.On())
	path, err := org.Path(c.Ctx(), tx, unit, at)
	if err != nil {
		return err
	}
	for _, u := range path {
		if u.ID != unit {
			d.Up = append(d.Up, Crumb{u.Name, figuresPath(u.ID)})
		}
	}
	if d.Tables, err = c.tableViews(tx, d.Sheet, nil); err != nil {
		return err
	}
	if d.Targets, err = report.Targets(lib, d.Sheet); err != nil {
		return err
	}
	if d.Aims, err = c.aimRows(tx, d.Sheet, -1); err != nil {
		return err
	}
	_, stands := d.Sheet.Table(report.Committee)
	d.NoAims, d.AimList = stands && len(d.Targets) == 0, aimsPath(unit)
	if err := c.series(tx, d); err != nil {
		return err
	}
	if id, err := report.Standing(c.Ctx(), tx, unit, c.On()); err != nil {
		return err
	} else if id != "" {
		d.Closed = closedPath(id)
	}
	d.May = c.May(tx, desk.Need{Right: desk.CloseFigures, Org: unit}) && !c.Today().Before(c.On()) && (d.Closed == "" || d.Replaces != "")
	if d.Form == nil {
		d.Form = c.BlankForm().Set("date", dayText("vi", c.Today()))
		if d.Replaces != "" {
			if old, ok, err := report.Get(c.Ctx(), tx, d.Replaces); err != nil {
				return err
			} else if ok {
				d.Form.Set("title", old.Signing.Title).Set("signer", old.Signing.Signer).Set("role", old.Signing.Role)
			}
		}
	}
	return nil
}

// tableViews puts tables into words; then, when given, is what the figures were
// when they were closed.
func (c *Call) tableViews(tx *store.Tx, s *report.Sheet, moved []report.Difference) ([]tableView, error) {
	was := map[[4]string]string{}
	for _, m := range moved {
		was[[4]string{m.Table, m.Column, m.Row.Unit, m.Row.Part}] = number(c.Lang, m.Now)
	}
	var out []tableView
	for _, t := range s.Tables {
		if t.Kind == report.Aims {
			continue // shown with what each aim asks, see aimRows
		}
		v := tableView{Kind: t.Kind, Title: c.Words(report.Words(t.Kind)), First: c.T("report.col.unit")}
		for _, k := range t.Columns {
			v.Heads = append(v.Heads, c.Words(report.ColumnWords(t.Kind, k)))
		}
		row := func(r report.Row, sum bool) (countRow, error) {
			f := countRow{Sum: sum}
			for i, n := range r.N {
				f.Cells = append(f.Cells, countCell{N: n, Head: v.Heads[i], Moved: was[[4]string{t.Kind, t.Columns[i], r.Unit, r.Part}]})
			}
			var err error
			switch {
			case sum:
				f.Name = c.T("report.sum")
			case r.Part != "":
				f.Name = c.TK("report.part", r.Part)
			default:
				f.Path = figuresPath(r.Unit)
				f.Name, err = c.unitName(tx, r.Unit, s.On)
			}
			return f, err
		}
		for _, r := range t.Rows {
			f, err := row(r, false)
			if err != nil {
				return nil, err
			}
			v.Rows = append(v.Rows, f)
		}
		totals := t.Total
		if totals != nil {
			f, err := row(report.Row{N: totals}, true)
			if err != nil {
				return nil, err
			}
			v.Rows = append(v.Rows, f)
		} else if len(t.Rows) > 0 {
			totals = t.Rows[0].N
		}
		bars := c.figureBars(v, totals)
		if len(v.Heads) > mostHeads {
			v = v.turned(c.T("report.col.what"))
		}
		v.Bars = bars
		switch {
		case t.ByHighest():
			v.Note = c.T("report.levels.note")
		case t.Kind == report.Degrees: // closed by an older release
			v.Note = c.T("report.degrees.note")
		}
		out = append(out, v)
	}
	return out, nil
}

// mostHeads is how many columns a table has before it is laid on its side.
const mostHeads = 10

// turned makes rows of the columns.
func (v tableView) turned(first string) tableView {
	out := tableView{Kind: v.Kind, Title: v.Title, First: first}
	for _, r := range v.Rows {
		out.Heads = append(out.Heads, r.Name)
	}
	for i, h := range v.Heads {
		line := countRow{Name: h}
		for k, r := range v.Rows {
			x := r.Cells[i]
			x.Head = out.Heads[k]
			line.Cells = append(line.Cells, x)
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// figureBars draws the totals of a table.
func (c *Call) figureBars(v tableView, totals []int64) *Bars {
	var most int64
	for _, n := range totals {
		most = max(most, n)
	}
	if most == 0 {
		return nil
	}
	bars := make([]Bar, len(totals))
	for i, n := range totals {
		bars[i] = Bar{Name: v.Heads[i], Share: float64(n) / float64(most), Value: number(c.Lang, n), Class: "passed"}
	}
	return newBars("so-"+v.Kind, v.Title, c.T("report.bars", v.Title), 0, "", bars)
}

// seriesYears is how many ends of years the line goes back.
const seriesYears = 8

// series is the number of members at the end of the years before the day, and on
// the day.
func (c *Call) series(tx *store.Tx, d *reportFiguresData) error {
	on := c.On()
	var days []vn.Date
	for y := on.Year - seriesYears; y < on.Year; y++ {
		days = append(days, vn.Date{Year: y, Month: 12, Day: 31})
	}
	days = append(days, on)
	ps, err := report.Series(c.Ctx(), tx, d.Unit, on, days)
	if err != nil {
		return err
	}
	line := Line{Class: "a"}
	var labels []string
	for _, p := range ps {
		v := pointView{On: p.On, N: p.N, Exact: p.Exact}
		d.Inexact = d.Inexact || !p.Exact
		if len(p.Units) != 1 || p.Units[0].Org != d.Unit {
			for _, u := range p.Units {
				name, err := c.unitName(tx, u.Org, p.On)
				if err != nil {
					return err
				}
				v.Units = append(v.Units, name)
			}
		}
		d.Points = append(d.Points, v)
		line.Values = append(line.Values, p.N)
		labels = append(labels, strconv.Itoa(p.On.Year))
	}
	d.Series = newLines(c.Lang, "so-chuoi", c.T("report.series"), c.T("report.series.desc", d.Name), labels, []Line{line})
	return nil
}

// reportClosePost closes the figures its author saw.
func (s *Server) reportClosePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := report.Close{ID: "report/" + f.ID, Unit: f.Text("unit"), Digest: f.Text("digest"), Replaces: f.Text("replaces"),
		Signing: report.Signing{Title: f.Text("title"), Number: f.Text("number"), Signer: f.Text("signer"), Role: f.Text("role"), Reason: f.Text("reason")}}
	if act.On, err = f.Day("on"); err == nil {
		act.Signing.Date, err = f.OptionalDay("date")
	}
	if err != nil {
		return c.again(f, err, c.showFigures)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(closedPath(act.ID), rc)
	}
	return c.showFigures(f)
}
