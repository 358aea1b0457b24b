package paper

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"minhbach/internal/vote"
)

// sheets are the papers that ballots are printed on, upright.
var sheets = map[string]Sheet{"A4": {210, 297}, "A5": {148, 210}}

// measures of one paper, in millimetres and points: how a ballot is set on it.
type measures struct {
	side, top, bottom float64 // margins
	head              float64 // points of the heading
	title             float64 // points of "PHIẾU BẦU"
	text              float64 // points of title and instruction
	seal              Box     // size of the seal place
	code              float64 // side of the optional code
	large             float64 // largest type of names
}

var measured = map[string]measures{
	"A4": {side: 18, top: 14, bottom: 13, head: 11.5, title: 17, text: 12.5, seal: Box{0, 0, 48, 40}, code: 22, large: 17},
	"A5": {side: 11, top: 10.5, bottom: 10.5, head: 9.5, title: 14, text: 10.5, seal: Box{0, 0, 40, 35}, code: 20, large: 15},
}

// plan is one way to spread the names: it is taken when their type can be at
// least this many points, the first that fits.
type plan struct {
	sides, columns int
	least          float64
}

// plans prefer one side to two (nobody forgets the back) and one column to two,
// as long as the type stays large.
var plans = []plan{{1, 1, 13}, {1, 2, 12}, {2, 1, 13}, {2, 2, 8}, {1, 1, 8}, {1, 2, 8}, {2, 1, 8}}

// setting is a ballot being set.
type setting struct {
	l     *Layout
	m     measures
	rec   *vote.Record
	opt   Options
	names []named
	page  int
	// compact sets the title beside the seal and the names a little smaller:
	// the second try, for lists that do not fit otherwise.
	compact bool
}

// Design sets the ballot of a contest on its paper. The same record and options
// give the same layout, byte for byte. The error is an *InputError.
func Design(rec *vote.Record, opt Options) (*Layout, error) {
	if err := opt.validate(rec); err != nil {
		return nil, err
	}
	if err := opt.official(rec); err != nil {
		return nil, err
	}
	names, err := listed(rec, &opt)
	if err != nil {
		return nil, err
	}
	s := &setting{rec: rec, opt: opt, names: names, m: measured[opt.Paper]}
	err = s.set()
	if wide := s.l; err != nil || opt.Sides == 1 && wide.Least() < large { // once more, with the title beside the seal
		s.compact = true
		if again := s.set(); err != nil && again != nil {
			return nil, err
		} else if err == nil && (again != nil || s.l.Least() <= wide.Least()) {
			s.l = wide
		}
	}
	s.l.Digest = s.l.digest()
	if err := s.l.Validate(); err != nil {
		return nil, fmt.Errorf("paper: the design of %s does not hold: %w", rec.ID, err)
	}
	return s.l, nil
}

// set sets the whole ballot anew.
func (s *setting) set() error {
	s.page = 1
	s.l = &Layout{Paper: sheets[s.opt.Paper], Contest: s.rec.ID, Form: s.opt.Form, Seats: *s.rec.Seats, Rules: s.rec.Rules,
		Date: s.rec.Date, Title: s.opt.Title, Print: Print{Font: Font}}
	if s.opt.Marks {
		s.marks()
	}
	return s.list(s.heading())
}

// left and right end of what is printed.
func (s *setting) left() float64  { return s.m.side }
func (s *setting) right() float64 { return s.l.Paper.W - s.m.side }

// put sets one line of letters with its left end at x.
func (s *setting) put(x, y, size float64, style, text string) {
	if text != "" {
		s.l.Print.Texts = append(s.l.Print.Texts, Text{s.page, round(x), round(y), size, style, text})
	}
}

// centre sets lines of letters in the middle of x0..x1, the first baseline one
// line below y, and returns the lower end.
func (s *setting) centre(x0, x1, y, size float64, style, text string) float64 {
	for _, line := range wrap(text, style, size, x1-x0) {
		y += size * mmPerPoint * 1.22
		s.put((x0+x1-Width(style, size, line))/2, y, size, style, line)
	}
	return y
}

// rule prints a line.
func (s *setting) rule(x, y, w, h float64) {
	s.l.Print.Lines = append(s.l.Print.Lines, Rule{s.page, Box{x, y, w, h}.round()})
}

// marks are quiet: four small squares and one code, on every side.
func (s *setting) marks() {
	const in, a = 5.0, 4.0
	w, h := s.l.Paper.W, s.l.Paper.H
	s.l.Marks = &Marks{
		Corners: [4]Box{{in, in, a, a}, {w - in - a, in, a, a}, {w - in - a, h - in - a, a, a}, {in, h - in - a, a, a}},
	}
	code := s.m.code
	if s.compact {
		code -= 3
	}
	s.l.Marks.QR = Box{s.right() - code, s.m.top, code, code}.round()
}

// heading sets everything above the list on side 1 and returns where it ends.
func (s *setting) heading() float64 {
	seal := Box{s.left(), s.m.top, s.m.seal.W(), s.m.seal.H()}.round()
	s.l.SealBox = seal
	to := s.right()
	if s.l.Marks != nil {
		to = s.l.Marks.QR.X() - 2
	}
	var y float64
	if s.state() {
		y = s.stateHeading(seal, to)
	} else {
		y = s.partyHeading(seal, to)
	}
	if s.l.Marks != nil {
		y = max(y, s.l.Marks.QR.Bottom())
	}
	return y
}

// partyHeading: the organisation and the place of its seal top left, the Party
// right, then what is voted on and how.
func (s *setting) partyHeading(seal Box, to float64) float64 {
	m, em := s.m, s.m.head*mmPerPoint
	y := seal.Y()
	if s.opt.Upper != "" {
		y = s.centre(seal.X(), seal.Right(), y, m.head-1, "", strings.ToUpper(s.opt.Upper))
	}
	if s.opt.Organisation != "" {
		y = s.centre(seal.X(), seal.Right(), y, m.head-1, "B", strings.ToUpper(s.opt.Organisation))
	}
	s.l.SealBox[3] = round(max(seal.H(), y-seal.Y()+seal.H()*0.45))
	seal = s.l.SealBox
	s.centre(seal.X(), seal.Right(), seal.Bottom()-m.head*mmPerPoint*1.3, m.head-2, "I", "(dấu của cấp ủy triệu tập)")
	from := seal.Right() + 3
	y = s.centre(from, to, seal.Y(), m.head, "B", "ĐẢNG CỘNG SẢN VIỆT NAM")
	w := min(Width("B", m.head, "ĐẢNG CỘNG SẢN VIỆT NAM"), to-from)
	s.rule((from+to-w)/2, y+em*0.42, w, 0.25)
	when := s.rec.Date.Document()
	if s.opt.Place != "" {
		when = s.opt.Place + ", " + when
	}
	y = s.centre(from, to, y+em*0.7, m.head-0.5, "I", when)
	if s.compact {
		y = s.centre(from, to, y+em*0.3, m.title, "B", "PHIẾU BẦU")
		if s.opt.Title != "" {
			y = s.centre(from, to, y, m.text-1, "B", s.opt.Title)
		}
		y = max(y, seal.Bottom())
	} else {
		y = max(y+em, seal.Bottom())
		y = s.centre(s.left(), s.right(), y-em*0.6, m.title, "B", "PHIẾU BẦU") + em*0.1
		if s.opt.Title != "" {
			y = s.centre(s.left(), s.right(), y, m.text, "B", s.opt.Title)
		}
	}
	y += em * 0.35
	seats := fmt.Sprintf("Số lượng bầu: %d người, trong danh sách %d người", *s.rec.Seats, len(s.names))
	y = s.centre(s.left(), s.right(), y, m.text, "", seats)
	y = s.centre(s.left(), s.right(), y, m.text-0.5, "I", s.instruction())
	return y + em*0.9
}

func (s *setting) instruction() string {
	switch {
	case s.opt.Instruction != "":
		return s.opt.Instruction
	case s.l.Form == FormAgree:
		return "Với mỗi người, đánh một dấu X vào ô “Đồng ý” hoặc ô “Không đồng ý”."
	}
	return "Không bầu người nào thì gạch một đường thẳng ngang qua cả họ và tên của người đó."
}

// list spreads the names by the first plan that fits and sets them.
func (s *setting) list(below float64) error {
	for _, p := range plans {
		if s.opt.Columns != 0 && p.columns != s.opt.Columns || s.opt.Sides != 0 && p.sides > s.opt.Sides || p.columns > len(s.names) {
			continue
		}
		least := p.least
		if s.compact {
			least = min(least, 7.5)
		}
		if g, ok := s.largest(p, least, below); ok {
			s.setList(g)
			return nil
		}
	}
	return bad("candidates", "%d người không in vừa một tờ %s với cỡ chữ đọc được; dùng giấy lớn hơn hoặc hai cột, hai mặt",
		"%d names do not fit one sheet of %s in readable type; use larger paper, or two columns and sides", len(s.names), s.opt.Paper)
}

// whole is the type, in points, down to which names are set smaller so that
// each stands in one line: a name broken in two is harder to find and to mark.
const whole = 11

// large is the type, in points, below which a list that is to stand on one side
// gets the room beside the seal too.
const large = 12

// largest is the plan in the largest type that fits, with names in two lines
// only where type would otherwise be smaller than whole.
func (s *setting) largest(p plan, least, below float64) (out grid, found bool) {
	for size := s.m.large; size >= least && (!found || size >= whole); size -= 0.5 {
		switch g, ok := s.grid(p, size, below); {
		case !ok:
		case !g.split():
			return g, true
		case !found:
			out, found = g, true
		}
	}
	return out, found
}

// grid is a plan with its measures worked out.
type grid struct {
	plan
	size       float64
	starts     [MaxSides]float64 // top of the head row, by side
	perColumn  [MaxSides]int
	head, row  float64
	width      float64 // of one column
	x          [2]float64
	number     float64 // width of the number cell
	box        float64 // width of one box, agree
	lines      [][]string
	noteBelow  bool
	note       float64 // points of notes
	headSize   float64
	nameMargin float64
}

// split says that a name stands in two lines.
func (g *grid) split() bool {
	return slices.ContainsFunc(g.lines, func(l []string) bool { return len(l) > 1 })
}

const columnGap = 4.0

func (s *setting) grid(p plan, size, below float64) (grid, bool) {
	em := size * mmPerPoint
	g := grid{plan: p, size: size, note: max(7, math.Floor(size*1.6)/2), nameMargin: 0.35 * em, headSize: min(s.m.text-0.5, size)}
	g.number = max(Width("", size, "00"), Width("B", g.headSize, "TT")) + 0.9*em
	room := s.right() - s.left()
	g.width = room
	if p.columns == 2 {
		g.width = (room - columnGap) / 2
	}
	g.head = g.headSize * mmPerPoint * 1.9
	if s.l.Form == FormAgree {
		g.headSize = min(g.headSize, 10)
		g.box = 24
		if p.columns == 2 || s.opt.Paper == "A5" {
			g.box = min(16, max(10.5, g.width*0.165))
			g.headSize = min(g.headSize, 8)
		}
		n := len(wrap("Không đồng ý", "B", g.headSize, g.box-1))
		g.head = g.headSize * mmPerPoint * (1.2*float64(n) + 0.9)
	}
	space := g.width - g.number - 2*g.nameMargin - 2*g.box
	need, factor := 1.75*em, 2.6*em
	widest := 0.0
	for _, n := range s.names {
		w := Width("", size, n.name)
		lines := []string{n.name}
		if w > space {
			if s.l.Form == FormStrike { // a name in two lines cannot be struck by one line
				return g, false
			}
			for word := range strings.FieldsSeq(n.name) {
				if Width("", size, word) > space { // names are broken between words only
					return g, false
				}
			}
			if lines = wrap(n.name, "", size, space); len(lines) > 2 {
				return g, false
			}
			need, factor = 2.3*em, 3*em
		}
		if n.note != "" {
			side := w + 0.4*em + Width("I", g.note, "("+n.note+")")
			if len(lines) > 1 || side > space {
				g.noteBelow = true
			} else {
				w = side
			}
			if Width("I", g.note, "("+n.note+")") > space {
				return g, false
			}
		}
		widest = max(widest, w)
		g.lines = append(g.lines, lines)
	}
	if g.noteBelow {
		need, factor = need+g.note*mmPerPoint*1.15, factor+g.note*mmPerPoint*1.15
	}
	// A single column is no wider than its names ask for, and stands in the middle.
	if p.columns == 1 {
		g.width = min(room, max(room*0.62, g.number+2*g.box+widest*1.15+4*g.nameMargin))
		g.x[0] = s.left() + (room-g.width)/2
	} else {
		g.x = [2]float64{s.left(), s.left() + g.width + columnGap}
	}
	foot := 0.0
	if p.sides == 2 {
		foot = s.m.head * mmPerPoint * 1.5
	}
	g.starts = [MaxSides]float64{below, s.secondTop()}
	var tall [MaxSides]float64
	for i := range p.sides {
		tall[i] = s.l.Paper.H - s.m.bottom - foot - g.starts[i] - g.head
	}
	for row := min(factor, 17); row >= need; row -= 0.05 {
		if s.spread(&g, tall, row) {
			g.row = round(row)
			return g, true
		}
	}
	return g, false
}

// spread counts the rows of each column at this height of rows: side 1 first,
// columns of one side as even as can be.
func (s *setting) spread(g *grid, tall [MaxSides]float64, row float64) bool {
	left := len(s.names)
	for i := range g.sides {
		most := int(tall[i] / row)
		if most < 1 {
			return false
		}
		take := min(left, most*g.columns)
		g.perColumn[i] = (take + g.columns - 1) / g.columns
		left -= take
	}
	return left == 0 && g.perColumn[g.sides-1] > 0
}

// secondTop is where the list starts on the back.
func (s *setting) secondTop() float64 {
	y := s.m.top + s.m.head*mmPerPoint*3.2
	if s.l.Marks != nil {
		y = max(y, s.l.Marks.QR.Bottom()+2)
	}
	return y
}
