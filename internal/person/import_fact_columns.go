package person

import (
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// ImportFrom ends the id of the column that holds the first day of a block's
// facts: "theory.@from".
const ImportFrom = "@from"

// FactColumns are the columns of a file that hold facts of the blocks, block by
// block. Blocks that are shown on asking only (health, discipline, family, ties
// abroad, own history) come in by their forms alone.
//
// Of a block that a person has several items of, one cell holds all of them,
// parted by “;”, in the order of the columns' other cells.
var FactColumns = importFactColumns()

// MayImport says whether a block of facts comes in by files.
func (b FactBlock) MayImport() bool { return b.Shape != "registry" && !b.Sensitive }

func importFactColumns() (out []ImportColumn) {
	for _, b := range factBlocks {
		if !b.MayImport() {
			continue
		}
		add := func(id string, title rule.Words) {
			c := ImportColumn{ID: id, Title: title, Block: b.Key, names: factAliases[id]}
			c.names = append(c.names, header(title.VI), header(title.EN))
			out = append(out, c)
		}
		for _, f := range b.Fields {
			add(f.ID(), rule.Words{VI: b.VI + " – " + f.VI, EN: b.EN + " – " + f.EN})
		}
		add(b.Key+"."+ImportFrom, rule.Words{VI: b.VI + " – " + b.FromVI, EN: b.EN + " – " + b.FromEN})
	}
	return out
}

// header is a header as headers are compared: without marks and signs.
func header(h string) string {
	return strings.Join(strings.FieldsFunc(vn.Fold(h), func(r rune) bool { return strings.ContainsRune(" ()/,.-–_", r) }), " ")
}

// factAliases are headers that offices write, beside the titles.
var factAliases = map[string][]string{
	"origin.birthplace":      {"noi sinh"},
	"origin.religion":        {"ton giao"},
	"origin.class":           {"thanh phan gia dinh", "thanh phan xuat than", "thanh phan"},
	"origin.id_number":       {"so dinh danh ca nhan", "so dinh danh", "so cccd", "cccd", "so can cuoc", "can cuoc", "so can cuoc cong dan", "can cuoc cong dan"},
	"origin.id_issued":       {"ngay cap cccd", "ngay cap can cuoc"},
	"origin.insurance":       {"so bao hiem xa hoi", "so bhxh"},
	"origin.cv_number":       {"so ly lich dang vien", "so ly lich"},
	"residence.permanent":    {"noi thuong tru", "thuong tru", "ho khau thuong tru"},
	"residence.temporary":    {"noi tam tru", "tam tru"},
	"residence.phone":        {"dien thoai", "so dien thoai"},
	"service.recruited":      {"ngay tuyen dung", "ngay duoc tuyen dung"},
	"service.occupation":     {"cong viec chinh dang lam", "nghe nghiep"},
	"grade.name":             {"ngach", "ngach cong chuc"},
	"grade.code":             {"ma ngach"},
	"grade.step":             {"bac luong"},
	"grade.coefficient":      {"he so luong"},
	"general.level":          {"hoc van pho thong", "giao duc pho thong", "trinh do hoc van", "general education"},
	"degree.level":           {"chuyen mon", "trinh do chuyen mon", "bang cap", "degree"},
	"degree.major":           {"chuyen nganh", "nganh dao tao"},
	"degree.school":          {"truong dao tao", "noi dao tao"},
	"theory.level":           {"ly luan chinh tri", "trinh do ly luan chinh tri", "trinh do llct", "llct", "political theory"},
	"state-management.level": {"quan ly nha nuoc"},
	"language.name":          {"ngoai ngu"},
	"language.level":         {"trinh do ngoai ngu"},
	"informatics.level":      {"tin hoc"},
	"army.enlisted":          {"ngay nhap ngu"},
	"army.discharged":        {"ngay xuat ngu"},
}
