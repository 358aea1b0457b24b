package web

import (
	"maps"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
)

// withPaper makes a form that asks for a document and, when words is set, a
// field of words.
func withPaper(words string, need bool, act func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act) procedureForm {
	return procedureForm{
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.paper(c, true)
			if words != "" {
				d.add(c, words, "textarea", need)
			}
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return act(v, c.ref(v), p, f), err
		},
	}
}

// procedureForms are the forms of a case by the last part of their address.
var procedureForms = joinForms(formsBefore, formsOfSteps, formsAfter, formsOfControl)

func joinForms(all ...map[string]procedureForm) map[string]procedureForm {
	out := map[string]procedureForm{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}

func (d *procedureActData) yesNo(c *Call) {
	d.add(c, "yes", "text", true, Option{"yes", c.T("procedure.yes")}, Option{"no", c.T("procedure.no")})
}

// options are persons as choices.
func (v *caseView) options(ids []string) []Option {
	out := []Option{}
	for _, id := range ids {
		out = append(out, Option{id, v.Name(id)})
	}
	if len(out) == 0 {
		out = append(out, Option{"", "–"})
	}
	return out
}

// here are the persons who have not left.
func (v *caseView) here() []string {
	var out []string
	for _, p := range v.Persons {
		if !p.Left {
			out = append(out, p.ID)
		}
	}
	return out
}
