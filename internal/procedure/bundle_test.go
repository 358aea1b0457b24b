package procedure_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/ledger"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store/storetest"
)

// bundled is the bundle of a case, whole or with classes withheld.
func (h *house) bundled(id string, hide ...bundle.Class) []byte {
	h.t.Helper()
	var w *bundle.Withheld
	if len(hide) > 0 {
		w = &bundle.Withheld{Classes: hide, Purpose: "inspection", Reason: "Đoàn kiểm tra theo Quyết định 1-QĐ"}
	}
	var out bytes.Buffer
	if err := document.BundleOfCase(h.t.Context(), h.d, h.vault, &out, id, w); err != nil {
		h.t.Fatal(err)
	}
	return out.Bytes()
}

// report verifies a bundle as an outsider with the key of the log does.
func (h *house) report(packed []byte) *bundle.Report {
	h.t.Helper()
	files, err := bundle.OpenZip(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		h.t.Fatal(err)
	}
	defer files.Close()
	return bundle.Verify(files, bundle.Options{Key: h.d.VerifierKey()})
}

func said(r *bundle.Report) string { return bundletest.Said(r) }

// leaves exports the case, whole and with all its personal content withheld,
// and verifies both: each step that was held is counted again.
func (h *house) leaves(id string) {
	h.t.Helper()
	held := 0
	for _, s := range h.get(id).Steps {
		if s.Counted != nil {
			held++
		}
	}
	for _, hide := range [][]bundle.Class{nil, {bundle.ClassFacts, bundle.ClassLetters, bundle.ClassOpinions, bundle.ClassReasons, bundle.ClassMeetings, bundle.ClassNames}} {
		r := h.report(h.bundled(id, hide...))
		if !r.Fine() || len(r.Steps) < held {
			h.t.Errorf("withholding %v: %d of %d steps counted again\n%s", hide, len(r.Steps), held, said(r))
		}
		closed := slices.DeleteFunc(slices.Clone(r.Missing), func(m bundle.Missing) bool { return m.Class == bundle.ClassBallots }) // sealed from everybody
		if withheld := len(closed) > 0; withheld != (hide != nil) {
			h.t.Errorf("withholding %v: missing %v", hide, r.Missing)
		}
	}
}

// forged is the ledger of the house bent by whoever holds its key.
func (h *house) forged(edit func(*ledger.Entry)) *bundle.Report {
	h.t.Helper()
	return bundletest.Forge(h.t, h.d, edit)
}

// away makes an entry one of something else, so that all others keep their
// numbers: it is dropped from the case.
func away(e *ledger.Entry) {
	*e = ledger.Entry{Index: e.Index, At: e.At, Kind: "org.note/1", Act: e.Act, Actor: e.Actor, Body: []byte(`{}`), Subjects: []ledger.Link{{ID: "org/tinh", Prev: -1}}}
}

// anyDigit changes one digit after another of every file of a bundle, some in
// each line of the entries, and wants each found.
func (h *house) anyDigit(packed []byte) {
	h.t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		h.t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			h.t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			h.t.Fatal(err)
		}
		r.Close()
	}
	tried := 0
	try := func(name string, at int) {
		content := files[name]
		bad := bytes.Clone(content)
		bad[at] = '0' + (bad[at]-'0'+1)%10
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, n := range slices.Sorted(maps.Keys(files)) {
			f, err := w.Create(n)
			if err != nil {
				h.t.Fatal(err)
			}
			if n == name {
				_, err = f.Write(bad)
			} else {
				_, err = f.Write(files[n])
			}
			if err != nil {
				h.t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			h.t.Fatal(err)
		}
		tried++
		if r := h.report(out.Bytes()); r.Fine() {
			h.t.Errorf("%s: the digit at byte %d was changed and nothing is found", name, at)
		} else if strings.HasSuffix(name, ".jsonl") && name != "witnesses.jsonl" && r.First().Entry < 0 {
			h.t.Errorf("%s: the digit at byte %d was changed and no entry is named: %s", name, at, r.Last())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		start := 0
		lines := bytes.SplitAfter(files[name], []byte("\n"))
		for i, line := range lines {
			var digits []int
			for j, c := range line {
				if c >= '0' && c <= '9' {
					digits = append(digits, start+j)
				}
			}
			start += len(line)
			if len(digits) == 0 || name != "entries.jsonl" && i%(len(lines)/2+1) != 0 {
				continue
			}
			try(name, digits[(i*37)%len(digits)])
		}
	}
	h.t.Logf("%d digits in %d files", tried, len(files))
}

// TestForgedCases: whoever holds the key of the log and signs everything anew
// is found by what the entries mean, and the step he bent is named.
func TestForgedCases(t *testing.T) {
	db := storetest.SQLite(t)
	h, r, _ := under80(t, db)
	on := day("2024-06-03")
	h.no(procedure.OpenStep{Ref: r, Step: "3", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "bước 2 trước")
	h.do(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2), a(3)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 90, map[string]int64{a(1): 40, a(2): 26, a(3): 24})})
	for _, item := range []string{"personnel.majority", "personnel.step2-none"} {
		reading := rule.MainReading
		if item == "personnel.step2-none" {
			reading = "top-two"
		}
		h.do(procedure.DecideReading{Ref: r, Item: item, Reading: reading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
	}
	h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 90, map[string]int64{a(1): 40, a(2): 26, a(3): 24}), Reason: "đã kết luận"})
	h.do(procedure.OpenStep{Ref: r, Step: "3", On: on, Persons: []string{a(1), a(2)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "3", Figures: figures(10, 10, map[string]int64{a(1): 8, a(2): 2})})
	h.do(procedure.Explain{Ref: r, Step: "3", Paper: paper("9-BC", "2024-06-03"), Words: "đã làm rõ"})
	h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/4", Reading: "not-held", Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
	h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/5", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
	h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", "2024-06-03")})
	h.do(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(1)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "5", Figures: figures(10, 10, map[string]int64{a(1): 9})})
	h.do(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-06-03"), Person: a(1)})
	h.do(procedure.ReceiveLetter{Ref: r, Letter: "letter/1", Person: a(1), Paper: paper("", "2024-06-03"), Words: "tố cáo"})
	h.do(procedure.CloseLetter{Ref: r, Letter: "letter/1", Outcome: "handled", Paper: paper("11-KL", "2024-06-03"), Words: "không có căn cứ"})
	h.do(procedure.Appraise{Ref: r, Paper: paper("12-PTĐ", "2024-06-03"), Yes: true})
	h.do(procedure.Decision{Ref: r, Paper: paper("100-QĐ", "2024-06-03"), Outcome: procedure.OutcomeAppoint, Person: a(1), From: day("2024-06-10"), Post: "post/pgd"})
	if honest := h.forged(func(*ledger.Entry) {}); !honest.Fine() || len(honest.Steps) != 5 {
		t.Fatalf("signed anew and not edited: %d steps\n%s", len(honest.Steps), said(honest))
	}
	h.anyDigit(h.bundled(r.ID))
	h.anyDigit(h.bundled(r.ID, bundle.ClassFacts, bundle.ClassLetters))
	counted := func(step string, change func(b map[string]any)) func(*ledger.Entry) {
		seen := map[string]int{}
		return func(e *ledger.Entry) {
			if e.Kind != "procedure.step-counted/1" || !bytes.Contains(e.Body, []byte(`"step":"`+step+`"`)) {
				return
			}
			if seen[step]++; step == "2" && seen[step] < 2 {
				return // the one that a reading left open
			}
			bundletest.Reword(t, e, change)
		}
	}
	kind := func(what string, nth int, change func(e *ledger.Entry)) func(*ledger.Entry) {
		n := 0
		return func(e *ledger.Entry) {
			if e.Kind == "procedure."+what+"/1" {
				if n++; n == nth {
					change(e)
				}
			}
		}
	}
	deep := bundletest.In
	for name, c := range map[string]struct {
		edit func(*ledger.Entry)
		says string
	}{
		"votes of step 3 given to another": {counted("3", func(b map[string]any) {
			v := deep(b, "record", "votes")
			v[a(1)], v[a(2)] = v[a(2)], v[a(1)]
		}), "bước 3"},
		"who goes on from step 3":                 {counted("3", func(b map[string]any) { b["persons"] = []string{a(2)} }), "bước 3"},
		"fewer present, so that the half is less": {counted("5", func(b map[string]any) { deep(b, "record", "base")["present"] = 9 }), "bước 5"},
		"an outcome": {counted("3", func(b map[string]any) {
			deep(b, "result", "results", 1)["outcome"] = "goes-on"
			b["persons"] = []string{a(1), a(2)}
		}), "bước 3"},
		"the quorum's answer": {counted("5", func(b map[string]any) { deep(b, "result", "reasons", 0)["holds"] = false }), "bước 5"},
		"the none-above rule's reading": {counted("2", func(b map[string]any) {
			ds := deep(b, "record")["decisions"].([]any)
			deep(ds[0])["choice"] = "other"
		}), "bước 2"},
		"a person who was not put before step 3": {counted("3", func(b map[string]any) {
			deep(b, "record", "candidates", 1)["id"] = a(3)
		}), "bước 3"},
		"the review of step 1 dropped": {kind("step-approved", 1, away), "bước 1"},
		"the review passed with half": {kind("step-approved", 1, func(e *ledger.Entry) {
			bundletest.Reword(t, e, func(b map[string]any) { deep(b, "figures", "votes")["list"] = 5 })
		}), "bước 1"},
		"the decision on step 4 dropped":      {kind("reading-decided", 3, away), "bước 4 trước"},
		"the ballot of step 3 dropped":        {counted3(away), "bước 3"},
		"the written opinion dropped":         {kind("opinion-recorded", 1, away), "ý kiến bằng văn bản"},
		"a letter that was closed never came": {kind("letter-received", 1, away), "đơn thư"},
		"another edition": {kind("case-opened", 1, func(e *ledger.Entry) {
			bundletest.Reword(t, e, func(b map[string]any) { b["pins"] = b["pins"].([]any)[1:] })
		}), "bản quy định"},
		"the day it opened": {kind("case-opened", 1, func(e *ledger.Entry) { bundletest.Reword(t, e, func(b map[string]any) { b["on"] = "2024-06-02" }) }), "ngày mở"},
		"a line of the sheet": {kind("conditions-checked", 1, func(e *ledger.Entry) {
			bundletest.Reword(t, e, func(b map[string]any) { deep(b, "lines", 0)["state"] = "exception" })
		}), "bảng điều kiện"},
		"the deadline":              {kind("consent-given", 1, func(e *ledger.Entry) { bundletest.Reword(t, e, func(b map[string]any) { b["due"] = "2024-12-31" }) }), "hạn cuối"},
		"another is decided on":     {kind("decided", 1, func(e *ledger.Entry) { bundletest.Reword(t, e, func(b map[string]any) { b["person"] = a(2) }) }), "người đã trình"},
		"another is submitted":      {kind("submitted", 1, func(e *ledger.Entry) { bundletest.Reword(t, e, func(b map[string]any) { b["person"] = a(2) }) }), "bước cuối chọn"},
		"a person concerned counts": {kind("step-opened", 3, func(e *ledger.Entry) { bundletest.Reword(t, e, func(b map[string]any) { b["team"] = []string{a(2)} }) }), "Người liên quan"},
	} {
		t.Run(name, func(t *testing.T) {
			rep := h.forged(c.edit)
			first := rep.First()
			if first == nil || first.Entry < 0 || !strings.Contains(first.Says.VI, c.says) {
				t.Errorf("want a word of %q:\n%s", c.says, said(rep))
			}
		})
	}
}

func counted3(change func(*ledger.Entry)) func(*ledger.Entry) {
	return func(e *ledger.Entry) {
		if e.Kind == "procedure.step-counted/1" && bytes.Contains(e.Body, []byte(`"step":"3"`)) {
			change(e)
		}
	}
}

// TestEveryKindIsReplayed: a kind of the room that the verifier does not know
// would make every bundle of a case fail.
func TestEveryKindIsReplayed(t *testing.T) {
	for _, k := range procedure.Room().Kinds {
		what, version, _ := strings.Cut(strings.TrimPrefix(k, "procedure."), "/")
		if what != "table-set" && (version != "1" || !course.Knows(what)) {
			t.Errorf("package course does not replay %s: add it to its checks", k)
		}
	}
}
