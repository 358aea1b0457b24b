package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"minhbach/internal/bundle"
	"minhbach/internal/document"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// cellHouse is a house with the eleven members of a cell in the registry.
func cellHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.seed()
	for i, name := range cellNames {
		born, err := vn.ParsePartial(fmt.Sprint(1970 + i))
		if err != nil {
			t.Fatal(err)
		}
		h.do("canbo", person.Record{ID: fmt.Sprintf("person/chi-bo-%02d", i+1), Home: "org/tinh/btc", Sample: true, From: vn.MustDate("2015-01-01"), Identity: person.Identity{Name: name, Born: born}})
	}
	return h
}

var cellNames = []string{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Đạt", "Vũ Thị Giang",
	"Đặng Văn Hải", "Bùi Thị Hương", "Đỗ Văn Khánh", "Ngô Thị Lan", "Phan Văn Minh"}

func cellLines(numbers ...int) string {
	var out []string
	for _, i := range numbers {
		out = append(out, fmt.Sprintf("%s; %d", cellNames[i-1], 1969+i))
	}
	return strings.Join(out, "\n")
}

// comeIn logs in with the slip of a name on a page of slips: link, password,
// first code.
func (h *house) comeIn(p *answer, name string) *visitor {
	h.t.Helper()
	for _, s := range p.all("section") {
		if !strings.Contains(attr(s, "class"), "slip-sheet") || !strings.Contains(nodeText(s), "Phiếu mã của "+name) {
			continue
		}
		dd := find(s, "dd")
		_, token, _ := strings.Cut(nodeText(dd[1]), "/moi/")
		const secret = "một câu đủ dài"
		v := h.visitor()
		v.submit("/moi/"+token, "", url.Values{"password": {secret}, "again": {secret}}).is(http.StatusSeeOther)
		v.submit("/dang-nhap", "/dang-nhap", url.Values{"name": {nodeText(dd[0])}, "password": {secret}}).is(http.StatusSeeOther)
		v.submit("/dang-nhap/ma", "", url.Values{"code": {nodeText(find(s, "li")[0])}}).is(http.StatusSeeOther)
		return v
	}
	h.t.Fatalf("no slip for %s", name)
	return nil
}

// with is the form of a page whose field "do" has a value, sent.
func (v *visitor) with(path, do string, fill url.Values) *answer {
	v.h.t.Helper()
	p := v.get(path).is(http.StatusOK)
	for _, f := range p.all("form") {
		for _, in := range find(f, "input") {
			if attr(in, "name") == "do" && attr(in, "value") == do {
				only := &answer{t: p.t, status: p.status, header: p.header, doc: &html.Node{Type: html.DocumentNode}}
				f.Parent.RemoveChild(f)
				only.doc.AppendChild(f)
				return v.resubmit(only, path, "", fill)
			}
		}
	}
	v.h.t.Fatalf("%s has no form that does %q", path, do)
	return nil
}

// TestOwnBox: a cell of eleven elects its committee with a box that belongs to
// no programme: opened by a plain form with its own list and team, accounts for
// three and for who presides, one laptop and two log-ins in turn, annulled by
// an incident, voted again, and the verdict by the rules.
func TestOwnBox(t *testing.T) {
	h := cellHouse(t)
	officer, second := h.as("canbo"), h.as("canbo2")
	officer.get("/kiem-phieu").is(http.StatusOK).says("Mở hòm phiếu riêng")
	const open = "/kiem-phieu/viec/mo"
	h.as("kiemtra").get(open).is(http.StatusForbidden)
	fill := url.Values{"title": {"Bầu chi ủy chi bộ Văn phòng"}, "rules": {"party-election/cell-committee"}, "date": {"23/11/2026"}, "org": {"org/tinh/btc"}, "body": {"member-congress"}, "level": {"cell"},
		"list": {cellLines(1, 2, 3, 4)}, "seats": {"3"}, "summoned": {"11"}, "present": {"11"}, "team": {cellLines(5, 6, 1)}, "mode": {"ballots"}, "pile": {"50"}, "stations": {"2"}}
	// Who stands does not count; what was typed stays.
	refused := officer.submit(open, open, fill).is(http.StatusUnprocessableEntity).says("danh sách")
	fill.Set("team", cellLines(5, 6)+"\nNgười Lạ Không Có; 1950")
	refused = officer.resubmit(refused, open, open, fill).is(http.StatusUnprocessableEntity).says("Dòng 3", "Người Lạ Không Có", cellNames[3])
	fill.Set("team", cellLines(5, 6, 7))
	fill.Set("seats", "")
	refused = officer.resubmit(refused, open, open, fill).is(http.StatusUnprocessableEntity).says("Ghi số người được bầu")
	fill.Set("seats", "3")
	box := strings.SplitN(officer.resubmit(refused, open, open, fill).is(http.StatusSeeOther).header.Get("Location"), "?", 2)[0]
	officer.get(box).is(http.StatusOK).says("Bầu chi ủy chi bộ Văn phòng", "Tài khoản của tổ kiểm phiếu", cellNames[4])
	officer.get("/kiem-phieu").says("Bầu chi ủy chi bộ Văn phòng", "Cán bộ phụ trách")
	h.as("kiemtra").get(box).is(http.StatusNotFound)

	id := strings.TrimPrefix(box, "/kiem-phieu/hop/")
	accounts := "/kiem-phieu/tai-khoan/" + id
	officer.with(accounts, "open", url.Values{"chair": {"person/chi-bo-11"}}).is(http.StatusSeeOther)
	officer.get(accounts).says("4 tài khoản chờ một cán bộ khác xác nhận", "Chủ tọa")
	second.with(accounts, "confirm", nil).is(http.StatusSeeOther)
	slips := officer.with(accounts, "slips", nil).is(http.StatusOK)
	head, one, chair := h.comeIn(slips, cellNames[4]), h.comeIn(slips, cellNames[5]), h.comeIn(slips, cellNames[10])
	two := h.comeIn(slips, cellNames[6])

	prepare := func(box, id string) {
		t.Helper()
		stock := "/kiem-phieu/so-phieu/" + id
		one.submit(stock, stock, nil).is(http.StatusUnprocessableEntity).says("ít nhất một số")
		one.submit(stock, stock, url.Values{"n.printed": {"12"}, "n.issued": {"11"}, "n.spoiled": {"0"}}).is(http.StatusSeeOther)
		no := two.submit(stock, stock, url.Values{"n.issued": {"10"}, "n.unused": {"1"}}).is(http.StatusUnprocessableEntity).says("đếm lại phải ghi lý do")
		two.resubmit(no, stock, stock, url.Values{"n.issued": {"11"}, "n.unused": {"1"}, "note": {"Đếm lại cho chắc"}}).is(http.StatusSeeOther)
		head.with(box, "check", url.Values{"empty": {"on"}, "seal": {"01"}}).is(http.StatusSeeOther)
		head.with(box, "unseal", url.Values{"intact": {"on"}}).is(http.StatusSeeOther)
		one.submit(stock, stock, url.Values{"n.collected": {"11"}}).is(http.StatusSeeOther)
		head.with(box, "piles", nil).is(http.StatusSeeOther)
	}
	prepare(box, id)
	// An incident: the chair annuls, and the officer opens the box of the new vote.
	head.with(box, "incident", url.Values{"reason": {"Phát thừa một phiếu cho người không được bầu"}}).is(http.StatusSeeOther)
	officer.get(box).says("chủ tọa")
	chair.with(box, "resolve", url.Values{"choice": {"annul"}, "by": {"Chủ tọa đại hội"}, "reason": {"Bỏ phiếu lại"}}).is(http.StatusSeeOther)
	again := "/kiem-phieu/viec/mo?thay=" + id
	officer.get(box).says("Mở hòm mới để bỏ phiếu lại")
	officer.get(again).is(http.StatusOK).says("Bỏ phiếu lại, thay cho hòm phiếu đã hủy", cellLines(1), cellLines(5))
	box = strings.SplitN(officer.submit(again, open, nil).is(http.StatusSeeOther).header.Get("Location"), "?", 2)[0]
	id = strings.TrimPrefix(box, "/kiem-phieu/hop/")
	prepare(box, id)

	// The same people key the new vote: their accounts are bound to the case.
	for i, v := range []*visitor{one, two} {
		key := fmt.Sprintf("/kiem-phieu/nhap/1/%d/%s", i+1, id)
		for n := range 11 {
			v.submit(key, key, url.Values{"ballot": {map[bool]string{true: "4", false: "3"}[n < 8]}}).is(http.StatusSeeOther)
		}
		v.submit(key, strings.Replace(key, "/nhap/", "/nop/", 1), nil).is(http.StatusSeeOther)
	}
	shut, report := "/kiem-phieu/chot/"+id, "/kiem-phieu/bao-cao/"+id
	head.submit(shut, shut, nil).is(http.StatusSeeOther)
	officer.get(report).is(http.StatusOK).says("Chưa báo cáo")
	head.submit(report, report, nil).is(http.StatusSeeOther)
	officer.get(report).is(http.StatusOK).says("Trưởng ban đã báo cáo", "Mẫu số 11; cần ít nhất 6 phiếu", "Trúng cử", "Lập biên bản")

	// The vote is a contest now: with minutes in Word and PDF, signed, and bundled.
	contest := strings.TrimSuffix(id, "/hom-2")
	event := strings.TrimSuffix(contest, "/phieu")
	officer.get("/bau-cu/su-kien/"+event).is(http.StatusOK).says("Bầu chi ủy chi bộ Văn phòng", "Giấy tờ")
	minutes := "/bau-cu/bien-ban/" + contest
	at := strings.SplitN(officer.submit(minutes, minutes, url.Values{"place": {"Phòng họp"}}).is(http.StatusSeeOther).header.Get("Location"), "?", 2)[0]
	officer.get(at).is(http.StatusOK).says("Số người được triệu tập", "Số phiếu hợp lệ", "Đã lập, chưa ký", cellNames[4], "các trạm 1, 2 đọc riêng", "Trúng cử")
	for _, x := range []string{"pdf", "docx"} {
		officer.get(at + "/" + x).is(http.StatusOK)
	}
	sign := url.Values{"where": {"Tủ hồ sơ chi bộ"}, "day": {"01/01/2020"}}
	no := officer.submit(at, at+"/da-ky", sign).is(http.StatusUnprocessableEntity).says("Ngày ký phải từ ngày lập giấy")
	sign.Set("day", "23/11/2026")
	officer.resubmit(no, at, at+"/da-ky", sign).is(http.StatusSeeOther)
	officer.get(at).says("Đã ký", "Tủ hồ sơ chi bộ", cellNames[5])
	officer.get("/bau-cu/giay-to/"+event).is(http.StatusOK).says("Bầu chi ủy chi bộ Văn phòng", "Đã ký", "Trang chiếu")
	var buf bytes.Buffer
	if err := document.BundleOfEvent(t.Context(), h.desk, &buf, event, false); err != nil {
		t.Fatal(err)
	}
	files, err := bundle.OpenZip(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var said strings.Builder
	r := bundle.Verify(files, bundle.Options{Key: h.desk.VerifierKey()})
	_ = r.Print(&said)
	if !r.Fine() || strings.Contains(said.String(), "cannot be replayed from this bundle") {
		t.Errorf("the bundle of the vote does not verify:\n%s", said.String())
	}
}

// TestOwnPoll: a poll of another body is counted by the rule on polls, with
// totals typed twice.
func TestOwnPoll(t *testing.T) {
	h := cellHouse(t)
	officer := h.as("canbo")
	const open = "/kiem-phieu/viec/mo"
	box := officer.submit(open, open, url.Values{"title": {"Xin ý kiến cán bộ chủ chốt"}, "rules": {"party-election/opinion-poll"}, "date": {"23/11/2026"}, "org": {"org/tinh/btc"},
		"list": {"Nguyễn Văn An; 1970\nNgười Ngoài Hồ Sơ"}, "seats": {"1"}, "present": {"9"}, "team": {cellLines(5, 6, 7)}, "mode": {"totals-twice"}, "pile": {"50"}, "stations": {"2"}}).is(http.StatusSeeOther).header.Get("Location")
	officer.get(strings.SplitN(box, "?", 2)[0]).is(http.StatusOK).says("Xin ý kiến cán bộ chủ chốt")
}
