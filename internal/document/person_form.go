package document

import (
	"fmt"
	"strings"

	"minhbach/internal/document/docx"
	"minhbach/internal/rule"
)

// PersonForm is one of the printed forms about a person.
type PersonForm struct {
	ID    string
	Words rule.Words
	// Note says where the order of fields comes from and what is left out.
	Note rule.Words
	// Shipped is the house's Word template.
	Shipped func() ([]byte, error)
}

// PersonForms are the forms in the order the page lists them.
var PersonForms = []PersonForm{
	{ID: "2c", Words: rule.Words{VI: "Sơ yếu lý lịch (mẫu 2C/TCTW-98)", EN: "Curriculum vitae (form 2C/TCTW-98)"},
		Note: rule.Words{VI: "Thứ tự mục 1–17 theo mẫu 2C/TCTW-98 (nguồn thứ cấp); các mục sau chưa đối chiếu số thứ tự với bản in. Hoàn cảnh kinh tế không lưu trong hệ thống nên để trống; phần nhận xét do cơ quan quản lý ghi tay.",
			EN: "Items 1 to 17 in the order of form 2C/TCTW-98 (second-hand source); the numbers of later items were not compared with the printed form. Economic conditions are not kept here and left blank; remarks are written by hand."},
		Shipped: form2C},
	{ID: "2-hsdv", Words: rule.Words{VI: "Phiếu đảng viên (Mẫu 2-HSĐV)", EN: "Member's sheet (Mẫu 2-HSĐV)"},
		Note: rule.Words{VI: "Thứ tự mục 01–30 theo mô tả của Mẫu 2-HSĐV (nguồn thứ cấp; mục 19 không thấy trong nguồn nên bỏ trống). Mục 30 (kinh tế) không lưu số liệu trong hệ thống, ghi tay khi cần.",
			EN: "Items 01 to 30 in the order described for Mẫu 2-HSĐV (second-hand source; item 19 was not seen and is left out). No figures of item 30 (economy) are kept here; write by hand where needed."},
		Shipped: formHSDV},
}

// PersonFormOf finds a form.
func PersonFormOf(id string) (PersonForm, bool) {
	for _, f := range PersonForms {
		if f.ID == id {
			return f, true
		}
	}
	return PersonForm{}, false
}

// sheetOf begins a form on A4 with smaller margins.
func sheetOf() *docx.Builder {
	return &docx.Builder{Footer: "{{chan_trang}}", Margins: [4]float64{15, 15, 20, 15}}
}

const formSize = 12.5

func lineOf(b *docx.Builder, text string) {
	b.P(docx.Style{Size: formSize, Before: 3}, text)
}

// tableOf adds a table whose rows repeat the list.
func tableOf(b *docx.Builder, list string, cols ...column) {
	var widths []float64
	var head, row []docx.Line
	for i, c := range cols {
		name, mark, _ := strings.Cut(c.head, "=")
		mark = "{{" + mark + "}}"
		if i == 0 {
			mark = "{{#" + list + "}}" + mark
		}
		if i == len(cols)-1 {
			mark += "{{/" + list + "}}"
		}
		widths = append(widths, c.w)
		head = append(head, docx.Line{Style: docx.Style{Align: "center", Size: 11.5, Bold: true}, Text: name})
		row = append(row, docx.Line{Style: docx.Style{Align: c.align, Size: 11.5}, Text: mark})
	}
	b.P(docx.Style{Size: 4, Keep: true}, "")
	b.Table(widths, head, row)
}

func headLines(size float64, texts ...string) (out []docx.Line) {
	for _, t := range texts {
		out = append(out, docx.Line{Style: docx.Style{Size: size}, Text: t})
	}
	return out
}

// form2C is the curriculum vitae of cadres, items in the order of 2C/TCTW-98.
func form2C() ([]byte, error) {
	b := sheetOf()
	photo := []docx.Line{{Style: docx.Style{Align: "center", Size: 11}}, {Style: docx.Style{Align: "center", Size: 11}, Text: "Ảnh màu"}, {Style: docx.Style{Align: "center", Size: 11}, Text: "4 × 6 cm"}, {Style: docx.Style{Align: "center", Size: 11}}}
	b.Columns([]float64{32, 95, 48}, photo,
		headLines(12, "Bộ, tỉnh: {{to_chuc_tinh}}", "Đơn vị trực thuộc: {{don_vi}}", "Đơn vị cơ sở: {{to_chuc_co_so}}", "Số hiệu cán bộ: {{so_hieu}}"),
		[]docx.Line{{Style: docx.Style{Align: "right", Size: 12, Italic: true}, Text: "Mẫu 2C/TCTW-98"}})
	b.P(docx.Style{Align: "center", Size: 16, Bold: true, Before: 8}, "SƠ YẾU LÝ LỊCH")
	b.P(docx.Style{Align: "center", Size: 11.5, Bold: true, Italic: true}, "{{mau}}")
	for i, t := range []string{
		"Họ và tên khai sinh: {{identity_name}}. Nam, nữ: {{identity_gender}}",
		"Các tên gọi khác: {{identity_other_names}}",
		"Cấp ủy, chức vụ hiện tại: {{chuc_vu}}. Phụ cấp chức vụ: {{grade_allowance}}",
		"Sinh ngày: {{identity_born}}",
		"Nơi sinh: {{origin_birthplace}}",
		"Quê quán: {{identity_hometown}}",
		"Nơi ở hiện nay: {{residence_permanent}}. Điện thoại: {{residence_phone}}",
		"Dân tộc: {{identity_ethnicity}}",
		"Tôn giáo: {{origin_religion}}",
		"Thành phần gia đình xuất thân: {{origin_class}}",
		"Nghề nghiệp bản thân trước khi được tuyển dụng: {{service_before}}",
		"Ngày được tuyển dụng: {{service_recruited}}. Vào cơ quan: {{service_recruiter}}",
		"Ngày vào cơ quan hiện đang công tác: {{service_joined_body}}. Ngày tham gia cách mạng: {{service_revolution}}",
		"Ngày vào Đảng Cộng sản Việt Nam: {{ngay_ket_nap}} (quyết định kết nạp ngày {{ngay_vao_dang}}). Ngày chính thức: {{ngay_chinh_thuc}}",
		"Tham gia các tổ chức chính trị, xã hội: {{doan_the}}",
		"Ngày nhập ngũ: {{army_enlisted}}. Ngày xuất ngũ: {{army_discharged}}. Quân hàm cao nhất: {{army_rank}}",
		"Trình độ: giáo dục phổ thông: {{general_grade}} ({{general_level}}); học hàm, học vị cao nhất: {{hoc_ham}}; {{bang_cap}}; lý luận chính trị: {{theory_level}}; quản lý nhà nước: {{state_management_level}}; ngoại ngữ, tiếng dân tộc: {{ngoai_ngu}}",
	} {
		lineOf(b, fmt.Sprintf("%d) %s", i+1, t))
	}
	for _, t := range []string{
		"– Công tác chính đang làm: {{service_occupation}}",
		"– Ngạch: {{grade_name}} (mã số {{grade_code}}). Bậc lương: {{grade_step}}, hệ số: {{grade_coefficient}}",
		"– Danh hiệu được phong: {{danh_hieu}}",
		"– Sở trường công tác: {{service_strength}}",
		"– Khen thưởng: {{khen_thuong}}",
		"– Kỷ luật: {{ky_luat}}",
		"– Tình trạng sức khỏe: {{health_class}}. Cao: {{health_height}}. Cân nặng: {{health_weight}}. Nhóm máu: {{health_blood}}",
		"– Hạng thương binh: {{merit_invalid}}. Gia đình chính sách: {{merit_family}}",
		"– Số định danh cá nhân: {{origin_id_number}} (cấp ngày {{origin_id_issued}}). Số bảo hiểm xã hội: {{origin_insurance}}",
		"– Đào tạo, bồi dưỡng về chuyên môn, nghiệp vụ, lý luận chính trị, ngoại ngữ:",
	} {
		lineOf(b, t)
	}
	tableOf(b, "dao_tao", column{"Tên trường=truong", 44, "left"}, column{"Ngành học hoặc tên lớp=nganh", 46, "left"}, column{"Thời gian học=thoi_gian", 30, "center"}, column{"Hình thức=hinh_thuc", 28, "left"}, column{"Văn bằng, trình độ=van_bang", 27, "left"})
	lineOf(b, "– Tóm tắt quá trình công tác:")
	tableOf(b, "cong_tac", column{"Từ tháng, năm đến tháng, năm=thoi_gian", 48, "center"}, column{"Chức danh, chức vụ, đơn vị công tác=noi_dung", 127, "left"})
	lineOf(b, "– Đặc điểm lịch sử bản thân: {{lich_su}}")
	lineOf(b, "– Quan hệ gia đình (vợ hoặc chồng, các con, bố mẹ, anh chị em ruột; bên vợ hoặc chồng):")
	tableOf(b, "gia_dinh", column{"Quan hệ=quan_he", 25, "left"}, column{"Họ và tên=ho_ten", 45, "left"}, column{"Năm sinh=nam_sinh", 22, "center"}, column{"Quê quán, nghề nghiệp, nơi ở; đảng viên=thong_tin", 83, "left"})
	lineOf(b, "– Hoàn cảnh kinh tế gia đình: "+blank+blank)
	signed(b, "Người khai", "Xác nhận của cơ quan quản lý")
	return b.Bytes()
}

// signed is the foot of a form: oath, the two signatures.
func signed(b *docx.Builder, left, right string) {
	b.P(docx.Style{Size: formSize, Italic: true, Before: 8, Keep: true}, "Tôi xin cam đoan những lời khai trên đây là đúng sự thật.")
	side := func(t, sub string) []docx.Line {
		c := docx.Style{Align: "center", Size: formSize, Keep: true}
		bold := c
		bold.Bold, bold.Before = true, 6
		return []docx.Line{{Style: docx.Style{Align: "center", Size: formSize, Italic: true, Keep: true}, Text: "........, ngày .... tháng .... năm ......"}, {Style: bold, Text: t}, {Style: c, Text: sub}, {Style: c}, {Style: c}, {Style: c}}
	}
	b.Columns([]float64{87, 88}, side(left, "(Ký, ghi rõ họ tên)"), side(right, "(Ký tên, đóng dấu)"))
}

// formHSDV is the member's sheet, items in the order of Mẫu 2-HSĐV.
func formHSDV() ([]byte, error) {
	b := sheetOf()
	b.Columns([]float64{110, 65},
		headLines(12, "Đảng bộ tỉnh: {{to_chuc_tinh}}", "Đảng bộ xã, cơ sở: {{to_chuc_co_so}}", "Đảng bộ bộ phận: "+blank, "Chi bộ: {{to_chuc_chi_bo}}"),
		[]docx.Line{{Style: docx.Style{Align: "right", Size: 12, Italic: true}, Text: "Mẫu 2-HSĐV"}, {Style: docx.Style{Align: "right", Size: 12}, Text: "Số lý lịch: {{origin_cv_number}}"}})
	b.P(docx.Style{Align: "center", Size: 16, Bold: true, Before: 8}, "PHIẾU ĐẢNG VIÊN")
	b.P(docx.Style{Align: "center", Size: 11.5, Bold: true, Italic: true}, "{{mau}}")
	for _, t := range []string{
		"01. Họ và tên đang dùng: {{identity_name}}. 02. Nam, nữ: {{identity_gender}}",
		"03. Các tên gọi khác: {{identity_other_names}}",
		"04. Sinh ngày: {{identity_born}}",
		"05. Nơi đăng ký khai sinh: {{origin_registered}}. Quê quán: {{identity_hometown}}",
		"06. Nơi thường trú: {{residence_permanent}}",
		"07. Nơi tạm trú: {{residence_temporary}}",
		"08. Dân tộc: {{identity_ethnicity}}. 09. Tôn giáo: {{origin_religion}}",
		"10. Thành phần gia đình: {{origin_class}}",
		"11. Nghề nghiệp hiện nay: {{service_occupation}}. Chức vụ: {{chuc_vu}}",
		"12. Ngày vào Đảng: {{ngay_ket_nap}}, tại chi bộ: {{chi_bo_ket_nap}}. Người giới thiệu: {{nguoi_gioi_thieu}}. Ngày ra quyết định kết nạp: {{ngay_vao_dang}}. Ngày chính thức: {{ngay_chinh_thuc}}, tại chi bộ: {{chi_bo_chinh_thuc}}",
		"13. Ngày được tuyển dụng: {{service_recruited}}. Cơ quan: {{service_recruiter}}",
		"14. Ngày vào Đoàn: {{ngay_vao_doan}}",
		"15. Tham gia các tổ chức xã hội: {{doan_the}}",
		"16. Ngày nhập ngũ: {{army_enlisted}}. Ngày xuất ngũ: {{army_discharged}}. Quân hàm: {{army_rank}}",
		"17. Trình độ: giáo dục phổ thông: {{general_grade}} ({{general_level}}); chuyên môn nghiệp vụ, học vị: {{bang_cap}}; học hàm: {{hoc_ham}}; lý luận chính trị: {{theory_level}}; ngoại ngữ: {{ngoai_ngu}}; tin học: {{informatics_level}}",
		"18. Tình trạng sức khỏe: {{health_class}}. Thương binh loại: {{merit_invalid}}. Gia đình chính sách: {{merit_family}}. Số định danh cá nhân: {{origin_id_number}}",
		"20. Được miễn sinh hoạt đảng ngày: {{ngay_mien}}",
		"21–22. Tóm tắt quá trình hoạt động và công tác:",
	} {
		lineOf(b, t)
	}
	tableOf(b, "cong_tac", column{"Từ tháng, năm đến tháng, năm=thoi_gian", 48, "center"}, column{"Làm việc gì, chức vụ, ở đâu=noi_dung", 127, "left"})
	lineOf(b, "Đào tạo, bồi dưỡng:")
	tableOf(b, "dao_tao", column{"Tên trường=truong", 44, "left"}, column{"Ngành học hoặc tên lớp=nganh", 46, "left"}, column{"Thời gian học=thoi_gian", 30, "center"}, column{"Hình thức=hinh_thuc", 28, "left"}, column{"Văn bằng, trình độ=van_bang", 27, "left"})
	for _, t := range []string{
		"23. Khen thưởng: {{khen_thuong}}",
		"24. Huy hiệu Đảng: {{huy_hieu}}",
		"25. Danh hiệu được phong: {{danh_hieu}}",
		"26. Kỷ luật: {{ky_luat}}",
		"27. Đặc điểm lịch sử bản thân: {{lich_su}}",
		"28. Quan hệ với nước ngoài: {{nuoc_ngoai}}",
		"29. Quan hệ gia đình:",
	} {
		lineOf(b, t)
	}
	tableOf(b, "gia_dinh", column{"Quan hệ=quan_he", 25, "left"}, column{"Họ và tên=ho_ten", 45, "left"}, column{"Năm sinh=nam_sinh", 22, "center"}, column{"Quê quán, nghề nghiệp, nơi ở; đảng viên=thong_tin", 83, "left"})
	lineOf(b, "30. Hoàn cảnh kinh tế của bản thân và gia đình: "+blank+blank)
	signed(b, "Người khai", "Xác nhận của cấp ủy cơ sở")
	return b.Bytes()
}
