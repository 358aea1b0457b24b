package ballotbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// The hand audit (kiểm lại bằng tay theo mẫu): when the head has
// reported, papers are drawn by a public seed, dice rolled in the hall; people
// take each drawn paper out of its pile and key what they see, without looking
// at what was counted; the program says how great the risk is that the result
// is wrong all the same (internal/paper.Contest.Risk). It proves nothing about
// ballots that were changed before the box opened, and replaces no recount that
// a rule asks for.

// The entry kinds of the hand audit.
const (
	KindAuditDrawn = "ballotbox.audit-drawn/1"
	KindAuditSeen  = "ballotbox.audit-paper-seen/1"
	KindAuditEnded = "ballotbox.audit-ended/1"
	BlockAudit     = "sealed-audit"
)

// How an audit ended.
const (
	AuditStands  = "stands"    // the risk is at most what the board allowed
	AuditNot     = "not-shown" // ended before that
	AuditDiffers = "differs"   // every paper was seen, and they give another result
)

const (
	minDice   = 10  // digits of a seed
	maxDice   = 100 //
	maxLimit  = 200 // per mille: a greater risk is no audit
	auditSeat = "/audit"
)

type auditDrawnBody struct {
	Box     string `json:"box"`
	Person  string `json:"person"`
	Of      int64  `json:"of"`      // entry of the first draw, or -1
	Closing int64  `json:"closing"` // entry of the figures audited
	Seed    string `json:"seed"`
	Limit   int64  `json:"limit"` // risk allowed, per mille
	Ballots int64  `json:"ballots"`
	Papers  int64  `json:"papers"` // drawn, with those drawn before
}

type auditSeenBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Of     int64  `json:"of"`
	No     int64  `json:"no"` // of the paper, from 1
	Undo   bool   `json:"undo,omitempty"`
}

type auditEndedBody struct {
	Box     string `json:"box"`
	Person  string `json:"person"`
	Of      int64  `json:"of"`
	Papers  int64  `json:"papers"` // drawn and seen
	Risk    int64  `json:"risk"`   // per million, rounded up
	Outcome string `json:"outcome"`
}

// AuditSubject is the subject of the audits of a box.
func AuditSubject(box string) string { return Subject(box) + auditSeat }

// DrawAudit draws papers for the hand audit of a closed box, or all that are
// left for the one under way. The head of the board draws, in front of the hall.
type DrawAudit struct {
	Box, Case string
	Dice      string // digits of dice, "4 2 6 6 1 …"; empty when drawing further
	Limit     int64  // risk allowed, per mille, as the board decided
	Papers    int64  // how many; 0: as many as are likely to do, or all
}

// Name, Subject, Need and Decide make DrawAudit an act.
func (a DrawAudit) Name() string    { return "ballotbox.draw-audit" }
func (a DrawAudit) Subject() string { return AuditSubject(a.Box) }
func (a DrawAudit) Need() desk.Need { return count(a.Case) }
func (a DrawAudit) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, now, err := auditRoom(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	body := auditDrawnBody{Box: b.ID, Person: m.Person, Of: -1, Closing: b.Closed, Limit: a.Limit, Ballots: now.Ballots, Papers: a.Papers}
	if now.Under() {
		body.Of, body.Seed, body.Limit = now.Drawn, now.Seed, now.Limit
		if a.Dice != "" {
			return nil, desk.Refuse("Đang có một lần kiểm lại: rút thêm phiếu theo chính dãy xúc xắc cũ.", "An audit is under way: more papers are drawn by its own dice.")
		}
		// Looking again and again until the papers please would pass a wrong result
		// more often than the board allowed: there is one sample, then all.
		if body.Papers = now.Ballots; now.Papers == now.Ballots || a.Papers != 0 && a.Papers != now.Ballots {
			return nil, desk.Wrong("papers", fmt.Sprintf("Mẫu chỉ rút một lần; chưa xác nhận được thì xem toàn bộ %d phiếu.", now.Ballots), fmt.Sprintf("A sample is drawn once; if it does not do, all %d papers are seen.", now.Ballots))
		}
	} else if now.Drawn >= 0 {
		return nil, desk.Refuse("Số liệu này đã kiểm lại một lần. Không tung xúc xắc lại cho đến khi ra kết quả mong muốn; nếu chưa xác nhận được thì kiểm lại toàn bộ.",
			"These figures were audited once. Dice are not rolled again until the outcome pleases; if the result was not shown to stand, count all again.")
	} else {
		if body.Seed, err = seedOf(a.Dice); err != nil {
			return nil, err
		}
		if a.Limit < 1 || a.Limit > maxLimit {
			return nil, desk.Wrong("limit", "Mức rủi ro chấp nhận phải từ 0,1 % đến 20 %.", "The risk allowed must be between 0.1 % and 20 %.")
		}
		if a.Papers < 0 || a.Papers > now.Ballots {
			return nil, desk.Wrong("papers", fmt.Sprintf("Hòm có %d phiếu.", now.Ballots), fmt.Sprintf("The box holds %d papers.", now.Ballots))
		}
		if a.Papers == 0 {
			if body.Papers, err = now.Plan(a.Limit); err != nil {
				return nil, err
			}
		}
	}
	return []desk.Draft{{Kind: KindAuditDrawn, Subjects: []string{a.Subject(), Subject(b.ID)}, Body: body}}, nil
}

// auditRoom is the room of an act of the audit: the box, who acts, and the
// audit as it stands; head asks for the head of the board. No incident waits.
func auditRoom(ctx context.Context, s *desk.Scene, box, caseID string, head bool) (*Row, Member, *Audit, error) {
	b, m, err := room(ctx, s, box, caseID, head)
	if err != nil {
		return nil, Member{}, nil, err
	}
	if err := b.calm(); err != nil {
		return nil, Member{}, nil, err
	}
	now, err := AuditOf(ctx, s.Tx, s.Rules, b)
	return b, m, now, err
}

// seedOf reads the digits of dice.
func seedOf(dice string) (string, error) {
	var out []byte
	for _, r := range dice {
		switch {
		case r >= '1' && r <= '6':
			out = append(out, byte(r))
		case r == ' ' || r == ',' || r == '.' || r == '-' || r == '\t':
		default:
			return "", desk.Wrong("dice", "Chỉ ghi các mặt xúc xắc, từ 1 đến 6.", "Only the faces of dice, 1 to 6.")
		}
		if len(out) > maxDice {
			return "", desk.Wrong("dice", fmt.Sprintf("Nhiều nhất %d mặt xúc xắc.", maxDice), fmt.Sprintf("At most %d faces.", maxDice))
		}
	}
	if len(out) < minDice {
		return "", desk.Wrong("dice", fmt.Sprintf("Tung xúc xắc ít nhất %d lần trước hội trường và ghi lại các mặt.", minDice), fmt.Sprintf("Roll dice at least %d times before the hall and enter the faces.", minDice))
	}
	return string(out), nil
}

// SeeAudited enters what a person saw on a drawn paper, or takes it back.
type SeeAudited struct {
	Box, Case string
	No        int64
	Keys      string // as at a counting station; "?" for a paper that is not valid
	Undo      bool
}

// Name, Subject, Need and Decide make SeeAudited an act.
func (a SeeAudited) Name() string    { return "ballotbox.see-audited" }
func (a SeeAudited) Subject() string { return fmt.Sprintf("%s/%d", AuditSubject(a.Box), a.No) }
func (a SeeAudited) Need() desk.Need { return count(a.Case) }
func (a SeeAudited) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, now, err := auditRoom(ctx, s, a.Box, a.Case, false)
	if err != nil {
		return nil, err
	}
	if !now.Under() {
		return nil, errNoAudit
	}
	i := slices.IndexFunc(now.List, func(p AuditPaper) bool { return p.No == a.No })
	if i < 0 {
		return nil, desk.Missing("Phiếu này không được rút.", "This paper was not drawn.")
	}
	d := desk.Draft{Kind: KindAuditSeen, Subjects: []string{a.Subject(), Subject(b.ID)}, Body: auditSeenBody{b.ID, m.Person, now.Drawn, a.No, a.Undo}}
	switch {
	case a.Undo && !now.List[i].Seen:
		return nil, desk.Refuse("Phiếu này chưa ai ghi.", "Nobody entered this paper yet.")
	case a.Undo:
		return []desk.Draft{d}, nil
	case now.List[i].Seen:
		return nil, desk.Refuse("Phiếu này đã ghi; muốn ghi lại thì rút lượt ghi trước.", "This paper is entered; take that back to enter it again.")
	}
	causes, err := b.Causes(s.Rules)
	if err != nil {
		return nil, err
	}
	pattern, err := ReadKeys(b.Sheet.Form, len(b.Sheet.Candidates), causeIDs(causes), a.Keys)
	if err != nil {
		return nil, err
	}
	d.Blocks = []desk.DraftBlock{{Name: BlockAudit, Content: sheetContent{pattern}}}
	return []desk.Draft{d}, nil
}

var errNoAudit = desk.Refuse("Hòm phiếu này không có lần kiểm lại nào đang mở.", "No audit of this box is under way.")

// EndAudit ends the audit under way with what it shows.
type EndAudit struct {
	Box, Case string
	Note      string // needed when the result is not shown to stand
}

// Name, Subject, Need and Decide make EndAudit an act.
func (a EndAudit) Name() string    { return "ballotbox.end-audit" }
func (a EndAudit) Subject() string { return AuditSubject(a.Box) }
func (a EndAudit) Need() desk.Need { return count(a.Case) }
func (a EndAudit) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	b, m, now, err := auditRoom(ctx, s, a.Box, a.Case, true)
	if err != nil {
		return nil, err
	}
	if !now.Under() {
		return nil, errNoAudit
	}
	text := strings.TrimSpace(a.Note)
	switch {
	case vn.Longer(text, maxReason):
		return nil, desk.Wrong("note", "Ghi chú quá dài.", "The note is too long.")
	case now.Open > 0:
		return nil, desk.Refuse(fmt.Sprintf("Còn %d phiếu đã rút chưa ai ghi. Bỏ phiếu khó đọc ra ngoài sẽ làm sai phép kiểm.", now.Open),
			fmt.Sprintf("%d papers drawn were not entered. Leaving papers out would make the audit worthless.", now.Open))
	case now.Outcome != AuditStands && text == "":
		return nil, desk.Wrong("note", "Kết quả chưa được xác nhận: ghi lý do dừng và việc làm tiếp (xem các tờ còn lại, báo chủ tọa quyết định).",
			"The result is not shown to stand: say why the audit stops and what is done next.")
	}
	return []desk.Draft{withNote(desk.Draft{Kind: KindAuditEnded, Subjects: []string{a.Subject(), Subject(b.ID)},
		Body: auditEndedBody{b.ID, m.Person, now.Drawn, now.Papers, now.Risk, now.Outcome}}, text)}, nil
}

func applyAuditDrawn(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b auditDrawnBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	first := b.Of
	if first < 0 {
		first = r.Index
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_audit (entry, drawn, box, closing, person, seed, limited, ballots, papers, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.Index, first, b.Box, b.Closing, b.Person, b.Seed, b.Limit, b.Ballots, b.Papers, stamp(r.At))
	return err
}

func applyAuditSeen(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b auditSeenBody
	var c sheetContent
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockAudit, &c)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_audit_paper (entry, box, drawn, no, undo, content, person) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Index, b.Box, b.Of, b.No, flag(b.Undo), c.Pattern, b.Person)
	return err
}

func applyAuditEnded(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b auditEndedBody
	var n note
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockReason, &n)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_audit_end (entry, drawn, box, person, papers, risk, outcome, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Index, b.Of, b.Box, b.Person, b.Papers, b.Risk, b.Outcome, n.Text, stamp(r.At))
	return err
}
