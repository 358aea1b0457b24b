package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/report"
	"minhbach/internal/store"
)

// reportClosedData is a closed set: its figures as they were, who signed, and
// what of them would read otherwise today.
type reportClosedData struct {
	Set      report.Closed
	Name     string
	Tables   []tableView
	Aims     []aimRow
	Moved    int
	Gone     string // the unit is no longer known for that day: nothing to compare
	Path     string
	Anew     string // page that closes them anew
	Replaces string // pages of the sets before and after
	Replaced string
}

var reportClosed = page[reportClosedData]("report_closed")

func (s *Server) reportClosedGet(c *Call) error {
	var d reportClosedData
	if err := c.Read(func(tx *store.Tx) (err error) {
		if d.Set, err = c.closedSet(tx); err != nil {
			return err
		}
		x := d.Set
		d.Path = closedPath(x.ID)
		if d.Name, err = c.unitName(tx, x.Sheet.Unit, x.Sheet.On); err != nil {
			return err
		}
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		var moved []report.Difference
		now, err := report.Reckon(c.Ctx(), tx, lib, x.Sheet.Unit, x.Sheet.On)
		if e, ok := asDeskError(err); ok {
			d.Gone = c.Words(e.Says)
		} else if err != nil {
			return err
		} else {
			moved = report.Compare(x.Sheet, now)
		}
		d.Moved = len(moved)
		if d.Tables, err = c.tableViews(tx, x.Sheet, moved); err != nil {
			return err
		}
		if d.Aims, err = c.aimRows(tx, x.Sheet, x.Known); err != nil {
			return err
		}
		for _, m := range moved {
			for i, a := range d.Aims {
				if m.Table == report.Aims && m.Column == "reached" && aimPath(m.Row.Part) == a.Path {
					d.Aims[i].Moved = number(c.Lang, m.Now)
				}
			}
		}
		if x.Replaces != "" {
			d.Replaces = closedPath(x.Replaces)
		}
		if x.ReplacedBy != "" {
			d.Replaced = closedPath(x.ReplacedBy)
		} else if c.May(tx, desk.Need{Right: desk.CloseFigures, Org: x.Sheet.Unit}) && d.Gone == "" {
			d.Anew = figuresPath(x.Sheet.Unit) + "&thay=" + x.ID + "&ngay=" + x.Sheet.On.String()
		}
		return nil
	}); err != nil {
		return err
	}
	return reportClosed.show(c, d)
}

// closedSet reads the set of the path for who may read its unit.
func (c *Call) closedSet(tx *store.Tx) (report.Closed, error) {
	x, ok, err := report.Get(c.Ctx(), tx, "report/"+c.R.PathValue("id"))
	if err == nil && (!ok || !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: x.Sheet.Unit})) {
		err = errNotFound
	}
	return x, err
}
