package procedure

import (
	"context"

	"minhbach/internal/desk"
)

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
	due, err := v.LastDay(v.Def.Consent, a.Paper.Date)
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
		if b.Due, err = v.LastDay(v.Def.Deadline, a.Paper.Date); err != nil {
			return nil, err
		}
	}
	return append([]desk.Draft{a.event("consent-given", b, trimmed(a.Late))}, v.unlockAll(!a.Yes)...), nil
}
