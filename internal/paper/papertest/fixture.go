package papertest

import (
	"image"
	"image/draw"
	"math/rand/v2"

	"minhbach/internal/paper"
)

// Expect is what a reader must make of a fixture as a whole.
type Expect string

// What may come of a fixture: it is read (names sent to a person only where the
// truth says so or the fixture allows), it is read or refused or sent but never
// wrong, it must be sent to a person as a whole, or it must be refused.
const (
	Read     Expect = "read"
	NotWrong Expect = "not-wrong"
	Look     Expect = "look"
	Refuse   Expect = "refuse"
)

// Fixture is one defect by name. Every defect met later is added here and
// stays.
type Fixture struct {
	Name    string
	Says    string // what happened, in Vietnamese, for reports
	Habit   Habit
	Scanner Scanner
	// Hand changes the filled ballot, After the scanned sheet; both may be nil.
	Hand   func(r *rand.Rand, l *paper.Layout, b *Ballot)
	After  func(r *rand.Rand, m *Maker, s *Sheet)
	Expect Expect
	Reason string  // of refusal, where it must be refused
	Most   float64 // share of names that may be sent to a person; 0: 0.005 where it is read, else any
}

// Make fills, scans and damages the n-th ballot of a set.
func (f *Fixture) Make(m *Maker, set Set, n uint64) *Sheet {
	r := Rand(set, n)
	b := Fill(r, m.Layout, f.Habit)
	if f.Hand != nil {
		f.Hand(r, m.Layout, b)
	}
	s := m.Scan(r, b, f.Scanner)
	s.Seed = n
	if f.After != nil {
		f.After(r, m, s)
	}
	return s
}

// with is an ordinary clean scan with one defect set.
func with(set func(d *Defects, r *rand.Rand, l *paper.Layout)) Scanner {
	return func(r *rand.Rand, l *paper.Layout) Defects {
		d := Defects{Bed: 255, Noise: 1.5, Blur: 0.3}
		set(&d, r, l)
		return d
	}
}

func sign(r *rand.Rand) float64 { return float64(r.IntN(2)*2 - 1) }

// name picks a candidate that is printed on side 1.
func name(r *rand.Rand, l *paper.Layout) *paper.Place {
	on := l.On(1)
	return &l.Candidates[on[r.IntN(len(on))]]
}

// odd lets a name be sent to a person without fault.
func odd(b *Ballot, id string) {
	t := b.Truth[id]
	t.Odd = true
	b.Truth[id] = t
}

// Fixtures are the defects known by name.
func Fixtures() []Fixture {
	clean := with(func(*Defects, *rand.Rand, *paper.Layout) {})
	scans := []struct {
		name, says string
		expect     Expect
		set        func(d *Defects, r *rand.Rand, l *paper.Layout)
	}{
		{"clean", "bản quét sạch", Read, func(*Defects, *rand.Rand, *paper.Layout) {}},
		{"rotate-5", "xoay 5 độ", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.Rotate = 5 * sign(r); d.Margin = 6 }},
		{"upside-down", "lộn đầu", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.UpsideDown = true }},
		{"shift-5", "lệch 5 mm", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.ShiftX, d.ShiftY = 5*sign(r), 5*sign(r) }},
		{"shear", "nghiêng lệch hai cạnh", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.Shear = 0.008 * sign(r) }},
		{"stretch", "giãn 1,5%", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.StretchY = 0.015 * sign(r) }},
		{"noise", "nhiễu hạt", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Noise = 14 }},
		{"blur", "mờ", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Blur = 1.6 }},
		{"jpeg-40", "nén JPEG mạnh", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.JPEG = 40 }},
		{"dark", "quét tối", NotWrong, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Paper, d.Gamma = 0.62, 1.5 }},
		{"pale", "quét nhạt", NotWrong, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Fade, d.Gamma = 0.45, 0.7 }},
		{"streak", "vệt bẩn dọc qua tên", NotWrong, func(d *Defects, r *rand.Rand, l *paper.Layout) {
			n := name(r, l).NameBox
			d.Streaks = []Streak{{n.X() + n.W()*r.Float64(), 0.3, 70}}
		}},
		{"fold-beside", "gấp ngoài hàng tên", Read, func(d *Defects, _ *rand.Rand, l *paper.Layout) {
			d.Folds = []Fold{{Y: l.SealBox.Bottom() - 6, Width: 0.6, Dark: 0.35}}
		}},
		{"fold-over-name", "nếp gấp ngang qua tên", NotWrong, func(d *Defects, r *rand.Rand, l *paper.Layout) {
			n := name(r, l).NameBox
			d.Folds = []Fold{{Y: n.Y() + n.H()/2, Width: 0.5, Dark: 0.4}}
		}},
		{"shadow", "bóng đổ", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.Shadow, d.ShadowTurn = 0.45, r.Float64()*6 }},
		{"perspective", "chụp nghiêng", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) {
			d.Margin, d.Bed = 12, 60
			d.Corners = [4][2]float64{{5, 4}, {-6, 3}, {4, -3}, {-3, -6}}
		}},
		{"bleed-through", "mặt sau thấm qua", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Bleed = 0.25 }},
		{ShinesThrough, "giấy mỏng: nét bút mặt sau hằn qua tên", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) {
			d.Bleed, d.BleedX, d.BleedY = 0.22, 1.5*sign(r), 1.5*sign(r)
		}},
		{"bitonal", "đen trắng một bit", Read, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Bitonal, d.Threshold = true, 160 }},
		{"black-bed", "nền máy quét đen", Read, func(d *Defects, r *rand.Rand, _ *paper.Layout) { d.Bed, d.Rotate, d.Margin = 20, 2*sign(r), 4 }},
		{"streaks", "nhiều vệt bẩn qua tên", Refuse, func(d *Defects, r *rand.Rand, l *paper.Layout) {
			n := l.Candidates[l.On(1)[0]].NameBox
			for k := range 5 {
				d.Streaks = append(d.Streaks, Streak{n.X() + 1 + 6*float64(k) + r.Float64(), 0.5, uint8(50 + r.IntN(60))})
			}
		}},
		{"unsharp", "ảnh nhòe, không rõ chữ", Refuse, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Blur = 40 }},
		{"near-black", "tối đen", Refuse, func(d *Defects, _ *rand.Rand, _ *paper.Layout) { d.Paper, d.Gamma, d.Noise = 0.12, 2, 4 }},
	}
	var list []Fixture
	for _, s := range scans {
		f := Fixture{Name: s.name, Says: s.says, Habit: Ordinary, Scanner: with(s.set), Expect: s.expect}
		if s.expect == Refuse {
			f.Reason = map[string]string{"near-black": "dark", "streaks": "streaked", "unsharp": "unsharp"}[s.name]
		}
		if s.name == "jpeg-40" {
			// Around letters that nothing has blurred it leaves ink between them, as a
			// short line would: a person looks. From quality 60 on it does not.
			f.Most = 0.03
		}
		list = append(list, f)
	}
	return append(list,
		Fixture{Name: "seal-over-name", Says: "dấu đỏ đè lên tên", Habit: Ordinary, Scanner: clean, Expect: NotWrong, Hand: func(r *rand.Rand, l *paper.Layout, b *Ballot) {
			n := name(r, l).NameBox
			b.SealAt(r, 1, n.X()+n.W()*r.Float64(), n.Y()+n.H()/2)
			for _, i := range l.On(1) {
				if c := &l.Candidates[i]; c.RowBox.Overlaps(Box(b.Seal)) {
					odd(b, c.ID)
				}
			}
		}},
		Fixture{Name: "writing-outside", Says: "viết thêm ngoài ô", Habit: Ordinary, Scanner: clean, Expect: Look, Hand: func(r *rand.Rand, l *paper.Layout, b *Ballot) { b.Write(r, l) }},
		Fixture{Name: "odd-marks", Says: "gạch, đánh dấu khác hướng dẫn", Habit: Every, Scanner: Office, Expect: NotWrong},
		Fixture{Name: "corrected", Says: "gạch bỏ dấu cũ rồi đánh dấu khác", Habit: Only("correction"), Scanner: Office, Expect: NotWrong},
		Fixture{Name: "large-crosses", Says: "dấu X lấn sang hàng bên, giữa chúng là chấm bút hoặc hàng trống", Scanner: Office, Expect: NotWrong, Habit: func(r *rand.Rand, l *paper.Layout, i int) string {
			switch {
			case l.Form != paper.FormAgree:
				return Ordinary(r, l, i)
			case i%2 == 0:
				return "x-over"
			case r.IntN(2) == 0:
				return "dot"
			}
			return "none"
		}},
		Fixture{Name: "pale-pencil", Says: "bút chì nhạt", Habit: Ordinary, Scanner: clean, Expect: NotWrong, Hand: func(_ *rand.Rand, _ *paper.Layout, b *Ballot) {
			for i := range b.Strokes {
				b.Strokes[i].Ink, b.Strokes[i].Grain, b.Strokes[i].Width = 0.28, 0.4, 0.45
			}
		}},
		Fixture{Name: "cut-off", Says: "ảnh bị cắt mất phần dưới", Habit: Ordinary, Scanner: clean, Expect: Refuse, Reason: "cut-off", After: func(_ *rand.Rand, m *Maker, s *Sheet) {
			g := s.Sides[0]
			low := 0.0
			for _, i := range m.Layout.On(1) {
				low = max(low, m.Layout.Candidates[i].RowBox.Bottom())
			}
			cut := int((m.Layout.Candidates[m.Layout.On(1)[0]].RowBox.Y() + low) / 2 * m.DPI / 25.4)
			kept := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), cut))
			draw.Draw(kept, kept.Rect, g, g.Rect.Min, draw.Src)
			s.Sides[0] = kept
		}},
		Fixture{Name: "folded-over-name", Says: "giấy gấp che mất tên", Habit: Ordinary, Scanner: clean, Expect: Refuse, Reason: "folded", After: func(r *rand.Rand, m *Maker, s *Sheet) {
			c, k := name(r, m.Layout), m.DPI/25.4
			b := c.RowBox
			for y := int((b.Y() - 2) * k); y < int((b.Bottom()+2)*k); y++ {
				for x := int((b.X() - 8) * k); x < int(b.Right()*k); x++ {
					if image.Pt(x, y).In(s.Sides[0].Rect) {
						s.Sides[0].Pix[y*s.Sides[0].Stride+x] = uint8(248 + r.IntN(6))
					}
				}
			}
		}},
		Fixture{Name: "empty-paper", Says: "tờ giấy trắng", Habit: Ordinary, Scanner: clean, Expect: Refuse, Reason: "blank", After: func(r *rand.Rand, _ *Maker, s *Sheet) {
			for _, g := range s.Sides {
				for i := range g.Pix {
					g.Pix[i] = uint8(250 + r.IntN(5))
				}
			}
		}},
	)
}

// ShinesThrough names the fixture of thin paper printed on both sides: the pen of
// the other side shines through, off its place; ballots of one side show nothing.
const ShinesThrough = "shines-through"

// Box is the square around a seal.
func Box(s *Seal) paper.Box {
	return paper.Box{s.X - s.Radius, s.Y - s.Radius, 2 * s.Radius, 2 * s.Radius}
}
