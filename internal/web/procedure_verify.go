package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type procedureVerifyData struct {
	View    *caseView
	Known   int64 // entry the page speaks of, -1 now
	Ran     bool
	Fine    bool
	Fault   string
	Checks  []verifyCheck
	Steps   []verifyStep
	Notes   []rule.Words
	Key     string
	Print   string // fingerprint of the key
	Code    string // paper code of the checkpoint
	Form    *Form
	Purpose Field
	Reason  Field
	Classes []checkField
	Full    bool // may export with nothing withheld
	Past    []pastExport
}

type verifyCheck struct {
	Title string
	Done  int64
	Tag   Tag
	Says  string
}

// verifyStep is one verdict of the case counted again by the verifier.
type verifyStep struct {
	Title, Says, Passed string
	Round               int
	Entry               int64
	Tag                 Tag
	Rules               []verifyRule
}

type verifyRule struct {
	Says, Who, Article string
	Holds              bool
}

// pastExport is a bundle of the case that was handed out before.
type pastExport struct {
	procedure.Event
	Classes string
}

var procedureVerify = page[procedureVerifyData]("procedure_verify")

// exportClasses are the classes a case can hold, in the order of the form.
var exportClasses = procedure.Withheld

// procedureVerifyGet is the page on which a case is counted again with one
// button, by the code of the outside verifier, and exported.
func (s *Server) procedureVerifyGet(c *Call) error {
	return c.showProcedureVerify(&Form{ID: desk.NewID(), Values: c.R.URL.Query()}, true)
}

func (c *Call) showProcedureVerify(f *Form, fresh bool) error {
	d := procedureVerifyData{Form: f, Known: -1}
	if q := c.R.URL.Query().Get("nhu"); q != "" {
		n, err := strconv.ParseInt(q, 10, 63)
		if err != nil || n < 0 {
			return errNotFound
		}
		d.Known = n
	}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.loadCase(tx, c.R.PathValue("id"), d.Known); err != nil {
			return err
		}
		if !d.View.Sees {
			return desk.Deny("Chỉ người làm hồ sơ và đoàn kiểm tra tính lại và xuất được hồ sơ này.", "Only those who run the case, and its inspectors, replay and export it.")
		}
		d.Full = c.May(tx, desk.Need{Right: desk.ExportBundle, Org: d.View.Org, Case: procedure.Subject(d.View.ID)})
		if fresh {
			f.Seen = d.View.Last
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.R.Method == "GET" && c.R.URL.Query().Get("tinh") != "" {
		if err := c.replayCase(&d); err != nil {
			return err
		}
	}
	c.exportFields(&d, fresh)
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return procedureVerify.show(c, d)
}

// exportFields fills the form of the export.
func (c *Call) exportFields(d *procedureVerifyData, fresh bool) {
	d.Purpose = newField(d.Form, "purpose", c.T("procedure.verify.purpose"))
	d.Purpose.Kind, d.Purpose.Required = "select", true
	for _, p := range procedure.Purposes {
		d.Purpose.Options = append(d.Purpose.Options, Option{p, c.TK("procedure.purpose", p)})
	}
	d.Reason = newField(d.Form, "reason", c.T("procedure.verify.reason"))
	d.Reason.Kind, d.Reason.Required, d.Reason.Wide, d.Reason.Hint = "textarea", true, true, c.T("procedure.verify.reason.hint")
	for _, k := range exportClasses {
		name := "che-" + string(k)
		d.Classes = append(d.Classes, checkField{name, c.TK("procedure.class.held", string(k)), c.TK("procedure.class.note", string(k)), fresh || d.Form.Value(name) != ""})
	}
	for _, e := range d.View.Exports {
		x := pastExport{Event: e}
		for i, k := range e.Body.Classes {
			if i > 0 {
				x.Classes += ", "
			}
			x.Classes += c.TK("procedure.class.held", k)
		}
		d.Past = append(d.Past, x)
	}
	slices.Reverse(d.Past)
}

// replayCase makes the bundle of the case and verifies it as an outsider does.
func (c *Call) replayCase(d *procedureVerifyData) error {
	var buf bytes.Buffer
	if err := document.BundleOfCase(c.Ctx(), c.s.desk, c.s.vault, &buf, d.View.ID, nil); err != nil {
		return err
	}
	files, err := bundle.OpenZip(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return err
	}
	defer files.Close()
	r := bundle.Verify(files, bundle.Options{Key: c.s.desk.VerifierKey()})
	d.Ran, d.Fine, d.Key, d.Print, d.Notes = true, r.Fine(), r.Key, r.Fingerprint, r.Notes
	if first := r.First(); first != nil {
		d.Fault = c.Words(first.Says)
	}
	for _, k := range r.Checks {
		x := verifyCheck{Title: c.Words(k.Title), Done: k.Done, Tag: Tag{"yes", c.T("procedure.verify.ok")}}
		if k.First != nil {
			x.Tag, x.Says = Tag{"stop", c.T("procedure.verify.fails")}, c.Words(k.First.Says)
		}
		d.Checks = append(d.Checks, x)
	}
	for _, st := range r.Steps {
		if d.Known >= 0 && st.Entry > d.Known {
			continue
		}
		x := verifyStep{Title: c.T("procedure.step.n", st.Step), Round: st.Round, Entry: st.Entry, Passed: d.View.Names(st.Passed), Tag: Tag{"yes", c.T("procedure.verify.same")}}
		if def := d.View.Def.Step(st.Step); def != nil {
			x.Title = c.Words(def.Title)
		}
		if st.Fails != nil {
			x.Tag, x.Says = Tag{"stop", c.T("procedure.verify.differs")}, c.Words(*st.Fails)
		}
		for _, v := range st.Rules {
			r := verifyRule{Says: c.Words(v.Says), Article: v.Article + ", " + v.Document, Holds: v.Holds}
			if v.Subject != "" {
				r.Who = d.View.Name(v.Subject)
			}
			x.Rules = append(x.Rules, r)
		}
		d.Steps = append(d.Steps, x)
	}
	return nil
}

// procedureExportPost hands out the bundle of a case. It is made first, then
// recorded with its digest and purpose, then handed out: what leaves is what
// the record says left.
func (s *Server) procedureExportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	again := func(f *Form) error { return c.showProcedureVerify(f, false) }
	var v *caseView
	if err := c.Read(func(tx *store.Tx) (err error) {
		v, err = c.loadCase(tx, c.R.PathValue("id"), -1)
		return err
	}); err != nil {
		return err
	}
	if !v.Sees {
		return errNoCase
	}
	var hide *bundle.Withheld
	act := procedure.Export{Ref: c.ref(v), Purpose: f.Text("purpose"), Reason: f.Text("reason")}
	for _, k := range exportClasses {
		if f.Value("che-"+string(k)) != "" {
			act.Classes = append(act.Classes, string(k))
			if hide == nil {
				hide = &bundle.Withheld{Purpose: act.Purpose, Reason: act.Reason}
			}
			hide.Classes = append(hide.Classes, k)
		}
	}
	if hide != nil && hide.Purpose == "" {
		return c.again(f, desk.Wrong("purpose", "Hãy chọn mục đích xuất.", "Choose the purpose."), again)
	}
	var buf bytes.Buffer
	if err := document.BundleOfCase(c.Ctx(), s.desk, s.vault, &buf, v.ID, hide); err != nil {
		return err
	}
	sum := sha256.Sum256(buf.Bytes())
	act.Digest, act.Size = hex.EncodeToString(sum[:]), int64(buf.Len())
	if err := c.Viewed(procedure.Subject(v.ID), "bundle"); err != nil {
		return err
	}
	if _, ok, err := c.Do(f, act); err != nil {
		return err
	} else if !ok {
		return again(f)
	}
	name := "ho-so-" + v.ID
	if hide != nil {
		name += "-rut-gon"
	}
	return c.file(buf.Bytes(), "application/zip", "attachment", name+".zip")
}
