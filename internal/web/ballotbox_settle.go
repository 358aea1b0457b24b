package web

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"minhbach/internal/ballotbox"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ballotboxSettleData is one scanned sheet that a person must look at: the
// sheet large and straight, the names in question framed, what a hand added in
// red, and one key for a decision.
type ballotboxSettleData struct {
	Box     *ballotbox.Row
	Pile    *ballotbox.Pile
	Form    *Form
	Sheet   *ballotbox.QueueSheet
	N, Of   int
	Open    int
	Says    string
	Said    string
	Who     string
	Targets []settleTarget
	Sides   []settleSide
	Names   []settleName
	Look    []settleName // those of Names in question
	Choices []settleChoice
	Keys    string
	Path    string
	Scan    string
	Next    string
	Before  string // sheet decided just now, which can be taken back here
	Decided string // what was said of it
	Causes  []settleName
	Others  []settleOther // sheets that this picture may be the other side of
	OfN     int           // the sheet that it was bound to, counted as on the page; 0 of none
	OfPath  string
}

// settleOther is a sheet that another picture can be bound to.
type settleOther struct {
	Keys, Text string
}

// settleSide is one side of a sheet, shown whole.
type settleSide struct {
	Ink, Plain string
	N          int  // of the ballot, 0 when not recognised
	Part       bool // a picture that a person bound to the sheet
}

// settleTarget is what a person must look at, cut out of its side.
type settleTarget struct{ Src, Label string }

// mostTargets is how many are cut out at most; the sides show all.
const mostTargets = 12

type settleName struct {
	N    int
	Name string
	Mark string
	Look bool
}

type settleChoice struct{ Key, Keys, Text, Class string }

var ballotboxSettle = page[ballotboxSettleData]("ballotbox_settle")

func (s *Server) ballotboxSettleGet(c *Call) error { return c.showSettle(nil) }

func (c *Call) showSettle(f *Form) error {
	d := ballotboxSettleData{Form: f}
	want := c.R.URL.Query().Get("to")
	if f != nil {
		want = f.Text("picture")
	}
	none := false
	err := c.Read(func(tx *store.Tx) error {
		a, _, err := c.scanSeat(tx)
		if err != nil {
			return err
		}
		b, p, rel, q, err := c.s.scans.Queue(c.Ctx(), tx, a)
		if err != nil {
			return err
		}
		d.Box, d.Pile, d.Open, d.Of, d.Path, d.Scan = b, p, q.Open, len(q.Sheets), settlePath(a), scanPath(a)
		for i := range q.Sheets {
			x := &q.Sheets[i]
			if x.ID == want || want == "" && x.Said == nil && d.Sheet == nil {
				d.Sheet, d.N = x, i+1
			}
		}
		if d.Sheet == nil {
			none = true
			return nil
		}
		for i := range q.Sheets {
			if x := &q.Sheets[i]; x.Said != nil && x.ID == c.R.URL.Query().Get("vua") && x.ID != d.Sheet.ID {
				d.Before, d.Decided = x.ID, c.saidOf(b, x.Said.Pattern)
			}
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, ballotbox.PileSubject(b.ID, a.Pile, ballotbox.ScanStation)); err != nil {
				return err
			}
		}
		for i := range q.Sheets {
			if x := &q.Sheets[(d.N+i)%len(q.Sheets)]; x.Said == nil && x.ID != d.Sheet.ID {
				d.Next = d.Path + "?to=" + x.ID
				break
			}
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		causes, err := b.Causes(lib)
		if err != nil {
			return err
		}
		for i, x := range causes {
			d.Causes = append(d.Causes, settleName{N: i + 1, Name: c.Words(x.Title)})
		}
		d.fill(c, b, rel.Layout, a)
		for i := range q.Sheets {
			x := &q.Sheets[i]
			switch {
			case x.ID == d.Sheet.ID:
			case d.Sheet.Of == x.ID:
				d.OfN, d.OfPath = i+1, d.Path+"?to="+x.ID
			case rel.Layout.Sides == 2 && len(d.Sheet.Marks) == 0 && len(d.Sheet.Parts) == 0 && x.Of == "" && (x.Said == nil || x.Said.Pattern != ballotbox.NoBallot && x.Said.Pattern != ballotbox.Part) && len(x.Marks) == 0:
				d.Others = append(d.Others, settleOther{ballotbox.Part + x.ID, c.T("ballotbox.settle.other", strconv.Itoa(i+1), c.Words(rule.Words{VI: x.VI, EN: x.EN}))})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if none {
		return c.Redirect(d.Scan)
	}
	if err := c.Viewed(ballotbox.PileSubject(d.Box.ID, d.Pile.Pile, ballotbox.ScanStation), c.T("ballotbox.settle")); err != nil {
		return err
	}
	return ballotboxSettle.show(c, d)
}

func (d *ballotboxSettleData) fill(c *Call, b *ballotbox.Row, l *paper.Layout, a ballotbox.ScanSeat) {
	x := d.Sheet
	d.Says = c.Words(rule.Words{VI: x.VI, EN: x.EN})
	if x.Said != nil {
		d.Said, d.Who = c.saidOf(b, x.Said.Pattern), who(b, x.Said.Person)
	}
	for i, side := range x.Sides {
		path := fmt.Sprintf("/kiem-phieu/anh/%d/%s/%d/%s", a.Pile, x.ID, i, a.Box)
		d.Sides = append(d.Sides, settleSide{Ink: path + "?muc=1", Plain: path, N: side.Number})
		if side.Number < 1 || side.Number > l.Sides || len(x.Marks) == 0 {
			continue
		}
		for _, k := range l.On(side.Number) {
			if p := &l.Candidates[k]; x.Marks[p.ID] == paper.MarkDoubtful && len(d.Targets) < mostTargets {
				d.Targets = append(d.Targets, settleTarget{fmt.Sprintf("%s?muc=1&ten=%d", path, k+1), fmt.Sprintf("%d. %s", p.Order, p.Name)})
			}
		}
		for k := range side.Out {
			if len(d.Targets) < mostTargets {
				d.Targets = append(d.Targets, settleTarget{fmt.Sprintf("%s?muc=1&ngoai=%d", path, k+1), c.T("ballotbox.settle.outside", strconv.Itoa(side.Number))})
			}
		}
	}
	for _, part := range x.Parts {
		for i, side := range part.Sides {
			path := fmt.Sprintf("/kiem-phieu/anh/%d/%s/%d/%s", a.Pile, part.ID, i, a.Box)
			d.Sides = append(d.Sides, settleSide{Ink: path + "?muc=1", Plain: path, N: side.Number, Part: true})
		}
	}
	look := -1
	looks := 0
	pattern := make([]byte, len(b.Sheet.Candidates))
	for i, cand := range b.Sheet.Candidates {
		m := x.Marks[cand.ID]
		if m == "" {
			break
		}
		n := settleName{N: i + 1, Name: b.Called(i), Mark: c.TK("ballotbox.mark", m), Look: m == paper.MarkDoubtful}
		if n.Look {
			look, looks = i, looks+1
			d.Look = append(d.Look, n)
		}
		pattern[i] = map[string]byte{paper.MarkStruck: 'd', paper.MarkDisagree: 'd', paper.MarkBoth: 'b', paper.MarkNone: 'n'}[m]
		if pattern[i] == 0 {
			pattern[i] = 'a'
		}
		d.Names = append(d.Names, n)
	}
	add := func(letter byte, key, text string) {
		p := bytes.Clone(pattern)
		p[look] = letter
		d.Choices = append(d.Choices, settleChoice{strconv.Itoa(len(d.Choices) + 1), ballotbox.WriteKeys(b.Sheet.Form, string(p), nil), c.T(text, b.Called(look)), "do"})
	}
	switch {
	case len(d.Names) == 0:
	case looks == 1 && l.Form == paper.FormStrike:
		add('d', "1", "ballotbox.settle.struck")
		add('a', "2", "ballotbox.settle.clear")
	case looks == 1:
		add('a', "1", "ballotbox.settle.agree")
		add('d', "2", "ballotbox.settle.disagree")
		add('n', "3", "ballotbox.settle.none")
	case looks == 0: // every name is clear: something else is to be looked at
		keys := ballotbox.WriteKeys(b.Sheet.Form, string(pattern), nil)
		d.Choices = append(d.Choices, settleChoice{"1", keys, c.T("ballotbox.settle.as-read", c.ballotSays(b, string(pattern))), "do"})
	default:
		d.Keys = ballotbox.WriteKeys(b.Sheet.Form, string(pattern), nil)
	}
	d.Choices = append(d.Choices, settleChoice{"?", "?", c.T("ballotbox.settle.board"), ""}, settleChoice{ballotbox.Part, ballotbox.Part, c.T("ballotbox.settle.part"), ""}, settleChoice{"-", ballotbox.NoBallot, c.T("ballotbox.settle.no-ballot"), ""})
	if d.Form.Problem != nil {
		d.Keys = d.Form.Text("typed")
	}
}

// ballotboxSettlePost records one decision, or takes it back.
func (s *Server) ballotboxSettlePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	a, err := c.theSeat()
	if err != nil {
		return err
	}
	act := ballotbox.SettleSheet{Box: a.Box, Case: a.Case, Pile: a.Pile, Picture: f.Text("picture"), Keys: f.Text("keys"), Undo: f.Text("do") == "undo"}
	if act.Keys == "" {
		act.Keys = f.Text("typed")
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	switch {
	case !ok:
		return c.showSettle(f)
	case act.Undo:
		return c.Done(settlePath(a)+"?to="+act.Picture, rc)
	}
	return c.Done(settlePath(a)+"?vua="+act.Picture, rc)
}

// ballotboxPictureGet is one side of a staged sheet: as scanned, or with "muc"
// straightened, its names in question framed and added ink in red.
func (s *Server) ballotboxPictureGet(c *Call) error {
	return c.sheetSide(func(tx *store.Tx, p *sidePicture) error {
		a, _, err := c.scanSeat(tx)
		if err != nil {
			return err
		}
		p.box, p.rel, p.sheet, p.data, err = s.scans.Picture(c.Ctx(), tx, a, c.R.PathValue("sheet"), p.n)
		return err
	})
}

// sidePicture is one side of a scanned sheet, named by the path.
type sidePicture struct {
	n     int // from 0
	box   *ballotbox.Row
	rel   *ballotbox.Released
	sheet *ballotbox.Sheet
	data  []byte // PNG, as scanned
}

// sheetSide sends the side of the path, found by find: as scanned; with "muc"
// straightened, what a person must look at framed and added ink in red; with
// "ten" the row of that name alone, from 1, with "ngoai" that writing outside
// the names.
func (c *Call) sheetSide(find func(*store.Tx, *sidePicture) error) error {
	n, err := strconv.Atoi(c.R.PathValue("n"))
	if err != nil {
		return errNotFound
	}
	p := sidePicture{n: n}
	if err := c.Read(func(tx *store.Tx) error { return find(tx, &p) }); err != nil {
		return err
	}
	rel, sh, data := p.rel, p.sheet, p.data
	side, q := sh.Sides[n], c.R.URL.Query()
	if q.Get("muc") != "" && rel != nil && rel.Layout != nil && side.Number > 0 && side.Number <= rel.Layout.Sides && len(sh.Marks) > 0 {
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return err
		}
		if g, ok := img.(*image.Gray); ok {
			var part *paper.Box
			if i, err := strconv.Atoi(q.Get("ten")); err == nil && i > 0 && i <= len(rel.Layout.Candidates) {
				part = &rel.Layout.Candidates[i-1].RowBox
			} else if i, err := strconv.Atoi(q.Get("ngoai")); err == nil && i > 0 && i <= len(side.Out) {
				part = &side.Out[i-1]
			}
			var out bytes.Buffer
			if err := png.Encode(&out, added(g, rel.Layout, side, sh, part)); err != nil {
				return err
			}
			data = out.Bytes()
		}
	}
	if err := c.Viewed(ballotbox.PileSubject(p.box.ID, 0, ballotbox.ScanStation), c.T("ballotbox.settle.picture")); err != nil {
		return err
	}
	return c.file(data, "image/png", "inline", "phieu.png")
}

// shownDPI is how large a sheet is shown.
const shownDPI = 150

// added lays a scanned side straight, or the part of it that is asked for with a
// little around, colours what is ink but not print, and frames what a person must
// look at.
func added(g *image.Gray, l *paper.Layout, side ballotbox.SheetSide, sh *ballotbox.Sheet, part *paper.Box) *image.RGBA {
	print := paper.Render(l, side.Number, shownDPI)
	w, h := print.Rect.Dx(), print.Rect.Dy()
	m := side.ToPage
	const mm, around = 25.4 / shownDPI, 7
	area := print.Rect
	if part != nil {
		area = area.Intersect(image.Rect(int((part.X()-around)/mm), int((part.Y()-around)/mm), int((part.Right()+around)/mm), int((part.Bottom()+around)/mm)))
	}
	out := image.NewRGBA(area)
	near := func(x, y int) bool { // print within half a millimetre
		const r = 3
		for j := max(0, y-r); j <= min(h-1, y+r); j++ {
			for i := max(0, x-r); i <= min(w-1, x+r); i++ {
				if print.Pix[j*print.Stride+i] < 200 {
					return true
				}
			}
		}
		return false
	}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			u, v := (float64(x)+0.5)*mm, (float64(y)+0.5)*mm
			d := m[6]*u + m[7]*v + m[8]
			if math.Abs(d) < 1e-9 {
				d = 1e-9
			}
			px, py := int((m[0]*u+m[1]*v+m[2])/d), int((m[3]*u+m[4]*v+m[5])/d)
			c := color.RGBA{225, 225, 225, 255}
			if px >= 0 && py >= 0 && px < g.Rect.Dx() && py < g.Rect.Dy() {
				k := g.Pix[py*g.Stride+px]
				c = color.RGBA{k, k, k, 255}
				if k < 170 && !near(x, y) {
					c = color.RGBA{200, k / 4, k / 4, 255}
				}
			}
			out.SetRGBA(x, y, c)
		}
	}
	frame := func(b paper.Box, c color.RGBA) {
		x0, y0, x1, y1 := int(b.X()/mm), int(b.Y()/mm), int(b.Right()/mm), int(b.Bottom()/mm)
		for t := range 4 {
			for x := x0 - t; x <= x1+t; x++ {
				out.SetRGBA(x, y0-t, c)
				out.SetRGBA(x, y1+t, c)
			}
			for y := y0 - t; y <= y1+t; y++ {
				out.SetRGBA(x0-t, y, c)
				out.SetRGBA(x1+t, y, c)
			}
		}
	}
	orange := color.RGBA{214, 106, 0, 255}
	for _, i := range l.On(side.Number) {
		if sh.Marks[l.Candidates[i].ID] == paper.MarkDoubtful {
			frame(l.Candidates[i].RowBox, orange)
		}
	}
	for _, b := range side.Out {
		frame(b, orange)
	}
	return out
}
