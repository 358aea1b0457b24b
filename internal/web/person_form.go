package web

import (
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// personFormData is a form of one act about a person. What: moi (record), doi
// (change from a day on), dinh-chinh (correct), chuc-vu (take a post),
// thoi-chuc (end a post), dinh-chinh-chuc-vu (correct a post).
type personFormData struct {
	What    string
	ID      string
	Name    string
	Path    string
	Home    string
	Form    *Form
	Titles  []Option
	Genders []Option
	Fact    *personStatement
	Post    *person.Post // the post to end
	PostSay string
}

var personForm = page[personFormData]("person_form")

// personFormData reads which form, about whom, from the address: ?nguoi=
// names the person, ?muc= the statement to correct, ?chuc-vu= the post to end.
func (c *Call) personFormData() (personFormData, error) {
	q := c.R.URL.Query()
	d := personFormData{What: c.R.PathValue("what"), Path: "/can-bo"}
	switch d.What {
	case "moi":
	case "doi", "dinh-chinh", "chuc-vu", "thoi-chuc", "dinh-chinh-chuc-vu":
		d.ID = "person/" + q.Get("nguoi")
		d.Path = personPath(d.ID)
	default:
		return d, errNotFound
	}
	d.Titles = []Option{{"", c.T("field.none")}}
	for _, t := range person.Titles() {
		d.Titles = append(d.Titles, Option{t.Code, c.titleText(t.Code)})
	}
	d.Genders = []Option{{"", c.T("person.gender.none")}, {"female", c.T("person.gender.female")}, {"male", c.T("person.gender.male")}}
	if d.ID == "" {
		return d, nil
	}
	return d, c.Read(func(tx *store.Tx) error { return c.personFormSubject(tx, &d) })
}

func (c *Call) personFormSubject(tx *store.Tx, d *personFormData) error {
	q := c.R.URL.Query()
	home, known, err := person.Home(c.Ctx(), tx, d.ID)
	if err != nil {
		return err
	}
	if !known || !c.May(tx, desk.Need{Right: desk.EditPerson, Org: home}) || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: home}) {
		return errNoPerson
	}
	d.Home = home
	p, err := c.personNow(tx, d.ID)
	if err != nil {
		return err
	}
	d.Name = c.personName(p)
	c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: d.ID, what: "form"})
	switch d.What {
	case "dinh-chinh", "dinh-chinh-chuc-vu":
		fact, err := strconv.ParseInt(q.Get("muc"), 10, 64)
		if err != nil {
			return errNotFound
		}
		all, err := c.personStory(tx, d.ID, true)
		if err != nil {
			return err
		}
		for _, st := range all {
			if st.Fact == fact && st.EntryTo == -1 && st.What == d.What {
				d.Fact = &st
			}
		}
		if d.Fact == nil {
			return errNotFound
		}
	case "thoi-chuc":
		posts, err := person.AllPosts(c.Ctx(), tx, d.ID, -1)
		if err != nil {
			return err
		}
		for _, x := range posts {
			if x.ID == q.Get("chuc-vu") {
				d.Post = &x
			}
		}
		if d.Post == nil {
			return errNotFound
		}
		unit, err := c.unitName(tx, d.Post.Org, d.Post.From)
		if err != nil {
			return err
		}
		d.PostSay = c.titleText(d.Post.Title) + ", " + unit
	}
	return nil
}

// personNow is the person today, or the nearest version there is.
func (c *Call) personNow(tx *store.Tx, id string) (person.Person, error) {
	p, ok, err := person.Get(c.Ctx(), tx, id, org.Now(c.Today()))
	if err != nil || ok {
		return p, err
	}
	vs, err := person.Versions(c.Ctx(), tx, id, -1)
	if err != nil || len(vs) == 0 {
		return p, err
	}
	return vs[len(vs)-1], nil
}

func (s *Server) personFormGet(c *Call) error {
	d, err := c.personFormData()
	if err != nil {
		return err
	}
	err = c.Read(func(tx *store.Tx) error {
		var err error
		if d.Form, err = c.NewForm(tx, d.ID); err != nil {
			return err
		}
		return c.fillPersonForm(tx, &d)
	})
	if err != nil {
		return err
	}
	return personForm.show(c, d)
}

// fillPersonForm puts what is on record into the fields.
func (c *Call) fillPersonForm(tx *store.Tx, d *personFormData) error {
	f := d.Form
	switch d.What {
	case "moi":
		name, err := c.unitName(tx, c.User.Org, c.Today())
		f.Set("home", name)
		return err
	case "doi":
		p, err := c.personNow(tx, d.ID)
		if err != nil {
			return err
		}
		fillIdentity(f, p.Identity)
		f.Set("from", dayText("vi", c.Today()))
	case "dinh-chinh":
		p, ok, err := person.Get(c.Ctx(), tx, d.ID, org.Now(d.Fact.From))
		if err != nil {
			return err
		}
		if ok {
			fillIdentity(f, p.Identity)
		}
		f.Set("from", dayText("vi", d.Fact.From))
	case "chuc-vu", "thoi-chuc":
		f.Set("from", dayText("vi", c.Today()))
	case "dinh-chinh-chuc-vu":
		name, err := c.unitName(tx, d.Fact.Org, statementDay(d.Fact.Statement))
		if err != nil {
			return err
		}
		f.Set("org", name).Set("title", d.Fact.Title)
		if !d.Fact.From.IsZero() {
			f.Set("from", dayText("vi", d.Fact.From))
		}
		if !d.Fact.To.IsZero() {
			f.Set("to", dayText("vi", d.Fact.To))
		}
	}
	if d.Fact != nil {
		f.Set("number", d.Fact.Decision.Number).Set("by", d.Fact.Decision.By)
		if !d.Fact.Decision.Date.IsZero() {
			f.Set("date", dayText("vi", d.Fact.Decision.Date))
		}
	}
	return nil
}

func fillIdentity(f *Form, id person.Identity) {
	f.Set("name", id.Name).Set("other_names", id.OtherNames).Set("born", id.Born.Vietnamese()).
		Set("gender", id.Gender).Set("ethnicity", id.Ethnicity).Set("hometown", id.Hometown)
}

func (s *Server) personFormPost(c *Call) error {
	d, err := c.personFormData()
	if err != nil {
		return err
	}
	if d.Form, err = c.PostForm(); err != nil {
		return err
	}
	act, err := c.personAct(&d)
	if err != nil {
		if err := c.Fail(d.Form, err); err != nil {
			return err
		}
		return personForm.show(c, d)
	}
	rc, ok, err := c.Do(d.Form, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(personPath(act.Subject()), rc)
	}
	return personForm.show(c, d)
}

// personAct reads the typed act out of the posted form.
func (c *Call) personAct(d *personFormData) (desk.Act, error) {
	f := d.Form
	decision, err := orgDecision(f)
	if err != nil {
		return nil, err
	}
	withdraw := f.Value("withdraw") != ""
	switch d.What {
	case "moi":
		id, err := identity(f)
		if err != nil {
			return nil, err
		}
		home, err := c.pickUnit(f, "home", c.Today(), true)
		return person.Record{ID: newID("person", f.ID), Home: home, Identity: id, Decision: decision}, err
	case "doi":
		id, err := identity(f)
		if err != nil {
			return nil, err
		}
		from, err := f.Day("from")
		return person.Change{Person: d.ID, Home: d.Home, From: from, Identity: id, Decision: decision}, err
	case "dinh-chinh":
		a := person.Correct{Person: d.ID, Home: d.Home, Fact: d.Fact.Fact, Withdraw: withdraw, From: d.Fact.From, Reason: f.Text("reason"), Decision: decision}
		if withdraw {
			return a, nil
		}
		if a.Identity, err = identity(f); err == nil {
			a.From, err = f.Day("from")
		}
		return a, err
	case "chuc-vu":
		a := person.TakePost{ID: newID("post", f.ID), Person: d.ID, Title: f.Text("title"), Decision: decision}
		if a.From, err = f.Day("from"); err == nil {
			a.To, err = f.OptionalDay("to")
		}
		if err == nil {
			a.Org, err = c.pickUnit(f, "org", a.From, true)
		}
		return a, err
	case "thoi-chuc":
		on, err := f.Day("from")
		return person.EndPost{Post: d.Post.ID, Person: d.ID, Org: d.Post.Org, On: on, Decision: decision}, err
	}
	a := person.CorrectPost{Person: d.ID, Home: d.Home, Fact: d.Fact.Fact, Withdraw: withdraw, Org: d.Fact.Org, Title: d.Fact.Title,
		From: d.Fact.From, To: d.Fact.To, Decision: decision, Reason: f.Text("reason")}
	if withdraw {
		return a, nil
	}
	if d.Fact.Statement.What == person.PostDone {
		a.To, err = f.Day("to")
		return a, err
	}
	a.Title = f.Text("title")
	if a.From, err = f.Day("from"); err == nil {
		a.To, err = f.OptionalDay("to")
	}
	if err == nil {
		a.Org, err = c.pickUnit(f, "org", a.From, true)
	}
	return a, err
}

func identity(f *Form) (person.Identity, error) {
	id := person.Identity{Name: f.Text("name"), OtherNames: f.Text("other_names"), Gender: f.Text("gender"), Ethnicity: f.Text("ethnicity"), Hometown: f.Text("hometown")}
	if f.Text("born") == "" {
		return id, nil
	}
	born, err := vn.ReadDate(f.Text("born"))
	if err != nil {
		born, err = vn.ParsePartial(f.Text("born"))
	}
	if err != nil {
		return id, desk.Wrong("born", "Chưa đọc được ngày sinh. Gõ ngày/tháng/năm, tháng/năm, hoặc chỉ năm.",
			"The birth cannot be read. Type day/month/year, month/year, or the year alone.")
	}
	id.Born = born
	return id, nil
}

// newID derives an id from the form: the same form always makes the same thing.
func newID(prefix, form string) string {
	return prefix + "/" + strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(form)), "-")
}
