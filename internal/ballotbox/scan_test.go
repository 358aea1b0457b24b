package ballotbox_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

var scanOptions = paper.Options{Paper: "A5", Title: "Bầu chi ủy", Organisation: "Chi bộ mẫu"}

// release reads the box's ballot back and releases it.
func release(t *testing.T, d *desk.Desk) *paper.Layout {
	t.Helper()
	b := get(t, d)
	act, back, err := ballotbox.TryBallot(rules(t), b, scanOptions)
	if err != nil || !back.Released() {
		t.Fatalf("read-back: %v %+v", err, back)
	}
	desktest.MustRefuse(t, d, "account/a", act, desk.Denied)
	desktest.Do(t, d, "account/head", act)
	l, err := b.Design(scanOptions)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestReleaseForHandCountingOnly: a ballot that was read back wrong is released
// only when its head says that it is for counting by hand, which is recorded with
// the number of trials; it is never scanned, until a better one is released.
func TestReleaseForHandCountingOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 2)
		v, err := ballotbox.NewVault()
		if err != nil {
			t.Fatal(err)
		}
		act, back, err := ballotbox.TryBallot(rules(t), get(t, d), scanOptions)
		if err != nil || !back.Released() {
			t.Fatalf("%v %+v", err, back)
		}
		right := back.Failures
		back.Failures = make([]paper.Trial, 2) // as if two trials had been read wrong
		desktest.MustRefuse(t, d, "account/head", act, desk.Invalid)
		act.HandOnly = true
		desktest.MustRefuse(t, d, "account/a", act, desk.Denied)
		rc := desktest.Do(t, d, "account/head", act)
		var said struct {
			Scan          bool
			Tried, Failed int
		}
		if err := json.Unmarshal(rc.Entries[0].Body, &said); err != nil || said.Scan || said.Tried != back.Tried || said.Failed != 2 {
			t.Errorf("%s %v", rc.Entries[0].Body, err)
		}
		if _, err := v.Stage(t.Context(), db, seat("account/a"), nil); code(err) != desk.Refused || !strings.Contains(err.Error(), "hand counting only") {
			t.Errorf("scanned: %v", err)
		}
		back.Failures, act.HandOnly = right, false
		desktest.Do(t, d, "account/head", act)
		if _, err := v.Stage(t.Context(), db, seat("account/a"), nil); err != nil {
			t.Errorf("the better ballot is not scanned: %v", err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// hand fills one ballot: the numbers struck, "~n" a half line that a person
// must look at.
func hand(t *testing.T, m *papertest.Maker, l *paper.Layout, seed uint64, struck string) []byte {
	t.Helper()
	s := m.Sheet(papertest.Measure, seed, func(_ *rand.Rand, _ *paper.Layout, i int) string {
		n := fmt.Sprint(l.Candidates[i].Order)
		switch {
		case strings.Contains(struck, "~"+n):
			return "partial"
		case strings.Contains(struck, n):
			return "line"
		}
		return "none"
	}, papertest.Perfect)
	var b bytes.Buffer
	if err := png.Encode(&b, s.Sides[0]); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func upload(name string, data []byte) ballotbox.Upload {
	return ballotbox.Upload{Name: name, Data: bytes.NewReader(data), Size: int64(len(data))}
}

func seat(actor string) ballotbox.ScanSeat {
	return ballotbox.ScanSeat{Box: "dh/bch/1", Case: caseID, Pile: 1, Actor: actor}
}

func queue(t *testing.T, d *desk.Desk, v *ballotbox.Vault) *ballotbox.Queue {
	t.Helper()
	var q *ballotbox.Queue
	read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
		_, _, _, q, err = v.Queue(ctx, tx, seat("account/a"))
		return err
	})
	return q
}

// A pile is scanned beside the typed readings: the doubtful sheet waits for a
// person, is settled, taken back and settled anew; the scan is one more reading
// that nobody outside sees, is compared when the pile is settled, and its
// pictures go with the ballots.
func TestScanBesideTyped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 5)
		key := filepath.Join(t.TempDir(), "scan.key")
		v, err := ballotbox.OpenVault(key)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := os.Stat(key); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("key file: %v %v", st, err)
		}
		if _, err := v.Stage(t.Context(), db, seat("account/a"), nil); err == nil || !strings.Contains(err.Error(), "not released yet") {
			t.Errorf("scanned before release: %v", err)
		}
		l := release(t, d)
		m := papertest.NewMaker(l, 150)
		var files []ballotbox.Upload
		var raw [][]byte
		for i, struck := range []string{"4", "4", "1", "12"} {
			raw = append(raw, hand(t, m, l, uint64(i), struck))
			files = append(files, upload(fmt.Sprintf("s%d.png", i), raw[i]))
		}
		if _, err := v.Stage(t.Context(), db, seat("account/officer"), files); code(err) != desk.Denied {
			t.Errorf("somebody else staged: %v", err)
		}
		var far []int
		got, err := v.StageTold(t.Context(), db, seat("account/a"), files, func(done, of int) { far = append(far, 10*done+of) })
		if !slices.Equal(far, []int{4, 14, 24, 34, 44}) {
			t.Errorf("told how far it is: %v", far)
		}
		if err != nil || got.Sheets != 4 || got.Read != 4 {
			t.Fatalf("%+v %v", got, err)
		}
		// Resumed with the same file again, foreign bytes, and the doubtful one.
		half := hand(t, m, l, 9, "~4")
		got, err = v.Stage(t.Context(), db, seat("account/b"), []ballotbox.Upload{upload("s0.png", raw[0]), upload("bia.pdf", []byte("%PDF-1.7 hỏng")),
			upload("cut.png", raw[1][:len(raw[1])/2]), upload("half.png", half)})
		if err != nil || got.Sheets != 1 || got.Read != 0 || len(got.Told) != 4 {
			t.Fatalf("%+v %v", got, err)
		}
		q := queue(t, d, v)
		if q.Read != 4 || q.Open != 1 || q.Ballots != 4 || len(q.Sheets) != 1 || q.Sheets[0].Look["c4"] == "" {
			t.Fatalf("%+v", q)
		}
		handIn := func(n int) ballotbox.HandInScan { return v.HandIn("dh/bch/1", caseID, 1, n, false) }
		desktest.MustRefuse(t, d, "account/a", handIn(4), desk.Refused)
		settle := ballotbox.SettleSheet{Box: "dh/bch/1", Case: caseID, Pile: 1, Picture: q.Sheets[0].ID, Keys: "-"}
		desktest.MustRefuse(t, d, "account/officer", settle, desk.Denied)
		wrong := settle
		wrong.Keys = "9"
		desktest.MustRefuse(t, d, "account/a", wrong, desk.Invalid)
		wrong = settle
		wrong.Picture = strings.Repeat("0", 64)
		desktest.MustRefuse(t, d, "account/a", wrong, desk.NotFound)
		rc := desktest.Do(t, d, "account/a", settle)
		if kinds(rc) != ballotbox.KindSheet || !strings.Contains(string(rc.Entries[0].Body), q.Sheets[0].ID) || strings.Contains(string(rc.Entries[0].Body), `"p"`) {
			t.Errorf("%s %s", kinds(rc), rc.Entries[0].Body)
		}
		desktest.MustRefuse(t, d, "account/a", handIn(4), desk.Invalid) // four of five
		undo := settle
		undo.Undo = true
		desktest.Do(t, d, "account/b", undo)
		if q := queue(t, d, v); q.Open != 1 {
			t.Errorf("after undo: %+v", q)
		}
		settle.Keys = "4"
		desktest.Do(t, d, "account/a", settle)
		rows(t, db, "op_ballotbox_scan_ballot", 5)
		noCopy(t, d)
		rc = desktest.Do(t, d, "account/a", handIn(5))
		if kinds(rc) != ballotbox.KindReading+" "+ballotbox.KindListed || !strings.Contains(string(rc.Entries[0].Body), `"kind":"scan"`) || strings.Contains(string(rc.Entries[1].Body), "partial") {
			t.Fatalf("%s %s", kinds(rc), rc.Entries[0].Body)
		}
		read(t, d, func(ctx context.Context, tx *store.Tx) error {
			lists, err := ballotbox.SheetLists(ctx, tx, get(t, d))
			want := []ballotbox.ListedSheet{{Picture: q.Sheets[0].ID, Why: paper.ReasonNames.Code, Marks: []string{q.Sheets[0].Look["c4"]}, Says: ballotbox.SheetRead}}
			if err != nil || len(lists) != 1 || lists[0].Pile != 1 || lists[0].Entry != rc.Entries[1].Index || !reflect.DeepEqual(lists[0].Sheets, want) {
				t.Errorf("list of the settled sheets: %+v %v", lists, err)
			}
			return nil
		})
		rows(t, db, "op_ballotbox_scan_ballot", 0)
		rows(t, db, "op_ballotbox_kept_ballot", 5)
		if _, err := v.Stage(t.Context(), db, seat("account/a"), files[:1]); err == nil || !strings.Contains(err.Error(), "has its scan") {
			t.Errorf("scanned twice: %v", err)
		}
		// The scan settles nothing: two people key the pile.
		compared := func() []ballotbox.ScanPile {
			var out []ballotbox.ScanPile
			read(t, d, func(ctx context.Context, tx *store.Tx) (err error) {
				out, err = ballotbox.ScanCompared(ctx, tx, get(t, d))
				return err
			})
			return out
		}
		if c := compared(); len(c) != 1 || c[0].Settled || c[0].Diffs != nil {
			t.Fatalf("%+v", c)
		}
		keyAll(t, d, db, at("account/a", 1, 1, 1), "4", "4", "1", "1 2", "3")
		keyAll(t, d, db, at("account/b", 1, 2, 1), "4", "4", "1", "1 2", "3")
		c := compared()
		if len(c) != 1 || !c[0].Settled || c[0].Same || len(c[0].Diffs) != 2 || len(c[0].Votes) != 2 || c[0].Votes[0].Field != "c3" || c[0].Votes[0].Counts[0] != 4 || c[0].Votes[0].Counts[1] != 5 {
			t.Fatalf("%+v", c)
		}
		end := ballotbox.Close{Box: "dh/bch/1", Case: caseID}
		desktest.MustRefuse(t, d, "account/head", end, desk.Invalid) // the difference must be noted
		destroy := ballotbox.DestroyPictures{Box: "dh/bch/1", Decision: "Biên bản tiêu hủy 01"}
		desktest.MustRefuse(t, d, "account/officer", destroy, desk.Refused)
		end.Note = "Máy quét và người nhập lệch một phiếu"
		desktest.Do(t, d, "account/head", end)
		desktest.Do(t, d, "account/head", ballotbox.Report{Box: "dh/bch/1", Case: caseID})
		desktest.Do(t, d, "account/officer", destroy)
		rows(t, db, "op_ballotbox_kept_ballot", 0)
		desktest.MustRefuse(t, d, "account/officer", destroy, desk.Refused)
		desktest.CheckRebuild(t, d)
	})
}

// A scan that says the same as the typed readings closes without a note; a
// recount drops the pictures and the pile is scanned anew: of the same files too
// everything is looked at again.
func TestScanAgreesAndRecount(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	ready(t, d, box(), 2)
	v, err := ballotbox.NewVault()
	if err != nil {
		t.Fatal(err)
	}
	l := release(t, d)
	m := papertest.NewMaker(l, 150)
	files := []ballotbox.Upload{upload("a.png", hand(t, m, l, 1, "4")), upload("b.png", hand(t, m, l, 2, "~2"))}
	scanAll := func() {
		t.Helper()
		if got, err := v.Stage(t.Context(), db, seat("account/a"), files); err != nil || got.Read != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		q := queue(t, d, v)
		if q.Open != 1 || len(q.Sheets) != 1 {
			t.Fatalf("the doubtful sheet does not wait for a person: %+v", q)
		}
		desktest.Do(t, d, "account/b", ballotbox.SettleSheet{Box: "dh/bch/1", Case: caseID, Pile: 1, Picture: q.Sheets[0].ID, Keys: "2"})
		desktest.Do(t, d, "account/a", v.HandIn("dh/bch/1", caseID, 1, 2, false))
	}
	scanAll()
	keyAll(t, d, db, at("account/a", 1, 1, 1), "4", "2")
	keyAll(t, d, db, at("account/b", 1, 2, 1), "2", "4")
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		c, err := ballotbox.ScanCompared(ctx, tx, get(t, d))
		if err != nil || len(c) != 1 || !c[0].Same {
			t.Errorf("%+v %v", c, err)
		}
		return nil
	})
	desktest.Do(t, d, "account/head", ballotbox.Incident{Box: "dh/bch/1", Case: caseID, Text: "Đếm lại"})
	desktest.Do(t, d, "account/chair", ballotbox.Resolve{Box: "dh/bch/1", Case: caseID, Choice: ballotbox.Recount, By: "Chủ tọa", Reason: "Đếm lại"})
	rows(t, db, "op_ballotbox_kept_ballot", 0)
	desktest.Do(t, d, "account/head", ballotbox.MakePiles{Box: "dh/bch/1", Case: caseID})
	scanAll()
	desktest.CheckRebuild(t, d)
}

// Without its key a database shows no ballot.
func TestScansNeedTheirKey(t *testing.T) {
	db := storetest.SQLite(t)
	d := newDesk(t, db)
	ready(t, d, box(), 2)
	v, err := ballotbox.NewVault()
	if err != nil {
		t.Fatal(err)
	}
	other, err := ballotbox.NewVault()
	if err != nil {
		t.Fatal(err)
	}
	l := release(t, d)
	if _, err := v.Stage(t.Context(), db, seat("account/a"), []ballotbox.Upload{upload("a.png", hand(t, papertest.NewMaker(l, 150), l, 1, "4"))}); err != nil {
		t.Fatal(err)
	}
	read(t, d, func(ctx context.Context, tx *store.Tx) error {
		if _, _, _, _, err := other.Queue(ctx, tx, seat("account/a")); err == nil || !strings.Contains(err.Error(), "scan.key") {
			t.Errorf("opened by another key: %v", err)
		}
		var said, shown []byte
		if err := tx.QueryRow(ctx, `SELECT said, shown FROM op_ballotbox_scan_ballot`).Scan(&said, &shown); err != nil {
			return err
		}
		if bytes.Contains(shown, []byte("PNG")) || bytes.Contains(said, []byte("aaad")) {
			t.Error("a ballot stands in the open")
		}
		return nil
	})
	if err := ballotbox.Unstage(t.Context(), db, seat("account/b")); err != nil {
		t.Fatal(err)
	}
	rows(t, db, "op_ballotbox_scan_ballot", 0)
}

func rows(t *testing.T, db *store.DB, table string, want int) {
	t.Helper()
	var n int
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n)
	})
	if err != nil || n != want {
		t.Errorf("%s has %d rows, want %d (%v)", table, n, want, err)
	}
}

// noCopy: a backup holds no scanned ballot.
func noCopy(t *testing.T, d *desk.Desk) {
	t.Helper()
	var b bytes.Buffer
	if err := d.Backup(t.Context(), &b, ""); err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"op_ballotbox_scan_ballot", "op_ballotbox_kept_ballot"} {
		if bytes.Contains(text, []byte(p)) {
			t.Errorf("the backup holds %s", p)
		}
	}
}
