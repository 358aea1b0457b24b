package paper_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

var (
	surnames = []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Điểu", "Y"}
	middles  = []string{"Văn", "Thị", "Đức", "Thị Bích", "Quang", "Minh", "Hữu", "Xuân", "Thị Thu", "Ngọc", "K’"}
	givens   = []string{"An", "Ánh", "Bình", "Cường", "Dũng", "Đạo", "Hằng", "Hiền", "Khoa", "Lan", "Minh", "Nghĩa", "Oanh", "Phái", "Quý", "Sơn", "Thịnh", "Trang", "Tuấn", "Uyên", "Vượng", "Xuân", "Yến"}
)

// ballot sets a list of n invented names.
func ballot(t testing.TB, id string, n int, form, sheet string, more string) *paper.Layout {
	t.Helper()
	l := ballotOr(t, id, n, form, sheet, more)
	if l == nil {
		t.Fatalf("%d names do not fit %s", n, sheet)
	}
	return l
}

// ballotOr is ballot, or nil where so many names do not fit the paper.
func ballotOr(t testing.TB, id string, n int, form, sheet string, more string) *paper.Layout {
	t.Helper()
	var b strings.Builder
	seats := max(1, n*5/6)
	if form == paper.FormAgree {
		seats = n
	}
	fmt.Fprintf(&b, `{"id":%q,"rules":"party-election/committee","date":"2025-08-01","seats":%d,"ballots":{},"votes":{},"candidates":[`, id, seats)
	h := 0
	for _, c := range id {
		h = (h*31 + int(c)) & 0xffff
	}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		k := (i + h%97) * 7
		fmt.Fprintf(&b, `{"id":"c%d","order":%d,"name":"%s %s %s"}`, i+1, i+1, surnames[(k*5+i/3)%len(surnames)], middles[(k*3+i/7+i/71*4)%len(middles)], givens[(k+i/23)%len(givens)])
	}
	fmt.Fprintf(&b, `],"ballot":{"form":%q,"paper":%q,"title":"Bầu Ban Chấp hành Đảng bộ nhiệm kỳ 2025-2030","organisation":"ĐẢNG BỘ XÃ MẪU"%s}}`, form, sheet, more)
	rec, opt, err := paper.ParseContest([]byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	l, err := paper.Design(rec, opt)
	var refused *paper.InputError
	if errors.As(err, &refused) && refused.Field == "candidates" {
		return nil
	}
	if err != nil {
		t.Errorf("%s: %v", id, err)
		return nil
	}
	return l
}

// score is what came of many names.
type score struct {
	sheets, refused, lost  int // lost: sheets refused that should have been read
	names, wrong, sent     int // of sheets read
	odd, oddSent           int
	gone                   int                // names whose mark the scanner lost
	reasons                map[string]int     // of refusal
	missed, outside, alarm int                // sheets with writing not found; with writing; found where there is none
	by                     map[string]*[4]int // kind → right, sent, wrong, lost
	examples               []string
}

func (s *score) add(o *score) {
	s.sheets, s.refused, s.lost, s.names, s.wrong, s.sent = s.sheets+o.sheets, s.refused+o.refused, s.lost+o.lost, s.names+o.names, s.wrong+o.wrong, s.sent+o.sent
	s.odd, s.oddSent, s.gone, s.missed, s.outside, s.alarm = s.odd+o.odd, s.oddSent+o.oddSent, s.gone+o.gone, s.missed+o.missed, s.outside+o.outside, s.alarm+o.alarm
	if s.by == nil {
		s.by = map[string]*[4]int{}
	}
	for k, v := range o.reasons {
		if s.reasons == nil {
			s.reasons = map[string]int{}
		}
		s.reasons[k] += v
	}
	for k, v := range o.by {
		if s.by[k] == nil {
			s.by[k] = &[4]int{}
		}
		for i := range v {
			s.by[k][i] += v[i]
		}
	}
	s.examples = append(s.examples, o.examples...)
}

// bound is the 95 % upper bound of a share of which n names showed none: the
// rule of three, exactly.
func bound(n int) float64 { return 1 - math.Pow(0.05, 1/float64(max(n, 1))) }

// upper is the 95 % upper bound of a share of which n names showed k: exact
// where it is none, else the one-sided bound of Poisson by its usual
// approximation (Wilson and Hilferty).
func upper(k, n int) float64 {
	if k == 0 {
		return bound(n)
	}
	v := float64(k + 1)
	c := 1 - 1/(9*v) + 1.6449/(3*math.Sqrt(v))
	return min(1, v*c*c*c/float64(max(n, 1)))
}

// share is the share of ordinary names that were sent to a person.
func (s *score) share() float64 { return float64(s.sent) / float64(max(1, s.names-s.odd)) }

func (s *score) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d sheets, %d refused; %d names: %d wrong (95%% bound %.2g), %d sent (%.3f%%); %d odd, %d of them sent, %d lost by the scanner; writing %d missed of %d, %d alarms",
		s.sheets, s.refused, s.names, s.wrong, bound(s.names), s.sent, 100*float64(s.sent)/float64(max(s.names-s.odd, 1)), s.odd, s.oddSent, s.gone, s.missed, s.outside, s.alarm)
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range s.by {
			if !yield(k) {
				return
			}
		}
	}) {
		v := s.by[k]
		fmt.Fprintf(&b, "\n    %-14s right %d sent %d wrong %d lost %d", k, v[0], v[1], v[2], v[3])
	}
	for i, e := range s.examples {
		if i == 25 {
			break
		}
		b.WriteString("\n    " + e)
	}
	return b.String()
}

// one reads one sheet and holds it against its truth.
func one(r *paper.Reader, l *paper.Layout, s *papertest.Sheet, tag string) *score {
	out := &score{sheets: 1, by: map[string]*[4]int{}}
	count := func(kind string, i int) {
		if out.by[kind] == nil {
			out.by[kind] = &[4]int{}
		}
		out.by[kind][i]++
	}
	marks := map[int]paper.Mark{}
	look, refused := false, ""
	var sides []*paper.Side
	for _, img := range s.Sides {
		side := r.ReadSide(img, s.DPI)
		if side.Refused != nil {
			refused = side.Refused.Code
			break
		}
		look = look || side.Look != nil
		sides = append(sides, side)
	}
	if refused == "" {
		r.Bind(sides...) // two sides are read again, each beside the other
		for _, side := range sides {
			maps.Copy(marks, side.Marks)
		}
	}
	if refused != "" {
		out.refused = 1
		out.reasons = map[string]int{refused: 1}
		out.examples = append(out.examples, fmt.Sprintf("%s seed %d refused: %s %+v", tag, s.Seed, refused, s.Defects[0]))
		for _, t := range s.Truth {
			count(t.Kind, 3)
		}
		return out
	}
	if s.Outside {
		out.outside = 1
		if !look {
			out.missed = 1
			out.examples = append(out.examples, fmt.Sprintf("%s seed %d: writing missed", tag, s.Seed))
		}
	} else if look {
		out.alarm = 1
		out.examples = append(out.examples, fmt.Sprintf("%s seed %d: alarm of writing %+v", tag, s.Seed, s.Defects[0]))
	}
	for i, c := range l.Candidates {
		t := s.Truth[c.ID]
		out.names++
		got := t.Judge(marks[i].Is)
		count(t.Kind, int(got))
		if t.Odd {
			out.odd++
		}
		if t.Lost {
			out.gone++
		}
		switch {
		case got == papertest.Wrong:
			out.wrong++
			out.examples = append(out.examples, fmt.Sprintf("%s seed %d %s %s (%s, right %s): read %s %+v", tag, s.Seed, c.ID, c.Name, t.Kind, t.Mark, marks[i].Is, marks[i]))
		case got == papertest.Sent && t.Odd:
			out.oddSent++
		case got == papertest.Sent:
			out.sent++
			if len(out.examples) < 8 {
				out.examples = append(out.examples, fmt.Sprintf("%s seed %d %s %s (%s): sent %+v", tag, s.Seed, c.ID, c.Name, t.Kind, marks[i]))
			}
		}
	}
	return out
}

// table is a list with the reader of its ballots and the maker of its sheets.
type table struct {
	*paper.Layout
	reader *paper.Reader
	maker  *papertest.Maker
}

func newTable(t testing.TB, l *paper.Layout, dpi float64) *table {
	t.Helper()
	r, err := paper.NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	return &table{l, r, papertest.NewMaker(l, dpi)}
}

// many reads n sheets from seed on, on every core.
func (b *table) many(seed, n int, tag string, sheet func(*papertest.Maker, uint64) *papertest.Sheet) *score {
	total := &score{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan uint64)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for k := range next {
				s := one(b.reader, b.Layout, sheet(b.maker, k), tag)
				mu.Lock()
				total.add(s)
				mu.Unlock()
			}
		})
	}
	for k := range n {
		next <- uint64(seed + k)
	}
	close(next)
	wg.Wait()
	slices.Sort(total.examples)
	return total
}
