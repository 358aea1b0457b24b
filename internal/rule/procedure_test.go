package rule_test

import (
	"slices"
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// TestProceduresByDate: the edition of a procedure follows the day, and each
// has its five steps in order with a contest kind bound on every day it holds.
func TestProceduresByDate(t *testing.T) {
	lib := builtin(t)
	for _, c := range []struct {
		id, on, document string
		bodies           []string
	}{
		{"appointment-local", "2020-06-15", "105-QĐ/TW", []string{"leadership-meeting", "leadership-meeting", "leadership-meeting", "key-cadres-conference", "leadership-meeting"}},
		{"appointment-local", "2022-08-17", "105-QĐ/TW", nil},
		{"appointment-local", "2022-08-18", "80-QĐ/TW", []string{"leadership-meeting", "enlarged-leadership-meeting", "leadership-meeting", "key-cadres-conference", "leadership-meeting"}},
		{"appointment-local", "2025-10-07", "80-QĐ/TW", nil},
		{"appointment-local", "2025-10-08", "377-QĐ/TW", nil},
		{"state-appointment", "2025-07-01", "170/2025/NĐ-CP", nil},
		{"committee-re-elected", "2020-03-01", "35-CT/TW", []string{"standing-committee-meeting", "key-cadres-conference", "committee-meeting", "standing-committee-meeting", "committee-meeting"}},
		{"committee-first-time", "2020-03-01", "35-CT/TW", nil},
	} {
		on := day(t, c.on)
		e, p, err := lib.Procedure(c.id, on)
		if err != nil {
			t.Errorf("%s on %s: %v", c.id, c.on, err)
			continue
		}
		if e.Document.Number != c.document || len(p.Steps) != 5 {
			t.Errorf("%s on %s is of %s with %d steps, want %s", c.id, c.on, e.Document.Number, len(p.Steps), c.document)
		}
		for i, s := range p.Steps {
			if c.bodies != nil && s.Body != c.bodies[i] {
				t.Errorf("%s on %s: step %s is held by %s, want %s", c.id, c.on, s.ID, s.Body, c.bodies[i])
			}
			if s.Contest == "" {
				continue
			}
			for _, d := range []vn.Date{lib.Validity(e).From, on, lib.Validity(e).To} {
				if _, err := lib.For(s.Contest, d); !d.IsZero() && err != nil {
					t.Errorf("%s step %s on %s: %v", c.id, s.ID, d, err)
				}
			}
		}
	}
	if _, _, err := lib.Procedure("committee-re-elected", day(t, "2025-06-01")); err == nil {
		t.Error("the steps of 2020 still hold in 2025")
	}
	if got := lib.Procedures(day(t, "2025-11-01")); !slices.Equal(got, []string{"appointment-local", "commune-designation", "state-appointment"}) {
		t.Errorf("procedures of November 2025: %v", got)
	}
}

func day(t *testing.T, s string) vn.Date {
	t.Helper()
	var d vn.Date
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStepNeedsAttestation: an unverified step is settled by the reading two
// keepers attested, and by nothing else.
func TestStepNeedsAttestation(t *testing.T) {
	lib := builtin(t)
	e, p, err := lib.Procedure("appointment-local", day(t, "2020-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := lib.SettledStep(e, p, p.Step("2")); !ok || c != rule.MainReading {
		t.Errorf("a reported step is settled as %q, %v", c, ok)
	}
	if _, ok := lib.SettledStep(e, p, p.Step("3")); ok {
		t.Error("an unverified step is settled by nobody")
	}
	a := rule.Attestation{Document: e.Document.Ref(), Edition: e.ID, Item: rule.StepItem(p.ID, "3"), Choice: "not-held"}
	after, err := lib.Attest(a)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := after.SettledStep(e, p, p.Step("3")); !ok || c != "not-held" {
		t.Errorf("attested as %q, %v", c, ok)
	}
	a.Choice = "no-such"
	if _, err := lib.Attest(a); err == nil {
		t.Error("a reading that is not listed was attested")
	}
}

const procedureHead = `document: {number: thử, date: 2030-01-01, kind: regulation, title: {vi: a, en: a}, issuer: {vi: a, en: a}}
edition: "1"
series: thu
valid: {from: 2030-01-01}
`

const goodStep = `{id: "1", title: {vi: a, en: a}, article: a, evidence: confirmed, source: a, body: leadership-meeting, does: review, persons: plan, participants: {vi: a, en: a}}`

// TestBadProcedures: what does not hold together is refused at load, in words
// that name the step.
func TestBadProcedures(t *testing.T) {
	proc := func(step string) string {
		return procedureHead + "procedures:\n  - {id: p, title: {vi: a, en: a}, article: a, evidence: confirmed, source: a, ends: [appointment], steps: [" + step + "]}\n"
	}
	lib := builtin(t)
	if _, err := lib.Add("good.yaml", []byte(proc(goodStep)), -1); err != nil {
		t.Fatalf("a good procedure is refused: %v", err)
	}
	for name, c := range map[string]struct{ file, want string }{
		"a step twice":             {proc(goodStep + ", " + goodStep), "stands twice"},
		"an unknown act":           {proc(strings.Replace(goodStep, "does: review", "does: pray", 1)), "pray"},
		"a ballot without contest": {proc(strings.Replace(goodStep, "does: review", "does: vote", 1)), "contest"},
		"a contest nobody binds":   {proc(strings.Replace(goodStep, "does: review", "does: vote, contest: personnel-step/none", 1)), "personnel-step/none"},
		"persons of a later step":  {proc(strings.Replace(goodStep, "persons: plan", `persons: step, of: "2"`, 1)), "does not come before"},
		"unverified, no readings":  {proc(strings.Replace(goodStep, "evidence: confirmed", "evidence: unverified", 1)), "readings"},
		"an end nobody knows":      {strings.Replace(proc(goodStep), "[appointment]", "[crown]", 1), "crown"},
		"a class nobody knows":     {procedureHead + "incompatible:\n  - {id: x, title: {vi: a, en: a}, article: a, evidence: confirmed, source: a, a: [king], b: [unit-head], within: body, exception: false, says: {vi: a, en: a}}\n", "king"},
		"a tie nobody knows":       {procedureHead + "kinship: {id: k, title: {vi: a, en: a}, article: a, evidence: confirmed, source: a, ties: [friend]}\n", "friend"},
	} {
		if _, err := lib.Add("bad.yaml", []byte(c.file), -1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a word of %q", name, err, c.want)
		}
	}
}

// TestPairsOfRelatives: 205 until 10/7/2023, 114 from 11/7/2023, each with its
// list of ties.
func TestPairsOfRelatives(t *testing.T) {
	lib := builtin(t)
	ids := func(on string) (out []string) {
		for _, x := range lib.Incompatibles(day(t, on)) {
			out = append(out, x.It.ID)
		}
		return out
	}
	if got := ids("2023-07-10"); !slices.Equal(got, []string{"control.same-committee", "control.chair-sector", "control.same-delegation", "control.head-deputy"}) {
		t.Errorf("under 205: %v", got)
	}
	if got := ids("2023-07-11"); !slices.Equal(got, []string{"control.same-standing-committee", "control.head-sector", "control.head-deputy"}) {
		t.Errorf("under 114: %v", got)
	}
	k := lib.Kinship(day(t, "2025-01-01"))
	if k == nil || !slices.Contains(k.It.Ties, "sibling") || slices.Contains(k.It.Ties, "sibling-in-law") {
		t.Errorf("ties of 114: %+v", k)
	}
}
