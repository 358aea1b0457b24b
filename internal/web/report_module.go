package web

import (
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
)

// reportModule is the room of figures: tables of members and committees for any
// unit and day, and closed sets of them.
var reportModule = module{
	name: "report",
	nav:  &navItem{Label: "nav.report", Path: "/bao-cao", Order: 45, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /bao-cao", need: desk.ReadRecord, any: true, handle: s.reportListGet},
			{pattern: "GET /bao-cao/so-lieu", need: desk.ReadRecord, any: true, handle: s.reportFiguresGet},
			{pattern: "POST /bao-cao/so-lieu", need: desk.CloseFigures, any: true, handle: s.reportClosePost},
			{pattern: "GET /bao-cao/so-lieu/{file}", need: desk.ReadRecord, any: true, handle: s.reportFileGet},
			{pattern: "GET /bao-cao/chi-tieu", need: desk.ReadRecord, any: true, handle: s.reportAimsGet},
			{pattern: "GET /bao-cao/chi-tieu/{id}", need: desk.ReadRecord, any: true, handle: s.reportAimGet},
			{pattern: "GET /bao-cao/chi-tieu/{id}/tep/{file}", need: desk.ReadRecord, any: true, handle: s.reportAimFileGet},
			{pattern: "GET /bao-cao/chi-tieu-moi", need: desk.CloseFigures, any: true, handle: s.reportAimFormGet},
			{pattern: "POST /bao-cao/chi-tieu-moi", need: desk.CloseFigures, any: true, handle: s.reportAimPost},
			{pattern: "GET /bao-cao/chi-tieu/{id}/viec/{what}", need: desk.CloseFigures, any: true, handle: s.reportAimFormGet},
			{pattern: "POST /bao-cao/chi-tieu/{id}/viec/{what}", need: desk.CloseFigures, any: true, handle: s.reportAimActPost},
			{pattern: "GET /bao-cao/chot/{id}", need: desk.ReadRecord, any: true, handle: s.reportClosedGet},
			{pattern: "GET /bao-cao/chot/{id}/{file}", need: desk.ReadRecord, any: true, handle: s.reportClosedFileGet},
		}
	},
	subjects: map[string]func(string) string{"report": closedPath, "aim": aimPath},
}

func closedPath(id string) string { return "/bao-cao/chot/" + strings.TrimPrefix(id, "report/") }

func figuresPath(unit string) string { return withQuery("/bao-cao/so-lieu", nil, "don-vi", unit) }

// reportListData are the closed sets of figures.
type reportListData struct {
	Rows  []closedRow
	Unit  string // asked for, its name
	Start string // page of the figures of the reader's own organisation
	Pager Pager
}

type closedRow struct {
	Path, Title, Unit, Number string
	On                        string
	Signer                    string
	When                      string
	Entry                     int64
	Replaced                  bool
}

var reportList = page[reportListData]("report_list")

// closedPerPage is how many closed sets one page lists.
const closedPerPage = 50

func (s *Server) reportListGet(c *Call) error {
	q := c.R.URL.Query()
	at, _ := strconv.Atoi(q.Get("trang"))
	at = max(1, at)
	unit := q.Get("don-vi")
	var d reportListData
	err := c.Read(func(tx *store.Tx) error {
		root, err := c.topUnit(tx)
		if err != nil {
			return err
		}
		d.Start = figuresPath(root)
		if unit != "" {
			if d.Unit, err = c.unitName(tx, unit, c.On()); err != nil {
				return err
			}
		}
		cs, err := report.List(c.Ctx(), tx, unit, closedPerPage+1, (at-1)*closedPerPage)
		if err != nil {
			return err
		}
		more := len(cs) > closedPerPage
		for _, x := range cs[:min(len(cs), closedPerPage)] {
			if !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: x.Sheet.Unit}) {
				continue
			}
			r := closedRow{Path: closedPath(x.ID), Title: x.Signing.Title, Number: x.Signing.Number, On: dayText(c.Lang, x.Sheet.On), Signer: x.Signing.Signer,
				When: whenText(c.Lang, x.At), Entry: x.Entry, Replaced: x.ReplacedBy != ""}
			if r.Unit, err = c.unitName(tx, x.Sheet.Unit, x.Sheet.On); err != nil {
				return err
			}
			if !x.Present {
				r.Title = c.T("report.erased")
			}
			d.Rows = append(d.Rows, r)
		}
		if at > 1 {
			d.Pager.Newer = withQuery("/bao-cao", q, "trang", strconv.Itoa(at-1))
		}
		if more {
			d.Pager.Older = withQuery("/bao-cao", q, "trang", strconv.Itoa(at+1))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return reportList.show(c, d)
}

// topUnit is the reader's organisation, or the first root there is.
func (c *Call) topUnit(tx *store.Tx) (string, error) {
	if c.User.Org != "" {
		return c.User.Org, nil
	}
	tops, err := org.Children(c.Ctx(), tx, "", org.Now(c.On()))
	if err != nil || len(tops) == 0 {
		return "", err
	}
	return tops[0].ID, nil
}
