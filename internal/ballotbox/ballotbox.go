// Package ballotbox is the counting room (buồng kiểm phiếu): one ballot box
// from the first printed ballot to the report of the head of the counting
// board. It counts for a case that it does not understand: a contest of a
// congress, a vote of a personnel procedure, the minutes of a polling team.
//
// A box is opened with its sheet (what is voted on, by which list and base)
// and its team. Before the paper box is opened the stock of ballots is
// recorded, each number as a named person's act, and the box checked and
// sealed. The collected ballots are laid in piles of 50 or 100; two or three
// stations key each pile without seeing each other. Ballot by ballot what they
// key is kept as a draft outside the ledger (durable, and gone with the
// hand-in); handed in, a pile's reading is its sorted set of patterns in a
// sealed block, so that no order and no time leads to a voter. Readings that
// agree settle the pile; those that differ are read again. Doubtful ballots are
// proposed by the rules and decided by the board with a reason. The box closes
// when the identities of the rules hold; the way out of a contradiction is
// minutes of the incident, then a recount or an annulment, by the chair. Until
// the head has reported, no figure is readable outside the team.
//
//	d.Do(ctx, desk.Form{…, Act: ballotbox.Open{Box: ballotbox.Box{
//		ID: "dh/bch/1", Case: "contest/dh/bch", Sheet: sheet, Team: team, PileSize: 50, Stations: 2}}})
package ballotbox

import (
	"regexp"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The entry kinds of the room.
const (
	KindOpened    = "ballotbox.opened/1"
	KindTeam      = "ballotbox.team-changed/1"
	KindStock     = "ballotbox.stock-counted/1"
	KindChecked   = "ballotbox.box-checked/1"
	KindUnsealed  = "ballotbox.box-unsealed/1"
	KindPiles     = "ballotbox.piles-made/1"
	KindReading   = "ballotbox.reading-handed-in/1"
	KindCompared  = "ballotbox.readings-compared/1"
	KindDoubt     = "ballotbox.doubtful-decided/1"
	KindIncident  = "ballotbox.incident-noted/1"
	KindResolved  = "ballotbox.incident-resolved/1"
	KindClosed    = "ballotbox.closed/1"
	KindReported  = "ballotbox.reported/1"
	KindReadable  = "ballotbox.readings-opened/1"
	BlockNames    = "names"
	BlockReading  = "sealed-reading"
	BlockDecision = "sealed-decision"
	BlockFigures  = "sealed-figures"
	BlockIncident = "sealed-incident"
	BlockReason   = "reason"
)

// Subject is the ledger subject of a box id, "ballotbox/dh/bch/1".
func Subject(id string) string { return "ballotbox/" + id }

// Mode is how a box is counted.
type Mode string

// The modes.
const (
	Ballots     Mode = "ballots"       // every ballot is keyed, by two or three stations
	TotalsTwice Mode = "totals-twice"  // totals counted by hand, typed by two persons
	CompareWith Mode = "compare-other" // every ballot keyed, and the result of another program held against it (đối chiếu)
)

// State is how far a box is.
type State string

// The states of a box, in their order.
const (
	StateOpen     State = "open"     // opened in the program; ballots are being made ready
	StateSealed   State = "sealed"   // empty box shown, closed and sealed; voting
	StateUnsealed State = "unsealed" // paper box opened; ballots collected are counted
	StateReading  State = "reading"  // piles are read by the stations
	StateDoubts   State = "doubts"   // all readings agree; the board decides doubtful ballots
	StateReady    State = "ready"    // nothing open; the board may close
	StateClosed   State = "closed"   // figures settled and sealed
	StateReported State = "reported" // the head has reported: figures are open
	StateAnnulled State = "annulled" // the vote does not count; another box follows
)

// Member is one person of the counting team. Account, when set, is the
// account he works with; otherwise the account bound to the person counts.
type Member struct {
	Person   string `json:"person"`
	Account  string `json:"account,omitempty"`
	Standing string `json:"standing"` // as the meeting lists the person: "official-member", "delegate", "probationary", "alternate", …
	Name     string `json:"-"`        // personal content, in the block of names
}

// Team is the counting board, poll team or polling team of a box.
type Team struct {
	Head    string   `json:"head"` // person id, one of Members
	Members []Member `json:"members"`
}

// Member finds a person of the team.
func (t Team) Member(person string) (Member, bool) {
	for _, m := range t.Members {
		if m.Person == person {
			return m, true
		}
	}
	return Member{}, false
}

// Box is one ballot box as its opener hands it in.
type Box struct {
	ID      string
	Case    string // subject id of what is counted for: "contest/…", "procedure/…"
	Org     string // organisation that answers for it
	Meeting string // id of the meeting; may be empty
	Round   int    // of voting, from 1
	Title   rule.Words
	// Sheet is the record without votes and ballots: id, rules, date, seats,
	// form, body, kind, list in the order of the ballot, base.
	Sheet *vote.Record
	// Persons are the persons behind the candidate ids, and Concerned others
	// whom the vote is about: none of them may count.
	Persons   map[string]string
	Concerned []string
	Team      Team
	PileSize  int // 50 or 100
	Stations  int // 2 or 3 readings of each pile
	Mode      Mode
	Sample    bool
	Replaces  string // the annulled box whose vote is held again
}

var (
	idPattern   = regexp.MustCompile(`^[a-z0-9]+(?:[-./][a-z0-9]+)*$`)
	casePattern = regexp.MustCompile(`^(contest|procedure)/[A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)*$`)
)

const (
	maxTitle  = 400
	maxReason = 2000
	maxTeam   = 60
	maxPile   = 100_000 // ballots of one box
	// OtherStation is the station number of a reading from another program.
	OtherStation = 9
)

// What may be counted of the stock, in the order of forms.
const (
	Printed   = "printed"
	Issued    = "issued"
	Spoiled   = "spoiled" // spoiled and exchanged
	Unused    = "unused"
	Collected = "collected"
	Listed    = "listed" // State: voters on the list
	Voted     = "voted"  // State: voters who took part
)

// StockWords name the figures of the stock.
var StockWords = map[string]rule.Words{
	Printed:   {VI: "Phiếu in (nhận)", EN: "Ballots printed (received)"},
	Issued:    {VI: "Phiếu phát ra", EN: "Ballots issued"},
	Spoiled:   {VI: "Phiếu hỏng, đã đổi", EN: "Ballots spoiled and exchanged"},
	Unused:    {VI: "Phiếu không dùng", EN: "Ballots unused"},
	Collected: {VI: "Phiếu thu về", EN: "Ballots collected"},
	Listed:    {VI: "Cử tri theo danh sách", EN: "Voters on the list"},
	Voted:     {VI: "Cử tri đã bỏ phiếu", EN: "Voters who voted"},
}

// StateWords name the states.
var StateWords = map[State]rule.Words{
	StateOpen:     {VI: "Chuẩn bị phiếu", EN: "Ballots being made ready"},
	StateSealed:   {VI: "Hòm đã niêm phong, đang bỏ phiếu", EN: "Box sealed, voting"},
	StateUnsealed: {VI: "Đã mở hòm, đếm phiếu thu về", EN: "Box opened, ballots collected being counted"},
	StateReading:  {VI: "Đang nhập phiếu", EN: "Piles being read"},
	StateDoubts:   {VI: "Chờ quyết định phiếu nghi vấn", EN: "Doubtful ballots to decide"},
	StateReady:    {VI: "Đủ số liệu, chờ chốt", EN: "Complete, to be closed"},
	StateClosed:   {VI: "Đã chốt, chưa báo cáo", EN: "Closed, not reported"},
	StateReported: {VI: "Trưởng ban đã báo cáo", EN: "Reported by the head"},
	StateAnnulled: {VI: "Đã hủy, bỏ phiếu lại", EN: "Annulled, to be voted again"},
}
