package document

import (
	"fmt"
	"strings"

	"minhbach/internal/document/docx"
)

// column is one column of a table: its head, width in millimetres, and side.
type column struct {
	head  string
	w     float64
	align string // "left", "center", "right"
}

// paperTables are the kinds of tables of the papers, by id.
var paperTables = map[string][]column{
	"ket_qua":  {{"TT", 12, "center"}, {"Họ và tên", 62, "left"}, {"Số phiếu", 26, "right"}, {"Tỷ lệ", 25, "right"}, {"Kết quả", 40, "left"}},
	"ung_cu":   {{"TT", 12, "center"}, {"Họ và tên", 70, "left"}, {"Ngày sinh", 32, "center"}, {"Giới thiệu", 51, "left"}},
	"doan":     {{"TT", 12, "center"}, {"Đoàn đại biểu", 61, "left"}, {"Triệu tập", 23, "right"}, {"Có mặt", 23, "right"}, {"Vắng mặt", 23, "right"}, {"Dự khuyết thay", 23, "right"}},
	"nguoi":    {{"TT", 12, "center"}, {"Họ và tên", 60, "left"}, {"Đoàn", 48, "left"}, {"Tình trạng", 45, "left"}},
	"tru":      {{"TT", 12, "center"}, {"Họ và tên", 63, "left"}, {"Lý do trừ khỏi mẫu số", 90, "left"}},
	"trung_cu": {{"TT", 12, "center"}, {"Họ và tên", 73, "left"}, {"Nội dung bầu", 80, "left"}},
}

// tableIDs are the ids in a fixed order.
var tableIDs = []string{"ket_qua", "ung_cu", "doan", "nguoi", "tru", "trung_cu"}

// PaperTemplate is the shipped Word template of the papers of an event in an
// edition of the form, as a clerk downloads it to edit. docs/papers.md lists
// its marks.
func PaperTemplate(f PartyForm) ([]byte, error) {
	b := &templateOf{Builder: &docx.Builder{Footer: "{{diem_chung}}", Code: "ma_qr", Margins: f.margins()}, f: f, wide: pageWide(f, false)}
	b.head()
	b.each("can_cu", b.italic())
	b.when("phan", func() { b.part(tableIDs, false) })
	b.signs()
	return b.Bytes()
}

func (f PartyForm) margins() [4]float64 {
	return [4]float64{f.Margins.Top, f.Margins.Bottom, f.Margins.Left, f.Margins.Right}
}

// pageWide is how wide the text is on A4, upright or (wide) lying.
func pageWide(f PartyForm, wide bool) float64 {
	w := 210.0
	if wide {
		w = 297
	}
	return w - f.Margins.Left - f.Margins.Right
}

// templateOf builds a shipped template: what papers of events and of personnel
// cases have in common.
type templateOf struct {
	*docx.Builder
	f     PartyForm
	wide  float64 // width of the text in millimetres
	small float64 // size of tables in points, 0 as papers have it
}

func (b *templateOf) body() docx.Style {
	return docx.Style{Align: "both", Size: b.f.Body, Before: 6, Indent: true, Spacing: b.f.Pitch}
}

func (b *templateOf) italic() docx.Style {
	s := b.body()
	s.Italic = true
	return s
}

// when puts marks around what stands only where the mark has a value.
func (b *templateOf) when(mark string, add func()) {
	b.P(docx.Style{}, "{{#"+mark+"}}")
	add()
	b.P(docx.Style{}, "{{/"+mark+"}}")
}

// each is one paragraph for each item of a list.
func (b *templateOf) each(mark string, s docx.Style) {
	b.when(mark, func() { b.P(s, "{{noi_dung}}") })
}

// head is the heading of a Party paper down to the line below the subject.
func (b *templateOf) head() {
	b.Columns([]float64{b.wide * 0.44, b.wide * 0.56},
		append(append(optional(centre(13, false, false, "{{cap_tren}}"), "cap_tren"), centre(13, true, false, "{{co_quan}}"), centre(13, false, false, "*")),
			optional(centre(13, false, false, "{{so_van_ban}}"), "so_van_ban")...),
		[]docx.Line{{Style: docx.Style{Align: "center", Size: 14, Bold: true, Underline: true}, Text: "{{dang}}"},
			{Style: docx.Style{Align: "center", Size: 14, Italic: true, Before: 6}, Text: "{{dia_danh_ngay}}"}})
	b.P(docx.Style{Align: "center", Size: b.f.Type, Bold: true, Before: 14, Keep: true}, "{{loai}}")
	b.each("trich_yeu", docx.Style{Align: "center", Size: 14, Bold: true, Keep: true})
	b.when("mau", func() { b.P(docx.Style{Align: "center", Size: 13, Bold: true, Italic: true}, "{{mau}}") })
	b.P(docx.Style{Align: "center", Size: 14}, "{{gach}}")
}

// part is a section; mid says that a head may stand in the middle.
func (b *templateOf) part(tables []string, mid bool) {
	if mid {
		b.when("tieu_de_giua", func() {
			b.P(docx.Style{Align: "center", Size: b.f.Body, Bold: true, Before: 10, Keep: true}, "{{tieu_de_giua}}")
		})
	}
	b.when("tieu_de", func() { b.P(docx.Style{Size: b.f.Body, Bold: true, Before: 8, Keep: true}, "{{tieu_de}}") })
	b.each("doan_van", b.body())
	b.tables(tables)
}

// tables are the tables a section may have, of some kinds.
func (b *templateOf) tables(ids []string) {
	for _, id := range ids {
		b.when("co_"+id, func() {
			var widths []float64
			var head, row []docx.Line
			cols, size := paperTables[id], 12.0
			if b.Wide { // many narrow columns
				size = 11
			}
			if b.small > 0 {
				size = b.small
			}
			for i, c := range cols {
				mark := fmt.Sprintf("{{c%d}}", i+1)
				if i == 0 {
					mark = "{{#" + id + "}}" + mark
				}
				if i == len(cols)-1 {
					mark += "{{/" + id + "}}"
				}
				widths = append(widths, c.w)
				head = append(head, docx.Line{Style: docx.Style{Align: "center", Size: size, Bold: true}, Text: c.head})
				row = append(row, docx.Line{Style: docx.Style{Align: c.align, Size: size}, Text: mark})
			}
			b.Table(widths, head, row)
		})
	}
}

// signs are the blocks of signatures and the recipients.
func (b *templateOf) signs() {
	sign := func(side string) []docx.Line {
		return []docx.Line{{Style: docx.Style{Align: "center", Size: 14, Bold: true, Before: 10, Keep: true}, Text: "{{thay_mat_" + side + "}}"},
			{Style: docx.Style{Align: "center", Size: 14, Bold: b.f.PostBold, Keep: true}, Text: "{{chuc_vu_" + side + "}}"},
			{Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, centre(14, true, false, "{{ten_"+side+"}}")}
	}
	b.P(docx.Style{Size: 4, Keep: true}, "")
	b.Columns([]float64{b.wide / 2, b.wide / 2}, sign("trai"), sign("phai"))
	b.when("co_noi_nhan", func() {
		b.P(docx.Style{Size: 12, Underline: true, Before: 10, Keep: true}, "Nơi nhận")
		b.when("noi_nhan", func() { b.P(docx.Style{Size: 11}, "- {{noi_dung}}") })
	})
	slip(b.Builder)
}

// head2 are the lines of the two columns of the heading.
func (p *Paper) lines(f PartyForm) (upper, body, number, when string) {
	place := p.Place
	if place != "" {
		place += ", "
	}
	if number = f.NumberLine(p.Kind, p.Number, p.Organ); p.Sign != "" {
		number = "Số " + p.Sign
	}
	return strings.ToUpper(p.Upper), strings.ToUpper(p.Body), number, place + p.Made.Document()
}

const sampleMark = "MẪU – số liệu và tên người đều là giả định"

// sides are the left and right block of signatures; who signs alone signs on
// the right.
func (p *Paper) sides() (left, right Signer) {
	switch len(p.Signers) {
	case 0:
	case 1:
		right = p.Signers[0]
	default:
		left, right = p.Signers[0], p.Signers[1]
	}
	return left, right
}

func (p *Paper) stamp() Stamp {
	return Stamp{Seal: p.Seal, Paper: p.title(), Code: p.Point.Code, Size: p.Point.Size, Key: p.Key}
}

// title names the paper in one line.
func (p *Paper) title() string { return p.Type + " " + strings.Join(p.Subject, " ") }

// Marks are the values of the paper for a template.
func (p *Paper) Marks() (docx.Data, error) {
	f, err := formOf(p.Form)
	if err != nil {
		return docx.Data{}, err
	}
	item := func(text string) docx.Data { return docx.Data{Text: map[string]string{"noi_dung": p.Say(text)}} }
	upper, body, number, when := p.lines(f)
	l, r := p.sides()
	d := docx.Data{List: map[string][]docx.Data{"trich_yeu": nil, "can_cu": nil, "phan": nil, "noi_nhan": nil}, Text: map[string]string{
		"cap_tren": upper, "co_quan": body, "so_van_ban": number, "dang": "ĐẢNG CỘNG SẢN VIỆT NAM", "dia_danh_ngay": when, "loai": p.Type, "mau": "", "gach": f.Under,
		"thay_mat_trai": l.For, "chuc_vu_trai": l.Post, "ten_trai": l.Name, "thay_mat_phai": r.For, "chuc_vu_phai": r.Post, "ten_phai": r.Name,
		"co_noi_nhan": ""}}
	if p.Case != "" {
		d.Text["do_mat"], d.List["kinh_gui"] = p.Class, nil
		for _, s := range p.Address {
			d.List["kinh_gui"] = append(d.List["kinh_gui"], item(s))
		}
	}
	if p.Sample {
		d.Text["mau"] = sampleMark
	}
	for _, s := range p.Subject {
		d.List["trich_yeu"] = append(d.List["trich_yeu"], item(s))
	}
	for _, s := range p.Basis {
		d.List["can_cu"] = append(d.List["can_cu"], item(s))
	}
	for _, s := range p.To {
		d.Text["co_noi_nhan"] = "1"
		d.List["noi_nhan"] = append(d.List["noi_nhan"], item(s))
	}
	for _, part := range p.Parts {
		x := docx.Data{Text: map[string]string{"tieu_de": p.Say(part.Head)}, List: map[string][]docx.Data{"doan_van": nil}}
		for _, s := range part.Text {
			if part.Said != 0 { // words as somebody wrote them
				x.List["doan_van"] = append(x.List["doan_van"], docx.Data{Text: map[string]string{"noi_dung": s}})
				continue
			}
			x.List["doan_van"] = append(x.List["doan_van"], item(s))
		}
		if p.Case != "" {
			if x.Text["tieu_de_giua"] = ""; part.Mid {
				x.Text["tieu_de"], x.Text["tieu_de_giua"] = "", p.Say(part.Head)
			}
		}
		for _, id := range p.tables() {
			x.Text["co_"+id], x.List[id] = "", nil
			if part.Table == nil || part.Table.ID != id {
				continue
			}
			x.Text["co_"+id] = "1"
			for _, row := range part.Table.Rows {
				c := map[string]string{}
				for i := range paperTables[id] {
					c[fmt.Sprintf("c%d", i+1)] = p.Say(row[i])
				}
				x.List[id] = append(x.List[id], docx.Data{Text: c})
			}
		}
		d.List["phan"] = append(d.List["phan"], x)
	}
	return d, nil
}

// slot is the slot of the paper's template.
func (p *Paper) slot() Slot {
	if p.Case != "" {
		return CaseSlot(p.Kind)
	}
	return slotOf(p.Kind)
}

// Print is the paper in its two files, by a template; nil is the shipped one.
func (p *Paper) Print(own *docx.Template) (Printed, error) {
	if own == nil && p.Kind == CourseSheet {
		return p.printCourse()
	}
	if own == nil {
		var err error
		if own, err = p.slot().shipped(p.Made); err != nil {
			return Printed{}, err
		}
	}
	d, err := p.Marks()
	if err != nil {
		return Printed{}, err
	}
	return Print(own, d, p.stamp(), p.title(), p.Made)
}
