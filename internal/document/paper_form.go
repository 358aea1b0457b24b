package document

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// PartyForm is an edition of the form of Party documents: everything that
// differs between the guide of 2018 and that of 2026 stands in forms.json, with
// its evidence.
type PartyForm struct {
	ID       string               `json:"id"`
	Document string               `json:"document"`
	Date     vn.Date              `json:"date"`
	From     vn.Date              `json:"from"` // first day of the edition
	Evidence rule.Evidence        `json:"evidence"`
	Source   string               `json:"source"`
	Margins  Margins              `json:"margins"` // millimetres
	Body     float64              `json:"body"`    // points
	Pitch    int                  `json:"pitch"`   // exact line pitch in points, 0 single
	Type     float64              `json:"type"`    // size of the name of the type
	Number   string               `json:"number"`  // "Số {n}-{type}/{organ}"
	Deputy   bool                 `json:"deputy"`  // K/T may stand before a committee's post
	PostBold bool                 `json:"post_bold"`
	Under    string               `json:"under"` // below type and subject
	Abbr     map[PaperKind]string `json:"abbreviations"`
}

// Margins are in millimetres.
type Margins struct {
	Top    float64 `json:"top"`
	Bottom float64 `json:"bottom"`
	Left   float64 `json:"left"`
	Right  float64 `json:"right"`
}

//go:embed forms.json
var formsRaw []byte

// PartyForms reads the editions, oldest first.
func PartyForms() ([]PartyForm, error) {
	var out []PartyForm
	if err := json.Unmarshal(formsRaw, &out); err != nil {
		return nil, fmt.Errorf("document: forms.json: %w", err)
	}
	return out, nil
}

// FormOn is the edition in force on the day of a paper. Days before the first
// edition known here get the first.
func FormOn(day vn.Date) (PartyForm, error) {
	fs, err := PartyForms()
	if err != nil {
		return PartyForm{}, err
	}
	if len(fs) == 0 {
		return PartyForm{}, errors.New("document: no form of Party documents")
	}
	out := fs[0]
	for _, f := range fs {
		if !day.Before(f.From) {
			out = f
		}
	}
	return out, nil
}

// formOf is an edition by id.
func formOf(id string) (PartyForm, error) {
	fs, err := PartyForms()
	if err != nil {
		return PartyForm{}, err
	}
	for _, f := range fs {
		if f.ID == id {
			return f, nil
		}
	}
	return PartyForm{}, fmt.Errorf("document: form %q is not known", id)
}

// NumberLine is the line of number and sign, "" for kinds without one. A number
// that văn thư has not given yet is left open.
func (f PartyForm) NumberLine(kind PaperKind, n int64, organ string) string {
	abbr := f.Abbr[kind]
	if abbr == "" {
		return ""
	}
	no := "......"
	if n > 0 {
		no = fmt.Sprintf("%02d", n)
	}
	if organ == "" {
		organ = "......"
	}
	return strings.NewReplacer("{n}", no, "{type}", abbr, "{organ}", organ).Replace(f.Number)
}
