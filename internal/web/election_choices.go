package web

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Kinds of polls that no regulation of elections governs begin so.
const pollKinds = "poll/"

// kindsOf are the contest kinds that fit an event.
func kindsOf(eventKind string, lib *rule.Library) []string {
	prefix := "party-election/"
	switch eventKind {
	case "national-assembly":
		prefix = "state-election/qh"
	case "peoples-council":
		prefix = "state-election/hdnd"
	}
	var out []string
	for _, k := range lib.Kinds() {
		if strings.HasPrefix(k, prefix) || prefix == "party-election/" && strings.HasPrefix(k, pollKinds) || eventKind == election.EventOwn && strings.HasPrefix(k, "confidence-vote/") {
			out = append(out, k)
		}
	}
	return out
}

// newContestForm draws the form for a posted or fresh Form.
func (c *Call) newContestForm(f *Form, ev *election.Event, lib *rule.Library, contest string) contestForm {
	d := contestForm{Form: f, Event: ev, Contest: contest, Party: ev.Kind == "congress" || ev.Kind == "committee-meeting" || ev.Kind == election.EventOwn}
	for _, k := range kindsOf(ev.Kind, lib) {
		if b, err := lib.For(k, ev.Date); err == nil {
			d.Kinds = append(d.Kinds, Option{k, c.Words(b.Title)})
		}
	}
	rows := rowsOf(f, "candidates", candidateRows)
	deductions := rowsOf(f, "deductions", deductionRows)
	switch f.Value("them") {
	case "nguoi":
		rows += candidateRows
	case "tru":
		deductions += deductionRows
	}
	for i := range min(rows, mostRows) {
		d.Candidates = append(d.Candidates, i)
	}
	for i := range min(deductions, 30) {
		d.Deductions = append(d.Deductions, i)
	}
	none := Option{"", c.T("election.form.auto")}
	d.Reasons = []Option{{"", c.T("election.form.none")}}
	for _, r := range deductionReasons(lib, ev) {
		d.Reasons = append(d.Reasons, Option{r, deductionText(c, r)})
	}
	d.Bodies, d.Forms, d.Sorts, d.Levels = []Option{none}, []Option{none}, []Option{none}, []Option{none}
	for _, v := range bodiesOf(lib, ev) {
		d.Bodies = append(d.Bodies, Option{v, c.nameOf("election.body", v)})
	}
	for _, v := range []string{"strike", "agree"} {
		d.Forms = append(d.Forms, Option{v, c.TK("election.ballotform", v)})
	}
	if d.Party { // slips of polls
		for _, v := range []string{"recommend", "confidence3"} {
			d.Forms = append(d.Forms, Option{v, c.TK("programme.form", v)})
		}
	}
	for _, v := range []string{"first", "revote-tied", "further", "extra", "repeat", "by"} {
		d.Sorts = append(d.Sorts, Option{v, c.TK("election.sortof", v)})
	}
	for _, v := range []string{"province", "district", "commune", "grassroots", "cell"} {
		d.Levels = append(d.Levels, Option{v, c.TK("election.level", v)})
	}
	d.Matters = c.matters(f, ev, lib)
	for i := range mostDecisions {
		at := fmt.Sprintf("decisions[%d].", i)
		d.Decisions = append(d.Decisions, decisionRow{At: at, N: i + 1, Used: i == 0 || f.Value(at+"matter")+f.Value(at+"reason")+f.Value(at+"by") != ""})
	}
	return d
}

// mostDecisions is how many decisions of people one form takes.
const mostDecisions = 3

// decisionRow is one decision of people in the form.
type decisionRow struct {
	At   string // names of its fields begin so
	N    int
	Used bool
}

// matters are the things the rules leave to people, in words: of the kind of
// contest that is chosen, or of all that fit the event. What the form holds
// already stays among them.
func (c *Call) matters(f *Form, ev *election.Event, lib *rule.Library) []Option {
	kinds := kindsOf(ev.Kind, lib)
	if k := f.Text("rules"); slices.Contains(kinds, k) {
		kinds = []string{k}
	}
	out := []Option{{"", c.T("election.form.none")}}
	known := map[string]bool{"": true}
	for _, k := range kinds {
		b, err := lib.For(k, ev.Date)
		if err != nil {
			continue
		}
		for _, l := range vote.LeftToPeople(b) {
			if !known[l.Key()] {
				known[l.Key()] = true
				out = append(out, Option{l.Key(), c.Words(l.Title) + " (" + l.Article + "): " + c.Words(l.Says)})
			}
		}
	}
	for i := range mostDecisions {
		if key := f.Value(fmt.Sprintf("decisions[%d].matter", i)); !known[key] {
			known[key] = true
			out = append(out, Option{key, key})
		}
	}
	return out
}

// nameOf is the message prefix.value, or the value itself where a regulation
// brings one that the screens have no word for yet.
func (c *Call) nameOf(prefix, value string) string {
	if c.s.messages.has(prefix + "." + value) {
		return c.TK(prefix, value)
	}
	return value
}

// bodiesOf are the bodies the rules of the event know a base for.
func bodiesOf(lib *rule.Library, ev *election.Event) []string {
	seen := map[string]bool{}
	var out []string
	for _, k := range kindsOf(ev.Kind, lib) {
		b, err := lib.For(k, ev.Date)
		if err != nil {
			continue
		}
		for _, s := range b.Slots() {
			if body, ok := strings.CutPrefix(s, "base."); ok && !seen[body] {
				seen[body] = true
				out = append(out, body)
			}
		}
	}
	sort.Strings(out)
	return out
}

// deductionReasons are the reasons the rules of the event accept.
func deductionReasons(lib *rule.Library, ev *election.Event) []string {
	seen := map[string]bool{}
	var out []string
	for _, k := range kindsOf(ev.Kind, lib) {
		b, err := lib.For(k, ev.Date)
		if err != nil {
			continue
		}
		for _, s := range b.Slots() {
			if s != "base" && !strings.HasPrefix(s, "base.") {
				continue
			}
			for _, r := range b.Policy(s).List {
				if !seen[r] {
					seen[r] = true
					out = append(out, r)
				}
			}
		}
	}
	sort.Strings(out)
	return out
}

// deductionText are the words of a reason that takes persons off the base.
func deductionText(c *Call, reason string) string { return c.Words(document.ReasonWords(reason)) }

// inputWords are the words of an input of a rule.
func inputWords(name string) rule.Words {
	for _, s := range rule.Vocabulary() {
		if s.String() == name {
			return s.Words()
		}
	}
	return rule.Words{VI: name, EN: name}
}
