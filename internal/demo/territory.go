package demo

import (
	"fmt"

	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// The registers of administrative units: what was in force in November 2021,
// and what is since the reorganisation of 1/7/2025.
var (
	registerDay = vn.Date{Year: 2021, Month: 11, Day: 1}
	reformDay   = vn.Date{Year: 2025, Month: 7, Day: 1}

	register2021 = org.Decision{Number: "Danh mục đơn vị hành chính, 11/2021", By: "vietnamese-provinces-database v1.0.0 (MIT)"}
	// The resolution of 12/6/2025 lists which provinces become one; districts
	// end by 60-NQ/TW of 12/4/2025 on the two-tier local government.
	reformDecision = org.Decision{Number: "202/2025/QH15", Date: vn.Date{Year: 2025, Month: 6, Day: 12}, By: "Quốc hội", Basis: "60-NQ/TW, 12/4/2025"}
)

// territoryRoot stands over the provinces, so that they are one tree.
const territoryRoot = "org/dvhc"

// territory is one line of a register.
type territory struct{ code, parent, level, kind, name string }

func register(file string) ([]territory, error) {
	rs, err := rows(file, "code", "parent_code", "level", "kind", "name")
	if err != nil {
		return nil, err
	}
	var out []territory
	for _, level := range []string{"province", "district", "commune"} { // parents first
		for _, r := range rs {
			if r["level"] == level {
				out = append(out, territory{r["code"], r["parent_code"], r["level"], r["kind"], r["name"]})
			}
		}
	}
	return out, nil
}

var territoryKind = map[string]org.Kind{"province": org.AdminProvince, "district": org.AdminDistrict, "commune": org.AdminCommune}

// unitID names a unit by the register it comes from: codes of 2021 were given
// anew in 2026, and a like code or name says nothing about who followed whom.
func unitID(year int, code string) string { return fmt.Sprintf("org/dvhc/%d/%s", year, code) }

func (t territory) found(year int, parent string) org.Found {
	return org.Found{ID: unitID(year, t.code), Title: t.kind + " " + t.name, Kind: territoryKind[t.level], Parent: parent,
		Details: []org.Detail{{Key: org.AdminCode, Value: t.code}}}
}

// Territories gives the register of 2021 and the reorganisation of 1/7/2025 as
// two loads. With no province named it is the whole country: 11,367 units, then
// 3,355; else only those of the provinces with these codes of 2021. Provinces
// and districts find their successor in the resolution; where a commune went is
// left open until a decision is recorded.
func Territories(provinces ...string) (before, reform org.LoadUnits, err error) {
	old, err := register("admin_units_2021.csv")
	if err != nil {
		return before, reform, err
	}
	now, err := register("admin_units_2026.csv")
	if err != nil {
		return before, reform, err
	}
	went, err := rows("provinces_2025.csv", "code_2021", "code_2026", "how")
	if err != nil {
		return before, reform, err
	}
	wanted := map[string]bool{}
	for _, p := range provinces {
		wanted[p] = true
	}
	before = org.LoadUnits{From: registerDay, Decision: register2021}
	reform = org.LoadUnits{From: reformDay, Decision: reformDecision}
	before.Units = []org.Found{{ID: territoryRoot, Title: "Đơn vị hành chính", Kind: org.Other}}

	heir := map[string]string{}  // province of 2021 → id of the province it is in since
	stays := map[string]string{} // province code of 2026 → id, when it is the one of 2021
	chosen := map[string]bool{}  // province codes of 2026
	for _, r := range went {
		if len(wanted) > 0 && !wanted[r["code_2021"]] {
			continue
		}
		chosen[r["code_2026"]] = true
		heir[r["code_2021"]] = unitID(2026, r["code_2026"])
		if r["how"] == "kept" {
			heir[r["code_2021"]] = unitID(2021, r["code_2021"])
			stays[r["code_2026"]] = heir[r["code_2021"]]
		}
	}
	provinceOf := map[string]string{}
	kinds := map[string]string{}
	for _, t := range old {
		switch t.level {
		case "province":
			provinceOf[t.code] = t.code
			kinds[t.code] = t.kind
		default:
			provinceOf[t.code] = provinceOf[t.parent]
		}
		to, ok := heir[provinceOf[t.code]]
		if !ok {
			continue
		}
		parent := territoryRoot
		if t.parent != "" {
			parent = unitID(2021, t.parent)
		}
		f := t.found(2021, parent)
		before.Units = append(before.Units, f)
		if f.ID == to {
			continue // one of the eleven provinces that stay
		}
		if t.level != "commune" {
			how := org.Merged
			if t.level == "district" {
				how = org.Replaced
			}
			reform.Links = append(reform.Links, org.Link{Source: f.ID, Target: to, How: how, Num: 1, Den: 1})
		}
		reform.Ends = append(reform.Ends, org.Dissolve{Org: f.ID})
	}
	for _, t := range now {
		if t.level == "province" {
			if !chosen[t.code] || stays[t.code] != "" {
				continue
			}
			if k := kinds[t.code]; k != "" {
				t.kind = k // as the resolution names it; a later change of rank is another decision
			}
			reform.Units = append(reform.Units, t.found(2026, territoryRoot))
			continue
		}
		if !chosen[t.parent] {
			continue
		}
		parent := stays[t.parent]
		if parent == "" {
			parent = unitID(2026, t.parent)
		}
		reform.Units = append(reform.Units, t.found(2026, parent))
	}
	return before, reform, nil
}
