package paper_test

import (
	"image"
	"strings"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// TestRefusedAsSuch: a picture that is no ballot of this list is refused whole,
// by its own reason, in plain Vietnamese; with marks the code says which ballot
// it is, without them print alone must.
func TestRefusedAsSuch(t *testing.T) {
	for _, more := range []string{"", `,"marks":true`} {
		mine := ballot(t, "refuse/mine", 14, "strike", "A4", more)
		other := ballot(t, "refuse/other-contest", 14, "strike", "A4", more)
		long := ballot(t, "refuse/mine-long", 17, "strike", "A4", more)
		agree := ballot(t, "refuse/agree", 9, "agree", "A4", more)
		// The same contest and length, three names put right.
		edition := ballot(t, "refuse/mine", 14, "strike", "A4", more+`,"titles":{"c2":"Ông","c5":"Bà","c9":"Ông"}`)
		r, err := paper.NewReader(mine)
		if err != nil {
			t.Fatal(err)
		}
		text := image.NewGray(image.Rect(0, 0, 1240, 1754))
		for i := range text.Pix {
			text.Pix[i] = 255
			if y, x := i/1240, i%1240; y%40 < 12 && y > 150 && y < 1600 && x > 150 && x < 1100 && (x*7+y/40*31)%23 < 9 {
				text.Pix[i] = 20
			}
		}
		sheet := func(l *paper.Layout, n uint64) *image.Gray {
			return papertest.NewMaker(l, 150).Sheet(papertest.Tune, n, papertest.Ordinary, papertest.Office).Sides[0]
		}
		for _, c := range []struct {
			name string
			img  *image.Gray
			code []string
		}{
			{"lines of something", text, []string{"not-a-ballot"}},
			{"another contest", sheet(other, 2), []string{"other-contest"}},
			{"another contest, longer", sheet(long, 3), []string{"other-contest", "not-a-ballot"}},
			{"another contest, another form", sheet(agree, 4), []string{"other-contest", "not-a-ballot"}},
			{"another edition", sheet(edition, 5), []string{"other-edition", "other-contest"}},
			{"a coarse picture", image.NewGray(image.Rect(0, 0, 300, 420)), []string{"too-coarse"}},
		} {
			s := r.ReadSide(c.img, 150)
			switch {
			case s.Refused == nil:
				t.Errorf("%q %s: read %v", more, c.name, s.Marks)
			case !strings.Contains(" "+strings.Join(c.code, " ")+" ", " "+s.Refused.Code+" "):
				t.Errorf("%q %s: refused as %s", more, c.name, s.Refused.Code)
			case !strings.HasSuffix(s.Refused.VI, "."):
				t.Errorf("%s: %q", c.name, s.Refused.VI)
			}
			if more != "" && c.name == "another contest" && s.Refused != nil && !strings.Contains(s.Refused.VI, "refuse/other-contest") {
				t.Errorf("the code's contest is not said: %s", s.Refused.VI)
			}
			if more != "" && c.name == "another edition" && s.Refused != nil && s.Refused.Code != "other-edition" {
				t.Errorf("the code says another edition: %s", s.Refused.Code)
			}
		}
		if s := r.ReadSide(sheet(mine, 1), 150); s.Refused != nil {
			t.Errorf("%q: its own ballot is refused: %s", more, s.Refused.EN)
		}
	}
}

// TestCodesSortAPile: with marks, the sides of contests that look alike are told
// apart in a mixed pile, upside down too.
func TestCodesSortAPile(t *testing.T) {
	a := ballot(t, "sort/a", 20, "strike", "A5", `,"marks":true,"sides":2`)
	b := ballot(t, "sort/b", 20, "strike", "A5", `,"marks":true,"sides":2`)
	r, err := paper.NewReader(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(6) {
		for i, l := range []*paper.Layout{a, b} {
			s := papertest.NewMaker(l, 150).Sheet(papertest.Tune, n, papertest.Ordinary, papertest.Office)
			for side, img := range s.Sides {
				got := r.ReadSide(img, 150)
				if got.Refused != nil || got.Layout != i || got.Number != side+1 {
					t.Errorf("sheet %d of %s, side %d: %+v, layout %d side %d", n, l.Contest, side+1, got.Refused, got.Layout, got.Number)
				}
			}
		}
	}
}
