package web

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk"
)

// xlsxBounds are the bounds of an Excel file sent by a user: foreign bytes are
// hostile. File is of the file, Unzip of all that unpacks from it.
type xlsxBounds struct {
	File, Unzip          int64 // bytes
	Rows, Cells, Letters int
}

var (
	// listBook is a list of people of one meeting.
	listBook = xlsxBounds{File: 2 << 20, Unzip: 8 << 20, Rows: 5000, Cells: 40, Letters: 400}
	// personBook is a file of persons: whatever personExportPost hands out comes
	// back, and a sheet of another system as large as that.
	personBook = xlsxBounds{File: 32 << 20, Unzip: 256 << 20, Rows: maxExport + 100, Cells: 200, Letters: 4000}
	// bigBook lets one large file be unpacked at a time.
	bigBook sync.Mutex
)

// isXLSX says that bytes begin as an Excel file does (a zip archive).
func isXLSX(b []byte) bool { return bytes.HasPrefix(b, []byte("PK\x03\x04")) }

func badXLSX(vi, en string) error { return desk.Wrong("file", vi, en) }

// readXLSX reads the first sheet of an Excel file as tab-separated lines, as if
// it had been pasted.
func readXLSX(b []byte) (string, error) {
	var out strings.Builder
	if err := listBook.read(b, func(cells []string) error {
		out.WriteString(strings.Join(cells, "\t"))
		return out.WriteByte('\n')
	}); err != nil {
		return "", err
	}
	return out.String(), nil
}

// personsXLSX reads the first sheet of an Excel file of persons as CSV parted
// by tabs.
func personsXLSX(b []byte) ([]byte, error) {
	if len(b) > 4<<20 {
		bigBook.Lock()
		defer bigBook.Unlock()
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = '\t'
	if err := personBook.read(b, w.Write); err != nil {
		return nil, err
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// read gives the rows of the first sheet, one after another, blanks within
// cells made one. A file that unpacks too large, has too many rows, or has a
// formula where a value is wanted, is refused in plain words.
func (x xlsxBounds) read(b []byte, row func([]string) error) (err error) {
	broken := badXLSX("Không đọc được tệp Excel này. Hãy mở lại bằng Excel, lưu thành .xlsx rồi gửi, hoặc bôi đen bảng và dán vào ô bên trên.",
		"This Excel file cannot be read. Open it in Excel, save it as .xlsx and send it again, or copy the table and paste it into the box above.")
	defer func() {
		if recover() != nil { // the reader met bytes it does not expect
			err = broken
		}
	}()
	if int64(len(b)) > x.File {
		return badXLSX(fmt.Sprintf("Tệp lớn quá %d MiB.", x.File>>20), fmt.Sprintf("The file is larger than %d MiB.", x.File>>20))
	}
	f, err := excelize.OpenReader(bytes.NewReader(b), excelize.Options{UnzipSizeLimit: x.Unzip, UnzipXMLSizeLimit: x.Unzip})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size") {
			return badXLSX(fmt.Sprintf("Tệp Excel bung ra quá lớn (quá %d MiB) nên không nhận. Hãy chỉ giữ bảng danh sách.", x.Unzip>>20), fmt.Sprintf("The Excel file unpacks too large (over %d MiB). Keep only the table of the list.", x.Unzip>>20))
		}
		return broken
	}
	defer f.Close()
	at, err := formulaIn(b, x.Unzip)
	switch {
	case err != nil:
		return broken
	case at != "":
		return badXLSX("Ô "+at+" là công thức. Hãy dán giá trị (Dán đặc biệt → Giá trị) rồi gửi lại.", "Cell "+at+" is a formula. Paste values (Paste special → Values) and send it again.")
	}
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return broken
	}
	defer rows.Close()
	for n := 1; rows.Next(); n++ {
		if n > x.Rows {
			return badXLSX(fmt.Sprintf("Bảng không quá %d dòng.", x.Rows), fmt.Sprintf("A table has at most %d rows.", x.Rows))
		}
		cells, err := rows.Columns()
		if err != nil || len(cells) > x.Cells {
			return broken
		}
		for i, v := range cells {
			if len(v) > x.Letters {
				at, _ := excelize.CoordinatesToCellName(i+1, n)
				return badXLSX("Ô "+at+" quá dài.", "Cell "+at+" is too long.")
			}
			cells[i] = strings.Join(strings.Fields(v), " ")
		}
		if err := row(cells); err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return broken
	}
	return nil
}

// formulaIn finds the first cell of the first sheet that holds a formula, ""
// when none does. It walks the sheet without keeping it: the Excel library
// would hold all its cells to answer.
func formulaIn(b []byte, limit int64) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "", err
	}
	open := func(name string) (io.ReadCloser, error) {
		name = strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/")
		i := slices.IndexFunc(z.File, func(f *zip.File) bool {
			return strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), name)
		})
		if i < 0 {
			return nil, errors.New("no " + name)
		}
		return z.File[i].Open()
	}
	sheet, err := firstSheet(open)
	if err != nil {
		return "", err
	}
	r, err := open(sheet)
	if err != nil {
		return "", err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, limit))
	for cell := ""; ; {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "c":
			cell = ""
			for _, a := range e.Attr {
				if a.Name.Local == "r" {
					cell = a.Value
				}
			}
		case "f":
			if cell == "" {
				cell = "?"
			}
			return cell, nil
		}
	}
}

// firstSheet is where the first sheet of a book lies in it.
func firstSheet(open func(string) (io.ReadCloser, error)) (string, error) {
	read := func(name string, into any) error {
		r, err := open(name)
		if err != nil {
			return err
		}
		defer r.Close()
		return xml.NewDecoder(io.LimitReader(r, 1<<20)).Decode(into)
	}
	var book struct {
		Sheets []struct {
			Attr []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := read("xl/workbook.xml", &book); err != nil {
		return "", err
	}
	if len(book.Sheets) == 0 {
		return "", errors.New("no sheet")
	}
	id := ""
	for _, a := range book.Sheets[0].Attr {
		if a.Name.Local == "id" {
			id = a.Value
		}
	}
	var rels struct {
		Rel []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := read("xl/_rels/workbook.xml.rels", &rels); err != nil {
		return "", err
	}
	for _, x := range rels.Rel {
		if x.ID == id {
			if strings.HasPrefix(x.Target, "/") {
				return path.Clean(x.Target), nil
			}
			return path.Join("xl", x.Target), nil
		}
	}
	return "", errors.New("no place of the sheet")
}
