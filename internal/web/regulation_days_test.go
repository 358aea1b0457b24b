package web

import (
	"strings"
	"testing"
	"time"

	"minhbach/internal/regulation"
	"minhbach/internal/vn"
)

// TestDaysOfRestByForms: a keeper is reminded that the table ends, looks at
// what the notice's days would be, is told which line is wrong, records them;
// everybody sees the year and where each day comes from.
func TestDaysOfRestByForms(t *testing.T) {
	h := newHouse(t)
	h.clock.Add(time.Date(2026, time.November, 26, 8, 0, 0, 0, time.UTC).Sub(h.clock.Now()))
	const form = daysPath + "/ghi"
	k := h.as("quydinh1")
	k.get("/").says("Ghi tiếp bảng ngày nghỉ", "23/11/2026")
	for _, lang := range languages {
		k.get("/ngon-ngu/" + lang)
		for _, path := range []string{daysPath, daysPath + "?nam=2020", daysPath + "?nam=2026", form, form + "?nam=2025"} {
			checkPage(t, lang+" "+path, k.get(path).is(200))
		}
	}
	k.get("/ngon-ngu/vi")
	k.get(daysPath + "?nam=2019").is(404)
	k.get(daysPath+"?nam=2025").says("Tết Nguyên đán", "Làm bù cho ngày 2/5/2025", "chưa xác nhận")

	f := k.get(form).is(200).hidden(form)
	if f.Get("from") != "24/11/2026" || f.Get("to") != "31/12/2026" {
		t.Errorf("the form begins with %s to %s", f.Get("from"), f.Get("to"))
	}
	f.Set("to", "31/12/2027")
	f.Set("number", "1/TB-MẪU")
	f.Set("date", "10/11/2026")
	f.Set("days", "1/1/2027 Tết Dương lịch\n2/1/2027 nghỉ")
	f.Set("step", "preview")
	k.post(form, f).says("Dòng 2", "thứ Bảy", "1/1/2027 Tết Dương lịch")
	f.Set("days", "1/1/2027 Tết Dương lịch\n5/2/2027 – 11/2/2027 Tết Nguyên đán\nlàm bù 20/2/2027 cho ngày 11/2/2027")
	p := k.post(form, f).says("Xem trước kỳ 24/11/2026 – 31/12/2027", "làm bù", "thứ Hai")
	checkPage(t, "preview", p)
	if n := strings.Count(p.text(), "Chưa ghi gì"); n != 0 {
		t.Errorf("the preview still says that nothing was looked at")
	}
	f = p.hidden(form)
	f.Set("step", "record")
	to := k.post(form, f).is(303).header.Get("Location")
	if !strings.HasPrefix(to, daysPath+"?nam=2026") {
		t.Errorf("after recording it leads to %s", to)
	}
	v := h.as("canbo")
	v.get(daysPath+"?nam=2027").says("1/TB-MẪU, 10/11/2026", "Tết Dương lịch", "đã xác nhận")
	v.get("/quy-dinh").says("Ngày nghỉ")
	v.get(form).is(403)
	if d, err := h.rules().Calendar().AddWorking(vn.MustDate("2026-12-31"), 1); err != nil || d != vn.MustDate("2027-01-04") {
		t.Errorf("the working day after New Year's Eve: %s, %v", d, err)
	}

	// The same again changes nothing and says so; with another number the year is told anew.
	f = k.get(form + "?nam=2027").is(200).hidden(form)
	if !strings.Contains(f.Get("days"), "làm bù 20/2/2027 cho ngày 11/2/2027") {
		t.Errorf("the days of the year do not stand in the box: %q", f.Get("days"))
	}
	f.Set("number", "1/TB-MẪU")
	f.Set("date", "10/11/2026")
	f.Set("step", "record")
	k.post(form, f).says("không có gì để ghi")
	f.Set("number", "2/TB-MẪU")
	k.post(form, f).is(303)
	k.get(daysPath+"?nam=2027").says("2/TB-MẪU, 10/11/2026", "1/TB-MẪU, 10/11/2026")
	e := v.get("/nhat-ky?doi-tuong=" + regulation.DaysSubject).is(200)
	e.says("Ghi ngày nghỉ")
	if strings.Contains(k.get("/").is(200).text(), "Ghi tiếp bảng ngày nghỉ") {
		t.Error("the reminder stands though the table reaches far enough")
	}
}
