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
	// The error stands at its field in the folded form, which stands open.
	wrong := v.doing(base, "session-open", fields("title", "Phiên bầu cử", "date", "31/12/2026", "voting", "on")).is(http.StatusUnprocessableEntity).says("Phiên chưa diễn ra")
	at := false
	for _, in := range wrong.all("input") {
		at = at || attr(in, "id") == "f-date" && attr(in, "aria-invalid") == "true" && attr(in, "value") == "31/12/2026"
	}
	if !at {
		t.Error("the error does not stand at the day of the session")
	}
	v.get("/").says("Đại hội chi bộ thôn 1", "chưa điểm danh")
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
	if person == "" {
		t.Fatal("no id of the absent person")
	}
	v.doing(base, "deduct", fields("code", "absent-throughout-with-reason", "reason", "đi công tác")).is(http.StatusUnprocessableEntity).says("hoặc gõ tên nhiều người")
	v.doing(base, "deduct", fields("names", "Vũ Thị Dung\nNgười Không Mời", "code", "absent-throughout-with-reason", "reason", "đi công tác")).is(http.StatusUnprocessableEntity).says("Dòng 2", "không có trong những người được triệu tập")
	v.doing(base, "deduct", fields("names", "Vũ Thị Dung\nTrần Văn An", "code", "absent-throughout-with-reason", "reason", "đi công tác")).is(http.StatusUnprocessableEntity).says("Người thứ 2", "có mặt ở phiên")
	v.doing(base, "deduct", fields("names", "Vũ Thị Dung; 1979", "code", "absent-throughout-with-reason", "reason", "đi công tác")).is(http.StatusSeeOther)
	v.get(base).says("4 − 1 = 3", "cần 2 phiếu", "đi công tác", "lời văn Điều lệ Đảng (Điều 12 khoản 3)", "mẫu số 4, cần 3 phiếu", "phải quyết định")
	v.doing(base, "hand", fields("on", "number", "title", "Số lượng chi ủy viên", "for", "4", "session", "1")).is(http.StatusUnprocessableEntity).says("nhiều hơn 3 người có mặt")
	v.doing(base, "hand", fields("on", "number", "title", "Số lượng chi ủy viên", "for", "3", "session", "1")).is(http.StatusSeeOther)
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
	v.get("/tim?q=thon+1").is(http.StatusOK).says("Họp, điểm danh", "Đại hội chi bộ thôn 1")
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

// A delegate congress at the screen: who is suspended before the opening is
// named apart and on no roll; a replacement is undone; a vote whose result hangs
// on the reading asks for the meeting's decision and keeps what was typed.
func TestMeetingReadingsAndUndoing(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	open := fields("title", "Đại hội đại biểu", "body", "delegate-congress", "level", "grassroots", "date", "20/11/2026", "org", "org/tinh", "late", "từ biên bản")
	to := v.submit("/hop/viec/mo", "/hop/viec/mo", open).is(http.StatusSeeOther).header.Get("Location")
	base := strings.TrimSuffix(to, "/trieu-tap")
	base, _, _ = strings.Cut(base, "/trieu-tap")
	list := base + "/trieu-tap"
	v.doing(list, "typed", fields("typed", "Trần Văn An;1975\nLê Thị Bình;1980\nPhạm Văn Cường;1982\nVũ Thị Dung;1979\nHồ Văn Em;1970", "standing", "delegate")).is(http.StatusSeeOther)
	v.doing(list, "typed", fields("typed", "Đỗ Dự Khuyết;1990", "standing", "alternate")).is(http.StatusSeeOther)
	v.doing(list, "typed", fields("typed", "Ngô Đình Chỉ;1968", "standing", "delegate", "suspended", "on")).is(http.StatusSeeOther)
	v.get(base).says("Không triệu tập (1)", "Ngô Đình Chỉ")
	v.doing(base, "session-open", fields("title", "Phiên bầu cử", "date", "20/11/2026", "voting", "on")).is(http.StatusSeeOther)
	roll := base + "/diem-danh/1"
	who := map[string]string{}
	for _, tr := range v.get(roll).is(http.StatusOK).all("tr") {
		for _, name := range []string{"Vũ Thị Dung", "Hồ Văn Em", "Đỗ Dự Khuyết", "Ngô Đình Chỉ"} {
			if strings.Contains(nodeText(tr), name) {
				who[name] = attr(find(tr, "input")[0], "name")
			}
		}
	}
	if who["Ngô Đình Chỉ"] != "" {
		t.Error("who is not summoned stands on the roll")
	}
	v.roll(roll, "rest", url.Values{who["Vũ Thị Dung"]: {"absent"}, who["Hồ Văn Em"]: {"absent"}}).is(http.StatusSeeOther)
	alt := strings.TrimPrefix(who["Đỗ Dự Khuyết"], "m.")
	v.doing(base, "replace", fields("delegate", strings.TrimPrefix(who["Hồ Văn Em"], "m."), "alternate", alt, "reason", "ốm")).is(http.StatusSeeOther)
	v.get(base).says("thay Hồ Văn Em", "Bỏ việc thay")
	v.doing(base, "unreplace", fields("alternate", alt, "reason", "ghi nhầm người")).is(http.StatusSeeOther)
	v.get(base).says("Bỏ việc đại biểu dự khuyết thay", "ghi nhầm người")
	// Two of five summoned, of three present.
	vote := fields("on", "programme", "title", "Chương trình đại hội", "for", "2", "against", "1", "session", "1")
	v.doing(base, "hand", fields("title", "Chương trình đại hội", "for", "2", "session", "1", "on", "x")).is(http.StatusUnprocessableEntity).says("Hãy chọn loại nội dung")
	asked := v.doing(base, "hand", vote).is(http.StatusUnprocessableEntity).says("Kết quả khác nhau", "Cách hiểu khác: Tính trên số người có mặt")
	again := func() url.Values {
		out := url.Values{"do": {"hand"}}
		for _, in := range asked.all("input") {
			if n := attr(in, "name"); n == "act" || n == "seen" {
				out.Set(n, attr(in, "value"))
			} else if n == "title" && attr(in, "id") == "f-title" && attr(in, "value") != "Chương trình đại hội" {
				t.Errorf("the title that was typed is %q now", attr(in, "value"))
			}
		}
		for k, vs := range vote {
			out[k] = vs
		}
		return out
	}
	vote.Set("reading", "present")
	v.post(base, again()).is(http.StatusUnprocessableEntity).says("Ghi lý do chọn cách hiểu")
	vote.Set("reading_reason", "đại hội quyết nghị tính theo số có mặt")
	v.post(base, again()).is(http.StatusSeeOther)
	v.get(base).says("Chương trình", "được thông qua", "đại hội quyết nghị tính theo số có mặt")
	vote.Del("reading")
	vote.Del("reading_reason")
	asked = v.doing(base, "hand", vote).is(http.StatusUnprocessableEntity)
	vote.Set("reading", "open")
	v.post(base, again()).is(http.StatusSeeOther)
	v.get(base).says("chưa kết luận được", "cuộc họp chưa quyết định")
}
