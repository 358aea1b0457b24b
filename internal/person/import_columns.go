package person

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
)

// ImportColumn is a thing a column of a file of persons may hold.
type ImportColumn struct {
	ID    string
	Title rule.Words
	Block string   // of facts; "" for the identity and the membership
	names []string // folded headers that mean it
}

// ImportColumns are all of them, in the order of the mapping form. A column
// that is left out, or an empty cell, says nothing: what stands stays.
var ImportColumns = []ImportColumn{
	{ID: "id", Title: rule.Words{VI: "Mã người", EN: "Id of the person"}, names: []string{"ma nguoi", "ma", "ma can bo", "ma so", "id", "person"}},
	{ID: "name", Title: rule.Words{VI: "Họ và tên", EN: "Full name"}, names: []string{"ho va ten", "ho ten", "ho va ten khai sinh", "ten", "name", "full name"}},
	{ID: "other_names", Title: rule.Words{VI: "Tên gọi khác", EN: "Other names"}, names: []string{"ten goi khac", "bi danh", "other names"}},
	{ID: "born", Title: rule.Words{VI: "Ngày sinh", EN: "Born"}, names: []string{"ngay sinh", "ngay thang nam sinh", "nam sinh", "sinh ngay", "ngay sinh nam sinh", "ns", "born", "date of birth"}},
	{ID: "gender", Title: rule.Words{VI: "Giới tính", EN: "Gender"}, names: []string{"gioi tinh", "nam nu", "phai", "gt", "gender", "sex"}},
	{ID: "ethnicity", Title: rule.Words{VI: "Dân tộc", EN: "Ethnicity"}, names: []string{"dan toc", "ethnicity"}},
	{ID: "hometown", Title: rule.Words{VI: "Quê quán", EN: "Home town"}, names: []string{"que quan", "nguyen quan", "hometown", "home town"}},
	{ID: "cell", Title: rule.Words{VI: "Chi bộ (mã hoặc tên)", EN: "Cell (id or name)"}, names: []string{"chi bo", "ma chi bo", "noi sinh hoat", "cell"}},
	{ID: "since", Title: rule.Words{VI: "Sinh hoạt tại chi bộ từ ngày", EN: "In the cell since"}, names: []string{"sinh hoat tai chi bo tu ngay", "ngay ve chi bo", "ngay ve sinh hoat", "in the cell since"}},
	{ID: "admitted", Title: rule.Words{VI: "Ngày quyết định kết nạp", EN: "Decision on admission"}, names: []string{"ngay quyet dinh ket nap", "ngay qd ket nap", "admitted"}},
	{ID: "sworn", Title: rule.Words{VI: "Ngày kết nạp (làm lễ)", EN: "Ceremony"}, names: []string{"ngay ket nap lam le", "ngay ket nap", "ngay vao dang", "ngay lam le", "ceremony"}},
	{ID: "recognised", Title: rule.Words{VI: "Ngày chính thức", EN: "Official since"}, names: []string{"ngay chinh thuc", "ngay cong nhan chinh thuc", "chinh thuc", "official since"}},
}

// GuessColumns finds the columns by their headers, compared without marks.
func GuessColumns(headers []string) map[string]int {
	m, taken := map[string]int{}, map[int]bool{}
	folded := make([]string, len(headers))
	for i, h := range headers {
		folded[i] = header(h)
	}
	for _, c := range allColumns() {
		for _, want := range c.names {
			i := slices.IndexFunc(folded, func(h string) bool { return squeezed(h) == squeezed(want) })
			if i >= 0 && !taken[i] {
				m[c.ID], taken[i] = i, true
				break
			}
		}
	}
	return m
}

// squeezed is a folded header without its spaces: systems write HOTEN, ho_ten and
// "Họ tên" for the same.
func squeezed(folded string) string { return strings.ReplaceAll(folded, " ", "") }

// RejectColumns are the headers that the file of rejected rows adds; a file
// that comes back with them is read without them.
var RejectColumns = []string{"Lý do chưa nhận", "Mã người trùng"}

// StampMark begins the lines under an exported sheet that say who took it out,
// when and what for; a file that comes back is read without them.
const StampMark = "#"

func allColumns() []ImportColumn { return slices.Concat(ImportColumns, FactColumns) }

// ColumnTitle names a column of a file.
func ColumnTitle(id string) rule.Words { return titleOf(id) }

func titleOf(column string) rule.Words {
	for _, c := range allColumns() {
		if c.ID == column {
			return c.Title
		}
	}
	return rule.Words{VI: column, EN: column}
}

// identity reads the cells of the identity.
