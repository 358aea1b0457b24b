// Package report is the room of figures (thống kê, báo cáo): the tables an
// organisation office sends up about members and committees, reckoned for any
// unit and day from the registry, and closed sets of them (chốt số liệu): dated,
// signed, and not moved by what is corrected later.
//
//	sheet, err := report.Reckon(ctx, tx, lib, "org/tinh-uy", vn.MustDate("2025-12-31"))
//	d.Do(ctx, desk.Form{…, Act: report.Close{ID: "report/" + desk.NewID(), Unit: …, On: …, Digest: sheet.Digest(), …}})
//
// Beside the aims that a regulation names stand the office's own (SetAim): by a
// decision with number, day and signer, for some committees and some time.
//
// Figures count people and name nobody. A count of a closed set stands in the
// body of its entry; who signed and the number of the paper stand beside it.
package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Kinds of entries, and the block of who signed.
const (
	KindClosed   = "report.figures-closed/1"
	BlockSigning = "signing"
)

// The tables of a sheet.
const (
	Strength  = "strength"  // how many, of which standing, women, of ethnic minorities
	Ages      = "ages"      // by age on the day
	PartyAges = "party-age" // by full years since the day from which Party age counts
	General   = "general"   // by general education
	Degrees   = "degrees"   // by professional education
	Theory    = "theory"    // by political theory
	Committee = "committee" // make-up of the unit's own committee
)

// Sheet is the figures of a unit and all under it on a day.
type Sheet struct {
	Unit   string  `json:"unit"`
	On     vn.Date `json:"on"`
	Tables []Table `json:"tables"`
}

// Table is one table of a sheet: a row for each unit directly under the sheet's,
// one for members placed in the sheet's unit itself, and their sum. A table of
// the committee has a row for the committee and one for its standing committee.
type Table struct {
	Kind    string   `json:"kind"`
	Columns []string `json:"columns"` // keys, as Table kinds name them
	Rows    []Row    `json:"rows"`
	Total   []int64  `json:"total,omitempty"`
}

// Row is one row. Unit is a unit's id; "direct" in Part says that it counts only
// who is placed in the sheet's own unit.
type Row struct {
	Unit string  `json:"unit,omitzero"`
	Part string  `json:"part,omitzero"` // "direct", or of a committee "committee", "standing", or an aim's id
	N    []int64 `json:"n"`
}

// Table finds a table of the sheet.
func (s *Sheet) Table(kind string) (Table, bool) {
	for _, t := range s.Tables {
		if t.Kind == kind {
			return t, true
		}
	}
	return Table{}, false
}

// Digest names what the sheet says, so that a form cannot close other figures
// than its author saw.
func (s *Sheet) Digest() string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // plain data
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Difference is a figure on which two sheets of the same unit and day differ.
type Difference struct {
	Table, Column string
	Row           Row // of the earlier sheet, or of the later where that has none
	Then, Now     int64
}

// Compare lists where figures reckoned now differ from closed ones: what was
// corrected or entered late since.
func Compare(then, now *Sheet) []Difference {
	var out []Difference
	for _, t := range now.Tables {
		was, ok := then.Table(t.Kind)
		if !ok {
			continue
		}
		type key struct{ unit, part string }
		rows, order := map[key][2]Row{}, []key{}
		for side, of := range []Table{was, t} {
			for _, r := range of.Rows {
				k := key{r.Unit, r.Part}
				pair, seen := rows[k]
				if !seen {
					order = append(order, k)
				}
				pair[side] = r
				rows[k] = pair
			}
		}
		for _, k := range order {
			pair := rows[k]
			for i, c := range t.Columns {
				d := Difference{Table: t.Kind, Column: c, Row: Row{Unit: k.unit, Part: k.part}, Now: at(pair[1].N, i)}
				if at := index(was.Columns, c); at >= 0 && at < len(pair[0].N) {
					d.Then = pair[0].N[at]
				}
				if d.Then != d.Now {
					out = append(out, d)
				}
			}
		}
	}
	return out
}

func at(n []int64, i int) int64 {
	if i < len(n) {
		return n[i]
	}
	return 0
}

func index(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// Target is an aim for the make-up of a committee, with the verdict of the
// regulation of the day.
type Target struct {
	Rule    string
	Verdict rule.Verdict
}
