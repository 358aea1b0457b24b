package web

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// reportFileGet sends the figures of a unit and day, not closed, as Excel, Word
// or PDF.
func (s *Server) reportFileGet(c *Call) error {
	return c.sendFigures(func(tx *store.Tx, p *document.FiguresPaper) (*report.Sheet, error) {
		unit := c.R.URL.Query().Get("don-vi")
		if !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: unit}) {
			return nil, errNotFound
		}
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return nil, err
		}
		p.Title, p.Entry = c.T("report.paper.open"), -1
		return report.Reckon(c.Ctx(), tx, lib, unit, c.On())
	})
}

// reportClosedFileGet sends a closed set as Excel, Word or PDF.
func (s *Server) reportClosedFileGet(c *Call) error {
	return c.sendFigures(func(tx *store.Tx, p *document.FiguresPaper) (*report.Sheet, error) {
		x, err := c.closedSet(tx)
		if err != nil {
			return nil, err
		}
		g := x.Signing
		p.Title, p.Number, p.Signed, p.Signer, p.Role, p.Entry = strings.ToUpper(g.Title), g.Number, g.Date, g.Signer, g.Role, x.Entry
		if x.ReplacedBy != "" {
			p.Notes = append(p.Notes, c.T("report.paper.replaced"))
		}
		return x.Sheet, nil
	})
}

// sendFigures makes the file that the path asks for.
func (c *Call) sendFigures(read func(*store.Tx, *document.FiguresPaper) (*report.Sheet, error)) error {
	kind, ok := map[string]string{"bang.xlsx": xlsxType, "bang.docx": wordType, "bang.pdf": "application/pdf"}[c.R.PathValue("file")]
	if !ok {
		return errNotFound
	}
	cp, _, err := c.s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return err
	}
	p := document.FiguresPaper{Made: c.Today(), Code: cp.PaperCode()}
	var sheet *report.Sheet
	var views []tableView
	if err := c.Read(func(tx *store.Tx) (err error) {
		if sheet, err = read(tx, &p); err != nil {
			return err
		}
		if views, err = c.tableViews(tx, sheet, nil); err != nil {
			return err
		}
		return c.paperHead(tx, sheet, &p)
	}); err != nil {
		return err
	}
	for _, v := range views {
		p.Tables = append(p.Tables, paperTable(c, v))
	}
	p.Notes = append(p.Notes, c.T("report.paper.note"))
	var out []byte
	switch kind {
	case xlsxType:
		out, err = c.figuresXLSX(&p, sheet, views)
	case wordType:
		out, err = p.DOCX()
	default:
		out, err = p.PDF()
	}
	if err != nil {
		return err
	}
	name := fmt.Sprintf("so-lieu-%s.%s", sheet.On, c.R.PathValue("file")[len("bang."):])
	return c.file(out, kind, "attachment", name)
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// paperHead fills in who reports and of what.
func (c *Call) paperHead(tx *store.Tx, s *report.Sheet, p *document.FiguresPaper) error {
	path, err := org.Path(c.Ctx(), tx, s.Unit, org.Now(s.On))
	if err != nil {
		return err
	}
	for _, u := range path {
		if u.ID == s.Unit {
			p.Body = strings.ToUpper(u.Name)
		} else {
			p.Upper = strings.ToUpper(u.Name)
		}
	}
	name, err := c.unitName(tx, s.Unit, s.On)
	p.Of = c.T("report.paper.of", name, dayText(c.Lang, s.On))
	p.Sample = c.User.Sample
	return err
}

// paperTable is a table for paper.
func paperTable(c *Call, v tableView) document.FiguresTable {
	t := document.FiguresTable{Title: v.Title, Sum: len(v.Rows) > 0 && v.Rows[len(v.Rows)-1].Sum}
	t.Heads = append([]string{v.First}, v.Heads...)
	for _, r := range v.Rows {
		line := []string{r.Name}
		for _, x := range r.Cells {
			line = append(line, number(c.Lang, x.N))
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// figuresXLSX writes a sheet for each table, behind one that says what they are.
// Numbers are numbers; nothing is a formula.
func (c *Call) figuresXLSX(p *document.FiguresPaper, s *report.Sheet, views []tableView) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return nil, err
	}
	first := c.T("report.xlsx.about")
	if err := f.SetSheetName(f.GetSheetName(0), first); err != nil {
		return nil, err
	}
	state := c.T("report.xlsx.open")
	if p.Entry >= 0 {
		state = c.T("report.xlsx.closed", number(c.Lang, p.Entry))
	}
	signed := ""
	if !p.Signed.IsZero() {
		signed = dayText(c.Lang, vn.Date(p.Signed))
	}
	about := [][]any{{c.T("report.xlsx.title"), p.Title}, {c.T("report.xlsx.of"), p.Of}, {c.T("report.xlsx.state"), state}, {c.T("report.number"), p.Number}, {c.T("report.date"), signed},
		{c.T("report.signer"), strings.TrimSpace(p.Role + " " + p.Signer)}, {c.T("report.xlsx.by"), c.User.Name}, {c.T("report.xlsx.made"), dayText(c.Lang, p.Made)}, {c.T("report.xlsx.code"), p.Code}}
	write := func(sheet string, widths []float64, rows [][]any, heads int) error {
		w, err := f.NewStreamWriter(sheet)
		if err != nil {
			return err
		}
		for i, wd := range widths {
			if err := w.SetColWidth(i+1, i+1, wd); err != nil {
				return err
			}
		}
		for n, r := range rows {
			cells := make([]any, len(r))
			for i, v := range r {
				x := excelize.Cell{Value: v}
				if n < heads {
					x.StyleID = bold
				}
				cells[i] = x
			}
			at, err := excelize.CoordinatesToCellName(1, n+1)
			if err == nil {
				err = w.SetRow(at, cells)
			}
			if err != nil {
				return err
			}
		}
		return w.Flush()
	}
	errs := []error{write(first, []float64{28, 60}, about, 0)}
	for _, v := range views {
		name := clipSheet(v.Title)
		if _, err := f.NewSheet(name); err != nil {
			return nil, err
		}
		head := []any{v.First}
		widths := []float64{40}
		for _, h := range v.Heads {
			head = append(head, h)
			widths = append(widths, 14)
		}
		rows := [][]any{head}
		for _, r := range v.Rows {
			line := []any{r.Name}
			for _, x := range r.Cells {
				line = append(line, x.N)
			}
			rows = append(rows, line)
		}
		errs = append(errs, write(name, widths, rows, 1))
	}
	var out bytes.Buffer
	errs = append(errs, writeXLSX(f, &out))
	return out.Bytes(), errors.Join(errs...)
}

// clipSheet is a title as the name of a sheet may be: 31 letters, none of :\/?*[].
func clipSheet(title string) string {
	title = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, title)
	if rs := []rune(title); len(rs) > 31 {
		title = string(rs[:31])
	}
	return title
}
