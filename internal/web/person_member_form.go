package web

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type memberFormData struct {
	ID, Name, Path, Home string
	Form                 *Form
	Fields, More, Paper  []Field
	Fact                 *person.StepFact // the step that is corrected
	Only                 person.Step      // the step the form is for; "" shows every field
	Next, Others         []stepLink
}

// stepLink leads to the form of one step.
type stepLink struct{ Path, Text string }

// stepFields are the fields each step needs beside place, day and decision.
var stepFields = map[person.Step][]string{
	person.Introduced: {"introducers", "note"}, person.Voted: {"for", "of", "note"}, person.Card: {"card", "note"}, person.Badge: {"years", "card", "note"},
	person.Transcribed: {"admitted", "sworn", "recognised", "card", "note"}, person.Sent: {"target", "card", "note"}, person.Temporary: {"to", "card", "note"},
	person.Residence: {"to", "note"}, person.Staffed: {"kind", "target", "note"},
}

var memberForm = page[memberFormData]("member_form")

func (c *Call) memberFormData() (memberFormData, error) {
	d := memberFormData{ID: "person/" + c.R.PathValue("id")}
	d.Path = personPath(d.ID)
	return d, c.Read(func(tx *store.Tx) error {
		home, known, err := person.Home(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		if !known || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
			return errNoPerson
		}
		d.Home = home
		p, err := c.personNow(tx, d.ID)
		if err != nil {
			return err
		}
		d.Name = c.personName(p)
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: d.ID, what: "form"})
		text := c.R.URL.Query().Get("muc")
		if text == "" {
			if only := person.Step(c.R.URL.Query().Get("viec")); slices.Contains(person.Steps(), only) {
				d.Only = only
			}
			return c.stepLinks(tx, &d)
		}
		fact, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return errNotFound
		}
		said, err := person.StepsOf(c.Ctx(), tx, d.ID)
		if err != nil {
			return err
		}
		for _, f := range said {
			if f.Fact == fact {
				d.Fact = &f
			}
		}
		if d.Fact == nil {
			return errNotFound
		}
		d.Only = d.Fact.Step
		return nil
	})
}

// stepLinks offers the steps that fit what stands about the person today, and
// the others apart: a late entry may come before what stands.
func (c *Call) stepLinks(tx *store.Tx, d *memberFormData) error {
	said, err := person.StepsOf(c.Ctx(), tx, d.ID)
	if err != nil {
		return err
	}
	fit := person.Fitting(said, c.Today())
	for _, s := range person.Steps() {
		l := stepLink{"/dang-vien/viec/" + c.R.PathValue("id") + "?viec=" + string(s), c.TK("person.step", string(s))}
		if slices.Contains(fit, s) {
			d.Next = append(d.Next, l)
		} else {
			d.Others = append(d.Others, l)
		}
	}
	return nil
}

func (s *Server) memberFormGet(c *Call) error {
	d, err := c.memberFormData()
	if err != nil {
		return err
	}
	err = c.Read(func(tx *store.Tx) (err error) {
		if d.Form, err = c.NewForm(tx, d.ID); err != nil {
			return err
		}
		f := d.Form.Set("from", dayText("vi", c.Today()))
		place, ok, err := person.OfficialPlace(c.Ctx(), tx, d.ID, org.Now(c.Today()))
		if err != nil {
			return err
		}
		where := d.Home
		if ok {
			where = place.Org
		}
		if d.Fact != nil {
			where = d.Fact.Org
			set := func(name string, on vn.Date) {
				if !on.IsZero() {
					f.Set(name, dayText("vi", on))
				}
			}
			set("from", d.Fact.From)
			set("to", d.Fact.To)
			set("sworn", d.Fact.Sworn)
			set("admitted", d.Fact.Admitted)
			set("recognised", d.Fact.Recognised)
			set("date", d.Fact.Decision.Date)
			f.Set("step", string(d.Fact.Step)).Set("number", d.Fact.Decision.Number).Set("by", d.Fact.Decision.By).Set("kind", d.Fact.Kind)
			if d.Fact.Years > 0 {
				f.Set("years", toString(d.Fact.Years))
			}
			if d.Fact.For != nil && d.Fact.Of != nil {
				f.Set("for", toString(*d.Fact.For)).Set("of", toString(*d.Fact.Of))
			}
			other, err := c.unitName(tx, d.Fact.Other, d.Fact.From)
			if err != nil {
				return err
			}
			f.Set("target", other)
			if err := c.fillStepDetails(tx, f, *d.Fact); err != nil {
				return err
			}
		}
		if d.Only != "" {
			f.Set("step", string(d.Only))
		}
		name, err := c.unitName(tx, where, c.Today())
		f.Set("org", name)
		return err
	})
	if err != nil {
		return err
	}
	return c.showMemberForm(d)
}

func (c *Call) showMemberForm(d memberFormData) error {
	f := d.Form
	field := func(name, kind, hint string) Field {
		x := withKind(kind, newField(f, name, c.TK("member.field", name)))
		if hint != "" {
			x.Hint = c.TK("member.hint", hint)
		}
		return x
	}
	if d.Fact == nil && d.Only == "" {
		step := newField(f, "step", c.TK("member.field", "step"))
		step.Kind, step.Required = "select", true
		step.Options = []Option{{"", c.T("field.none")}}
		for _, s := range person.Steps() {
			step.Options = append(step.Options, Option{string(s), c.TK("person.step", string(s))})
		}
		d.Fields = append(d.Fields, step)
	}
	where, day := field("org", "text", "org"), field("from", "day", "")
	where.Required, day.Required = true, true
	d.Fields = append(d.Fields, where, day)
	people := field("introducers", "textarea", "introducers")
	people.Wide = true
	kind := field("kind", "text", "")
	kind.Kind, kind.Options = "select", c.staffKindOptions()
	d.More = []Field{field("target", "text", "target"), field("to", "day", "to"), field("for", "number", "for"), field("of", "number", ""), field("years", "number", ""), kind,
		field("admitted", "day", "paper"), field("sworn", "day", ""), field("recognised", "day", ""), field("card", "text", ""), field("note", "textarea", "note"), people}
	if d.Only != "" {
		want, ok := stepFields[d.Only]
		if !ok {
			want = []string{"note"}
		}
		d.More = slices.DeleteFunc(d.More, func(x Field) bool { return !slices.Contains(want, x.Name) && x.Value == "" })
	}
	d.Paper = c.paperFields(f)
	if d.Fact != nil {
		reason := field("reason", "textarea", "")
		reason.Required, reason.Wide = true, true
		gone := field("withdraw", "checkbox", "")
		gone.Wide = true
		d.Paper = append(d.Paper, reason, gone)
	}
	return memberForm.show(c, d)
}

func (s *Server) memberFormPost(c *Call) error {
	d, err := c.memberFormData()
	if err != nil {
		return err
	}
	if d.Form, err = c.PostForm(); err != nil {
		return err
	}
	act, err := c.memberAct(d)
	if err != nil {
		if err := c.Fail(d.Form, err); err != nil {
			return err
		}
		return c.showMemberForm(d)
	}
	rc, ok, err := c.Do(d.Form, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(d.Path+"#dang-vien", rc)
	}
	return c.showMemberForm(d)
}

// memberAct reads the typed act out of the posted form.
func (c *Call) memberAct(d memberFormData) (desk.Act, error) {
	f := d.Form
	a := person.TakeStep{Person: d.ID, Step: person.Step(f.Text("step")), Kind: f.Text("kind"), Number: f.Text("card"), Note: f.Text("note")}
	if d.Fact != nil {
		a.Step = d.Fact.Step
		if f.Value("withdraw") != "" {
			return person.CorrectStep{Person: d.ID, Home: d.Home, Fact: d.Fact.Fact, Withdraw: true, Reason: f.Text("reason")}, nil
		}
	}
	var err error
	if a.Decision, err = orgDecision(f); err != nil {
		return nil, err
	}
	if a.From, err = f.Day("from"); err != nil {
		return nil, err
	}
	for name, to := range map[string]*vn.Date{"to": &a.To, "admitted": &a.Admitted, "sworn": &a.Sworn, "recognised": &a.Recognised} {
		if *to, err = f.OptionalDay(name); err != nil {
			return nil, err
		}
	}
	for name, to := range map[string]**int64{"for": &a.For, "of": &a.Of} {
		if f.Text(name) == "" {
			continue
		}
		n, err := vn.ReadCount(f.Text(name))
		if err != nil {
			return nil, desk.Wrong(name, "Cần một số nguyên.", "A whole number is needed.")
		}
		*to = &n
	}
	if f.Text("years") != "" {
		if a.Years, err = vn.ReadCount(f.Text("years")); err != nil {
			return nil, desk.Wrong("years", "Cần một số nguyên.", "A whole number is needed.")
		}
	}
	if a.Org, err = c.pickUnit(f, "org", a.From, true); err != nil {
		return nil, err
	}
	if a.Other, err = c.pickUnit(f, "target", a.From, false); err != nil {
		return nil, err
	}
	if a.Introducers, err = c.pickPersons(f, "introducers", a.From); err != nil {
		return nil, err
	}
	if d.Fact != nil {
		return person.CorrectStep{Person: d.ID, Home: d.Home, Fact: d.Fact.Fact, Step: a, Reason: f.Text("reason")}, nil
	}
	return a, nil
}

// fillStepDetails puts what stands beside the tree about a step into the form,
// so that a correction loses nothing of it.
func (c *Call) fillStepDetails(tx *store.Tx, f *Form, step person.StepFact) error {
	rec, err := desk.GetRecord(c.Ctx(), tx, step.Entry)
	if err != nil {
		return err
	}
	var d struct{ Number, Note, Signer string }
	if raw := rec.Blocks["details"]; raw != nil {
		if err := json.Unmarshal(raw, &d); err != nil {
			return err
		}
	}
	by, err := person.Introducers(c.Ctx(), tx, step)
	if err != nil {
		return err
	}
	may := c.readable(tx, desk.ReadPerson)
	for i, id := range by {
		if name, ok, err := c.listedName(tx, id, may); err != nil {
			return err
		} else if ok {
			by[i] = name + " (" + id + ")"
		}
	}
	f.Set("card", d.Number).Set("note", d.Note).Set("signer", d.Signer).Set("introducers", strings.Join(by, "\n"))
	return nil
}

// pickPersons reads persons one a line: an id, or a name that one readable
// person alone has.
func (c *Call) pickPersons(f *Form, field string, on vn.Date) ([]string, error) {
	var out []string
	err := c.Read(func(tx *store.Tx) error {
		for _, line := range strings.Split(f.Text(field), "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			id := line // or "Name (person/…)", as forms fill it in
			if i := strings.LastIndex(line, "("); i >= 0 && strings.HasSuffix(line, ")") {
				id = line[i+1 : len(line)-1]
			}
			if strings.HasPrefix(id, "person/") && person.ValidID(id) {
				out = append(out, id)
				continue
			}
			found, err := person.Search(c.Ctx(), tx, line, org.Now(on), 30)
			if err != nil {
				return err
			}
			rows, err := c.personRows(tx, found, org.Now(on))
			if err != nil {
				return err
			}
			if len(rows) != 1 {
				return desk.Wrong(field, "“"+clip(line)+"”: cần đúng một người; hãy ghi đủ họ tên hoặc mã của người ấy.", "“"+clip(line)+"”: exactly one person must fit; write the full name or the id.")
			}
			out = append(out, rows[0].Person.ID)
		}
		return nil
	})
	return out, err
}
