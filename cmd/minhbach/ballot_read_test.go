package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// invoke runs the program as a clerk does.
func invoke(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(args, &streams{in: strings.NewReader(""), out: &o, err: &e})
	return code, o.String(), e.String()
}

func writeText(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBallotsFromPrintToCount prints ballots, fills and scans them, reads,
// decides the doubtful one, tallies and counts: the figures are those of the
// hands that filled them in.
func TestBallotsFromPrintToCount(t *testing.T) {
	dir := t.TempDir()
	contest := writeText(t, filepath.Join(dir, "contest.json"), `{"id":"dh/bch","rules":"party-election/committee","date":"2025-08-01","seats":3,
"candidates":[{"id":"a","name":"Nguyễn Văn An"},{"id":"b","name":"Trần Thị Bích Hằng"},{"id":"c","name":"Lê Quang Đạo"},{"id":"d","name":"Y Blok Êban"}],
"base":{"summoned":9,"present":9},"ballots":{"printed":12,"issued":9},"votes":{},"ballot":{"paper":"A5","title":"Bầu Ban Chấp hành"}}`)
	pdf, layout := filepath.Join(dir, "b.pdf"), filepath.Join(dir, "b.layout.json")
	if code, _, errs := invoke(t, "ballot", "print", contest, "--copies", "2", "--out", pdf); code != 0 {
		t.Fatal(errs)
	}
	data, err := os.ReadFile(layout)
	if err != nil {
		t.Fatal(err)
	}
	l, err := paper.ParseLayout(data)
	if err != nil {
		t.Fatal(err)
	}
	m := papertest.NewMaker(l, 150)
	place := map[string]int{}
	for i, c := range l.Candidates {
		place[c.ID] = i
	}
	// Nine voters by the names they leave on; the eighth only half struck one.
	hands := []string{"abc", "abc", "abd", "ab", "acd", "bcd", "abcd", "", "abc"}
	args := []string{"ballot", "read", "--layout", layout, "--out", filepath.Join(dir, "r.jsonl")}
	for i, left := range hands {
		s := m.Sheet(papertest.Measure, uint64(100+i), papertest.Chosen(func(k int) bool { return strings.Contains(left, l.Candidates[k].ID) }), papertest.Perfect)
		if left == "" {
			s = m.Sheet(papertest.Measure, uint64(100+i), func(_ *rand.Rand, _ *paper.Layout, k int) string {
				return map[bool]string{true: "partial", false: "none"}[l.Candidates[k].ID == "d"]
			}, papertest.Perfect)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, s.Sides[0]); err != nil {
			t.Fatal(err)
		}
		args = append(args, writeText(t, filepath.Join(dir, fmt.Sprintf("s%d.png", i)), b.String()))
	}
	if code, _, errs := invoke(t, args...); code != 0 {
		t.Fatal(errs)
	}
	readings, err := os.ReadFile(filepath.Join(dir, "r.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(readings)), "\n")
	var proposals []string
	for i, line := range lines {
		var r paper.Reading
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Ballot != i+1 || r.File != args[6+i] || r.Page != 1 {
			t.Errorf("line %d: %s", i+1, line)
		}
		proposals = append(proposals, r.Status+" "+r.Proposal)
	}
	want := []string{"read valid", "read valid", "read valid", "read valid", "read valid", "read valid", "read invalid:too-many", "doubtful look", "read valid"}
	if strings.Join(proposals, "|") != strings.Join(want, "|") {
		t.Errorf("proposals %v\nwant      %v", proposals, want)
	}
	// Without a decision the tally stops and writes nothing.
	code, out, errs := invoke(t, "ballot", "tally", "--contest", contest, filepath.Join(dir, "r.jsonl"))
	if code != 2 || out != "" || !strings.Contains(errs, "phiếu số [8]") {
		t.Errorf("%d %q %q", code, out, errs)
	}
	decisions := writeText(t, filepath.Join(dir, "d.jsonl"), `{"ballot":8,"marks":{"d":"struck"},"valid":true,"by":["Trưởng ban kiểm phiếu"],"reason":"gạch gần hết tên"}`)
	record := filepath.Join(dir, "out.json")
	if code, _, errs := invoke(t, "ballot", "tally", "--contest", contest, "--decisions", decisions, "--out", record, filepath.Join(dir, "r.jsonl")); code != 0 {
		t.Fatal(errs)
	}
	var got struct {
		Votes   map[string]int64
		Ballots map[string]any
	}
	data, err = os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprint(got.Votes, got.Ballots["collected"], got.Ballots["valid"], got.Ballots["invalid_by"], got.Ballots["printed"], got.Ballots["by_chosen"]); s != "map[a:7 b:7 c:6 d:3] 9 8 map[too-many:1] 12 map[2:1 3:7]" {
		t.Error(s)
	}
	if code, out, errs := invoke(t, "count", record); code != 0 || !strings.Contains(out, `"elected":["a","b","c"]`) {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

// TestBallotBadInput: what cannot be read says so by file, line and field, with
// exit status 2, and leaves no file behind.
func TestBallotBadInput(t *testing.T) {
	dir := t.TempDir()
	contest := writeText(t, filepath.Join(dir, "c.json"), `{"id":"x","rules":"party-election/committee","date":"2025-08-01","seats":1,"candidates":[{"id":"a","name":"Lê A"},{"id":"b","name":"Lê B"}],"ballots":{},"votes":{}}`)
	if code, _, errs := invoke(t, "ballot", "print", contest, "--out", filepath.Join(dir, "b.pdf")); code != 0 {
		t.Fatal(errs)
	}
	layout := filepath.Join(dir, "b.layout.json")
	text := writeText(t, filepath.Join(dir, "text.png"), "không phải ảnh")
	good := `{"ballot":1,"status":"read","marks":{"a":"clear","b":"struck"},"proposal":"valid"}`
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"ballot", "read", "--layout", contest, text}, "c.json"},
		{[]string{"ballot", "read", "--layout", layout, filepath.Join(dir, "none.png")}, "none.png"},
		{[]string{"ballot", "read", "--layout", layout, "--out", filepath.Join(dir, "r.jsonl"), text}, "text.png: Không phải ảnh quét"},
		{[]string{"ballot", "read", "--layout", layout, "--layout", layout, text}, "đã nêu một lần"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "1.jsonl"), good+"\n"+good)}, "dòng (line) 2: trường ballot"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "2.jsonl"), `{"ballot":1,"status":"read","marks":{"a":"clear","z":"struck"}}`)}, "trường marks.z"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "3.jsonl"), `{"ballot":1,"status":"read","marks":{"a":"agree","b":"struck"}}`)}, "trường marks.a"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "4.jsonl"), `{"ballot":1,"status":"read","contest":"y","marks":{"a":"clear","b":"struck"}}`)}, "cuộc bầu \"y\""},
		{[]string{"ballot", "tally", "--contest", contest, "--decisions", writeText(t, filepath.Join(dir, "d.jsonl"), `{"ballot":3,"valid":false}`), writeText(t, filepath.Join(dir, "5.jsonl"), good)}, "d.jsonl: dòng (line) 1: trường by"},
		{[]string{"ballot", "tally", "--contest", contest, "--decisions", writeText(t, filepath.Join(dir, "e.jsonl"), `{"ballot":3,"valid":false,"by":["x"],"reason":"y"}`), writeText(t, filepath.Join(dir, "6.jsonl"), good)}, "phiếu 3"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "7.jsonl"), `{"ballot":1,"status":"refused","reason":"tối"}`)}, "phiếu số [1]"},
		{[]string{"ballot", "tally", "--contest", contest, writeText(t, filepath.Join(dir, "8.jsonl"), `{"ballot":1,"status":"read","marks":{"a":"clear"}}`)}, "trường marks.b"},
	} {
		code, out, errs := invoke(t, c.args...)
		if code != 2 || !strings.Contains(errs, c.says) || out != "" {
			t.Errorf("%v: exit %d, out %q, says %q", c.args[1:], code, out, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "r.jsonl")); !os.IsNotExist(err) {
		t.Error("a failed reading left its file")
	}
}
