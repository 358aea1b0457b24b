package election_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

var defaults = election.Defaults{Event: election.Event{ID: "qh15", Kind: "national-assembly", Date: vn.MustDate("2021-05-23")}, Rules: "state-election/qh",
	Source: election.Source{How: "file", File: "ket-qua.csv"}}

const table = "Tỉnh;Đơn vị bầu cử số;Số đại biểu được bầu;STT;Họ và tên;Năm sinh;Số phiếu bầu;Phiếu hợp lệ\n" +
	"Tỉnh Đắk Nông;1;3;1;Nguyễn Trường Giang;1970;153.669;186.600\n" +
	";;;;;;;\n" +
	"TỈNH ĐĂK NÔNG;1;;2;Dương Khắc Mai;;117 918;\n" +
	"Tỉnh Đắk Nông;1;3;3;\"Trần Thị Thu Hằng\";3/1982;99079;186600\n" +
	"Tỉnh Đắk Nông;1;;4;Điểu Lê Nam Nam;;90.767;\n" +
	"Tỉnh Đắk Nông;1;;5;Nguyễn Văn Hào;;88,227;\n"

func wide(s string, big, mark bool) []byte {
	var out []byte
	us := utf16.Encode([]rune(s))
	if mark {
		us = append([]uint16{0xFEFF}, us...)
	}
	for _, u := range us {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// The same table in every spelling offices send gives the same contest.
func TestTablesAsOfficesSendThem(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"utf-8, semicolons": []byte(table), "with byte order mark": []byte("\xEF\xBB\xBF" + table), "CRLF": []byte(strings.ReplaceAll(table, "\n", "\r\n")),
		"tabs": []byte(strings.ReplaceAll(table, ";", "\t")), "utf-16 little": wide(table, false, true), "utf-16 big": wide(table, true, true),
		"empty lines first": []byte("\n\n" + table),
	} {
		tb, err := election.ParseTable(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		cs, problems := tb.Contests(election.Guess(tb.Header), defaults)
		if len(problems) > 0 || len(cs) != 1 {
			t.Errorf("%s: %d contests, %v", name, len(cs), problems)
			continue
		}
		c := cs[0]
		if c.Record.ID != "qh15/dak-nong/1" || len(c.Record.Candidates) != 5 || c.Record.Votes["c5"] != 88227 || *c.Record.Ballots.Valid != 186600 ||
			c.Record.Candidates[2].Born != "1982-03" || c.Record.Candidates[4].Order != 5 || c.Title.VI != "Đơn vị bầu cử số 1" {
			t.Errorf("%s: %+v", name, c.Record)
		}
		if res, err := c.Check(lib); err != nil || res.Status != "decided" {
			t.Errorf("%s: %v %v", name, res, err)
		}
	}
}

// What is wrong is named by line and column; several things at once.
func TestTableProblemsNameTheirLine(t *testing.T) {
	bad := strings.Replace(table, "117 918", "nhiều", 1)
	bad = strings.Replace(bad, "3/1982", "hôm qua", 1)
	bad = strings.Replace(bad, ";1;3;3;", ";1;4;3;", 1)
	bad = strings.Replace(bad, "Điểu Lê Nam Nam", "", 1)
	tb, err := election.ParseTable([]byte(bad))
	if err != nil {
		t.Fatal(err)
	}
	_, problems := tb.Contests(election.Guess(tb.Header), defaults)
	var all []string
	for _, p := range problems {
		all = append(all, p.Text("vi"))
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"Dòng 4, Số phiếu bầu", "Dòng 5, Năm sinh", "Dòng 5, Số đại biểu được bầu: Ghi 4 nhưng dòng 2", "Dòng 6, Họ và tên"} {
		if !strings.Contains(text, want) {
			t.Errorf("no problem %q in\n%s", want, text)
		}
	}
	m := election.Guess(tb.Header)
	delete(m, "votes")
	if _, problems := tb.Contests(m, defaults); len(problems) != 1 || !strings.Contains(problems[0].Says.VI, "Số phiếu bầu") {
		t.Errorf("without a column of votes: %v", problems)
	}
	if _, problems := tb.Contests(election.Mapping{"name": 0, "votes": 99, "seats": -3}, defaults); len(problems) == 0 {
		t.Error("columns that are not there were taken")
	}
}

// Files that cannot be read are refused in plain words.
func TestUnreadableFiles(t *testing.T) {
	for name, data := range map[string]string{"empty": " \n", "windows-1258": "T\xEAn;S\xF4\n1;2\n", "zip": "PK\x03\x04\x00\x00", "header only": "Họ và tên;Số phiếu\n",
		"cut utf-16": "\xFF\xFEa", "open quote": "a,b\n\"x,1\n", "too many cells": "a,b\n1,2,3\n"} {
		if _, err := election.ParseTable([]byte(data)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if _, err := election.ParseTable(make([]byte, election.MaxUpload+1)); err == nil {
		t.Error("a file over the limit was read")
	}
}

// Records: one object, a list, one a line; what stands beside them is kept.
func TestRecordsFromFiles(t *testing.T) {
	one := `{"id":"dak-nong/1","rules":"state-election/qh","date":"2021-05-23","seats":1,"candidates":[{"id":"a","name":"A"},{"id":"b","name":"B"},{"id":"c","name":"C"}],"ballots":{"valid":10},"votes":{"a":8,"b":1,"c":0},"place":"Tỉnh Đắk Nông","unit":1,"title":"Đơn vị số 1"}`
	two := strings.Replace(one, "dak-nong/1", "qh15/dak-nong/2", 1)
	for name, text := range map[string]string{"one": one, "list": "[\n" + one + ",\n" + two + "]", "lines": one + "\n\n" + two + "\n"} {
		cs, problems, err := election.ParseRecords([]byte(text), defaults)
		if err != nil || len(problems) > 0 || len(cs) == 0 {
			t.Errorf("%s: %v %v", name, problems, err)
			continue
		}
		if c := cs[0]; c.Record.ID != "qh15/dak-nong/1" || c.Place != "Tỉnh Đắk Nông" || c.Unit != 1 || c.Title.VI != "Đơn vị số 1" {
			t.Errorf("%s: %+v", name, c)
		}
	}
	_, problems, err := election.ParseRecords([]byte(one+"\n"+strings.Replace(two, `"seats":1`, `"seats":"hai"`, 1)), defaults)
	if err != nil || len(problems) != 1 || problems[0].Line != 2 || problems[0].Field != "seats" {
		t.Errorf("%v %v", problems, err)
	}
	for _, broken := range []string{"{", "[1]", "12", one + " x", "[{]"} {
		cs, problems, err := election.ParseRecords([]byte(broken), defaults)
		if err == nil && len(problems) == 0 {
			t.Errorf("%q was read as %d contests", broken, len(cs))
		}
	}
}

// FuzzUpload: whatever is uploaded, reading it ends, stays in its bounds, and
// what comes out is either a problem or a contest that can be checked.
func FuzzUpload(f *testing.F) {
	f.Add([]byte(table))
	f.Add(wide(table, true, true))
	f.Add([]byte(`{"id":"x","rules":"state-election/qh","date":"2021-05-23","seats":1,"candidates":[{"id":"a","name":"A"}],"votes":{"a":1}}`))
	f.Add([]byte("a,b\n\"x\"\"y\",1\n"))
	f.Add([]byte("[{},{}]"))
	lib, err := rule.Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if tb, err := election.ParseTable(data); err == nil {
			if len(tb.Rows) != len(tb.Lines) || len(tb.Rows) == 0 {
				t.Fatalf("%d rows, %d lines", len(tb.Rows), len(tb.Lines))
			}
			for _, r := range tb.Rows {
				if len(r) != len(tb.Header) {
					t.Fatalf("a row of %d cells under %d columns", len(r), len(tb.Header))
				}
			}
			cs, problems := tb.Contests(election.Guess(tb.Header), defaults)
			if len(problems) == 0 {
				election.CheckAll(lib, cs)
			}
			// Any columns at all must do no harm.
			tb.Contests(election.Mapping{"name": 0, "votes": len(tb.Header) - 1, "seats": len(tb.Header) / 2, "born": 0}, defaults)
		}
		if cs, problems, err := election.ParseRecords(data, defaults); err == nil && len(problems) == 0 {
			election.CheckAll(lib, cs)
		}
	})
}

// A long file of very short records takes time in proportion to its length.
func TestManyShortRecords(t *testing.T) {
	text := strings.Repeat("{}\n", 90_000)
	start := time.Now()
	_, problems, err := election.ParseRecords([]byte(text), defaults)
	if err != nil || len(problems) == 0 {
		t.Fatalf("%v, %d problems", err, len(problems))
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	_, problems, err = election.ParseRecords([]byte("["+strings.TrimSuffix(strings.ReplaceAll(text, "\n", ","), ",")+"]"), defaults)
	if err != nil || len(problems) == 0 {
		t.Fatalf("%v, %d problems", err, len(problems))
	}
}
