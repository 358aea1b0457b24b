package bundle

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"minhbach/internal/rule"
)

// Report is the outcome of Verify.
type Report struct {
	Checks      []*Check
	Notes       []rule.Words // what a reader should know, though nothing failed
	Numbers     []Number     // of the minutes, in paper order
	Steps       []Step       // verdicts of personnel cases, counted again
	Missing     []Missing    // blocks erased or withheld
	Key         string       // verifier key the bundle is signed by, when it could be read
	Fingerprint string       // of Key, for comparing by eye
	Anchored    bool         // by a key or a paper that came from outside the bundle
	Origin      string
	Size        int64 // entries in the signed tree
	Entries     int64 // entries in the bundle

	firstEntry int64            // lowest entry in the bundle, plus one; 0 before one was read
	usedBy     map[string]int64 // regulation file → first entry decided by it
}

// Check is one line of the report: what was checked, how often, what failed.
type Check struct {
	Name  string // "signature", "tree" …
	Title rule.Words
	Done  int64    // how many things were checked
	First *Failure // the failure at the lowest entry; nil when all is well
	Fails int64
}

// Failure is one thing that does not hold. Entry is -1 when none can be named.
type Failure struct {
	Entry int64
	File  string
	Says  rule.Words
}

// Number is one number of the minutes and the field of the ledger it stands for.
type Number struct {
	Minutes int64 // entry that made the minutes
	N       int64 // place on the paper
	Value   string
	Entry   int64
	Field   string
}

// Missing is a block that is not in the bundle; Erased is the entry that
// erased it, -1 when it is withheld.
type Missing struct {
	Entry  int64
	Name   string
	Erased int64
	Class  Class // of what is withheld
}

// Fine says that nothing failed.
func (r *Report) Fine() bool { return r.First() == nil }

// First is the failure at the lowest entry, over all checks; failures that
// name no entry come after those that do.
func (r *Report) First() *Failure {
	var first *Failure
	for _, c := range r.Checks {
		if c.First != nil && (first == nil || c.First.before(first)) {
			first = c.First
		}
	}
	return first
}

func (f *Failure) before(g *Failure) bool {
	if f.Entry < 0 || g.Entry < 0 {
		return f.Entry >= 0 && g.Entry < 0
	}
	return f.Entry < g.Entry
}

func (c *Check) fail(f Failure) {
	c.Fails++
	if c.First == nil || f.before(c.First) {
		c.First = &f
	}
}

func (f *Failure) where() string {
	switch {
	case f.Entry >= 0 && f.File != "":
		return fmt.Sprintf("entry %d (%s)", f.Entry, f.File)
	case f.Entry >= 0:
		return fmt.Sprintf("entry %d", f.Entry)
	case f.File != "":
		return f.File
	}
	return "bundle"
}

// ExitCode is 0 verified, 1 not verified, 3 consistent but not anchored.
func (r *Report) ExitCode() int {
	switch {
	case !r.Fine():
		return 1
	case !r.Anchored:
		return 3
	}
	return 0
}

// Last is the last line of the report.
func (r *Report) Last() string {
	switch f := r.First(); {
	case f != nil:
		return fmt.Sprintf("not verified: %s: %s%s", f.where(), f.Says.EN, r.touches(f))
	case !r.Anchored:
		return "consistent, not anchored: compare key fingerprint " + r.Fingerprint
	case len(r.Missing) > 0:
		list := make([]string, 0, 12)
		for i, m := range r.Missing {
			if i == 10 {
				list = append(list, fmt.Sprintf("and %d more", len(r.Missing)-i))
				break
			}
			list = append(list, m.String())
		}
		return fmt.Sprintf("verified, %d blocks erased or withheld: %s", len(r.Missing), strings.Join(list, ", "))
	}
	return "verified"
}

// touches names, for a failure of a file of no entry, the first entry that
// then stands on nothing: the first one decided by a regulation, or, when
// signature or manifest are damaged, the first in the bundle.
func (r *Report) touches(f *Failure) string {
	if f.Entry >= 0 {
		return ""
	}
	if e, ok := r.usedBy[f.File]; ok {
		return fmt.Sprintf(" (entry %d was decided by it)", e)
	}
	if r.firstEntry == 0 { // given up before the entries were read
		return " (nothing vouches for any entry of the bundle)"
	}
	return fmt.Sprintf(" (nothing vouches for entry %d and those after it)", r.firstEntry-1)
}

// String is "entry 12 candidates (withheld)".
func (m Missing) String() string {
	if m.Erased >= 0 {
		return fmt.Sprintf("entry %d %s (erased by entry %d)", m.Entry, m.Name, m.Erased)
	}
	return fmt.Sprintf("entry %d %s (withheld)", m.Entry, m.Name)
}

// Print writes the report: the checks, the notes, the numbers of the minutes
// for ticking, what is missing, and the last line.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, c := range r.Checks {
		if c.First == nil {
			fmt.Fprintf(&b, "ok    %-10s %d  %s / %s\n", c.Name, c.Done, c.Title.VI, c.Title.EN)
			continue
		}
		fmt.Fprintf(&b, "FAIL  %-10s %s: %s / %s", c.Name, c.First.where(), c.First.Says.VI, c.First.Says.EN)
		if c.Fails > 1 {
			fmt.Fprintf(&b, " (+%d)", c.Fails-1)
		}
		b.WriteByte('\n')
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note  %s / %s\n", n.VI, n.EN)
	}
	printSteps(&b, r.Steps)
	minutes := int64(-1)
	for _, n := range r.Numbers {
		if n.Minutes != minutes {
			minutes = n.Minutes
			fmt.Fprintf(&b, "số liệu biên bản, mục %d / numbers of the minutes of entry %d:\n", minutes, minutes)
		}
		fmt.Fprintf(&b, "  [ ] %3d  %s  = entry %d %s\n", n.N, n.Value, n.Entry, n.Field)
	}
	for _, m := range r.Missing {
		fmt.Fprintf(&b, "không có / missing: %s [%s]\n", m, m.Class)
	}
	b.WriteString(r.Last() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// printSteps writes the verdicts of personnel cases, each counted again.
func printSteps(b *strings.Builder, steps []Step) {
	of := ""
	for _, s := range steps {
		if s.Case != of {
			of = s.Case
			fmt.Fprintf(b, "tính lại các bước của hồ sơ / steps counted again of the case %s:\n", clip(of))
		}
		mark := "ok  "
		if s.Fails != nil {
			mark = "FAIL"
		}
		fmt.Fprintf(b, "  %s bước/step %s.%d  entry %d  %s", mark, clip(s.Step), s.Round, s.Entry, clip(s.Status))
		for _, v := range s.Rules {
			yes := "no"
			if v.Holds {
				yes = "yes"
			}
			fmt.Fprintf(b, "  %s=%s", clip(v.Rule), yes)
		}
		b.WriteByte('\n')
	}
}

// both is an error in the two languages.
func both(vi, en string, args ...any) error { return &wordsError{say(vi, en, args...)} }

type wordsError struct{ says rule.Words }

func (e *wordsError) Error() string { return e.says.EN }

// because is a sentence that ends with the reason an error gives. Errors of
// parsers have one language.
func because(vi, en string, err error) rule.Words {
	var w *wordsError
	if errors.As(err, &w) {
		return rule.Words{VI: vi + ": " + w.says.VI, EN: en + ": " + w.says.EN}
	}
	return rule.Words{VI: vi + ": " + clip(err.Error()), EN: en + ": " + clip(err.Error())}
}
