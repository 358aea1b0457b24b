package ballotbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Open opens a box. Rooms above call DecideOpen in their own act.
type Open struct{ Box Box }

// Name, Subject, Need and Decide make Open an act.
func (a Open) Name() string    { return "ballotbox.open" }
func (a Open) Subject() string { return Subject(a.Box.ID) }
func (a Open) Need() desk.Need { return desk.Need{Right: desk.OpenBox, Org: a.Box.Org} }
func (a Open) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := unowned(ctx, s.Tx, a.Box.Case); err != nil {
		return nil, err
	}
	return DecideOpen(ctx, s, a.Box)
}

// DecideOpen drafts the opening of a box, or names what is wrong with it: its
// fields (Invalid), or by which article someone may not count (Refused).
func DecideOpen(ctx context.Context, s *desk.Scene, b Box) ([]desk.Draft, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	if _, ok, err := find(ctx, s.Tx, b.ID); err != nil {
		return nil, err
	} else if ok {
		return nil, desk.Wrong("id", "Đã có hòm phiếu mang mã này.", "There is a box with this id already.")
	}
	excluded := b.excluded()
	if p, err := personOf(ctx, s.Tx, s.Actor); err != nil {
		return nil, err
	} else if p != "" && slices.Contains(excluded, p) {
		return nil, desk.Deny("Người có tên trong danh sách bầu cử hoặc liên quan không được mở việc kiểm phiếu này.",
			"A person on the list or concerned may not open this count.")
	}
	if err := b.checkRules(s); err != nil {
		return nil, err
	}
	if err := b.checkEarlier(ctx, s.Tx); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindOpened, Subjects: []string{Subject(b.ID)}, Body: openedBody{
		Box: b.ID, Case: b.Case, Org: b.Org, Meeting: b.Meeting, Round: b.Round, Title: b.Title, Sheet: b.Sheet.Public(),
		Concerned: excluded, Team: b.Team, PileSize: b.PileSize, Stations: b.Stations, Mode: b.Mode, Sample: b.Sample, Replaces: b.Replaces},
		Blocks: []desk.DraftBlock{{Name: BlockNames, Content: b.names()}}}}, nil
}

// checkRules holds team and form against the regulations of the day.
func (b *Box) checkRules(s *desk.Scene) error {
	if err := checkTeam(s.Rules, b.Sheet.Date, b.Team, b.excluded(), b.Stations); err != nil {
		return err
	}
	book, err := s.Rules.For(b.Sheet.Rules, b.Sheet.Date)
	if err != nil {
		return desk.Wrong("rules", "Không có quy định cho "+b.Sheet.Rules+" ngày "+b.Sheet.Date.Vietnamese()+".", "No regulation for "+b.Sheet.Rules+" on "+b.Sheet.Date.String()+".")
	}
	if b.Sheet.Form == "" {
		sheet := *b.Sheet
		if sheet.Form = vote.FormOf(book, b.Sheet); sheet.Form == "" {
			return desk.Wrong("form", "Phải chọn hình thức phiếu.", "The form of ballot must be chosen.")
		}
		b.Sheet = &sheet
	}
	if _, _, err := vote.Identities(book, b.Sheet); err != nil {
		return asWrong(err)
	}
	return nil
}

// checkEarlier: one box a case and round, unless the earlier one was annulled.
func (b *Box) checkEarlier(ctx context.Context, tx *store.Tx) error {
	earlier, err := ByCase(ctx, tx, b.Case)
	if err != nil {
		return err
	}
	found := b.Replaces == ""
	for _, e := range earlier {
		if e.ID == b.Replaces {
			if e.Org != b.Org {
				return desk.Deny("Hòm phiếu bị hủy thuộc tổ chức khác: chỉ tổ chức ấy mở lần bỏ phiếu lại.", "The annulled box belongs to another organisation: only that one opens the new vote.")
			}
			if found = e.Stage == StateAnnulled; !found {
				return desk.Refuse("Hòm phiếu trước chưa bị hủy, nên không bỏ phiếu lại.", "The earlier box is not annulled, so there is nothing to vote again.")
			}
		}
		if e.Stage != StateAnnulled && e.Round == b.Round {
			return desk.Refuse(fmt.Sprintf("Lần bầu %d của việc này đã có hòm phiếu.", max(b.Round, 1)), fmt.Sprintf("Round %d of this case has a box already.", max(b.Round, 1)))
		}
	}
	if !found {
		return desk.Wrong("replaces", "Không có hòm phiếu bị hủy mang mã này.", "There is no annulled box with this id.")
	}
	return nil
}

// check holds the shape of a box.
func (b *Box) check() error {
	switch {
	case !idPattern.MatchString(b.ID) || len(b.ID) > 120:
		return desk.Wrong("id", "Mã hòm phiếu chỉ gồm chữ thường không dấu, số, gạch nối, chấm và gạch chéo.", "The box id is made of lower-case letters without marks, digits, hyphens, dots and slashes.")
	case !casePattern.MatchString(b.Case) || len(b.Case) > 200:
		return desk.Wrong("case", "Thiếu việc mà hòm phiếu này đếm cho.", "The case the box counts for is missing.")
	case strings.TrimSpace(b.Title.VI) == "" || len(b.Title.VI) > maxTitle || len(b.Title.EN) > maxTitle:
		return desk.Wrong("title", "Thiếu tên gọi, hoặc dài quá 400 ký tự.", "The title is missing, or longer than 400 characters.")
	case b.Sheet == nil:
		return desk.Wrong("sheet", "Thiếu danh sách và số được bầu.", "The list and the seats are missing.")
	case len(b.Sheet.Votes)+len(b.Sheet.Disagree)+len(b.Sheet.Middle)+len(b.Sheet.Unmarked) > 0 || b.Sheet.Ballots.Valid != nil || b.Sheet.Ballots.Collected != nil:
		return desk.Wrong("sheet", "Hòm phiếu chưa mở thì chưa có số phiếu.", "A box that is not opened has no votes yet.")
	case b.PileSize != 50 && b.PileSize != 100:
		return desk.Wrong("pile_size", "Mỗi tập 50 hoặc 100 phiếu.", "Piles hold 50 or 100 ballots.")
	case b.Stations != 2 && b.Stations != 3:
		return desk.Wrong("stations", "Mỗi tập do 2 hoặc 3 người nhập.", "Each pile is read at 2 or 3 stations.")
	case b.Mode != Ballots && b.Mode != TotalsTwice && b.Mode != CompareWith:
		return desk.Wrong("mode", "Hãy chọn cách kiểm phiếu.", "Choose how to count.")
	case b.Round < 0 || b.Round > 99:
		return desk.Wrong("round", "Lần bầu phải từ 1 đến 99.", "The round must be 1 to 99.")
	}
	for id, p := range b.Persons {
		if !slices.ContainsFunc(b.Sheet.Candidates, func(c vote.Candidate) bool { return c.ID == id }) || p == "" {
			return desk.Wrong("persons", "Có người không khớp danh sách trên phiếu.", "A person does not match the list on the ballot.")
		}
	}
	for _, c := range b.Sheet.Candidates {
		if strings.TrimSpace(c.Name) == "" || len(c.Name) > 200 {
			return desk.Wrong("candidates", "Mỗi người trên phiếu phải có họ tên.", "Each person on the ballot needs a name.")
		}
	}
	return asWrong(b.Sheet.Validate())
}

// excluded are the persons who may not count, sorted.
func (b *Box) excluded() []string {
	out := slices.Clone(b.Concerned)
	for _, c := range b.Sheet.Candidates {
		if p := b.Persons[c.ID]; p != "" {
			out = append(out, p)
		} else if strings.HasPrefix(c.ID, "person/") {
			out = append(out, c.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (b *Box) names() []nameRow {
	var out []nameRow
	for _, c := range b.Sheet.Candidates {
		out = append(out, nameRow{"candidate", c.ID, vn.NormalizeName(c.Name)})
		if c.Born != "" {
			out = append(out, nameRow{"born", c.ID, c.Born})
		}
	}
	return append(out, b.Team.names()...)
}

func (t Team) names() []nameRow {
	var out []nameRow
	for _, m := range t.Members {
		if m.Name != "" {
			out = append(out, nameRow{"team", m.Person, vn.NormalizeName(m.Name)})
		}
	}
	return out
}

// ChangeTeam replaces the team, e.g. when a member drops out: the newcomer must
// be one who may count.
type ChangeTeam struct {
	Box, Org string
	Team     Team
	Reason   string
}

// Name, Subject, Need and Decide make ChangeTeam an act.
func (a ChangeTeam) Name() string    { return "ballotbox.change-team" }
func (a ChangeTeam) Subject() string { return Subject(a.Box) }
func (a ChangeTeam) Need() desk.Need { return desk.Need{Right: desk.OpenBox, Org: a.Org} }
func (a ChangeTeam) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, err := must(ctx, s.Tx, a.Box)
	if err != nil {
		return nil, err
	}
	if b.Org != a.Org {
		return nil, errNoBox
	}
	if err := b.live(); err != nil {
		return nil, err
	}
	if err := needReason(a.Reason); err != nil {
		return nil, err
	}
	if err := checkTeam(s.Rules, b.Sheet.Date, a.Team, b.Excluded, b.Stations); err != nil {
		return nil, err
	}
	names := a.Team.names()
	for _, m := range a.Team.Members { // who stays keeps the name already known
		if n := b.Names["team"][m.Person]; m.Name == "" && n != "" {
			names = append(names, nameRow{"team", m.Person, n})
		}
	}
	return []desk.Draft{{Kind: KindTeam, Subjects: []string{a.Subject()}, Body: teamBody{a.Box, a.Team},
		Blocks: []desk.DraftBlock{{Name: BlockNames, Content: names}, {Name: BlockReason, Content: note{Text: a.Reason}}}}}, nil
}

func needReason(s string) error {
	if strings.TrimSpace(s) == "" || vn.Longer(s, maxReason) {
		return desk.Wrong("reason", "Phải ghi lý do, không quá 2000 ký tự.", "A reason must be given, 2000 characters at most.")
	}
	return nil
}
