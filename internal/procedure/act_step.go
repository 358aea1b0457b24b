package procedure

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// OpenStep opens the holding of a step: which meeting, on which day, on whose
// names, counted by whom.
type OpenStep struct {
	Ref
	Step    string
	Meeting string // meeting of the registry of meetings; "" when its figures are typed
	On      vn.Date
	Persons []string
	Team    []string // counting team, its head first
	Late    string
	Count   *BoxPlan // asks for a ballot box; nil when figures are typed from the minutes
}

// Name is the act's name.
func (a OpenStep) Name() string { return "procedure.open-step" }

// Decide wants consent, the steps before done and explained, a definition that
// is sure or settled, persons the step may speak of, and a team nobody of which
// is concerned.
func (a OpenStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	st, err := v.MayOpen(a.Step)
	if err != nil {
		return nil, answer(err)
	}
	late, err := v.day("on", a.On, v.LastStepDay(), a.Late)
	if err != nil {
		return nil, err
	}
	if a.Meeting != "" {
		m, err := meeting.Get(ctx, s.Tx, a.Meeting)
		if err != nil {
			return nil, err
		}
		if m == nil {
			return nil, desk.Wrong("meeting", "Không có cuộc họp này.", "There is no such meeting.")
		}
		if string(m.Body) != v.Body(st) || m.Date != a.On {
			return nil, desk.Wrong("meeting", "Cuộc họp không đúng thành phần hoặc ngày của bước này.", "The meeting is not of the body or day of this step.")
		}
	}
	if err := v.CheckPersons(st, a.Persons, a.On); err != nil {
		return nil, answer(err)
	}
	if err := v.checkTeam(ctx, s, st, a.Team); err != nil {
		return nil, err
	}
	round := 1
	if h := v.Step(a.Step); h != nil {
		round = h.Round + 1
	}
	b := Body{Step: a.Step, Round: round, Meeting: a.Meeting, On: a.On, Persons: a.Persons, Team: a.Team, Late: late}
	var box []desk.Draft
	if a.Count != nil {
		if st.Contest == "" {
			return nil, desk.Wrong("count", "Bước này không bỏ phiếu kín nên không mở hòm phiếu.", "This step takes no ballot, so it has no box.")
		}
		if b.Box, box, err = v.openBox(ctx, s, a, st, round); err != nil {
			return nil, err
		}
	}
	return append([]desk.Draft{a.event("step-opened", b, trimmed(a.Late))}, box...), nil
}

// checkTeam refuses a counting team somebody of which is not on record, is of
// the case, or is tied to somebody of it.
func (v *view) checkTeam(ctx context.Context, s *desk.Scene, st *rule.Step, team []string) error {
	if err := v.CheckTeam(st, team); err != nil {
		return answer(err)
	}
	for _, id := range team {
		if _, known, err := person.Home(ctx, s.Tx, id); err != nil {
			return err
		} else if !known {
			return desk.Wrong("team", "Có người của tổ kiểm phiếu không có trong hồ sơ.", "Somebody of the counting team is not on record.")
		}
		if err := concerned(ctx, s, v.State, id); err != nil {
			return err
		}
	}
	return nil
}
