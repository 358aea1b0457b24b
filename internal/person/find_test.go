package person_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// seenPerson is a person as a reader sees it who looks at one after another.
type seenPerson struct {
	person.Person
	place person.Place
	posts []person.Post
	facts []person.Fact
	lasts vn.Date // last day of work, zero not known
}

func (p seenPerson) fits(f person.Find, tree []org.Unit) bool {
	years := func(s person.Span, first, last vn.Date) bool {
		if s.From == nil && s.To == nil {
			return true
		}
		return !first.IsZero() && (s.From == nil || last.Compare(f.On) <= 0 && last.MonthsTo(f.On)/12 >= *s.From) && (s.To == nil || first.MonthsTo(f.On)/12 <= *s.To)
	}
	names := " " + vn.Fold(p.Identity.Name+" "+p.Identity.OtherNames)
	for _, w := range strings.Fields(vn.Fold(f.Name)) {
		if !strings.Contains(names, " "+w) {
			return false
		}
	}
	under := p.place.Org
	if under == "" {
		under = p.Home
	}
	if f.Under != "" {
		if !slices.ContainsFunc(tree, func(u org.Unit) bool { return u.ID == under }) {
			return false
		}
	}
	if f.Reader != nil && !slices.Contains(f.Reader.Homes, p.Home) {
		return false
	}
	who := map[string]bool{"": true, person.WhoMember: p.place.Org != "", person.WhoOfficial: p.place.Standing == "official", person.WhoProbationary: p.place.Standing == "probationary", person.WhoOther: p.place.Org == ""}
	post := f.Title == "" && f.InPost == (person.Span{})
	for _, x := range p.posts {
		post = post || (f.Title == "" || x.Title == f.Title) && years(f.InPost, x.From, x.From)
	}
	if f.Held != nil {
		post = post && slices.ContainsFunc(p.posts, func(x person.Post) bool { return slices.Contains(f.Held, person.PostAt{Org: x.Org, Title: x.Title}) })
	}
	for field, value := range f.Attrs {
		if !slices.ContainsFunc(p.facts, func(x person.Fact) bool { return x.Block+".level" == field && x.Values["level"] == value }) {
			return false
		}
	}
	retire := true
	if f.Retire != (person.Span{}) {
		retire = !p.lasts.IsZero() && !p.lasts.Before(f.On)
	}
	if f.Retire.From != nil {
		retire = retire && !p.lasts.IsZero() && !p.lasts.Before(f.On.AddMonths(*f.Retire.From))
	}
	if f.Retire.To != nil {
		retire = retire && !p.lasts.IsZero() && p.lasts.Compare(f.On.AddMonths(*f.Retire.To)) <= 0
	}
	return who[f.Who] && post && retire && (f.Home == "" || f.Home == p.Home) && (f.Gender == "" || f.Gender == p.Identity.Gender) &&
		(f.Ethnicity == "" || vn.Fold(f.Ethnicity) == vn.Fold(p.Identity.Ethnicity)) && years(f.Age, p.Identity.Born.First(), p.Identity.Born.Last()) && years(f.PartyAge, p.place.Since, p.place.Since)
}

// Whatever is asked together: the list holds who fits, in order, page by page,
// and says how many.
func TestFindAgainstLookingAtEach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := desktest.New(t, db, org.Room(), person.Room())
		m, err := persontest.Fill(t.Context(), d, persontest.Size{Members: 150, PerCell: 10, Cells: 5, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			desktest.Do(t, d, "a", person.RecordFact{Person: m.Persons[i*7], Home: m.Bodies[i*7/50], Block: "theory", Item: "fact/t", Content: person.FactContent{Values: map[string]string{"level": []string{"so-cap", "trung-cap"}[i%2]},
				From: vn.MustDate("2020-01-01").Partial(), Source: person.FactSource{Kind: "diploma"}}})
		}
		desktest.Do(t, d, "a", person.Record{ID: "person/cadre", Home: m.Bodies[1], Identity: person.Identity{Name: "Nguyễn Thị Thử", Born: born("1968-04"), Gender: "female"}})
		lib, err := rule.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		all := append(slices.Clone(m.Persons), "person/cadre")
		days := []vn.Date{persontest.On, persontest.On.AddMonths(-60), persontest.On.AddMonths(-200)}
		seen := map[vn.Date][]seenPerson{}
		for _, on := range days {
			seen[on] = lookAtEach(t, d, lib, all, on)
			for _, words := range []string{"", "nguyen v"} { // from the index of names and from what was said
				err := d.Read(t.Context(), func(tx *store.Tx) error {
					now, err := person.Ordered(t.Context(), tx, words, org.Now(on))
					if err != nil {
						return err
					}
					said, err := person.Ordered(t.Context(), tx, words, org.At{On: on, Known: 1 << 40})
					if !slices.Equal(now, said) || words == "" && len(now) != len(seen[on]) {
						t.Errorf("on %v, %q: %d in order by names, %d by what was said, of %d", on, words, len(now), len(said), len(seen[on]))
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		t.Cleanup(func() {
			person.SetFewNames(2000)
			person.SetFewUnits(250)
			person.SetFewHeads(64)
			person.SetManyUnits(20_000)
			person.SetCountLimit(person.CountLimit)
		})
		rapid.Check(t, func(rt *rapid.T) {
			f := person.Find{On: rapid.SampledFrom(days).Draw(rt, "on"), Rules: lib, Limit: rapid.SampledFrom([]int{1, 7, 50, 400}).Draw(rt, "limit")}
			maybe := func(name string) bool { return rapid.IntRange(0, 3).Draw(rt, name+"?") == 0 }
			span := func(name string, low, high int) (s person.Span) {
				if maybe(name) {
					a := rapid.IntRange(low, high).Draw(rt, name+" from")
					s.From = &a
				}
				if maybe(name) {
					b := rapid.IntRange(low, high).Draw(rt, name+" to")
					s.To = &b
				}
				return s
			}
			some := func(name string, from ...string) string {
				if !maybe(name) {
					return ""
				}
				return rapid.SampledFrom(from).Draw(rt, name)
			}
			f.Name = some("name", "n", "t", "nguyen", "th h", "nguyen v", "an ngu", "h t", "Hòa", "khong co", "thi nguyen th")
			person.SetFewNames(rapid.SampledFrom([]int{2, 2000}).Draw(rt, "few"))
			person.SetFewUnits(rapid.SampledFrom([]int{3, 250}).Draw(rt, "few units"))
			person.SetManyUnits(rapid.SampledFrom([]int{2, 20_000}).Draw(rt, "many units"))
			person.SetFewHeads(rapid.SampledFrom([]int{1, 3, 64}).Draw(rt, "few heads"))
			most := rapid.SampledFrom([]int{3, 20, person.CountLimit}).Draw(rt, "counted")
			person.SetCountLimit(most)
			f.Exact = maybe("exact")
			f.Under = some("under", m.Root, m.Bodies[0], m.Bodies[2], m.Cells[3], "org/nowhere")
			f.Home = some("home", m.Bodies[0], m.Bodies[1])
			f.Who = some("who", person.WhoMember, person.WhoOfficial, person.WhoProbationary, person.WhoOther)
			f.Gender, f.Ethnicity = some("gender", "female", "male"), some("ethnicity", "Kinh", "tay")
			f.Age, f.PartyAge, f.InPost = span("age", 18, 70), span("party age", 0, 50), span("in post", 0, 4)
			f.Title = some("title", "secretary", "deputy-secretary", "director")
			f.Retire = span("retire", 0, 240)
			if maybe("held") {
				f.Held = []person.PostAt{{}, {Org: m.Cells[0], Title: "secretary"}, {Org: m.Cells[3], Title: "deputy-secretary"}, {Org: m.Cells[7], Title: "secretary"}, {Org: m.Bodies[1], Title: "secretary"}}[:rapid.IntRange(0, 5).Draw(rt, "posts")]
			}
			if v := some("theory", "so-cap", "trung-cap"); v != "" {
				f.Attrs = map[string]string{"theory.level": v}
			}
			if maybe("reader") {
				f.Reader = &person.Reader{Homes: []string{m.Bodies[1]}, Today: persontest.On}
			}
			var want []string
			err := d.Read(t.Context(), func(tx *store.Tx) error {
				tree, err := org.Tree(t.Context(), tx, f.Under, org.Now(f.On))
				if err != nil {
					return err
				}
				for _, p := range seen[f.On] {
					if p.fits(f, tree) {
						want = append(want, p.ID)
					}
				}
				var got []string
				for {
					f.Offset = len(got)
					l, err := f.Run(t.Context(), tx)
					if err != nil {
						return err
					}
					more := len(want) > most && !f.Exact
					if l.More != more || !more && l.Total != len(want) || more && l.Total != most {
						rt.Fatalf("%+v: %d found (more: %v), want %d, counted up to %d", f, l.Total, l.More, len(want), most)
					}
					for _, r := range l.Rows {
						got = append(got, r.ID)
					}
					if len(l.Rows) < f.Limit || len(got) > 60 {
						break
					}
				}
				if len(got) <= 60 && len(got) < len(want) || !slices.Equal(got, want[:len(got)]) {
					rt.Fatalf("%+v: found %v, want %v", f, got, want)
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		})
	})
}

// lookAtEach reads everything about each person on a day, in the order of lists.
func lookAtEach(t *testing.T, d *desk.Desk, lib *rule.Library, ids []string, on vn.Date) []seenPerson {
	t.Helper()
	var out []seenPerson
	err := d.Read(t.Context(), func(tx *store.Tx) error {
		for _, id := range ids {
			p, ok, err := person.Get(t.Context(), tx, id, org.Now(on))
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			s := seenPerson{Person: p}
			if s.place, _, err = person.OfficialPlace(t.Context(), tx, id, org.Now(on)); err != nil {
				return err
			}
			if s.posts, err = person.Posts(t.Context(), tx, id, org.Now(on)); err != nil {
				return err
			}
			if s.facts, err = person.Facts(t.Context(), tx, id, org.Now(on)); err != nil {
				return err
			}
			if g := p.Identity.Gender; g != "" {
				if s.lasts, _, err = course.Retires(lib, p.Identity.Born, g == "female"); err != nil {
					return err
				}
			}
			out = append(out, s)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out, func(a, b seenPerson) int {
		key := func(p seenPerson) string {
			return vn.SortKey(p.Identity.Name) + "\x00" + vn.Fold(p.Identity.Name+" "+p.Identity.OtherNames) + "\x00" + p.ID
		}
		return strings.Compare(key(a), key(b))
	})
	return out
}
