package person_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"

	"minhbach/internal/desk/desktest"
)

// saying is one wording in the naive model: only what was said at which entry.
type saying struct {
	entry, fact  int64
	what         person.What
	person, post string
	title        string
	from, to     vn.Date
	name         string
	withdrawn    bool
}

type model []saying

func (m model) last(id string, known int64) []saying {
	last := map[int64]saying{}
	for _, s := range m {
		if s.person == id && s.entry <= known {
			last[s.fact] = s
		}
	}
	var out []saying
	for _, s := range last {
		if !s.withdrawn {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b saying) int { return int(a.fact - b.fact) })
	return out
}

// name is the identity with the latest day of effect, by definition.
func (m model) name(id string, on vn.Date, known int64) (name string, ok bool) {
	var from vn.Date
	for _, s := range m.last(id, known) {
		if s.what == person.Recorded && !on.Before(s.from) && !s.from.Before(from) {
			name, from, ok = s.name, s.from, true
		}
	}
	return name, ok
}

// posts are those begun and not ended on the day.
func (m model) posts(id string, on vn.Date, known int64) (out []string) {
	said := m.last(id, known)
	for _, s := range said {
		if s.what != person.PostHeld || on.Before(s.from) {
			continue
		}
		end := s.to
		for _, e := range said {
			if e.what == person.PostDone && e.post == s.post {
				end = e.to
			}
		}
		if end.IsZero() || on.Before(end) {
			out = append(out, s.post+" "+s.title)
		}
	}
	slices.Sort(out)
	return out
}

func TestAgainstNaiveModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		round, posts := 0, 0
		var blocks []int64 // entries with an identity
		rapid.Check(t, func(rt *rapid.T) {
			round++
			var m model
			first := d.Head() + 1
			days := rapid.Map(rapid.IntRange(0, 40), func(n int) vn.Date { return vn.MustDate("2010-01-01").AddDays(n * 30) })
			who := rapid.Map(rapid.IntRange(0, 2), func(i int) string { return fmt.Sprintf("person/r%d-p%d", round, i) })
			do := func(act desk.Act, s saying) {
				r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act})
				var no *desk.Error
				if errors.As(err, &no) {
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				s.entry = r.Entries[0].Index
				if s.fact < 0 {
					s.fact = s.entry
				}
				if s.what == person.Recorded && !s.withdrawn {
					blocks = append(blocks, s.entry)
				}
				m = append(m, s)
			}
			for range rapid.IntRange(5, 25).Draw(rt, "acts") {
				id, from, to := who.Draw(rt, "who"), days.Draw(rt, "from"), days.Draw(rt, "to")
				title := rapid.SampledFrom([]string{"member", "secretary"}).Draw(rt, "title")
				name := fmt.Sprintf("Tên %d", len(m))
				ident := person.Identity{Name: name}
				switch rapid.IntRange(0, 6).Draw(rt, "verb") {
				case 0:
					do(person.Record{ID: id, Home: "org/xa", From: from, Identity: ident}, saying{fact: -1, what: person.Recorded, person: id, from: from, name: name})
				case 1:
					do(person.Change{Person: id, Home: "org/xa", From: from, Identity: ident}, saying{fact: -1, what: person.Recorded, person: id, from: from, name: name})
				case 2, 3:
					posts++
					post := fmt.Sprintf("post/%d", posts)
					if rapid.Bool().Draw(rt, "open") {
						to = vn.Date{}
					}
					do(person.TakePost{ID: post, Person: id, Org: "org/xa", Title: title, From: from, To: to},
						saying{fact: -1, what: person.PostHeld, person: id, post: post, title: title, from: from, to: to})
				case 4:
					if len(m) > 0 {
						old := m[rapid.IntRange(0, len(m)-1).Draw(rt, "ends")]
						do(person.EndPost{Post: old.post, Person: old.person, Org: "org/xa", On: to}, saying{fact: -1, what: person.PostDone, person: old.person, post: old.post, to: to})
					}
				default:
					if len(m) == 0 {
						continue
					}
					old := m[rapid.IntRange(0, len(m)-1).Draw(rt, "corrects")]
					withdraw := rapid.IntRange(0, 3).Draw(rt, "withdraw") == 0
					s := saying{fact: old.fact, what: old.what, person: old.person, post: old.post, withdrawn: withdraw}
					if old.what == person.Recorded {
						if !withdraw {
							s.from, s.name = from, name
						}
						do(person.Correct{Person: old.person, Home: "org/xa", Fact: old.fact, Withdraw: withdraw, From: from, Identity: ident, Reason: "đính chính"}, s)
						continue
					}
					if !withdraw {
						s.to = to
						if old.what == person.PostHeld {
							s.from, s.title = from, title
						}
					}
					do(person.CorrectPost{Person: old.person, Home: "org/xa", Fact: old.fact, Withdraw: withdraw, Org: "org/xa", Title: title, From: from, To: to, Reason: "đính chính"}, s)
				}
			}
			err := d.Read(t.Context(), func(tx *store.Tx) error {
				for range 30 {
					at := org.At{On: days.Draw(rt, "on").AddDays(rapid.IntRange(-1, 1).Draw(rt, "near")), Known: rapid.Int64Range(first-1, d.Head()).Draw(rt, "known")}
					id := who.Draw(rt, "asked")
					p, ok, err := person.Get(t.Context(), tx, id, at)
					if err != nil {
						return err
					}
					name, exists := m.name(id, at.On, at.Known)
					if ok != exists || p.Identity.Name != name {
						rt.Fatalf("%s at %v: got %v %q, the model says %v %q", id, at, ok, p.Identity.Name, exists, name)
					}
					ps, err := person.Posts(t.Context(), tx, id, at)
					if err != nil {
						return err
					}
					var got []string
					for _, p := range ps {
						got = append(got, p.ID+" "+p.Title)
					}
					slices.Sort(got)
					if want := m.posts(id, at.On, at.Known); !slices.Equal(got, want) {
						rt.Fatalf("%s at %v: posts %q, the model says %q", id, at, got, want)
					}
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		})
		// Erase then rebuild equals rebuild then erase, over what all that left.
		for i, index := range blocks {
			if i%7 == 0 {
				desktest.Do(t, d, "a", desk.EraseBlockAct{Index: index, Block: "identity", Decision: "01-QĐ/BTC"})
			}
		}
		desktest.CheckRebuild(t, d)
	})
}
