package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"minhbach/internal/account"
	"minhbach/internal/demo"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// seat is one person at a browser of his own: own cookies, own page.
type seat struct {
	t    *testing.T
	ctx  context.Context
	h    *house
	name string
}

// congressHouse is the sample congress as `make run` seeds it.
func congressHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.do("canbo", org.Found{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01"),
		Decision: org.Decision{Number: "01-QĐ/TU (mẫu)", Date: vn.MustDate("1990-01-01"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}})
	if err := demo.SeedHall(t.Context(), h.desk, h.db); err != nil {
		t.Fatal(err)
	}
	err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		for _, login := range []string{"truongkp", "kiemphieu1", "kiemphieu2", "chutoa", "truongkp-tu", "kiemphieu1-tu", "kiemphieu2-tu"} {
			a, ok, err := account.ByLogin(t.Context(), tx, login)
			if err != nil || !ok {
				return fmt.Errorf("%s: %v %w", login, ok, err)
			}
			h.samples[login] = account.SampleAccount{ID: a.ID, Login: login}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// sit opens a browser session beside those that are open, logged in unless the
// login is "".
func (h *house) sit(t *testing.T, browser context.Context, login string) *seat {
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

func (h *house) chain() *election.Chain {
	h.t.Helper()
	lib, err := rule.Builtin()
	var c *election.Chain
	if err == nil {
		err = h.desk.Read(context.Background(), func(tx *store.Tx) (err error) {
			c, err = election.LoadChain(context.Background(), tx, lib, demo.Provincial)
			return err
		})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// TestCongressBySeveralBrowsers plays the sample congress from its second count
// on, everybody at a browser of his own and all of them open at once: nobody
// outside the room sees a figure before the report, no display before the
// announcement, two officers on one form, then the first meeting of the
// committee with a tie voted again.
func TestCongressBySeveralBrowsers(t *testing.T) {
	h := congressHouse(t)
	root := browser(t)
	second, head, officer, other := h.sit(t, root, "kiemphieu2"), h.sit(t, root, "truongkp"), h.sit(t, root, "canbo"), h.sit(t, root, "canbo2")
	auditor, viewer := h.sit(t, root, "kiemtra"), h.sit(t, root, "")
	const box = demo.Provincial + "/ban-chap-hanh"

	second.open("/")
	second.says("Kiểm phiếu: Bầu ban chấp hành")
	second.open("/kiem-phieu/nhap/4/2/" + box)
	input := chromedp.CSS("#f-ballot")
	state := `document.getElementById('key-state').textContent`
	nothing := func(when string, who ...*seat) {
		t.Helper()
		for _, s := range who {
			for _, p := range []string{"/kiem-phieu/hop/" + box, "/kiem-phieu/bao-cao/" + box, "/kiem-phieu/chot/" + box, "/bau-cu/cuoc/" + box, "/hoi-truong/" + box} {
				text := s.open(p)
				if strings.Contains(text, "173") || strings.Contains(text, "trúng cử") || strings.Contains(text, "Phiếu hợp lệ") {
					t.Errorf("%s: %s is told figures at %s:\n%.600s", when, s.name, p, text)
				}
			}
		}
	}
	for i := range 44 {
		run(t, second.ctx, "a ballot", chromedp.SendKeys(input, demo.Struck(demo.LastPile+i)+"\r"))
		if i == 20 {
			nothing("while keying", auditor)
			head.open("/kiem-phieu/chot/" + box)
			head.says("Chưa có số liệu")
		}
	}
	waitFor(t, second.ctx, "all ballots kept", state, "✓ Đã lưu chắc 44 phiếu")
	run(t, second.ctx, "hand in", chromedp.Click(chromedp.CSS("#key-done")), ready("#cac-tap"))
	second.says("Khớp")

	head.open("/kiem-phieu/chot/" + box)
	head.says("344", "173")
	if problem := head.sends(`form[action^="/kiem-phieu/chot/"]`, nil); problem != "" {
		t.Fatal(problem)
	}
	nothing("closed, not reported", auditor, viewer)
	head.does("/kiem-phieu/bao-cao/"+box, `form[action^="/kiem-phieu/bao-cao/"]`, nil)
	viewer.open("/hoi-truong/" + box)
	viewer.says("Màn hình này chưa mở")
	officer.does("/bau-cu/cuoc/"+box, `form[action^="/bau-cu/cong-bo/"]`, nil)
	viewer.open("/hoi-truong/" + box)
	viewer.says("51", "344", "173")
	picture(t, viewer.ctx, "congress-hall")

	// The chain goes on by itself; two officers take the same step at once.
	programme := "/bau-cu/su-kien/" + demo.Provincial + "/chuong-trinh"
	skip := `form:has(input[name=skip][value="gioi-thieu-bi-thu"])`
	for _, s := range []*seat{officer, other} {
		s.open(programme)
		s.says("Bầu ban thường vụ")
	}
	if problem := officer.sends(skip, filled{"reason": "Đại hội không lấy phiếu giới thiệu (mẫu)"}); problem != "" {
		t.Fatal(problem)
	}
	if problem := other.sends(skip, filled{"reason": "Bỏ qua theo ý kiến đoàn chủ tịch"}); !strings.Contains(problem, "vừa được người khác thay đổi") || !strings.Contains(problem, "Cán bộ tổ chức (mẫu)") {
		t.Errorf("the second officer is told: %q", problem)
	}
	picture(t, other.ctx, "congress-two-officers")
	for _, s := range h.chain().Items[:3] {
		if want := map[string]election.State{"ban-chap-hanh": election.StateDone, "gioi-thieu-bi-thu": election.StateSkipped, "ban-thuong-vu": election.StateReady}[s.ID]; s.State != want {
			t.Errorf("%s is %s, want %s", s.ID, s.State, want)
		}
	}
	h.firstMeeting(t, root, officer)
}

// firstMeeting: those elected are summoned, choose a counting board and elect
// the standing committee, with a tie at the last seat, and the secretary.
func (h *house) firstMeeting(t *testing.T, root context.Context, officer *seat) {
	t.Helper()
	const at = "/hop/" + demo.FirstMeeting
	officer.open(at + "/trieu-tap?trung-cu=" + demo.Provincial + "/ban-chap-hanh")
	officer.says("Bầu ban chấp hành")
	picture(t, officer.ctx, "congress-summon")
	if problem := officer.sends(doing("pool"), filled{"standing": "member"}); problem != "" {
		t.Fatal(problem)
	}
	officer.does(at, doing("session-open"), filled{"title": "Phiên bầu cử", "voting": true})
	officer.does(at+"/diem-danh/1", "form:has(.roll-do)", filled{"do": "rest"})
	person := func(i int) string { return fmt.Sprintf("person/mau-db-%03d", i) }
	board := []string{person(demo.MeetingCounters[0]), person(demo.MeetingCounters[1]), person(demo.MeetingCounters[2])}
	officer.does(at+"/bo-phan", `form[action$="/bo-phan"]`, filled{"organ": "counting-board", "head": board[0], "member": board, "session": "1", "for": "51"})

	var stand []string
	for _, n := range h.chain().Items[0].Elected() {
		if len(stand) < 16 && !slices.Contains(board, n.Person) && !strings.HasSuffix(n.Person, "001") {
			stand = append(stand, n.Person)
		}
	}
	stand[15] = person(1)
	list := func(item string) string { return "/bau-cu/su-kien/" + demo.Provincial + "/danh-sach/" + item }
	hand := filled{"for": "51"}
	officer.does(list("ban-thuong-vu"), doing("open"), nil)
	officer.does(list("ban-thuong-vu"), doing("add"), filled{"pick": stand, "origin": "official"})
	officer.does(list("ban-thuong-vu"), doing("seats"), filled{"seats": "15", "for": "51"})
	officer.does(list("ban-thuong-vu"), doing("vote"), hand)
	count := &counting{t: t, h: h, officer: officer, seats: [3]*seat{h.sit(t, root, "truongkp-tu"), h.sit(t, root, "kiemphieu1-tu"), h.sit(t, root, "kiemphieu2-tu")}}
	count.round("ban-thuong-vu", func(id string) filled {
		votes := "48"
		if id == stand[0] || id == stand[1] {
			votes = "30" // the last seat is tied
		}
		return filled{"votes." + id: votes}
	})
	officer.open(list("ban-thuong-vu"))
	officer.says("bằng phiếu")
	if problem := officer.sends(doing("decide"), filled{"choice": election.ChooseRevote}); problem != "" {
		t.Fatal(problem)
	}
	count.round("ban-thuong-vu/lai-2", func(id string) filled {
		return filled{"votes." + id: map[string]string{stand[0]: "31", stand[1]: "20"}[id]}
	})
	officer.open(list("bi-thu"))
	if problem := officer.sends(doing("open"), nil); problem != "" {
		t.Fatal(problem)
	}
	officer.does(list("bi-thu"), doing("add"), filled{"pick": []string{person(1)}, "origin": "official"})
	officer.does(list("bi-thu"), doing("vote"), hand)
	count.round("bi-thu", func(id string) filled {
		return filled{"votes." + id: "50", "disagree." + id: "1", "unmarked." + id: "0"}
	})
	want := map[string]int{"ban-thuong-vu": 15, "bi-thu": 1}
	for _, s := range h.chain().Items {
		if n, ok := want[s.ID]; ok && (s.State != election.StateDone || len(s.Elected()) != n) {
			t.Errorf("%s is %s with %d elected", s.ID, s.State, len(s.Elected()))
		}
		if s.ID == "pho-bi-thu" && s.State != election.StateReady {
			t.Errorf("the next list is %s", s.State)
		}
	}
	officer.open("/bau-cu/su-kien/" + demo.Provincial + "/chuong-trinh")
	picture(t, officer.ctx, "congress-programme")
}

// counting is a counting board of three at three browsers, head first.
type counting struct {
	t       *testing.T
	h       *house
	officer *seat
	seats   [3]*seat
}

// round opens the box of a round for totals typed twice and counts it.
func (c *counting) round(item string, votes func(id string) filled) {
	t := c.t
	t.Helper()
	contest := demo.Provincial + "/" + item
	c.officer.does("/bau-cu/su-kien/"+demo.Provincial+"/danh-sach/"+item, doing("box"), filled{"mode": "totals-twice", "pile": "50", "stations": "2"})
	head, one, two := c.seats[0], c.seats[1], c.seats[2]
	const stock = `form[action^="/kiem-phieu/so-phieu/"]`
	for i, x := range [][2]string{{"printed", "55"}, {"issued", "51"}, {"spoiled", "0"}, {"unused", "4"}} {
		by := []*seat{one, two}[i%2]
		by.does("/kiem-phieu/so-phieu/"+contest, stock, filled{"what": x[0], "number": x[1]})
	}
	head.does("/kiem-phieu/hop/"+contest, doing("check"), filled{"empty": true, "seal": "02"})
	head.does("/kiem-phieu/hop/"+contest, doing("unseal"), filled{"intact": true})
	one.does("/kiem-phieu/so-phieu/"+contest, stock, filled{"what": "collected", "number": "51"})
	head.does("/kiem-phieu/hop/"+contest, doing("piles"), nil)
	_, r := c.h.chain().Round(contest)
	fill := filled{"valid": "51", "invalid": "0"}
	for _, id := range r.List.Order {
		for k, v := range votes(id) {
			fill[k] = v
		}
	}
	for i, s := range []*seat{one, two} {
		s.does(fmt.Sprintf("/kiem-phieu/tong/%d/%s", i+1, contest), `form[action^="/kiem-phieu/tong/"]`, fill)
	}
	head.does("/kiem-phieu/chot/"+contest, `form[action^="/kiem-phieu/chot/"]`, nil)
	head.does("/kiem-phieu/bao-cao/"+contest, `form[action^="/kiem-phieu/bao-cao/"]`, nil)
	if got := c.h.as("kiemtra").get("/kiem-phieu/bao-cao/" + contest); got.status != http.StatusOK {
		t.Errorf("after the report the auditor gets %d", got.status)
	}
}
