package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"minhbach/internal/person"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestFiguresByPlainForms: an officer looks at the figures of the province, closes
// those of a day, enters a member late, sees what moved, and closes anew.
func TestFiguresByPlainForms(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.get("/bao-cao").is(http.StatusOK).says("Báo cáo thống kê đảng viên, cấp ủy năm 2025 (mẫu)")
	v.get("/bao-cao/so-lieu?don-vi=org/tinh&ngay=2021-06-30").is(http.StatusOK).says("Số lượng đảng viên", "Huyện ủy Sông Lam (mẫu)", "35-CT/TW", "cấp ủy viên: đạt tỷ lệ")
	v.get("/bao-cao/so-lieu?don-vi=org/tinh").is(http.StatusOK).says("Lý luận chính trị cao cấp trở lên", "15-NQ/TU (mẫu)", "Chốt số liệu")
	v.get("/bao-cao/so-lieu?tim=khong-co-to-chuc-nay").is(http.StatusUnprocessableEntity).says("Không có tổ chức nào tên")
	v.get("/bao-cao/so-lieu?don-vi=org/tinh&ngay=1980-01-01").is(http.StatusOK).says("Ngày này tổ chức chưa có")
	page := "/bao-cao/so-lieu?don-vi=org/tinh&ngay=2026-06-30"
	send := func(page string, more url.Values) *answer {
		fields := url.Values{"unit": {"org/tinh"}, "on": {"30/6/2026"}, "digest": {h.digest("2026-06-30")}, "title": {"Báo cáo 6 tháng"}, "signer": {"Trần Văn Mẫu"}}
		for k, x := range more {
			fields[k] = x
		}
		return v.submit(page, "/bao-cao/so-lieu?ngay=2026-06-30", fields)
	}
	send(page, url.Values{"title": {""}}).is(http.StatusUnprocessableEntity).says("Ghi tên báo cáo", "Số lượng đảng viên")
	send(page, url.Values{"digest": {"cũ"}}).is(http.StatusUnprocessableEntity).says("Số liệu đã thay đổi")
	at := send(page, nil).is(http.StatusSeeOther).header.Get("Location")
	at, _, _ = strings.Cut(at, "?")
	v.get(at).is(http.StatusOK).says("Báo cáo 6 tháng", "Tính lại hôm nay vẫn đúng như khi chốt")
	v.get(page).says("Số liệu ngày này đã chốt")

	h.do("canbo", person.Record{ID: "person/nhap-muon", Home: "org/xa-an-binh", Sample: true, From: vn.MustDate("2010-01-01"), Identity: person.Identity{Name: "Người Nhập Muộn", Gender: "female"}})
	h.do("canbo", person.TakeStep{Person: "person/nhap-muon", Org: "org/xa-an-binh", From: vn.MustDate("2021-02-03"), Step: person.Transcribed, Admitted: vn.MustDate("2020-02-03"), Sworn: vn.MustDate("2020-02-03"), Recognised: vn.MustDate("2021-02-03")})
	v.get(at).is(http.StatusOK).says("con số đã khác", "→")
	anew := page + "&thay=report/" + at[strings.LastIndex(at, "/")+1:]
	v.get(anew).is(http.StatusOK).says("Lý do chốt lại")
	send(anew, url.Values{"replaces": {"report/" + at[strings.LastIndex(at, "/")+1:]}}).is(http.StatusUnprocessableEntity).says("Ghi lý do chốt lại")
	send(anew, url.Values{"replaces": {"report/" + at[strings.LastIndex(at, "/")+1:]}, "reason": {"Bổ sung một đảng viên"}}).is(http.StatusSeeOther)
	v.get(at).is(http.StatusOK).says("đã được chốt lại")

	for file, begin := range map[string]string{"bang.xlsx": "PK", "bang.docx": "PK", "bang.pdf": "%PDF"} {
		for _, x := range []string{at + "/" + file, "/bao-cao/so-lieu/" + file + "?don-vi=org/tinh&ngay=2026-06-30"} {
			a := v.get(x).is(http.StatusOK)
			if !bytes.HasPrefix(a.body, []byte(begin)) {
				t.Errorf("%s begins %q", x, a.body[:min(8, len(a.body))])
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(v.get(at + "/bang.xlsx").body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Số lượng đảng viên")
	if err != nil || len(rows) < 4 || rows[0][1] != "Tổng số" || rows[len(rows)-1][0] != "Cộng" {
		t.Errorf("%v %q", err, rows)
	}
	v.get(at + "/bang.exe").is(http.StatusNotFound)
	h.as("quantri.mau").get("/bao-cao").is(http.StatusForbidden)
}

// TestAimsByPlainForms: an officer records an aim, sees the committee held
// against it, replaces, corrects, ends and withdraws it, and takes the table away.
func TestAimsByPlainForms(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.get("/bao-cao/so-lieu?don-vi=org/xa-an-binh").is(http.StatusOK).says("Chỉ tiêu của tổ chức này")
	v.get("/bao-cao/chi-tieu?don-vi=org/xa-an-binh").is(http.StatusOK).says("Chưa ghi chỉ tiêu nào", "Chỉ tiêu của cấp trên áp dụng cho cấp ủy này", "Cấp ủy của tổ chức này và các tổ chức trực thuộc")
	page := "/bao-cao/chi-tieu-moi?don-vi=org/tinh"
	fields := func(more url.Values) url.Values {
		f := url.Values{"unit": {"org/tinh"}, "measure": {"minority"}, "least": {"12,5"}, "from": {"1/1/2026"}, "number": {"21-NQ/TU"}, "date": {"20/12/2025"}, "signer": {"Trần Văn Mẫu"}}
		for k, x := range more {
			f[k] = x
		}
		return f
	}
	for field, bad := range map[string][2]string{"least": {"12,555", "nhiều nhất hai chữ số"}, "number": {"", "Ghi số văn bản"}, "signer": {"", "Ghi họ tên người ký"}, "from": {"hôm nào", "ngày"}} {
		a := v.submit(page, "/bao-cao/chi-tieu-moi", fields(url.Values{field: {bad[0]}})).is(http.StatusUnprocessableEntity).says(bad[1])
		if a.value("signer") == "" && field != "signer" {
			t.Error("what was typed is lost")
		}
	}
	v.submit(page, "/bao-cao/chi-tieu-moi", fields(url.Values{"measure": {"young"}, "under": {""}})).is(http.StatusUnprocessableEntity).says("dưới bao nhiêu tuổi")
	at := v.submit(page, "/bao-cao/chi-tieu-moi", fields(nil)).is(http.StatusSeeOther).header.Get("Location")
	at, _, _ = strings.Cut(at, "?")
	v.get(at).is(http.StatusOK).says("Dân tộc thiểu số: ít nhất 12,5%", "3 trên 8 người (37,50%)", "Đạt", "1 đạt, 0 chưa đạt", "21-NQ/TU", "Trần Văn Mẫu")
	v.get("/bao-cao/so-lieu?don-vi=org/tinh").says("Dân tộc thiểu số", "21-NQ/TU ngày 20/12/2025", "cần 1")
	v.submit(page, "/bao-cao/chi-tieu-moi", fields(nil)).is(http.StatusUnprocessableEntity).says("Đã có chỉ tiêu này")

	id := "aim/" + at[strings.LastIndex(at, "/")+1:]
	anew := "/bao-cao/chi-tieu-moi?thay=" + id
	v.get(anew).is(http.StatusOK).says("Chỉ tiêu mới thay chỉ tiêu dưới đây")
	next := v.submit(anew, "/bao-cao/chi-tieu-moi", fields(url.Values{"replaces": {id}, "way": {"people"}, "least": {"5"}, "from": {"1/7/2026"}})).is(http.StatusSeeOther).header.Get("Location")
	next, _, _ = strings.Cut(next, "?")
	v.get(next).says("ít nhất 5 người", "Chưa đạt, thiếu 2")
	v.get(at+"?ngay=2026-06-30").says("từ 1/1/2026 đến trước 1/7/2026", "Đang áp dụng")
	v.get(at).says("Đã thôi")
	v.submit(next+"/viec/dinh-chinh", "", url.Values{"least": {"3"}}).is(http.StatusUnprocessableEntity).says("lý do")
	v.submit(next+"/viec/dinh-chinh", "", url.Values{"least": {"3"}, "reason": {"Văn bản ghi 3 người"}}).is(http.StatusSeeOther)
	v.get(next).says("ít nhất 3 người", "Đính chính", "Văn bản ghi 3 người", "1 đạt")
	for file, begin := range map[string]string{"bang.xlsx": "PK", "bang.docx": "PK", "bang.pdf": "%PDF"} {
		if a := v.get(next + "/tep/" + file).is(http.StatusOK); !bytes.HasPrefix(a.body, []byte(begin)) {
			t.Errorf("%s begins %q", file, a.body[:min(8, len(a.body))])
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(v.get("/bao-cao/so-lieu/bang.xlsx?don-vi=org/tinh").body))
	if err != nil {
		t.Fatal(err)
	}
	sheets := f.GetSheetList()
	rows, err := f.GetRows(sheets[len(sheets)-1])
	if err != nil || len(rows) != 5 || rows[0][6] != "Kết quả" || rows[1][0] != "Dân tộc thiểu số" || rows[1][4] != "3" || rows[1][6] != "Đạt" {
		t.Errorf("%v %q", err, rows)
	}
	v.submit(next+"/viec/ket-thuc", "", url.Values{"to": {"1/10/2026"}, "number": {"30-NQ/TU"}, "date": {"20/9/2026"}, "signer": {"Trần Văn Mẫu"}}).is(http.StatusSeeOther)
	v.get(next).says("đến trước 1/10/2026", "Kết thúc")
	v.submit(next+"/viec/huy-bo", "", url.Values{"reason": {"Ghi nhầm"}}).is(http.StatusSeeOther)
	v.get(next).is(http.StatusOK).says("đã hủy bỏ vì ghi nhầm", "Hủy bỏ vì ghi nhầm")
	v.get(next + "/viec/ket-thuc").is(http.StatusNotFound)
	v.get("/nhat-ky?loai=report.").is(http.StatusOK).says("Ghi chỉ tiêu cơ cấu cấp ủy")
	// Whoever reads figures of the committees an aim speaks of reads it, nobody
	// else: who signed and why it was corrected are no figures.
	commune := h.officerOf("org/xa-an-binh")
	commune.get(aimPath("aim/mau-nu")).is(http.StatusOK).says("15-NQ/TU (mẫu)")
	commune.get(at).is(http.StatusNotFound) // of the province alone
	commune.get(next).is(http.StatusNotFound)
	commune.get(next + "/tep/bang.pdf").is(http.StatusNotFound)
	v.get(at + "/viec/gi-do").is(http.StatusNotFound)
	h.as("quantri.mau").get(at).is(http.StatusForbidden)
	auditor := h.as("kiemtra")
	auditor.get(at).is(http.StatusOK)
	auditor.get(page).is(http.StatusForbidden)
}

// digest names the figures of the province on a day.
func (h *house) digest(on string) (sum string) {
	h.t.Helper()
	if err := h.desk.Read(h.t.Context(), func(tx *store.Tx) error {
		s, err := report.Reckon(h.t.Context(), tx, h.rules(), "org/tinh", vn.MustDate(on))
		if err == nil {
			sum = s.Digest()
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return sum
}

// TestFiguresScreens looks at the pages of figures, wide and on a phone.
func TestFiguresScreens(t *testing.T) {
	h := electionHouse(t)
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	for name, path := range map[string]string{"list": "/bao-cao", "figures": "/bao-cao/so-lieu?don-vi=org/tinh&ngay=2021-06-30", "closed": closedPath("report/mau-2025"), "aims": "/bao-cao/chi-tieu?don-vi=org/tinh", "aim": aimPath("aim/mau-nu"), "aim-form": "/bao-cao/chi-tieu-moi?don-vi=org/tinh"} {
		for _, kind := range []int{wide, phone} {
			label := "report-" + name + map[int]string{wide: "", phone: "-phone"}[kind]
			run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("main h1"))
			noOverflow(t, ctx, label)
			if kind == wide {
				axe(t, ctx, label)
			}
			picture(t, ctx, label)
		}
	}
}
