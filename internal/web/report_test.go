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
	v.get("/bao-cao/so-lieu?don-vi=org/tinh").is(http.StatusOK).says("chưa có chỉ tiêu cơ cấu cấp ủy", "Chốt số liệu")
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
	for name, path := range map[string]string{"list": "/bao-cao", "figures": "/bao-cao/so-lieu?don-vi=org/tinh&ngay=2021-06-30", "closed": closedPath("report/mau-2025")} {
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
