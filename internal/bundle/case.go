package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// The kinds of personnel procedures and of the boxes their steps are counted in.
const (
	prefixCase    = "procedure."
	kindTable     = "procedure.table-set/1" // a table of the office, of no case
	kindCase      = "procedure.case-opened/1"
	kindCaseMove  = "procedure.case-moved/1"
	kindReported  = "ballotbox.reported/1"
	kindBoxOpened = "ballotbox.opened/1"
	// blockWords is the one block beside entries of a case.
	blockWords = "words"
)

// Step is one verdict of a personnel case, counted again.
type Step struct {
	Case   string
	Step   string
	Round  int
	Entry  int64
	Status string         // of the result; "approved" for a list that was approved
	Passed []string       // persons who go on
	Rules  []rule.Verdict // the rules that answered, in their order
	Fails  *rule.Words    // why it does not hold; nil when it does
}

// caseFile is a personnel case as its entries told it so far.
type caseFile struct {
	replay *course.Replay
	boxes  []boxed
	events map[int64]course.Event // for the papers that cite them
}

// boxed are the figures of a step that came out of a ballot box.
type boxed struct {
	entry  int64
	box    string
	step   string
	record *vote.Record
}

// procedure holds an entry of a personnel case against the case before it.
func (l *law) procedure(e ledger.Entry, blocks []ledger.Block) {
	if e.Kind == kindTable {
		return
	}
	main := e.Subjects[0].ID
	c := l.cases[main]
	if c == nil {
		c = &caseFile{replay: course.NewReplay(), events: map[int64]course.Event{}}
		l.cases[main] = c
	}
	what, version, _ := strings.Cut(strings.TrimPrefix(e.Kind, prefixCase), "/")
	if version != "1" {
		what = strings.TrimPrefix(e.Kind, prefixCase)
	}
	ev := course.Event{Entry: e.Index, At: e.At, Actor: e.Actor, What: what}
	err := json.Unmarshal(e.Body, &ev.Body)
	for _, k := range blocks {
		if k.Name == blockWords && json.Unmarshal(k.Content, &ev.Words) != nil {
			ev.Words = string(k.Content) // facts are kept as they are
		}
	}
	if err == nil && main != "procedure/"+ev.Body.Case {
		err = both("hồ sơ ghi trong mục không phải đối tượng của mục", "the case it names is not its subject")
	}
	l.verdicts.Done++
	c.events[e.Index] = ev
	round := 0
	if h := c.replay.State.Step(ev.Body.Step); h != nil {
		round = h.Round
	}
	if err == nil {
		lib := l.shelf.Library()
		for _, p := range ev.Body.Pins {
			l.pin(e.Index, lib, p)
		}
		_, err = safe(func() (struct{}, error) { return struct{}{}, c.replay.Step(lib, ev) })
	}
	says := l.caseSays(ev, round, err)
	if err != nil {
		l.verdicts.fail(Failure{e.Index, "", *says})
	}
	switch what {
	case "step-counted", "step-approved":
		s := Step{Case: ev.Body.Case, Step: ev.Body.Step, Round: round, Entry: e.Index, Status: "approved", Passed: ev.Body.Persons, Fails: says}
		if r := ev.Body.Result; r != nil {
			s.Status, s.Rules = string(r.Status), r.Reasons
		}
		l.report.Steps = append(l.report.Steps, s)
		if ev.Body.Box != "" {
			c.boxes = append(c.boxes, boxed{e.Index, ev.Body.Box, ev.Body.Step, ev.Body.Record})
		}
	}
	if p := ev.Body.Paper.Scan; p != "" {
		l.scanOf(e, blocks, p)
	}
}

// caseSays is why an entry does not follow, with the step it speaks of; nil
// when it does.
func (l *law) caseSays(ev course.Event, round int, err error) *rule.Words {
	if err == nil {
		return nil
	}
	vi, en := "diễn biến hồ sơ "+clip(ev.Body.Case)+" ("+clip(ev.What)+") không đúng", "the course of the case "+clip(ev.Body.Case)+" ("+clip(ev.What)+") does not follow"
	if ev.Body.Step != "" {
		vi, en = "bước "+clip(ev.Body.Step), "step "+clip(ev.Body.Step)
		if round > 1 {
			vi, en = fmt.Sprintf("%s (lần %d)", vi, round), fmt.Sprintf("%s (round %d)", en, round)
		}
		vi, en = vi+" của hồ sơ "+clip(ev.Body.Case), en+" of the case "+clip(ev.Body.Case)
	}
	var no *course.No
	if errors.As(err, &no) {
		return &rule.Words{VI: vi + ": " + no.Says.VI, EN: en + ": " + no.Says.EN}
	}
	w := because(vi, en, err)
	return &w
}

// reported notes what the head of a counting team reported of a box.
func (l *law) reported(e ledger.Entry) {
	var b struct {
		Box    string       `json:"box"`
		Case   string       `json:"case"`
		Record *vote.Record `json:"record"`
	}
	if err := json.Unmarshal(e.Body, &b); err != nil || b.Record == nil || "ballotbox/"+b.Box != e.Subjects[0].ID {
		l.verdicts.fail(Failure{e.Index, "", say("báo cáo của hòm phiếu không đúng mẫu", "the report of the box is not of the form")})
		return
	}
	l.boxes[b.Box] = b.Record
	// A vote of its own has no entry that sets its box: the report names the contest.
	if c := l.contests["contest/"+b.Record.ID]; c != nil && c.box == "" && b.Case == "contest/"+b.Record.ID {
		c.box = b.Box
	}
	if s := l.sheets[b.Box]; s != nil && !sameJSON(s.Base, b.Record.Base) {
		l.verdicts.fail(Failure{e.Index, "", say("hòm phiếu %s: mẫu số báo cáo không phải mẫu số khi mở", "box %s: the base reported is not the one it was opened with", clip(b.Box))})
	}
}

// boxesOfSteps holds the figures of steps against the reports of the boxes they came
// from.
func (l *law) boxesOfSteps() {
	for _, name := range slices.Sorted(maps.Keys(l.cases)) {
		for _, b := range l.cases[name].boxes {
			rec, ok := l.boxes[b.box]
			if !ok {
				if l.manifest.Scope == Ledger || slices.Contains(l.manifest.Subjects, "ballotbox/"+b.box) {
					l.verdicts.fail(Failure{b.entry, "", say("bước %s: không có báo cáo của hòm phiếu %s", "step %s: there is no report of the box %s", clip(b.step), clip(b.box))})
				} else {
					l.report.Notes = append(l.report.Notes, say("bước %s lấy số liệu từ hòm phiếu %s, không có trong gói này", "step %s has its figures from the box %s, which is not in this bundle", clip(b.step), clip(b.box)))
				}
				continue
			}
			l.verdicts.Done++
			if b.record == nil || !sameFigures(rec, b.record) {
				l.verdicts.fail(Failure{b.entry, "", say("bước %s: số liệu không phải số liệu tổ kiểm phiếu đã báo cáo từ hòm phiếu %s", "step %s: the figures are not those reported from the box %s", clip(b.step), clip(b.box))})
			}
		}
	}
}

// boxSet notes the box that a round of a chain is counted in.
func (l *law) boxSet(e ledger.Entry) {
	var b struct{ Contest, Box string }
	main := e.Subjects[0].ID
	if err := json.Unmarshal(e.Body, &b); err != nil || main != "contest/"+b.Contest {
		l.verdicts.fail(Failure{e.Index, "", say("mục mở hòm phiếu của cuộc bầu không đúng mẫu", "the entry that sets the box is not of the form")})
		return
	}
	c := l.contests[main]
	if c == nil {
		c = &contest{recorded: -1}
		l.contests[main] = c
	}
	c.box = b.Box
	for _, ch := range l.lists {
		it, r := ch.round(b.Contest)
		if r == nil {
			continue
		}
		if err := unless(l.countable(ch, it, r)); err != nil {
			l.verdicts.fail(Failure{e.Index, "", because("hòm phiếu của "+clip(b.Contest), "box of "+clip(b.Contest), err)})
		}
	}
}

// boxesOfContests holds the figures of contests against the reports of their
// boxes, where the bundle has them.
func (l *law) boxesOfContests() {
	for _, name := range slices.Sorted(maps.Keys(l.contests)) {
		c := l.contests[name]
		rec := l.boxes[c.box]
		if c.first == nil || rec == nil {
			continue
		}
		l.verdicts.Done++
		if !sameFigures(rec, c.first) {
			l.verdicts.fail(Failure{c.recorded, "", say("%s: số liệu không phải số liệu ban kiểm phiếu đã báo cáo từ hòm phiếu %s", "%s: the figures are not those reported from the box %s", clip(name), clip(c.box))})
		}
	}
}

// sameFigures compares all that a step takes from a box.
func sameFigures(a, b *vote.Record) bool {
	of := func(r *vote.Record) []byte {
		out, _ := json.Marshal(&vote.Record{Ballots: r.Ballots, Votes: r.Votes, Disagree: r.Disagree, Middle: r.Middle, Unmarked: r.Unmarked, Form: r.Form, Base: r.Base})
		return out
	}
	return bytes.Equal(of(a), of(b))
}

// caseNotes says what a case bundle cannot show.
func (l *law) caseNotes() {
	if len(l.cases) == 0 {
		return
	}
	l.report.Notes = append(l.report.Notes, say("tính lại được từ gói: thứ tự, người đưa ra từng bước, điều kiện, đa số, tổng số phiếu; không tính lại được: quan hệ gia đình và số người đang giữ chức, vì nằm trong hồ sơ cán bộ chứ không trong hồ sơ này",
		"replayed from the bundle: order, persons of each step, conditions, majorities, figures; not replayed: relatives and how many hold the post, which stand in the registry and not in the case"))
}
