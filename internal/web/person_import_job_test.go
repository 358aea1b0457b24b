package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// A file too large to be read within a page is read beside it: the pages say how
// far it has come and then show what they show of a small one; the confirmation is
// held against the record once more, and what changed since is shown, not
// recorded.
func TestLargeImportIsReadBesideThePage(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const people = 3000
	var b strings.Builder
	b.WriteString("HO_TEN,NGAYSINH,GT,Dân tộc,Quê quán\n")
	for i := range people {
		fmt.Fprintf(&b, "Nguyễn Văn Thứ %s,%d/%d/%d,Nam,Kinh,thôn %d xã Đồng Tâm huyện Sông Lam tỉnh Mẫu là nơi rất dài để tệp lớn lên\n", strings.ToUpper(string(rune('a'+i%26))), i%28+1, i%12+1, 1950+i/(26*6), i)
	}
	b.WriteString("Không Có Giới,1/1/1990,khác,Kinh,\n")
	if b.Len() <= planAtOnce {
		t.Fatalf("the file has only %d bytes", b.Len())
	}
	p := v.uploadPersons("org/tinh", "lon.csv", []byte(b.String()))
	if p.status != http.StatusSeeOther {
		t.Fatalf("the upload: %d %s", p.status, p.text())
	}
	at := p.header.Get("Location")
	// look asks again until the file is read.
	look := func(ask func() *answer) *answer {
		t.Helper()
		for {
			p := ask()
			if !strings.Contains(p.text(), "Đọc tệp và đối chiếu với hồ sơ") {
				return p
			}
		}
	}
	page := look(func() *answer { return v.get(at) })
	text := page.text()
	if page.status != http.StatusOK || !strings.Contains(text, "1 dòng chưa nhận được") || !strings.Contains(text, "ghi mới 3.000 người") {
		t.Fatalf("the look: %d %.600s", page.status, text)
	}
	if got := v.get(at + "/can-sua"); got.status != http.StatusOK || !strings.Contains(string(got.body), "Không Có Giới") {
		t.Errorf("the rows to correct: %d %.200s", got.status, got.body)
	}
	born, err := vn.ParsePartial("1950-01-01")
	if err != nil {
		t.Fatal(err)
	}
	// Somebody of the file is recorded by hand before it is confirmed.
	h.do("canbo", person.Record{ID: "person/tay", Home: "org/tinh", Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Nguyễn Văn Thứ A", Gender: "male", Born: born}})
	confirm := func(p *answer) *answer {
		form := url.Values{"act": {desk.NewID()}, "seen": {"-1"}, "sum": {""}}
		for _, in := range p.all("input") {
			if n := attr(in, "name"); n == "sum" {
				form.Set(n, attr(in, "value"))
			}
		}
		return look(func() *answer { return v.post(at, form) })
	}
	again := confirm(page)
	if !strings.Contains(again.text(), "Hồ sơ đã thay đổi từ khi xem trước") {
		t.Fatalf("confirmed over a change: %d %.600s", again.status, again.text())
	}
	done := confirm(again)
	if done.status != http.StatusSeeOther || done.header.Get("Location") != at+"/ghi" {
		t.Fatalf("confirmed: %d %s %.400s", done.status, done.header.Get("Location"), done.text())
	}
	if p := look(func() *answer { return v.get(at) }); p.status != http.StatusSeeOther {
		t.Errorf("the look at a confirmed file: %d", p.status)
	}
	recorded := ""
	for range 100 {
		if recorded = v.get(at + "/ghi").text(); strings.Contains(recorded, "Đã ghi xong") {
			break
		}
		v.submit(at+"/ghi", "", nil)
	}
	if !strings.Contains(recorded, "Đã ghi xong") {
		t.Errorf("not recorded: %.400s", recorded)
	}
	if h.server.importing.upload != nil {
		t.Error("the plan of a recorded file is still held in memory")
	}
}
