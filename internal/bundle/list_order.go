package bundle

import (
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The order of a chain of elections: what must end before what, where the
// chain pauses, and who may let it go on. An entry against it is found, though
// each list and figure be right by itself.

// standing is where an item stands, as the entries before tell it.
type standing string

const (
	isOff      standing = "off"
	isSkipped  standing = "skipped"
	isWaiting  standing = "waits"
	isReady    standing = "ready"
	isList     standing = "list"
	isVoted    standing = "voted"
	isRefused  standing = "refused"
	isOpen     standing = "unsettled"
	isInvalid  standing = "invalid"
	isPaused   standing = "paused"
	isTied     standing = "tied"
	isShort    standing = "short"
	isFinished standing = "done"
)

func (s standing) over() bool { return s == isFinished || s == isOff || s == isSkipped }

// same compares what a changed programme may not change of an item that has
// begun: all but its title, number, place and meeting.
func (it *listItem) same(o *listItem) bool {
	return it.Rules == o.Rules && it.Body == o.Body && it.From == o.From && it.Rest == o.Rest && it.SeatsBy == o.SeatsBy &&
		slices.Equal(it.Except, o.Except) && slices.Equal(it.Plans, o.Plans) && it.When == o.When && it.Form == o.Form
}

// now is the last round that is no poll, or nil.
func (it *listItem) now() *listRound {
	for _, r := range slices.Backward(it.rounds) {
		if r.kind != "poll" {
			return r
		}
	}
	return nil
}

func (r *listRound) decidedOn(choices ...string) bool {
	return slices.ContainsFunc(r.decided, func(c string) bool { return slices.Contains(choices, c) })
}

// result is the verdict in force on a round, nil before there is one.
func (l *law) result(r *listRound) *vote.Result {
	if k := l.contests["contest/"+r.contest]; k != nil && k.recorded >= 0 {
		return k.result
	}
	return nil
}

// stands works out where an item stands.
func (l *law) stands(c *chainOf, it *listItem) (standing, error) {
	if it.skipped {
		return isSkipped, nil
	}
	r := it.now()
	if r == nil {
		return l.before(c, it)
	}
	res := l.result(r)
	switch {
	case res == nil && r.order != nil:
		return isVoted, nil
	case res == nil:
		return isList, nil
	case res.Status == vote.Refused:
		return isRefused, nil
	case res.Status == vote.Unsettled:
		return isOpen, nil
	case res.Status == vote.Invalid && !r.decidedOn("stop"):
		return isInvalid, nil
	case res.Status == vote.Invalid:
		return isFinished, nil
	case res.Next == vote.AskUpper && !r.decidedOn("answered-continue", "answered-designated"):
		return isPaused, nil
	case r.decidedOn("answered-designated", "stop"):
		return isFinished, nil
	case res.Status == vote.Tied:
		return isTied, nil
	case res.Unfilled > 0:
		return isShort, nil
	}
	return isFinished, nil
}

// before is where an item stands that has no round.
func (l *law) before(c *chainOf, it *listItem) (standing, error) {
	if it.When != "" {
		on, err := l.day(c, it)
		if err != nil {
			return "", err
		}
		in := map[string]int64{}
		if c.members > 0 {
			in["members"] = c.members
		}
		if of := c.item(it.From); of != nil {
			s, err := l.stands(c, of)
			if err != nil {
				return "", err
			}
			if s.over() {
				in["committee"] = int64(len(l.elected(of)))
			}
		}
		a, err := vote.Ask(l.shelf.Library(), it.When, on, in, nil)
		if err != nil {
			return "", err
		}
		if a.No() {
			return isOff, nil
		}
	}
	for _, id := range append([]string{it.From, it.Rest}, it.Except...) {
		o := c.item(id)
		if o == nil {
			continue
		}
		s, err := l.stands(c, o)
		if err != nil {
			return "", err
		}
		switch {
		case !s.over():
			return isWaiting, nil
		case id == it.From && s == isSkipped:
			return isOff, nil
		case id == it.Rest && l.left(o) == 0:
			return isOff, nil
		}
	}
	return isReady, nil
}

// left counts those of an item's lists who were neither elected nor made
// alternates.
func (l *law) left(it *listItem) int {
	taken := map[string]bool{}
	for _, p := range l.elected(it) {
		taken[p] = true
	}
	for _, r := range it.rounds {
		if res := l.result(r); res != nil {
			for _, x := range res.Results {
				if x.Outcome == vote.Alternate {
					taken[x.Candidate] = true
				}
			}
		}
	}
	n := 0
	for _, r := range it.rounds {
		if r.kind == "poll" {
			continue
		}
		for _, p := range r.order {
			if !taken[p] {
				taken[p] = true
				n++
			}
		}
	}
	return n
}

// earlier refuses while an item that stands before has not ended.
func (l *law) earlier(c *chainOf, it *listItem) error {
	for _, o := range c.items {
		if o == it {
			return nil
		}
		s, err := l.stands(c, o)
		if err != nil {
			return err
		}
		if !s.over() {
			return both("phải xong nội dung %s trước (%s)", "the item %s had to end first (%s)", clip(o.ID), string(s))
		}
	}
	return nil
}

// mayOpen says whether a list may be opened now.
func (l *law) mayOpen(c *chainOf, it *listItem, b *listBody) error {
	now := it.now()
	switch b.Kind {
	case "poll":
		if now == nil || now.contest != b.After || now.order != nil || it.poll() != nil {
			return both("lấy phiếu xin ý kiến về một danh sách không đang lập", "a poll on a list that is not being made")
		}
		return nil
	case "further", "revote-tied":
		want := map[string]string{"further": "further", "revote-tied": "revote"}[b.Kind]
		if now == nil || now.contest != b.After || b.Round != now.n+1 || len(now.decided) == 0 || now.decided[len(now.decided)-1] != want {
			return both("lần bầu này không theo quyết định nào về kết quả lần trước", "no decision on the result before leads to this round")
		}
		return nil
	}
	for _, o := range c.items {
		if s, err := l.stands(c, o); err != nil {
			return err
		} else if s == isPaused {
			return both("việc bầu đang tạm dừng ở nội dung %s mà cấp trên chưa trả lời", "the elections are paused at the item %s and the upper level has not answered", clip(o.ID))
		}
	}
	s, err := l.stands(c, it)
	if err != nil {
		return err
	}
	if s != isReady {
		return both("danh sách mở khi chưa đến lượt (%s)", "the list was opened out of its turn (%s)", string(s))
	}
	return nil
}

// making refuses what is done to a list that is voted, past or being polled on.
func (l *law) making(it *listItem, r *listRound) error {
	switch {
	case r.kind == "poll" && r.order == nil:
		return nil // opened and voted in one act
	case it.now() != r:
		return both("lần bầu này đã qua", "the round is past")
	case r.order != nil:
		return both("danh sách đã được biểu quyết nên không đổi được", "the list was voted and can no longer be changed")
	}
	if p := it.poll(); p != nil && l.result(p) == nil {
		return both("đang lấy phiếu xin ý kiến về danh sách", "the opinion poll on the list was going on")
	}
	return nil
}

// countable says whether a round may be voted and counted now.
func (l *law) countable(c *chainOf, it *listItem, r *listRound) error {
	if r.order == nil {
		return both("danh sách chưa được biểu quyết", "the list was not voted")
	}
	return l.earlier(c, it)
}

// mayDecide holds what was decided on a result against what the result leaves
// to decide: a pause ends only by the answer of the upper level.
func (l *law) mayDecide(c *chainOf, it *listItem, r *listRound, b *listBody) error {
	if it.now() != r {
		return both("lần bầu này đã qua", "the round is past")
	}
	s, err := l.stands(c, it)
	if err != nil {
		return err
	}
	res := l.result(r)
	switch {
	case s == isPaused && (b.Choice == "answered-continue" || b.Choice == "answered-designated"):
		if b.Choice == "answered-designated" && r.find(b.Person) == nil {
			return both("người được chỉ định không có trong danh sách", "the person designated is not on the list")
		}
		return nil
	case s == isPaused:
		return both("việc bầu đang tạm dừng: chỉ tiếp tục khi cấp trên đã trả lời", "the election is paused: it goes on only by the answer of the upper level")
	case s == isTied && b.Choice == "revote" && res.Next == vote.RevoteTied, s == isTied && b.Choice == "stop" && r.kind == "revote-tied":
		return nil
	case (s == isShort || s == isInvalid) && b.Choice == "further":
		return nil
	case (s == isShort || s == isInvalid) && b.Choice == "stop":
		return l.mayStop(c, it, r, b)
	}
	return both("kết quả không để lại quyết định “%s” (%s)", "the result leaves no decision %q (%s)", clip(b.Choice), string(s))
}

// mayStop asks the rule on stopping again. The reading that was chosen stands
// in the verdict that was recorded.
func (l *law) mayStop(c *chainOf, it *listItem, r *listRound, b *listBody) error {
	on, err := l.day(c, it)
	if err != nil {
		return err
	}
	in := map[string]int64{"is_delegates": 0, "round": int64(r.n)}
	if it.Rules == "party-election/delegates" || it.Rules == "party-election/alternates" {
		in["is_delegates"] = 1
	}
	ask := func(choices map[string]string) (vote.Asked, error) {
		return vote.Ask(l.shelf.Library(), vote.RuleMayStop, on, in, choices)
	}
	a, err := ask(nil)
	if err != nil {
		return err
	}
	if len(a.Differs) == 0 {
		if a.No() {
			return both("quy định chưa cho dừng", "the rule does not let them stop yet")
		}
		return nil
	}
	for _, x := range append([]string{rule.MainReading}, readingsOf(a.Differs)...) {
		v, err := ask(map[string]string{vote.RuleMayStop: x})
		if err != nil {
			return err
		}
		if v.Yes() && slices.ContainsFunc(b.Verdicts, func(w rule.Verdict) bool { return string(bareVerdict(w)) == string(bareVerdict(v.Verdict)) }) {
			return nil
		}
	}
	return both("các cách hiểu về việc dừng khác nhau mà không có căn cứ của cách hiểu cho dừng", "readings on stopping differ and the reason recorded is of none that lets them stop")
}

func readingsOf(rs []rule.Reading) (out []string) {
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return out
}

// begun holds a changed programme against what has begun.
func (c *chainOf) begun(b *listBody) error {
	for _, old := range c.items {
		if len(old.rounds) == 0 && !old.skipped {
			continue
		}
		i := slices.IndexFunc(b.Items, func(it *listItem) bool { return it.ID == old.ID })
		if i < 0 || !old.same(b.Items[i]) {
			return both("nội dung %s đã bắt đầu mà bị sửa hoặc bỏ khỏi chương trình", "the item %s had begun and was changed or left out", clip(old.ID))
		}
	}
	return nil
}
