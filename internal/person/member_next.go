package person

import "minhbach/internal/vn"

// Fitting lists the steps that fit after what stands about a person on a day,
// in the order of forms: what the page offers. Whether the rules of the day
// allow a step is asked when it is taken.
func Fitting(said []StepFact, on vn.Date) []Step {
	var place, sentTo string
	outside := false
	for _, p := range placesOn(said, on) {
		if p.Rel == "official" {
			place = p.Org
		}
	}
	for _, f := range said {
		if !f.Withdrawn && f.Step == Sent {
			sentTo, outside = f.Other, f.Other == ""
		}
	}
	next := int64(1) << 62
	var out []Step
	for _, s := range Steps() {
		f := StepFact{Fact: next, Step: s, Org: place, From: on}
		switch s {
		case Arrived:
			if f.Org = sentTo; outside {
				continue
			}
		case Temporary, Residence:
			f.Org = "elsewhere"
		}
		if _, problem := life(append(said[:len(said):len(said)], f)); problem == nil && (TakeStep{Step: s, From: on}).notSkipped(said) == nil {
			out = append(out, s)
		}
	}
	return out
}

func placesOn(said []StepFact, on vn.Date) (out []Place) {
	all, _ := life(said)
	for _, p := range all {
		if !on.Before(p.From) && (p.To.IsZero() || on.Before(p.To)) {
			out = append(out, p)
		}
	}
	return out
}
