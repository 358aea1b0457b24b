package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestDeputiesAgainstTheirLimit: the page of a case for a deputy's post shows
// how many deputies the body has against what 187-KL/TW lets it have, says so
// when there are too many, and says why where it cannot be told.
func TestDeputiesAgainstTheirLimit(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	path := plain{v}.open(form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal", "need", "Khuyết một phó trưởng ban"))
	v.get(path).is(200).says("Chưa đối chiếu được với mức: đơn vị chưa ghi biên chế được giao")
	quota := func(n, from string) {
		h.do("canbo", org.SetDetail{Org: "org/tinh/btc", Detail: org.Detail{Key: org.QuotaOf(org.CivilServant), Value: n}, From: vn.MustDate(from), Decision: org.Decision{Number: "15-QĐ/TU"}})
	}
	quota("6", "2026-01-01")
	for i, who := range []string{"ung-vien-b", "dem-a"} {
		h.do("canbo", person.TakePost{ID: fmt.Sprintf("post/pho-%d", i), Person: "person/" + who, Org: "org/tinh/btc", Title: "commission-deputy-head", From: vn.MustDate("2026-01-01")})
	}
	if p := v.get(path).is(200).says("Đơn vị hiện có 2 cấp phó.", "2 cấp phó trên 6 biên chế", "187-KL/TW"); strings.Contains(p.text(), "quá mức") {
		t.Error("two of six are called too many")
	}
	quota("3", "2026-02-01")
	v.get(path).is(200).says("quá mức", "2 cấp phó trên 3 biên chế")
	// Not a deputy's post: nothing is said of deputies.
	other := plain{v}.open(form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-head", "seats", "1", "class", "internal", "need", "Khuyết trưởng ban"))
	if p := v.get(other).is(200); strings.Contains(p.text(), "cấp phó") {
		t.Error("deputies are counted for the post of the head")
	}
}

// designated plays a designation to its end, or to the first step only, with
// step 1 held so many days after consent.
func (h *house) designated(id string, after int, whole bool) string {
	h.t.Helper()
	r := procedure.Ref{ID: id, Org: "org/tinh"}
	who := "person/" + id
	clock := vn.MustDate("2025-09-30")
	day := vn.MustDate("2025-06-02")
	paper := func(no string) procedure.Paper { return procedure.Paper{Number: no, Date: day, By: "Tỉnh ủy"} }
	h.do("canbo", person.Record{ID: who, Home: "org/tinh", Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: "Người " + id, Gender: "male"}})
	h.do("canbo", procedure.Open{Ref: r, Procedure: "commune-designation", On: day, Title: "committee-member", Seats: 1, Class: procedure.Internal, Need_: "mẫu", Sample: true, Clock: clock})
	h.do("canbo", procedure.AskConsent{Ref: r, Paper: paper("1-TTr")})
	h.do("canbo", procedure.GiveConsent{Ref: r, Paper: paper("1-TB"), Yes: true})
	h.do("canbo", procedure.AddPerson{Ref: r, Person: who})
	h.do("canbo", procedure.GiveFacts{Ref: r, Person: who})
	for _, c := range []string{"standards", "age", "clean", "file"} {
		h.do("canbo", procedure.Judge{Ref: r, Person: who, Condition: c, State: procedure.Met, Paper: paper("2-XN")})
	}
	h.do("canbo", procedure.DecideReading{Ref: r, Item: rule.StepItem("commune-designation", "3"), Reading: rule.MainReading, Paper: paper("5-KL"), Reason: "kết luận"})
	day = day.AddDays(after)
	for _, st := range []string{"1", "2", "3"} {
		h.do("canbo", procedure.OpenStep{Ref: r, Step: st, On: day, Persons: []string{who}})
		h.do("canbo", procedure.ApproveStep{Ref: r, Step: st, Persons: []string{who}, Summoned: 9, Present: 9, For: 9})
		if !whole {
			return procedurePath(id)
		}
	}
	h.do("canbo", procedure.Submit{Ref: r, Paper: paper("7-TTr"), Person: who})
	h.do("canbo", procedure.Appraise{Ref: r, Paper: paper("8-PTĐ"), Yes: true})
	h.do("canbo", procedure.Decision{Ref: r, Paper: paper("9-QĐ"), Outcome: procedure.OutcomeDesignate, Person: who, From: day, Post: "post/" + id})
	return procedurePath(id)
}

// TestUnusualSpeedIsShown: between which events a case was quicker or slower
// than every earlier case of its procedure stands on its page with the figure
// of the others; an ordinary one, and one with too few before it, is not marked.
func TestUnusualSpeedIsShown(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	for i, after := range []int{5, 7} {
		h.designated(fmt.Sprintf("cu-%d", i), after, true)
	}
	quick := h.designated("nhanh", 1, false)
	if p := v.get(quick).is(200); strings.Contains(p.text(), "hồ sơ trước") {
		t.Error("unusual is said beside two cases only")
	}
	h.designated("cu-2", 9, true)
	v.get(quick).is(200).says("nhanh hơn cả 3 hồ sơ trước (ít nhất 5 ngày)")
	v.get(h.designated("cham", 20, false)).is(200).says("chậm hơn cả 3 hồ sơ trước (nhiều nhất 9 ngày)")
	if p := v.get(h.designated("thuong", 6, false)).is(200); strings.Contains(p.text(), "hồ sơ trước") {
		t.Error("an ordinary case is marked")
	}
}

// TestRegistryOnTheSheet: the sheet of a person shows beside each line what the
// registry has of it with its entry, forms come filled from there, and a mark
// against the record is refused with nothing lost.
func TestRegistryOnTheSheet(t *testing.T) {
	h := procedureHouse(t, storetest.SQLite(t))
	v := h.as("canbo")
	day := func(y int, m time.Month, d int) vn.PartialDate { return vn.PartialDate{Year: y, Month: m, Day: d} }
	h.do("canbo", person.RecordFact{Person: "person/ung-vien-a", Home: "org/tinh", Block: "discipline", Item: "fact/kl", Content: person.FactContent{Values: map[string]string{"form": "reprimand", "side": "party"}, From: day(2026, 5, 20), Source: person.FactSource{Kind: "decision", Number: "7-QĐ/UBKT", Date: vn.MustDate("2026-05-20")}}})
	h.do("canbo", person.RecordFact{Person: "person/ung-vien-a", Home: "org/tinh", Block: "asset", Item: "fact/kk", Content: person.FactContent{Values: map[string]string{"kind": "personnel"}, From: day(2026, 10, 1), Source: person.FactSource{Kind: "decision", Number: "3-KK", Date: vn.MustDate("2026-10-01"), By: "Thanh tra tỉnh"}}})
	s := &scene{hand: plain{v}, def: playDefinition(t)}
	s.path = s.open(form("procedure", "appointment-local", "org", "org/tinh/btc", "title", "commission-deputy-head", "seats", "1", "class", "internal", "need", "Khuyết một phó trưởng ban"))
	h.do("canbo", procedure.AddPerson{Ref: procedure.Ref{ID: strings.TrimPrefix(s.path, procedurePath("")), Org: "org/tinh/btc"}, Person: "person/ung-vien-a"})
	sheet := s.path + "/nguoi/ung-vien-a"
	v.get(sheet).is(200).says("Hồ sơ cán bộ: Kỷ luật, Đảng, Khiển trách, 20/5/2026", "7-QĐ/UBKT", "Kê khai tài sản, thu nhập, Phục vụ công tác cán bộ, 1/10/2026", "Hồ sơ cán bộ chưa ghi nội dung này.")
	facts := s.path + "/lam/so-lieu?nguoi=person/ung-vien-a"
	if got := v.get(facts).is(200).value("reprimand"); got != "20/5/2026" {
		t.Errorf("the form has the reprimand of %q", got)
	}
	bad := v.submit(facts, s.path+"/lam/so-lieu", form("planned", "yes", "no_discipline", "on", "reprimand", "")).is(422).says("Hồ sơ cán bộ ghi kỷ luật khiển trách thi hành từ 20/5/2026", "bỏ đánh dấu không có kỷ luật")
	if !strings.Contains(string(bad.body), `value="yes" selected`) {
		t.Error("what was typed is lost")
	}
	judge := v.get(s.path + "/lam/dieu-kien?nguoi=person/ung-vien-a&dieu=assets").is(200).says("Hồ sơ cán bộ: Kê khai tài sản")
	if judge.value("number") != "3-KK" || judge.value("date") != "1/10/2026" {
		t.Errorf("the form of the declaration has %q of %q", judge.value("number"), judge.value("date"))
	}
	// A reader who may not see results sees no discipline either.
	if p := h.as("lanhdao").get(sheet).is(200); strings.Contains(p.text(), "Khiển trách, 20/5/2026") {
		t.Error("discipline is shown to one who only reads the case")
	}
}
