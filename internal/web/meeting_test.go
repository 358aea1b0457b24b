package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A secretary opens a meeting, pastes a list, calls the roll with "all but",
// takes somebody off the base, votes by hand and chooses a counting board: by
// plain forms, and every refusal keeps what was typed.
func TestMeetingByPlainForms(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	v.get("/hop").is(http.StatusOK).says("Chưa có đại hội, hội nghị nào")
	open := fields("title", "Đại hội chi bộ thôn 1", "body", "member-congress", "level", "cell", "date", "20/11/2026", "org", "org/tinh")
	v.submit("/hop/viec/mo", "/hop/viec/mo", open).is(http.StatusUnprocessableEntity).says("lý do nhập sau")
	open.Set("late", "nhập từ biên bản giấy")
	to := v.submit("/hop/viec/mo", "/hop/viec/mo", open).is(http.StatusSeeOther).header.Get("Location")
	base, _, _ := strings.Cut(strings.TrimSuffix(to, "/trieu-tap"), "/trieu-tap")
	if !strings.HasPrefix(base, "/hop/dai-hoi-chi-bo-thon-1-2026-") {
		t.Fatalf("opened at %s", to)
	}
	v.get(base).is(http.StatusOK).says("Nhập sau", "nhập từ biên bản giấy", "Họp ngày 20/11/2026")
	list := base + "/trieu-tap"
	v.doing(list, "typed", fields("typed", "Trần Văn An; 1975\nLê Thị Bình; năm nào", "standing", "official")).is(http.StatusUnprocessableEntity).says("Dòng 2", "năm nào", "Trần Văn An")
	v.doing(list, "typed", fields("typed", "STT\tHọ và tên\tNăm sinh\n1\tTrần Văn An\t1975\n2\tLê Thị Bình\t08/3/1980\n3\tPhạm Văn Cường\t1982\n4\tVũ Thị Dung\t1979", "standing", "official")).is(http.StatusSeeOther)
	v.doing(list, "typed", fields("typed", "Đỗ Dự Bị;2000", "standing", "probationary")).is(http.StatusSeeOther)
	v.get(base).says("1 đảng viên dự bị")
	v.doing(base, "session-open", fields("title", "Phiên bầu cử", "date", "20/11/2026", "voting", "on")).is(http.StatusSeeOther)
	roll := base + "/diem-danh/1"
	dung := ""
	for _, tr := range v.get(roll).is(http.StatusOK).all("tr") {
		if strings.Contains(nodeText(tr), "Vũ Thị Dung") {
			dung = attr(find(tr, "input")[0], "name")
		}
	}
	v.roll(roll, "rest", url.Values{dung: {"excused"}}).is(http.StatusSeeOther)
	v.get(roll).says("có mặt 3 / 4 triệu tập, chưa điểm danh 0", "Lý do sửa điểm danh")
	// A mark that stands is corrected with a reason only; the old one stays visible.
	v.roll(roll, "marks", url.Values{dung: {"absent"}}).is(http.StatusUnprocessableEntity).says("Cần ghi lý do")
	v.roll(roll, "marks", url.Values{dung: {"absent"}, "reason": {"chưa có đơn"}}).is(http.StatusSeeOther)
	v.get(base).says("Vũ Thị Dung: vắng có lý do", "sửa lần ghi trước", "chưa có đơn")
	person := strings.TrimPrefix(dung, "m.")
	v.doing(base, "deduct", fields("person", person, "code", "absent-throughout-with-reason", "reason", "đi công tác")).is(http.StatusSeeOther)
	v.get(base).says("4 − 1 = 3", "cần 2 phiếu", "đi công tác", "lời văn Điều lệ Đảng (Điều 12 khoản 3)", "mẫu số 4, cần 3 phiếu", "phải quyết định")
	v.doing(base, "hand", fields("title", "Số lượng chi ủy viên", "for", "4", "session", "1")).is(http.StatusUnprocessableEntity).says("nhiều hơn 3 người có mặt")
	v.doing(base, "hand", fields("title", "Số lượng chi ủy viên", "for", "3", "session", "1")).is(http.StatusSeeOther)
	v.get(base).says("Số lượng chi ủy viên", "được thông qua")
	// A probationary member counts no ballots; an official one does.
	organ, people := base+"/bo-phan", map[string]string{}
	for _, tr := range v.get(organ).is(http.StatusOK).all("tr") {
		for _, name := range []string{"Trần Văn An", "Đỗ Dự Bị"} {
			if strings.Contains(nodeText(tr), name) {
				people[name] = attr(find(tr, "input")[0], "value")
			}
		}
	}
	board := url.Values{"organ": {"counting-board"}, "head": {people["Trần Văn An"]}, "member": {people["Đỗ Dự Bị"]}, "for": {"3"}}
	v.submit(organ, organ, board).is(http.StatusUnprocessableEntity).says("không được kiểm phiếu")
	board["member"] = []string{people["Trần Văn An"]}
	v.submit(organ, organ, board).is(http.StatusSeeOther)
	v.get(base).says("Ban kiểm phiếu", "Trần Văn An")
	// Paper, table, list, English, and who may only read.
	v.get(base+"/danh-sach?phien=1").is(http.StatusOK).says("Danh sách triệu tập", "Lê Thị Bình")
	if b := v.get(base + "/danh-sach.csv?phien=1").is(http.StatusOK).body; !strings.Contains(string(b), "Vũ Thị Dung,1979,Đảng viên chính thức") {
		t.Errorf("table:\n%s", b)
	}
	live := v.get(base + "/song").is(http.StatusOK).says("Có mặt")
	if a := v.send("GET", base+"/song", nil, http.Header{"If-None-Match": {live.header.Get("ETag")}}); a.status != http.StatusNotModified {
		t.Errorf("unchanged heads: %d", a.status)
	}
	v.get("/hop?q=thon+1&loai=member-congress").is(http.StatusOK).says("Đại hội chi bộ thôn 1")
	v.get("/hop?q=khong+co").says("Không có cuộc họp nào hợp")
	v.doing(base, "session-close", nil).is(http.StatusSeeOther)
	v.doing(base, "close", fields("on", "20/11/2026")).is(http.StatusSeeOther)
	v.get(base).says("Đã bế mạc")
	h.as("kiemtra").post(base, fields("act", "x1", "do", "close", "on", "20/11/2026")).is(http.StatusForbidden)
	v.get("/ngon-ngu/en?ve=" + base)
	v.get(base).is(http.StatusOK).says("Votes by hand", "Counting board")
}

// roll sends the roll with the marks it shows and those filled in.
func (v *visitor) roll(path, do string, fill url.Values) *answer {
	v.h.t.Helper()
	p := v.get(path).is(http.StatusOK)
	values := url.Values{"do": {do}}
	for _, in := range p.all("input") {
		if n := attr(in, "name"); n == "act" && values.Get("act") == "" || n == "seen" || has(in, "checked") {
			values.Set(n, attr(in, "value"))
		}
	}
	for k, vs := range fill {
		values[k] = vs
	}
	return v.post(path, values)
}
