package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// TestGoldenRegistry: the golden ledger of organisations with their codes,
// mergers and splits.
func TestGoldenRegistry(t *testing.T) {
	desktest.Golden(t, "testdata/golden/registry", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.registry()
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

func (h *goldenHouse) registry() {
	from, reform := vn.MustDate("2001-06-21"), vn.MustDate("2025-07-01")
	signed := decided
	signed.Signer, signed.Basis = "Lê Văn Ký", "60-NQ/TW"
	for _, u := range []org.Found{
		{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, Details: []org.Detail{{Key: org.PartyCode, Value: "25.000.000.000.000"}, {Key: org.Level, Value: "province"}}},
		{ID: "org/xa-a", Title: "Đảng ủy xã A", Kind: org.Grassroots, Parent: "org/tinh", Details: []org.Detail{{Key: org.Seal, Value: "mẫu số 12"}}},
		{ID: "org/xa-b", Title: "Đảng ủy xã B", Kind: org.Grassroots, Parent: "org/tinh"},
		{ID: "org/xa-a/1", Title: "Chi bộ thôn 1", Kind: org.GrassrootsCell, Parent: "org/xa-a"},
	} {
		u.From, u.Decision = from, signed
		h.do("canbo", u)
	}
	h.do("canbo", org.Reclassify{Org: "org/xa-a/1", Kind: org.Cell, Level: "below-grassroots", From: vn.MustDate("2010-01-01"), Decision: decided})
	code, _ := h.do("canbo", org.SetDetail{Org: "org/xa-a/1", Detail: org.Detail{Key: org.PartyCode, Value: "25.000.036.000.001"}, From: vn.MustDate("2012-01-01"), Decision: decided})
	h.do("canbo", org.CorrectDetail{Org: "org/xa-a/1", Fact: code, Detail: org.Detail{Key: org.PartyCode, Value: "25.000.036.000.002"}, From: vn.MustDate("2012-02-01"), Reason: "Ghi nhầm số cuối"})
	h.do("canbo", org.Merge{Into: "org/xa-ab", New: &org.Found{Title: "Đảng ủy xã AB", Kind: org.Grassroots, Parent: "org/tinh"}, Parts: []string{"org/xa-a", "org/xa-b"}, Children: true, From: reform, Decision: signed})
	h.do("canbo", org.SplitUnit{Org: "org/xa-a/1", From: vn.MustDate("2025-09-01"), Decision: decided,
		Pieces: []org.Piece{{Into: "org/xa-ab/2", New: &org.Found{Title: "Chi bộ thôn 2", Kind: org.Cell, Parent: "org/xa-ab"}, Num: 40, Den: 100}}})
	over, _ := h.do("canbo", org.HandOver{Org: "org/xa-ab", To: "org/tinh", What: "Quản lý hồ sơ đảng viên", From: vn.MustDate("2025-10-01"), Decision: decided})
	h.do("canbo", org.CorrectLineage{Fact: over, Withdraw: true, Reason: "Chưa bàn giao"})
	wrong, _ := h.do("canbo", org.SetDetail{Org: "org/xa-ab", Detail: org.Detail{Key: org.Seal, Value: "mẫu số 90"}, From: reform, Decision: decided})
	h.do("canbo", org.WithdrawAct{Org: "org/xa-ab", Entry: wrong, Reason: "Nhầm đơn vị"})
	h.members()
}

func (h *goldenHouse) members() {
	h.do("canbo", person.Record{ID: "person/cuc", Home: "org/xa-ab", Sample: true, From: vn.MustDate("2010-01-01"), Identity: person.Identity{Name: "Lê Thị Cúc"}})
	step := func(s person.TakeStep) int64 {
		s.Person = "person/cuc"
		n, _ := h.do("canbo", s)
		return n
	}
	step(person.TakeStep{Org: "org/xa-a/1", Step: person.Transcribed, From: vn.MustDate("2015-02-01"), Admitted: vn.MustDate("2013-12-20"), Sworn: vn.MustDate("2014-01-05"), Recognised: vn.MustDate("2015-01-05"), Number: "12.345678", Decision: decided})
	sent := step(person.TakeStep{Org: "org/xa-a/1", Step: person.Sent, Other: "org/xa-ab/2", From: vn.MustDate("2025-10-01")})
	h.do("canbo", person.CorrectStep{Person: "person/cuc", Home: "org/xa-ab", Fact: sent, Step: person.TakeStep{Org: "org/xa-a/1", Other: "org/xa-ab/2", From: vn.MustDate("2025-10-05")}, Reason: "Ngày trên giấy"})
	step(person.TakeStep{Org: "org/xa-ab/2", Step: person.Arrived, From: vn.MustDate("2025-10-20")})
	step(person.TakeStep{Org: "org/xa-ab/2", Step: person.Exempt, From: vn.MustDate("2026-01-01"), Note: "Sức khỏe"})
	h.do("canbo", org.SetDetail{Org: "org/xa-ab", Detail: org.Detail{Key: org.QuotaOf(org.CivilServant), Value: "12"}, From: vn.MustDate("2025-07-01"), Decision: decided})
	step(person.TakeStep{Org: "org/xa-ab", Step: person.Staffed, Kind: org.CivilServant, From: vn.MustDate("2025-07-01"), Decision: decided})
	h.do("canbo", org.Found{ID: "org/xa-c", Title: "Đảng ủy xã C", Kind: org.Grassroots, Parent: "org/tinh", From: vn.MustDate("2025-07-01"), Decision: decided})
	h.do("canbo", person.OpenHandover{ID: "handover/1", From: "org/xa-ab", To: "org/xa-c", On: vn.MustDate("2026-02-01"), Units: []string{"org/xa-ab/2"}, Files: 1, Seal: true, Decision: decided})
	h.do("canbo", person.AcceptHandover{ID: "handover/1", To: "org/xa-c", Official: 1, Files: 1, Seal: true, Closing: 1})
	h.do("canbo", person.SignHandover{ID: "handover/1", Org: "org/xa-ab", Signer: "Nguyễn Văn Giao"})
	h.do("canbo2", person.SignHandover{ID: "handover/1", Org: "org/xa-c", Signer: "Trần Thị Nhận"})
}
