package web

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk"
	"minhbach/internal/table"
)

// maxExport is how many persons one sheet holds.
const maxExport = 200_000

// personExportPost hands out the list as seen: the filter, order and columns of
// the page, all who match. What for is asked, stands in the read log of each
// person before the file leaves, and under the sheet with who, when, filter,
// day and checkpoint. Edited, the file can be handed in again.
func (s *Server) personExportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	purpose := strings.Join(strings.Fields(f.Text("purpose")), " ")
	if purpose == "" || utf8.RuneCountInString(purpose) > 300 {
		if err := c.Fail(f, desk.Wrong("purpose", "Hãy ghi danh sách này dùng vào việc gì, không quá 300 chữ.", "Say what the list is for, in at most 300 letters.")); err != nil {
			return err
		}
		return s.exportAgain(c, f)
	}
	d, err := c.personListed(f.Values, 0)
	if err != nil {
		return err
	}
	if d.Form.Problem == nil && len(d.Rows) > maxExport {
		if err := c.Fail(f, desk.Refuse("Danh sách quá dài để xuất; hãy lọc bớt.", "The list is too long for one sheet; narrow it.")); err != nil {
			return err
		}
	}
	if d.Form.Problem != nil || f.Problem != nil {
		return s.exportAgain(c, f)
	}
	if err := s.logListed(c, d, "export: "+purpose); err != nil {
		return err
	}
	sheet, err := s.personSheet(c, d, purpose)
	if err != nil {
		return err
	}
	if f.Value("dang") == "csv" {
		return sheet.csv(c, "danh-sach-can-bo")
	}
	return sheet.xlsx(c, "danh-sach-can-bo")
}

// exportAgain shows the page with what was wrong with the form.
func (s *Server) exportAgain(c *Call, f *Form) error {
	d, err := c.personListed(f.Values, personPage)
	if err != nil {
		return err
	}
	d.Export = f
	if err := s.logListed(c, d, "list"); err != nil {
		return err
	}
	return personList.show(c, d)
}

// outSheet is a table that leaves the house, with the lines under it.
type outSheet struct {
	head   []string
	rows   [][]string
	stamps []string
	widths []float64
}

// personSheet is the list as a table: the id, by which the file comes back as
// an update, then the columns of the page.
func (s *Server) personSheet(c *Call, d personListData, purpose string) (*outSheet, error) {
	o := &outSheet{head: []string{c.T("person.export.id")}, widths: []float64{16}}
	for _, col := range d.columns {
		o.head = append(o.head, col.name(c))
		w := 16.0
		if col.id == "ten" || col.id == "chuc-vu" || col.id == "o" || col.id == "noi-giu" {
			w = 32
		}
		o.widths = append(o.widths, w)
	}
	for _, r := range d.Rows {
		row := []string{strings.TrimPrefix(r.Person.ID, "person/")}
		for _, x := range r.Cells {
			row = append(row, strings.Join(x.Lines, "; "))
		}
		o.rows = append(o.rows, row)
	}
	var asked []string
	for _, chip := range d.Chips {
		asked = append(asked, chip.Text)
	}
	if len(asked) == 0 {
		asked = []string{c.T("person.filter.none")}
	}
	stamp, err := s.stamps(c, purpose, strings.Join(asked, "; "), len(o.rows))
	o.stamps = stamp
	return o, err
}

// stamps are the lines under every sheet of persons that leaves: who, when,
// what for, what was asked, the day it speaks of and the checkpoint.
func (s *Server) stamps(c *Call, purpose, asked string, n int) ([]string, error) {
	point, _, err := s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return nil, err
	}
	return []string{
		c.T("person.export.stamp", whenText(c.Lang, s.clock()), c.User.Name, purpose, number(c.Lang, point.Size), base64.StdEncoding.EncodeToString(point.Root[:])),
		c.T("person.export.asked", asked, dayText(c.Lang, c.On()), number(c.Lang, int64(n))),
	}, nil
}

func (o *outSheet) csv(c *Call, name string) error {
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	w.Comma, w.UseCRLF = ';', true
	put := func(cells ...string) {
		for i, v := range cells {
			if table.Formula(v) {
				cells[i] = "'" + strings.TrimPrefix(v, "'") // shown as text, never run
			}
		}
		_ = w.Write(cells)
	}
	put(o.head...)
	for _, r := range o.rows {
		put(r...)
	}
	for _, s := range o.stamps {
		put(s)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return c.file(buf.Bytes(), "text/csv; charset=utf-8", "attachment", name+".csv")
}

// xlsx hands the sheet out as an Excel file.
func (o *outSheet) xlsx(c *Call, name string) error {
	b, err := o.book()
	if err != nil {
		return err
	}
	return c.file(b, xlsxType, "attachment", name+".xlsx")
}

// book writes the sheet row by row; every cell is text, none a formula.
func (o *outSheet) book() ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	for i, width := range o.widths {
		err = errors.Join(err, w.SetColWidth(i+1, i+1, width))
	}
	n := 0
	put := func(style int, cells ...string) {
		n++
		row := make([]any, len(cells))
		for i, v := range cells {
			row[i] = excelize.Cell{StyleID: style, Value: v}
		}
		at, e := excelize.CoordinatesToCellName(1, n)
		err = errors.Join(err, e, w.SetRow(at, row))
	}
	err = errors.Join(err, w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	put(bold, o.head...)
	for _, r := range o.rows {
		put(0, r...)
	}
	for _, s := range o.stamps {
		put(0, s)
	}
	var buf bytes.Buffer
	if err := errors.Join(err, w.Flush()); err != nil {
		return nil, err
	}
	err = writeXLSX(f, &buf)
	return buf.Bytes(), err
}
