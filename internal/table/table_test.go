package table_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"minhbach/internal/table"
)

// Files as offices hand them in, and files that mean harm: each is read whole
// or refused in plain words.
func TestParse(t *testing.T) {
	wide := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune("Tên\tNăm\nLê Văn Cũ\t1971\n")) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	for name, file := range map[string][]byte{
		"comma": []byte("Tên,Năm\nLê Văn Cũ,1971\n"), "semicolon, mark": []byte("\xEF\xBB\xBFTên;Năm\r\n\r\nLê Văn Cũ;1971\r\n"), "tab, UTF-16": wide,
	} {
		tab, err := table.Parse(file)
		if err != nil || len(tab.Rows) != 1 || tab.Header[1] != "Năm" || tab.Rows[0][0] != "Lê Văn Cũ" {
			t.Errorf("%s: %+v %v", name, tab, err)
		}
	}
	for name, file := range map[string][]byte{
		"empty": nil, "only a header": []byte("Tên;Năm\n"), "old encoding": []byte("T\xean;N\n\xea;1\n"), "zip": []byte("PK\x03\x04\x00\x00"),
		"open quote": []byte("a;b\n\"x;1\n"), "long cell": []byte("a;b\n" + strings.Repeat("x", 5000) + ";1\n"), "more cells than columns": []byte("a;b\n1;2;3\n"),
		"too many columns": []byte(strings.Repeat("a;", 300) + "\n1\n"), "too large": bytes.Repeat([]byte("a;b\n"), 9<<20), "half of UTF-16": wide[:len(wide)-1],
	} {
		if tab, err := table.Parse(file); err == nil {
			t.Errorf("%s: read as %+v", name, tab)
		}
	}
	for cell, want := range map[string]bool{"=1+1": true, "'=1+1": true, "@SUM(A1)": true, "+cmd|' /C calc'!A0": true, "-5": false, "+84 912": false, "Lê Văn Cũ": false, "-": false} {
		if table.Formula(cell) != want {
			t.Errorf("%q is a formula: %v", cell, !want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("Tên;Năm\nLê;1971\n"))
	f.Add([]byte("a,\"b\nc\",d\n1,2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tab, err := table.Parse(data)
		if err != nil {
			return
		}
		for i, r := range tab.Rows {
			if len(r) != len(tab.Header) || tab.Lines[i] < 1 {
				t.Fatalf("row %d has %d cells under %d headers, line %d", i, len(r), len(tab.Header), tab.Lines[i])
			}
		}
	})
}
