package election

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
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// meetings loads the meetings that vote the items of the chain.
func (c *Chain) meetings(ctx context.Context, tx *store.Tx) error {
	known := map[string]*meeting.State{}
	for _, s := range c.Items {
		if s.Meeting == "" {
			continue
		}
		m, ok := known[s.Meeting]
		if !ok {
			var err error
			if m, err = meeting.Get(ctx, tx, s.Meeting); err != nil {
				return err
			}
			known[s.Meeting] = m
		}
		s.Meet = m
	}
	return nil
}

// Day is the day an item is voted: that of its meeting, else of the event. It
// chooses the regulations.
func (c *Chain) Day(s *ItemState) vn.Date {
	if s.Meet != nil {
		return s.Meet.Date
	}
	return c.Event.Date
}

// checkMeeting holds the meeting named for an item against its body.
func checkMeeting(ctx context.Context, s *desk.Scene, it Item, field string, ev *Event) error {
	if it.Meeting == "" {
		return nil
	}
	m, err := meeting.Get(ctx, s.Tx, it.Meeting)
	switch {
	case err != nil:
		return err
	case m == nil || ev.Org != "" && m.Org != ev.Org:
		return desk.Wrong(field, "“"+it.Title.VI+"”: không có cuộc họp này.", "“"+it.Title.EN+"”: there is no such meeting.")
	case string(m.Body) != it.Body:
		return desk.Wrong(field, "“"+it.Title.VI+"”: cuộc họp đã chọn không phải loại họp bầu nội dung này.", "“"+it.Title.EN+"”: the meeting chosen is not of the body that votes this.")
	}
	return nil
}

// What a hand vote of the meeting was on.
const (
	onNumber     = "number"
	onList       = "list"
	onWithdrawal = "withdrawal"
	onFurther    = "resolution"
)

// ruleHand is the majority of a vote by show of hands where no meeting of the
// event is kept in the program.
const ruleHand = "party-charter.resolution"

// carried demands a vote by show of hands that passed, and puts it with its
// verdict into an entry. Where the item has a meeting the vote belongs to it:
// one taken before is named, a new one is recorded there in the same act.
func (c *Chain) carried(s *desk.Scene, it *ItemState, h *Hand, on string, into **Hand, verdicts *[]rule.Verdict) ([]desk.Draft, error) {
	if h == nil {
		return nil, desk.Wrong("for", "Hãy ghi kết quả biểu quyết: số tán thành, không tán thành, ý kiến khác.", "Record the vote: for, against, other.")
	}
	if it.Meet == nil {
		return nil, alone(s.Rules, c.Day(it), h, into, verdicts)
	}
	m := it.Meet
	id := h.Vote
	var drafts []desk.Draft
	if id == "" {
		id = "hv/" + strings.ToLower(s.ActID)
		x := m.Voting()
		if x == nil {
			return nil, desk.Refuse("Cuộc họp “"+m.Title.VI+"” chưa mở phiên nào: hãy mở phiên và điểm danh trước.", "The meeting “"+m.Title.In("en")+"” has no session yet: open one and take the roll first.")
		}
		d, _, err := meeting.DecideHand(s, m, meeting.VoteByHand{Ref: meeting.Ref{ID: m.ID, Org: m.Org}, Vote: id, On: on, Title: it.Title, Session: x.ID, For: h.For, Against: h.Against, Other: h.Other})
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, d)
	}
	v := m.Vote(id)
	if v == nil {
		return nil, desk.Missing("Cuộc họp không có biểu quyết này.", "The meeting has no such vote.")
	}
	mine := &Hand{Meeting: m.ID, Vote: id, For: v.For, Against: v.Against, Other: v.Other, Base: v.Base}
	if v.Status == "no-rule" {
		if mine.Base = h.Base; mine.Base == 0 {
			mine.Base = m.Counts(m.Voting()).Summoned
		}
		return drafts, alone(s.Rules, c.Day(it), mine, into, verdicts)
	}
	if !v.Passed {
		return nil, desk.Refuse(fmt.Sprintf("Biểu quyết không được thông qua: %d trên %d tán thành.", v.For, v.Base), fmt.Sprintf("The vote was not carried: %d of %d in favour.", v.For, v.Base), v.Verdict...)
	}
	*into = mine
	return drafts, nil
}

// alone reckons a hand vote by the Charter's majority.
func alone(lib *rule.Library, on vn.Date, h *Hand, into **Hand, verdicts *[]rule.Verdict) error {
	for _, v := range []int64{h.For, h.Against, h.Other, h.Base} {
		if v < 0 || v > 1e7 {
			return desk.Wrong("for", "Số liệu biểu quyết không hợp lệ.", "The figures of the vote are not valid.")
		}
	}
	if h.Base < 1 || h.For+h.Against+h.Other > h.Base {
		return desk.Wrong("base", fmt.Sprintf("Biểu quyết có %d người, nhiều hơn %d người tính quá bán.", h.For+h.Against+h.Other, h.Base),
			fmt.Sprintf("%d took part in the vote, more than the %d whose majority counts.", h.For+h.Against+h.Other, h.Base))
	}
	a, err := vote.Ask(lib, ruleHand, on, map[string]int64{"in_favour": h.For, "base": h.Base}, nil)
	if err != nil {
		return err
	}
	if a.Recorded {
		if !a.Holds {
			return desk.Refuse("Biểu quyết không được thông qua: "+lower(a.Verdict.Says.VI), "The vote was not carried: "+lower(a.Verdict.Says.EN), a.Verdict)
		}
		*verdicts = append(*verdicts, bare(a.Verdict)...)
	}
	*into = h
	return nil
}

// known takes from the meeting what it knows of a person on a list: whether he
// may vote there, is probationary, in temporary activity, of the convening
// committee. What was entered by hand stands for persons it does not know.
func (l *Listed) known(m *meeting.State) {
	if m == nil {
		return
	}
	a := m.Attendee(l.Person)
	if a == nil {
		return
	}
	l.InBody = a.Standing.Votes(a.Replaces != "")
	l.Probationary = a.Standing == meeting.Probationary
	l.Temporary = a.Standing == meeting.Temporary
	l.Outgoing = l.Outgoing || a.Convening
	if b := m.Attendee(l.By); b != nil {
		l.ByDelegate = b.Standing.Votes(b.Replaces != "") || !m.Body.Congress()
		l.ByOutgoing = l.ByOutgoing || b.Convening
	}
}

// The boxes of a programme are opened and reported by OpenBox and ReportBox
// alone, those of a vote of its own by OpenOwn and ReportOwn.
func init() {
	ballotbox.OwnCases("contest/", func(ctx context.Context, tx *store.Tx, subject string) (bool, error) {
		event, err := EventOf(ctx, tx, strings.TrimPrefix(subject, "contest/"))
		if err == nil && event == "" {
			event, err = OwnEvent(ctx, tx, subject)
		}
		return event != "", err
	})
}

// OpenBox opens the ballot box of a round at the counting board (the poll team)
// of its meeting, with the list as it was voted and the base of the meeting.
type OpenBox struct {
	OnRound
	PileSize int
	Stations int
	Mode     ballotbox.Mode
	// Accounts are the accounts that members of the team work with, by person,
	// where their own is not bound to them (hall accounts).
	Accounts map[string]string
}

func (a OpenBox) Name() string { return "election.open-box" }

// Need is the right to open boxes of the event.
func (a OpenBox) Need() desk.Need {
	return desk.Need{Right: desk.OpenBox, Org: a.Org, Case: a.Subject()}
}

// Decide refuses before the list is voted and the counting board chosen; who
// may not count is refused by the counting room.
func (a OpenBox) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := countable(c, it, r); err != nil {
		return nil, err
	}
	if it.Meet == nil {
		return nil, desk.Refuse("Nội dung này chưa gắn với cuộc họp nào: hãy chọn cuộc họp trong chương trình trước, để có mẫu số và ban kiểm phiếu.",
			"This item names no meeting: choose it in the programme first, for the base and the counting board.")
	}
	box := ballotbox.Box{ID: a.Contest, Case: boxCase(a.Event, a.Contest), Org: a.Org, Meeting: it.Meet.ID, Round: r.N, Title: ContestTitle(it, r), Sheet: c.Skeleton(it, r),
		Persons: map[string]string{}, PileSize: a.PileSize, Stations: a.Stations, Mode: a.Mode, Sample: c.Event.Sample}
	book, err := s.Rules.For(box.Sheet.Rules, box.Sheet.Date)
	if err != nil {
		return nil, desk.Refuse("Không có quy định cho “"+it.Title.VI+"” ngày "+box.Sheet.Date.Vietnamese()+".", "No regulation for “"+it.Title.EN+"” on "+box.Sheet.Date.String()+".")
	}
	box.Sheet.Base = vote.BaseFor(book, it.Meet.Base())
	for _, cand := range box.Sheet.Candidates {
		box.Persons[cand.ID] = cand.ID
	}
	if r.Box != "" {
		old, err := ballotbox.Get(ctx, s.Tx, r.Box)
		if err != nil {
			return nil, err
		}
		if old.Stage != ballotbox.StateAnnulled {
			return nil, desk.Refuse("Hòm phiếu của lần bầu này đã mở.", "The box of this round is open already.")
		}
		all, err := ballotbox.ByCase(ctx, s.Tx, box.Case)
		if err != nil {
			return nil, err
		}
		box.ID, box.Replaces = fmt.Sprintf("%s/hom-%d", a.Contest, len(all)+1), old.ID
	}
	if box.Team, err = team(ctx, s, c, it, r, a.Accounts); err != nil {
		return nil, err
	}
	open, err := ballotbox.DecideOpen(ctx, s, box)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{{Kind: KindBoxSet, Subjects: a.subjects(), Body: boxBody{a.head(it.ID), box.ID}}}, open...), nil
}

// boxCase is the case of a round's boxes, by which the counting board has its
// accounts: one for all rounds of an item, so that a vote among the tied goes
// on with the same hands; a poll on the list has a team of its own.
func boxCase(event, contest string) string {
	rest := strings.TrimPrefix(contest, event+"/")
	if strings.HasSuffix(rest, PollSuffix) {
		return ContestSubject(contest)
	}
	item, _, _ := strings.Cut(rest, "/")
	return ContestSubject(event + "/" + item)
}

// PollSuffix ends the contest id of a poll on a list.
const PollSuffix = "/xin-y-kien"

// team is the counting board of the meeting; polls have a team of their own.
func team(ctx context.Context, s *desk.Scene, c *Chain, it *ItemState, r *Round, accounts map[string]string) (ballotbox.Team, error) {
	t := ballotbox.Team{}
	poll := it.OwnTeam || r.Kind == RoundPoll
	o := it.Meet.Organ(meeting.CountingBoard, "")
	if poll {
		if o = it.Meet.Organ(meeting.PollTeam, it.ID); o == nil {
			o = it.Meet.Organ(meeting.PollTeam, "")
		}
	}
	if o == nil {
		if poll {
			return t, desk.Refuse("Phải lập tổ kiểm phiếu riêng của việc lấy phiếu này tại cuộc họp trước.", "The poll's own counting team must be chosen by the meeting first.")
		}
		return t, desk.Refuse("Phải bầu ban kiểm phiếu của cuộc họp trước (biểu quyết giơ tay).", "The meeting must choose its counting board first (by hand).")
	}
	t.Head = o.Head
	for _, id := range o.Members {
		m := ballotbox.Member{Person: id, Account: accounts[id]}
		if at := it.Meet.Attendee(id); at != nil {
			m.Standing = string(at.Standing)
		}
		p, ok, err := person.Get(ctx, s.Tx, id, org.Now(c.Day(it)))
		if err != nil {
			return t, err
		}
		if ok {
			m.Name = p.Identity.Name
		}
		t.Members = append(t.Members, m)
	}
	return t, nil
}

// ReportBox is the report of the head of the counting board: the box is
// reported, and its figures are recorded and counted, in one act.
type ReportBox struct{ OnRound }

func (a ReportBox) Name() string { return "election.report-box" }

// Need is the right to count this contest.
func (a ReportBox) Need() desk.Need {
	return desk.Need{Right: desk.CountContest, Case: boxCase(a.Event, a.Contest)}
}

// Decide takes the figures of the closed box; only the head of its team reports.
// Named by the first round of an item, it means the round that is counted now.
func (a ReportBox) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if now := it.Now(); r.Row != nil && r.Kind == RoundFirst && now.Box != "" && now.Row == nil {
		r = now
	}
	if r.Box == "" {
		return nil, desk.Refuse("Hòm phiếu của lần bầu này chưa mở.", "The box of this round is not open.")
	}
	if err := countable(c, it, r); err != nil {
		return nil, err
	}
	reported, err := ballotbox.DecideReport(ctx, s, r.Box)
	if err != nil {
		return nil, err
	}
	b, err := ballotbox.Get(ctx, s.Tx, r.Box)
	if err != nil {
		return nil, err
	}
	rec, err := ballotbox.Record(ctx, s.Tx, b)
	if err != nil {
		return nil, err
	}
	rec.Candidates = c.Skeleton(it, r).Candidates
	counted, err := c.record(ctx, s, a.OnRound, it, r, rec, Source{How: "count"})
	if err != nil {
		return nil, err
	}
	return append(counted, reported...), nil
}

// Cases are the subjects under which the boxes of a meeting's contests are
// counted: those of the counting board, and those of the poll team of an item
// ("" the team of every poll of the meeting). Polls on a list count too,
// whether they are held or not.
func (c *Chain) Cases(meetingID string, organ meeting.Organ, item string) []string {
	var out []string
	for _, s := range c.Items {
		if s.Meeting != meetingID || s.State == StateOff || s.State == StateSkipped || organ == meeting.PollTeam && item != "" && item != s.ID {
			continue
		}
		contest := c.Event.ID + "/" + s.ID
		switch {
		case organ != meeting.PollTeam && s.OwnTeam: // its own team counts it
		case organ != meeting.PollTeam || s.OwnTeam:
			out = append(out, boxCase(c.Event.ID, contest))
		default:
			out = append(out, boxCase(c.Event.ID, contest+PollSuffix))
		}
	}
	return out
}
