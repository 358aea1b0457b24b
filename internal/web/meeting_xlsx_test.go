package web

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// book is an Excel file of the lines given.
func book(t testing.TB, lines [][]string, formula string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for r, cells := range lines {
		for i, v := range cells {
			at, _ := excelize.CoordinatesToCellName(i+1, r+1)
			if err := f.SetCellStr("Sheet1", at, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if formula != "" {
		if err := f.SetCellFormula("Sheet1", formula, `HYPERLINK("http://x")`); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var listLines = [][]string{{"TT", "Họ và tên", "Năm sinh"}, {"1", "Trần Văn An", "1975"}, {"2", "Lê Thị Bình", "1980"}}

// An Excel list is summoned as a pasted one; the list goes out as Excel and
// reads back; formulas, bombs and foreign bytes are refused in plain words.
func TestMeetingListAsExcel(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	to := v.submit("/hop/viec/mo", "/hop/viec/mo", fields("title", "Đại hội chi bộ", "body", "member-congress", "level", "cell", "date", "20/11/2026", "org", "org/tinh", "late", "từ biên bản")).is(http.StatusSeeOther).header.Get("Location")
	base, _, _ := strings.Cut(to, "/trieu-tap")
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"formula":      {book(t, listLines, "B3"), "Ô B3 là công thức"},
		"foreign":      {[]byte("PK\x03\x04 không phải tệp Excel"), "Không đọc được tệp Excel"},
		"too long row": {book(t, [][]string{{strings.Repeat("a", 500)}}, ""), "Ô A1 quá dài"},
	} {
		if a := v.sendFile(base+"/trieu-tap", c.file); a.status != http.StatusUnprocessableEntity || !strings.Contains(nodeText(a.all("body")[0]), c.says) {
			t.Errorf("%s: %d, want %q", name, a.status, c.says)
		}
	}
	v.sendFile(base+"/trieu-tap", book(t, listLines, "")).is(http.StatusSeeOther)
	out := v.get(base + "/danh-sach.xlsx").is(http.StatusOK)
	text, err := readXLSX(out.body)
	if err != nil || !strings.Contains(text, "\tLê Thị Bình\t1980\tĐảng viên chính thức") || strings.Count(text, "\n") != 3 {
		t.Errorf("%v\n%s", err, text)
	}
}

// A bomb is refused before it unpacks.
func TestExcelBomb(t *testing.T) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 30000)
	for i := 1; i <= 1200; i++ {
		at, _ := excelize.CoordinatesToCellName(1, i)
		if err := w.SetRow(at, []any{long}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	if int64(out.Len()) > listBook.File {
		t.Fatalf("the bomb is %d bytes", out.Len())
	}
	if _, err := readXLSX(out.Bytes()); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("a bomb gives %v", err)
	}
}

// Whatever bytes come as an Excel file: a table or words, never a fault.
func FuzzReadXLSX(f *testing.F) {
	f.Add(book(f, listLines, ""))
	f.Add(book(f, listLines, "B3"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := readXLSX(b)
		if _, plain := asDeskError(err); err != nil && (!plain || text != "") {
			t.Errorf("%q, %v", text, err)
		}
	})
}

// sendFile sends the list of those summoned as a file.
func (v *visitor) sendFile(path string, file []byte) *answer {
	v.h.t.Helper()
	p := v.get(path).is(http.StatusOK)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, in := range p.all("input") {
		if n := attr(in, "name"); n == "act" || n == "seen" {
			_ = w.WriteField(n, attr(in, "value"))
		}
	}
	_ = w.WriteField("do", "typed")
	_ = w.WriteField("standing", "official")
	part, err := w.CreateFormFile("file", "danh-sach.xlsx")
	if err == nil {
		_, err = part.Write(file)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		v.h.t.Fatal(err)
	}
	return v.postBody(path, w.FormDataContentType(), &body)
}
