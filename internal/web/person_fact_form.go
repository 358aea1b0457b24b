package web

import (
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// personFactData is the form of one fact: ?khoi= names the block, ?muc= the
// item that changes, ?thoi=1 that it ends, ?sua= the wording that is corrected.
type personFactData struct {
	ID, Key, Name, Home, Path string
	Block                     person.FactBlock
	BlockName                 string
	What                      string // add, change, end, correct
	Item                      string
	Old                       *person.FactSaying // what is corrected, changed or ended
	OldView                   *factView
	Form                      *Form
	Fields, Days, Paper       []Field
}

var personFact = page[personFactData]("person_fact")

func (c *Call) personFactData() (d personFactData, err error) {
	q := c.R.URL.Query()
	d.What = "add"
	b, ok := person.FactBlockOf(q.Get("khoi"))
	if !ok || b.Shape == "registry" {
		return d, errNotFound
	}
	d.Block, d.BlockName, d.Key, d.Item = b, c.either(b.VI, b.EN), c.R.PathValue("id"), q.Get("muc")
	var fact int64 = -1
	switch {
	case q.Get("sua") != "":
		d.What = "correct"
		if fact, err = strconv.ParseInt(q.Get("sua"), 10, 64); err != nil {
			return d, errNotFound
		}
	case q.Get("thoi") != "":
		d.What = "end"
	case d.Item != "":
		d.What = "change"
	}
	err = c.Read(func(tx *store.Tx) error {
		id, home, p, err := c.subjectPerson(tx, desk.EditPerson)
		if err != nil {
			return err
		}
		d.ID, d.Home, d.Name, d.Path = id, home, c.personName(p), factsPath(id)
		if b.Sensitive {
			d.Path += "?mo=" + b.Key
		}
		what := "form"
		if b.Sensitive {
			what = "facts." + b.Key
		}
		c.viewed = append(c.viewed, readView{at: c.s.clock(), actor: c.User.Account, subject: id, what: what})
		if d.What != "add" {
			if err := c.factOld(tx, &d, fact); err != nil {
				return err
			}
		}
		d.Form, err = c.NewForm(tx, id)
		return err
	})
	return d, err
}

// factOld finds the wording the form speaks of: the one named, or the latest
// that holds of the item.
func (c *Call) factOld(tx *store.Tx, d *personFactData, fact int64) error {
	all, err := person.FactHistory(c.Ctx(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Block != d.Block.Key || h.EntryTo >= 0 || h.Withdrawn {
			continue
		}
		if fact >= 0 && h.Fact == fact || fact < 0 && h.Item == d.Item && !h.Ended && (d.Old == nil || d.Old.From.Before(h.From)) {
			d.Old = &h
		}
	}
	if d.Old == nil {
		return errNotFound
	}
	d.Item = d.Old.Item
	v := c.factView(d.Block, d.Old.FactContent, d.Old.Present, d.Old.From, d.Old.To)
	d.OldView = &v
	return nil
}

func (s *Server) personFactGet(c *Call) error {
	d, err := c.personFactData()
	if err != nil {
		return err
	}
	switch d.What {
	case "correct":
		fillFact(d.Form, d.Block, d.Old.FactContent, c.Lang)
	case "change":
		fillFact(d.Form, d.Block, person.FactContent{Values: d.Old.Values}, c.Lang)
	}
	return c.showFact(d)
}

func fillFact(f *Form, b person.FactBlock, x person.FactContent, lang string) {
	for _, field := range b.Fields {
		v := x.Values[field.Key]
		if field.Kind == "date" {
			v = field.Words(v, lang)
		}
		f.Set("v_"+field.Key, v)
	}
	f.Set("from", x.From.Vietnamese()).Set("until", x.Until.Vietnamese()).Set("source", x.Source.Kind).Set("source_number", x.Source.Number).
		Set("source_by", x.Source.By).Set("certifier", x.Certifier)
	if !x.Source.Date.IsZero() {
		f.Set("source_date", dayText("vi", x.Source.Date))
	}
}

func (c *Call) showFact(d personFactData) error {
	f := d.Form
	if f.Problem != nil { // acts name fields of the block by their own names
		if _, ok := d.Block.Field(f.Problem.Field); ok {
			f.Problem.Field = "v_" + f.Problem.Field
		}
	}
	ended := d.What == "end" || d.Old != nil && d.Old.Ended
	if !ended {
		for _, field := range d.Block.Fields {
			x := newField(f, "v_"+field.Key, c.either(field.VI, field.EN))
			x.Required = field.Required
			switch field.Kind {
			case "code":
				x.Kind, x.Options = "select", []Option{{"", c.T("field.none")}}
				for _, o := range person.FactCodes(field.List) {
					x.Options = append(x.Options, Option{o.Code, c.either(o.VI, o.EN)})
				}
			case "suggest":
				for _, o := range person.FactCodes(field.List) {
					x.Suggest = append(x.Suggest, c.either(o.VI, o.EN))
				}
			case "date":
				x.Kind, x.Hint = "day", c.T("fact.partial")
			case "long":
				x.Kind, x.Wide = "textarea", true
			default:
				x.Wide = field.Max >= 600
			}
			d.Fields = append(d.Fields, x)
		}
	}
	from := newField(f, "from", c.either(d.Block.FromVI, d.Block.FromEN))
	switch {
	case ended:
		from.Label = c.T("fact.from.end")
	case d.What == "change" && !d.Block.Point:
		from.Label = c.T("fact.from.change")
	}
	from.Kind, from.Required, from.Hint = "day", true, c.T("fact.partial")
	d.Days = []Field{from}
	if !ended && !d.Block.Point {
		until := newField(f, "until", c.T("fact.until"))
		until.Kind, until.Hint = "day", c.T("fact.until.hint")
		d.Days = append(d.Days, until)
	}
	source := newField(f, "source", c.T("fact.source"))
	source.Kind, source.Required, source.Options = "select", true, []Option{{"", c.T("field.none")}}
	for _, o := range person.FactCodes("source") {
		source.Options = append(source.Options, Option{o.Code, c.either(o.VI, o.EN)})
	}
	date := withKind("day", newField(f, "source_date", c.T("fact.source.date")))
	d.Paper = []Field{source, newField(f, "source_number", c.T("fact.source.number")), date, newField(f, "source_by", c.T("fact.source.by")),
		newField(f, "certifier", c.T("fact.certifier"))}
	d.Paper[4].Hint = c.T("fact.certifier.hint")
	if d.What == "correct" {
		reason := withKind("textarea", newField(f, "reason", c.T("org.reason")))
		reason.Required, reason.Wide, reason.Hint = true, true, c.T("fact.reason.hint")
		gone := withKind("checkbox", newField(f, "withdraw", c.T("org.withdraw")))
		gone.Wide, gone.Hint = true, c.T("org.withdraw.hint")
		d.Paper = append(d.Paper, reason, gone)
	}
	return personFact.show(c, d)
}

// Partial reads a day, a month or a year from a field; empty is zero.
func (f *Form) Partial(name string) (vn.PartialDate, error) {
	text := f.Text(name)
	p, err := vn.ParsePartial(text)
	if err != nil {
		p, err = vn.ReadDate(text)
	}
	if err != nil {
		return p, desk.Wrong(name, "Chưa đọc được ngày. Gõ ngày/tháng/năm, tháng/năm, hoặc chỉ năm.", "The date cannot be read. Type day/month/year, month/year, or the year alone.")
	}
	return p, nil
}

func (s *Server) personFactPost(c *Call) error {
	d, err := c.personFactData()
	if err != nil {
		return err
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d.Form = f
	again := func(f *Form) error { d.Form = f; return c.showFact(d) }
	content, err := factTyped(f, d.Block)
	if err != nil {
		return c.again(f, err, again)
	}
	var act desk.Act
	if d.What == "correct" {
		act = person.CorrectFact{Person: d.ID, Home: d.Home, Fact: d.Old.Fact, Withdraw: f.Value("withdraw") != "", Content: content, Reason: f.Text("reason")}
	} else {
		a := person.RecordFact{Person: d.ID, Home: d.Home, Block: d.Block.Key, Item: d.Item, End: d.What == "end", Content: content}
		if d.Block.List() && d.What == "add" {
			a.Item = newID("fact", f.ID)
		}
		act = a
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(d.Path+"#"+d.Block.Key, rc)
	}
	return again(f)
}

// factTyped reads what was typed; values are checked by the act.
func factTyped(f *Form, b person.FactBlock) (x person.FactContent, err error) {
	x.Values = map[string]string{}
	for _, field := range b.Fields {
		if v := f.Text("v_" + field.Key); v != "" {
			x.Values[field.Key] = v
		}
	}
	if x.From, err = f.Partial("from"); err != nil {
		return x, err
	}
	if x.Until, err = f.Partial("until"); err != nil {
		return x, err
	}
	x.Source = person.FactSource{Kind: f.Text("source"), Number: f.Text("source_number"), By: f.Text("source_by")}
	x.Certifier = f.Text("certifier")
	x.Source.Date, err = f.OptionalDay("source_date")
	return x, err
}
