package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A list of another system is held against the record on a page: who differs
// and how, what a person decides, and the report as a file; the record stays.
func TestPersonMatchPages(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	head := h.desk.Head()
	list := "Họ và tên;Ngày sinh;Dân tộc\nTRẦN THỊ THỬ;08.03.1980;Tày\nNguyễn Văn Mẫu;;\nHoàng Văn Lạ;1/1/1960;Kinh\nVõ Thị X;31/2/1990;\n"
	v.uploadContests("/can-bo/doi-chieu", "rong.csv", []byte(""), "root", "org/tinh").is(http.StatusUnprocessableEntity)
	at := v.uploadContests("/can-bo/doi-chieu", "khac.csv", []byte(list), "root", "org/tinh").is(http.StatusSeeOther).header.Get("Location")
	v.get(at).is(200).says("Cùng một người, khác nội dung", "Dân tộc: ở đây Mường , trong tệp Tày", "Hoàng Văn Lạ", "không đọc được", "chưa quyết định", "không phải ai trong số này")
	v.submit(at, at, url.Values{"dong-3": {"none"}}).is(http.StatusSeeOther)
	v.get(at).says("Bỏ 1 quyết định ghép")
	v.submit(at, at+"/xuat", nil).is(http.StatusUnprocessableEntity).says("dùng vào việc gì")
	out := v.submit(at, at+"/xuat", url.Values{"purpose": {"đối soát quý"}}).is(200)
	f, err := excelize.OpenReader(bytes.NewReader(out.body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(strings.Join(r, "|") + "\n")
	}
	for _, want := range []string{"Cùng một người, khác nội dung|2|tran-thi-thu|TRẦN THỊ THỬ|Dân tộc|Mường|Tày", "Chỉ có trong tệp|3||Nguyễn Văn Mẫu", "Chỉ có ở đây||nguyen-van-mau|Nguyễn Văn Mẫu", "Mục đích: đối soát quý"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, text.String())
		}
	}
	h.as("kiemtra").get("/nhat-ky/luot-xem").says("xuất tệp: đối soát quý")
	h.as("kiemtra").get("/nhat-ky/luot-xem?viec=xuat").says("xuất tệp: đối soát quý").lacks("đối chiếu danh sách")
	h.as("kiemtra").get("/nhat-ky/luot-xem?cua=khong-co-ai").says("Không có lượt xem nào như vậy")
	h.as("lanhdao").get(at).is(http.StatusNotFound)
	if h.desk.Head() > head+2 { // the head of the read log at most
		t.Error("the comparison recorded something")
	}
}
