package procedure

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// calendar reckons working days; its table is dated data of vn.
var calendar = vn.BuiltinCalendar()

// farthest bounds the search for the last working day of a deadline; a rule
// that still holds there sets no limit.
const farthest = 500

// lastDayOf is the last day on which a deadline rule, asked with the working
// days gone by since from, still holds; zero when there is no rule, it sets no
// limit, or the table of holidays does not reach so far (then nobody guesses).
func lastDayOf(lib *rule.Library, id string, from vn.Date, choices map[string]string) (vn.Date, error) {
	if id == "" {
		return vn.Date{}, nil
	}
	holds := func(days int) (bool, error) {
		a, err := vote.Ask(lib, id, from, map[string]int64{"working_days": int64(days)}, choices)
		return a.Holds, err
	}
	if far, err := holds(farthest); err != nil || far {
		return vn.Date{}, err
	}
	lo, hi := 0, farthest // holds up to lo, not from hi
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		ok, err := holds(mid)
		if err != nil {
			return vn.Date{}, err
		}
		if ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	d, err := calendar.AddWorking(from, lo)
	if err != nil {
		return vn.Date{}, nil
	}
	return d, nil
}

// AskConsent records the request for consent in principle (chủ trương).
type AskConsent struct {
	Ref
	Paper Paper
	Late  string
}

// Name is the act's name.
func (a AskConsent) Name() string { return "procedure.ask-consent" }

// Decide wants a case whose consent was not asked.
func (a AskConsent) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Needed {
		return nil, desk.Refuse("Chủ trương đã được xin.", "Consent was asked already.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.Opened, a.Late)
	if err != nil {
		return nil, err
	}
	due, err := lastDayOf(v.lib, v.def.Consent, a.Paper.Date, v.Choices)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("consent-asked", Body{On: a.Paper.Date, Paper: a.Paper, Due: due, Late: late}, trimmed(a.Late))}, nil
}

// GiveConsent records the answer to the request for consent in principle.
type GiveConsent struct {
	Ref
	Paper Paper
	Yes   bool
	Late  string
}

// Name is the act's name.
func (a GiveConsent) Name() string { return "procedure.give-consent" }

// Decide starts the clock of the procedure; a refusal ends the case.
func (a GiveConsent) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Asked {
		return nil, desk.Refuse("Chưa xin chủ trương, hoặc chủ trương đã có.", "Consent was not asked, or was given already.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.Consent.Asked.Body.On, a.Late)
	if err != nil {
		return nil, err
	}
	b := Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Yes, Late: late}
	if a.Yes {
		if b.Due, err = lastDayOf(v.lib, v.def.Deadline, a.Paper.Date, v.Choices); err != nil {
			return nil, err
		}
	}
	return append([]desk.Draft{a.event("consent-given", b, trimmed(a.Late))}, v.unlockAll(!a.Yes)...), nil
}
