// Package document makes the papers of a contest: minutes as one canonical
// model, from which the page, the PDF and the ledger entry are all drawn. Each
// number of the minutes cites the entry and the field it stands in, in the
// order in which it stands on the paper, so that the paper can be ticked
// against the ledger; each sentence of a verdict stands with its article.
//
//	rc, err := document.MakeMinutes(ctx, d, db, actor, formID, seen, "qh15/dak-nong/1", document.Setting{Place: "Gia Nghĩa"})
//
// The files are bound by hash: minutes.json is the model; minutes.pdf and
// minutes.docx are drawn from it and from nothing else, byte for byte the same each time.
package document

import (
	"encoding/json"
	"errors"
	"fmt"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Seal says where the checkpoint stands.
type Seal string

// The places of the checkpoint: at the foot of each page, on a slip of its own
// (phiếu kiểm chứng), or nowhere.
const (
	SealFooter Seal = "footer"
	SealSlip   Seal = "slip"
	SealNone   Seal = "none"
)

// RowOrder is the order of the candidates' rows.
type RowOrder string

// The orders: as on the ballot, or by votes where the record does not say how
// the names stood on the ballot.
const (
	OrderBallot RowOrder = ""
	OrderVotes  RowOrder = "votes"
)

// Setting is what the person who makes the minutes adds to the figures.
type Setting struct {
	Place      string   // where they are made
	Started    string   // hour, as written
	Ended      string   // hour, as written
	Upper      string   // organisation above, first line of the heading
	Body       string   // whose congress or meeting, second line; "" is the place of the contest
	Board      []Member // counting board or election board, its head first
	Witnesses  []Member // two voters, or the presidium
	Notes      string   // course of the election
	Complaints string   // complaints received, settled, forwarded
	Seal       Seal     // where the checkpoint stands; "" is the footer
}

// Member is a person who signs.
type Member struct {
	Role string `json:"role"`
	Name string `json:"name"`
}

// Model is the minutes, whole.
type Model struct {
	V          int           `json:"v"`
	Family     string        `json:"family"` // "state" or "party"
	Contest    string        `json:"contest"`
	Sample     bool          `json:"sample,omitempty"`
	Event      rule.Words    `json:"event"`
	Title      rule.Words    `json:"title"`
	Upper      string        `json:"upper,omitempty"`
	Body       string        `json:"body"` // who makes the minutes: organisation or election board
	Area       string        `json:"area,omitempty"`
	Held       vn.Date       `json:"held"`
	Made       vn.Date       `json:"made"`
	Place      string        `json:"place,omitempty"`
	Started    string        `json:"started,omitempty"`
	Ended      string        `json:"ended,omitempty"`
	Round      int           `json:"round,omitempty"`
	Basis      []Basis       `json:"basis"`
	Figures    []Figure      `json:"figures"`
	Deductions []Deduction   `json:"deductions,omitempty"`
	Of         string        `json:"of"` // what shares are taken of
	Order      RowOrder      `json:"order,omitempty"`
	Candidates []Candidate   `json:"candidates"`
	Elected    []string      `json:"elected"` // candidate ids, most votes first
	Status     string        `json:"status"`
	Poll       bool          `json:"poll,omitempty"` // the rules elect nobody: persons go on, or are only counted
	Next       vote.Next     `json:"next"`
	Verdicts   []VerdictLine `json:"verdicts"`
	Findings   []rule.Words  `json:"findings,omitempty"`
	Count      *Count        `json:"count,omitempty"` // how the ballots were read; nil without a box
	Notes      string        `json:"notes,omitempty"`
	Complaints string        `json:"complaints,omitempty"`
	Board      []Member      `json:"board,omitempty"`
	Witnesses  []Member      `json:"witnesses,omitempty"`
	Template   int64         `json:"template,omitempty"` // entry of the own template; 0 is the shipped one
	Recorded   int64         `json:"recorded"`           // entry of the figures
	Counted    int64         `json:"counted"`            // entry of the verdict
	Seal       Seal          `json:"seal"`
	Size       int64         `json:"size"` // of the checkpoint
	Code       string        `json:"code"` // paper code of the checkpoint
	Key        string        `json:"key"`  // fingerprint of the log key
}

// Basis is a document the minutes stand on.
type Basis struct {
	Number string     `json:"number"`
	Date   vn.Date    `json:"date"`
	Title  rule.Words `json:"title"`
}

// Figure is one line of numbers. N is its place among the cited numbers, from
// 1; a figure that is reckoned from others has N 0 and says how.
type Figure struct {
	Label   rule.Words `json:"label"`
	N       int        `json:"n,omitempty"`
	Value   int64      `json:"value"`
	Entry   int64      `json:"entry,omitempty"`
	Field   string     `json:"field,omitempty"`
	Reckon  string     `json:"reckon,omitempty"` // e.g. "(3) − (4)"
	Share   string     `json:"share,omitempty"`  // percent, with what it is of in ShareOf
	ShareOf rule.Words `json:"share_of,omitzero"`
	Indent  bool       `json:"indent,omitempty"`
}

// Deduction is one reason that takes persons off the base.
type Deduction struct {
	Reason string   `json:"reason"`
	Says   string   `json:"says"`
	Figure Figure   `json:"figure"`
	Who    []string `json:"who,omitempty"`   // person ids
	Names  []string `json:"names,omitempty"` // of them, as the registry has them
}

// Candidate is one row of the result, in the order the model names.
type Candidate struct {
	ID      string       `json:"id"`
	Place   int          `json:"place"`
	Title   string       `json:"title,omitempty"`
	Name    string       `json:"name"`
	Votes   Figure       `json:"votes"`
	Against *Figure      `json:"against,omitempty"`
	Middle  *Figure      `json:"middle,omitempty"` // of three levels of confidence
	Share   string       `json:"share"`
	Outcome vote.Outcome `json:"outcome"`
}

// VerdictLine is one verdict as the minutes print it.
type VerdictLine struct {
	Holds    bool          `json:"holds"`
	Says     rule.Words    `json:"says"`
	Document string        `json:"document"`
	Date     vn.Date       `json:"date"`
	Article  string        `json:"article"`
	Evidence rule.Evidence `json:"evidence"`
}

// Canonical are the bytes of minutes.json and of the ledger block: one compact
// JSON object.
func (m *Model) Canonical() ([]byte, error) { return json.Marshal(m) }

// Parse reads the canonical form of any published version.
func Parse(raw []byte) (*Model, error) {
	m := &Model{}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, fmt.Errorf("document: minutes: %w", err)
	}
	if m.V != 1 {
		return nil, fmt.Errorf("document: minutes of version %d are not known here", m.V)
	}
	if len(m.Figures) == 0 || m.Contest == "" {
		return nil, errors.New("document: minutes without figures")
	}
	return m, nil
}

// Numbers are the cited numbers in the order of the paper.
func (m *Model) Numbers() []election.Citation {
	var out []election.Citation
	add := func(f Figure) {
		if f.N > 0 {
			out = append(out, election.Citation{N: f.N, Value: f.Value, Entry: f.Entry, Field: f.Field})
		}
	}
	for _, f := range m.Figures {
		add(f)
	}
	for _, d := range m.Deductions {
		add(d.Figure)
	}
	for _, c := range m.Candidates {
		add(c.Votes)
		if c.Against != nil {
			add(*c.Against)
		}
	}
	return out
}
