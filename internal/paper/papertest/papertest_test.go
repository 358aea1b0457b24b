package papertest_test

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func layout(t testing.TB, n int, form, sheet string) *paper.Layout {
	t.Helper()
	families := []string{"Nguyễn Thị", "Trần Văn", "Lê", "Phạm Ngọc", "Hoàng Đức", "Vũ Quỳnh", "Đặng"}
	givens := []string{"Ánh", "Bình", "Chương", "Dũng", "Giang", "Hằng", "Khánh", "Lượng", "Mỹ", "Nghĩa", "Phượng", "Thảo", "Ước"}
	seats := int64(max(1, n-n/6-1))
	rec := &vote.Record{ID: "mau/bo-mau", Rules: "party-election/committee", Date: vn.MustDate("2025-09-15"), Seats: &seats}
	for i := range n {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: families[i%7] + " " + givens[(i+i/91)%13]})
	}
	l, err := paper.Design(rec, paper.Options{Form: form, Paper: sheet, Title: "Bầu Ban Chấp hành", Organisation: "Đại hội lần thứ XVIII"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestSameSeedSameSheet: the measure can be repeated, and its two sets share
// nothing.
func TestSameSeedSameSheet(t *testing.T) {
	m := papertest.NewMaker(layout(t, 14, "strike", "A5"), 100)
	for _, scanner := range []papertest.Scanner{papertest.Office, papertest.Feeder, papertest.Phone} {
		a := m.Sheet(papertest.Measure, 5, papertest.Mixed, scanner)
		b := m.Sheet(papertest.Measure, 5, papertest.Mixed, scanner)
		if !bytes.Equal(a.Sides[0].Pix, b.Sides[0].Pix) || fmt.Sprint(a.Truth) != fmt.Sprint(b.Truth) {
			t.Error("the same seed gave two sheets")
		}
		for n := range uint64(12) {
			if c := m.Sheet(papertest.Tune, n, papertest.Mixed, scanner); bytes.Equal(a.Sides[0].Pix, c.Sides[0].Pix) {
				t.Errorf("sheet %d of the set to tune on is sheet 5 of the set to measure on", n)
			}
		}
	}
	first := map[uint64]string{}
	for _, set := range []papertest.Set{papertest.Tune, papertest.Measure} {
		for n := range uint64(5000) {
			v, at := papertest.Rand(set, n).Uint64(), fmt.Sprint(set, n)
			if o := first[v]; o != "" {
				t.Errorf("sources %s and %s are one", o, at)
			}
			first[v] = at
		}
	}
}

// inkColumns is which part of the width of a box has new ink in the middle
// band of the letters, and how many new dark pixels the whole box has.
func inkColumns(blank, filled *image.Gray, b paper.Box, k float64) (part float64, dark int) {
	x0, x1 := int(b.X()*k), int(b.Right()*k)
	mid, half := (b.Y()+b.H()/2)*k, 0.42*b.H()*k
	cols := 0
	for x := x0; x < x1; x++ {
		hit := false
		for y := int(b.Y() * k); y < int(b.Bottom()*k); y++ {
			if int(blank.Pix[y*blank.Stride+x])-int(filled.Pix[y*filled.Stride+x]) > 40 {
				dark++
				hit = hit || math.Abs(float64(y)-mid) < half
			}
		}
		if hit {
			cols++
		}
	}
	return float64(cols) / float64(x1-x0), dark
}

// TestTruthOfStrikes: what the renderer calls struck has ink through the whole
// name, what it calls clear has next to none, and half a line is half a line.
// The check looks at the picture alone.
func TestTruthOfStrikes(t *testing.T) {
	l := layout(t, 14, "strike", "A5")
	const dpi = 200
	m := papertest.NewMaker(l, dpi)
	seen := map[string]int{}
	for n := range uint64(40) {
		r := papertest.Rand(papertest.Tune, n)
		b := papertest.Fill(r, l, papertest.Every)
		page := m.Ink(b, 1)
		for _, c := range l.Candidates {
			truth := b.Truth[c.ID]
			seen[truth.Kind]++
			part, dark := inkColumns(m.Printed(1), page, c.NameBox, dpi/25.4)
			bad := false
			switch truth.Kind {
			case "none":
				// Neighbours' tall marks may touch the box of a name.
				bad = truth.Mark != paper.MarkClear || part > 0.5
			case "line", "double", "scribble", "wave":
				bad = truth.Mark != paper.MarkStruck || part < 0.72
			case "partial":
				bad = truth.Mark != paper.MarkDoubtful || part < 0.03 || part > 0.75
			case "dot":
				bad = truth.Mark != paper.MarkClear || dark > 250
			}
			if bad {
				t.Errorf("sheet %d, %s: %q says %s, ink in %.0f%% of the columns, %d dark", n, c.Name, truth.Kind, truth.Mark, 100*part, dark)
			}
		}
	}
	for _, k := range papertest.StrikeKinds {
		if seen[k] == 0 {
			t.Errorf("no hand drew %q", k)
		}
	}
}

// TestTruthOfCrosses: a cross is in the box that the truth names.
func TestTruthOfCrosses(t *testing.T) {
	l := layout(t, 9, "agree", "A4")
	const dpi = 150
	m := papertest.NewMaker(l, dpi)
	for n := range uint64(40) {
		b := papertest.Fill(papertest.Rand(papertest.Tune, n), l, papertest.Ordinary)
		page := m.Ink(b, 1)
		for _, c := range l.Candidates {
			_, yes := inkColumns(m.Printed(1), page, *c.AgreeBox, dpi/25.4)
			_, no := inkColumns(m.Printed(1), page, *c.DisagreeBox, dpi/25.4)
			want := map[string][2]bool{paper.MarkAgree: {true, false}, paper.MarkDisagree: {false, true}, paper.MarkBoth: {true, true}, paper.MarkNone: {false, false}}[b.Truth[c.ID].Mark]
			if (yes > 20) != want[0] || (no > 20) != want[1] || !want[0] && yes > 0 || !want[1] && no > 0 {
				t.Errorf("sheet %d, %s: truth %s, ink %d and %d", n, c.Name, b.Truth[c.ID].Mark, yes, no)
			}
		}
	}
}

// TestScannerMovesTheSheet: a turned, tilted or shifted sheet shows its corner
// squares where geometry says.
func TestScannerMovesTheSheet(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 400, 600))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	for y := 100; y < 120; y++ {
		for x := 300; x < 320; x++ {
			page.Pix[y*page.Stride+x] = 0
		}
	}
	const dpi = 25.4 // a pixel a millimetre
	for _, c := range []struct {
		name string
		d    papertest.Defects
		x, y float64
	}{
		{"still", papertest.Defects{Bed: 255}, 310, 110},
		{"upside down", papertest.Defects{Bed: 255, UpsideDown: true}, 90, 490},
		{"shifted", papertest.Defects{Bed: 255, ShiftX: 5, ShiftY: -7}, 315, 103},
		{"margin", papertest.Defects{Bed: 255, Margin: 10}, 320, 120},
		{"turned", papertest.Defects{Bed: 255, Rotate: 5}, 200 + 110*math.Cos(5*math.Pi/180) + 190*math.Sin(5*math.Pi/180), 300 + 110*math.Sin(5*math.Pi/180) - 190*math.Cos(5*math.Pi/180)},
		{"wider", papertest.Defects{Bed: 255, StretchX: 0.02}, 200 + 110*1.02, 110},
		{"leaning", papertest.Defects{Bed: 255, Shear: 0.01}, 310 - 1.9, 110},
	} {
		g := c.d.Apply(papertest.Rand(papertest.Tune, 1), page, nil, dpi)
		var sx, sy, n float64
		for y := range g.Rect.Dy() {
			for x := range g.Rect.Dx() {
				v := float64(255 - g.Pix[y*g.Stride+x])
				sx, sy, n = sx+v*(float64(x)+0.5), sy+v*(float64(y)+0.5), n+v
			}
		}
		if math.Abs(sx/n-c.x) > 0.3 || math.Abs(sy/n-c.y) > 0.3 {
			t.Errorf("%s: the square lies at %.2f, %.2f, not %.2f, %.2f", c.name, sx/n, sy/n, c.x, c.y)
		}
	}
}

// TestFixtures: every named defect changes the sheet, and names stand once.
func TestFixtures(t *testing.T) {
	names := map[string]bool{}
	for _, form := range []string{"strike", "agree"} {
		m := papertest.NewMaker(layout(t, 60, form, "A5"), 100)
		clean := papertest.Fixtures()[0].Make(m, papertest.Tune, 3)
		for _, f := range papertest.Fixtures() {
			if form == "strike" && names[f.Name] || f.Says == "" || f.Expect == "" {
				t.Errorf("fixture %q stands twice or says nothing", f.Name)
			}
			names[f.Name] = true
			s := f.Make(m, papertest.Tune, 3)
			if len(s.Truth) != 60 || len(s.Sides) != m.Layout.Sides {
				t.Errorf("%s: %d names, %d sides", f.Name, len(s.Truth), len(s.Sides))
			}
			if f.Name != "clean" && bytes.Equal(s.Sides[0].Pix, clean.Sides[0].Pix) {
				t.Errorf("%s looks like a clean scan", f.Name)
			}
		}
	}
}

// BenchmarkSheet is how fast filled and scanned sheets come.
func BenchmarkSheet(b *testing.B) {
	for _, dpi := range []float64{100, 150, 200} {
		b.Run(fmt.Sprint(dpi), func(b *testing.B) {
			m := papertest.NewMaker(layout(b, 30, "strike", "A5"), dpi)
			for i := range b.N {
				m.Sheet(papertest.Tune, uint64(i), papertest.Ordinary, papertest.Office)
			}
		})
	}
}
