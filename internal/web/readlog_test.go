package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// views puts many views into the read log.
func (h *house) views(n int) {
	h.t.Helper()
	vs := make([]readView, n)
	for i := range vs {
		vs[i] = readView{at: h.clock.Now(), actor: h.samples["canbo"].ID, subject: "person/nguyen-van-mau", what: "file"}
	}
	if err := h.server.reads.add(context.Background(), vs...); err != nil {
		h.t.Fatal(err)
	}
}

// byHand edits the database as somebody with its file would.
func (h *house) byHand(query string, args ...any) {
	h.t.Helper()
	err := h.db.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
}

func (h *house) lastNote() (account.ReadLogNote, bool) {
	h.t.Helper()
	var n account.ReadLogNote
	var known bool
	err := h.desk.Read(context.Background(), func(tx *store.Tx) (err error) {
		n, known, err = account.LastReadLogNote(context.Background(), tx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n, known
}

// rechain makes the hashes fit again from a line on, as a careful forger does.
func (h *house) rechain(from int64) {
	h.t.Helper()
	ctx := context.Background()
	type line struct {
		seq                      int64
		at, actor, subject, what string
	}
	err := h.db.Write(ctx, func(tx *store.Tx) error {
		before := ""
		if from > 0 {
			if err := tx.QueryRow(ctx, `SELECT hash FROM op_read_log WHERE seq = $1`, from-1).Scan(&before); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, `SELECT seq, at, actor, subject, what FROM op_read_log WHERE seq >= $1 ORDER BY seq`, from)
		if err != nil {
			return err
		}
		defer rows.Close()
		var lines []line
		for rows.Next() {
			var l line
			if err := rows.Scan(&l.seq, &l.at, &l.actor, &l.subject, &l.what); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		rows.Close()
		for _, l := range lines {
			before = readHash(before, l.seq, l.at, l.actor, l.subject, l.what)
			if _, err := tx.Exec(ctx, `UPDATE op_read_log SET hash = $1 WHERE seq = $2`, before, l.seq); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestReadLogHeadIsNoted: the head goes into the ledger when it has moved, and
// the page says so.
func TestReadLogHeadIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouseOn(t, db)
		h.seed()
		auditor := h.as("kiemtra")
		auditor.get("/nhat-ky/luot-xem").is(200).says("Chưa có lượt xem", "Chưa chốt mốc nào")
		h.server.noteReads(t.Context())
		if _, known := h.lastNote(); known {
			t.Fatal("an empty log was noted")
		}
		officer := h.as("canbo")
		for range 3 {
			officer.get("/can-bo/nguyen-van-mau").is(200)
		}
		h.server.noteReads(t.Context())
		note, known := h.lastNote()
		if !known || note.Size != 3 || note.Entry != h.desk.Head() {
			t.Fatalf("%+v %v", note, known)
		}
		h.server.noteReads(t.Context())
		if h.desk.Head() != note.Entry {
			t.Fatal("a head that did not move was noted again")
		}
		auditor.get("/nhat-ky/luot-xem").is(200).says("3 lượt xem; toàn bộ chuỗi băm nguyên vẹn; khớp 1 mốc đã chốt", "Mốc gần nhất: 3 lượt xem", "Xem mục "+number("vi", note.Entry))
		auditor.get(fmt.Sprint("/nhat-ky/", note.Entry)).is(200).says("Chốt mốc nhật ký xem", account.ReadLogSubject, note.Head)
		h.views(300)
		h.server.noteReads(t.Context())
		h.views(10)
		// 200 lines are shown, and checked although the note is nearer.
		auditor.get("/nhat-ky/luot-xem").is(200).says("313 lượt xem", "từ dòng 114 đến nay", "Kiểm lại toàn bộ", "Mốc gần nhất: 303 lượt xem")
		auditor.get("/nhat-ky/luot-xem?toan-bo=1").is(200).says("313 lượt xem; toàn bộ chuỗi băm nguyên vẹn; khớp 2 mốc đã chốt")
		officer.get("/nhat-ky/luot-xem").is(403)
		desktest.CheckRebuild(t, h.desk)
	})
}

// TestReadLogFindsTampering: a line changed, a log cut or written anew is
// found and said in plain words; nothing of it is noted.
func TestReadLogFindsTampering(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouseOn(t, db)
		h.seed()
		auditor := h.as("kiemtra")
		const short, whole = "/nhat-ky/luot-xem", "/nhat-ky/luot-xem?toan-bo=1"
		h.views(5)
		h.byHand(`UPDATE op_read_log SET actor = 'account/nobody' WHERE seq = 1`)
		auditor.get(short).says("dòng 2 không khớp", "báo người phụ trách")
		h.server.noteReads(t.Context())
		if _, known := h.lastNote(); known {
			t.Fatal("a broken log was noted")
		}
		h.rechain(0) // as if it had been so from the start
		h.server.noteReads(t.Context())
		h.views(395)
		h.server.noteReads(t.Context())
		h.views(5)
		head := h.desk.Head()
		h.byHand(`CREATE TABLE op_copy AS SELECT seq, at, actor, subject, what, hash FROM op_read_log`)
		for _, c := range []struct {
			name       string
			edit       func()
			path, says string
			unnoted    bool // found by the hourly check too
		}{
			{"an old line", func() { h.byHand(`UPDATE op_read_log SET what = 'list' WHERE seq = 7`) }, whole, "dòng 8 không khớp", false},
			{"a line gone", func() { h.byHand(`DELETE FROM op_read_log WHERE seq = 7`) }, whole, "dòng 8 không khớp", false},
			{"a line before the first", func() {
				h.byHand(`INSERT INTO op_read_log (seq, at, actor, subject, what, hash) SELECT -1, at, actor, subject, what, hash FROM op_read_log WHERE seq = 0`)
			}, whole, "dòng 1 không khớp", false},
			{"a line that is shown", func() { h.byHand(`UPDATE op_read_log SET subject = 'person/x' WHERE seq = 250`) }, short, "dòng 251 không khớp", false},
			{"the line the check begins at", func() { h.byHand(`DELETE FROM op_read_log WHERE seq = 204`) }, short, "dòng 205 không khớp", false},
			{"a line after the last note", func() { h.byHand(`UPDATE op_read_log SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 402`) }, short, "dòng 403 không khớp", true},
			{"written anew from an old line", func() { h.byHand(`UPDATE op_read_log SET actor = 'account/x' WHERE seq = 7`); h.rechain(7) }, short, "400 lượt xem đầu không còn khớp", true},
			{"written anew before the first note", func() { h.byHand(`UPDATE op_read_log SET actor = 'account/x' WHERE seq = 2`); h.rechain(2) }, whole, "5 lượt xem đầu không còn khớp", true},
			{"cut", func() { h.byHand(`DELETE FROM op_read_log WHERE seq >= 390`) }, short, "chỉ còn 390 lượt xem, trong khi Nhật ký chứng thực đã chốt 400", true},
			{"cut and filled up", func() { h.byHand(`DELETE FROM op_read_log WHERE seq >= 390`); h.clock.Add(time.Minute); h.views(30) }, short, "400 lượt xem đầu không còn khớp", true},
			{"emptied", func() { h.byHand(`DELETE FROM op_read_log`) }, short, "chỉ còn 0 lượt xem", true},
		} {
			c.edit()
			p := auditor.get(c.path).is(200)
			if !strings.Contains(p.text(), c.says) {
				t.Errorf("%s: the page does not say %q:\n%s", c.name, c.says, p.text())
			}
			auditor.get("/").says("Nhật ký xem hồ sơ không khớp")
			if strings.Contains(h.as("canbo").get("/").text(), "Nhật ký xem hồ sơ") {
				t.Errorf("%s: told to who does not check", c.name)
			}
			if c.unnoted {
				h.server.noteReads(t.Context())
				if h.desk.Head() != head {
					t.Fatalf("%s: a head was noted", c.name)
				}
			}
			h.byHand(`DELETE FROM op_read_log`)
			h.byHand(`INSERT INTO op_read_log (seq, at, actor, subject, what, hash) SELECT seq, at, actor, subject, what, hash FROM op_copy`)
			auditor.get(whole).is(200).says("405 lượt xem; toàn bộ chuỗi băm nguyên vẹn")
			if strings.Contains(auditor.get("/").text(), "Nhật ký xem hồ sơ không khớp") {
				t.Errorf("%s: still told after it was put right", c.name)
			}
		}
		desktest.CheckRebuild(t, h.desk)
	})
}

// TestKeepReadLog: noted at once, in its rhythm, and at the end.
func TestKeepReadLog(t *testing.T) {
	h := newHouse(t)
	wait := func(size int64) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			if n, _ := h.lastNote(); n.Size == size {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("no note of %d views", size)
			}
		}
	}
	run := func(every time.Duration, during func()) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); h.server.keepReadLog(ctx, every) }()
		during()
		stop()
		<-done
	}
	h.views(2)
	run(time.Hour, func() {
		wait(2)
		h.views(1)
	})
	wait(3) // noted at the end
	run(5*time.Millisecond, func() {
		h.views(1)
		wait(4)
	})
	// Nobody but the program may.
	for _, login := range []string{"quantri.mau", "lanhdao", "kiemtra"} {
		desktest.MustRefuse(t, h.desk, h.samples[login].ID, account.NoteReadLog{Size: 9, Head: strings.Repeat("a", 64)}, desk.Denied)
	}
}
