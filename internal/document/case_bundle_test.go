package document_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/ledger"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// signedScan records that a paper was signed, with its scan in the vault.
func (h *caseHouse) signedScan(v *vault.Vault, scan []byte) (entry int64) {
	h.t.Helper()
	var f vault.File
	if err := h.db.Write(h.t.Context(), func(tx *store.Tx) (err error) {
		f, err = v.Put(h.t.Context(), tx, procedure.Subject(h.ref.ID), scan, h.clock.Now())
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	p := casePaper("31-BB", vn.DateOf(h.clock.Now()).String())
	p.Kind, p.Scan = "biên bản kiểm phiếu", f.Hash
	h.do(procedure.SignPaper{Ref: h.ref, Step: "2", Paper: p, Signers: []string{"person/c3"}, File: "bien-ban.pdf"})
	if err := h.d.Read(h.t.Context(), func(tx *store.Tx) error {
		es, err := procedure.Timeline(h.t.Context(), tx, h.ref.ID, -1)
		entry = es[len(es)-1].Entry
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return entry
}

func (h *caseHouse) bundle(v *vault.Vault, hide ...bundle.Class) []byte {
	h.t.Helper()
	var w *bundle.Withheld
	if len(hide) > 0 {
		w = &bundle.Withheld{Classes: hide, Purpose: "inspection", Reason: "Quyết định 1-QĐ"}
	}
	var out bytes.Buffer
	if err := document.BundleOfCase(h.t.Context(), h.d, v, &out, h.ref.ID, w); err != nil {
		h.t.Fatal(err)
	}
	return out.Bytes()
}

// unpacked are the files of a bundle by path.
func unpacked(t *testing.T, packed []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return out
}

// packedAgain packs files as a forger would, the manifest made to fit them.
func packedAgain(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var m bundle.Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	m.Files = nil
	var names []string
	for name := range files {
		if name != "manifest.json" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		sum := sha256.Sum256(files[name])
		m.Files = append(m.Files, bundle.ManifestFile{Path: name, Size: int64(len(files[name])), SHA256: hex.EncodeToString(sum[:])})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = b.Bytes()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (h *caseHouse) verify(packed []byte) *bundle.Report {
	h.t.Helper()
	files, err := bundle.OpenZip(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		h.t.Fatal(err)
	}
	defer files.Close()
	return bundle.Verify(files, bundle.Options{Key: h.d.VerifierKey()})
}

// TestCaseBundleWithItsFiles: the bundle of a case carries its papers and the
// scans of what was signed, opened from the vault; the verifier holds each
// against the hash in the ledger. A redacted bundle leaves them out with their
// class. A file forged, swapped, put in or taken away is found.
func TestCaseBundleWithItsFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openCase(t, db)
		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		h.prepared()
		h.stepped()
		set := document.CaseSetting{PaperSetting: document.PaperSetting{Body: "Sở Nội vụ (mẫu)"}}
		minutes, _, _ := h.make(document.StepMinutes, "2", set)
		made, _, _ := h.make(document.Submission, caseWho, set)
		var pdf []byte
		if err := h.d.Read(t.Context(), func(tx *store.Tx) (err error) {
			pdf, err = document.PaperFile(t.Context(), tx, minutes, document.PaperPDFFile)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		signed := h.signedScan(v, pdf)
		scan, paper := fmt.Sprintf("files/%d/scan", signed), fmt.Sprintf("files/%d/paper.", made.Entry)

		whole := h.bundle(v)
		r := h.verify(whole)
		if !r.Fine() || r.Last() != "verified" {
			t.Fatalf("the whole bundle:\n%s", bundletest.Said(r))
		}
		files := unpacked(t, whole)
		if !bytes.Equal(files[scan], pdf) {
			t.Errorf("the scan in the bundle is not the one sent (%d bytes)", len(files[scan]))
		}
		for _, ext := range []string{"json", "pdf", "docx"} {
			if len(files[paper+ext]) == 0 {
				t.Errorf("%s%s is not in the bundle", paper, ext)
			}
		}
		// Without the key of the vault there is no scan, and the bundle says so.
		if r := h.verify(h.bundle(nil)); !r.Fine() || !strings.Contains(r.Last(), fmt.Sprintf("entry %d scan (withheld)", signed)) {
			t.Errorf("without the vault:\n%s", bundletest.Said(r))
		}
		// Redacted: papers and scans go with their classes.
		for _, c := range []struct {
			hide        []bundle.Class
			scan, paper bool
		}{
			{[]bundle.Class{bundle.ClassMinutes, bundle.ClassScans}, false, false},
			{[]bundle.Class{bundle.ClassScans}, false, true},
			{[]bundle.Class{bundle.ClassFacts, bundle.ClassMinutes}, true, false},
		} {
			packed := h.bundle(v, c.hide...)
			files := unpacked(t, packed)
			_, hasScan := files[scan]
			_, hasPaper := files[paper+"pdf"]
			if r := h.verify(packed); !r.Fine() || hasScan != c.scan || hasPaper != c.paper {
				t.Errorf("withholding %v: scan %v, paper %v\n%s", c.hide, hasScan, hasPaper, bundletest.Said(r))
			}
		}
		for name, c := range map[string]struct {
			change func(f map[string][]byte)
			says   string
		}{
			"the scan edited":    {func(f map[string][]byte) { f[scan] = bytes.Replace(f[scan], []byte("%PDF"), []byte("%PDG"), 1) }, "không đúng dấu băm"},
			"the PDF swapped":    {func(f map[string][]byte) { f[paper+"pdf"] = f[scan] }, "không đúng dấu băm"},
			"the Word file gone": {func(f map[string][]byte) { delete(f, paper+"docx") }, "thiếu tệp của giấy"},
			"a file put in":      {func(f map[string][]byte) { f[fmt.Sprintf("files/%d/khac.pdf", signed)] = f[scan] }, "không mục nào ràng buộc"},
			"the scan elsewhere": {func(f map[string][]byte) { f["files/0/scan"] = f[scan]; delete(f, scan) }, "không mục nào ràng buộc"},
		} {
			f := unpacked(t, whole)
			c.change(f)
			if r := h.verify(packedAgain(t, f)); r.Fine() || !strings.Contains(bundletest.Said(r), c.says) {
				t.Errorf("%s: want %q:\n%s", name, c.says, bundletest.Said(r))
			}
		}
		// Erased, the scan is gone from the bundle and the bundle verifies.
		h.do(desk.EraseBlockAct{Index: signed, Block: "words", Decision: "1-QĐ 2024"}, desk.EraseBlockAct{Index: made.Entry, Block: "words", Decision: "1-QĐ 2024"})
		after := h.bundle(v)
		if r := h.verify(after); !r.Fine() || unpacked(t, after)[scan] != nil || unpacked(t, after)[paper+"pdf"] != nil {
			t.Errorf("after erasing:\n%s", bundletest.Said(r))
		}
	})
}

// TestForgedCasePapers: whoever holds the key of the log and signs everything
// anew, the words beside the entries too, is found by a number of a paper that
// no entry of the case holds.
func TestForgedCasePapers(t *testing.T) {
	h := openCase(t, storetest.SQLite(t))
	h.prepared()
	h.stepped()
	set := document.CaseSetting{PaperSetting: document.PaperSetting{Body: "Sở Nội vụ (mẫu)"}}
	made, _, _ := h.make(document.Submission, caseWho, set)
	if r := bundletest.Forge(t, h.d, func(*ledger.Entry) {}); !r.Fine() {
		t.Fatalf("signed anew and not edited:\n%s", bundletest.Said(r))
	}
	first := func(p *document.Paper, share bool) *document.PaperFigure {
		for i := range p.Figures {
			if f := &p.Figures[i]; share == (f.Share != nil) && (share || strings.HasPrefix(f.Field, "record.votes.")) {
				return f
			}
		}
		t.Fatal("no such figure")
		return nil
	}
	for name, c := range map[string]struct {
		change func(p *document.Paper)
		says   string
	}{
		"votes":                     {func(p *document.Paper) { first(p, false).Value++ }, "trên giấy 27, trong mục"},
		"a percent":                 {func(p *document.Paper) { first(p, true).Text = "77.00" }, "tổng, tỷ lệ"},
		"another person's votes":    {func(p *document.Paper) { first(p, false).Field = "record.votes." + caseRival }, "trong mục"},
		"an entry of no case":       {func(p *document.Paper) { first(p, false).Entry = 0 }, "không thuộc hồ sơ"},
		"a number written in":       {func(p *document.Paper) { p.Parts[0].Text = append(p.Parts[0].Text, "Được 40 phiếu.") }, "không dẫn mục nào"},
		"a bare cell":               {func(p *document.Paper) { h.table(p).Rows[1][2] = "77" }, "không dẫn mục nào"},
		"words said by nobody":      {func(p *document.Paper) { h.said(p).Text[0] = "Tập thể nhất trí cao" }, "lời dẫn không đúng"},
		"the checkpoint of another": {func(p *document.Paper) { p.Point.Size-- }, "điểm chứng"},
	} {
		t.Run(name, func(t *testing.T) {
			r := bundletest.ForgeWords(t, h.d, func(e *ledger.Entry, blocks map[string][]byte) {
				if e.Index != made.Entry {
					return
				}
				p, err := document.ParsePaper(blocks["words"])
				if err != nil {
					t.Fatal(err)
				}
				c.change(p)
				raw, err := p.Canonical()
				if err != nil {
					t.Fatal(err)
				}
				blocks["words"] = raw
				bundletest.Reword(t, e, func(b map[string]any) {
					sum := sha256.Sum256(raw)
					b["files"].(map[string]any)["paper.json"] = hex.EncodeToString(sum[:])
					var list []any
					for i, f := range p.Figures {
						if f.Cited() {
							list = append(list, map[string]any{"n": i + 1, "value": f.Value, "entry": f.Entry, "field": f.Field})
						}
					}
					b["figures"] = list
					b["checkpoint"] = p.Point
				})
			})
			if f := r.First(); f == nil || f.Entry != made.Entry || !strings.Contains(f.Says.VI, c.says) {
				t.Errorf("want a word of %q at entry %d:\n%s", c.says, made.Entry, bundletest.Said(r))
			}
		})
	}
	// The figures bent and the paper left as it was.
	if bad := bundletest.Forge(t, h.d, func(e *ledger.Entry) {
		if e.Kind == "procedure.step-counted/1" && bytes.Contains(e.Body, []byte(`"step":"2"`)) {
			bundletest.Reword(t, e, func(b map[string]any) {
				bundletest.In(b, "record", "votes")[caseWho] = json.Number("25")
			})
		}
	}); bad.Fine() {
		t.Error("a paper on figures that were bent is not found")
	}
}
