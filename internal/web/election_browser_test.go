package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestElectionScreens looks at the pages of elections in a real browser, wide
// and on a phone: no defect that axe knows, nothing wider than the window.
func TestElectionScreens(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.submit("/bau-cu/su-kien/qh15/nhap", "", entered()).is(http.StatusSeeOther)
	v.submit("/bau-cu/dinh-chinh/qh15/thu-nghiem/7", "", url.Values{"candidates[3].votes": {"1.300"}, "reason": {"Cộng sót tổ số 3"}}).is(http.StatusSeeOther)
	minutes := v.submit("/bau-cu/bien-ban/hdnd-mau/an-binh/1", "", url.Values{"board[0].name": {"Lê Văn Trưởng"}, "board[0].role": {"Trưởng ban"}}).is(http.StatusSeeOther).header.Get("Location")
	upload := v.uploadContests("/bau-cu/su-kien/qh15/tep", "ket-qua.csv", []byte(csvFile)).is(http.StatusSeeOther).header.Get("Location")
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	for _, p := range []struct{ name, path string }{
		{"election-list", "/bau-cu"}, {"election-event", "/bau-cu/su-kien/qh15"}, {"election-margin", "/bau-cu/su-kien/qh15?xep=margin"},
		{"election-passed", "/bau-cu/su-kien/qh15/qua-ban"}, {"election-contest", "/bau-cu/cuoc/qh15/dak-nong/1"}, {"election-corrected", "/bau-cu/cuoc/qh15/thu-nghiem/7"},
		{"election-party", "/bau-cu/cuoc/dai-hoi-mau/ban-chap-hanh"}, {"election-tie", "/bau-cu/cuoc/dai-hoi-mau/dai-bieu-du-dai-hoi-tinh"}, {"election-congress", "/bau-cu/su-kien/dai-hoi-mau"},
		{"election-enter", "/bau-cu/su-kien/qh15/nhap"}, {"election-enter-party", "/bau-cu/su-kien/dai-hoi-mau/nhap"}, {"election-correct", "/bau-cu/dinh-chinh/qh15/thu-nghiem/7"},
		{"election-compare", "/bau-cu/so-sanh/qh15/thu-nghiem/7"}, {"election-check", "/bau-cu/ra-soat/dai-hoi-mau/ban-chap-hanh"},
		{"election-upload", "/bau-cu/su-kien/qh15/tep"}, {"election-import", upload}, {"election-minutes", "/bau-cu/bien-ban/hdnd-mau/an-binh/1"},
		{"election-minutes-not", "/bau-cu/bien-ban/qh15/dak-nong/1"}, {"election-paper", minutes},
		{"hall", "/hoi-truong/qh15/dak-nong/1"}, {"hall-many", "/hoi-truong/dai-hoi-mau/ban-chap-hanh"},
	} {
		for _, kind := range []int{wide, phone} {
			label := p.name + map[int]string{wide: "", phone: "-phone"}[kind]
			run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+p.path), ready("h1"))
			noOverflow(t, ctx, label)
			if kind == wide {
				axe(t, ctx, label)
			}
			picture(t, ctx, label)
		}
	}
}

// TestElectionPath goes the way of the first user: log in, one click to the
// election, to a unit, from a verdict to its article, from a number to its
// entry; then the hall display follows an announcement without a reload.
func TestElectionPath(t *testing.T) {
	h := electionHouse(t)
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	click := func(what, js, then string) {
		t.Helper()
		if !ask[bool](t, ctx, what, `(function(){var e=`+js+`;if(!e)return false;e.click();return true})()`) {
			t.Fatalf("%s: nothing to click", what)
		}
		run(t, ctx, what, ready(then))
	}
	at := func() string { return ask[string](t, ctx, "where", `location.pathname+location.hash`) }
	arrives := func(prefix string) {
		t.Helper()
		for range 50 {
			if strings.HasPrefix(at(), prefix) {
				run(t, ctx, prefix, ready("h1"))
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("at %s, not at %s…", at(), prefix)
	}
	run(t, ctx, "desk page", size(wide), chromedp.Navigate(h.web.URL+"/"), ready(`a[href="/bau-cu/su-kien/qh15"]`))
	click("to the election", `document.querySelector('main a[href="/bau-cu/su-kien/qh15"]')`, `#danh-sach`)
	click("to a unit", `document.querySelector('table.contests tbody th a')`, `.bars .bar`)
	unit := at()
	if !strings.HasPrefix(unit, "/bau-cu/cuoc/qh15/") {
		t.Fatalf("the first unit is at %s", unit)
	}
	click("to the article", `document.querySelector('.verdict .law a[href^="/quy-dinh/"]')`, `h1`)
	arrives("/quy-dinh/")
	run(t, ctx, "back", chromedp.Navigate(h.web.URL+unit), ready(`.bars .bar .v a`))
	click("to the entry of a number", `document.querySelector('.bars .bar .v a')`, `pre`)
	arrives("/nhat-ky/")
	if !strings.Contains(ask[string](t, ctx, "body", `document.querySelector('pre').textContent`), `"record"`) {
		t.Error("the entry does not show the figures")
	}
	v := h.as("canbo")
	v.submit("/bau-cu/su-kien/qh15/nhap", "", entered()).is(http.StatusSeeOther)
	v.submit("/bau-cu/cuoc/qh15/thu-nghiem/7", "/bau-cu/cong-bo/qh15/thu-nghiem/7", nil).is(http.StatusSeeOther)
	run(t, ctx, "hall", chromedp.Navigate(h.web.URL+"/hoi-truong/qh15/dak-nong/1"), ready(`.hall .bar`))
	ask[string](t, ctx, "mark", `document.getElementById('hall-live').dataset.old='1'`)
	run(t, ctx, "a while", chromedp.Sleep(2200*time.Millisecond))
	if ask[string](t, ctx, "still", `document.getElementById('hall-live').dataset.old||''`) != "1" {
		t.Error("the hall display is redrawn while nothing happens")
	}
}
