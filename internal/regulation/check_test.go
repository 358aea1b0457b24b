package regulation_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

func builtin(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// TestOverrideOfTheLaw: the shipped library, the small form, and what the
// preview says of it.
func TestOverrideOfTheLaw(t *testing.T) {
	lib := builtin(t)
	o := regulation.Override{Over: rule.DocRef{Number: "85/2015/QH13", Date: vn.MustDate("2015-06-25")}, Parameter: "surplus_qh", Value: "3",
		Number: "12-QĐ/TU", Date: vn.MustDate("2026-10-01"), Article: "Điều 1", Title: rule.Words{VI: "Về số dư"}, From: vn.MustDate("2026-11-01")}
	file, text, err := o.YAML(lib)
	if err != nil {
		t.Fatal(err)
	}
	c := regulation.CheckFile(lib, file, text, 9)
	if !c.OK() {
		t.Fatal(c.Problems)
	}
	if len(c.Kinds) != 1 || c.Kinds[0].ID != "state-election/qh" {
		t.Errorf("kinds: %v", c.Kinds)
	}
	if c.Edition.Recorded != 10 {
		t.Errorf("recorded: %d", c.Edition.Recorded)
	}
	for _, x := range c.Changes {
		for _, f := range x.Fields {
			if f.Field == "value" && (f.Old.VI != "2" || f.New.VI != "3") {
				t.Errorf("%+v", f)
			}
		}
	}
}

// TestEveryShippedKindIsReviewed: the review of every day and kind names only
// items that are open, with their readings.
func TestEveryShippedKindIsReviewed(t *testing.T) {
	lib := builtin(t)
	for _, day := range []string{"2016-05-22", "2021-05-23", "2025-03-01", "2026-11-23"} {
		r := regulation.MakeReview(lib, vn.MustDate(day), append(lib.Kinds(), "none/such"))
		if !r.Kinds[len(r.Kinds)-1].Unbound {
			t.Error("an unknown kind is bound")
		}
		for _, o := range r.Open {
			if o.Item.Evidence != rule.Unverified || len(o.Item.Readings) == 0 || len(o.Kinds) == 0 {
				t.Errorf("%s: %+v", day, o)
			}
		}
		for _, k := range r.Kinds {
			if !k.Unbound && (len(k.Rules) == 0 || len(k.Pins) == 0) {
				t.Errorf("%s %s: %d rules, %d pins", day, k.ID, len(k.Rules), len(k.Pins))
			}
		}
	}
}

// TestSlugsAreDistinct: no two documents of the library share an address, and
// each address leads back.
func TestSlugsAreDistinct(t *testing.T) {
	lib := builtin(t)
	by := map[string]rule.DocRef{}
	for _, e := range lib.Editions() {
		slug := regulation.Slug(e.Document.Number, e.Document.Date)
		if d, ok := by[slug]; ok && d != e.Document.Ref() {
			t.Errorf("%s names %s and %s", slug, d, e.Document.Ref())
		}
		by[slug] = e.Document.Ref()
		if regulation.Find(lib, slug, e.ID) != e {
			t.Errorf("%s/%s leads elsewhere", slug, e.ID)
		}
		if strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			t.Errorf("%s is not plain", slug)
		}
	}
}

func TestDiffOfTheTwoTextsOfTheLaw(t *testing.T) {
	lib := builtin(t)
	es := regulation.OfDocument(lib, "85-2015-qh13.2015-06-25")
	if len(es) < 2 {
		t.Fatal("two editions are shipped")
	}
	if len(regulation.Diff(es[0], es[0])) != 0 {
		t.Error("an edition differs from itself")
	}
	ab, ba := regulation.Diff(es[0], es[1]), regulation.Diff(es[1], es[0])
	if len(ab) == 0 || len(ab) != len(ba) {
		t.Errorf("%d changes one way, %d the other", len(ab), len(ba))
	}
	what := func(cs []regulation.Change, w string) (n int) {
		for _, c := range cs {
			if c.What == w {
				n++
			}
		}
		return n
	}
	if what(ab, "added") != what(ba, "removed") || what(ab, "removed") != what(ba, "added") || what(ab, "changed") != what(ba, "changed") {
		t.Error("the two ways do not mirror each other")
	}
}

func TestScansAreJudgedByTheirBytes(t *testing.T) {
	var pngBuf, jpgBuf, wide bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 30, 40))
	img.Set(3, 3, color.White)
	if err := png.Encode(&pngBuf, img); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&jpgBuf, img, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, regulation.MaxScanSide+1, 1))); err != nil {
		t.Fatal(err)
	}
	pdf := []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
	for want, data := range map[string][]byte{"image/png": pngBuf.Bytes(), "image/jpeg": jpgBuf.Bytes(), "application/pdf": pdf} {
		if got, err := regulation.ScanType(data); err != nil || got != want {
			t.Errorf("%s: %s %v", want, got, err)
		}
		if _, err := regulation.ScanType(data[:len(data)-8]); err == nil {
			t.Errorf("%s without its end is taken", want)
		}
	}
	for name, data := range map[string][]byte{"nothing": nil, "page": []byte("<html><script>alert(1)</script>"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
		"gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "wide": wide.Bytes(), "huge": append([]byte("%PDF-"), make([]byte, regulation.MaxScan)...)} {
		if kind, err := regulation.ScanType(data); err == nil {
			t.Errorf("%s is taken as %s", name, kind)
		}
	}
}

func TestParseValue(t *testing.T) {
	for in, want := range map[string]string{"30": "30", " 3 / 10 ": "3/10", "30%": "30/100", "0": "0", "12 %": "12/100"} {
		if v, err := regulation.ParseValue(in); err != nil || v.String() != want {
			t.Errorf("%q: %s %v", in, v, err)
		}
	}
	for _, in := range []string{"", "x", "0,5", "0.5", "1/0", "-1", "-1/2", "1/2/3", "%", "5 apples", "1/-2"} {
		if v, err := regulation.ParseValue(in); err == nil {
			t.Errorf("%q gives %s", in, v)
		}
	}
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{"Quy định số 5.yaml": "quy-dinh-so-5.yaml", `C:\x\..\a.YML`: "a-yml.yaml", "../../etc/passwd": "passwd.yaml",
		"": "quy-dinh.yaml", "\x00": "quy-dinh.yaml", strings.Repeat("a", 300): strings.Repeat("a", 100) + ".yaml"} {
		if got := regulation.FileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzCheckFile: whatever bytes come, the check ends, says in both languages
// what is wrong, and never lets a refused file through.
func FuzzCheckFile(f *testing.F) {
	lib := mustBase(f)
	f.Add([]byte(baseFile))
	f.Add([]byte(overrideFile))
	f.Add([]byte("document: {number: 1, date: 2020-01-01}\nedition: x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := regulation.CheckFile(lib, "a.yaml", raw, 3)
		if c.OK() != (c.Library != nil) {
			t.Fatalf("ok %v, library %v", c.OK(), c.Library != nil)
		}
		lines := bytes.Count(raw, []byte("\n")) + 1
		for _, p := range c.Problems {
			if p.VI() == "" || p.EN() == "" || !utf8.ValidString(p.VI()) || p.Line < 0 || p.Line > lines+1 {
				t.Fatalf("problem %+v of %d lines", p, lines)
			}
		}
	})
}
