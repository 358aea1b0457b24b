package web

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
)

// TestAuditByPlainForms: a closed box is audited by hand without script: the
// page says that so few ballots are better all counted, the dice are checked,
// papers are entered one after another, one is taken back, the result stands.
func TestAuditByPlainForms(t *testing.T) {
	h := boxHouse(t, 5, "strike", 4, 3)
	one, two, head := h.as("dem1"), h.as("dem2"), h.as("truong")
	path := auditPath(boxID)
	head.get(path).is(http.StatusOK).says("Chỉ kiểm lại khi trưởng ban đã báo cáo")
	one.keyPile(1, 1, "4", "4", "4", "4", "4")
	two.keyPile(1, 2, "4", "4", "4", "4", "4")
	shut := "/kiem-phieu/chot/" + boxID
	head.submit(shut, shut, nil).is(http.StatusSeeOther)
	head.get(path).is(http.StatusOK).says("Chỉ kiểm lại khi trưởng ban đã báo cáo")
	report := "/kiem-phieu/bao-cao/" + boxID
	head.submit(report, report, nil).is(http.StatusSeeOther)
	h.as("ngoai").get(path).is(http.StatusNotFound)
	one.get(path).is(http.StatusOK).says("Nên kiểm lại toàn bộ", "Trưởng Ban")
	head.get("/kiem-phieu/hop/" + boxID).says("Kiểm lại bằng tay")
	head.submit(path, path, url.Values{"do": {"draw"}, "dice": {"1 2 3"}, "limit": {"50"}}).is(http.StatusUnprocessableEntity).says("ít nhất 10 lần")
	head.submit(path, path, url.Values{"do": {"draw"}, "dice": {"4 2 6 6 1 3 5 2 1 4"}, "limit": {"7"}}).is(http.StatusUnprocessableEntity).says("Mức rủi ro")
	head.submit(path, path, url.Values{"do": {"draw"}, "dice": {"4 2 6 6 1 3 5 2 1 4"}, "limit": {"50"}, "papers": {"x"}}).is(http.StatusUnprocessableEntity).says("Phải là một số")
	head.submit(path, path, url.Values{"do": {"draw"}, "dice": {"4 2 6 6 1 3 5 2 1 4"}, "limit": {"50"}, "papers": {"5"}}).is(http.StatusSeeOther)
	head.get(path).is(http.StatusOK).says("Tập 1, tờ thứ 1 từ trên xuống", "4266135214/"+boxID, "Còn 5 phiếu chưa xem")
	for no := 1; no <= 5; no++ {
		at := path + "?phieu=" + strconv.Itoa(no)
		one.submit(at, path, url.Values{"do": {"see"}, "no": {strconv.Itoa(no)}, "keys": {"9"}}).is(http.StatusUnprocessableEntity).says("danh sách chỉ có số 1 đến 4")
		one.submit(at, path, url.Values{"do": {"see"}, "no": {strconv.Itoa(no)}, "keys": {"4"}}).is(http.StatusSeeOther)
	}
	two.submit(path+"?phieu=3", path, url.Values{"do": {"undo"}, "no": {"3"}}).is(http.StatusSeeOther)
	head.get(path).says("Còn 1 phiếu chưa xem")
	two.submit(path, path, url.Values{"do": {"see"}, "no": {"3"}, "keys": {"4"}}).is(http.StatusSeeOther)
	head.get(path).is(http.StatusOK).says("Kết quả đứng vững", "0 %")
	head.submit(path, path, url.Values{"do": {"end"}}).is(http.StatusSeeOther)
	head.get(path).is(http.StatusOK).says("Đã kết thúc lần kiểm lại")
}
