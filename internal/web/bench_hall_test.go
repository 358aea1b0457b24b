package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"minhbach/internal/ballotbox"
	"minhbach/internal/demo"
	"minhbach/internal/desk"
)

// The keystroke-level model of Card, Moran and Newell (1980): seconds a
// practised but not expert person takes to press a key, to point at something
// with the mouse, to click, and to make up his mind before an act.
const (
	klmKey   = 0.28
	klmPoint = 1.1
	klmClick = 0.2
	klmMind  = 1.35
)

// way counts what people do on a way through the pages.
type way struct {
	b             *testing.B
	pages, clicks int
	keys          int
	server        float64 // ms, of the pages: from request to the last byte
	story         []string
}

// page notes the page a seat has come to.
func (w *way) page(s *seat) {
	w.pages++
	ms := ask[float64](w.b, s.ctx, "server time", `(function(){var n=performance.getEntriesByType('navigation')[0];return n.responseEnd-n.requestStart})()`)
	w.server += ms
	w.story = append(w.story, fmt.Sprintf("%-14s %s", s.name, ask[string](w.b, s.ctx, "where", `location.pathname`)))
}

// click presses what a selector names, as a mouse does, and waits for the page
// it leads to.
func (w *way) click(s *seat, selector string) {
	w.clicks++
	ask[int](w.b, s.ctx, "mark", `window.sent=1`)
	run(w.b, s.ctx, "click "+selector, chromedp.Click(chromedp.CSS(selector)))
	for range 600 {
		there, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool](`!window.sent&&document.readyState==='complete'&&!!document.querySelector('h1')`))
		if err == nil && there {
			w.page(s)
			return
		}
		run(w.b, s.ctx, "wait", chromedp.Sleep(pollEvery))
	}
	w.b.Fatalf("%s: nothing came after %s", s.name, selector)
}

const pollEvery = 20 * time.Millisecond

// BenchmarkWayToMinutes: from the last ballot keyed at the second station of the
// sample congress (344 ballots, 58 names) to the signed form of the minutes on
// the screen as PDF: how many pages, clicks and keys of which person, what the
// server takes, and what people need by the keystroke-level model. Thinking
// over the figures and speaking to the hall is not in it.
func BenchmarkWayToMinutes(b *testing.B) {
	for b.Loop() {
		h := congressHouse(b)
		root := browserFor(b, 4*time.Minute)
		second, head, officer := h.sit(b, root, "kiemphieu2"), h.sit(b, root, "truongkp"), h.sit(b, root, "canbo")
		const box, cs = demo.Provincial + "/ban-chap-hanh", "contest/" + demo.Provincial + "/ban-chap-hanh"
		st := ballotbox.Station{Box: box, Case: cs, Pile: 4, Station: 2, Attempt: 1, Actor: h.samples["kiemphieu2"].ID}
		for i := range 43 {
			if _, err := ballotbox.Put(context.Background(), h.db, nil, st, desk.NewID(), i+1, demo.Struck(demo.LastPile+i)); err != nil {
				b.Fatal(err)
			}
		}
		// Everybody sits at his page and waits.
		second.open("/kiem-phieu/nhap/4/2/" + box)
		head.open("/kiem-phieu/hop/" + box)
		officer.open("/kiem-phieu/hop/" + box)
		last := demo.Struck(demo.LastPile+43) + "\r"
		run(b, second.ctx, "the last ballot", chromedp.SendKeys(chromedp.CSS("#f-ballot"), last))
		waitFor(b, second.ctx, "all kept", `document.getElementById('key-state').textContent`, "✓ Đã lưu chắc 44 phiếu")

		w := &way{b: b}
		w.click(second, "#key-done")
		const next = `.next a.do`
		ready := func(s *seat, words string) { // the open page learns of it by itself
			waitFor(b, s.ctx, words, fmt.Sprintf(`document.querySelector(%q)&&document.querySelector('.next').textContent.includes(%q)?'yes':'no'`, next, words), "yes")
		}
		ready(head, "chốt")
		w.click(head, next)
		w.click(head, `form[action^="/kiem-phieu/chot/"] button.do`)
		w.click(head, `form[action^="/kiem-phieu/bao-cao/"] button.do`)
		ready(officer, "biên bản")
		w.click(officer, next)
		w.click(officer, `form[action^="/bau-cu/bien-ban/"] button.do`)
		pdf := ask[string](b, officer.ctx, "the paper", `[...document.querySelectorAll('a')].map(a=>a.getAttribute('href')||'').find(x=>x.endsWith('/pdf'))||''`)
		if pdf == "" {
			b.Fatal("no PDF is offered on the page of the minutes")
		}
		w.clicks++
		ms := ask[float64](b, officer.ctx, "the PDF", fmt.Sprintf(`(async function(){var a=performance.now(),r=await fetch(%q),x=await r.arrayBuffer();if(!r.ok||x.byteLength<1000)throw new Error('no PDF');return performance.now()-a})()`, pdf))
		w.server += ms
		b.ReportMetric(float64(w.pages), "pages")
		b.ReportMetric(float64(w.clicks), "clicks")
		b.ReportMetric(float64(w.keys), "keys")
		b.ReportMetric(w.server, "server-ms")
		people := float64(w.clicks)*(klmMind+klmPoint+klmClick) + float64(w.keys)*klmKey
		b.ReportMetric(people, "people-s")
		b.ReportMetric((people+w.server/1000)/60, "of-1-minute-goal")
		b.Log("\n" + strings.Join(w.story, "\n"))
	}
}

// BenchmarkKey: what an old PC's browser takes from a key of the pile-entry page
// to the next picture that shows it, the sample congress of 58 names, digits and
// the Enter that ends a ballot, a key each 120 ms and more. Chromium's processor
// is slowed 1.4, two and four times; which PC that is depends on the machine the
// bench runs on, so docs/bench.md says what it weighs by 7-Zip's own measure,
// whose unit is a Core 2 Duo E6600 of 2006 (2400 MIPS on one thread). The clock
// begins at the event's own time stamp and ends after the frame that follows it,
// so up to a frame (17 ms) of waiting is in it. Beside it, in turn, the same keys
// in a page that holds nothing but a field: what the browser itself takes on this
// machine just now.
func BenchmarkKey(b *testing.B) {
	for _, slower := range []float64{1.4, 2, 4} {
		b.Run(fmt.Sprintf("slowed-%gx", slower), func(b *testing.B) { keyAnswers(b, slower) })
	}
}

// keyAnswers measures the answers to keys in a browser slowed so many times.
func keyAnswers(b *testing.B, slower float64) {
	h := congressHouse(b)
	root := browserFor(b, 8*time.Minute)
	s := h.sit(b, root, "kiemphieu2")
	run(b, s.ctx, "an old PC", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower})
		return err
	}))
	took := map[string][]float64{}
	measure := func(page string, keys string) {
		b.Helper()
		ask[int](b, s.ctx, "the clock", `(function(){window.took={digit:[],enter:[]};document.querySelector('input.key-input,#bare').focus();
			window.addEventListener('keydown',function(e){var at=e.timeStamp,kind=e.key==='Enter'?'enter':'digit';
			requestAnimationFrame(function(){var m=new MessageChannel();m.port1.onmessage=function(){window.took[kind].push(performance.now()-at)};m.port2.postMessage(0)})},true);return 0})()`)
		for _, key := range keys {
			run(b, s.ctx, "a key", chromedp.KeyEvent(string(key)), chromedp.Sleep(120*time.Millisecond))
		}
		for _, kind := range []string{"digit", "enter"} {
			took[page+kind] = append(took[page+kind], ask[[]float64](b, s.ctx, kind, `window.took.`+kind)...)
		}
	}
	n := 0
	for b.Loop() {
		for range 4 {
			keys := ""
			for range 2 {
				keys += demo.Struck(demo.LastPile+n) + "\r"
				n++
			}
			run(b, s.ctx, "nothing but a field", chromedp.Navigate(`data:text/html,<h1>x</h1><input id=bare>`), ready("#bare"))
			measure("bare-", keys)
			s.open("/kiem-phieu/nhap/4/2/" + demo.Provincial + "/ban-chap-hanh")
			measure("", keys)
			waitFor(b, s.ctx, "all kept", `document.getElementById('key-state').textContent`, fmt.Sprintf("✓ Đã lưu chắc %d phiếu", n))
		}
	}
	b.ReportMetric(slower*keyCPU(b, s, n), "key-cpu-ms")
	for _, kind := range []string{"digit", "enter", "bare-digit"} {
		slices.Sort(took[kind])
		if len(took[kind]) < 8 {
			b.Fatalf("%d keys of kind %s were timed", len(took[kind]), kind)
		}
		b.ReportMetric(took[kind][len(took[kind])/2], kind+"-p50-ms")
		b.ReportMetric(took[kind][len(took[kind])*99/100], kind+"-p99-ms")
	}
	b.ReportMetric(took["digit"][len(took["digit"])/2]/took["bare-digit"][len(took["bare-digit"])/2], "digit-of-bare")
	b.ReportMetric(took["digit"][len(took["digit"])*99/100]/50, "digit-of-50ms-goal")
}

// keyCPU is what the main thread of the browser works for a key, in ms of
// processor time at full speed: script, style, layout and painting's first half.
// Other programs that want the processor do not change it.
func keyCPU(b *testing.B, s *seat, kept int) float64 {
	b.Helper()
	work := 0.0
	call := func(do func(ctx context.Context) error) {
		run(b, s.ctx, "processor time", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return do(ctx) }))
	}
	read := func() (out float64) {
		call(func(ctx context.Context) error {
			r, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
			if err == nil {
				for _, m := range r.Metrics {
					if m.Name == "TaskDuration" {
						out = m.Value
					}
				}
			}
			return err
		})
		return out
	}
	call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 1})
		if err == nil {
			_, err = chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
		}
		return err
	})
	ask[int](b, s.ctx, "field", `document.querySelector('input.key-input').focus();0`)
	keys := 0
	work = read()
	for i := range 6 {
		for _, key := range demo.Struck(demo.LastPile+kept+i) + "\r" {
			run(b, s.ctx, "a key", chromedp.KeyEvent(string(key)), chromedp.Sleep(60*time.Millisecond))
			keys++
		}
	}
	return (read() - work) * 1000 / float64(keys)
}
