package desk

import (
	"fmt"

	"minhbach/internal/rule"
)

// Code sorts errors by what the user can do about them.
type Code string

// The codes.
const (
	Denied   Code = "denied"    // who may: not this actor
	Refused  Code = "refused"   // the rules say no; Verdicts say which
	Stale    Code = "stale"     // newer entries exist; Newer lists them
	Invalid  Code = "invalid"   // the form itself is wrong; Field names where
	NotFound Code = "not-found" // no such subject
	Stopped  Code = "stopped"   // writing is stopped: clock behind, ledger damaged, disk full
)

// Error is an answer in plain words. Any other error is a fault of the program
// or the machine and is shown to users as such, with its detail in the log.
type Error struct {
	Code     Code
	Says     rule.Words     // what is wrong and what to do
	Field    string         // form field, for Invalid
	Verdicts []rule.Verdict // for Refused
	Newer    []int64        // for Stale: the entries not yet seen
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Says.EN }

// Deny, Refuse, Wrong and Missing make the common errors.
func Deny(vi, en string) *Error { return &Error{Code: Denied, Says: rule.Words{VI: vi, EN: en}} }

// Refuse is a no by rule, with the verdicts that say so.
func Refuse(vi, en string, v ...rule.Verdict) *Error {
	return &Error{Code: Refused, Says: rule.Words{VI: vi, EN: en}, Verdicts: v}
}

// Wrong is bad input in one field.
func Wrong(field, vi, en string) *Error {
	return &Error{Code: Invalid, Field: field, Says: rule.Words{VI: vi, EN: en}}
}

// Missing is a subject that does not exist, or that the actor may not know of.
func Missing(vi, en string) *Error { return &Error{Code: NotFound, Says: rule.Words{VI: vi, EN: en}} }

// both is an error for those who run the program, in both languages.
func both(vi, en string, args ...any) error {
	return fmt.Errorf("%s (%s)", fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...))
}
