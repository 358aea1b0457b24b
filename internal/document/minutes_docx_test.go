package document_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// The Word file is bound by hash like the PDF, says every number of the model,
// and the same numbers in the same measure as the PDF.
func TestWordAndPDFSayTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := prepare(t, db, sample())
		rc, err := document.MakeMinutes(ctx, d, db, form(), contest, setting)
		if err != nil {
			t.Fatal(err)
		}
		var files map[string][]byte
		if err := d.Read(ctx, func(tx *store.Tx) error {
			m, err := election.GetMinutes(ctx, tx, rc.Entries[0].Index)
			if err == nil {
				files, err = document.Files(ctx, tx, m)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		model, err := document.Parse(files[document.ModelFile])
		if err != nil {
			t.Fatal(err)
		}
		if again, err := model.Print(nil); err != nil || !bytes.Equal(again.Word, files[document.DOCXFile]) {
			t.Errorf("the Word file drawn again differs: %v", err)
		}
		word, err := docx.Open(files[document.DOCXFile])
		if err != nil {
			t.Fatal(err)
		}
		text := word.Text()
		if strings.Contains(text, "{{") {
			t.Error("a mark was left unfilled")
		}
		lines := strings.Split(text, "\n")
		for _, f := range model.Figures {
			if !slices.Contains(lines, vn.Thousands(f.Value)) {
				t.Errorf("%s: %d is not in the Word file", f.Label.VI, f.Value)
			}
		}
		for _, c := range model.Candidates {
			at := slices.Index(lines, strings.TrimSpace(c.Title+" "+c.Name))
			if at < 0 || lines[at+2] != vn.Thousands(c.Votes.Value) || lines[at+3] != vn.Comma(c.Share)+"%" {
				t.Errorf("the row of %s is not %d, %s", c.Name, c.Votes.Value, c.Share)
			}
		}
		pdf := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(pdf, files[document.PDFFile], 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		number := regexp.MustCompile(`\d{1,3}(?:\.\d{3})+|\d+,\d+%`)
		a, b := map[string]bool{}, map[string]bool{}
		for _, n := range number.FindAllString(text, -1) {
			a[n] = true
		}
		// The foot of the page is a part of its own in Word.
		foot := vn.Thousands(model.Size)
		for _, n := range number.FindAllString(string(out), -1) {
			if b[n] = true; !a[n] && n != foot {
				t.Errorf("%s stands in the PDF and not in the Word file", n)
			}
		}
		for n := range a {
			if !b[n] {
				t.Errorf("%s stands in the Word file and not in the PDF", n)
			}
		}
	})
}

// A number that no entry holds is refused: the paper is not made.
func TestNumberWithoutAnEntryIsRefused(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	d := prepare(t, db, sample())
	m, det, err := document.Preview(ctx, d, contest, setting, form().Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Numbers() {
		ns := m.Numbers()
		ns[i].Value++
		act := election.MakeMinutes{Contest: contest, Org: det.Org, Version: det.Version, Numbers: ns, Model: []byte(`{}`)}
		if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: act}); err == nil || !strings.Contains(err.Error(), "Number") && !strings.Contains(err.Error(), "Số thứ") {
			t.Errorf("number %d changed: %v", i+1, err)
		}
	}
}
