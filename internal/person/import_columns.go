package person

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// ImportColumn is a thing a column of a file of persons may hold.
type ImportColumn struct {
	ID    string
	Title rule.Words
	names []string // folded headers that mean it
}

// ImportColumns are all of them, in the order of the mapping form. A column
// that is left out, or an empty cell, says nothing: what stands stays.
var ImportColumns = []ImportColumn{
	{"id", rule.Words{VI: "Mã người", EN: "Id of the person"}, []string{"ma nguoi", "ma", "ma can bo", "ma so", "id", "person"}},
	{"name", rule.Words{VI: "Họ và tên", EN: "Full name"}, []string{"ho va ten", "ho ten", "ho va ten khai sinh", "ten", "name", "full name"}},
	{"other_names", rule.Words{VI: "Tên gọi khác", EN: "Other names"}, []string{"ten goi khac", "bi danh", "other names"}},
	{"born", rule.Words{VI: "Ngày sinh", EN: "Born"}, []string{"ngay sinh", "ngay thang nam sinh", "nam sinh", "sinh ngay", "born", "date of birth"}},
	{"gender", rule.Words{VI: "Giới tính", EN: "Gender"}, []string{"gioi tinh", "nam nu", "gender", "sex"}},
	{"ethnicity", rule.Words{VI: "Dân tộc", EN: "Ethnicity"}, []string{"dan toc", "ethnicity"}},
	{"hometown", rule.Words{VI: "Quê quán", EN: "Home town"}, []string{"que quan", "nguyen quan", "hometown", "home town"}},
	{"cell", rule.Words{VI: "Chi bộ (mã hoặc tên)", EN: "Cell (id or name)"}, []string{"chi bo", "ma chi bo", "noi sinh hoat", "cell"}},
	{"since", rule.Words{VI: "Sinh hoạt tại chi bộ từ ngày", EN: "In the cell since"}, []string{"sinh hoat tai chi bo tu ngay", "ngay ve chi bo", "ngay ve sinh hoat", "in the cell since"}},
	{"admitted", rule.Words{VI: "Ngày quyết định kết nạp", EN: "Decision on admission"}, []string{"ngay quyet dinh ket nap", "ngay qd ket nap", "admitted"}},
	{"sworn", rule.Words{VI: "Ngày kết nạp (làm lễ)", EN: "Ceremony"}, []string{"ngay ket nap lam le", "ngay ket nap", "ngay vao dang", "ngay lam le", "ceremony"}},
	{"recognised", rule.Words{VI: "Ngày chính thức", EN: "Official since"}, []string{"ngay chinh thuc", "ngay cong nhan chinh thuc", "chinh thuc", "official since"}},
}

// GuessColumns finds the columns by their headers, compared without marks.
func GuessColumns(header []string) map[string]int {
	m, taken := map[string]int{}, map[int]bool{}
	for _, c := range ImportColumns {
		for _, want := range c.names {
			i := slices.IndexFunc(header, func(h string) bool {
				return strings.Join(strings.FieldsFunc(vn.Fold(h), func(r rune) bool { return strings.ContainsRune(" ()/,.-", r) }), " ") == want
			})
			if i >= 0 && !taken[i] {
				m[c.ID], taken[i] = i, true
				break
			}
		}
	}
	return m
}

// RejectColumns are the headers that the file of rejected rows adds; a file
// that comes back with them is read without them.
var RejectColumns = []string{"Lý do chưa nhận", "Mã người trùng"}

// StampMark begins the lines under an exported sheet that say who took it out,
// when and what for; a file that comes back is read without them.
const StampMark = "#"

func titleOf(column string) rule.Words {
	for _, c := range ImportColumns {
		if c.ID == column {
			return c.Title
		}
	}
	return rule.Words{VI: column, EN: column}
}

// identity reads the cells of the identity.
