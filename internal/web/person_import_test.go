package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// uploadPersons posts a file of persons for an organisation.
func (v *visitor) uploadPersons(home, name string, content []byte) *answer {
	v.h.t.Helper()
	return v.uploadContests("/can-bo/nhap", name, content, "home", home)
}

// A file is looked at, recorded, told again as the same, and undone.
func TestPersonImportPages(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	head := h.desk.Head()
	file := "Mã;Họ tên;Năm sinh;Giới tính;Dân tộc;Ghi chú\n" +
		";Đinh Văn Nhập;12/3/1975;nam;Kinh;x\n" +
		"tran-thi-thu;Trần Thị Thử;8/3/1980;nữ;Thái;\n" +
		"nguyen-van-mau;Nguyễn Văn Mẫu;1971;nam;Kinh;\n" +
		";Trần Thị Thử;;;;\n" +
		";=1+1;;;;\n"
	up := v.uploadPersons("org/tinh", `..\..\danh sách.csv`, []byte(file)).is(http.StatusSeeOther).header.Get("Location")
	look := v.get(up).is(200)
	look.says("ghi mới 1 người, sửa 1 người, để nguyên 1 người; 2 dòng chưa nhận được", "Mường", "Thái", "Có thể trùng người đã có hồ sơ", "là công thức", "danh sách.csv", "Các cột không lấy gì: “Ghi chú”")
	v.get("/can-bo/nhap").says("Không nhập từ tệp: sức khỏe, kỷ luật, gia đình, quan hệ với nước ngoài, lịch sử bản thân")
	if strings.Contains(look.text(), `..\`) {
		t.Error("the name of the upload keeps its path")
	}
	if h.desk.Head() != head {
		t.Error("looking recorded something")
	}
	bad := v.get(up + "/can-sua").is(200)
	if s := string(bad.body); !strings.Contains(s, "Lý do chưa nhận") || !strings.Contains(s, "tran-thi-thu") || strings.Contains(s, "Đinh Văn Nhập") || !strings.Contains(s, ";'=1+1;") {
		t.Errorf("the lines to correct:\n%s", s)
	}
	// Another officer sees nothing of it; a stale look is shown again.
	h.as("lanhdao").get(up).is(http.StatusForbidden)
	v.resubmit(look, up, "", url.Values{"sum": {"x"}}).is(http.StatusUnprocessableEntity).says("hãy xem lại rồi ghi")
	run := v.resubmit(look, up, "", nil).is(http.StatusSeeOther).header.Get("Location")
	v.get(run).is(200).says("Đã ghi 0 trên 2 dòng")
	v.submit(run, "", nil).is(http.StatusSeeOther)
	v.get(run).is(200).says("Đã ghi xong: 2 mục")
	v.get("/can-bo?q=dinh+van+nhap").says("Đinh Văn Nhập")
	v.get("/can-bo/tran-thi-thu").says("Thái")
	again := v.uploadPersons("org/tinh", "lai.csv", []byte(file)).is(http.StatusSeeOther).header.Get("Location")
	v.get(again).says("Không có dòng nào để ghi", "Đinh Văn Nhập")
	v.submit(run, "", url.Values{"reason": {"Nhầm tệp"}}).is(http.StatusSeeOther)
	v.get(run).says("Đã rút cả lần nhập: 2 mục").lacks("phần còn lại")
	v.get("/can-bo/tran-thi-thu").says("Mường")
	v.get("/can-bo?q=dinh+van+nhap").says("Không có ai khớp")
	// What is no table is refused, and nothing is kept.
	for name, content := range map[string]string{"x.xlsx": "PK\x03\x04zip", "cu.csv": "T\xean;N\n\xea;1\n", "rong.csv": ""} {
		v.uploadPersons("org/tinh", name, []byte(content)).is(http.StatusUnprocessableEntity)
	}
}

// What is seen goes out with its purpose in the read log and its stamp, and
// comes back edited as an update.
func TestPersonExportComesBack(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.submit("/can-bo?q=mau", "/can-bo/xuat", nil).is(http.StatusUnprocessableEntity).says("dùng vào việc gì, không quá 300 chữ", "Nguyễn Văn Mẫu")
	cols := []string{"sinh", "gioi", "dan-toc", "que", "chuc-vu", "noi-giu"}
	const asked = "/can-bo?q=thi+thu&cot=sinh"
	out := v.submit(asked, "/can-bo/xuat", url.Values{"purpose": {"rà soát quy hoạch"}, "dang": {"csv"}, "cot": cols}).is(200)
	text := string(out.body)
	if !strings.Contains(text, "tran-thi-thu;Trần Thị Thử;8/3/1980;nữ;Mường") && !strings.Contains(text, "tran-thi-thu;Trần Thị Thử;08/03/1980;nữ;Mường") || strings.Contains(text, "Nguyễn Văn Mẫu") {
		t.Errorf("the file is\n%s", text)
	}
	if !strings.Contains(text, "Mục đích: rà soát quy hoạch. Điểm chứng:") {
		t.Errorf("the sheet has no stamp:\n%s", text)
	}
	h.as("kiemtra").get("/nhat-ky/luot-xem").is(200).says("xuất tệp: rà soát quy hoạch")
	same := v.uploadPersons("org/tinh", "ve.csv", out.body).is(http.StatusSeeOther).header.Get("Location")
	v.get(same).says("ghi mới 0 người, sửa 0 người, để nguyên 1 người; 0 dòng chưa nhận được")
	edited := v.uploadPersons("org/tinh", "ve.csv", []byte(strings.Replace(text, "Mường", "Tày", 1))).is(http.StatusSeeOther).header.Get("Location")
	v.get(edited).says("ghi mới 0 người, sửa 1 người, để nguyên 0 người; 0 dòng chưa nhận được", "Mường", "Tày")

	// The Excel file does the same; a formula put into it is refused.
	out = v.submit(asked, "/can-bo/xuat", url.Values{"purpose": {"rà soát"}, "dang": {"xlsx"}, "cot": cols}).is(200)
	same = v.uploadPersons("org/tinh", "ve.xlsx", out.body).is(http.StatusSeeOther).header.Get("Location")
	v.get(same).says("ghi mới 0 người, sửa 0 người, để nguyên 1 người; 0 dòng chưa nhận được")
	edit := func(change func(*excelize.File) error) []byte {
		f, err := excelize.OpenReader(bytes.NewReader(out.body))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := change(f); err != nil {
			t.Fatal(err)
		}
		if text, err := f.GetCellValue("Sheet1", "A4"); err != nil || !strings.Contains(text, "Điều kiện: Họ tên: thi thu") {
			t.Errorf("the sheet does not say what was asked: %q, %v", text, err)
		}
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	back := edit(func(f *excelize.File) error { return f.SetCellStr("Sheet1", "E2", "Thái") })
	v.get(v.uploadPersons("org/tinh", "ve.xlsx", back).is(http.StatusSeeOther).header.Get("Location")).says("sửa 1 người", "Mường", "Thái")
	bad := edit(func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "E2", "A2") })
	v.uploadPersons("org/tinh", "ve.xlsx", bad).is(http.StatusUnprocessableEntity).says("Ô E2 là công thức")
}

// A filter kept under a name, the columns chosen and what was taken away by
// mistake: all by plain forms.
func TestPersonSavedSearches(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const asked = "/can-bo?gioi=female&xep=sinh"
	v.submit(asked, "/can-bo/bo-loc", url.Values{"name": {""}}).is(http.StatusUnprocessableEntity).says("Hãy đặt tên cho bộ lọc", "Trần Thị Thử")
	v.submit(asked, "/can-bo/bo-loc", url.Values{"name": {"Cán bộ nữ"}, "shared": {"on"}}).is(http.StatusSeeOther)
	v.get("/can-bo").says("Cán bộ nữ", "dùng chung")
	head := h.as("lanhdao")
	head.get("/can-bo").says("Cán bộ nữ")
	var id string
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT id FROM op_person_search`).Scan(&id)
	}); err != nil {
		t.Fatal(err)
	}
	head.post("/can-bo/bo-loc/"+id, url.Values{"do": {"drop"}, "act": {desk.NewID()}, "seen": {"-2"}}).is(http.StatusNotFound)
	gone := v.submit("/can-bo", "/can-bo/bo-loc/"+id, url.Values{"do": {"drop"}}).is(http.StatusSeeOther).header.Get("Location")
	v.get(gone).says("Đã xóa bộ lọc “Cán bộ nữ”", "Hoàn tác")
	if strings.Contains(v.get("/can-bo").text(), "Cán bộ nữ") {
		t.Error("the search still stands")
	}
	v.submit(gone, "/can-bo/bo-loc/"+id, url.Values{"do": {"back"}}).is(http.StatusSeeOther)
	v.get("/can-bo").says("Cán bộ nữ")

	v.submit("/can-bo", "/can-bo/cot", url.Values{"cot": {"dan-toc", "tuoi"}}).is(http.StatusSeeOther)
	v.get("/can-bo?q=thi+thu").says("Mường")
	v.submit("/can-bo", "/can-bo/cot", url.Values{"cot": {}}).is(http.StatusSeeOther)
	v.get("/can-bo?gioi=female&tuoi-tu=abc").is(http.StatusUnprocessableEntity).says("Hãy ghi một số nguyên")
	v.get("/can-bo?gioi=female&dan-toc=muong&dien=other").says("Bỏ lọc", "Giới tính: nữ")
}

// An Excel file is read like a CSV; one with a formula is refused by its cell.
func TestPersonImportExcel(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	book := func(formula bool) []byte {
		f := excelize.NewFile()
		defer f.Close()
		for at, x := range map[string]string{"A1": "Họ và tên", "B1": "Ngày sinh", "A2": "Đinh Văn Bảng", "B2": "12/3/1975"} {
			if err := f.SetCellStr("Sheet1", at, x); err != nil {
				t.Fatal(err)
			}
		}
		if formula {
			if err := f.SetCellFormula("Sheet1", "B2", "1+1"); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	up := v.uploadPersons("org/tinh", "bang.xlsx", book(false)).is(http.StatusSeeOther).header.Get("Location")
	v.get(up).is(200).says("ghi mới 1 người", "Đinh Văn Bảng")
	if s := string(v.uploadPersons("org/tinh", "bang.xlsx", book(true)).is(http.StatusUnprocessableEntity).body); !strings.Contains(s, "Ô B2 là công thức") {
		t.Error("a formula was not told by its cell")
	}
}

// The list narrows by gender, ethnicity and age on the page's day, and the
// export with it.
func TestPersonListFilters(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	for query, want := range map[string][2]bool{
		"": {true, true}, "gioi=male": {true, false}, "dan-toc=muong": {false, true}, "ngay=1/6/2020&tuoi-tu=41": {true, false},
		"ngay=8/3/2020&tuoi-tu=40&tuoi-den=40": {false, true}, "ngay=7/3/2020&tuoi-tu=40&tuoi-den=40": {false, false},
		"ngay=1/6/2020&tuoi-tu=49": {false, false}, // born in 1971, day unknown: 48 or 49
	} {
		text := v.get("/can-bo?" + query).is(200).text()
		if got := [2]bool{strings.Contains(text, "Nguyễn Văn Mẫu"), strings.Contains(text, "Trần Thị Thử")}; got != want {
			t.Errorf("%q shows %v, want %v", query, got, want)
		}
	}
	out := v.submit("/can-bo?gioi=male", "/can-bo/xuat", url.Values{"purpose": {"thử"}, "dang": {"csv"}}).is(200)
	if s := string(out.body); !strings.Contains(s, "Nguyễn Văn Mẫu") || strings.Contains(s, "Trần Thị Thử") {
		t.Errorf("the export is not what is seen:\n%s", s)
	}
}

// The list can be narrowed to the managing level of the post that people hold,
// by the office's table of the day, and shows it in a column and in the export.
func TestPersonListByManagingLevel(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.get("/can-bo?ngay=1/9/2020").says("Chưa có bảng diện quản lý nào có hiệu lực vào ngày này")
	h.do("canbo", procedure.SetTable{Table: procedure.Managing, From: vn.MustDate("2019-01-01"), Rows: []procedure.TableRow{{Title: "secretary", Level: "Ban Thường vụ Tỉnh ủy quản lý"}, {Level: "Cấp dưới quản lý"}}})
	find := func(level string) string {
		return "/can-bo?ngay=1/9/2020&cot=dien-quan-ly&dien-quan-ly=" + url.QueryEscape(level)
	}
	for level, want := range map[string]bool{"Ban Thường vụ Tỉnh ủy quản lý": true, "Cấp dưới quản lý": false, "không có diện này": false} {
		p := v.get(find(level)).is(200)
		if text := p.text(); strings.Contains(text, "Nguyễn Văn Mẫu") != want || strings.Contains(text, "Trần Thị Thử") {
			t.Errorf("%s shows\n%s", level, text)
		}
		p.says("Diện quản lý (theo chức vụ đang giữ): " + level)
	}
	out := v.submit(find("Ban Thường vụ Tỉnh ủy quản lý"), "/can-bo/xuat", url.Values{"purpose": {"thử"}, "dang": {"csv"}}).is(200)
	if s := string(out.body); !strings.Contains(s, "Diện quản lý") || !strings.Contains(s, "Nguyễn Văn Mẫu") || strings.Count(s, "Ban Thường vụ Tỉnh ủy quản lý") < 2 {
		t.Errorf("the export:\n%s", s)
	}
}

// Facts come in by the columns of a file and go out again by columns of the
// list; the exported sheet, edited, changes only what was edited.
func TestPersonFactsInAndOut(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	file := "Mã người;Họ và tên;Số CCCD;Trình độ chuyên môn;Chuyên ngành;Lý luận chính trị;Lý luận chính trị – Ngày cấp bằng, chứng chỉ\n" +
		"nguyen-van-mau;Nguyễn Văn Mẫu;001071000001;\"Đại học; Thạc sĩ\";\"Luật; Kinh tế\";Cao cấp;7/2015\n"
	up := v.uploadPersons("org/tinh", "trinh-do.csv", []byte(file)).is(http.StatusSeeOther).header.Get("Location")
	v.get(up).is(200).says("Thông tin hồ sơ trong tệp", "chưa nhận", "không có ngày")
	up += "?ngay-chung=31/12/2025&can-cu=supplement&so-can-cu=15-DS"
	v.get(up).is(200).says("sửa 1 người", "Trình độ chuyên môn – Chuyên ngành: Luật", "001071000001", "Cao cấp")
	to := v.submit(up, "", nil).is(http.StatusSeeOther).header.Get("Location")
	for range 3 {
		if p := v.get(to).is(200); strings.Contains(p.text(), "Ghi tiếp") {
			v.resubmit(p, to, "", nil)
		}
	}
	const list = "/can-bo?q=nguyen+van+mau&cot=origin.id_number&cot=bang-cap&cot=degree.major&cot=degree.@from&cot=ly-luan&cot=theory.@from"
	v.get(list).is(200).says("001071000001", "Thạc sĩ", "Kinh tế", "Cao cấp", "7/2015")
	out := string(v.submit(list, "/can-bo/xuat", url.Values{"purpose": {"rà soát"}, "dang": {"csv"}, "cot": {"origin.id_number", "bang-cap", "degree.major", "degree.@from", "ly-luan", "theory.@from"}}).is(200).body)
	for _, want := range []string{"Đại học; Thạc sĩ", "Luật; Kinh tế", "31/12/2025; 31/12/2025"} {
		if !strings.Contains(out, want) {
			t.Fatalf("the export lacks %q:\n%s", want, out)
		}
	}
	up = v.uploadPersons("org/tinh", "ve.csv", []byte(out)).is(http.StatusSeeOther).header.Get("Location")
	v.get(up).is(200).says("để nguyên 1 người", "Không có dòng nào để ghi")
	up = v.uploadPersons("org/tinh", "ve.csv", []byte(strings.Replace(out, "Luật; Kinh tế", "Luật; Kinh tế chính trị", 1))).is(http.StatusSeeOther).header.Get("Location")
	v.get(up).is(200).says("sửa 1 người", "Kinh tế → Kinh tế chính trị")
}

// What goes out as Excel comes back, however many lines; the bounds of hostile
// files stand.
func TestLargeSheetComesBack(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	o := &outSheet{head: []string{"Mã người", "Họ và tên", "Ngày sinh", "Dân tộc"}, stamps: []string{"# Xuất lúc nào đó"}}
	for i := range 6500 {
		o.rows = append(o.rows, []string{"mới", fmt.Sprintf("Đinh \"Văn\" Bảng %d", i), "12/3/1975", "Kinh"})
	}
	b, err := o.book()
	if err != nil {
		t.Fatal(err)
	}
	up := v.uploadPersons("org/tinh", "lon.xlsx", b).is(http.StatusSeeOther).header.Get("Location")
	v.get(up).is(200).says("ghi mới 6.500 người", `Đinh "Văn" Bảng 0`)
	small := personBook
	small.Rows, small.Unzip = 6000, 1<<16
	if err := small.read(b, func([]string) error { return nil }); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("over the bound of what unpacks: %v", err)
	}
	small.Unzip = personBook.Unzip
	if err := small.read(b, func([]string) error { return nil }); err == nil || !strings.Contains(err.Error(), "6000 rows") {
		t.Errorf("over the bound of lines: %v", err)
	}
}
