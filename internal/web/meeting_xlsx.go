package web

import (
	"bytes"
	"errors"
	"io"

	"github.com/xuri/excelize/v2"
)

// meetingXLSXGet sends the list, with the marks of a session where one is
// asked for, as an Excel file. Names are text: no cell is a formula.
func (s *Server) meetingXLSXGet(c *Call) error {
	d, err := c.paperOf()
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	var out bytes.Buffer
	if err := errors.Join(c.meetingSheet(f, d), writeXLSX(f, &out)); err != nil {
		return err
	}
	return c.file(out.Bytes(), xlsxType, "attachment", d.M.ID+".xlsx")
}

func writeXLSX(f *excelize.File, w io.Writer) error { _, err := f.WriteTo(w); return err }

func (c *Call) meetingSheet(f *excelize.File, d meetingPaperData) error {
	w, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	for i, width := range []float64{6, 32, 14, 28, 36, 18} {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	head := []any{}
	for _, key := range []string{"meeting.col.n", "meeting.col.name", "meeting.col.born", "meeting.col.standing", "meeting.col.group", "meeting.col.mark"} {
		head = append(head, excelize.Cell{StyleID: bold, Value: c.T(key)})
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	n := 1
	for _, g := range d.Groups {
		for _, p := range g.Rows {
			n++
			mark := ""
			if p.Mark != "" {
				mark = c.TK("meeting.mark", string(p.Mark))
			}
			at, err := excelize.CoordinatesToCellName(1, n)
			if err != nil {
				return err
			}
			if err := w.SetRow(at, []any{p.N, p.Name, p.Born, c.TK("meeting.standing", string(p.Standing)), g.Name, mark}); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}
