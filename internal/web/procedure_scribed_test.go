package web

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"minhbach/internal/store/storetest"
)

// TestTranscribedCaseWithScan: an old case comes in from paper by the pages,
// with the scan of what was signed, and says on its page, in the list and on its
// course that it was not run here.
func TestTranscribedCaseWithScan(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	opened := v.submit("/quy-trinh/mo", "", form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal", "need", "Khuyết một phó trưởng ban", "on", "4/5/2023", "scribed", "on")).is(http.StatusSeeOther)
	path, _, _ := strings.Cut(opened.header.Get("Location"), "?")
	const says = "chép lại từ hồ sơ giấy, không chạy trên phần mềm này"
	v.get(path).is(http.StatusOK).says(says, "4/5/2023")
	v.get(path + "/dien-bien").is(http.StatusOK).says(says)
	v.get("/quy-trinh").is(http.StatusOK).says("chép lại từ giấy")

	pdf := scanPDF(t)
	sign := path + "/lam/ban-ky"
	v.sendTemplate(sign, []byte("MZ\x00"), map[string]string{"kind": "hồ sơ cũ", "date": "12/6/2023", "where": "tủ 3", "signers": "Hà Thị Cúc"}).is(http.StatusUnprocessableEntity)
	v.sendTemplate(sign, pdf, map[string]string{"kind": "hồ sơ cũ", "date": "12/6/2023", "where": "tủ 3", "signers": "Hà Thị Cúc"}).is(http.StatusSeeOther)
	scan := path + "/ban-quet/" + h.entryOf(t, path[strings.LastIndex(path, "/")+1:], "paper-signed")
	if got := v.get(scan).is(http.StatusOK); !bytes.Equal(got.body, pdf) {
		t.Error("the scan is not what was sent")
	}
	v.get(path + "/muc-luc").is(http.StatusOK).says("Xem bản quét")
}
