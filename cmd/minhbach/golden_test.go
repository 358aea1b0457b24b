package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/demo"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestGoldenLedger: the ledger that was recorded with the first release, every
// kind of every room in it, replays for ever to the same tables.
func TestGoldenLedger(t *testing.T) {
	const dir = "testdata/golden/1"
	desktest.Golden(t, dir, rooms(), recordGolden)
	text, err := os.ReadFile(filepath.Join(dir, "ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{desk.KindErased, desk.KindRestored} {
		if !bytes.Contains(text, []byte(`"kind":"`+k+`"`)) {
			t.Errorf("no entry of the ledger's own kind %s", k)
		}
	}
}

// goldenHouse is a house with its real authority and rules, and a clock that
// moves a minute with every act.
type goldenHouse struct {
	t     *testing.T
	d     *desk.Desk
	cfg   desk.Config
	clock *desktest.Clock
	users map[string]string // login name → account
}

func openGolden(t *testing.T, db *store.DB, clock *desktest.Clock) *goldenHouse {
	t.Helper()
	accounts := account.Open(db)
	accounts.Clock = clock.Now
	cfg := desktest.Config(t, db, rooms()...)
	cfg.Authority, cfg.Rules, cfg.Clock = accounts, regulation.NewRuleBook(nil), clock.Now
	return &goldenHouse{t: t, cfg: cfg, clock: clock, users: map[string]string{}}
}

func (h *goldenHouse) start() {
	h.t.Helper()
	h.d = desktest.Open(h.t, h.cfg)
	samples, err := account.SeedSample(h.t.Context(), h.d, h.cfg.DB)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, u := range samples {
		h.users[u.Login] = u.ID
	}
}

// do does an act as the user with a login name; the first entry it made.
func (h *goldenHouse) do(login string, act desk.Act) (entry int64, actID string) {
	h.t.Helper()
	h.clock.Add(time.Minute)
	r := desktest.Do(h.t, h.d, h.users[login], act)
	return r.Entries[0].Index, r.Act
}

// recordGolden does, in one small province, an act of every kind. It runs only
// when the golden ledger is written.
func recordGolden(t *testing.T, db *store.DB) *desk.Desk {
	clock := &desktest.Clock{}
	h := openGolden(t, storetest.SQLite(t), clock)
	h.start()
	h.organisations()
	h.people()
	h.accounts()
	h.regulations()
	h.elections()

	// The machine is lost; the record goes on from its backup.
	var kept bytes.Buffer
	if err := h.d.Backup(t.Context(), &kept, ""); err != nil {
		t.Fatal(err)
	}
	after := openGolden(t, db, clock)
	clock.Add(time.Hour)
	if _, err := desk.Restore(t.Context(), &kept, "", after.cfg); err != nil {
		t.Fatal(err)
	}
	after.start()
	after.do("canbo", org.Rename{Org: "org/xa", Title: "Đảng ủy phường An Bình", From: vn.MustDate("2026-03-01"), Decision: decided})
	desktest.CheckRebuild(t, after.d)
	return after.d
}

var decided = org.Decision{Number: "12-QĐ/TU (mẫu)", Date: vn.MustDate("2020-01-15"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}

func (h *goldenHouse) organisations() {
	from := vn.MustDate("2001-06-21")
	for _, u := range []org.Found{
		{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee},
		{ID: "org/huyen", Title: "Huyện ủy Sông Lam", Kind: org.DistrictCommittee, Parent: "org/tinh"},
		{ID: "org/xa", Title: "Đảng ủy xã An Bình", Kind: org.Grassroots, Parent: "org/huyen"},
		{ID: "org/nham", Title: "Chi bộ ghi nhầm", Kind: org.Cell, Parent: "org/xa"},
	} {
		u.From, u.Decision = from, decided
		h.do("canbo", u)
	}
	renamed, _ := h.do("canbo", org.Rename{Org: "org/huyen", Title: "Huyện ủy Sông Lâm", From: vn.MustDate("2010-01-01"), Decision: decided})
	h.do("canbo", org.Correct{Org: "org/huyen", Fact: renamed, Title: "Huyện ủy Sông Lam Thượng", From: vn.MustDate("2010-02-01"), Decision: decided, Reason: "Quyết định ghi khác"})
	reform := vn.MustDate("2025-07-01")
	h.do("canbo", org.Move{Org: "org/xa", Parent: "org/tinh", From: reform, Decision: decided})
	h.do("canbo", org.Dissolve{Org: "org/huyen", From: reform, Successors: []string{"org/tinh"}, Decision: decided})
}

func (h *goldenHouse) people() {
	an := person.Identity{Name: "Nguyễn Thị An", Born: partial(h.t, "1971"), Gender: "female", Ethnicity: "Kinh", Hometown: "tỉnh Mẫu"}
	said, _ := h.do("canbo", person.Record{ID: "person/an", Home: "org/xa", Sample: true, From: vn.MustDate("2010-01-01"), Identity: an, Decision: decided})
	an.OtherNames = "An Bình"
	h.do("canbo", person.Change{Person: "person/an", Home: "org/xa", From: vn.MustDate("2015-05-05"), Identity: an, Decision: decided})
	an.OtherNames, an.Born = "", partial(h.t, "1972-03-12")
	h.do("canbo", person.Correct{Person: "person/an", Home: "org/xa", Fact: said, From: vn.MustDate("2010-01-01"), Identity: an, Reason: "Theo lý lịch gốc", Decision: decided})
	post, _ := h.do("canbo", person.TakePost{ID: "post/1", Person: "person/an", Org: "org/xa", Title: "secretary", From: vn.MustDate("2020-08-01"), Decision: decided})
	h.do("canbo", person.CorrectPost{Person: "person/an", Home: "org/xa", Fact: post, Org: "org/xa", Title: "secretary", From: vn.MustDate("2020-08-15"), Reason: "Ngày ghi trong quyết định", Decision: decided})
	h.do("canbo", person.EndPost{Post: "post/1", Person: "person/an", Org: "org/xa", On: vn.MustDate("2025-07-01"), Decision: decided})
	// Another person's file is closed by a decision, and what it said erased.
	gone, _ := h.do("canbo", person.Record{ID: "person/binh", Home: "org/xa", Sample: true, From: vn.MustDate("2010-01-01"), Identity: person.Identity{Name: "Trần Văn Bình"}})
	h.do("lanhdao", desk.EraseBlockAct{Index: gone, Block: "identity", Decision: "45-QĐ/TU (mẫu), 1/3/2026"})
}

func (h *goldenHouse) accounts() {
	h.do("quantri.mau", account.OpenStaff{ID: "account/moi", Login: "can.bo.moi", Display: "Cán bộ mới", Person: "person/an"})
	_, grant := h.do("quantri.mau", account.GrantRole{Account: "account/moi", Role: "officer", Org: "org/xa", From: vn.MustDate("2026-03-01")})
	h.do("quantri.mau", account.EndRole{Account: "account/moi", Grant: "grant/" + grant, On: vn.MustDate("2026-06-01")})
	h.do("canbo", account.OpenHall{ID: "account/to-kiem-phieu", Login: "kiem.phieu.1", Display: "Tổ kiểm phiếu, bàn 1", Person: "person/an", Org: "org/xa",
		Case: "contest/" + demo.Congress + "/ban-chap-hanh", Until: vn.MustDate("2026-03-05")})
	h.do("canbo2", account.Confirm{Account: "account/to-kiem-phieu", Org: "org/xa"})
	h.do("canbo", account.CloseHall{Account: "account/to-kiem-phieu", Org: "org/xa"})
	h.do("quantri.mau", account.Close{Account: "account/moi"})
}

func (h *goldenHouse) regulations() {
	h.do("quydinh1", regulation.AddEdition{File: "33-qd-tu.yaml", YAML: goldenEdition})
	// One item nobody has seen in the signed text is proposed and refused, then
	// proposed again and confirmed by another keeper.
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		h.t.Fatal(err)
	}
	p := regulation.ProposeAttestation{Document: rule.DocRef{Number: "33-QĐ/TU", Date: vn.MustDate("2026-01-10")}, Edition: "1", Item: "mau.winner", Choice: "at-least",
		Page: "trang 4, Điều 3", Note: "Bản sao y số 15, lưu tại phòng Tổ chức đảng"}
	err := h.d.DB().Write(h.t.Context(), func(tx *store.Tx) (err error) {
		p.Scan, err = store.PutBlob(h.t.Context(), tx, buf.Bytes())
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	first, _ := h.do("quydinh1", p)
	h.do("quydinh2", regulation.RefuseAttestation{Document: p.Document, Proposed: first, Reason: "Bản chụp là dự thảo, chưa ký"})
	second, _ := h.do("quydinh1", p)
	h.do("quydinh2", regulation.ConfirmAttestation{Document: p.Document, Proposed: second, Choice: "at-least"})
}

func (h *goldenHouse) elections() {
	ctx := h.t.Context()
	for _, e := range demo.Events() {
		h.do("canbo", e)
	}
	council := demo.CouncilContest()
	h.do("canbo", election.RecordContest{Event: demo.Council, Contest: council})
	h.minutes(ctx, council.Record.ID)
	h.do("canbo", election.AnnounceResult{Contest: council.Record.ID})
	council.Record.Votes["c5"]--
	council.Record.Ballots.ByChosen = nil
	fixed, _ := h.do("canbo", election.CorrectContest{Event: demo.Council, Contest: council, Reason: "Nhập nhầm một phiếu"})
	h.do("lanhdao", desk.EraseBlockAct{Index: fixed, Block: election.BlockReason, Decision: "46-QĐ/TU (mẫu), 1/3/2026"})
	h.clock.Add(time.Minute)
	if err := election.Import(ctx, h.d, desk.NewID(), h.users["canbo"], demo.Congress, "", "dai-hoi.jsonl", "", demo.CongressContests()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *goldenHouse) minutes(ctx context.Context, contest string) {
	h.t.Helper()
	h.clock.Add(time.Minute)
	_, err := document.MakeMinutes(ctx, h.d, h.d.DB(), document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.users["canbo"], Now: h.clock.Now()}, contest,
		document.Setting{Place: "An Bình", Ended: "21 giờ 30 phút", Upper: "Ủy ban bầu cử (mẫu)",
			Board: []document.Member{{Role: "Trưởng ban", Name: "Lê Văn Trưởng"}, {Role: "Phó Trưởng ban", Name: "Phạm Thị Phó"}}})
	if err != nil {
		h.t.Fatal(err)
	}
}

func partial(t testing.TB, s string) vn.PartialDate {
	t.Helper()
	d, err := vn.ParsePartial(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// goldenEdition is a document of the sample province: one rule, whose text its
// keepers have yet to compare with the signed paper.
const goldenEdition = `document:
  number: 33-QĐ/TU
  date: 2026-01-10
  kind: decision
  title: {vi: Quy chế bầu thử của tỉnh mẫu, en: Trial poll of the sample province}
edition: "1"
series: mau
valid: {from: 2026-02-01}
parameters:
  - id: mau_share
    title: {vi: Tỷ lệ phải vượt, en: Share to exceed}
    type: fraction
    value: [1, 2]
    unit: {vi: số phiếu hợp lệ, en: valid ballots}
    article: Điều 3
    evidence: confirmed
    source: 33-QĐ/TU
policies:
  - id: mau.base
    title: {vi: Mẫu số, en: Base}
    choose: valid-ballots
    says: {vi: Tính trên phiếu hợp lệ., en: Reckoned on valid ballots.}
    article: Điều 2
    evidence: confirmed
    source: 33-QĐ/TU
  - id: mau.form
    title: {vi: Cách bỏ phiếu, en: Form}
    choose: strike
    says: {vi: Gạch tên., en: Names are struck.}
    article: Điều 2
    evidence: confirmed
    source: 33-QĐ/TU
  - id: mau.tie
    title: {vi: Bằng phiếu, en: Tie}
    choose: older
    says: {vi: Người nhiều tuổi hơn., en: The older.}
    article: Điều 2
    evidence: confirmed
    source: 33-QĐ/TU
rules:
  - id: mau.winner
    role: winner
    title: {vi: Trúng cử, en: Elected}
    article: Điều 3
    evidence: unverified
    source: nghe kể
    expr: 'votes * mau_share.den > valid * mau_share.num'
    holds: {vi: "{votes} phiếu, quá {mau_share}.", en: "{votes} votes, more than {mau_share}."}
    fails: {vi: "{votes} phiếu, không quá {mau_share}.", en: "{votes} votes, not more than {mau_share}."}
    readings:
      - id: at-least
        says: {vi: Đúng một nửa cũng trúng cử., en: Exactly one half is enough.}
        expr: 'votes * mau_share.den >= valid * mau_share.num'
contests:
  - id: mau/poll
    title: {vi: Cuộc bầu thử, en: Test poll}
    rules: [mau.winner]
    policies: {base: mau.base, form: mau.form, tie: mau.tie}
examples:
  - name: hơn một nửa
    rule: mau.winner
    inputs: {votes: 51, valid: 100}
    holds: true
`
