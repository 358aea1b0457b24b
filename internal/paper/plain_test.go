package paper_test

import (
	"flag"
	"hash/fnv"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// TestFastIsPlain: on random sheets of random scanners and hands the reader says
// what the same reader says that goes over points plainly: the same sheet found
// or refused, no name decided otherwise, and next to none sent to a person by
// one of them alone (values rounded otherwise may fall on either side of a
// bound).
func TestFastIsPlain(t *testing.T) {
	names, apart := 0, 0
	checked(t, 25, func(rt *rapid.T) { // the plain reader takes a quarter of a second a sheet
		form := rapid.SampledFrom([]string{paper.FormStrike, paper.FormAgree}).Draw(rt, "form")
		more := rapid.SampledFrom([]string{"", `,"marks":true`}).Draw(rt, "marks")
		l := ballot(t, "plain/"+form, rapid.IntRange(2, 24).Draw(rt, "names"), form, "A5", more)
		scanner := rapid.SampledFrom([]papertest.Scanner{papertest.Perfect, papertest.Office, papertest.Feeder, papertest.Phone}).Draw(rt, "scanner")
		habit := rapid.SampledFrom([]papertest.Habit{papertest.Ordinary, papertest.Every}).Draw(rt, "habit")
		dpi := float64(rapid.IntRange(130, 220).Draw(rt, "dpi"))
		s := papertest.NewMaker(l, dpi).Sheet(papertest.Tune, uint64(rapid.IntRange(1, 900).Draw(rt, "seed")), habit, scanner)
		fast, err := paper.NewReader(l)
		if err != nil {
			rt.Fatal(err)
		}
		plain, err := paper.NewPlainReader(l)
		if err != nil {
			rt.Fatal(err)
		}
		for i, img := range s.Sides {
			a, b := fast.ReadSide(img, dpi), plain.ReadSide(img, dpi)
			if (a.Refused == nil) != (b.Refused == nil) || a.Number != b.Number {
				rt.Fatalf("side %d: fast %v %d, plain %v %d", i+1, a.Refused, a.Number, b.Refused, b.Number)
			}
			for k, m := range a.Marks {
				names++
				switch o := b.Marks[k]; {
				case m.Is == o.Is:
				case m.Is == paper.MarkDoubtful || o.Is == paper.MarkDoubtful:
					apart++
				default:
					rt.Fatalf("%s: fast says %s, plain %s", l.Candidates[k].Name, m.Is, o.Is)
				}
			}
		}
	})
	if apart*100 > names {
		t.Errorf("of %d names %d are sent to a person by one reader alone", names, apart)
	}
	t.Logf("%d names, %d sent to a person by one reader alone", names, apart)
}

// checked checks a property of pictures n times on draws that are the same in every
// run, so that what a change did shows and chance does not; with -rapid.checks, as
// in the soak, as often as asked for and on new draws.
func checked(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	h := fnv.New32a()
	h.Write([]byte(t.Name()))
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		for name, value := range map[string]int{"rapid.checks": n, "rapid.seed": int(h.Sum32())} {
			f := flag.Lookup(name)
			old := f.Value.String()
			if name == "rapid.seed" && old != f.DefValue {
				continue // one draw is to be seen again
			}
			if err := flag.Set(name, strconv.Itoa(value)); err != nil {
				t.Fatal(err)
			}
			defer flag.Set(name, old)
		}
	}
	rapid.Check(t, property)
}
