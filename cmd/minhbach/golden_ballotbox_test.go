package main

import (
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// TestGoldenBallotBox: the golden ledger of the counting room, an act of every
// kind: a count that ends in a report, and one that is annulled.
func TestGoldenBallotBox(t *testing.T) {
	desktest.Golden(t, "testdata/golden/ballotbox", rooms(), recordBallotBox)
}

func recordBallotBox(t *testing.T, db *store.DB) *desk.Desk {
	h := openGolden(t, db, &desktest.Clock{})
	h.start()
	h.do("quantri.mau", account.GrantRole{Account: h.users["quydinh1"], Role: "presiding-chair", Case: goldenCase, From: vn.MustDate("2026-03-01"), To: vn.MustDate("2026-03-02")})
	box := h.box(ballotbox.CompareWith)
	const of = goldenCase
	h.do("canbo", ballotbox.Open{Box: box})
	h.do("canbo", ballotbox.ChangeTeam{Box: box.ID, Team: box.Team, Reason: "Bầu lại trưởng ban (mẫu)"})
	for _, s := range []struct {
		what string
		n    int64
	}{{"printed", 5}, {"issued", 3}, {"spoiled", 1}, {"unused", 1}} {
		h.do("canbo2", ballotbox.CountStock{Box: box.ID, Case: of, What: s.what, Number: s.n})
	}
	h.do("lanhdao", ballotbox.CheckBox{Box: box.ID, Case: of, Empty: true, Seal: "NP-01"})
	h.do("lanhdao", ballotbox.Unseal{Box: box.ID, Case: of, Intact: true})
	h.do("canbo2", ballotbox.CountStock{Box: box.ID, Case: of, What: "collected", Number: 3})
	h.do("lanhdao", ballotbox.MakePiles{Box: box.ID, Case: of})
	h.readPile(db, box, 1, "3", "1", "?")
	h.do("lanhdao", ballotbox.Decide{Box: box.ID, Case: of, Items: []ballotbox.Item{{Pile: 1, N: 1}}, Cause: "marked", Reason: "Có đánh dấu riêng (mẫu)"})
	h.do("lanhdao", ballotbox.EnterOther{Box: box.ID, Case: of, Source: "Phần mềm khác (mẫu)", Totals: ballotbox.Totals{Valid: 2, Invalid: 1, Votes: map[string]int64{"c1": 1, "c2": 2, "c3": 1}}})
	h.do("lanhdao", ballotbox.Incident{Box: box.ID, Case: of, Text: "Một phiếu rơi khỏi bàn (mẫu)"})
	h.do("quydinh1", ballotbox.Resolve{Box: box.ID, Case: of, Choice: ballotbox.GoOn, By: "Chủ tọa (mẫu)", Reason: "Đã tìm lại được (mẫu)"})
	h.do("lanhdao", ballotbox.Close{Box: box.ID, Case: of, Note: "Ghi nhận (mẫu)"})
	h.do("lanhdao", ballotbox.Report{Box: box.ID, Case: of})
	h.do("canbo", ballotbox.OpenReadings{Box: box.ID, Decision: "12-QĐ/TU (mẫu)"})
	desktest.CheckRebuild(t, h.d)
	return h.d
}

const goldenCase = "contest/dh-mau/chi-uy"

// box is the ballot box of the golden ledgers, with a counting board of three
// who hold their roles: three names, two seats, three voters.
func (h *goldenHouse) box(mode ballotbox.Mode) ballotbox.Box {
	for _, u := range []string{"lanhdao", "canbo2", "kiemtra"} {
		h.do("quantri.mau", account.GrantRole{Account: h.users[u], Role: "counting-member", Case: goldenCase, From: vn.MustDate("2026-03-01"), To: vn.MustDate("2026-03-02")})
	}
	one := func(n int64) *int64 { return &n }
	sheet := &vote.Record{ID: "dh-mau/chi-uy", Rules: "party-election/committee", Date: vn.MustDate("2020-06-10"), Seats: one(2), Form: "strike", Body: "member-congress",
		Level: "cell", OrgKind: "cell", Base: &vote.Base{Summoned: one(3), Present: one(3)},
		Candidates: []vote.Candidate{{ID: "c1", Name: "Lê Thị Mẫu", Order: 1}, {ID: "c2", Name: "Trần Văn Mẫu", Order: 2}, {ID: "c3", Name: "Phạm Thị Mẫu", Order: 3}}}
	team := ballotbox.Team{Head: "person/truong", Members: []ballotbox.Member{
		{Person: "person/truong", Account: h.users["lanhdao"], Standing: "official-member", Name: "Nguyễn Trưởng Ban (mẫu)"},
		{Person: "person/mot", Account: h.users["canbo2"], Standing: "official-member", Name: "Đỗ Thành Viên (mẫu)"},
		{Person: "person/hai", Account: h.users["kiemtra"], Standing: "official-member", Name: "Vũ Thành Viên (mẫu)"}}}
	return ballotbox.Box{ID: "dh-mau/chi-uy/1", Case: goldenCase, Round: 1, Title: rule.Words{VI: "Bầu chi ủy (mẫu)", EN: "Cell committee (sample)"},
		Sheet: sheet, Team: team, PileSize: 50, Stations: 2, Mode: mode, Sample: true}
}

// readPile keys a pile at both stations and hands it in.
func (h *goldenHouse) readPile(db *store.DB, box ballotbox.Box, attempt int, lines ...string) {
	h.t.Helper()
	for i, login := range []string{"canbo2", "kiemtra"} {
		st := ballotbox.Station{Box: box.ID, Case: box.Case, Pile: 1, Station: i + 1, Attempt: attempt, Actor: h.users[login]}
		for n, l := range lines {
			if _, err := ballotbox.Put(h.t.Context(), db, nil, st, desk.NewID(), n+1, l); err != nil {
				h.t.Fatal(err)
			}
		}
		h.do(login, ballotbox.HandIn{Box: box.ID, Case: box.Case, Pile: 1, Station: i + 1, Attempt: attempt, Ballots: len(lines)})
	}
}
