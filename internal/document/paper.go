package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/figure"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PaperKind is one of the papers of an event beside the counting minutes.
type PaperKind string

// The papers.
const (
	ElectionMinutes PaperKind = "election-minutes" // biên bản bầu cử, of the whole event
	PollMinutes     PaperKind = "poll-minutes"     // of an opinion or introduction poll (form 5)
	ListPaper       PaperKind = "list-voted"       // danh sách bầu cử
	Credentials     PaperKind = "credentials"      // báo cáo thẩm tra tư cách đại biểu
	UpperReport     PaperKind = "report"           // to the upper committee
	Script          PaperKind = "script"           // kịch bản điều hành
)

// PaperKinds lists them in the order in which they are needed.
var PaperKinds = []PaperKind{Script, Credentials, ListPaper, PollMinutes, ElectionMinutes, UpperReport}

// PaperWords names a kind of paper.
func PaperWords(k PaperKind) rule.Words { return paperWords[k] }

var paperWords = map[PaperKind]rule.Words{
	ElectionMinutes: {VI: "Biên bản bầu cử", EN: "Election minutes"},
	PollMinutes:     {VI: "Biên bản kiểm phiếu lấy ý kiến, giới thiệu", EN: "Minutes of the poll"},
	ListPaper:       {VI: "Danh sách bầu cử", EN: "List voted"},
	Credentials:     {VI: "Báo cáo thẩm tra tư cách đại biểu", EN: "Credentials report"},
	UpperReport:     {VI: "Báo cáo kết quả bầu cử lên cấp trên", EN: "Report to the upper level"},
	Script:          {VI: "Kịch bản điều hành", EN: "Script of the session"},
	StepMinutes:     {VI: "Biên bản kiểm phiếu", EN: "Counting minutes of a step"},
	ExtractList:     {VI: "Danh sách trích ngang", EN: "Extract list"},
	CourseSheet:     {VI: "Diễn biến quy trình", EN: "Course of the procedure"},
	Submission:      {VI: "Tờ trình", EN: "Submission"},
	AppraisalSheet:  {VI: "Phiếu thẩm định", EN: "Appraisal sheet"},
	CaseDecision:    {VI: "Quyết định", EN: "Decision"},
}

// Paper is one paper as a model: the Word file and the PDF are drawn from it
// and from nothing else. A text holds its numbers as {1}, {2} …: the places of
// Figures, so that no number of the record can stand in it uncited.
type Paper struct {
	V       int            `json:"v"`
	Kind    PaperKind      `json:"kind"`
	Event   string         `json:"event"`           // "" for a paper of a personnel case
	Case    string         `json:"case,omitempty"`  // personnel case
	About   string         `json:"about,omitempty"` // contest, meeting or person, "" for the whole event or case
	Wide    bool           `json:"wide,omitempty"`  // landscape
	Class   string         `json:"class,omitempty"` // mark of secrecy, as printed
	Sample  bool           `json:"sample,omitempty"`
	Form    string         `json:"form"` // edition of the Party document form
	Upper   string         `json:"upper,omitempty"`
	Body    string         `json:"body"`
	Number  int64          `json:"number,omitempty"` // from văn thư, 0 left open
	Organ   string         `json:"organ,omitempty"`  // abbreviation of the issuing body, e.g. "ĐU"
	Sign    string         `json:"sign,omitempty"`   // line of number and sign as typed, where the form knows none
	Place   string         `json:"place,omitempty"`
	Made    vn.Date        `json:"made"`
	Type    string         `json:"type"`
	Subject []string       `json:"subject"`
	Address []string       `json:"address,omitempty"` // "Kính trình", "Kính gửi"
	Basis   []string       `json:"basis,omitempty"`
	Parts   []Part         `json:"parts"`
	Figures []PaperFigure  `json:"figures"`
	Signers []Signer       `json:"signers"`
	To      []string       `json:"to,omitempty"`
	Seal    Seal           `json:"seal"`
	Point   election.Point `json:"point"`
	Key     string         `json:"key"`
}

// Part is a section: its head, paragraphs, and a table or none. Said is the
// entry whose words its only paragraph repeats; such words are not searched for
// numbers, they are what somebody wrote.
type Part struct {
	Head  string      `json:"head,omitempty"`
	Mid   bool        `json:"mid,omitempty"`  // the head stands in the middle
	Said  int64       `json:"said,omitempty"` // entry of the words, 0 for none
	Text  []string    `json:"text,omitempty"`
	Table *PaperTable `json:"table,omitempty"`
}

// PaperTable is a table of a kind that the template knows.
type PaperTable struct {
	ID   string     `json:"id"`
	Rows [][]string `json:"rows"`
}

// PaperFigure is a number of a paper with where it comes from.
type PaperFigure = figure.Figure

// Signer is one block of signatures: the authority ("T/M ĐOÀN CHỦ TỊCH"), the
// post and the name.
type Signer struct {
	For  string `json:"for"`
	Post string `json:"post,omitempty"`
	Name string `json:"name,omitempty"`
}

// Canonical are the bytes of paper.json and of the ledger block.
func (p *Paper) Canonical() ([]byte, error) { return json.Marshal(p) }

// ParsePaper reads the canonical form of any published version.
func ParsePaper(raw []byte) (*Paper, error) {
	p := &Paper{}
	if err := json.Unmarshal(raw, p); err != nil {
		return nil, fmt.Errorf("document: paper: %w", err)
	}
	if p.V != 1 || !slices.Contains(PaperKinds, p.Kind) && !slices.Contains(CasePaperKinds, p.Kind) {
		return nil, errors.New("document: a paper of a kind or version not known here")
	}
	return p, nil
}

// Say is a text with its numbers set in.
func (p *Paper) Say(text string) string { return figure.Say(p.Figures, text) }

// texts are all texts of the body, in the order of the paper; number says that
// only numbers stand in the cell.
func (p *Paper) texts(do func(text string, number bool)) {
	for _, s := range p.Subject {
		do(s, false)
	}
	for _, part := range p.Parts {
		do(part.Head, false)
		for _, t := range part.Text {
			if part.Said == 0 {
				do(t, false)
			}
		}
		if part.Table != nil {
			for _, r := range part.Table.Rows {
				for i, c := range r {
					do(c, i < len(paperTables[part.Table.ID]) && paperTables[part.Table.ID][i].align == "right")
				}
			}
		}
	}
}

// shaped says whether every table is of a kind that is known, with its columns.
func (p *Paper) shaped() bool {
	for _, part := range p.Parts {
		if part.Table == nil {
			continue
		}
		cols := paperTables[part.Table.ID]
		if cols == nil || slices.ContainsFunc(part.Table.Rows, func(r []string) bool { return len(r) != len(cols) }) {
			return false
		}
	}
	_, err := formOf(p.Form)
	return err == nil
}

// Check holds every number of the paper against the ledger. A number that no
// entry holds, a place that does not exist, a figure that stands nowhere and a
// number written past the figures are refused.
func (p *Paper) Check(ctx context.Context, tx *store.Tx) error {
	if !p.shaped() {
		return desk.Wrong("model", "Bảng của giấy không đúng kiểu; hãy lập lại.", "A table of the paper has a wrong shape; make it again.")
	}
	if err := p.checkSaid(ctx, tx); err != nil {
		return err
	}
	x := figure.Paper{Figures: p.Figures}
	p.texts(func(text string, number bool) { x.Texts = append(x.Texts, figure.Text{Says: text, Number: number}) })
	c := &checker{ctx: ctx, tx: tx, bodies: map[int64]any{}, subjects: map[int64]string{}, meetings: map[int64]*meeting.State{}}
	bad, err := x.Check(func(f figure.Figure) (bool, error) { return c.holds(p, f) })
	switch {
	case err != nil:
		return err
	case bad == nil:
		return nil
	case bad.Place == 0:
		return desk.Wrong("numbers", "Giấy có số không dẫn mục nhật ký nào: “"+bad.Text+"”.", "The paper has a number that cites no entry: “"+bad.Text+"”.")
	}
	f := p.Figures[bad.Place-1]
	return desk.Wrong("numbers", fmt.Sprintf("Số thứ %d của giấy (%d) không phải số trong mục %d, trường %s.", bad.Place, f.Value, f.Entry, f.Field),
		fmt.Sprintf("Number %d of the paper (%d) is not the one in entry %d, field %s.", bad.Place, f.Value, f.Entry, f.Field))
}

type checker struct {
	ctx      context.Context
	tx       *store.Tx
	bodies   map[int64]any
	subjects map[int64]string
	meetings map[int64]*meeting.State
}

// holds says whether a figure is what the entry it cites says.
func (c *checker) holds(p *Paper, f PaperFigure) (bool, error) {
	if err := c.load(f.Entry); err != nil {
		return false, err
	}
	about := c.subjects[f.Entry]
	if field, ok := strings.CutPrefix(f.Field, "as-of."); ok {
		id, is := strings.CutPrefix(about, "meeting/")
		if !is {
			return false, nil
		}
		m := c.meetings[f.Entry]
		if m == nil {
			var err error
			if m, err = meeting.At(c.ctx, c.tx, id, f.Entry); err != nil || m == nil {
				return false, err
			}
			c.meetings[f.Entry] = m
		}
		v, ok := asOf(m, field)
		return ok && v == f.Value, nil
	}
	if p.Case != "" {
		if about != procedure.Subject(p.Case) {
			return false, nil
		}
	} else if about != election.EventSubject(p.Event) && !strings.HasPrefix(about, "meeting/") && !strings.HasPrefix(about, election.ContestSubject(p.Event)+"/") {
		return false, nil
	}
	if path, ok := strings.CutSuffix(f.Field, ".#"); ok {
		body, _ := c.bodies[f.Entry].(map[string]any)
		l, ok := body[path].([]any)
		return ok && int64(len(l)) == f.Value, nil
	}
	v, ok := election.FieldValue(c.bodies[f.Entry], f.Field)
	return ok && v == f.Value, nil
}

func (c *checker) load(entry int64) error {
	if _, ok := c.bodies[entry]; ok {
		return nil
	}
	rec, err := desk.GetRecord(c.ctx, c.tx, entry)
	if err != nil {
		return err
	}
	var body any
	dec := json.NewDecoder(strings.NewReader(string(rec.Body)))
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		return fmt.Errorf("document: entry %d: %w", entry, err)
	}
	c.bodies[entry], c.subjects[entry] = body, rec.Subjects[0].ID
	return nil
}

// asOf is a number of a meeting, at its voting session: "summoned", "present",
// "absent", "alternates", "guests", "deducted", or of one delegation:
// "delegation.<org>.summoned" and so on, and "sessions".
func asOf(m *meeting.State, field string) (int64, bool) {
	x := m.Voting()
	if rest, ok := strings.CutPrefix(field, "delegation."); ok {
		at := strings.LastIndexByte(rest, '.')
		if at < 0 {
			return 0, false
		}
		part := *m
		part.People, part.Incumbents = slices.Clone(m.People), nil
		part.People = slices.DeleteFunc(part.People, func(a meeting.Attendee) bool { return a.Delegation != rest[:at] })
		m, field = &part, rest[at+1:]
	}
	c := m.Counts(x)
	switch field {
	case "summoned":
		return c.Summoned, true
	case "present":
		return c.Present, true
	case "absent":
		return c.Absent, true
	case "alternates":
		return c.Alternates, true
	case "guests":
		return c.Guests, true
	case "deducted":
		return int64(len(m.Deductions)), true
	}
	return 0, false
}

// Missing are the texts of the body, with their numbers set in, that do not
// stand in a drawn text; space is not looked at.
func (p *Paper) Missing(drawn string) (out []string) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	drawn = squeeze(drawn)
	p.texts(func(text string, _ bool) {
		if s := p.Say(text); !strings.Contains(drawn, squeeze(s)) {
			out = append(out, s)
		}
	})
	return out
}
