package web

import (
	"bytes"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// pdfWords is what stands on a PDF.
func pdfWords(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils) is needed: %v", err)
	}
	return string(out)
}

// TestProcedureReaders: who may only read sees no result that was not
// announced; an inspector bound to one case by a decision sees that case, also
// as it stood, and no other; each view is in the read log.
func TestProcedureReaders(t *testing.T) {
	h := electionHouse(t)
	officer := h.as("canbo")
	done, running := procedurePath("pho-giam-doc-2024"), procedurePath("truong-ban-2024")
	officer.get(done).is(200).says("Bùi Thị Hạnh", "26", "65,00%")
	officer.get("/quy-trinh?het=1").is(200).says("Phó Giám đốc")
	officer.get("/quy-trinh").is(200).says("Phó Trưởng ban")
	officer.get("/quy-trinh?q=khong-co").is(200).says("Không có hồ sơ nào khớp")
	for _, bad := range []string{done + "?nhu=x", done + "?nhu=-1", done + "?nhu=1", procedurePath("khong-co"), done + "/lam/khong-co", done + "/nguoi/khong-co"} {
		if got := officer.get(bad).status; got != http.StatusNotFound {
			t.Errorf("%s: %d", bad, got)
		}
	}

	// Somebody may read, and no more.
	reader := h.as("lanhdao")
	if p := reader.get(done).is(200).says("Kết quả không công bố tại hội nghị"); strings.Contains(p.text(), "65,00%") {
		t.Error("a reader sees what was not announced")
	}
	if p := reader.get(done + "/dien-bien").is(200); strings.Contains(p.text(), "65,00%") {
		t.Error("the one page shows a reader what was not announced")
	}
	reader.get(done + "/lam/dung").is(http.StatusForbidden)
	// Nor does the ledger tell: the entry of the count and the paper keep what they say.
	counted := h.entryOf(t, "pho-giam-doc-2024", "step-counted")
	officer.get("/nhat-ky/" + counted).is(200).says(`"votes"`)
	if p := reader.get("/nhat-ky/"+counted).is(200).says("Nội dung của hồ sơ nhân sự", "Nằm trong điểm chứng"); strings.Contains(p.text(), "votes") || strings.Contains(p.text(), "65.00") {
		t.Error("the ledger tells a reader what was not announced")
	}
	reader.get("/nhat-ky/" + h.entryOf(t, "pho-giam-doc-2024", "consent-given")).is(200).says("88-TB/TU")
	if p := h.as("kiemtra").get("/nhat-ky/" + h.entryOf(t, "pho-giam-doc-2024", "consent-given")).is(200); strings.Contains(p.text(), "88-TB/TU") {
		t.Error("the ledger tells of a case to one who may not read it")
	}
	reader.get("/quy-trinh/mo").is(http.StatusForbidden)

	// The inspector: nothing, then one case by decision.
	inspector := h.as("kiemtra")
	if got := inspector.get(done).status; got != http.StatusForbidden && got != http.StatusNotFound {
		t.Errorf("the inspector sees the case before a decision: %d", got)
	}
	h.do("canbo", procedure.OpenAccess{Ref: procedure.Ref{ID: "truong-ban-2024", Org: "org/tinh/ban-to-chuc"}, Account: h.samples["kiemtra"].ID, Until: vn.MustDate("2026-12-31"), Paper: procedure.Paper{Number: "3-QĐ/UBKT", Date: vn.MustDate("2024-06-14")}})
	inspector.get(running).is(200).says("Ngô Văn Khôi", "70,00%")
	if got := inspector.get(done).status; got != http.StatusForbidden && got != http.StatusNotFound {
		t.Errorf("the inspector of one case sees another: %d", got)
	}
	if p := inspector.get("/quy-trinh").is(200); strings.Contains(p.text(), "Phó Giám đốc") {
		t.Error("the list shows the inspector another case")
	}
	entry := h.entryOf(t, "truong-ban-2024", "consent-given")
	p := inspector.get(running + "?nhu=" + entry).is(200).says("Đang xem hồ sơ như tại mục")
	if strings.Contains(p.text(), "Ngô Văn Khôi") || strings.Contains(p.text(), "70,00%") {
		t.Error("the case as it stood shows what came later")
	}
	inspector.get(running + "/lam/dung").is(http.StatusForbidden)
	inspector.get("/nhat-ky/luot-xem").is(200).says("procedure/pho-giam-doc-2024", "procedure/truong-ban-2024", "Cán bộ tổ chức (mẫu)")
}

// entryOf is the index of the first entry of a kind in a case.
func (h *house) entryOf(t *testing.T, id, what string) (entry string) {
	t.Helper()
	if err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		es, err := procedure.Timeline(t.Context(), tx, id, -1)
		if i := slices.IndexFunc(es, func(e procedure.Event) bool { return e.What == what }); i >= 0 {
			entry = strconv.FormatInt(es[i].Entry, 10)
		}
		return err
	}); err != nil || entry == "" {
		t.Fatalf("%s of %s: %q, %v", what, id, entry, err)
	}
	return entry
}

// TestKinByThePages: a tie is recorded on the page of a person, stands on both
// pages, keeps the relative out of a counting team, and is withdrawn with a
// reason; wrong forms say what is wrong.
func TestKinByThePages(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	const path = "/can-bo/than-nhan/ung-vien-a"
	v.get("/can-bo/ung-vien-a").is(200).says("Quan hệ gia đình", "anh, chị, em ruột: Lý Văn Em", "Bản khai lý lịch")
	v.get("/can-bo/dem-a").is(200).says("Chưa ghi quan hệ gia đình")
	const no = http.StatusUnprocessableEntity
	v.submit(path, "", form("other", "Không Có Ai", "tie", "child")).is(no)
	v.submit(path, "", form("other", "person/dem-a")).is(no).says("Cần chọn quan hệ")
	v.submit(path, "", form("other", "person/ung-vien-a", "tie", "child")).is(no).says("Cần chọn người khác")
	v.submit(path, "", form("other", "person/anh-em", "tie", "child")).is(no).says("đã được ghi")
	v.submit(path, "", form("other", "person/dem-a", "tie", "child", "date", "30/2/2020")).is(no).says("Chưa đọc được ngày")
	v.submit(path, "", form("other", "person/dem-a", "tie", "child", "number", "Bản khai 2026")).is(http.StatusSeeOther)
	v.get("/can-bo/dem-a").is(200).says("cha, mẹ: Lý Thị An")
	away := v.get("/can-bo/ung-vien-a").link("than-nhan/ung-vien-a?muc=anh-em")
	v.submit(away, "", nil).is(no).says("lý do")
	v.submit(away, "", form("reason", "Ghi nhầm người")).is(http.StatusSeeOther)
	if p := v.get("/can-bo/ung-vien-a").is(200); strings.Contains(p.text(), "Lý Văn Em") {
		t.Error("the withdrawn tie still stands on the page")
	}
	v.get(away).is(http.StatusNotFound)
	h.as("lanhdao").get(path).is(http.StatusForbidden)
	desktest.CheckRebuild(t, h.desk)
}

// TestStepBoxByThePages: a step opens its box by the form; the form of figures
// then takes none.
func TestStepBoxByThePages(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	p := plain{h.as("canbo")}
	s := &scene{hand: p, def: playDefinition(t)}
	s.begin("Lý Thị An")
	s.sheet("person/ung-vien-a")
	s.settle("1")
	s.do(s.path, "mo-buoc", "?buoc=1", form("on", playDay))
	s.do(s.path, "thong-qua", "?buoc=1", form("summoned", "10", "present", "10", "for", "9"))
	s.settle("2")
	box := form("on", playDay, "team", "Hà Thị Cúc\nMai Văn Dũng", "count", "ballots", "stations", "2")
	p.refused(s.path, "mo-buoc", "?buoc=2", http.StatusUnprocessableEntity, box, "cần cuộc họp")
	m := meeting.Ref{ID: "hop-mo-rong", Org: "org/tinh/btc"}
	title, on := rule.Words{VI: "Hội nghị mở rộng", EN: "Enlarged"}, vn.MustDate("2026-11-23")
	h.do("canbo", meeting.Open{Ref: m, Body: meeting.EnlargedMeeting, Level: "grassroots", Date: on, Title: title})
	h.do("canbo", meeting.Summon{Ref: m, People: []meeting.Attendee{{Person: "person/dem-a", Standing: meeting.Member}, {Person: "person/dem-b", Standing: meeting.Member}, {Person: "person/anh-em", Standing: meeting.Member}}})
	h.do("canbo", meeting.OpenSession{Ref: m, Session: "1", Title: title, Date: on, Voting: true})
	h.do("canbo", meeting.TakeAttendance{Ref: m, Session: "1", Marks: []meeting.Marked{{Person: "person/dem-a", Mark: meeting.Present}, {Person: "person/dem-b", Mark: meeting.Present}, {Person: "person/anh-em", Mark: meeting.Absent}}})
	box.Set("meeting", m.ID)
	s.do(s.path, "mo-buoc", "?buoc=2", box)
	to := p.v.get(s.path).is(200).link("/kiem-phieu/hop/")
	p.v.get(to).is(200).says("Bước 2")
	a := p.v.get(s.path + "/lam/ket-qua?buoc=2").is(200).says("không gõ tay")
	for _, in := range a.all("input") {
		if attr(in, "name") == "valid" {
			t.Error("figures can be typed beside the box")
		}
	}
	p.refused(s.path, "ket-qua", "?buoc=2", http.StatusUnprocessableEntity, nil, "chưa báo cáo")
}

// TestOfficeTables: a table is laid down from a day on by pasting it, read back
// in words on that day and not before; what cannot be read names its line.
func TestOfficeTables(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	v.get("/quy-trinh/bang").is(200).says("Chưa có bảng nào", "Diện quản lý", "Nhóm chức vụ", "Thành phần hội nghị")
	v.get("/quy-trinh/bang?bang=khac").is(http.StatusNotFound)
	const managing, no = "/quy-trinh/bang?bang=managing", http.StatusUnprocessableEntity
	good := "Tổ chức hoặc loại tổ chức\tChức danh\nBan Tổ chức Tỉnh ủy Mẫu\tPhó Trưởng ban\tBan Thường vụ quản lý\tappointment-local\tBan Thường vụ\tBan Tổ chức\tBí thư\ncommission\ttất cả\tcấp ủy cơ sở"
	v.submit(managing, managing, form("rows", good)).is(no).says("Hãy nhập ngày")
	v.submit(managing, managing, form("from", "1/1/2026", "rows", "Ban Không Có\tPhó Trưởng ban")).is(no).says("Dòng 1", "Ban Không Có")
	v.submit(managing, managing, form("from", "1/1/2026", "rows", "tất cả\tChức Lạ")).is(no).says("Chức Lạ")
	v.submit(managing, managing, form("from", "1/1/2026", "rows", "tất cả,secretary,x,quy-trinh-la")).is(no).says("quy-trinh-la")
	v.submit(managing, managing, form("from", "1/1/2026", "rows", "")).is(no).says("từ 1 đến 2.000 dòng")
	v.submit(managing, managing, form("from", "1/1/2026", "number", "5-QĐ/TU", "rows", good)).is(http.StatusSeeOther)
	v.get(managing).is(200).says("Ban Tổ chức Tỉnh ủy Mẫu", "Ban Thường vụ quản lý", "Bổ nhiệm, nguồn nhân sự tại chỗ", "cấp ủy cơ sở")
	v.get(managing + "&ngay=1/1/2025").is(200).says("Chưa có bảng nào")
	// The words shown are read back: a new version begins from them.
	v.submit(managing, managing, form("from", "1/6/2026", "rows", "Ban Tổ chức Tỉnh ủy Mẫu\tPhó Trưởng ban\tBan Thường vụ quản lý\tBổ nhiệm, nguồn nhân sự tại chỗ: năm bước\tBan Thường vụ")).is(http.StatusSeeOther)
	const classes = "/quy-trinh/bang?bang=post-classes"
	v.submit(classes, classes, form("from", "1/1/2026", "rows", "province-committee\tsecretary\tnhóm lạ")).is(no).says("nhóm lạ")
	v.submit(classes, classes, form("from", "1/1/2026", "rows", "province-committee\tsecretary\tbí thư cấp ủy; standing-committee-member")).is(http.StatusSeeOther)
	v.get(classes).is(200).says("bí thư cấp ủy; ủy viên ban thường vụ")
	const part = "/quy-trinh/bang?bang=participation"
	v.submit(part, part, form("from", "1/1/2026", "rows", "tất cả\tdirector\thội nghị lạ\tai đó")).is(no).says("hội nghị lạ")
	v.submit(part, part, form("from", "1/1/2026", "rows", "tất cả\tdirector\tkey-cadres-conference\tTrưởng, phó phòng")).is(http.StatusSeeOther)
	v.get(part).is(200).says("hội nghị cán bộ chủ chốt", "Trưởng, phó phòng")
	p := h.as("lanhdao").get(managing).is(200).says("Ban Thường vụ quản lý")
	for _, in := range p.all("textarea") {
		t.Errorf("a reader has a form: %s", attr(in, "name"))
	}
	h.as("lanhdao").post(managing, form("act", "X", "from", "1/1/2026")).is(http.StatusForbidden)
	desktest.CheckRebuild(t, h.desk)
}

// TestCourseOnPaper: the one page is a PDF on one landscape sheet, with figures
// for who may see them and without for a reader, the same bytes each time.
func TestCourseOnPaper(t *testing.T) {
	h := electionHouse(t)
	path := procedurePath("pho-giam-doc-2024") + "/dien-bien.pdf"
	one, two := h.as("canbo").get(path).is(200), h.as("canbo").get(path).is(200)
	if !bytes.HasPrefix(one.body, []byte("%PDF-")) || !bytes.Equal(one.body, two.body) {
		t.Error("not a PDF, or not the same twice")
	}
	if n := bytes.Count(one.body, []byte("/Type /Page\n")); n != 1 {
		t.Errorf("%d pages", n)
	}
	officer, reader := pdfWords(t, one.body), pdfWords(t, h.as("lanhdao").get(path).is(200).body)
	for _, want := range []string{"DIỄN BIẾN QUY TRÌNH", "65,00%", "58 / 62", "Bùi Thị Hạnh", "88-TB/TU"} {
		if !strings.Contains(officer, want) {
			t.Errorf("the paper does not say %q:\n%s", want, officer)
		}
	}
	if strings.Contains(reader, "65,00%") || !strings.Contains(reader, "88-TB/TU") {
		t.Error("the paper of a reader shows what was not announced, or lacks the consent")
	}
	h.as("kiemtra").get(path).is(http.StatusForbidden)
}
