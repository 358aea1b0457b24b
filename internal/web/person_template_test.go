package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// inWord is a Word file with text changed, as a clerk would change it.
func inWord(t *testing.T, file []byte, from, to string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	found := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found = found || strings.Contains(string(b), from)
		p, err := w.Create(f.Name)
		if err == nil {
			_, err = p.Write([]byte(strings.ReplaceAll(string(b), from, to)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !found {
		t.Fatalf("%v, %q found: %v", err, from, found)
	}
	return out.Bytes()
}

// Every shipped form and list about persons passes as an own template.
func TestShippedPersonTemplates(t *testing.T) {
	for _, s := range document.PersonSlots() {
		raw, err := s.Shipped(vn.MustDate("2026-11-25"))
		if err != nil {
			t.Fatal(err)
		}
		if out, err := s.Try(raw, vn.MustDate("2026-11-25")); err != nil || !bytes.HasPrefix(out.PDF, []byte("%PDF")) {
			t.Errorf("%s: %v", s.ID, err)
		}
	}
}

// An office takes the shipped form 2C, edits it in Word and makes it its own:
// forms of the persons whose files it and those below it keep come by it, until
// it goes back. A template with an unknown mark, without the name or the foot,
// and what is no Word file are refused in plain words.
func TestOwnTemplatesOfPersons(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const forms = "/can-bo/phieu/nguyen-van-mau"
	page := personTemplates("org/tinh") + "?loai=2c"
	v.get(forms).is(200).says("Mẫu riêng của phiếu và danh sách")
	v.get(page).is(200).says("Sơ yếu lý lịch (mẫu 2C/TCTW-98)", "Phiếu đảng viên (Mẫu 2-HSĐV)", "Danh sách trích ngang", "Chưa từng đổi mẫu")
	v.get(personTemplates("org/tinh") + "?loai=submission").is(http.StatusNotFound)
	shipped := v.get("/can-bo/mau-tep/co-san.docx/org/tinh?loai=2c").is(200).body
	own := inWord(t, shipped, "SƠ YẾU LÝ LỊCH", "SƠ YẾU LÝ LỊCH CỦA TỈNH MẪU")
	for says, bad := range map[string][]byte{
		"khong_co_o_nay":      inWord(t, shipped, "{{origin_birthplace}}", "{{khong_co_o_nay}}"),
		"Mẫu bỏ sót nội dung": inWord(t, shipped, "{{identity_name}}", "họ tên"),
		"Xem thử mẫu – chân":  inWord(t, shipped, "{{chan_trang}}", "chân trang"),
		"docx":                []byte("không phải Word"),
	} {
		v.sendTemplate(page, bad, map[string]string{"do": "take", "reason": "thử"}).is(http.StatusUnprocessableEntity).says(says)
	}
	v.sendTemplate(page, own, map[string]string{"do": "preview-pdf", "reason": ""}).is(200)
	v.sendTemplate(page, own, map[string]string{"do": "take", "reason": "Mẫu của tỉnh"}).is(http.StatusSeeOther)
	made := func(form string) string {
		out := v.submit(forms, "", url.Values{"form": {form}, "kind": {"docx"}, "purpose": {"bổ nhiệm"}}).is(200)
		doc, err := docx.Read(out.body)
		if err != nil {
			t.Fatal(err)
		}
		return doc.Text() + doc.EdgeText()
	}
	if s := made("2c"); !strings.Contains(s, "CỦA TỈNH MẪU") || !strings.Contains(s, "Nguyễn Văn Mẫu") || !strings.Contains(s, "để: bổ nhiệm") {
		t.Errorf("the own form: %s", s)
	}
	if s := made("2-hsdv"); strings.Contains(s, "CỦA TỈNH MẪU") {
		t.Error("another form came by it")
	}
	out := v.submit(forms, "", url.Values{"form": {"2c"}, "kind": {"pdf"}, "purpose": {"bổ nhiệm"}}).is(200)
	if s := strings.Join(strings.Fields(pdfWords(t, out.body)), " "); !strings.Contains(s, "CỦA TỈNH MẪU") {
		t.Errorf("the own form as PDF: %s", s)
	}
	v.post(page, url.Values{"act": {desk.NewID()}, "seen": {number("en", h.desk.Head())}, "do": {"reset"}, "reason": {"về mẫu có sẵn"}}).is(http.StatusSeeOther)
	if s := made("2c"); strings.Contains(s, "CỦA TỈNH MẪU") {
		t.Error("the form after going back to the shipped one")
	}
}
