package person_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
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

// Whatever is said, corrected, withdrawn, moved and erased: the sums of signed
// changes count on any day, under any unit, what counting the people one by
// one counts, and names are found by the words they have.
func TestCountsAgainstNaiveModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _ := memberDesk(t, db)
		for _, id := range []string{"org/tinh", "org/huyen"} {
			desktest.Do(t, d, "a", org.Found{ID: id, Title: "Cấp trên " + id, Kind: org.PartyBody, From: day("2000-01-01")})
		}
		desktest.Do(t, d, "a", org.Move{Org: "org/xa", Parent: "org/huyen", From: day("2005-01-01")})
		var all []string
		facts := map[string][]int64{}  // identities by person
		steps := map[string][]int64{}  // steps by person
		blocks := map[string][]int64{} // entries with an identity
		var theory []int64             // facts of political theory
		names := []string{"Nguyễn Văn An", "Trần Thị Bình", "Điểu K'Đạt", "Lê Hòa"}
		days := rapid.Map(rapid.IntRange(0, 60), func(n int) vn.Date { return day("2015-01-01").AddDays(n * 20) })
		rapid.Check(t, func(rt *rapid.T) {
			do := func(act desk.Act) int64 {
				r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: act})
				var no *desk.Error
				if errors.As(err, &no) {
					return -1
				}
				if err != nil {
					rt.Fatal(err)
				}
				return r.Entries[0].Index
			}
			identity := func() person.Identity {
				return person.Identity{Name: rapid.SampledFrom(names).Draw(rt, "name"), Gender: rapid.SampledFrom([]string{"", "female", "male"}).Draw(rt, "gender"),
					Ethnicity: rapid.SampledFrom([]string{"", "Kinh", "M'Nông"}).Draw(rt, "ethnicity"), Born: born(rapid.SampledFrom([]string{"", "1970", "1980-05", "1990-02-28"}).Draw(rt, "born"))}
			}
			id := fmt.Sprintf("person/t%d", len(all))
			if at := do(person.Record{ID: id, Home: "org/xa", From: days.Draw(rt, "from"), Identity: identity()}); at >= 0 {
				all = append(all, id)
				facts[id], blocks[id] = append(facts[id], at), append(blocks[id], at)
			}
			for range rapid.IntRange(3, 15).Draw(rt, "acts") {
				who := all[len(all)-1-rapid.IntRange(0, min(2, len(all)-1)).Draw(rt, "who")]
				from, cell := days.Draw(rt, "day"), rapid.SampledFrom([]string{"org/xa/1", "org/xa/2"}).Draw(rt, "cell")
				other := map[string]string{"org/xa/1": "org/xa/2", "org/xa/2": "org/xa/1"}[cell]
				step := person.TakeStep{Person: who, Org: cell, From: from, Step: rapid.SampledFrom([]person.Step{person.Transcribed, person.Sent, person.Arrived, person.Exempt, person.ExemptEnd, person.Removed}).Draw(rt, "step")}
				switch step.Step {
				case person.Sent:
					step.Other = other
				case person.Transcribed:
					step.Admitted, step.Sworn, step.Recognised = day("2010-01-01"), day("2010-01-05"), day("2011-01-05")
				}
				switch rapid.IntRange(0, 8).Draw(rt, "verb") {
				case 0:
					if at := do(person.Change{Person: who, Home: "org/xa", From: from, Identity: identity()}); at >= 0 {
						facts[who], blocks[who] = append(facts[who], at), append(blocks[who], at)
					}
				case 1:
					fact := facts[who][rapid.IntRange(0, len(facts[who])-1).Draw(rt, "fact")]
					if at := do(person.Correct{Person: who, Home: "org/xa", Fact: fact, Withdraw: rapid.Bool().Draw(rt, "withdraw"), From: from, Identity: identity(), Reason: "đính chính"}); at >= 0 {
						blocks[who] = append(blocks[who], at)
					}
				case 2:
					if n := len(steps[who]); n > 0 {
						do(person.CorrectStep{Person: who, Home: "org/xa", Fact: steps[who][rapid.IntRange(0, n-1).Draw(rt, "fact")], Withdraw: true, Reason: "ghi nhầm"})
					}
				case 3:
					if n := len(blocks[who]); n > 2 {
						do(desk.EraseBlockAct{Index: blocks[who][0], Block: "identity", Decision: "01-QĐ/BTC"})
						blocks[who] = blocks[who][1:]
					}
				case 5:
					at := do(person.RecordFact{Person: who, Home: "org/xa", Block: "theory", Item: rapid.SampledFrom([]string{"fact/a" + who[7:], "fact/b" + who[7:]}).Draw(rt, "item"), End: rapid.IntRange(0, 4).Draw(rt, "end") == 0,
						Content: person.FactContent{Values: map[string]string{"level": rapid.SampledFrom([]string{"so-cap", "trung-cap", "cao-cap", "cu-nhan"}).Draw(rt, "level")}, From: from.Partial(), Source: person.FactSource{Kind: "diploma"}}})
					if at >= 0 {
						theory = append(theory, at)
					}
				case 6:
					if n := len(theory); n > 3 {
						do(desk.EraseBlockAct{Index: theory[0], Block: "fact", Decision: "01-QĐ/BTC"})
						theory = theory[1:]
					}
				case 4:
					do(org.Move{Org: "org/xa/2", Parent: rapid.SampledFrom([]string{"org/xa", "org/tinh"}).Draw(rt, "parent"), From: from})
				default:
					if at := do(step); at >= 0 {
						steps[who] = append(steps[who], at)
					}
				}
			}
			if rapid.IntRange(0, 9).Draw(rt, "older release") == 0 { // its sums of levels are drawn anew
				if err := db.Write(t.Context(), func(tx *store.Tx) error {
					if err := tx.Run(t.Context(), `DELETE FROM person_tally WHERE grp LIKE '%.level'`); err != nil {
						return err
					}
					return person.Room().CatchUp(t.Context(), tx)
				}); err != nil {
					rt.Fatal(err)
				}
			}
			on := days.Draw(rt, "on")
			for _, root := range []string{"", "org/huyen", "org/tinh", "org/xa/1"} {
				got, want := counted(t, d, root, on, nil), counted(t, d, root, on, all)
				if !maps.Equal(got, want) {
					rt.Fatalf("under %q on %s: the sums are %v, counting says %v", root, on, got, want)
				}
			}
		})
		if len(theory) == 0 {
			t.Error("no fact was ever recorded")
		}
		desktest.CheckRebuild(t, d)
	})
}

// counted counts all groups, by the sums, or by looking at each of some people.
func counted(t *testing.T, d *desk.Desk, root string, on vn.Date, people []string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := d.Read(t.Context(), func(tx *store.Tx) error {
		if people == nil {
			for _, g := range []string{person.ByStanding, person.ByGender, person.ByEthnicity, person.ByBorn, person.BySince, "theory.level"} {
				defer person.SetFewUnits(250)
				person.SetFewUnits(on.Day % 4) // units by name, all but others, or all
				defer person.SetVeryLarge(500_000)
				person.SetVeryLarge(500_000 * int64(on.Month%2)) // all at once, or value by value from the nearer end
				m, err := person.Count(t.Context(), tx, g, root, on)
				if err != nil {
					return err
				}
				for v, n := range m {
					out[g+" "+v] = n
				}
			}
			return nil
		}
		for _, id := range people {
			ps, err := person.PlacesOf(t.Context(), tx, id)
			if err != nil {
				return err
			}
			for _, p := range ps {
				if p.Rel != "official" || on.Before(p.From) || !p.To.IsZero() && !on.Before(p.To) {
					continue
				}
				in := root == ""
				if !in {
					if in, err = org.Within(t.Context(), tx, p.Org, root, on); err != nil {
						return err
					}
				}
				if !in {
					continue
				}
				x, _, err := person.Get(t.Context(), tx, id, org.Now(on))
				if err != nil {
					return err
				}
				standing := p.Standing
				if p.State != "active" {
					standing += "/" + p.State
				}
				fs, err := person.Facts(t.Context(), tx, id, org.Now(on))
				if err != nil {
					return err
				}
				best, ladder := -1, []string{"so-cap", "trung-cap", "cao-cap", "cu-nhan"}
				for _, f := range fs {
					if f.Block == "theory" && f.Present {
						best = max(best, slices.Index(ladder, f.Values["level"]))
					}
				}
				if best >= 0 { // each person once, by the highest
					out["theory.level "+ladder[best]]++
				}
				for g, v := range map[string]string{person.ByStanding: standing, person.ByGender: x.Identity.Gender, person.ByEthnicity: x.Identity.Ethnicity, person.ByBorn: x.Identity.Born.String(), person.BySince: p.Since.String()} {
					out[g+" "+v]++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
