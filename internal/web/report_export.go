package web

import (
	"bytes"
	"errors"
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
	p, err := c.figuresPaper()
	if err != nil {
		return err
	}
	var sheets []xlsxTable
	var on vn.Date
	if err := c.Read(func(tx *store.Tx) error {
		known := int64(-1)
		sheet, err := read(tx, &p)
		if err != nil {
			return err
		}
		if p.Entry >= 0 {
			known = p.Entry - 1
		}
		on = sheet.On
		views, err := c.tableViews(tx, sheet, nil)
		if err != nil {
			return err
		}
		for _, v := range views {
			p.Tables = append(p.Tables, paperTable(c, v))
			sheets = append(sheets, v.xlsx())
			if v.Note != "" {
				p.Notes = append(p.Notes, v.Title+": "+v.Note)
			}
		}
		rows, err := c.aimRows(tx, sheet, known)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			t, x := c.aimTables(c.Words(report.Words(report.Aims)), c.T("aim"), rows)
			p.Tables, sheets = append(p.Tables, t), append(sheets, x)
		}
		return c.paperHead(tx, sheet.Unit, on, &p)
	}); err != nil {
		return err
	}
	p.Notes = append(p.Notes, c.T("report.paper.note"))
	return c.sendPaper(&p, sheets, "so-lieu-"+on.String())
}

// figuresPaper begins a paper with the checkpoint it follows.
func (c *Call) figuresPaper() (document.FiguresPaper, error) {
	cp, _, err := c.s.desk.Checkpoint(c.Ctx())
	return document.FiguresPaper{Made: c.Today(), Code: cp.PaperCode()}, err
}

// sendPaper sends a paper of figures as the path asks for it.
func (c *Call) sendPaper(p *document.FiguresPaper, sheets []xlsxTable, name string) error {
	kind, ok := map[string]string{"bang.xlsx": xlsxType, "bang.docx": wordType, "bang.pdf": "application/pdf"}[c.R.PathValue("file")]
	if !ok {
		return errNotFound
	}
	var out []byte
	var err error
	switch kind {
	case xlsxType:
		out, err = c.figuresXLSX(p, sheets)
	case wordType:
		out, err = p.DOCX()
	default:
		out, err = p.PDF()
	}
	if err != nil {
		return err
	}
	return c.file(out, kind, "attachment", name+c.R.PathValue("file")[len("bang"):])
}

// xlsxTable is a table for Excel: the first row is its head.
type xlsxTable struct {
	Title string
	Rows  [][]any
}

func (v tableView) xlsx() xlsxTable {
	head := []any{v.First}
	for _, h := range v.Heads {
		head = append(head, h)
	}
	t := xlsxTable{v.Title, [][]any{head}}
	for _, r := range v.Rows {
		line := []any{r.Name}
		for _, x := range r.Cells {
			line = append(line, x.N)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// aimTables are rows of aims for paper and for Excel; first is the head of the
// names.
func (c *Call) aimTables(title, first string, rows []aimRow) (document.FiguresTable, xlsxTable) {
	heads := []string{first, c.T("report.aim.organ"), c.T("aim.asks"), c.T("aim.members"), c.T("aim.reached"), c.T("aim.needed"), c.T("aim.outcome"), c.T("aim.paper")}
	t, x := document.FiguresTable{Title: title, Heads: heads}, xlsxTable{Title: title, Rows: [][]any{{}}}
	for _, h := range heads {
		x.Rows[0] = append(x.Rows[0], h)
	}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.Name, r.Organ, r.Asks, number(c.Lang, r.Members), number(c.Lang, r.Reached), number(c.Lang, r.Needed), r.Tag.Text, r.Paper})
		x.Rows = append(x.Rows, []any{r.Name, r.Organ, r.Asks, r.Members, r.Reached, r.Needed, r.Tag.Text, r.Paper})
	}
	return t, x
}

// reportAimFileGet sends the committees that an aim speaks of, held against it.
func (s *Server) reportAimFileGet(c *Call) error {
	p, err := c.figuresPaper()
	if err != nil {
		return err
	}
	var d reportAimData
	if err := c.Read(func(tx *store.Tx) error {
		if err := c.readAim(tx, &d); err != nil {
			return err
		}
		if d.Gone {
			return errNotFound
		}
		p.Title, p.Entry = c.T("aim.paper.title"), -1
		return c.paperHead(tx, d.Aim.Unit, c.On(), &p)
	}); err != nil {
		return err
	}
	t, x := c.aimTables(d.View.Name+", "+d.View.Asks+": "+d.View.Organ, c.T("report.col.unit"), d.Rows)
	p.Tables = []document.FiguresTable{t}
	p.Notes = append(p.Notes, c.T("aim.paper.note"))
	return c.sendPaper(&p, []xlsxTable{x}, "co-cau-cap-uy-"+c.On().String())
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// paperHead fills in who reports and of what.
func (c *Call) paperHead(tx *store.Tx, unit string, on vn.Date, p *document.FiguresPaper) error {
	path, err := org.Path(c.Ctx(), tx, unit, org.Now(on))
	if err != nil {
		return err
	}
	for _, u := range path {
		if u.ID == unit {
			p.Body = strings.ToUpper(u.Name)
		} else {
			p.Upper = strings.ToUpper(u.Name)
		}
	}
	name, err := c.unitName(tx, unit, on)
	p.Of = c.T("report.paper.of", name, dayText(c.Lang, on))
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
func (c *Call) figuresXLSX(p *document.FiguresPaper, sheets []xlsxTable) ([]byte, error) {
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
	for _, t := range sheets {
		name := clipSheet(t.Title)
		if _, err := f.NewSheet(name); err != nil {
			return nil, err
		}
		widths := []float64{40}
		for range t.Rows[0][1:] {
			widths = append(widths, 14)
		}
		errs = append(errs, write(name, widths, t.Rows, 1))
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
		if at := strings.LastIndex(title, " "); at > 0 && rs[31] != ' ' {
			title = title[:at] // no half words
		}
	}
	return title
}
