package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// seat is one person at a browser of his own: own cookies, own page.
type seat struct {
	t    testing.TB
	ctx  context.Context
	h    *house
	name string
}

// sit opens a browser session beside those that are open, logged in unless the
// login is "".
func (h *house) sit(t testing.TB, browser context.Context, login string) *seat {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil { // the tab lives as long as the context of its first step
		t.Fatal(err)
	}
	run(t, ctx, "a session for "+login, size(wide))
	if login != "" {
		h.enter(t, ctx, login)
	}
	return &seat{t, ctx, h, login}
}

// open goes to a page and gives its text.
func (s *seat) open(path string) string {
	s.t.Helper()
	run(s.t, s.ctx, s.name+" at "+path, chromedp.Navigate(s.h.web.URL+path), ready("h1"))
	return s.text()
}

func (s *seat) text() string {
	s.t.Helper()
	return ask[string](s.t, s.ctx, "text", `document.body.innerText.replace(/\s+/g,' ')`)
}

// says fails unless the text of the page holds the words.
func (s *seat) says(words ...string) {
	s.t.Helper()
	text := s.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.t.Fatalf("%s does not read %q at %s:\n%.1200s", s.name, w, ask[string](s.t, s.ctx, "where", `location.pathname`), text)
		}
	}
}

type filled map[string]any

// sends fills the form of the page that a selector names and presses its
// button; it gives what the page then tells as a problem, "" when it was done.
func (s *seat) sends(form string, fill filled) string {
	s.t.Helper()
	values, err := json.Marshal(fill)
	if err != nil {
		s.t.Fatal(err)
	}
	wrong := ask[string](s.t, s.ctx, "fill "+form, fmt.Sprintf(`(function(sel,fill){
		fill=fill||{};var f=document.querySelector(sel);if(!f)return 'no such form';
		for(var k in fill){if(k==='do')continue;var v=fill[k],es=[...f.elements].filter(e=>e.name===k);if(!es.length)return 'no field '+k;
			es.forEach(function(e){if(e.type==='checkbox')e.checked=Array.isArray(v)?v.includes(e.value):!!v;else if(e.type==='radio')e.checked=e.value===v;
				else{e.value=v;if(e.value!==String(v))throw new Error('no choice '+v+' in '+k)}})}
		var bad=[...f.elements].find(e=>e.willValidate&&!e.checkValidity());if(bad)return 'left empty: '+bad.name;
		document.querySelectorAll('details').forEach(d=>d.open=true);window.sent=1;
		var b=fill['do']?f.querySelector('button[value="'+fill['do']+'"]'):f.querySelector('button');if(!b)return 'no button';b.click();return ''})(%q,%s)`, form, values))
	if wrong != "" {
		s.t.Fatalf("%s at %s, form %s: %s", s.name, ask[string](s.t, s.ctx, "where", `location.pathname`), form, wrong)
	}
	for range 600 { // while it is being answered there is no page to ask
		limited, cancel := context.WithTimeout(s.ctx, 10*time.Second)
		there, err := chromedp.Run(limited, chromedp.Evaluate[bool](`!window.sent&&document.readyState!=='loading'&&!!document.querySelector('h1')`))
		cancel()
		if err == nil && there {
			return ask[string](s.t, s.ctx, "problem", `(document.querySelector('.note.problem')||{innerText:''}).innerText.replace(/\s+/g,' ')`)
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatalf("%s: no answer to form %s", s.name, form)
	return ""
}

// does opens a page and sends a form on it, which must be done.
func (s *seat) does(path, form string, fill filled) {
	s.t.Helper()
	s.open(path)
	if problem := s.sends(form, fill); problem != "" {
		s.t.Fatalf("%s at %s, form %s: %s", s.name, path, form, problem)
	}
}

// step is the form of a page whose hidden field "do" has a value.
func doing(what string) string { return `form:has(input[name=do][value="` + what + `"])` }
