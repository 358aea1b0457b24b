package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/document/docx"
)

// TestOwnTemplatesOfCases: the organisation of a case takes an own Word template
// for a paper of its cases, sees its version, downloads it, and goes back.
func TestOwnTemplatesOfCases(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	const org = "org/ubnd-tinh/so-noi-vu"
	page := caseTemplates(org) + "?loai=submission"
	v.get(page).is(200).says("Tờ trình", "Phiếu thẩm định", "Chưa từng đổi mẫu")
	v.get(caseTemplates(org) + "?loai=script").is(http.StatusNotFound)
	v.get(caseTemplates("org/khong-co") + "?loai=submission").is(http.StatusNotFound)
	shipped := v.get("/quy-trinh/mau-tep/co-san.docx/" + org + "?loai=submission").is(200).body
	if _, err := docx.Open(shipped); err != nil {
		t.Fatal(err)
	}
	if a := v.get("/quy-trinh/mau-tep/co-san.docx/" + org + "?loai=submission&xem=pdf").is(200); !strings.HasPrefix(string(a.body), "%PDF") {
		t.Error("no preview")
	}
	v.sendTemplate(page, shipped, map[string]string{"do": "take", "reason": "Mẫu của Sở (mẫu)"}).is(http.StatusSeeOther)
	v.get(page).is(200).says("Mẫu của Sở (mẫu)")
	if got := v.get("/quy-trinh/mau-tep/1.docx/" + org + "?loai=submission").is(200).body; string(got) != string(shipped) {
		t.Error("the version is not the file that was taken")
	}
	v.sendTemplate(page, []byte("không phải Word"), map[string]string{"do": "take", "reason": "thử"}).is(http.StatusUnprocessableEntity)
}

// TestPapersOfACase: the case page says which papers can be made and what is
// missing for the others; each is made at the screen, read back as PDF and
// Word, and recorded as signed. Who may not see unannounced results sees none.
func TestPapersOfACase(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	done, running := procedurePath("pho-giam-doc-2024"), procedurePath("truong-ban-2024")
	v.get(running).is(200).says("Danh sách trích ngang", "lập được", "Chưa xong bước 3")
	v.get(running + "/lap-giay?giay=submission&ve=").is(http.StatusNotFound)
	if _, err := docx.Open(v.get("/quy-trinh/mau-giay/submission.docx").is(200).body); err != nil {
		t.Error(err)
	}
	v.get("/quy-trinh/mau-giay/script.docx").is(http.StatusNotFound)

	const who = "person/bui-thi-hanh"
	path := done + "/lap-giay"
	form := func(kind, about string) string { return path + "?giay=" + kind + "&ve=" + url.QueryEscape(about) }
	v.get(form("submission", who)).is(200).says("Kính trình: Ban Thường vụ Tỉnh ủy", "Số ......-TTr/......", "36-HD/VPTW")
	where := ""
	for _, x := range []struct {
		kind, about string
		with        url.Values
		want        []string
	}{
		{"extract-list", "", nil, []string{"DANH SÁCH TRÍCH NGANG", "Lò Thị Xuân", "65,00%"}},
		{"course", "", url.Values{"seal": {"footer"}}, []string{"DIỄN BIẾN QUY TRÌNH", "Lò Thị Xuân", "65,00%", "Không công bố"}},
		{"submission", who, url.Values{"number": {"31"}, "organ": {"SNV"}}, []string{"Số 31-TTr/SNV", "Khuyết một phó giám đốc do nghỉ hưu (mẫu)"}},
		{"appraisal-sheet", who, url.Values{"sign": {"12-PTĐ/BTCTU"}}, []string{"Số 12-PTĐ/BTCTU", "Ủy ban Kiểm tra Tỉnh ủy (mẫu)"}},
		{"appointment-decision", who, nil, []string{"BAN THƯỜNG VỤ TỈNH ỦY QUYẾT ĐỊNH", "có hiệu lực từ ngày 1/7/2024"}},
	} {
		made := v.submit(form(x.kind, x.about), path, x.with).is(http.StatusSeeOther)
		where, _, _ = strings.Cut(made.header.Get("Location"), "?")
		v.get(where).is(200).says("Đã lập, chưa ký", "Các số trên giấy")
		pdf := strings.Join(strings.Fields(pdfWords(t, v.get(where+"/pdf").is(200).body)), " ")
		word, err := docx.Open(v.get(where + "/docx").is(200).body)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(word.Text()), " ")
		for _, w := range x.want {
			if !strings.Contains(text, w) || !strings.Contains(pdf, w) && x.kind == "appointment-decision" {
				t.Errorf("%s: no “%s” in Word\n%s\nPDF\n%s", x.kind, w, text, pdf)
			}
		}
	}
	v.submit(form("submission", who), path, url.Values{"notes": {"có 12 phiếu lạ"}}).is(http.StatusUnprocessableEntity).says("không dẫn mục nhật ký nào")
	v.get(done).is(200).says("Phiếu thẩm định", "đã lập")

	// Signed: the paper page says so; the table of contents has it.
	_, entry, _ := strings.Cut(where, "/giay/")
	sign := done + "/lam/ban-ky"
	v.submit(sign+"?giay="+entry, sign, fields("kind", "Quyết định", "date", "28/6/2024", "where", "tủ 3", "signers", "Ngô Văn Khôi")).is(http.StatusSeeOther)
	v.get(where).is(200).says("Đã ký", "tủ 3")

	reader := h.as("lanhdao")
	reader.get(where).is(http.StatusNotFound)
	reader.get(where + "/pdf").is(http.StatusNotFound)
	if p := reader.get(done).is(200); strings.Contains(p.text(), "Giấy tờ lập từ hồ sơ") {
		t.Error("a reader is shown papers that tell what was not announced")
	}
}
