package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk"
)

// Bounds of a table sent by a user: foreign bytes are hostile. The first is of
// the file, the second of all that unpacks from it, the third of its rows.
const (
	xlsxFile   = 2 << 20
	xlsxUnzip  = 8 << 20
	xlsxRows   = 5000
	xlsxCells  = 40
	xlsxLetter = 400
)

// isXLSX says that bytes begin as an Excel file does (a zip archive).
func isXLSX(b []byte) bool { return bytes.HasPrefix(b, []byte("PK\x03\x04")) }

func badXLSX(vi, en string) error { return desk.Wrong("file", vi, en) }

// readXLSX reads the first sheet of an Excel file as tab-separated lines, as if
// it had been pasted. A file that unpacks too large, has too many rows, or has
// a formula where a value is wanted, is refused in plain words.
func readXLSX(b []byte) (text string, err error) {
	broken := badXLSX("Không đọc được tệp Excel này. Hãy mở lại bằng Excel, lưu thành .xlsx rồi gửi, hoặc bôi đen bảng và dán vào ô bên trên.",
		"This Excel file cannot be read. Open it in Excel, save it as .xlsx and send it again, or copy the table and paste it into the box above.")
	defer func() {
		if recover() != nil { // the reader met bytes it does not expect
			text, err = "", broken
		}
	}()
	if len(b) > xlsxFile {
		return "", badXLSX("Tệp lớn quá 2 MiB.", "The file is larger than 2 MiB.")
	}
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: xlsxUnzip, UnzipXMLSizeLimit: xlsxUnzip})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size") {
			return "", badXLSX("Tệp Excel bung ra quá lớn nên không nhận. Hãy chỉ giữ bảng danh sách.", "The Excel file unpacks too large. Keep only the table of the list.")
		}
		return "", broken
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.Rows(sheet)
	if err != nil {
		return "", broken
	}
	defer rows.Close()
	var out strings.Builder
	for n := 1; rows.Next(); n++ {
		if n > xlsxRows {
			return "", badXLSX(fmt.Sprintf("Bảng không quá %d dòng.", xlsxRows), fmt.Sprintf("A table has at most %d rows.", xlsxRows))
		}
		cells, err := rows.Columns()
		if err != nil || len(cells) > xlsxCells {
			return "", broken
		}
		for i, v := range cells {
			at, err := excelize.CoordinatesToCellName(i+1, n)
			if err != nil {
				return "", broken
			}
			if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
				return "", badXLSX("Ô "+at+" là công thức. Hãy dán giá trị (Dán đặc biệt → Giá trị) rồi gửi lại.", "Cell "+at+" is a formula. Paste values (Paste special → Values) and send it again.")
			}
			if len(v) > xlsxLetter {
				return "", badXLSX("Ô "+at+" quá dài.", "Cell "+at+" is too long.")
			}
			if i > 0 {
				out.WriteByte('\t')
			}
			out.WriteString(strings.Join(strings.Fields(v), " "))
		}
		out.WriteByte('\n')
	}
	if rows.Error() != nil {
		return "", broken
	}
	return out.String(), nil
}

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
	if err := s.reads.add(c.Ctx(), c.viewed...); err != nil {
		return err
	}
	c.viewed = nil
	h := c.W.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="`+d.M.ID+`.xlsx"`)
	c.W.WriteHeader(http.StatusOK)
	_, err = c.W.Write(out.Bytes())
	return err
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
