// Package account is the room of accounts and roles, and gives the desk its
// authority: who may do what, over which subtree of organisations, on which
// day.
//
// In the ledger stand the accounts (opened, confirmed, closed) and the roles
// granted to them, each for a subtree or for one contest, from a day to a day;
// and from hour to hour the head of the read log (NoteReadLog).
// Outside it, in tables op_…, stand what must never be published or replayed:
// password hashes, second factors, sessions, limits on guessing, the login log.
//
// Three kinds of accounts: staff (password and a code from the phone), hall
// (for a counting team in a hall where phones are handed in: password and
// one-time codes on a paper slip; opened by one officer and confirmed by
// another; ends by itself), sample (demonstration on loopback only: password).
//
// Example: the administrator opens an account for a new officer, grants the
// role "officer" over the district committee from 1/8/2026, and hands over a
// one-time link, with which the officer chooses a password and enrols a phone.
package account

import (
	"embed"
	"io/fs"
	"regexp"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Type is the kind of an account.
type Type string

// The types of accounts.
const (
	Staff  Type = "staff"
	Hall   Type = "hall"
	Sample Type = "sample"
)

// Account is one account as known now.
type Account struct {
	ID        string
	Type      Type
	Person    string // hall accounts: the person voted in; else may be empty
	Login     string // "" when withheld or erased
	Display   string // how pages call its holder
	Confirmed bool   // hall accounts need a second officer
	Closed    bool
	Opened    int64  // entry
	OpenedBy  string // actor
	Org, Case string // hall accounts: whose officers opened it, for which contest
	Until     vn.Date
}

// Grant is one role held by an account, as known now.
type Grant struct {
	ID       string
	Account  string
	Role     string  // code of the table of roles
	Org      string  // subtree; "" the whole province
	Case     string  // contest, for roles bound to one
	From, To vn.Date // up to, not including, To; zero: open
	Entry    int64
}

//go:embed schema/*.sql
var schema embed.FS

// Room hands the room to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err)
	}
	return desk.Room{
		Name:   "account",
		Schema: sub,
		Kinds:  []string{kindOpened, kindConfirmed, kindClosed, kindGranted, kindEnded, kindReadLog, kindKeyProposed, kindKeyConfirmed, kindKeyRefused, kindProposed, kindRoleConfirmed, kindRoleRefused, kindBound, kindMet},
		Apply:  apply,
		Erase:  erase,
	}
}

var idForm = regexp.MustCompile(`^account/[A-Za-z0-9][A-Za-z0-9.-]{0,80}$`)

// ValidID says whether an id may name an account ("account/…").
func ValidID(id string) bool { return idForm.MatchString(id) }

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,39}$`)

// ProgramOnly is the right of acts that the program itself makes (the first
// administrator, sample accounts, notes on the read log). No role holds it; it is granted to the
// empty actor alone, and the empty actor has no other right: a page that
// forgot who is asking is refused everything.
const ProgramOnly desk.Right = "program.itself"
