package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
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
}
