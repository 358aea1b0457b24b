package document_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

const handover = "handover/1"

// handedOver is a house in which one commune hands a cell over to another.
func handedOver(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, org.Room(), person.Room(), dossier.Room(), document.Room())
	from := vn.MustDate("2000-01-01")
	for _, u := range []org.Found{
		{ID: "org/a", Title: "Đảng ủy xã A", Kind: org.Grassroots},
		{ID: "org/b", Title: "Đảng ủy xã B", Kind: org.Grassroots},
		{ID: "org/c", Title: "Đảng ủy xã C", Kind: org.Grassroots},
		{ID: "org/a/1", Title: "Chi bộ thôn 1", Kind: org.Cell, Parent: "org/a"},
	} {
		u.From = from
		desktest.Do(t, d, "officer", u)
	}
	desktest.Do(t, d, "officer", person.OpenHandover{ID: handover, From: "org/a", To: "org/b", On: vn.MustDate("2025-07-01"), Units: []string{"org/a/1"}})
	return d
}

func handoverPaper() *document.FiguresPaper {
	return &document.FiguresPaper{Title: "BIÊN BẢN BÀN GIAO", Of: "A – B", Foot: "điểm chứng 7-AAAA", Code: "7-AAAA", Made: vn.MustDate("2025-07-01"), Entry: 4,
		Tables: []document.FiguresTable{{Title: "Danh sách", Heads: []string{"TT", "Họ và tên"}, Rows: [][]string{{"1", "Đỗ Minh Quân"}}}}}
}

func prints(t *testing.T, d *desk.Desk) (out []document.HandoverPrint) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		out, err = document.HandoverPrints(t.Context(), tx, handover)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Minutes of a handover are printed, signed by hand, scanned: the print stands
// in the record by the hash of its files, the scan by its own, and whoever holds
// a file finds its entry. The same content is one print whatever the checkpoint
// at its foot; what was recorded since makes another.
func TestHandoverPrint(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		d := handedOver(t, db)
		act := document.RecordHandoverPrint{Handover: handover, Org: "org/a", Shows: d.Head(), Title: "A – B"}
		f := form()
		entry, _, err := document.MakeHandoverPrint(ctx, d, db, f, act, handoverPaper())
		if err != nil {
			t.Fatal(err)
		}
		if again, rc, err := document.MakeHandoverPrint(ctx, d, db, f, act, handoverPaper()); err != nil || again != entry || !rc.Repeated {
			t.Errorf("the same form again: %d, %+v, %v", again, rc, err)
		}
		later := handoverPaper()
		later.Foot, later.Code, later.Made = "điểm chứng 9-BBBB", "9-BBBB", vn.MustDate("2025-07-03")
		if again, rc, err := document.MakeHandoverPrint(ctx, d, db, form(), act, later); err != nil || again != entry || len(rc.Entries) != 0 {
			t.Errorf("the same content again: entry %d, %+v, %v", again, rc, err)
		}
		p := prints(t, d)[0]
		kept := map[string][]byte{}
		for name := range p.Files {
			if err := d.Read(ctx, func(tx *store.Tx) (err error) {
				kept[name], err = document.HandoverPrintFile(ctx, tx, handover, entry, name)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := handoverPaper().PDF(); err != nil || !bytes.Equal(kept[document.HandoverPDF], want) {
			t.Errorf("the print is not the paper that was drawn: %v", err)
		}

		no := act
		no.Content, no.Files = p.Content, p.Files
		for name, change := range map[string]func(*document.RecordHandoverPrint){
			"a side that it is not": func(a *document.RecordHandoverPrint) { a.Org = "org/c" },
			"an older state":        func(a *document.RecordHandoverPrint) { a.Shows-- },
			"no content":            func(a *document.RecordHandoverPrint) { a.Content = "" },
			"one file":              func(a *document.RecordHandoverPrint) { a.Files = map[string]string{document.HandoverPDF: p.Content} },
			"files that nobody keeps": func(a *document.RecordHandoverPrint) {
				a.Files = map[string]string{document.HandoverPDF: p.Content, document.HandoverDOCX: p.Content}
			},
			"no handover": func(a *document.RecordHandoverPrint) { a.Handover = "handover/2" },
		} {
			a := no
			change(&a)
			if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: a}); err == nil {
				t.Errorf("%s: recorded", name)
			}
		}

		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		put := func(content []byte) (f vault.File) {
			t.Helper()
			if err := db.Write(ctx, func(tx *store.Tx) (err error) {
				f, err = v.Put(ctx, tx, document.HandoverPapers(handover), content, form().Now)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return f
		}
		var scan bytes.Buffer
		if err := png.Encode(&scan, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
			t.Fatal(err)
		}
		file := put(scan.Bytes())
		attach := document.AttachHandoverScan{Handover: handover, Org: "org/b", Print: entry, File: file.Hash, Title: "da-ky.png"}
		for name, a := range map[string]document.AttachHandoverScan{
			"of no print":      {Handover: handover, Org: "org/b", Print: 0, File: file.Hash},
			"by a third":       {Handover: handover, Org: "org/c", Print: entry, File: file.Hash},
			"that is not kept": {Handover: handover, Org: "org/b", Print: entry, File: p.Content},
			"that is no scan":  {Handover: handover, Org: "org/b", Print: entry, File: put(kept[document.HandoverDOCX]).Hash},
		} {
			if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Act: a}); err == nil {
				t.Errorf("a scan %s is attached", name)
			}
		}
		scanned := desktest.Do(t, d, "officer", attach).Entries[0].Index
		desktest.MustRefuse(t, d, "officer", attach, desk.Refused)
		if s := prints(t, d)[0].Scans; len(s) != 1 || s[0].Entry != scanned || !s[0].Kept || s[0].Name != "da-ky.png" {
			t.Errorf("scans: %+v", s)
		}
		find := func(digits string) (at []int64) {
			t.Helper()
			if err := d.Read(ctx, func(tx *store.Tx) error {
				fs, err := document.ByHash(ctx, tx, digits)
				for _, x := range fs {
					at = append(at, x.Entry)
					if x.Of != entry {
						t.Errorf("found of print %d", x.Of)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return at
		}
		for digits, want := range map[string]int64{p.Files[document.HandoverPDF]: entry, strings.ToUpper(p.Files[document.HandoverDOCX][:20]): entry, file.Hash: scanned} {
			if got := find(digits); len(got) != 1 || got[0] != want {
				t.Errorf("looked for %s: %v, not %d", digits, got, want)
			}
		}
		for _, digits := range []string{p.Files[document.HandoverPDF][:15], p.Content, strings.Repeat("0", 64), `%" OR 1=1 --------`} {
			if got := find(digits); len(got) != 0 {
				t.Errorf("looked for %q: %v", digits, got)
			}
		}
		desktest.CheckRebuild(t, d)

		// What is recorded of the handover since makes the print an older one.
		desktest.Do(t, d, "officer", person.AcceptHandover{ID: handover, To: "org/b"})
		act.Shows = d.Head()
		newer := handoverPaper()
		newer.Notes = []string{"Bên nhận đã ghi số nhận."}
		if second, _, err := document.MakeHandoverPrint(ctx, d, db, form(), act, newer); err != nil || second == entry || len(prints(t, d)) != 2 {
			t.Errorf("the newer print: entry %d, %v", second, err)
		}

		// Erased, the print takes its scan with it; printed anew it is a new one.
		if rc := desktest.Do(t, d, "officer", desk.EraseBlockAct{Index: entry, Block: "words", Decision: "01-QĐ/BTC"}); len(rc.Entries) != 2 {
			t.Errorf("%d entries of the erasure", len(rc.Entries))
		}
		old := prints(t, d)[1]
		if !old.Erased || old.Scans[0].Kept {
			t.Errorf("erased: %+v", old)
		}
		if err := d.Read(ctx, func(tx *store.Tx) error {
			if _, err := document.HandoverPrintFile(ctx, tx, handover, entry, document.HandoverPDF); err == nil {
				t.Error("an erased print is handed out")
			}
			if _, err := vault.Info(ctx, tx, document.HandoverPapers(handover), file.Hash); !errors.Is(err, vault.ErrNone) {
				t.Errorf("the scan outlives the print: %v", err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.MustRefuse(t, d, "officer", attach, desk.NotFound)
		desktest.CheckRebuild(t, d)
	})
}
