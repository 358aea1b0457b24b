package vote

import (
	"slices"

	"minhbach/internal/vn"
)

// Public is the record without names and births, as it enters the ledger: Age
// keeps, of the births, only who is older than whom.
func (r *Record) Public() *Record {
	p := *r
	p.Candidates = slices.Clone(r.Candidates)
	spans := ageSpans(r.Candidates)
	for i := range p.Candidates {
		p.Candidates[i].Name, p.Candidates[i].Born = "", ""
		p.Candidates[i].Age = spans[i]
	}
	return &p
}

// ageSpans ranks the births: each candidate gets the ranks of the first and
// last day the birth may mean among all such days of the contest. One is
// surely older than another when his last rank is below the other's first.
func ageSpans(cs []Candidate) []*[2]int {
	out := make([]*[2]int, len(cs))
	type span struct{ from, to vn.Date }
	spans := make([]span, len(cs))
	var days []vn.Date
	// Ranks that came with a public record cannot be held against births: they
	// are ranks among the births of that record.
	public := !slices.ContainsFunc(cs, func(c Candidate) bool { return c.Born != "" })
	for i, c := range cs {
		if c.Born == "" {
			if public {
				out[i] = c.Age
			}
			continue
		}
		from, to, err := bornInterval(c.Born)
		if err != nil {
			continue
		}
		spans[i] = span{from, to}
		days = append(days, from, to)
	}
	slices.SortFunc(days, vn.Date.Compare)
	days = slices.Compact(days)
	for i := range cs {
		if spans[i].from.IsZero() {
			continue
		}
		a, _ := slices.BinarySearchFunc(days, spans[i].from, vn.Date.Compare)
		b, _ := slices.BinarySearchFunc(days, spans[i].to, vn.Date.Compare)
		out[i] = &[2]int{a, b}
	}
	return out
}

// oldest picks the n surely oldest of the tied. ok is false when births are
// missing, equal or too coarse to tell the n from the rest.
func oldest(rec *Record, tied []string, n int) (picked []string, ok bool) {
	spans := ageSpans(rec.Candidates)
	span := make(map[string][2]int, len(tied))
	for i, c := range rec.Candidates {
		if slices.Contains(tied, c.ID) {
			if spans[i] == nil {
				return nil, false
			}
			span[c.ID] = *spans[i]
		}
	}
	order := slices.Clone(tied)
	slices.SortStableFunc(order, func(a, b string) int { return span[a][1] - span[b][1] })
	for _, in := range order[:n] {
		for _, out := range order[n:] {
			if span[in][1] >= span[out][0] {
				return nil, false
			}
		}
	}
	return order[:n], true
}
