package web

import (
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// paperKnown fills number, day and issuer of the paper a condition asks for from
// the registry, where nothing was typed yet.
func (c *Call) paperKnown(v *caseView, d *procedureActData, k *rule.Condition) {
	if d.Form.Problem != nil || d.Form.Text("number") != "" || d.Form.Text("date") != "" || k.Paper == "" {
		return
	}
	_ = c.Read(func(tx *store.Tx) error { // an empty form asks people all the same
		known, err := procedure.FromRegistry(c.Ctx(), tx, d.Form.Text("nguoi"), v.today(c))
		if err != nil {
			return err
		}
		fs := known.Of(k)
		if len(fs) == 0 {
			return nil
		}
		f := fs[len(fs)-1]
		day := f.Source.Date
		if day.IsZero() {
			day = f.From
		}
		d.Form.Set("number", f.Source.Number).Set("date", dayText("vi", day)).Set("by", f.Source.By)
		d.Lead += " " + c.T("procedure.registry") + ": " + c.factText(f) + "."
		return nil
	})
}
