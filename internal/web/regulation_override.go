package web

import (
	"net/url"

	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type regulationOverrideData struct {
	Form       *Form
	Documents  []Option
	Parameters []Option
	Document   string // number of the chosen document
	Current    string // value in force of the chosen parameter
}

var regulationOverride = page[regulationOverrideData]("regulation_override")

func overrideURL(e *rule.Edition, param string) string {
	return "/quy-dinh/dat-lai?doc=" + url.QueryEscape(regulation.Slug(e.Document.Number, e.Document.Date)) + "&parameter=" + url.QueryEscape(param)
}

// regulationOverrideGet is the small form for the commonest override: another
// value for one parameter. First the document is chosen, then the parameter.
func (s *Server) regulationOverrideGet(c *Call) error {
	f := c.BlankForm()
	q := c.R.URL.Query()
	f.Set("doc", q.Get("doc")).Set("parameter", q.Get("parameter")).Set("from", c.Today().Vietnamese())
	return s.showOverride(c, f)
}

func (s *Server) showOverride(c *Call, f *Form) error {
	d := regulationOverrideData{Form: f, Documents: []Option{{"", c.T("field.none")}}}
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		on := c.On()
		if day, err := parseDay(f.Text("from")); err == nil {
			on = day
		}
		for _, e := range lib.On(on) {
			if e.Override != nil || len(e.Parameters) == 0 {
				continue
			}
			slug := regulation.Slug(e.Document.Number, e.Document.Date)
			d.Documents = append(d.Documents, Option{slug, e.Document.Number + ", " + short(c.Words(e.Document.Title), 70)})
			if slug != f.Text("doc") {
				continue
			}
			d.Document = e.Document.Number
			d.Parameters = []Option{{"", c.T("field.none")}}
			for _, v := range regulation.InForce(lib, e.Document.Ref(), on) {
				d.Parameters = append(d.Parameters, Option{v.ID, c.Words(v.Title) + " (" + c.T("reg.over.now", v.Text(v.Value)) + ")"})
				if v.ID == f.Text("parameter") {
					d.Current = v.Text(v.Value) + " " + c.Words(v.Unit)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return regulationOverride.show(c, d)
}

// regulationOverridePost writes the file and shows it with its preview; it is
// recorded from there.
func (s *Server) regulationOverridePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var file string
	var text []byte
	err = c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		o, err := overrideOf(lib, f)
		if err != nil {
			return err
		}
		file, text, err = o.YAML(lib)
		return err
	})
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return s.showOverride(c, f)
	}
	add := regulationAddData{Form: c.BlankForm().Set("yaml", string(text)).Set("name", file), Made: true, Kinds: c.vocabulary()}
	if err := c.preview(add.Form, file, &add); err != nil {
		return err
	}
	return regulationAdd.show(c, add)
}

func overrideOf(lib *rule.Library, f *Form) (o regulation.Override, err error) {
	for _, e := range regulation.OfDocument(lib, f.Text("doc")) {
		o.Over = e.Document.Ref()
	}
	o.Parameter, o.Value, o.Number, o.Article = f.Text("parameter"), f.Text("value"), f.Text("number"), f.Text("article")
	o.Title = rule.Words{VI: f.Text("title"), EN: f.Text("title_en")}
	o.Issuer = rule.Words{VI: f.Text("issuer")}
	if o.Date, err = f.Day("date"); err != nil {
		return o, err
	}
	if o.From, err = f.Day("from"); err != nil {
		return o, err
	}
	o.To, err = f.OptionalDay("to")
	return o, err
}
