package procedure

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Elected records how the election came out to which the person was put
// forward; Contest names the recorded contest.
type Elected struct {
	Ref
	On        vn.Date
	Contest   string
	Yes       bool
	Post      string
	To        vn.Date
	Paper     Paper // resolution or minutes
	Exception Paper
}

// Name is the act's name.
func (a Elected) Name() string { return "procedure.elected" }

// Decide enters the post from the day of the election: powers begin then,
// before ratification arrives (Charter Art. 13.1).
func (a Elected) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MayElect(); err != nil {
		return nil, answer(err)
	}
	if _, err := v.day("on", a.On, v.DecidedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	b := Body{On: a.On, Contest: a.Contest, Yes: &a.Yes, Person: v.SubmittedAt.Body.Person, Paper: a.Paper}
	if !a.Yes {
		return append([]desk.Draft{a.event("elected", b, nil)}, v.unlockAll(true)...), nil
	}
	more, err := v.take(ctx, s, a.Post, b.Person, a.On, a.To, a.Paper, a.Exception)
	if err != nil {
		return nil, err
	}
	b.Post = a.Post
	return append([]desk.Draft{a.event("elected", b, nil)}, more...), nil
}

// Ratify records the ratification (chuẩn y, phê chuẩn) of an election.
type Ratify struct {
	Ref
	Paper Paper
}

// Name is the act's name.
func (a Ratify) Name() string { return "procedure.ratify" }

// Decide wants an election that chose the person.
func (a Ratify) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := v.MayRatify(); err != nil {
		return nil, answer(err)
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.ElectedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("ratified", Body{On: a.Paper.Date, Paper: a.Paper}, nil)}, v.unlockAll(true)...), nil
}

// Stop ends a case before its end, with the reason.
type Stop struct {
	Ref
	Reason string
}

// Name is the act's name.
func (a Stop) Name() string { return "procedure.stop" }

// Decide demands a reason.
func (a Stop) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("case-stopped", Body{}, words)}, v.unlockAll(true)...), nil
}
