package election

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
)

// EventOwn is the kind of an event that is one vote outside every programme: a
// small cell, a vote of confidence, a poll of another body.
const EventOwn = "own-vote"

// OwnContest is the contest of a vote of its own.
func OwnContest(event string) string { return event + "/phieu" }

// OpenOwn opens a vote of its own (việc bỏ phiếu riêng): its event and its box
// in one act, so that its count ends in a contest with verdict, minutes and
// papers as those of a congress. With Box.Replaces the event stands already,
// and the box of the annulled vote is replaced.
type OpenOwn struct {
	Event string
	Box   ballotbox.Box // ID, Case and Sheet.ID follow from Event
}

// Name, Subject, Need and Decide make OpenOwn an act.
func (a OpenOwn) Name() string    { return "election.open-own" }
func (a OpenOwn) Subject() string { return EventSubject(a.Event) }
func (a OpenOwn) Need() desk.Need { return desk.Need{Right: desk.OpenBox, Org: a.Box.Org} }
func (a OpenOwn) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b := a.Box
	if b.Sheet == nil {
		return nil, desk.Wrong("sheet", "Thiếu danh sách và số được bầu.", "The list and the seats are missing.")
	}
	sheet := *b.Sheet
	sheet.ID = OwnContest(a.Event)
	b.ID, b.Case, b.Sheet = sheet.ID, ContestSubject(sheet.ID), &sheet
	var drafts []desk.Draft
	if b.Replaces == "" {
		var err error
		drafts, err = OpenEvent{ID: a.Event, Kind: EventOwn, Date: sheet.Date, Org: b.Org, Title: b.Title, Sample: b.Sample}.Decide(ctx, s)
		if err != nil {
			return nil, err
		}
	} else {
		if _, err := mustEvent(ctx, s.Tx, a.Event, b.Org); err != nil {
			return nil, err
		}
		all, err := ballotbox.ByCase(ctx, s.Tx, b.Case)
		if err != nil {
			return nil, err
		}
		b.ID = fmt.Sprintf("%s/hom-%d", sheet.ID, len(all)+1)
	}
	open, err := ballotbox.DecideOpen(ctx, s, b)
	return append(drafts, open...), err
}

// ReportOwn is the report of the head of the counting team of such a vote: the
// box is reported, and its figures are recorded and counted, in one act.
type ReportOwn struct{ Event, Org, Box string }

// Name, Subject, Need and Decide make ReportOwn an act.
func (a ReportOwn) Name() string    { return "election.report-own" }
func (a ReportOwn) Subject() string { return ContestSubject(OwnContest(a.Event)) }
func (a ReportOwn) Need() desk.Need { return desk.Need{Right: desk.CountContest, Case: a.Subject()} }
func (a ReportOwn) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := ballotbox.Get(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	if b.Case != a.Subject() || b.Org != a.Org {
		return nil, desk.Missing("Không có hòm phiếu này.", "There is no such box.")
	}
	reported, err := ballotbox.DecideReport(ctx, s, b.ID)
	if err != nil {
		return nil, err
	}
	rec, err := ballotbox.Record(ctx, s.Tx, b)
	if err != nil {
		return nil, err
	}
	for i := range rec.Candidates {
		c := &rec.Candidates[i]
		c.Name, c.Born = b.Names["candidate"][c.ID], b.Names["born"][c.ID]
	}
	place := ""
	if b.Org != "" {
		u, _, err := org.Get(ctx, s.Tx, b.Org, org.Now(b.Held))
		if err != nil {
			return nil, err
		}
		place = u.Name
	}
	counted, err := RecordContest{Event: a.Event, Org: a.Org, Contest: Contest{Record: rec, Title: b.Title, Place: place, Sample: b.Sample, Source: Source{How: "count"}}}.Decide(ctx, s)
	return append(counted, reported...), err
}

// OwnEvent is the event of a case that is a vote of its own, "" for others.
func OwnEvent(ctx context.Context, tx *store.Tx, subject string) (string, error) {
	event, rest, ok := strings.Cut(strings.TrimPrefix(subject, "contest/"), "/")
	if !ok || rest != "phieu" || !strings.HasPrefix(subject, "contest/") {
		return "", nil
	}
	ev, ok, err := findEvent(ctx, tx, event)
	if err != nil || !ok || ev.Kind != EventOwn {
		return "", err
	}
	return ev.ID, nil
}
