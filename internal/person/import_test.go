package person_test

import (
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

const importHead = "Mã người;Họ và tên;Ngày sinh;Giới tính;Dân tộc;Chi bộ;Sinh hoạt tại chi bộ từ ngày;Ngày quyết định kết nạp;Ngày kết nạp;Ngày chính thức\n"

func plan(t *testing.T, d *desk.Desk, lib *rule.Library, id, file string) []person.PlanRow {
	t.Helper()
	tab, err := table.Parse([]byte(importHead + file))
	if err != nil {
		t.Fatal(err)
	}
	var out []person.PlanRow
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		out, err = person.PlanImport(t.Context(), tx, lib, tab, person.GuessColumns(tab.Header), "org/xa", id, vn.MustDate("2026-03-01"), func(string) bool { return true })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func outcomes(rows []person.PlanRow) string {
	var s []string
	for _, r := range rows {
		s = append(s, string(r.Outcome))
	}
	return strings.Join(s, " ")
}

func rowsOf(rows []person.PlanRow) (out []person.ImportRow) {
	for _, r := range rows {
		if r.Outcome == person.RowNew || r.Outcome == person.RowChanged {
			out = append(out, r.Row)
		}
	}
	return out
}

// A file comes in after a look, stops half-way and goes on, comes back edited,
// and goes out again but for the one who was touched since.
func TestImportOfPersons(t *testing.T) {
	person.SetImportPart(200)
	defer person.SetImportPart(2000)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		ctx := t.Context()
		desktest.Do(t, d, "a", person.Record{ID: "person/cu", Home: "org/xa", From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Lê Văn Cũ", Ethnicity: "Kinh"}})
		file := ";Trần Thị Mới;8/3/1980;nữ;Mường;Chi bộ 1;1/1/2020;2/2/2005;10/2/2005;10/2/2006\n" +
			"cu;Lê Văn Cũ;1971;nam;;;;;;\n" + // birth and gender are added, the ethnicity stays
			";lê văn cũ;;;;;;;;\n" + // may be the one on record
			";Ngô Sai;32/1/1980;nam;;;;;;\n" +
			";=HYPERLINK(1);;;;;;;;\n" +
			";Phạm Chi Lạ;1980;nam;;Chi bộ 9;1/1/2020;2/2/2005;10/2/2005;\n" +
			";Đỗ Lễ Sớm;1981;nam;;Chi bộ 1;1/1/2020;2/2/2005;1/2/2005;\n" +
			";Trần Thị Mới;08/03/1980;nữ;;;;;;\n"
		for i := range 250 {
			file += fmt.Sprintf(";Người Thứ %d;%d;;;;;;;\n", i, 1900+i%100)
		}
		rows := plan(t, d, lib, "NHAP1", file)
		if got := outcomes(rows[:8]); got != "new changed reject reject reject reject reject reject" {
			t.Fatalf("the plan is %s: %+v", got, rows[:8])
		}
		if c := rows[1].Cells; len(c) != 2 || c[0] != (person.CellChange{Column: "born", Old: "", New: "1971"}) || c[1].New != "nam" {
			t.Errorf("the cells of a change: %+v", c)
		}
		if w := rows[2].Twins; len(w) != 1 || w[0] != "person/cu" {
			t.Errorf("twins %v", w)
		}
		todo := rowsOf(rows)
		n := 0
		once := func() bool { n++; return n == 1 }
		all := func() bool { return true }
		done, of, err := person.RunImport(ctx, d, "NHAP1", "a", "org/xa", "tep.csv", "d", todo, once)
		if err != nil || done != 1 || of != 3 {
			t.Fatalf("the first slice: %d of %d, %v", done, of, err)
		}
		if done, of, err = person.RunImport(ctx, d, "NHAP1", "a", "org/xa", "tep.csv", "d", todo, all); err != nil || done != of {
			t.Fatalf("the rest: %d of %d, %v", done, of, err)
		}
		count := func(name string) (n int, first person.Person) {
			t.Helper()
			if err := d.Read(ctx, func(tx *store.Tx) error {
				ps, err := person.Search(ctx, tx, name, org.Now(vn.MustDate("2026-03-01")), 0)
				if n = len(ps); n > 0 {
					first = ps[0]
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n, first
		}
		place := func(id string) (p person.Place, ok bool) {
			t.Helper()
			if err := d.Read(ctx, func(tx *store.Tx) (err error) {
				p, ok, err = person.OfficialPlace(ctx, tx, id, org.Now(vn.MustDate("2026-03-01")))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return p, ok
		}
		_, fresh := count("Trần Thị Mới")
		if n, _ := count("Người Thứ"); n != 250 {
			t.Errorf("%d came in", n)
		}
		if p, ok := place(fresh.ID); !ok || p.Org != "org/xa/1" || p.Standing != "official" {
			t.Errorf("the membership is %+v", p)
		}
		if _, p := count("Lê Văn Cũ"); p.Identity.Gender != "male" || p.Identity.Ethnicity != "Kinh" || p.Identity.Born.String() != "1971" {
			t.Errorf("the updated person is %+v", p.Identity)
		}
		// The file again: nobody twice.
		if got := outcomes(plan(t, d, lib, "NHAP2", file)[:2]); got != "reject same" {
			t.Errorf("the file again: %s", got)
		}
		// What went out comes back edited: an update, by the id.
		back := plan(t, d, lib, "NHAP3", fresh.ID+";Trần Thị Mới;8/3/1980;nữ;Thái;Chi bộ 1;1/1/2020;2/2/2005;10/2/2005;10/2/2006\n")
		if got := outcomes(back); got != "changed" || len(back[0].Cells) != 1 {
			t.Fatalf("the edited export: %+v", back)
		}
		// Somebody says something between the look and the recording.
		desktest.Do(t, d, "a", person.Correct{Person: fresh.ID, Home: "org/xa", Fact: back[0].Row.Fact, From: back[0].Row.From, Identity: person.Identity{Name: "Trần Thị Mới", Ethnicity: "Dao"}, Reason: "giấy khai sinh"})
		if _, _, err := person.RunImport(ctx, d, "NHAP3", "a", "org/xa", "sua.csv", "d", rowsOf(back), all); err != nil {
			t.Fatal(err)
		}
		if _, p := count("Trần Thị Mới"); p.Identity.Ethnicity != "Dao" {
			t.Errorf("the later word was overwritten: %+v", p.Identity)
		}
		desktest.CheckRebuild(t, d)
		// Undo: everyone goes but who was touched since; the updated one reads as before.
		if _, _, err := person.RunUndo(ctx, d, "NHAP9", "a", "org/xa", "x", all); err == nil {
			t.Error("an unknown import was undone")
		}
		n = 0
		if done, of, err := person.RunUndo(ctx, d, "NHAP1", "a", "org/xa", "nhầm tệp", once); err != nil || done >= of {
			t.Errorf("a slice of the undoing: %d of %d, %v", done, of, err)
		}
		if done, of, err := person.RunUndo(ctx, d, "NHAP1", "a", "org/xa", "nhầm tệp", all); err != nil || done != of {
			t.Errorf("the undoing: %d of %d, %v", done, of, err)
		}
		if n, _ := count("Người Thứ"); n != 0 {
			t.Errorf("%d stayed", n)
		}
		if n, _ := count("Trần Thị Mới"); n != 1 {
			t.Error("the one who was touched since is gone")
		}
		if _, ok := place(fresh.ID); !ok {
			t.Error("the membership of the one touched since is gone")
		}
		if _, p := count("Lê Văn Cũ"); p.Identity.Gender != "" || !p.Identity.Born.IsZero() || p.Identity.Ethnicity != "Kinh" {
			t.Errorf("the updated person reads %+v", p.Identity)
		}
		var im person.Import
		if err := d.Read(ctx, func(tx *store.Tx) (err error) { im, _, err = person.GetImport(ctx, tx, "NHAP1"); return err }); err != nil || !im.Undone || im.Recorded != 253 || im.Withdrawn != 251 {
			t.Errorf("the import reads %+v, %v", im, err)
		}
		desktest.CheckRebuild(t, d)
	})
}

// An import that an older program began, when persons and memberships were
// parts of their own, is ended so, and undone.
func TestImportBegunInTwoRounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		ctx, all := t.Context(), func() bool { return true }
		todo := rowsOf(plan(t, d, lib, "NHAP5", ";Trần Thị Mới;8/3/1980;nữ;Mường;Chi bộ 1;1/1/2020;2/2/2005;10/2/2005;10/2/2006\n;Lê Văn Khác;1970;nam;;;;;;\n"))
		desktest.Do(t, d, "a", person.ImportPersons{Import: "NHAP5", Home: "org/xa", Part: "p-0000", Persons: true, Rows: todo})
		if done, of, err := person.RunImport(ctx, d, "NHAP5", "a", "org/xa", "tep.csv", "d", todo, all); err != nil || done != 3 || of != 3 {
			t.Fatalf("the rest: %d of %d, %v", done, of, err)
		}
		var im person.Import
		var p person.Place
		if err := d.Read(ctx, func(tx *store.Tx) (err error) {
			if p, _, err = person.OfficialPlace(ctx, tx, todo[0].Person, org.Now(vn.MustDate("2026-03-01"))); err != nil {
				return err
			}
			im, _, err = person.GetImport(ctx, tx, "NHAP5")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if p.Org != "org/xa/1" || !im.Closed || im.Recorded != 3 || !im.Has("s-0000") || im.Skipped != 0 {
			t.Errorf("the membership is %+v of %+v", p, im)
		}
		if done, of, err := person.RunUndo(ctx, d, "NHAP5", "a", "org/xa", "nhầm tệp", all); err != nil || done != of {
			t.Errorf("the undoing: %d of %d, %v", done, of, err)
		}
		desktest.CheckRebuild(t, d)
	})
}
