package person

import (
	"cmp"
	"context"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Clock is a matter of one member that runs out on a day.
type Clock struct {
	Person string
	Org    string
	What   string // ceremony, probation, recognise, transfer
	Began  vn.Date
	Due    vn.Date // zero when the calendar does not reach so far
	Rule   string
	Entry  int64
	Late   bool
}

// Clocks are what runs on a day for the members of some organisations (nil:
// all): ceremonies after a decision, probations that end, recognitions to be
// considered, transfers not confirmed.
func Clocks(ctx context.Context, tx *store.Tx, lib *rule.Library, on vn.Date, in func(org string) bool) ([]Clock, error) {
	if lib == nil {
		return nil, nil
	}
	// Whoever is on probation, or was admitted or sent in the last two years.
	rows, err := stepFacts(ctx, tx, stepSelect+`WHERE person IN (
			SELECT person FROM person_member WHERE rel = 'official' AND entry_to = -1 AND standing = 'probationary' AND valid_from <= $1 AND (valid_to = '' OR valid_to > $1)
			UNION SELECT person FROM person_step WHERE entry_to = -1 AND withdrawn = 0 AND step IN ('admitted', 'transfer-sent') AND valid_from <= $1 AND valid_from > $2
		) AND entry_to = -1 AND withdrawn = 0 AND step IN ('admitted', 'sworn', 'transcribed', 'recognised', 'transfer-sent', 'transfer-arrived', 'handed-over', 'transfer-slip', 'removed', 'left', 'expelled', 'died') AND valid_from <= $1 ORDER BY person, valid_from, fact`, on.String(), on.AddMonths(-24).String())
	if err != nil {
		return nil, err
	}
	var out []Clock
	for i := 0; i < len(rows); {
		j := i
		for j < len(rows) && rows[j].Person == rows[i].Person {
			j++
		}
		out = append(out, clocksOf(rows[i:j], lib, on)...)
		i = j
	}
	out = slices.DeleteFunc(out, func(c Clock) bool { return in != nil && !in(c.Org) })
	slices.SortStableFunc(out, func(a, b Clock) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Person, b.Person)) })
	return out, nil
}

// ClocksOf is what runs on a day for one member, from every wording of the
// member's steps.
func ClocksOf(all []StepFact, lib *rule.Library, on vn.Date) []Clock {
	var live []StepFact
	for _, f := range all {
		if f.EntryTo == -1 && !f.Withdrawn && f.From.Compare(on) <= 0 {
			live = append(live, f)
		}
	}
	slices.SortStableFunc(live, func(a, b StepFact) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Fact, b.Fact)) })
	return clocksOf(live, lib, on)
}

func clocksOf(steps []StepFact, lib *rule.Library, on vn.Date) []Clock {
	var admitted, sworn, sent *StepFact
	var swornOn vn.Date
	place, official := "", false
	for i := range steps {
		s := &steps[i]
		switch s.Step {
		case Admitted:
			admitted = s
		case Sworn:
			admitted, sworn, swornOn, place = nil, s, s.From, s.Org
		case Transcribed:
			sworn, swornOn, place, official = s, s.Sworn, s.Org, !s.Recognised.IsZero()
		case Recognised:
			official = true
		case Sent:
			sent = s
		case Arrived:
			sent, place = nil, s.Org
		case HandedOver:
			place = s.Org
		case Introduced, Voted, Card, Temporary, TemporaryEnd, Residence, ResidenceEnd, Exempt, ExemptEnd, Suspended, SuspendedEnd, Badge, Staffed, StaffEnd:
		default:
			admitted, sworn, sent, official = nil, nil, nil, false
		}
	}
	var out []Clock
	due := func(from vn.Date, rule, name string) vn.Date {
		n, ok := param(lib, rule, name, on)
		if !ok {
			return vn.Date{}
		}
		d, err := lib.Calendar().AddWorking(from, int(n))
		if err != nil {
			return vn.Date{}
		}
		return d
	}
	add := func(s *StepFact, org, what, rule string, began, end vn.Date) {
		out = append(out, Clock{Person: s.Person, Org: org, What: what, Began: began, Due: end, Rule: rule, Entry: s.Entry, Late: !end.IsZero() && end.Before(on)})
	}
	if admitted != nil {
		add(admitted, admitted.Org, "ceremony", "party-member.ceremony", issued(*admitted), due(issued(*admitted), "party-member.ceremony", "ceremony_days"))
	}
	if sworn != nil && !official {
		if months, ok := param(lib, "party-charter.probation", "probation_months", on); ok {
			over := swornOn.AddMonths(int(months))
			if on.Before(over) {
				add(sworn, place, "probation", "party-charter.probation", swornOn, over)
			} else {
				add(sworn, place, "recognise", "party-member.recognise", over, due(over, "party-member.recognise", "recognise_days"))
			}
		}
	}
	if sent != nil {
		add(sent, sent.Org, "transfer", "party-member.transfer", sent.From, due(sent.From, "party-member.transfer", "transfer_days"))
	}
	return out
}

// BadgeDue is a member who reaches a year of a badge by an occasion.
type BadgeDue struct {
	Person, Org string
	Since       vn.Date // from which Party age counts
	Years       int64
	Reached     vn.Date // the day the years are full
	Occasion    vn.Date // the first occasion on or after it
	Overdue     bool    // an earlier occasion passed without it
}

// Occasions are the next n days on which badges are given, by the rule.
func Occasions(lib *rule.Library, on vn.Date, n int) []vn.Date {
	var out []vn.Date
	b, err := lib.Rule("party-badge.occasion", on, nil)
	if err != nil {
		return nil
	}
	for d := on; len(out) < n && d.Year <= on.Year+2; d = d.AddDays(1) {
		var in rule.Inputs
		if in.SetNamed("day_of_month", int64(d.Day)) != nil || in.SetNamed("month", int64(d.Month)) != nil {
			return nil
		}
		if ans, err := b.Ask(&in); err == nil && ans == rule.Holds {
			out = append(out, d)
		}
	}
	return out
}

// BadgesDue lists who is due a badge at the next occasions: members of some
// organisations (nil: all) on a day, exempt ones too, whose years are full by
// then and who have no badge of that year on record.
func BadgesDue(ctx context.Context, tx *store.Tx, lib *rule.Library, on vn.Date, occasions int, in func(org string) bool) ([]BadgeDue, error) {
	days := Occasions(lib, on, occasions)
	if len(days) == 0 {
		return nil, nil
	}
	last := days[len(days)-1]
	b, err := lib.Rule("party-badge.milestone", on, nil)
	if err != nil {
		return nil, nil
	}
	var milestones []int64
	for y := int64(1); y <= 120; y++ {
		var q rule.Inputs
		if err := q.SetNamed("years", y); err != nil {
			return nil, err
		}
		if ans, err := b.Ask(&q); err == nil && ans == rule.Holds {
			milestones = append(milestones, y)
		}
	}
	if len(milestones) == 0 {
		return nil, nil
	}
	// The last occasion before the day: whoever was due by then is late.
	var passed vn.Date
	for _, o := range Occasions(lib, on.AddMonths(-12), 12) {
		if o.Before(on) {
			passed = o
		}
	}
	given := map[string]int64{}
	bs, err := stepFacts(ctx, tx, stepSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND step = 'badge' ORDER BY person, fact`)
	if err != nil {
		return nil, err
	}
	for _, f := range bs {
		given[f.Person] = max(given[f.Person], f.Years)
	}
	least := last.AddMonths(-12 * int(milestones[0]))
	ps, err := places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.rel = 'official' AND v.since <> '' AND v.since <= $3 ORDER BY v.since, v.person`, on.String(), int64(1)<<62, least.String())
	if err != nil {
		return nil, err
	}
	var out []BadgeDue
	for _, p := range ps {
		if in != nil && !in(p.Org) {
			continue
		}
		var y int64
		for _, m := range milestones {
			if p.Since.AddMonths(int(12*m)).Compare(last) <= 0 {
				y = m
			}
		}
		if y == 0 || given[p.Person] >= y {
			continue
		}
		d := BadgeDue{Person: p.Person, Org: p.Org, Since: p.Since, Years: y, Reached: p.Since.AddMonths(int(12 * y))}
		for _, o := range days {
			if d.Occasion.IsZero() && d.Reached.Compare(o) <= 0 {
				d.Occasion = o
			}
		}
		d.Overdue = !passed.IsZero() && d.Reached.Compare(passed) <= 0
		out = append(out, d)
	}
	slices.SortStableFunc(out, func(a, b BadgeDue) int {
		return cmp.Or(a.Occasion.Compare(b.Occasion), cmp.Compare(b.Years, a.Years), cmp.Compare(a.Person, b.Person))
	})
	return out, nil
}
