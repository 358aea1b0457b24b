// Package wordpdf draws a Word document as PDF, so that the paper a clerk's own
// template makes is the same in both. It draws what the papers of an office are
// made of: paragraphs with their sides, indents, spacing and tab stops; letters
// bold, italic, underlined, raised, in colour; lists; tables with lines, merged
// and nested cells, rows that go on over pages, heads that stand on each page;
// headers and footers with page numbers; breaks, sections, pictures. What it
// draws otherwise than Word is named (docx.Doc.Odd and the notes of Draw);
// no text of the document is ever left out.
//
// The bytes depend on the document and the options alone.
package wordpdf

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// Options are what a PDF says beside the document.
type Options struct {
	Title string
	Day   vn.Date // stands as the day of making
}

// Bounds of a drawing.
const (
	maxPages   = 600
	maxLetters = 4_000_000
)

const face = "serif"

// PDF reads a Word document and draws it. The notes say what the PDF has
// otherwise than Word, each once; a document that is hostile or beyond measure
// is refused with a *docx.Refused.
func PDF(raw []byte, o Options) (pdf []byte, odd []docx.Note, err error) {
	doc, err := docx.Read(raw)
	if err != nil {
		return nil, nil, err
	}
	return Draw(doc, o)
}

// Draw draws a document that was read.
func Draw(doc *docx.Doc, o Options) (pdf []byte, odd []docx.Note, err error) {
	pages := 1
	e, err := draw(doc, o, pages)
	if err != nil {
		return nil, nil, err
	}
	// The number of all pages is known only when all are drawn.
	for range 2 {
		if !doc.Has(docx.AllField) || e.PageNo() == pages {
			break
		}
		pages = e.PageNo()
		if e, err = draw(doc, o, pages); err != nil {
			return nil, nil, err
		}
	}
	var out bytes.Buffer
	if err := e.Output(&out); err != nil {
		return nil, nil, fmt.Errorf("wordpdf: %w", err)
	}
	return out.Bytes(), append(slices.Clone(doc.Odd), e.odd...), nil
}

// engine lays out and draws one document.
type engine struct {
	*fpdf.Fpdf
	doc     *docx.Doc
	pages   int // as far as known
	number  int // of the page, as it is shown
	letters int
	room    float64 // height of the body of a page, about
	odd     []docx.Note
	widths  map[string]float64
	images  map[string]bool
	trace   func(place) // told of each text of the body as it is drawn; nil in use
	quiet   bool        // texts that repeat are not told
}

func draw(doc *docx.Doc, o Options, pages int) (*engine, error) {
	return drawOn(blank(o), doc, pages)
}

// blank is a PDF without pages, with the faces.
func blank(o Options) *fpdf.Fpdf {
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "pt", Size: fpdf.SizeType{Wd: 595.3, Ht: 841.9}})
	made := time.Date(o.Day.Year, o.Day.Month, o.Day.Day, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetProducer("Minh Bạch", true)
	f.SetTitle(o.Title, true)
	f.SetLang("vi-VN")
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes(face, "", liberationserifregular.TTF)
	f.AddUTF8FontFromBytes(face, "B", liberationserifbold.TTF)
	f.AddUTF8FontFromBytes(face, "I", liberationserifitalic.TTF)
	f.AddUTF8FontFromBytes(face, "BI", liberationserifbolditalic.TTF)
	return f
}

func drawOn(f *fpdf.Fpdf, doc *docx.Doc, pages int) (*engine, error) {
	e := &engine{Fpdf: f, doc: doc, pages: pages, widths: map[string]float64{}, images: map[string]bool{}, trace: tracing}
	if err := e.whole(); err != nil {
		return nil, err
	}
	return e, f.Error()
}

// tracing is set by tests alone.
var tracing func(place)

// place is where a text was drawn.
type place struct {
	text                string
	page                int
	x, y, w, wide, tall float64
}

func (e *engine) note(vi, en string) {
	n := docx.Note{VI: vi, EN: en}
	if !slices.Contains(e.odd, n) && len(e.odd) < 60 {
		e.odd = append(e.odd, n)
	}
}

func tooLong() error {
	return &docx.Refused{VI: fmt.Sprintf("Văn bản dài quá %d trang.", maxPages), EN: fmt.Sprintf("the document has more than %d pages", maxPages)}
}
