package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// casePaperRow is one paper that a case can have: the newest made, and what is
// missing before it can be made.
type casePaperRow struct {
	Kind  document.PaperKind
	Title string
	Of    string // the person, "" for the whole case
	About string
	Lacks []rule.Words
	Made  *document.MadePaper
	Path  string // of the newest
	Times int
	Make  string // page that makes it, "" when something is missing
}

// casePapers are the papers of a case in the order in which they are needed.
func (c *Call) casePapers(tx *store.Tx, v *caseView) ([]casePaperRow, error) {
	made, err := document.CasePapers(c.Ctx(), tx, v.ID)
	if err != nil {
		return nil, err
	}
	lib, err := c.library(tx)
	if err != nil {
		return nil, err
	}
	lacks, err := document.CaseLacks(c.Ctx(), tx, lib, v.ID)
	if err != nil {
		return nil, err
	}
	var out []casePaperRow
	for _, k := range document.CasePaperKinds {
		for _, about := range document.CasePaperAbout(v.State, k) {
			r := casePaperRow{Kind: k, About: about, Title: c.Words(document.PaperWords(k))}
			if about != "" {
				r.Of = v.Name(about)
			}
			if st := v.Def.Step(about); st != nil {
				r.Of = c.T("procedure.step.n", about)
			}
			r.Lacks = lacks(k, about)
			for _, p := range made {
				if p.Kind == k && p.About == about {
					r.Made, r.Times, r.Path = p, r.Times+1, fmt.Sprintf("%s/giay/%d", v.Path, p.Entry)
				}
			}
			if len(r.Lacks) == 0 {
				r.Make = v.Path + "/lap-giay?" + url.Values{"giay": {string(k)}, "ve": {about}}.Encode()
			}
			out = append(out, r)
		}
	}
	return out, nil
}

type casePaperMakeData struct {
	View   *caseView
	Row    casePaperRow
	Form   *Form
	Fields []Field
	Party  document.PartyForm
}

var casePaperMake = page[casePaperMakeData]("procedure_paper_make")

func (s *Server) casePaperMakeGet(c *Call) error {
	return c.showCasePaperMake(nil, c.R.URL.Query().Get("giay"), c.R.URL.Query().Get("ve"))
}

// caseToWrite is a case for one who writes its papers.
func (c *Call) caseToWrite(tx *store.Tx) (*caseView, error) {
	v, err := c.loadCase(tx, c.R.PathValue("id"), -1)
	if err == nil && !v.Run {
		err = errNoCase
	}
	return v, err
}

func (c *Call) showCasePaperMake(f *Form, kind, about string) error {
	d := casePaperMakeData{Form: f}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, err = c.caseToWrite(tx); err != nil {
			return err
		}
		rows, err := c.casePapers(tx, d.View)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r casePaperRow) bool { return string(r.Kind) == kind && r.About == about })
		if i < 0 || rows[i].Make == "" {
			return desk.Missing("Hồ sơ chưa lập được giấy này.", "The case cannot have this paper yet.")
		}
		d.Row = rows[i]
		day := d.View.today(c)
		if d.Party, err = document.FormOn(day); err != nil {
			return err
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, document.CasePapersSubject(d.View.ID)); err != nil {
				return err
			}
			if err := c.fillCasePaper(tx, d.Form, d.View, d.Row, rows); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.casePaperFields(&d)
	return casePaperMake.show(c, d)
}

func (c *Call) casePaperFields(d *casePaperMakeData) {
	add := func(name, label, kind string, required bool) *Field {
		x := newField(d.Form, name, c.T(label))
		x.Required, x.Wide = required, kind == "textarea"
		if x.Kind != "select" {
			x.Kind = kind
		}
		if c.s.messages.has("procedure.ph." + name) {
			x.Hint = c.T("procedure.ph." + name)
		}
		d.Fields = append(d.Fields, x)
		return &d.Fields[len(d.Fields)-1]
	}
	choose := func(x *Field, options []Option) { x.Kind, x.Options = "select", options }
	add("upper", "election.m.upper", "text", false)
	add("body", "document.body", "text", true)
	if line := d.Party.NumberLine(d.Row.Kind, 0, ""); line != "" {
		add("number", "document.number", "number", false).Hint = c.T("document.number.hint", line)
		add("organ", "document.organ", "text", false).Hint = c.T("document.organ.hint")
	} else if d.Row.Kind != document.ExtractList && d.Row.Kind != document.CourseSheet {
		add("sign", "procedure.p.sign", "text", false)
	}
	add("place", "election.m.place", "text", false)
	if d.Row.Kind == document.Submission || d.Row.Kind == document.AppraisalSheet {
		add("address", "procedure.p.address", "textarea", false)
	}
	if v := d.View; d.Row.Kind == document.CaseDecision {
		var outs []Option
		kinds := map[string]string{"appointment": procedure.OutcomeAppoint, "designation": procedure.OutcomeDesignate, "candidacy": procedure.OutcomePutForward}
		for _, e := range v.Def.Ends {
			if k, ok := kinds[e]; ok {
				outs = append(outs, Option{k, c.TK("procedure.outcome", k)})
			}
		}
		if v.DecidedAt == nil {
			choose(add("outcome", "procedure.p.outcome", "text", true), outs)
		}
		add("since", "procedure.p.since", "day", false)
		if v.DecidedAt == nil {
			add("until", "procedure.p.until", "day", false)
		}
	}
	var seals []Option
	for _, v := range []document.Seal{document.SealFooter, document.SealSlip, document.SealNone} {
		seals = append(seals, Option{string(v), c.TK("election.seal", string(v))})
	}
	choose(add("seal", "election.m.seal", "text", true), seals)
	add("signers", "document.signers", "textarea", false).Hint = c.T("document.signers.hint")
	if d.Row.Kind != document.ExtractList && d.Row.Kind != document.CourseSheet {
		add("to", "document.to", "textarea", false).Hint = c.T("document.to.hint")
	}
	notes := add("notes", "procedure.p.notes", "textarea", d.Row.Kind == document.AppraisalSheet && d.View.AppraisedAt == nil)
	if k := "procedure.pn." + string(d.Row.Kind); c.s.messages.has(k) {
		notes.Label = c.TK("procedure.pn", string(d.Row.Kind))
	}
}

// fillCasePaper fills heads and signers as the paper had them last, or from the
// table of managing levels.
func (c *Call) fillCasePaper(tx *store.Tx, f *Form, v *caseView, row casePaperRow, rows []casePaperRow) error {
	m, _, err := procedure.PostRow(c.Ctx(), tx, v.Org, v.State.Title, v.Opened)
	if err != nil {
		return err
	}
	f.Set("body", v.OrgName).Set("signers", "T/M TẬP THỂ LÃNH ĐẠO | THỦ TRƯỞNG | ")
	switch row.Kind {
	case document.StepMinutes:
		head := ""
		if h := v.Step(row.About); h != nil && len(h.Opening.Body.Team) > 0 {
			head = v.Name(h.Opening.Body.Team[0])
		}
		f.Set("signers", "TỔ TRƯỞNG TỔ KIỂM PHIẾU | | "+head+"\nCHỦ TRÌ HỘI NGHỊ | | ")
	case document.ExtractList, document.CourseSheet:
		f.Set("signers", "NGƯỜI LẬP | | \nT/M TẬP THỂ LÃNH ĐẠO | | ")
	case document.Submission:
		if m.Decides != "" {
			f.Set("address", "Kính trình: "+m.Decides)
		}
	case document.AppraisalSheet:
		if m.Appraises != "" {
			f.Set("body", m.Appraises)
		}
		f.Set("signers", "NGƯỜI THẨM ĐỊNH | | \nTHỦ TRƯỞNG CƠ QUAN THẨM ĐỊNH | | ")
	case document.CaseDecision:
		if m.Decides != "" {
			f.Set("body", m.Decides).Set("signers", "T/M "+strings.ToUpper(m.Decides)+" | "+strings.ToUpper(strings.SplitN(m.Signs, " ", 3)[0])+" | ")
		}
		if m.Signs != "" {
			f.Set("signers", "T/M "+strings.ToUpper(m.Decides)+" | "+strings.ToUpper(m.Signs)+" | ")
		}
	}
	from := row.Made
	if from == nil || from.Model == nil {
		return nil
	}
	p, err := document.ParsePaper(from.Model)
	if err != nil {
		return err
	}
	var signers []string
	for _, s := range p.Signers {
		signers = append(signers, s.For+" | "+s.Post+" | "+s.Name)
	}
	f.Set("upper", p.Upper).Set("body", p.Body).Set("organ", p.Organ).Set("place", p.Place).Set("signers", strings.Join(signers, "\n")).Set("to", strings.Join(p.To, "\n")).Set("address", strings.Join(p.Address, "\n"))
	return nil
}

func (s *Server) casePaperMakePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	kind, about := f.Text("giay"), f.Text("ve")
	again := func(f *Form) error { return c.showCasePaperMake(f, kind, about) }
	var v *caseView
	if err := c.Read(func(tx *store.Tx) (err error) { v, err = c.caseToWrite(tx); return err }); err != nil {
		return err
	}
	set, err := casePaperSetting(f)
	if err != nil {
		return c.again(f, err, again)
	}
	rc, err := document.MakeCasePaper(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()},
		document.PaperKind(kind), v.ID, v.Org, about, set)
	if err != nil {
		return c.again(f, err, again)
	}
	return c.Done(fmt.Sprintf("%s/giay/%d", v.Path, rc.Entries[0].Index), rc)
}

func casePaperSetting(f *Form) (set document.CaseSetting, err error) {
	set.PaperSetting = document.PaperSetting{Organ: f.Text("organ"), Upper: f.Text("upper"), Body: f.Text("body"), Place: f.Text("place"), Notes: f.Text("notes"), Seal: document.Seal(f.Text("seal")), Signers: signersOf(f.Text("signers")), To: linesOf(f.Text("to"))}
	set.Sign, set.Address, set.Outcome = f.Text("sign"), linesOf(f.Text("address")), f.Text("outcome")
	if set.Number, err = countOr(f, "number", 0); err != nil {
		return set, err
	}
	if set.Since, err = f.OptionalDay("since"); err != nil {
		return set, err
	}
	set.Until, err = f.OptionalDay("until")
	return set, err
}

// signersOf reads "authority | post | name", one a line.
func signersOf(text string) (out []document.Signer) {
	for line := range strings.Lines(text) {
		part := append(strings.SplitN(strings.TrimSpace(line), "|", 3), "", "")
		if sg := (document.Signer{For: strings.TrimSpace(part[0]), Post: strings.TrimSpace(part[1]), Name: strings.TrimSpace(part[2])}); sg != (document.Signer{}) {
			out = append(out, sg)
		}
	}
	return out
}

func linesOf(text string) (out []string) {
	for line := range strings.Lines(text) {
		out = append(out, strings.TrimSpace(line))
	}
	return out
}

type casePaperData struct {
	View  *caseView
	Paper *document.MadePaper
	Model *document.Paper // nil when erased
	Title string
	Actor string
	Path  string
	Again string
	Sign  []procedure.Event // signed papers recorded for it
}

var casePaperPage = page[casePaperData]("procedure_paper")

// casePaper is a paper of a case for one who may see results that were not
// announced: they stand in it.
func (c *Call) casePaper(tx *store.Tx) (*caseView, *document.MadePaper, error) {
	v, err := c.loadCase(tx, c.R.PathValue("id"), -1)
	if err != nil {
		return nil, nil, err
	}
	if !v.Sees {
		return nil, nil, errNoCase
	}
	entry, err := c.index("entry")
	if err != nil {
		return nil, nil, err
	}
	p, err := document.CasePaperAt(c.Ctx(), tx, v.ID, entry)
	return v, p, err
}

func (s *Server) casePaperGet(c *Call) error {
	var d casePaperData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.View, d.Paper, err = c.casePaper(tx); err != nil {
			return err
		}
		d.Title, d.Actor = c.Words(document.PaperWords(d.Paper.Kind)), c.actorText(tx, d.Paper.Actor)
		d.Path = fmt.Sprintf("%s/giay/%d", d.View.Path, d.Paper.Entry)
		d.Again = d.View.Path + "/lap-giay?" + url.Values{"giay": {string(d.Paper.Kind)}, "ve": {d.Paper.About}}.Encode()
		for _, e := range d.View.Papers {
			if e.Body.Ref != nil && *e.Body.Ref == d.Paper.Entry {
				d.Sign = append(d.Sign, e)
			}
		}
		if d.Paper.Model != nil {
			d.Model, err = document.ParsePaper(d.Paper.Model)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(procedure.Subject(d.View.ID), "case"); err != nil {
		return err
	}
	return casePaperPage.show(c, d)
}

// madeKind is the kind of a paper made from the case, in words, for the form
// that records its signature; "" when there is none at the entry.
func (c *Call) madeKind(v *caseView, entry string) (kind string) {
	n, err := strconv.ParseInt(entry, 10, 63)
	if err != nil {
		return ""
	}
	err = c.Read(func(tx *store.Tx) error {
		p, err := document.CasePaperAt(c.Ctx(), tx, v.ID, n)
		if err == nil {
			kind = document.PaperWords(p.Kind).VI
		}
		return err
	})
	if err != nil {
		return ""
	}
	return kind
}

// casePaperFileGet hands out a file of a paper: "pdf", "docx" or "json".
func (s *Server) casePaperFileGet(c *Call) error {
	k, ok := paperFiles[c.R.PathValue("file")]
	if !ok {
		return desk.Missing("Không có tệp này.", "There is no such file.")
	}
	var raw []byte
	var name, about string
	if err := c.Read(func(tx *store.Tx) error {
		v, p, err := c.casePaper(tx)
		if err != nil {
			return err
		}
		about = procedure.Subject(v.ID)
		name = fmt.Sprintf("%s-muc-%d.%s", p.Kind, p.Entry, c.R.PathValue("file"))
		raw, err = document.PaperFile(c.Ctx(), tx, p, k[0])
		return err
	}); err != nil {
		return err
	}
	if err := c.Viewed(about, "case"); err != nil {
		return err
	}
	return c.file(raw, k[1], k[2], name)
}

// casePaperTemplateGet hands out the shipped template of a kind of paper, to
// look at and edit: "submission.docx".
func (s *Server) casePaperTemplateGet(c *Call) error {
	kind := document.PaperKind(strings.TrimSuffix(c.R.PathValue("file"), ".docx"))
	if !document.OfCase(kind) {
		return desk.Missing("Không có tệp mẫu này.", "There is no such template file.")
	}
	form, err := document.FormOn(c.Today())
	if err != nil {
		return err
	}
	raw, err := document.CaseTemplate(form, kind)
	if err != nil {
		return err
	}
	return c.file(raw, wordType, "attachment", "mau-"+string(kind)+".docx")
}

// procedureScanGet shows the scan of a signed paper to who may see what stands
// on it; the view is logged before a byte leaves.
func (s *Server) procedureScanGet(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	var v *caseView
	if err := c.Read(func(tx *store.Tx) (err error) { v, err = c.loadCase(tx, c.R.PathValue("id"), -1); return err }); err != nil {
		return err
	}
	i := slices.IndexFunc(v.Papers, func(e procedure.Event) bool { return e.Entry == entry && e.Body.Paper.Scan != "" })
	if i < 0 || !v.Sees {
		return errNoCase
	}
	return c.SendFile(procedure.Subject(v.ID), v.Papers[i].Body.Paper.Scan, v.Papers[i].Words, "case scan", true)
}
