package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"minhbach/internal/election"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// fill types into fields of the page by name; radio buttons are chosen by value.
func fill(t *testing.T, ctx context.Context, values map[string]string) {
	t.Helper()
	for name, value := range values {
		if !ask[bool](t, ctx, "fill "+name, fmt.Sprintf(`(function(){var es=[...document.querySelectorAll('main [name=%q]')];if(!es.length)return false;
			if(es[0].type==='radio'){var e=es.find(x=>x.value===%q);if(!e)return false;e.click();return true}
			es[0].focus();es[0].value=%q;es[0].dispatchEvent(new Event('change',{bubbles:true}));return true})()`, name, value, value)) {
			t.Fatalf("no field %s that takes %q", name, value)
		}
	}
}

// press clicks the button with this text and waits for the page after it.
func press(t *testing.T, ctx context.Context, text, then string) {
	t.Helper()
	ask[int](t, ctx, "mark", `document.documentElement.dataset.old='1';0`)
	if !ask[bool](t, ctx, "press "+text, fmt.Sprintf(`(function(){var b=[...document.querySelectorAll('main button, main a.btn')].find(b=>b.textContent.trim()===%q);if(!b)return false;b.click();return true})()`, text)) {
		t.Fatalf("no button %q", text)
	}
	run(t, ctx, "after "+text, chromedp.WaitReady(chromedp.CSS(`html:not([data-old]) `+then)))
}

// TestRegulationInBrowser: in a real browser, two keepers attest an unverified
// rule with a scan, and an override written by the small form changes the
// verdict of the next contest. Every page on the way is looked at by axe, wide
// and on a phone.
func TestRegulationInBrowser(t *testing.T) {
	h := newHouse(t)
	h.do("canbo", election.OpenEvent{ID: "thu", Kind: "national-assembly", Date: vn.MustDate("2026-12-20"), Title: rule.Words{VI: "Bầu cử thử", EN: "Test election"}, Sample: true})
	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/1", "2026-12-20")})
	e, it := h.doubtful()
	ctx := browser(t)
	look := func(name, path string) {
		t.Helper()
		for _, kind := range []int{phone, wide} {
			label := "quy-dinh-" + name + map[int]string{wide: "", phone: "-phone"}[kind]
			if path != "" {
				run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("h1"))
			} else {
				run(t, ctx, label, size(kind))
			}
			noOverflow(t, ctx, label)
			if kind == wide {
				axe(t, ctx, label)
			}
			picture(t, ctx, label)
		}
	}
	leave := func() {
		run(t, ctx, "log out", size(wide), chromedp.Navigate(h.web.URL+"/"), chromedp.Submit(chromedp.CSS(`form[action="/dang-xuat"]`)), ready(`.people`))
	}
	law := func(id string) *rule.Edition { return regulation.Find(h.rules(), "85-2015-qh13.2015-06-25", id) }

	h.enter(t, ctx, "quydinh1")
	look("thu-vien", "/quy-dinh?tat-ca=on")
	look("ban", lawPath)
	look("ban-chua-ro", editionURL(e))
	look("muc", itemURL(e, it.ID))
	look("so-sanh", compareURL(law("2015"), law("2025")))
	look("ra-soat", "/quy-dinh/ra-soat?ngay=2026-11-23")
	look("them", "/quy-dinh/them")

	// The first keeper brings the scan.
	scan := filepath.Join(t.TempDir(), "trang-9.png")
	if err := os.WriteFile(scan, scanPage(30), 0o600); err != nil {
		t.Fatal(err)
	}
	look("de-nghi", proposeURL(e, it.ID))
	fill(t, ctx, map[string]string{"choice": it.Readings[0].ID, "page": "trang 9, Điều 3", "note": "Bản sao y số 3, lưu tại văn thư Ban"})
	run(t, ctx, "choose the scan", chromedp.SetUploadFiles(chromedp.CSS(`input[name="scan_file"]`), []string{scan}))
	press(t, ctx, "Ghi và chuyển người thứ hai", `img.scan`)
	look("cho-nguoi-hai", "")
	proposal := ask[string](t, ctx, "where", `location.pathname`)
	leave()

	// The second reads it without seeing what the first chose.
	h.enter(t, ctx, "quydinh2")
	look("nguoi-hai", proposal)
	fill(t, ctx, map[string]string{"choice": it.Readings[0].ID})
	press(t, ctx, "Xác nhận", `.tag.yes`)
	look("da-xac-nhan", "")
	if at, ok := h.rules().Attested(e, it.ID); !ok || at.Choice != it.Readings[0].ID {
		t.Errorf("attested: %v %v", at, ok)
	}

	// The override, from the parameter's own page.
	run(t, ctx, "parameter", chromedp.Navigate(h.web.URL+lawPath+"/muc/winner_share"), ready("h1"))
	press(t, ctx, "Đặt lại giá trị", `input[name="value"]`)
	look("dat-lai", "")
	fill(t, ctx, map[string]string{"value": "60%", "article": "Điều 1", "from": "1/12/2026", "number": "15-QĐ/TU", "date": "20/11/2026", "title": "Về tỷ lệ trúng cử (thử)"})
	press(t, ctx, "Viết tệp và xem trước", `#xem-truoc .tag.yes`)
	look("xem-truoc", "")
	press(t, ctx, "Ghi vào thư viện", `.note.yes`)
	look("quy-dinh-rieng", "")
	run(t, ctx, "the law that day", chromedp.Navigate(h.web.URL+lawPath+"?ngay=2026-12-20"), ready("#winner_share s"))
	run(t, ctx, "library that day", chromedp.Navigate(h.web.URL+"/quy-dinh?ngay=2026-12-20"), ready("h1"))
	picture(t, ctx, "quy-dinh-thu-vien-co-quy-dinh-rieng")
	leave()

	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/2", "2026-12-20")})
	h.enter(t, ctx, "canbo")
	for id, want := range map[string]string{"thu/1": "50% + 1", "thu/2": "60%"} {
		run(t, ctx, "contest "+id, chromedp.Navigate(h.web.URL+subjectPath(election.ContestSubject(id))), ready("h1"))
		picture(t, ctx, "quy-dinh-cuoc-"+strings.ReplaceAll(id, "/", "-"))
		text := ask[string](t, ctx, "text", `document.querySelector('main').innerText`)
		if elected := strings.Contains(text, "1 / 1"); elected != (id == "thu/1") {
			t.Errorf("%s (%s): elected %v\n%s", id, want, elected, text)
		}
	}
	// The verdict leads to the rule in the edition of its day.
	href := ask[string](t, ctx, "link of the verdict", `[...document.querySelectorAll('.law a')].map(a=>a.getAttribute('href')).find(h=>h.includes('state-election.winner'))||''`)
	run(t, ctx, "follow it", chromedp.Navigate(h.web.URL+href), ready("h1"))
	if at := ask[string](t, ctx, "where", `location.pathname+location.hash`); at != lawPath+"#"+url.PathEscape("state-election.winner") {
		t.Errorf("the verdict's link %s leads to %s", href, at)
	}
	if !ask[bool](t, ctx, "target", `!!document.querySelector(':target')`) {
		t.Error("nothing stands at the place the link names")
	}
}
