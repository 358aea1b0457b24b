package meeting

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/assembly"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// VoteByHand records a vote by show of hands with its verdict. ID is made with
// the form ("hv/" + desk.NewID()).
type VoteByHand struct {
	Ref
	Vote    string
	On      string // code: organ:presidium, number, list, withdrawal, programme, resolution, other
	Title   rule.Words
	Session string
	For     int64
	Against int64
	Other   int64
	// Decisions are the readings the body decided on where they differ; By is
	// the body, Reason its words.
	Decisions []vote.Decision
}

// Name is the act's name.
func (a VoteByHand) Name() string { return "meeting.vote-by-hand" }

// Decide reckons the vote by the rules of the meeting's day. A vote that did
// not pass is recorded too; one whose figures contradict each other is not.
func (a VoteByHand) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	d, _, err := DecideHand(s, m, a)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{d}, nil
}

// DecideHand drafts a hand vote for an act of this room or of one above it, and
// says whether it passed.
func DecideHand(s *desk.Scene, m *State, a VoteByHand) (desk.Draft, bool, error) {
	none := desk.Draft{}
	if !strings.HasPrefix(a.Vote, "hv/") || len(a.Vote) > 60 || m.Vote(a.Vote) != nil {
		return none, false, desk.Wrong("vote", "Mã không hợp lệ; hãy mở lại biểu mẫu.", "The id is not valid; open the form again.")
	}
	if err := checkTitle(a.Title); err != nil {
		return none, false, err
	}
	x := m.Session(a.Session)
	if x == nil || x.Closed {
		return none, false, desk.Refuse("Cần một phiên đang mở để biểu quyết.", "A vote needs an open session.")
	}
	for field, n := range map[string]int64{"for": a.For, "against": a.Against, "other": a.Other} {
		if n < 0 || n > maxPeople {
			return none, false, desk.Wrong(field, "Số giơ tay không hợp lệ.", "The number of hands is not valid.")
		}
	}
	c := m.Counts(x)
	if c.Present == 0 {
		return none, false, desk.Refuse("Phiên này chưa điểm danh: hãy điểm danh trước khi biểu quyết.", "The roll of this session was not taken: take it before the vote.")
	}
	if a.For+a.Against+a.Other > c.Present {
		return none, false, desk.Wrong("for", fmt.Sprintf("Tổng số giơ tay %d nhiều hơn %d người có mặt có quyền biểu quyết.", a.For+a.Against+a.Other, c.Present),
			fmt.Sprintf("%d hands are more than the %d present who may vote.", a.For+a.Against+a.Other, c.Present))
	}
	f := Fact{Vote: a.Vote, On: a.On, Title: a.Title, Session: a.Session, For: a.For, Against: a.Against, Other: a.Other}
	words := ""
	for _, d := range a.Decisions {
		reason, err := checkReason(d.Reason)
		if err != nil {
			return none, false, desk.Wrong("reading_reason", "Ghi lý do chọn cách hiểu này, không quá 2000 chữ.", "Give the reason of this reading, at most 2000 letters.")
		}
		f.Chosen, words = append(f.Chosen, Choice{Rule: d.Rule, Reading: d.Choice}), reason
	}
	res, err := m.Hand(s.Rules, x, a.For, a.Against, a.Other, a.Decisions...)
	var bad *vote.InputError
	switch {
	case errors.As(err, &bad) && strings.HasPrefix(bad.Field, "decisions"):
		return none, false, &desk.Error{Code: desk.Invalid, Field: "reading", Says: bad.Says}
	case errors.As(err, &bad) || err != nil && res == nil:
		// No regulation of the day reckons hands of this body: the figures
		// stand, nothing is concluded from them.
		f.Status = "no-rule"
	case res.Status == vote.Refused:
		return none, false, desk.Refuse("Số liệu mâu thuẫn, chưa xác định được kết quả.", "The figures contradict each other.", res.Reasons...)
	default:
		f.Status, f.Verdict = string(res.Status), res.Reasons
		if res.Denominator.Count != nil {
			f.Base = *res.Denominator.Count
		}
		f.Passed = assembly.Carried(res)
	}
	m.Add(s.Head+1, KindHandVote, f, words)
	return a.event(KindHandVote, f, words), f.Passed, nil
}

// ChooseOrgan records that the meeting chose an organ by a hand vote.
type ChooseOrgan struct {
	Ref
	Organ   Organ
	For     string // item served, for poll teams
	Head    string
	Members []string
	Hand    VoteByHand
	// Listed are persons on election lists, given by the room that keeps the
	// lists: none of them counts ballots.
	Listed []string
}

// Name is the act's name.
func (a ChooseOrgan) Name() string { return "meeting.choose-organ" }

// RuleCounting is the rule asked of each member of a counting board, and
// RuleChairs of the number of chairs of a committee's first meeting.
const (
	RuleCounting = "party-election.counting-board"
	RuleChairs   = "party-election.first-meeting-chairs"
)

// Decide refuses members who may not serve, and records organ and vote when the
// vote passed; a vote that did not pass is recorded alone.
func (a ChooseOrgan) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(Organs, a.Organ) {
		return nil, desk.Wrong("organ", "Hãy chọn bộ phận.", "Choose the organ.")
	}
	if len(a.Members) == 0 || len(a.Members) > 200 {
		return nil, desk.Wrong("members", "Cần chọn người, không quá 200.", "Choose persons, at most 200.")
	}
	if a.Head != "" && !slices.Contains(a.Members, a.Head) {
		return nil, desk.Wrong("head", "Người đứng đầu phải ở trong danh sách.", "The head must be one of the members.")
	}
	if a.Head == "" && (a.Organ == CountingBoard || a.Organ == PollTeam || a.Organ == Credentials) {
		return nil, desk.Wrong("head", "Cần chọn trưởng ban.", "Choose the head.")
	}
	if a.Organ == Credentials && m.Body != DelegateCongress {
		return nil, desk.Refuse("Chỉ đại hội đại biểu có ban thẩm tra tư cách đại biểu.", "Only a congress of delegates has a credentials board.")
	}
	if err := a.checkMembers(s, m); err != nil {
		return nil, err
	}
	a.Hand.Ref, a.Hand.On = a.Ref, "organ:"+string(a.Organ)
	d, passed, err := DecideHand(s, m, a.Hand)
	if err != nil {
		return nil, err
	}
	if !passed {
		return []desk.Draft{d}, nil
	}
	return []desk.Draft{d, a.event(KindOrgan, Fact{Organ: a.Organ, Item: a.For, Head: a.Head, Members: a.Members, Vote: a.Hand.Vote}, "")}, nil
}

func (a ChooseOrgan) checkMembers(s *desk.Scene, m *State) error {
	seen := map[string]bool{}
	counts := a.Organ == CountingBoard || a.Organ == PollTeam
	for _, p := range a.Members {
		at := m.Attendee(p)
		if at == nil || seen[p] {
			return desk.Wrong("members", "Thành viên phải là người được triệu tập, mỗi người một lần.", "Members are persons summoned, each once.")
		}
		seen[p] = true
		if counts || a.Organ == Credentials {
			votes := at.Standing.Summoned() && at.Standing != Elsewhere
			probationary := int64(0)
			if at.Standing == Probationary {
				probationary = 1
			}
			listed := int64(0)
			if slices.Contains(a.Listed, p) {
				listed = 1
			}
			if counts {
				v, err := vote.Ask(s.Rules, RuleCounting, m.Date, map[string]int64{"on_election_list": listed, "is_probationary": probationary}, nil)
				if err != nil {
					return err
				}
				if v.No() {
					return desk.Refuse("Có người không được kiểm phiếu: "+v.Verdict.Says.VI, "Somebody may not count: "+v.Verdict.Says.EN, v.Verdict)
				}
			}
			if !votes {
				return desk.Refuse("Thành viên phải là đảng viên chính thức, đại biểu chính thức hoặc thành viên của cơ quan họp.", "Members are official members, delegates or members of the body.")
			}
		}
	}
	if a.Organ == Presidium && !m.Body.Congress() {
		v, err := vote.Ask(s.Rules, RuleChairs, m.Date, map[string]int64{"chairs": int64(len(a.Members))}, nil)
		if err != nil {
			return err
		}
		if v.No() && m.After != "" {
			return desk.Refuse("Số người chủ trì chưa đúng: "+v.Verdict.Says.VI, "The number of chairs is not right: "+v.Verdict.Says.EN, v.Verdict)
		}
	}
	return nil
}
