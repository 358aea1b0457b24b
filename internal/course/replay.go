package course

import (
	"bytes"
	"encoding/json"
	"slices"

	"minhbach/internal/rule"
)

// Replay follows the entries of one case and holds each against the case as it
// stood before: whether it could be made, and whether every verdict in it
// follows from its figures by the rules of that moment. It reads nothing but
// the entries and the regulations. What it cannot know is who was in the
// registry and whose relative: that the room asked, no bundle shows it.
type Replay struct {
	State *State
}

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

// NewReplay starts before the first entry of a case.
func NewReplay() *Replay { return &Replay{State: Fold(nil)} }

// afterEnd are the kinds that may follow the end of a case.
var afterEnd = []string{"access-opened", "paper-signed", "case-exported"}

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
