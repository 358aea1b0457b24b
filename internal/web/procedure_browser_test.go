package web

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"minhbach/internal/store/storetest"
)

// mouse is a hand in a browser: clicks the links of the pages, types into the
// fields, sends by the button. Each kind of form is looked at once, wide and
// on a phone.
type mouse struct {
	u      *clerk
	looked map[string]bool
}

func (m *mouse) look(name string) {
	m.u.t.Helper()
	if m.looked[name] {
		return
	}
	m.looked[name] = true
	axe(m.u.t, m.u.ctx, name)
	noOverflow(m.u.t, m.u.ctx, name)
	picture(m.u.t, m.u.ctx, "procedure-"+name)
	run(m.u.t, m.u.ctx, "phone", size(phone))
	noOverflow(m.u.t, m.u.ctx, name+" on a phone")
	picture(m.u.t, m.u.ctx, "procedure-"+name+"-phone")
	run(m.u.t, m.u.ctx, "wide", size(wide))
}

// fill writes, chooses and ticks what a form asks.
func (m *mouse) fill(fill url.Values) {
	m.u.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(fill)) {
		value := fill.Get(name)
		switch ask[string](m.u.t, m.u.ctx, name, fmt.Sprintf(`(function(){var e=document.querySelector('main [name=%q]:not([type=hidden])');return e?e.tagName+' '+e.type:''})()`, name)) {
		case "":
			m.u.t.Fatalf("no field %s at %s", name, m.u.at())
		case "SELECT select-one":
			if !ask[bool](m.u.t, m.u.ctx, name, fmt.Sprintf(`(function(){var e=document.querySelector('main select[name=%q]');e.value=%q;e.dispatchEvent(new Event('change',{bubbles:true}));return e.value===%q})()`, name, value, value)) {
				m.u.t.Fatalf("%s: no choice %q at %s", name, value, m.u.at())
			}
		case "INPUT checkbox":
			m.u.press(fmt.Sprintf(`main [name=%q]`, name), "")
		default:
			m.u.write(name, value)
		}
	}
}

func (m *mouse) open(fill url.Values) string {
	m.u.click("nav a", "Quy trình nhân sự", "h1")
	m.look("list-empty")
	m.u.click("main a.btn", "Mở hồ sơ", "form.form")
	m.look("open")
	m.u.write("org_q", "Ban Tổ chức")
	m.u.click("button[name=find]", "Tìm", "form.form")
	m.fill(fill)
	m.u.click("main form.form button.do", "Mở hồ sơ", ".facts")
	return m.u.at()
}

// do goes to a form by the link on the page of the case or of the person where
// there is one, and by its address otherwise.
func (m *mouse) do(path, act, query string, fill url.Values) {
	m.u.t.Helper()
	from := path
	if _, id, ok := strings.Cut(query, "nguoi=person/"); ok {
		id, _, _ = strings.Cut(id, "&")
		from = path + "/nguoi/" + id
	}
	if m.u.at() != from {
		m.u.open(from)
	}
	link := fmt.Sprintf(`main a[href=%q]`, path+"/lam/"+act+query)
	if m.u.count(link) > 0 {
		m.u.click(link, "", "form.form")
	} else {
		m.u.open(path + "/lam/" + act + query)
	}
	m.look(act)
	m.fill(fill)
	m.u.click("main form.form button.do", "Ghi nhận", ".head")
	if m.u.count(".problem, main form.form") > 0 {
		m.u.t.Fatalf("%s%s is not taken: %s", act, query, m.u.text("main"))
	}
}

// TestProcedureInBrowser plays the definition of 2025 to its end with mouse and
// keys; no page has a defect that axe knows or is wider than its window.
func TestProcedureInBrowser(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	u := h.clerk(t)
	u.enter("canbo")
	m := &mouse{u: u, looked: map[string]bool{}}
	s := &scene{hand: m, def: playDefinition(t)}
	s.at = func(when string) {
		switch when {
		case "step 1", "step 4", "appraised":
			u.open(s.path)
			m.look("case-" + strings.ReplaceAll(when, " ", "-"))
		}
	}
	s.begin("Lý Thị An")
	s.sheet("person/ung-vien-a")
	m.look("person")
	s.steps(1)
	s.after(func() string {
		u.open(s.path)
		return ask[string](t, u.ctx, "question", `new URL(document.querySelector('main a[href*="tra-loi"]').href).searchParams.get('hoi')`)
	})
	u.open(s.path)
	u.reads("main", "đã kết thúc", "11-QĐ/TU")
	m.look("case-ended")
	u.click("main a", "Diễn biến quy trình", "table.dense")
	u.reads("main", "Lý Thị An", "90,00%")
	m.look("story")
	u.open(s.path)
	u.click("main a", "Mục lục hồ sơ", "table")
	u.reads("main", "Biên bản đã ký, bước 5", "tủ 3, ngăn 2")
	m.look("contents")
	u.open(s.path)
	u.click("main a", "Tính lại và xuất", "#f-classes")
	m.look("verify")
	u.click("main a", "Tính lại kết quả các bước", ".note.yes")
	u.reads("main", "Tính lại khớp", "giống đã ghi", "Bước 5")
	m.look("verified")
	u.open("/can-bo/ung-vien-a")
	u.reads("main", "Phó Trưởng ban")
	run(t, u.ctx, "list", chromedp.Navigate(h.web.URL+"/quy-trinh?het=1"), ready("table"))
	m.look("list")
}
