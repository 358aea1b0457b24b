package ballotbox

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/scan"
	"minhbach/internal/store"
)

// ScanStation is the station number of the reading that the program makes of
// the scanned ballots of a pile.
const ScanStation = 8

// ScanLimits bound one file of scans.
var ScanLimits = scan.Limits{Bytes: MaxScan, PDF: MaxScan, Side: 16_000, Pixels: 40_000_000, Pages: 400, Time: scan.Default.Time}

// MaxScan is how many bytes one upload of scans may have.
const MaxScan = 64 << 20

// ScanSeat is where scans are staged.
type ScanSeat struct {
	Box, Case string
	Pile      int
	Actor     string
}

// Upload is one file as it came.
type Upload struct {
	Name string
	Data io.ReaderAt
	Size int64
}

// Told is what became of one picture that was not staged, or of a sheet that a
// person must look at.
type Told struct {
	File   string
	Page   int
	VI, EN string
	Staged bool
}

// Staged says what came of one upload.
type Staged struct {
	Sheets int // staged by this upload
	Read   int
	Told   []Told
}

var errKey = desk.Refuse("Ảnh phiếu đã mã hóa bằng khóa khác (tệp scan.key): đặt lại tệp khóa, hoặc bỏ ảnh tạm và quét lại tập này.",
	"The pictures were encrypted under another key (file scan.key): put the key file back, or drop the pictures and scan the pile again.")

// seat checks that the actor may stage scans of a pile.
func (a ScanSeat) seat(ctx context.Context, tx *store.Tx) (*Row, *Pile, *Released, Member, error) {
	fail := func(err error) (*Row, *Pile, *Released, Member, error) { return nil, nil, nil, Member{}, err }
	b, m, err := room(ctx, &desk.Scene{Tx: tx, Actor: a.Actor}, a.Box, a.Case, false)
	if err != nil {
		return fail(err)
	}
	if err := firstOf(b.live(), b.calm()); err != nil {
		return fail(err)
	}
	switch {
	case b.Mode == TotalsTwice:
		return fail(errMode)
	case b.Stage != StateReading:
		return fail(desk.Refuse("Phiếu chưa chia tập.", "The piles are not made yet."))
	}
	piles, err := Piles(ctx, tx, b.ID)
	if err != nil {
		return fail(err)
	}
	if a.Pile < 1 || a.Pile > len(piles) {
		return fail(desk.Missing("Không có tập phiếu này.", "There is no such pile."))
	}
	rel, ok, err := ReleasedBallot(ctx, tx, b.ID)
	switch {
	case err != nil:
		return fail(err)
	case !ok:
		return fail(desk.Refuse("Mẫu phiếu chưa được duyệt: trưởng ban đọc thử và duyệt ở trang In phiếu trước.", "The ballot is not released yet: its head reads it back and releases it first."))
	case !rel.Scan:
		return fail(desk.Refuse("Mẫu phiếu này chỉ được duyệt để kiểm bằng tay, không quét.", "This ballot was released for hand counting only; it is not scanned."))
	case rel.Layout == nil:
		return fail(errErased)
	}
	if r, ok, err := scanOf(ctx, tx, b, a.Pile); err != nil {
		return fail(err)
	} else if ok {
		return fail(desk.Refuse(fmt.Sprintf("Tập này đã có lượt quét (%d phiếu): không quét lại.", r.Ballots), fmt.Sprintf("This pile has its scan (%d ballots): it is not scanned again.", r.Ballots)))
	}
	return b, &piles[a.Pile-1], rel, m, nil
}

// scanOf finds the scan of a pile that stands: of this laying of the piles.
func scanOf(ctx context.Context, tx *store.Tx, b *Row, pile int) (Reader, bool, error) {
	from, err := recounted(ctx, tx, b.ID)
	if err != nil {
		return Reader{}, false, err
	}
	rs, err := Readers(ctx, tx, b.ID)
	if err != nil {
		return Reader{}, false, err
	}
	for _, r := range slices.Backward(rs[pile]) {
		if r.Kind == "scan" && r.Entry > from {
			return r, true, nil
		}
	}
	return Reader{}, false, nil
}

// recounted is the entry that last ordered the box to be counted anew, 0 none.
func recounted(ctx context.Context, tx *store.Tx, box string) (entry int64, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(MAX(entry), 0) FROM ballotbox_step WHERE box = $1 AND kind = $2 AND choice = $3`, box, KindResolved, Recount).Scan(&entry)
	return entry, err
}

// layouts are the released ballot of the box and, behind it, those of the other
// boxes of the same meeting, so that a ballot of theirs is called by its name.
func (b *Row) layouts(ctx context.Context, tx *store.Tx, own *paper.Layout) ([]*paper.Layout, map[string]rule.Words, error) {
	out, named := []*paper.Layout{own}, map[string]rule.Words{}
	if b.Meeting == "" {
		return out, named, nil
	}
	bs, err := boxes(ctx, tx, `SELECT `+boxCols+` FROM ballotbox_box WHERE meeting = $1 AND id <> $2 ORDER BY entry DESC LIMIT 8`, b.Meeting, b.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, o := range bs {
		r, ok, err := ReleasedBallot(ctx, tx, o.ID)
		if err != nil {
			return nil, nil, err
		}
		if ok && r.Layout != nil && r.Digest != own.Digest && named[r.Digest].VI == "" {
			out, named[r.Digest] = append(out, r.Layout), o.Title
		}
	}
	return out, named, nil
}

// Stage reads uploaded files and keeps their sheets, encrypted, for the pile.
// Each file alone may be bad: what is wrong with it is told, and the others are
// staged. Nothing is counted by it; see HandInScan.
func (v *Vault) Stage(ctx context.Context, db *store.DB, a ScanSeat, files []Upload) (*Staged, error) {
	return v.StageTold(ctx, db, a, files, func(int, int) {})
}

// StageTold is Stage that tells, as it goes, how many pages were read of how many.
func (v *Vault) StageTold(ctx context.Context, db *store.DB, a ScanSeat, files []Upload, tell func(done, of int)) (*Staged, error) {
	var b *Row
	var layouts []*paper.Layout
	var named map[string]rule.Words
	err := db.Read(ctx, func(tx *store.Tx) error {
		row, _, rel, _, err := a.seat(ctx, tx)
		if err != nil {
			return err
		}
		b = row
		layouts, named, err = b.layouts(ctx, tx, rel.Layout)
		return err
	})
	if err != nil {
		return nil, err
	}
	reader, err := paper.NewReader(layouts...)
	if err != nil {
		return nil, fmt.Errorf("ballotbox: reader of %s: %w", b.ID, err)
	}
	out := &Staged{}
	pages := map[paper.SideRef]*page{}
	var readings []*paper.Reading
	binder := paper.NewBinder(reader, false)
	counts, faults := make([]int, len(files)), make([]error, len(files))
	for i, f := range files {
		if counts[i], faults[i] = scan.Count(f.Data, f.Size, ScanLimits); faults[i] != nil && scan.Single(f.Name) {
			counts[i] = 1 // it holds its place among the sides
		}
	}
	odd, done, all := paper.OddRuns(counts), 0, 0
	for _, n := range counts {
		all += n
	}
	tell(0, all)
	pile := make([]scan.File, len(files))
	for i, f := range files {
		pile[i].Open = func() (io.ReaderAt, int64, func(), error) { return f.Data, f.Size, func() {}, faults[i] }
	}
	err = scan.Pile(ctx, pile, ScanLimits, func(_ int, p *scan.Page) (*page, error) {
		side := reader.ReadSide(p.Gray, p.DPI)
		pg, err := keep(p.Gray)
		if err == nil {
			pg.side = side
		}
		return pg, err
	}, func(s scan.Seen[*page]) error {
		f := files[s.File]
		// Two files may be called alike.
		shot := paper.Shot{SideRef: paper.SideRef{File: fmt.Sprintf("%d\x00%s", s.File, f.Name), Page: s.Page}, Of: counts[s.File], Odd: odd[s.File]}
		if p := s.Problem; p != nil { // of a file as a whole too: what follows is no other side of what came before
			out.Told = append(out.Told, Told{File: f.Name, Page: s.Page, VI: p.VI, EN: p.EN})
			shot.Problem = &paper.Reason{Code: "unreadable", VI: p.VI, EN: p.EN}
		} else {
			shot.Side, pages[shot.SideRef] = s.Value.side, s.Value
		}
		readings = append(readings, binder.Add(shot)...)
		if s.Page > 0 {
			done++
			tell(done, all)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	readings = append(readings, binder.End()...)
	return out, v.stage(ctx, db, a, b, layouts[0], named, readings, pages, out)
}

var errFull = desk.Refuse("Tập đã có quá nhiều tờ quét: đếm lại tập, hoặc bỏ ảnh tạm và quét lại.", "Too many sheets are staged for this pile: count it again, or drop the pictures and scan again.")

func (v *Vault) stage(ctx context.Context, db *store.DB, a ScanSeat, b *Row, own *paper.Layout, named map[string]rule.Words, readings []*paper.Reading, pages map[paper.SideRef]*page, out *Staged) error {
	type row struct {
		s           *Sheet
		said, shown []byte
		at          Told
	}
	var rows []row
	for _, r := range readings {
		s, shown := b.sheetOf(own, named, r, pages)
		if s == nil {
			continue // its picture could not be opened, and that was told
		}
		_, name, _ := bytes.Cut([]byte(r.File), []byte{0})
		at := Told{File: string(name), Page: r.Page, VI: s.VI, EN: s.EN, Staged: true}
		if s.Cause == paper.ReasonTwice.Code || s.Cause == paper.ReasonSideMissing.Code {
			at.Staged = false // to be scanned again; never put to the board
			out.Told = append(out.Told, at)
			continue
		}
		said, err := json.Marshal(s)
		if err != nil {
			return err
		}
		pics, err := json.Marshal(shown)
		if err != nil {
			return err
		}
		x := row{s: s, at: at}
		if x.said, err = v.close(said, place("said", b.ID, a.Pile, s.ID)); err != nil {
			return err
		}
		if x.shown, err = v.close(pics, place("shown", b.ID, a.Pile, s.ID)); err != nil {
			return err
		}
		rows = append(rows, x)
	}
	// The order in which the sheets lay in the scanner is not kept.
	slices.SortFunc(rows, func(x, y row) int { return bytes.Compare([]byte(x.s.ID), []byte(y.s.ID)) })
	return db.Write(ctx, func(tx *store.Tx) error {
		_, p, rel, _, err := a.seat(ctx, tx)
		if err != nil {
			return err
		}
		if rel.Digest != own.Digest {
			return desk.Refuse("Mẫu phiếu vừa được duyệt lại: hãy tải ảnh lên lần nữa.", "The ballot was released anew just now: upload the pictures again.")
		}
		told := slices.Clone(out.Told)
		staged, read := 0, 0
		for _, x := range rows {
			var n int
			if err := tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM op_ballotbox_scan_ballot WHERE box = $1 AND id = $2) + (SELECT COUNT(*) FROM op_ballotbox_kept_ballot WHERE box = $1 AND id = $2)`, b.ID, x.s.ID).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				x.at.VI, x.at.EN, x.at.Staged = paper.ReasonTwice.VI, paper.ReasonTwice.EN, false
				told = append(told, x.at)
				continue
			}
			if _, err := tx.Exec(ctx, `INSERT INTO op_ballotbox_scan_ballot (box, pile, id, said, shown) VALUES ($1, $2, $3, $4, $5)`, b.ID, a.Pile, x.s.ID, x.said, x.shown); err != nil {
				return err
			}
			staged++
			if x.s.Read() {
				read++
			} else {
				told = append(told, x.at)
			}
		}
		var have int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM op_ballotbox_scan_ballot WHERE box = $1 AND pile = $2`, b.ID, a.Pile).Scan(&have); err != nil {
			return err
		}
		if have > 2*(p.Size+b.PileSize) {
			return errFull
		}
		slices.SortStableFunc(told, func(x, y Told) int { return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Page, y.Page)) })
		out.Told, out.Sheets, out.Read = told, staged, read
		return nil
	})
}

// Unstage drops the staged pictures of a pile that was not handed in.
func Unstage(ctx context.Context, db *store.DB, a ScanSeat) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		if _, _, _, _, err := a.seat(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM op_ballotbox_scan_ballot WHERE box = $1 AND pile = $2`, a.Box, a.Pile)
		return err
	})
}
