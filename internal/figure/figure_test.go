package figure

import "testing"

// TestCheck: a paper with every number from its source passes; each way of
// saying a number nobody vouches for is found.
func TestCheck(t *testing.T) {
	good := func() Paper {
		return Paper{
			Figures: []Figure{{Value: 26, Entry: 7, Field: "record.votes.person/a"}, {Value: 39, Entry: 7, Field: "record.base.summoned"}, {Share: []int{1, 2}, Text: "66.67"}, {Value: 65, Sum: []int{1, 2}}},
			Texts:   []Text{{Says: "Được {1} phiếu trên {2}, bằng {3}, ngày 12/6/2024."}, {Says: "{4}", Number: true}},
		}
	}
	source := func(f Figure) (bool, error) {
		return f.Entry == 7 && map[string]int64{"record.votes.person/a": 26, "record.base.summoned": 39}[f.Field] == f.Value, nil
	}
	if bad, err := good().Check(source); bad != nil || err != nil {
		t.Fatalf("the honest paper: %+v, %v", bad, err)
	}
	if got := Say(good().Figures, good().Texts[0].Says); got != "Được 26 phiếu trên 39, bằng 66,67%, ngày 12/6/2024." {
		t.Errorf("it says %q", got)
	}
	for name, c := range map[string]struct {
		change func(p *Paper)
		place  int
	}{
		"a vote more":           {func(p *Paper) { p.Figures[0].Value++ }, 1},
		"another entry":         {func(p *Paper) { p.Figures[1].Entry = 8 }, 2},
		"a better share":        {func(p *Paper) { p.Figures[2].Text = "76.67" }, 3},
		"a share of a later":    {func(p *Paper) { p.Figures[2].Share = []int{1, 4} }, 3},
		"a share of three":      {func(p *Paper) { p.Figures[2].Share = []int{1, 2, 2} }, 3},
		"a sum that is not":     {func(p *Paper) { p.Figures[3].Value = 66 }, 4},
		"a sum that cites":      {func(p *Paper) { p.Figures[3].Field = "x" }, 4},
		"a figure used nowhere": {func(p *Paper) { p.Texts[1].Says = "" }, 4},
		"no place":              {func(p *Paper) { p.Texts[0].Says += " {9}" }, 0},
		"a number in words":     {func(p *Paper) { p.Texts[0].Says += " và 12 phiếu" }, 0},
		"a bare cell":           {func(p *Paper) { p.Texts = append(p.Texts, Text{Says: "7", Number: true}) }, 0},
	} {
		p := good()
		c.change(&p)
		if bad, err := p.Check(source); err != nil || bad == nil || bad.Place != c.place {
			t.Errorf("%s: %+v, %v; want place %d", name, bad, err, c.place)
		}
	}
}
