package document

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"minhbach/internal/vn"
)

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
