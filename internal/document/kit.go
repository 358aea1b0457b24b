package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/vn"
)

// Kit is what is printed beforehand so that a congress goes on by hand if the
// machine dies (bộ dự phòng giấy). It holds no figure of any count.
type Kit struct {
	Event    string
	Day      vn.Date
	Sample   bool
	Contests []KitContest
	Rolls    []KitRoll
}

// KitContest is one contest whose list is known: its list, tally sheets and
// blank minutes. Without names, blank lines are printed to be filled in.
type KitContest struct {
	Title string
	Body  string
	Seats int64 // 0: to be filled in
	Names []string
	Voted bool // the names are the list as voted, not a draft
}

// KitRoll is the roll of a meeting.
type KitRoll struct {
	Title string
	Names []string
}

// Sheet measures in millimetres: A4 with the margins of official papers (30
// left for binding).
const (
	left, top, right = 30.0, 18.0, 18.0
	width            = 210 - left - right
	serif            = "serif"
	body             = 12.5
	line             = 6.0
)

// Blanks of a kit: lines printed for a list not made yet, and piles a tally
// sheet has room for.
const (
	kitBlank = 20
	kitPiles = 8
)

type kit struct {
	*fpdf.Fpdf
	k *Kit
}

// PDF draws the kit on A4, each sheet on a page of its own.
func (k *Kit) PDF() ([]byte, error) {
	f := sheet(false, fpdf.SizeType{Wd: 210, Ht: 297}, "Bộ dự phòng giấy – "+k.Event, k.Day)
	f.SetMargins(left, top, right)
	f.SetAutoPageBreak(true, 20)
	f.AliasNbPages("{nb}")
	f.SetFooterFunc(func() {
		f.SetY(-14)
		f.SetFont(serif, "", 9)
		f.CellFormat(0, 5, fmt.Sprintf("Bộ dự phòng giấy, trang %d/{nb}", f.PageNo()), "", 0, "C", false, 0, "")
	})
	p := &kit{f, k}
	p.cover()
	for _, r := range k.Rolls {
		p.title("DANH SÁCH TRIỆU TẬP, ĐIỂM DANH", r.Title)
		p.grid([]string{"TT", "Họ và tên", "Có mặt", "Vắng (lý do)"}, []float64{11, 80, 22, width - 113}, r.Names, 0)
	}
	for _, c := range k.Contests {
		p.contest(c)
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("document: paper kit: %w", err)
	}
	return out.Bytes(), nil
}

func (p *kit) title(head, what string) {
	p.AddPage()
	p.SetFont(serif, "", 11.5)
	p.MultiCell(0, 5.4, p.k.Event, "", "C", false)
	p.SetFont(serif, "B", 15)
	p.MultiCell(0, 8, head, "", "C", false)
	p.SetFont(serif, "B", body)
	p.MultiCell(0, line, what, "", "C", false)
	if p.k.Sample {
		p.SetFont(serif, "I", 11)
		p.MultiCell(0, 5.4, "MẪU – tên người là giả định", "", "C", false)
	}
	p.Ln(3)
}

func (p *kit) text(style, s string) {
	p.SetFont(serif, style, body)
	p.MultiCell(0, line+0.8, s, "", "L", false)
}

func (p *kit) cover() {
	p.title("BỘ DỰ PHÒNG GIẤY", "Dùng khi máy hỏng: mọi việc làm tiếp bằng tay")
	for _, s := range []string{
		"1. Điểm danh lại trên danh sách triệu tập trong bộ này.",
		"2. Kiểm đếm phiếu phát ra, thu về; ghi vào biên bản trắng.",
		"3. Chia phiếu hợp lệ thành tập 50 phiếu. Hai người cùng đọc, hai người cùng ghi trên hai tờ kiểm riêng; đối chiếu từng tập, lệch thì đếm lại tập đó.",
		"4. Cộng các tập, ghi biên bản, Trưởng Ban kiểm phiếu và Đoàn chủ tịch ký.",
		"5. Niêm phong phiếu. Khi máy chạy lại, nhập số từ biên bản đã ký (nhập sau, ghi lý do).",
	} {
		p.text("", s)
	}
	p.Ln(2)
	p.text("B", "Trong bộ này có:")
	for _, r := range p.k.Rolls {
		p.text("", fmt.Sprintf("– Danh sách triệu tập: %s (%d người)", r.Title, len(r.Names)))
	}
	for _, c := range p.k.Contests {
		state := "danh sách chưa lập, để trống"
		if c.Voted {
			state = fmt.Sprintf("danh sách đã biểu quyết, %d người", len(c.Names))
		} else if len(c.Names) > 0 {
			state = fmt.Sprintf("danh sách dự kiến, CHƯA biểu quyết, %d người", len(c.Names))
		}
		p.text("", "– "+c.Title+": "+state)
	}
}

// grid is a table with one row a name; blank adds rows to write in.
func (p *kit) grid(heads []string, widths []float64, names []string, blank int) {
	row := func(style string, cells []string) {
		for i, w := range widths {
			s := ""
			if i < len(cells) {
				s = cells[i]
			}
			p.SetFont(serif, style, 11.5)
			for size := 11.5; size > 6 && p.GetStringWidth(s) > w-2; size -= 0.5 {
				p.SetFontSize(size)
			}
			align := "C"
			if i == 1 && style == "" {
				align = "L"
			}
			p.CellFormat(w, 7.4, s, "1", 0, align, false, 0, "")
		}
		p.Ln(-1)
	}
	row("B", heads)
	all := append(slices.Clone(names), make([]string, blank)...)
	for i, n := range all {
		if p.GetY()+7.4 > 297-20 {
			p.AddPage()
			row("B", heads)
		}
		row("", []string{fmt.Sprint(i + 1), n})
	}
}

func (p *kit) contest(c KitContest) {
	blank := 0
	if len(c.Names) == 0 {
		blank = kitBlank
	}
	what := c.Title
	if len(c.Names) > 0 && !c.Voted {
		what += " (dự kiến, chưa biểu quyết)"
	}
	p.title("DANH SÁCH BẦU CỬ", what)
	p.grid([]string{"TT", "Họ và tên", "Ghi chú"}, []float64{11, 90, width - 101}, c.Names, blank)
	heads, widths := []string{"TT", "Họ và tên"}, []float64{9, 55}
	rest := (width - 64 - 18) / kitPiles
	for i := range kitPiles {
		heads, widths = append(heads, fmt.Sprint("Tập ", i+1)), append(widths, rest)
	}
	heads, widths = append(heads, "Cộng"), append(widths, 18)
	for n := range 2 {
		p.title("TỜ KIỂM PHIẾU", fmt.Sprintf("%s – người ghi thứ %d", what, n+1))
		p.grid(heads, widths, c.Names, blank)
		p.Ln(4)
		p.text("", "Người đọc: "+strings.Repeat(".", 40)+"  Người ghi: "+strings.Repeat(".", 40))
	}
	p.title("BIÊN BẢN KIỂM PHIẾU", what)
	dots := func(n int) string { return strings.Repeat(".", n) }
	seats := dots(12)
	if c.Seats > 0 {
		seats = fmt.Sprint(c.Seats)
	}
	p.text("", "Hồi "+dots(8)+" giờ "+dots(8)+", ngày "+dots(10)+" tháng "+dots(8)+" năm "+dots(10)+", tại "+dots(36))
	p.text("", "Ban kiểm phiếu gồm "+dots(8)+" người, Trưởng ban: "+dots(58))
	p.text("", "Số lượng được bầu: "+seats+". Số người trong danh sách bầu cử: "+dots(12))
	for _, s := range []string{"Số người được triệu tập", "Số người có mặt khi bầu", "Số người vắng mặt khi bầu", "Số người được trừ khỏi mẫu số (kèm danh sách, lý do)", "Mẫu số để tính kết quả",
		"Số phiếu phát ra", "Số phiếu thu về", "Số phiếu hợp lệ", "Số phiếu không hợp lệ (lý do ghi ở dưới)", "Số phiếu hỏng đã đổi; số phiếu không dùng"} {
		p.text("", "– "+s+": "+dots(20))
	}
	p.Ln(2)
	p.grid([]string{"TT", "Họ và tên", "Số phiếu", "Tỷ lệ %", "Kết quả"}, []float64{11, 70, 25, 22, width - 128}, c.Names, blank)
	p.Ln(3)
	p.text("", "Trúng cử, từ cao xuống thấp: "+dots(84))
	p.text("", dots(130))
	p.text("", "Kết thúc lúc "+dots(8)+" giờ "+dots(8)+". Biên bản lập thành "+dots(8)+" bản.")
	if p.GetY() > 297-20-42 {
		p.AddPage()
	}
	p.Ln(5)
	p.SetFont(serif, "B", body)
	p.CellFormat(width/2, line, "T/M ĐOÀN CHỦ TỊCH", "", 0, "C", false, 0, "")
	p.CellFormat(width/2, line, "TRƯỞNG BAN KIỂM PHIẾU", "", 1, "C", false, 0, "")
}
