package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestDecisionInWords: what the rules leave to people is chosen from a list in
// words, whom they chose is named; a name that is not on the list, a choice
// without persons and a decision on nothing are told at their field.
func TestDecisionInWords(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	const form = "/bau-cu/su-kien/qh15/nhap"
	tie := ""
	for _, o := range v.get(form).is(http.StatusOK).all("option") {
		if text := (&answer{t: t, doc: o}).text(); strings.Contains(text, "chọn người trúng cử") {
			tie = attr(o, "value")
			if !strings.Contains(text, "Bằng phiếu ở ghế cuối") || strings.Contains(text, "state-election") {
				t.Errorf("the choice is not in words: %q", text)
			}
		}
	}
	if tie == "" {
		t.Fatal("the form offers no choice among the tied")
	}
	tied := func(decision url.Values) url.Values {
		f := entered()
		f.Set("candidates[1].votes", "5.500")
		f.Set("candidates[2].votes", "5.500")
		f.Set("candidates[3].votes", "1.000")
		f.Set("candidates[1].born", "2/3/1970")
		f.Set("candidates[2].born", "2/3/1970")
		for k, x := range decision {
			f["decisions[0]."+k] = x
		}
		return f
	}
	bad := func(at string, d url.Values, says string) {
		t.Helper()
		p := v.submit(form, "", tied(d)).is(http.StatusUnprocessableEntity).says(says)
		for _, sort := range []string{"input", "select"} {
			for _, in := range p.all(sort) {
				if attr(in, "name") == "decisions[0]."+at && attr(in, "aria-invalid") == "true" {
					return
				}
			}
		}
		t.Errorf("the field %s is not marked", at)
	}
	who := url.Values{"matter": {tie}, "by": {"Ủy ban bầu cử"}, "reason": {"Bốc thăm"}}
	bad("who", who, "Hãy ghi họ tên người được chọn")
	who["who"] = []string{"Người Lạ"}
	bad("who", who, "Trong danh sách không có “Người Lạ”")
	bad("matter", url.Values{"by": {"Ủy ban bầu cử"}}, "Hãy chọn điều được quyết định")

	who["who"] = []string{"lê văn ba"}
	done := v.submit(form, "", tied(who)).is(http.StatusSeeOther)
	path, _, _ := strings.Cut(done.header.Get("Location"), "?")
	v.get(path).is(http.StatusOK).says("2 / 2", "Bốc thăm", "Ủy ban bầu cử")
	if elected := v.get(path).text(); !strings.Contains(elected, "Lê Văn Ba") {
		t.Errorf("no %s", elected)
	}
	again := v.get("/bau-cu/dinh-chinh/qh15/thu-nghiem/7").is(http.StatusOK)
	kept := map[string]string{}
	for _, in := range again.all("input") {
		kept[attr(in, "name")] = attr(in, "value")
	}
	if kept["decisions[0].who"] != "Lê Văn Ba" || kept["decisions[0].by"] != "Ủy ban bầu cử" {
		t.Errorf("the correction form holds %q of %q", kept["decisions[0].who"], kept["decisions[0].by"])
	}
	chosen := false
	for _, o := range again.all("option") {
		chosen = chosen || has(o, "selected") && attr(o, "value") == tie
	}
	if !chosen {
		t.Error("the correction form has lost what was decided")
	}
}

// TestContestAsOf: under "Tính đến" a contest shows the figures as they stood
// at the end of that day, and says so; before it was recorded it says that.
func TestContestAsOf(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.submit("/bau-cu/su-kien/qh15/nhap", "", entered()).is(http.StatusSeeOther)
	h.clock.Add(40 * time.Minute)
	h.clock.Set(h.clock.Now().AddDate(0, 0, 2))
	v = h.as("canbo")
	const path, correct = "/bau-cu/cuoc/qh15/thu-nghiem/7", "/bau-cu/dinh-chinh/qh15/thu-nghiem/7"
	v.submit(correct, "", url.Values{"candidates[3].votes": {"1.300"}, "reason": {"Cộng sót tổ 3"}}).is(http.StatusSeeOther)
	v.get(path).is(http.StatusOK).says("1.300")
	v.get("/tinh-den?ngay=24/11/2026&ve=/").is(http.StatusSeeOther)
	p := v.get(path).is(http.StatusOK).says("1.200", "như đã ghi tính đến 24/11/2026", "Xem bản hiện hành")
	newest := ""
	for _, a := range p.all("a") {
		if strings.HasPrefix(attr(a, "href"), path+"?ban=") && (&answer{t: t, doc: a}).text() == "Xem bản hiện hành" {
			newest = attr(a, "href")
		}
	}
	v.get(newest).is(http.StatusOK).says("1.300")
	v.get("/tinh-den?ngay=25/11/2026&ve=/").is(http.StatusSeeOther)
	if text := v.get(path).is(http.StatusOK).says("1.300").text(); strings.Contains(text, "như đã ghi tính đến") {
		t.Error("the day of the correction shows the older figures")
	}
	v.get("/tinh-den?ngay=20/11/2026&ve=/").is(http.StatusSeeOther)
	v.get(path).is(http.StatusOK).says("1.300", "Tính đến 20/11/2026 cuộc bầu này chưa được ghi")
}
