package vote

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// sameAsSlow demands that whatever the fast reader accepts the slow one reads
// the same; it may always give up.
func sameAsSlow(t interface {
	Helper()
	Fatalf(string, ...any)
}, data []byte) {
	t.Helper()
	fast, ok := fastRecord(data)
	if !ok {
		return
	}
	slow, err := slowRecord(data)
	if err != nil {
		t.Fatalf("the fast reader accepts what the slow one refuses (%v): %s", err, data)
	}
	if d := cmp.Diff(slow, fast); d != "" {
		t.Fatalf("slow and fast differ (-slow +fast):\n%s\n%s", d, data)
	}
}

func TestFastReaderTakesTheUsual(t *testing.T) {
	usual := `{"id":"qh15/dak-nong/1","rules":"state-election/qh","date":"2021-05-23","seats":3,
 "candidates":[{"id":"c1","name":"Nguyễn Trường Giang","born":"1970-01-02","order":1},{"id":"c2"}],
 "voters":{"listed":100,"voted":99}, "base":{"summoned":10}, "ballots":{"valid":186600,"by_chosen":{"1":2}},
 "votes":{"c1":153669,"c2":-1} }`
	if _, ok := fastRecord([]byte(usual)); !ok {
		t.Error("the fast reader gives up on a usual record")
	}
	sameAsSlow(t, []byte(usual))
	for _, odd := range []string{`{"seats":3,"Seats":4}`, `{"seats":03}`, `{"seats":3.0}`, `{"seats":null}`, `{"votes":{"a":1,"a":2}}`, `{"id":"\u0061"}`,
		`{"id":"a"} x`, `{"id":"a",}`, `{"date":"2021-02-30"}`, `{"date":""}`, "{\"id\":\"a\x00\"}", "{\"id\":\"\xff\"}", `{"seats":99999999999999999999}`, `{"seats":-}`, `{`, `[]`, ``} {
		if _, ok := fastRecord([]byte(odd)); ok {
			t.Errorf("the fast reader takes %q", odd)
		}
	}
}

func TestFastEqualsSlow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		figure := rapid.Ptr(rapid.Int64Range(-5, 1e17), true)
		figures := rapid.MapOf(rapid.StringN(0, 3, -1), rapid.Int64Range(-2, 1e13))
		r := Record{ID: rapid.String().Draw(t, "id"), Rules: "x", Seats: figure.Draw(t, "seats"), Round: rapid.IntRange(-1, 5).Draw(t, "round"),
			Votes: figures.Draw(t, "votes"), Disagree: figures.Draw(t, "disagree"),
			Ballots: Ballots{Valid: figure.Draw(t, "valid"), InvalidBy: figures.Draw(t, "by")}}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			r.Candidates = append(r.Candidates, Candidate{ID: rapid.StringN(0, 4, -1).Draw(t, "c"), Name: rapid.String().Draw(t, "name"), Order: rapid.IntRange(-1, 9).Draw(t, "order")})
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		sameAsSlow(t, data)
	})
}

func FuzzFastEqualsSlow(f *testing.F) {
	f.Add([]byte(`{"id":"a","rules":"state-election/qh","date":"2021-05-23","seats":3,"candidates":[{"id":"c1"}],"ballots":{"valid":5},"votes":{"c1":3}}`))
	f.Fuzz(func(t *testing.T, data []byte) { sameAsSlow(t, data) })
}
