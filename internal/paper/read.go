package paper

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image"
	"math"
	"slices"
)

// Status of a reading.
const (
	StatusRead     = "read"     // every name is decided
	StatusDoubtful = "doubtful" // a person must look at something
	StatusRefused  = "refused"  // nothing was read; Reason says why
)

// Reason is why a whole page is refused, in plain words, or what a person must
// look at beside the names.
type Reason struct {
	Code   string
	VI, EN string
}

func (r *Reason) String() string {
	if r == nil {
		return ""
	}
	return r.VI
}

// Reasons of refusal and of doubt over a whole side.
var (
	ReasonNotBallot   = &Reason{"not-a-ballot", "Không phải tờ phiếu, hoặc không nhận ra mặt nào của phiếu: xem tờ giấy.", "Not a ballot, or no side of it is recognised: look at the paper."}
	ReasonOther       = &Reason{"other-contest", "Phiếu của cuộc bầu khác hoặc mẫu phiếu khác: tên in trên phiếu không phải danh sách này.", "A ballot of another contest or of another edition: the printed names are not this list."}
	ReasonCut         = &Reason{"cut-off", "Ảnh quét mất một phần phiếu: đặt lại tờ phiếu cho trọn rồi quét lại.", "Part of the ballot is cut off: place the whole sheet and scan again."}
	ReasonDark        = &Reason{"dark", "Ảnh quá tối: tăng độ sáng máy quét rồi quét lại.", "The picture is too dark: raise the brightness and scan again."}
	ReasonBlank       = &Reason{"blank", "Trang trắng hoặc gần như trắng: mặt sau tờ phiếu, hoặc tờ giấy khác.", "An empty page: the back of a ballot, or other paper."}
	ReasonStreaked    = &Reason{"streaked", "Có vệt dài qua tên người: lau kính máy quét rồi quét lại.", "A long streak runs over names: clean the glass and scan again."}
	ReasonFolded      = &Reason{"folded", "Phiếu gấp hoặc che khuất tên người: vuốt phẳng rồi quét lại.", "The ballot is folded or covered over a name: flatten it and scan again."}
	ReasonUnsharp     = &Reason{"unsharp", "Ảnh không đủ rõ để tìm đúng từng tên: quét lại ở 200 hoặc 300 dpi.", "The picture is not clear enough to find each name: scan again at 200 or 300 dpi."}
	ReasonSideMissing = &Reason{"side-missing", "Thiếu một mặt của phiếu hai mặt: quét lại tờ này đủ hai mặt.", "One side of a two-sided ballot is missing: scan both sides of the sheet again."}
	ReasonTwice       = &Reason{"same-picture", "Ảnh này trùng hệt một ảnh đã đọc: mỗi tờ phiếu chỉ quét một lần.", "The very same picture was read before: scan each ballot once."}
	ReasonWriting     = &Reason{"writing", "Có chữ hoặc dấu viết ngoài chỗ bầu: ban kiểm phiếu xem.", "Writing outside the places to vote: the counting board must look."}
	ReasonTooSmall    = &Reason{"too-coarse", "Ảnh quá thô (dưới 120 dpi): quét lại ở 200 hoặc 300 dpi.", "The picture is too coarse (under 120 dpi): scan again at 200 or 300 dpi."}
)

// Side is what one picture says of one side of a ballot.
type Side struct {
	Layout  int          // index among the reader's layouts, when Refused is nil
	Number  int          // side of that layout, from 1
	Refused *Reason      // then nothing below was read
	Look    *Reason      // what a person must look at beside the names
	Marks   map[int]Mark // by place on the list
	Writing []Box        // where writing stands outside the targets, in mm on the side
	Seal    *bool        // side with the seal's place: whether ink stands there
	Digest  [sha256.Size]byte
	ToPage  [9]float64 // projection of the side's millimetres onto the picture's pixels
}

// Reader reads pictures of the ballots of one or several layouts, mixed in any
// order. It is safe for use by several goroutines.
type Reader struct {
	layouts []*Layout
	faces   []*likeness
	th      *thresholds
}

// NewReader draws every side of the layouts once.
func NewReader(layouts ...*Layout) (*Reader, error) {
	th, err := readThresholds()
	if err != nil {
		return nil, fmt.Errorf("paper: thresholds: %w", err)
	}
	if len(layouts) == 0 {
		return nil, fmt.Errorf("paper: no layout to read by")
	}
	r := &Reader{layouts: layouts, th: th}
	for i, l := range layouts {
		if err := l.Validate(); err != nil {
			return nil, err
		}
		for side := 1; side <= l.Sides; side++ {
			r.faces = append(r.faces, newLikeness(l, i, side))
		}
	}
	return r, nil
}

// Layout is the i-th layout of the reader.
func (r *Reader) Layout(i int) *Layout { return r.layouts[i] }

// ReadSide reads one picture. dpi is what the file says, or 0. The picture must
// not change until ReadSide returns.
func (r *Reader) ReadSide(img *image.Gray, dpi float64) *Side {
	out := &Side{}
	if long := max(img.Rect.Dx(), img.Rect.Dy()); long < 500 || min(img.Rect.Dx(), img.Rect.Dy()) < 300 {
		out.Refused = ReasonTooSmall
		return out
	}
	p := prepare(img, dpi)
	out.Digest = digestOf(p.small)
	if p.white < r.th.DarkPaper {
		out.Refused = ReasonDark
		return out
	}
	l := p.find(r.faces)
	if l == nil {
		out.Refused = ReasonNotBallot
		if len(p.points(400)) < 200 {
			out.Refused = ReasonBlank
		}
		return out
	}
	if l.agree < r.th.LeastAgree || l.found < 8 {
		out.Refused = ReasonNotBallot
		if l.agree > 0.3 {
			out.Refused = r.why(p, l)
		}
		return out
	}
	out.Layout, out.Number = l.face.index, l.face.side
	k := float64(p.fold)
	out.ToPage = [9]float64(scaled(k).after(l.m))
	if !p.whole(l) {
		out.Refused = ReasonCut
		return out
	}
	if bad := r.otherNames(l); bad != nil {
		out.Refused = bad
		return out
	}
	r.marks(p, l, out)
	return out
}

// why says what is the matter with a side that was half recognised.
func (r *Reader) why(p *picture, l *located) *Reason {
	if !p.whole(l) {
		return ReasonCut
	}
	return ReasonOther
}

// whole says that all names and all print of the side lie on the picture.
func (p *picture) whole(l *located) bool {
	w, h := float64(p.full.w), float64(p.full.h)
	in := func(x, y float64) bool {
		u, v := l.m.at(x, y)
		return u >= 1 && v >= 1 && u < w-1 && v < h-1
	}
	for _, i := range l.face.rows {
		b := l.face.layout.Candidates[i].RowBox
		if !in(b.X(), b.Y()) || !in(b.Right(), b.Y()) || !in(b.X(), b.Bottom()) || !in(b.Right(), b.Bottom()) {
			return false
		}
	}
	return true
}

// otherNames refuses a side whose names are printed otherwise: every name that
// no ink covers must match its own letters.
func (r *Reader) otherNames(l *located) *Reason {
	seen := map[int]bool{}
	for _, s := range l.shifts {
		for i := range l.face.anchors {
			if a := &l.face.anchors[i]; a.place >= 0 && a.x == s.x && a.y == s.y {
				seen[a.place] = true
			}
		}
	}
	missing := 0
	for _, i := range l.face.rows {
		if !seen[i] {
			missing++
		}
	}
	if n := len(l.face.rows); missing > 2 && missing*2 > n {
		return ReasonOther
	}
	return nil
}

// digestOf names a picture by its points.
func digestOf(p *plane) [sha256.Size]byte {
	h := sha256.New()
	var size [8]byte
	binary.BigEndian.PutUint32(size[:], uint32(p.w))
	binary.BigEndian.PutUint32(size[4:], uint32(p.h))
	h.Write(size[:])
	h.Write(p.pix)
	return [sha256.Size]byte(h.Sum(nil))
}

// marks reads every name of a located side.
func (r *Reader) marks(p *picture, l *located, out *Side) {
	out.Marks = make(map[int]Mark, len(l.face.rows))
	black := l.black()
	l.findLong()
	for _, i := range l.face.rows {
		c := &l.face.layout.Candidates[i]
		if l.face.layout.Form == FormAgree {
			out.Marks[i] = r.agree(p, l, c, black)
			continue
		}
		z := p.zone(l, c, c.NameBox, 7, black, r.th)
		out.Marks[i] = judgeStrike(z.traits(r.th), r.th)
		if l.crossed(z) { // a fold or a streak runs through the letters
			out.Marks[i] = Mark{MarkDoubtful, LookCovered, 0.5}
		}
	}
	r.outside(l, out)
}

// black is how dark print is on this picture, in 1/255: the mean ink where the
// likeness is full of it.
func (l *located) black() float64 {
	sum, n := 0, 0
	off := int(4 * midScale)
	f := l.face.mid
	for y := 0; y < f.h; y++ {
		a, b := f.pix[y*f.w:][:f.w], l.mid.pix[(y+off)*l.mid.w+off:][:f.w]
		for x, v := range a {
			if v > 190 {
				sum += int(b[x])
				n++
			}
		}
	}
	if n == 0 {
		return 255
	}
	// Thin strokes are never quite full at this scale.
	return min(255, max(90, float64(sum)/float64(n)*1.15))
}

// zone draws the surroundings of a box at the fine scale and takes print away.
func (p *picture) zone(l *located, c *Place, box Box, side float64, black float64, th *thresholds) *zone {
	f := l.face
	x0 := int(math.Floor(max(0, max(box.X()-side, c.RowBox.X()-1)) * fineScale))
	x1 := int(math.Ceil(min(f.layout.Paper.W, min(box.Right()+side, c.RowBox.Right()+1)) * fineScale))
	y0 := int(math.Ceil((c.RowBox.Y() + 0.45) * fineScale))
	y1 := int(math.Floor((c.RowBox.Bottom() - 0.45) * fineScale))
	x1, y1 = min(x1, f.fine.w), min(y1, f.fine.h)
	z := &zone{x0: x0, y0: y0, w: max(1, x1-x0), h: max(1, y1-y0)}
	dx, dy := l.local(box.X()+box.W()/2, box.Y()+box.H()/2)
	var light plane
	m := l.m.after(shifted(dx, dy))
	rectify(p.full, &m, float64(x0)/fineScale, float64(y0)/fineScale, z.w, z.h, fineScale, 255, &light)
	z.added, z.free = light.pix, make([]uint8, z.w*z.h)
	expect := th.expected(p.bitonal)
	const run = 12
	for x := 0; x < z.w; x += run {
		u, v := m.at((float64(x0+x)+run/2)/fineScale, (float64(y0)+float64(z.h)/2)/fineScale)
		paper := max(float64(p.light.at(u/float64(p.f), v/float64(p.f))), 16)
		gain := int32(255 * 255 / paper / black * 256)
		pap := int32(paper)
		for y := range z.h {
			a := z.added[y*z.w+x : y*z.w+min(z.w, x+run)]
			e := f.spread.pix[(y0+y)*f.spread.w+x0+x:][:len(a)]
			fr := z.free[y*z.w+x:][:len(a)]
			for i, v := range a {
				ink := min((pap-int32(v))*gain>>8, 255)
				add := ink - expect[e[i]]
				a[i] = uint8(min(max(add, 0), 255))
				if expect[e[i]] < 130 {
					fr[i] = 1
				}
			}
		}
	}
	l.maskLong(z)
	z.name = [4]int{int(box.X()*fineScale) - x0, int(box.Y()*fineScale) - y0, int(box.Right()*fineScale) - x0, int(box.Bottom()*fineScale) - y0}
	z.base, z.em = float64(z.name[3])-0.22*float64(z.name[3]-z.name[1]), 0.87*float64(z.name[3]-z.name[1])
	for _, t := range f.layout.Print.Texts {
		if t.Page == f.side && t.Y > box.Y() && t.Y < box.Bottom() && t.X >= box.X()-0.5 && t.X < box.Right() {
			z.base, z.em = t.Y*fineScale-float64(y0), t.Size*mmPerPoint*fineScale
			break
		}
	}
	return z
}

// agree reads the two boxes of a row.
func (r *Reader) agree(p *picture, l *located, c *Place, black float64) Mark {
	a, d := *c.AgreeBox, *c.DisagreeBox
	left, right := min(a.X(), d.X()), max(a.Right(), d.Right())
	both := Box{left, c.RowBox.Y(), right - left, c.RowBox.H()}
	z := p.zone(l, c, both, 3, black, r.th)
	av, aw, ah := z.in(a, r.th)
	dv, dw, dh := z.in(d, r.th)
	state := func(area, w, h float64) int { // 0 empty, 1 marked, -1 a person must look
		switch {
		case area <= r.th.EmptyBox:
			return 0
		case area >= r.th.MarkBox && w >= r.th.MarkBoxSpan && h >= r.th.MarkBoxSpan:
			return 1
		}
		return -1
	}
	sa, sd := state(av, aw, ah), state(dv, dw, dh)
	// A cross that reaches over a line belongs to the box that holds most of it.
	if sa != 0 && sd != 0 && (av < dv*r.th.SpillShare || dv < av*r.th.SpillShare) {
		if av < dv {
			sa = 0
		} else {
			sd = 0
		}
	}
	// Ink on both sides of the line between the boxes: whose is it?
	if a.Right() <= d.X()+0.5 || d.Right() <= a.X()+0.5 {
		line := d.X()
		if d.X() < a.X() {
			line = a.X()
		}
		near, _, _ := z.in(Box{line - 1.7, c.RowBox.Y(), 1.7 + 0.5, c.RowBox.H()}, r.th)
		far, _, _ := z.in(Box{line - 0.5, c.RowBox.Y(), 1.7 + 0.5, c.RowBox.H()}, r.th)
		if near > 0.15 && far > 0.15 && sa != 0 && sd != 0 {
			return Mark{MarkDoubtful, LookAside, 0.5}
		}
	}
	// A line through the name is no vote here: a person looks.
	nz := p.zone(l, c, c.NameBox, 2, black, r.th)
	f := nz.traits(r.th)
	if judgeStrike(f, r.th).Is != MarkClear || l.crossed(nz) {
		return Mark{MarkDoubtful, LookAside, 0.5}
	}
	switch {
	case sa < 0 || sd < 0:
		return Mark{MarkDoubtful, LookSmall, 0.5}
	case sa == 1 && sd == 1:
		return Mark{Is: MarkBoth, Score: 1}
	case sa == 1:
		return Mark{Is: MarkAgree, Score: 1}
	case sd == 1:
		return Mark{Is: MarkDisagree, Score: 1}
	}
	return Mark{Is: MarkNone}
}

// in measures the added ink inside a box: area in mm², width and height.
func (z *zone) in(b Box, th *thresholds) (area, w, h float64) {
	x0, y0 := max(0, int((b.X()+0.5)*fineScale)-z.x0), max(0, int((b.Y()+0.5)*fineScale)-z.y0)
	x1, y1 := min(z.w, int((b.Right()-0.5)*fineScale)-z.x0), min(z.h, int((b.Bottom()-0.5)*fineScale)-z.y0)
	n, l, t, r, m := 0, z.w, z.h, -1, -1
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if int(z.added[y*z.w+x]) >= th.Strong*6/10 {
				n++
				l, r, t, m = min(l, x), max(r, x), min(t, y), max(m, y)
			}
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	return float64(n) / (fineScale * fineScale), float64(r-l+1) / fineScale, float64(m-t+1) / fineScale
}

// outside looks for writing where nobody votes.
func (r *Reader) outside(l *located, out *Side) {
	const cell = 4.0 // mm
	f := l.face
	off := int(4 * midScale)
	w, h := int(f.layout.Paper.W/cell)+1, int(f.layout.Paper.H/cell)+1
	grid := make([]float64, w*h)
	skip := make([]bool, w*h)
	block := func(b Box) {
		for y := max(0, int(b.Y()/cell)); y <= min(h-1, int(b.Bottom()/cell)); y++ {
			for x := max(0, int(b.X()/cell)); x <= min(w-1, int(b.Right()/cell)); x++ {
				skip[y*w+x] = true
			}
		}
	}
	for _, i := range f.rows {
		block(f.layout.Candidates[i].RowBox)
	}
	if f.side == 1 && !f.layout.SealBox.Empty() {
		b := f.layout.SealBox
		block(Box{b.X() - 8, b.Y() - 8, b.W() + 16, b.H() + 16})
	}
	per := 1 / (midScale * midScale)
	if f.side == 1 && !f.layout.SealBox.Empty() {
		b, n := f.layout.SealBox, 0
		for y := int(b.Y() * midScale); y < min(f.mid.h, int(b.Bottom()*midScale)); y++ {
			for x := int(b.X() * midScale); x < min(f.mid.w, int(b.Right()*midScale)); x++ {
				if l.mid.pix[(y+off)*l.mid.w+x+off] > 50 && f.printed.pix[y*f.mid.w+x] < 16 {
					n++
				}
			}
		}
		there := float64(n)*per > 15
		out.Seal = &there
	}
	for y := int(6 * midScale); y < f.mid.h-int(6*midScale); y++ {
		row := l.mid.pix[(y+off)*l.mid.w+off:][:f.mid.w]
		pr := f.printed.pix[y*f.mid.w:][:f.mid.w]
		cy := int((float64(y) + 0.5) / midScale / cell)
		for x := int(6 * midScale); x < f.mid.w-int(6*midScale); x++ {
			if row[x] > 70 && pr[x] < 16 && !l.onLong((float64(x)+0.5)/midScale, (float64(y)+0.5)/midScale) {
				grid[cy*w+int((float64(x)+0.5)/midScale/cell)] += per
			}
		}
	}
	// Cells with ink that touch are one piece of writing.
	done := make([]bool, w*h)
	for i := range grid {
		if done[i] || skip[i] || grid[i] < 0.25 {
			continue
		}
		stack, area := []int{i}, 0.0
		x0, y0, x1, y1 := w, h, 0, 0
		done[i] = true
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			area += grid[k]
			x, y := k%w, k/w
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					nx, ny := x+dx, y+dy
					if nx < 0 || ny < 0 || nx >= w || ny >= h {
						continue
					}
					if n := ny*w + nx; !done[n] && !skip[n] && grid[n] >= 0.25 {
						done[n] = true
						stack = append(stack, n)
					}
				}
			}
		}
		if area >= r.th.Writing {
			out.Writing = append(out.Writing, Box{float64(x0) * cell, float64(y0) * cell, float64(x1-x0+1) * cell, float64(y1-y0+1) * cell})
		}
	}
	if len(out.Writing) > 0 {
		out.Look = ReasonWriting
	}
}

// Rows of the list that a side holds, for whoever shows it.
func (s *Side) Rows() []int {
	rows := make([]int, 0, len(s.Marks))
	for i := range s.Marks {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}
