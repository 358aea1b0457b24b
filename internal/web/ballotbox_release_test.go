package web

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
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
	// A box of no unit of its own is that of the unit whose meeting it is.
	h.do("canbo", meeting.Open{Ref: meeting.Ref{ID: "hop-xa-2", Org: "org/xa-2"}, Body: meeting.DelegateCongress, Level: "grassroots", Date: vn.MustDate("2020-06-10"), Title: rule.Words{VI: "Đại hội", EN: "Congress"}, Term: "2020 - 2025", Sample: true, Clock: vn.MustDate("2020-06-10")})
	at := int64(3)
	h.do("canbo", ballotbox.Open{Box: ballotbox.Box{ID: "hop-xa-2/1", Case: "contest/hop-xa-2/cap-uy", Meeting: "hop-xa-2", Round: 1, Title: rule.Words{VI: "Bầu cấp ủy", EN: "Committee"},
		Sheet: &vote.Record{ID: "hop-xa-2/cap-uy", Rules: "party-election/committee", Date: vn.MustDate("2020-06-10"), Seats: &at, Form: "strike", Body: "delegate-congress", Level: "grassroots",
			Base: &vote.Base{Summoned: &at, Present: &at}, Candidates: []vote.Candidate{{ID: "a", Name: "Trần A", Order: 1}, {ID: "b", Name: "Trần B", Order: 2}, {ID: "c", Name: "Trần C", Order: 3}, {ID: "d", Name: "Trần D", Order: 4}}},
		Team:     ballotbox.Team{Head: "mau/truong", Members: []ballotbox.Member{{Person: "mau/truong", Standing: "delegate", Name: "Trưởng Ban"}, {Person: "mau/dem1", Standing: "delegate", Name: "Đếm Một"}, {Person: "mau/dem2", Standing: "delegate", Name: "Đếm Hai"}}},
		PileSize: 50, Stations: 2, Mode: ballotbox.Ballots, Sample: true}})
	if page := html.UnescapeString(string(h.as("canbo").get("/kiem-phieu/phieu/hop-xa-2/1").is(http.StatusOK).body)); !strings.Contains(page, url.QueryEscape("Đảng ủy xã Hòa Bình (mẫu)")) {
		t.Error("the ballot of a meeting does not bear the unit that holds it")
	}
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

// TestBallotOfALongList: where nobody chose the paper the page proposes the one
// that suits the list, says which, and takes the wish for one side.
func TestBallotOfALongList(t *testing.T) {
	h := boxHouse(t, 3, "strike", 58, 51)
	head := h.as("truong")
	const sheet = "/kiem-phieu/phieu/" + boxID
	a := head.get(sheet).is(http.StatusOK).says("Đang xem: A4, 2 mặt, 2 cột, chữ 17 điểm", "Mặt 1 trong 2", "in trên giấy đủ dày")
	if strings.Contains(a.text(), "một phần tư số tờ") {
		t.Error("large type is warned of as small")
	}
	one := head.get(sheet+"?giay=&so-mat=1&ten=X").is(http.StatusOK).says("Đang xem: A4, 1 mặt, 2 cột, chữ 11 điểm", "một phần tư số tờ")
	if strings.Contains(one.text(), "in trên giấy đủ dày") {
		t.Error("a ballot of one side is warned of its back")
	}
	head.get(sheet+"?giay=A5&ten=X").is(http.StatusOK).says("Đang xem: A5, 2 mặt, 2 cột", "in trên giấy đủ dày")
	head.get(sheet + "?giay=A5&so-mat=1&ten=X").is(http.StatusOK).says("Đang xem: A5, 1 mặt, 2 cột, chữ ")
	head.submit(sheet, sheet, url.Values{"giay": {""}, "so-mat": {"1"}, "ten": {"Bầu cấp ủy"}, "hand": {"on"}}).is(http.StatusSeeOther)
	if l := h.boxLayout(); l.Paper.W != 210 || l.Sides != 1 {
		t.Errorf("released on %v with %d sides", l.Paper, l.Sides)
	}
	page := string(head.get(sheet).is(http.StatusOK).says("A4, 1 mặt, 2 cột").body)
	for _, want := range []string{`value="A4" selected`, `<option value="1" selected>Chỉ một mặt`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not what was released", want)
		}
	}
}
