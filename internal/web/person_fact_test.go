package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/document/docx"
	"minhbach/internal/store"
)

// TestFactsByForms: a diploma recorded, theory that rises, a wrong year
// corrected, a job ended; what was known before is still shown; a sensitive
// block opens only when asked and stands in the read log by itself.
func TestFactsByForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const page, form = "/can-bo/thong-tin/tran-thi-thu", "/can-bo/thong-tin/tran-thi-thu/ghi?khoi="
	v.get("/can-bo/tran-thi-thu").is(200).says("Thông tin theo khối")
	v.get(page).is(200).says("Chưa ghi nhận.", "Lý luận chính trị", "Trần Thị Thử", "khối này chỉ mở khi cần")

	degree := url.Values{"v_level": {"dai-hoc"}, "v_major": {"Luật học"}, "v_studied_from": {"9/1998"}, "from": {"7/2002"}, "source": {"diploma"}, "source_number": {"B 01"}, "certifier": {"Phòng Tổ chức"}}
	v.submit(form+"degree", "", degree).is(http.StatusSeeOther)
	v.get(page).says("Đại học", "Luật học", "9/1998", "7/2002", "Văn bằng, chứng chỉ, số B 01", "Phòng Tổ chức")
	bad := url.Values{"v_level": {""}, "v_major": {"Luật"}, "from": {"2002"}, "source": {"diploma"}}
	if got := v.submit(form+"degree", "", bad).is(http.StatusUnprocessableEntity).says("Cần ghi: Trình độ.").value("v_major"); got != "Luật" {
		t.Errorf("what was typed is lost: %q", got)
	}
	bad = url.Values{"v_level": {"dai-hoc"}, "v_major": {"Luật"}, "from": {"31/2/2002"}, "source": {"diploma"}}
	v.submit(form+"degree", "", bad).is(http.StatusUnprocessableEntity).says("Chưa đọc được ngày")
	bad = url.Values{"v_level": {"dai-hoc"}, "v_major": {"Luật"}, "from": {"2002"}, "source": {""}}
	v.submit(form+"degree", "", bad).is(http.StatusUnprocessableEntity).says("Cần chọn loại giấy tờ làm căn cứ")
	v.get(form + "wealth").is(http.StatusNotFound)
	v.get(form + "identity").is(http.StatusNotFound)

	theory := func(level, from string) url.Values {
		return url.Values{"v_level": {level}, "from": {from}, "source": {"diploma"}}
	}
	v.submit(form+"theory", "", theory("trung-cap", "2008")).is(http.StatusSeeOther)
	wrong := h.newest("person.fact-recorded/1")
	v.submit(form+"theory&muc=theory", "", theory("cao-cap", "20/3/2015")).is(http.StatusSeeOther)
	known := h.newest("person.fact-recorded/1")
	v.get(page).says("Cao cấp", "2 lần ghi")
	v.get(page + "?ngay=1/1/2010").says("Trung cấp")
	fix := theory("so-cap", "2006")
	v.submit(form+"theory&sua="+toString(wrong), "", fix).is(http.StatusUnprocessableEntity).says("Cần ghi lý do đính chính")
	fix.Set("reason", "theo bằng gốc")
	v.submit(form+"theory&sua="+toString(wrong), "", fix).is(http.StatusSeeOther)
	v.get(page + "?ngay=1/1/2010").says("Sơ cấp")
	v.get(page+"?ngay=1/1/2010&biet="+toString(known)).says("như đã biết đến mục", "Trung cấp")

	work := url.Values{"v_what": {"Chuyên viên"}, "from": {"9/2002"}, "source": {"member-cv"}}
	v.submit(form+"work", "", work).is(http.StatusSeeOther)
	var end string
	for _, a := range v.get(page).all("a") {
		if href := attr(a, "href"); strings.Contains(href, "thoi=1") {
			end = href
		}
	}
	v.submit(end, "", url.Values{"from": {"1/4/2016"}, "source": {"decision"}}).is(http.StatusSeeOther)
	v.get(page).says("9/2002 – 31/3/2016")

	v.submit(form+"health", "", url.Values{"v_class": {"2"}, "from": {"3/2026"}, "source": {"health"}}).is(http.StatusSeeOther)
	if strings.Contains(v.get(page).text(), "Loại II") {
		t.Error("the class of health stands open")
	}
	v.get(page + "?mo=health").says("Loại II")
	if err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		var n int64
		err := tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM op_read_log WHERE what = 'facts.health' AND subject = 'person/tran-thi-thu'`).Scan(&n)
		if n == 0 {
			t.Error("the view of the block of health is not logged")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	desktest.CheckRebuild(t, h.desk)
}

// TestCareerAndForms: the career as a picture beside its table; a form is made
// only when it is said what for, and the read log knows it; what changed among
// the people of a subtree names them to who may read.
func TestCareerAndForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.submit("/can-bo/thong-tin/tran-thi-thu/ghi?khoi=work", "", url.Values{"v_what": {"Chuyên viên Sở Mẫu"}, "from": {"9/2002"}, "until": {"12/2009"}, "source": {"member-cv"}}).is(http.StatusSeeOther)
	v.submit("/dang-vien/viec/tran-thi-thu", "", url.Values{"step": {"transcribed"}, "org": {"org/xa-1"}, "from": {"1/1/2020"}, "admitted": {"3/2/1997"}, "sworn": {"10/2/1997"}, "recognised": {"10/2/1998"}}).is(http.StatusSeeOther)
	p := v.get("/can-bo/qua-trinh/tran-thi-thu").is(200).says("Chuyên viên Sở Mẫu", "9/2002 – 12/2009", "3/2/1997", "Sinh hoạt đảng")
	if svg := p.all("svg"); len(svg) == 0 || len(p.all("rect")) < 2 {
		t.Error("no picture of the career")
	}
	if rows, links := len(p.all("tr"))-1, strings.Count(string(p.body), `href="/nhat-ky/`); rows < 4 || links < rows { // the cell of the day too
		t.Errorf("%d rows open %d entries", rows, links)
	}
	const forms = "/can-bo/phieu/tran-thi-thu"
	v.get(forms).is(200).says("2C/TCTW-98", "Mẫu 2-HSĐV", "chưa đối chiếu")
	v.submit(forms, "", url.Values{"form": {"2c"}, "kind": {"pdf"}, "purpose": {" "}}).is(http.StatusUnprocessableEntity).says("dùng vào việc gì")
	for kind, begins := range map[string]string{"pdf": "%PDF-", "docx": "PK"} {
		out := v.submit(forms, "", url.Values{"form": {"2-hsdv"}, "kind": {kind}, "purpose": {"bổ sung hồ sơ"}}).is(200)
		if !strings.HasPrefix(string(out.body), begins) {
			t.Errorf("%s: not such a file", kind)
		}
	}
	if err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		var n int64
		err := tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM op_read_log WHERE what = 'paper 2-hsdv: bổ sung hồ sơ'`).Scan(&n)
		if n != 2 {
			t.Errorf("%d forms in the read log", n)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	v.get("/to-chuc/thay-doi?goc=org/xa-1&tu=1/1/2019&den=1/2/2020").is(200).says("Đảng viên đến", "Trần Thị Thử")
}

// TestListsOfPersons: the short list and the list of badges in Word, PDF and
// for Excel, only with a purpose and only of files one may read.
func TestListsOfPersons(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.submit("/dang-vien/viec/tran-thi-thu", "", url.Values{"step": {"transcribed"}, "org": {"org/xa-1"}, "from": {"1/1/2020"}, "admitted": {"3/2/1997"}, "sworn": {"10/2/1997"}, "recognised": {"10/2/1998"}}).is(http.StatusSeeOther)
	const list = "/can-bo/trich-ngang"
	v.get(list + "?nguoi=tran-thi-thu").is(200).says("(person/tran-thi-thu)")
	people := url.Values{"people": {"Trần Thị Thử\nperson/nguyen-van-mau"}, "subject": {"nhân sự cấp ủy"}, "kind": {"docx"}, "purpose": {"họp Ban Thường vụ"}}
	out := v.submit(list, "", people).is(200)
	doc, err := docx.Read(out.body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DANH SÁCH TRÍCH NGANG", "nhân sự cấp ủy", "Trần Thị Thử", "10/2/1997", "Danh sách có 2 người", "họp Ban Thường vụ"} {
		if !strings.Contains(doc.Text()+doc.EdgeText(), want) {
			t.Errorf("the short list does not say %q", want)
		}
	}
	people.Set("kind", "pdf")
	if out := v.submit(list, "", people).is(200); !strings.HasPrefix(string(out.body), "%PDF-") {
		t.Error("no PDF")
	}
	people.Set("people", "Không Có Ai")
	v.submit(list, "", people).is(http.StatusUnprocessableEntity).says("cần đúng một người")
	people.Set("people", "person/khong-co")
	v.submit(list, "", people).is(http.StatusUnprocessableEntity).says("không có người này")

	const badges = "/dang-vien/huy-hieu"
	want := url.Values{"kind": {"csv"}, "purpose": {"xét tặng Huy hiệu"}}
	if out := v.submit(badges, badges, want).is(200); !strings.Contains(string(out.body), "Trần Thị Thử") || !strings.Contains(string(out.body), "30 năm") || !strings.Contains(string(out.body), "3/2/2027") {
		t.Errorf("the badges: %s", out.body)
	}
	want.Set("kind", "xlsx")
	book, err := excelize.OpenReader(bytes.NewReader(v.submit(badges, badges, want).is(200).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("Sheet1"); err != nil || rows[0][1] != "Họ và tên" || rows[1][1] != "Trần Thị Thử" || !strings.HasPrefix(rows[len(rows)-1][0], "# ") || !strings.Contains(rows[len(rows)-1][0], "xét tặng Huy hiệu") {
		t.Errorf("the badges in Excel: %v %v", rows, err)
	}
	want.Set("kind", "pdf")
	want.Set("occasion", "2027-02-03")
	v.submit(badges, badges, want).is(200)
	want.Set("occasion", "2027-05-19")
	v.submit(badges, badges, want).is(http.StatusUnprocessableEntity).says("Không có đảng viên nào đến hạn trong đợt này")
}

// TestLifeByForms: from the introduction to the recognition by the narrow form
// of each step, a transfer to a place outside that ends by its slip; a
// correction of the introduction loses nobody.
func TestLifeByForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const who, form = "/can-bo/nguyen-van-mau", "/dang-vien/viec/nguyen-van-mau"
	v.submit("/dang-vien/viec/tran-thi-thu", "", url.Values{"step": {"transcribed"}, "org": {"org/xa-1"}, "from": {"1/1/2020"}, "admitted": {"3/2/1997"}, "sworn": {"10/2/1997"}, "recognised": {"10/2/1998"}}).is(http.StatusSeeOther)
	p := v.get(form+"?viec=introduced").is(200).says("Việc ghi được hôm nay", "Người giới thiệu")
	for _, in := range p.all("input", "textarea", "select") {
		if name := attr(in, "name"); name == "for" || name == "years" || name == "sworn" {
			t.Errorf("the form of an introduction asks for %s", name)
		}
	}
	step := func(viec string, fill url.Values) *answer {
		fill.Set("org", "org/xa-1")
		return v.submit(form+"?viec="+viec, "", fill)
	}
	step("introduced", url.Values{"from": {"10/7/2025"}, "introducers": {"Trần Thị Thử"}}).is(http.StatusSeeOther)
	intro := h.newest("person.step-taken/1")
	v.get(who).says("Người giới thiệu: Trần Thị Thử")
	if got := v.get(form + "?muc=" + toString(intro)).is(200).text(); !strings.Contains(got, "Trần Thị Thử (person/tran-thi-thu)") {
		t.Error("a correction of the introduction begins without the introducers")
	}
	step("admitted", url.Values{"from": {"1/8/2025"}}).is(http.StatusUnprocessableEntity).says("Chưa ghi biểu quyết của chi bộ")
	step("voted", url.Values{"from": {"20/7/2025"}, "for": {"6"}, "of": {"12"}}).is(http.StatusSeeOther)
	step("admitted", url.Values{"from": {"1/8/2025"}}).is(http.StatusUnprocessableEntity).says("tán thành")
	step("voted", url.Values{"from": {"25/7/2025"}, "for": {"9"}, "of": {"12"}}).is(http.StatusSeeOther)
	step("admitted", url.Values{"from": {"1/8/2025"}, "number": {"12-QĐ/ĐU"}, "date": {"1/8/2025"}}).is(http.StatusSeeOther)
	step("sworn", url.Values{"from": {"3/9/2025"}}).is(http.StatusSeeOther)
	step("recognised", url.Values{"from": {"2/9/2026"}, "number": {"20-QĐ/ĐU"}, "date": {"2/9/2026"}}).is(http.StatusUnprocessableEntity)
	step("recognised", url.Values{"from": {"3/9/2026"}, "number": {"20-QĐ/ĐU"}, "date": {"10/11/2026"}}).is(http.StatusSeeOther)
	v.get(who).says("Chính thức", "Tuổi đảng tính từ 1/8/2025")
	step("transfer-sent", url.Values{"from": {"12/11/2026"}, "card": {"GT-07"}}).is(http.StatusSeeOther)
	v.get(who).says("Xác nhận chuyển sinh hoạt")
	step("transfer-slip", url.Values{"from": {"20/11/2026"}}).is(http.StatusSeeOther)
	if strings.Contains(v.get("/dang-vien/thoi-han").text(), "Nguyễn Văn Mẫu") {
		t.Error("the clock of the transfer runs on after the slip came back")
	}
	desktest.CheckRebuild(t, h.desk)
}
