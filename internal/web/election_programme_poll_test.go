package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/election"
	"minhbach/internal/vote"
)

// TestPollWithoutARegulationByForms: a poll for which no regulation sets a
// threshold is put into the programme by a plain form, its list is made, its
// figures are recorded from paper, and page and minutes give counts and
// percents with the words that there is no threshold.
func TestPollWithoutARegulationByForms(t *testing.T) {
	h := newHouse(t)
	h.cellChain("a", "2025-09-25")
	v := h.as("canbo")
	programme := "/bau-cu/su-kien/a/chuong-trinh"
	v.get(programme).is(http.StatusOK).says("Thêm cuộc lấy phiếu")
	add := programme + "/lay-phieu"
	h.as("kiemtra").get(add).is(http.StatusForbidden)
	fill := url.Values{"title": {"Xin ý kiến về cách chia tổ đảng"}, "rules": {"poll/count-only"}, "seats": {"1"}, "body": {"member-congress"}, "after": {"1"}}
	refused := v.submit(add, add, fill).is(http.StatusUnprocessableEntity).says("hãy chọn hình thức phiếu")
	fill.Set("form", "agree")
	v.resubmit(refused, add, add, fill).is(http.StatusSeeOther)
	v.get(programme).says("Xin ý kiến về cách chia tổ đảng", "tổ kiểm phiếu và biên bản riêng")

	on := election.OnRound{Event: "a", Contest: "a/lay-phieu-1"}
	h.counted(election.OnRound{Event: "a", Contest: "a/chi-uy"}, 11, 11, 11, 0)
	list := "/bau-cu/su-kien/a/danh-sach/lay-phieu-1"
	v.with(list, "open", nil).is(http.StatusSeeOther)
	v.with(list, "add", url.Values{"typed": {"Nguyễn Văn Một; 1975\nTrần Thị Hai; 1980"}, "origin": {"official"}}).is(http.StatusSeeOther)
	v.with(list, "vote", nil).is(http.StatusSeeOther)
	var ids []string
	for _, n := range h.chainOf("a").Items[1].Rounds[0].Persons {
		ids = append(ids, n.Person)
	}
	n := func(v int64) *int64 { return &v }
	h.do("canbo", election.ReportRound{OnRound: on, Base: &vote.Base{Summoned: n(11), Present: n(11)}, Votes: map[string]int64{ids[0]: 5, ids[1]: 1},
		Disagree: map[string]int64{ids[0]: 5, ids[1]: 9}, Unmarked: map[string]int64{ids[0]: 0, ids[1]: 0},
		Ballots: vote.Ballots{Printed: n(11), Issued: n(11), Spoiled: n(0), Unused: n(0), Collected: n(11), Valid: n(10), Invalid: n(1)}})
	page := v.get("/bau-cu/cuoc/a/lay-phieu-1").is(http.StatusOK)
	page.says("Không có ngưỡng trong quy định; người có thẩm quyền xem xét", "Không kết luận", "45,45")
	v.get(programme).says("không có ngưỡng trong quy định")
	minutes := "/bau-cu/bien-ban/a/lay-phieu-1"
	at := v.submit(minutes, minutes, url.Values{"place": {"Thôn a"}}).is(http.StatusSeeOther).header.Get("Location")
	v.get(at).is(http.StatusOK).says("Số người mỗi phiếu được chọn", "Không có ngưỡng trong quy định; người có thẩm quyền xem xét", "Không kết luận", "Không đồng ý (thấp) 5")
	lap := "/bau-cu/giay-to/a/lap?giay=poll-minutes&ve=a/lay-phieu-1"
	made := v.submit(lap, "/bau-cu/giay-to/a/lap", nil).is(http.StatusSeeOther).header.Get("Location")
	made, _, _ = strings.Cut(made, "?")
	if b := string(v.get(made + "/json").is(http.StatusOK).body); !strings.Contains(b, "Không có ngưỡng trong quy định cho cuộc lấy phiếu này") || !strings.Contains(b, "không đồng ý") || strings.Contains(b, "căn cứ tham khảo") {
		t.Errorf("the paper of the poll:\n%s", b)
	}
	v.get(at + "/trang-chieu").is(http.StatusOK)
	h.do("canbo", election.AnnounceResult{Contest: "a/lay-phieu-1"})
	if hall := string(h.visitor().get("/hoi-truong/a/lay-phieu-1").is(http.StatusOK).body); !strings.Contains(hall, "không có ngưỡng trong quy định") || strings.Contains(hall, "rúng cử") {
		t.Errorf("the hall is told a verdict:\n%s", hall)
	}
	if strings.Contains(string(v.get(at).body), "Đạt") {
		t.Error("the minutes of a poll without a threshold say that something is passed")
	}
}
