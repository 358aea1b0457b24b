package procedure

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// The boxes of a case are opened by its step and reported by ReportStep alone.
func init() {
	ballotbox.OwnCases("procedure/", func(ctx context.Context, tx *store.Tx, subject string) (bool, error) {
		st, err := load(ctx, tx, subject, -1)
		return st != nil, err
	})
}

// BoxPlan says how the ballots of a step are counted in the counting room.
type BoxPlan struct {
	PileSize int // 50 or 100
	Stations int // 2 or 3 readings of each pile
	Mode     ballotbox.Mode
	Form     string // of ballot, where the regulation leaves it open
	// Accounts are the accounts that members of the team work with, by person,
	// where their own is not bound to them (hall accounts).
	Accounts map[string]string
}

// openBox drafts the ballot box of a step: the list as put forward, the base as
// the meeting has it, the team of the step. Its case is the procedure; each
// voting of the case, step after step, is a round of it.
func (v *view) openBox(ctx context.Context, s *desk.Scene, a OpenStep, st *rule.Step, round int) (string, []desk.Draft, error) {
	if a.Meeting == "" {
		return "", nil, desk.Wrong("meeting", "Mở hòm phiếu thì cần cuộc họp đã ghi: số triệu tập, có mặt lấy từ đó.", "A ballot box needs the meeting: those summoned and present come from it.")
	}
	m, err := meeting.Get(ctx, s.Tx, a.Meeting)
	if err != nil {
		return "", nil, err
	}
	earlier, err := ballotbox.ByCase(ctx, s.Tx, Subject(v.ID))
	if err != nil {
		return "", nil, err
	}
	box := ballotbox.Box{ID: fmt.Sprintf("%s/buoc-%s", v.ID, strings.ToLower(st.ID)), Case: Subject(v.ID), Org: v.Org, Meeting: a.Meeting,
		Title: st.Title, Persons: map[string]string{}, PileSize: a.Count.PileSize, Stations: a.Count.Stations, Mode: a.Count.Mode, Sample: v.Sample}
	if round > 1 {
		box.ID += fmt.Sprintf("/lan-%d", round)
	}
	for _, e := range earlier {
		box.Round = max(box.Round, e.Round)
	}
	box.Round++
	box.Sheet = v.Skeleton(st, round, a.Persons)
	box.Sheet.Form, box.Sheet.Base = a.Count.Form, m.Base()
	for i := range box.Sheet.Candidates {
		c := &box.Sheet.Candidates[i]
		c.Order, box.Persons[c.ID] = i+1, c.ID
		if c.Name, err = nameOf(ctx, s, c.ID); err != nil {
			return "", nil, err
		}
	}
	for _, p := range v.Persons {
		if !p.Left {
			box.Concerned = append(box.Concerned, p.ID)
		}
	}
	box.Team.Head = a.Team[0]
	for _, id := range a.Team {
		mem := ballotbox.Member{Person: id, Account: a.Count.Accounts[id]}
		if at := m.Attendee(id); at != nil {
			mem.Standing = string(at.Standing)
		}
		if mem.Name, err = nameOf(ctx, s, id); err != nil {
			return "", nil, err
		}
		box.Team.Members = append(box.Team.Members, mem)
	}
	open, err := ballotbox.DecideOpen(ctx, s, box)
	return box.ID, open, err
}

func nameOf(ctx context.Context, s *desk.Scene, id string) (string, error) {
	p, _, err := person.Get(ctx, s.Tx, id, org.Now(s.Today))
	return p.Identity.Name, err
}

// fromBox takes the figures of a step from its closed box. reported demands
// that the head has reported it.
func (v *view) fromBox(ctx context.Context, s *desk.Scene, st *rule.Step, h *Step, reported bool) (*vote.Record, error) {
	b, err := ballotbox.Get(ctx, s.Tx, h.Opening.Body.Box)
	if err != nil {
		return nil, err
	}
	if reported && b.Stage != ballotbox.StateReported {
		return nil, desk.Refuse("Trưởng ban kiểm phiếu chưa báo cáo kết quả của hòm phiếu này.", "The head of the counting team has not reported this box.")
	}
	got, err := ballotbox.Record(ctx, s.Tx, b)
	if err != nil {
		return nil, err
	}
	f := Figures{Ballots: got.Ballots, Votes: got.Votes, Disagree: got.Disagree}
	rec, err := v.Record(st, h, f)
	if err != nil {
		return nil, err
	}
	rec.Form, rec.Base, rec.Middle, rec.Unmarked = got.Form, got.Base, got.Middle, got.Unmarked
	return rec, nil
}

// typed refuses typed figures for a step whose ballots are in a box, unless
// that box was annulled.
func typed(ctx context.Context, s *desk.Scene, h *Step) error {
	if h.Opening.Body.Box == "" {
		return nil
	}
	b, err := ballotbox.Get(ctx, s.Tx, h.Opening.Body.Box)
	if err != nil || b.Stage == ballotbox.StateAnnulled {
		return err
	}
	return desk.Refuse("Bước này kiểm phiếu bằng hòm phiếu "+b.ID+": số liệu lấy từ báo cáo của tổ kiểm phiếu, không gõ tay.",
		"This step is counted in the box "+b.ID+": its figures come from the team's report and are not typed.")
}

// ReportStep is the report of the head of the counting team of a step: the box
// is reported, and the step has its figures and verdict, in one act.
type ReportStep struct {
	Ref
	Step string
}

// Name is the act's name.
func (a ReportStep) Name() string { return "procedure.report-step" }

// Need is the right to count for this case.
func (a ReportStep) Need() desk.Need {
	return desk.Need{Right: desk.CountContest, Case: a.Subject()}
}

// Decide takes the figures of the closed box; only the head of its team reports.
func (a ReportStep) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	st, h := v.Def.Step(a.Step), v.Step(a.Step)
	if st == nil || h == nil || h.Skipped || h.Opening.Body.Box == "" || h.Counted != nil {
		return nil, desk.Refuse("Bước này không chờ báo cáo của hòm phiếu nào.", "This step waits for no report of a box.")
	}
	reported, err := ballotbox.DecideReport(ctx, s, h.Opening.Body.Box)
	if err != nil {
		return nil, err
	}
	rec, err := v.fromBox(ctx, s, st, h, false)
	if err != nil {
		return nil, answer(err)
	}
	counted, err := v.count(s, a.Ref, st, rec, h.Opening.Body.Box, "")
	if err != nil {
		return nil, err
	}
	return append(counted, reported...), nil
}
