package regulation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// maxNote bounds what a keeper writes, in characters.
const maxNote = 2000

// ProposeAttestation is the word of the first keeper: he compared an
// unverified item with the signed text and found this reading there. The scan
// of the page lies in the blob store under its hash before the act.
type ProposeAttestation struct {
	Document rule.DocRef
	Edition  string
	Item     string
	Choice   string // reading id, rule.MainReading for the item as the file states it
	Scan     string // sha256 of the scan, hex
	Page     string // where in the document: "trang 7, Điều 30 khoản 4"
	Note     string // what was compared with what: which copy, whose, where kept
}

func (a ProposeAttestation) Name() string    { return "regulation.propose-attestation" }
func (a ProposeAttestation) Subject() string { return Subject(a.Document.Number, a.Document.Date) }
func (a ProposeAttestation) Need() desk.Need { return desk.Need{Right: desk.AttestRegulation} }

// Decide records the proposal; nothing decides differently yet.
func (a ProposeAttestation) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	it, err := unverified(s.Rules, a.Document, a.Edition, a.Item)
	if err != nil {
		return nil, err
	}
	if err := readingOf(it, a.Choice); err != nil {
		return nil, err
	}
	if n := utf8.RuneCountInString(a.Page); strings.TrimSpace(a.Page) == "" || n > 200 {
		return nil, desk.Wrong("page", "Ghi trang, điều, khoản trong văn bản đã ký (tối đa 200 ký tự).", "Give page and article in the signed text (200 characters at most).")
	}
	if n := utf8.RuneCountInString(a.Note); strings.TrimSpace(a.Note) == "" || n > maxNote {
		return nil, desk.Wrong("note", fmt.Sprintf("Ghi đã đối chiếu với bản nào, lưu ở đâu (tối đa %d ký tự).", maxNote), fmt.Sprintf("Say which copy was compared and where it is kept (%d characters at most).", maxNote))
	}
	open, err := proposals(ctx, s.Tx, `state = 'open' AND document = $1 AND dated = $2 AND edition = $3 AND item = $4`,
		a.Document.Number, a.Document.Date.String(), a.Edition, a.Item)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		return nil, desk.Refuse(fmt.Sprintf("Điều này đã có người đề nghị xác nhận (mục %d của nhật ký). Hãy xác nhận hoặc từ chối đề nghị đó.", open[0].Entry),
			fmt.Sprintf("This item has been proposed already (entry %d). Confirm or refuse that proposal.", open[0].Entry))
	}
	if e := editionOf(s.Rules, a.Document, a.Edition); e != nil {
		if at, done := s.Rules.Attested(e, a.Item); done && at.Choice == a.Choice {
			return nil, desk.Refuse(fmt.Sprintf("Điều này đã được xác nhận đúng cách hiểu đó (mục %d của nhật ký).", at.Entry),
				fmt.Sprintf("This item is attested with that very reading (entry %d).", at.Entry))
		}
	}
	kind, size, err := scanKept(ctx, s.Tx, a.Scan)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindProposed, Subjects: []string{a.Subject()},
		Body: attestBody{Document: a.Document.Number, Date: a.Document.Date.String(), Edition: a.Edition, Item: a.Item, Choice: a.Choice,
			Scan: a.Scan, ScanType: kind, ScanSize: size, Page: strings.TrimSpace(a.Page)},
		Blocks: []desk.DraftBlock{{Name: BlockNote, Content: strings.TrimSpace(a.Note)}}}}, nil
}

// ConfirmAttestation is the word of the second keeper, who read the signed
// text for himself: Choice is what he found there. From then on it decides.
type ConfirmAttestation struct {
	Document rule.DocRef // of the proposal
	Proposed int64
	Choice   string
}

func (a ConfirmAttestation) Name() string    { return "regulation.confirm-attestation" }
func (a ConfirmAttestation) Subject() string { return Subject(a.Document.Number, a.Document.Date) }
func (a ConfirmAttestation) Need() desk.Need { return desk.Need{Right: desk.AttestRegulation} }

// Decide demands another keeper and the same reading.
func (a ConfirmAttestation) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := openProposal(ctx, s.Tx, a.Document, a.Proposed)
	if err != nil {
		return nil, err
	}
	if p.Actor == s.Actor {
		return nil, desk.Refuse("Người đề nghị không tự xác nhận được: cần một người giữ quy định khác đọc văn bản đã ký.",
			"Whoever proposed it cannot confirm it: another regulation keeper must read the signed text.")
	}
	if one, err := account.OnePerson(ctx, s.Tx, p.Actor, s.Actor); err != nil {
		return nil, err
	} else if one {
		return nil, desk.Refuse("Hai tài khoản này của cùng một người: cần một người giữ quy định khác đọc văn bản đã ký.",
			"Both accounts belong to one person: another regulation keeper must read the signed text.")
	}
	it, err := unverified(s.Rules, p.Document, p.Edition, p.Item)
	if err != nil {
		return nil, err
	}
	if err := readingOf(it, a.Choice); err != nil {
		return nil, err
	}
	if a.Choice != p.Choice {
		return nil, desk.Refuse("Cách hiểu anh/chị đọc được khác với đề nghị, nên điều này chưa được xác nhận. Nếu đã chắc chắn, hãy từ chối đề nghị và ghi lý do.",
			"What you read differs from the proposal, so the item is not attested. If you are sure, refuse the proposal and give the reason.")
	}
	if _, _, err := scanKept(ctx, s.Tx, p.Scan); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindAttested, Subjects: []string{a.Subject()},
		Body: attestBody{Document: p.Document.Number, Date: p.Document.Date.String(), Edition: p.Edition, Item: p.Item,
			Choice: p.Choice, Scan: p.Scan, Proposed: &p.Entry}}}, nil
}

// RefuseAttestation closes a proposal without effect: the second keeper read
// otherwise, or the first takes it back. A reason is required.
type RefuseAttestation struct {
	Document rule.DocRef
	Proposed int64
	Reason   string
}

func (a RefuseAttestation) Name() string    { return "regulation.refuse-attestation" }
func (a RefuseAttestation) Subject() string { return Subject(a.Document.Number, a.Document.Date) }
func (a RefuseAttestation) Need() desk.Need { return desk.Need{Right: desk.AttestRegulation} }

// Decide records the refusal with its reason beside the tree.
func (a RefuseAttestation) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := openProposal(ctx, s.Tx, a.Document, a.Proposed)
	if err != nil {
		return nil, err
	}
	if n := utf8.RuneCountInString(a.Reason); strings.TrimSpace(a.Reason) == "" || n > maxNote {
		return nil, desk.Wrong("reason", fmt.Sprintf("Ghi lý do từ chối (tối đa %d ký tự).", maxNote), fmt.Sprintf("Give the reason (%d characters at most).", maxNote))
	}
	return []desk.Draft{{Kind: KindRefused, Subjects: []string{a.Subject()}, Body: refusedBody{Proposed: p.Entry, Withdrawn: p.Actor == s.Actor},
		Blocks: []desk.DraftBlock{{Name: BlockReason, Content: strings.TrimSpace(a.Reason)}}}}, nil
}

func editionOf(lib *rule.Library, doc rule.DocRef, id string) *rule.Edition {
	for _, e := range lib.Editions() {
		if e.Document.Ref() == doc && e.ID == id {
			return e
		}
	}
	return nil
}

func unverified(lib *rule.Library, doc rule.DocRef, edition, item string) (*rule.Item, error) {
	e := editionOf(lib, doc, edition)
	if e == nil {
		return nil, desk.Missing("Không có bản này của văn bản trong thư viện.", "The library has no such edition of the document.")
	}
	it := e.Item(item)
	if it == nil {
		return nil, desk.Missing("Bản này không có mục "+item+".", "This edition has no item "+item+".")
	}
	if it.Evidence != rule.Unverified {
		return nil, desk.Refuse("Mục này không thuộc diện chờ xác nhận.", "This item does not wait for an attestation.")
	}
	return it, nil
}

func readingOf(it *rule.Item, choice string) error {
	if choice == rule.MainReading || slices.ContainsFunc(it.Readings, func(r rule.Reading) bool { return r.ID == choice }) {
		return nil
	}
	return desk.Wrong("choice", "Hãy chọn cách hiểu đúng như văn bản đã ký.", "Choose the reading that the signed text has.")
}

func openProposal(ctx context.Context, tx *store.Tx, doc rule.DocRef, entry int64) (*Proposal, error) {
	ps, err := proposals(ctx, tx, `proposed = $1`, entry)
	if err != nil {
		return nil, err
	}
	if len(ps) == 0 || ps[0].Document != doc {
		return nil, desk.Missing("Không có đề nghị xác nhận này.", "There is no such proposal.")
	}
	if p := ps[0]; p.State != "open" {
		return nil, desk.Refuse(fmt.Sprintf("Đề nghị này đã khép lại ở mục %d của nhật ký.", p.Closed), fmt.Sprintf("This proposal was closed by entry %d.", p.Closed))
	}
	return ps[0], nil
}

// scanKept makes sure that the scan lies in the blob store and is one.
func scanKept(ctx context.Context, tx *store.Tx, hash string) (kind string, size int64, err error) {
	data, err := store.GetBlob(ctx, tx, hash)
	if errors.Is(err, store.ErrNoBlob) || errors.Is(err, sql.ErrNoRows) {
		return "", 0, desk.Wrong("scan", "Không còn bản chụp. Hãy tải lên lại.", "The scan is not here. Upload it again.")
	}
	if err != nil {
		return "", 0, err
	}
	if kind, err = ScanType(data); err != nil {
		return "", 0, err
	}
	return kind, int64(len(data)), nil
}

// parseDay reads a day this room wrote itself.
func parseDay(s string) (vn.Date, error) {
	if s == "" {
		return vn.Date{}, nil
	}
	return vn.ParseDate(s)
}
