package report

import (
	"strconv"
	"strings"
	"time"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Kinds of entries about own aims, and their blocks.
const (
	KindAimSet       = "report.aim-set/1"
	KindAimCorrected = "report.aim-corrected/1"
	KindAimEnded     = "report.aim-ended/1"
	KindAimWithdrawn = "report.aim-withdrawn/1"
	BlockSigner      = "signer"
	BlockReason      = "reason"
)

// Aims is the table of a sheet that holds the make-up of the committee against
// the office's own aims: a row for each aim, its id in Row.Part.
const Aims = "aims"

// AimColumns are the columns of the table of aims: who counts, the members of
// the body, how many are needed, and whose record does not tell.
var AimColumns = []string{"reached", "members", "needed", "unsure"}

// Reach of an aim: the committee of the organisation itself, those of every
// organisation under it, or both.
const (
	ReachOwn   = "own"
	ReachBelow = "below"
	ReachBoth  = "both"
)

// What an aim measures; political theory is "theory:" and a code of its list and
// counts everybody of that level or a higher one.
const (
	Women     = "women"
	Young     = "young" // under the years of age that the aim names
	Minority  = "minority"
	theoryKey = "theory:"
)

// Aim is an own aim for the make-up of committees (chỉ tiêu cơ cấu cấp ủy), as
// a decision of the province or a lower committee sets it: it guides, and
// decides no election.
type Aim struct {
	ID       string
	Unit     string   // organisation whose decision it is
	Reach    string   // whose committees it speaks of
	Kind     org.Kind // only organisations of this kind; "" any
	Organ    string   // "committee" or "standing"
	Measure  string
	Under    int64   // years of age, of Young only
	Num, Den int64   // at least Num/Den of the members; Den 0: at least Num people
	From, To vn.Date // in force from From up to, not including, To (zero: open)
}

// AimFact is an aim as it stood at some pair of times, with its paper.
type AimFact struct {
	Aim
	EntryFrom, EntryTo int64 // as known from one entry up to another (-1: still)
	Said               AimSaid
}

// AimSaid is one thing said about an aim.
type AimSaid struct {
	Entry    int64
	Aim      string
	What     string // set, corrected, ended, withdrawn
	Decision org.Decision
	Reason   string
	Actor    string
	At       time.Time
}

// AimResult is one aim held against the make-up of a committee.
type AimResult struct {
	Aim                              AimFact
	Reached, Members, Needed, Unsure int64
}

// Outcomes of an aim.
const (
	AimMet    = "met"
	AimNotMet = "not-met"
	AimUnsure = "unsure" // the record does not tell enough people's birth, gender or ethnicity
)

// Outcome says whether the aim is met; where people of whom the record does not
// tell could make the difference, it is not guessed.
func (r AimResult) Outcome() string {
	switch {
	case r.Reached >= r.Needed:
		return AimMet
	case r.Reached+r.Unsure >= r.Needed:
		return AimUnsure
	}
	return AimNotMet
}

// Short is how many people are missing to the aim.
func (r AimResult) Short() int64 { return max(0, r.Needed-r.Reached) }

// needed is how many members an aim asks for of a body: a share rounds up.
func (a Aim) needed(members int64) int64 {
	if a.Den == 0 {
		return a.Num
	}
	return (members*a.Num + a.Den - 1) / a.Den
}

// Measures lists what an aim may measure.
func Measures() []string {
	out := []string{Women, Young, Minority}
	for _, c := range person.FactCodes("theory") {
		out = append(out, theoryKey+c.Code)
	}
	return out
}

// MeasureWords names what an aim measures; under is the age of Young.
func MeasureWords(measure string, under int64) rule.Words {
	switch measure {
	case Women:
		return rule.Words{VI: "Nữ", EN: "Women"}
	case Minority:
		return rule.Words{VI: "Dân tộc thiểu số", EN: "Ethnic minorities"}
	case Young:
		if under == 0 {
			return rule.Words{VI: "Trẻ (dưới số tuổi ghi bên)", EN: "Young (under the age given beside)"}
		}
		n := strconv.FormatInt(under, 10)
		return rule.Words{VI: "Dưới " + n + " tuổi", EN: "Under " + n}
	}
	for _, c := range person.FactCodes("theory") {
		if measure == theoryKey+c.Code {
			return rule.Words{VI: "Lý luận chính trị " + strings.ToLower(c.VI) + " trở lên", EN: "Political theory: " + strings.ToLower(c.EN) + " or higher"}
		}
	}
	return rule.Words{VI: measure, EN: measure}
}

// AsksWords says what an aim asks for: "ít nhất 15%", "ít nhất 3 người".
func (a Aim) AsksWords() rule.Words {
	if a.Den == 0 {
		n := strconv.FormatInt(a.Num, 10)
		return rule.Words{VI: "ít nhất " + n + " người", EN: "at least " + n}
	}
	p := a.Percent()
	return rule.Words{VI: "ít nhất " + strings.Replace(p, ".", ",", 1) + "%", EN: "at least " + p + "%"}
}

// Percent is the share as people type it, "12.5"; empty for a number of people.
func (a Aim) Percent() string {
	if a.Den == 0 {
		return ""
	}
	h := a.Num * 10000 / a.Den // hundredths of a percent
	s := strconv.FormatInt(h/100, 10)
	if r := h % 100; r != 0 {
		s += "." + strings.TrimRight(string([]byte{byte('0' + r/10), byte('0' + r%10)}), "0")
	}
	return s
}
