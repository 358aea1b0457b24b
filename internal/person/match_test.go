package person_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/table"
)

// A list of another system against the record: exactly who differs and how,
// who is only here or only there, and what only a person can decide.
func TestMatchAnotherList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _ := memberDesk(t, db)
		record := func(id, name, on string) {
			desktest.Do(t, d, "a", person.Record{ID: "person/" + id, Home: "org/xa", Identity: person.Identity{Name: name, Born: born(on), Gender: "female", Ethnicity: "Kinh"}})
		}
		record("same", "Nguyễn Thị An", "1970-03-08")
		record("moved", "Trần Thị Bình", "1975-01-02")
		record("twin1", "Lê Thị Hoa", "1980")
		record("twin2", "Lê Thị Hoa", "")
		record("letter", "Phạm Thị Thúy", "1982-10-20")
		record("here", "Võ Thị Cúc", "1991-11-11")
		record("turned", "Đỗ Thị Mơ", "1988-05-06")
		for _, id := range []string{"same", "moved"} {
			desktest.Do(t, d, "a", person.TakeStep{Person: "person/" + id, Org: "org/xa/1", Step: person.Transcribed, From: day("2010-01-05"), Admitted: day("2008-12-20"), Sworn: day("2009-01-05"), Recognised: day("2010-01-05")})
		}
		text := strings.Join([]string{"Họ và tên;Ngày sinh;Dân tộc;Chi bộ;Ngày kết nạp",
			"NGUYỄN THỊ AN;08.03.1970;kinh;Chi bộ 1;5/1/2009", // 2: the same, written otherwise
			"Trần Thị Bình;2/1/1975;Tày;Chi bộ 2;5/1/2009",    // 3: two cells
			"Lê Thị Hoa;5/5/1980;;;",                          // 4: which of two
			"Phạm Thị Thủy;20/10/1982;;;",                     // 5: tone differs, folded the same
			"Phạm Thi Thuyy;20/10/1982;;;",                    // 6: a letter more
			"Hoàng Văn Lạ;1/1/1960;;;",                        // 7: only there
			"Võ Thị X;31/2/1990;;;",                           // 8: cannot be read
			"Đỗ Thị Mơ;6/5/1988;;;",                           // 9: plain
			"# Xuất lúc;;;;",
		}, "\n")
		tab, err := table.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var said map[int]string
		run := func() *person.Match {
			t.Helper()
			var m *person.Match
			if err := d.Read(t.Context(), func(tx *store.Tx) error {
				m, err = person.RunMatch(t.Context(), tx, person.Find{On: day("2026-03-01"), Under: "org/xa"}, tab, person.GuessColumns(tab.Header), said)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return m
		}
		lines := func(ls []person.MatchLine) string {
			var out []string
			for _, l := range ls {
				s := fmt.Sprint(l.Line)
				if l.Who != nil {
					s += "=" + strings.TrimPrefix(l.Who.ID, "person/")
				}
				for _, c := range l.Cells {
					s += fmt.Sprintf(" %s:%s/%s", c.Column, c.Here, c.There)
				}
				for _, p := range l.May {
					s += "?" + strings.TrimPrefix(p.ID, "person/")
				}
				out = append(out, s)
			}
			return strings.Join(out, "; ")
		}
		head := d.Head()
		m := run()
		for what, pair := range map[string][2]string{
			"same":       {lines(m.Same), "2=same"},
			"differ":     {lines(m.Differ), "3=moved ethnicity:Kinh/Tày cell:Chi bộ 1/Chi bộ 2; 5=letter name:Phạm Thị Thúy/Phạm Thị Thủy ethnicity:Kinh/; 9=turned ethnicity:Kinh/"},
			"doubtful":   {lines(m.Doubtful), "4?twin1?twin2"},
			"only there": {lines(m.OnlyThere), "6; 7"},
			"unread":     {lines(m.Unread), "8"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s\nwant %s", what, pair[0], pair[1])
			}
		}
		var only []string
		for _, p := range m.OnlyHere {
			only = append(only, p.ID)
		}
		if !slices.Equal(only, []string{"person/here"}) || m.Here != 7 || m.There != 8 {
			t.Errorf("only here %v; %d here, %d there", only, m.Here, m.There)
		}
		if err := m.Decidable(4, "person/twin1"); err != nil {
			t.Error(err)
		}
		if m.Decidable(4, "person/here") == nil || m.Decidable(3, person.MatchNone) == nil {
			t.Error("a line that is not doubtful, or a person it cannot be, could be decided")
		}
		said = map[int]string{4: "person/twin1"}
		m = run()
		if got := lines(m.Differ); !strings.Contains(got, "4=twin1 born:1980/5/5/1980 ethnicity:Kinh/") || len(m.Doubtful) != 0 || len(m.OnlyHere) != 2 {
			t.Errorf("decided: %s; doubtful %s", got, lines(m.Doubtful))
		}
		said = map[int]string{4: person.MatchNone}
		if m = run(); !strings.HasPrefix(lines(m.OnlyThere), "4") {
			t.Errorf("decided nobody: %s", lines(m.OnlyThere))
		}
		if d.Head() != head {
			t.Error("something was recorded")
		}
	})
}

// The registry's own list differs from it in nothing, whoever is in it.
func TestMatchOwnList(t *testing.T) {
	d, _ := memberDesk(t, storetest.SQLite(t))
	var b strings.Builder
	b.WriteString("Mã người;Họ và tên;Ngày sinh;Giới tính\n")
	for i := range 40 {
		id := person.Identity{Name: fmt.Sprintf("Nguyễn Văn %c", 'A'+i%7), Born: born(fmt.Sprintf("19%02d-02-0%d", 50+i%13, 1+i%9)), Gender: "male"}
		desktest.Do(t, d, "a", person.Record{ID: fmt.Sprintf("person/m%d", i), Home: "org/xa", Identity: id})
		fmt.Fprintf(&b, "m%d;%s;%s;nam\n", i, strings.ToUpper(id.Name), id.Born.Vietnamese())
	}
	tab, err := table.Parse([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(t.Context(), func(tx *store.Tx) error {
		m, err := person.RunMatch(t.Context(), tx, person.Find{On: org.Now(day("2026-03-01")).On, Under: "org/xa"}, tab, person.GuessColumns(tab.Header), nil)
		if err == nil && (len(m.Same) != 40 || len(m.OnlyHere) != 0) {
			t.Errorf("%d the same, %d differ, %d doubtful, %d only here", len(m.Same), len(m.Differ), len(m.Doubtful), len(m.OnlyHere))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
