package paper

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"image"
	"slices"
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

	kept *kept // of a two-sided sheet: what reading it again beside its other side needs
}

// Reader reads pictures of the ballots of one or several layouts, mixed in any
// order. It is safe for use by several goroutines.
type Reader struct {
	layouts []*Layout
	faces   []*likeness
	th      *thresholds
	k       *kernels
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
	r := &Reader{layouts: layouts, th: th, k: &fast}
	for i, l := range layouts {
		if err := l.Validate(); err != nil {
			return nil, err
		}
		for side := 1; side <= l.Sides; side++ {
			r.faces = append(r.faces, newLikeness(l, i, side))
		}
		if n := len(r.faces); l.Sides == 2 {
			r.faces[n-2].shade(r.faces[n-1])
			r.faces[n-1].shade(r.faces[n-2])
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
	p := prepare(img, dpi, r.k)
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
	if l.agree > 0.15 {
		var other *Reason
		if l, other = r.byCode(p, l); other != nil {
			out.Refused = other
			return out
		}
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
	black, halo := l.black()
	if halo > r.th.MostHalo {
		out.Refused = ReasonUnsharp
		return out
	}
	unsure, bad := r.names(l, black)
	if bad != nil {
		out.Refused = bad
		return out
	}
	l.findLong()
	if l.streaked(r.th) {
		out.Refused = ReasonStreaked
		return out
	}
	p.profile(l, black)
	l.behind = l.seeBehind()
	r.marks(p, l, out, black, unsure)
	switch {
	case p.bitonal && bare(out.Marks):
		*out = Side{Layout: out.Layout, Number: out.Number, Digest: out.Digest, Refused: ReasonUnmarked}
	case p.bitonal && r.pale(out.Marks):
		*out = Side{Layout: out.Layout, Number: out.Number, Digest: out.Digest, Refused: ReasonPale}
	case l.face.layout.Sides == 2 && !p.bitonal:
		out.kept = r.keep(p, l, out, black)
	}
	return out
}

// why says what is the matter with a side that was half recognised.
func (r *Reader) why(p *picture, l *located) *Reason {
	switch {
	case !p.whole(l):
		return ReasonCut
	case p.contrast() < r.th.LeastContrast:
		return ReasonUnsharp
	}
	return ReasonOther
}

// contrast is how dark the darkest fiftieth of what is inked at all is, in
// 1/255: letters that run into each other are pale.
func (p *picture) contrast() int {
	var hist [256]int
	n := 0
	for _, v := range p.ink.pix {
		if v >= 40 {
			hist[v]++
			n++
		}
	}
	for v, left := 255, n/50; v > 0; v-- {
		if left -= hist[v]; left < 0 {
			return v
		}
	}
	return 0
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

// names looks whether the names are printed where they should be. It refuses a
// side on which paper covers one, or on which other names stand, and says which
// single names a person must look at for that.
func (r *Reader) names(l *located, black float64) (unsure map[int]bool, why *Reason) {
	seen := map[int]bool{}
	for _, s := range l.shifts {
		for i := range l.face.anchors {
			if a := &l.face.anchors[i]; a.place >= 0 && a.x == s.x && a.y == s.y {
				seen[a.place] = true
			}
		}
	}
	n := len(l.face.rows)
	there, inked := make([]float64, n), make([]float64, n)
	for k, i := range l.face.rows {
		there[k], inked[k] = l.printed(l.face.layout.Candidates[i].NameBox, black)
	}
	usual := median(there)
	missing, gone, other := 0, 0, 0
	unsure = map[int]bool{}
	for k, i := range l.face.rows {
		if !seen[i] {
			missing++
		}
		switch {
		case there[k] < r.th.NameThere && inked[k] < r.th.NameThere:
			gone++
		case !seen[i] && there[k] < r.th.NameShare*usual:
			other++
			unsure[i] = true
		}
	}
	switch {
	case missing > 2 && missing*2 > n || other > 1 || other == 1 && n < 3:
		return nil, ReasonOther
	case gone > 0:
		return nil, ReasonFolded
	}
	return unsure, nil
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
func (r *Reader) marks(p *picture, l *located, out *Side, black float64, unsure map[int]bool) {
	out.Marks = make(map[int]Mark, len(l.face.rows))
	for _, i := range l.face.rows {
		c := &l.face.layout.Candidates[i]
		switch {
		case unsure[i]:
			out.Marks[i] = Mark{MarkDoubtful, LookUnsure, 0.5}
			continue
		case l.face.layout.Form == FormAgree:
			out.Marks[i] = r.agree(p, l, c, black)
			continue
		}
		z := p.zone(l, c, c.NameBox, 7, black, r.th)
		out.Marks[i] = z.judgeName(r.th)
		if p.crossed(l, z, out.Marks[i].Is == MarkClear, black, r.th) { // a fold or a streak runs through the letters
			out.Marks[i] = Mark{MarkDoubtful, LookCovered, 0.5}
		}
	}
	r.outside(l, out)
}

// pale says that a pen is lost on a picture of black and white: of several lines
// only specks are left, or of the only one. What is not seen at all on such a
// picture is not known; nor is it where too many rows of a ballot that asks for one
// cross in each show none.
func (r *Reader) pale(marks map[int]Mark) bool {
	broken, sure, none := 0, 0, 0
	for _, m := range marks {
		switch {
		case m.Is == MarkDoubtful && (m.Look == LookSmall || m.Look == LookFaint):
			broken++
		case m.Is == MarkStruck || m.Is == MarkAgree || m.Is == MarkDisagree:
			sure++
		case m.Is == MarkNone:
			none++
		}
	}
	return broken > 2 || broken > sure || none > 1 && float64(none) >= r.th.UnmarkedBW*float64(len(marks))
}

// bare says that no mark at all is seen on a side. On a picture of black and white
// that may be a pencil of which nothing is left but specks at the letters: ten
// lines of one ballot were read as none (found_test.go).
func bare(marks map[int]Mark) bool {
	for _, m := range marks {
		if m.Is != MarkClear && m.Is != MarkNone {
			return false
		}
	}
	return len(marks) > 0
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
