package web

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/demo"
	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// electionHouse is the house with the whole sample province.
func electionHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	if err := demo.Seed(t.Context(), h.desk, h.db); err != nil {
		t.Fatal(err)
	}
	return h
}

// From the desk one click leads to the election of 2021; its facts, totals and
// filters are those of the published result.
func TestElectionOfTheNationalAssembly(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	home := v.get("/").is(http.StatusOK)
	found := false
	for _, a := range home.all("a") {
		found = found || attr(a, "href") == "/bau-cu/su-kien/qh15"
	}
	if !found {
		t.Error("the desk page has no link to the election")
	}
	v.get("/bau-cu").is(http.StatusOK).says("Bầu cử đại biểu Quốc hội khóa XV", "866", "500")
	if text := v.get("/bau-cu?ngay=1/1/2020").is(http.StatusOK).text(); strings.Contains(text, "Quốc hội khóa XV") {
		t.Error("the list of a day before the election shows it")
	}
	v.submit("/bau-cu", "/bau-cu", url.Values{"title": {"Đại hội thử"}, "kind": {"congress"}, "date": {"30/02/2025"}}).is(http.StatusUnprocessableEntity).says("Chưa đọc được ngày")
	v.submit("/bau-cu", "/bau-cu", url.Values{"title": {"Đại hội thử"}, "kind": {"congress"}, "date": {"20/6/2025"}}).is(http.StatusSeeOther)
	v.get("/bau-cu/su-kien/dai-hoi-thu-2025-06-20").is(http.StatusOK).says("Đại hội thử")
	v.get("/bau-cu/su-kien/dai-hoi-thu-2025-06-20/ra-soat").is(http.StatusOK).says("190-QĐ/TW")
	p := v.get("/bau-cu/su-kien/qh15").is(http.StatusOK).says("184", "866", "500 / 500", "26", "184 cuộc bầu", "69.523.133", "Khớp")
	if n := len(p.all("tr")); n < 30 {
		t.Errorf("%d rows on the first page", n)
	}
	for query, want := range map[string]string{
		"?noi=T%E1%BB%89nh+%C4%90%E1%BA%AFk+N%C3%B4ng": "2 cuộc bầu", "?tim=dieu+le+nam+nam": "1 cuộc bầu", "?loc=condition": "2 cuộc bầu",
		"?xep=margin": "184 cuộc bầu", "?tim=khongcoai": "Không có cuộc bầu nào khớp", "?trang=4": "184 cuộc bầu", "?trang=x": "184 cuộc bầu",
	} {
		v.get("/bau-cu/su-kien/qh15" + query).is(http.StatusOK).says(want)
	}
	if n := len(v.get("/bau-cu/su-kien/qh15/qua-ban").is(http.StatusOK).all("tr")); n != 27 {
		t.Errorf("%d rows of persons over one half without a seat, want 26 and the header", n)
	}
	c := v.get("/bau-cu/cuoc/qh15/dak-nong/1").is(http.StatusOK).says("Nguyễn Trường Giang", "153.669", "82,35%", "93.301", "8.312", "186.600", "Trúng cử", "Không trúng cử",
		"Điều 78, 85/2015/QH13", "Nhập số liệu còn thiếu", "186.594 – 186.607", "CC-BY 4.0")
	law, entry := false, false
	for _, a := range c.all("a") {
		if href := attr(a, "href"); href == lawURL("85/2015/QH13", vn.MustDate("2015-06-25"), "state-election.winner", vn.MustDate("2021-05-23")) {
			law = true
			v.get(href).is(http.StatusSeeOther)
		}
		entry = entry || strings.HasPrefix(attr(a, "href"), "/nhat-ky/")
	}
	if !law || !entry {
		t.Errorf("links to the article: %v, to the entry: %v", law, entry)
	}
	v.get("/bau-cu/ra-soat/qh15/dak-nong/1").is(http.StatusOK).says("85/2015/QH13")
	v.get("/bau-cu/su-kien/qh15/ra-soat").is(http.StatusOK).says("85/2015/QH13")
	v.get("/bau-cu/cuoc/qh15/nowhere/1").is(http.StatusNotFound)
	v.get("/tim?q=truong+giang").is(http.StatusOK).says("Nguyễn Trường Giang")
	e := h.as("canbo")
	e.lang = "en"
	e.get("/bau-cu/cuoc/qh15/dak-nong/1").is(http.StatusOK).says("153,669", "82.35%", "Elected", "Not recorded")
	e.get("/bau-cu/su-kien/qh15").is(http.StatusOK).says("184 contests", "69,523,133")
}

// entered is the form of a small constituency, as typed.
func entered() url.Values {
	f := url.Values{"title": {"Đơn vị bầu cử số 7"}, "place": {"Tỉnh Thử Nghiệm"}, "unit": {"7"}, "seats": {"2"}, "ballots.valid": {"10.000"},
		"voters.listed": {"12.000"}, "voters.voted": {"11 500"}, "ballots.issued": {"11.500"}, "ballots.collected": {"11.500"}, "ballots.invalid": {"1.500"}}
	for i, x := range []struct{ name, votes string }{{"Nguyễn Văn <b>Thử</b>", "8.000"}, {"Trần Thị Hai", "6.500"}, {"Lê Văn Ba", "3.000"}, {"Phạm Bốn", "1.200"}} {
		f.Set(fmt.Sprintf("candidates[%d].name", i), x.name)
		f.Set(fmt.Sprintf("candidates[%d].votes", i), x.votes)
	}
	return f
}

// An officer enters a contest by hand, sees a slip named at its field, adds
// rows, previews, records, corrects with a reason, and compares; a colleague
// whose form is older is told what changed.
func TestContestByHand(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	const form = "/bau-cu/su-kien/qh15/nhap"
	bad := entered()
	bad.Set("candidates[2].votes", "ba nghìn")
	p := v.submit(form, "", bad).is(http.StatusUnprocessableEntity).says("không phải số nguyên")
	for _, in := range p.all("input") {
		if attr(in, "name") == "candidates[2].votes" && (attr(in, "value") != "ba nghìn" || attr(in, "aria-invalid") != "true") {
			t.Error("the typed value is lost or the field is not marked")
		}
	}
	more := entered()
	before := len(v.get(form).all("tr"))
	more["them"] = []string{"nguoi"}
	p = v.post(form, withAct(more))
	if n := len(p.is(http.StatusOK).all("tr")); n != before+5 {
		t.Errorf("%d rows after asking for more, %d before", n, before)
	}
	look := entered()
	look["xem"] = []string{"1"}
	head := h.desk.Head()
	v.post(form, withAct(look)).is(http.StatusOK).says("chưa ghi nhận", "Trúng cử", "80,00%")
	if h.desk.Head() != head {
		t.Error("a preview was recorded")
	}
	done := v.submit(form, "", entered()).is(http.StatusSeeOther)
	where := done.header.Get("Location")
	if !strings.HasPrefix(where, "/bau-cu/cuoc/qh15/thu-nghiem/7?ghi=") {
		t.Fatalf("sent to %s", where)
	}
	v.get(where).is(http.StatusOK).says("Nguyễn Văn <b>Thử</b>", "8.000", "2 / 2", "Đã có kết quả")
	if n := len(v.get(where).all("b")); n == 0 {
		t.Error("no page")
	}
	const correct = "/bau-cu/dinh-chinh/qh15/thu-nghiem/7"
	older := v.get(correct).is(http.StatusOK)
	v.submit(correct, "", url.Values{"candidates[3].votes": {"1.300"}}).is(http.StatusUnprocessableEntity).says("Hãy ghi lý do đính chính")
	v.submit(correct, "", url.Values{"candidates[3].votes": {"1.300"}, "reason": {"Cộng sót tổ 3"}}).is(http.StatusSeeOther)
	v.get("/bau-cu/cuoc/qh15/thu-nghiem/7").is(http.StatusOK).says("1.300", "Cộng sót tổ 3")
	v.get("/bau-cu/so-sanh/qh15/thu-nghiem/7").is(http.StatusOK).says("1.200", "1.300", "Đã đổi")
	h.as("canbo2").resubmit(older, correct, "", url.Values{"candidates[3].votes": {"1.250"}, "reason": {"thử"}}).is(http.StatusConflict).says("Đính chính")
	// The same contest again is refused at its field.
	v.submit(form, "", entered()).is(http.StatusConflict).says("hãy dùng mục đính chính")
}

func withAct(f url.Values) url.Values {
	f.Set("act", desk.NewID())
	f.Set("seen", "-1")
	f.Set("rules", "state-election/qh")
	return f
}

// The hall display is closed until the result is announced, and then open to
// everyone in the building; a correction closes it.
func TestHallDisplay(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.submit("/bau-cu/su-kien/qh15/nhap", "", entered()).is(http.StatusSeeOther)
	guest := h.visitor()
	closed := guest.get("/hoi-truong/qh15/thu-nghiem/7").is(http.StatusNotFound)
	if nowhere := guest.get("/hoi-truong/qh15/khong-co/1").is(http.StatusNotFound); strings.Contains(closed.text(), "8.000") || len(nowhere.text()) == 0 {
		t.Error("a closed display shows a result")
	}
	v.submit("/bau-cu/cuoc/qh15/thu-nghiem/7", "/bau-cu/cong-bo/qh15/thu-nghiem/7", nil).is(http.StatusSeeOther)
	p := guest.get("/hoi-truong/qh15/thu-nghiem/7").is(http.StatusOK).says("Trần Thị Hai", "6.500", "Trúng cử 2 / 2")
	live := ""
	for _, n := range p.all("div") {
		if g := attr(n, "hx-get"); g != "" {
			live = g
		}
	}
	fresh := guest.get(live).is(http.StatusOK)
	if again := guest.send("GET", live, nil, http.Header{"If-None-Match": {fresh.header.Get("ETag")}}); again.status != http.StatusNotModified {
		t.Errorf("an unchanged display answers %d", again.status)
	}
	v.submit("/bau-cu/dinh-chinh/qh15/thu-nghiem/7", "", url.Values{"candidates[3].votes": {"1.300"}, "reason": {"thử"}}).is(http.StatusSeeOther)
	guest.get("/hoi-truong/qh15/thu-nghiem/7").is(http.StatusNotFound)
}

// Minutes: refused with what is missing, then made, shown with the entry of
// each number, and printed.
func TestMinutesPages(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.get("/bau-cu/bien-ban/qh15/dak-nong/1").is(http.StatusOK).says("Chưa thể lập biên bản", "cử tri")
	const path = "/bau-cu/bien-ban/hdnd-mau/an-binh/1"
	done := v.submit(path, "", url.Values{"place": {"An Bình"}, "board[0].name": {"Lê Văn Trưởng"}, "board[0].role": {"Trưởng ban"}, "seal": {"slip"}}).is(http.StatusSeeOther)
	where, _, _ := strings.Cut(done.header.Get("Location"), "?")
	p := v.get(where).is(http.StatusOK).says("1.996", "Số phiếu hợp lệ", "Lê Văn Trưởng", "Điều 78")
	links := 0
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "href"), "/nhat-ky/") {
			links++
		}
	}
	if links < 15 {
		t.Errorf("%d links to entries", links)
	}
	pdf := v.get(where + "/pdf").is(http.StatusOK)
	if !bytes.HasPrefix(pdf.body, []byte("%PDF")) {
		t.Error("not a PDF")
	}
	v.get(path).is(http.StatusOK).says("Biên bản đã lập")
	for _, c := range demo.CongressContests()[:1] {
		v.submit("/bau-cu/bien-ban/"+c.Record.ID, "", nil).is(http.StatusSeeOther)
	}
}

// A bundle leaves the server and verifies without it; one digit changed in an
// entry is named.
func TestBundleFromThePage(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	dir := t.TempDir()
	for _, q := range []string{"", "?dang=rut-gon"} {
		b := v.get("/bau-cu/goi/qh15/dak-nong/1" + q).is(http.StatusOK)
		path := filepath.Join(dir, "b.zip")
		if err := os.WriteFile(path, b.body, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if code := bundle.Main([]string{path, "--key", h.desk.VerifierKey()}, nil, &out, &errs); code != 0 {
			t.Errorf("verify %q: exit %d\n%s%s", q, code, out.String(), errs.String())
		}
		if q != "" && bytes.Contains(unzipped(t, b.body), []byte("Trường Giang")) {
			t.Error("a redacted bundle holds a name")
		}
		spoiled := respelled(t, b.body, "153669", "153668")
		if err := os.WriteFile(path, spoiled, 0o600); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		if code := bundle.Main([]string{path, "--key", h.desk.VerifierKey()}, nil, &out, &errs); code != 1 || !strings.Contains(out.String(), "not verified") || !strings.Contains(out.String(), "entry ") {
			t.Errorf("a changed digit: exit %d\n%s", code, out.String())
		}
	}
	h.as("kiemtra").get("/bau-cu/goi/qh15/dak-nong/1").is(http.StatusForbidden)
	// The full one carries names, so its export stands in the read log; the
	// redacted one does not.
	var lines int
	err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM op_read_log WHERE subject = $1 AND what = $2`, "contest/qh15/dak-nong/1", "bundle").Scan(&lines)
	})
	if err != nil || lines != 1 {
		t.Errorf("%d exports in the read log, error %v", lines, err)
	}
}

// All 184 contests of an event leave in one bundle, for those who may.
func TestBundleOfTheEventFromThePage(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.get("/bau-cu/su-kien/qh15").is(http.StatusOK).says("Xuất gói của cả sự kiện")
	path := filepath.Join(t.TempDir(), "qh15.zip")
	for query, name := range map[string]string{"": "qh15.zip", "?dang=rut-gon": "qh15-rut-gon.zip"} {
		b := v.get("/bau-cu/su-kien/qh15/goi" + query).is(http.StatusOK)
		if got := b.header.Get("Content-Disposition"); !strings.Contains(got, name) {
			t.Errorf("named %s", got)
		}
		if err := os.WriteFile(path, b.body, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs strings.Builder
		if code := bundle.Main([]string{path, "--key", h.desk.VerifierKey()}, nil, &out, &errs); code != 0 || !strings.Contains(out.String(), "verdicts   184") {
			t.Errorf("verify %q: exit %d\n%s%s", query, code, out.String(), errs.String())
		}
		if query != "" && bytes.Contains(unzipped(t, b.body), []byte("Trường Giang")) {
			t.Error("a redacted bundle holds a name")
		}
	}
	v.get("/bau-cu/su-kien/khong-co/goi").is(http.StatusNotFound)
	for _, login := range []string{"kiemtra", "quydinh1"} {
		k := h.as(login)
		k.get("/bau-cu/su-kien/qh15/goi").is(http.StatusForbidden)
		if strings.Contains(k.get("/bau-cu/su-kien/qh15").is(http.StatusOK).text(), "Xuất gói của cả sự kiện") {
			t.Errorf("%s is offered what is refused", login)
		}
	}
}

// Where nobody passes, the page names the number that was needed and the rule
// that asks for it.
func TestNobodyPasses(t *testing.T) {
	h := electionHouse(t)
	f := entered()
	for i := range 4 {
		f.Set(fmt.Sprintf("candidates[%d].votes", i), "4.000")
	}
	v := h.as("canbo")
	v.submit("/bau-cu/su-kien/qh15/nhap", "", f).is(http.StatusSeeOther)
	p := v.get("/bau-cu/cuoc/qh15/thu-nghiem/7").is(http.StatusOK).says("5.001", "0 / 2")
	for _, n := range p.all("div") {
		if attr(n, "class") != "card facts" {
			continue
		}
		if s := nodeText(n); !strings.Contains(s, "Điều 78, 85/2015/QH13") || strings.Contains(s, "chưa xác định") {
			t.Errorf("the facts do not name the rule: %s", s)
		}
	}
}

func unzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.Bytes()
}

// respelled is the zip with the first occurrence of a text changed.
func respelled(t *testing.T, data []byte, old, text string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	done := false
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !done && bytes.Contains(content, []byte(old)) {
			content, done = bytes.Replace(content, []byte(old), []byte(text), 1), true
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || !done {
		t.Fatalf("%v, changed: %v", err, done)
	}
	return out.Bytes()
}

// uploadContests posts a file to an import page, with further fields in pairs.
func (v *visitor) uploadContests(path, name string, content []byte, fields ...string) *answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		err = errors.Join(err, w.WriteField(fields[i], fields[i+1]))
	}
	if err := errors.Join(err, w.WriteField("act", desk.NewID()), w.WriteField("seen", "-1"), w.Close()); err != nil {
		v.h.t.Fatal(err)
	}
	return v.postBody(path, w.FormDataContentType(), &body)
}

const csvFile = "Tỉnh;Đơn vị số;Số đại biểu được bầu;Họ và tên;Số phiếu;Phiếu hợp lệ\n" +
	"Tỉnh Thử;1;2;Nguyễn Văn Một;70.000;100.000\nTỉnh Thử;1;2;Trần Hai;60.000;100.000\nTỉnh Thử;1;2;Lê Ba;30.000;\nTỉnh Thử;1;2;Vũ Bốn;20.000;\n" +
	"Tỉnh Thử;2;1;Hoàng Năm;45.000;80.000\nTỉnh Thử;2;1;Phan Sáu;20.000;\nTỉnh Thử;2;1;Phan Bảy;10.000;\n"

// A CSV with its own headers: columns guessed, nothing recorded before it is
// confirmed, problems named by line, each upload seen by its owner alone.
func TestImportPages(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	const path = "/bau-cu/su-kien/qh15/tep"
	up := v.uploadContests(path, `..\..\kết quả.csv`, []byte(csvFile)).is(http.StatusSeeOther)
	where := up.header.Get("Location")
	head := h.desk.Head()
	p := v.get(where).is(http.StatusOK).says("kết quả.csv", "2 cuộc bầu, 7 người ứng cử", "Đơn vị bầu cử số 1", "Đã có kết quả")
	if strings.Contains(p.text(), "..") {
		t.Error("the name of the upload keeps its path")
	}
	h.as("canbo2").get(where).is(http.StatusNotFound)
	v.get(where+"?cot-votes=3").is(http.StatusOK).says("Dòng 2", "không phải số nguyên")
	if h.desk.Head() != head {
		t.Error("a preview was recorded")
	}
	v.submit(where, "", nil).is(http.StatusSeeOther)
	if h.desk.Head() != head+5 {
		t.Errorf("%d entries, want two contests with verdicts and the end of the import", h.desk.Head()-head)
	}
	v.get("/bau-cu/cuoc/qh15/thu/2").is(http.StatusOK).says("Hoàng Năm", "45.000", "Nhập từ tệp kết quả.csv")
	v.get(where).is(http.StatusNotFound)
	v.uploadContests(path, "x.csv", []byte{0xFF, 0x00, 0x12}).is(http.StatusUnprocessableEntity)
	v.uploadContests(path, "x.csv", nil).is(http.StatusUnprocessableEntity)
	again := v.uploadContests(path, "lan2.csv", []byte(csvFile)).is(http.StatusSeeOther)
	v.submit(again.header.Get("Location"), "", nil).is(http.StatusUnprocessableEntity).says("Đã có cuộc bầu cử mang mã này")
	rec := `{"id":"x/1","rules":"state-election/qh","date":"2021-05-23","seats":1,"candidates":[{"id":"a","name":"A"},{"id":"b","name":"B"}],"ballots":{"valid":10},"votes":{"a":8,"b":1}}` + "\n" + `{"id":"x/2"}`
	js := v.uploadContests(path, "r.jsonl", []byte(rec)).is(http.StatusSeeOther)
	v.get(js.header.Get("Location")).is(http.StatusOK).says("Dòng 2")
}

// Roles: the auditor reads and cannot write, the administrator does neither.
func TestElectionRoles(t *testing.T) {
	h := electionHouse(t)
	auditor := h.as("kiemtra")
	auditor.get("/bau-cu/cuoc/qh15/dak-nong/1").is(http.StatusOK)
	auditor.get("/bau-cu/su-kien/qh15/nhap").is(http.StatusForbidden)
	auditor.get("/bau-cu/dinh-chinh/qh15/dak-nong/1").is(http.StatusForbidden)
	auditor.post("/bau-cu/cong-bo/qh15/dak-nong/2", url.Values{"act": {desk.NewID()}}).is(http.StatusForbidden)
	h.as("quantri.mau").get("/bau-cu").is(http.StatusForbidden)
	h.visitor().get("/bau-cu/su-kien/qh15").is(http.StatusSeeOther)
}
