package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"minhbach/internal/vn"
)

// Layout is all that is needed to draw and to judge a ballot again; the outer
// format `ballots.layout.json`. Places are in millimetres from the top left
// corner of their side.
type Layout struct {
	Paper      Sheet   `json:"paper"`
	Contest    string  `json:"contest"`
	Digest     string  `json:"digest"` // over everything else
	Form       string  `json:"form"`   // strike or agree
	Seats      int64   `json:"seats"`
	Rules      string  `json:"rules"` // contest kind, e.g. "party-election/committee"
	Date       vn.Date `json:"date"`
	Sides      int     `json:"sides"` // 1 or 2
	Title      string  `json:"title,omitempty"`
	Candidates []Place `json:"candidates"`
	SealBox    Box     `json:"seal_box"` // on side 1: the red seal stands here, ink there is no mark
	Marks      *Marks  `json:"marks,omitempty"`
	Print      Print   `json:"print"`
}

// Sheet is the size of the paper, upright.
type Sheet struct {
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// Place is one name on the ballot, in the order of printing.
type Place struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Note    string `json:"note,omitempty"` // what stands in brackets to tell equal names apart
	Order   int    `json:"order"`          // number printed before the name, from 1
	Page    int    `json:"page"`           // side, from 1
	NameBox Box    `json:"name_box"`       // around the letters of the name, its note left out
	RowBox  Box    `json:"row_box"`        // the whole row, number and boxes with it
	// The cells of the form agree, inside their printed lines.
	AgreeBox    *Box `json:"agree_box,omitempty"`
	DisagreeBox *Box `json:"disagree_box,omitempty"`
}

// Marks are the optional marks for reading: a full square in each corner of
// every side, and a code that says which ballot and which side this is.
type Marks struct {
	Corners [4]Box `json:"corners"` // top left, top right, bottom right, bottom left
	QR      Box    `json:"qr_box"`
}

// Print is what the printer puts on paper.
type Print struct {
	Font  string `json:"font"` // the family of every text, see Font
	Texts []Text `json:"texts"`
	Lines []Rule `json:"lines"`
}

// Font is the family that texts are set in; its metrics are those of Times New
// Roman.
const Font = "Liberation Serif"

// Text is one run of letters on one line.
type Text struct {
	Page  int     `json:"page"`
	X     float64 `json:"x"` // left end
	Y     float64 `json:"y"` // baseline
	Size  float64 `json:"size"`
	Style string  `json:"style,omitempty"` // "", B, I
	Text  string  `json:"text"`
}

// Rule is a printed line: a filled rectangle.
type Rule struct {
	Page int `json:"page"`
	Box  Box `json:"box"`
}

// Bounds of a layout file: above them it is bad input.
const (
	MaxLayout = 4 << 20 // bytes
	maxTexts  = 4000
	maxText   = 400 // bytes of one text
)

// InputError is bad input: the field as it stands in the file, and what is
// wrong with it in plain words.
type InputError struct {
	Field  string
	VI, EN string
}

func (e *InputError) Error() string {
	if e.Field == "" {
		return e.EN
	}
	return "field " + e.Field + ": " + e.EN
}

func bad(field, vi, en string, args ...any) *InputError {
	return &InputError{field, fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...)}
}

// ParseLayout reads a layout as hostile bytes. The error is an *InputError.
func ParseLayout(data []byte) (*Layout, error) {
	if len(data) > MaxLayout {
		return nil, bad("", "tệp bố cục dài quá %d byte", "the layout is longer than %d bytes", MaxLayout)
	}
	l := &Layout{}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(l); err != nil {
		var te *json.UnmarshalTypeError
		if errors.As(err, &te) {
			return nil, bad(te.Field, "không thể là %s", "cannot be %s", te.Value)
		}
		return nil, bad("", "không phải tệp bố cục JSON đúng: %v", "is not a correct layout in JSON: %v", err)
	}
	if dec.More() {
		return nil, bad("", "sau bố cục còn chữ khác", "something else follows the layout")
	}
	if err := l.Validate(); err != nil {
		return nil, err
	}
	if want := l.digest(); l.Digest != want {
		return nil, bad("digest", "không khớp với nội dung: tệp bố cục đã bị sửa sau khi tạo, hoặc không trọn vẹn", "does not match the content: the layout was changed after it was made, or is not whole")
	}
	return l, nil
}

// JSON is the layout as its file holds it.
func (l *Layout) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return nil, fmt.Errorf("paper: layout of %s: %w", l.Contest, err)
	}
	return append(data, '\n'), nil
}

// digest is a hash over the layout without its digest. Every printed letter
// and place is in it: two ballots that look different have two digests.
func (l *Layout) digest() string {
	c := *l
	c.Digest = ""
	data, err := json.Marshal(&c)
	if err != nil { // only a number that is not finite, which Validate refuses
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Code is what the optional code on side s says: enough to know which ballot
// and which side this is. Every copy says the same.
func (l *Layout) Code(side int) string {
	contest := l.Contest
	if len(contest) > 48 { // a code of a few centimetres must stay readable
		sum := sha256.Sum256([]byte(contest))
		contest = hex.EncodeToString(sum[:12])
	}
	form := "S"
	if l.Form == FormAgree {
		form = "A"
	}
	return fmt.Sprintf("MB1 %s %d/%d %s %s", form, side, l.Sides, l.Digest[:min(16, len(l.Digest))], contest)
}

// On lists the places (as indexes of Candidates) of one side.
func (l *Layout) On(side int) []int {
	var on []int
	for i := range l.Candidates {
		if l.Candidates[i].Page == side {
			on = append(on, i)
		}
	}
	return on
}

// Validate checks that the layout can be drawn and judged: sizes that exist,
// everything inside its side, no place on top of another. The error is an
// *InputError.
func (l *Layout) Validate() error {
	page := Box{0, 0, l.Paper.W, l.Paper.H}
	switch {
	case !within(l.Paper.W, 70, 450) || !within(l.Paper.H, 70, 650):
		return bad("paper", "khổ giấy %g × %g mm không in được", "a sheet of %g × %g mm cannot be printed", l.Paper.W, l.Paper.H)
	case l.Contest == "" || len(l.Contest) > 200:
		return bad("contest", "thiếu mã cuộc bầu cử, hoặc dài quá 200 ký tự", "the contest id is missing or longer than 200 characters")
	case l.Form != FormStrike && l.Form != FormAgree:
		return bad("form", "không biết %q; chỉ có strike, agree", "%q is not known; there are strike, agree", l.Form)
	case l.Seats < 1 || l.Seats > 2000:
		return bad("seats", "số được bầu phải từ 1 đến 2000", "seats must be 1 to 2000")
	case l.Rules == "" || len(l.Rules) > 200:
		return bad("rules", "thiếu loại bầu cử", "the contest kind is missing")
	case l.Date.IsZero():
		return bad("date", "thiếu ngày bầu cử, dạng 2021-05-23", "the date is missing, like 2021-05-23")
	case l.Sides < 1 || l.Sides > MaxSides:
		return bad("sides", "phiếu có 1 hoặc %d mặt", "a ballot has 1 or %d sides", MaxSides)
	case len(l.Candidates) < 1 || len(l.Candidates) > MaxNames:
		return bad("candidates", "phải có từ 1 đến %d người", "there must be 1 to %d names", MaxNames)
	case !l.SealBox.finite() || !l.SealBox.Inside(page) || l.SealBox.W() < 0 || l.SealBox.H() < 0:
		return bad("seal_box", "nằm ngoài tờ phiếu", "lies outside the sheet")
	}
	ids := map[string]bool{}
	for i := range l.Candidates {
		c := &l.Candidates[i]
		f := fmt.Sprintf("candidates[%d]", i)
		switch {
		case c.ID == "" || len(c.ID) > 100 || ids[c.ID]:
			return bad(f+".id", "mã %q trống, quá dài hoặc trùng", "id %q is empty, too long or stands twice", c.ID)
		case strings.TrimSpace(c.Name) == "" || len(c.Name) > maxText || !utf8.ValidString(c.Name):
			return bad(f+".name", "thiếu họ tên, hoặc quá dài", "the name is missing or too long")
		case c.Page < 1 || c.Page > l.Sides:
			return bad(f+".page", "mặt %d không có trên phiếu này", "this ballot has no side %d", c.Page)
		}
		ids[c.ID] = true
		boxes := []struct {
			name string
			box  *Box
		}{{"name_box", &c.NameBox}, {"row_box", &c.RowBox}, {"agree_box", c.AgreeBox}, {"disagree_box", c.DisagreeBox}}
		for _, b := range boxes {
			switch {
			case b.box == nil && l.Form == FormStrike:
			case b.box == nil:
				return bad(f+"."+b.name, "phiếu đồng ý, không đồng ý phải có ô này", "the form agree needs this box")
			case !b.box.finite() || b.box.Empty() || !b.box.Inside(page):
				return bad(f+"."+b.name, "nằm ngoài tờ phiếu hoặc không có diện tích", "lies outside the sheet or has no area")
			case !b.box.Inside(c.RowBox):
				return bad(f+"."+b.name, "nằm ngoài hàng của người này", "lies outside the row of this person")
			}
		}
		if a, d := c.AgreeBox, c.DisagreeBox; a != nil && d != nil && (a.Overlaps(*d) || a.Overlaps(c.NameBox) || d.Overlaps(c.NameBox)) {
			return bad(f, "các ô chồng lên nhau", "boxes lie on top of each other")
		}
		for j := range i {
			if o := &l.Candidates[j]; o.Page == c.Page && o.RowBox.Overlaps(c.RowBox) && overlap(o.RowBox, c.RowBox) > 0.02 {
				return bad(f+".row_box", "chồng lên hàng của %q", "lies on top of the row of %q", o.ID)
			}
		}
	}
	return l.validatePrint(page)
}

// overlap is by how many millimetres two boxes lie over each other, the
// smaller way.
func overlap(a, b Box) float64 {
	return min(min(a.Right(), b.Right())-max(a.X(), b.X()), min(a.Bottom(), b.Bottom())-max(a.Y(), b.Y()))
}

func (l *Layout) validatePrint(page Box) error {
	p := &l.Print
	switch {
	case p.Font != Font:
		return bad("print.font", "không có phông %q", "there is no font %q", p.Font)
	case len(p.Texts) == 0:
		return bad("print.texts", "không có chữ nào: không vẽ lại được phiếu", "there are no letters: the ballot cannot be drawn again")
	case len(p.Texts) > maxTexts || len(p.Lines) > maxTexts:
		return bad("print", "quá nhiều chữ hoặc đường kẻ", "too many texts or lines")
	}
	for i, t := range p.Texts {
		f := fmt.Sprintf("print.texts[%d]", i)
		switch {
		case t.Page < 1 || t.Page > l.Sides:
			return bad(f+".page", "mặt %d không có trên phiếu này", "this ballot has no side %d", t.Page)
		case !within(t.Size, 4, 72):
			return bad(f+".size", "cỡ chữ phải từ 4 đến 72", "the size must be 4 to 72 points")
		case t.Style != "" && t.Style != "B" && t.Style != "I":
			return bad(f+".style", "không biết kiểu %q", "style %q is not known", t.Style)
		case len(t.Text) > maxText || !utf8.ValidString(t.Text):
			return bad(f+".text", "quá dài hoặc không phải chữ", "too long or not text")
		case !within(t.X, 0, page.W()) || !within(t.Y, 0, page.H()) || t.X+Width(t.Style, t.Size, t.Text) > page.W()+0.1:
			return bad(f, "chữ ra ngoài tờ phiếu", "the text runs out of the sheet")
		}
		if r, ok := missingLetter(t.Style, t.Text); ok {
			return bad(f+".text", "phông chữ không có chữ %q (U+%04X)", "the font has no letter %q (U+%04X)", string(r), r)
		}
	}
	for i, r := range p.Lines {
		if r.Page < 1 || r.Page > l.Sides || !r.Box.finite() || r.Box.Empty() || !r.Box.Inside(page) {
			return bad(fmt.Sprintf("print.lines[%d]", i), "nằm ngoài tờ phiếu hoặc không có diện tích", "lies outside the sheet or has no area")
		}
	}
	if l.Marks != nil {
		for i, b := range append(l.Marks.Corners[:], l.Marks.QR) {
			if !b.finite() || b.Empty() || !b.Inside(page) {
				return bad("marks", "dấu định vị thứ %d nằm ngoài tờ phiếu", "mark %d lies outside the sheet", i+1)
			}
		}
	}
	return nil
}

func within(v, low, high float64) bool { return v >= low && v <= high } // false for NaN

func (b Box) finite() bool {
	for _, v := range b {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e4 {
			return false
		}
	}
	return true
}
