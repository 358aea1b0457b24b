package document_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// scannedBox is the committee's box of nine ballots, its one pile scanned and
// typed; three sheets are settled by people: a half line keyed, another put to
// the board, a bill that lay among the ballots set aside.
type scannedBox struct {
	d        *desk.Desk
	db       *store.DB
	on       election.OnRound
	cs       string
	vault    *ballotbox.Vault
	pictures [][]byte          // as they came
	settled  map[string]string // what was said of each picture
	listed   int64
}

// The nine ballots: order numbers struck; "~4" is half a line through the fourth.
var scannedBallots = [][]string{{"4"}, {"4"}, {"1"}, {"4"}, {"2"}, {"4"}, {"3"}, {"~4"}, {"4", "~1"}}

func scanBox(t *testing.T, db *store.DB) *scannedBox {
	t.Helper()
	d := congress(t, db)
	s := &scannedBox{d: d, db: db, settled: map[string]string{}}
	s.on, s.cs = unsealedBox(t, d, ballotbox.Ballots)
	box := s.on.Contest
	do := func(actor string, a desk.Act) desk.Receipt { t.Helper(); return desktest.Do(t, d, actor, a) }
	var row *ballotbox.Row
	var lib *rule.Library
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		if lib, err = d.Rules(t.Context(), tx); err != nil {
			return err
		}
		row, err = ballotbox.Get(t.Context(), tx, box)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	o := paper.Options{Paper: "A5", Title: "Bầu Ban Chấp hành", Organisation: "Đảng bộ xã Ví Dụ (mẫu)"}
	act, back, err := ballotbox.TryBallot(lib, row, o)
	if err != nil || !back.Released() {
		t.Fatalf("%v %+v", err, back)
	}
	do("account/head", act)
	do("account/head", ballotbox.MakePiles{Box: box, Case: s.cs})
	l, err := row.Design(o)
	if err != nil {
		t.Fatal(err)
	}
	if s.vault, err = ballotbox.NewVault(); err != nil {
		t.Fatal(err)
	}
	m := papertest.NewMaker(l, 150)
	var files []ballotbox.Upload
	add := func(data []byte) {
		s.pictures = append(s.pictures, data)
		files = append(files, ballotbox.Upload{Name: "quet.png", Data: bytes.NewReader(data), Size: int64(len(data))})
	}
	drawn := func(seed uint64, struck []string) []byte {
		t.Helper()
		sheet := m.Sheet(papertest.Measure, seed, func(_ *rand.Rand, _ *paper.Layout, k int) string {
			n := string(rune('0' + l.Candidates[k].Order))
			switch {
			case slices.Contains(struck, "~"+n):
				return "partial"
			case slices.Contains(struck, n):
				return "line"
			}
			return "none"
		}, papertest.Perfect)
		var b bytes.Buffer
		if err := png.Encode(&b, sheet.Sides[0]); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for i, struck := range scannedBallots {
		add(drawn(uint64(i+1), struck))
	}
	other := papertest.NewMaker(bill(t), 150).Sheet(papertest.Measure, 99, func(*rand.Rand, *paper.Layout, int) string { return "none" }, papertest.Perfect)
	var b bytes.Buffer
	if err := png.Encode(&b, other.Sides[0]); err != nil {
		t.Fatal(err)
	}
	add(b.Bytes())
	seat := ballotbox.ScanSeat{Box: box, Case: s.cs, Pile: 1, Actor: "account/one"}
	// A scan that was begun, looked at and dropped: what was said of its sheet
	// stands for no sheet of the pile.
	crooked := drawn(77, scannedBallots[7])
	if got, err := s.vault.Stage(t.Context(), db, seat, []ballotbox.Upload{{Name: "lech.png", Data: bytes.NewReader(crooked), Size: int64(len(crooked))}}); err != nil || got.Sheets != 1 || got.Read != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	var begun *ballotbox.Queue
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		_, _, _, begun, err = s.vault.Queue(t.Context(), tx, seat)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	do("account/two", ballotbox.SettleSheet{Box: box, Case: s.cs, Pile: 1, Picture: begun.Sheets[0].ID, Keys: "4"})
	if err := ballotbox.Unstage(t.Context(), db, seat); err != nil {
		t.Fatal(err)
	}
	if got, err := s.vault.Stage(t.Context(), db, seat, files); err != nil || got.Sheets != 10 || got.Read != 7 {
		t.Fatalf("%+v %v", got, err)
	}
	var q *ballotbox.Queue
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		_, _, _, q, err = s.vault.Queue(t.Context(), tx, seat)
		return err
	}); err != nil || len(q.Sheets) != 3 {
		t.Fatalf("%+v %v", q, err)
	}
	for _, x := range q.Sheets {
		keys := map[int]string{0: "-", 1: "4", 2: "?"}[len(x.Look)+func() int {
			if x.Marks["person/m4"] == paper.MarkStruck {
				return 1
			}
			return 0
		}()]
		s.settled[x.ID] = keys
		do("account/two", ballotbox.SettleSheet{Box: box, Case: s.cs, Pile: 1, Picture: x.ID, Keys: keys})
	}
	rc := do("account/one", s.vault.HandIn(box, s.cs, 1, 9, false))
	if n := len(rc.Entries); n != 3 || rc.Entries[0].Kind != ballotbox.KindSheet || !strings.Contains(string(rc.Entries[0].Body), begun.Sheets[0].ID) || rc.Entries[2].Kind != ballotbox.KindListed {
		t.Fatalf("the dropped sheet is not taken back, or no list of the settled sheets: %+v", rc.Entries)
	}
	s.listed = rc.Entries[2].Index
	for i, who := range []string{"account/one", "account/two"} {
		st := ballotbox.Station{Box: box, Case: s.cs, Pile: 1, Station: i + 1, Attempt: 1, Actor: who}
		for n, keys := range []string{"4", "4", "1", "4", "2", "4", "3", "4", "?"} {
			if _, err := ballotbox.Put(t.Context(), db, nil, st, desk.NewID(), n+1, keys); err != nil {
				t.Fatal(err)
			}
		}
		do(who, ballotbox.HandIn{Box: box, Case: s.cs, Pile: 1, Station: i + 1, Attempt: 1, Ballots: 9})
	}
	causes, err := row.Causes(lib)
	if err != nil || len(causes) == 0 {
		t.Fatal(causes, err)
	}
	do("account/head", ballotbox.Decide{Box: box, Case: s.cs, Items: []ballotbox.Item{{Pile: 1, N: 1}}, Cause: causes[0].ID, Reason: "Nét gạch dở ở người thứ nhất"})
	do("account/head", ballotbox.Close{Box: box, Case: s.cs, Note: "Hai tờ dính nhau, đã tách ra"})
	return s
}

// bill is a sheet of another list: paper that does not belong to the pile.
func bill(t *testing.T) *paper.Layout {
	t.Helper()
	sheet := *sample().Record
	l, err := paper.Design(&sheet, paper.Options{Paper: "A5", Form: paper.FormStrike, Title: "Bầu nội dung khác"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The minutes list each sheet that people settled from scans, by pile, picture,
// reason and decision, never what the ballot bears; the verifier works it out
// from the sealed list that the report opened, and finds every change.
func TestMinutesListSettledScans(t *testing.T) {
	db := storetest.SQLite(t)
	s := scanBox(t, db)
	if r := bundletest.Forge(t, s.d, func(*ledger.Entry) {}); !r.Fine() {
		t.Fatalf("before the report:\n%s", bundletest.Said(r))
	}
	prefilled := func() (set document.Setting) {
		if err := s.d.Read(t.Context(), func(tx *store.Tx) (err error) {
			set, err = document.Prefill(t.Context(), tx, s.on.Contest)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return set
	}
	if set := prefilled(); set.Notes != "" {
		t.Errorf("what was noted at closing is told before the report: %q", set.Notes)
	}
	desktest.Do(t, s.d, "account/head", election.ReportBox{OnRound: s.on})
	// What the head had to note at closing stands in the minutes.
	if set := prefilled(); !strings.Contains(set.Notes, "Hai tờ dính nhau, đã tách ra") {
		t.Errorf("what was noted at closing is not in the minutes: %q", set.Notes)
	}
	rc, err := document.MakeMinutes(t.Context(), s.d, db, makeForm(), s.on.Contest, document.Setting{Body: "Đảng bộ xã Ví Dụ", Board: []document.Member{{Role: "Trưởng Ban kiểm phiếu", Name: "Nguyễn Văn G"}}})
	if err != nil {
		t.Fatal(err)
	}
	made := rc.Entries[0].Index
	var files map[string][]byte
	if err := s.d.Read(t.Context(), func(tx *store.Tx) error {
		m, err := election.GetMinutes(t.Context(), tx, made)
		if err == nil {
			files, err = document.Files(t.Context(), tx, m)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	m, err := document.Parse(files[document.ModelFile])
	if err != nil || m.Count == nil || len(m.Count.Sheets) != 3 || !strings.Contains(m.Count.Piles[0].Says(m.Count.Mode).VI, "máy quét đọc, khớp") {
		t.Fatalf("%v %+v", err, m.Count)
	}
	doc, err := docx.Read(files[document.DOCXFile])
	if err != nil {
		t.Fatal(err)
	}
	papers := map[string]string{"Word": squeeze(doc.Text()), "PDF": squeeze(paperText(t, files[document.PDFFile]))}
	for kind, text := range papers {
		if !strings.Contains(text, squeeze("ĐẢNG BỘ XÃ VÍ DỤ")) {
			t.Errorf("%s does not say at its head whose minutes these are", kind)
		}
	}
	says := map[string]string{"-": ballotbox.SheetAside, "4": ballotbox.SheetRead, "?": ballotbox.SheetDoubtful}
	for _, x := range m.Count.Sheets {
		if x.ListedSheet.Says != says[s.settled[x.Picture]] || x.Pile != 1 || x.Entry != s.listed || x.ListedSheet.Why == "" {
			t.Errorf("%+v, said %q", x, s.settled[x.Picture])
		}
		for name, text := range papers {
			for _, want := range []string{"VI. Tờ phiếu quét do người kiểm phiếu xem", x.Code(), x.Why().VI, x.Says().VI, "VII. Phiếu nghi vấn"} {
				if !strings.Contains(text, squeeze(want)) {
					t.Errorf("%s does not say %q", name, want)
				}
			}
		}
	}
	if lost := document.LostWords(t, files[document.DOCXFile], files[document.PDFFile]); len(lost) > 0 {
		t.Errorf("not in the PDF: %q", lost)
	}
	desktest.CheckRebuild(t, s.d)

	// Files of minutes are not among what is signed anew.
	bare := func(e *ledger.Entry) {
		bundletest.Reword(t, e, func(b map[string]any) { b["files"] = map[string]string{} })
	}
	if r := bundletest.Forge(t, s.d, func(e *ledger.Entry) {
		if e.Index == made {
			bare(e)
		}
	}); !r.Fine() {
		t.Fatalf("signed anew and not edited:\n%s", bundletest.Said(r))
	}
	first := func(c map[string]any, list string) map[string]any { return c[list].([]any)[0].(map[string]any) }
	for name, x := range map[string]struct {
		change func(c map[string]any)
		says   string
	}{
		"a sheet left out":    {func(c map[string]any) { c["sheets"] = c["sheets"].([]any)[1:] }, "không có đủ đúng các tờ"},
		"all sheets left out": {func(c map[string]any) { delete(c, "sheets") }, "không có đủ đúng các tờ"},
		"a sheet twice":       {func(c map[string]any) { c["sheets"].([]any)[1] = c["sheets"].([]any)[0] }, "hai lần"},
		"another decision":    {func(c map[string]any) { first(c, "sheets")["says"] = "set" }, "không đứng như vậy"},
		"another reason":      {func(c map[string]any) { first(c, "sheets")["why"] = "dark" }, "không đứng như vậy"},
		"another picture":     {func(c map[string]any) { first(c, "sheets")["picture"] = strings.Repeat("0", 64) }, "không đứng như vậy"},
		"another pile":        {func(c map[string]any) { first(c, "sheets")["pile"] = 2 }, "không đứng như vậy"},
		"another entry":       {func(c map[string]any) { first(c, "sheets")["entry"] = s.listed - 1 }, "không đứng như vậy"},
		"the scan left out": {func(c map[string]any) {
			p := first(c, "piles")
			rs := p["readings"].([]any)
			p["readings"] = rs[:len(rs)-1]
			delete(c, "sheets")
		}, "không ghi lượt quét"},
		"another box":                {func(c map[string]any) { c["box"] = "dh-mau/hom-khac" }, "hòm phiếu dh-mau/hom-khac"},
		"not of the form":            {func(c map[string]any) { c["doubts"] = "không có" }, "không đọc được"},
		"a pile left out":            {func(c map[string]any) { c["piles"] = []any{} }, "không ghi đủ đúng các tập"},
		"a pile of another size":     {func(c map[string]any) { first(c, "piles")["size"] = 8 }, "không ghi đủ đúng các tập"},
		"a doubtful ballot left out": {func(c map[string]any) { delete(c, "doubts") }, "không ghi phiếu nghi vấn 1 của tập 1"},
		"a reading of another":       {func(c map[string]any) { first(first(c, "piles"), "readings")["station"] = 2 }, "không phải lượt đọc đó"},
		"readings never agreed":      {func(c map[string]any) { first(c, "piles")["agreed"] = s.listed }, "không ghi rằng các lượt nhập khớp"},
		"a doubtful ballot kept":     {func(c map[string]any) { first(c, "doubts")["valid"] = true }, "không được quyết định như vậy"},
		"another ground for it":      {func(c map[string]any) { first(c, "doubts")["reason"] = "Lý do khác" }, "không được quyết định như vậy"},
	} {
		t.Run(name, func(t *testing.T) {
			r := bundletest.ForgeWords(t, s.d, func(e *ledger.Entry, blocks map[string][]byte) {
				if e.Index != made {
					return
				}
				var model map[string]any
				if err := json.Unmarshal(blocks["minutes"], &model); err != nil {
					t.Fatal(err)
				}
				x.change(model["count"].(map[string]any))
				raw, err := json.Marshal(model)
				if err != nil {
					t.Fatal(err)
				}
				blocks["minutes"] = raw
				bare(e)
			})
			if f := r.First(); f == nil || f.Entry != made || !strings.Contains(f.Says.VI, x.says) {
				t.Errorf("want a word of %q at entry %d:\n%s", x.says, made, bundletest.Said(r))
			}
		})
	}
	t.Run("a list that nobody decided", func(t *testing.T) {
		r := bundletest.ForgeWords(t, s.d, func(e *ledger.Entry, blocks map[string][]byte) {
			if e.Index == made {
				bare(e)
			}
			if e.Index == s.listed {
				blocks[ballotbox.BlockListed] = bytes.Replace(blocks[ballotbox.BlockListed], []byte(`"picture":"`), []byte(`"picture":"00`), 1)
			}
		})
		if f := r.First(); f == nil || f.Entry != s.listed || !strings.Contains(f.Says.VI, "chưa có ai quyết định") {
			t.Errorf("%s", bundletest.Said(r))
		}
	})
	t.Run("a decision dropped", func(t *testing.T) {
		r := bundletest.Forge(t, s.d, func(e *ledger.Entry) {
			if e.Index == made {
				bare(e)
			}
			if e.Kind == ballotbox.KindSheet {
				bundletest.Reword(t, e, func(b map[string]any) { b["undo"] = true })
			}
		})
		if f := r.First(); f == nil || f.Entry != s.listed || !strings.Contains(f.Says.VI, "người kiểm phiếu đã quyết định 0") {
			t.Errorf("%s", bundletest.Said(r))
		}
	})
}
