package procedure_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vote"
)

// house is a desk with organisations and persons a1…a6 (candidates), b1…b40
// (those who vote and count), and a clock at a civil day.
type house struct {
	t     *testing.T
	d     *desk.Desk
	clock *desktest.Clock
	vault *vault.Vault
}

func open(t *testing.T, db *store.DB, on string) *house {
	t.Helper()
	clock := &desktest.Clock{}
	clock.Set(time.Date(2010, 1, 1, 3, 0, 0, 0, time.UTC))
	cfg := desktest.Config(t, db, org.Room(), person.Room(), account.Room(), regulation.Room(), meeting.Room(), ballotbox.Room(), election.Room(), procedure.Room(), document.Room())
	cfg.Clock, cfg.Rules = clock.Now, regulation.NewRuleBook(nil)
	v, err := vault.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, d: desktest.Open(t, cfg), clock: clock, vault: v}
	h.do(org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	h.do(org.Found{ID: "org/so", Title: "Sở Nội vụ (mẫu)", Kind: org.StateAgency, Parent: "org/tinh", From: day("1990-01-01")})
	h.do(org.Found{ID: "org/xa", Title: "Đảng ủy xã Mẫu mới (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("1990-01-01")})
	for i := 1; i <= 6; i++ {
		h.do(person.Record{ID: a(i), Home: "org/tinh", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: fmt.Sprintf("Nguyễn Văn A%d", i), Born: born("1980-06-15"), Gender: "male"}})
		h.do(person.TakePost{ID: fmt.Sprintf("post/a%d", i), Person: a(i), Org: "org/so", Title: "staff", From: day("2010-01-01")})
	}
	for i := 1; i <= 3; i++ {
		h.do(person.Record{ID: b(i), Home: "org/tinh", Sample: true, From: day("2000-01-01"), Identity: person.Identity{Name: fmt.Sprintf("Trần Thị B%d", i)}})
	}
	h.at(on)
	return h
}

func a(i int) string { return fmt.Sprintf("person/a%d", i) }
func b(i int) string { return fmt.Sprintf("person/b%d", i) }

// at moves the clock to the morning of a civil day.
func (h *house) at(on string) {
	d := day(on)
	h.clock.Set(time.Date(d.Year, d.Month, d.Day, 2, 0, 0, 0, time.UTC))
}

func (h *house) do(act desk.Act) desk.Receipt {
	h.t.Helper()
	return desktest.Do(h.t, h.d, "officer", act)
}
func (h *house) no(act desk.Act, code desk.Code, words string) *desk.Error {
	h.t.Helper()
	e := desktest.MustRefuse(h.t, h.d, "officer", act, code)
	if !strings.Contains(e.Says.VI, words) {
		h.t.Errorf("%s is refused with %q, want a word of %q", act.Name(), e.Says.VI, words)
	}
	return e
}

func (h *house) get(id string) *procedure.State {
	h.t.Helper()
	var s *procedure.State
	if err := h.d.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		s, err = procedure.Get(h.t.Context(), tx, id, -1)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return s
}

// view is a case with the rules it is pinned to, as the library stands now.
func (h *house) view(id string) *course.View {
	h.t.Helper()
	var v *course.View
	if err := h.d.Read(h.t.Context(), func(tx *store.Tx) error {
		lib, err := h.d.Rules(h.t.Context(), tx)
		if err == nil {
			v, err = course.See(lib, h.get(id))
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return v
}

func n(v int64) *int64 { return &v }

func paper(no, on string) procedure.Paper {
	return procedure.Paper{Number: no, Date: day(on), By: "Ban Thường vụ Tỉnh ủy"}
}

// eligible gives a person everything the sheet asks for.
func (h *house) eligible(r procedure.Ref, def *rule.Procedure, id, on string) {
	h.t.Helper()
	h.do(procedure.AddPerson{Ref: r, Person: id})
	h.do(procedure.GiveFacts{Ref: r, Person: id, Facts: procedure.Facts{Planned: yes(true), NoDiscipline: true, Reference: day(on)}})
	h.papers(r, def, id, on)
}

func (h *house) papers(r procedure.Ref, def *rule.Procedure, id, on string) {
	h.t.Helper()
	level := h.get(r.ID).Level
	for _, c := range def.Conditions {
		if c.Fact == "judged" && (c.Level == "" || c.Level == level) {
			h.do(procedure.Judge{Ref: r, Person: id, Condition: c.ID, State: procedure.Met, Paper: paper("12-GCN", on)})
		}
	}
}

// figures are the counts of a step in which the first person has most votes.
func figures(summoned, present int64, votes map[string]int64) procedure.Figures {
	sum := int64(0)
	dis := map[string]int64{}
	for p, v := range votes {
		sum += v
		dis[p] = present - v
	}
	return procedure.Figures{Summoned: n(summoned), Present: n(present), Incumbents: n(summoned), Votes: votes, Disagree: dis,
		Ballots: vote.Ballots{Issued: n(present), Collected: n(present), Valid: n(present), Invalid: n(0)}}
}

// definitions are the procedures played, each on days of its edition.
var definitions = []struct {
	name, id, org, title, level, outcome string
	days                                 [9]string // opened, consent, steps 1…5, submitted, decided
}{
	{"105 of 2017", "appointment-local", "org/so", "deputy-director", "", procedure.OutcomeAppoint, [9]string{"2020-03-02", "2020-03-04", "2020-03-09", "2020-03-10", "2020-03-11", "2020-03-12", "2020-03-13", "2020-03-16", "2020-03-20"}},
	{"80 of 2022", "appointment-local", "org/so", "deputy-director", "", procedure.OutcomeAppoint, [9]string{"2024-06-03", "2024-06-05", "2024-06-10", "2024-06-11", "2024-06-12", "2024-06-13", "2024-06-14", "2024-06-17", "2024-06-28"}},
	{"377 of 2025", "appointment-local", "org/so", "deputy-director", "", procedure.OutcomeAppoint, [9]string{"2025-11-03", "2025-11-05", "2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14", "2025-11-17", "2025-11-28"}},
	{"re-elected 2020", "committee-re-elected", "org/tinh", "committee-member", "province", procedure.OutcomePutForward, [9]string{"2020-07-01", "2020-07-02", "2020-08-19", "2020-08-20", "2020-08-20", "2020-08-20", "2020-08-21", "2020-08-24", "2020-09-01"}},
	{"first time 2020", "committee-first-time", "org/tinh", "committee-member", "province", procedure.OutcomePutForward, [9]string{"2020-07-01", "2020-07-02", "2020-08-19", "2020-08-20", "2020-08-20", "2020-08-20", "2020-08-21", "2020-08-24", "2020-09-01"}},
	{"designation 2025", "commune-designation", "org/xa", "committee-member", "", procedure.OutcomeDesignate, [9]string{"2025-06-02", "2025-06-03", "2025-06-09", "2025-06-10", "2025-06-11", "2025-06-11", "2025-06-11", "2025-06-12", "2025-06-30"}},
	{"State mirror 2025", "state-appointment", "org/so", "deputy-director", "", procedure.OutcomeAppoint, [9]string{"2025-11-03", "2025-11-05", "2025-11-10", "2025-11-11", "2025-11-12", "2025-11-13", "2025-11-14", "2025-11-17", "2025-11-28"}},
}

// TestEveryDefinitionToItsEnd plays each definition from the need to the post
// in the registry, and in passing is refused wherever the order, the sheet,
// the letters or a person concerned stand in the way.
func TestEveryDefinitionToItsEnd(t *testing.T) {
	for _, c := range definitions {
		t.Run(c.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				h := open(t, db, c.days[0])
				r := procedure.Ref{ID: "ho-so", Org: c.org}
				_, def, err := builtin(t).Procedure(c.id, day(c.days[0]))
				if err != nil {
					t.Fatal(err)
				}
				opening := procedure.Open{Ref: r, Procedure: c.id, On: day(c.days[0]), Title: c.title, Level: c.level, Seats: 1, Class: procedure.Internal, Need_: "khuyết một người"}
				bad := opening
				bad.Class = ""
				h.no(bad, desk.Invalid, "độ mật")
				bad = opening
				bad.Quota = n(0)
				h.no(bad, desk.Refused, "đã đủ")
				bad = opening
				bad.On = bad.On.AddDays(-1)
				h.no(bad, desk.Invalid, "mở ngày hôm nay")
				h.do(opening)
				h.no(procedure.OpenStep{Ref: r, Step: "1", On: day(c.days[0])}, desk.Refused, "Chưa có chủ trương")
				h.no(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", c.days[0]), Yes: true}, desk.Refused, "Chưa xin")
				h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", c.days[0])})
				h.at(c.days[1])
				h.no(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2000-01-01"), Yes: true}, desk.Invalid, "trở đi")
				h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", c.days[1]), Yes: true})
				for i := 1; i <= 2; i++ {
					h.eligible(r, def, a(i), c.days[1])
				}
				h.do(procedure.AddPerson{Ref: r, Person: a(3)}) // no facts, no papers
				h.steps(r, def, c.days)
				s := h.get(r.ID)
				if s.Phase != procedure.Finished {
					t.Fatalf("after the steps the case is %s", s.Phase)
				}
				h.after(r, s.Chosen()[0], c.outcome, c.days)
				h.leaves(r.ID)
				desktest.CheckRebuild(t, h.d)
			})
		})
	}
}

// steps plays the five steps with one clear favourite; every refusal of order
// is met first.
func (h *house) steps(r procedure.Ref, def *rule.Procedure, days [9]string) {
	h.t.Helper()
	for i, st := range def.Steps {
		h.at(days[2+i])
		on := day(days[2+i])
		if i+1 < len(def.Steps) {
			h.no(procedure.OpenStep{Ref: r, Step: def.Steps[i+1].ID, On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "trước")
		}
		if st.Evidence == rule.Unverified {
			h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "chưa được xác nhận")
			h.do(procedure.DecideReading{Ref: r, Item: rule.StepItem(def.ID, st.ID), Reading: rule.MainReading, Paper: paper("5-KL", days[1]), Reason: "Ban Thường vụ kết luận cách làm"})
		}
		if st.Opinion {
			h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "ý kiến bằng văn bản")
			h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", days[2+i])})
		}
		may, _ := h.view(r.ID).May(st)
		persons := slices.DeleteFunc(may, func(p string) bool { return p == a(3) })
		if i == 0 {
			h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: []string{a(1), a(3)}, Team: []string{b(1)}}, desk.Refused, "chưa đủ điều kiện")
			h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on.AddDays(1), Persons: persons}, desk.Invalid, "chưa đến")
			h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on.AddDays(-1), Persons: persons}, desk.Invalid, "nhập sau")
		}
		if st.Contest == "" {
			h.do(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: persons})
			h.no(procedure.ApproveStep{Ref: r, Step: st.ID, Persons: persons, Summoned: 10, Present: 11, For: 9}, desk.Invalid, "không quá")
			h.no(procedure.ApproveStep{Ref: r, Step: st.ID, Persons: persons, Summoned: 10, Present: 10, For: 5}, desk.Refused, "chưa được thông qua")
			h.do(procedure.ApproveStep{Ref: r, Step: st.ID, Persons: persons, Summoned: 10, Present: 10, For: 9})
			continue
		}
		h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: persons, Team: []string{b(1), a(1)}}, desk.Refused, "Người liên quan")
		h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: persons}, desk.Invalid, "tổ kiểm phiếu")
		h.do(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: persons, Team: []string{b(1), b(2)}})
		h.no(procedure.OpenStep{Ref: r, Step: st.ID, On: on, Persons: persons, Team: []string{b(1), b(2)}}, desk.Refused, "đang mở")
		votes := map[string]int64{}
		for k, p := range persons {
			votes[p] = 9
			if k > 0 {
				votes[p] = 1
			}
		}
		wrong := figures(10, 10, votes)
		wrong.Ballots.Collected = n(11)
		h.no(procedure.CountStep{Ref: r, Step: st.ID, Figures: wrong}, desk.Refused, "mâu thuẫn")
		missing := figures(10, 10, votes)
		missing.Votes = map[string]int64{}
		h.no(procedure.CountStep{Ref: r, Step: st.ID, Figures: missing}, desk.Invalid, "Thiếu số phiếu")
		h.do(procedure.CountStep{Ref: r, Step: st.ID, Figures: figures(10, 10, votes)})
		s := h.get(r.ID)
		if got := s.Step(st.ID); !got.Done() || !slices.Contains(got.Passed, a(1)) {
			h.t.Fatalf("step %s: %+v, passed %v", st.ID, got.Result, got.Passed)
		}
		if s.Differs(st) {
			h.no(procedure.Explain{Ref: r, Step: st.ID, Paper: procedure.Paper{}, Words: "x"}, desk.Invalid, "Cần số")
			h.do(procedure.Explain{Ref: r, Step: st.ID, Paper: paper("9-BC", days[2+i]), Words: "đã làm rõ"})
		}
	}
}

// after plays from submission to the registry.
func (h *house) after(r procedure.Ref, who, outcome string, days [9]string) {
	h.t.Helper()
	t := h.t
	h.at(days[7])
	h.no(procedure.Appraise{Ref: r, Paper: paper("1", days[7]), Yes: true}, desk.Refused, "chưa trình")
	h.no(procedure.Submit{Ref: r, Paper: paper("7-TTr", days[7]), Person: a(3)}, desk.Invalid, "bước cuối chọn")
	h.do(procedure.GiveOpinion{Ref: r, Differs: true, Body: "một ủy viên", Words: "có ý kiến khác"})
	h.do(procedure.Submit{Ref: r, Paper: paper("7-TTr", days[7]), Person: who})
	asked := h.do(procedure.AskOpinion{Ref: r, Body: "Ủy ban Kiểm tra Tỉnh ủy", Paper: paper("8-CV", days[7])}).Entries[0].Index
	h.no(procedure.Appraise{Ref: r, Paper: paper("2", days[7]), Yes: true}, desk.Refused, "chưa trả lời")
	h.do(procedure.AnswerOpinion{Ref: r, Asked: asked, Paper: paper("9-CV", days[7]), Agree: true})
	h.do(procedure.ReceiveLetter{Ref: r, Letter: "letter/1", Person: who, Paper: paper("", days[7]), Words: "tố cáo"})
	h.no(procedure.Appraise{Ref: r, Paper: paper("2", days[7]), Yes: true}, desk.Refused, "đơn thư")
	h.do(procedure.CloseLetter{Ref: r, Letter: "letter/1", Outcome: "handled", Paper: paper("11-KL", days[7]), Words: "không có căn cứ"})
	h.do(procedure.Appraise{Ref: r, Paper: paper("12-PTĐ", days[7]), Yes: true})
	h.at(days[8])
	from := day(days[8])
	last := procedure.Decision{Ref: r, Paper: paper("100-QĐ", days[8]), Outcome: outcome, Person: who, From: from, Post: "post/moi"}
	wrong := last
	wrong.Person = a(3)
	h.no(wrong, desk.Invalid, "đã trình")
	wrong = last
	if wrong.Outcome = procedure.OutcomeDesignate; outcome == wrong.Outcome {
		wrong.Outcome = procedure.OutcomeAppoint
	}
	h.no(wrong, desk.Invalid, "không kết thúc bằng cách ấy")
	// Identity facts are locked until the end.
	correct := person.Change{Person: who, Home: "org/tinh", From: from, Identity: person.Identity{Name: "Nguyễn Văn Khác", Born: born("1985")}}
	h.no(correct, desk.Refused, "bị khóa")
	h.do(last)
	if outcome == procedure.OutcomePutForward {
		h.do(procedure.Elected{Ref: r, On: from, Contest: "dh/ban-chap-hanh", Yes: true, Post: "post/moi", Paper: paper("1-BB", days[8])})
		h.no(correct, desk.Refused, "bị khóa")
		h.do(procedure.Ratify{Ref: r, Paper: paper("2-QĐ", days[8])})
	}
	s := h.get(r.ID)
	if s.Phase != procedure.Ended {
		t.Fatalf("the case is %s", s.Phase)
	}
	h.no(procedure.Stop{Ref: r, Reason: "x"}, desk.Refused, "đã kết thúc")
	h.do(correct)
	if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
		posts, err := person.Posts(t.Context(), tx, who, org.Now(from))
		if err == nil && !slices.ContainsFunc(posts, func(p person.Post) bool { return p.ID == "post/moi" && p.From == from }) {
			t.Errorf("the registry has %+v", posts)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
