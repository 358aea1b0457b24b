package procedure_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"testing"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// under80 is a case under 80-QĐ/TW up to the review of step 1, with two
// eligible persons.
func under80(t *testing.T, db *store.DB) (*house, procedure.Ref, *rule.Procedure) {
	t.Helper()
	h := open(t, db, "2024-06-03")
	r := procedure.Ref{ID: "pgd-2024", Org: "org/so"}
	_, def, err := builtin(t).Procedure("appointment-local", day("2024-06-03"))
	if err != nil {
		t.Fatal(err)
	}
	h.do(procedure.Open{Ref: r, Procedure: "appointment-local", On: day("2024-06-03"), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
	h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", "2024-06-03")})
	h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2024-06-03"), Yes: true})
	for i := 1; i <= 3; i++ {
		h.eligible(r, def, a(i), "2024-06-03")
	}
	h.do(procedure.OpenStep{Ref: r, Step: "1", On: day("2024-06-03"), Persons: []string{a(1), a(2), a(3)}})
	h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{a(1), a(2), a(3)}, Summoned: 10, Present: 10, For: 10})
	return h, r, def
}

// The clock of 80-QĐ/TW: thirty working days from consent.
func TestDeadlineInWorkingDays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		if got := h.get(r.ID).Consent.RunDue; got != day("2024-07-15") {
			t.Errorf("30 working days from 3/6/2024 end on %s", got)
		}
	})
}

// Nobody is above half in step 2: the readings of the unverified rule differ,
// the case stops until the body decides, and the step is reckoned again.
func TestUnsettledStepStopsTheCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		on := day("2024-06-03")
		h.do(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2), a(3)}, Team: []string{b(1)}})
		f := figures(100, 100, map[string]int64{a(1): 40, a(2): 30, a(3): 30})
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f})
		s := h.get(r.ID)
		if st := s.Step("2"); st.Result.Status != vote.Unsettled || st.Done() || len(st.Passed) != 0 {
			t.Fatalf("step 2: %s, done %v, passed %v", st.Result.Status, st.Done(), st.Passed)
		}
		h.no(procedure.OpenStep{Ref: r, Step: "3", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "bước 2 trước")
		h.no(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "cách hiểu")
		h.no(procedure.DecideReading{Ref: r, Item: "personnel.quorum", Reading: "main", Paper: paper("1", "2024-06-03"), Reason: "x"}, desk.Refused, "chưa xác nhận")
		h.no(procedure.DecideReading{Ref: r, Item: "personnel.majority", Reading: "none", Paper: paper("1", "2024-06-03"), Reason: "x"}, desk.Invalid, "cách hiểu")
		h.do(procedure.DecideReading{Ref: r, Item: "personnel.majority", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		h.do(procedure.DecideReading{Ref: r, Item: "personnel.step2-none", Reading: "top-two", Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		h.no(procedure.CountStep{Ref: r, Step: "2", Figures: f}, desk.Invalid, "nội dung") // reckoning again needs its reason
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f, Reason: "đã có kết luận về cách hiểu"})
		if st := h.get(r.ID).Step("2"); !st.Done() || !slices.Equal(st.Passed, []string{a(1), a(2), a(3)}) { // two are second with as many votes
			t.Errorf("after the decision: %s, passed %v", st.Result.Status, st.Passed)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// Two keepers attest the reading instead: the pinned edition then decides.
func TestAttestedReadingDecides(t *testing.T) {
	lib := builtin(t)
	e, p, err := lib.Procedure("appointment-local", day("2020-06-15"))
	if err != nil {
		t.Fatal(err)
	}
	after, err := lib.Attest(rule.Attestation{Document: e.Document.Ref(), Edition: e.ID, Item: rule.StepItem(p.ID, "4"), Choice: "not-held"})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := after.SettledStep(e, p, p.Step("4")); !ok || c != "not-held" {
		t.Errorf("%q %v", c, ok)
	}
}

// A step 3 that chooses somebody else than step 2 is explained and reported
// before the case goes on; somebody from outside the list is proposed in step 2.
func TestOutsideAndDifference(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, def := under80(t, db)
		on := day("2024-06-03")
		h.no(procedure.AddPerson{Ref: r, Person: a(4)}, desk.Refused, "đã thông qua")
		h.no(procedure.AddPerson{Ref: r, Person: a(4), Step: "2"}, desk.Refused, "không đang mở")
		h.do(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2), a(3)}, Team: []string{b(1)}})
		h.do(procedure.AddPerson{Ref: r, Person: a(4), Step: "2"})
		votes := map[string]int64{a(1): 60, a(2): 20, a(3): 10, a(4): 10}
		h.no(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 100, votes)}, desk.Refused, "ngoài danh sách")
		h.do(procedure.GiveFacts{Ref: r, Person: a(4), Facts: procedure.Facts{Planned: yes(true), NoDiscipline: true}})
		h.papers(r, def, a(4), "2024-06-03")
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(100, 100, votes)})
		for _, st := range []string{"3"} {
			h.do(procedure.OpenStep{Ref: r, Step: st, On: on, Persons: []string{a(1), a(4)}, Team: []string{b(1)}})
			h.do(procedure.CountStep{Ref: r, Step: st, Figures: figures(10, 10, map[string]int64{a(1): 2, a(4): 8})})
		}
		h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/4", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		h.no(procedure.OpenStep{Ref: r, Step: "4", On: on, Persons: []string{a(4)}, Team: []string{b(1)}}, desk.Refused, "khác bước 2")
		h.do(procedure.Explain{Ref: r, Step: "3", Paper: paper("9-BC", "2024-06-03"), Words: "tập thể lãnh đạo chọn người ngoài danh sách"})
		h.no(procedure.OpenStep{Ref: r, Step: "4", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "chỉ lấy người của bước 3")
		h.do(procedure.OpenStep{Ref: r, Step: "4", On: on, Persons: []string{a(4)}, Team: []string{b(1)}})
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// A reading that says a step is not held passes it over.
func TestStepPassedOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		on := day("2024-06-03")
		for _, st := range []string{"2", "3"} {
			h.do(procedure.OpenStep{Ref: r, Step: st, On: on, Persons: []string{a(1)}, Team: []string{b(1)}})
			h.do(procedure.CountStep{Ref: r, Step: st, Figures: figures(10, 10, map[string]int64{a(1): 9})})
		}
		h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/4", Reading: "not-held", Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/5", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", "2024-06-03")})
		h.do(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(1)}, Team: []string{b(1)}})
		rc := h.do(procedure.CountStep{Ref: r, Step: "5", Figures: figures(10, 10, map[string]int64{a(1): 9})})
		if n := len(rc.Entries); n != 2 || rc.Entries[1].Kind != "procedure.steps-finished/1" {
			t.Errorf("the last step gives %d entries", n)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// finish brings a case under 80 to the appraisal of a person.
func (h *house) finish(r procedure.Ref, who string) {
	on := day("2024-06-03")
	for _, st := range []string{"2", "3", "4", "5"} {
		if st == "4" || st == "5" {
			h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/" + st, Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
		}
		if st == "5" {
			h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", "2024-06-03")})
		}
		h.do(procedure.OpenStep{Ref: r, Step: st, On: on, Persons: []string{who}, Team: []string{b(1)}})
		h.do(procedure.CountStep{Ref: r, Step: st, Figures: figures(10, 10, map[string]int64{who: 9})})
	}
	h.do(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-06-03"), Person: who})
	h.do(procedure.Appraise{Ref: r, Paper: paper("12-PTĐ", "2024-06-03"), Yes: true})
}

// Relatives: the spouse is director of the same agency, so the post of deputy
// is refused under 114 until the decision of the competent level is recorded.
func TestRelativesInTheRegistry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		h.do(procedure.SetTable{Table: procedure.PostClasses, From: day("2020-01-01"), Rows: []procedure.TableRow{
			{Kind: org.StateAgency, Title: "director", Classes: []string{"unit-head"}}, {Kind: org.StateAgency, Title: "deputy-director", Classes: []string{"unit-deputy-head"}}}})
		h.do(person.TakePost{ID: "post/gd", Person: b(3), Org: "org/so", Title: "director", From: day("2020-01-01")})
		h.do(person.RecordKin{ID: "kin/1", Person: a(1), Home: "org/tinh", Other: b(3), Tie: "spouse", Decision: org.Decision{Number: "bản kê khai"}})
		h.finish(r, a(1))
		d := procedure.Decision{Ref: r, Paper: paper("100-QĐ", "2024-06-03"), Outcome: procedure.OutcomeAppoint, Person: a(1), From: day("2024-06-10"), Post: "post/pgd"}
		if e := h.no(d, desk.Refused, "quan hệ gia đình"); len(e.Verdicts) != 1 || e.Verdicts[0].Document != "114-QĐ/TW" {
			t.Errorf("verdicts %+v", e.Verdicts)
		}
		d.Exception = paper("101-KL", "2024-06-03")
		h.do(d)
		if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
			ps, err := person.Posts(t.Context(), tx, a(1), org.Now(day("2024-06-10")))
			if err == nil && !slices.ContainsFunc(ps, func(p person.Post) bool { return p.ID == "post/pgd" }) {
				t.Error("the post is not in the registry")
			}
			before, err2 := person.Posts(t.Context(), tx, a(1), org.Now(day("2024-06-09")))
			if err2 == nil && slices.ContainsFunc(before, func(p person.Post) bool { return p.ID == "post/pgd" }) {
				t.Error("the post is held before its day")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// A post whose body ends before the day is refused by the registry itself.
func TestBodyMustExist(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		h.finish(r, a(1))
		h.do(org.Dissolve{Org: "org/so", From: day("2024-06-05")})
		h.no(procedure.Decision{Ref: r, Paper: paper("100-QĐ", "2024-06-03"), Outcome: procedure.OutcomeAppoint, Person: a(1), From: day("2024-06-10"), Post: "post/pgd"}, desk.Refused, "không tồn tại")
	})
}

// Who is concerned, a relative by record, or has declared a tie, takes no part.
func TestConcernedStepAside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		on := day("2024-06-03")
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/a1", Login: "nguoi-a1", Display: "A1", Person: a(1)})
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/b2", Login: "nguoi-b2", Display: "B2", Person: b(2)})
		step := procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2)}, Team: []string{b(1)}}
		desktest.MustRefuse(t, h.d, "account/a1", step, desk.Refused)
		h.do(person.RecordKin{ID: "kin/1", Person: b(2), Home: "org/tinh", Other: a(2), Tie: "sibling"})
		desktest.MustRefuse(t, h.d, "account/b2", step, desk.Refused)
		step.Team = []string{b(1), b(2)}
		h.no(step, desk.Refused, "quan hệ gia đình")
		h.do(procedure.Declare{Ref: r, Person: b(1), With: a(1), Tie: "other"})
		step.Team = []string{b(1)}
		h.no(step, desk.Refused, "đã khai")
		step.Team = []string{b(3)}
		h.do(step)
		h.no(procedure.SignPaper{Ref: r, Paper: procedure.Paper{Kind: "biên bản", Date: on}, Signers: []string{a(1)}}, desk.Refused, "Người liên quan")
		h.do(procedure.SignPaper{Ref: r, Step: "2", Paper: procedure.Paper{Kind: "biên bản kiểm phiếu", Date: on, Where: "tủ 3"}, Signers: []string{b(3)}})
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// An inspector reads one case until a day, by a decision; the role ends by
// itself and covers no other case.
func TestInspection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		accounts := account.Open(db)
		accounts.Clock = h.clock.Now
		desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/tt", Login: "thanh-tra", Display: "Đoàn kiểm tra"})
		h.no(procedure.OpenAccess{Ref: r, Account: "account/tt", Until: day("2024-06-03"), Paper: paper("1-QĐ", "2024-06-03")}, desk.Invalid, "hết hạn")
		h.do(procedure.OpenAccess{Ref: r, Account: "account/tt", Until: day("2024-06-20"), Paper: paper("1-QĐ", "2024-06-03")})
		may := func(on, subject string) bool {
			ok := false
			if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
				ok = accounts.May(t.Context(), tx, "account/tt", day(on), desk.Need{Right: desk.ReadProcedure, Org: "org/so", Case: subject}) == nil
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !may("2024-06-19", procedure.Subject(r.ID)) || may("2024-06-20", procedure.Subject(r.ID)) || may("2024-06-19", procedure.Subject("khac")) {
			t.Error("access is not bound to the case and its last day")
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// The edition changes in mid-case. Without a transition clause the case keeps
// the editions it was opened under; with one it goes over by a recorded act.
func TestEditionChangesInMidCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		h.at("2025-11-03") // 377 is in force
		h.no(procedure.Move{Ref: r, On: day("2025-11-03"), Reason: "văn bản mới"}, desk.Refused, "điều khoản chuyển tiếp")
		h.no(procedure.Move{Ref: r, On: day("2024-06-10"), Reason: "x"}, desk.Refused, "đúng các bản")
		h.do(procedure.OpenStep{Ref: r, Step: "2", On: day("2025-11-03"), Persons: []string{a(1)}, Team: []string{b(1)}})
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(10, 10, map[string]int64{a(1): 9})})
		for _, p := range h.get(r.ID).Step("2").Result.Pins {
			if p.Document == "377-QĐ/TW" {
				t.Error("a case pinned to 80 was reckoned under 377")
			}
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

const moved = `document: {number: 99-QĐ/TU, date: 2024-06-20, kind: regulation, title: {vi: "Quy định của tỉnh", en: "Regulation of the province"}, issuer: {vi: "Tỉnh ủy", en: "Province committee"}}
edition: "1"
series: appointment-procedure-tu
valid: {from: 2024-06-20, to: 2025-10-07}
replaces: [{number: 80-QĐ/TW, date: 2022-08-18, edition: 2022-quy-trinh}]
transitions:
  - {from: {number: 80-QĐ/TW, date: 2022-08-18}, edition: 2022-quy-trinh, article: "Điều 9", says: {vi: "Hồ sơ đang làm chuyển sang quy định này.", en: "Cases under way go over."}}
procedures:
  - id: appointment-local
    title: {vi: "Bổ nhiệm: hai bước", en: "Appointment: two steps"}
    article: "Điều 3"
    evidence: confirmed
    source: "văn bản của tỉnh"
    ends: [appointment]
    steps:
      - {id: "1", title: {vi: "Bước 1", en: "Step 1"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: leadership-meeting, does: review, persons: plan, participants: {vi: "lãnh đạo", en: "leadership"}}
      - {id: "2", title: {vi: "Bước 2", en: "Step 2"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: enlarged-leadership-meeting, does: vote, contest: personnel-step/appointment-local/2, persons: step, of: "1", participants: {vi: "mở rộng", en: "enlarged"}}
`

func TestTransitionClauseMovesTheCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		h.at("2024-06-20")
		h.do(regulation.AddEdition{File: "99.yaml", YAML: moved})
		h.do(procedure.Move{Ref: r, On: day("2024-06-20"), Reason: "theo Điều 9"})
		h.do(procedure.OpenStep{Ref: r, Step: "2", On: day("2024-06-20"), Persons: []string{a(1)}, Team: []string{b(1)}})
		rc := h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(10, 10, map[string]int64{a(1): 9})})
		if len(rc.Entries) != 2 || h.get(r.ID).Phase != procedure.Finished {
			t.Errorf("two steps and the case is %s", h.get(r.ID).Phase)
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// A case transcribed from paper takes days gone by without reasons for each,
// and stays marked; an ordinary one wants the reason.
func TestTranscribed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, "2026-03-02")
		r := procedure.Ref{ID: "cu-2023", Org: "org/so"}
		h.do(procedure.Open{Ref: r, Procedure: "appointment-local", On: day("2023-05-04"), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "hồ sơ cũ", Scribed: true})
		h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", "2023-05-04")})
		h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2023-05-08"), Yes: true})
		s := h.get(r.ID)
		if !s.Scribed || s.Pins[0].Document != "80-QĐ/TW" || s.Consent.Given.Body.Late {
			t.Errorf("%+v", s)
		}
		x := procedure.Ref{ID: "nay-2026", Org: "org/so"}
		h.do(procedure.Open{Ref: x, Procedure: "appointment-local", On: day("2026-03-02"), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
		h.at("2026-03-05")
		h.no(procedure.AskConsent{Ref: x, Paper: paper("1-TTr", "2026-03-03")}, desk.Invalid, "nhập sau")
		h.do(procedure.AskConsent{Ref: x, Paper: paper("1-TTr", "2026-03-03"), Late: "gửi giấy trước"})
		if !h.get(x.ID).Consent.Asked.Body.Late {
			t.Error("it is not marked as late")
		}
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// Two officers on one case: one wins, the other is told what changed.
func TestTwoOfficersOnOneCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		seen := h.get(r.ID).Last
		one := procedure.OpenStep{Ref: r, Step: "2", On: day("2024-06-03"), Persons: []string{a(1)}, Team: []string{b(1)}}
		if _, err := h.d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: "x", Act: one}); err != nil {
			t.Fatal(err)
		}
		_, err := h.d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: "y", Act: one})
		if de, ok := err.(*desk.Error); !ok || de.Code != desk.Stale || len(de.Newer) != 1 {
			t.Errorf("the other got %v", err)
		}
	})
}

// signedPage keeps the scan of a page of a signed regulation.
func signedPage(t *testing.T, db *store.DB) (hash string) {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
		hash, err = store.PutBlob(t.Context(), tx, buf.Bytes())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return hash
}

// A threshold that nobody has seen in the signed text stops the case where its
// readings differ. One keeper's word changes nothing; two keepers' does, for
// the case under way too, and the step is counted again under it.
func TestTwoKeepersSettleAThreshold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h, r, _ := under80(t, db)
		on := day("2024-06-03")
		h.do(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2), a(3)}, Team: []string{b(1)}})
		f := figures(100, 100, map[string]int64{a(1): 40, a(2): 29, a(3): 28})
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f})
		stopped := func(when string) {
			t.Helper()
			st := h.get(r.ID).Step("2")
			if st.Result.Status != vote.Unsettled || st.Done() || len(st.Passed) != 0 {
				t.Fatalf("%s: %s, passed %v", when, st.Result.Status, st.Passed)
			}
			h.no(procedure.OpenStep{Ref: r, Step: "3", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "bước 2 trước")
		}
		stopped("before")
		scan := signedPage(t, db)
		v := h.view(r.ID)
		doc := func(item string) (rule.DocRef, string) {
			e, it := v.Item(item)
			if it == nil {
				t.Fatalf("no item %s", item)
			}
			return e.Document.Ref(), e.ID
		}
		for i, x := range [][2]string{{"personnel.majority", rule.MainReading}, {"personnel.step2-none", "top-two"}} {
			d, edition := doc(x[0])
			p := desktest.Do(t, h.d, "lan", regulation.ProposeAttestation{Document: d, Edition: edition, Item: x[0], Choice: x[1], Scan: scan, Page: "trang 14, Điều 21", Note: "bản sao y"}).Entries[0].Index
			h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f, Reason: "tính lại"})
			stopped("one keeper alone")
			desktest.MustRefuse(t, h.d, "lan", regulation.ConfirmAttestation{Document: d, Proposed: p, Choice: x[1]}, desk.Refused)
			desktest.Do(t, h.d, "hà", regulation.ConfirmAttestation{Document: d, Proposed: p, Choice: x[1]})
			if i == 0 {
				h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f, Reason: "tính lại"})
				stopped("one of two items attested")
			}
		}
		h.do(procedure.CountStep{Ref: r, Step: "2", Figures: f, Reason: "hai người giữ quy định đã đối chiếu văn bản"})
		if st := h.get(r.ID).Step("2"); !st.Done() || !slices.Equal(st.Passed, []string{a(1), a(2)}) {
			t.Errorf("after both attested: %s, passed %v", st.Result.Status, st.Passed)
		}
		h.no(procedure.DecideReading{Ref: r, Item: "personnel.step2-none", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "x"}, desk.Refused, "hai người giữ quy định")
		h.leaves(r.ID)
		desktest.CheckRebuild(t, h.d)
	})
}

// A step that two keepers attested not to be held is passed over without a word
// for the case, to the submission.
func TestKeepersAttestAStepAway(t *testing.T) {
	db := storetest.SQLite(t)
	h, r, _ := under80(t, db)
	on := day("2024-06-03")
	scan := signedPage(t, db)
	e := h.view(r.ID).Edition
	for step, choice := range map[string]string{"4": "not-held", "5": rule.MainReading} {
		p := desktest.Do(t, h.d, "lan", regulation.ProposeAttestation{Document: e.Document.Ref(), Edition: e.ID, Item: "appointment-local/" + step, Choice: choice, Scan: scan, Page: "trang 14", Note: "bản sao y"}).Entries[0].Index
		desktest.Do(t, h.d, "hà", regulation.ConfirmAttestation{Document: e.Document.Ref(), Proposed: p, Choice: choice})
	}
	for _, st := range []string{"2", "3"} {
		h.do(procedure.OpenStep{Ref: r, Step: st, On: on, Persons: []string{a(1)}, Team: []string{b(1)}})
		h.do(procedure.CountStep{Ref: r, Step: st, Figures: figures(10, 10, map[string]int64{a(1): 9})})
	}
	h.no(procedure.OpenStep{Ref: r, Step: "4", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "bước 5 trước")
	h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", "2024-06-03")})
	h.no(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(2)}, Team: []string{b(1)}}, desk.Refused, "chỉ lấy người")
	h.do(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(1)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "5", Figures: figures(10, 10, map[string]int64{a(1): 9})})
	if s := h.get(r.ID); s.Phase != procedure.Finished {
		t.Errorf("the case is %s", s.Phase)
	}
	h.leaves(r.ID)
}

const withPaper = `document: {number: 98-QĐ/TU, date: 2024-01-10, kind: regulation, title: {vi: "Quy định của tỉnh", en: "Regulation of the province"}, issuer: {vi: "Tỉnh ủy", en: "Province committee"}}
edition: "1"
series: appointment-tu
valid: {from: 2024-01-10}
parameters:
  - {id: paper_months, title: {vi: "Giấy khám có giá trị", en: "A certificate counts"}, type: count, value: 6, unit: {vi: "tháng", en: "months"}, article: "Điều 2", evidence: confirmed, source: "văn bản của tỉnh"}
procedures:
  - id: appointment-tu
    title: {vi: "Bổ nhiệm: hai bước", en: "Appointment: two steps"}
    article: "Điều 3"
    evidence: confirmed
    source: "văn bản của tỉnh"
    ends: [appointment]
    conditions:
      - {id: health, title: {vi: "Sức khỏe", en: "Health"}, article: "Điều 2", evidence: confirmed, source: "văn bản", fact: judged, paper: health-certificate, months: paper_months}
    steps:
      - {id: "1", title: {vi: "Bước 1", en: "Step 1"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: leadership-meeting, does: review, persons: plan, participants: {vi: "lãnh đạo", en: "leadership"}}
      - {id: "2", title: {vi: "Bước 2", en: "Step 2"}, article: "Điều 3", evidence: confirmed, source: "văn bản", body: enlarged-leadership-meeting, does: vote, contest: personnel-step/appointment-local/2, persons: step, of: "1", participants: {vi: "mở rộng", en: "enlarged"}}
`

// A paper that ran out between the check of the sheet and a meeting carries
// nobody through the step, nor to the submission.
func TestPaperRunsOutBeforeTheStep(t *testing.T) {
	h := open(t, storetest.SQLite(t), "2024-06-03")
	h.do(regulation.AddEdition{File: "98.yaml", YAML: withPaper})
	r := procedure.Ref{ID: "giay-het-han", Org: "org/so"}
	h.do(procedure.Open{Ref: r, Procedure: "appointment-tu", On: day("2024-06-03"), Title: "deputy-director", Seats: 1, Class: procedure.Internal, Need_: "khuyết"})
	h.do(procedure.AskConsent{Ref: r, Paper: paper("1-TTr", "2024-06-03")})
	h.do(procedure.GiveConsent{Ref: r, Paper: paper("1-TB", "2024-06-03"), Yes: true})
	h.do(procedure.AddPerson{Ref: r, Person: a(1)})
	h.do(procedure.Judge{Ref: r, Person: a(1), Condition: "health", State: procedure.Met, Paper: paper("12-GCN", "2024-06-03")})
	h.do(procedure.OpenStep{Ref: r, Step: "1", On: day("2024-06-03"), Persons: []string{a(1)}})
	h.do(procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{a(1)}, Summoned: 10, Present: 10, For: 10})
	step := procedure.OpenStep{Ref: r, Step: "2", On: day("2024-12-03"), Persons: []string{a(1)}, Team: []string{b(1)}}
	h.at("2024-12-04")
	late := step
	late.On = day("2024-12-04")
	h.no(late, desk.Refused, "đã hết hạn")
	step.Late = "biên bản gửi sau" // on the last day it still counted
	h.do(step)
	h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(10, 10, map[string]int64{a(1): 9})})
	h.no(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-12-04"), Person: a(1)}, desk.Refused, "đã hết hạn")
	h.do(procedure.Judge{Ref: r, Person: a(1), Condition: "health", State: procedure.Met, Paper: paper("77-GCN", "2024-12-04")})
	h.do(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-12-04"), Person: a(1)})
	h.leaves(r.ID)
	desktest.CheckRebuild(t, h.d)
}

// What is found after the last step counts: who left, or no longer meets the
// conditions, is neither submitted nor decided on.
func TestChosenAndThenBarred(t *testing.T) {
	h, r, _ := under80(t, storetest.SQLite(t))
	h.no(procedure.GiveFacts{Ref: r, Person: a(1), Facts: procedure.Facts{Planned: yes(true), NoDiscipline: true, Reference: day("2020-01-01")}}, desk.Invalid, "trước ngày mở hồ sơ")
	h.finish(r, a(1)) // submitted and appraised
	d := procedure.Decision{Ref: r, Paper: paper("100-QĐ", "2024-06-03"), Outcome: procedure.OutcomeAppoint, Person: a(1), From: day("2024-06-10"), Post: "post/pgd"}
	h.do(procedure.Judge{Ref: r, Person: a(1), Condition: "file", State: procedure.NotMet, Paper: paper("1-KL", "2024-06-03"), Reason: "lý lịch khai sai"})
	h.no(d, desk.Refused, "không còn đủ điều kiện")
	h.do(procedure.Judge{Ref: r, Person: a(1), Condition: "file", State: procedure.Met, Paper: paper("2-XM", "2024-06-03")})
	h.do(procedure.RemovePerson{Ref: r, Person: a(1), Reason: "xin rút"})
	h.no(d, desk.Refused, "đã rút khỏi hồ sơ")
	h.do(procedure.Decision{Ref: r, Paper: paper("101-CV", "2024-06-03"), Outcome: procedure.OutcomeReturn, Words: "người được trình đã rút"})
	h.leaves(r.ID)
}

// Figures counted anew: an explanation given for the old ones explains nothing,
// and a last step that lost its result is held again.
func TestCountedAnew(t *testing.T) {
	h, r, _ := under80(t, storetest.SQLite(t))
	on := day("2024-06-03")
	h.do(procedure.OpenStep{Ref: r, Step: "2", On: on, Persons: []string{a(1), a(2)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "2", Figures: figures(10, 10, map[string]int64{a(1): 9, a(2): 1})})
	h.do(procedure.OpenStep{Ref: r, Step: "3", On: on, Persons: []string{a(1), a(2)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "3", Figures: figures(10, 10, map[string]int64{a(1): 2, a(2): 8})})
	h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/4", Reading: "not-held", Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
	h.do(procedure.DecideReading{Ref: r, Item: "appointment-local/5", Reading: rule.MainReading, Paper: paper("5-KL", "2024-06-03"), Reason: "kết luận"})
	h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy", Paper: paper("3-CV", "2024-06-03")})
	h.do(procedure.Explain{Ref: r, Step: "3", Paper: paper("9-BC", "2024-06-03"), Words: "đã làm rõ"})
	h.no(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(1)}, Team: []string{b(1)}}, desk.Refused, "chỉ lấy người")
	h.do(procedure.OpenStep{Ref: r, Step: "5", On: on, Persons: []string{a(2)}, Team: []string{b(1)}})
	h.do(procedure.CountStep{Ref: r, Step: "5", Figures: figures(10, 10, map[string]int64{a(2): 9})})
	if p := h.get(r.ID).Phase; p != procedure.Finished {
		t.Fatalf("the case is %s", p)
	}
	h.do(procedure.CountStep{Ref: r, Step: "5", Figures: figures(10, 10, map[string]int64{a(2): 4}), Reason: "đếm nhầm"})
	s := h.get(r.ID)
	if s.Phase != procedure.Running || s.Step("5").Done() {
		t.Errorf("4 of 10 and the case is %s, step 5 done: %v", s.Phase, s.Step("5").Done())
	}
	h.no(procedure.Submit{Ref: r, Paper: paper("7-TTr", "2024-06-03"), Person: a(2)}, desk.Refused, "chưa xong")
	h.leaves(r.ID)
	desktest.CheckRebuild(t, h.d)
}
