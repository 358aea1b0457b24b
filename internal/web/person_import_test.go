package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
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
	look.says("ghi mới 1 người, sửa 1 người, để nguyên 1 người; 2 dòng chưa nhận được", "Mường", "Thái", "Có thể trùng người đã có hồ sơ", "là công thức", "danh sách.csv")
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
	v.get(run).says("Đã rút 2 trên 2 mục")
	v.get("/can-bo/tran-thi-thu").says("Mường")
	v.get("/can-bo?q=dinh+van+nhap").says("Không có ai khớp")
	// What is no table is refused, and nothing is kept.
	for name, content := range map[string]string{"x.xlsx": "PK\x03\x04zip", "cu.csv": "T\xean;N\n\xea;1\n", "rong.csv": ""} {
		v.uploadPersons("org/tinh", name, []byte(content)).is(http.StatusUnprocessableEntity)
	}
}
