package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
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

var procedureForms = map[string]procedureForm{
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
	"mo-buoc": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			if d.Step == nil {
				return
			}
			d.Lead = c.Words(d.Step.Title) + ". " + c.Words(d.Step.Participants) + ". " + d.Step.Article + ", " + v.Edition.Document.Number + "."
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
	"dung": {
		fields: func(c *Call, v *caseView, d *procedureActData) { d.add(c, "reason", "textarea", true) },
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			return procedure.Stop{Ref: c.ref(v), Reason: f.Text("reason")}, nil
		},
	},
	"chuyen-ban": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "on", "day", true)
			d.add(c, "reason", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			on, err := f.Day("on")
			return procedure.Move{Ref: c.ref(v), On: on, Reason: f.Text("reason")}, err
		},
	},
	"don-thu": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "person", "text", true, v.options(v.here())...)
			d.add(c, "number", "text", false)
			d.add(c, "date", "day", false)
			d.add(c, "words", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.ReceiveLetter{Ref: c.ref(v), Letter: newID("letter", f.ID), Person: f.Text("person"), Paper: p, Words: f.Text("words")}, err
		},
	},
	"xu-ly-don": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "outcome", "text", true, Option{"handled", c.T("procedure.letter.handled")}, Option{"reported", c.T("procedure.letter.reported")})
			d.paper(c, true)
			d.add(c, "words", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			return procedure.CloseLetter{Ref: c.ref(v), Letter: f.Text("don"), Outcome: f.Text("outcome"), Paper: p, Words: f.Text("words")}, err
		},
	},
	"khai-quan-he": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "person", "text", true)
			d.add(c, "with", "text", true, v.options(v.here())...)
			var ties []Option
			for _, t := range rule.KinTies {
				ties = append(ties, Option{t, c.TK("procedure.tied", "as-"+t)})
			}
			d.add(c, "tie", "text", true, ties...)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			who, err := c.one("person", f.Text("person"))
			return procedure.Declare{Ref: c.ref(v), Person: who, With: f.Text("with"), Tie: f.Text("tie")}, err
		},
	},
	"thanh-tra": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "login", "text", true)
			d.add(c, "until", "day", true)
			d.add(c, "number", "text", true)
			d.add(c, "date", "day", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			if err != nil {
				return nil, err
			}
			until, err := f.Day("until")
			if err != nil {
				return nil, err
			}
			id := ""
			err = c.Read(func(tx *store.Tx) error {
				a, ok, err := account.ByLogin(c.Ctx(), tx, f.Text("login"))
				if ok {
					id = a.ID
				}
				return err
			})
			if err == nil && id == "" {
				err = desk.Wrong("login", "Không có tài khoản mang tên này.", "There is no account of this name.")
			}
			return procedure.OpenAccess{Ref: c.ref(v), Account: id, Until: until, Paper: p}, err
		},
	},
	"ban-ky": {
		fields: func(c *Call, v *caseView, d *procedureActData) {
			d.add(c, "kind", "text", true)
			steps := []Option{{"", c.T("field.none")}}
			for _, st := range v.Def.Steps {
				if v.Step(st.ID) != nil {
					steps = append(steps, Option{st.ID, c.Words(st.Title)})
				}
			}
			d.add(c, "buoc", "text", false, steps...)
			delete(d.Hidden, "buoc")
			d.add(c, "number", "text", false)
			d.add(c, "date", "day", true)
			d.add(c, "where", "text", true)
			d.add(c, "signers", "textarea", true)
		},
		act: func(c *Call, v *caseView, f *Form) (desk.Act, error) {
			p, err := paperOf(f)
			if err != nil {
				return nil, err
			}
			who, err := c.persons("signers", f.Text("signers"))
			return procedure.SignPaper{Ref: c.ref(v), Step: f.Text("buoc"), Paper: p, Signers: who}, err
		},
	},
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
