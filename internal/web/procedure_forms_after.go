package web

import (
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
)

// formsAfter are the forms from the written opinion to ratification.
var formsAfter = map[string]procedureForm{
	"y-kien": withPaper("words", false, func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act {
		return procedure.GiveOpinion{Ref: r, Body: f.Text("by"), Paper: p, Words: f.Text("words")}
	}),
	"y-kien-khac": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "by", "text", true)
			d.add(c, "words", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			return procedure.GiveOpinion{Ref: c.ref(v), Differs: true, Body: f.Text("by"), Words: f.Text("words")}, nil
		},
	},
	"trinh": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "person", "text", true, v.options(v.Chosen())...)
			d.paper(c, true)
			d.add(c, "late", "textarea", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.Submit{Ref: c.ref(v), Paper: p, Person: f.Text("person"), Late: f.Text("late")}, err
		},
	},
	"hoi-y-kien": withPaper("", false, func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act {
		return procedure.AskOpinion{Ref: r, Body: f.Text("by"), Paper: p}
	}),
	"tra-loi": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.yesNo(c)
			d.add(c, "number", "text", true)
			d.add(c, "date", "day", true)
			d.add(c, "words", "textarea", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			asked, _ := strconv.ParseInt(f.Text("hoi"), 10, 64)
			return procedure.AnswerOpinion{Ref: c.ref(v), Asked: asked, Paper: p, Agree: f.Text("yes") == "yes", Words: f.Text("words")}, err
		},
	},
	"tham-dinh": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.yesNo(c)
			d.paper(c, true)
			d.add(c, "words", "textarea", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.Appraise{Ref: c.ref(v), Paper: p, Yes: f.Text("yes") == "yes", Words: f.Text("words")}, err
		},
	},
	"quyet-dinh": {fields: decisionFields, act: decisionAct},
	"bau": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.yesNo(c)
			d.add(c, "on", "day", true)
			d.add(c, "contest", "text", false)
			d.add(c, "number", "text", true)
			d.add(c, "date", "day", true)
			d.add(c, "ex_number", "text", false)
			d.add(c, "ex_date", "day", false)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			if err != nil {
				return nil, err
			}
			on, err := f.Day("on")
			if err != nil {
				return nil, err
			}
			ex, err := exceptionOf(f)
			return procedure.Elected{Ref: c.ref(v), On: on, Contest: f.Text("contest"), Yes: f.Text("yes") == "yes", Post: newID("post", f.ID), Paper: p, Exception: ex}, err
		},
	},
	"chuan-y": withPaper("", false, func(v *caseView, r procedure.Ref, p procedure.Paper, f *Form) desk.Act {
		return procedure.Ratify{Ref: r, Paper: p}
	}),
}

func exceptionOf(f *Form) (procedure.Paper, error) {
	p := procedure.Paper{Number: f.Text("ex_number")}
	if f.Text("ex_date") == "" {
		return p, nil
	}
	var err error
	p.Date, err = f.Day("ex_date")
	return p, err
}

func decisionFields(c *Call, v *caseView, d *procedureActData) {
	kinds := map[string]string{"appointment": procedure.OutcomeAppoint, "designation": procedure.OutcomeDesignate, "candidacy": procedure.OutcomePutForward}
	var outs []Option
	for _, e := range v.Def.Ends {
		if k, ok := kinds[e]; ok {
			outs = append(outs, Option{k, c.TK("procedure.outcome", k)})
		}
	}
	d.add(c, "outcome", "text", true, append(outs, Option{procedure.OutcomeReturn, c.TK("procedure.outcome", procedure.OutcomeReturn)})...)
	d.paper(c, true)
	d.add(c, "from", "day", false)
	d.add(c, "to", "day", false)
	d.add(c, "ex_number", "text", false)
	d.add(c, "ex_date", "day", false)
	d.add(c, "words", "textarea", false)
}

func decisionAct(c *Call, v *caseView, f *Form) (desk.Act, error) {
	p, err := paperOf(f)
	if err != nil {
		return nil, err
	}
	a := procedure.Decision{Ref: c.ref(v), Paper: p, Outcome: f.Text("outcome"), Post: newID("post", f.ID), Words: f.Text("words")}
	if v.SubmittedAt != nil {
		a.Person = v.SubmittedAt.Body.Person
	}
	if a.From, err = f.OptionalDay("from"); err != nil {
		return nil, err
	}
	if a.To, err = f.OptionalDay("to"); err != nil {
		return nil, err
	}
	a.Exception, err = exceptionOf(f)
	return a, err
}
