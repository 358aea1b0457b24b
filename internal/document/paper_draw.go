package document

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
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

// PaperTemplate is the shipped Word template of the papers in an edition of the
// form, as a clerk downloads it to edit. docs/papers.md lists its marks.
func PaperTemplate(f PartyForm) ([]byte, error) {
	b := &docx.Builder{Footer: "{{diem_chung}}", Margins: [4]float64{f.Margins.Top, f.Margins.Bottom, f.Margins.Left, f.Margins.Right}}
	text := docx.Style{Align: "both", Size: f.Body, Before: 6, Indent: true, Spacing: f.Pitch}
	when := func(mark string, add func()) {
		b.P(docx.Style{}, "{{#"+mark+"}}")
		add()
		b.P(docx.Style{}, "{{/"+mark+"}}")
	}
	b.Columns([]float64{72, 93},
		[]docx.Line{centre(13, false, false, "{{cap_tren}}"), centre(13, true, false, "{{co_quan}}"), centre(13, false, false, "*"), centre(13, false, false, "{{so_van_ban}}")},
		[]docx.Line{{Style: docx.Style{Align: "center", Size: 14, Bold: true, Underline: true}, Text: "{{dang}}"},
			{Style: docx.Style{Align: "center", Size: 14, Italic: true, Before: 6}, Text: "{{dia_danh_ngay}}"}})
	b.P(docx.Style{Align: "center", Size: f.Type, Bold: true, Before: 14, Keep: true}, "{{loai}}")
	when("trich_yeu", func() { b.P(docx.Style{Align: "center", Size: 14, Bold: true, Keep: true}, "{{noi_dung}}") })
	when("mau", func() { b.P(docx.Style{Align: "center", Size: 13, Bold: true, Italic: true}, "{{mau}}") })
	b.P(docx.Style{Align: "center", Size: 14}, "{{gach}}")
	when("can_cu", func() {
		b.P(docx.Style{Align: "both", Size: f.Body, Italic: true, Before: 6, Indent: true, Spacing: f.Pitch}, "{{noi_dung}}")
	})
	when("phan", func() {
		when("tieu_de", func() { b.P(docx.Style{Size: f.Body, Bold: true, Before: 8, Keep: true}, "{{tieu_de}}") })
		when("doan_van", func() { b.P(text, "{{noi_dung}}") })
		for _, id := range tableIDs {
			when("co_"+id, func() {
				var widths []float64
				var head, row []docx.Line
				cols := paperTables[id]
				for i, c := range cols {
					mark := fmt.Sprintf("{{c%d}}", i+1)
					if i == 0 {
						mark = "{{#" + id + "}}" + mark
					}
					if i == len(cols)-1 {
						mark += "{{/" + id + "}}"
					}
					widths = append(widths, c.w)
					head = append(head, docx.Line{Style: docx.Style{Align: "center", Size: 12, Bold: true}, Text: c.head})
					row = append(row, docx.Line{Style: docx.Style{Align: c.align, Size: 12}, Text: mark})
				}
				b.Table(widths, head, row)
			})
		}
	})
	sign := func(side string) []docx.Line {
		return []docx.Line{{Style: docx.Style{Align: "center", Size: 14, Bold: true, Before: 10, Keep: true}, Text: "{{thay_mat_" + side + "}}"},
			{Style: docx.Style{Align: "center", Size: 14, Bold: f.PostBold, Keep: true}, Text: "{{chuc_vu_" + side + "}}"},
			{Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, centre(14, true, false, "{{ten_"+side+"}}")}
	}
	b.Columns([]float64{82, 83}, sign("trai"), sign("phai"))
	when("co_noi_nhan", func() {
		b.P(docx.Style{Size: 12, Underline: true, Before: 10, Keep: true}, "Nơi nhận")
		when("noi_nhan", func() { b.P(docx.Style{Size: 11}, "- {{noi_dung}}") })
	})
	return b.Bytes()
}

// head2 are the lines of the two columns of the heading.
func (p *Paper) lines(f PartyForm) (upper, body, number, when string) {
	place := p.Place
	if place != "" {
		place += ", "
	}
	return strings.ToUpper(p.Upper), strings.ToUpper(p.Body), f.NumberLine(p.Kind, p.Number, p.Organ), place + p.Made.Document()
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

func (p *Paper) footer() string {
	if p.Seal != SealFooter {
		return ""
	}
	return "Điểm chứng: " + p.Point.Code + " (nhật ký có " + vn.Thousands(p.Point.Size) + " mục). Vân tay khóa: " + p.Key
}

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
		"diem_chung": p.footer(), "co_noi_nhan": ""}}
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
			x.List["doan_van"] = append(x.List["doan_van"], item(s))
		}
		for _, id := range tableIDs {
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

// DOCX is the Word file by a template; nil is the shipped one.
func (p *Paper) DOCX(own *docx.Template) ([]byte, error) {
	if own == nil {
		f, err := formOf(p.Form)
		if err != nil {
			return nil, err
		}
		raw, err := PaperTemplate(f)
		if err != nil {
			return nil, err
		}
		if own, err = docx.Open(raw); err != nil {
			return nil, err
		}
	}
	d, err := p.Marks()
	if err != nil {
		return nil, err
	}
	return own.Fill(d)
}

// PDF draws the paper on A4; the bytes depend on the model alone.
func (p *Paper) PDF() ([]byte, error) {
	form, err := formOf(p.Form)
	if err != nil {
		return nil, err
	}
	d := &paperPDF{Fpdf: sheet(false, fpdf.SizeType{Wd: 210, Ht: 297}, p.Type+" "+strings.Join(p.Subject, " "), p.Made), p: p, f: form}
	d.SetMargins(form.Margins.Left, form.Margins.Top, form.Margins.Right)
	d.SetAutoPageBreak(true, form.Margins.Bottom+8)
	if p.Seal != SealNone {
		if err := d.code(); err != nil {
			return nil, err
		}
	}
	d.SetHeaderFunc(func() {
		if d.PageNo() > 1 {
			d.SetFont(serif, "", 13)
			d.SetXY(form.Margins.Left, 9)
			d.CellFormat(d.wide(), 6, fmt.Sprint(d.PageNo()), "", 0, "C", false, 0, "")
			d.SetY(form.Margins.Top)
		}
	})
	d.SetFooterFunc(d.foot)
	d.AddPage()
	d.draw()
	var out bytes.Buffer
	if err := d.Output(&out); err != nil {
		return nil, fmt.Errorf("document: PDF of %s: %w", p.Kind, err)
	}
	return out.Bytes(), nil
}

type paperPDF struct {
	*fpdf.Fpdf
	p *Paper
	f PartyForm
}

func (d *paperPDF) wide() float64 { return 210 - d.f.Margins.Left - d.f.Margins.Right }

func (d *paperPDF) code() error {
	c, err := qr.Encode("MINHBACH "+d.p.Point.Code+" KEY "+d.p.Key, qr.M, qr.Auto)
	if err != nil {
		return err
	}
	scaled, err := barcode.Scale(c, c.Bounds().Dx()*6, c.Bounds().Dx()*6)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, scaled); err != nil {
		return err
	}
	d.RegisterImageOptionsReader("seal", fpdf.ImageOptions{ImageType: "PNG"}, &buf)
	return d.Error()
}

func (d *paperPDF) foot() {
	if text := d.p.footer(); text != "" {
		d.SetXY(d.f.Margins.Left, 297-14)
		d.SetFont(serif, "", 8)
		d.CellFormat(d.wide()-16, 4, text, "", 0, "L", false, 0, "")
		d.ImageOptions("seal", 210-d.f.Margins.Right-13, 297-22, 13, 13, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	}
}

func (d *paperPDF) text(style, align string, size, pitch float64, indent bool, s string) {
	d.SetFont(serif, style, size)
	if pitch == 0 {
		pitch = size * 0.42
	}
	if indent {
		s = "\u2003\u2003" + s
	}
	d.MultiCell(0, pitch, s, "", align, false)
}

func (d *paperPDF) room(h float64) {
	if d.GetY()+h > 297-d.f.Margins.Bottom-8 {
		d.AddPage()
	}
}

func (d *paperPDF) draw() {
	p := d.p
	upper, body, number, when := p.lines(d.f)
	x, y, half := d.f.Margins.Left, d.GetY(), d.wide()*0.44
	for i, s := range []string{upper, body, "*", number} {
		if s == "" {
			continue
		}
		style := ""
		if i == 1 {
			style = "B"
		}
		d.SetX(x)
		d.SetFont(serif, style, 12.5)
		d.MultiCell(half, 5.4, s, "", "C", false)
	}
	low := d.GetY()
	d.SetXY(x+half, y)
	d.SetFont(serif, "B", 13.5)
	d.CellFormat(d.wide()-half, 6, "ĐẢNG CỘNG SẢN VIỆT NAM", "", 2, "C", false, 0, "")
	w, mid := d.GetStringWidth("ĐẢNG CỘNG SẢN VIỆT NAM"), x+half+(d.wide()-half)/2
	d.Line(mid-w/2, d.GetY()+0.3, mid+w/2, d.GetY()+0.3)
	d.SetXY(x+half, d.GetY()+3)
	d.SetFont(serif, "I", 13)
	d.CellFormat(d.wide()-half, 6, when, "", 2, "C", false, 0, "")
	d.SetXY(x, max(low, d.GetY())+6)
	d.text("B", "C", d.f.Type, 0, false, p.Type)
	for _, s := range p.Subject {
		d.text("B", "C", 14, 6.4, false, p.Say(s))
	}
	if p.Sample {
		d.text("I", "C", 12, 5.4, false, sampleMark)
	}
	d.text("", "C", 14, 6, false, d.f.Under)
	pitch := max(float64(d.f.Pitch)*25.4/72, 6)
	for _, s := range p.Basis {
		d.Ln(2)
		d.text("I", "J", d.f.Body, pitch, true, p.Say(s))
	}
	for _, part := range p.Parts {
		if part.Head != "" {
			d.Ln(2.8)
			d.room(18)
			d.text("B", "L", d.f.Body, pitch, false, p.Say(part.Head))
		}
		for _, s := range part.Text {
			d.Ln(2)
			d.text("", "J", d.f.Body, pitch, true, p.Say(s))
		}
		if part.Table != nil {
			d.Ln(2)
			d.table(part.Table)
		}
	}
	d.sign()
	if len(p.To) > 0 {
		d.Ln(4)
		d.room(6 + 5*float64(len(p.To)))
		d.SetFont(serif, "U", 12)
		d.MultiCell(0, 5.4, "Nơi nhận", "", "L", false)
		for _, s := range p.To {
			d.text("", "L", 11, 5, false, "- "+s)
		}
	}
	if p.Seal == SealSlip {
		d.AddPage()
		d.text("B", "C", 15, 0, false, "PHIẾU KIỂM CHỨNG")
		d.text("", "C", 13, 6, false, p.Type+" "+strings.Join(p.Subject, " "))
		d.ImageOptions("seal", 105-20, d.GetY()+6, 40, 40, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
		d.SetY(d.GetY() + 52)
		d.text("B", "C", 13, 6, false, "Điểm chứng: "+p.Point.Code)
		d.text("", "C", 12, 6, false, "Nhật ký có "+vn.Thousands(p.Point.Size)+" mục. Vân tay khóa: "+p.Key)
	}
}

// table draws rows as tall as their tallest cell; the head stands on each page.
func (d *paperPDF) table(t *PaperTable) {
	cols := paperTables[t.ID]
	row := func(style string, cells []string, fill bool) {
		d.SetFont(serif, style, 11.5)
		lines := 1
		for i, c := range cells {
			lines = max(lines, len(d.SplitText(c, cols[i].w-2)))
		}
		h := float64(lines)*5.2 + 1.6
		x, y := d.f.Margins.Left, d.GetY()
		for i, c := range cells {
			align := strings.ToUpper(cols[i].align[:1])
			if style == "B" {
				align = "C"
			}
			d.Rect(x, y, cols[i].w, h, "D")
			d.SetXY(x, y+0.8)
			d.MultiCell(cols[i].w, 5.2, c, "", align, false)
			x += cols[i].w
		}
		d.SetXY(d.f.Margins.Left, y+h)
	}
	var heads []string
	for _, c := range cols {
		heads = append(heads, c.head)
	}
	d.room(16)
	row("B", heads, true)
	for _, r := range t.Rows {
		cells := make([]string, len(cols))
		for i := range cols {
			cells[i] = d.p.Say(r[i])
		}
		if page := d.PageNo(); true {
			if d.room(13); d.PageNo() != page {
				row("B", heads, true)
			}
		}
		row("", cells, false)
	}
}

func (d *paperPDF) sign() {
	l, r := d.p.sides()
	if l == (Signer{}) && r == (Signer{}) {
		return
	}
	d.Ln(6)
	d.room(48)
	y, half := d.GetY(), d.wide()/2
	for i, s := range []Signer{l, r} {
		x := d.f.Margins.Left + float64(i)*half
		put := func(dy float64, style, text string) {
			d.SetXY(x, y+dy)
			d.SetFont(serif, style, 13)
			d.CellFormat(half, 6, text, "", 0, "C", false, 0, "")
		}
		post := ""
		if d.f.PostBold {
			post = "B"
		}
		put(0, "B", s.For)
		put(6, post, s.Post)
		put(36, "B", s.Name)
	}
	d.SetXY(d.f.Margins.Left, y+43)
}
