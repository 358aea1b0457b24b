package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// TestGoldenProcedure: the golden ledger of personnel procedures, every kind of
// it, and of family ties and locks, in invented cases transcribed from paper.
func TestGoldenProcedure(t *testing.T) {
	desktest.Golden(t, "testdata/golden/procedure", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.procedures()
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

func (h *goldenHouse) procedures() {
	do := func(a desk.Act) int64 { e, _ := h.do("canbo", a); return e }
	day := vn.MustDate
	n := func(v int64) *int64 { return &v }
	yes := true
	paper := func(no, on string) procedure.Paper {
		return procedure.Paper{Number: no, Date: day(on), By: "Ban Thường vụ"}
	}
	do(org.Found{ID: "org/so-vang", Title: "Sở (mẫu)", Kind: org.StateAgency, From: day("2000-01-01")})
	do(org.Found{ID: "org/tinh-vang", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("2000-01-01")})
	for _, p := range [][2]string{{"person/v1", "Nguyễn Văn An"}, {"person/v2", "Trần Thị Bình"}, {"person/v3", "Lê Văn Cường"}, {"person/v4", "Phạm Thị Dung"}} {
		do(person.Record{ID: p[0], Home: "org/so-vang", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: p[1], Born: vn.MustDate("1980-06-15").Partial(), Gender: "male"}})
	}
	do(person.RecordKin{ID: "kin/1", Person: "person/v2", Home: "org/so-vang", Other: "person/v3", Tie: "spouse"})
	do(person.RecordKin{ID: "kin/2", Person: "person/v1", Home: "org/so-vang", Other: "person/v3", Tie: "sibling"})
	do(person.WithdrawKin{ID: "kin/2", Person: "person/v1", Home: "org/so-vang", Reason: "ghi nhầm"})
	h.do("quydinh1", regulation.AddEdition{File: "99.yaml", YAML: goldenMoves})
	do(procedure.SetTable{Table: procedure.PostClasses, From: day("2020-01-01"), Rows: []procedure.TableRow{{Kind: org.StateAgency, Title: "director", Classes: []string{"unit-head"}}}})
	r := procedure.Ref{ID: "pgd-so", Org: "org/so-vang"}
	do(procedure.Open{Ref: r, Procedure: "appointment-local", On: day("2024-06-03"), Title: "deputy-director", Seats: 1, Quota: n(3), Class: procedure.Internal, Need_: "khuyết", Scribed: true})
	do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", "2024-06-03")})
	do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2024-06-04"), Yes: true})
	do(procedure.AddPerson{Ref: r, Person: "person/v2"})
	do(procedure.RemovePerson{Ref: r, Person: "person/v2", Reason: "ghi nhầm"})
	do(procedure.AddPerson{Ref: r, Person: "person/v1"})
	do(procedure.GiveFacts{Ref: r, Person: "person/v1", Facts: procedure.Facts{Planned: &yes, PostFrom: day("2020-01-01"), NoDiscipline: true}})
	for _, c := range []string{"standards", "file", "assets", "political", "health"} {
		do(procedure.Judge{Ref: r, Person: "person/v1", Condition: c, State: procedure.Met, Paper: paper("2", "2024-06-03")})
	}
	do(procedure.Declare{Ref: r, Person: "person/v3", With: "person/v1", Tie: "other"})
	do(procedure.OpenStep{Ref: r, Step: "1", On: day("2024-06-05"), Persons: []string{"person/v1"}})
	do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{"person/v1"}, Summoned: 5, Present: 5, For: 5})
	do(procedure.Move{Ref: r, On: day("2024-06-20"), Reason: "theo Điều 9"})
	fig := procedure.Figures{Summoned: n(10), Present: n(10), Incumbents: n(10), Votes: map[string]int64{"person/v1": 9}, Disagree: map[string]int64{"person/v1": 1},
		Ballots: vote.Ballots{Issued: n(10), Collected: n(10), Valid: n(10), Invalid: n(0)}}
	do(procedure.OpenStep{Ref: r, Step: "2", On: day("2024-06-21"), Persons: []string{"person/v1"}, Team: []string{"person/v4"}})
	do(procedure.AddPerson{Ref: r, Person: "person/v2", Step: "2"})
	do(procedure.RemovePerson{Ref: r, Person: "person/v2", Reason: "xin rút"})
	do(procedure.CountStep{Ref: r, Step: "2", Figures: fig})
	do(procedure.DecideReading{Ref: r, Item: "appointment-local/3", Reading: "main", Paper: paper("5-KL", "2024-06-21"), Reason: "kết luận"})
	do(procedure.OpenStep{Ref: r, Step: "3", On: day("2024-06-24"), Persons: []string{"person/v1"}, Team: []string{"person/v4"}})
	low := fig
	low.Votes, low.Disagree = map[string]int64{"person/v1": 4}, map[string]int64{"person/v1": 6}
	do(procedure.CountStep{Ref: r, Step: "3", Figures: low})
	do(procedure.CountStep{Ref: r, Step: "3", Figures: fig, Reason: "đọc nhầm biên bản"})
	do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy Sở", Paper: paper("3-CV", "2024-06-24")})
	do(procedure.GiveOpinion{Ref: r, Differs: true, Body: "một ủy viên", Words: "ý kiến khác"})
	do(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-06-25"), Person: "person/v1"})
	asked := do(procedure.AskOpinion{Ref: r, Body: "Ủy ban Kiểm tra", Paper: paper("8-CV", "2024-06-25")})
	do(procedure.AnswerOpinion{Ref: r, Asked: asked, Paper: paper("9-CV", "2024-06-26"), Agree: true})
	do(procedure.ReceiveLetter{Ref: r, Letter: "letter/1", Person: "person/v1", Words: "phản ánh"})
	do(procedure.CloseLetter{Ref: r, Letter: "letter/1", Outcome: "reported", Paper: paper("10-BC", "2024-06-26"), Words: "đã báo cáo"})
	do(procedure.Appraise{Ref: r, Paper: paper("11-PTĐ", "2024-06-27"), Yes: true})
	do(procedure.Decision{Ref: r, Paper: paper("12-QĐ", "2024-06-28"), Outcome: procedure.OutcomePutForward, Person: "person/v1"})
	do(procedure.Elected{Ref: r, On: day("2024-07-01"), Contest: "dh/x", Yes: true, Post: "post/vang", Paper: paper("1-BB", "2024-07-01")})
	do(procedure.Ratify{Ref: r, Paper: paper("13-QĐ", "2024-07-02")})
	do(procedure.SignPaper{Ref: r, Step: "2", Paper: procedure.Paper{Kind: "biên bản kiểm phiếu", Date: day("2024-06-21"), Where: "tủ 3"}, Signers: []string{"person/v4"}})
	do(procedure.OpenAccess{Ref: r, Account: h.users["kiemtra"], Until: day("2027-01-01"), Paper: paper("1-QĐ", "2026-02-01")})
	x := procedure.Ref{ID: "cap-uy-2020", Org: "org/tinh-vang"}
	do(procedure.Open{Ref: x, Procedure: "committee-re-elected", On: day("2020-07-01"), Title: "committee-member", Level: "province", Seats: 2, Class: procedure.Internal, Need_: "đại hội", Scribed: true})
	do(procedure.AskConsent{Ref: x, Paper: paper("1-TTr", "2020-07-01")})
	do(procedure.GiveConsent{Ref: x, Paper: paper("1-TB", "2020-07-01"), Yes: true})
	for _, p := range []string{"person/v1", "person/v2"} {
		do(procedure.AddPerson{Ref: x, Person: p})
		do(procedure.GiveFacts{Ref: x, Person: p, Facts: procedure.Facts{}})
		for _, c := range []string{"standards", "health"} {
			do(procedure.Judge{Ref: x, Person: p, Condition: c, State: procedure.Met, Paper: paper("2", "2020-07-01")})
		}
	}
	both := []string{"person/v1", "person/v2"}
	do(procedure.OpenStep{Ref: x, Step: "1", On: day("2020-08-19"), Persons: both})
	do(procedure.ApproveStep{Ref: x, Step: "1", Persons: both, Summoned: 5, Present: 5, For: 5})
	for _, s := range []struct {
		step string
		v    [2]int64
	}{{"2", [2]int64{9, 8}}, {"3", [2]int64{9, 8}}, {"4", [2]int64{9, 3}}} {
		f := fig
		f.Votes = map[string]int64{"person/v1": s.v[0], "person/v2": s.v[1]}
		f.Disagree = map[string]int64{"person/v1": 10 - s.v[0], "person/v2": 10 - s.v[1]}
		do(procedure.OpenStep{Ref: x, Step: s.step, On: day("2020-08-20"), Persons: both, Team: []string{"person/v4"}})
		do(procedure.CountStep{Ref: x, Step: s.step, Figures: f})
	}
	do(procedure.Explain{Ref: x, Step: "4", Paper: paper("9-BC", "2020-08-20"), Words: "làm rõ"})
	do(procedure.Stop{Ref: x, Reason: "dừng theo kết luận"})
}

const goldenMoves = `document: {number: 99-QĐ/TU, date: 2024-06-20, kind: regulation, title: {vi: "Quy định của tỉnh (mẫu)", en: "Regulation of the province (sample)"}, issuer: {vi: "Tỉnh ủy", en: "Province committee"}}
edition: "1"
series: appointment-procedure-tu
valid: {from: 2024-06-20, to: 2025-10-07}
replaces: [{number: 80-QĐ/TW, date: 2022-08-18, edition: 2022-quy-trinh}]
transitions:
  - {from: {number: 80-QĐ/TW, date: 2022-08-18}, edition: 2022-quy-trinh, article: "Điều 9", says: {vi: "Hồ sơ đang làm chuyển sang quy định này.", en: "Cases under way go over."}}
procedures:
  - id: appointment-local
    title: {vi: "Bổ nhiệm: ba bước", en: "Appointment: three steps"}
    article: "Điều 3"
    evidence: confirmed
    source: "văn bản của tỉnh"
    ends: [appointment, candidacy]
    steps:
      - {id: "1", title: {vi: "Bước 1", en: "Step 1"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: leadership-meeting, does: review, persons: plan, participants: {vi: "lãnh đạo", en: "leadership"}}
      - {id: "2", title: {vi: "Bước 2", en: "Step 2"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: enlarged-leadership-meeting, does: vote, contest: personnel-step/appointment-local/2, persons: step-or-other, of: "1", participants: {vi: "mở rộng", en: "enlarged"}}
      - {id: "3", title: {vi: "Bước 3", en: "Step 3"}, article: "Điều 3", evidence: unverified, source: "văn bản", body: leadership-meeting, does: vote, contest: personnel-step/appointment-local/5, persons: step, of: "2", participants: {vi: "lãnh đạo", en: "leadership"}, readings: [{id: not-held, says: {vi: "Không có bước này.", en: "There is no such step."}, choose: none}]}
`
