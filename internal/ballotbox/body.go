package ballotbox

import (
	"cmp"
	"encoding/json"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The bodies of the entries and what their blocks hold, as docs/formats
// describe them. Published versions never change meaning; fields may be added.

type openedBody struct {
	Box       string       `json:"box"`
	Case      string       `json:"case"`
	Org       string       `json:"organisation,omitempty"`
	Meeting   string       `json:"meeting,omitempty"`
	Round     int          `json:"round,omitempty"`
	Title     rule.Words   `json:"title"`
	Sheet     *vote.Record `json:"sheet"`
	Concerned []string     `json:"concerned,omitempty"` // persons who may not count
	Team      Team         `json:"team"`
	PileSize  int          `json:"pile_size"`
	Stations  int          `json:"stations"`
	Mode      Mode         `json:"mode"`
	Sample    bool         `json:"sample,omitempty"`
	Replaces  string       `json:"replaces,omitempty"`
}

type teamBody struct {
	Box  string `json:"box"`
	Team Team   `json:"team"`
}

type stockBody struct {
	Box    string `json:"box"`
	What   string `json:"what"`
	Number int64  `json:"number"`
	Person string `json:"person"`
	Again  bool   `json:"again,omitempty"` // counted anew, with a reason
}

type checkedBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Empty  bool   `json:"empty"`
	Seal   string `json:"seal,omitempty"` // number or mark of the seal
}

type unsealedBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Intact bool   `json:"seal_intact"`
}

type pilesBody struct {
	Box   string `json:"box"`
	Sizes []int  `json:"sizes"` // ballots of pile 1, 2, …
}

type readingBody struct {
	Box     string `json:"box"`
	Pile    int    `json:"pile"`
	Station int    `json:"station"`
	Attempt int    `json:"attempt"`
	Kind    string `json:"kind"`
	Source  string `json:"source,omitempty"`
	Person  string `json:"person"`
	Ballots int64  `json:"ballots"`
}

type comparedBody struct {
	Box     string `json:"box"`
	Pile    int    `json:"pile"`
	Attempt int    `json:"attempt"`
	Agreed  bool   `json:"agreed"`
}

type doubtBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Items  []Item `json:"items"`
}

type stepBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
	Choice string `json:"choice,omitempty"`
	Of     int64  `json:"of,omitempty"` // the incident decided on
}

type closedBody struct {
	Box    string `json:"box"`
	Person string `json:"person"`
}

type reportedBody struct {
	Box    string       `json:"box"`
	Case   string       `json:"case"`
	Person string       `json:"person"`
	Record *vote.Record `json:"record"`
}

type readableBody struct {
	Box string `json:"box"`
}

type nameRow struct {
	Role string `json:"role"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type note struct {
	Text string `json:"text"`
	By   string `json:"by,omitempty"`
}

// Item is one doubtful ballot: its pile, and its place among the doubtful
// ballots of that pile, which are sorted by pattern.
type Item struct {
	Pile int `json:"pile"`
	N    int `json:"n"`
}

// Decision is what the board decided on a doubtful ballot.
type Decision struct {
	Valid   bool   `json:"valid"`
	Pattern string `json:"pattern,omitempty"` // of a valid ballot
	Cause   string `json:"cause,omitempty"`   // of an invalid one
	Reason  string `json:"reason"`
	For     *int64 `json:"for,omitempty"` // members of the board who agreed
	Against *int64 `json:"against,omitempty"`
}

// Counted is a pattern and how many ballots of a pile bear it.
type Counted struct {
	Pattern string `json:"p"`
	N       int64  `json:"n"`
}

// Totals are figures counted by hand, or by another program.
type Totals struct {
	Valid     int64            `json:"valid"`
	Invalid   int64            `json:"invalid"`
	InvalidBy map[string]int64 `json:"invalid_by,omitempty"`
	ByChosen  map[string]int64 `json:"by_chosen,omitempty"`
	Votes     map[string]int64 `json:"votes"`
	Disagree  map[string]int64 `json:"disagree,omitempty"`
	Middle    map[string]int64 `json:"middle,omitempty"`
	Unmarked  map[string]int64 `json:"unmarked,omitempty"`
}

// Content is what a reading holds: patterns of a keyed one, totals of others.
type Content struct {
	Patterns []Counted `json:"patterns,omitempty"`
	Totals   *Totals   `json:"totals,omitempty"`
}

// multiset sorts the patterns of a pile, so that no order is left.
func multiset(patterns []string) []Counted {
	m := map[string]int64{}
	for _, p := range patterns {
		m[p]++
	}
	out := make([]Counted, 0, len(m))
	for p, n := range m {
		out = append(out, Counted{p, n})
	}
	sortCounted(out)
	return out
}

func sortCounted(cs []Counted) {
	slices.SortFunc(cs, func(a, b Counted) int { return cmp.Compare(a.Pattern, b.Pattern) })
}

// bare drops the causes that stations proposed: they need not agree on those.
func bare(cs []Counted) []Counted {
	m := map[string]int64{}
	for _, c := range cs {
		m[patternOf(c.Pattern)] += c.N
	}
	out := make([]Counted, 0, len(m))
	for p, n := range m {
		out = append(out, Counted{p, n})
	}
	sortCounted(out)
	return out
}

// sameContent says whether two readings say the same.
func sameContent(a, b Content) bool {
	if a.Totals != nil || b.Totals != nil {
		return a.Totals != nil && b.Totals != nil && len(DiffTotals(*a.Totals, *b.Totals)) == 0
	}
	return slices.Equal(bare(a.Patterns), bare(b.Patterns))
}

// TotalDiff is one figure on which two results differ.
type TotalDiff struct {
	Field string // "valid", "invalid", "invalid_by.CAUSE", "votes.ID", …
	A, B  int64
}

// DiffTotals lists the figures on which two results differ. A figure that one
// of them lacks counts as zero there.
func DiffTotals(a, b Totals) []TotalDiff {
	var out []TotalDiff
	add := func(field string, x, y int64) {
		if x != y {
			out = append(out, TotalDiff{field, x, y})
		}
	}
	add("valid", a.Valid, b.Valid)
	add("invalid", a.Invalid, b.Invalid)
	for _, f := range []struct {
		name string
		a, b map[string]int64
	}{{"votes", a.Votes, b.Votes}, {"disagree", a.Disagree, b.Disagree}, {"middle", a.Middle, b.Middle},
		{"unmarked", a.Unmarked, b.Unmarked}, {"invalid_by", a.InvalidBy, b.InvalidBy}, {"by_chosen", a.ByChosen, b.ByChosen}} {
		keys := map[string]bool{}
		for k := range f.a {
			keys[k] = true
		}
		for k := range f.b {
			keys[k] = true
		}
		list := make([]string, 0, len(keys))
		for k := range keys {
			list = append(list, k)
		}
		slices.Sort(list)
		for _, k := range list {
			add(f.name+"."+k, f.a[k], f.b[k])
		}
	}
	return out
}

func (c Content) text() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain data
	}
	return string(raw)
}
