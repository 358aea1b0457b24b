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

// TestGoldenFacts: the golden ledger of personal facts: values that change,
// items that end, corrections, one withdrawn.
func TestGoldenFacts(t *testing.T) {
	desktest.Golden(t, "testdata/golden/facts", rooms(), func(t *testing.T, db *store.DB) *desk.Desk {
		h := openGolden(t, db, &desktest.Clock{})
		h.start()
		const who, home = "person/vang", "org/vang"
		do := func(a desk.Act) int64 { e, _ := h.do("canbo", a); return e }
		do(org.Found{ID: home, Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, From: vn.MustDate("2000-01-01")})
		do(person.Record{ID: who, Home: home, Sample: true, From: vn.MustDate("1980-01-01"), Identity: person.Identity{Name: "Lê Thị Vàng"}})
		said := func(from, until string, values map[string]string) person.FactContent {
			c := person.FactContent{Values: values, Source: person.FactSource{Kind: "diploma", Number: "QH-01", Date: vn.MustDate("2012-06-01"), By: "Trường Mẫu"}, Certifier: "Ban Tổ chức (mẫu)"}
			c.From, _ = vn.ParsePartial(from)
			c.Until, _ = vn.ParsePartial(until)
			return c
		}
		do(person.RecordFact{Person: who, Home: home, Block: "theory", Content: said("2008", "", map[string]string{"level": "trung-cap"})})
		do(person.RecordFact{Person: who, Home: home, Block: "theory", Content: said("2015-03-20", "", map[string]string{"level": "cao-cap"})})
		degree := do(person.RecordFact{Person: who, Home: home, Block: "degree", Item: "fact/1", Content: said("2002-07", "", map[string]string{"level": "dai-hoc", "major": "Luật"})})
		do(person.RecordFact{Person: who, Home: home, Block: "work", Item: "fact/2", Content: said("2002-09", "2009-12", map[string]string{"what": "Chuyên viên"})})
		do(person.RecordFact{Person: who, Home: home, Block: "association", Item: "fact/3", Content: said("1995", "", map[string]string{"kind": "youth"})})
		do(person.RecordFact{Person: who, Home: home, Block: "association", Item: "fact/3", End: true, Content: said("2010-01-01", "", nil)})
		do(person.CorrectFact{Person: who, Home: home, Fact: degree, Content: said("2003", "", map[string]string{"level": "dai-hoc", "major": "Hành chính"}), Reason: "theo bằng gốc"})
		wrong := do(person.RecordFact{Person: who, Home: home, Block: "health", Content: said("2020-05-04", "", map[string]string{"class": "2"})})
		do(person.CorrectFact{Person: who, Home: home, Fact: wrong, Withdraw: true, Reason: "nhầm người"})
		desktest.CheckRebuild(t, h.d)
		return h.d
	})
}
