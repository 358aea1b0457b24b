package document

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PersonList is a printed list of persons, lying, one row a person: the short
// list (danh sách trích ngang) outside a case, or who is due a Party badge.
type PersonList struct {
	ID      string     // of its slot
	Words   rule.Words // title
	Body    string     // who issues it
	Subject string     // what for, below the title
	Sample  bool
	Rows    [][]string
	columns []column
}

// ExtractOf is the short list of some persons outside a case: the same columns
// as that of a case, without those of its steps.
func ExtractOf(ctx context.Context, tx *store.Tx, ids []string, at org.At) (l PersonList, err error) {
	cols := paperTables["trich_ngang"]
	l = shortList(cols[:len(cols)-2])
	for i, id := range ids {
		a, err := aboutPerson(ctx, tx, id, at)
		if err != nil {
			return l, err
		}
		l.Rows = append(l.Rows, a.extract(i+1))
	}
	return l, nil
}

func shortList(cols []column) PersonList {
	return PersonList{ID: "trich-ngang", Words: rule.Words{VI: "Danh sách trích ngang", EN: "Short list"}, columns: cols}
}

// BadgeList is who is due a Party badge, as the rows come: place, name, birth,
// organisation, admitted, years, reached, occasion.
func BadgeList(rows [][]string) PersonList {
	return PersonList{ID: "huy-hieu", Words: rule.Words{VI: "Danh sách đảng viên đủ điều kiện xét tặng Huy hiệu Đảng", EN: "Members due a Party badge"}, Rows: rows,
		columns: []column{{"TT", 10, "center"}, {"Họ và tên", 48, "left"}, {"Ngày sinh", 24, "center"}, {"Tổ chức đảng", 62, "left"}, {"Tuổi Đảng tính từ", 26, "center"}, {"Huy hiệu", 24, "center"}, {"Ngày đủ tuổi Đảng", 28, "center"}, {"Đợt trao tặng", 30, "center"}}}
}

// Files draws the list in Word and PDF by a template, nil the shipped one.
func (l PersonList) Files(t *docx.Template, stamp PersonStamp, day vn.Date) (Printed, error) {
	if t == nil {
		var err error
		if t, err = l.Slot().shipped(day); err != nil {
			return Printed{}, err
		}
	}
	return Print(t, l.data(stamp, day), Stamp{Seal: SealNone}, l.Words.VI, day)
}

func (l PersonList) data(stamp PersonStamp, day vn.Date) docx.Data {
	d := docx.Data{Text: map[string]string{"co_quan": typed(l.Body), "noi_dung": typed(l.Subject), "chan_trang": stamp.Text, "mau": "", "so_nguoi": fmt.Sprint(len(l.Rows)), "ngay": day.Vietnamese()},
		List: map[string][]docx.Data{"nguoi": nil}}
	if l.Sample {
		d.Text["mau"] = sampleMark
	}
	for _, r := range l.Rows {
		row := map[string]string{}
		for i, v := range r {
			row[fmt.Sprintf("c%d", i+1)] = typed(v)
		}
		d.List["nguoi"] = append(d.List["nguoi"], docx.Data{Text: row})
	}
	return d
}

// template is the Word template of the list, its columns over the whole width.
func (l PersonList) template() ([]byte, error) {
	const wide = 252
	b := &docx.Builder{Footer: "{{chan_trang}}", Margins: [4]float64{20, 15, 25, 15}, Wide: true}
	b.P(docx.Style{Size: 13, Bold: true}, "{{co_quan}}")
	b.P(docx.Style{Align: "center", Size: 16, Bold: true, Before: 6}, strings.ToUpper(l.Words.VI))
	b.P(docx.Style{Align: "center", Size: 14, Bold: true}, "{{noi_dung}}")
	b.P(docx.Style{Align: "center", Size: 12, Bold: true, Italic: true}, "{{mau}}")
	sum := 0.0
	for _, c := range l.columns {
		sum += c.w
	}
	var cols []column
	for i, c := range l.columns {
		cols = append(cols, column{fmt.Sprintf("%s=c%d", c.head, i+1), float64(int(c.w * wide / sum)), c.align})
	}
	tableOf(b, "nguoi", cols...)
	b.P(docx.Style{Size: 12, Italic: true, Before: 6, Keep: true}, "Danh sách có {{so_nguoi}} người; số liệu lập ngày {{ngay}}.")
	head := docx.Style{Align: "center", Size: formSize, Bold: true, Before: 8, Keep: true}
	gap := docx.Line{Style: docx.Style{Keep: true}}
	b.Columns([]float64{wide / 2, wide / 2}, []docx.Line{{Style: head, Text: "NGƯỜI LẬP"}, gap, gap, gap}, []docx.Line{{Style: head, Text: "XÁC NHẬN CỦA CẤP ỦY, CƠ QUAN"}, gap, gap, gap})
	return b.Bytes()
}

// IsSample says whether one of the persons is invented.
func IsSample(ps map[string]person.Person) bool {
	for _, p := range ps {
		if p.Sample {
			return true
		}
	}
	return false
}

// Widths are the widths of the columns in millimetres.
func (l PersonList) Widths() (out []float64) {
	for _, c := range l.columns {
		out = append(out, c.w)
	}
	return out
}

// Heads are the heads of the columns.
func (l PersonList) Heads() (out []string) {
	for _, c := range l.columns {
		out = append(out, c.head)
	}
	return out
}
