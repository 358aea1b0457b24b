package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Name is the act's name.
func (a OpenHandover) Name() string { return "person.open-handover" }

// Subject is the handover.
func (a OpenHandover) Subject() string { return a.ID }

// Need asks for the right over the organisation that hands over.
func (a OpenHandover) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.From} }

// Decide draws the list from the record on the day before.
func (a OpenHandover) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.ID, "handover/") || len(a.ID) > 100 {
		return nil, desk.Wrong("id", "Mã bàn giao không hợp lệ.", "The id of the handover is not valid.")
	}
	if _, known, err := GetHandover(ctx, s.Tx, a.ID); err != nil || known {
		return nil, orErr(err, desk.Wrong("id", "Mã này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again."))
	}
	if err := checkDay("on", a.On); err != nil {
		return nil, err
	}
	if a.From == a.To || a.Files < 0 || a.Letters < 0 {
		return nil, desk.Wrong("to", "Bên nhận phải khác bên giao.", "The receiving side must be another one.")
	}
	eve := org.Now(a.On.AddDays(-1))
	if _, ok, err := org.Get(ctx, s.Tx, a.From, eve); err != nil || !ok {
		return nil, orErr(err, desk.Wrong("from", "Bên giao không tồn tại vào ngày trước bàn giao.", "The giving side does not exist on the day before."))
	}
	if _, ok, err := org.Get(ctx, s.Tx, a.To, org.Now(a.On)); err != nil || !ok {
		return nil, orErr(err, desk.Wrong("to", "Bên nhận không tồn tại vào ngày bàn giao.", "The receiving side does not exist on that day."))
	}
	l := HandoverList{ID: a.ID, From: a.From, To: a.To, On: a.On, Units: a.Units, Files: a.Files, Letters: a.Letters, Seal: a.Seal, Decision: a.Decision}
	in := map[string]bool{}
	if len(a.Units) == 0 {
		in[a.From] = true
	}
	for _, u := range a.Units {
		within := false
		path, err := org.Path(ctx, s.Tx, u, eve)
		if err != nil {
			return nil, err
		}
		for _, p := range path {
			within = within || p.ID == a.From
		}
		if !within || u == a.From {
			return nil, desk.Wrong("units", "Đơn vị trong danh sách phải trực thuộc bên giao vào ngày trước bàn giao.", "A unit on the list must stand under the giving side on the day before.")
		}
		us, err := org.Tree(ctx, s.Tx, u, eve)
		if err != nil {
			return nil, err
		}
		for _, x := range us {
			in[x.ID] = true
		}
	}
	if err := a.fill(ctx, s, &l, in, eve); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindHandoverOpened, Subjects: append([]string{a.ID, a.From, a.To}, a.Units...), Body: l, Blocks: signerBlock(a.Decision.Signer)}}, nil
}

// fill lists members and people in motion.
func (a OpenHandover) fill(ctx context.Context, s *desk.Scene, l *HandoverList, in map[string]bool, eve org.At) error {
	ids := make([]string, 0, len(in))
	for id := range in {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		ps, err := MembersIn(ctx, s.Tx, id, eve)
		if err != nil {
			return err
		}
		for _, p := range ps {
			switch {
			case p.Rel == "temporary":
				l.Motions = append(l.Motions, Motion{Person: p.Person, What: "temporary", Org: id, Due: p.To})
			case p.Rel != "official":
			case p.Standing == "official":
				l.Official = append(l.Official, p.Person)
			default:
				l.Probationary = append(l.Probationary, p.Person)
			}
			if p.Rel == "official" && p.State != "active" {
				l.Motions = append(l.Motions, Motion{Person: p.Person, What: p.State, Org: id})
			}
		}
	}
	inside := func(o string) bool { return in[o] }
	cs, err := Clocks(ctx, s.Tx, s.Rules, eve.On, inside)
	if err != nil {
		return err
	}
	for _, c := range cs {
		l.Motions = append(l.Motions, Motion{Person: c.Person, What: c.What, Org: c.Org, Due: c.Due})
	}
	if s.Rules != nil {
		bs, err := BadgesDue(ctx, s.Tx, s.Rules, eve.On, 1, inside)
		if err != nil {
			return err
		}
		for _, b := range bs {
			l.Motions = append(l.Motions, Motion{Person: b.Person, What: "badge", Org: b.Org, Due: b.Occasion})
		}
	}
	voted, err := stepFacts(ctx, s.Tx, stepSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND step = 'voted' AND valid_from <= $1 AND valid_from > $2 ORDER BY person, fact`, eve.On.String(), eve.On.AddMonths(-12).String())
	if err != nil {
		return err
	}
	for _, v := range voted {
		later, err := stepFacts(ctx, s.Tx, stepSelect+`WHERE person = $1 AND entry_to = -1 AND withdrawn = 0 AND step IN ('admitted', 'sworn') AND valid_from >= $2 ORDER BY fact`, v.Person, v.From.String())
		if err != nil {
			return err
		}
		if in[v.Org] && len(later) == 0 {
			l.Motions = append(l.Motions, Motion{Person: v.Person, What: "voted", Org: v.Org})
		}
	}
	to, err := Subtree(ctx, s.Tx, a.To, eve)
	if err != nil {
		return err
	}
	from, err := Subtree(ctx, s.Tx, a.From, eve)
	l.Opening, l.GiverHad, l.GiverKeeps = to.Total(), from.Total(), from.Total()-l.In()
	return err
}

func signerBlock(name string) []desk.DraftBlock {
	if name = vn.NormalizeName(name); name == "" {
		return nil
	}
	return []desk.DraftBlock{{Name: "signer", Content: map[string]string{"signer": name}}}
}

func orErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Name is the act's name.
func (a AcceptHandover) Name() string { return "person.accept-handover" }

// Subject is the handover.
func (a AcceptHandover) Subject() string { return a.ID }

// Need asks for the right over the organisation that receives.
func (a AcceptHandover) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.To} }

// Decide records what came; what differs needs its words and keeps the
// handover open.
func (a AcceptHandover) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	h, known, err := GetHandover(ctx, s.Tx, a.ID)
	if err != nil || !known || h.List.To != a.To {
		return nil, orErr(err, desk.Missing("Không có lần bàn giao này.", "There is no such handover."))
	}
	if h.SignedSource >= 0 || h.SignedTarget >= 0 {
		return nil, desk.Refuse("Biên bản đã có người ký; không sửa được số nhận.", "The minutes are signed by one side; the receipt cannot change.")
	}
	r := HandoverReceipt{ID: a.ID, Official: a.Official, Probationary: a.Probationary, Files: a.Files, Seal: a.Seal, Closing: a.Closing}
	h.Receipt = &r
	gaps := h.Gaps()
	r.Differs = len(gaps) > 0
	if r.Differs && strings.TrimSpace(a.Differences) == "" {
		return nil, desk.Wrong("differences", fmt.Sprintf("Số nhận không khớp danh sách (%s). Hãy kiểm lại, hoặc ghi rõ chênh lệch; biên bản chỉ ký được khi cân bằng khép.", gapsVI(gaps)),
			fmt.Sprintf("What came does not agree with the list (%s). Check again, or describe the difference; the minutes are signed only when the balance closes.", strings.Join(gaps, ", ")))
	}
	var blocks []desk.DraftBlock
	if t := strings.TrimSpace(a.Differences); t != "" {
		if len(t) > 8000 {
			return nil, desk.Wrong("differences", "Nội dung quá dài.", "This is too long.")
		}
		blocks = []desk.DraftBlock{{Name: "differences", Content: map[string]string{"text": t}}}
	}
	return []desk.Draft{{Kind: kindHandoverAccepted, Subjects: []string{a.ID, a.To}, Body: r, Blocks: blocks}}, nil
}

var gapWords = map[string]string{"official": "đảng viên chính thức", "probationary": "đảng viên dự bị", "files": "hồ sơ", "seal": "con dấu", "closing": "số cuối không bằng số đầu + nhận", "receipt": "chưa nhận"}

func gapsVI(gaps []string) string {
	var out []string
	for _, g := range gaps {
		out = append(out, gapWords[g])
	}
	return strings.Join(out, ", ")
}

type signBody struct {
	ID     string         `json:"id"`
	Org    string         `json:"org"`
	Source bool           `json:"source"`
	Closes bool           `json:"closes,omitzero"`
	Rules  []rule.Verdict `json:"verdicts,omitempty"`
}

// Name is the act's name.
func (a SignHandover) Name() string { return "person.sign-handover" }

// Subject is the handover.
func (a SignHandover) Subject() string { return a.ID }

// Need asks for the right over the side that signs.
func (a SignHandover) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide refuses minutes that do not close, and the same side twice. With the
// second signature the units move and each member follows by a step.
func (a SignHandover) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	h, known, err := GetHandover(ctx, s.Tx, a.ID)
	if err != nil || !known || a.Org != h.List.From && a.Org != h.List.To {
		return nil, orErr(err, desk.Missing("Không có lần bàn giao này.", "There is no such handover."))
	}
	if vn.NormalizeName(a.Signer) == "" {
		return nil, desk.Wrong("signer", "Cần họ tên người ký.", "The name of who signs is needed.")
	}
	if gaps := h.Gaps(); len(gaps) > 0 {
		return nil, desk.Refuse("Chưa ký được: "+gapsVI(gaps)+".", "It cannot be signed yet: "+strings.Join(gaps, ", ")+".")
	}
	source := a.Org == h.List.From
	mine, other := h.SignedTarget, h.SignedSource
	if source {
		mine, other = h.SignedSource, h.SignedTarget
	}
	if mine >= 0 {
		return nil, desk.Refuse("Bên này đã ký.", "This side has signed already.")
	}
	if other >= 0 {
		r, err := desk.GetRecord(ctx, s.Tx, other)
		if err != nil {
			return nil, err
		}
		if r.Actor == s.Actor {
			return nil, desk.Refuse("Hai bên phải do hai người ký.", "The two sides are signed by two people.")
		}
	}
	b := signBody{ID: a.ID, Org: a.Org, Source: source, Closes: other >= 0}
	var drafts []desk.Draft
	if b.Closes {
		if drafts, err = h.follow(ctx, s); err != nil {
			return nil, err
		}
	}
	return append(drafts, desk.Draft{Kind: kindHandoverSigned, Subjects: []string{a.ID, a.Org}, Body: b, Blocks: signerBlock(a.Signer)}), nil
}

// follow makes the entries by which the record follows a closed handover.
func (h Handover) follow(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	l := h.List
	if len(l.Units) > 0 {
		return org.DecideMove(ctx, s, l.Units, l.To, l.On, l.Decision) // members stay in their cells
	}
	var drafts []desk.Draft
	for _, id := range append(slices.Clone(l.Official), l.Probationary...) {
		said, err := StepsOf(ctx, s.Tx, id)
		if err != nil {
			return nil, err
		}
		f := StepFact{Fact: s.Head + 1 + int64(len(drafts)), Person: id, Step: HandedOver, Org: l.To, Other: l.From, From: l.On, Decision: l.Decision}
		if _, problem := life(append(said, f)); problem != nil {
			return nil, desk.Refuse("Một đảng viên trong danh sách không theo được: "+problem.vi+" ("+id+")", "A member on the list cannot follow: "+problem.en+" ("+id+")")
		}
		drafts = append(drafts, desk.Draft{Kind: kindStep, Subjects: []string{id}, Body: stepBody{Person: id, Step: HandedOver, Org: l.To, Other: l.From, From: l.On, Decision: l.Decision}})
	}
	return drafts, nil
}
