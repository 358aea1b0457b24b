package web

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser opens headless Chromium. It is needed: without it the screens are
// not tested, so its absence fails the test.
func browser(t testing.TB) context.Context {
	t.Helper()
	return browserFor(t, 4*time.Minute)
}

// browserFor is browser for a play that takes longer.
func browserFor(t testing.TB, most time.Duration) context.Context {
	t.Helper()
	opts := append([]chromedp.ExecAllocatorOption{}, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("accept-lang", "vi"), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(cancelTab)
	ctx, cancelTime := context.WithTimeout(ctx, most)
	t.Cleanup(cancelTime)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("Chromium did not start (Debian: apt-get install chromium): %v", err)
	}
	return ctx
}

type step = chromedp.Action[chromedp.Void]

func run(t testing.TB, ctx context.Context, what string, steps ...step) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// ask evaluates an expression on the page; a promise is waited for.
func ask[T any](t testing.TB, ctx context.Context, what, expression string) T {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	v, err := chromedp.Run(limited, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return v
}

func ready(selector string) step { return chromedp.WaitReady(chromedp.CSS(selector)) }

const (
	wide  = 0
	phone = 1
)

func size(kind int) step {
	if kind == phone {
		return chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)
	}
	return chromedp.EmulateViewport(1366, 768)
}

// picture keeps the page as a file when MINHBACH_SHOTS names a folder, for
// looking at by people.
func picture(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("MINHBACH_SHOTS")
	if dir == "" {
		return
	}
	buf, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), buf, 0o644); err != nil {
		t.Fatal(err)
	}
}

// axeFinding is one defect for people who cannot see or point.
type axeFinding struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML    string   `json:"html"`
		Target  []string `json:"target"`
		Summary string   `json:"failureSummary"`
	}
}

// axe runs axe-core (WCAG 2.2 A and AA) on the page.
func axe(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	source, err := os.ReadFile("assets/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run `make assets`: %v", err)
	}
	ask[int](t, ctx, "axe on "+name, string(source)+";0")
	out := ask[string](t, ctx, "axe on "+name, `axe.run(document,{runOnly:{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}}).then(r=>JSON.stringify(r.violations))`)
	var found []axeFinding
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		for _, n := range f.Nodes {
			t.Errorf("%s: %s (%s): %s\n  %s\n  %s", name, f.ID, f.Impact, f.Help, strings.Join(n.Target, " "), n.HTML)
		}
	}
}

// noOverflow fails when the page is wider than its window.
func noOverflow(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	over := ask[string](t, ctx, "width of "+name, `(function(){var w=document.documentElement.clientWidth;if(document.documentElement.scrollWidth<=w)return '';
		var bad=[];document.querySelectorAll('body *').forEach(function(e){var r=e.getBoundingClientRect();if(r.right>w+1&&r.width>0&&bad.length<5&&!e.closest('.hide,.skip,.scroll'))bad.push(e.tagName+'.'+e.className+' '+Math.round(r.right))});return bad.join(', ')||'?'})()`)
	if over != "" {
		t.Errorf("%s: wider than the window: %s", name, over)
	}
}

// TestScreens looks at the main pages in a real browser, wide and on a phone:
// no defect that axe knows, nothing wider than the window, and the policy
// blocks nothing of our own.
func TestScreens(t *testing.T) {
	h := newHouse(t)
	h.seed()
	ctx := browser(t)
	var mu sync.Mutex
	var complaints []string
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == "error" && !strings.Contains(m.Text, "404") {
				mu.Lock()
				complaints = append(complaints, m.String())
				mu.Unlock()
			}
		}
	}()
	first := h.newest("person.recorded/1")
	look := func(login string, paths map[string]string) {
		if login != "" {
			h.enter(t, ctx, login)
		}
		for name, path := range paths {
			for _, kind := range []int{wide, phone} {
				label := name + map[int]string{wide: "", phone: "-phone"}[kind]
				run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("h1"))
				noOverflow(t, ctx, label)
				if kind == wide {
					axe(t, ctx, label)
				}
				picture(t, ctx, label)
			}
		}
		if login != "" {
			run(t, ctx, "log out", size(wide), chromedp.Navigate(h.web.URL+"/"), chromedp.Submit(chromedp.CSS(`form[action="/dang-xuat"]`)), ready(`.people`))
		}
	}
	look("", map[string]string{"login": "/dang-nhap", "404": "/moi/khong-co"})
	look("canbo", map[string]string{
		"home": "/", "org": "/to-chuc", "org-unit": "/to-chuc/don-vi/xa-1", "org-found": "/to-chuc/thanh-lap", "org-correct": fmt.Sprintf("/to-chuc/viec/dinh-chinh/xa-1?muc=%d", h.fact("org/xa-1")),
		"org-past": "/to-chuc?ngay=1/1/2024", "persons": "/can-bo", "persons-filter": "/can-bo?gioi=female&dan-toc=muong", "person-match": "/can-bo/doi-chieu", "person": "/can-bo/nguyen-van-mau", "person-new": "/can-bo/viec/moi", "person-post": "/can-bo/viec/chuc-vu?nguoi=nguyen-van-mau",
		"ledger": "/nhat-ky", "entry": fmt.Sprintf("/nhat-ky/%d", first), "checkpoint": "/nhat-ky/diem-chung", "search": "/tim?q=mau", "org-chart": "/to-chuc/so-do?goc=org/tinh", "org-changes": "/to-chuc/thay-doi?goc=org/tinh", "org-merge": "/to-chuc/sap-xep/nhap/xa-1", "staff": "/to-chuc/bien-che", "handovers": "/to-chuc/ban-giao",
		"member-step": "/dang-vien/viec/nguyen-van-mau", "badges": "/dang-vien/huy-hieu", "clocks": "/dang-vien/thoi-han",
		"glossary": "/thuat-ngu", "account": "/tai-khoan", "hall-accounts": "/tai-khoan-hoi-truong",
	})
	look("kiemtra", map[string]string{"reads": "/nhat-ky/luot-xem"})
	look("quantri.mau", map[string]string{"admin": "/quan-tri", "admin-open": "/quan-tri/mo", "admin-account": "/quan-tri/tai-khoan/" + strings.TrimPrefix(h.samples["canbo"].ID, "account/")})
	mu.Lock()
	defer mu.Unlock()
	for _, c := range complaints {
		t.Errorf("the browser complains: %s", c)
	}
}

// TestByKeyboard goes from the login page to a unit and back without a mouse:
// skip link, menu, the key "/", Escape.
func TestByKeyboard(t *testing.T) {
	h := newHouse(t)
	h.seed()
	ctx := browser(t)
	focus := func() string {
		return ask[string](t, ctx, "focus", `(function(){var e=document.activeElement||document.documentElement;if(!e)return "";return e.tagName+' '+(e.textContent||e.getAttribute('aria-label')||'').trim().slice(0,40)+(e.id?' #'+e.id:'')})()`)
	}
	press := func(keys string) { run(t, ctx, "press", chromedp.KeyEvent(keys)) }
	until := func(what, holds string) {
		t.Helper()
		limited, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if _, err := chromedp.Run(limited, chromedp.Poll[bool](holds)); err != nil {
			t.Errorf("not so: %s (focus is on %q)", what, focus())
		}
	}
	tabTo := func(want string) {
		t.Helper()
		for range 60 {
			if strings.Contains(focus(), want) {
				return
			}
			press(kb.Tab)
		}
		t.Fatalf("Tab never reaches %q", want)
	}
	run(t, ctx, "open", size(wide), chromedp.Navigate(h.web.URL+"/dang-nhap"), ready("h1"))
	tabTo("Cán bộ tổ chức (mẫu)")
	press(kb.Enter)
	run(t, ctx, "desk page", ready(`.side`))
	press(kb.Tab)
	if f := focus(); !strings.Contains(f, "Đến nội dung chính") {
		t.Errorf("the first stop is %q, not the skip link", f)
	}
	press(kb.Enter)
	until("the skip link leads to the page", `document.activeElement.id==='noi-dung'`)
	press("/")
	until("the key / leads to the search box", `document.activeElement.id==='tim'`)
	press("dong tam")
	press(kb.Enter)
	run(t, ctx, "results", ready(`.hits a`))
	tabTo("Đảng ủy xã Đồng Tâm Mới")
	if !ask[bool](t, ctx, "focus is seen", `getComputedStyle(document.activeElement).outlineStyle!=='none'`) {
		t.Error("the focus cannot be seen")
	}
	press(kb.Enter)
	run(t, ctx, "unit", ready(`.story`))
	tabTo("Tính đến")
	press(kb.Enter)
	until("the date opens", `document.querySelector('.asof').open`)
	press(kb.Escape)
	until("the date closes", `!document.querySelector('.asof').open`)
}

// TestLiveInBrowser: an open desk page learns of a new entry by itself, and is
// not redrawn while nothing happens.
func TestLiveInBrowser(t *testing.T) {
	h := newHouse(t)
	h.seed()
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	run(t, ctx, "open", chromedp.Navigate(h.web.URL+"/nhat-ky"), ready(`#ledger-live`))
	ask[string](t, ctx, "mark", `document.getElementById('ledger-live').dataset.old='1'`)
	run(t, ctx, "a while", chromedp.Sleep(2500*time.Millisecond))
	if ask[string](t, ctx, "still", `document.getElementById('ledger-live').dataset.old||''`) != "1" {
		t.Error("the part was redrawn while nothing happened")
	}
	h.do("canbo", recordPerson("person/moi", "Người Mới"))
	want := number("vi", h.desk.Head()+1)
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := chromedp.Run(limited, chromedp.Poll[bool](fmt.Sprintf(`document.querySelector('#ledger-live b').textContent===%q`, want))); err != nil {
		t.Errorf("the new entry does not show: %v", err)
	}

	// The list of persons follows what is typed, without marks and without a click.
	run(t, ctx, "list", chromedp.Navigate(h.web.URL+"/can-bo"), ready(`#ket-qua`), chromedp.SendKeys(chromedp.CSS(`#f-q`), "thi th"))
	again, cancel2 := context.WithTimeout(ctx, 10*time.Second)
	defer cancel2()
	if _, err := chromedp.Run(again, chromedp.Poll[bool](`document.querySelectorAll('#ket-qua tbody tr').length===1&&document.querySelector('#ket-qua').textContent.includes('Trần Thị Thử')`)); err != nil {
		t.Errorf("the list does not follow what is typed: %v", err)
	}
}

// enter logs a sample user in by the one click of the login page.
func (h *house) enter(t testing.TB, ctx context.Context, login string) {
	t.Helper()
	run(t, ctx, "login page", size(wide), chromedp.Navigate(h.web.URL+"/dang-nhap"), ready(".people"))
	ask[int](t, ctx, "log in as "+login, fmt.Sprintf(
		`document.querySelectorAll('.people form').forEach(f=>{if(f.elements.account.value===%q)f.querySelector('button').click()});0`, h.samples[login].ID))
	run(t, ctx, "first page", ready(".side"))
}

// TestOnPaper: a list prints on A4 without the frame around it.
func TestOnPaper(t *testing.T) {
	h := newHouse(t)
	h.seed()
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	run(t, ctx, "ledger", chromedp.Navigate(h.web.URL+"/nhat-ky"), ready(`main table`))
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	pdf, err := chromedp.Run(limited, chromedp.PrintToPDF(func(p *cdpage.PrintToPDFParams) { yes := true; p.PreferCSSPageSize = &yes }))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("MINHBACH_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "ledger.pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(string(pdf), "/MediaBox [0 0 594.95996 841.91998]") && !strings.Contains(string(pdf), "/MediaBox [0 0 595") && !strings.Contains(string(pdf), "/MediaBox [0 0 594") {
		t.Error("the paper is not A4")
	}
	run(t, ctx, "as on paper", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	for _, gone := range []string{".side", ".top", ".filters"} {
		if ask[bool](t, ctx, "print "+gone, fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).display!=='none'`, gone)) {
			t.Errorf("%s is printed", gone)
		}
	}
}
