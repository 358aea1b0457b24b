package person

import (
	"cmp"
	"slices"

	"minhbach/internal/vn"
)

// FactContent is the personal content of one wording of a fact: block "fact"
// beside the entry. Values are keyed by field, in the form FactField.Read gives.
type FactContent struct {
	Values    map[string]string `json:"values"`
	From      vn.PartialDate    `json:"from,omitzero"`  // as the paper gives it
	Until     vn.PartialDate    `json:"until,omitzero"` // the last day, month or year on which it held
	Source    FactSource        `json:"source,omitzero"`
	Certifier string            `json:"certifier,omitzero"` // who vouches for the copy or the content
}

// FactSource is the paper a fact is known from.
type FactSource struct {
	Kind   string  `json:"kind"` // of the code list "source"
	Number string  `json:"number,omitzero"`
	Date   vn.Date `json:"date,omitzero"`
	By     string  `json:"by,omitzero"` // who issued it
}

// Fact is one fact of a person over some days.
type Fact struct {
	Person    string
	Block     string
	Item      string // "fact/…" of a list block; the block's key otherwise
	From, To  vn.Date
	EntryFrom int64
	Content   int64 // entry whose block "fact" it shows
	Present   bool  // false: withheld or erased
	FactContent
}

// FactSaying is one wording of a fact, as history shows it. Fact is the entry
// that first said it and names it in corrections.
type FactSaying struct {
	Fact, Entry int64
	EntryTo     int64 // -1 while it stands
	Person      string
	Block, Item string
	From, To    vn.Date
	Ended       bool // says only that it no longer holds from From on
	Withdrawn   bool
	content     int64
	Present     bool
	FactContent
}

// factVersion is a row of person_fact without the times of knowing.
type factVersion struct {
	from, to vn.Date
	content  int64
}

// deriveFact lays the standing wordings of one item end to end: each holds
// until its own end or until the next one takes effect; an end says nothing
// further. Of two for one day the one first said later holds.
func deriveFact(said []FactSaying) []factVersion {
	live := slices.DeleteFunc(slices.Clone(said), func(s FactSaying) bool { return s.Withdrawn })
	slices.SortFunc(live, func(a, b FactSaying) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Fact, b.Fact)) })
	var out []factVersion
	for i, s := range live {
		to := s.To
		if i+1 < len(live) && (to.IsZero() || live[i+1].From.Before(to)) {
			to = live[i+1].From
		}
		if !s.Ended && (to.IsZero() || s.From.Before(to)) {
			out = append(out, factVersion{s.From, to, s.content})
		}
	}
	return out
}

// Values are the fields of the block "identity".
func (id Identity) Values() map[string]string {
	return map[string]string{"name": id.Name, "gender": id.Gender, "other_names": id.OtherNames, "born": id.Born.String(), "ethnicity": id.Ethnicity, "hometown": id.Hometown}
}
