package document

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// openingText is the sentence that opens the minutes.
func (m *Model) openingText() string {
	when := "Ngày " + m.Held.Vietnamese()
	if m.Started != "" {
		when = m.Started + ", ngày " + m.Held.Vietnamese()
	}
	text := when
	if m.Body != "" {
		text += ", tại " + m.Body
	}
	text += ", Ban kiểm phiếu tiến hành kiểm phiếu và lập biên bản với kết quả như sau."
	if m.Family == "state" {
		text = when + ", " + m.Body
		if m.Area != "" {
			text += " (gồm " + m.Area + ")"
		}
		text += " tiến hành xác định kết quả bầu cử như sau."
	}
	return text
}

// closingText says when the count ended and from which entries the paper is.
func (m *Model) closingText() string {
	end := "Biên bản này được lập"
	if m.Ended != "" {
		end = "Việc kiểm phiếu kết thúc lúc " + m.Ended + ". Biên bản này được lập"
	}
	return fmt.Sprintf("%s từ mục %s và mục %s của nhật ký chứng thực; mỗi số trong ngoặc đơn là một số đối chiếu được với nhật ký.", end,
		vn.Thousands(m.Recorded), vn.Thousands(m.Counted))
}

// statusText says how far the contest is and what comes next.
func (m *Model) statusText() string {
	text := "Tình trạng: " + election.StatusWords(m.Status).VI + "."
	if next := election.NextWords(m.Next).VI; next != "" && m.Status != string(vote.Counted) {
		text += " " + next + "."
	}
	return text
}

// signers are who signs: on the left, then on the right.
func (m *Model) signers() (second, other, first, head string) {
	first, second = "TRƯỞNG BAN KIỂM PHIẾU", "T/M ĐOÀN CHỦ TỊCH"
	if m.Family == "state" {
		first, second = "TRƯỞNG BAN BẦU CỬ", "PHÓ TRƯỞNG BAN, THƯ KÝ"
	}
	if len(m.Board) > 0 {
		head = m.Board[0].Name
	}
	if len(m.Witnesses) > 0 {
		other = m.Witnesses[0].Name
	} else if m.Family == "state" && len(m.Board) > 1 {
		other = m.Board[1].Name
	}
	return second, other, first, head
}

// shipped is the template of the house, built once.
var shipped = sync.OnceValues(func() (*docx.Template, error) {
	raw, err := MinutesTemplate()
	if err != nil {
		return nil, err
	}
	return docx.Open(raw)
})

func centre(size float64, bold, italic bool, text string) docx.Line {
	return docx.Line{Style: docx.Style{Align: "center", Size: size, Bold: bold, Italic: italic}, Text: text}
}

// optional is a line of a cell that goes when its mark says nothing.
func optional(l docx.Line, mark string) []docx.Line {
	return []docx.Line{{Text: "{{#" + mark + "}}"}, l, {Text: "{{/" + mark + "}}"}}
}

// heading adds the two columns at the head of an official paper: superior
// body, issuing body, star; the name of the Party (or of the State with its
// motto), place and date.
func heading(b *docx.Builder) {
	b.Columns([]float64{72, 93},
		append(optional(centre(13, false, false, "{{cap_tren}}"), "cap_tren"), centre(13, true, false, "{{co_quan}}"), centre(13, false, false, "*")),
		[]docx.Line{
			{Style: docx.Style{Align: "center", Size: 14, Bold: true, Underline: true}, Text: "{{#dang}}"},
			{Style: docx.Style{Align: "center", Size: 14, Bold: true, Underline: true}, Text: "{{dang}}"},
			{Text: "{{/dang}}"}, {Text: "{{#nha_nuoc}}"},
			centre(12, true, false, "{{nha_nuoc}}"),
			{Style: docx.Style{Align: "center", Size: 13, Bold: true, Underline: true}, Text: "Độc lập - Tự do - Hạnh phúc"},
			{Text: "{{/nha_nuoc}}"},
			{Style: docx.Style{Align: "center", Size: 14, Italic: true, Before: 6}, Text: "{{dia_danh_ngay}}"},
		})
}

// MinutesTemplate is the shipped template of counting minutes, as a clerk
// downloads it to edit in Word. docs/papers.md lists its marks.
func MinutesTemplate() ([]byte, error) {
	b := &docx.Builder{Footer: "{{diem_chung}}", Code: "ma_qr"}
	text := docx.Style{Align: "both", Size: 14, Before: 6, Indent: true}
	head := docx.Style{Size: 14, Bold: true, Before: 8, Keep: true}
	small := docx.Style{Size: 12}
	num := docx.Style{Align: "right", Size: 13}
	mid := docx.Style{Align: "center", Size: 12}
	th := docx.Style{Align: "center", Size: 12, Bold: true}
	when := func(mark string, add func()) {
		b.P(docx.Style{}, "{{#"+mark+"}}")
		add()
		b.P(docx.Style{}, "{{/"+mark+"}}")
	}
	heading(b)
	b.P(docx.Style{Align: "center", Size: 15, Bold: true, Before: 14}, "BIÊN BẢN")
	b.P(docx.Style{Align: "center", Size: 14, Bold: true}, "{{viec}}")
	b.P(docx.Style{Align: "center", Size: 14}, "{{su_kien}}")
	when("lan_bau", func() { b.P(docx.Style{Align: "center", Size: 14}, "{{lan_bau}}") })
	when("mau", func() { b.P(docx.Style{Align: "center", Size: 13, Bold: true, Italic: true}, "{{mau}}") })
	b.P(docx.Style{Align: "center", Size: 14}, "-----")
	when("can_cu", func() {
		b.P(docx.Style{Align: "both", Size: 14, Italic: true, Before: 6, Indent: true}, "{{noi_dung}}")
	})
	b.P(text, "{{mo_dau}}")
	when("co_thanh_phan", func() {
		b.P(head, "Thành phần")
		when("thanh_phan", func() { b.P(text, "{{tt}}. {{ho_ten}} – {{chuc_danh}}") })
	})
	b.P(head, "I. Số liệu")
	b.Table([]float64{13, 74, 30, 48}, []docx.Line{{Style: th, Text: "Số"}, {Style: th, Text: "Nội dung"}, {Style: th, Text: "Số lượng"}, {Style: th, Text: "Tỷ lệ"}},
		[]docx.Line{{Style: mid, Text: "{{#so_lieu}}{{so}}"}, {Style: docx.Style{Size: 13}, Text: "{{noi_dung}}"}, {Style: num, Text: "{{gia_tri}}"}, {Style: small, Text: "{{ty_le}}{{/so_lieu}}"}})
	when("co_tru", func() {
		b.P(docx.Style{Size: 14, Italic: true, Before: 6, Keep: true}, "Những người được trừ khỏi mẫu số:")
		b.Table([]float64{13, 74, 30, 48}, []docx.Line{{Style: th, Text: "Số"}, {Style: th, Text: "Lý do"}, {Style: th, Text: "Số người"}, {Style: th, Text: "Họ và tên"}},
			[]docx.Line{{Style: mid, Text: "{{#tru}}{{so}}"}, {Style: docx.Style{Size: 13}, Text: "{{noi_dung}}"}, {Style: num, Text: "{{gia_tri}}"}, {Style: small, Text: "{{nguoi}}{{/tru}}"}})
	})
	b.P(head, "II. Kết quả của từng người, {{thu_tu}}")
	b.Table([]float64{12, 55, 14, 28, 21, 35}, []docx.Line{{Style: th, Text: "TT"}, {Style: th, Text: "Họ và tên"}, {Style: th, Text: "Số"}, {Style: th, Text: "Số phiếu"}, {Style: th, Text: "Tỷ lệ"}, {Style: th, Text: "Kết quả"}},
		[]docx.Line{{Style: mid, Text: "{{#ung_vien}}{{tt}}"}, {Style: docx.Style{Size: 13}, Text: "{{ho_ten}}"}, {Style: mid, Text: "{{so}}"}, {Style: num, Text: "{{phieu}}"}, {Style: num, Text: "{{ty_le}}"}, {Style: small, Text: "{{ket_qua}}{{/ung_vien}}"}})
	b.P(head, "III. {{tieu_de_ket_qua}}")
	when("trung_cu", func() { b.P(text, "{{tt}}. {{ho_ten}}: {{phieu}} phiếu, {{ty_le}}") })
	when("khong_trung_cu", func() { b.P(text, "{{khong_trung_cu}}") })
	b.P(text, "{{tinh_trang}}")
	b.P(head, "IV. Kết quả đối chiếu quy định")
	when("doi_chieu", func() { b.P(text, "– {{noi_dung}}") })
	when("muc_doc", func() {
		b.P(head, "{{muc_doc}}. Các lần đọc phiếu")
		b.Table([]float64{20, 20, 93, 32}, []docx.Line{{Style: th, Text: "Tập phiếu"}, {Style: th, Text: "Số phiếu"}, {Style: th, Text: "Các lần đọc"}, {Style: th, Text: "Mục nhật ký"}},
			[]docx.Line{{Style: mid, Text: "{{#doc}}{{tap}}"}, {Style: num, Text: "{{so_phieu}}"}, {Style: small, Text: "{{lan_doc}}"}, {Style: small, Text: "{{muc_nhat_ky}}{{/doc}}"}})
		when("doc_khac", func() { b.P(text, "– {{noi_dung}}") })
	})
	when("muc_to_quet", func() {
		b.P(head, "{{muc_to_quet}}. Tờ phiếu quét do người kiểm phiếu xem và quyết định")
		b.Table([]float64{15, 35, 50, 45, 20}, []docx.Line{{Style: th, Text: "Tập"}, {Style: th, Text: "Mã ảnh"}, {Style: th, Text: "Vì sao phải xem"}, {Style: th, Text: "Quyết định"}, {Style: th, Text: "Mục nhật ký"}},
			[]docx.Line{{Style: mid, Text: "{{#to_quet}}{{tap}}"}, {Style: mid, Text: "{{ma_anh}}"}, {Style: small, Text: "{{vi_sao}}"}, {Style: small, Text: "{{quyet_dinh}}"}, {Style: mid, Text: "{{muc_nhat_ky}}{{/to_quet}}"}})
	})
	when("muc_nghi_van", func() {
		b.P(head, "{{muc_nghi_van}}. Phiếu nghi vấn Ban kiểm phiếu đã quyết định")
		b.Table([]float64{15, 15, 55, 60, 20}, []docx.Line{{Style: th, Text: "Tập"}, {Style: th, Text: "Phiếu thứ"}, {Style: th, Text: "Quyết định"}, {Style: th, Text: "Lý do"}, {Style: th, Text: "Mục nhật ký"}},
			[]docx.Line{{Style: mid, Text: "{{#nghi_van}}{{tap}}"}, {Style: mid, Text: "{{phieu_thu}}"}, {Style: small, Text: "{{quyet_dinh}}"}, {Style: small, Text: "{{ly_do}}"}, {Style: mid, Text: "{{muc_nhat_ky}}{{/nghi_van}}"}})
	})
	when("phan_sau", func() {
		b.P(head, "{{muc}}. {{tieu_de}}")
		b.P(text, "{{noi_dung}}")
	})
	b.P(text, "{{ket_thuc}}")
	sign := func(what, who string) []docx.Line {
		return []docx.Line{{Style: docx.Style{Align: "center", Size: 14, Bold: true, Before: 10, Keep: true}, Text: what}, {Style: docx.Style{Align: "center", Size: 12, Italic: true, Keep: true}, Text: "(ký, ghi rõ họ tên)"},
			{Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, {Style: docx.Style{Keep: true}}, centre(14, true, false, who)}
	}
	b.Columns([]float64{82, 83}, sign("{{ky_trai}}", "{{ten_trai}}"), sign("{{ky_phai}}", "{{ten_phai}}"))
	b.P(docx.Style{Size: 12, Underline: true, Before: 10, Keep: true}, "Nơi nhận")
	b.P(docx.Style{Size: 11, Keep: true}, "- {{noi_nhan}},")
	b.P(docx.Style{Size: 11}, "- Lưu hồ sơ bầu cử.")
	slip(b)
	return b.Bytes()
}

func cited(f Figure) string {
	if f.N == 0 {
		return "–"
	}
	return fmt.Sprintf("(%d)", f.N)
}

// marks are the values of the minutes for a template.
func (m *Model) marks() docx.Data {
	one := func(pairs ...string) docx.Data {
		d := docx.Data{Text: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			d.Text[pairs[i]] = pairs[i+1]
		}
		return d
	}
	place := m.Place
	if place != "" {
		place += ", "
	}
	what := "kiểm phiếu"
	if m.Family == "state" {
		what = "xác định kết quả bầu cử"
	}
	second, other, first, head := m.signers()
	d := one("cap_tren", strings.ToUpper(m.Upper), "co_quan", strings.ToUpper(m.Body), "dang", "ĐẢNG CỘNG SẢN VIỆT NAM", "nha_nuoc", "",
		"dia_danh_ngay", place+m.Made.Document(), "viec", what+" – "+m.Title.VI, "su_kien", m.Event.VI, "lan_bau", "", "mau", "",
		"mo_dau", m.openingText(), "thu_tu", "theo thứ tự trên phiếu", "tieu_de_ket_qua", "Người trúng cử, từ cao xuống thấp", "khong_trung_cu", "", "ket_thuc", m.closingText(),
		"tinh_trang", m.statusText(),
		"ky_trai", second, "ten_trai", other, "ky_phai", first, "ten_phai", head, "noi_nhan", "Đoàn chủ tịch", "co_thanh_phan", "", "co_tru", "")
	if m.Family == "state" {
		d.Text["dang"], d.Text["nha_nuoc"], d.Text["noi_nhan"] = "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Ủy ban bầu cử"
	}
	if m.Round > 1 {
		d.Text["lan_bau"] = fmt.Sprintf("Lần bầu thứ %d", m.Round)
	}
	if m.Sample {
		d.Text["mau"] = "MẪU – số liệu và tên người đều là giả định"
	}
	if m.Order == OrderVotes {
		d.Text["thu_tu"] = "theo số phiếu từ cao xuống thấp"
	}
	lists := map[string][]docx.Data{"can_cu": nil, "thanh_phan": nil, "so_lieu": nil, "tru": nil, "ung_vien": nil, "trung_cu": nil, "doi_chieu": nil, "phan_sau": nil}
	d.List = lists
	add := func(name string, pairs ...string) { lists[name] = append(lists[name], one(pairs...)) }
	for _, b := range m.Basis {
		add("can_cu", "noi_dung", fmt.Sprintf("Căn cứ %s số %s ngày %s;", strings.TrimSpace(b.Title.VI), b.Number, b.Date.Vietnamese()))
	}
	for i, b := range m.Board {
		d.Text["co_thanh_phan"] = "1"
		add("thanh_phan", "tt", fmt.Sprint(i+1), "ho_ten", b.Name, "chuc_danh", b.Role)
	}
	for _, f := range m.Figures {
		label, share := f.Label.VI, ""
		if f.Reckon != "" {
			label += " = " + f.Reckon
		}
		if f.Indent {
			label = "    " + label
		}
		if f.Share != "" {
			share = vn.Comma(f.Share) + "% " + f.ShareOf.VI
		}
		add("so_lieu", "so", cited(f), "noi_dung", label, "gia_tri", vn.Thousands(f.Value), "ty_le", share)
	}
	for _, x := range m.Deductions {
		d.Text["co_tru"] = "1"
		add("tru", "so", cited(x.Figure), "noi_dung", x.Figure.Label.VI, "gia_tri", vn.Thousands(x.Figure.Value), "nguoi", strings.Join(x.Names, ", "))
	}
	for _, c := range m.Candidates {
		add("ung_vien", "tt", fmt.Sprint(c.Place), "ho_ten", strings.TrimSpace(c.Title+" "+c.Name), "so", c.places(), "phieu", c.counts(),
			"ty_le", vn.Comma(c.Share)+"%", "ket_qua", election.OutcomeWords(c.Outcome).VI)
	}
	for i, id := range m.Elected {
		for _, c := range m.Candidates {
			if c.ID == id {
				add("trung_cu", "tt", fmt.Sprint(i+1), "ho_ten", strings.TrimSpace(c.Title+" "+c.Name), "phieu", vn.Thousands(c.Votes.Value), "ty_le", vn.Comma(c.Share)+"%")
			}
		}
	}
	if m.poll() {
		d.Text["tieu_de_ket_qua"] = "Kết quả lấy phiếu"
	}
	if len(m.Elected) == 0 {
		d.Text["khong_trung_cu"] = m.nobody()
	}
	for _, v := range m.Verdicts {
		mark := "Đạt"
		switch {
		case m.Status == string(vote.Counted):
			mark = "Căn cứ" // nothing is passed or failed
		case !v.Holds:
			mark = "Không đạt"
		}
		add("doi_chieu", "noi_dung", mark+": "+v.Says.VI+" ("+v.Article+", "+v.Document+" ngày "+v.Date.Vietnamese()+")")
	}
	for _, f := range m.Findings {
		add("doi_chieu", "noi_dung", "Lưu ý: "+f.VI)
	}
	numerals := []string{"V", "VI", "VII", "VIII", "IX"}
	next := func() string { n := numerals[0]; numerals = numerals[1:]; return n }
	lists["doc"], lists["doc_khac"], lists["to_quet"], lists["nghi_van"] = nil, nil, nil, nil
	d.Text["muc_doc"], d.Text["muc_to_quet"], d.Text["muc_nghi_van"] = "", "", ""
	if c := m.Count; c != nil && len(c.Piles) > 0 {
		d.Text["muc_doc"] = next()
		for _, p := range c.Piles {
			size, cites := "", make([]string, 0, 4)
			if p.Size > 0 {
				size = vn.Thousands(int64(p.Size))
			}
			for _, e := range p.Entries() {
				cites = append(cites, vn.Thousands(e))
			}
			add("doc", "tap", p.Title(c.Mode).VI, "so_phieu", size, "lan_doc", p.Says(c.Mode).VI, "muc_nhat_ky", strings.Join(cites, ", "))
		}
		for _, o := range c.Others {
			add("doc_khac", "noi_dung", o.Says().VI+" (mục "+vn.Thousands(o.Entry)+")")
		}
	}
	if c := m.Count; c != nil && len(c.Sheets) > 0 {
		d.Text["muc_to_quet"] = next()
		for _, x := range c.Sheets {
			add("to_quet", "tap", fmt.Sprint(x.Pile), "ma_anh", x.Code(), "vi_sao", x.Why().VI, "quyet_dinh", x.Says().VI, "muc_nhat_ky", vn.Thousands(x.Entry))
		}
	}
	if c := m.Count; c != nil && len(c.Doubts) > 0 {
		d.Text["muc_nghi_van"] = next()
		for _, x := range c.Doubts {
			add("nghi_van", "tap", fmt.Sprint(x.Pile), "phieu_thu", fmt.Sprint(x.N), "quyet_dinh", x.Says().VI, "ly_do", x.Reason, "muc_nhat_ky", vn.Thousands(x.Entry))
		}
	}
	if m.Notes != "" {
		add("phan_sau", "muc", next(), "tieu_de", "Diễn biến", "noi_dung", m.Notes)
	}
	if m.Complaints != "" {
		add("phan_sau", "muc", next(), "tieu_de", "Khiếu nại, tố cáo", "noi_dung", m.Complaints)
	}
	return d
}

func (m *Model) stamp() Stamp {
	return Stamp{Seal: m.Seal, Paper: m.Title.VI + " – " + m.Body, Code: m.Code, Size: m.Size, Key: m.Key, Also: strings.ToUpper(m.Contest)}
}

// Print is the minutes in their two files, by a template; nil is the shipped
// one.
func (m *Model) Print(own *docx.Template) (Printed, error) {
	if own == nil {
		var err error
		if own, err = shipped(); err != nil {
			return Printed{}, err
		}
	}
	return Print(own, m.marks(), m.stamp(), "Biên bản "+m.Title.VI, m.Made)
}

// nobody are the words where the minutes name nobody as elected: a poll elects
// nobody, it proposes or only counts.
func (m *Model) nobody() string {
	if m.Status == string(vote.Counted) {
		return "Cuộc lấy phiếu không bầu ai: không có ngưỡng trong quy định; người có thẩm quyền xem xét."
	}
	var names []string
	for _, c := range m.Candidates {
		if c.Outcome == vote.GoesOn {
			names = append(names, strings.TrimSpace(c.Title+" "+c.Name))
		}
	}
	if len(names) > 0 {
		return "Cuộc lấy phiếu không bầu ai. Được giới thiệu, theo thứ tự trên phiếu: " + strings.Join(names, ", ") + "."
	}
	if m.poll() {
		return "Cuộc lấy phiếu không bầu ai. Không có người đủ số phiếu để được giới thiệu."
	}
	return "Không có người trúng cử."
}

// places are the numbers under which the figures of a person stand.
func (c *Candidate) places() string {
	s := fmt.Sprintf("(%d)", c.Votes.N)
	for _, f := range []*Figure{c.Against, c.Middle} {
		if f != nil {
			s += fmt.Sprintf(", (%d)", f.N)
		}
	}
	return s
}

// counts are the figures of a person in words: votes alone, or with those
// against, or the three levels of confidence from the highest down.
func (c *Candidate) counts() string {
	n := vn.Thousands(c.Votes.Value)
	switch {
	case c.Middle != nil && c.Against != nil:
		return "tín nhiệm cao " + n + "; tín nhiệm " + vn.Thousands(c.Middle.Value) + "; tín nhiệm thấp " + vn.Thousands(c.Against.Value)
	case c.Against != nil:
		return n + "; không đồng ý " + vn.Thousands(c.Against.Value)
	}
	return n
}

// poll says whether the rules of the contest elect nobody: persons go on, or
// are only counted.
func (m *Model) poll() bool {
	if m.Poll || m.Status == string(vote.Counted) {
		return true
	}
	// Minutes made before the model said so.
	return slices.ContainsFunc(m.Candidates, func(c Candidate) bool { return c.Outcome == vote.GoesOn })
}
