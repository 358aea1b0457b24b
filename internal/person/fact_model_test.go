package person_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// lockAct locks or unlocks identity facts as a room that runs cases does.
type lockAct struct {
	person, by string
	locked     bool
}

func (a lockAct) Name() string    { return "test.lock" }
func (a lockAct) Subject() string { return a.person }
func (a lockAct) Need() desk.Need { return desk.Need{Right: desk.RunProcedure} }
func (a lockAct) Decide(context.Context, *desk.Scene) ([]desk.Draft, error) {
	return []desk.Draft{person.DecideLock(a.person, a.by, a.locked)}, nil
}

// factSaid is one wording in the naive model.
type factSaid struct {
	entry, fact      int64
	item, value      string
	from, to         vn.Date // to: first day it no longer holds
	ended, withdrawn bool
}

// holds is what an item says on a day as known at an entry, by definition: the
// wording with the latest beginning not after the day, unless it is an end or
// has itself ended.
func holds(m []factSaid, item string, on vn.Date, known int64) (value string, ok bool) {
	last := map[int64]factSaid{}
	for _, s := range m {
		if s.item == item && s.entry <= known {
			last[s.fact] = s
		}
	}
	var best *factSaid
	for _, s := range last {
		if !s.withdrawn && !on.Before(s.from) && (best == nil || best.from.Before(s.from)) {
			best = &s
		}
	}
	if best == nil || best.ended || !best.to.IsZero() && !on.Before(best.to) {
		return "", false
	}
	return best.value, true
}

// Any sequence of changes, ends and corrections answers as of like the naive
// model, the counted values too.
func TestFactsAgainstNaiveModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		round := 0
		var blocks []int64
		rapid.Check(t, func(rt *rapid.T) {
			round++
			who := fmt.Sprintf("person/f%d", round)
			desktest.Do(t, d, "a", person.Record{ID: who, Home: "org/xa", From: vn.MustDate("1980-01-01"), Identity: person.Identity{Name: "Tên Mẫu"}})
			var m []factSaid
			first := d.Head()
			days := rapid.Map(rapid.IntRange(0, 12), func(n int) vn.Date { return vn.MustDate("2010-01-01").AddDays(n * 30) })
			values := rapid.SampledFrom([]string{"so-cap", "trung-cap", "cao-cap"})
			do := func(act desk.Act, s factSaid) {
				r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act})
				var no *desk.Error
				if errors.As(err, &no) {
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				if s.entry = r.Entries[0].Index; s.fact < 0 {
					s.fact = s.entry
				}
				if !s.withdrawn {
					blocks = append(blocks, s.entry)
				}
				m = append(m, s)
			}
			for range rapid.IntRange(3, 20).Draw(rt, "acts") {
				from, to, value := days.Draw(rt, "from"), days.Draw(rt, "to"), values.Draw(rt, "value")
				block := rapid.SampledFrom([]string{"theory", "degree"}).Draw(rt, "block")
				item := block
				if block == "degree" {
					item = fmt.Sprintf("fact/%d", rapid.IntRange(0, 1).Draw(rt, "item"))
				}
				c := said(from.String(), "", "level", value)
				s := factSaid{fact: -1, item: item, value: value, from: from}
				if block == "degree" {
					c.Values["major"] = "Luật"
				}
				if rapid.IntRange(0, 2).Draw(rt, "own end") == 0 {
					c.Until, s.to = to.Partial(), to.AddDays(1)
				}
				switch verb := rapid.IntRange(0, 5).Draw(rt, "verb"); {
				case verb < 3:
					do(person.RecordFact{Person: who, Home: "org/xa", Block: block, Item: item, Content: c}, s)
				case verb == 3:
					s.ended, s.to = true, vn.Date{}
					do(person.RecordFact{Person: who, Home: "org/xa", Block: block, Item: item, End: true, Content: c}, s)
				case len(m) > 0:
					old := m[rapid.IntRange(0, len(m)-1).Draw(rt, "corrects")]
					s.item, s.fact, s.ended = old.item, old.fact, old.ended
					s.withdrawn = rapid.IntRange(0, 3).Draw(rt, "withdraw") == 0
					delete(c.Values, "major")
					if old.item != "theory" {
						c.Values["major"] = "Luật"
					}
					if old.ended {
						s.to = vn.Date{}
					}
					do(person.CorrectFact{Person: who, Home: "org/xa", Fact: old.fact, Withdraw: s.withdrawn, Content: c, Reason: "đính chính"}, s)
				}
			}
			err := d.Read(t.Context(), func(tx *store.Tx) error {
				for range 20 {
					at := org.At{On: days.Draw(rt, "on").AddDays(rapid.IntRange(-1, 1).Draw(rt, "near")), Known: rapid.Int64Range(first, d.Head()).Draw(rt, "known")}
					fs, err := person.Facts(t.Context(), tx, who, at)
					if err != nil {
						return err
					}
					got, want := map[string]string{}, map[string]string{}
					for _, f := range fs {
						got[f.Item] = f.Values["level"]
					}
					for _, item := range []string{"theory", "fact/0", "fact/1"} {
						if v, ok := holds(m, item, at.On, at.Known); ok {
							want[item] = v
						}
					}
					if !maps.Equal(got, want) {
						rt.Fatalf("%s at %v: %q, the model says %q", who, at, got, want)
					}
					rows, err := tx.Query(t.Context(), `SELECT v.item, v.value FROM person_attr v WHERE v.person = $3 AND v.valid_from <= $1 AND (v.valid_to = '' OR v.valid_to > $1)
						AND v.entry_from <= $2 AND (v.entry_to = -1 OR v.entry_to > $2)`, at.On.String(), at.KnownIndex(), who)
					if err != nil {
						return err
					}
					counted := map[string]string{}
					for rows.Next() {
						var item, value string
						if err := rows.Scan(&item, &value); err != nil {
							return err
						}
						counted[item] = value
					}
					rows.Close()
					if !maps.Equal(counted, want) {
						rt.Fatalf("%s at %v: counted %q, the model says %q", who, at, counted, want)
					}
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		})
		for i, index := range blocks {
			if i%7 == 0 {
				desktest.Do(t, d, "a", desk.EraseBlockAct{Index: index, Block: "fact", Decision: "01-QĐ/BTC"})
			}
		}
		desktest.CheckRebuild(t, d)
	})
}
