package document

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// Count is how the ballots were read: which readings of each pile agreed, what
// another program found, and how the doubtful ballots were settled. Entries are
// those of the ledger; what a ballot says is not told.
type Count struct {
	Box    string      `json:"box"`
	Mode   string      `json:"mode"` // as ballotbox.Mode
	Piles  []PileRead  `json:"piles"`
	Others []OtherRead `json:"others,omitempty"`
	Sheets []SheetRead `json:"sheets,omitempty"`
	Doubts []DoubtRead `json:"doubts,omitempty"`
}

// PileRead is a pile; of totals typed twice it is the whole box. Attempt is
// which reading of it agreed, from 1; Agreed the entry of the comparison.
type PileRead struct {
	Pile     int      `json:"pile"`
	Size     int      `json:"size,omitempty"`
	Attempt  int      `json:"attempt"`
	Agreed   int64    `json:"agreed"`
	Readings []ReadBy `json:"readings"`
}

// ReadBy is one reading of a pile. Kind "scan" is a scanner's, else a station's.
type ReadBy struct {
	Kind    string `json:"kind"`
	Station int    `json:"station,omitempty"`
	Entry   int64  `json:"entry"`
	Same    bool   `json:"same"`
}

// OtherRead is the result of another program held against the count.
type OtherRead struct {
	Source string `json:"source"`
	Entry  int64  `json:"entry"`
	Same   bool   `json:"same"`
}

// SheetRead is a scanned sheet that a person settled, without what it bears.
// Entry is that of the list of its pile, so that no time is finer than the pile.
type SheetRead struct {
	Pile int `json:"pile"`
	ballotbox.ListedSheet
	Entry int64 `json:"entry"`
}

// DoubtRead is a doubtful ballot as the board decided it.
type DoubtRead struct {
	Pile   int    `json:"pile"`
	N      int    `json:"n"`
	Valid  bool   `json:"valid"`
	Cause  string `json:"cause,omitempty"`
	Reason string `json:"reason"`
	Entry  int64  `json:"entry"`
}

// countOf tells how a contest was counted; nil where no box was, or its head
// has not reported.
func countOf(ctx context.Context, tx *store.Tx, lib *rule.Library, contest string) (*Count, error) {
	boxes, err := ballotbox.ByCase(ctx, tx, election.ContestSubject(contest))
	if err != nil || len(boxes) == 0 {
		return nil, err
	}
	b := boxes[len(boxes)-1]
	if b.Reported < 0 {
		return nil, nil
	}
	c := &Count{Box: b.ID, Mode: string(b.Mode)}
	piles, err := ballotbox.Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	scans, err := ballotbox.ScanCompared(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for _, p := range piles {
		r := PileRead{Pile: p.Pile, Size: p.Size, Attempt: p.Attempt, Agreed: p.Agreed}
		for st := 1; st <= b.Stations; st++ {
			if x, ok := p.HandedIn[st]; ok {
				r.Readings = append(r.Readings, ReadBy{Kind: "station", Station: st, Entry: x.Entry, Same: p.Agreed >= 0})
			}
		}
		for _, s := range scans {
			if s.Pile == p.Pile {
				r.Readings = append(r.Readings, ReadBy{Kind: "scan", Entry: s.Reader.Entry, Same: s.Settled && s.Same})
			}
		}
		c.Piles = append(c.Piles, r)
	}
	// The figures leave the counting room with the report; then the other
	// program's may be held against them.
	rec, err := ballotbox.Record(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	others, err := ballotbox.Others(ctx, tx, b, rec)
	if err != nil {
		return nil, err
	}
	for _, o := range others {
		c.Others = append(c.Others, OtherRead{o.Source, o.Entry, len(o.Diffs) == 0})
	}
	if b.Mode == ballotbox.TotalsTwice {
		return c, nil
	}
	lists, err := ballotbox.SheetLists(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		for _, s := range l.Sheets {
			c.Sheets = append(c.Sheets, SheetRead{l.Pile, s, l.Entry})
		}
	}
	doubts, err := ballotbox.Doubts(ctx, tx, lib, b)
	if err != nil {
		return nil, err
	}
	for _, d := range doubts {
		if x := d.Decision; x != nil {
			c.Doubts = append(c.Doubts, DoubtRead{d.Pile, d.N, x.Valid, x.Cause, x.Reason, d.Entry})
		}
	}
	return c, nil
}

// Title names a pile.
func (p PileRead) Title(mode string) rule.Words {
	if mode == string(ballotbox.TotalsTwice) {
		return rule.Words{VI: "Tổng số", EN: "Totals"}
	}
	return rule.Words{VI: fmt.Sprint(p.Pile), EN: fmt.Sprint(p.Pile)}
}

// Says tells in one sentence which readings of the pile agreed.
func (p PileRead) Says(mode string) rule.Words {
	var same, vi, en []string
	for _, r := range p.Readings {
		if r.Kind == "scan" {
			continue
		}
		same = append(same, fmt.Sprint(r.Station))
	}
	stations := strings.Join(same, ", ")
	switch {
	case p.Agreed < 0:
		vi, en = append(vi, "chưa đối chiếu"), append(en, "not compared")
	case mode == string(ballotbox.TotalsTwice):
		vi, en = append(vi, "hai người nhập tổng số, khớp nhau"), append(en, "totals typed by two persons agree")
	default:
		vi, en = append(vi, "các trạm "+stations+" đọc riêng, khớp nhau"), append(en, "stations "+stations+" read apart and agree")
	}
	if p.Attempt > 1 {
		vi, en = append(vi, fmt.Sprintf("đọc lại, lần đọc thứ %d", p.Attempt)), append(en, fmt.Sprintf("read again, reading %d", p.Attempt))
	}
	if i := slices.IndexFunc(p.Readings, func(r ReadBy) bool { return r.Kind == "scan" }); i >= 0 {
		if p.Readings[i].Same {
			vi, en = append(vi, "máy quét đọc, khớp"), append(en, "the scan agrees")
		} else {
			vi, en = append(vi, "máy quét đọc KHÁC, lấy theo kết quả người đọc"), append(en, "the scan DIFFERS; the people's reading stands")
		}
	}
	return rule.Words{VI: strings.Join(vi, "; "), EN: strings.Join(en, "; ")}
}

// Entries are the entries that the line cites: the readings, then the
// comparison.
func (p PileRead) Entries() (out []int64) {
	for _, r := range p.Readings {
		out = append(out, r.Entry)
	}
	if p.Agreed >= 0 {
		out = append(out, p.Agreed)
	}
	return out
}

// Says is what was found of another program.
func (o OtherRead) Says() rule.Words {
	if o.Same {
		return rule.Words{VI: "Kết quả của chương trình khác (" + o.Source + "): khớp", EN: "Result of another program (" + o.Source + "): agrees"}
	}
	return rule.Words{VI: "Kết quả của chương trình khác (" + o.Source + "): KHÁC, xem ghi chú khi khóa hòm", EN: "Result of another program (" + o.Source + "): DIFFERS, see the note at closing"}
}

// Code is how a sheet is called on paper: the first digits of the hash of its
// picture, by which it is found again among the sealed ones.
func (s SheetRead) Code() string {
	p := s.Picture[:min(12, len(s.Picture))]
	var parts []string
	for ; len(p) > 4; p = p[4:] {
		parts = append(parts, p[:4])
	}
	return strings.Join(append(parts, p), " ")
}

// Why says why a person had to look at a sheet.
func (s SheetRead) Why() rule.Words {
	w := wordsOr(sheetWhy, s.ListedSheet.Why)
	var vi, en []string
	for _, m := range s.Marks {
		x := wordsOr(markWhy, m)
		vi, en = append(vi, x.VI), append(en, x.EN)
	}
	if len(vi) > 0 {
		w.VI, w.EN = w.VI+" ("+strings.Join(vi, "; ")+")", w.EN+" ("+strings.Join(en, "; ")+")"
	}
	return w
}

// Says is what a person said of a sheet.
func (s SheetRead) Says() rule.Words {
	w := wordsOr(sheetSays, s.ListedSheet.Says)
	if s.Cause != "" {
		x := CauseWords(s.Cause)
		w.VI, w.EN = w.VI+"; theo quy định đề nghị không hợp lệ: "+x.VI, w.EN+"; proposed as not valid by the rule: "+x.EN
	}
	return w
}

// Says is what the board decided of a ballot.
func (d DoubtRead) Says() rule.Words {
	if d.Valid {
		return rule.Words{VI: "Hợp lệ", EN: "Valid"}
	}
	w := CauseWords(d.Cause)
	return rule.Words{VI: "Không hợp lệ: " + w.VI, EN: "Not valid: " + w.EN}
}
