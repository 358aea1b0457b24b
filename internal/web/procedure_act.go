package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// One form a step of a case: what it asks, and the act it becomes. Fields are
// named as the acts name them in their errors.
type procedureForm struct {
	fields func(c *Call, v *caseView, d *procedureActData)
	act    func(c *Call, v *caseView, f *Form) (desk.Act, error)
}

type procedureActData struct {
	View   *caseView
	Act    string
	Title  string
	Lead   string // what the form is for, and what comes of it
	Form   *Form
	Fields []Field
	Checks []checkField
	Figs   []figureRow
	Step   *rule.Step
	Person string
	Box    string // address of the ballot box that counts the step
	Hidden map[string]string
}

// checkField is one box of a list of persons.
type checkField struct {
	Name, Label, Note string
	On                bool
}

// figureRow is one person of a count.
type figureRow struct{ Label, Votes, Against, VoteValue, AgainstValue string }

var procedureAct = page[procedureActData]("procedure_act")

// add puts a field on the form.
func (d *procedureActData) add(c *Call, name, kind string, required bool, options ...Option) {
	x := newField(d.Form, name, c.TK("procedure.f", name))
	if c.s.messages.has("procedure.h." + name) {
		x.Hint = c.TK("procedure.h", name)
	}
	x.Required, x.Wide = required, kind == "textarea"
	if len(options) > 0 {
		x.Kind, x.Options = "select", options
	} else if x.Kind != "select" {
		x.Kind = kind
	}
	d.Fields = append(d.Fields, x)
}

// paper asks for a document.
func (d *procedureActData) paper(c *Call, required bool) {
	d.add(c, "number", "text", required)
	d.add(c, "date", "day", required)
	d.add(c, "by", "text", false)
	d.add(c, "where", "text", false)
}

func paperOf(f *Form) (procedure.Paper, error) {
	p := procedure.Paper{Kind: f.Text("kind"), Number: f.Text("number"), By: f.Text("by"), Where: f.Text("where")}
	if f.Text("date") == "" {
		return p, nil
	}
	var err error
	p.Date, err = f.Day("date")
	return p, err
}

func (c *Call) ref(v *caseView) procedure.Ref { return procedure.Ref{ID: v.ID, Org: v.Org} }

// step is the step the form is about.
func (v *caseView) step(f *Form) *rule.Step { return v.Def.Step(f.Text("buoc")) }

// boxes are the persons that may be put forward, ticked where nothing else was
// said.
func (d *procedureActData) boxes(v *caseView, ids []string, notes func(string) string) {
	fresh := !strings.Contains(strings.Join(keys(d.Form.Values), " "), "p1")
	for i, id := range ids {
		name := "p" + strconv.Itoa(i+1)
		d.Checks = append(d.Checks, checkField{name, v.Name(id), notes(id), d.Form.Value(name) != "" || fresh && d.Form.Problem == nil && notes(id) == ""})
	}
}

func keys(m map[string][]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// ticked are the persons of a list whose boxes were ticked.
func ticked(f *Form, ids []string) (out []string) {
	for i, id := range ids {
		if f.Value("p"+strconv.Itoa(i+1)) != "" {
			out = append(out, id)
		}
	}
	return out
}

// candidates are whom the boxes of a step's form offer.
func (v *caseView) candidates(st *rule.Step) []string {
	may, others := v.May(st)
	if others {
		for _, p := range v.Persons {
			if !p.Left && !slices.Contains(may, p.ID) {
				may = append(may, p.ID)
			}
		}
	}
	return may
}

// persons finds people of the registry by the names typed, one a line or
// between semicolons; "(1975)" behind a name tells the year of birth.
func (c *Call) persons(field, text string) ([]string, error) {
	var out []string
	err := c.Read(func(tx *store.Tx) error {
		for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' || r == ',' }) {
			name, year, _ := strings.Cut(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), ")")), "(")
			name, year = vn.NormalizeName(name), strings.TrimSpace(year)
			if name == "" {
				continue
			}
			found, err := person.Search(c.Ctx(), tx, name, org.Now(c.Today()), 50)
			if err != nil {
				return err
			}
			found = slices.DeleteFunc(found, func(p person.Person) bool {
				return vn.Fold(p.Identity.Name) != vn.Fold(name) || year != "" && strconv.Itoa(p.Identity.Born.Year) != year
			})
			switch len(found) {
			case 0:
				return desk.Wrong(field, "Không thấy “"+name+"” trong hồ sơ cán bộ, đảng viên. Hãy ghi hồ sơ trước, hoặc xem lại cách viết tên.",
					"“"+name+"” is not on record. Record the person first, or look at the spelling.")
			case 1:
				out = append(out, found[0].ID)
			default:
				return desk.Wrong(field, "Có nhiều người tên “"+name+"”: hãy ghi thêm năm sinh, ví dụ "+name+" ("+strconv.Itoa(found[0].Identity.Born.Year)+").",
					"Several persons are called “"+name+"”: add the year of birth, as in "+name+" ("+strconv.Itoa(found[0].Identity.Born.Year)+").")
			}
		}
		return nil
	})
	return out, err
}

// one is persons for exactly one.
func (c *Call) one(field, text string) (string, error) {
	ids, err := c.persons(field, text)
	if err != nil {
		return "", err
	}
	if len(ids) != 1 {
		return "", desk.Wrong(field, "Cần đúng một người.", "Exactly one person is needed.")
	}
	return ids[0], nil
}

func (s *Server) procedureActGet(c *Call) error {
	f := &Form{ID: desk.NewID(), Values: c.R.URL.Query()}
	return c.showProcedureAct(f, true)
}

func (c *Call) showProcedureAct(f *Form, fresh bool) error {
	act := c.R.PathValue("act")
	form, ok := procedureForms[act]
	if !ok {
		return errNotFound
	}
	d := procedureActData{Act: act, Title: c.TK("procedure.act", act), Form: f, Hidden: map[string]string{}}
	if c.s.messages.has("procedure.lead." + act) {
		d.Lead = c.TK("procedure.lead", act)
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), -1); err != nil {
			return err
		}
		if !d.View.Run {
			return errNoCase
		}
		if fresh {
			f.Seen = d.View.Last
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range []string{"buoc", "nguoi", "dieu", "muc", "don", "hoi"} {
		if v := f.Text(k); v != "" {
			d.Hidden[k] = v
		}
	}
	d.Step = d.View.step(f)
	if form.fields != nil {
		form.fields(c, d.View, &d)
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureAct.show(c, d)
}

func (s *Server) procedureActPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	form, ok := procedureForms[c.R.PathValue("act")]
	if !ok {
		return errNotFound
	}
	again := func(f *Form) error { return c.showProcedureAct(f, false) }
	var v *caseView
	err = c.Read(func(tx *store.Tx) (err error) {
		v, err = c.loadCase(tx, c.R.PathValue("id"), -1)
		return err
	})
	if err != nil {
		return err
	}
	act, err := form.act(c, v, f)
	if err != nil {
		return c.again(f, err, again)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if !ok {
		return again(f)
	}
	to := v.Path
	if p := f.Text("nguoi"); p != "" {
		to += "/nguoi/" + strings.TrimPrefix(p, "person/")
	}
	return c.Done(to, rc)
}

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

func factFields(c *Call, v *caseView, d *procedureActData) {
	p := v.Person(d.Form.Text("nguoi"))
	if p != nil && d.Form.Problem == nil && d.Form.Value("planned") == "" {
		f := p.Facts
		set := func(name string, day vn.Date) {
			if !day.IsZero() {
				d.Form.Set(name, dayText("vi", day))
			}
		}
		set("post_from", f.PostFrom)
		set("reference", f.Reference)
		set("reprimand", f.Reprimand)
		set("warning", f.Warning)
		set("removal", f.Removal)
		if f.Planned != nil {
			d.Form.Set("planned", map[bool]string{true: "yes", false: "no"}[*f.Planned])
		}
		if f.NoDiscipline {
			d.Form.Set("no_discipline", "on")
		}
	}
	d.add(c, "planned", "text", false, Option{"", c.T("procedure.unknown")}, Option{"yes", c.T("procedure.planned.yes")}, Option{"no", c.T("procedure.planned.no")})
	d.add(c, "post_from", "day", false)
	d.add(c, "reference", "day", false)
	d.add(c, "no_discipline", "checkbox", false)
	for _, k := range []string{"reprimand", "warning", "removal"} {
		d.add(c, k, "day", false)
	}
}

func factAct(c *Call, v *caseView, f *Form) (desk.Act, error) {
	var x procedure.Facts
	var err error
	for name, to := range map[string]*vn.Date{"post_from": &x.PostFrom, "reference": &x.Reference, "reprimand": &x.Reprimand, "warning": &x.Warning, "removal": &x.Removal} {
		if *to, err = f.OptionalDay(name); err != nil {
			return nil, err
		}
	}
	if p := f.Text("planned"); p != "" {
		b := p == "yes"
		x.Planned = &b
	}
	x.NoDiscipline = f.Value("no_discipline") != ""
	return procedure.GiveFacts{Ref: c.ref(v), Person: f.Text("nguoi"), Facts: x}, nil
}

var figureNames = []string{"summoned", "present", "incumbents", "issued", "collected", "valid", "invalid"}

func figureFields(c *Call, v *caseView, d *procedureActData) {
	h := v.Step(d.Form.Text("buoc"))
	if h == nil || d.Step == nil {
		return
	}
	d.Lead = c.Words(d.Step.Title) + ". " + v.Names(h.Opening.Body.Team)
	if box := h.Opening.Body.Box; box != "" && !c.annulled(box) {
		d.Hidden["box"], d.Box = box, boxPath(box)
		d.Lead += ". " + c.T("procedure.from.box")
		if h.Counted != nil {
			d.add(c, "reason", "textarea", true)
		}
		return
	}
	for _, n := range figureNames {
		d.add(c, n, "number", n != "incumbents")
	}
	for i, id := range v.counted(h) {
		n := strconv.Itoa(i + 1)
		d.Figs = append(d.Figs, figureRow{v.Name(id), "v" + n, "d" + n, d.Form.Value("v" + n), d.Form.Value("d" + n)})
	}
	if h.Counted != nil {
		d.add(c, "reason", "textarea", true)
	}
}

// counted are whom a step counts: those put forward, and from outside.
func (v *caseView) counted(h *procedure.Step) []string {
	ids := slices.Clone(h.Opening.Body.Persons)
	for _, p := range v.Persons {
		if p.Outside == h.ID && !p.Left && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func figureAct(c *Call, v *caseView, f *Form) (desk.Act, error) {
	h := v.Step(f.Text("buoc"))
	if h == nil {
		return nil, errNotFound
	}
	if box := f.Text("box"); box != "" {
		return procedure.CountStep{Ref: c.ref(v), Step: h.ID, Box: box, Reason: f.Text("reason")}, nil
	}
	got := map[string]*int64{}
	for _, n := range figureNames {
		x, err := countOf(f, n)
		if err != nil {
			return nil, err
		}
		got[n] = x
	}
	fig := procedure.Figures{Summoned: got["summoned"], Present: got["present"], Incumbents: got["incumbents"], Votes: map[string]int64{}, Disagree: map[string]int64{},
		Ballots: vote.Ballots{Issued: got["issued"], Collected: got["collected"], Valid: got["valid"], Invalid: got["invalid"]}}
	if fig.Incumbents == nil {
		fig.Incumbents = fig.Summoned
	}
	for i, id := range v.counted(h) {
		n := strconv.Itoa(i + 1)
		x, err := countOf(f, "v"+n)
		if err != nil {
			return nil, err
		}
		if x == nil {
			return nil, desk.Wrong("votes", "Thiếu số phiếu của "+v.Name(id)+".", "The votes of "+v.Name(id)+" are missing.")
		}
		fig.Votes[id] = *x
		if y, err := countOf(f, "d"+n); err != nil {
			return nil, err
		} else if y != nil {
			fig.Disagree[id] = *y
		}
	}
	if len(fig.Disagree) == 0 {
		fig.Disagree = nil
	}
	return procedure.CountStep{Ref: c.ref(v), Step: h.ID, Figures: fig, Reason: f.Text("reason")}, nil
}

// openItems are what is unverified and open for a case: steps and rules of the
// editions it is pinned to.
func (c *Call) openItems(v *caseView) []Option {
	out := []Option{{"", c.T("field.none")}}
	c.eachOpen(v, func(id string, it *rule.Item) {
		out = append(out, Option{id, c.Words(it.Title) + " (" + it.Article + ")"})
	})
	return out
}

// readingsOf are the readings of one open item, or of all when none is chosen.
func (c *Call) readingsOf(v *caseView, item string) []Option {
	out := []Option{{"", c.T("field.none")}}
	c.eachOpen(v, func(id string, it *rule.Item) {
		if item != "" && id != item {
			return
		}
		out = append(out, Option{id + "=" + rule.MainReading, c.T("procedure.reading.main", c.Words(it.Title))})
		for _, r := range it.Readings {
			out = append(out, Option{id + "=" + r.ID, c.Words(r.Says)})
		}
	})
	return out
}

func (c *Call) eachOpen(v *caseView, fn func(id string, it *rule.Item)) {
	seen := map[string]bool{}
	use := func(e *rule.Edition, id string, it *rule.Item) {
		if seen[id] || it.Evidence != rule.Unverified || v.Choices[id] != "" {
			return
		}
		if _, ok := v.Lib.Attested(e, id); ok {
			return
		}
		seen[id] = true
		fn(id, it)
	}
	for _, st := range v.Def.Steps {
		if h := v.Step(st.ID); h == nil {
			use(v.Edition, rule.StepItem(v.Def.ID, st.ID), &st.Item)
		}
		if st.Contest == "" {
			continue
		}
		if b, err := v.Lib.For(st.Contest, v.Opened); err == nil {
			for _, o := range b.Open() {
				use(o.Edition, o.Item.ID, o.Item)
			}
		}
	}
	for i := range v.Def.Conditions {
		k := &v.Def.Conditions[i]
		if k.Rule == "" {
			use(v.Edition, rule.StepItem(v.Def.ID, k.ID), &k.Item)
			continue
		}
		if b, err := v.Lib.Rule(k.Rule, v.Opened, nil); err == nil {
			use(b.Edition, b.ID, &b.Item)
		}
	}
}
