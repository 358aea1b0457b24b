package procedure

import (
	"slices"

	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Holding is one post as the pairs of relatives see it: who holds it (or is to
// hold it), of which classes it is, and where.
type Holding struct {
	Person  string
	Classes []string // of rule.PostClasses
	Org     string   // the body or unit
	// Committee is the committee the body serves or is, Locality and Level the
	// place in the system: pairs compare them as their Within says.
	Committee string
	Locality  string
	Level     string
	From, To  vn.Date // To zero: open
}

// Clash is a pair of relatives who would hold posts together that the
// regulation of the day keeps apart.
type Clash struct {
	Edition   *rule.Edition
	Pair      *rule.Incompatible
	Tie       string // the other is the person's …
	Mine      Holding
	Other     Holding
	From, To  vn.Date // the days on which both would be held
	Unsettled bool    // the tie counts only under some readings
}

// Clashes finds what a post to be held would bring about: for each relative's
// post that overlaps it in time, each pair in force on the first common day.
// Ties go from the person to the relative. lib is the library of the day.
func Clashes(lib *rule.Library, mine Holding, ties []person.Tie, others []Holding) []Clash {
	var out []Clash
	for _, t := range ties {
		for _, o := range others {
			if o.Person != t.Other {
				continue
			}
			from, to, ok := vn.Overlap(mine.From, mine.To, o.From, o.To)
			if !ok {
				continue
			}
			counts, unsure := counted(lib, from, t.Tie)
			if !counts && !unsure {
				continue
			}
			for _, x := range lib.Incompatibles(from) {
				if pairs(x.It, mine, o) {
					out = append(out, Clash{x.Edition, x.It, t.Tie, mine, o, from, to, unsure})
				}
			}
		}
	}
	return out
}

// counted says whether a tie is one of relatives on a day; unsure when the
// readings of an unattested list differ on it.
func counted(lib *rule.Library, on vn.Date, tie string) (counts, unsure bool) {
	k := lib.Kinship(on)
	if k == nil {
		return false, false
	}
	counts = slices.Contains(k.It.Ties, tie)
	if a, ok := lib.Attested(k.Edition, k.It.ID); ok {
		for _, r := range k.It.Readings {
			if r.ID == a.Choice {
				counts = slices.Contains(r.List, tie)
			}
		}
		return counts, false
	}
	for _, r := range k.It.Readings {
		if slices.Contains(r.List, tie) != counts {
			return counts, true
		}
	}
	return counts, false
}

func pairs(x *rule.Incompatible, a, b Holding) bool {
	in := func(h Holding, classes []string) bool {
		return slices.ContainsFunc(h.Classes, func(c string) bool { return slices.Contains(classes, c) })
	}
	if !(in(a, x.A) && in(b, x.B)) && !(in(a, x.B) && in(b, x.A)) {
		return false
	}
	switch x.Within {
	case "body":
		return a.Org == b.Org
	case "committee":
		return a.Committee != "" && a.Committee == b.Committee
	default: // locality: same level in one locality
		return a.Locality != "" && a.Locality == b.Locality && a.Level == b.Level
	}
}
