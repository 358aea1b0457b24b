package web

import (
	"io"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type regulationAddData struct {
	Form     *Form
	Preview  *previewView
	Kinds    []linkView // inputs that expressions may use, for the help
	Made     bool       // the text was written by the small form
	ReadOnly bool
}

// previewView is what the file would do, before anything is recorded.
type previewView struct {
	OK       bool
	Problems []problemView
	Number   string
	Title    string
	Edition  string
	Valid    string
	Over     string
	Replaces []string
	Against  []string
	Changes  []changeGroup
	Minor    []string
	Same     bool
	Touches  []string
	Examples []regulation.Outcome
	Counts   evidenceCounts
	Digest   string
}

// problemView is a problem with the lines around it.
type problemView struct {
	Text  string
	Lines []lineView
}

type lineView struct {
	N    int
	Text string
	Bad  bool
}

var regulationAdd = page[regulationAddData]("regulation_add")

func (s *Server) regulationAddGet(c *Call) error {
	return regulationAdd.show(c, regulationAddData{Form: c.BlankForm(), Kinds: c.vocabulary()})
}

// vocabulary lists the inputs an expression may ask for.
func (c *Call) vocabulary() []linkView {
	var out []linkView
	for _, s := range rule.Vocabulary() {
		out = append(out, linkView{s.String(), c.Words(s.Words())})
	}
	return out
}

func (s *Server) regulationAddPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d := regulationAddData{Form: f, Kinds: c.vocabulary()}
	file, err := c.takeFile(f)
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return regulationAdd.show(c, d)
	}
	if f.Value("step") == "record" {
		rc, ok, err := c.Do(f, regulation.AddEdition{File: file, YAML: f.Value("yaml")})
		if err != nil {
			return err
		}
		if ok {
			return c.Done(c.recordedURL(rc), rc)
		}
	}
	if err := c.preview(f, file, &d); err != nil {
		return err
	}
	return regulationAdd.show(c, d)
}

// recordedURL is the page of the edition an act has just recorded.
func (c *Call) recordedURL(rc desk.Receipt) string {
	if len(rc.Entries) == 0 {
		return "/quy-dinh"
	}
	return subjectPath(mainSubject(rc.Entries[0]))
}

// takeFile moves an uploaded file into the box "yaml", so that it is seen and
// may be edited, and gives the plain name it will be recorded under.
func (c *Call) takeFile(f *Form) (string, error) {
	// Browsers send CRLF from a text box; the file is recorded with plain line ends.
	f.Values.Set("yaml", strings.ReplaceAll(f.Value("yaml"), "\r\n", "\n"))
	if c.R.MultipartForm != nil {
		if fh := c.R.MultipartForm.File["file"]; len(fh) > 0 && fh[0].Size > 0 {
			if fh[0].Size > rule.MaxFile {
				return "", desk.Wrong("file", "Tệp lớn hơn 1 MiB. Mỗi tệp chỉ chứa một bản của một văn bản.", "The file is larger than 1 MiB. One file holds one edition of one document.")
			}
			r, err := fh[0].Open()
			if err != nil {
				return "", err
			}
			defer r.Close()
			raw, err := io.ReadAll(io.LimitReader(r, rule.MaxFile+1))
			if err != nil {
				return "", err
			}
			f.Values.Set("name", regulation.FileName(fh[0].Filename))
			// A file that is not UTF-8 is checked as it came; the box shows what can be shown.
			f.Values.Set("yaml", strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n"))
		}
	}
	if f.Text("name") == "" {
		f.Values.Set("name", "quy-dinh.yaml")
	}
	f.Values.Set("name", regulation.FileName(f.Text("name")))
	return f.Value("name"), nil
}

// preview checks the text against the library of now, and gives the form the
// last entry its author will have seen.
func (c *Call) preview(f *Form, file string, d *regulationAddData) error {
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		ck := regulation.CheckFile(lib, file, []byte(f.Value("yaml")), c.s.desk.Head()+1)
		if ck.Edition != nil && (f.Problem == nil || f.Problem.Code != desk.Stale) {
			if f.Seen, err = desk.Seen(c.Ctx(), tx, regulation.Subject(ck.Edition.Document.Number, ck.Edition.Document.Date)); err != nil {
				return err
			}
		}
		d.Preview = c.previewView(ck)
		return nil
	})
	if !d.Preview.ok() && c.status == 0 {
		c.status = 422
	}
	f.Values.Set("yaml", strings.ToValidUTF8(f.Value("yaml"), "\ufffd"))
	return err
}

func (p *previewView) ok() bool { return p != nil && p.OK }

func (c *Call) previewView(ck *regulation.Check) *previewView {
	p := &previewView{OK: ck.OK(), Examples: ck.Examples, Same: len(ck.Changes) == 0}
	for _, x := range ck.Problems {
		p.Problems = append(p.Problems, problemView{x.In(c.Lang), around(ck.Raw, x.Line)})
	}
	e := ck.Edition
	if e == nil {
		return p
	}
	p.Number, p.Title, p.Edition, p.Digest = e.Document.Number, c.Words(e.Document.Title), e.ID, e.Digest
	p.Valid = validityText(c, e.Valid)
	if e.Override != nil {
		p.Over = c.T("reg.doc.of", e.Override.Number, dayText(c.Lang, e.Override.Date))
	}
	for _, r := range e.Replaces {
		text := c.T("reg.doc.of", r.Number, dayText(c.Lang, r.Date))
		if r.Edition != "" {
			text += ", " + c.T("reg.edition.n", r.Edition)
		}
		p.Replaces = append(p.Replaces, text)
	}
	for _, a := range ck.Against {
		p.Against = append(p.Against, c.T("reg.edition.short", a.Document.Number, a.ID))
	}
	p.Changes, p.Minor = c.changeGroups(ck.Changes, nil, nil)
	for _, k := range ck.Kinds {
		p.Touches = append(p.Touches, c.Words(k.Title))
	}
	if ck.Library != nil {
		p.Counts = countsOf(ck.Library, e)
	}
	return p
}

// around shows the lines about a problem.
func around(raw []byte, line int) []lineView {
	if line <= 0 {
		return nil
	}
	ls := strings.Split(strings.ToValidUTF8(string(raw), "\ufffd"), "\n")
	var out []lineView
	for n := max(1, line-2); n <= min(len(ls), line+2); n++ {
		out = append(out, lineView{n, short(ls[n-1], 160), n == line})
	}
	return out
}
