package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/document/docx"
	"minhbach/internal/store"
)

// TestRegistryByForms: two communes become one, a code finds its unit, the
// chart and the comparison show it; all by plain forms.
func TestRegistryByForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	for _, id := range []string{"xa-1", "xa-2"} { // what the dissolved district left behind
		v.submit("/to-chuc/viec/chuyen/"+id, "", url.Values{"parent": {"org/tinh"}, "from": {"1/7/2025"}}).is(http.StatusSeeOther)
	}
	v.submit("/to-chuc/sap-xep/muc/xa-1", "", url.Values{"detail": {"code.party"}, "value": {"25.000.036"}, "from": {"1/8/2025"}}).is(http.StatusUnprocessableEntity).says("14 chữ số")
	v.submit("/to-chuc/sap-xep/muc/xa-1", "", url.Values{"detail": {"code.party"}, "value": {"25.000.036.000.000"}, "from": {"1/8/2025"}}).is(http.StatusSeeOther)
	p := v.submit("/to-chuc/sap-xep/nhap/xa-1", "", url.Values{"parts": {"Đảng ủy xã Hòa Bình (mẫu)"}, "newname": {"Đảng ủy xã Hòa Tâm (mẫu)"}, "newkind": {"grassroots"}, "newparent": {"Tỉnh ủy Mẫu"},
		"from": {"1/1/2026"}, "number": {"77-QĐ/TU"}, "date": {"20/12/2025"}, "signer": {"Lê Văn Ký"}, "basis": {"Đề án 05"}}).is(http.StatusSeeOther)
	v.get("/to-chuc/don-vi/xa-2").is(200).says("Nhập vào", "Đảng ủy xã Hòa Tâm (mẫu)", "100 %", "không tồn tại vào ngày")
	v.get("/to-chuc?q=25.000.036.000.000").is(200).says("Đảng ủy xã Đồng Tâm Mới (mẫu)") // an old code still finds
	v.get("/to-chuc/thay-doi?goc=Tỉnh+ủy+Mẫu&tu=31/12/2025&den=1/1/2026").is(200).says("Kế thừa: Đảng ủy xã Hòa Tâm (mẫu) (100 %).", "Thành lập mới", "77-QĐ/TU")
	pic := v.get("/to-chuc/so-do?goc=org/tinh&ngay=31/12/2025").is(200)
	prints := 0
	for _, b := range pic.all("button") {
		for _, a := range b.Attr {
			if a.Key == "data-print" {
				prints++
			}
		}
	}
	if prints != 1 {
		t.Errorf("%d buttons print the chart", prints)
	}
	if len(pic.all("rect")) < 4 || !strings.Contains(pic.text(), "Hòa Bình") {
		t.Errorf("the chart of the day before shows %d boxes", len(pic.all("rect")))
	}
	if now := v.get("/to-chuc/so-do?goc=org/tinh&ngay=1/1/2026").is(200); strings.Contains(now.text(), "xã Hòa Bình") || !strings.Contains(now.text(), "Hòa Tâm") {
		t.Error("the chart of the day shows the old units")
	}
	// Taken back: the new commune never was, the old ones stand.
	v.get("/to-chuc/don-vi/xa-1").says("Rút cả việc này")
	entry := strings.TrimPrefix(p.header.Get("Location"), "/to-chuc/don-vi/xa-1?ghi=") // the act's first entry
	v.get("/to-chuc/sap-xep/rut/xa-1?muc="+entry).is(200).says("Lần ghi ấy gồm:", "Giải thể tổ chức", "Thành lập tổ chức")
	v.submit("/to-chuc/sap-xep/rut/xa-1?muc="+entry, "", url.Values{"reason": {"Quyết định được thu hồi"}}).is(http.StatusSeeOther)
	v.get("/to-chuc?ngay=1/1/2026").is(200).says("Đảng ủy xã Hòa Bình (mẫu)")
	desktest.CheckRebuild(t, h.desk)
}

// TestMembersByForms: a member from paper, a quota, a handover signed by two.
func TestMembersByForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v, w := h.as("canbo"), h.as("canbo2")
	v.get("/can-bo/tran-thi-thu").is(200).says("Chưa ghi nhận gì về quá trình đảng viên.")
	step := url.Values{"step": {"transcribed"}, "org": {"org/xa-1"}, "from": {"1/1/2020"}, "admitted": {"3/2/1997"}, "sworn": {"10/2/1997"}, "recognised": {"10/2/1998"}}
	v.submit("/dang-vien/viec/tran-thi-thu", "", step).is(http.StatusSeeOther)
	v.get("/can-bo/tran-thi-thu").is(200).says("Chính thức", "Tuổi đảng tính từ 3/2/1997")
	v.submit("/dang-vien/viec/tran-thi-thu", "", step).is(http.StatusUnprocessableEntity).says("không thể có hai nơi sinh hoạt chính thức")
	v.get("/dang-vien/huy-hieu").is(200).says("3/2/2027", "30 năm", "Trần Thị Thử")
	v.submit("/dang-vien/viec/tran-thi-thu", "", url.Values{"step": {"transfer-sent"}, "org": {"org/xa-1"}, "target": {"org/xa-2"}, "from": {"2/11/2026"}}).is(http.StatusSeeOther)
	v.get("/dang-vien/thoi-han").is(200).says("Xác nhận chuyển sinh hoạt", "Trần Thị Thử")
	v.get("/to-chuc/don-vi/xa-1").is(200).says("Đảng viên", "lập chi bộ cơ sở")

	v.submit("/to-chuc/sap-xep/muc/tinh/btc", "", url.Values{"detail": {"quota.civil-servant"}, "value": {"12"}, "from": {"1/1/2026"}, "number": {"5-QĐ/TU"}}).is(http.StatusSeeOther)
	v.submit("/dang-vien/viec/nguyen-van-mau", "", url.Values{"step": {"staffed"}, "kind": {"civil-servant"}, "org": {"org/tinh/btc"}, "from": {"1/2/2026"}}).is(http.StatusSeeOther)
	v.get("/to-chuc/bien-che?goc=org/tinh").is(200).says("Cán bộ, công chức", "Kế hoạch và thực hiện", "0 cấp phó trên 12 biên chế")
	v.get("/to-chuc/bien-che/nguoi?don-vi=org/tinh/btc&la=staff").is(200).says("Nguyễn Văn Mẫu")
	v.get("/to-chuc/bien-che/nguoi?goc=org/tinh&la=staff").is(200).says("Nguyễn Văn Mẫu", "Ban Tổ chức Tỉnh ủy Mẫu")
	v.get("/to-chuc/bien-che/nguoi?goc=org/tinh&la=lent").is(200).says("Không có ai vào ngày này")

	p := v.submit("/to-chuc/ban-giao", "", url.Values{"from": {"org/xa-1"}, "to": {"org/xa-2"}, "on": {"1/12/2026"}, "files": {"1"}, "number": {"9-QĐ/TU"}}).is(http.StatusSeeOther)
	path, _, _ := strings.Cut(p.header.Get("Location"), "?")
	v.get(path).is(200).says("0 + 1 − 0 = 1", "Đã giới thiệu chuyển đi, chưa xác nhận", "chờ bên nhận ghi số nhận")
	w.submit(path, "", url.Values{"official": {"2"}, "probationary": {"0"}, "files": {"1"}, "closing": {"2"}}).is(http.StatusUnprocessableEntity).says("không khớp danh sách")
	w.submit(path, "", url.Values{"official": {"1"}, "probationary": {"0"}, "files": {"1"}, "closing": {"1"}}).is(http.StatusSeeOther)
	sign := func(x *visitor, side string) *answer {
		page := x.get(path).is(200)
		for _, n := range page.all("form") {
			vals := url.Values{}
			for _, in := range find(n, "input") {
				vals.Set(attr(in, "name"), attr(in, "value"))
			}
			if vals.Get("side") == side {
				vals.Set("signer", "Người Ký")
				return x.post(path, vals)
			}
		}
		t.Fatalf("no form to sign for %s", side)
		return nil
	}
	sign(v, "org/xa-1").is(http.StatusSeeOther)
	sign(v, "org/xa-2").is(http.StatusUnprocessableEntity).says("Hai bên phải do hai người ký.")
	sign(w, "org/xa-2").is(http.StatusSeeOther)
	v.get(path).is(200).says("đã ký, hoàn tất", "Theo hồ sơ sau khi ký", "In biên bản và giữ bản in", "Xem trước, không giữ lại")
	for _, file := range []string{"bang.docx", "bang.pdf", "bang.xlsx"} {
		v.get(path + "/bien-ban/" + file).is(200)
	}
	views := func() (n int) {
		t.Helper()
		if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT COUNT(*) FROM op_read_log WHERE subject = 'person/tran-thi-thu' AND what = 'list'`).Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := views()
	text := wordText(t, v.get(path+"/bien-ban/bang.docx").is(200).body)
	if n := views() - before; n < 1 {
		t.Errorf("the minutes name her, and the read log has %d new lines of it", n)
	}
	for _, s := range []string{"BIÊN BẢN BÀN GIAO", "0 + 1 − 0 = 1", "Trần Thị Thử", "Đã giới thiệu chuyển đi, chưa xác nhận", "ĐẠI DIỆN BÊN GIAO", "ĐẠI DIỆN BÊN NHẬN", "9-QĐ/TU"} {
		if !strings.Contains(text, s) {
			t.Errorf("the minutes of the handover lack %q", s)
		}
	}
	h.as("quantri.mau").get(path + "/bien-ban/bang.pdf").is(http.StatusForbidden)
	desktest.CheckRebuild(t, h.desk)
}

// wordText is the text of a document for Word.
func wordText(t *testing.T, b []byte) string {
	t.Helper()
	doc, err := docx.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Text()
}
