package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Minutes made at the screen give their Word file, slide and sealing slip.
func TestPapersOfMinutes(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	done := v.submit("/bau-cu/bien-ban/hdnd-mau/an-binh/1", "", url.Values{"place": {"An Bình"}, "board[0].name": {"Lê Văn Trưởng"}, "board[0].role": {"Trưởng ban"}}).is(http.StatusSeeOther)
	where, _, _ := strings.Cut(done.header.Get("Location"), "?")
	v.get(where).is(http.StatusOK).says("Tải tệp Word")
	word, err := docx.Open(v.get(where + "/docx").is(http.StatusOK).body)
	if err != nil {
		t.Fatal(err)
	}
	if text := word.Text(); !strings.Contains(text, "1.996") || !strings.Contains(text, "Lê Văn Trưởng") {
		t.Errorf("the Word file says\n%s", text)
	}
	for _, what := range []string{"/trang-chieu", "/niem-phong"} {
		if p := v.get(where + what).is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
			t.Errorf("%s is no PDF", what)
		}
	}
	v.get("/bau-cu/bien-ban-so/0/docx").is(http.StatusNotFound)
}

// The papers of an event: its lists, the terms by the rules of the day, the
// paper kit, and the template to edit.
func TestPapersOfAnEvent(t *testing.T) {
	h := newHouse(t)
	h.do("canbo", election.OpenEvent{ID: "cb", Kind: "congress", Date: vn.MustDate("2025-09-25"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ thôn 1", EN: "Congress of cell 1"}})
	v := h.as("canbo")
	const papers = "/bau-cu/giay-to/cb"
	v.get("/bau-cu/su-kien/cb").is(http.StatusOK).says("Giấy tờ")
	v.get(papers).is(http.StatusOK).says("Chưa mở danh sách nào", "25/3/2026", "Điều 35")
	v.submit("/bau-cu/su-kien/cb/chuong-trinh", "/bau-cu/su-kien/cb/chuong-trinh", fields("template", "cell", "members", "11")).is(http.StatusSeeOther)
	const list = "/bau-cu/su-kien/cb/danh-sach/chi-uy"
	v.doing(list, "open", nil).is(http.StatusSeeOther)
	v.doing(list, "add", fields("typed", "Nguyễn Văn An; 1975\nTrần Thị Bình; 1980\n", "origin", "official")).is(http.StatusSeeOther)
	v.get(papers).is(http.StatusOK).says("Bầu chi ủy", "Chưa có kết quả", "In bộ dự phòng giấy")
	if p := v.get(papers + "/du-phong").is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
		t.Error("the kit is no PDF")
	}
	if _, err := docx.Open(v.get("/bau-cu/giay-to-mau/bien-ban").is(http.StatusOK).body); err != nil {
		t.Error(err)
	}
	v.get("/bau-cu/giay-to/khong-co").is(http.StatusNotFound)
}
