package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

// untold are the kinds of a case that hold results which the meeting may not
// have been told: the chair, the counting team and the case officer alone see
// them, on the page of the entry too.
var untold = []string{"procedure.step-counted/1", "document.case-paper-made/1"}

// hidesCase says whether the page of an entry holds back what it says because
// it is of a personnel case: from everybody who may not read the case, and
// results from who may not see what was not announced. Its place, time, hash
// and proof stay.
func (c *Call) hidesCase(tx *store.Tx, rec desk.Record) (bool, error) {
	id := ""
	for _, l := range rec.Subjects {
		for _, room := range []string{"procedure/", "case-papers/"} {
			if rest, ok := strings.CutPrefix(l.ID, room); ok {
				id = rest
			}
		}
	}
	if id == "" {
		return false, nil
	}
	st, err := procedure.Get(c.Ctx(), tx, id, -1)
	if err != nil || st == nil {
		return st == nil, err
	}
	if !c.May(tx, desk.Need{Right: desk.ReadProcedure, Org: st.Org, Case: procedure.Subject(id)}) {
		return true, nil
	}
	return slices.Contains(untold, rec.Kind) && !c.seesCase(tx, st), nil
}

// seesCase says who sees what the meeting was not told: the case officer, and
// who inspects by a decision.
func (c *Call) seesCase(tx *store.Tx, st *procedure.State) bool {
	return c.May(tx, desk.Need{Right: desk.RunProcedure, Org: st.Org}) || slices.Contains(c.User.Cases(desk.ReadProcedure), procedure.Subject(st.ID))
}
