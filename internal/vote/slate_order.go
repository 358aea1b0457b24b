package vote

import (
	"slices"
	"strings"

	"minhbach/internal/vn"
)

// Placed is one name of a list in its place on the ballot, from 1. Apart is
// what tells equal names apart on paper, "" where the name is alone: the birth
// where it is known and different, else the ordinal among the equal names.
type Placed struct {
	ID    string
	Name  string
	Born  string
	Order int
	Apart string
}

// PlaceNames puts a list in the order of given names (A-B-C), as the template
// of the minutes has it, and gives each name its explicit order number. Fully
// equal names go by earlier birth, then by the order they were listed in; no
// source gives another rule (open question Q12), so who keeps the list may
// always set the numbers by hand.
func PlaceNames(names []Placed) []Placed {
	out := slices.Clone(names)
	slices.SortStableFunc(out, func(a, b Placed) int {
		ab, _ := vn.ParsePartial(a.Born)
		bb, _ := vn.ParsePartial(b.Born)
		return vn.CompareListed(a.Name, ab, b.Name, bb)
	})
	for i := range out {
		out[i].Order = i + 1
	}
	return tellApart(out)
}

// PlaceByHand keeps the order numbers of who keeps the list: each from 1 up,
// none twice and none left out, or the ids whose numbers are wrong.
func PlaceByHand(names []Placed) (out []Placed, wrong []string) {
	out = slices.Clone(names)
	slices.SortStableFunc(out, func(a, b Placed) int { return a.Order - b.Order })
	for i := range out {
		if out[i].Order != i+1 {
			wrong = append(wrong, out[i].ID)
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return tellApart(out), nil
}

func tellApart(list []Placed) []Placed {
	by := map[string][]int{}
	for i, p := range list {
		list[i].Apart = ""
		by[vn.NameKey(p.Name)] = append(by[vn.NameKey(p.Name)], i)
	}
	for _, same := range by {
		if len(same) < 2 {
			continue
		}
		births := map[string]bool{}
		for _, i := range same {
			births[list[i].Born] = true
		}
		distinct := len(births) == len(same) && !births[""]
		for n, i := range same {
			if distinct {
				b, _ := vn.ParsePartial(list[i].Born)
				list[i].Apart = b.Vietnamese()
			} else {
				list[i].Apart = "(" + roman(n+1) + ")"
			}
		}
	}
	return list
}

// roman writes a small ordinal as lists tell equal names apart.
func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		v int
		s string
	}{{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= d.v; n -= d.v {
			b.WriteString(d.s)
		}
	}
	return b.String()
}
