package web

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// TestMeetingScreens looks at the pages of meetings in a real browser, wide and
// on a phone: no defect that axe knows, nothing wider than the window.
func TestMeetingScreens(t *testing.T) {
	h := newHouse(t)
	h.seed()
	ref := meeting.Ref{ID: "dh", Org: "org/tinh"}
	title := rule.Words{VI: "Đại hội đại biểu Đảng bộ tỉnh (mẫu)", EN: "Congress (sample)"}
	day := vn.MustDate("2026-11-23")
	h.do("canbo", meeting.Open{Ref: ref, Body: meeting.DelegateCongress, Level: "province", Date: day, Title: title, Sample: true})
	h.do("canbo", meeting.Summon{Ref: ref, People: []meeting.Attendee{{Person: "person/nguyen-van-mau", Standing: meeting.Delegate, Delegation: "org/xa-1", Convening: true}, {Person: "person/tran-thi-thu", Standing: meeting.Alternate, Delegation: "org/xa-2"}}})
	h.do("canbo", meeting.OpenSession{Ref: ref, Session: "1", Title: title, Date: day, Voting: true})
	h.as("canbo").roll("/hop/dh/diem-danh/1", "rest", url.Values{"m.person/tran-thi-thu": {"absent"}}).is(http.StatusSeeOther)
	h.do("canbo", meeting.VoteByHand{Ref: ref, Vote: "hv/1", On: "resolution", Title: rule.Words{VI: "Chương trình đại hội", EN: "Programme"}, Session: "1", For: 1})
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	for i, path := range []string{"/hop", "/hop/viec/mo", "/hop/dh", "/hop/dh/trieu-tap", "/hop/dh/diem-danh/1", "/hop/dh/bo-phan", "/hop/dh/danh-sach?phien=1"} {
		for _, kind := range []int{wide, phone} {
			label := fmt.Sprintf("meeting-%d-%d", i, kind)
			run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("h1"))
			noOverflow(t, ctx, label)
			if kind == wide {
				axe(t, ctx, label)
			}
			picture(t, ctx, label)
		}
	}
}
