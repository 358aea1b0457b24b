package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/election"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// doing sends the form of a page whose hidden field "do" is what, with the act
// id and "seen" it was drawn with.
func (v *visitor) doing(path, what string, fill url.Values) *answer {
	v.h.t.Helper()
	p := v.get(path).is(http.StatusOK)
	for _, f := range p.all("form") {
		values := url.Values{}
		for _, in := range find(f, "input") {
			if attr(in, "type") == "hidden" || has(in, "checked") {
				values.Set(attr(in, "name"), attr(in, "value"))
			}
		}
		if values.Get("do") != what {
			continue
		}
		for k, vs := range fill {
			if !hasField(f, k) {
				v.h.t.Fatalf("%s: the form to %s has no field %q", path, what, k)
			}
			values[k] = vs
		}
		return v.post(path, values)
	}
	v.h.t.Fatalf("%s has no form to %s:\n%s", path, what, p.text())
	return nil
}

func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

var raised = []string{"for", "11", "against", "0", "other", "0", "base", "11"}

// A secretary of a cell congress goes from the programme to the elected cell
// committee by plain forms: every refusal says what must come first or by which
// article, and loses nothing of what was typed.
func TestProgrammeOfACellByPlainForms(t *testing.T) {
	h := newHouse(t)
	h.do("canbo", election.OpenEvent{ID: "cb", Kind: "congress", Date: vn.MustDate("2025-09-25"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ thôn 1", EN: "Congress of cell 1"}})
	v := h.as("canbo")
	const programme = "/bau-cu/su-kien/cb/chuong-trinh"
	v.get("/bau-cu/su-kien/cb").is(http.StatusOK).says("Chương trình bầu cử")
	v.get(programme).is(http.StatusOK).says("Lập chương trình bầu cử")
	v.submit(programme, programme, fields("template", "cell", "members", "mười")).is(http.StatusUnprocessableEntity).says("không phải số nguyên")
	v.submit(programme, programme, fields("template", "cell", "members", "11")).is(http.StatusSeeOther)
	v.get(programme).is(http.StatusOK).says("Việc tiếp theo", "Bầu chi ủy", "Phải xong “Bầu chi ủy” trước", "bầu trong số người trúng cử ở nội dung “Bầu chi ủy”")

	const list = "/bau-cu/su-kien/cb/danh-sach/chi-uy"
	v.get("/bau-cu/su-kien/cb/danh-sach/bi-thu").is(http.StatusOK).says("Phải xong “Bầu chi ủy” trước")
	v.doing(list, "open", nil).is(http.StatusSeeOther)
	v.get(list).says("Danh sách chưa có ai")
	v.doing(list, "add", fields("typed", "Nguyễn Văn An; 1975\nTrần Thị Bình; năm ngoái", "origin", "official")).is(http.StatusUnprocessableEntity).says("Dòng 2", "năm ngoái")
	v.doing(list, "add", fields("typed", "Nguyễn Văn An; 1975\nTrần Thị Bình; 1980\nLê Văn Cường; 1982\n", "origin", "official")).is(http.StatusSeeOther)
	refused := v.doing(list, "add", fields("typed", "Vũ Thị Dự Bị", "origin", "nominated", "probationary", "1")).is(http.StatusUnprocessableEntity).says("dự bị", "Điều 3")
	law := ""
	for _, a := range refused.all("a") {
		if strings.HasPrefix(attr(a, "href"), "/quy-dinh/") {
			law = attr(a, "href")
		}
	}
	v.get(v.get(law).is(http.StatusSeeOther).header.Get("Location")).is(http.StatusOK).says("Đảng viên dự bị không ứng cử, không nhận đề cử")
	v.doing(list, "add", fields("typed", "Phạm Văn Đạt; 1979", "origin", "nominated", "by_delegate", "1")).is(http.StatusSeeOther)
	v.get(list).says("Chờ nhận đề cử", "chưa ghi số người dự ủng hộ")
	person := ""
	for _, o := range v.get(list).all("option") {
		if strings.Contains(nodeText(o), "Phạm Văn Đạt") {
			person = attr(o, "value")
		}
	}
	v.doing(list, "move", fields("person", person, "what", "accepted")).is(http.StatusSeeOther)
	v.doing(list, "move", fields("person", person, "what", "support", "support", "12", "attending", "11")).is(http.StatusUnprocessableEntity).says("không nhiều hơn số dự")
	v.doing(list, "move", fields("person", person, "what", "support", "support", "5", "attending", "11")).is(http.StatusSeeOther)
	v.doing(list, "seats", fields(append([]string{"seats", "3"}, raised...)...)).is(http.StatusSeeOther)
	// The 2024 edition: three seats, at most four names.
	v.get(list).is(http.StatusOK).says("Danh sách được phép", "Biểu quyết danh sách bầu cử", "5 trên 11 người dự ủng hộ")
	v.get("/bau-cu/su-kien/cb/ban-in/chi-uy").is(http.StatusOK).says("Dự thảo", "Phạm Văn Đạt")
	v.get("/bau-cu/su-kien/cb/phieu/chi-uy").is(http.StatusOK).says("chưa được biểu quyết")
	v.get("/bau-cu/su-kien/cb/phieu-tep/chi-uy?tep=pdf").is(http.StatusNotFound)
	v.doing(list, "vote", fields("for", "5", "against", "6", "other", "0", "base", "11")).is(http.StatusUnprocessableEntity).says("không được thông qua")
	v.doing(list, "vote", fields(raised...)).is(http.StatusSeeOther)
	v.get(list).is(http.StatusOK).says("Danh sách đã biểu quyết", "Gạch tên", "chưa gắn với cuộc họp")
	v.get("/bau-cu/cuoc/cb/chi-uy").is(http.StatusSeeOther)
	v.get("/bau-cu/su-kien/cb/ban-in/chi-uy").is(http.StatusOK).says("Bầu 3 trong 4 người")
	printBallots(t, v)

	// Figures from paper; three pass and the chain moves on by itself.
	figures := fields("summoned", "11", "present", "11", "printed", "12", "issued", "11", "spoiled", "0", "unused", "1", "collected", "11", "valid", "11", "invalid", "0")
	votes := []string{"11", "10", "9", "3"}
	n := 0
	for _, in := range v.get(list).all("input") {
		if strings.HasPrefix(attr(in, "name"), "votes-") {
			figures.Set(attr(in, "name"), votes[n])
			n++
		}
	}
	if n != 4 {
		t.Fatalf("%d fields for votes", n)
	}
	v.doing(list, "report", figures).is(http.StatusSeeOther)
	v.get(programme).is(http.StatusOK).says("trúng cử 3 / 3, mẫu số 11, cần 6 phiếu", "Trúng cử: 3 người")
	const secretary = "/bau-cu/su-kien/cb/danh-sach/bi-thu"
	v.doing(secretary, "open", nil).is(http.StatusSeeOther)
	v.get(secretary).is(http.StatusOK).says("Chọn trong số người vừa trúng cử", "Nguyễn Văn An")
	v.submit(programme, programme, fields("reason", "Chi bộ nhỏ")).is(http.StatusSeeOther)
	v.get(programme).is(http.StatusOK).says("Đã bỏ qua", "Chi bộ nhỏ")
	// English, and somebody who may only read.
	v.get("/ngon-ngu/en?ve=" + programme)
	v.get(programme).is(http.StatusOK).says("The chain of elections", "Election of the cell secretary")
	a := h.as("kiemtra").get(list).is(http.StatusOK)
	for _, f := range a.all("form") {
		if attr(f, "method") == "post" && attr(f, "action") == "" {
			t.Error("somebody who may only read is offered a form")
		}
	}
	h.as("kiemtra").post(list, fields("act", "x1", "do", "vote")).is(http.StatusForbidden)
}

// What leaves the house of a contest in a chain, or of the whole event, verifies
// with its lists and decisions in it; redacted it holds no name.
func TestBundlesOfAChainVerify(t *testing.T) {
	h := newHouse(t)
	h.counted(h.cellChain("b", "2025-09-25"), 11, 11, 6, 5)
	short := h.cellChain("d", "2025-09-25")
	h.counted(short, 11, 10, 5, 5)
	h.do("canbo", election.DecideRound{OnRound: short, Choice: election.ChooseFurther, Hand: &election.Hand{For: 11, Base: 11}, Reason: "Bầu cho đủ"})
	v := h.as("canbo")
	path := filepath.Join(t.TempDir(), "b.zip")
	for _, from := range []string{"/bau-cu/goi/b/chi-uy", "/bau-cu/goi/d/chi-uy", "/bau-cu/goi/d/chi-uy?dang=rut-gon", "/bau-cu/su-kien/d/goi", "/bau-cu/su-kien/d/goi?dang=rut-gon"} {
		b := v.get(from).is(http.StatusOK)
		if err := os.WriteFile(path, b.body, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if code := bundle.Main([]string{path, "--key", h.desk.VerifierKey()}, nil, &out, &errs); code != 0 {
			t.Errorf("%s: exit %d\n%s%s", from, code, out.String(), errs.String())
		}
		if strings.Contains(from, "rut-gon") && strings.Contains(string(unzipped(t, b.body)), "Nguyễn Văn An") {
			t.Errorf("%s holds a name", from)
		}
	}
}

// printBallots: the voted list is set as a ballot, seen, changed, and taken
// away as PDF and layout.
func printBallots(t *testing.T, v *visitor) {
	t.Helper()
	const page, files = "/bau-cu/su-kien/cb/phieu/chi-uy", "/bau-cu/su-kien/cb/phieu-tep/chi-uy"
	v.get(page).is(http.StatusOK).says("In phiếu bầu", "Mẫu này chưa được đọc thử: chỉ in để xem", "Mặt 1 trong 1", "Tải PDF (1 phiếu)", "Mọi tờ phiếu giống hệt nhau")
	p := v.get(page + "?giay=A5&dang=strike&so=12&dau=1&ten=B%E1%BA%A7u+Chi+%E1%BB%A7y").is(http.StatusOK).says("Tải PDF (12 phiếu)")
	for _, img := range p.all("img") {
		if src := attr(img, "src"); strings.Contains(src, "phieu-tep") {
			if body := string(v.get(src).is(http.StatusOK).body); !strings.HasPrefix(body, "\x89PNG") {
				t.Error("the picture of the ballot is no picture")
			}
		}
	}
	const asked = "?giay=A5&dang=strike&so=12&ten=B%E1%BA%A7u+Chi+%E1%BB%A7y&tep="
	if body := string(v.get(files + asked + "pdf").is(http.StatusOK).body); !strings.HasPrefix(body, "%PDF-") {
		t.Error("the ballots are no PDF")
	}
	l, err := paper.ParseLayout(v.get(files + asked + "bo-cuc").is(http.StatusOK).body)
	if err != nil {
		t.Fatal(err)
	}
	if l.Contest != "cb/chi-uy" || l.Seats != 3 || len(l.Candidates) != 4 || l.Form != paper.FormStrike || l.Paper.W != 148 {
		t.Errorf("the layout is of %s, %d seats, %d names, %s on %g mm", l.Contest, l.Seats, len(l.Candidates), l.Form, l.Paper.W)
	}
	v.get(page + "?giay=A3").is(http.StatusOK).says("không biết khổ giấy")
	v.get(page + "?giay=A5&so=0").is(http.StatusOK).says("Số phiếu phải từ 1")
	v.get(page + "?giay=A5&ten=%E5%B9%B3").is(http.StatusOK).says("phông chữ không in được")
	v.get(files + asked + "mat-2").is(http.StatusNotFound)
	v.get(files + asked + "gi").is(http.StatusNotFound)
}
