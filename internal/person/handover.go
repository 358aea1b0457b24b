package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// OpenHandover begins a collective handover: one decision by which units, with
// their members, files and seal, go from one organisation to another. The list
// is drawn from the record on the day before; people in motion are carried one
// by one. Nobody is moved yet.
type OpenHandover struct {
	ID       string // "handover/…"
	From, To string
	On       vn.Date  // first day under the new organisation
	Units    []string // that go, each with all under it; empty: only the members of From itself
	Files    int64    // member files handed over
	Letters  int64    // complaints and denunciations still open
	Seal     bool
	Decision org.Decision
}

// AcceptHandover is the other side's receipt: what really came.
type AcceptHandover struct {
	ID                     string
	To                     string
	Official, Probationary int64
	Files                  int64
	Seal                   bool
	Closing                int64  // members of the receiving side afterwards, by its own count
	Differences            string // in words, beside the tree; needed when something differs
}

// SignHandover signs the minutes for one side. The second signature closes the
// handover: units move and members follow, if the balance closes.
type SignHandover struct {
	ID     string
	Org    string // From or To
	Signer string // beside the tree
}

// Motion is a person in the middle of something when the handover begins.
type Motion struct {
	Person string  `json:"person"`
	What   string  `json:"what"` // ceremony, probation, recognise, transfer, badge, temporary, suspended, exempt, voted
	Org    string  `json:"org"`
	Due    vn.Date `json:"due,omitzero"`
}

// HandoverList is what is handed over.
type HandoverList struct {
	ID           string       `json:"id"`
	From         string       `json:"source"`
	To           string       `json:"target"`
	On           vn.Date      `json:"on"`
	Units        []string     `json:"units,omitempty"`
	Official     []string     `json:"official,omitempty"`
	Probationary []string     `json:"probationary,omitempty"`
	Motions      []Motion     `json:"motions,omitempty"`
	Files        int64        `json:"files"`
	Letters      int64        `json:"letters"`
	Seal         bool         `json:"seal"`
	Opening      int64        `json:"opening"`     // members of To before
	GiverHad     int64        `json:"giver_had"`   // members of From before
	GiverKeeps   int64        `json:"giver_keeps"` // members of From after
	Decision     org.Decision `json:"decision,omitzero"`
}

// In is how many members come.
func (l HandoverList) In() int64 { return int64(len(l.Official) + len(l.Probationary)) }

// HandoverReceipt is what the other side received.
type HandoverReceipt struct {
	ID           string `json:"id"`
	Official     int64  `json:"official"`
	Probationary int64  `json:"probationary"`
	Files        int64  `json:"files"`
	Seal         bool   `json:"seal"`
	Closing      int64  `json:"closing"`
	Differs      bool   `json:"differs,omitzero"`
}

// Handover is one handover as it stands.
type Handover struct {
	List                                         HandoverList
	Receipt                                      *HandoverReceipt
	Opened, Accepted, SignedSource, SignedTarget int64 // entries, -1 not yet
}

// Closed says whether both sides have signed.
func (h Handover) Closed() bool { return h.SignedSource >= 0 && h.SignedTarget >= 0 }

// Gaps lists what does not agree between list and receipt, by name of the
// figure; empty when the balance closes: opening + in − out = closing.
func (h Handover) Gaps() []string {
	if h.Receipt == nil {
		return []string{"receipt"}
	}
	var out []string
	r, l := h.Receipt, h.List
	for _, x := range []struct {
		name string
		ok   bool
	}{{"official", r.Official == int64(len(l.Official))}, {"probationary", r.Probationary == int64(len(l.Probationary))}, {"files", r.Files == l.Files},
		{"seal", r.Seal == l.Seal}, {"closing", l.Opening+r.Official+r.Probationary == r.Closing}} {
		if !x.ok {
			out = append(out, x.name)
		}
	}
	return out
}

const (
	kindHandoverOpened   = "person.handover-opened/1"
	kindHandoverAccepted = "person.handover-accepted/1"
	kindHandoverSigned   = "person.handover-signed/1"
)

// HandedOver is the step by which a member follows a collective handover.
const HandedOver Step = "handed-over"

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

var handoverColumns = []string{"handover", "source", "target", "on_day", "list", "receipt", "opened", "accepted", "signed_source", "signed_target"}

// applyHandover follows an entry of a handover.
func applyHandover(ctx context.Context, tx *store.Tx, r desk.Record) error {
	switch r.Kind {
	case kindHandoverOpened:
		var l HandoverList
		if err := json.Unmarshal(r.Body, &l); err != nil {
			return err
		}
		return tx.Insert(ctx, "person_handover", handoverColumns, [][]any{{l.ID, l.From, l.To, l.On.String(), string(r.Body), "", r.Index, int64(-1), int64(-1), int64(-1)}})
	case kindHandoverAccepted:
		var x HandoverReceipt
		if err := json.Unmarshal(r.Body, &x); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE person_handover SET receipt = $1, accepted = $2 WHERE handover = $3`, string(r.Body), r.Index, x.ID)
		return err
	}
	var b signBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	column := "signed_target"
	if b.Source {
		column = "signed_source"
	}
	_, err := tx.Exec(ctx, `UPDATE person_handover SET `+column+` = $1 WHERE handover = $2`, r.Index, b.ID)
	return err
}

// GetHandover is one handover; false when there is none.
func GetHandover(ctx context.Context, tx *store.Tx, id string) (Handover, bool, error) {
	hs, err := handovers(ctx, tx, `WHERE handover = $1`, id)
	if err != nil || len(hs) == 0 {
		return Handover{}, false, err
	}
	return hs[0], true, nil
}

// Handovers lists every handover, the newest first.
func Handovers(ctx context.Context, tx *store.Tx) ([]Handover, error) {
	return handovers(ctx, tx, `ORDER BY opened DESC`)
}

func handovers(ctx context.Context, tx *store.Tx, where string, args ...any) ([]Handover, error) {
	rows, err := tx.Query(ctx, `SELECT list, receipt, opened, accepted, signed_source, signed_target FROM person_handover `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Handover
	for rows.Next() {
		var h Handover
		var list, receipt string
		if err := rows.Scan(&list, &receipt, &h.Opened, &h.Accepted, &h.SignedSource, &h.SignedTarget); err != nil {
			return nil, err
		}
		err := json.Unmarshal([]byte(list), &h.List)
		if receipt != "" {
			h.Receipt = &HandoverReceipt{}
			err = errors.Join(err, json.Unmarshal([]byte(receipt), h.Receipt))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}
