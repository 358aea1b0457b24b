package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

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
