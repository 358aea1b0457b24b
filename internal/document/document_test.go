package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func p(n int64) *int64 { return &n }

const contest = "qh15/mau/1"

// sample is an invented constituency with every figure its minutes need.
func sample() election.Contest {
	return election.Contest{Place: "Tỉnh Mẫu", Unit: 1, Area: "các huyện An Bình, Đông Hòa và Tây Sơn", Sample: true,
		Title:  rule.Words{VI: "Đơn vị bầu cử số 1", EN: "Constituency 1"},
		Titles: map[string]string{"c1": "Ông", "c2": "Bà", "c3": "Ông", "c4": "Bà", "c5": "Ông"},
		Source: election.Source{How: "hand"},
		Record: &vote.Record{ID: contest, Rules: "state-election/qh", Date: vn.MustDate("2021-05-23"), Seats: p(3),
			Candidates: []vote.Candidate{{ID: "c1", Name: "Nguyễn Văn Mẫu", Order: 1}, {ID: "c2", Name: "Trần Thị Thử", Order: 2}, {ID: "c3", Name: "Hoàng Đức Giả Định", Order: 3},
				{ID: "c4", Name: "Công Tằng Tôn Nữ Ngọc Thí Dụ", Order: 4}, {ID: "c5", Name: "Y Blôk Êban Ví Dụ", Order: 5}},
			Voters: &vote.Voters{Listed: p(190000), Voted: p(189000)},
			Ballots: vote.Ballots{Printed: p(190500), Issued: p(189100), Spoiled: p(100), Unused: p(1400), Collected: p(189000), Valid: p(186600), Invalid: p(2400),
				InvalidBy: map[string]int64{"too-many": 2000, "all-struck": 400}, ByChosen: map[string]int64{"2": 10140, "3": 176460}},
			Votes: map[string]int64{"c1": 153669, "c2": 117918, "c3": 99079, "c4": 90767, "c5": 88227}}}
}

func prepare(t *testing.T, db *store.DB, c election.Contest) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, ballotbox.Room(), election.Room(), document.Room())
	desktest.Do(t, d, "officer", election.OpenEvent{ID: "qh15", Kind: "national-assembly", Date: vn.MustDate("2021-05-23"),
		Title: rule.Words{VI: "Bầu cử đại biểu Quốc hội khóa XV", EN: "Election of the XV National Assembly"}})
	desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: c})
	return d
}

var setting = document.Setting{Place: "An Bình", Ended: "21 giờ 30 phút", Upper: "Ủy ban bầu cử tỉnh Mẫu",
	Board: []document.Member{{Role: "Trưởng ban", Name: "Lê Văn Trưởng"}, {Role: "Phó Trưởng ban", Name: "Phạm Thị Phó"}},
	Notes: "Cuộc bầu cử diễn ra đúng quy định."}

func form() document.Form {
	return document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Now: time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)}
}

// The minutes are made, every number of them is the one in the ledger, the
// bundle verifies against the key and against the code on the paper, and one
// changed digit is found.
func TestMinutesFromTheLedgerToTheVerifier(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := prepare(t, db, sample())
		f := form()
		rc, err := document.MakeMinutes(ctx, d, db, f, contest, setting)
		if err != nil {
			t.Fatal(err)
		}
		again, err := document.MakeMinutes(ctx, d, db, f, contest, setting)
		if err != nil || !again.Repeated || again.Entries[0].Index != rc.Entries[0].Index {
			t.Fatalf("the same form again: %+v, %v", again, err)
		}
		var m *election.Minutes
		var files map[string][]byte
		if err := d.Read(ctx, func(tx *store.Tx) (err error) {
			if m, err = election.GetMinutes(ctx, tx, rc.Entries[0].Index); err != nil {
				return err
			}
			files, err = document.Files(ctx, tx, m)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(m.Numbers) < 15 {
			t.Errorf("only %d numbers are cited", len(m.Numbers))
		}
		model, err := document.Parse(files[document.ModelFile])
		if err != nil {
			t.Fatal(err)
		}
		if again, err := model.Print(nil); err != nil || !bytes.Equal(again.PDF, files[document.PDFFile]) {
			t.Errorf("the PDF drawn again differs: %v", err)
		}
		dir := t.TempDir()
		write := func(name string, redacted bool) string {
			path := filepath.Join(dir, name)
			out, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			if err := document.BundleOf(ctx, d, out, contest, redacted); err != nil {
				t.Fatal(err)
			}
			return path
		}
		full, redacted := write("full.zip", false), write("redacted.zip", true)
		key := d.VerifierKey()
		expect := func(code int, last string, args ...string) {
			t.Helper()
			var out, errs strings.Builder
			if got := bundle.Main(args, nil, &out, &errs); got != code {
				t.Errorf("verify %v: exit %d, want %d\n%s%s", args, got, code, out.String(), errs.String())
			}
			if !strings.Contains(out.String(), last) {
				t.Errorf("verify %v does not say %q:\n%s", args, last, out.String())
			}
		}
		expect(0, "verified", full, "--key", key)
		expect(0, "verified", full, "--paper", m.Point.Code)
		expect(3, "consistent, not anchored", full)
		expect(0, "verified", redacted, "--key", key)
		expect(1, "not verified", flipped(t, full, "entries"), "--key", key)
		expect(1, "not verified", flipped(t, full, "minutes.pdf"), "--key", key)
		ledgerZip := filepath.Join(dir, "ledger.zip")
		out, err := os.Create(ledgerZip)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(document.BundleOfLedger(ctx, d, out, false), out.Close()); err != nil {
			t.Fatal(err)
		}
		expect(0, "verified", ledgerZip, "--key", key)
		desktest.CheckRebuild(t, d)

		// Lawful erasure takes the files with it; the bundle still verifies.
		desktest.Do(t, d, "officer", desk.EraseBlockAct{Index: rc.Entries[0].Index, Block: election.BlockMinutes, Decision: "7-QĐ/TU"})
		if err := d.Read(ctx, func(tx *store.Tx) error {
			m, err := election.GetMinutes(ctx, tx, rc.Entries[0].Index)
			if err != nil {
				return err
			}
			if _, err := document.Files(ctx, tx, m); err == nil {
				t.Error("the files of erased minutes are still handed out")
			}
			if _, err := store.GetBlob(ctx, tx, m.Files[document.PDFFile]); err == nil {
				t.Error("the PDF of erased minutes is still kept")
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		expect(0, "verified", write("erased.zip", false), "--key", key)
		desktest.CheckRebuild(t, d)
	})
}

// flipped is a copy of a bundle with one digit changed in the first file whose
// path holds name.
func flipped(t *testing.T, path, name string) string {
	t.Helper()
	in, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out := path + "." + strings.ReplaceAll(name, "/", "_") + ".zip"
	w, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	z := zip.NewWriter(w)
	done := false
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !done && strings.Contains(f.Name, name) {
			if i := bytes.Index(content, []byte("153669")); i >= 0 {
				content[i] = '9'
				done = true
			} else if i := bytes.LastIndexAny(content, "0123456789"); i >= 0 && name != "entries" {
				content[i] ^= 1
				done = true
			}
		}
		o, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if !done {
		t.Fatalf("no digit to change in %s", name)
	}
	return out
}

// Minutes are refused, with what is missing, while figures are not recorded or
// contradict each other; and when the contest was corrected meanwhile.
func TestMinutesAreRefusedUntilTheFiguresAreWhole(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	c := sample()
	c.Record.Voters = nil
	d := prepare(t, db, c)
	var e *desk.Error
	if _, err := document.MakeMinutes(ctx, d, db, form(), contest, setting); !errors.As(err, &e) || e.Code != desk.Refused || !strings.Contains(e.Says.VI, "cử tri") {
		t.Fatalf("without voters: %v", err)
	}
	c = sample()
	c.Record.Ballots.Invalid = p(1)
	desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: c, Reason: "thử"})
	var det *election.Detail
	if err := d.Read(ctx, func(tx *store.Tx) (err error) { det, err = election.Get(ctx, tx, contest); return err }); err != nil {
		t.Fatal(err)
	}
	if _, err := document.MakeMinutes(ctx, d, db, form(), contest, setting); det.Status == "refused" && (!errors.As(err, &e) || e.Code != desk.Refused) {
		t.Fatalf("with contradicting figures: %v", err)
	}
	desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: sample(), Reason: "thử"})
	m, det, err := document.Preview(ctx, d, contest, setting, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := m.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	cp, _, err := d.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	act := election.MakeMinutes{Contest: contest, Version: det.Version, Numbers: m.Numbers(), Model: raw,
		Files: map[string]string{"minutes.json": strings.Repeat("0", 64)}, Point: election.Point{Size: m.Size, Root: hex.EncodeToString(cp.Root[:]), Code: m.Code}}
	act.Numbers[0].Value++
	if e := desktest.MustRefuse(t, d, "officer", act, desk.Invalid); e.Field != "numbers" {
		t.Errorf("a number that is not in the ledger: %s", e.Says.EN)
	}
	act.Numbers[0].Value--
	act.Point.Root = strings.Repeat("0", 64)
	if e := desktest.MustRefuse(t, d, "officer", act, desk.Invalid); e.Field != "checkpoint" {
		t.Errorf("a checkpoint of another ledger: %s", e.Says.EN)
	}
	act.Point.Root = hex.EncodeToString(cp.Root[:])
	c = sample()
	c.Record.Votes["c5"] = 88226
	c.Record.Ballots.ByChosen["2"], c.Record.Ballots.ByChosen["3"] = 10141, 176459
	desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: c, Reason: "thử"})
	desktest.MustRefuse(t, d, "officer", act, desk.Stale)
}

// Each way of printing the checkpoint gives a PDF that a reader opens, with
// every Vietnamese letter as text.
func TestPDFIsReadable(t *testing.T) {
	db := storetest.SQLite(t)
	d := prepare(t, db, sample())
	for _, seal := range []document.Seal{document.SealFooter, document.SealSlip, document.SealNone} {
		set := setting
		set.Seal = seal
		m, _, err := document.Preview(context.Background(), d, contest, set, time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		files, err := m.Print(nil)
		if err != nil {
			t.Fatal(err)
		}
		pdf := files.PDF
		if lost := document.LostWords(t, files.Word, pdf); len(lost) > 0 || len(files.Odd) > 0 {
			t.Errorf("%s: not in the PDF: %q %v", seal, lost, files.Odd)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%s.pdf", seal))
		if err := os.WriteFile(path, pdf, 0o644); err != nil {
			t.Fatal(err)
		}
		if keep := os.Getenv("MINHBACH_KEEP_PDF"); keep != "" {
			if err := os.WriteFile(filepath.Join(keep, string(seal)+".pdf"), pdf, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
		if err != nil {
			t.Fatalf("pdftotext (package poppler-utils) is needed: %v", err)
		}
		for _, want := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Công Tằng Tôn Nữ Ngọc Thí Dụ", "Y Blôk Êban Ví Dụ", "153.669", "82,35%", "Điều 78", "ngày 01 tháng 3 năm 2026"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %q is not on the paper", seal, want)
			}
		}
		if has := strings.Contains(string(text), m.Code); has != (seal != document.SealNone) {
			t.Errorf("%s: code on the paper: %v", seal, has)
		}
	}
}
