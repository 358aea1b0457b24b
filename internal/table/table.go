// Package table reads files of rows as offices hand them in: CSV parted by
// comma, semicolon or tab, in UTF-8 or UTF-16. What comes in is hostile: bytes,
// rows, columns and cells are bounded.
package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"minhbach/internal/desk"
)

// Bounds of an uploaded file.
const (
	MaxUpload  = 32 << 20 // bytes
	maxRows    = 200_100  // 200,000 persons and the stamp under an exported sheet
	maxColumns = 200
	maxCell    = 4000
)

// Table is a file of rows as uploaded: the first line names the columns.
type Table struct {
	Header []string
	Rows   [][]string
	Lines  []int // line in the file of each row
	Comma  rune  // what parted the columns
}

// Text turns uploaded bytes into UTF-8: with or without byte order mark,
// UTF-16 either way. Other encodings are refused, for guessing one would
// change names.
func Text(data []byte) (string, error) {
	if len(data) > MaxUpload {
		return "", desk.Wrong("file", "Tệp lớn quá 32 MB.", "The file is larger than 32 MB.")
	}
	text, err := decode(data)
	if err == nil && strings.TrimSpace(text) == "" {
		err = desk.Wrong("file", "Tệp trống.", "The file is empty.")
	}
	return text, err
}

func decode(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return wide(data[2:], func(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 })
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return wide(data[2:], func(a, b byte) uint16 { return uint16(a)<<8 | uint16(b) })
	case len(data) > 3 && data[1] == 0 && data[3] == 0:
		return wide(data, func(a, b byte) uint16 { return uint16(a) | uint16(b)<<8 })
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return "", desk.Wrong("file", "Tệp không ở bảng mã UTF-8. Trong Excel, hãy lưu dạng “CSV UTF-8” rồi tải lại.",
			"The file is not in UTF-8. In Excel, save it as “CSV UTF-8” and upload it again.")
	}
	return string(data), nil
}

func wide(b []byte, unit func(a, b byte) uint16) (string, error) {
	if len(b)%2 != 0 {
		return "", desk.Wrong("file", "Tệp UTF-16 bị cắt cụt.", "The UTF-16 file is cut off.")
	}
	us := make([]uint16, len(b)/2)
	for i := range us {
		us[i] = unit(b[2*i], b[2*i+1])
	}
	s := string(utf16.Decode(us))
	if strings.ContainsRune(s, utf8.RuneError) || strings.ContainsRune(s, 0) {
		return "", desk.Wrong("file", "Tệp UTF-16 có ký tự hỏng.", "The UTF-16 file has broken characters.")
	}
	return s, nil
}

// Parse reads rows parted by comma, semicolon or tab; which one is told
// from the first line.
func Parse(data []byte) (*Table, error) {
	text, err := Text(data)
	if err != nil {
		return nil, err
	}
	t := &Table{Comma: separator(text)}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = t.Comma, -1
	r.TrimLeadingSpace = t.Comma != '\t' // a tab before a cell is an empty cell
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				return nil, AtLine(pe.Line, "Dòng này có dấu nháy kép không đóng hoặc đặt sai chỗ.", "A double quote on this line is not closed or stands in the wrong place.")
			}
			return nil, err
		}
		line, _ := r.FieldPos(0)
		if len(row) > maxColumns || len(t.Rows) >= maxRows {
			return nil, AtLine(line, "Tệp có quá nhiều dòng hoặc cột (tối đa 200.000 dòng, 200 cột).", "The file has too many lines or columns (200,000 lines, 200 columns at most).")
		}
		blank := true
		for i, cell := range row {
			if len(cell) > maxCell {
				return nil, AtLine(line, "Một ô dài quá 4.000 ký tự.", "A cell is longer than 4,000 characters.")
			}
			row[i] = strings.TrimSpace(cell)
			blank = blank && row[i] == ""
		}
		switch {
		case blank:
		case t.Header == nil:
			t.Header = row
		case len(row) > len(t.Header):
			return nil, AtLine(line, "Dòng này có nhiều cột hơn dòng tiêu đề.", "This line has more columns than the header.")
		default:
			for len(row) < len(t.Header) {
				row = append(row, "")
			}
			t.Rows = append(t.Rows, row)
			t.Lines = append(t.Lines, line)
		}
	}
	if len(t.Rows) == 0 {
		return nil, desk.Wrong("file", "Tệp không có dòng số liệu nào dưới dòng tiêu đề.", "The file has no line of figures under its header.")
	}
	return t, nil
}

// Formula says whether a cell would be a formula in a sheet: such a cell is
// refused, for what it shows is not what it holds. A sign before figures or a
// lone dash is text.
func Formula(cell string) bool {
	cell = strings.TrimPrefix(cell, "'")
	return strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || (strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-")) && strings.ContainsAny(cell, "(!|")
}

// separator is the mark that occurs most in the first line outside quotes.
func separator(text string) rune {
	n := map[rune]int{}
	quoted := false
	for _, r := range strings.TrimLeft(text, "\r\n") {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			n[r]++
		}
	}
	best := ','
	for _, r := range []rune{';', '\t'} {
		if n[r] > n[best] {
			best = r
		}
	}
	return best
}

// AtLine is what is wrong with a file at one line.
func AtLine(line int, vi, en string) error {
	return desk.Wrong("file", fmt.Sprintf("Dòng %d: %s", line, vi), fmt.Sprintf("Line %d: %s", line, en))
}
