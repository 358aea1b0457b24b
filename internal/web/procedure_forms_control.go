package web

import (
	"strconv"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// formsOfControl are the forms that stand beside the course of a case: its
// stop and change of editions, letters, ties, inspection, signed papers.
var formsOfControl = map[string]procedureForm{
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
			d.add(c, "person", "text", true, v.options(v.Here())...)
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
			d.add(c, "with", "text", true, v.options(v.Here())...)
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
			if e := d.Form.Text("giay"); e != "" && d.Form.Text("kind") == "" {
				d.Form.Set("kind", c.madeKind(v, e))
			}
			d.File = true
			d.add(c, "kind", "text", true)
			steps := []Option{{"", c.T("field.none")}}
			for _, st := range v.Def.Steps {
				if v.Step(st.ID) != nil {
					steps = append(steps, Option{st.ID, c.Words(st.Title)})
				}
			}
			d.add(c, "buoc", "text", false, steps...)
			delete(d.Hidden, "buoc")
			d.add(c, "full", "checkbox", false)
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
			p.Scan = f.Text("scan")
			a := procedure.SignPaper{Ref: c.ref(v), Step: f.Text("buoc"), Paper: p, Signers: who, Full: f.Value("full") != "", File: f.Text("scan_name")}
			if n, bad := strconv.ParseInt(f.Text("giay"), 10, 63); bad == nil {
				a.Made = &n
			}
			return a, err
		},
	},
}
