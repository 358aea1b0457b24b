package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
)

// formsBefore are the forms of consent, persons and their sheets.
var formsBefore = map[string]procedureForm{
	"xin-chu-truong": withPaper("late", false, func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act {
		return procedure.AskConsent{Ref: r, Paper: p, Late: f.Text("late")}
	}),
	"chu-truong": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.yesNo(c)
			d.paper(c, true)
			d.add(c, "late", "textarea", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.GiveConsent{Ref: c.ref(v), Paper: p, Yes: f.Text("yes") == "yes", Late: f.Text("late")}, err
		},
	},
	"nguoi": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "person", "text", true)
			d.add(c, "number", "text", false)
			d.add(c, "date", "day", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			who, err := c.one("person", f.Text("person"))
			if err != nil {
				return nil, err
			}
			p, err := paperOf(f)
			return procedure.AddPerson{Ref: c.ref(v), Person: who, Step: f.Text("buoc"), Paper: p}, err
		},
	},
	"rut-nguoi": {
		fields: func(c *Call, v *caseView, d *procedureActData) { d.add(c, "reason", "textarea", true) },
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			return procedure.RemovePerson{Ref: c.ref(v), Person: f.Text("nguoi"), Reason: f.Text("reason")}, nil
		},
	},
	"so-lieu": {fields: factFields, act: factAct},
	"dieu-kien": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			i := slices.IndexFunc(v.Def.Conditions, func(x rule.Condition) bool { return x.ID == d.Form.Text("dieu") })
			if i >= 0 {
				d.Lead = c.Words(v.Def.Conditions[i].Title) + ". " + v.Def.Conditions[i].Article + ", " + v.Edition.Document.Number
			}
			states := []Option{{procedure.Met, c.TK("procedure.line", procedure.Met)}, {procedure.NotMet, c.TK("procedure.line", procedure.NotMet)}, {procedure.Excepted, c.TK("procedure.line", procedure.Excepted)}}
			if i >= 0 && v.Def.Conditions[i].Rule != "" {
				states = states[2:]
			}
			if i >= 0 {
				c.paperKnown(v, d, &v.Def.Conditions[i])
			}
			d.add(c, "state", "text", true, states...)
			d.paper(c, true)
			d.add(c, "reason", "textarea", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.Judge{Ref: c.ref(v), Person: f.Text("nguoi"), Condition: f.Text("dieu"), State: f.Text("state"), Paper: p, Reason: f.Text("reason")}, err
		},
	},
	"cach-hieu": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "muc", "text", true, c.openItems(v)...)
			delete(d.Hidden, "muc")
			d.add(c, "reading", "text", true, c.readingsOf(v, d.Form.Text("muc"))...)
			d.paper(c, true)
			d.add(c, "reason", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			item, reading, both := strings.Cut(f.Text("reading"), "=")
			if !both {
				item, reading = f.Text("muc"), f.Text("reading")
			}
			if item != f.Text("muc") && err == nil {
				err = desk.Wrong("reading", "Cách hiểu này không phải của mục đã chọn.", "This reading is not of the item chosen.")
			}
			return procedure.DecideReading{Ref: c.ref(v), Item: item, Reading: reading, Paper: p, Reason: f.Text("reason")}, err
		},
	},
}
