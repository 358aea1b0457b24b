package rule

import "minhbach/internal/vn"

// Words is one sentence in the two languages of the program.
type Words struct {
	VI string `json:"vi" yaml:"vi"`
	EN string `json:"en" yaml:"en"`
}

// In picks the language "vi" or "en".
func (w Words) In(lang string) string {
	if lang == "en" && w.EN != "" {
		return w.EN
	}
	return w.VI
}

// Evidence says how sure a rule or parameter is.
type Evidence string

// The degrees of evidence, strongest first.
const (
	Confirmed  Evidence = "confirmed"
	Attested   Evidence = "attested" // two regulation keepers compared it with the signed text
	Reported   Evidence = "reported"
	Unverified Evidence = "unverified"
)

// Verdict is the result of one rule: what was asked, by which article of which
// edition, on which inputs, and the outcome in words. Inputs are numbers,
// yes/no as 1/0; never personal content. From names, for each input that came
// from the record, the entry and field ("1204#votes.c1").
type Verdict struct {
	Rule     string            `json:"rule"`
	Document string            `json:"document"`
	Date     vn.Date           `json:"date"`
	Article  string            `json:"article"`
	Evidence Evidence          `json:"evidence"`
	Also     []Ground          `json:"also,omitempty"`      // parameters set by another document than the rule's
	Subject  string            `json:"candidate,omitempty"` // the candidate it speaks of, if one
	Inputs   map[string]int64  `json:"inputs"`
	From     map[string]string `json:"from,omitempty"`
	Holds    bool              `json:"holds"`
	Says     Words             `json:"says"`
}

// Ground says which document set a parameter that a rule used, when it is not
// the rule's own: a province's override above all.
type Ground struct {
	Parameter string  `json:"parameter"`
	Document  string  `json:"document"`
	Date      vn.Date `json:"date"`
	Article   string  `json:"article"`
}

// Pin names one edition of a document by the digest of its file, so that a
// case keeps the rules it was decided by.
type Pin struct {
	Document string  `json:"document"`
	Date     vn.Date `json:"date"` // of the document
	Edition  string  `json:"edition"`
	Digest   string  `json:"digest"`             // sha256 of the file, hex
	Recorded int64   `json:"recorded,omitempty"` // entry+1 that brought it in; 0 when built in
}
