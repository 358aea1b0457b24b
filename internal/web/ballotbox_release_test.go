package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestBallotBearsItsHead: nobody types what the registry knows: the ballot of a
// box bears its organisation and the one above it, as they were called on the day
// of the vote, and both are printed. Whoever changes a released ballot begins
// with what was released.
func TestBallotBearsItsHead(t *testing.T) {
	h := boxHouse(t, 3, "strike", 4, 3)
	head := h.as("truong")
	const sheet = "/kiem-phieu/phieu/" + boxID
	field := func(name, want string) {
		t.Helper()
		if got := head.get(sheet).is(http.StatusOK).value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	field("to-chuc", "Đảng ủy xã Đồng Tâm (mẫu)")
	field("cap-tren", "Huyện ủy Sông Lam (mẫu)")
	field("ten", "Bầu cấp ủy xã")
	shown := url.Values{"giay": {"A4"}, "cot": {"2"}, "ten": {"Bầu cấp ủy xã Đồng Tâm"}, "to-chuc": {"Đại hội Đảng bộ xã Đồng Tâm"}, "cap-tren": {"Huyện ủy Sông Lam (mẫu)"}, "noi": {"Đồng Tâm"}, "dau": {"1"}}
	head.submit(sheet, sheet, shown).is(http.StatusSeeOther)
	var heading []string
	for _, x := range h.boxLayout().Print.Texts {
		heading = append(heading, x.Text)
	}
	for _, want := range []string{"HUYỆN ỦY SÔNG LAM (MẪU)", "ĐẠI HỘI ĐẢNG BỘ XÃ ĐỒNG TÂM", "Đồng Tâm, ngày 10 tháng 6 năm 2020"} {
		if !strings.Contains(strings.Join(heading, " "), want) {
			t.Errorf("the ballot does not bear %s: %q", want, heading)
		}
	}
	// What was released stands in the form, the spelling of known names kept.
	field("to-chuc", "ĐẠI HỘI ĐẢNG BỘ XÃ ĐỒNG TÂM")
	field("cap-tren", "Huyện ủy Sông Lam (mẫu)")
	field("noi", "Đồng Tâm")
	field("ten", "Bầu cấp ủy xã Đồng Tâm")
	page := string(head.get(sheet).body)
	for _, want := range []string{`value="A4" selected`, `value="2" selected`, `name="dau" value="1" checked`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not what was released", want)
		}
	}
}

// TestNextStepIsASentence: what is to be done next at a box begins as a sentence.
func TestNextStepIsASentence(t *testing.T) {
	h := boxHouse(t, 3, "strike", 4, 3)
	h.as("dem1").get("/kiem-phieu/hop/" + boxID).is(http.StatusOK).says("Chọn một ô “Nhập”")
	h.as("chutoa").get("/kiem-phieu/hop/" + boxID).is(http.StatusOK).says("Chờ ban kiểm phiếu làm việc")
	en := h.as("dem1")
	en.lang = "en"
	en.get("/kiem-phieu/hop/" + boxID).is(http.StatusOK).says("Choose a cell “Key”")
}
