package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"minhbach/internal/assembly"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// meeting folds an entry of a meeting in; a vote by hand is reckoned again
// first, from the people, the roll and the deductions as they stood.
func (l *law) meeting(e ledger.Entry) {
	main := e.Subjects[0].ID
	if l.manifest.Scope != Ledger && !slices.Contains(l.manifest.Subjects, main) {
		return
	}
	var f assembly.Fact
	if err := json.Unmarshal(e.Body, &f); err != nil || main != "meeting/"+f.Meeting {
		l.verdicts.fail(Failure{e.Index, "", say("mục của cuộc họp không đúng mẫu", "the entry of the meeting is not of the form")})
		return
	}
	m := l.meetings[f.Meeting]
	if m == nil {
		m = &assembly.State{}
		l.meetings[f.Meeting] = m
	}
	if e.Kind == assembly.KindHandVote {
		l.verdicts.Done++
		if _, err := safe(func() (struct{}, error) { return struct{}{}, handVote(l.shelf.Library(), m, f) }); err != nil {
			l.verdicts.fail(Failure{e.Index, "", because("biểu quyết giơ tay của cuộc họp "+clip(f.Meeting), "hand vote of the meeting "+clip(f.Meeting), err)})
		}
	}
	if e.Kind == assembly.KindOpened || e.Kind == assembly.KindChanged {
		l.dated(e, m, f)
	}
	m.Add(e.Index, e.Kind, f, "")
}

// dated holds the day of a meeting, as it is opened or changed, against the
// meeting that must have been held before it.
func (l *law) dated(e ledger.Entry, m *assembly.State, f assembly.Fact) {
	after := f.After
	if e.Kind == assembly.KindChanged {
		after = m.After
	}
	l.dates[f.Meeting] = e.Index
	if after == "" {
		return
	}
	prev := l.meetings[after]
	switch {
	case prev != nil:
		l.verdicts.Done++
		l.inOrder(e.Index, f.Meeting, f.Date, prev)
	case l.manifest.Scope == Ledger:
		l.verdicts.fail(Failure{e.Index, "", say("cuộc họp %s phải sau cuộc họp %s, mà nhật ký không có", "the meeting %s must come after the meeting %s, which is not in the ledger", clip(f.Meeting), clip(after))})
	default:
		l.unlisted["meeting/"+after] = true
	}
}

func (l *law) inOrder(entry int64, id string, on vn.Date, prev *assembly.State) {
	if on.IsZero() || on.Before(prev.Date) {
		l.verdicts.fail(Failure{entry, "", say("cuộc họp %s ghi ngày %s, trước cuộc họp %s ngày %s phải diễn ra trước nó", "the meeting %s is dated %s, before the meeting %s of %s that must precede it", clip(id), on, clip(prev.ID), prev.Date)})
	}
}

// meetingDays looks at the days once more when all entries are read: a day may
// also have been moved behind that of a meeting that follows.
func (l *law) meetingDays() {
	for _, id := range slices.Sorted(maps.Keys(l.meetings)) {
		m := l.meetings[id]
		prev := l.meetings[m.After]
		if m.After == "" || prev == nil || l.dates[m.After] < l.dates[id] {
			continue // it was looked at when it came
		}
		l.verdicts.Done++
		l.inOrder(l.dates[m.After], id, m.Date, prev)
	}
}

// handVote reckons a vote by hand again and demands base, verdict and outcome
// as they were recorded.
func handVote(lib *rule.Library, m *assembly.State, f assembly.Fact) error {
	x := m.Session(f.Session)
	if x == nil || x.Closed {
		return both("không có phiên đang mở", "there was no open session")
	}
	if n := m.Counts(x).Present; f.For < 0 || f.Against < 0 || f.Other < 0 || f.For+f.Against+f.Other > n {
		return both("số giơ tay nhiều hơn %d người có mặt có quyền biểu quyết", "more hands than the %d present who may vote", n)
	}
	var chosen []vote.Decision
	for _, c := range f.Chosen {
		chosen = append(chosen, vote.Decision{Rule: c.Rule, Choice: c.Reading, Reason: "ghi tại cuộc họp", By: "cuộc họp"})
	}
	res, err := m.Hand(lib, x, f.For, f.Against, f.Other, chosen...)
	var bad *vote.InputError
	if errors.As(err, &bad) || err != nil && res == nil {
		if f.Status != "no-rule" || f.Passed || len(f.Verdict) > 0 {
			return both("không có quy định nào của ngày ấy tính biểu quyết này", "no regulation of that day reckons this vote")
		}
		return nil
	}
	base := int64(0)
	if res.Denominator.Count != nil {
		base = *res.Denominator.Count
	}
	switch {
	case f.Status != string(res.Status):
		return both("ghi là “%s”, tính lại là “%s”", "given as %s, reckoned again it is %s", clip(f.Status), string(res.Status))
	case f.Base != base:
		return both("mẫu số ghi %d, tính lại là %d", "the base is given as %d, reckoned again it is %d", f.Base, base)
	case f.Passed != assembly.Carried(res):
		return both("thông qua hay không: tính lại khác đã ghi", "whether it passed: reckoned again it differs")
	}
	return sameVerdicts(f.Verdict, res.Reasons)
}

// sameVerdicts compares verdicts without their sentences.
func sameVerdicts(a, b []rule.Verdict) error {
	if len(a) != len(b) {
		return both("ghi %d căn cứ, tính lại có %d", "%d reasons recorded, %d reckoned again", len(a), len(b))
	}
	for i := range a {
		if !bytes.Equal(bareVerdict(a[i]), bareVerdict(b[i])) {
			return both("căn cứ “%s” (%s) tính lại không như đã ghi", "the reason %s (%s) reckoned again is not as recorded", clip(a[i].Rule), clip(a[i].Article))
		}
	}
	return nil
}

func bareVerdict(v rule.Verdict) []byte {
	v.Says = rule.Words{}
	out, _ := json.Marshal(v)
	return out
}

// boxOpened holds the base a ballot box was opened with against its meeting.
func (l *law) boxOpened(e ledger.Entry) {
	var b struct {
		Box     string       `json:"box"`
		Meeting string       `json:"meeting"`
		Sheet   *vote.Record `json:"sheet"`
	}
	if err := json.Unmarshal(e.Body, &b); err != nil || b.Sheet == nil || "ballotbox/"+b.Box != e.Subjects[0].ID {
		l.verdicts.fail(Failure{e.Index, "", say("mục mở hòm phiếu không đúng mẫu", "the opening of the box is not of the form")})
		return
	}
	l.sheets[b.Box] = b.Sheet
	m := l.meetings[b.Meeting]
	if m == nil || b.Sheet.Base == nil {
		return
	}
	l.verdicts.Done++
	fits := sameJSON(m.Base(), b.Sheet.Base)
	if !fits { // taken over without the deductions its rules know nothing of
		if book, err := l.shelf.Library().For(b.Sheet.Rules, b.Sheet.Date); err == nil {
			fits = sameJSON(vote.BaseFor(book, m.Base()), b.Sheet.Base)
		}
	}
	if !fits {
		l.verdicts.fail(Failure{e.Index, "", say("hòm phiếu %s: mẫu số không phải của cuộc họp %s", "box %s: its base is not that of the meeting %s", clip(b.Box), clip(b.Meeting))})
	}
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
