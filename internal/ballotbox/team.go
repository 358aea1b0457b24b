package ballotbox

import (
	"context"
	"slices"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// ruleTeam is the stand-alone rule on who may sit on a counting board.
const ruleTeam = "party-election.counting-board"

// personOf is the person an account is bound to; "" when none or unknown.
func personOf(ctx context.Context, tx *store.Tx, actor string) (string, error) {
	if actor == "" {
		return "", nil
	}
	a, known, err := account.Get(ctx, tx, actor)
	if err != nil || !known {
		return "", err
	}
	return a.Person, nil
}

// MemberOf finds the member of a box's team who works with an account.
func MemberOf(ctx context.Context, tx *store.Tx, team Team, actor string) (Member, bool, error) {
	for _, m := range team.Members {
		if m.Account != "" && m.Account == actor {
			return m, true, nil
		}
	}
	p, err := personOf(ctx, tx, actor)
	if err != nil || p == "" {
		return Member{}, false, err
	}
	m, ok := team.Member(p)
	return m, ok && m.Account == "", nil
}

// member demands that the actor sits on the team, and for head that he leads it.
func (b *Row) member(ctx context.Context, s *desk.Scene, head bool) (Member, error) {
	m, ok, err := MemberOf(ctx, s.Tx, b.Team, s.Actor)
	if err != nil {
		return m, err
	}
	if !ok || slices.Contains(b.Excluded, m.Person) {
		return m, desk.Deny("Chỉ thành viên ban kiểm phiếu của hòm phiếu này được làm việc này.", "Only members of this box's counting team may do this.")
	}
	if head && m.Person != b.Team.Head {
		return m, desk.Deny("Việc này thuộc trưởng ban kiểm phiếu.", "This is for the head of the counting board.")
	}
	return m, nil
}

// checkTeam says whether these persons may count: nobody on the list or
// concerned, nobody probationary, by the rule of the day where there is one.
func checkTeam(lib *rule.Library, on vn.Date, team Team, excluded []string, stations int) error {
	if len(team.Members) == 0 || len(team.Members) > maxTeam {
		return desk.Wrong("team", "Ban kiểm phiếu phải có người, tối đa 60.", "The counting team needs members, 60 at most.")
	}
	if _, ok := team.Member(team.Head); !ok {
		return desk.Wrong("head", "Trưởng ban kiểm phiếu phải là một thành viên của ban.", "The head must be a member of the team.")
	}
	if len(team.Members) < stations {
		return desk.Wrong("team", "Mỗi tập phiếu phải do nhiều người nhập riêng: số thành viên không được ít hơn số lượt nhập.",
			"Each pile is read by different persons: the team must not be smaller than the number of readings.")
	}
	seen := map[string]bool{}
	for _, m := range team.Members {
		if m.Person == "" || seen[m.Person] || m.Account != "" && seen[m.Account] {
			return desk.Wrong("team", "Có người hoặc tài khoản đứng hai lần, hoặc thiếu mã người.", "A person or account stands twice, or has no id.")
		}
		seen[m.Person], seen[m.Account] = true, m.Account != ""
		if err := mayCount(lib, on, m, slices.Contains(excluded, m.Person)); err != nil {
			return err
		}
	}
	return nil
}

func mayCount(lib *rule.Library, on vn.Date, m Member, listed bool) error {
	probationary := m.Standing == "probationary"
	if m.Standing == "alternate" {
		return desk.Refuse("Đại biểu dự khuyết không tham gia ban kiểm phiếu: "+m.called().VI+".", "An alternate delegate does not sit on the counting board: "+m.called().EN+".")
	}
	yes := map[bool]int64{true: 1}
	asked, err := vote.Ask(lib, ruleTeam, on, map[string]int64{"on_election_list": yes[listed], "is_probationary": yes[probationary]}, nil)
	if err != nil {
		return err
	}
	var verdicts []rule.Verdict
	if asked.No() {
		verdicts = append(verdicts, asked.Verdict)
	}
	switch {
	case listed:
		return desk.Refuse("Người có tên trong danh sách hoặc liên quan không được kiểm phiếu: "+m.called().VI+".",
			"A person on the list or concerned may not count: "+m.called().EN+".", verdicts...)
	case probationary:
		return desk.Refuse("Đảng viên dự bị không tham gia ban kiểm phiếu: "+m.called().VI+".", "A probationary member does not sit on the counting board: "+m.called().EN+".", verdicts...)
	case len(verdicts) > 0:
		return desk.Refuse("Không đủ điều kiện tham gia ban kiểm phiếu: "+m.called().VI+".", "May not sit on the counting board: "+m.called().EN+".", verdicts...)
	}
	return nil
}

// called is how a message names a member.
func (m Member) called() rule.Words {
	if m.Name != "" {
		return rule.Words{VI: m.Name, EN: m.Name}
	}
	return rule.Words{VI: "người mang mã " + m.Person, EN: "person " + m.Person}
}
