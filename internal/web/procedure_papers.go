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
