package course

import (
	"fmt"
	"maps"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

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
