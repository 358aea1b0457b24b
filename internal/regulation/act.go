package regulation

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
)

// AddEdition records a regulation file: a new edition of a document, or the
// province's override. Nothing broken enters: the file is checked as CheckFile
// does, against the library of the moment, and its examples must pass.
type AddEdition struct {
	File string // plain name, see FileName
	YAML string
}

func (a AddEdition) Name() string    { return "regulation.add-edition" }
func (a AddEdition) Need() desk.Need { return desk.Need{Right: desk.KeepRegulation} }

// Subject is the document of the file; a file that cannot be read has none of
// its own and is refused by Decide.
func (a AddEdition) Subject() string {
	e, err := rule.ParseEdition(a.File, []byte(a.YAML), 0)
	if err != nil {
		return "regulation/unread"
	}
	return Subject(e.Document.Number, e.Document.Date)
}

// Decide records the file whole, or names the line that is wrong.
func (a AddEdition) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c := CheckFile(s.Rules, a.File, []byte(a.YAML), s.Head+1)
	if err := c.Err(); err != nil {
		return nil, err
	}
	e := c.Edition
	body := editionBody{File: a.File, Digest: e.Digest, YAML: a.YAML, Doc: e.Document.Number, Date: e.Document.Date.String(), Edition: e.ID}
	if e.Override != nil {
		body.Over = Slug(e.Override.Number, e.Override.Date)
	}
	return []desk.Draft{{Kind: KindEdition, Subjects: []string{Subject(e.Document.Number, e.Document.Date)}, Body: body}}, nil
}
