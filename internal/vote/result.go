package vote

import "minhbach/internal/rule"

// Result is the verdict on one contest.
type Result struct {
	ID          string         `json:"id"`
	Status      Status         `json:"status"`
	Denominator Denominator    `json:"denominator"`
	Need        int64          `json:"need,omitempty"` // least votes that pass, when the rule is a share
	Elected     []string       `json:"elected"`        // candidate ids, most votes first
	Unfilled    int64          `json:"unfilled"`
	Next        Next           `json:"next"`
	Results     []Line         `json:"results"` // most votes first
	Reasons     []rule.Verdict `json:"reasons"`
	Findings    []Finding      `json:"findings"`
	Pins        []rule.Pin     `json:"pins"` // the editions used, by digest
}

// Status of a contest; the first that holds, in this order.
type Status string

// The statuses.
const (
	Refused   Status = "refused"   // the figures contradict each other
	Invalid   Status = "invalid"   // the election does not count
	Unsettled Status = "unsettled" // unverified readings differ here: people must decide
	Tied      Status = "tied"      // the last seat is tied and the rules need another act
	Short     Status = "short"     // fewer passed than seats
	Decided   Status = "decided"
	// Counted: no regulation sets a threshold, so there are counts and percents
	// and no verdict; whoever has the authority considers them.
	Counted Status = "counted"
)

// Next is the act the rules ask for after this contest.
type Next string

// What may come next.
const (
	NextNone       Next = "none"
	RevoteTied     Next = "revote-tied"
	SecondRound    Next = "second-round"
	ExtraElection  Next = "extra-election"
	RepeatElection Next = "repeat-election"
	AskUpper       Next = "ask-upper-level"
)

// Denominator is what shares are taken of: Of is "valid-ballots",
// "summoned-adjusted", "incumbents-adjusted", …; Count is nil when unknown.
type Denominator struct {
	Of    string `json:"of"`
	Count *int64 `json:"count,omitempty"`
}

// Line is the result of one candidate.
type Line struct {
	Candidate       string  `json:"candidate"`
	Votes           int64   `json:"votes"`
	Share           string  `json:"share,omitempty"`             // percent of the denominator, two decimals, half up
	ShareOfSummoned string  `json:"share_of_summoned,omitempty"` // where that differs
	Outcome         Outcome `json:"outcome"`
}

// Outcome of one candidate.
type Outcome string

// The outcomes.
const (
	Elected      Outcome = "elected"
	Alternate    Outcome = "alternate"
	GoesOn       Outcome = "goes-on"
	PassedNoSeat Outcome = "passed-no-seat"
	TiedOutcome  Outcome = "tied"
	NotElected   Outcome = "not-elected"
	// UnsettledOutcome stands only in a result of status Unsettled, for a
	// candidate whose outcome differs between the readings.
	UnsettledOutcome Outcome = "unsettled"
	// CountedOnly stands for every candidate of a result of status Counted.
	CountedOnly Outcome = "counted"
)

// Finding is something the board should see: a contradiction, a figure not
// recorded, a condition not met, readings that differ.
type Finding struct {
	Rule     string     `json:"rule"`
	Kind     string     `json:"kind"`     // not-recorded, contradiction, condition, consequence, unverified, readings-differ, decided-by-people
	Severity string     `json:"severity"` // error, warning, note
	Says     rule.Words `json:"says"`
}
