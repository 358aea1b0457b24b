package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestNewOfficerDay: somebody logs in by one click, founds a unit, renames it,
// and finds both in the ledger.
func TestNewOfficerDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { newOfficerDay(newHouseOn(t, db)) })
}

func newOfficerDay(h *house) {
	t := h.t
	h.seed()
	v := h.as("canbo")
	v.get("/").is(200).says("Bàn làm việc", "Cán bộ tổ chức (mẫu)", "Nhật ký chứng thực", "Bắt đầu từ đâu",
		"Tổ chức còn trực thuộc đơn vị không tồn tại") // the communes of the dissolved district
	v.get("/to-chuc").is(200).says("Tỉnh ủy Mẫu", "Ban Tổ chức Tỉnh ủy Mẫu", "Thành lập tổ chức")
	v.get("/to-chuc/don-vi/xa-1").is(200).says("Đảng ủy xã Đồng Tâm Mới (mẫu)", "Thành lập với tên Đảng ủy xã Đồng Tâm (mẫu), trực thuộc Huyện ủy Sông Lam (mẫu).", "12-QĐ/TU")

	p := v.submit("/to-chuc/thanh-lap", "", url.Values{"name": {"Đảng ủy xã Tân Lập (mẫu)"}, "kind": {"grassroots"}, "parent": {"dang uy"}, "from": {"1/7/2025"}})
	p.is(http.StatusUnprocessableEntity).says("Có nhiều tổ chức khớp", "Đảng ủy xã Hòa Bình (mẫu)")
	if v := p.value("name"); v != "Đảng ủy xã Tân Lập (mẫu)" {
		t.Errorf("what was typed is lost: %q", v)
	}
	p = v.submit("/to-chuc/thanh-lap", "", url.Values{"name": {"Đảng ủy xã Tân Lập (mẫu)"}, "kind": {"grassroots"}, "parent": {"org/tinh"}, "from": {"1/7/2025"}, "number": {"9-QĐ/TU"}, "date": {"20/6/2025"}})
	p.is(http.StatusSeeOther)
	unit := p.header.Get("Location")
	v.get(unit).is(200).says("Đã ghi vào Nhật ký chứng thực", "Đảng ủy xã Tân Lập (mẫu)", "9-QĐ/TU")
	path, _, _ := strings.Cut(unit, "?")
	v.submit(strings.Replace(path, "/don-vi/", "/viec/doi-ten/", 1), "", url.Values{"name": {"Đảng ủy xã Tân Tiến (mẫu)"}, "from": {"1/1/2026"}}).is(http.StatusSeeOther)
	v.get(path).is(200).says("Đảng ủy xã Tân Tiến (mẫu)", "Đổi tên thành Đảng ủy xã Tân Tiến (mẫu).")
	v.get(path+"?ngay=1/12/2025").is(200).says("Đảng ủy xã Tân Lập (mẫu)", "Anh/chị đang xem tình hình ngày 1/12/2025.")
	v.get("/tim?q=tan+tien").is(200).says("Đảng ủy xã Tân Tiến (mẫu)")
	v.get("/nhat-ky?loai=org.").is(200).says("Đổi tên tổ chức", "Thành lập tổ chức")
	desktest.CheckRebuild(t, h.desk)
}

// TestSameFormTwice: a form sent again after a lost answer is one act.
func TestSameFormTwice(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	form := url.Values{"act": {"FORM1FORM1FORM1FORM1FORM12"}, "seen": {"-1"}, "name": {"Chi bộ Mẫu"}, "kind": {"cell"}, "parent": {"org/xa-1"}, "from": {"1/1/2023"}}
	first := v.post("/to-chuc/thanh-lap", form).is(http.StatusSeeOther)
	again := v.post("/to-chuc/thanh-lap", form).is(http.StatusSeeOther)
	if a, b := first.header.Get("Location"), again.header.Get("Location"); b != a+"&lap=1" {
		t.Errorf("first to %s, again to %s", a, b)
	}
	v.get(again.header.Get("Location")).says("đã được ghi từ lần gửi trước")
}

// TestTwoOfficers: the second is told what changed, may look, and send again.
func TestTwoOfficers(t *testing.T) {
	h := newHouse(t)
	h.seed()
	one, two := h.as("canbo"), h.as("canbo2")
	path := "/to-chuc/viec/doi-ten/xa-2"
	theirs := two.get(path).is(200)
	one.submit(path, "", url.Values{"name": {"Tên của người thứ nhất"}, "from": {"1/1/2024"}}).is(http.StatusSeeOther)
	p := two.resubmit(theirs, path, "", url.Values{"name": {"Tên của người thứ hai"}, "from": {"1/2/2024"}})
	p.is(http.StatusConflict).says("Nội dung vừa được người khác thay đổi", "Đổi tên tổ chức", "Cán bộ tổ chức (mẫu)")
	if v := p.value("name"); v != "Tên của người thứ hai" {
		t.Errorf("what was typed is lost: %q", v)
	}
	two.resubmit(p, path, "", nil).is(http.StatusSeeOther)
	two.get("/to-chuc/don-vi/xa-2").says("Tên của người thứ hai")
}

// TestPersonFile: recorded, given a post, corrected; each view is in the read
// log; the administrator and the auditor do not see the file.
func TestPersonFile(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	p := v.submit("/can-bo/viec/moi", "", url.Values{"name": {"Lê Thị Hồng Ánh"}, "born": {"5/1985"}, "gender": {"female"}, "home": {"org/tinh"}})
	p.is(http.StatusSeeOther)
	path, _, _ := strings.Cut(p.header.Get("Location"), "?")
	v.get(path).is(200).says("Lê Thị Hồng Ánh", "5/1985", "nữ", "Mã hồ sơ person/"+strings.TrimPrefix(path, "/can-bo/"))
	key := strings.TrimPrefix(path, "/can-bo/")
	v.submit("/can-bo/viec/chuc-vu?nguoi="+key, "", url.Values{"title": {"deputy-secretary"}, "org": {"org/tinh"}, "from": {"1/3/2023"}}).is(http.StatusSeeOther)
	v.get(path).says("Phó Bí thư", "Tỉnh ủy Mẫu")
	v.get(path + "?ngay=1/1/2023").says("Không giữ chức vụ nào vào ngày này.")
	v.submit("/can-bo/viec/moi", "", url.Values{"name": {"Ai Đó"}, "born": {"30/2/1985"}, "home": {"org/tinh"}}).is(http.StatusUnprocessableEntity).says("Chưa đọc được ngày sinh")
	v.get("/can-bo?q=hong+anh").says("Lê Thị Hồng Ánh")
	v.get("/to-chuc/don-vi/tinh").says("Lê Thị Hồng Ánh", "Nguyễn Văn Mẫu")

	auditor := h.as("kiemtra")
	auditor.get("/nhat-ky/luot-xem").is(200).says("Cán bộ tổ chức (mẫu)", "person/"+key, "chuỗi băm nguyên vẹn")
	auditor.get(path).is(http.StatusForbidden)
	h.as("quantri.mau").get(path).is(http.StatusForbidden)
	h.as("quantri.mau").get("/tim?q=hong+anh").is(200).says("Không tìm thấy")
}

// TestEntryPage shows body, blocks, chain and a proof recomputed on the spot.
func TestEntryPage(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	rc := h.do("canbo", recordPerson("person/xoa-thu", "Phạm Văn Xóa"))
	entry := rc.Entries[0].Index
	path := "/nhat-ky/" + number("", entry)
	v.get(path).is(200).says("Ghi nhận người", "Còn nội dung", "Phạm Văn Xóa", "Đúng", "person/xoa-thu")
	h.as("kiemtra").get(path).is(200).says("Còn nội dung, vai trò này không xem được")
	if strings.Contains(h.as("kiemtra").get(path).text(), "Phạm") {
		t.Error("the auditor reads a name")
	}
	head := h.as("lanhdao")
	head.submit(path, path+"/xoa", url.Values{"decision": {"7-QĐ/TU ngày 1/11/2026"}}).is(http.StatusSeeOther)
	head.get(path).is(200).says("Đã xóa hoặc không lưu ở đây", "Xóa nội dung cá nhân")
	head.get("/can-bo/xoa-thu").is(200).says("(đã rút khỏi hồ sơ)")
	v.get("/nhat-ky/diem-chung").is(200).says("Mã trên giấy", "Dấu vân tay khóa")
	file := v.get("/nhat-ky/diem-chung/tai").is(200)
	if !strings.Contains(string(file.body), "\n— ") {
		t.Errorf("not a signed note: %q", file.body)
	}
	desktest.CheckRebuild(t, h.desk)
}

// TestAdministrator opens an account, grants a role, hands out a link; the
// holder sets a password; the link works once.
func TestAdministrator(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const second = "/nhat-ky/vai-tro-cho"
	admin := h.as("quantri.mau")
	admin.get("/quan-tri").is(200).says("Cán bộ tổ chức (mẫu)", "toàn tỉnh")
	p := admin.submit("/quan-tri/mo", "", url.Values{"display": {"Vũ Minh Khai"}, "login": {"Khai.Vu"}}).is(http.StatusSeeOther)
	path, _, _ := strings.Cut(p.header.Get("Location"), "?")
	admin.submit("/quan-tri/mo", "", url.Values{"display": {"Người Khác"}, "login": {"khai.vu"}}).is(http.StatusUnprocessableEntity).says("Tên đăng nhập này đã có người dùng")
	admin.submit("/quan-tri/mo", "", url.Values{"display": {"Người Khác"}, "login": {"khac.nguoi"}, "person": {"khong-co"}}).is(http.StatusUnprocessableEntity).says("Không có hồ sơ nhân sự với mã này")
	admin.submit("/quan-tri/mo", "", url.Values{"display": {"Người Khác"}, "login": {"khac.nguoi"}, "person": {"tran-thi-thu"}}).is(http.StatusSeeOther)
	admin.submit(path, path+"/vai-tro", url.Values{"role": {"officer"}, "org": {"ban to chuc tinh uy mau"}, "from": {"23/11/2026"}}).is(http.StatusSeeOther)
	// The account is bound to no person: the role waits for a second one.
	admin.get(path).says("Vai trò chờ người thứ hai", "chưa gắn với người nào", "chưa có vai trò")
	admin.get(second).is(http.StatusForbidden)
	h.as("canbo").get(second).is(http.StatusForbidden)
	auditor := h.as("kiemtra")
	auditor.get("/").says("Xác nhận vai trò của Vũ Minh Khai")
	auditor.submit(second, "", url.Values{"do": {"refuse"}}).is(http.StatusSeeOther)
	auditor.get(second).is(200).says("Không có vai trò nào chờ")
	admin.submit(path, path+"/vai-tro", url.Values{"role": {"officer"}, "org": {"ban to chuc tinh uy mau"}, "from": {"23/11/2026"}}).is(http.StatusSeeOther)
	admin.submit(path, path+"/thoi-cho", nil).is(http.StatusSeeOther)
	admin.get(path).is(200).lacks("Vai trò chờ người thứ hai")
	admin.submit(path, path+"/vai-tro", url.Values{"role": {"officer"}, "org": {"ban to chuc tinh uy mau"}, "from": {"23/11/2026"}}).is(http.StatusSeeOther)
	head := h.as("lanhdao")
	head.submit(second, "", url.Values{"do": {"confirm"}}).is(http.StatusSeeOther)
	admin.get(path).says("Cán bộ tổ chức, Ban Tổ chức Tỉnh ủy Mẫu").lacks("Vai trò chờ người thứ hai")
	head.submit(second, "", url.Values{"do": {"bind"}, "person": {"khong-co"}}).is(http.StatusUnprocessableEntity).says("Không có hồ sơ nhân sự với mã này")
	head.submit(second, "", url.Values{"do": {"bind"}, "person": {"tran-thi-thu"}}).is(http.StatusUnprocessableEntity).says("mỗi người một tài khoản")
	head.submit(second, "", url.Values{"do": {"bind"}, "person": {"nguyen-van-mau"}}).is(http.StatusSeeOther)
	head.get(second).is(200).says("Mọi tài khoản đang mở đều đã gắn với người")
	admin.get(path).says("person/nguyen-van-mau")
	p = admin.submit(path, path+"/moi", nil).is(200).says("Liên kết một lần")
	_, token, _ := strings.Cut(p.text(), "/moi/")
	token = strings.Fields(token)[0]
	holder := h.visitor()
	holder.get("/moi/"+token).is(200).says("Vũ Minh Khai", "khai.vu", "Gắn điện thoại")
	holder.submit("/moi/"+token, "", url.Values{"password": {"một câu đủ dài"}, "again": {"một câu khác hẳn"}, "code": {"000000"}}).is(http.StatusUnprocessableEntity).says("Hai lần gõ mật khẩu không giống nhau")
	set := holder.submit("/moi/"+token, "", url.Values{"password": {"một câu đủ dài"}, "again": {"một câu đủ dài"}, "code": {h.phone(token)}}).is(http.StatusSeeOther)
	holder.get(set.header.Get("Location")).is(http.StatusOK).says("Đã đặt mật khẩu")
	holder.get("/moi/" + token).is(http.StatusNotFound)

	// The second factor: first name and password, then the code.
	holder.submit("/dang-nhap", "/dang-nhap", url.Values{"name": {"khai.vu"}, "password": {"một câu đủ dài"}}).is(http.StatusSeeOther)
	holder.submit("/dang-nhap/ma", "", url.Values{"code": {"12 34 56"}}).is(http.StatusForbidden).says("Mã xác thực không đúng")
	h.clock.Add(90e9) // a code counts once; wait for a new one
	holder.submit("/dang-nhap/ma", "", url.Values{"code": {h.phoneNow()}}).is(http.StatusSeeOther)
	holder.get("/").is(200).says("Vũ Minh Khai", "Ban Tổ chức Tỉnh ủy Mẫu")
	holder.get("/quan-tri").is(http.StatusForbidden)

	// The administrator sees the session and ends it; closing ends the account.
	admin.get(path).says("Phiên làm việc", "127.0.0.1")
	admin.submit(path, path+"/thu-hoi", nil).is(http.StatusSeeOther)
	holder.get("/").is(http.StatusSeeOther)
	admin.submit(path, path+"/dong", nil).is(http.StatusSeeOther)
	admin.get(path).says("Đã đóng")
}

// TestGuessing: after some wrong passwords one is told to wait, and how long.
func TestGuessing(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	var last *answer
	for range 12 {
		last = v.submit("/dang-nhap", "/dang-nhap", url.Values{"name": {"canbo"}, "password": {"sai bét"}})
		last.is(http.StatusForbidden)
	}
	last.says("Đã thử sai nhiều lần", "hãy chờ")
	if strings.Contains(string(last.body), "sai bét") {
		t.Error("the password comes back in the page")
	}
}

// TestOwnAccount: sessions are listed and one's own can be ended.
func TestOwnAccount(t *testing.T) {
	h := newHouse(t)
	v := h.as("canbo")
	v.get("/tai-khoan").is(200).says("Cán bộ tổ chức (mẫu)", "phiên này", "đăng nhập", "Phím tắt")
	v.submit("/tai-khoan", "/phim-tat", nil).is(http.StatusSeeOther)
	v.get("/tai-khoan").says("Bật phím tắt")
	v.submit("/tai-khoan", "/tai-khoan/thu-hoi", nil).is(http.StatusSeeOther)
	v.get("/tai-khoan").is(http.StatusSeeOther)
}

// TestLanguages: the same page in English, numbers and dates too.
func TestLanguages(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.get("/to-chuc").says("tính đến 23/11/2026")
	if to := v.get("/ngon-ngu/en?ve=/to-chuc").is(http.StatusSeeOther).header.Get("Location"); to != "/to-chuc" {
		t.Errorf("back to %q", to)
	}
	v.get("/to-chuc").says("Organisations", "as of 23 Nov 2026", "Found an organisation")
	for _, away := range []string{"//evil.example/x", "https://evil.example/", "/\\evil.example"} {
		if to := v.get("/ngon-ngu/vi?ve=" + url.QueryEscape(away)).header.Get("Location"); to != "/" {
			t.Errorf("%q led to %q", away, to)
		}
	}
	if got := number("vi", 186600) + " " + percent("vi", "82.35"); got != "186.600 82,35%" {
		t.Error(got)
	}
	if got := number("en", 186600) + " " + percent("en", "82.35"); got != "186,600 82.35%" {
		t.Error(got)
	}
}

// TestAsOf: the date stays for the pages to come until it is set back.
func TestAsOf(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	to := v.get("/tinh-den?ngay=1/1/2000&ve=/to-chuc").is(http.StatusSeeOther).header.Get("Location")
	if to != "/to-chuc?ngay=2000-01-01" {
		t.Fatalf("to %q", to)
	}
	v.get("/to-chuc").says("1/1/2000", "Huyện ủy Sông Lam (mẫu)", "Trở về hôm nay")
	v.get("/to-chuc?ngay=2026-01-01").says("1/1/2026")
	v.get("/tinh-den?ve=/to-chuc").is(http.StatusSeeOther)
	if p := v.get("/to-chuc"); strings.Contains(p.text(), "Huyện ủy Sông Lam") {
		t.Error("the dissolved district still stands today")
	}
	v.get("/tinh-den?ngay=ng%C3%A0y+mai&ve=/").is(http.StatusUnprocessableEntity).says("Chưa đọc được ngày")
}

// TestLivePart: unchanged is 304 from memory, changed is the part alone.
func TestLivePart(t *testing.T) {
	h := newHouse(t)
	v := h.as("canbo")
	p := v.get("/ban-lam-viec/truc-tiep").is(200)
	etag := p.header.Get("ETag")
	same := v.send("GET", "/ban-lam-viec/truc-tiep", nil, http.Header{"If-None-Match": {etag}})
	if same.status != http.StatusNotModified || len(same.body) != 0 {
		t.Fatalf("unchanged: %d %q", same.status, same.body)
	}
	h.seed()
	v.send("GET", "/ban-lam-viec/truc-tiep", nil, http.Header{"If-None-Match": {etag}}).is(200).says("Việc chờ tôi")
}

// TestGlossary stands open and has every term with its meaning.
func TestGlossary(t *testing.T) {
	h := newHouse(t)
	p := h.as("canbo").get("/thuat-ngu").is(200).says("quá bán, không trúng cử", "passed, no seat", "Nhật ký chứng thực")
	if rows := len(p.all("tr")); rows < 55 {
		t.Errorf("only %d rows", rows)
	}
}

// value is what stands in a field of the page.
func (a *answer) value(name string) string {
	for _, in := range a.all("input", "textarea") {
		if attr(in, "name") == name {
			return attr(in, "value")
		}
	}
	return ""
}

// TestHallAccount: one officer opens it, cannot confirm it alone; the other
// confirms; the member logs in with codes from paper, each once.
func TestHallAccount(t *testing.T) {
	h := newHouse(t)
	h.seed()
	h.do("canbo", election.OpenEvent{ID: "thu", Kind: "national-assembly", Date: vn.MustDate("2026-12-20"), Title: rule.Words{VI: "Bầu cử thử", EN: "Test election"}, Sample: true})
	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/1", "2026-12-20")})
	one, two := h.as("canbo"), h.as("canbo2")
	const path = "/tai-khoan-hoi-truong"
	fill := url.Values{"person": {"thu"}, "login": {"kiemphieu1"}, "case": {"khong/co"}, "until": {"25/11/2026"}, "org": {"org/tinh"}}
	one.submit(path, path, fill).is(http.StatusUnprocessableEntity).says("Không có cuộc bầu nào mang mã")
	fill.Set("case", "thu/1")
	one.submit(path, path, fill).is(http.StatusSeeOther)
	one.get(path).says("Trần Thị Thử", "Chờ người thứ hai xác nhận")
	two.get("/").says("Tài khoản hội trường chờ xác nhận")
	var confirm string
	for _, f := range two.get(path).all("form") {
		if strings.HasSuffix(attr(f, "action"), "/xac-nhan") {
			confirm = attr(f, "action")
		}
	}
	one.post(confirm, url.Values{"act": {"SELFSELFSELFSELFSELFSELF12"}, "seen": {"-2"}}).is(http.StatusForbidden).says("cần một cán bộ khác")
	two.submit(path, confirm, nil).is(http.StatusSeeOther)
	slipPath := strings.Replace(confirm, "/xac-nhan", "/phieu", 1)
	p := one.submit(path, slipPath, nil).is(200).says("Phiếu mã của Trần Thị Thử", "kiemphieu1")
	_, token, _ := strings.Cut(p.text(), "/moi/")
	token = strings.Fields(token)[0]
	var code string
	for _, li := range p.all("li") {
		if attr(li, "class") == "code" && code == "" {
			code = nodeText(li)
		}
	}
	member := h.visitor()
	member.submit("/moi/"+token, "", url.Values{"password": {"một câu đủ dài"}, "again": {"một câu đủ dài"}}).is(http.StatusSeeOther)
	member.submit("/dang-nhap", "/dang-nhap", url.Values{"name": {"kiemphieu1"}, "password": {"một câu đủ dài"}}).is(http.StatusSeeOther)
	member.submit("/dang-nhap/ma", "", url.Values{"code": {code}}).is(http.StatusSeeOther)
	member.get("/").is(200).says("Trần Thị Thử")
	member.get("/to-chuc").is(http.StatusForbidden)
	again := h.visitor()
	again.submit("/dang-nhap", "/dang-nhap", url.Values{"name": {"kiemphieu1"}, "password": {"một câu đủ dài"}}).is(http.StatusSeeOther)
	again.submit("/dang-nhap/ma", "", url.Values{"code": {code}}).is(http.StatusForbidden).says("đã dùng")
	one.submit(path, strings.Replace(confirm, "/xac-nhan", "/dong", 1), nil).is(http.StatusSeeOther)
	member.get("/").is(http.StatusSeeOther)
}

// TestFirstRoleIsTold: the administrator of a new house learns whom to give the
// first role, before others wait for somebody who is not there.
func TestFirstRoleIsTold(t *testing.T) {
	h := newHouse(t)
	const first = "Mở tài khoản cho lãnh đạo Ban hoặc người kiểm tra, giám sát"
	admin := h.as("quantri.mau")
	admin.get("/").is(http.StatusOK).lacks(first)
	h.byHand(`DELETE FROM account_grant WHERE role IN ('head', 'auditor')`)
	admin.get("/").is(http.StatusOK).says(first)
	h.as("canbo").get("/").is(http.StatusOK).lacks(first)
}
