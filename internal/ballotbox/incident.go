package ballotbox

import (
	"context"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Incident notes what went wrong, in words: minutes of the incident. The chair
// decides on them.
type Incident struct {
	Box, Case string
	Text      string
}

// Name, Subject, Need and Decide make Incident an act.
func (a Incident) Name() string    { return "ballotbox.note-incident" }
func (a Incident) Subject() string { return Subject(a.Box) }
func (a Incident) Need() desk.Need { return count(a.Case) }
func (a Incident) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, err := room(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if b.Stage == StateReported || b.Stage == StateAnnulled {
		return nil, b.live()
	}
	if err := firstOf(b.calm(), needReason(a.Text)); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindIncident, Subjects: []string{a.Subject()}, Body: stepBody{Box: b.ID, Person: m.Person},
		Blocks: []desk.DraftBlock{{Name: BlockIncident, Content: note{Text: strings.TrimSpace(a.Text)}}}}}, nil
}

// What the chair may decide on an incident.
const (
	Recount = "recount" // every pile is read again from the start
	Annul   = "annul"   // the vote does not count and is held again
	GoOn    = "go-on"   // noted in the minutes; the count goes on as it is
)

// Resolve is what the presidium or chair decided on an incident.
type Resolve struct {
	Box, Case string
	Choice    string // Recount, Annul or GoOn
	By        string // the body that decided, in words
	Reason    string
}

// Name, Subject, Need and Decide make Resolve an act.
func (a Resolve) Name() string    { return "ballotbox.resolve-incident" }
func (a Resolve) Subject() string { return Subject(a.Box) }
func (a Resolve) Need() desk.Need { return desk.Need{Right: desk.PresideCount, Case: a.Case} }
func (a Resolve) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := must(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	if b.Case != a.Case {
		return nil, errNoBox
	}
	if _, onTeam, err := MemberOf(ctx, s.Tx, b.Team, s.Actor); err != nil {
		return nil, err
	} else if onTeam {
		return nil, desk.Deny("Thành viên ban kiểm phiếu không tự quyết định về sự cố của mình.", "The counting team does not decide on its own incident.")
	}
	p, err := personOf(ctx, s.Tx, s.Actor)
	if err != nil {
		return nil, err
	}
	switch {
	case b.Incident < 0:
		return nil, desk.Refuse("Không có biên bản sự cố nào chờ quyết định.", "No incident minutes wait for a decision.")
	case a.Choice != Recount && a.Choice != Annul && a.Choice != GoOn:
		return nil, desk.Wrong("choice", "Hãy chọn: kiểm lại, hủy và bỏ phiếu lại, hoặc ghi nhận và tiếp tục.", "Choose: recount, annul and vote again, or note and go on.")
	case strings.TrimSpace(a.By) == "" || vn.Longer(a.By, 200):
		return nil, desk.Wrong("by", "Ghi nơi quyết định (đoàn chủ tịch, chủ tọa, đại hội…).", "Name the body that decided (presidium, chair, congress…).")
	}
	if err := needReason(a.Reason); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindResolved, Subjects: []string{a.Subject()}, Body: stepBody{Box: b.ID, Person: p, Choice: a.Choice, Of: b.Incident},
		Blocks: []desk.DraftBlock{{Name: BlockIncident, Content: note{Text: strings.TrimSpace(a.Reason), By: strings.TrimSpace(a.By)}}}}}, nil
}
