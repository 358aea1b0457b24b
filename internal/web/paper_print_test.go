package web

import (
	"net/http"
	"net/url"
	"testing"

	"minhbach/internal/demo"
)

// TestPrintedAsReleased: whoever prints from the list of an election is told how
// his ballot stands to the one that the counting board released, and is led to
// it; an event of which nothing is counted yet says so.
func TestPrintedAsReleased(t *testing.T) {
	h := congressHouse(t)
	v, head := h.as("canbo"), h.as("truongkp")
	const list = "/bau-cu/su-kien/" + demo.Provincial + "/phieu/ban-chap-hanh"
	const box = "/kiem-phieu/phieu/" + demo.Provincial + "/ban-chap-hanh"
	v.get("/bau-cu/su-kien/"+demo.Provincial).is(http.StatusOK).says("Chưa có kết quả nào của cuộc này", "Theo dõi từng nội dung").lacks("Thử bỏ bớt điều kiện lọc")
	v.get(list).is(http.StatusOK).says("Đang xem: A4, 2 mặt, 2 cột", "Hòm phiếu đã mở: trưởng ban kiểm phiếu đọc thử")
	head.submit(box, box, url.Values{"giay": {""}, "ten": {"Bầu Ban Chấp hành"}, "to-chuc": {"Tỉnh ủy Mẫu"}, "hand": {"on"}}).is(http.StatusSeeOther)
	a := v.get(list).is(http.StatusOK).says("đã duyệt một mẫu khác")
	led := false
	for _, x := range a.all("a") {
		led = led || attr(x, "href") == box
	}
	if !led {
		t.Error("the page does not lead to the released ballot")
	}
	same := url.Values{"giay": {""}, "ten": {"Bầu Ban Chấp hành"}, "to-chuc": {"Tỉnh ủy Mẫu"}}
	v.get(list + "?" + same.Encode()).is(http.StatusOK).says("Đúng là mẫu ban kiểm phiếu đã đọc thử và duyệt").lacks("đã duyệt một mẫu khác")
}
