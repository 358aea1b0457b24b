package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func built(t testing.TB) []byte {
	t.Helper()
	b := &Builder{Footer: "{{chan}}"}
	b.P(Style{Bold: true, Align: "center"}, "BIÊN BẢN {{viec}}")
	b.P(Style{}, "{{#nhom}}")
	b.P(Style{}, "Nhóm {{ten}} của {{viec}}")
	b.P(Style{}, "{{#nguoi}}")
	b.P(Style{}, "– {{ho_ten}}")
	b.P(Style{}, "{{/nguoi}}")
	b.P(Style{}, "{{/nhom}}")
	b.P(Style{}, "{{#ghi_chu}}")
	b.P(Style{}, "Ghi chú: {{ghi_chu}}")
	b.P(Style{}, "{{/ghi_chu}}")
	b.Table([]float64{20, 100}, []Line{{Text: "TT"}, {Text: "Họ và tên"}}, []Line{{Text: "{{#hang}}{{tt}}"}, {Text: "{{ho_ten}}{{/hang}}"}})
	raw, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func data() Data {
	return Data{Text: map[string]string{"viec": "kiểm phiếu", "ghi_chu": "", "chan": "MB"}, List: map[string][]Data{
		"nhom": {
			{Text: map[string]string{"ten": "một"}, List: map[string][]Data{"nguoi": {{Text: map[string]string{"ho_ten": "Nguyễn Văn <A> & B"}}, {Text: map[string]string{"ho_ten": "Y Blôk"}}}}},
			{Text: map[string]string{"ten": "hai"}, List: map[string][]Data{"nguoi": nil}}},
		"hang": {{Text: map[string]string{"tt": "1", "ho_ten": "Trần Thị Thử"}}, {Text: map[string]string{"tt": "2", "ho_ten": "dòng\nhai"}}}}}
}

func fill(t testing.TB, raw []byte, d Data) string {
	t.Helper()
	tm, err := Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	out, err := tm.Fill(d)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := tm.Fill(d)
	if !bytes.Equal(out, again) {
		t.Error("the same template and data gave other bytes")
	}
	back, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	return back.Text()
}

// Values, lists in lists, a paragraph left out, rows repeated.
func TestFill(t *testing.T) {
	want := "BIÊN BẢN kiểm phiếu\nNhóm một của kiểm phiếu\n– Nguyễn Văn <A> & B\n– Y Blôk\nNhóm hai của kiểm phiếu\n\nTT\nHọ và tên\n1\nTrần Thị Thử\n2\ndònghai\n\n"
	if got := fill(t, built(t), data()); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	d := data()
	d.Text["ghi_chu"] = "có"
	if got := fill(t, built(t), d); !strings.Contains(got, "Ghi chú: có\n") {
		t.Errorf("the conditional paragraph is missing: %q", got)
	}
}

// edit changes one part of a package, or adds it.
func edit(t testing.TB, raw []byte, name string, change func(string) string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	done := false
	put := func(n, s string) {
		f, err := w.Create(n)
		if err == nil {
			_, err = io.WriteString(f, s)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(r)
		s := string(b)
		if f.Name == name {
			s, done = change(s), true
		}
		put(f.Name, s)
	}
	if !done {
		put(name, change(""))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Word splits a mark over runs with spelling marks between: it is found.
func TestMarksSplitOverRuns(t *testing.T) {
	raw := edit(t, built(t), "word/document.xml", func(s string) string {
		return strings.Replace(s, "BIÊN BẢN {{viec}}", `BIÊN {</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:i/></w:rPr><w:t>{vi</w:t></w:r><w:r><w:t>ec</w:t></w:r><w:r><w:t>}} sau`, 1)
	})
	if got := fill(t, raw, data()); !strings.HasPrefix(got, "BIÊN kiểm phiếu sau\n") {
		t.Errorf("got %q", got)
	}
}

// What could harm, and what is not a template, is refused by name.
func TestHostileTemplatesAreRefused(t *testing.T) {
	ok := built(t)
	in := func(name string, f func(string) string) []byte { return edit(t, ok, name, f) }
	add := func(s string) func(string) string { return func(string) string { return s } }
	doc := func(old, new string) []byte {
		return in("word/document.xml", func(s string) string { return strings.Replace(s, old, new, 1) })
	}
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"not a zip":  {[]byte("PK no"), "not a Word file"},
		"macro part": {in("word/vbaProject.bin", add("x")), "macro"},
		"embedded":   {in("word/embeddings/a.bin", add("x")), "embedded"},
		"climbs":     {in("../a.xml", add("<a/>")), "strange name"},
		"bomb":       {in("word/media/a.png", add(strings.Repeat("\x00", MaxWhole+1))), "swells"},
		"external":   {in("word/_rels/header1.xml.rels", add(`<Relationships><Relationship Id="a" TargetMode="External" Target="x"/></Relationships>`)), "another place"},
		"address":    {in("word/_rels/footer1.xml.rels", add(`<Relationships><Relationship Id="a" Target="http://x/y"/></Relationships>`)), "another place"},
		"DTD": {in("word/styles.xml", func(s string) string {
			return strings.Replace(s, "<w:styles", `<!DOCTYPE a [<!ENTITY b "c">]><w:styles`, 1)
		}), "document type"},
		"macro type":     {in("[Content_Types].xml", func(s string) string { return strings.Replace(s, "document.main", "document.macroEnabled.main", 1) }), "macros"},
		"fetching field": {in("word/header1.xml", func(s string) string { return strings.Replace(s, " PAGE ", " INCLUDETEXT x ", 1) }), "fetches"},
		"altChunk":       {doc("<w:sectPr>", "<w:altChunk/><w:sectPr>"), "embedded"},
		"deep":           {doc("<w:sectPr>", strings.Repeat("<a>", 200)+strings.Repeat("</a>", 200)+"<w:sectPr>"), "deeply"},
		"broken":         {doc("</w:body>", ""), "damaged"},
	} {
		_, err := Open(c.raw)
		var r *Refused
		if !errors.As(err, &r) || !strings.Contains(r.EN, c.says) || r.VI == "" {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	for name, c := range map[string]struct{ old, new, says string }{
		"unknown mark": {"BIÊN BẢN {{viec}}", "{{la_gi}}", "la_gi"},
		"not closed":   {"{{/nhom}}", "x", "nhom"},
		"not opened":   {"{{#ghi_chu}}", "x", "ghi_chu"},
		"inside words": {"BIÊN BẢN {{viec}}", "a {{#nhom}} b", "stand alone"},
	} {
		tm, err := Open(doc(c.old, c.new))
		if err == nil {
			_, err = tm.Fill(data())
		}
		var r *Refused
		if !errors.As(err, &r) || !strings.Contains(r.EN, c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// Whatever the bytes: no panic, and what is filled opens again.
func FuzzOpen(f *testing.F) {
	ok := built(f)
	f.Add(ok)
	f.Add(ok[:len(ok)/2])
	f.Fuzz(func(t *testing.T, raw []byte) {
		tm, err := Open(raw)
		if err != nil {
			return
		}
		if out, err := tm.Fill(data()); err == nil {
			if _, err := Open(out); err != nil && len(out) <= MaxFile {
				t.Errorf("the filled file does not open: %v", err)
			}
		}
	})
}

// The text of a document as foreign XML.
func FuzzDocument(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>{{viec}}</w:t></w:r></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:t>{{#hang}}{{tt}}{{/hang}}</w:t></w:p></w:tc></w:tr></w:tbl>`)
	f.Add(`<w:p><w:t>{{#nhom}}</w:t></w:p><w:p><w:t>{{#nhom}}</w:t></w:p>`)
	f.Fuzz(func(t *testing.T, body string) {
		tree, _, err := parse([]byte("<w:body>"+body+"</w:body>"), 5000)
		if err != nil {
			return
		}
		kids, err := (&filler{}).children(tree.kids, []Data{data()})
		if err != nil {
			return
		}
		var b bytes.Buffer
		(&node{kids: kids}).write(&b)
		if _, _, err := parse(b.Bytes(), 1<<30); err != nil {
			t.Errorf("%v in %q", err, b.String())
		}
	})
}
