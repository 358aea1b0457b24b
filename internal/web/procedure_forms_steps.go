package web

import (
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

// formsOfSteps are the forms of the steps.
var formsOfSteps = map[string]procedureForm{
	"mo-buoc": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			if d.Step == nil {
				return
			}
			d.Lead = c.Words(d.Step.Title) + ". " + c.Words(d.Step.Participants) + ". " + d.Step.Article + ", " + v.Edition.Document.Number + "."
			_ = c.Read(func(tx *store.Tx) error {
				who, err := c.summons(tx, v, d.Step)
				if err == nil && who != "" {
					d.Lead += " " + c.T("procedure.summons", who)
				}
				return err
			})
			d.add(c, "on", "day", true)
			d.add(c, "meeting", "text", false)
			if d.Step.Contest != "" {
				d.add(c, "team", "textarea", true)
				boxFields(c, d)
			}
			d.add(c, "late", "textarea", false)
			// Whom the step before chose is ticked; another stands there to be ticked.
			may, _ := v.May(d.Step)
			d.boxes(v, v.candidates(d.Step), func(id string) string {
				if p := v.Person(id); p != nil && !p.Eligible() {
					return c.T("procedure.not.eligible")
				}
				if !slices.Contains(may, id) {
					return c.T("procedure.not.chosen", d.Step.Of)
				}
				return ""
			})
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			st := v.step(f)
			if st == nil {
				return nil, errNotFound
			}
			on, err := f.Day("on")
			if err != nil {
				return nil, err
			}
			team, err := c.persons("team", f.Text("team"))
			return procedure.OpenStep{Ref: c.ref(v), Step: st.ID, Meeting: f.Text("meeting"), On: on, Persons: ticked(f, v.candidates(st)), Team: team, Late: f.Text("late"), Count: boxPlan(f)}, err
		},
	},
	"ket-qua": {fields: figureFields, act: figureAct},
	"thong-qua": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			for _, n := range []string{"summoned", "present", "for"} {
				d.add(c, n, "number", true)
			}
			d.add(c, "words", "textarea", false)
			if h := v.Step(d.Form.Text("buoc")); h != nil {
				d.boxes(v, h.Opening.Body.Persons, func(string) string { return "" })
			}
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			h := v.Step(f.Text("buoc"))
			if h == nil {
				return nil, errNotFound
			}
			a := procedure.ApproveStep{Ref: c.ref(v), Step: h.ID, Persons: ticked(f, h.Opening.Body.Persons), Words: f.Text("words")}
			for name, to := range map[string]*int64{"summoned": &a.Summoned, "present": &a.Present, "for": &a.For} {
				n, err := countOf(f, name)
				if err != nil {
					return nil, err
				}
				if n == nil {
					return nil, desk.Wrong(name, "Cần số này.", "This number is needed.")
				}
				*to = *n
			}
			return a, nil
		},
	},
	"lam-ro": withPaper("words", true, func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act {
		return procedure.Explain{Ref: r, Step: f.Text("buoc"), Paper: p, Words: f.Text("words")}
	}),
}
