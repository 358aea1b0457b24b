package web

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/desk"
	"minhbach/internal/document"
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
	// Printed for use they are recorded, once each.
	const papers = "/bau-cu/giay-to/hdnd-mau"
	for _, what := range []string{"/trang-chieu", "/niem-phong"} {
		to := v.submit(where, where+what, nil).is(http.StatusSeeOther).header.Get("Location")
		if p := v.get(to).is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
			t.Errorf("%s recorded is no PDF", what)
		}
		first, _, _ := strings.Cut(to, "?")
		if again, _, _ := strings.Cut(v.submit(where, where+what, nil).is(http.StatusSeeOther).header.Get("Location"), "?"); again != first {
			t.Errorf("%s printed again is %s, not %s", what, again, first)
		}
	}
	v.submit(papers, papers+"/du-phong", nil).is(http.StatusSeeOther)
	v.get(papers).says("Bản in đã ghi", "Trang chiếu", "Phiếu niêm phong", "Bộ dự phòng giấy")
	h.as("kiemtra").get(papers).is(http.StatusOK)

	// The signed minutes come back as a scan.
	v.sendScan(where, where+"/ban-ky", "a.exe", []byte("MZ\x00\x00")).is(http.StatusUnprocessableEntity)
	v.sendScan(where, where+"/ban-ky", "bien-ban-ky.pdf", scanPDF(t)).is(http.StatusSeeOther)
	v.get(where).says("Bản ký số hóa", "bien-ban-ky.pdf")
	at := ""
	for _, a := range v.get(where).all("a") {
		if href := attr(a, "href"); strings.HasPrefix(href, where+"/ban-ky/") && !strings.Contains(href, "?") {
			at = href
		}
	}
	if got := v.get(at).is(http.StatusOK); !bytes.Equal(got.body, scanPDF(t)) || got.header.Get("Content-Type") != "application/pdf" {
		t.Error("the scan is not what was sent")
	}
	v.get(where + "/ban-ky/" + strings.Repeat("0", 64)).is(http.StatusNotFound)
	// Who opened it is read in the log of views, and the chain of the log holds.
	of := where[strings.LastIndex(where, "/")+1:]
	h.as("kiemtra").get("/nhat-ky/luot-xem").is(http.StatusOK).says("Xem bản quét đã ký của giấy ở mục "+of, "chuỗi băm nguyên vẹn")
}

// scanPDF is a small PDF as a scanner sends it.
func scanPDF(t *testing.T) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCreationDate(time.Unix(0, 0))
	f.SetModificationDate(time.Unix(0, 0))
	f.AddPage()
	f.SetFont("Helvetica", "", 20)
	f.Text(20, 20, "signed")
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sendScan posts a scan by the form of a page.
func (v *visitor) sendScan(page, to, name string, content []byte) *answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	var err error
	for _, f := range v.get(page).all("form") {
		if attr(f, "action") == to {
			for _, in := range find(f, "input") {
				if n := attr(in, "name"); n == "act" || n == "seen" {
					err = errors.Join(err, w.WriteField(n, attr(in, "value")))
				}
			}
		}
	}
	part, err2 := w.CreateFormFile("scan", name)
	if err = errors.Join(err, err2); err == nil {
		_, err = part.Write(content)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		v.h.t.Fatal(err)
	}
	return v.postBody(to, w.FormDataContentType(), &body)
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

// A paper made at the screen: its form, files and figures; signed, made again;
// an own template refused when hostile, previewed, taken, given up.
func TestPaperMadeSignedAndTemplate(t *testing.T) {
	h := newHouse(t)
	h.do("canbo", election.OpenEvent{ID: "cb", Kind: "congress", Date: vn.MustDate("2025-09-25"), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ thôn 1", EN: "Congress of cell 1"}})
	v := h.as("canbo")
	const papers = "/bau-cu/giay-to/cb"
	v.submit("/bau-cu/su-kien/cb/chuong-trinh", "/bau-cu/su-kien/cb/chuong-trinh", fields("template", "cell", "members", "11")).is(http.StatusSeeOther)
	v.get(papers).is(http.StatusOK).says("Kịch bản điều hành", "Báo cáo kết quả bầu cử lên cấp trên", "Chưa lập")
	v.get(papers + "/lap?giay=la").is(http.StatusNotFound)
	const report = papers + "/lap?giay=report&ve="
	v.submit(report, papers+"/lap", fields("number", "5")).is(http.StatusUnprocessableEntity).says("Chưa có ai trúng cử")
	const make = papers + "/lap?giay=script&ve="
	done := v.submit(make, papers+"/lap", fields("place", "Thôn 1", "signers", "T/M CHI BỘ | Bí thư | Nguyễn Văn Mẫu", "to", "Lưu chi bộ.")).is(http.StatusSeeOther)
	where, _, _ := strings.Cut(done.header.Get("Location"), "?")
	v.get(where).is(http.StatusOK).says("Đã lập, chưa ký", "Ghi đã ký")
	if p := v.get(where + "/pdf").is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
		t.Error("no PDF")
	}
	word, err := docx.Open(v.get(where + "/docx").is(http.StatusOK).body)
	if err != nil || !strings.Contains(word.Text(), "T/M CHI BỘ") {
		t.Errorf("the Word file: %v", err)
	}
	v.get(where + "/exe").is(http.StatusNotFound)
	v.submit(where, where, fields("where", " ")).says("nơi lưu bản ký")
	v.submit(where, where, fields("where", "Tủ 2", "who", "Nguyễn Văn Mẫu")).is(http.StatusSeeOther)
	v.get(where).says("Đã ký", "Tủ 2", "Nguyễn Văn Mẫu")
	v.get(papers).says("Đã ký", "Tủ 2")
	again := v.submit(make, papers+"/lap", nil).is(http.StatusSeeOther).header.Get("Location")
	v.get(where).says("Đã lập bản mới hơn")
	if strings.HasPrefix(again, where) {
		t.Error("made again it is the same paper")
	}
	const own, files = papers + "/mau?loai=", papers + "/mau"
	v.get(own).is(http.StatusOK).says("Chưa từng đổi mẫu")
	shipped := v.get(files + "/co-san.docx").is(http.StatusOK).body
	send := func(file []byte, do, reason string) *answer {
		t.Helper()
		return v.sendTemplate(own, file, map[string]string{"do": do, "reason": reason})
	}
	send([]byte("x"), "take", "thử").says("không phải văn bản Word")
	send(shipped, "take", "").says("Ghi lý do thay mẫu")
	if _, err := docx.Open(send(shipped, "preview", "").is(http.StatusOK).body); err != nil {
		t.Error(err)
	}
	send(shipped, "try", "").is(http.StatusOK).says("Mẫu dùng được", "PDF in đúng như Word")
	if p := send(shipped, "preview-pdf", "").is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
		t.Error("the preview is no PDF")
	}
	odd := rewordWord(t, shipped, `<w:body>`, `<w:body><w:p><w:r><w:rPr><w:rFonts w:ascii="Arial"/></w:rPr><w:t>Đầu trang riêng</w:t></w:r></w:p>`)
	send(odd, "try", "").is(http.StatusOK).says("PDF sẽ không có, hoặc in khác Word", "phông Arial")
	v.get(own).says("Chưa từng đổi mẫu")
	v.get(papers + "/mau?loai=la").is(http.StatusNotFound)
	for _, s := range document.Slots() {
		v.get(papers + "/mau?loai=" + s.ID).is(http.StatusOK).says(s.Words.VI)
		if p := v.get(files + "/co-san.docx?xem=pdf&loai=" + s.ID).is(http.StatusOK); !bytes.HasPrefix(p.body, []byte("%PDF")) {
			t.Errorf("%s: no PDF of the shipped template", s.ID)
		}
	}
	send(shipped, "take", "Mẫu của chi bộ").is(http.StatusSeeOther)
	v.get(own).says("Đang dùng mẫu riêng", "Mẫu của chi bộ")
	if got := v.get(files + "/1.docx").is(http.StatusOK).body; !bytes.Equal(got, shipped) {
		t.Error("version 1 is another file")
	}
	v.get(files + "/9.docx").is(http.StatusNotFound)
	third := v.submit(make, papers+"/lap", nil).is(http.StatusSeeOther).header.Get("Location")
	v.get(third).says("theo mẫu riêng")
	send(nil, "reset", "Thôi").is(http.StatusSeeOther)
	v.get(own).says("Đang dùng mẫu có sẵn")
}

// rewordWord is a Word file with a text of its body replaced.
func rewordWord(t *testing.T, raw []byte, from, to string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if f.Name == "word/document.xml" {
			b = bytes.Replace(b, []byte(from), []byte(to), 1)
		}
		x, err2 := w.Create(f.Name)
		if err = errors.Join(err, err2); err == nil {
			_, err = x.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sendTemplate posts a file with fields as a browser would.
func (v *visitor) sendTemplate(path string, file []byte, with map[string]string) *answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "a.docx")
	if err == nil {
		_, err = part.Write(file)
	}
	with["act"] = desk.NewID()
	for _, f := range v.get(path).all("form") {
		for _, in := range find(f, "input") {
			if attr(f, "action") == path && attr(in, "name") == "seen" {
				with["seen"] = attr(in, "value")
			}
		}
	}
	for k, x := range with {
		err = errors.Join(err, w.WriteField(k, x))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		v.h.t.Fatal(err)
	}
	return v.postBody(path, w.FormDataContentType(), &body)
}
