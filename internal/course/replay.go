package course

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Replay follows the entries of one case and holds each against the case as it
// stood before: whether it could be made, and whether every verdict in it
// follows from its figures by the rules of that moment. It reads nothing but
// the entries and the regulations. What it cannot know is who was in the
// registry and whose relative: that the room asked, no bundle shows it.
type Replay struct {
	State *State
}

// NewReplay starts before the first entry of a case.
func NewReplay() *Replay { return &Replay{State: Fold(nil)} }

// Step checks the next entry and folds it in. lib is the library as it stood
// when the entry was made. The error says what does not follow.
func (r *Replay) Step(lib *rule.Library, e Event) error {
	err := r.check(lib, e)
	r.State.Add(e)
	return err
}

func (r *Replay) check(lib *rule.Library, e Event) error {
	b := e.Body
	if e.What == "case-opened" {
		return r.opened(lib, e)
	}
	if r.State.Last < 0 {
		return refuse("hồ sơ chưa mở", "the case was not opened")
	}
	if b.Case != r.State.ID {
		return refuse("mục không phải của hồ sơ này", "the entry is none of this case")
	}
	v, err := See(lib, r.State)
	if err != nil {
		return err
	}
	if v.Phase.Over() && !slices.Contains(afterEnd, e.What) {
		return refuse("hồ sơ đã kết thúc", "the case was over")
	}
	if !b.On.IsZero() && e.What != "case-moved" && v.Today(e.At).Before(b.On) {
		return refuse("ngày ghi trong mục chưa đến khi mục được lập", "the day it gives had not come when the entry was made")
	}
	check, known := checks[e.What]
	if !known {
		return refuse("chương trình này không biết loại mục “"+clip(e.What)+"”: hãy dùng bản mới hơn", "this program does not know the kind "+clip(e.What)+": use a newer one")
	}
	return check(v, lib, e)
}

// afterEnd are the kinds that may follow the end of a case.
var afterEnd = []string{"access-opened", "paper-signed", "case-exported"}

func (r *Replay) opened(lib *rule.Library, e Event) error {
	b := e.Body
	if r.State.Last >= 0 {
		return refuse("hồ sơ đã mở từ trước", "the case was opened before")
	}
	pins, err := PinsOf(lib, b.Procedure, b.On)
	if err != nil {
		return err
	}
	if !slices.Equal(pins, b.Pins) {
		return refuse("các bản quy định đã ghim không phải bản có hiệu lực ngày "+b.On.Vietnamese(), "the editions it is pinned to are not those in force on "+b.On.String())
	}
	today := (&State{Clock: b.Clock}).Today(e.At)
	if today.Before(b.On) || b.On.Before(today) && !b.Scribed && b.Clock.IsZero() {
		return refuse("ngày mở không phải ngày lập mục", "the day of opening is not the day the entry was made")
	}
	if b.Seats < 1 {
		return refuse("số người cần kiện toàn không hợp lệ", "the number of persons needed is not valid")
	}
	if b.Quota != nil && b.Holders != nil && *b.Holders+b.Seats > *b.Quota {
		return refuse("mở hồ sơ khi số lượng được giao đã đủ", "opened although the quota was full")
	}
	return nil
}

// checks hold each kind against the case before it.
var checks = map[string]func(v *View, lib *rule.Library, e Event) error{
	"case-moved": func(v *View, lib *rule.Library, e Event) error {
		to, moved, err := v.MoveTo(lib, e.Body.On)
		if err != nil {
			return err
		}
		if !slices.Equal(to, e.Body.Pins) {
			return refuse("hồ sơ chuyển sang các bản quy định khác với bản có hiệu lực ngày ấy", "it goes over to editions that are not those in force on that day")
		}
		return same(moved, e.Body.Moved, "điều khoản chuyển tiếp", "the transition clause")
	},
	"consent-asked": func(v *View, _ *rule.Library, e Event) error {
		if v.Phase != Needed {
			return refuse("chủ trương đã xin trước đó", "consent had been asked before")
		}
		return v.due(v.Def.Consent, e)
	},
	"consent-given": func(v *View, _ *rule.Library, e Event) error {
		b := e.Body
		switch {
		case v.Phase != Asked:
			return refuse("chưa xin chủ trương, hoặc chủ trương đã có", "consent was not asked, or was given already")
		case b.Yes == nil:
			return refuse("không ghi đồng ý hay không", "it does not say yes or no")
		case b.On.Before(v.Consent.Asked.Body.On):
			return refuse("cho chủ trương trước ngày xin", "consent was given before the day it was asked")
		case !*b.Yes:
			return nil
		}
		return v.due(v.Def.Deadline, e)
	},
	"person-added": func(v *View, _ *rule.Library, e Event) error {
		if e.Body.Outside != (e.Body.Step != "") {
			return refuse("không rõ bước giới thiệu", "it does not say which step proposed the person")
		}
		return v.MayAdd(e.Body.Person, e.Body.Step)
	},
	"person-left":        func(v *View, _ *rule.Library, e Event) error { return v.MayLeave(e.Body.Person) },
	"conditions-checked": func(v *View, _ *rule.Library, e Event) error { return v.sheetGiven(e) },
	"condition-judged":   func(v *View, _ *rule.Library, e Event) error { return v.judged(e) },
	"reading-decided": func(v *View, _ *rule.Library, e Event) error {
		b := e.Body
		reading := b.Choice
		if _, it := v.Item(b.Item); it != nil && b.Step != "" {
			for _, r := range it.Readings { // a step records the body its reading chooses
				if r.Choose == b.Choice {
					reading = r.ID
				}
			}
		}
		choice, step, err := v.MayRead(b.Item, reading)
		if err == nil && (choice != b.Choice || step != b.Step) {
			err = refuse("cách hiểu ghi lại không phải cách hiểu của mục ấy", "the reading it records is not one of that item")
		}
		return err
	},
	"step-opened":   func(v *View, _ *rule.Library, e Event) error { return v.stepOpened(e) },
	"step-counted":  func(v *View, lib *rule.Library, e Event) error { return v.stepCounted(lib, e) },
	"step-approved": func(v *View, lib *rule.Library, e Event) error { return v.stepApproved(lib, e) },
	"difference-explained": func(v *View, _ *rule.Library, e Event) error {
		if st := v.Def.Step(e.Body.Step); st == nil || !v.Differs(st) {
			return refuse("không có kết quả khác nhau để làm rõ", "there was no difference to explain")
		}
		return nil
	},
	"opinion-recorded":  opinion,
	"differing-opinion": opinion,
	"steps-finished": func(v *View, _ *rule.Library, e Event) error {
		if n := v.Next(); v.Phase != Running || n != nil {
			return refuse("các bước chưa xong", "the steps were not done")
		}
		return nil
	},
	"submitted": func(v *View, _ *rule.Library, e Event) error {
		if v.Phase != Finished {
			return refuse("các bước chưa xong", "the steps were not done")
		}
		return v.MaySubmit(e.Body.Person, e.Body.On)
	},
	"opinion-asked": func(v *View, _ *rule.Library, e Event) error { return v.MayAsk() },
	"opinion-answered": func(v *View, _ *rule.Library, e Event) error {
		if e.Body.Ref == nil || !slices.ContainsFunc(v.Asks, func(q Inquiry) bool { return q.Asked.Entry == *e.Body.Ref && q.Answered == nil }) {
			return refuse("không trả lời câu hỏi nào đang chờ", "it answers no opinion that was awaited")
		}
		return nil
	},
	"appraised": func(v *View, _ *rule.Library, e Event) error { return v.MayAppraise() },
	"decided":   func(v *View, _ *rule.Library, e Event) error { return v.MayDecide(e.Body.Outcome, e.Body.Person) },
	"elected": func(v *View, _ *rule.Library, e Event) error {
		if err := v.MayElect(); err != nil {
			return err
		}
		if e.Body.Person != v.SubmittedAt.Body.Person || e.Body.Yes == nil {
			return refuse("người được bầu không phải người đã giới thiệu", "the person elected is not the one put forward")
		}
		return nil
	},
	"ratified":     func(v *View, _ *rule.Library, e Event) error { return v.MayRatify() },
	"case-stopped": func(*View, *rule.Library, Event) error { return nil },
	"letter-received": func(v *View, _ *rule.Library, e Event) error {
		if v.Person(e.Body.Person) == nil {
			return refuse("người bị đơn thư nêu không có trong hồ sơ", "the letter is about nobody of the case")
		}
		return nil
	},
	"letter-closed": func(v *View, _ *rule.Library, e Event) error {
		if !slices.ContainsFunc(v.OpenLetters(), func(l Letter) bool { return l.ID == e.Body.Letter }) {
			return refuse("đơn thư không đang mở", "the letter was not open")
		}
		return nil
	},
	"recused": func(v *View, _ *rule.Library, e Event) error {
		if v.Person(e.Body.Other) == nil {
			return refuse("không có người ấy trong hồ sơ", "there is no such person in the case")
		}
		return nil
	},
	"access-opened": func(*View, *rule.Library, Event) error { return nil },
	"case-exported": func(*View, *rule.Library, Event) error { return nil },
	"paper-signed": func(v *View, _ *rule.Library, e Event) error {
		for _, p := range e.Body.Signers {
			if err := v.Concerned(p); err != nil {
				return err
			}
		}
		return nil
	},
}

func opinion(v *View, _ *rule.Library, _ Event) error {
	if v.Phase != Running && v.Phase != Finished && v.Phase != Submitted {
		return refuse("chưa đến lúc ghi ý kiến", "it was too early for opinions")
	}
	return nil
}

// due holds a deadline against the rule. A day that was not known then, because
// the table of holidays ended before it, may be known here.
func (v *View) due(id string, e Event) error {
	d, err := v.LastDay(id, e.Body.On)
	if err != nil {
		return err
	}
	if e.Body.Due.IsZero() && d.IsZero() || e.Body.Due == d || e.Body.Due.IsZero() && id != "" {
		return nil
	}
	return refuse("hạn cuối ghi là "+e.Body.Due.Vietnamese()+", tính lại là "+d.Vietnamese(), "the last day is given as "+e.Body.Due.String()+", reckoned again it is "+d.String())
}

// sheetGiven checks a sheet of conditions again: by the facts where they can be
// read, else by the figures that stand in its lines.
func (v *View) sheetGiven(e Event) error {
	p := v.Person(e.Body.Person)
	if p == nil {
		return refuse("không có người này trong hồ sơ", "there is no such person in the case")
	}
	var f Facts
	read := e.Words != "" && json.Unmarshal([]byte(e.Words), &f) == nil
	return v.sheetIs(e, f, read, p.Judged)
}

func (v *View) judged(e Event) error {
	b := e.Body
	p := v.Person(b.Person)
	i := slices.IndexFunc(v.Def.Conditions, func(c rule.Condition) bool { return c.ID == b.Condition })
	if p == nil || i < 0 {
		return refuse("không có người hoặc điều kiện này", "there is no such person or condition")
	}
	c := &v.Def.Conditions[i]
	if !slices.Contains([]string{Met, NotMet, Excepted}, b.Outcome) || c.Rule != "" && b.Outcome != Excepted {
		return refuse("điều kiện do quy định tính không đánh dấu bằng tay được", "a condition that a rule reckons is not marked by hand")
	}
	if b.Outcome != NotMet && (strings.TrimSpace(b.Paper.Number) == "" || b.Paper.Date.IsZero()) {
		return refuse("đánh dấu mà không nêu số, ngày văn bản", "it is marked without number and date of a paper")
	}
	if b.Expires != v.Expires(c, b.Paper) {
		return refuse("ngày hết hạn của giấy tờ không đúng", "the day until which the paper counts is not right")
	}
	judged := maps.Clone(p.Judged)
	judged[b.Condition] = Judged{State: b.Outcome, Paper: b.Paper, Expires: b.Expires}
	return v.sheetIs(e, p.Facts, !p.Asked || p.HasFact, judged)
}

// sheetIs demands the lines of an entry. Where the facts are withheld, a line
// that a rule decided is asked again with the figures that stand in it.
func (v *View) sheetIs(e Event, f Facts, read bool, judged map[string]Judged) error {
	on := v.SheetDay(v.Today(e.At))
	var lines []Line
	var err error
	if read {
		lines, err = v.Sheet(v.Today(e.At), f, judged)
	} else {
		recorded := map[string]Line{}
		for _, l := range e.Body.Lines {
			recorded[l.Condition] = l
		}
		lines, err = check(v.Lib, v.Def, on, v.Level, func(c *rule.Condition) (map[string]int64, bool, error) {
			l := recorded[c.ID]
			if l.Verdict != nil {
				return l.Verdict.Inputs, false, nil
			}
			return nil, l.State == Met && strings.HasPrefix(c.Fact, "months-since-"), nil // no discipline was on record
		}, judged, v.Choices)
	}
	if err != nil {
		return err
	}
	for i, want := range lines {
		if i >= len(e.Body.Lines) || !bytes.Equal(want.bare(), e.Body.Lines[i].bare()) {
			return refuse("bảng điều kiện của "+e.Body.Person+": dòng “"+want.Condition+"” tính lại là “"+want.State+"”",
				"sheet of "+e.Body.Person+": the line "+want.Condition+" reckoned again is "+want.State)
		}
	}
	if len(lines) != len(e.Body.Lines) {
		return refuse("bảng điều kiện có dòng mà quy định không có", "the sheet has lines that the regulation does not")
	}
	return nil
}

// bare is a line without the sentences, which follow from the rest.
func (l Line) bare() []byte {
	if l.Verdict != nil {
		v := *l.Verdict
		v.Says = rule.Words{}
		l.Verdict = &v
	}
	out, _ := json.Marshal(l)
	return out
}

func (v *View) stepOpened(e Event) error {
	b := e.Body
	st, err := v.MayOpen(b.Step)
	if err != nil {
		return err
	}
	round := 1
	if h := v.Step(b.Step); h != nil {
		round = h.Round + 1
	}
	switch {
	case b.Round != round:
		return refuse(fmt.Sprintf("ghi là lần %d, phải là lần %d", b.Round, round), fmt.Sprintf("it says round %d, it is round %d", b.Round, round))
	case b.On.IsZero() || b.On.Before(v.LastStepDay()):
		return refuse("họp trước việc phải làm trước đó", "it was held before what must precede it")
	}
	if err := v.CheckPersons(st, b.Persons, b.On); err != nil {
		return err
	}
	return v.CheckTeam(st, b.Team)
}

// stepCounted counts a ballot again, from a record that must be the one the
// case gives.
func (v *View) stepCounted(lib *rule.Library, e Event) error {
	b := e.Body
	st, h, _, err := v.MayCount(b.Step)
	if err != nil {
		return err
	}
	if b.Record == nil || b.Result == nil {
		return refuse("không có số liệu hoặc kết quả", "there are no figures or no result")
	}
	if b.Box != h.Opening.Body.Box && b.Box != "" {
		return refuse("số liệu lấy từ hòm phiếu khác", "the figures come from another box")
	}
	// Whoever left after the step was opened was asked about by those who opened
	// it; the record says on whom ballots were cast.
	ids, err := v.ids(h)
	if err != nil {
		return err
	}
	want := v.Skeleton(st, h.Round, ids)
	rec := b.Record
	switch {
	case rec.ID != want.ID || rec.Rules != want.Rules || rec.Date != want.Date:
		return refuse("số liệu không phải của bước này", "the figures are none of this step")
	case rec.Seats == nil || *rec.Seats != *want.Seats:
		return refuse("số người cần chọn không phải của hồ sơ", "the number of persons to choose is not that of the case")
	case !slices.EqualFunc(rec.Candidates, want.Candidates, func(a, b vote.Candidate) bool { return a.ID == b.ID }):
		return refuse("những người trong số liệu không phải những người đưa ra ở bước này", "the persons in the figures are not those of the step")
	}
	decided, err := v.decided(st)
	if err != nil {
		return err
	}
	for _, d := range decided {
		if !slices.ContainsFunc(rec.Decisions, func(x vote.Decision) bool { return x.Rule == d.Rule && x.Choice == d.Choice }) {
			return refuse("số liệu không theo cách hiểu đã quyết định cho hồ sơ ("+d.Rule+")", "the figures do not stand under the reading decided for the case ("+d.Rule+")")
		}
	}
	if err := v.pinned(b.Result.Pins); err != nil {
		return err
	}
	if b.Result.Status == vote.Refused {
		return refuse("số liệu mâu thuẫn không phải là kết quả", "figures that contradict each other are no result")
	}
	if err := vote.Replay(v.Lib, rec, b.Result); err != nil {
		return differs(v.Lib, rec, b.Result, err)
	}
	if got := Passed(b.Result); !slices.Equal(got, b.Persons) {
		return refuse(fmt.Sprintf("những người đi tiếp ghi là %v, theo kết quả là %v", b.Persons, got), fmt.Sprintf("those who go on are given as %v, by the result they are %v", b.Persons, got))
	}
	return nil
}

// pinned demands that a verdict was given by editions the case is pinned to.
func (v *View) pinned(pins []rule.Pin) error {
	for _, p := range pins {
		if !slices.Contains(v.Pins, p) {
			return refuse("kết quả dùng bản quy định "+clip(p.Document)+" mà hồ sơ không ghim", "the result uses an edition of "+clip(p.Document)+" that the case is not pinned to")
		}
	}
	return nil
}

// differs says in which verdict a count made again is another.
func differs(lib *rule.Library, rec *vote.Record, recorded *vote.Result, err error) error {
	again, err2 := vote.Recount(lib, rec, recorded)
	if err2 != nil {
		return err
	}
	if again.Status != recorded.Status {
		return refuse("kết quả ghi là “"+string(recorded.Status)+"”, tính lại là “"+string(again.Status)+"”", "the result is given as "+string(recorded.Status)+", counted again it is "+string(again.Status))
	}
	for i, l := range again.Results {
		if i < len(recorded.Results) && l != recorded.Results[i] {
			o := recorded.Results[i]
			return refuse(fmt.Sprintf("%s: ghi là %s, %s%%; tính lại là %s, %s%%", clip(l.Candidate), o.Outcome, o.Share, l.Outcome, l.Share),
				fmt.Sprintf("%s: given as %s, %s%%; counted again %s, %s%%", clip(l.Candidate), o.Outcome, o.Share, l.Outcome, l.Share))
		}
	}
	for i, r := range again.Reasons {
		if i >= len(recorded.Reasons) || r.Rule != recorded.Reasons[i].Rule || r.Holds != recorded.Reasons[i].Holds || !maps.Equal(r.Inputs, recorded.Reasons[i].Inputs) {
			return refuse("căn cứ “"+r.Rule+"” ("+r.Article+", "+r.Document+") tính lại không như đã ghi", "the reason "+r.Rule+" ("+r.Article+", "+r.Document+") counted again is not as recorded")
		}
	}
	return refuse("tính lại không ra kết quả đã ghi", "counted again it is not the result recorded")
}

func (v *View) stepApproved(lib *rule.Library, e Event) error {
	b := e.Body
	f := b.Figures
	if f == nil || f.Summoned == nil || f.Present == nil {
		return refuse("không có số liệu biểu quyết", "there are no figures of the vote")
	}
	favour, ok := f.Votes["list"]
	if !ok {
		return refuse("không có số tán thành", "there is no number in favour")
	}
	_, err := v.MayApprove(lib, b.Step, b.Persons, *f.Summoned, *f.Present, favour)
	return err
}

func same(a, b any, vi, en string) error {
	x, err := json.Marshal(a)
	if err != nil {
		return err
	}
	y, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if !bytes.Equal(x, y) {
		return refuse(vi+" không như đã ghi", en+" is not as recorded")
	}
	return nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// Knows says that entries of a kind, without room and version, are replayed.
func Knows(what string) bool {
	_, ok := checks[what]
	return ok || what == "case-opened"
}
