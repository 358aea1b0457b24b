package document_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// caseHouse is a personnel case of 2024 under 80-QĐ/TW, played phase by phase.
type caseHouse struct {
	t     *testing.T
	d     *desk.Desk
	db    *store.DB
	clock *desktest.Clock
	ref   procedure.Ref
	forms int
}

const caseWho, caseRival = "person/c1", "person/c2"

func openCase(t *testing.T, db *store.DB) *caseHouse {
	t.Helper()
	h := &caseHouse{t: t, db: db, clock: &desktest.Clock{}, ref: procedure.Ref{ID: "pho-giam-doc", Org: "org/so"}}
	h.clock.Set(time.Date(2010, 1, 1, 3, 0, 0, 0, time.UTC))
	cfg := desktest.Config(t, db, org.Room(), person.Room(), account.Room(), regulation.Room(), meeting.Room(), ballotbox.Room(), election.Room(), procedure.Room(), document.Room())
	cfg.Clock, cfg.Rules = h.clock.Now, regulation.NewRuleBook(nil)
	h.d = desktest.Open(t, cfg)
	h.do(org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01")},
		org.Found{ID: "org/so", Title: "Sở Nội vụ (mẫu)", Kind: org.StateAgency, Parent: "org/tinh", From: vn.MustDate("1990-01-01")})
	for i, name := range []string{"Vũ Thị Cúc", "Đỗ Văn Dũng", "Hồ Thị Kiểm", "Mai Văn Phiếu"} {
		id := fmt.Sprintf("person/c%d", i+1)
		who := person.Identity{Name: name, Gender: "female", Ethnicity: "Kinh", Hometown: "xã Ví Dụ"}
		who.Born, _ = vn.ParsePartial("1980-06-15")
		h.do(person.Record{ID: id, Home: "org/tinh", Sample: true, From: vn.MustDate("2000-01-01"), Identity: who},
			person.TakePost{ID: fmt.Sprintf("post/c%d", i+1), Person: id, Org: "org/so", Title: "staff", From: vn.MustDate("2010-01-01")})
	}
	h.do(person.RecordFact{Person: caseWho, Home: "org/tinh", Block: "theory", Content: person.FactContent{Values: map[string]string{"level": "cao-cap"}, From: vn.PartialDate{Year: 2009}, Source: person.FactSource{Kind: "diploma"}}})
	h.do(person.RecordFact{Person: caseWho, Home: "org/tinh", Block: "asset", Item: "fact/ke-khai", Content: person.FactContent{Values: map[string]string{"kind": "yearly"}, From: vn.PartialDate{Year: 2009, Month: 12, Day: 20}, Source: person.FactSource{Kind: "declaration", Number: "3-KK"}}})
	h.do(procedure.SetTable{Table: procedure.Managing, From: vn.MustDate("2010-01-01"), Rows: []procedure.TableRow{{Kind: org.StateAgency, Title: "deputy-director", Level: "diện Ban Thường vụ", Decides: "Ban Thường vụ Tỉnh ủy", Appraises: "Ban Tổ chức Tỉnh ủy", Signs: "Bí thư"}}})
	return h
}

func (h *caseHouse) do(acts ...desk.Act) {
	h.t.Helper()
	for _, a := range acts {
		desktest.Do(h.t, h.d, "officer", a)
	}
}

func (h *caseHouse) at(on string) string {
	d := vn.MustDate(on)
	h.clock.Set(time.Date(d.Year, d.Month, d.Day, 2, 0, 0, 0, time.UTC))
	return on
}

func casePaper(no, on string) procedure.Paper {
	return procedure.Paper{Number: no, Date: vn.MustDate(on), Where: "tủ 3"}
}

// prepared opens the case, asks consent and checks both persons.
func (h *caseHouse) prepared() {
	h.t.Helper()
	r, on, yes := h.ref, h.at("2024-06-03"), true
	quota := int64(3)
	h.do(procedure.Open{Ref: r, Procedure: "appointment-local", On: vn.MustDate(on), Title: "deputy-director", Seats: 1, Quota: &quota, Class: procedure.Secret, Need_: "Khuyết 01 người do nghỉ hưu {1}"},
		procedure.AskConsent{Ref: r, Paper: casePaper("20-TTr", on)})
	h.at("2024-06-05")
	h.do(procedure.GiveConsent{Ref: r, Paper: casePaper("88-TB/TU", "2024-06-05"), Yes: true})
	lib, err := rule.Builtin()
	if err != nil {
		h.t.Fatal(err)
	}
	_, def, err := lib.Procedure("appointment-local", vn.MustDate(on))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range []string{caseWho, caseRival} {
		h.do(procedure.AddPerson{Ref: r, Person: p}, procedure.GiveFacts{Ref: r, Person: p, Facts: procedure.Facts{Planned: &yes, NoDiscipline: true}})
		for _, k := range def.Conditions {
			if k.Fact == "judged" {
				h.do(procedure.Judge{Ref: r, Person: p, Condition: k.ID, State: procedure.Met, Paper: casePaper("12-XN", on)})
			}
		}
	}
}

// stepped plays the five steps.
func (h *caseHouse) stepped() {
	h.t.Helper()
	r := h.ref
	h.at("2024-06-10")
	h.do(procedure.OpenStep{Ref: r, Step: "1", On: vn.MustDate("2024-06-10"), Persons: []string{caseWho, caseRival}},
		procedure.ApproveStep{Ref: r, Step: "1", Persons: []string{caseWho, caseRival}, Summoned: 5, Present: 5, For: 5})
	n := func(v int64) *int64 { return &v }
	for i, votes := range []map[string]int64{{caseWho: 26, caseRival: 12}, {caseWho: 5}, {caseWho: 33}, {caseWho: 5}} {
		step, on := fmt.Sprint(i+2), h.at(fmt.Sprintf("2024-06-1%d", i+1))
		if i >= 2 {
			h.do(procedure.DecideReading{Ref: r, Item: rule.StepItem("appointment-local", step), Reading: rule.MainReading, Paper: casePaper("15-KL", on), Reason: "kết luận cách làm"})
		}
		if step == "5" {
			h.do(procedure.GiveOpinion{Ref: r, Body: "Đảng ủy Sở", Paper: casePaper("14-CV/ĐU", on), Words: "Nhất trí"})
		}
		var who []string
		against, all := map[string]int64{}, int64(0)
		for p, v := range votes {
			who, all = append(who, p), all+v
		}
		slices.Sort(who)
		for p, v := range votes {
			against[p] = all - v
		}
		h.do(procedure.OpenStep{Ref: r, Step: step, On: vn.MustDate(on), Persons: who, Team: []string{"person/c3", "person/c4"}},
			procedure.CountStep{Ref: r, Step: step, Figures: procedure.Figures{Summoned: n(all + 1), Present: n(all), Incumbents: n(all + 1), Votes: votes, Disagree: against,
				Ballots: vote.Ballots{Issued: n(all), Collected: n(all), Valid: n(all), Invalid: n(0)}}})
	}
}

func (h *caseHouse) lacks(kind document.PaperKind, about string) []rule.Words {
	h.t.Helper()
	var out []rule.Words
	if err := h.d.Read(h.t.Context(), func(tx *store.Tx) error {
		lib, err := h.d.Rules(h.t.Context(), tx)
		if err == nil {
			out, err = document.CasePaperLacks(h.t.Context(), tx, lib, kind, h.ref.ID, about)
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return out
}

// make makes a paper and gives it with what its files say.
func (h *caseHouse) make(kind document.PaperKind, about string, set document.CaseSetting) (p *document.MadePaper, pdf, word string) {
	h.t.Helper()
	rc, err := document.MakeCasePaper(h.t.Context(), h.d, h.db, h.form(), kind, h.ref.ID, h.ref.Org, about, set)
	if err != nil {
		h.t.Fatalf("%s: %v", kind, err)
	}
	if err := h.d.Read(h.t.Context(), func(tx *store.Tx) error {
		if p, err = document.CasePaperAt(h.t.Context(), tx, h.ref.ID, rc.Entries[0].Index); err != nil {
			return err
		}
		raw, err := document.PaperFile(h.t.Context(), tx, p, document.PaperPDFFile)
		if err != nil {
			return err
		}
		pdf = strings.Join(strings.Fields(paperText(h.t, raw)), " ")
		if raw, err = document.PaperFile(h.t.Context(), tx, p, document.PaperDOCXFile); err != nil {
			return err
		}
		f, err := docx.Open(raw)
		if err == nil {
			word = strings.Join(strings.Fields(f.Text()), " ")
		}
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return p, pdf, word
}

func (h *caseHouse) form() document.Form {
	h.forms++
	return document.Form{ID: fmt.Sprintf("giay-%d", h.forms), Seen: desk.AnySeen, Actor: "officer", Now: h.clock.Now()}
}

// says holds a paper against the words that must stand in the PDF and in Word.
func says(t *testing.T, what, pdf, word string, want ...string) {
	t.Helper()
	for _, w := range want {
		for from, text := range map[string]string{"PDF": pdf, "Word": word} {
			if !strings.Contains(text, w) {
				t.Errorf("%s, %s: no “%s” in\n%s", what, from, w, text)
			}
		}
	}
}

// TestCasePapers: each paper of a case waits until its facts are recorded, says
// what the entries say in Word and PDF alike, and is bound by hash.
func TestCasePapers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openCase(t, db)
		set := document.CaseSetting{PaperSetting: document.PaperSetting{Body: "Sở Nội vụ (mẫu)", Place: "Ví Dụ", Signers: []document.Signer{{For: "T/M TẬP THỂ LÃNH ĐẠO", Post: "GIÁM ĐỐC", Name: "Lê Văn Ký"}}}}
		h.prepared()
		if l := h.lacks(document.ExtractList, ""); len(l) > 0 {
			t.Errorf("the extract list waits for %v", l)
		}
		if l := h.lacks(document.Submission, caseWho); len(l) == 0 || !strings.Contains(l[0].VI, "bước 1") {
			t.Errorf("before the steps the submission waits for %v", l)
		}
		_, pdf, word := h.make(document.ExtractList, "", set)
		says(t, "extract list", pdf, word, "DANH SÁCH TRÍCH NGANG", "Vũ Thị Cúc", "15/6/1980", "Lý luận chính trị: Cao cấp", "MẬT")
		h.stepped()
		if l := h.lacks(document.StepMinutes, "1"); len(l) != 1 {
			t.Errorf("minutes of a step that was not counted wait for %v", l)
		}
		_, pdf, word = h.make(document.StepMinutes, "2", set)
		says(t, "step minutes", pdf, word, "kiểm phiếu", "Hồ Thị Kiểm, Mai Văn Phiếu", "Triệu tập 39; có mặt 38", "phát ra 38; thu về 38; hợp lệ 38; không hợp lệ 0", "66,67%", "26 phiếu, quá 1/2 của mẫu số 39")
		h.course(set)
		if l := h.lacks(document.AppraisalSheet, caseWho); len(l) != 1 || !strings.Contains(l[0].VI, "tờ trình") {
			t.Errorf("before the submission the appraisal waits for %v", l)
		}
		made, pdf, word := h.make(document.Submission, caseWho, set)
		says(t, "submission", pdf, word, "TỜ TRÌNH", "Kính trình: Ban Thường vụ Tỉnh ủy", "80-QĐ/TW, ngày 18/8/2022", "88-TB/TU", "Khuyết 01 người do nghỉ hưu {1}", "Số lượng được giao: 3", "66,67%", "Nhất trí", "bổ nhiệm đồng chí Vũ Thị Cúc")
		h.forgeries(made)
		if _, err := document.MakeCasePaper(t.Context(), h.d, db, h.form(), document.Submission, h.ref.ID, h.ref.Org, caseRival, set); err == nil {
			t.Error("a submission for somebody the last step did not choose")
		}
		h.at("2024-06-17")
		h.do(procedure.Submit{Ref: h.ref, Paper: casePaper("31-TTr/SNV", "2024-06-17"), Person: caseWho})
		if _, err := document.MakeCasePaper(t.Context(), h.d, db, h.form(), document.AppraisalSheet, h.ref.ID, h.ref.Org, caseWho, set); err == nil || !strings.Contains(err.Error(), "appraisal") {
			t.Errorf("an appraisal without its opinion: %v", err)
		}
		noted := set
		noted.Notes, noted.Sign = "Đủ điều kiện, đề nghị xem xét.", "12-PTĐ/BTCTU"
		_, pdf, word = h.make(document.AppraisalSheet, caseWho, noted)
		says(t, "appraisal", pdf, word, "Số 12-PTĐ/BTCTU", "26 phiếu, quá 1/2 của mẫu số 39", "Bản kê khai tài sản", "20/12/2009", "Hồ sơ cán bộ, mục", "Đủ điều kiện, đề nghị xem xét.", "không có quan hệ gia đình")
		if l := h.lacks(document.CaseDecision, caseWho); len(l) == 0 || !strings.Contains(l[0].VI, "thẩm định") {
			t.Errorf("before the appraisal the decision waits for %v", l)
		}
		h.do(procedure.Appraise{Ref: h.ref, Paper: casePaper("12-PTĐ/BTCTU", "2024-06-17"), Yes: true, Words: "Đồng ý"})
		_, pdf, word = h.make(document.AppraisalSheet, caseWho, set)
		says(t, "appraisal as recorded", pdf, word, "Đồng ý với đề nghị")
		last := set
		last.Body, last.Outcome, last.Since, last.Number, last.Organ = "Ban Thường vụ Tỉnh ủy", procedure.OutcomeAppoint, vn.MustDate("2024-07-01"), 210, "TU"
		_, pdf, word = h.make(document.CaseDecision, caseWho, last)
		says(t, "decision", pdf, word, "Số 210-QĐ/TU", "BAN THƯỜNG VỤ TỈNH ỦY QUYẾT ĐỊNH", "Điều 1. Bổ nhiệm đồng chí Vũ Thị Cúc", "giữ chức vụ Phó Giám đốc, Sở Nội vụ (mẫu)", "có hiệu lực từ ngày 1/7/2024")
		desktest.CheckRebuild(t, h.d)
	})
}

// course makes "Diễn biến quy trình": each step with its days, people, ballots,
// votes and shares on one page, a number put in by hand is refused, and the
// checkpoint stands in the foot, on a slip, or nowhere, as asked.
func (h *caseHouse) course(set document.CaseSetting) {
	h.t.Helper()
	made, pdf, word := h.make(document.CourseSheet, "", set)
	says(h.t, "course", pdf, word, "DIỄN BIẾN QUY TRÌNH", "Chủ trương: văn bản số 88-TB/TU", "Họp 11/6/2024", "Nhập 11/6/2024", "Vũ Thị Cúc", "66,67%", "Không công bố", "Nhất trí")
	h.forgeries(made)
	for seal, want := range map[document.Seal]struct {
		pages int
		code  bool
		slip  bool
	}{document.SealFooter: {1, true, false}, document.SealSlip: {2, true, true}, document.SealNone: {1, false, false}} {
		again := set
		again.Seal = seal
		p, pdf, _ := h.make(document.CourseSheet, "", again)
		codes := 0
		if err := h.d.Read(h.t.Context(), func(tx *store.Tx) error {
			raw, err := document.PaperFile(h.t.Context(), tx, p, document.PaperPDFFile)
			if n := bytes.Count(raw, []byte("/Type /Page\n")); n != want.pages {
				h.t.Errorf("%s: the course has %d pages", seal, n)
			}
			codes = bytes.Count(raw, []byte("/Subtype /Image"))
			return err
		}); err != nil {
			h.t.Fatal(err)
		}
		if (codes > 0) != want.code || strings.Contains(pdf, "PHIẾU KIỂM CHỨNG") != want.slip {
			h.t.Errorf("%s: %d codes on the paper: %s", seal, codes, pdf)
		}
	}
}

// forgeries: what a paper says that the case does not is refused.
func (h *caseHouse) forgeries(made *document.MadePaper) {
	h.t.Helper()
	for what, change := range map[string]func(p *document.Paper){
		"a vote too many":     func(p *document.Paper) { p.Figures[0].Value++ },
		"another entry":       func(p *document.Paper) { p.Figures[0].Entry = 0 },
		"a number uncited":    func(p *document.Paper) { p.Parts[0].Text[0] += " 38 phiếu" },
		"words put in":        func(p *document.Paper) { h.said(p).Text[0] += "!" },
		"a number as words":   func(p *document.Paper) { p.Parts[0].Said = h.said(p).Said },
		"words of nobody":     func(p *document.Paper) { h.said(p).Said = 1 },
		"a table of no kind":  func(p *document.Paper) { h.table(p).ID = "khac" },
		"a bare cell":         func(p *document.Paper) { h.table(p).Rows[0][2] = "7" },
		"another case":        func(p *document.Paper) { p.Case = "khac" },
		"a paper of an event": func(p *document.Paper) { p.Kind = document.Script },
	} {
		p, err := document.ParsePaper(made.Model)
		if err != nil {
			h.t.Fatal(err)
		}
		change(p)
		raw, err := p.Canonical()
		if err != nil {
			h.t.Fatal(err)
		}
		files := map[string]string{}
		for k, v := range made.Files {
			files[k] = v
		}
		sum := sha256.Sum256(raw)
		files[document.PaperModelFile] = hex.EncodeToString(sum[:])
		act := document.RecordCasePaper{Case: h.ref.ID, Org: h.ref.Org, Files: files, Model: json.RawMessage(raw)}
		if e := desktest.MustRefuse(h.t, h.d, "officer", act, desk.Invalid); e == nil {
			h.t.Errorf("%s: not refused", what)
		}
	}
}

func (h *caseHouse) said(p *document.Paper) *document.Part {
	for i := range p.Parts {
		if p.Parts[i].Said != 0 {
			return &p.Parts[i]
		}
	}
	h.t.Fatal("the paper repeats no words")
	return nil
}

func (h *caseHouse) table(p *document.Paper) *document.PaperTable {
	for i := range p.Parts {
		if p.Parts[i].Table != nil {
			return p.Parts[i].Table
		}
	}
	h.t.Fatal("the paper has no table")
	return nil
}

// TestCasePaperErased: the words of the case and a paper can be erased; what is
// left says so, and later papers are made without the words.
func TestCasePaperErased(t *testing.T) {
	db := storetest.SQLite(t)
	h := openCase(t, db)
	h.prepared()
	h.stepped()
	set := document.CaseSetting{PaperSetting: document.PaperSetting{Body: "Sở Nội vụ (mẫu)"}}
	made, _, _ := h.make(document.Submission, caseWho, set)
	h.do(desk.EraseBlockAct{Index: made.Entry, Block: "words", Decision: "1-QĐ 2024"})
	if err := h.d.Read(t.Context(), func(tx *store.Tx) error {
		p, err := document.CasePaperAt(t.Context(), tx, h.ref.ID, made.Entry)
		if err != nil {
			return err
		}
		if p.Model != nil {
			t.Error("the paper is still there")
		}
		if _, err := document.PaperFile(t.Context(), tx, p, document.PaperPDFFile); err == nil {
			t.Error("its PDF is still there")
		}
		es, err := procedure.Timeline(t.Context(), tx, h.ref.ID, -1)
		if err != nil {
			return err
		}
		made.Entry = es[0].Entry
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	h.do(desk.EraseBlockAct{Index: made.Entry, Block: "words", Decision: "1-QĐ 2024"})
	if _, pdf, _ := h.make(document.Submission, caseWho, set); strings.Contains(pdf, "nghỉ hưu") {
		t.Error("a paper repeats words that were erased")
	}
	desktest.CheckRebuild(t, h.d)
}
