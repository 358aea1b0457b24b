package person_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// A province: 60,000 members of 4,000 organisations, as Apply makes them.
func province(b *testing.B) *store.DB {
	b.Helper()
	db := storetest.SQLite(b)
	for _, r := range []desk.Room{org.Room(), person.Room()} {
		if err := db.Migrate(b.Context(), r.Name, r.Schema); err != nil {
			b.Fatal(err)
		}
	}
	families := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Điểu", "Lò"}
	middles := []string{"Văn", "Thị", "Đức", "Ngọc", "Minh", "Hữu", "Thanh"}
	givens := []string{"An", "Bình", "Cường", "Dũng", "Đạt", "Hà", "Hòa", "Hương", "Lan", "Nam", "Phúc", "Quân", "Sơn", "Tâm", "Yến"}
	var orgs, persons []desk.Record
	index := int64(0)
	record := func(kind string, body any, blocks map[string]any) desk.Record {
		r := desk.Record{Entry: ledger.Entry{Index: index, Kind: kind}, Blocks: map[string]json.RawMessage{}}
		r.Body, _ = json.Marshal(body)
		for name, c := range blocks {
			r.Blocks[name], _ = json.Marshal(c)
			r.Entry.Blocks = append(r.Entry.Blocks, ledger.BlockRef{Name: name})
		}
		index++
		return r
	}
	for i := range 4000 {
		parent := ""
		if i > 0 {
			parent = fmt.Sprintf("org/%d", (i-1)/16)
		}
		orgs = append(orgs, record("org.founded/1", map[string]any{"org": fmt.Sprintf("org/%d", i), "from": "2000-01-01", "name": fmt.Sprintf("Chi bộ %d", i), "kind": "cell", "parent": parent}, nil))
	}
	for i := range 60000 {
		name := families[i%10] + " " + middles[i/10%7] + " " + givens[i/70%15]
		persons = append(persons, record("person.recorded/1", map[string]any{"person": fmt.Sprintf("person/%d", i), "home": fmt.Sprintf("org/%d", i%4000), "from": "1970-01-01"},
			map[string]any{"identity": person.Identity{Name: name}}))
	}
	err := db.Write(b.Context(), func(tx *store.Tx) error {
		if err := org.Room().Apply(b.Context(), tx, orgs); err != nil {
			return err
		}
		return person.Room().Apply(b.Context(), tx, persons)
	})
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func BenchmarkProvince(b *testing.B) {
	db := province(b)
	ctx := b.Context()
	for name, fn := range map[string]func(tx *store.Tx) error{
		"search": func(tx *store.Tx) error {
			_, err := person.Search(ctx, tx, "huong nguyen", today, 50)
			return err
		},
		"search-rare": func(tx *store.Tx) error {
			_, err := person.Search(ctx, tx, "khong co ai", today, 50)
			return err
		},
		"home": func(tx *store.Tx) error {
			_, err := person.OfHome(ctx, tx, "org/77", today, 0)
			return err
		},
		"tree": func(tx *store.Tx) error {
			us, err := org.Tree(ctx, tx, "", today)
			if len(us) != 4000 {
				b.Fatal(len(us))
			}
			return err
		},
		"within": func(tx *store.Tx) error {
			ok, err := org.Within(ctx, tx, "org/3999", "org/0", today.On)
			if !ok {
				b.Fatal("not within")
			}
			return err
		},
		"org-search": func(tx *store.Tx) error {
			_, err := org.Search(ctx, tx, "chi bo 77", today, 20)
			return err
		},
		"findings": func(tx *store.Tx) error {
			_, err := org.Findings(ctx, tx)
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := db.Read(ctx, fn); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
