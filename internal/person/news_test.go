package person

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// What Apply keeps of persons it has just recorded is what it would read.
func TestNewsAgainstReading(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, r := range []desk.Room{org.Room(), Room()} {
			if err := db.Migrate(t.Context(), r.Name, r.Schema); err != nil {
				t.Fatal(err)
			}
		}
		r := rand.New(rand.NewPCG(3, 4))
		day := func() vn.Date { return vn.MustDate("2000-01-01").AddDays(r.IntN(9000)) }
		index := int64(0)
		record := func(kind, subject string, body any, identity *Identity, withheld bool) desk.Record {
			x := desk.Record{Entry: ledger.Entry{Index: index, Kind: kind, Subjects: []ledger.Link{{ID: subject, Prev: -1}}}, Blocks: map[string]json.RawMessage{}}
			x.Body, _ = json.Marshal(body)
			if identity != nil {
				x.Entry.Blocks = []ledger.BlockRef{{Name: identityBlock}}
				if !withheld {
					x.Blocks[identityBlock], _ = json.Marshal(identity)
				}
			}
			index++
			return x
		}
		known := 0
		for round := range 30 {
			var rs []desk.Record
			var ids []string
			for i := range 1 + r.IntN(12) {
				id := fmt.Sprintf("person/%d-%d", round, i)
				ids = append(ids, id)
				var who *Identity
				if r.IntN(9) > 0 {
					who = &Identity{Name: fmt.Sprintf("Trần Thị %c", 'A'+r.IntN(20)), Gender: "female", Ethnicity: "Tày", Born: vn.PartialDate{Year: 1950 + r.IntN(50)}}
				}
				rs = append(rs, record(kindRecorded, id, body{Person: id, Home: "org/x", From: day()}, who, r.IntN(5) == 0))
			}
			for range r.IntN(30) {
				id := ids[r.IntN(len(ids))]
				switch r.IntN(8) {
				case 0: // another kind: that person is read again
					rs = append(rs, record(kindChanged, id, body{Person: id, From: vn.MustDate("2030-01-01").AddDays(int(index))}, &Identity{Name: "Lê Văn Khác"}, false))
				case 1:
					rs = append(rs, record(kindStep, id, stepBody{Person: id, Org: "org/x", Step: Left, From: day()}, nil, false))
				default:
					on := day()
					b := stepBody{Person: id, Org: fmt.Sprintf("org/%d", r.IntN(3)), Step: Transcribed, From: on, Admitted: on.AddDays(-20), Sworn: on.AddDays(-10)}
					if r.IntN(2) == 0 {
						b.Recognised = on
					}
					rs = append(rs, record(kindStep, id, b, nil, false))
				}
			}
			if err := db.Write(t.Context(), func(tx *store.Tx) error {
				some, err := applyEach(t.Context(), tx, rs)
				if err != nil {
					return err
				}
				read, err := standings(t.Context(), tx, ids)
				for id, n := range some {
					known++
					if got, want := n.standing(), read[id]; !reflect.DeepEqual(got, want) {
						t.Errorf("%s is kept as\n%+v and reads\n%+v", id, got, want)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if known < 50 {
			t.Errorf("only %d persons were looked at", known)
		}
	})
}
