package web

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// memberView is the membership of one person, on the person's page.
type memberView struct {
	Places []memberPlace
	Steps  []memberStep
	Clocks []clockRow
	Since  vn.Date // from which Party age counts, as of the page's day
}

type memberPlace struct {
	person.Place
	Name, Path string
	Now        bool
}

type memberStep struct {
	person.StepFact
	OrgName, OtherName string
	Number, Note       string
	Verdicts           []rule.Verdict
	Fixed, Future, Can bool
}

// clockRow is one matter that runs out, for people.
type clockRow struct {
	person.Clock
	Name, Path string
	Cell       string
	DueText    string
}

func (c *Call) memberView(tx *store.Tx, id string, edit bool) (memberView, error) {
	var v memberView
	ctx, on := c.Ctx(), c.On()
	ps, err := person.PlacesOf(ctx, tx, id)
	if err != nil {
		return v, err
	}
	for _, p := range ps {
		m := memberPlace{Place: p, Path: unitPath(p.Org), Now: !on.Before(p.From) && (p.To.IsZero() || on.Before(p.To))}
		if m.Name, err = c.unitName(tx, p.Org, later(p.From, on, p.To)); err != nil {
			return v, err
		}
		if m.Now && p.Rel == "official" {
			v.Since = p.Since
		}
		v.Places = append(v.Places, m)
	}
	all, err := person.StepHistory(ctx, tx, id)
	if err != nil {
		return v, err
	}
	for _, f := range all {
		m := memberStep{StepFact: f, Fixed: f.EntryTo != -1, Future: c.Today().Before(f.From), Can: edit && f.EntryTo == -1 && !f.Withdrawn}
		if m.OrgName, err = c.unitName(tx, f.Org, f.From); err != nil {
			return v, err
		}
		if m.OtherName, err = c.unitName(tx, f.Other, f.From); err != nil {
			return v, err
		}
		rec, err := desk.GetRecord(ctx, tx, f.Entry)
		if err != nil {
			return v, err
		}
		var b struct {
			Verdicts []rule.Verdict `json:"verdicts"`
		}
		var d struct{ Number, Note, Signer string }
		if err := json.Unmarshal(rec.Body, &b); err != nil {
			return v, err
		}
		if raw := rec.Blocks["details"]; raw != nil {
			if err := json.Unmarshal(raw, &d); err != nil {
				return v, err
			}
		}
		m.Verdicts, m.Number, m.Note = b.Verdicts, d.Number, d.Note
		v.Steps = append(v.Steps, m)
	}
	slices.SortStableFunc(v.Steps, func(a, b memberStep) int { return a.From.Compare(b.From) })
	lib, err := c.s.desk.Rules(ctx, tx)
	if err != nil {
		return v, err
	}
	for _, k := range person.ClocksOf(all, lib, on) {
		v.Clocks = append(v.Clocks, clockRow{Clock: k, DueText: c.dueText(k.Due)})
	}
	return v, nil
}

// later is the day to name a unit on: on when it lies in the span, else its
// first day.
func later(from, on, to vn.Date) vn.Date {
	if on.Before(from) || !to.IsZero() && !on.Before(to) {
		return from
	}
	return on
}

func (c *Call) dueText(d vn.Date) string {
	if d.IsZero() {
		return c.T("member.nodue")
	}
	return dayText(c.Lang, d)
}

// memberListData is a list of matters or badges of members the reader may read.
type memberListData struct {
	Occasions []vn.Date
	Clocks    []clockRow
	Badges    []badgeRow
	More      int
}

type badgeRow struct {
	person.BadgeDue
	Name, Path, Cell string
}

var (
	memberClocks = page[memberListData]("member_clocks")
	memberBadges = page[memberListData]("member_badges")
)

const memberRows = 300

// readable says, remembering the answer, whether the reader may read the
// persons of an organisation.
func (c *Call) readable(tx *store.Tx, right desk.Right) func(string) bool {
	seen := map[string]bool{}
	return func(id string) bool {
		ok, asked := seen[id]
		if !asked {
			ok = c.May(tx, desk.Need{Right: right, Org: id})
			seen[id] = ok
		}
		return ok
	}
}

// listedName is a person's name for a list, when the reader may read the file.
func (c *Call) listedName(tx *store.Tx, id string, may func(string) bool) (string, bool, error) {
	home, known, err := person.Home(c.Ctx(), tx, id)
	if err != nil || !known || !may(home) {
		return "", false, err
	}
	p, _, err := person.Get(c.Ctx(), tx, id, org.Now(c.On()))
	if err != nil {
		return "", false, err
	}
	c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: id, what: "list"})
	return c.personName(p), true, nil
}

func (s *Server) memberClocksGet(c *Call) error {
	var d memberListData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		all, err := person.Clocks(c.Ctx(), tx, lib, c.On(), may)
		if err != nil {
			return err
		}
		if len(all) > memberRows {
			d.More, all = len(all)-memberRows, all[:memberRows]
		}
		for _, k := range all {
			r := clockRow{Clock: k, Path: personPath(k.Person), DueText: c.dueText(k.Due)}
			var ok bool
			if r.Name, ok, err = c.listedName(tx, k.Person, may); err != nil {
				return err
			}
			if !ok {
				continue
			}
			if r.Cell, err = c.unitName(tx, k.Org, c.On()); err != nil {
				return err
			}
			d.Clocks = append(d.Clocks, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return memberClocks.show(c, d)
}

func (s *Server) memberBadgesGet(c *Call) error {
	var d memberListData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		may := c.readable(tx, desk.ReadPerson)
		d.Occasions = person.Occasions(lib, c.On(), 4)
		all, err := person.BadgesDue(c.Ctx(), tx, lib, c.On(), 4, may)
		if err != nil {
			return err
		}
		if len(all) > memberRows {
			d.More, all = len(all)-memberRows, all[:memberRows]
		}
		for _, b := range all {
			r := badgeRow{BadgeDue: b, Path: personPath(b.Person)}
			var ok bool
			if r.Name, ok, err = c.listedName(tx, b.Person, may); err != nil {
				return err
			}
			if !ok {
				continue
			}
			if r.Cell, err = c.unitName(tx, b.Org, c.On()); err != nil {
				return err
			}
			d.Badges = append(d.Badges, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return memberBadges.show(c, d)
}

// memberTasks are the matters of members that are late or soon due, for those
// who keep the file.
func memberTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.EditPerson) {
		return nil, nil
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	may := c.readable(tx, desk.EditPerson)
	all, err := person.Clocks(c.Ctx(), tx, lib, c.Today(), may)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, k := range all {
		if k.What == "probation" || len(out) == 20 {
			continue
		}
		name, err := c.unitName(tx, k.Org, c.Today())
		if err != nil {
			return nil, err
		}
		out = append(out, Task{Title: c.TK("member.clock", k.What), Path: personPath(k.Person), Org: name, Missing: c.T("member.began") + " " + dayText(c.Lang, k.Began),
			Waiting: c.T("home.me"), Due: c.dueText(k.Due), Late: k.Late})
	}
	return out, nil
}

// memberFormData is the form of one step of membership.
type memberFormData struct {
	ID, Name, Path, Home string
	Form                 *Form
	Fields, More, Paper  []Field
	Fact                 *person.StepFact // the step that is corrected
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
			return nil
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
		return nil
	})
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
	if d.Fact == nil {
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

// pickPersons reads persons one a line: an id, or a name that one readable
// person alone has.
func (c *Call) pickPersons(f *Form, field string, on vn.Date) ([]string, error) {
	var out []string
	err := c.Read(func(tx *store.Tx) error {
		for _, line := range strings.Split(f.Text(field), "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if strings.HasPrefix(line, "person/") && person.ValidID(line) {
				out = append(out, line)
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
