package document

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/figure"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PaperSetting is what the person who makes a paper adds.
type PaperSetting struct {
	Number  int64  // from văn thư; 0 leaves it open
	Organ   string // abbreviation in the number
	Upper   string
	Body    string
	Place   string
	Notes   string // course of the meeting
	Signers []Signer
	To      []string
	Seal    Seal
}

// typed drops the braces that hold places of figures from what people write.
func typed(s string) string {
	return strings.TrimSpace(strings.NewReplacer("{", "(", "}", ")", "\r\n", "\n").Replace(s))
}

// writer sets the figures of a paper as it is written.
type writer struct {
	*Paper
	ctx   context.Context
	tx    *store.Tx
	lib   *rule.Library
	chain *election.Chain
	known map[string]int // figure already cited: entry and field → place
}

func place(n int) string { return fmt.Sprintf("{%d}", n) }

// fig cites a number of an entry and gives its place.
func (w *writer) fig(v, entry int64, field string) int {
	key := fmt.Sprintf("%d %s", entry, field)
	if n, ok := w.known[key]; ok {
		return n
	}
	w.Figures = append(w.Figures, PaperFigure{Value: v, Entry: entry, Field: field})
	w.known[key] = len(w.Figures)
	return len(w.Figures)
}

// meet cites a number of a meeting as it stands.
func (w *writer) meet(m *meeting.State, field string) int {
	v, _ := asOf(m, field)
	return w.fig(v, m.Last, "as-of."+field)
}

func (w *writer) share(part, of int) string {
	a, b := w.Figures[part-1].Value, w.Figures[of-1].Value
	if b <= 0 {
		return ""
	}
	w.Figures = append(w.Figures, PaperFigure{Share: []int{part, of}, Text: figure.Percent(a, b)})
	return place(len(w.Figures))
}

func (w *writer) part(head string, text ...string) *Part {
	w.Parts = append(w.Parts, Part{Head: head, Text: text})
	return &w.Parts[len(w.Parts)-1]
}

func (w *writer) table(head, id string, rows [][]string) {
	if len(rows) > 0 {
		w.part(head).Table = &PaperTable{ID: id, Rows: rows}
	}
}

func (w *writer) name(id string, day vn.Date) (string, error) {
	ns, err := names(w.ctx, w.tx, []string{id}, day)
	if err != nil {
		return "", err
	}
	return typed(ns[0]), nil
}

// DraftPaper writes a paper of an event as it would be made now. about is the
// contest of a list or of poll minutes, or the meeting of a credentials report.
func DraftPaper(ctx context.Context, tx *store.Tx, lib *rule.Library, kind PaperKind, event, about string, set PaperSetting, today vn.Date, point ledger.Checkpoint, key string) (*Paper, error) {
	chain, err := election.LoadChain(ctx, tx, lib, event)
	if err != nil {
		return nil, err
	}
	form, err := FormOn(today)
	if err != nil {
		return nil, err
	}
	if err := set.validate(form); err != nil {
		return nil, err
	}
	ev := chain.Event
	p := set.head(kind, about, form, today, point, key)
	p.Event, p.Sample = event, ev.Sample
	if p.Body == "" {
		p.Body = typed(ev.Title.VI)
	}
	w := &writer{p, ctx, tx, lib, chain, map[string]int{}}
	switch kind {
	case ElectionMinutes:
		err = w.electionMinutes()
	case PollMinutes:
		err = w.pollMinutes()
	case ListPaper:
		err = w.listVoted()
	case Credentials:
		err = w.credentials()
	case UpperReport:
		err = w.report()
	case Script:
		err = w.script()
	default:
		return nil, desk.Wrong("paper", "Hãy chọn loại giấy.", "Choose a paper.")
	}
	if err != nil {
		return nil, err
	}
	if n := typed(set.Notes); n != "" {
		w.part("Diễn biến", n)
	}
	p.endBasis()
	return p, nil
}

// head is a paper with what every paper has of its own setting: heads, signers,
// recipients, the checkpoint and where it is printed.
func (set PaperSetting) head(kind PaperKind, about string, form PartyForm, today vn.Date, point ledger.Checkpoint, key string) *Paper {
	p := &Paper{V: 1, Kind: kind, About: about, Form: form.ID, Upper: typed(set.Upper), Body: typed(set.Body), Number: set.Number,
		Organ: typed(set.Organ), Place: typed(set.Place), Made: today, Seal: set.Seal, Key: key, To: typedLines(set.To),
		Point: election.Point{Size: point.Size, Root: hex.EncodeToString(point.Root[:]), Code: point.PaperCode()}}
	if p.Seal == "" {
		p.Seal = SealFooter
	}
	for _, s := range set.Signers {
		if s = (Signer{typed(s.For), typed(s.Post), vn.NormalizeName(typed(s.Name))}); s != (Signer{}) {
			p.Signers = append(p.Signers, s)
		}
	}
	return p
}

// typedLines are lines that people wrote, empty ones left out.
func typedLines(in []string) (out []string) {
	for _, s := range in {
		if s = typed(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// endBasis ends each ground, one a line, with ";", the last with ",".
func (p *Paper) endBasis() {
	for i := range p.Basis {
		end := ";"
		if i == len(p.Basis)-1 {
			end = ","
		}
		p.Basis[i] += end
	}
}

func (set PaperSetting) validate(form PartyForm) error {
	if set.Number < 0 || set.Number > 99999 {
		return desk.Wrong("number", "Số văn bản không hợp lệ.", "The number is not valid.")
	}
	for field, s := range map[string]string{"organ": set.Organ, "upper": set.Upper, "body": set.Body, "place": set.Place} {
		if vn.Longer(s, 300) {
			return desk.Wrong(field, "Nội dung dài quá.", "This is too long.")
		}
	}
	if vn.Longer(set.Notes, 8000) || len(set.Signers) > 2 || len(set.To) > 20 || len(strings.Join(set.To, "")) > 4000 {
		return desk.Wrong("notes", "Diễn biến, người ký hoặc nơi nhận dài quá.", "The notes, the signers or the recipients are too long.")
	}
	for _, s := range set.Signers {
		if len(s.For)+len(s.Post)+len(s.Name) > 600 {
			return desk.Wrong("signers", "Nội dung ký dài quá.", "The signature is too long.")
		}
		if up := strings.ToUpper(s.For + " " + s.Post); !form.Deputy && (strings.Contains(up, "K/T") || strings.Contains(up, "KT.")) {
			return desk.Wrong("signers", "Từ "+form.Document+" ngày "+form.Date.Vietnamese()+", cấp ủy làm việc tập thể không ký K/T; hãy ghi T/M và chức vụ.",
				"Since "+form.Document+" a committee does not sign K/T (for and on behalf of a post); write T/M and the post.")
		}
	}
	switch set.Seal {
	case "", SealFooter, SealSlip, SealNone:
		return nil
	}
	return desk.Wrong("seal", "Hãy chọn nơi in điểm chứng.", "Choose where the checkpoint is printed.")
}

// meetings are the meetings of the event, each once, in the order of the chain.
func (w *writer) meetings() (out []*meeting.State) {
	for _, it := range w.chain.Items {
		if it.Meet != nil && !slices.ContainsFunc(out, func(m *meeting.State) bool { return m.ID == it.Meet.ID }) {
			out = append(out, it.Meet)
		}
	}
	return out
}

func (w *writer) hand(h *election.Hand, entry int64, field string) string {
	if h == nil {
		return ""
	}
	return fmt.Sprintf("biểu quyết: tán thành %s, không tán thành %s, ý kiến khác %s, trên %s có quyền biểu quyết",
		place(w.fig(h.For, entry, field+".for")), place(w.fig(h.Against, entry, field+".against")), place(w.fig(h.Other, entry, field+".other")), place(w.fig(h.Base, entry, field+".base")))
}

// present are the sentences that open a paper: who came.
func (w *writer) present() {
	part := w.part("Thành phần dự")
	for _, m := range w.meetings() {
		s := fmt.Sprintf("%s, ngày %s: triệu tập %s, có mặt %s, vắng mặt %s.", typed(m.Title.VI), m.Date.Vietnamese(), place(w.meet(m, "summoned")), place(w.meet(m, "present")), place(w.meet(m, "absent")))
		if n := w.meet(m, "alternates"); w.Figures[n-1].Value > 0 {
			s += fmt.Sprintf(" Số dự khuyết thay thế: %s.", place(n))
		} else {
			w.drop(n)
		}
		part.Text = append(part.Text, s)
	}
	if len(part.Text) == 0 {
		part.Text = []string{"Số người dự theo biên bản kiểm phiếu của từng nội dung bầu."}
	}
}

// drop takes back the last figure where the text does not use it.
func (w *writer) drop(n int) {
	if n == len(w.Figures) {
		f := w.Figures[n-1]
		delete(w.known, fmt.Sprintf("%d %s", f.Entry, f.Field))
		w.Figures = w.Figures[:n-1]
	}
}
