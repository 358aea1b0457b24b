package persontest

import (
	"math/rand/v2"
	"strings"
)

// part is a word of names with how often it comes.
type part struct {
	word   string
	weight int
}

func parts(text string) []part {
	var out []part
	for i, w := range strings.Fields(text) {
		// Words stand in the order of how common they are.
		out = append(out, part{strings.ReplaceAll(w, "_", " "), 1 + 400/(i+4)})
	}
	return out
}

// The words that names are drawn from, most common first; a name's parts are
// common words of the language, and together no real person is meant.
var (
	families = []part{{"Nguyễn", 310}, {"Trần", 110}, {"Lê", 95}, {"Phạm", 70}, {"Hoàng", 51}, {"Phan", 45}, {"Vũ", 39}, {"Đặng", 21}, {"Bùi", 20}, {"Đỗ", 14},
		{"Hồ", 13}, {"Ngô", 13}, {"Dương", 10}, {"Lý", 5}, {"Võ", 22}, {"Huỳnh", 18}, {"Trương", 12}, {"Đinh", 9}, {"Lâm", 6}, {"Mai", 6}, {"Trịnh", 7}, {"Đoàn", 7},
		{"Hà", 6}, {"Cao", 5}, {"Tạ", 3}, {"Thái", 3}, {"Lương", 5}, {"Vương", 2}, {"Phùng", 3}, {"Tô", 2}, {"Quách", 2}, {"Chu", 2}, {"La", 1}, {"Kiều", 1}, {"Tống", 1}, {"Đào", 5}, {"Nghiêm", 1}, {"Hứa", 1}}
	otherFamilies = map[string][]part{
		"Tày": parts("Nông Hoàng Lý Bế Vi Ma"), "Nùng": parts("Nông Hoàng Lục Vi Mông"), "Thái": parts("Lò Quàng Cầm Lường Hà Vi"), "Mường": parts("Bùi Quách Đinh Hà Phạm"),
		"Mông": parts("Giàng Sùng Vàng Thào Lý Mùa"), "Dao": parts("Triệu Bàn Đặng Phùng Lý"), "Ê-đê": parts("Y H' Niê Mlô"), "Mạ": parts("K' Điểu"), "M'Nông": parts("Điểu Y Thị"), "Khmer": parts("Thạch Sơn Kim Danh Lâm"),
	}
	ethnicities = []part{{"Kinh", 850}, {"Tày", 25}, {"Nùng", 22}, {"Thái", 18}, {"Mường", 16}, {"Mông", 20}, {"Dao", 12}, {"Ê-đê", 12}, {"Mạ", 8}, {"M'Nông", 10}, {"Khmer", 7}}
	maleMiddles = parts(`Văn Đức Hữu Minh Quang Xuân Ngọc Công Đình Thanh Quốc Anh Trọng Duy Hoàng Tuấn Hồng Bá Thế Mạnh Tiến Khắc Viết Chí Nhật Phú Trung Gia Thành Việt
		Duy_Anh Bảo Hải Vĩnh Sỹ Huy Như Phước Tấn Đăng Đại Kim`)
	femaleMiddles = parts(`Thị Ngọc Thu Thanh Thị_Thu Thị_Ngọc Thị_Thanh Thị_Hồng Kim Thị_Kim Hồng Phương Thị_Minh Mai Thị_Bích Bích Minh Thị_Phương Quỳnh Diệu Mỹ Hoài Như Khánh
		Bảo Thùy Tuyết Ánh Lan Tường Xuân Thị_Xuân Thị_Mỹ Thị_Lan Ái Cẩm Thị_Hoài Thục`)
	maleGivens = parts(`Hùng Dũng Tuấn Sơn Hải Cường Nam Thắng Long Minh Tùng Hoàng Bình Đức Hiếu Trung Thành Anh Phong Quang Tiến Kiên Hưng Việt Dương Huy Phúc Tâm Khánh Lâm Đạt Vinh Quân
		Linh Toàn Thịnh Hòa Tú Nghĩa Tài Lộc Hậu Thái Tân Chiến Trường Hà Đông Công Phương Giang Khoa Thọ Bảo Lợi Chung Ngọc Hiệp Duy An Khôi Bằng Hồng Mạnh Thuận Cảnh Hoạt Nhân Quý Quyết Sáng Thanh
		Tĩnh Tiệp Tráng Triều Vượng Xuân Y Đoàn Đồng Định Điền Ân Bách Bính Bổn Cần Châu Chính Chương Danh Diện Đăng Được Hiến Hoan Huấn Hữu Khải Khiêm Kỳ Lực Luân Mẫn Nhật Phát Phú Phước Quốc Sỹ Tấn Thạch Thiện Thông Thụ Tín Tính Toản Trí Trọng Tự Văn Viên Vũ Vương`)
	femaleGivens = parts(`Hương Lan Hoa Hằng Thủy Hà Linh Hạnh Nga Mai Trang Thảo Huyền Phương Yến Nhung Hiền Dung Loan Thu Ngọc Oanh Vân Anh Tâm Liên Hồng Thanh Hòa Nguyệt Bình Tuyết Giang Quyên Ngân
		My Chi Châu Diệp Dịu Duyên Đào Gấm Hảo Hậu Hiên Hoài Huệ Khanh Khuyên Kiều Lài Lệ Lý Lụa Mến Minh Mơ Mỹ Na Nghĩa Nhã Nhàn Nhạn Như Ni Nụ Phấn Phụng Phượng Quỳnh Sen Sương Tài Thắm Thân Thêu Thi Thìn Thoa Thơ Thơm Thúy Thư
		Thương Tiên Tình Trà Trâm Trinh Trúc Tú Tươi Uyên Út Vi Vui Vy Xoan Xuân Xuyến Ái Ánh Bích Cúc Cẩm`)
	homes = parts(`Đắk_Song Đắk_Mil Cư_Jút Krông_Nô Tuy_Đức Đắk_Glong Bảo_Lộc Đức_Trọng Di_Linh Lâm_Hà Đơn_Dương Hàm_Thuận Tuy_Phong Bắc_Bình Tánh_Linh Đức_Linh Quỳnh_Lưu Nam_Đàn Nghi_Lộc Hương_Sơn Thọ_Xuân Tĩnh_Gia Ý_Yên Hải_Hậu Xuân_Trường Thái_Thụy Tiền_Hải Kim_Sơn Quảng_Trạch Bình_Sơn Mộ_Đức Hoài_Nhơn`)
)

func draw(r *rand.Rand, ps []part) string {
	all := 0
	for _, p := range ps {
		all += p.weight
	}
	n := r.IntN(all)
	for _, p := range ps {
		if n -= p.weight; n < 0 {
			return p.word
		}
	}
	return ps[0].word
}

// name draws a name of an invented person.
func name(r *rand.Rand, ethnicity string, female bool) string {
	family := families
	if own := otherFamilies[ethnicity]; own != nil {
		family = own
	}
	middles, givens := maleMiddles, maleGivens
	if female {
		middles, givens = femaleMiddles, femaleGivens
	}
	n := draw(r, family)
	if r.IntN(20) > 0 {
		n += " " + draw(r, middles)
	}
	return n + " " + draw(r, givens)
}
