package web

import (
	"net/http"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type regulationEditionData struct {
	Edition    *rule.Edition
	Path       string
	Title      string
	Valid      string
	State      Tag
	Counts     evidenceCounts
	Parameters []paramView
	Rules      []ruleView
	Policies   []policyView
	Contests   []contestView
	Procedures []procedureView
	Pairs      []pairView
	Kin        *kinView
	Ties       []string
	Others     []editionRow // editions of the same document and series
	Over       *editionRow  // the document under an override
	Overrides  []editionRow // the province's, over this document
	ReplacedBy []editionRow
	Amended    []string
	Examples   []regulation.Outcome
	Ran        bool
	Failed     int
	File       string // the whole file
	Lines      int
	Entry      int64 // entry that recorded it, -1 when built in
	Compare    string
	Keeper     bool
}

// RegItem is what every item shows.
type RegItem struct {
	ID, Title, Article, Source, Path string
	Tag                              Tag
	Readings                         []readingView // the main one first; empty when there is no doubt
	Settled                          int64         // entry of the attestation, -1
	Proposal                         int64         // entry of an open proposal, -1
	Attest                           string        // address to attest it; "" when not
}

// readingView is one way an unverified item may be meant.
type readingView struct {
	ID, Says, Value string
	Main, Chosen    bool
}

type paramView struct {
	RegItem
	Value, Unit, Type string
	InForce           string // another value that an override puts over it on the day
	By, ByPath        string
	Override          string // address of the small form
}

type ruleView struct {
	RegItem
	Holds, Fails, Expr, Role string
	Needs                    []string
	Block                    bool
	Forms                    string
}

type policyView struct {
	RegItem
	Says, Choose, Detail string
}

type contestView struct {
	ID, Title string
	Rules     []linkView
	Review    string
}

type linkView struct{ Text, Path string }

var regulationEdition = page[regulationEditionData]("regulation_edition")

// regulationDocumentGet leads to the edition of a document in force on the day
// named by luc, else on the day the page speaks of, else to the latest before;
// where one document stands in several files of a day, to the one that has the
// item named by dieu. The browser keeps the part after #.
func (s *Server) regulationDocumentGet(c *Call) error {
	q := c.R.URL.Query()
	on := c.On()
	if d, err := vn.ParseDate(q.Get("luc")); err == nil {
		on = d
	}
	item := q.Get("dieu")
	q.Del("luc")
	q.Del("dieu")
	var to string
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		es := regulation.OfDocument(lib, c.R.PathValue("doc"))
		if with := slices.DeleteFunc(slices.Clone(es), func(e *rule.Edition) bool { return e.Item(item) == nil }); len(with) > 0 {
			es = with
		}
		for _, e := range es {
			if to == "" || !on.Before(e.Valid.From) {
				to = editionURL(e)
			}
			if lib.Validity(e).On(on) {
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if to == "" {
		return errNotFound
	}
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return c.Redirect(to)
}

// edition finds the edition a path names.
func (c *Call) edition(lib *rule.Library) (*rule.Edition, error) {
	e := regulation.Find(lib, c.R.PathValue("doc"), c.R.PathValue("edition"))
	if e == nil {
		return nil, desk.Missing("Thư viện không có bản này của văn bản.", "The library has no such edition of the document.")
	}
	return e, nil
}

func (s *Server) regulationFileGet(c *Call) error {
	return c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e, err := c.edition(lib)
		if err != nil {
			return err
		}
		h := c.W.Header()
		h.Set("Content-Type", "application/yaml; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="`+regulation.FileName(regulation.Slug(e.Document.Number, e.Document.Date)+"-"+e.ID)+`"`)
		_, err = c.W.Write(e.Raw)
		return err
	})
}

func (s *Server) regulationEditionGet(c *Call) error {
	var d regulationEditionData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e, err := c.edition(lib)
		if err != nil {
			return err
		}
		d, err = c.editionData(tx, lib, e)
		return err
	})
	if err != nil {
		return err
	}
	return regulationEdition.show(c, d)
}

func (c *Call) editionData(tx *store.Tx, lib *rule.Library, e *rule.Edition) (regulationEditionData, error) {
	v := lib.Validity(e)
	d := regulationEditionData{Edition: e, Path: editionURL(e), Title: c.Words(e.Document.Title), Valid: validityText(c, v), State: stateTag(c, v),
		Counts: countsOf(lib, e), File: string(e.Raw), Lines: 1 + strings.Count(strings.TrimRight(string(e.Raw), "\n"), "\n"),
		Entry: e.Recorded - 1, Keeper: c.User.Has(desk.KeepRegulation)}
	items, err := c.itemViews(tx, lib, e)
	if err != nil {
		return d, err
	}
	d.Parameters = c.paramViews(lib, e, items)
	for _, r := range e.Rules {
		d.Rules = append(d.Rules, c.ruleView(lib, e, r, items[r.ID]))
	}
	for _, p := range e.Policies {
		d.Policies = append(d.Policies, policyView{items[p.ID], c.Words(p.Says), p.Choose, policyDetail(p)})
	}
	for _, k := range e.Contests {
		d.Contests = append(d.Contests, c.contestView(e, k))
	}
	d.Procedures, d.Pairs = c.procedureViews(lib, e, items), c.pairViews(e, items)
	if e.Kinship != nil {
		d.Kin, d.Ties = &kinView{items[e.Kinship.ID]}, c.ties(e.Kinship)
	}
	d.around(c, lib, e)
	if d.Ran = c.R.URL.Query().Get("chay") == "1"; d.Ran {
		d.Examples = regulation.Run(lib, e)
	} else {
		for _, x := range e.Examples {
			d.Examples = append(d.Examples, regulation.Outcome{Name: x.Name, Rule: x.Rule, OK: true})
		}
	}
	for _, x := range d.Examples {
		if !x.OK {
			d.Failed++
		}
	}
	return d, nil
}

// around finds the editions beside this one.
func (d *regulationEditionData) around(c *Call, lib *rule.Library, e *rule.Edition) {
	row := func(o *rule.Edition) editionRow {
		v := lib.Validity(o)
		return editionRow{Number: o.Document.Number, Title: c.Words(o.Document.Title), ID: o.ID, Path: editionURL(o), Date: o.Document.Date,
			Valid: validityText(c, v), State: stateTag(c, v)}
	}
	for _, o := range lib.Editions() {
		switch {
		case o == e:
		case e.Override != nil && o.Override == nil && o.Document.Ref() == *e.Override:
			if d.Over == nil || lib.Validity(o).On(e.Valid.From) {
				r := row(o)
				d.Over = &r
			}
		case o.Override != nil && *o.Override == e.Document.Ref():
			d.Overrides = append(d.Overrides, row(o))
		case o.Document.Ref() == e.Document.Ref(), e.Override == nil && o.Override == nil && o.Series == e.Series && e.Series != "":
			d.Others = append(d.Others, row(o))
			if d.Compare == "" || o.Document.Ref() == e.Document.Ref() {
				a, b := o, e
				if e.Valid.From.Before(o.Valid.From) {
					a, b = e, o
				}
				d.Compare = compareURL(a, b)
			}
		}
		for _, r := range o.Replaces {
			if r.Number == e.Document.Number && r.Date == e.Document.Date && (r.Edition == "" || r.Edition == e.ID) && o != e {
				d.ReplacedBy = append(d.ReplacedBy, row(o))
			}
		}
	}
	for _, a := range e.AmendedBy {
		d.Amended = append(d.Amended, c.T("reg.doc.of", a.Number, dayText(c.Lang, a.Date)))
	}
}

// regulationScanGet shows a scan that some proposal names, and nothing else.
func (s *Server) regulationScanGet(c *Call) error {
	var data []byte
	var kind string
	err := c.Read(func(tx *store.Tx) error {
		hash := c.R.PathValue("hash")
		k, ok, err := regulation.HasScan(c.Ctx(), tx, hash)
		if err != nil {
			return err
		}
		if !ok {
			return errNotFound
		}
		kind = k
		data, err = store.GetBlob(c.Ctx(), tx, hash)
		return err
	})
	if err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, max-age=3600")
	ext := map[string]string{"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[kind]
	h.Set("Content-Disposition", `inline; filename="ban-chup-`+c.R.PathValue("hash")[:12]+"."+ext+`"`)
	c.W.WriteHeader(http.StatusOK)
	_, err = c.W.Write(data)
	return err
}
