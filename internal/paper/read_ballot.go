package paper

import (
	"crypto/sha256"
	"fmt"
	"image"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Reading is what the program makes of one ballot: a line of readings.jsonl. It
// only proposes; the board decides. What is doubtful or refused is never
// counted by itself.
type Reading struct {
	Ballot   int                `json:"ballot"` // from 1, in the order read
	Contest  string             `json:"contest,omitempty"`
	Digest   string             `json:"layout,omitempty"` // of the layout it was read by
	Sides    []SideRef          `json:"sides"`
	File     string             `json:"file"` // the first side, as Sides[0]
	Page     int                `json:"page"`
	Status   string             `json:"status"`           // read, doubtful, refused
	Marks    map[string]string  `json:"marks,omitempty"`  // by candidate
	Chosen   []string           `json:"chosen,omitempty"` // in the order of the ballot, of names that are decided
	Proposal string             `json:"proposal"`         // valid, invalid:<cause>, look
	Reason   string             `json:"reason"`           // in plain Vietnamese: why refused, or what to look at
	ReasonEN string             `json:"reason_en,omitempty"`
	Cause    string             `json:"cause,omitempty"` // the same as a word for programs
	Score    map[string]float64 `json:"score,omitempty"`
	Look     map[string]string  `json:"look,omitempty"`    // by candidate: why a person must look
	Writing  []Outside          `json:"writing,omitempty"` // places with writing outside the targets
	Seal     *bool              `json:"seal,omitempty"`    // whether ink stands in the place of the seal
}

// SideRef is where one side of a ballot stands.
type SideRef struct {
	File string `json:"file"`
	Page int    `json:"page"`
}

// Outside is writing outside the targets, in millimetres on its side.
type Outside struct {
	Side int `json:"side"`
	Box  Box `json:"box"`
}

// Shot is one picture read, with where it came from.
type Shot struct {
	SideRef
	Of   int // pages in that file
	Side *Side
	// Odd says that the picture belongs to a row of files of one picture each
	// whose number is odd: a side is missing somewhere, and from there on every
	// pair would be of two sheets. See OddRuns.
	Odd bool
	// Problem says that the picture could not be opened at all.
	Problem *Reason
}

// Binder puts the pictures of sides together to ballots, in the order they were
// scanned. A sheet of two sides gives two pictures that follow each other in
// one file, or two files of one page that follow each other; which of them
// comes first does not matter. The two sides of different sheets are never put
// together: where the pairs of a file, or of a row of files of one picture, do
// not come out, their ballots are refused.
type Binder struct {
	reader *Reader
	double bool
	wait   *Shot
	next   int
	seen   map[[sha256.Size]byte]SideRef
}

// NewBinder starts a pile. duplex says that a scanner gave two pictures of
// every sheet although the ballots have one side.
func NewBinder(r *Reader, duplex bool) *Binder {
	b := &Binder{reader: r, double: duplex, next: 1, seen: map[[sha256.Size]byte]SideRef{}}
	for _, l := range r.layouts {
		b.double = b.double || l.Sides == 2
	}
	return b
}

// Add takes the next picture and gives the ballots that are complete with it.
func (b *Binder) Add(s Shot) []*Reading {
	if s.Problem == nil && s.Side.Refused != ReasonBlank {
		if first, twice := b.seen[s.Side.Digest]; twice {
			r := *ReasonTwice
			r.VI += fmt.Sprintf(" (%s, trang %d)", first.File, first.Page)
			s.Side.free()
			s.Side = &Side{Refused: &r}
		} else {
			b.seen[s.Side.Digest] = s.SideRef
		}
	}
	if !b.double {
		return []*Reading{b.bind(&s)}
	}
	var out []*Reading
	if s.Odd {
		if b.wait != nil {
			out, b.wait = append(out, b.alone(b.wait)), nil
		}
		return append(out, b.alone(&s))
	}
	if b.wait != nil && (b.wait.File != s.File && (b.wait.Of > 1 || s.Of > 1)) {
		out = append(out, b.alone(b.wait)) // a file with an odd number of pages
		b.wait = nil
	}
	if b.wait == nil {
		b.wait = &s
		return out
	}
	first := b.wait
	b.wait = nil
	if b.pair(first, &s) {
		if first.Side.Number > s.Side.Number && s.Side.Number > 0 {
			return append(out, b.bind(&s, first))
		}
		if first.Side.Refused == ReasonBlank {
			return append(out, b.bind(&s))
		}
		if s.Side.Refused == ReasonBlank {
			return append(out, b.bind(first))
		}
		return append(out, b.bind(first, &s))
	}
	return append(out, b.alone(first), b.alone(&s))
}

// End gives what still waits for its other side.
func (b *Binder) End() []*Reading {
	if b.wait == nil {
		return nil
	}
	w := b.wait
	b.wait = nil
	return []*Reading{b.alone(w)}
}

// pair says that two pictures are the two sides of one sheet: so they are also
// where one or both cannot be read but are known for front and back of one ballot,
// which then is one refused sheet of which a person sees both sides.
func (b *Binder) pair(x, y *Shot) bool {
	if x.Problem != nil || y.Problem != nil || x.Of > 1 && x.Of%2 == 1 && x.File == y.File {
		return false
	}
	p, q := x.Side, y.Side
	switch {
	case p.Number > 0 && q.Number > 0:
		return p.Layout == q.Layout && p.Number+q.Number == 3
	case p.Refused == nil && q.Refused == ReasonBlank:
		return b.reader.layouts[p.Layout].Sides == 1
	case q.Refused == nil && p.Refused == ReasonBlank:
		return b.reader.layouts[q.Layout].Sides == 1
	}
	return false
}

// OddRuns says of each file, by its number of pages, whether it stands in a row
// of files of one picture each whose number is odd. A file that could not be
// opened counts by what its name says it is.
func OddRuns(pages []int) []bool {
	odd := make([]bool, len(pages))
	for i := 0; i < len(pages); {
		end := i
		for end < len(pages) && pages[end] == 1 {
			end++
		}
		for k := i; k < end; k++ {
			odd[k] = (end-i)%2 == 1
		}
		i = max(end, i+1)
	}
	return odd
}

// alone is a picture without its other side: refused, unless the ballot has one
// side only.
func (b *Binder) alone(s *Shot) *Reading {
	if s.Problem == nil && s.Side.Refused == nil && b.reader.layouts[s.Side.Layout].Sides == 2 {
		s.Side.free()
		s.Side = &Side{Refused: ReasonSideMissing}
	}
	return b.bind(s)
}

// bind makes the reading of one ballot.
func (b *Binder) bind(shots ...*Shot) *Reading {
	var sides []*Side
	for _, s := range shots {
		if s.Problem != nil {
			s.Side.free()
			sides = []*Side{{Refused: s.Problem}}
			break
		}
		sides = append(sides, s.Side)
	}
	r := b.reader.Bind(sides...)
	r.Ballot = b.next
	b.next++
	for _, s := range shots {
		r.Sides = append(r.Sides, s.SideRef)
	}
	r.File, r.Page = r.Sides[0].File, r.Sides[0].Page
	return r
}

// Bind makes one reading of the sides of one ballot, without a proposal of the
// rules; see Propose. The two sides of a sheet are read once more with it, each
// with the other's ink known, where that shines through; their marks are set anew.
func (r *Reader) Bind(sides ...*Side) *Reading {
	defer func() {
		for _, s := range sides {
			s.free()
		}
	}()
	out := &Reading{Status: StatusRefused, Proposal: "look"}
	refuse := func(why *Reason) *Reading {
		out.Reason, out.ReasonEN, out.Cause = why.VI, why.EN, why.Code
		return out
	}
	for _, s := range sides {
		if s.Refused != nil {
			return refuse(s.Refused)
		}
	}
	if len(sides) == 0 {
		return refuse(ReasonSideMissing)
	}
	l := r.layouts[sides[0].Layout]
	have := 0
	for _, s := range sides {
		if s.Layout != sides[0].Layout {
			return refuse(ReasonOther)
		}
		have |= 1 << s.Number
	}
	if want := 1<<(l.Sides+1) - 2; have != want || len(sides) != l.Sides {
		return refuse(ReasonSideMissing)
	}
	out.Contest, out.Digest, out.Status = l.Contest, l.Digest, StatusRead
	out.Marks, out.Score = make(map[string]string, len(l.Candidates)), make(map[string]float64, len(l.Candidates))
	var look *Reason
	r.again(sides)
	for _, s := range sides {
		for i, m := range s.Marks {
			id := l.Candidates[i].ID
			out.Marks[id], out.Score[id] = m.Is, float64(int(m.Score*100+0.5))/100
			if m.Is == MarkDoubtful {
				if out.Look == nil {
					out.Look = map[string]string{}
				}
				out.Look[id] = m.Look
				out.Status = StatusDoubtful
			}
		}
		for _, w := range s.Writing {
			out.Writing = append(out.Writing, Outside{s.Number, w})
		}
		if s.Look != nil {
			look = s.Look
		}
		if s.Seal != nil {
			out.Seal = s.Seal
		}
	}
	for i := range l.Candidates {
		id := l.Candidates[i].ID
		if m, ok := out.Marks[id]; !ok { // a name on no side: cannot be, and is not counted
			return refuse(ReasonSideMissing)
		} else if m == MarkClear || m == MarkAgree {
			out.Chosen = append(out.Chosen, id)
		}
	}
	if look != nil {
		out.Status = StatusDoubtful
	}
	if out.Status == StatusDoubtful {
		if look == nil {
			look = ReasonNames
		}
		out.Reason, out.ReasonEN, out.Cause = look.VI, look.EN, look.Code
	}
	return out
}

// ReasonNames asks a person to look at single names.
var ReasonNames = &Reason{"names", "Có tên chưa rõ gạch hay không: ban kiểm phiếu xem.", "It is not clear whether some names are marked: the counting board must look."}

// Propose adds what the rules in force say of a ballot that was read whole.
func Propose(book *rule.Book, l *Layout, r *Reading) error {
	if r.Status != StatusRead {
		r.Proposal = "look"
		return nil
	}
	j, err := vote.Judge(book, l.Seats, BallotOf(l, r.Marks))
	if err != nil {
		return fmt.Errorf("paper: proposal for %s: %w", l.Contest, err)
	}
	r.Proposal = j.Proposal
	if j.Reason != nil && j.Proposal != "valid" {
		r.Reason, r.ReasonEN = j.Reason.Says.VI, j.Reason.Says.EN
	}
	return nil
}

// BallotOf is a ballot as the rules ask about it. That it was issued and sealed
// is for the board to see on the paper.
func BallotOf(l *Layout, marks map[string]string) vote.Ballot {
	b := vote.Ballot{Form: l.Form, Issued: true, Sealed: true, Listed: int64(len(l.Candidates))}
	for i := range l.Candidates {
		switch marks[l.Candidates[i].ID] {
		case MarkClear, MarkAgree:
			b.Chosen++
		case MarkBoth:
			b.Both++
		case MarkNone:
			b.None++
		}
	}
	return b
}

// ReadSheet reads the sides of one ballot in any order: the SheetReader of
// read-back. book may be nil, then there is no proposal.
func (r *Reader) ReadSheet(book *rule.Book, dpi float64, pictures []*image.Gray) (*Reading, error) {
	var sides []*Side
	for _, p := range pictures {
		sides = append(sides, r.ReadSide(p, dpi))
	}
	out := r.Bind(sides...)
	if out.Status == StatusRefused {
		return out, nil
	}
	i := slices.IndexFunc(r.layouts, func(l *Layout) bool { return l.Digest == out.Digest })
	if book != nil && i >= 0 {
		return out, Propose(book, r.layouts[i], out)
	}
	return out, nil
}

// SheetReaderFor is the reader that read-back tries a ballot with.
func SheetReaderFor(l *Layout, book *rule.Book) (SheetReader, error) {
	r, err := NewReader(l)
	if err != nil {
		return nil, err
	}
	return func(_ *Layout, sides []*image.Gray) (map[string]string, string, error) {
		got, err := r.ReadSheet(book, ReadBackDPI, sides)
		if err != nil {
			return nil, "", err
		}
		if got.Status == StatusRefused {
			return nil, "", fmt.Errorf("%s", got.Reason)
		}
		return got.Marks, got.Proposal, nil
	}, nil
}
