package main

import (
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// TestGoldenFiles: the golden ledger of persons' files: every kind of the room,
// an erased paper among them.
func TestGoldenFiles(t *testing.T) {
	desktest.Golden(t, "testdata/golden/files", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		h.files()
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}

func (h *goldenHouse) files() {
	day := vn.MustDate
	const who, home = "person/ho-so", "org/xa-hs"
	h.do("canbo", org.Found{ID: "org/tinh-hs", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	h.do("canbo", org.Found{ID: home, Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, Parent: "org/tinh-hs", From: day("2000-01-01")})
	h.do("canbo", person.Record{ID: who, Home: home, Sample: true, From: day("2010-01-01"), Identity: person.Identity{Name: "Phạm Thị Hồ Sơ"}})
	h.do("canbo", dossier.Open{Person: who, Home: home, Class: dossier.Internal, Custodian: home, From: day("2010-02-01"), Decision: decided, Hands: dossier.Grounds{Receiver: "Lê Văn Giữ", Place: "tủ 2"}})
	v, err := vault.New()
	if err != nil {
		h.t.Fatal(err)
	}
	var f vault.File
	if err := h.cfg.DB.Write(h.t.Context(), func(tx *store.Tx) (err error) {
		f, err = v.Put(h.t.Context(), tx, who, []byte("%PDF-1.4\ntrailer<<>>\nstartxref\n0\n%%EOF\n"), h.clock.Now())
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	scan := dossier.Scan{Hash: f.Hash, Name: "07.Quyet_dinh.pdf"}
	paper := dossier.Paper{Kind: 7, Title: "Quyết định công nhận chính thức", Number: "15-QĐ/ĐU", Date: day("2011-03-01"), Issuer: "Đảng ủy xã", Pages: 2, Paper: true, Scans: []dossier.Scan{scan}}
	entry, act := h.do("canbo", dossier.Put{Person: who, Home: home, Items: []dossier.Item{{State: dossier.Kept, Paper: paper}, {State: dossier.Missing, Class: dossier.Secret, Paper: dossier.Paper{Kind: 37}}}})
	doc := "paper/" + act + "-1"
	h.do("canbo", dossier.SetState{Person: who, Home: home, Doc: doc, Version: 1, State: dossier.Lost, Grounds: dossier.Grounds{Number: "3-BB/ĐU", Date: day("2020-01-05")}})
	h.do("canbo", dossier.SetState{Person: who, Home: home, Doc: doc, Version: 1, State: dossier.Restored, Grounds: dossier.Grounds{Number: "16-QĐ/ĐU", Date: day("2020-03-01")}})
	paper.Title = "Quyết định công nhận đảng viên chính thức"
	h.do("canbo", dossier.Correct{Person: who, Home: home, Doc: doc, Version: 1, Item: dossier.Item{Paper: paper}, Reason: "thiếu chữ"})
	h.do("canbo", dossier.Renew{Person: who, Home: home, Doc: doc, Item: dossier.Item{Paper: paper}})
	h.do("canbo", dossier.Correct{Person: who, Home: home, Doc: doc, Version: 2, Withdraw: true, Reason: "ghi hai lần"})
	h.do("canbo", dossier.MarkKinds{Person: who, Home: home, Marks: map[int]dossier.Mark{38: dossier.ToSupply, 83: dossier.NotArising}})
	over, _ := h.do("canbo", dossier.HandOver{Person: who, Home: home, To: "org/tinh-hs", On: day("2025-07-01"), Decision: decided, Hands: dossier.Grounds{Giver: "A", Receiver: "B"}})
	h.do("canbo", dossier.CorrectCustody{Person: who, Home: home, Fact: over, Org: "org/tinh-hs", From: day("2025-07-02"), Decision: decided, Reason: "theo biên bản"})
	h.do("canbo", dossier.SetFile{Person: who, Home: home, Class: dossier.Secret})
	h.do("lanhdao", desk.EraseBlockAct{Index: entry, Block: dossier.BlockPaper, Decision: "47-QĐ/TU (mẫu), 1/3/2026"})
}
