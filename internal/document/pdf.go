package document

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"

	"minhbach/internal/election"
	"minhbach/internal/vn"
)

// Sheet measures in millimetres: A4 with the margins of official papers (30
// left for binding, 20 elsewhere).
const (
	left, top, right, bottom = 30.0, 18.0, 18.0, 26.0
	width                    = 210 - left - right
	serif                    = "serif"
	body                     = 12.5
	line                     = 6.0
)

// page writes one paper.
type page struct {
	*fpdf.Fpdf
	m *Model
}

// PDF draws the minutes on A4. The bytes depend on the model alone: no clock,
// no random, no name of a machine.
func (m *Model) PDF() ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	made := time.Date(m.Made.Year, m.Made.Month, m.Made.Day, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetProducer("Minh Bạch", true)
	f.SetTitle("Biên bản "+m.Title.VI, true)
	f.SetLang("vi-VN")
	f.SetMargins(left, top, right)
	f.SetAutoPageBreak(true, bottom)
	f.AddUTF8FontFromBytes(serif, "", liberationserifregular.TTF)
	f.AddUTF8FontFromBytes(serif, "B", liberationserifbold.TTF)
	f.AddUTF8FontFromBytes(serif, "I", liberationserifitalic.TTF)
	f.AddUTF8FontFromBytes(serif, "BI", liberationserifbolditalic.TTF)
	p := &page{f, m}
	if m.Seal != SealNone {
		if err := p.loadQR(); err != nil {
			return nil, err
		}
	}
	f.AliasNbPages("{nb}")
	f.SetFooterFunc(p.footer)
	f.AddPage()
	p.heading()
	p.opening()
	p.figures()
	p.results()
	p.verdicts()
	p.closing()
	p.signatures()
	if m.Seal == SealSlip {
		p.slip()
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("document: PDF of %s: %w", m.Contest, err)
	}
	return out.Bytes(), nil
}

// seal is what the code on the paper says: enough to find and hold the
// checkpoint against.
func (m *Model) seal() string {
	return "MINHBACH " + m.Code + " KEY " + m.Key + " " + strings.ToUpper(m.Contest)
}

func (p *page) loadQR() error {
	code, err := qr.Encode(p.m.seal(), qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("document: QR: %w", err)
	}
	size := code.Bounds().Dx()
	scaled, err := barcode.Scale(code, size*6, size*6)
	if err != nil {
		return fmt.Errorf("document: QR: %w", err)
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, scaled); err != nil {
		return fmt.Errorf("document: QR: %w", err)
	}
	p.RegisterImageOptionsReader("seal", fpdf.ImageOptions{ImageType: "PNG"}, &buf)
	return p.Error()
}

func (p *page) footer() {
	p.SetY(-bottom + 4)
	p.SetDrawColor(170, 165, 155)
	p.Line(left, p.GetY(), 210-right, p.GetY())
	p.SetTextColor(90, 85, 75)
	y := p.GetY() + 1.5
	p.SetXY(left, y)
	p.SetFont(serif, "", 9)
	text := width
	if p.m.Seal == SealFooter {
		text -= 18
		p.ImageOptions("seal", 210-right-15.5, y, 15.5, 15.5, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	}
	p.CellFormat(text, 4.4, fmt.Sprintf("Trang %d/{nb}", p.PageNo()), "", 2, "L", false, 0, "")
	if p.m.Seal == SealFooter {
		p.CellFormat(text, 4.4, "Điểm chứng: "+p.m.Code+" (nhật ký có "+vn.Thousands(p.m.Size)+" mục)", "", 2, "L", false, 0, "")
		p.CellFormat(text, 4.4, "Vân tay khóa: "+p.m.Key, "", 2, "L", false, 0, "")
	}
	p.SetTextColor(0, 0, 0)
}

// para writes a paragraph over the whole width.
func (p *page) para(style, align, text string) {
	p.SetFont(serif, style, body)
	p.MultiCell(0, line, text, "", align, false)
}

func (p *page) head(text string) {
	p.Ln(2)
	p.room(16)
	p.para("B", "L", text)
}

// room starts a new page when less than h is left, so that a heading or a row
// of signatures never stands alone.
func (p *page) room(h float64) {
	if p.GetY()+h > 297-bottom {
		p.AddPage()
	}
}

func (p *page) heading() {
	m := p.m
	y := p.GetY()
	half := width * 0.43
	p.SetFont(serif, "", 11.5)
	if m.Upper != "" {
		p.MultiCell(half, 5.2, strings.ToUpper(m.Upper), "", "C", false)
	}
	p.SetX(left)
	p.SetFont(serif, "B", 11.5)
	p.MultiCell(half, 5.2, strings.ToUpper(m.Body), "", "C", false)
	p.SetX(left)
	p.SetFont(serif, "", 11.5)
	p.CellFormat(half, 4, "*", "", 2, "C", false, 0, "")
	low := p.GetY()
	p.SetXY(left+half, y)
	p.SetFont(serif, "B", 11.5)
	if m.Family == "state" {
		p.CellFormat(width-half, 5.6, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "", 2, "C", false, 0, "")
		p.CellFormat(width-half, 5.6, "Độc lập - Tự do - Hạnh phúc", "", 2, "C", false, 0, "")
	} else {
		p.CellFormat(width-half, 5.6, "ĐẢNG CỘNG SẢN VIỆT NAM", "", 2, "C", false, 0, "")
	}
	w := p.GetStringWidth("Độc lập - Tự do - Hạnh phúc")
	mid := left + half + (width-half)/2
	p.SetDrawColor(0, 0, 0)
	p.Line(mid-w/2, p.GetY()+0.4, mid+w/2, p.GetY()+0.4)
	p.SetXY(left+half, p.GetY()+2)
	p.SetFont(serif, "I", 11.5)
	place := m.Place
	if place != "" {
		place += ", "
	}
	p.CellFormat(width-half, 5.6, place+m.Made.Document(), "", 2, "C", false, 0, "")
	p.SetY(max(low, p.GetY()) + 6)
}

func (p *page) opening() {
	m := p.m
	p.SetFont(serif, "B", 15)
	p.CellFormat(0, 8, "BIÊN BẢN", "", 1, "C", false, 0, "")
	sub := "kiểm phiếu"
	if m.Family == "state" {
		sub = "xác định kết quả bầu cử"
	}
	p.para("B", "C", sub+" – "+m.Title.VI)
	p.para("", "C", m.Event.VI)
	if m.Round > 1 {
		p.para("", "C", fmt.Sprintf("Lần bầu thứ %d", m.Round))
	}
	if m.Sample {
		p.SetTextColor(155, 28, 28)
		p.para("BI", "C", "MẪU – số liệu và tên người đều là giả định")
		p.SetTextColor(0, 0, 0)
	}
	p.Ln(2)
	for _, b := range m.Basis {
		p.para("I", "J", fmt.Sprintf("Căn cứ %s số %s ngày %s;", strings.TrimSpace(b.Title.VI), b.Number, b.Date.Vietnamese()))
	}
	text := m.openingText()
	p.para("", "J", text)
	if len(m.Board) > 0 {
		p.head("Thành phần")
		for i, b := range m.Board {
			p.para("", "L", fmt.Sprintf("%d. %s – %s", i+1, b.Name, b.Role))
		}
	}
}

// figure writes one line: its number in the paper, label, value, share.
func (p *page) figure(f Figure) {
	p.room(line)
	x := left
	if f.Indent {
		x += 8
	}
	p.SetX(x)
	p.SetFont(serif, "", body)
	n := "–"
	if f.N > 0 {
		n = fmt.Sprintf("(%d)", f.N)
	}
	p.CellFormat(11, line, n, "", 0, "L", false, 0, "")
	label := f.Label.VI
	if f.Reckon != "" {
		label += " = " + f.Reckon
	}
	p.CellFormat(width-(x-left)-11-70, line, label, "", 0, "L", false, 0, "")
	p.SetFont(serif, "B", body)
	p.CellFormat(24, line, vn.Thousands(f.Value), "", 0, "R", false, 0, "")
	p.SetFont(serif, "", 10)
	share := ""
	if f.Share != "" {
		share = "  " + vn.Comma(f.Share) + "% " + f.ShareOf.VI
	}
	p.CellFormat(46, line, share, "", 1, "L", false, 0, "")
}

func (p *page) figures() {
	p.head("I. Số liệu")
	for _, f := range p.m.Figures {
		p.figure(f)
	}
	if len(p.m.Deductions) > 0 {
		p.para("I", "L", "Những người được trừ khỏi mẫu số:")
		for _, d := range p.m.Deductions {
			f := d.Figure
			f.Indent = true
			p.figure(f)
			if len(d.Names) > 0 {
				p.SetX(left + 19)
				p.SetFont(serif, "I", 11)
				p.MultiCell(width-19, 5, strings.Join(d.Names, ", "), "", "L", false)
			}
		}
	}
}

func (p *page) results() {
	if p.m.Order == OrderVotes {
		p.head("II. Kết quả của từng người, theo số phiếu từ cao xuống thấp")
	} else {
		p.head("II. Kết quả của từng người, theo thứ tự trên phiếu")
	}
	p.candidateTable()
	p.head("III. Người trúng cử, từ cao xuống thấp")
	if len(p.m.Elected) == 0 {
		p.para("", "L", "Không có người trúng cử.")
	}
	for i, id := range p.m.Elected {
		for _, c := range p.m.Candidates {
			if c.ID == id {
				p.para("", "L", fmt.Sprintf("%d. %s: %s phiếu, %s%%", i+1, strings.TrimSpace(c.Title+" "+c.Name), vn.Thousands(c.Votes.Value), vn.Comma(c.Share)))
			}
		}
	}
	p.para("", "J", "Tình trạng: "+election.StatusWords(p.m.Status).VI+". "+election.NextWords(p.m.Next).VI+".")
}

func (p *page) candidateTable() {
	cols := []struct {
		head  string
		w     float64
		align string
	}{{"TT", 9, "C"}, {"Họ và tên", 60, "L"}, {"Số", 11, "C"}, {"Số phiếu", 27, "R"}, {"Tỷ lệ", 19, "R"}, {"Kết quả", width - 126, "L"}}
	head := func() {
		p.SetFont(serif, "B", 11)
		p.SetFillColor(240, 237, 230)
		for _, c := range cols {
			p.CellFormat(c.w, 7, c.head, "1", 0, "C", true, 0, "")
		}
		p.Ln(-1)
	}
	head()
	for _, c := range p.m.Candidates {
		if p.GetY()+7 > 297-bottom {
			p.AddPage()
			head()
		}
		p.SetFont(serif, "", 11.5)
		vals := []string{fmt.Sprint(c.Place), strings.TrimSpace(c.Title + " " + c.Name), fmt.Sprintf("(%d)", c.Votes.N), vn.Thousands(c.Votes.Value), vn.Comma(c.Share) + "%", election.OutcomeWords(c.Outcome).VI}
		for i, v := range vals {
			p.fit(cols[i].w, v)
			p.CellFormat(cols[i].w, 7, v, "1", 0, cols[i].align, false, 0, "")
			p.SetFontSize(11.5)
		}
		p.Ln(-1)
	}
}

// fit makes the type smaller until a text fits its cell: a name is never cut.
func (p *page) fit(w float64, text string) {
	for size := 11.5; size > 6 && p.GetStringWidth(text) > w-2; size -= 0.5 {
		p.SetFontSize(size)
	}
}

func (p *page) verdicts() {
	p.head("IV. Kết quả đối chiếu quy định")
	for _, v := range p.m.Verdicts {
		mark := "Đạt"
		if !v.Holds {
			mark = "Không đạt"
		}
		p.room(2 * line)
		p.para("", "J", "– "+mark+": "+v.Says.VI+" ("+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+")")
	}
	for _, f := range p.m.Findings {
		p.para("I", "J", "– Lưu ý: "+f.VI)
	}
}

func (p *page) closing() {
	m := p.m
	next := "V. "
	if m.Notes != "" {
		p.head(next + "Diễn biến")
		p.para("", "J", m.Notes)
		next = "VI. "
	}
	if m.Complaints != "" {
		p.head(next + "Khiếu nại, tố cáo")
		p.para("", "J", m.Complaints)
	}
	p.Ln(2)
	p.para("", "J", m.closingText())
}

// signatures leaves room to sign: the board's head and the witnesses side by
// side.
func (p *page) signatures() {
	p.Ln(4)
	p.room(46)
	y := p.GetY()
	cols := []struct{ title, name string }{}
	second, other, first, head := p.m.signers()
	cols = append(cols, struct{ title, name string }{second, other}, struct{ title, name string }{first, head})
	for i, c := range cols {
		x := left + float64(i)*width/2
		p.SetXY(x, y)
		p.SetFont(serif, "B", body)
		p.CellFormat(width/2, line, c.title, "", 2, "C", false, 0, "")
		p.SetFont(serif, "I", 11)
		p.CellFormat(width/2, 5, "(ký, ghi rõ họ tên, đóng dấu)", "", 2, "C", false, 0, "")
		p.SetXY(x, y+34)
		p.SetFont(serif, "B", body)
		p.CellFormat(width/2, line, c.name, "", 0, "C", false, 0, "")
	}
	p.SetY(y + 42)
}

// slip is the separate phiếu kiểm chứng, on a sheet of its own.
func (p *page) slip() {
	p.AddPage()
	p.SetFont(serif, "B", 15)
	p.CellFormat(0, 9, "PHIẾU KIỂM CHỨNG", "", 1, "C", false, 0, "")
	p.para("", "C", p.m.Title.VI+" – "+p.m.Body)
	p.Ln(4)
	p.ImageOptions("seal", left+width/2-25, p.GetY(), 50, 50, true, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	p.Ln(4)
	p.para("B", "C", "Điểm chứng: "+p.m.Code)
	p.para("", "C", "Nhật ký có "+vn.Thousands(p.m.Size)+" mục khi lập biên bản.")
	p.para("", "C", "Vân tay khóa: "+p.m.Key)
	p.Ln(4)
	p.para("", "J", "Giữ phiếu này cùng bản ký tay. Khi kiểm tra gói kiểm chứng, nhập điểm chứng trên phiếu: gói phải khớp với nó.")
}
