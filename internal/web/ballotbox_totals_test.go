package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestOwnTotals: totals counted by hand are typed twice by two persons, the
// invalid ballots by the causes of the rule in words and fields of their own;
// tables that differ are typed again, and a number that is none loses nothing.
func TestOwnTotals(t *testing.T) {
	h := cellHouse(t)
	officer, second := h.as("canbo"), h.as("canbo2")
	const open = "/kiem-phieu/viec/mo"
	box := strings.SplitN(officer.submit(open, open, url.Values{"title": {"Bầu chi ủy (đếm tay)"}, "rules": {"party-election/cell-committee"}, "date": {"23/11/2026"}, "org": {"org/tinh/btc"}, "body": {"member-congress"}, "level": {"cell"},
		"list": {cellLines(1, 2, 3)}, "seats": {"2"}, "summoned": {"11"}, "present": {"11"}, "team": {cellLines(5, 6, 7)}, "mode": {"totals-twice"}, "pile": {"50"}, "stations": {"2"}}).is(http.StatusSeeOther).header.Get("Location"), "?", 2)[0]
	id := strings.TrimPrefix(box, "/kiem-phieu/hop/")
	accounts := "/kiem-phieu/tai-khoan/" + id
	officer.with(accounts, "open", nil).is(http.StatusSeeOther)
	second.with(accounts, "confirm", nil).is(http.StatusSeeOther)
	slips := officer.with(accounts, "slips", nil).is(http.StatusOK)
	head, one, two := h.comeIn(slips, cellNames[4]), h.comeIn(slips, cellNames[5]), h.comeIn(slips, cellNames[6])
	stock := "/kiem-phieu/so-phieu/" + id
	one.submit(stock, stock, url.Values{"n.printed": {"11"}, "n.issued": {"11"}, "n.spoiled": {"0"}, "n.unused": {"0"}}).is(http.StatusSeeOther)
	head.with(box, "check", url.Values{"empty": {"on"}, "seal": {"01"}}).is(http.StatusSeeOther)
	head.with(box, "unseal", url.Values{"intact": {"on"}}).is(http.StatusSeeOther)
	one.submit(stock, stock, url.Values{"n.collected": {"11"}}).is(http.StatusSeeOther)
	head.with(box, "piles", nil).is(http.StatusSeeOther)

	first, other := "/kiem-phieu/tong/1/"+id, "/kiem-phieu/tong/2/"+id
	page := one.get(first).is(http.StatusOK).says("Phiếu không hợp lệ theo nguyên nhân", "Phiếu chọn 2 người")
	if strings.Contains(page.text(), "too-many") {
		t.Error("the page speaks in codes")
	}
	sum := url.Values{"valid": {"10"}, "invalid": {"1"}}
	cause, votes := "", []string{"9", "8", "2"}
	for _, in := range page.all("input") {
		name := attr(in, "name")
		if strings.HasPrefix(name, "invalid_by.") && strings.Contains(attr(in, "aria-label"), "quá số lượng") {
			cause = name
		}
		if strings.HasPrefix(name, "votes.") {
			sum.Set(name, votes[0])
			votes = votes[1:]
		}
	}
	if cause == "" || len(votes) != 0 {
		t.Fatalf("no field for too many chosen (%q), or other names than three (%v left)", cause, votes)
	}
	sum.Set(cause, "một")
	refused := one.submit(first, first, sum).is(http.StatusUnprocessableEntity)
	if got := refused.value("valid"); got != "10" {
		t.Errorf("after the refusal the form holds %q valid ballots", got)
	}
	sum.Set(cause, "1")
	sum.Set("by_chosen.1", "1")
	sum.Set("by_chosen.2", "9")
	one.resubmit(refused, first, first, sum).is(http.StatusSeeOther)
	wrong := url.Values{}
	for k, v := range sum {
		wrong[k] = v
	}
	wrong.Set("valid", "9")
	wrong.Set("invalid", "2")
	wrong.Set(cause, "2")
	wrong.Set("by_chosen.1", "0")
	two.submit(other, other, wrong)
	head.get(box).is(http.StatusOK).says("Lệch, đọc lại")
	two.submit(first, first, sum).is(http.StatusSeeOther)
	one.submit(other, other, sum).is(http.StatusSeeOther)
	shut := "/kiem-phieu/chot/" + id
	head.get(shut).is(http.StatusOK).says("quá số", "Không có số liệu nào mâu thuẫn")
}
