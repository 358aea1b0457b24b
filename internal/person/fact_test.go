package person_test

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

func said(from, until string, values ...string) person.FactContent {
	c := person.FactContent{Values: map[string]string{}, From: born(from), Until: born(until),
		Source: person.FactSource{Kind: "diploma", Number: "QH-0917", Date: day("2012-06-01"), By: "Trường Mẫu"}, Certifier: "Ban Tổ chức (mẫu)"}
	for i := 0; i+1 < len(values); i += 2 {
		c.Values[values[i]] = values[i+1]
	}
	return c
}

func facts(t *testing.T, d *desk.Desk, id string, at org.At) map[string]string {
	t.Helper()
	out := map[string]string{}
	read(t, d, func(tx *store.Tx) error {
		fs, err := person.Facts(t.Context(), tx, id, at)
		for _, f := range fs {
			b, _ := person.FactBlockOf(f.Block)
			var words []string
			for _, x := range b.Fields {
				if v := f.Values[x.Key]; v != "" {
					words = append(words, x.Words(v, "vi"))
				}
			}
			out[f.Item] = strings.Join(words, ", ")
		}
		return err
	})
	return out
}

// Facts of a person over the years: two degrees, theory that rises, a job that
// ends, a correction that changes only what was known.
func TestFactsOfAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		const who, home = "person/p1", "org/xa"
		desktest.Do(t, d, "a", person.Record{ID: who, Home: home, Sample: true, From: day("1980-01-01"), Identity: person.Identity{Name: "Lê Thị Mẫu"}})
		record := func(block, item string, c person.FactContent) int64 {
			t.Helper()
			return desktest.Do(t, d, "a", person.RecordFact{Person: who, Home: home, Block: block, Item: item, Content: c}).Entries[0].Index
		}
		record("degree", "fact/d1", said("2002-07", "", "level", "Đại học", "major", "Luật", "studied_from", "9/1998", "studied_to", "2002"))
		record("degree", "fact/d2", said("2012-06-01", "", "level", "thac-si", "major", "Quản lý công"))
		wrong := record("theory", "", said("2008", "", "level", "trung-cap"))
		record("theory", "", said("2015-03-20", "", "level", "cao cấp"))
		record("work", "fact/w1", said("2002-09", "2009-12", "what", "Chuyên viên Phòng Nội vụ"))
		record("work", "fact/w2", said("2010", "", "what", "Phó Trưởng phòng"))
		desktest.Do(t, d, "a", person.RecordFact{Person: who, Home: home, Block: "work", Item: "fact/w2", End: true, Content: said("2016-04-01", "")})
		known := d.Head()
		desktest.Do(t, d, "a", person.CorrectFact{Person: who, Home: home, Fact: wrong, Content: said("2006", "", "level", "so-cap"), Reason: "theo bằng gốc"})

		for _, c := range []struct {
			at   org.At
			want map[string]string
		}{
			{org.Now(day("2007-01-01")), map[string]string{"fact/d1": "Đại học, Luật, 9/1998, 2002", "theory": "Sơ cấp", "fact/w1": "Chuyên viên Phòng Nội vụ"}},
			{org.At{On: day("2007-01-01"), Known: known}, map[string]string{"fact/d1": "Đại học, Luật, 9/1998, 2002", "fact/w1": "Chuyên viên Phòng Nội vụ"}},
			{org.Now(day("2009-12-31")), map[string]string{"fact/d1": "Đại học, Luật, 9/1998, 2002", "theory": "Sơ cấp", "fact/w1": "Chuyên viên Phòng Nội vụ"}},
			{org.Now(day("2010-01-01")), map[string]string{"fact/d1": "Đại học, Luật, 9/1998, 2002", "theory": "Sơ cấp", "fact/w2": "Phó Trưởng phòng"}},
			{today, map[string]string{"fact/d1": "Đại học, Luật, 9/1998, 2002", "fact/d2": "Thạc sĩ, Quản lý công", "theory": "Cao cấp"}},
		} {
			if got := facts(t, d, who, c.at); len(got) != len(c.want) || slices.ContainsFunc(mapKeys(c.want), func(k string) bool { return got[k] != c.want[k] }) {
				t.Errorf("%v: %q, want %q", c.at, got, c.want)
			}
		}
		read(t, d, func(tx *store.Tx) error {
			all, err := person.FactsUntil(t.Context(), tx, who, today)
			if err != nil || len(all) != 6 {
				t.Errorf("a form prints what ended too: %d %v", len(all), err)
			}
			counts, err := person.AttrCounts(t.Context(), tx, "theory.level", today, nil)
			if err != nil || counts["cao-cap"] != 1 || len(counts) != 1 {
				t.Errorf("%v %v", counts, err)
			}
			hs, err := person.FactHistory(t.Context(), tx, who)
			if err != nil || len(hs) != 8 || hs[2].EntryTo < 0 || hs[7].Fact != wrong || hs[0].Source.Number != "QH-0917" || hs[0].Certifier == "" {
				t.Errorf("%+v %v", hs, err)
			}
			for i := int64(0); i <= d.Head(); i++ {
				r, err := desk.GetRecord(t.Context(), tx, i)
				if err != nil {
					return err
				}
				for _, word := range []string{"QH-0917", "Luật", "thac-si", "cao-cap", "Trường"} {
					if strings.Contains(string(r.Body), word) {
						t.Errorf("entry %d holds personal content in its body: %s", i, r.Body)
					}
				}
			}
			return nil
		})
		desktest.Do(t, d, "a", desk.EraseBlockAct{Index: wrong, Block: "fact", Decision: "01-QĐ/BTC"})
		desktest.CheckRebuild(t, d)
	})
}

func mapKeys(m map[string]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestFactsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		const who, home = "person/p1", "org/xa"
		desktest.Do(t, d, "a", person.Record{ID: who, Home: home, From: day("1980-01-01"), Identity: person.Identity{Name: "Lê Thị Mẫu"}})
		with := func(change func(*person.RecordFact)) person.RecordFact {
			a := person.RecordFact{Person: who, Home: home, Block: "degree", Item: "fact/1", Content: said("2002", "", "level", "dai-hoc", "major", "Luật")}
			change(&a)
			return a
		}
		for name, c := range map[string]struct {
			act   person.RecordFact
			field string
			code  desk.Code
		}{
			"block":        {with(func(a *person.RecordFact) { a.Block = "wealth" }), "", desk.NotFound},
			"registry":     {with(func(a *person.RecordFact) { a.Block = "identity" }), "", desk.NotFound},
			"level":        {with(func(a *person.RecordFact) { a.Content.Values["level"] = "siêu nhân" }), "level", desk.Invalid},
			"no level":     {with(func(a *person.RecordFact) { a.Content.Values["level"] = " " }), "level", desk.Invalid},
			"field":        {with(func(a *person.RecordFact) { a.Content.Values["iq"] = "200" }), "iq", desk.Invalid},
			"long":         {with(func(a *person.RecordFact) { a.Content.Values["major"] = strings.Repeat("ă", 301) }), "major", desk.Invalid},
			"date":         {with(func(a *person.RecordFact) { a.Content.Values["studied_to"] = "31/2/2001" }), "studied_to", desk.Invalid},
			"no day":       {with(func(a *person.RecordFact) { a.Content.From = vn.PartialDate{} }), "from", desk.Invalid},
			"backwards":    {with(func(a *person.RecordFact) { a.Content.Until = born("1999") }), "until", desk.Invalid},
			"no paper":     {with(func(a *person.RecordFact) { a.Content.Source.Kind = "" }), "source", desk.Invalid},
			"future paper": {with(func(a *person.RecordFact) { a.Content.Source.Date = day("2150-01-01") }), "source_date", desk.Invalid},
			"home":         {with(func(a *person.RecordFact) { a.Home = "org/tinh" }), "", desk.NotFound},
			"nothing ends": {with(func(a *person.RecordFact) { a.End = true }), "", desk.Refused},
			"item":         {with(func(a *person.RecordFact) { a.Item = "d1" }), "item", desk.Invalid},
		} {
			if e := desktest.MustRefuse(t, d, "a", c.act, c.code); e.Field != c.field || e.Says.VI == "" {
				t.Errorf("%s: %q %q", name, e.Field, e.Says.VI)
			}
		}
		first := desktest.Do(t, d, "a", with(func(*person.RecordFact) {})).Entries[0].Index
		desktest.MustRefuse(t, d, "a", with(func(*person.RecordFact) {}), desk.Refused)
		desktest.MustRefuse(t, d, "a", person.CorrectFact{Person: who, Home: home, Fact: first, Withdraw: true}, desk.Invalid)
		desktest.MustRefuse(t, d, "a", person.CorrectFact{Person: who, Home: home, Fact: first + 7, Withdraw: true, Reason: "x"}, desk.NotFound)
		desktest.Do(t, d, "a", person.CorrectFact{Person: who, Home: home, Fact: first, Withdraw: true, Reason: "nhầm người"})
		if got := facts(t, d, who, today); len(got) != 0 {
			t.Errorf("withdrawn: %q", got)
		}
		desktest.CheckRebuild(t, d)
	})
}

// Facts by which a person is known are locked while a case runs; the refusal
// names the case. A diploma can still be recorded.
func TestFactsLocked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		const who, home = "person/p1", "org/xa"
		desktest.Do(t, d, "a", person.Record{ID: who, Home: home, From: day("1980-01-01"), Identity: person.Identity{Name: "Lê Thị Mẫu"}})
		origin := person.RecordFact{Person: who, Home: home, Block: "origin", Content: said("1980", "", "religion", "none", "birthplace", "Xã Mẫu")}
		fact := desktest.Do(t, d, "a", origin).Entries[0].Index
		desktest.Do(t, d, "a", lockAct{who, "procedure/07-2026", true})
		origin.Content = said("1990", "", "religion", "buddhist")
		if e := desktest.MustRefuse(t, d, "a", origin, desk.Refused); !strings.Contains(e.Says.VI, "07-2026") {
			t.Errorf("the case is not named: %s", e.Says.VI)
		}
		desktest.MustRefuse(t, d, "a", person.CorrectFact{Person: who, Home: home, Fact: fact, Content: origin.Content, Reason: "x"}, desk.Refused)
		desktest.Do(t, d, "a", person.RecordFact{Person: who, Home: home, Block: "degree", Item: "fact/1", Content: said("2002", "", "level", "dai-hoc", "major", "Luật")})
		desktest.Do(t, d, "a", lockAct{who, "procedure/07-2026", false})
		desktest.Do(t, d, "a", origin)
		desktest.CheckRebuild(t, d)
	})
}

// The tables of blocks, fields and codes hold together: every list has a
// source, every name both languages, no name twice.
func TestFactTables(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range person.FactBlocks() {
		if b.VI == "" || b.EN == "" || len(b.Fields) == 0 || seen[b.Key] {
			t.Errorf("block %q", b.Key)
		}
		seen[b.Key] = true
		for _, f := range b.Fields {
			if got, ok := person.FactFieldOf(f.ID()); !ok || got.VI == "" || got.EN == "" || seen[f.ID()] || f.Kind == "code" && len(person.FactCodes(f.List)) == 0 {
				t.Errorf("field %q", f.ID())
			}
			if f.Counted && f.Kind != "code" {
				t.Errorf("field %q is counted without a list", f.ID())
			}
			seen[f.ID()] = true
			for _, c := range person.FactCodes(f.List) {
				if c.Source == "" || !slices.Contains([]string{"confirmed", "reported", "unverified"}, c.Evidence) {
					t.Errorf("list %s, %s: no source", c.List, c.Code)
				}
				if v, vi, _ := f.Read(c.VI); f.Kind == "code" && (v != c.Code || vi != "") {
					t.Errorf("%s: %q is read as %q (%s)", f.ID(), c.VI, v, vi)
				}
			}
		}
	}
}
