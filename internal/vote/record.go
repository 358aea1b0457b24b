package vote

import (
	"encoding/json"

	"minhbach/internal/vn"
)

// Record is one contest as it was counted: the outer format of `minhbach
// count` and of the election room. A field that is missing (nil) was not
// recorded; that is never zero.
type Record struct {
	ID             string           `json:"id"`
	Rules          string           `json:"rules"` // contest kind, e.g. "state-election/qh"
	Date           vn.Date          `json:"date"`  // day of the meeting or polling day; chooses the edition
	Kind           string           `json:"kind,omitempty"`
	Round          int              `json:"round,omitempty"`
	Form           string           `json:"form,omitempty"`
	Level          string           `json:"level,omitempty"`
	OrgKind        string           `json:"organisation_kind,omitempty"`
	Body           string           `json:"body,omitempty"`
	Seats          *int64           `json:"seats"`
	Alternates     *int64           `json:"alternates,omitempty"`
	EarlierElected *int64           `json:"earlier_elected,omitempty"`
	Candidates     []Candidate      `json:"candidates"`
	Base           *Base            `json:"base,omitempty"`
	Voters         *Voters          `json:"voters,omitempty"`
	Ballots        Ballots          `json:"ballots"`
	Votes          map[string]int64 `json:"votes"`
	Disagree       map[string]int64 `json:"disagree,omitempty"`
	Middle         map[string]int64 `json:"middle,omitempty"` // confidence3: votes high, middle, disagree low
	Unmarked       map[string]int64 `json:"unmarked,omitempty"`
	Decisions      []Decision       `json:"decisions,omitempty"`
}

// Candidate is one name on the ballot. Name and Born are personal content and
// are stripped (Record.Public) before a record enters the ledger; Age then
// carries what the rules need of Born.
type Candidate struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Born  string `json:"born,omitempty"`  // YYYY-MM-DD, YYYY-MM or YYYY
	Order int    `json:"order,omitempty"` // place on the ballot, from 1
	// Planned names the post the approved scheme plans the person for, when it
	// does: the pause rules ask whether such a person was elected.
	Planned string `json:"planned,omitempty"`
	// Age is the place of the birth date among the candidates of the contest,
	// as an interval of ranks [earliest, latest]; a lower rank is older. It
	// says who is older and nothing else.
	Age *[2]int `json:"age,omitempty"`
}

// Base is what the denominator of a Party contest is made from.
type Base struct {
	Summoned   *int64      `json:"summoned,omitempty"`
	Present    *int64      `json:"present,omitempty"`
	Incumbents *int64      `json:"incumbents,omitempty"`
	Deductions []Deduction `json:"deductions,omitempty"`
}

// Deduction takes persons off the base for one reason.
type Deduction struct {
	Reason  string   `json:"reason"`
	Count   int64    `json:"count"`
	Persons []string `json:"persons,omitempty"` // opaque ids
}

// UnmarshalJSON keeps a count that is missing from passing for zero: it becomes
// a number that Validate refuses.
func (d *Deduction) UnmarshalJSON(data []byte) error {
	type plain Deduction
	p := plain{Count: -1}
	err := json.Unmarshal(data, &p)
	*d = Deduction(p)
	return err
}

// Voters are the figures of a State contest.
type Voters struct {
	Listed *int64 `json:"listed,omitempty"`
	Voted  *int64 `json:"voted,omitempty"`
}

// Ballots are counts of paper.
type Ballots struct {
	Printed   *int64           `json:"printed,omitempty"`
	Issued    *int64           `json:"issued,omitempty"`
	Spoiled   *int64           `json:"spoiled,omitempty"`
	Unused    *int64           `json:"unused,omitempty"`
	Collected *int64           `json:"collected,omitempty"`
	Valid     *int64           `json:"valid,omitempty"`
	Invalid   *int64           `json:"invalid,omitempty"`
	InvalidBy map[string]int64 `json:"invalid_by,omitempty"` // cause → ballots
	ByChosen  map[string]int64 `json:"by_chosen,omitempty"`  // "1","2",… names chosen → ballots
}

// Decision is what people decided where the rules leave it to them.
type Decision struct {
	Rule   string `json:"rule"`
	Choice string `json:"choice"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}
