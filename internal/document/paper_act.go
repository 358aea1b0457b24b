package document

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/vn"
)

// The entry kinds of the room.
const (
	KindPaperMade   = "document.paper-made/1"
	KindPaperSigned = "document.paper-signed/1"
	KindTemplate    = "document.template-set/1" // for all papers of an event
	KindTemplate2   = "document.template-set/2" // for the kind of paper that it names
	KindCasePaper   = "document.case-paper-made/1"
	KindPrint       = "document.print-made/1"
	KindScan        = "document.scan-attached/1"

	KindHandoverPrint = "document.handover-print-made/1"
	KindHandoverScan  = "document.handover-scan-attached/1"
)

// The names of the files that a paper binds.
const (
	PaperModelFile = "paper.json"
	PaperPDFFile   = "paper.pdf"
	PaperDOCXFile  = "paper.docx"
)

// PapersSubject is the subject of the papers of an event. It is not the event:
// making a paper must not make a form of the chain stale.
func PapersSubject(event string) string { return "papers/" + event }

// TemplateSubject is the subject of an organisation's own template; "" is the
// house as a whole.
func TemplateSubject(org string) string {
	if org == "" {
		org = "house"
	}
	return "paper-template/" + strings.TrimPrefix(org, "org/")
}

func templateSubject(org, slot string) string {
	if slot == "" {
		return TemplateSubject(org)
	}
	return TemplateSubject(org) + "/" + slot
}

// paperFact is the body of every kind of this room; what a kind does not use
// is left out.
type paperFact struct {
	Case     string              `json:"case,omitempty"`
	Event    string              `json:"event,omitempty"`
	Org      string              `json:"organisation,omitempty"`
	Paper    PaperKind           `json:"paper,omitempty"`
	About    string              `json:"about,omitempty"`
	Form     string              `json:"form,omitempty"`
	Number   int64               `json:"number,omitempty"`
	Made     vn.Date             `json:"made,omitzero"`
	Figures  []election.Citation `json:"figures,omitempty"`
	Files    map[string]string   `json:"files,omitempty"`
	Point    *election.Point     `json:"checkpoint,omitempty"`
	Template *int64              `json:"template,omitempty"` // entry of the own template; absent: as shipped
	Entry    *int64              `json:"entry,omitempty"`    // paper or minutes signed, scanned or printed
	Handover string              `json:"handover,omitempty"` // whose minutes were printed or scanned
	Content  string              `json:"content,omitempty"`  // sha256 of what a print says, without its foot
	Signed   vn.Date             `json:"signed,omitzero"`
	Signers  int64               `json:"signers,omitempty"`
	Version  int64               `json:"version,omitempty"`
	Slot     string              `json:"slot,omitempty"` // kind of paper a template is for
	Print    PrintKind           `json:"print,omitempty"`
	File     string              `json:"file,omitempty"` // sha256 of the template; "" resets
}

// RecordPaper records a paper that was made: its figures with the entries they
// cite and its files by hash. MakePaper draws it up; Decide checks every
// number of the model again.
type RecordPaper struct {
	Event    string
	Org      string
	Files    map[string]string
	Template *int64
	Model    json.RawMessage // canonical paper; personal content
}

func (a RecordPaper) Name() string    { return "document.record-paper" }
func (a RecordPaper) Subject() string { return PapersSubject(a.Event) }
func (a RecordPaper) Need() desk.Need { return paperNeed(a.Event, a.Org) }

func paperNeed(event, org string) desk.Need {
	return desk.Need{Right: desk.MakeMinutes, Org: org, Case: election.EventSubject(event)}
}

// Decide refuses a paper with a number that no entry holds.
func (a RecordPaper) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := ofEvent(ctx, s, a.Event, a.Org); err != nil {
		return nil, err
	}
	p, err := ParsePaper(a.Model)
	if err != nil || p.Event != a.Event {
		return nil, desk.Wrong("model", "Nội dung giấy không đọc được; hãy lập lại.", "The paper cannot be read; make it again.")
	}
	f, err := recordPaper(ctx, s, p, a.Model, a.Files, a.Template)
	if err != nil {
		return nil, err
	}
	f.Event = a.Event
	return []desk.Draft{story.Draft(KindPaperMade, []string{a.Subject()}, f, a.Model)}, nil
}

// recordPaper checks the numbers, the checkpoint and the hashes of a paper that
// is to be recorded, and gives the body of its entry.
func recordPaper(ctx context.Context, s *desk.Scene, p *Paper, model json.RawMessage, files map[string]string, template *int64) (*paperFact, error) {
	if err := p.Check(ctx, s.Tx); err != nil {
		return nil, err
	}
	root, err := tlog.TreeHash(p.Point.Size, ledger.Reader(desk.Hashes(ctx, s.Tx)))
	if p.Point.Size < 1 || p.Point.Size > s.Head+1 || err != nil || hex.EncodeToString(root[:]) != p.Point.Root || (ledger.Checkpoint{Size: p.Point.Size, Root: root}).PaperCode() != p.Point.Code {
		return nil, desk.Wrong("checkpoint", "Điểm chứng trên giấy không khớp với nhật ký; hãy lập lại.", "The checkpoint on the paper does not fit the ledger; make it again.")
	}
	for _, name := range []string{PaperModelFile, PaperPDFFile, PaperDOCXFile} {
		if raw, err := hex.DecodeString(files[name]); err != nil || len(raw) != 32 || len(files) != 3 {
			return nil, desk.Wrong("files", "Mã băm của tệp sai.", "A file has a wrong hash.")
		}
	}
	if files[PaperModelFile] != hash(model) {
		return nil, desk.Wrong("files", "Mã băm của nội dung giấy sai.", "The hash of the paper's model is wrong.")
	}
	f := &paperFact{Paper: p.Kind, About: p.About, Form: p.Form, Number: p.Number, Made: p.Made, Files: files, Point: &p.Point, Template: template}
	for i, x := range p.Figures {
		if x.Field != "" {
			f.Figures = append(f.Figures, election.Citation{N: i + 1, Value: x.Value, Entry: x.Entry, Field: x.Field})
		}
	}
	return f, nil
}

func ofEvent(ctx context.Context, s *desk.Scene, event, org string) error {
	ev, err := election.GetEvent(ctx, s.Tx, event)
	if err != nil {
		return err
	}
	if ev.Org != org {
		return desk.Wrong("org", "Sự kiện này thuộc tổ chức khác; hãy tải lại trang.", "The event belongs to another organisation; reload the page.")
	}
	return nil
}

// SignPaper records that a paper, or counting minutes, was signed by hand: who, when, where the
// original lies. Said again it needs a reason, and the older one stays.
type SignPaper struct {
	Event, Org string
	Entry      int64 // of the paper, or of counting minutes
	Day        vn.Date
	Who        []string
	Where      string
	Reason     string
}

// signedWords is the block beside the entry: personal content.
type signedWords struct {
	Who    []string `json:"who"`
	Where  string   `json:"where"`
	Reason string   `json:"reason,omitempty"`
}

func (a SignPaper) Name() string    { return "document.sign-paper" }
func (a SignPaper) Subject() string { return PapersSubject(a.Event) }
func (a SignPaper) Need() desk.Need { return paperNeed(a.Event, a.Org) }

// Decide refuses a day before the paper was made or after today, nobody, and
// no place.
func (a SignPaper) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := ofEvent(ctx, s, a.Event, a.Org); err != nil {
		return nil, err
	}
	made, signed, err := signable(ctx, s.Tx, a.Event, a.Entry)
	if err != nil {
		return nil, err
	}
	w := signedWords{Where: strings.TrimSpace(a.Where), Reason: strings.TrimSpace(a.Reason)}
	for _, n := range a.Who {
		if n = vn.NormalizeName(n); n != "" {
			w.Who = append(w.Who, n)
		}
	}
	switch {
	case len(w.Who) == 0 || len(w.Who) > 20 || len(strings.Join(w.Who, "")) > 4000:
		return nil, desk.Wrong("who", "Ghi họ tên người ký, mỗi người một dòng (không quá 20 người).", "Write who signed, one a line (20 at most).")
	case w.Where == "" || vn.Longer(w.Where, 400):
		return nil, desk.Wrong("where", "Ghi nơi lưu bản ký.", "Write where the signed original lies.")
	case a.Day.IsZero() || a.Day.Before(made) || s.Today.Before(a.Day):
		return nil, desk.Wrong("day", "Ngày ký phải từ ngày lập giấy ("+made.Vietnamese()+") đến hôm nay.", "The day of signing lies between the day of the paper and today.")
	case signed && w.Reason == "":
		return nil, desk.Wrong("reason", "Giấy này đã được ghi là đã ký; muốn ghi lại phải nêu lý do.", "This paper is recorded as signed already; to record it again give the reason.")
	case vn.Longer(w.Reason, 2000):
		return nil, desk.Wrong("reason", "Lý do dài quá.", "The reason is too long.")
	}
	return []desk.Draft{story.Draft(KindPaperSigned, []string{a.Subject()},
		paperFact{Event: a.Event, Entry: &a.Entry, Signed: a.Day, Signers: int64(len(w.Who))}, w)}, nil
}

// SetTemplate makes a Word template the organisation's own for its papers, or
// (with no file) goes back to the shipped one. Versions are kept.
type SetTemplate struct {
	Org    string
	Slot   string // kind of paper, as Slot.ID; "" are all papers of an event
	File   string // sha256, hex; "" resets
	Reason string
}

func (a SetTemplate) Name() string    { return "document.set-template" }
func (a SetTemplate) Subject() string { return templateSubject(a.Org, a.Slot) }
func (a SetTemplate) Need() desk.Need { return desk.Need{Right: desk.MakeMinutes, Org: a.Org} }

var slotID = regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)

// Decide numbers the version; resetting what is not changed is refused.
func (a SetTemplate) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !slotID.MatchString(a.Slot) {
		return nil, desk.Wrong("slot", "Không có loại giấy này.", "There is no such paper.")
	}
	vs, err := templatesOf(ctx, s.Tx, a.Subject())
	if err != nil {
		return nil, err
	}
	if a.File == "" && (len(vs) == 0 || vs[len(vs)-1].File == "") {
		return nil, desk.Refuse("Đang dùng mẫu có sẵn, không có gì để trả về.", "The shipped template is in use already.")
	}
	if raw, err := hex.DecodeString(a.File); err != nil || a.File != "" && len(raw) != 32 {
		return nil, desk.Wrong("file", "Mã băm của tệp mẫu sai.", "The template's hash is wrong.")
	}
	if a.Reason = strings.TrimSpace(a.Reason); a.Reason == "" || vn.Longer(a.Reason, 2000) {
		return nil, desk.Wrong("reason", "Ghi lý do thay mẫu (không quá 2.000 ký tự).", "Give the reason for changing the template.")
	}
	kind := KindTemplate
	if a.Slot != "" {
		kind = KindTemplate2
	}
	return []desk.Draft{story.Draft(kind, []string{a.Subject()}, paperFact{Org: a.Org, Slot: a.Slot, Version: int64(len(vs) + 1), File: a.File}, a.Reason)}, nil
}
