package paper_test

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// twoSided are the lists that take both sides of a sheet of A5.
func twoSided(t *testing.T) map[string]*table {
	l := map[string]*table{
		paper.FormStrike: newTable(t, ballot(t, "again/strike", 70, paper.FormStrike, "A5", ""), 150),
		paper.FormAgree:  newTable(t, ballot(t, "again/agree", 40, paper.FormAgree, "A5", ""), 150),
	}
	for form, b := range l {
		if b.Sides != 2 {
			t.Fatalf("%s has %d sides", form, b.Sides)
		}
	}
	return l
}

// thin is a grey scan of a sheet whose back shows by so much of its darkness.
func thin(bleed float64) papertest.Scanner {
	return func(r *rand.Rand, l *paper.Layout) papertest.Defects {
		d := papertest.Office(r, l)
		d.Bitonal, d.Bleed, d.BleedX, d.BleedY = false, bleed, 3*r.Float64()-1.5, 3*r.Float64()-1.5
		return d
	}
}

// readBoth reads both pictures of a sheet and binds them.
func readBoth(t interface{ Fatalf(string, ...any) }, b *table, sides ...*image.Gray) (*paper.Reading, []*paper.Side) {
	var read []*paper.Side
	for i, g := range sides {
		s := b.reader.ReadSide(g, 150)
		if s.Refused != nil {
			t.Fatalf("side %d refused: %s", i+1, s.Refused.EN)
		}
		if !s.Keeps() {
			t.Fatalf("side %d keeps nothing to be read again by", i+1)
		}
		read = append(read, s)
	}
	return b.reader.Bind(read...), read
}

// TestShinesThrough: sheets of the fixture, thin paper whose back shows by 22 % of
// its darkness and a millimetre and a half off its place, are read as they are
// marked, and hardly a name is left for people. Seen alone, each side asks a person
// about many of them.
func TestShinesThrough(t *testing.T) {
	i := slices.IndexFunc(papertest.Fixtures(), func(f papertest.Fixture) bool { return f.Name == papertest.ShinesThrough })
	f := papertest.Fixtures()[i]
	for form, b := range twoSided(t) {
		names, sent, alone := 0, 0, 0
		for seed := range uint64(3) {
			s := f.Make(b.maker, papertest.Tune, 700+seed)
			for _, g := range s.Sides {
				for _, m := range b.reader.ReadSide(g, s.DPI).Marks {
					if m.Is == paper.MarkDoubtful {
						alone++
					}
				}
			}
			got, sides := readBoth(t, b, s.Sides...)
			for _, c := range b.Candidates {
				names++
				switch tr := s.Truth[c.ID]; tr.Judge(got.Marks[c.ID]) {
				case papertest.Wrong:
					t.Errorf("%s seed %d %s: %s read as %s", form, s.Seed, c.ID, tr.Kind, got.Marks[c.ID])
				case papertest.Sent:
					sent++
				}
			}
			for _, x := range sides {
				if x.Keeps() {
					t.Errorf("%s: a bound side still keeps its picture", form)
				}
			}
		}
		if sent*50 > names || alone < 4*sent+5 {
			t.Errorf("%s: of %d names %d are sent to a person, %d when each side is seen alone", form, names, sent, alone)
		}
		t.Logf("%s: of %d names %d sent, %d by each side alone", form, names, sent, alone)
	}
}

// only strikes, or crosses, the names of one side alone.
func only(side int, kind string) papertest.Habit {
	return func(r *rand.Rand, l *paper.Layout, i int) string {
		if l.Candidates[i].Page == side {
			return kind
		}
		return "none"
	}
}

// TestShadowsAreNoMarks: on a side on which nobody wrote, whatever was drawn on the
// other one and however strongly it shows, nothing is read as a mark; and as long
// as it shows by less than a quarter next to nobody has to look. A side of which
// all the names are scribbled over, or covered by what shines through, may be known
// as nothing; then nothing of the ballot is read.
func TestShadowsAreNoMarks(t *testing.T) {
	lists := twoSided(t)
	names, sent, sheets, refused := 0, 0, 0, 0
	checked(t, 12, func(rt *rapid.T) {
		form := rapid.SampledFrom([]string{paper.FormStrike, paper.FormAgree}).Draw(rt, "form")
		kinds := []string{"line", "double", "scribble", "wave", "partial", "correction"}
		if form == paper.FormAgree {
			kinds = []string{"agree", "disagree", "both", "fill", "strike-name"}
		}
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		side := rapid.IntRange(1, 2).Draw(rt, "side")
		percent := rapid.IntRange(3, 45).Draw(rt, "percent")
		b := lists[form]
		s := b.maker.Sheet(papertest.Tune, uint64(rapid.IntRange(1, 900).Draw(rt, "seed")), only(side, kind), thin(float64(percent)/100))
		sheets++
		sides := []*paper.Side{b.reader.ReadSide(s.Sides[0], 150), b.reader.ReadSide(s.Sides[1], 150)}
		got := b.reader.Bind(sides...)
		if sides[0].Refused != nil || sides[1].Refused != nil {
			if refused++; got.Status != paper.StatusRefused || len(got.Marks) > 0 {
				rt.Fatalf("a ballot of which a side is refused is read: %+v", got)
			}
			return
		}
		for _, c := range b.Candidates {
			if c.Page == side {
				continue
			}
			is := got.Marks[c.ID]
			if percent < 25 {
				if names++; is == paper.MarkDoubtful {
					sent++
				}
			}
			if is != paper.MarkClear && is != paper.MarkNone && is != paper.MarkDoubtful {
				rt.Fatalf("%s %d%% of %s shines through: %s is read as %s", form, percent, kind, c.ID, is)
			}
		}
	})
	if names == 0 || sent*50 > names {
		t.Errorf("of %d unmarked names %d are sent to a person for shadows", names, sent)
	}
	if refused*3 > sheets {
		t.Errorf("%d of %d sheets are refused", refused, sheets)
	}
	t.Logf("of %d unmarked names %d sent; %d of %d sheets refused", names, sent, refused, sheets)
}

// TestMarkOverShadowIsKept: a line, in ink or in pale pencil, drawn exactly over
// the shadow of a line of the other side (whatever pen that was) is read as a line or sent to a
// person, never taken off with the shadow.
func TestMarkOverShadowIsKept(t *testing.T) {
	b := twoSided(t)[paper.FormStrike]
	names, struck := 0, 0
	checked(t, 12, func(rt *rapid.T) {
		percent := rapid.IntRange(3, 30).Draw(rt, "percent")
		pale := rapid.Float64Range(0.28, 0.9).Draw(rt, "ink")
		r := papertest.Rand(papertest.Tune, uint64(rapid.IntRange(1, 900).Draw(rt, "seed")))
		sheet := papertest.Fill(r, b.Layout, only(1, "line"))
		w := b.Paper.W
		d := thin(float64(percent)/100)(r, b.Layout)
		// The same strokes on the other side, where they lie under the first: what is
		// printed off its place here takes its pen with it.
		for _, k := range slices.Clone(sheet.Strokes) {
			back := k
			back.Page, back.Points = 2, nil
			for _, p := range k.Points {
				back.Points = append(back.Points, papertest.Point{w - p[0] + d.BleedX, p[1] - d.BleedY})
			}
			back.Ink, back.Grain, back.Width = 1, 0, max(k.Width, rapid.Float64Range(0.4, 1.4).Draw(rt, "width"))
			sheet.Strokes = append(sheet.Strokes, back)
		}
		for i := range sheet.Strokes {
			if k := &sheet.Strokes[i]; k.Page == 1 {
				k.Ink, k.Width = pale, max(k.Width, 0.4)
			}
		}
		s := b.maker.Scan(r, sheet, func(*rand.Rand, *paper.Layout) papertest.Defects { return d })
		if b.reader.ReadSide(s.Sides[1], 150).Refused != nil {
			return // thick lines over all names of a side may leave nothing to know it by
		}
		got, _ := readBoth(rt, b, s.Sides...)
		for _, c := range b.Candidates {
			if c.Page != 1 {
				continue
			}
			switch names++; got.Marks[c.ID] {
			case paper.MarkStruck:
				struck++
			case paper.MarkDoubtful:
			default:
				rt.Fatalf("%d%%, ink %.2f: the line through %s is read as %s", percent, pale, c.ID, got.Marks[c.ID])
			}
		}
	})
	if struck == 0 {
		t.Errorf("of %d lines over shadows none is read", names)
	}
	t.Logf("of %d lines over shadows %d are read, the others sent to a person", names, struck)
}

// TestSidesOfTwoVoters: what the other picture shows is no excuse for ink unless it
// shines through: with the other side of another voter's sheet no name is read
// wrong. And such pairs do not come about: a picture without its other side is
// refused, and keeps nothing.
func TestSidesOfTwoVoters(t *testing.T) {
	for form, b := range twoSided(t) {
		one := b.maker.Sheet(papertest.Tune, 801, papertest.Ordinary, thin(0.2))
		two := b.maker.Sheet(papertest.Tune, 802, papertest.Ordinary, thin(0.2))
		got, _ := readBoth(t, b, one.Sides[0], two.Sides[1])
		for _, c := range b.Candidates {
			truth := one.Truth[c.ID]
			if c.Page == 2 {
				truth = two.Truth[c.ID]
			}
			if truth.Judge(got.Marks[c.ID]) == papertest.Wrong {
				t.Errorf("%s %s: %s read as %s", form, c.ID, truth.Kind, got.Marks[c.ID])
			}
		}
		shots := scanned(b.reader, "odd.pdf", one, &papertest.Sheet{Sides: two.Sides[:1], DPI: two.DPI})
		var sides []*paper.Side
		for _, s := range shots {
			sides = append(sides, s.Side)
		}
		for _, r := range bindAll(b.reader, shots) {
			if r.Status != paper.StatusRefused {
				t.Errorf("%s: a file of three sides is read: %+v", form, r)
			}
		}
		for i, s := range sides {
			if s.Keeps() {
				t.Errorf("%s: side %d still keeps its picture", form, i+1)
			}
		}
	}
}

// TestKeptIsBounded: a side of a two-sided sheet keeps its picture at six points a
// millimetre and the surroundings of the names marked on it until it is bound; a
// side of a ballot of one side keeps nothing.
func TestKeptIsBounded(t *testing.T) {
	for form, b := range twoSided(t) {
		kind := map[string]string{paper.FormStrike: "line", paper.FormAgree: "agree"}[form]
		s := b.maker.Sheet(papertest.Tune, 803, papertest.Only(kind), thin(0.2))
		most := int(3.2 * 36 * b.Paper.W * b.Paper.H)
		if n := b.reader.ReadSide(s.Sides[0], s.DPI).KeptBytes(); n == 0 || n > most {
			t.Errorf("%s keeps %d bytes, at most %d", form, n, most)
		}
	}
	l := newTable(t, ballot(t, "again/one", 20, paper.FormStrike, "A5", ""), 150)
	if s := l.reader.ReadSide(l.maker.Sheet(papertest.Tune, 1, papertest.Ordinary, thin(0.2)).Sides[0], 150); s.Refused != nil || s.Keeps() {
		t.Errorf("a ballot of one side: refused %v, keeps %v", s.Refused, s.Keeps())
	}
}

// TestFastIsPlainOnBothSides: the reader says of thin sheets what the plain one
// says; see TestFastIsPlain.
func TestFastIsPlainOnBothSides(t *testing.T) {
	names, apart := 0, 0
	for form, b := range twoSided(t) {
		plain, err := paper.NewPlainReader(b.Layout)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(2) {
			s := b.maker.Sheet(papertest.Tune, 810+seed, papertest.Ordinary, thin(0.18))
			fast, _ := readBoth(t, b, s.Sides...)
			slow, _ := readBoth(t, &table{b.Layout, plain, b.maker}, s.Sides...)
			for id, is := range fast.Marks {
				names++
				switch o := slow.Marks[id]; {
				case is == o:
				case is == paper.MarkDoubtful || o == paper.MarkDoubtful:
					apart++
				default:
					t.Errorf("%s %s: fast says %s, plain %s", form, id, is, o)
				}
			}
		}
	}
	if apart*100 > names {
		t.Errorf("of %d names %d are sent to a person by one reader alone", names, apart)
	}
}
