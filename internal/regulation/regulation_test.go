package regulation_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// baseFile is a small document of the tests: one parameter nobody doubts, one
// rule whose text nobody has seen.
const baseFile = `document:
  number: 7-QĐ/TW
  date: 2020-01-15
  kind: regulation
  title: {vi: Quy chế thử, en: Test regulation}
edition: "1"
series: test
valid: {from: 2020-02-01}
parameters:
  - id: need_share
    title: {vi: Tỷ lệ phải vượt, en: Share to exceed}
    type: fraction
    value: [1, 2]
    unit: {vi: số phiếu hợp lệ, en: valid ballots}
    article: Điều 3
    evidence: confirmed
    source: bản in
policies:
  - id: test.base
    title: {vi: Mẫu số, en: Base}
    choose: valid-ballots
    says: {vi: Tính trên phiếu hợp lệ., en: Reckoned on valid ballots.}
    article: Điều 2
    evidence: confirmed
    source: bản in
  - id: test.form
    title: {vi: Cách bỏ phiếu, en: Form}
    choose: strike
    says: {vi: Gạch tên., en: Names are struck.}
    article: Điều 2
    evidence: confirmed
    source: bản in
  - id: test.tie
    title: {vi: Bằng phiếu, en: Tie}
    choose: older
    says: {vi: Người nhiều tuổi hơn., en: The older.}
    article: Điều 2
    evidence: confirmed
    source: bản in
rules:
  - id: test.winner
    role: winner
    title: {vi: Trúng cử, en: Elected}
    article: Điều 3
    evidence: unverified
    source: nghe kể
    expr: 'votes * need_share.den > valid * need_share.num'
    holds: {vi: "{votes} phiếu, quá {need_share}.", en: "{votes} votes, more than {need_share}."}
    fails: {vi: "{votes} phiếu, không quá {need_share}.", en: "{votes} votes, not more than {need_share}."}
    readings:
      - id: at-least
        says: {vi: Đúng một nửa cũng trúng cử., en: Exactly one half is enough.}
        expr: 'votes * need_share.den >= valid * need_share.num'
contests:
  - id: test/poll
    title: {vi: Cuộc bầu thử, en: Test poll}
    rules: [test.winner]
    policies: {base: test.base, form: test.form, tie: test.tie}
examples:
  - name: hơn một nửa
    rule: test.winner
    inputs: {votes: 51, valid: 100}
    holds: true
`

const overrideFile = `document:
  number: 12-QĐ/TU
  date: 2026-01-10
  title: {vi: Quyết định của tỉnh, en: Decision of the province}
edition: "1"
series: over/7-qd-tw.2020-01-15
valid: {from: 2026-02-01}
override: {number: 7-QĐ/TW, date: 2020-01-15}
parameters:
  - id: need_share
    title: {vi: Tỷ lệ phải vượt, en: Share to exceed}
    type: fraction
    value: [2, 3]
    unit: {vi: số phiếu hợp lệ, en: valid ballots}
    article: Điều 1
    evidence: confirmed
    source: 12-QĐ/TU
`

var baseDoc = rule.DocRef{Number: "7-QĐ/TW", Date: vn.MustDate("2020-01-15")}

type house struct {
	t    testing.TB
	d    *desk.Desk
	db   *store.DB
	book *regulation.RuleBook
}

func open(t testing.TB, db *store.DB) *house {
	t.Helper()
	base, err := rule.Load(fstest.MapFS{"test.yaml": {Data: []byte(baseFile)}})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, book: regulation.NewRuleBook(base)}
	cfg := desktest.Config(t, db, org.Room(), account.Room(), regulation.Room())
	cfg.Rules = h.book
	h.d = desktest.Open(t, cfg)
	return h
}

func (h *house) lib() *rule.Library {
	h.t.Helper()
	var lib *rule.Library
	err := h.d.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		lib, err = h.d.Rules(h.t.Context(), tx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return lib
}

// scan puts a picture of a page into the blob store.
func (h *house) scan() string {
	h.t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		h.t.Fatal(err)
	}
	var hash string
	err := h.db.Write(h.t.Context(), func(tx *store.Tx) (err error) {
		hash, err = store.PutBlob(h.t.Context(), tx, buf.Bytes())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return hash
}

func (h *house) propose(choice string) regulation.ProposeAttestation {
	return regulation.ProposeAttestation{Document: baseDoc, Edition: "1", Item: "test.winner", Choice: choice,
		Scan: h.scan(), Page: "trang 4, Điều 3", Note: "Bản sao y số 15, lưu tại phòng Tổ chức đảng"}
}

// count is the verdict on 50 votes of 100 on a day.
func (h *house) count(day string) *vote.Result {
	h.t.Helper()
	rec, err := vote.ParseRecord([]byte(`{"id":"x","rules":"test/poll","date":"` + day + `","seats":1,"candidates":[{"id":"a"},{"id":"b"}],
		"ballots":{"valid":100},"votes":{"a":50,"b":20}}`))
	if err != nil {
		h.t.Fatal(err)
	}
	res, err := vote.NewCounter(h.lib()).Count(rec)
	if err != nil {
		h.t.Fatal(err)
	}
	return res
}

func TestOverrideDecidesFromItsFirstDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		rc := desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "12-qd-tu.yaml", YAML: overrideFile})
		if len(rc.Entries) != 1 || rc.Entries[0].Kind != regulation.KindEdition || rc.Entries[0].Subjects[0].ID != "regulation/12-qd-tu.2026-01-10" {
			t.Fatalf("entries: %+v", rc.Entries)
		}
		for day, want := range map[string]string{"2026-01-31": "1/2", "2026-02-01": "2/3"} {
			b, err := h.lib().For("test/poll", vn.MustDate(day))
			if err != nil {
				t.Fatal(err)
			}
			if v, _ := b.Find("test.winner").Param("need_share"); v.String() != want {
				t.Errorf("on %s the share is %s, want %s", day, v, want)
			}
		}
		// The pin names the entry that brought the override in.
		var pinned bool
		for _, p := range h.count("2026-02-02").Pins {
			pinned = pinned || p.Document == "12-QĐ/TU" && p.Recorded == rc.Entries[0].Index+1
		}
		if r := h.count("2026-02-02").Reasons[0]; len(r.Also) != 1 || r.Also[0].Document != "12-QĐ/TU" || !strings.Contains(r.Says.VI, "Mức 2/3 theo Điều 1, 12-QĐ/TU ngày 10/1/2026.") {
			t.Errorf("the verdict does not say where 2/3 comes from: %+v", r)
		}
		if !pinned {
			t.Error("the verdict does not pin the override")
		}
		desktest.CheckRebuild(t, h.d)
	})
}

func TestAttestationNeedsTwoKeepers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		if st := h.count("2026-01-05").Status; st != vote.Unsettled {
			t.Fatalf("before: %s, want unsettled: the readings differ at exactly one half", st)
		}
		p := desktest.Do(t, h.d, "lan", h.propose("at-least")).Entries[0].Index
		if st := h.count("2026-01-05").Status; st != vote.Unsettled {
			t.Errorf("a proposal alone decides: %s", st)
		}
		confirm := regulation.ConfirmAttestation{Document: baseDoc, Proposed: p, Choice: "at-least"}
		no := desktest.MustRefuse(t, h.d, "lan", confirm, desk.Refused)
		if !strings.Contains(no.Says.VI, "người giữ quy định khác") {
			t.Errorf("the same keeper is told %q", no.Says.VI)
		}
		desktest.MustRefuse(t, h.d, "hà", regulation.ConfirmAttestation{Document: baseDoc, Proposed: p, Choice: rule.MainReading}, desk.Refused)
		desktest.MustRefuse(t, h.d, "hà", h.propose("at-least"), desk.Refused) // one proposal at a time
		rc := desktest.Do(t, h.d, "hà", confirm)
		if rc.Entries[0].Kind != regulation.KindAttested {
			t.Fatalf("%+v", rc.Entries)
		}
		res := h.count("2026-01-05")
		if res.Status != vote.Decided || res.Elected[0] != "a" || res.Reasons[0].Evidence != rule.Attested {
			t.Errorf("after: %s %v %+v", res.Status, res.Elected, res.Reasons)
		}
		desktest.MustRefuse(t, h.d, "hà", confirm, desk.Refused)                // closed
		desktest.MustRefuse(t, h.d, "vân", h.propose("at-least"), desk.Refused) // settled so already
		// A later pair may find otherwise: attested anew, the last one decides.
		q := desktest.Do(t, h.d, "vân", h.propose(rule.MainReading)).Entries[0].Index
		desktest.Do(t, h.d, "lan", regulation.ConfirmAttestation{Document: baseDoc, Proposed: q, Choice: rule.MainReading})
		if res := h.count("2026-01-05"); res.Status != vote.Short {
			t.Errorf("after the second attestation: %s", res.Status)
		}
		desktest.CheckRebuild(t, h.d)
	})
}

// Two accounts of one person are one keeper.
func TestTwoAccountsOfOnePersonAreOneKeeper(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		desktest.Do(t, h.d, "", account.OpenHall{ID: "account/lan2", Login: "lan2.mau", Display: "Người lan2", Person: "person/lan", Case: "contest/mau", Until: vn.MustDate("2199-01-01")})
		for login, who := range map[string]string{"lan": "person/lan", "minh": "person/minh", "khac": ""} {
			desktest.Do(t, h.d, "", account.OpenStaff{ID: "account/" + login, Login: login + ".mau", Display: "Người " + login, Person: who})
		}
		p := desktest.Do(t, h.d, "account/lan", h.propose("at-least")).Entries[0].Index
		confirm := regulation.ConfirmAttestation{Document: baseDoc, Proposed: p, Choice: "at-least"}
		no := desktest.MustRefuse(t, h.d, "account/lan2", confirm, desk.Refused)
		if !strings.Contains(no.Says.VI, "cùng một người") {
			t.Errorf("the second account is told %q", no.Says.VI)
		}
		desktest.Do(t, h.d, "account/minh", confirm)
		desktest.CheckRebuild(t, h.d)
	})
}

func TestRefusedProposalKeepsItsReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		p := desktest.Do(t, h.d, "lan", h.propose("at-least")).Entries[0].Index
		desktest.MustRefuse(t, h.d, "hà", regulation.RefuseAttestation{Document: baseDoc, Proposed: p}, desk.Invalid)
		desktest.Do(t, h.d, "hà", regulation.RefuseAttestation{Document: baseDoc, Proposed: p, Reason: "Bản chụp là dự thảo, chưa ký"})
		var got *regulation.Proposal
		read := func() {
			t.Helper()
			if err := h.d.Read(t.Context(), func(tx *store.Tx) (err error) {
				got, err = regulation.GetProposal(t.Context(), tx, p)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		read()
		if got.State != "refused" || got.Reason != "Bản chụp là dự thảo, chưa ký" || !strings.Contains(got.Note, "sao y") || got.ClosedBy != "hà" {
			t.Fatalf("%+v", got)
		}
		if st := h.count("2026-01-05").Status; st != vote.Unsettled {
			t.Errorf("a refused proposal decides: %s", st)
		}
		desktest.Do(t, h.d, "officer", desk.EraseBlockAct{Index: got.Closed, Block: regulation.BlockReason, Decision: "45-QĐ/TU"})
		desktest.Do(t, h.d, "officer", desk.EraseBlockAct{Index: p, Block: regulation.BlockNote, Decision: "45-QĐ/TU"})
		if read(); got.Reason != "" || got.Note != "" || got.State != "refused" {
			t.Errorf("after erasure: %+v", got)
		}
		desktest.CheckRebuild(t, h.d)
	})
}

func TestTwoKeepersAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		acts := []regulation.ProposeAttestation{h.propose("at-least"), h.propose(rule.MainReading)}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, actor := range []string{"lan", "hà"} {
			wg.Go(func() {
				_, errs[i] = h.d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: -1, Actor: actor, Act: acts[i]})
			})
		}
		wg.Wait()
		var won, told int
		for _, err := range errs {
			var no *desk.Error
			switch {
			case err == nil:
				won++
			case errors.As(err, &no) && (no.Code == desk.Stale && len(no.Newer) == 1 || no.Code == desk.Refused):
				told++
			}
		}
		if won != 1 || told != 1 {
			t.Fatalf("one wins, the other is told: %v", errs)
		}
		desktest.CheckRebuild(t, h.d)
	})
}

func TestAttestationAsksForPaper(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	good := h.propose("at-least")
	for name, change := range map[string]func(*regulation.ProposeAttestation){
		"scan":   func(p *regulation.ProposeAttestation) { p.Scan = strings.Repeat("0", 64) },
		"page":   func(p *regulation.ProposeAttestation) { p.Page = " " },
		"note":   func(p *regulation.ProposeAttestation) { p.Note = strings.Repeat("x", 3000) },
		"choice": func(p *regulation.ProposeAttestation) { p.Choice = "other" },
	} {
		bad := good
		change(&bad)
		if no := desktest.MustRefuse(t, h.d, "lan", bad, desk.Invalid); no.Field != name {
			t.Errorf("%s: field %q", name, no.Field)
		}
	}
	bad := good
	bad.Item = "need_share"
	desktest.MustRefuse(t, h.d, "lan", bad, desk.Refused) // nothing to attest: it is confirmed
	bad.Item = "nothing"
	desktest.MustRefuse(t, h.d, "lan", bad, desk.NotFound)
}

func TestNewDocumentReplacesTheOld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db)
		next := strings.NewReplacer("7-QĐ/TW", "9-QĐ/TW", "2020-01-15", "2026-01-20", "2020-02-01", "2026-03-01", "[1, 2]", "[3, 5]",
			"votes: 51", "votes: 61").Replace(baseFile)
		no := desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: "9-qd-tw.yaml", YAML: next}, desk.Invalid)
		if !strings.Contains(no.Says.VI, "cùng quy định test/poll") {
			t.Errorf("two documents for one contest: %q", no.Says.VI)
		}
		next += "replaces:\n  - {number: 7-QĐ/TW, date: 2020-01-15}\n"
		desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "9-qd-tw.yaml", YAML: next})
		lib := h.lib()
		for day, want := range map[string]string{"2026-02-28": "7-QĐ/TW", "2026-03-01": "9-QĐ/TW"} {
			b, err := lib.For("test/poll", vn.MustDate(day))
			if err != nil {
				t.Fatal(err)
			}
			if b.Edition.Document.Number != want {
				t.Errorf("%s: %s binds, want %s", day, b.Edition.Document.Number, want)
			}
		}
		if v := lib.Validity(regulation.OfDocument(lib, "7-qd-tw.2020-01-15")[0]); v.To.String() != "2026-02-28" {
			t.Errorf("the old one ends on %s", v.To)
		}
		desktest.CheckRebuild(t, h.d)
	})
}

func TestCorrectionOfAWrongOverride(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: overrideFile})
	right := strings.NewReplacer(`edition: "1"`, `edition: "2"`, "[2, 3]", "[3, 4]").Replace(overrideFile) +
		"replaces:\n  - {number: 12-QĐ/TU, date: 2026-01-10, edition: \"1\"}\n"
	desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "a-2.yaml", YAML: right})
	vals := regulation.InForce(h.lib(), baseDoc, vn.MustDate("2026-02-01"))
	if len(vals) != 1 || vals[0].Value.String() != "3/4" {
		t.Errorf("in force: %+v", vals)
	}
}

func TestBrokenFilesAreRefusedWithTheirLine(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	cases := []struct{ name, from, to, vi string }{
		{"decimal", "value: [2, 3]", "value: 0.66", "Dòng 13: \"0.66\" là số thập phân"},
		{"unknown field", "series: over", "seriez: over", "Dòng 6: không có mục nào tên là \"seriez\""},
		{"bad date", "from: 2026-02-01", "from: 1/2/2026", "Dòng 7:"},
		{"unknown parameter", "id: need_share", "id: need_shore", "Dòng 10: Tham số need_shore không có trong 7-QĐ/TW"},
		{"other type", "type: fraction\n    value: [2, 3]", "type: count\n    value: 2", "Dòng 10: tham số need_share ở văn bản gốc là loại fraction"},
		{"no such document", "override: {number: 7-QĐ/TW", "override: {number: 8-QĐ/TW", "Dòng 8: tệp đứng trên 8-QĐ/TW"},
		{"no evidence", "evidence: confirmed", "evidence: sure", "Dòng 10: need_share: độ chắc chắn"},
		{"tab", "    type", "\ttype", "Dòng 12: sai cú pháp"},
		{"anchor", "unit: {", "unit: &a {", "không dùng neo"},
		{"not UTF-8", "Quyết định", "Quy\xff", "Dòng 4: Có ký tự không đọc được"},
		{"edition id", `edition: "1"`, `edition: "một/2"`, "Dòng 5: Mã bản"},
	}
	before := h.d.Head()
	for _, c := range cases {
		text := strings.Replace(overrideFile, c.from, c.to, 1)
		if text == overrideFile {
			t.Fatalf("%s: nothing replaced", c.name)
		}
		no := desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: text}, desk.Invalid)
		if no.Field != "yaml" || !strings.Contains(no.Says.VI, c.vi) || no.Says.EN == "" {
			t.Errorf("%s: %q, want %q", c.name, no.Says.VI, c.vi)
		}
	}
	for name, text := range map[string]string{"empty": " \n", "huge": strings.Repeat("# dài\n", rule.MaxFile/6)} {
		desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: text}, desk.Invalid)
		_ = name
	}
	for _, file := range []string{"../a.yaml", "a.txt", "", "A.yaml", "a/b.yaml"} {
		desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: file, YAML: overrideFile}, desk.Invalid)
	}
	failing := overrideFile + "examples:\n  - name: sai\n    rule: test.winner\n    inputs: {votes: 60, valid: 100}\n    holds: true\n"
	if no := desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: failing}, desk.Invalid); !strings.Contains(no.Says.VI, `Dòng 19: Ví dụ "sai"`) {
		t.Errorf("failing example: %q", no.Says.VI)
	}
	if h.d.Head() != before {
		t.Error("something was recorded")
	}
	if v := regulation.InForce(h.lib(), baseDoc, vn.MustDate("2026-02-01")); v[0].Value.String() != "1/2" {
		t.Error("something changed")
	}
	desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: overrideFile})
	if no := desktest.MustRefuse(t, h.d, "keeper", regulation.AddEdition{File: "b.yaml", YAML: overrideFile}, desk.Invalid); !strings.Contains(no.Says.VI, "đã có bản") {
		t.Errorf("twice: %q", no.Says.VI)
	}
}

func TestOverrideFormWritesAFileThatEnters(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	o := regulation.Override{Over: baseDoc, Parameter: "need_share", Value: "60%", Number: `15-QĐ/TU "mật"`, Date: vn.MustDate("2026-01-10"),
		Article: "Điều 1: khoản 2 #", Title: rule.Words{VI: `Về {tỷ lệ}: "60 %"`}, From: vn.MustDate("2026-02-01"), To: vn.MustDate("2026-12-31")}
	file, text, err := o.YAML(h.lib())
	if err != nil {
		t.Fatal(err)
	}
	c := regulation.CheckFile(h.lib(), file, text, 0)
	if !c.OK() || len(c.Changes) != 1 || len(c.Kinds) != 1 || c.Kinds[0].ID != "test/poll" {
		t.Fatalf("%+v\n%s", c, text)
	}
	var value bool
	for _, f := range c.Changes[0].Fields {
		value = value || f.Field == "value" && f.Old.VI == "1/2" && f.New.VI == "60/100"
	}
	if !value || c.Edition.Document.Number != o.Number || c.Edition.Document.Title.VI != o.Title.VI {
		t.Errorf("%+v", c.Changes[0])
	}
	desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: file, YAML: string(text)})
	for field, bad := range map[string]func(*regulation.Override){
		"value":     func(o *regulation.Override) { o.Value = "0,6" },
		"number":    func(o *regulation.Override) { o.Number = " " },
		"parameter": func(o *regulation.Override) { o.Parameter = "none" },
		"to":        func(o *regulation.Override) { o.To = vn.MustDate("2025-01-01") },
	} {
		x := o
		bad(&x)
		_, _, err := x.YAML(h.lib())
		var no *desk.Error
		if !errors.As(err, &no) || no.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestLibraryIsThatOfTheTransaction: the same desk asked in an old snapshot
// answers with the old rules, and the library of any past entry can be had.
func TestLibraryIsThatOfTheTransaction(t *testing.T) {
	h := open(t, storetest.SQLite(t))
	err := h.d.Read(t.Context(), func(tx *store.Tx) error {
		if _, err := h.book.Library(t.Context(), tx); err != nil {
			return err
		}
		desktest.Do(t, h.d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: overrideFile})
		old, err := h.book.Library(t.Context(), tx)
		if err != nil {
			return err
		}
		if len(old.Editions()) != 1 {
			t.Errorf("the old snapshot sees %d editions", len(old.Editions()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(h.lib().Editions()); n != 2 {
		t.Errorf("now %d editions", n)
	}
	p := desktest.Do(t, h.d, "lan", h.propose("at-least")).Entries[0].Index
	done := desktest.Do(t, h.d, "hà", regulation.ConfirmAttestation{Document: baseDoc, Proposed: p, Choice: "at-least"}).Entries[0].Index
	err = h.d.Read(t.Context(), func(tx *store.Tx) error {
		fresh := regulation.NewRuleBook(mustBase(t))
		for entry, want := range map[int64]bool{done - 1: false, done: true} {
			lib, err := fresh.LibraryAt(t.Context(), tx, entry)
			if err != nil {
				return err
			}
			if _, ok := lib.Attested(regulation.OfDocument(lib, "7-qd-tw.2020-01-15")[0], "test.winner"); ok != want {
				t.Errorf("at entry %d attested is %v", entry, ok)
			}
		}
		a, err := fresh.Library(t.Context(), tx)
		b, err2 := fresh.Library(t.Context(), tx)
		if a != b {
			t.Error("the library was built twice")
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mustBase(t testing.TB) *rule.Library {
	base, err := rule.Load(fstest.MapFS{"test.yaml": {Data: []byte(baseFile)}})
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// TestNewReleaseShipsWhatWasRecorded: a program that now carries the recorded
// edition itself still replays the record.
func TestNewReleaseShipsWhatWasRecorded(t *testing.T) {
	db := storetest.SQLite(t)
	dir := t.TempDir()
	cfg := desk.Config{DB: db, Rooms: []desk.Room{org.Room(), account.Room(), regulation.Room()}, Authority: desktest.Everybody{}, Log: slog.New(slog.DiscardHandler),
		KeyFile: filepath.Join(dir, "key"), CheckpointFile: filepath.Join(dir, "checkpoint"), Rules: regulation.NewRuleBook(mustBase(t))}
	d, err := desk.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	desktest.Do(t, d, "keeper", regulation.AddEdition{File: "a.yaml", YAML: overrideFile})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	later, err := rule.Load(fstest.MapFS{"test.yaml": {Data: []byte(baseFile)}, "tinh.yaml": {Data: []byte(overrideFile)}})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Rules = regulation.NewRuleBook(later)
	h := &house{t: t, d: desktest.Open(t, cfg), db: db}
	es := regulation.OfDocument(h.lib(), "12-qd-tu.2026-01-10")
	if len(es) != 1 || es[0].Recorded != 1 {
		t.Errorf("editions: %+v", es)
	}
}
