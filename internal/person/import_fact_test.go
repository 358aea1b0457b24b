package person_test

import (
	"slices"
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

var fileFacts = person.FactDefaults{From: vn.MustDate("2025-12-31").Partial(), Source: person.FactSource{Kind: "supplement", Number: "15-DS"}}

func planFacts(t *testing.T, d *desk.Desk, lib *rule.Library, id, file string, say person.FactDefaults) []person.PlanRow {
	t.Helper()
	tab, err := table.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	var out []person.PlanRow
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		out, err = person.PlanImportFacts(t.Context(), tx, lib, tab, person.GuessColumns(tab.Header), say, "org/xa", id, vn.MustDate("2026-03-01"), func(string) bool { return true })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// says is what holds about a person on a day: "block.key=value" and the day.
func says(t *testing.T, d *desk.Desk, who, on string) (out []string) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) error {
		fs, err := person.Facts(t.Context(), tx, who, org.Now(vn.MustDate(on)))
		for _, f := range fs {
			for k, v := range f.Values {
				out = append(out, f.Block+"."+k+"="+v)
			}
			out = append(out, f.Block+" from "+f.FactContent.From.String())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// Facts come in with their persons: a look cell by cell, what cannot be taken
// with its reason, the edited file as an update – a later day is a change, the
// same day a correction – and all of it undone as one.
func TestImportOfFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		const head = "Mã người;Họ và tên;Ngày sinh;Số CCCD;Tôn giáo;Nơi thường trú;Lý luận chính trị;Lý luận chính trị – Ngày cấp bằng, chứng chỉ;Trình độ chuyên môn;Chuyên ngành;Trình độ chuyên môn – Ngày cấp bằng\n"
		file := head +
			";Trần Thị Mới;8/3/1980;038180001234;Không;Thôn 1;Trung cấp;6/2015;Đại học;Luật;2002\n" +
			";Lê Văn Hai;1975;;;;Cao cấp;;;;\n" + // no day: that of the file
			";Phạm Sai;1976;;;;Siêu cấp;2010;;;\n" + // not in the list
			";Phạm Muộn;1977;;;;Cao cấp;năm ngoái;;;\n" + // no day
			";Đỗ Hai Bằng;1978;;;;;;Đại học; Luật ; 2000\n" +
			";Vũ Nhiều Bằng;1979;;;;;;Đại học; Thạc sĩ;Luật;2001\n"
		file = strings.Replace(file, "Đại học; Thạc sĩ;Luật;2001", `"Đại học; Thạc sĩ";"Luật; Luật kinh tế";"2001; 2010"`, 1)
		rows := planFacts(t, d, lib, "F1", file, fileFacts)
		if got := outcomes(rows); got != "new new reject reject new new" {
			t.Fatalf("the plan is %s: %+v", got, rows)
		}
		for at, want := range map[int]string{2: "không có trong danh mục", 3: "năm ngoái"} {
			if why := rows[at].Why.VI; !strings.Contains(why, want) {
				t.Errorf("row %d: %s", at, why)
			}
		}
		if !slices.Contains(rows[0].Cells, person.CellChange{Column: "origin.id_number", New: "038180001234"}) || !slices.Contains(rows[0].Cells, person.CellChange{Column: "theory.@from", New: "6/2015"}) {
			t.Errorf("the cells of a new person: %+v", rows[0].Cells)
		}
		none := planFacts(t, d, lib, "F0", file, person.FactDefaults{})
		if got := outcomes(none); !strings.HasPrefix(got, "reject reject") || !strings.Contains(none[1].Why.VI, "không có ngày") {
			t.Errorf("without a day and a paper: %s, %s", got, none[1].Why.VI)
		}
		run := func(id string, rows []person.PlanRow) {
			t.Helper()
			stop := 2 // stops half-way and goes on
			more := func() bool { stop--; return stop > 0 }
			for range 3 {
				if _, _, err := person.RunImport(t.Context(), d, id, "a", "org/xa", "ds.csv", "", rowsOf(rows), more); err != nil {
					t.Fatal(err)
				}
				more = func() bool { return true }
			}
		}
		run("F1", rows)
		who := rows[0].Row.Person
		was := says(t, d, who, "2026-03-01")
		want := []string{"degree from 2002", "degree.level=dai-hoc", "degree.major=Luật", "origin from 2025-12-31", "origin.id_number=038180001234", "origin.religion=none",
			"residence from 2025-12-31", "residence.permanent=Thôn 1", "theory from 2015-06", "theory.level=trung-cap"}
		if !slices.Equal(was, want) {
			t.Fatalf("recorded: %v\nwant %v", was, want)
		}
		// The same file again, now with ids, says nothing new.
		id := func(i int) string { return strings.TrimPrefix(rows[i].Row.Person, "person/") }
		again := head + id(0) + ";Trần Thị Mới;8/3/1980;038180001234;Không;Thôn 1;Trung cấp;6/2015;Đại học;Luật;2002\n" + id(5) + `;Vũ Nhiều Bằng;1979;;;;;;"Đại học; Thạc sĩ";"Luật; Luật kinh tế";"2001; 2010"` + "\n"
		if got := outcomes(planFacts(t, d, lib, "F2", again, fileFacts)); got != "same same" {
			t.Errorf("the file again is %s", got)
		}
		// Edited: a number put right, a higher degree of theory from a later day,
		// a degree put right; of two degrees one new in the place of both cannot be told.
		edited := head + id(0) + ";Trần Thị Mới;8/3/1980;038180009999;;;Cao cấp;7/2024;Đại học;Luật học;2002\n" + id(5) + ";Vũ Nhiều Bằng;1979;;;;;;Tiến sĩ;Luật;2020\n"
		change := planFacts(t, d, lib, "F3", edited, fileFacts)
		if got := outcomes(change); got != "changed reject" || !strings.Contains(change[1].Why.VI, "không rõ mục nào") {
			t.Fatalf("the edited file is %s: %+v", got, change)
		}
		for _, c := range []person.CellChange{{Column: "origin.id_number", Old: "038180001234", New: "038180009999"}, {Column: "theory.level", Old: "Trung cấp", New: "Cao cấp"}, {Column: "degree.major", Old: "Luật", New: "Luật học"}} {
			if !slices.Contains(change[0].Cells, c) {
				t.Errorf("the look lacks %+v: %+v", c, change[0].Cells)
			}
		}
		run("F3", change)
		now, before := says(t, d, who, "2026-03-01"), says(t, d, who, "2024-06-30")
		if !slices.Contains(now, "theory.level=cao-cap") || !slices.Contains(before, "theory.level=trung-cap") || !slices.Contains(now, "origin.religion=none") || !slices.Contains(now, "degree.major=Luật học") {
			t.Errorf("after the edit: %v; in 2024: %v", now, before)
		}
		// Somebody wrote after the look: the row is left alone, and told.
		stale := planFacts(t, d, lib, "F4", head+id(0)+";Trần Thị Mới;8/3/1980;038180000000;;;;;;;\n", fileFacts)
		var fact int64
		if err := d.Read(t.Context(), func(tx *store.Tx) error {
			said, err := person.FactHistory(t.Context(), tx, who)
			for _, f := range said {
				if f.Block == "origin" {
					fact = f.Fact
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, d, "a", person.CorrectFact{Person: who, Home: "org/xa", Fact: fact, Reason: "gõ sai", Content: person.FactContent{Values: map[string]string{"id_number": "1"}, From: fileFacts.From, Source: fileFacts.Source}})
		run("F4", stale)
		if got := says(t, d, who, "2026-03-01"); !slices.Contains(got, "origin.id_number=1") {
			t.Errorf("an import wrote over what was recorded since: %v", got)
		}
		// Undone: what nobody touched since goes back.
		for _, id := range []string{"F3", "F1"} {
			if _, _, err := person.RunUndo(t.Context(), d, id, "a", "org/xa", "nhầm tệp", func() bool { return true }); err != nil {
				t.Fatal(err)
			}
		}
		if got := says(t, d, rows[5].Row.Person, "2026-03-01"); len(got) != 0 {
			t.Errorf("facts left by an import that was undone: %v", got)
		}
		if got := says(t, d, who, "2026-03-01"); !slices.Contains(got, "theory.level=cao-cap") {
			t.Errorf("who was touched since is left alone: %v", got)
		}
		desktest.CheckRebuild(t, d)
	})
}

// A correction that came by a file is taken back with the former wording.
func TestImportOfFactsUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, lib := memberDesk(t, db)
		desktest.Do(t, d, "a", person.Record{ID: "person/cu", Home: "org/xa", From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Lê Văn Cũ"}})
		desktest.Do(t, d, "a", person.RecordFact{Person: "person/cu", Home: "org/xa", Block: "residence", Content: person.FactContent{Values: map[string]string{"permanent": "Thôn 1", "phone": "0900"}, From: vn.MustDate("2010-01-01").Partial(), Source: person.FactSource{Kind: "declaration"}}})
		before := says(t, d, "person/cu", "2026-03-01")
		rows := planFacts(t, d, lib, "U", "Mã người;Họ và tên;Nơi thường trú\ncu;Lê Văn Cũ;Thôn 2\n", person.FactDefaults{})
		if got := outcomes(rows); got != "changed" {
			t.Fatalf("the plan is %s: %+v", got, rows)
		}
		for range 2 {
			if _, _, err := person.RunImport(t.Context(), d, "U", "a", "org/xa", "ds.csv", "", rowsOf(rows), func() bool { return true }); err != nil {
				t.Fatal(err)
			}
		}
		if got := says(t, d, "person/cu", "2026-03-01"); !slices.Contains(got, "residence.permanent=Thôn 2") || !slices.Contains(got, "residence.phone=0900") {
			t.Errorf("after the file: %v", got)
		}
		if _, _, err := person.RunUndo(t.Context(), d, "U", "a", "org/xa", "nhầm", func() bool { return true }); err != nil {
			t.Fatal(err)
		}
		if got := says(t, d, "person/cu", "2026-03-01"); !slices.Equal(got, before) {
			t.Errorf("after the undoing: %v, before %v", got, before)
		}
		desktest.CheckRebuild(t, d)
	})
}
