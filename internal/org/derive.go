package org

import (
	"cmp"
	"slices"

	"minhbach/internal/vn"
)

// version is a unit's row without the times of knowing.
type version struct {
	from, to vn.Date
	name     string
	kind     Kind
	parent   string
}

// derive lays the standing statements about one unit end to end: on each day
// the latest statement that has taken effect holds (of two on one day, the one
// entered later). Before founding and from dissolution on there is nothing.
func derive(said []Statement) []version {
	live := make([]Statement, 0, len(said))
	var start, end vn.Date
	for _, s := range said {
		if s.Withdrawn {
			continue
		}
		switch s.What {
		case Founded:
			if start.IsZero() || s.From.Before(start) {
				start = s.From
			}
		case Dissolved:
			if end.IsZero() || s.From.Before(end) {
				end = s.From
			}
		}
		live = append(live, s)
	}
	if start.IsZero() {
		return nil
	}
	slices.SortFunc(live, func(a, b Statement) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return cmp.Compare(a.Fact, b.Fact)
	})
	var out []version
	var v version
	for _, s := range live {
		if s.From.Before(start) || !end.IsZero() && !s.From.Before(end) {
			continue
		}
		next := v
		switch s.What {
		case Founded:
			next.name, next.kind, next.parent = s.Name, s.Kind, s.Parent
		case Renamed:
			next.name = s.Name
		case Moved:
			next.parent = s.Parent
		case Reclassified:
			next.kind = s.Kind
		}
		next.from = s.From
		if n := len(out); n > 0 && out[n-1].from == s.From {
			out[n-1] = next
		} else {
			out = append(out, next)
		}
		v = next
	}
	// A statement that changes nothing leaves no seam.
	merged := out[:0]
	for _, x := range out {
		if n := len(merged); n > 0 && merged[n-1].name == x.name && merged[n-1].kind == x.kind && merged[n-1].parent == x.parent {
			continue
		}
		merged = append(merged, x)
	}
	for i := range merged {
		if i+1 < len(merged) {
			merged[i].to = merged[i+1].from
		} else {
			merged[i].to = end
		}
	}
	// Dissolved on or before the day of founding: it never was.
	return slices.DeleteFunc(merged, func(x version) bool { return !x.to.IsZero() && !x.from.Before(x.to) })
}
