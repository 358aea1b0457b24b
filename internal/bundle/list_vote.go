package bundle

import (
	"slices"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

type handBody struct {
	Meeting string `json:"meeting"`
	Vote    string `json:"vote"`
	For     int64  `json:"for"`
	Against int64  `json:"against"`
	Other   int64  `json:"other"`
	Base    int64  `json:"base"`
}

// handDue is a vote by hand of a meeting that an entry rests on; the meeting
// records it in the same act, after it.
type handDue struct {
	entry int64
	what  rule.Words
	hand  handBody
}

// listVoted holds a voted list against every rule of lists.
func (l *law) listVoted(lib *rule.Library, c *chainOf, it *listItem, r *listRound, e ledger.Entry, b *listBody, on vn.Date) error {
	kind := it.Rules
	if r.kind == "poll" {
		kind = "party-election/opinion-poll"
	}
	if poll := it.poll(); poll != nil && r.kind != "poll" {
		l.leave(r, poll)
	}
	stand := r.stand()
	var ids []string
	official := int64(0)
	for _, p := range stand {
		ids = append(ids, p.Person)
		if p.Origin == vote.Official {
			official++
		}
	}
	slices.Sort(ids)
	order := slices.Sorted(slices.Values(b.Order))
	if !slices.Equal(ids, order) {
		return both("người trong danh sách đã biểu quyết không phải những người đang đứng trong danh sách", "the persons on the voted list are not those who stand")
	}
	if err := listForm(lib, on, kind, it, b); err != nil {
		return err
	}
	switch r.kind {
	case "poll":
		return nil
	case "revote-tied":
		k := l.contests["contest/"+r.after]
		if k == nil || k.result == nil {
			return &notHere{}
		}
		var tied []string
		for _, x := range k.result.Results {
			if x.Outcome == vote.TiedOutcome {
				tied = append(tied, x.Candidate)
			}
		}
		slices.Sort(tied)
		if !slices.Equal(tied, order) || b.Seats != k.result.Unfilled {
			return both("danh sách bầu lại không phải những người bằng phiếu, hoặc sai số ghế còn lại", "the list of the vote among the tied is not that of the tied, or the seats left are not")
		}
		return nil
	}
	for _, p := range stand {
		if err := l.mayStand(lib, c, it, r, p, on); err != nil {
			return err
		}
	}
	want := r.seats
	if want < 1 {
		want = it.Seats
	}
	if b.Seats != want || it.SeatsBy == "voted" && !r.voted && r.n <= 1 {
		return both("số lượng cần bầu không phải số đã biểu quyết", "the number of seats is not the one voted")
	}
	if it.OwnTeam {
		return nil
	}
	if err := l.room(lib, c, it, r, b, on, official, int64(len(stand))); err != nil {
		return err
	}
	return l.byHand(lib, e, rule.Words{VI: "danh sách bầu cử", EN: "list"}, b, on)
}

// room holds the number of names against the surplus rules, and the duty of a
// poll.
func (l *law) room(lib *rule.Library, c *chainOf, it *listItem, r *listRound, b *listBody, on vn.Date, official, names int64) error {
	s, err := vote.Reckon(lib, l.ground(c, it, r, on), official, names)
	if err != nil {
		return err
	}
	if b.Most != s.Rooms[0].Most {
		return both("số dư tối đa ghi là %d người, tính lại là %d", "the largest list is given as %d, reckoned again it is %d", b.Most, s.Rooms[0].Most)
	}
	for _, o := range s.Rooms[1:] {
		if o.Most != s.Rooms[0].Most && (names > min(o.Most, s.Rooms[0].Most) || s.Rooms[0].Fits(names) != o.Fits(names)) {
			return both("cách làm tròn số dư khác nhau ở danh sách này mà chưa chọn cách hiểu", "readings of the surplus differ on this list and none was chosen")
		}
	}
	if !s.Rooms[0].Fits(names) {
		return both("danh sách %d người không đúng số dư (từ %d đến %d)", "a list of %d names does not fit the surplus (%d to %d)", names, s.Rooms[0].Least, s.Rooms[0].Most)
	}
	if it.poll() == nil && (s.Poll.Yes() || s.Duty.Yes() || len(s.Duty.Differs) > 0) {
		return both("phải lấy phiếu xin ý kiến về danh sách trước", "an opinion poll on the list had to come first")
	}
	return nil
}

// leave takes off the list those whom its opinion poll left behind.
func (l *law) leave(r, poll *listRound) {
	k := l.contests["contest/"+poll.contest]
	if k == nil || k.result == nil || k.result.Status == vote.Unsettled || k.result.Status == vote.Refused {
		return
	}
	for _, x := range k.result.Results {
		if p := r.find(x.Candidate); p != nil && x.Outcome != vote.GoesOn && x.Outcome != vote.TiedOutcome {
			p.out = true
		}
	}
}

// listForm holds the form of the ballot against the rule of the day, or against
// the programme where the rules name none.
func listForm(lib *rule.Library, on vn.Date, kind string, it *listItem, b *listBody) error {
	book, err := lib.For(kind, on)
	if err != nil {
		return err
	}
	want := ""
	if kind == it.Rules {
		want = it.Form
	}
	if p := book.Policy("form"); p != nil {
		if want = p.Choose; want == "by-surplus" {
			if want = "agree"; int64(len(b.Order)) > b.Seats {
				want = "strike"
			}
		}
	}
	if b.Form != want {
		return both("hình thức phiếu ghi là “%s”, theo quy định là “%s”", "the form of the ballot is given as %s, by the rule it is %s", clip(b.Form), want)
	}
	return nil
}

// byHand demands the vote by hand that an entry rests on: that of the meeting,
// which is looked for at the end, or one typed, which is asked again.
func (l *law) byHand(lib *rule.Library, e ledger.Entry, what rule.Words, b *listBody, on vn.Date) error {
	if b.Hand == nil {
		return both("không có biểu quyết", "there was no vote by hand")
	}
	if b.Hand.Meeting != "" {
		l.hands = append(l.hands, handDue{e.Index, what, *b.Hand})
		return nil
	}
	return typedHand(lib, on, *b.Hand, b.Verdicts)
}

// typedHand asks the majority of a vote that no meeting of the record reckoned.
func typedHand(lib *rule.Library, on vn.Date, h handBody, verdicts []rule.Verdict) error {
	if h.Base < 1 || h.For < 0 || h.Against < 0 || h.Other < 0 || h.For+h.Against+h.Other > h.Base {
		return both("số biểu quyết không hợp lệ", "the figures of the vote by hand are not valid")
	}
	a, err := vote.Ask(lib, "party-charter.resolution", on, map[string]int64{"in_favour": h.For, "base": h.Base}, nil)
	switch {
	case err != nil:
		return err
	case a.Recorded && !a.Holds:
		return both("biểu quyết %d trên %d không đủ quá bán", "%d of %d is no majority", h.For, h.Base)
	case a.Recorded && !slices.ContainsFunc(verdicts, func(v rule.Verdict) bool { return string(bareVerdict(v)) == string(bareVerdict(a.Verdict)) }):
		return both("căn cứ của biểu quyết tính lại không như đã ghi", "the reason of the vote by hand, asked again, is not as recorded")
	}
	return nil
}

// handsOfMeetings holds what entries say of votes by hand against the meetings.
func (l *law) handsOfMeetings() {
	for _, h := range l.hands {
		m := l.meetings[h.hand.Meeting]
		if m == nil {
			l.unlisted["meeting/"+h.hand.Meeting] = true
			continue
		}
		l.verdicts.Done++
		v := m.Vote(h.hand.Vote)
		if v == nil || v.For != h.hand.For || v.Against != h.hand.Against || v.Other != h.hand.Other || v.Status != "no-rule" && (!v.Passed || v.Base != h.hand.Base) {
			l.verdicts.fail(Failure{h.entry, "", rule.Words{
				VI: h.what.VI + ": không đúng biểu quyết đã thông qua tại cuộc họp " + clip(h.hand.Meeting),
				EN: h.what.EN + ": not the vote that passed at the meeting " + clip(h.hand.Meeting)}})
		}
	}
	n := 0
	for range l.unlisted {
		n++
	}
	if n > 0 {
		l.report.Notes = append(l.report.Notes, say("%d danh sách hoặc biểu quyết không tính lại được từ gói này: chương trình, cuộc họp hoặc kết quả mà chúng dựa vào không có trong gói; hãy lấy gói của cả sự kiện hoặc toàn bộ nhật ký",
			"%d lists or votes cannot be replayed from this bundle: the programme, meeting or result they stand on is not in it; take the bundle of the event or of the whole ledger", n))
	}
}
