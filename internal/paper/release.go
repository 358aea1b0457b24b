package paper

import (
	"fmt"
	"image"
	"runtime"
	"sync"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// SheetReader reads the sides of one ballot: the mark of every name by
// candidate, and the proposal ("valid", "invalid:CAUSE" or "look"). A ballot
// that is refused is an error.
type SheetReader func(l *Layout, sides []*image.Gray) (marks map[string]string, proposal string, err error)

// Trial is one filled ballot that read-back tried, and what was wrong when it
// was read.
type Trial struct {
	VI, EN    string // what was filled in
	Candidate string // the first name read wrong, or empty
	Want, Got string
}

// ReadBack is the outcome of print, read back, release.
type ReadBack struct {
	Digest   string // of the layout that was tried
	Tried    int
	Failures []Trial
}

// Released says that every ballot tried was read right: scans of this ballot
// may be read by the program. Otherwise the board may release it for hand
// counting only.
func (r *ReadBack) Released() bool { return r.Tried > 0 && len(r.Failures) == 0 }

// ReadBackDPI is the resolution that ballots are read back at: a usual office
// scan.
const ReadBackDPI = 200

// CheckReadBack prints a ballot into memory, fills it in every way that an
// ordinary voter can, and reads each: no mark, every mark, every single mark,
// exactly the seats, one more, and in the form agree both boxes and neither.
// Marks must be read as drawn, and the proposal must be that of the rules.
func CheckReadBack(l *Layout, book *rule.Book, read SheetReader) (*ReadBack, error) {
	trials := trialsOf(l)
	blank := make([]*image.Gray, l.Sides)
	for i := range blank {
		blank[i] = Render(l, i+1, ReadBackDPI)
	}
	failures := make([]*Trial, len(trials))
	errs := make([]error, len(trials))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				failures[i], errs[i] = trials[i].run(l, book, blank, read)
			}
		})
	}
	for i := range trials {
		next <- i
	}
	close(next)
	wg.Wait()
	out := &ReadBack{Digest: l.Digest, Tried: len(trials)}
	for i := range trials {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if failures[i] != nil {
			out.Failures = append(out.Failures, *failures[i])
		}
	}
	return out, nil
}

// trial is a ballot to fill in: the mark of every name.
type trial struct {
	vi, en string
	marks  []string
}

func trialsOf(l *Layout) []trial {
	n := len(l.Candidates)
	plain, other := MarkClear, MarkStruck
	if l.Form == FormAgree {
		plain, other = MarkNone, MarkAgree
	}
	all := func(mark string) []string {
		m := make([]string, n)
		for i := range m {
			m[i] = mark
		}
		return m
	}
	var ts []trial
	add := func(marks []string, vi, en string, args ...any) {
		ts = append(ts, trial{fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...), marks})
	}
	one := func(i int, mark string) []string { m := all(plain); m[i] = mark; return m }
	add(all(plain), "không đánh dấu gì", "no mark")
	add(all(other), "đánh dấu tất cả", "every mark")
	for i := range l.Candidates {
		o := l.Candidates[i].Order
		if l.Form == FormStrike {
			add(one(i, MarkStruck), "chỉ gạch số %d", "only number %d struck", o)
			continue
		}
		add(one(i, MarkAgree), "chỉ đồng ý số %d", "only number %d agreed to", o)
		add(one(i, MarkDisagree), "chỉ không đồng ý số %d", "only number %d disagreed with", o)
	}
	if l.Form == FormAgree {
		add(all(MarkDisagree), "không đồng ý tất cả", "all disagreed with")
		add(all(MarkBoth), "đánh cả hai ô của mọi người", "both boxes of everybody")
	}
	for _, chosen := range []int{int(l.Seats), int(l.Seats) + 1} {
		if chosen >= n {
			continue
		}
		vi, en := "chọn đúng số được bầu (%d)", "exactly the seats chosen (%d)"
		if chosen > int(l.Seats) {
			vi, en = "chọn quá một người (%d)", "one more than the seats chosen (%d)"
		}
		for _, first := range []bool{true, false} {
			m := make([]string, n)
			for i := range m {
				pick := i < chosen
				if !first {
					pick = i >= n-chosen
				}
				switch {
				case l.Form == FormStrike && pick:
					m[i] = MarkClear
				case l.Form == FormStrike:
					m[i] = MarkStruck
				case pick:
					m[i] = MarkAgree
				default:
					m[i] = MarkDisagree
				}
			}
			add(m, vi, en, chosen)
		}
	}
	return ts
}

func (t *trial) run(l *Layout, book *rule.Book, blank []*image.Gray, read SheetReader) (*Trial, error) {
	want, err := t.proposal(l, book)
	if err != nil {
		return nil, err
	}
	sides := make([]*image.Gray, len(blank))
	for i, b := range blank {
		sides[i] = image.NewGray(b.Rect)
		copy(sides[i].Pix, b.Pix)
	}
	for i, m := range t.marks {
		c := &l.Candidates[i]
		fillIn(sides[c.Page-1], c, m)
	}
	marks, got, err := read(l, sides)
	if err != nil {
		return &Trial{VI: t.vi, EN: t.en, Want: want, Got: err.Error()}, nil
	}
	for i, m := range t.marks {
		if id := l.Candidates[i].ID; marks[id] != m {
			return &Trial{t.vi, t.en, id, m, marks[id]}, nil
		}
	}
	if got != want {
		return &Trial{VI: t.vi, EN: t.en, Want: want, Got: got}, nil
	}
	return nil, nil
}

// proposal is what the rules say of the ballot as filled in.
func (t *trial) proposal(l *Layout, book *rule.Book) (string, error) {
	b := vote.Ballot{Form: l.Form, Issued: true, Sealed: true, Listed: int64(len(t.marks))}
	for _, m := range t.marks {
		switch m {
		case MarkClear, MarkAgree:
			b.Chosen++
		case MarkBoth:
			b.Both++
		case MarkNone:
			b.None++
		}
	}
	j, err := vote.Judge(book, l.Seats, b)
	if err != nil {
		return "", fmt.Errorf("paper: read-back of %s: %w", l.Contest, err)
	}
	return j.Proposal, nil
}

// fillIn marks a name as the ballot asks for: one straight line through the
// whole name, or one X in a box, by a pen of half a millimetre.
func fillIn(img *image.Gray, c *Place, mark string) {
	const k = ReadBackDPI / 25.4
	cross := func(b *Box) {
		x, y, s := b.X()+b.W()/2, b.Y()+b.H()/2, min(b.W(), b.H(), 9)*0.33
		penLine(img, x-s, y-s, x+s, y+s, k)
		penLine(img, x+s, y-s, x-s, y+s, k)
	}
	switch mark {
	case MarkStruck:
		n := c.NameBox
		y := n.Y() + n.H()/2
		penLine(img, n.X()-1, y, min(n.Right()+1.5, c.RowBox.Right()-0.5), y, k)
	case MarkAgree:
		cross(c.AgreeBox)
	case MarkDisagree:
		cross(c.DisagreeBox)
	case MarkBoth:
		cross(c.AgreeBox)
		cross(c.DisagreeBox)
	}
}

// penLine draws from one place to another, in millimetres, in dark blue ink.
func penLine(img *image.Gray, x0, y0, x1, y1, k float64) {
	const half, ink = 0.25, 50
	steps := int(max(abs(x1-x0), abs(y1-y0))*k) + 1
	for i := 0; i <= steps; i++ {
		t := float64(i) / float64(steps)
		cx, cy, r := (x0+t*(x1-x0))*k, (y0+t*(y1-y0))*k, half*k
		for y := int(cy - r); y <= int(cy+r); y++ {
			for x := int(cx - r); x <= int(cx+r); x++ {
				dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
				if dx*dx+dy*dy <= r*r && image.Pt(x, y).In(img.Rect) {
					p := &img.Pix[y*img.Stride+x]
					*p = min(*p, ink)
				}
			}
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }
