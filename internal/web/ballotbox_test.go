package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

const (
	boxID   = "dh-xa/cap-uy/1"
	boxCase = "contest/dh-xa/cap-uy"
)

// boxHouse is a house with a counting board of three and a chair, and a box of
// so many ballots laid in piles.
func boxHouse(t *testing.T, ballots int64, form string, names int, seats int64) *house {
	t.Helper()
	h := newHouse(t)
	h.seed()
	more, err := account.SeedBound(t.Context(), h.desk, h.db, []account.SampleAccount{
		{Login: "truong", Display: "Trưởng Ban (mẫu)", Role: "counting-member", Person: "mau/truong", Case: boxCase},
		{Login: "dem1", Display: "Đếm Một (mẫu)", Role: "counting-member", Person: "mau/dem1", Case: boxCase},
		{Login: "dem2", Display: "Đếm Hai (mẫu)", Role: "counting-member", Person: "mau/dem2", Case: boxCase},
		{Login: "ngoai", Display: "Người ngoài ban (mẫu)", Role: "counting-member", Person: "mau/ngoai", Case: boxCase},
		{Login: "chutoa", Display: "Chủ tọa (mẫu)", Role: "presiding-chair", Person: "mau/chutoa", Case: boxCase}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range more {
		h.samples[a.Login] = a
	}
	one := func(n int64) *int64 { return &n }
	sheet := &vote.Record{ID: "dh-xa/cap-uy", Rules: "party-election/committee", Date: vn.MustDate("2020-06-10"), Seats: one(seats), Form: form, Body: "delegate-congress", Level: "grassroots",
		Base: &vote.Base{Summoned: one(ballots), Present: one(ballots)}}
	for i := range names {
		sheet.Candidates = append(sheet.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: fmt.Sprintf("Nguyễn Thị Thứ %d", i+1), Order: i + 1})
	}
	member := func(p, name string) ballotbox.Member {
		return ballotbox.Member{Person: p, Standing: "delegate", Name: name}
	}
	h.do("canbo", ballotbox.Open{Box: ballotbox.Box{ID: boxID, Case: boxCase, Org: "org/xa-1", Round: 1, Title: rule.Words{VI: "Bầu cấp ủy xã", EN: "Commune committee"}, Sheet: sheet,
		Team:     ballotbox.Team{Head: "mau/truong", Members: []ballotbox.Member{member("mau/truong", "Trưởng Ban"), member("mau/dem1", "Đếm Một"), member("mau/dem2", "Đếm Hai")}},
		PileSize: 50, Stations: 2, Mode: ballotbox.Ballots, Sample: true}})
	stock := func(what string, n int64) {
		h.do("dem1", ballotbox.CountStock{Box: boxID, Case: boxCase, What: what, Number: n})
	}
	stock("printed", ballots+3)
	stock("issued", ballots)
	stock("spoiled", 1)
	stock("unused", 2)
	h.do("truong", ballotbox.CheckBox{Box: boxID, Case: boxCase, Empty: true, Seal: "NP 1"})
	h.do("truong", ballotbox.Unseal{Box: boxID, Case: boxCase, Intact: true})
	stock("collected", ballots)
	h.do("truong", ballotbox.MakePiles{Box: boxID, Case: boxCase})
	return h
}

func keyPath(pile, station int) string {
	return fmt.Sprintf("/kiem-phieu/nhap/%d/%d/%s", pile, station, boxID)
}

// keyPile keys a pile by the plain form and hands it in.
func (v *visitor) keyPile(pile, station int, lines ...string) {
	v.h.t.Helper()
	for _, l := range lines {
		v.submit(keyPath(pile, station), keyPath(pile, station), url.Values{"ballot": {l}}).is(http.StatusSeeOther)
	}
	v.submit(keyPath(pile, station), strings.Replace(keyPath(pile, station), "/nhap/", "/nop/", 1), nil).is(http.StatusSeeOther)
}

// TestCountByPlainForms: a whole count without script, from the keying to the
// report, with a differing pile, a doubtful ballot, and the log of the pile.
func TestCountByPlainForms(t *testing.T) {
	h := boxHouse(t, 5, "strike", 4, 3)
	one, two, head := h.as("dem1"), h.as("dem2"), h.as("truong")
	one.get("/kiem-phieu").is(http.StatusOK).says("Bầu cấp ủy xã", "Thành viên ban kiểm phiếu")
	one.get("/").is(http.StatusOK).says("Kiểm phiếu: Bầu cấp ủy xã")
	one.submit(keyPath(1, 1), keyPath(1, 1), url.Values{"ballot": {"9"}}).is(http.StatusUnprocessableEntity).says("danh sách chỉ có số 1 đến 4")
	one.submit(keyPath(1, 1), keyPath(1, 1), url.Values{"ballot": {"2"}}).is(http.StatusSeeOther)
	one.submit(keyPath(1, 1), "/kiem-phieu/rut/1/1/"+boxID, nil).is(http.StatusSeeOther)
	one.keyPile(1, 1, "4", "4", "=", "1", "?")
	two.keyPile(1, 2, "4", "4", "4", "1", "0")
	head.get("/kiem-phieu/hop/" + boxID).is(http.StatusOK).says("Lệch, đọc lại")
	head.get("/kiem-phieu/doi-chieu/"+boxID).is(http.StatusOK).says("gạch 0, còn 4", "phiếu nghi vấn")
	head.get(keyPath(1, 1)).is(http.StatusUnprocessableEntity).says("Trưởng ban xem được điểm lệch")
	// A short pile is handed in only when it was counted again.
	p := two.submit(keyPath(1, 1), "/kiem-phieu/nop/1/1/"+boxID, nil)
	p.is(http.StatusForbidden) // nothing is keyed: the station is nobody's
	two.submit(keyPath(1, 1), keyPath(1, 1), url.Values{"ballot": {"4"}}).is(http.StatusSeeOther)
	two.submit(keyPath(1, 1), "/kiem-phieu/nop/1/1/"+boxID, nil).is(http.StatusUnprocessableEntity).says("Tập này phải có 5 phiếu, đã nhập 1")
	for _, l := range []string{"4", "4", "1", "?3"} {
		two.submit(keyPath(1, 1), keyPath(1, 1), url.Values{"ballot": {l}}).is(http.StatusSeeOther)
	}
	two.submit(keyPath(1, 1), "/kiem-phieu/nop/1/1/"+boxID, nil).is(http.StatusSeeOther)
	one.keyPile(1, 2, "4", "4", "4", "1", "?")
	doubt := "/kiem-phieu/nghi-van/" + boxID
	head.get(doubt).is(http.StatusOK).says("Còn 1 trong 1 phiếu chưa quyết định", "đánh dấu")
	head.get("/kiem-phieu/chot/" + boxID).says("Chưa có số liệu")
	head.submit(doubt, doubt, url.Values{"item": {"1/1"}, "valid": {"no"}, "cause": {""}, "reason": {"Có đánh dấu"}}).is(http.StatusUnprocessableEntity).says("Hãy chọn nguyên nhân")
	head.submit(doubt, doubt, url.Values{"item": {"1/1"}, "valid": {"no"}, "cause": {"marked"}, "reason": {"Có đánh dấu ở góc"}, "for": {"3"}, "against": {"0"}}).is(http.StatusSeeOther)
	shut := "/kiem-phieu/chot/" + boxID
	head.get(shut).is(http.StatusOK).says("Phiếu hợp lệ", "Không có số liệu nào mâu thuẫn", "Nguyễn Thị Thứ 1")
	head.submit(shut, shut, nil).is(http.StatusSeeOther)
	one.get("/kiem-phieu/nhat-ky-nhap/1/"+boxID).is(http.StatusOK).says("Nhật ký nhập tập 1", "Đếm Hai", "gạch 1, còn 3")
	report := "/kiem-phieu/bao-cao/" + boxID
	head.get(report).is(http.StatusOK).says("Chưa báo cáo")
	h.as("kiemtra").get(report).is(http.StatusNotFound)
	head.submit(report, report, nil).is(http.StatusSeeOther)
	h.as("kiemtra").get(report).is(http.StatusOK).says("Trưởng ban đã báo cáo", "Nguyễn Thị Thứ 1")
	one.get(keyPath(1, 1)).is(http.StatusUnprocessableEntity).says("đã báo cáo")
}

// TestNobodyPeeks: while the count is under way, nothing that a page, a live
// part, the search, a ledger entry or the list of views can be asked tells what
// was keyed; the pages of the room do not even exist for who is not of it.
func TestNobodyPeeks(t *testing.T) {
	h := boxHouse(t, 5, "strike", 4, 3)
	one := h.as("dem1")
	one.keyPile(1, 1, "4", "4", "*", "1", "?") // handed in
	two := h.as("dem2")
	two.submit(keyPath(1, 2), keyPath(1, 2), url.Values{"ballot": {"2-4"}}).is(http.StatusSeeOther) // being keyed
	told := func(who, path string, a *answer) {
		t.Helper()
		for _, secret := range []string{`"aaad"`, `"dddd"`, `"addd"`, "gạch 1", "gạch 3", "gạch 4", "<kbd>4", "<kbd>2-4"} {
			if strings.Contains(html.UnescapeString(string(a.body)), secret) {
				t.Errorf("%s at %s is told %q", who, path, secret)
			}
		}
	}
	boxPages := []string{"/kiem-phieu/hop/", "/kiem-phieu/moi/", "/kiem-phieu/so-phieu/", "/kiem-phieu/doi-chieu/", "/kiem-phieu/nghi-van/", "/kiem-phieu/chot/",
		"/kiem-phieu/bao-cao/", "/kiem-phieu/nhat-ky-nhap/1/", "/kiem-phieu/nhap/1/1/", "/kiem-phieu/nhap/1/2/", "/kiem-phieu/tong/1/"}
	for _, login := range []string{"lanhdao", "canbo", "canbo2", "kiemtra", "quantri.mau", "ngoai", "chutoa", "truong", "dem1", "dem2"} {
		v := h.as(login)
		for _, p := range boxPages {
			a := v.get(p + boxID)
			if p == "/kiem-phieu/nhap/1/2/" && login == "dem2" {
				a.is(http.StatusOK).says("2-4")
				continue // his own station
			}
			told(login, p, a)
			outside := map[string]bool{"lanhdao": true, "canbo2": true, "kiemtra": true, "quantri.mau": true, "ngoai": true}[login]
			if outside && a.status != http.StatusNotFound {
				t.Errorf("%s at %s: %d", login, p, a.status)
			}
		}
		for _, p := range []string{"/", "/kiem-phieu", "/tim?q=gach", "/tim?q=" + url.QueryEscape(boxID), "/nhat-ky", "/nhat-ky?loai=ballotbox.", "/bau-cu", "/hoi-truong/dh-xa/cap-uy"} {
			told(login, p, v.get(p))
		}
		for i := h.newest(ballotbox.KindOpened); i <= h.desk.Head(); i++ {
			p := fmt.Sprintf("/nhat-ky/%d", i)
			told(login, p, v.get(p))
		}
	}
	// Nor may another act at a station, or with the form of another's station.
	one.send("POST", keyPath(1, 2), url.Values{"act": {desk.NewID()}, "n": {"2"}, "attempt": {"1"}, "ballot": {"3"}},
		http.Header{"Sec-Fetch-Site": {"same-origin"}, "Accept": {"application/json"}}).is(http.StatusUnprocessableEntity)
	two.send("POST", keyPath(1, 1), url.Values{"act": {desk.NewID()}, "n": {"1"}, "attempt": {"1"}, "ballot": {"3"}},
		http.Header{"Sec-Fetch-Site": {"same-origin"}, "Accept": {"application/json"}}).is(http.StatusUnprocessableEntity)
	// Once in and closed, the ledger still tells nobody, not even who reads personal content.
	for _, l := range []string{"4", "4", "1", "?"} {
		two.submit(keyPath(1, 2), keyPath(1, 2), url.Values{"ballot": {l}}).is(http.StatusSeeOther)
	}
	two.submit(keyPath(1, 2), "/kiem-phieu/nop/1/2/"+boxID, nil).is(http.StatusSeeOther)
	for _, login := range []string{"lanhdao", "canbo", "kiemtra"} {
		v := h.as(login)
		for i := h.newest(ballotbox.KindOpened); i <= h.desk.Head(); i++ {
			p := fmt.Sprintf("/nhat-ky/%d", i)
			told(login, p, v.get(p))
		}
	}
}

// TestSecretFiguresAreLogged: each view of figures not reported yet stands in
// the read log.
func TestSecretFiguresAreLogged(t *testing.T) {
	h := boxHouse(t, 2, "strike", 3, 2)
	h.as("dem1").keyPile(1, 1, "3", "3")
	h.as("dem2").keyPile(1, 2, "3", "3")
	h.as("truong").get("/kiem-phieu/chot/" + boxID).is(http.StatusOK)
	h.as("truong").submit("/kiem-phieu/chot/"+boxID, "/kiem-phieu/chot/"+boxID, nil).is(http.StatusSeeOther)
	h.as("chutoa").get("/kiem-phieu/bao-cao/" + boxID).is(http.StatusOK).says("Nguyễn Thị Thứ 1")
	h.as("canbo").get("/kiem-phieu/bao-cao/" + boxID).is(http.StatusOK)
	log := h.as("lanhdao").get("/nhat-ky/luot-xem").is(http.StatusOK)
	for _, who := range []string{"Trưởng Ban (mẫu)", "Chủ tọa (mẫu)", "Cán bộ tổ chức (mẫu)"} {
		log.says(who)
	}
	log.says("Chốt kiểm phiếu", "Báo cáo kết quả")
}

// TestChairDecidesOnIncident: the head notes an incident on his page, the chair
// decides on hers; nobody else can.
func TestChairDecidesOnIncident(t *testing.T) {
	h := boxHouse(t, 5, "strike", 4, 3)
	at := "/kiem-phieu/hop/" + boxID
	h.as("truong").doing(at, "incident", url.Values{"reason": {"Một tập thiếu phiếu"}}).is(http.StatusSeeOther)
	h.as("dem1").get(keyPath(1, 1)).is(http.StatusUnprocessableEntity).says("chờ chủ tọa")
	chair := h.as("chutoa")
	chair.get("/").is(http.StatusOK).says("Kiểm phiếu: Bầu cấp ủy xã")
	chair.doing(at, "resolve", url.Values{"choice": {"go-on"}, "by": {"Đoàn chủ tịch"}, "reason": {"Đã tìm thấy phiếu"}}).is(http.StatusSeeOther)
	chair.get(at).is(http.StatusOK).says("Ghi nhận, tiếp tục", "Đoàn chủ tịch: Đã tìm thấy phiếu")
	h.as("dem1").get(keyPath(1, 1)).is(http.StatusOK)
}

// TestKeyingInBrowser: keys alone; what is typed is echoed in names, kept and
// said so; the last ballot is taken back by Backspace; a server that is gone
// for a moment loses nothing and keeps nothing twice.
func TestKeyingInBrowser(t *testing.T) {
	h := boxHouse(t, 6, "strike", 55, 51)
	ctx := browser(t)
	h.enter(t, ctx, "dem1")
	input := chromedp.CSS("#f-ballot")
	state := `document.getElementById('key-state').textContent`
	run(t, ctx, "station", size(wide), chromedp.Navigate(h.web.URL+keyPath(1, 1)), ready("#f-ballot"))
	enough := `getComputedStyle(document.getElementById('key-enough')).display`
	if got := ask[string](t, ctx, "enough", enough); got != "none" {
		t.Error("an empty pile is said to be full")
	}
	run(t, ctx, "type", chromedp.SendKeys(input, "3 17 22"))
	if got := ask[string](t, ctx, "echo", `document.getElementById('key-echo').textContent`); !strings.Contains(got, "17 Nguyễn Thị Thứ 17") || !strings.Contains(got, "Gạch 3, còn 52") || !strings.Contains(got, "quá số được bầu") {
		t.Errorf("echo: %q", got)
	}
	if n := ask[int](t, ctx, "struck", `document.querySelectorAll('#key-names li.k-d').length`); n != 3 {
		t.Errorf("%d names are shown struck", n)
	}
	run(t, ctx, "a slip", chromedp.SendKeys(input, " 99\r"))
	if got := ask[string](t, ctx, "echo", `document.getElementById('key-echo').textContent`); !strings.Contains(got, "99") || !strings.Contains(got, "✕") {
		t.Errorf("a slip is not told: %q", got)
	}
	// Keys within the line, over a selection and beyond the width of the field.
	run(t, ctx, "within", chromedp.SendKeys(input, kb.ArrowLeft+kb.ArrowLeft+kb.ArrowLeft+"0"))
	if got := ask[string](t, ctx, "within", `document.getElementById('f-ballot').value`); got != "3 17 220 99" {
		t.Errorf("a digit typed within the line: %q", got)
	}
	ask[int](t, ctx, "select", `document.getElementById('f-ballot').select();0`)
	run(t, ctx, "long", chromedp.SendKeys(input, strings.Repeat("1,", 60)+"2"))
	if got := ask[bool](t, ctx, "end in sight", `(function(i){return i.value===('1,'.repeat(60)+'2')&&i.scrollLeft>0&&i.scrollLeft+i.clientWidth>=i.scrollWidth-20})(document.getElementById('f-ballot'))`); !got {
		t.Error("typing over a selection, or the end of a long line is out of sight")
	}
	run(t, ctx, "right", chromedp.SendKeys(input, kb.Escape+"3 17 22 5 6\r"))
	run(t, ctx, "more", chromedp.SendKeys(input, "=\r"), chromedp.SendKeys(input, "7-10\r"))
	waitFor(t, ctx, "three kept", state, "✓ Đã lưu chắc 3 phiếu")
	run(t, ctx, "back", chromedp.SendKeys(input, "\b"))
	waitFor(t, ctx, "taken back", state, "✓ Đã lưu chắc 2 phiếu")
	if got := ask[string](t, ctx, "again", `document.getElementById('f-ballot').value`); got != "7-10" {
		t.Errorf("the ballot taken back is not there to change: %q", got)
	}
	// The network is gone: the answers to two ballots are lost after they were kept.
	ask[bool](t, ctx, "cut", `(function(){var f=window.fetch,n=0;window.fetch=function(){var a=arguments;return f.apply(this,a).then(function(r){if(n++<2)throw new Error('lost');return r})};return true})()`)
	run(t, ctx, "through the gap", chromedp.SendKeys(input, "\r"), chromedp.SendKeys(input, "12\r"))
	waitFor(t, ctx, "all kept", state, "✓ Đã lưu chắc 4 phiếu")
	run(t, ctx, "reload", chromedp.Navigate(h.web.URL+keyPath(1, 1)), ready("#f-ballot"))
	var keys []string
	for i := range 4 {
		keys = append(keys, ask[string](t, ctx, "kept", fmt.Sprintf(`document.querySelectorAll('#key-last li')[%d].dataset.keys`, 3-i)))
	}
	if got := strings.Join(keys, "; "); got != "3 17 22 5 6; 3 17 22 5 6; 7-10; 12" && got != "3 5 6 17 22; 3 5 6 17 22; 7-10; 12" {
		t.Errorf("kept: %s", got)
	}
	run(t, ctx, "finish", chromedp.SendKeys(input, "1\r"), chromedp.SendKeys(input, "0\r"))
	waitFor(t, ctx, "six kept", state, "✓ Đã lưu chắc 6 phiếu")
	if got := ask[string](t, ctx, "enough", enough); got == "none" {
		t.Error("a full pile is not said to be full")
	}
	picture(t, ctx, "ballotbox-keying")
	run(t, ctx, "hand in", chromedp.Click(chromedp.CSS("#key-done")), ready("#cac-tap"))
}

// waitFor waits until an expression gives the words.
func waitFor(t testing.TB, ctx context.Context, what, js, want string) {
	t.Helper()
	got := ""
	for range 100 {
		if got = strings.TrimSpace(ask[string](t, ctx, what, js)); got == want {
			return
		}
		run(t, ctx, what, chromedp.Sleep(50*time.Millisecond))
	}
	t.Fatalf("%s: %q, want %q", what, got, want)
}

// TestBallotBoxScreens looks at the pages of the room, wide and on a phone.
func TestBallotBoxScreens(t *testing.T) {
	h := boxHouse(t, 5, "strike", 4, 3)
	h.as("dem1").keyPile(1, 1, "4", "4", "=", "1", "?")
	h.as("dem2").submit(keyPath(1, 2), keyPath(1, 2), url.Values{"ballot": {"4"}}).is(http.StatusSeeOther)
	look := func(login string, pages map[string]string) {
		ctx := browser(t)
		h.enter(t, ctx, login)
		for name, path := range pages {
			for _, kind := range []int{wide, phone} {
				if kind == phone && name != "box" && name != "key" && name != "doubt" && name != "auditing" {
					continue // of the same shapes
				}
				label := "ballotbox-" + name + map[int]string{wide: "", phone: "-phone"}[kind]
				run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("main h1"))
				noOverflow(t, ctx, label)
				if kind == wide {
					axe(t, ctx, label)
				}
				picture(t, ctx, label)
			}
		}
	}
	look("dem2", map[string]string{"box": "/kiem-phieu/hop/" + boxID, "key": keyPath(1, 2), "stock": "/kiem-phieu/so-phieu/" + boxID})
	two := h.as("dem2")
	for _, l := range []string{"4", "4", "1", "?"} {
		two.submit(keyPath(1, 2), keyPath(1, 2), url.Values{"ballot": {l}}).is(http.StatusSeeOther)
	}
	two.submit(keyPath(1, 2), "/kiem-phieu/nop/1/2/"+boxID, nil).is(http.StatusSeeOther)
	look("truong", map[string]string{"doubt": "/kiem-phieu/nghi-van/" + boxID, "compare": "/kiem-phieu/doi-chieu/" + boxID})
	h.do("truong", ballotbox.Decide{Box: boxID, Case: boxCase, Items: []ballotbox.Item{{Pile: 1, N: 1}}, Cause: "marked", Reason: "Có đánh dấu"})
	look("truong", map[string]string{"close": "/kiem-phieu/chot/" + boxID, "log": "/kiem-phieu/nhat-ky-nhap/1/" + boxID})
	h.do("truong", ballotbox.Close{Box: boxID, Case: boxCase})
	look("truong", map[string]string{"report": "/kiem-phieu/bao-cao/" + boxID})
	h.do("truong", ballotbox.Report{Box: boxID, Case: boxCase})
	look("truong", map[string]string{"audit": auditPath(boxID)})
	h.do("truong", ballotbox.DrawAudit{Box: boxID, Case: boxCase, Dice: "4 2 6 6 1 3 5 2 1 4", Limit: 50, Papers: 5})
	h.do("dem1", ballotbox.SeeAudited{Box: boxID, Case: boxCase, No: 1, Keys: "4"})
	look("truong", map[string]string{"auditing": auditPath(boxID)})
}

// TestOneMachineTwoPersons: who keyed hands the machine on; the next person logs
// in and stands at his own station of the same pile, with nothing of the first.
func TestOneMachineTwoPersons(t *testing.T) {
	h := boxHouse(t, 2, "strike", 4, 3)
	v := h.as("dem1")
	v.submit(keyPath(1, 1), keyPath(1, 1), url.Values{"ballot": {"2"}}).is(http.StatusSeeOther)
	v.get(keyPath(1, 1)).says("Đổi người nhập")
	at := "/kiem-phieu/tap/1/" + boxID
	out := v.post("/dang-xuat", url.Values{"act": {desk.NewID()}, "ve": {at}}).is(http.StatusSeeOther).header.Get("Location")
	if out != "/dang-nhap?ve="+url.QueryEscape(at) {
		t.Fatalf("led to %s", out)
	}
	v.get(keyPath(1, 1)).is(http.StatusSeeOther) // logged out
	in := v.post("/dang-nhap/mau", url.Values{"act": {desk.NewID()}, "account": {h.samples["dem2"].ID}, "ve": {at}}).is(http.StatusSeeOther).header.Get("Location")
	if got := v.get(in).is(http.StatusSeeOther).header.Get("Location"); got != keyPath(1, 2) {
		t.Fatalf("the next person stands at %s", got)
	}
	if p := v.get(keyPath(1, 2)).is(http.StatusOK); strings.Contains(string(p.body), `data-keys="2"`) {
		t.Error("the second person sees what the first keyed")
	}
	if got := h.as("dem1").get(at).is(http.StatusSeeOther).header.Get("Location"); got != keyPath(1, 1) {
		t.Errorf("the first person comes back to %s", got)
	}
	if away := v.post("/dang-xuat", url.Values{"act": {desk.NewID()}, "ve": {"https://example.org/"}}).header.Get("Location"); away != "/dang-nhap" {
		t.Errorf("led away to %s", away)
	}
}

// TestOfficerChangesTeamAndOpensReadings: both on the page of the box, each
// with its reason; nobody else is offered them.
func TestOfficerChangesTeamAndOpensReadings(t *testing.T) {
	h := boxHouse(t, 1, "strike", 4, 3)
	at := "/kiem-phieu/hop/" + boxID
	if strings.Contains(h.as("truong").get(at).text(), "Thay người trong ban") {
		t.Error("the head is offered to change the team")
	}
	officer := h.as("canbo")
	officer.get(at).is(http.StatusOK).says("Thay người trong ban")
	officer.doing(at, "team", url.Values{"in": {"không có ai"}, "reason": {"x"}}).is(http.StatusUnprocessableEntity).says("Không có ai tên")
	officer.doing(at, "team", url.Values{"out": {"mau/truong"}, "reason": {"Ốm"}}).is(http.StatusUnprocessableEntity).says("Trưởng ban kiểm phiếu phải là một thành viên")
	officer.doing(at, "team", url.Values{"in": {"person/tran-thi-thu"}, "reason": {"Thêm người"}}).is(http.StatusSeeOther)
	officer.get(at).says("Trần Thị Thử")
	h.as("dem1").keyPile(1, 1, "4")
	h.as("dem2").keyPile(1, 2, "4")
	h.do("truong", ballotbox.Close{Box: boxID, Case: boxCase})
	h.do("truong", ballotbox.Report{Box: boxID, Case: boxCase})
	officer.doing(at, "readings", url.Values{"decision": {""}}).is(http.StatusUnprocessableEntity).says("quyết định")
	officer.doing(at, "readings", url.Values{"decision": {"07-QĐ/UBKT, 20/11/2026"}}).is(http.StatusSeeOther)
}
