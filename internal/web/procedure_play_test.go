package web

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

const playDay = "23/11/2026" // the day of the house

// procedureHouse is the small province with two persons who may be put
// forward, two who count, and one relative of the first.
func procedureHouse(t *testing.T, db *store.DB) *house {
	t.Helper()
	h := newHouseOn(t, db)
	h.seed()
	for id, name := range map[string]string{"ung-vien-a": "Lý Thị An", "ung-vien-b": "Vi Văn Bình", "dem-a": "Hà Thị Cúc", "dem-b": "Mai Văn Dũng", "anh-em": "Lý Văn Em"} {
		born, err := vn.ParsePartial("1980-06-15")
		if err != nil {
			t.Fatal(err)
		}
		h.do("canbo", person.Record{ID: "person/" + id, Home: "org/tinh", Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: name, Born: born, Gender: "female"}})
		h.do("canbo", person.TakePost{ID: "post/" + id, Person: "person/" + id, Org: "org/tinh/btc", Title: "staff", From: vn.MustDate("2010-01-01")})
	}
	h.do("canbo", person.RecordKin{ID: "kin/anh-em", Person: "person/ung-vien-a", Home: "org/tinh", Other: "person/anh-em", Tie: "sibling", Decision: org.Decision{Number: "Bản khai lý lịch"}})
	return h
}

// hand fills the forms of a case: by plain requests or in a browser.
type hand interface {
	open(fill url.Values) (path string)
	do(path, act, query string, fill url.Values)
}

// plain is a hand without a browser. A refusal may be met at each form first.
type plain struct{ v *visitor }

func (p plain) open(fill url.Values) string {
	a := p.v.submit("/quy-trinh/mo", "", fill).is(http.StatusSeeOther)
	path, _, _ := strings.Cut(a.header.Get("Location"), "?")
	return path
}

func (p plain) do(path, act, query string, fill url.Values) {
	p.v.h.t.Helper()
	p.v.submit(path+"/lam/"+act+query, "", fill).is(http.StatusSeeOther)
}

// refused is a form that is not taken, what was typed kept, with the words.
func (p plain) refused(path, act, query string, status int, fill url.Values, words ...string) {
	p.v.h.t.Helper()
	a := p.v.submit(path+"/lam/"+act+query, "", fill).is(status).says(words...)
	for name, vs := range fill {
		if got := a.value(name); got != "" && got != vs[0] {
			p.v.h.t.Errorf("%s: %s is %q after the refusal, %q was typed", act, name, got, vs[0])
		}
	}
}

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// papers is a form with number and day of a document, and more.
func papers(number string, pairs ...string) url.Values {
	f := form(pairs...)
	f.Set("number", number)
	f.Set("date", playDay)
	return f
}

// playDefinition is the definition the play follows.
func playDefinition(t *testing.T) *rule.Procedure {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	_, def, err := lib.Procedure("appointment-local", vn.MustDate("2026-11-23"))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// scene is one case on its way; at runs before each form that a refusal may be
// met at.
type scene struct {
	hand
	path string
	def  *rule.Procedure
	at   func(when string)
}

func (s *scene) when(w string) {
	if s.at != nil {
		s.at(w)
	}
}

func (s *scene) begin(names ...string) {
	s.path = s.open(form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal", "need", "Khuyết một phó trưởng ban"))
	s.when("opened")
	s.do(s.path, "xin-chu-truong", "", papers("1-TTr/BTC"))
	s.do(s.path, "chu-truong", "", papers("2-TB/TU", "yes", "yes"))
	for _, n := range names {
		s.do(s.path, "nguoi", "", form("person", n))
	}
	s.when("persons")
}

// sheet gives a person what the conditions ask for.
func (s *scene) sheet(id string) {
	s.do(s.path, "so-lieu", "?nguoi="+id, form("planned", "yes", "no_discipline", "on"))
	for _, k := range s.def.Conditions {
		if k.Fact == "judged" {
			s.do(s.path, "dieu-kien", "?nguoi="+id+"&dieu="+k.ID, papers("12-GCN", "state", procedure.Met, "where", "tủ 3"))
		}
	}
}

func (s *scene) settle(step string) {
	item := rule.StepItem(s.def.ID, step)
	s.do(s.path, "cach-hieu", "?muc="+url.QueryEscape(item), papers("5-KL/TU", "reading", item+"="+rule.MainReading, "reason", "Ban Thường vụ kết luận cách làm"))
}

// steps plays the steps with one clear favourite.
func (s *scene) steps(persons int) {
	for i, st := range s.def.Steps {
		s.when("step " + st.ID)
		s.settle(st.ID)
		s.when("settled " + st.ID)
		if st.Opinion {
			s.when("opinion")
			s.do(s.path, "y-kien", "", papers("3-CV/ĐU", "by", "Đảng ủy Ban"))
		}
		q := "?buoc=" + st.ID
		if st.Contest == "" {
			s.do(s.path, "mo-buoc", q, form("on", playDay))
			s.when("open " + st.ID)
			s.do(s.path, "thong-qua", q, form("summoned", "10", "present", "10", "for", "9", "words", "Thống nhất danh sách"))
			continue
		}
		s.do(s.path, "mo-buoc", q, form("on", playDay, "team", "Hà Thị Cúc\nMai Văn Dũng"))
		s.when("open " + st.ID)
		fill := form("summoned", "10", "present", "10", "incumbents", "10", "issued", "10", "collected", "10", "valid", "10", "invalid", "0", "v1", "9", "d1", "1")
		if persons > 1 && i < 2 {
			fill.Set("v2", "1")
			fill.Set("d2", "9")
		}
		s.do(s.path, "ket-qua", q, fill)
		s.when("counted " + st.ID)
		s.do(s.path, "ban-ky", "", form("kind", "biên bản kiểm phiếu", "buoc", st.ID, "date", playDay, "where", "tủ 3, ngăn 2", "signers", "Hà Thị Cúc"))
	}
}

// after plays from submission to the decision; asked is the entry of the
// question to another body, read from the page.
func (s *scene) after(asked func() string) {
	s.when("finished")
	s.do(s.path, "trinh", "", papers("7-TTr/BTC", "person", "person/ung-vien-a"))
	s.do(s.path, "hoi-y-kien", "", papers("8-CV/BTC", "by", "Ủy ban Kiểm tra Tỉnh ủy"))
	s.when("asked")
	s.do(s.path, "tra-loi", "?hoi="+asked(), papers("9-CV/UBKT", "yes", "yes"))
	s.when("answered")
	s.do(s.path, "tham-dinh", "", papers("10-PTĐ/BTC", "yes", "yes"))
	s.when("appraised")
	s.do(s.path, "quyet-dinh", "", papers("11-QĐ/TU", "outcome", procedure.OutcomeAppoint, "from", playDay))
}

// link is where the first link of a page with this piece of address leads.
func (a *answer) link(piece string) string {
	a.t.Helper()
	for _, l := range a.all("a") {
		if strings.Contains(attr(l, "href"), piece) {
			return attr(l, "href")
		}
	}
	a.t.Fatalf("no link to %q:\n%s", piece, a.text())
	return ""
}

// TestProcedureByItsPages plays a case to the post in the registry by plain
// forms; at each stage the forms refuse what must not be, keep what was typed
// and say what to do.
func TestProcedureByItsPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := procedureHouse(t, db)
		p := plain{h.as("canbo")}
		s := &scene{hand: p, def: playDefinition(t)}
		s.at = procedureRefusals(p, s)
		p.v.submit("/quy-trinh/mo", "", form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "quota", "0", "class", "internal", "need", "x")).is(http.StatusUnprocessableEntity).says("Số lượng được giao đã đủ")
		p.v.submit("/quy-trinh/mo", "", form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal")).is(http.StatusUnprocessableEntity).says("Cần ghi nội dung")
		p.v.submit("/quy-trinh/mo", "", form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "0", "class", "internal", "need", "x")).is(http.StatusUnprocessableEntity).says("từ 1 đến 100")
		p.v.submit("/quy-trinh/mo", "", form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal", "need", "x", "on", "1/11/2026")).is(http.StatusUnprocessableEntity).says("đánh dấu chép lại")
		s.begin("Lý Thị An", "Vi Văn Bình")
		s.sheet("person/ung-vien-a")
		s.sheet("person/ung-vien-b")
		s.steps(2)
		asked := func() string { _, n, _ := strings.Cut(p.v.get(s.path).link("tra-loi?hoi="), "="); return n }
		s.after(asked)
		p.v.get(s.path).is(200).says("đã kết thúc", "11-QĐ/TU", "Lý Thị An")
		p.refused(s.path, "dung", "", http.StatusUnprocessableEntity, form("reason", "x"), "đã kết thúc")
		p.v.get("/can-bo/ung-vien-a").is(200).says("Phó Trưởng ban", "11-QĐ/TU")
		p.v.get(s.path+"/dien-bien").is(200).says("2-TB/TU", "10 / 10", "Hà Thị Cúc", "90,00%")
		desktest.CheckRebuild(t, h.desk)
	})
}

// procedureRefusals meets every refusal of the forms at its stage.
func procedureRefusals(p plain, s *scene) func(string) {
	const no = http.StatusUnprocessableEntity
	figures := func(pairs ...string) url.Values {
		f := form("summoned", "10", "present", "10", "incumbents", "10", "issued", "10", "collected", "10", "valid", "10", "invalid", "0", "v1", "9", "d1", "1", "v2", "1", "d2", "9")
		maps.Copy(f, form(pairs...))
		return f
	}
	at := map[string]func(){
		"opened": func() {
			p.refused(s.path, "chu-truong", "", no, papers("2-TB", "yes", "yes"), "Chưa xin")
			p.refused(s.path, "xin-chu-truong", "", no, form("number", "1"), "Cần")
			p.refused(s.path, "mo-buoc", "?buoc=1", no, form("on", playDay), "Chưa có chủ trương")
			p.refused(s.path, "tham-dinh", "", no, papers("1", "yes", "yes"), "chưa trình")
			p.refused(s.path, "quyet-dinh", "", no, papers("1", "from", playDay), "chưa thẩm định")
			p.refused(s.path, "chuyen-ban", "", no, form("on", playDay, "reason", "x"), "đang theo đúng")
			p.v.get(s.path).says("chưa xin chủ trương", "Xin chủ trương")
		},
		"persons": func() {
			p.refused(s.path, "xin-chu-truong", "", no, papers("1"), "đã được xin")
			p.refused(s.path, "nguoi", "", no, form("person", "Không Có Ai"), "Không thấy")
			p.refused(s.path, "nguoi", "", no, form("person", "Lý Thị An"), "đã có trong hồ sơ")
			p.refused(s.path, "mo-buoc", "?buoc=2", no, form("on", playDay, "team", "Hà Thị Cúc"), "trước")
			p.refused(s.path, "so-lieu", "?nguoi=person/ung-vien-a", no, form("reprimand", "1/1/2030"), "chưa đến")
			p.refused(s.path, "so-lieu", "?nguoi=person/ung-vien-a", no, form("reprimand", "31/2/2020"), "Chưa đọc được ngày")
			p.refused(s.path, "dieu-kien", "?nguoi=person/ung-vien-a&dieu=file", no, form("state", procedure.Met), "Cần số và ngày văn bản")
			p.refused(s.path, "dieu-kien", "?nguoi=person/ung-vien-a&dieu=file", no, papers("9", "state", procedure.Excepted), "Cần ghi nội dung")
			p.refused(s.path, "cach-hieu", "", no, papers("5-KL", "reason", "x"), "không phải mục")
			p.refused(s.path, "rut-nguoi", "?nguoi=person/ung-vien-b", no, nil, "Cần ghi nội dung")
			p.refused(s.path, "khai-quan-he", "", no, form("person", "Không Có Ai"), "Không thấy")
			p.refused(s.path, "thanh-tra", "", no, papers("1-QĐ", "login", "khongco", "until", "1/12/2026"), "Không có tài khoản")
			p.refused(s.path, "thanh-tra", "", no, papers("1-QĐ", "login", "kiemtra", "until", "1/1/2026"), "phải sau hôm nay")
			p.v.get(s.path).says("Lý Thị An: chưa đối chiếu điều kiện")
		},
		"step 1": func() {
			p.refused(s.path, "mo-buoc", "?buoc=1", no, form("on", playDay), "chưa được xác nhận")
		},
		"open 1": func() {
			p.refused(s.path, "mo-buoc", "?buoc=1", no, form("on", playDay), "đang mở")
			p.refused(s.path, "thong-qua", "?buoc=1", no, form("summoned", "10", "present", "11", "for", "9"), "không quá")
			p.refused(s.path, "thong-qua", "?buoc=1", no, form("summoned", "10", "present", "10", "for", "5"), "chưa được thông qua")
			p.refused(s.path, "thong-qua", "?buoc=1", no, form("summoned", "mười", "present", "10", "for", "5"), "số")
		},
		"step 2": func() {
			p.refused(s.path, "nguoi", "", no, form("person", "Hà Thị Cúc"), "đã thông qua; chỉ đưa thêm người")
		},
		"open 2": func() {
			p.refused(s.path, "ket-qua", "?buoc=2", no, figures("collected", "11"), "mâu thuẫn")
			p.refused(s.path, "ket-qua", "?buoc=2", no, figures("v2", ""), "Thiếu số phiếu của Vi Văn Bình")
			p.refused(s.path, "ket-qua", "?buoc=2", no, figures("v1", "chín"), "số")
			p.refused(s.path, "ban-ky", "", no, form("kind", "biên bản", "date", playDay, "where", "tủ"), "Cần ghi người ký")
			p.refused(s.path, "ban-ky", "", no, form("kind", "biên bản", "date", playDay, "where", "tủ", "signers", "Lý Thị An"), "Người liên quan")
			p.refused(s.path, "rut-nguoi", "?nguoi=person/ung-vien-a", no, form("reason", "x"), "đang được bỏ phiếu")
		},
		"settled 3": func() {
			p.refused(s.path, "mo-buoc", "?buoc=3", no, form("on", playDay), "Cần tổ kiểm phiếu")
			p.refused(s.path, "mo-buoc", "?buoc=3", no, form("on", playDay, "team", "Lý Văn Em"), "quan hệ gia đình")
			p.refused(s.path, "mo-buoc", "?buoc=3", no, form("on", playDay, "team", "Lý Thị An"), "Người liên quan")
			p.refused(s.path, "mo-buoc", "?buoc=3", no, form("on", "1/12/2026", "team", "Hà Thị Cúc"), "chưa đến")
			p.refused(s.path, "mo-buoc", "?buoc=3", no, form("on", playDay, "team", "Hà Thị Cúc", "meeting", "khong-co"), "Không có cuộc họp")
		},
		"opinion": func() {
			p.refused(s.path, "mo-buoc", "?buoc=5", no, form("on", playDay, "team", "Hà Thị Cúc"), "ý kiến bằng văn bản")
			p.refused(s.path, "trinh", "", no, papers("7-TTr"), "chưa xong")
		},
		"finished": func() {
			p.refused(s.path, "hoi-y-kien", "", no, papers("8", "by", "x"), "chưa trình")
			p.refused(s.path, "lam-ro", "?buoc=3", no, papers("1", "words", "x"), "Không có kết quả khác nhau")
		},
		"asked": func() {
			p.refused(s.path, "tham-dinh", "", no, papers("10", "yes", "yes"), "chưa trả lời")
			p.do(s.path, "don-thu", "", form("person", "person/ung-vien-a", "words", "Đơn tố cáo"))
			p.refused(s.path, "don-thu", "", no, form("person", "person/ung-vien-a"), "Cần ghi nội dung")
		},
		"answered": func() {
			p.refused(s.path, "tham-dinh", "", no, papers("10", "yes", "yes"), "đơn thư")
			_, letter, _ := strings.Cut(p.v.get(s.path).link("xu-ly-don?don="), "=")
			p.refused(s.path, "xu-ly-don", "?don="+letter, no, papers("12", "outcome", "handled"), "Cần ghi nội dung")
			p.do(s.path, "xu-ly-don", "?don="+letter, papers("12-KL", "outcome", "handled", "words", "Không có căn cứ"))
		},
		"appraised": func() {
			p.refused(s.path, "quyet-dinh", "", no, papers("11-QĐ", "outcome", procedure.OutcomeAppoint), "Cần ngày quyết định có hiệu lực")
			p.refused(s.path, "bau", "", no, papers("1", "yes", "yes", "on", playDay), "không chờ bầu cử")
			p.refused(s.path, "chuan-y", "", no, papers("1"), "Chưa có kết quả bầu")
		},
	}
	return func(w string) {
		if f := at[w]; f != nil {
			f()
			delete(at, w)
		}
	}
}
