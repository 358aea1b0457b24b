package web

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// clerk is a person at a browser: clicks with the mouse what can be seen and
// is not covered, types with the keyboard, reads what stands on the page.
// Looking for things uses script from outside the page, which works also where
// the page itself may run none.
type clerk struct {
	t   *testing.T
	h   *house
	ctx context.Context
}

func (h *house) clerk(t *testing.T) *clerk {
	u := &clerk{t: t, h: h, ctx: browser(t)}
	run(t, u.ctx, "window", size(wide))
	return u
}

// script allows or forbids the page's own script from the next page on.
func (u *clerk) script(on bool) {
	u.t.Helper()
	run(u.t, u.ctx, "script", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

func (u *clerk) open(path string) {
	u.t.Helper()
	run(u.t, u.ctx, path, chromedp.Navigate(u.h.web.URL+path), ready("h1"))
}

// back is the browser's own button; it takes the page as it stood, so nothing
// loads that could be waited for but the address.
func (u *clerk) back() {
	u.t.Helper()
	from := ask[string](u.t, u.ctx, "where", `location.href`)
	ask[int](u.t, u.ctx, "back", `setTimeout(()=>history.back());0`)
	for range 100 {
		time.Sleep(20 * time.Millisecond)
		if ask[bool](u.t, u.ctx, "back?", fmt.Sprintf(`location.href!==%q&&document.readyState==='complete'`, from)) {
			ask[int](u.t, u.ctx, "unmark", `delete document.documentElement.dataset.old;0`)
			return
		}
	}
	u.t.Fatalf("back does not leave %s", from)
}

// spot is where something can be clicked, or why it cannot.
type spot struct {
	X, Y float64
	Why  string
}

// find brings the first element that fits a selector and holds a text to the
// middle of the window and says where to click on it.
func (u *clerk) find(selector, text string) spot {
	u.t.Helper()
	return ask[spot](u.t, u.ctx, "look for "+selector+" "+text, fmt.Sprintf(`(function(){
		var e=[...document.querySelectorAll(%q)].find(function(e){return e.textContent.replace(/\s+/g,' ').trim().includes(%q)&&e.getClientRects().length});
		if(!e)return {X:0,Y:0,Why:'it is not there'};
		e.scrollIntoView({block:'center',inline:'center',behavior:'instant'});
		var r=e.getClientRects()[0],x=r.left+r.width/2,y=r.top+r.height/2,top=document.elementFromPoint(x,y);
		if(!top||!(e.contains(top)||top.contains(e)))return {X:x,Y:y,Why:'it is covered by '+(top?top.tagName+'.'+top.className:'nothing')};
		return {X:x,Y:y,Why:''}})()`, selector, text))
}

// press clicks without waiting for another page.
func (u *clerk) press(selector, text string) {
	u.t.Helper()
	at := u.find(selector, text)
	if at.Why != "" {
		u.t.Fatalf("cannot click %s %q at %s: %s", selector, text, u.at(), at.Why)
	}
	run(u.t, u.ctx, "click "+selector+" "+text, chromedp.MouseClickXY(at.X, at.Y))
}

// click clicks and waits for the page that follows, with what it must hold.
func (u *clerk) click(selector, text, then string) {
	u.t.Helper()
	ask[int](u.t, u.ctx, "mark", `document.documentElement.dataset.old='1';0`)
	u.press(selector, text)
	limited, cancel := context.WithTimeout(u.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(limited, chromedp.WaitReady(chromedp.CSS(`html:not([data-old]) body`)), chromedp.WaitReady(chromedp.CSS(then))); err != nil {
		u.t.Fatalf("after %s %q, at %s: no %s: %v\n%s", selector, text, u.at(), then, err, u.text("body"))
	}
	for !ask[bool](u.t, u.ctx, "all of the page", `document.readyState==='complete'`) {
		time.Sleep(5 * time.Millisecond)
	}
}

// write types into the field of this name, in place of what stands there. The
// text arrives as an input method for Vietnamese hands it over: whole.
func (u *clerk) write(name, text string) {
	u.t.Helper()
	field := fmt.Sprintf(`main [name=%q]:not([type=hidden])`, name)
	u.press(field, "")
	ask[int](u.t, u.ctx, "select "+name, fmt.Sprintf(`(function(){var e=document.querySelector(%q);if(document.activeElement!==e)throw new Error('no focus');e.select();return 0})()`, field))
	u.keys(text)
}

// keys sends text to where the focus is; nothing at all is the key Delete.
func (u *clerk) keys(text string) {
	u.t.Helper()
	if text == "" {
		run(u.t, u.ctx, "delete", chromedp.KeyEvent(kb.Delete))
		return
	}
	run(u.t, u.ctx, "type "+text, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// pick chooses what stands in a list of choices, by its words.
func (u *clerk) pick(name, words string) {
	u.t.Helper()
	if got := ask[string](u.t, u.ctx, "choose "+name, fmt.Sprintf(`(function(){var e=document.querySelector('main select[name=%q]');if(!e)return 'there is no such list';
		var o=[...e.options].filter(o=>o.text.includes(%q));if(o.length!==1)return o.length+' choices fit';e.value=o[0].value;e.dispatchEvent(new Event('change',{bubbles:true}));return ''})()`, name, words)); got != "" {
		u.t.Fatalf("choose %q in %s at %s: %s", words, name, u.at(), got)
	}
}

func (u *clerk) at() string {
	u.t.Helper()
	return ask[string](u.t, u.ctx, "where", `location.pathname`)
}

// text is what can be read in the first element that fits, in one line.
func (u *clerk) text(selector string) string {
	u.t.Helper()
	return strings.Join(strings.Fields(ask[string](u.t, u.ctx, "read "+selector, fmt.Sprintf(`(function(){var e=document.querySelector(%q);return e?e.innerText:''})()`, selector))), " ")
}

func (u *clerk) count(selector string) int {
	u.t.Helper()
	return ask[int](u.t, u.ctx, "count "+selector, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// reads demands texts in an element.
func (u *clerk) reads(selector string, wants ...string) {
	u.t.Helper()
	got := u.text(selector)
	for _, want := range wants {
		if !strings.Contains(got, want) {
			u.t.Errorf("%s at %s does not say %q:\n%.900s", selector, u.at(), want, got)
		}
	}
}

func (u *clerk) isAt(prefix string) {
	u.t.Helper()
	if at := u.at(); !strings.HasPrefix(at, prefix) {
		u.t.Fatalf("at %s, not at %s", at, prefix)
	}
}

// enter is the one click of a sample user; leave is the button "Đăng xuất".
func (u *clerk) enter(login string) {
	u.t.Helper()
	u.open("/dang-nhap")
	u.click(".people form:has(input[value="+fmt.Sprintf("%q", u.h.samples[login].ID)+"]) button", "", ".side")
}

func (u *clerk) leave() {
	u.t.Helper()
	u.click(`form[action="/dang-xuat"] button`, "Đăng xuất", ".people")
}
