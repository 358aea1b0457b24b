package dossier_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
	_ "minhbach/internal/vote" // the inputs that rules ask for
)

var day = vn.MustDate

const (
	xa  = "org/xa"
	who = "person/an"
)

// office is a desk with the rooms of this floor, two bodies and two persons.
type office struct {
	t testing.TB
	d *desk.Desk
	v *vault.Vault
}

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	cfg := desktest.Config(t, db, org.Room(), person.Room(), dossier.Room())
	cfg.Rules = desktest.NoRules{}
	v, err := vault.New()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t, desktest.Open(t, cfg), v}
	o.do(org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	o.do(org.Found{ID: xa, Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("2000-01-01")})
	for _, p := range []string{who, "person/binh"} {
		o.do(person.Record{ID: p, Home: xa, Sample: true, From: day("2010-01-01"), Identity: person.Identity{Name: "Nguyễn Thị An"}})
	}
	return o
}

func (o *office) do(a desk.Act) desk.Receipt { o.t.Helper(); return desktest.Do(o.t, o.d, "a", a) }

func (o *office) refuse(a desk.Act, code desk.Code, field string) {
	o.t.Helper()
	if no := desktest.MustRefuse(o.t, o.d, "a", a, code); no.Field != field {
		o.t.Fatalf("%s: the error stands at %q, want %q: %s", a.Name(), no.Field, field, no.Says.EN)
	}
}

// scan puts a small PDF into the vault of a person.
func (o *office) scan(owner, text string) dossier.Scan {
	o.t.Helper()
	content := []byte("%PDF-1.4\n% " + text + "\ntrailer<<>>\nstartxref\n0\n%%EOF\n")
	var f vault.File
	err := o.d.DB().Write(o.t.Context(), func(tx *store.Tx) (err error) {
		f, err = o.v.Put(o.t.Context(), tx, owner, content, time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC))
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return dossier.Scan{Hash: f.Hash, Name: text + ".pdf"}
}

func (o *office) read(fn func(ctx context.Context, tx *store.Tx) error) {
	o.t.Helper()
	if err := o.d.Read(o.t.Context(), func(tx *store.Tx) error { return fn(o.t.Context(), tx) }); err != nil {
		o.t.Fatal(err)
	}
}

// said is what the file holds, one line a version of a paper.
func (o *office) said() (out []string) {
	o.t.Helper()
	o.read(func(ctx context.Context, tx *store.Tx) error {
		ds, err := dossier.Docs(ctx, tx, who, -1)
		for _, d := range ds {
			title := "?"
			if d.Paper != nil {
				title = fmt.Sprintf("%02d %s", d.Paper.Kind, d.Paper.Title)
			}
			line := fmt.Sprintf("%s v%d %s", title, d.Version, d.State)
			if d.Older {
				line += " older"
			}
			out = append(out, line)
		}
		return err
	})
	return out
}

func (o *office) want(lines ...string) {
	o.t.Helper()
	if got := o.said(); !slices.Equal(got, lines) {
		o.t.Fatalf("the file holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}

func (o *office) openFile(p string) {
	o.t.Helper()
	o.do(dossier.Open{Person: p, Home: xa, Class: dossier.Internal, Custodian: xa, From: day("2010-02-01"), Hands: dossier.Grounds{Receiver: "Lê Văn Giữ", Place: "tủ 2"}})
}

var paper = dossier.Paper{Kind: 7, Title: "Quyết định công nhận đảng viên chính thức", Number: "15-QĐ/ĐU", Date: day("2011-03-01"), Issuer: "Đảng ủy xã", Pages: 2}

func item(p dossier.Paper, scans ...dossier.Scan) dossier.Item {
	p.Paper, p.Scans = true, scans
	return dossier.Item{State: dossier.Kept, Paper: p}
}

// A file over the years: opened, filled, a paper lost and restored, a version
// renewed, a slip corrected; it changes hands, and everything is there again
// after a rebuild.
func TestStoryOfAFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.refuse(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{item(paper)}}, desk.Refused, "")
		o.openFile(who)
		o.refuse(dossier.Open{Person: who, Home: xa, Class: dossier.Internal, Custodian: xa, From: day("2010-02-01")}, desk.Refused, "")
		cv := dossier.Paper{Kind: 2, Title: "Lý lịch đảng viên"}
		rc := o.do(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{item(paper, o.scan(who, "qd")), item(cv), {State: dossier.Missing, Paper: dossier.Paper{Kind: 37}}}})
		first, second := "paper/"+rc.Act+"-1", "paper/"+rc.Act+"-2"
		o.want("02 Lý lịch đảng viên v1 kept", "07 Quyết định công nhận đảng viên chính thức v1 kept", "37  v1 missing")

		o.refuse(dossier.SetState{Person: who, Home: xa, Doc: first, Version: 1, State: dossier.Lost}, desk.Invalid, "number")
		o.refuse(dossier.SetState{Person: who, Home: xa, Doc: first, Version: 1, State: dossier.Restored, Grounds: dossier.Grounds{Number: "1", Date: day("2020-01-01")}}, desk.Invalid, "state")
		lost := dossier.Grounds{Number: "3-BB/ĐU", Date: day("2020-01-05"), Note: "lũ cuốn"}
		o.do(dossier.SetState{Person: who, Home: xa, Doc: first, Version: 1, State: dossier.Lost, Grounds: lost})
		o.refuse(dossier.SetState{Person: who, Home: xa, Doc: first, Version: 1, State: dossier.Restored}, desk.Invalid, "number")
		o.do(dossier.SetState{Person: who, Home: xa, Doc: first, Version: 1, State: dossier.Restored, Grounds: dossier.Grounds{Number: "15-QĐ/ĐU", Date: day("2020-03-01"), By: "Đảng ủy"}})

		known := o.d.Head()
		o.do(dossier.Renew{Person: who, Home: xa, Doc: second, Item: item(dossier.Paper{Kind: 2, Title: "Lý lịch đảng viên (khai lại)"}, o.scan(who, "ll2"))})
		o.refuse(dossier.Correct{Person: who, Home: xa, Doc: second, Version: 2, Item: item(cv)}, desk.Invalid, "reason")
		o.do(dossier.Correct{Person: who, Home: xa, Doc: second, Version: 2, Reason: "sai tên", Item: item(dossier.Paper{Kind: 2, Title: "Lý lịch khai năm 2024"}, o.scan(who, "ll2"))})
		o.want("02 Lý lịch khai năm 2024 v2 kept", "02 Lý lịch đảng viên v1 kept older", "07 Quyết định công nhận đảng viên chính thức v1 restored", "37  v1 missing")

		o.do(dossier.HandOver{Person: who, Home: xa, To: "org/tinh", On: day("2024-07-01"), Hands: dossier.Grounds{Giver: "A", Receiver: "B"}})
		o.refuse(dossier.HandOver{Person: who, Home: xa, To: "org/tinh", On: day("2025-07-01")}, desk.Invalid, "to")
		o.refuse(dossier.HandOver{Person: who, Home: xa, To: xa, On: day("2099-07-01")}, desk.Invalid, "from")
		o.do(dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{83: dossier.NotArising, 38: dossier.ToSupply, 2: dossier.ToSupply}})
		o.refuse(dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{2: dossier.NotArising}}, desk.Invalid, "marks")
		o.refuse(dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{105: dossier.ToSupply}}, desk.Invalid, "marks")

		o.read(func(ctx context.Context, tx *store.Tx) error {
			for on, want := range map[string]string{"2015-01-01": xa, "2024-06-30": xa, "2024-07-01": "org/tinh"} {
				c, ok, err := dossier.Holder(ctx, tx, who, org.Now(day(on)))
				if err != nil || !ok || c.Org != want {
					t.Errorf("on %s the file lies at %q, %v", on, c.Org, err)
				}
			}
			if _, ok, err := dossier.Holder(ctx, tx, who, org.Now(day("2010-01-31"))); ok || err != nil {
				t.Errorf("before it was opened: %v %v", ok, err)
			}
			ds, err := dossier.Docs(ctx, tx, who, known)
			if err != nil || len(ds) != 3 {
				t.Errorf("as known at entry %d: %d papers, %v", known, len(ds), err)
			}
			gs, err := dossier.Gaps(ctx, tx, []string{xa})
			if err != nil {
				return err
			}
			want := []dossier.Gap{{Person: who, Home: xa, Opened: true, Papers: 4, Missing: 1, ToSupply: 1, NoScan: 1}, {Person: "person/binh", Home: xa}}
			if !slices.Equal(gs, want) {
				t.Errorf("gaps %+v, want %+v", gs, want)
			}
			return nil
		})
		desktest.CheckRebuild(t, o.d)
	})
}

// What a hand wrote wrongly about custody is corrected; the only holder stays.
func TestCustodyCorrected(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.openFile(who)
		fact := o.do(dossier.HandOver{Person: who, Home: xa, To: "org/tinh", On: day("2024-07-01")}).Entries[0].Index
		o.do(dossier.CorrectCustody{Person: who, Home: xa, Fact: fact, Org: "org/tinh", From: day("2024-08-01"), Reason: "theo biên bản"})
		holder := func(on string) string {
			var c dossier.Custody
			o.read(func(ctx context.Context, tx *store.Tx) (err error) {
				c, _, err = dossier.Holder(ctx, tx, who, org.Now(day(on)))
				return err
			})
			return c.Org
		}
		if holder("2024-07-15") != xa || holder("2024-08-01") != "org/tinh" {
			t.Errorf("after the correction: %s, %s", holder("2024-07-15"), holder("2024-08-01"))
		}
		o.do(dossier.CorrectCustody{Person: who, Home: xa, Fact: fact, Withdraw: true, Reason: "chưa giao"})
		if holder("2026-01-01") != xa {
			t.Errorf("after the withdrawal: %s", holder("2026-01-01"))
		}
		var opened int64
		o.read(func(ctx context.Context, tx *store.Tx) error {
			f, _, err := dossier.GetFile(ctx, tx, who)
			opened = f.Opened
			return err
		})
		o.refuse(dossier.CorrectCustody{Person: who, Home: xa, Fact: opened, Withdraw: true, Reason: "x"}, desk.Refused, "")
		o.do(dossier.SetFile{Person: who, Home: xa, State: dossier.Lost, Grounds: dossier.Grounds{Number: "1-BB", Date: day("2025-01-01")}})
		o.refuse(dossier.SetFile{Person: who, Home: xa, State: dossier.Closed}, desk.Invalid, "state")
		o.do(dossier.SetFile{Person: who, Home: xa, State: dossier.Restored, Grounds: dossier.Grounds{Number: "2-QĐ", Date: day("2025-02-01")}})
		o.do(dossier.SetFile{Person: who, Home: xa, Class: dossier.Secret})
		o.refuse(dossier.SetFile{Person: who, Home: xa, Class: dossier.Secret, Keeper: true}, desk.Invalid, "state")
		desktest.CheckRebuild(t, o.d)
	})
}

// Papers that cannot be: each field says what is wrong, nothing is recorded.
func TestPapersRefused(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.openFile(who)
	put := func(x dossier.Item) dossier.Put {
		return dossier.Put{Person: who, Home: xa, Items: []dossier.Item{x}}
	}
	good := item(paper)
	for field, x := range map[string]dossier.Item{
		"kind":   item(dossier.Paper{Kind: 105}),
		"title":  item(dossier.Paper{Note: "không tên"}),
		"number": item(dossier.Paper{Kind: 7, Number: strings.Repeat("9", 101)}),
		"date":   item(dossier.Paper{Kind: 7, Date: day("2099-01-01")}),
		"pages":  item(dossier.Paper{Kind: 7, Pages: -1}),
		"paper":  {State: dossier.Kept, Paper: dossier.Paper{Kind: 7}},
		"state":  {State: dossier.Missing, Paper: dossier.Paper{Kind: 7, Paper: true}},
		"filed":  {State: dossier.Kept, Filed: day("2099-01-01"), Paper: good.Paper},
		"class":  {State: dossier.Kept, Class: "xyz", Paper: good.Paper},
	} {
		o.refuse(put(x), desk.Invalid, field)
	}
	o.refuse(put(item(paper, dossier.Scan{Hash: strings.Repeat("0", 64)})), desk.Invalid, "file")
	o.refuse(put(item(paper, o.scan("person/binh", "another person's"))), desk.Invalid, "file")
	only := item(paper, o.scan(who, "x"))
	only.Class = dossier.RegisterOnly
	o.refuse(put(only), desk.Invalid, "file")
	o.refuse(dossier.Put{Person: who, Home: xa}, desk.Invalid, "file")
	o.refuse(dossier.Put{Person: who, Home: "org/tinh", Items: []dossier.Item{good}}, desk.NotFound, "")
}

// Lawful erasure: the blocks and the scans go, by a decision; the ledger still
// verifies, tables rebuild to the same, and other papers keep a shared scan.
func TestErasureTakesTheScans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.openFile(who)
		shared, own := o.scan(who, "shared"), o.scan(who, "own")
		rc := o.do(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{item(paper, shared, own), item(dossier.Paper{Kind: 3, Title: "Phiếu"}, shared)}})
		doc := "paper/" + rc.Act + "-1"
		o.do(dossier.SetState{Person: who, Home: xa, Doc: doc, Version: 1, State: dossier.Missing, Grounds: dossier.Grounds{Note: "chưa thấy"}})
		o.do(dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{83: dossier.NotArising}})
		kept := func(h string) bool {
			there := false
			o.read(func(ctx context.Context, tx *store.Tx) error {
				f, err := vault.Info(ctx, tx, who, h)
				if there = err == nil; there && !f.Claimed {
					t.Errorf("scan %s is not claimed", h)
				}
				if errors.Is(err, vault.ErrNone) {
					err = nil
				}
				return err
			})
			return there
		}
		o.refuse(dossier.Erase{Person: who, Home: xa, Doc: doc}, desk.Invalid, "decision")
		o.do(dossier.Erase{Person: who, Home: xa, Doc: doc, Decision: "9-QĐ/TU, 1/3/2026"})
		if kept(own.Hash) || !kept(shared.Hash) {
			t.Errorf("after the paper's erasure: own %v, shared %v", kept(own.Hash), kept(shared.Hash))
		}
		o.want("03 Phiếu v1 kept", "? v1 missing")
		desktest.CheckRebuild(t, o.d)
		o.refuse(dossier.Erase{Person: who, Home: xa, Doc: doc, Decision: "9-QĐ/TU"}, desk.Refused, "")

		o.do(person.RecordKin{ID: "kin/1", Person: who, Home: xa, Other: "person/binh", Tie: "sibling"})
		o.do(dossier.Erase{Person: who, Home: xa, Decision: "10-QĐ/TU, 2/3/2026"})
		if kept(shared.Hash) {
			t.Error("the shared scan is still there")
		}
		o.read(func(ctx context.Context, tx *store.Tx) error {
			p, _, err := person.Get(ctx, tx, who, org.Now(day("2026-03-01")))
			if p.Present {
				t.Error("the identity is still there")
			}
			ms, err2 := dossier.MarksOf(ctx, tx, who, -1)
			cs, err3 := dossier.CustodyOf(ctx, tx, who, -1)
			if len(ms) != 0 || len(cs) != 1 || cs[0].Hands != nil {
				t.Errorf("left over: marks %v, custody %+v", ms, cs)
			}
			rows, err4 := tx.Query(ctx, `SELECT content FROM dossier_content WHERE content <> ''`)
			if err4 == nil {
				if rows.Next() {
					t.Error("content is left")
				}
				rows.Close()
			}
			return errors.Join(err, err2, err3, err4)
		})
		findings, err := desk.VerifyLedger(t.Context(), db, o.d.Head()+1)
		if err != nil || len(findings) > 0 {
			t.Errorf("the ledger after erasures: %v %v", findings, err)
		}
		desktest.CheckRebuild(t, o.d)
	})
}

// A collective handover takes the files along that the giving side held: with
// the second signature, each by an entry of its own; a file at the province and
// a person without one stay as they are.
func TestHandoverTakesFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		o := &office{t, desktest.New(t, db, org.Room(), person.Room(), dossier.Room()), v}
		for _, u := range []org.Found{{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee}, {ID: xa, Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, Parent: "org/tinh"},
			{ID: "org/xa/1", Title: "Chi bộ 1", Kind: org.Cell, Parent: xa}, {ID: "org/moi", Title: "Đảng ủy xã Mới (mẫu)", Kind: org.Grassroots, Parent: "org/tinh"}} {
			u.From = day("2000-01-01")
			o.do(u)
		}
		for _, p := range []string{who, "person/binh", "person/cuong"} {
			o.do(person.Record{ID: p, Home: xa, Sample: true, From: day("2010-01-01"), Identity: person.Identity{Name: "Người " + p}})
			o.do(person.TakeStep{Person: p, Org: "org/xa/1", Step: person.Transcribed, From: day("2020-01-01"), Admitted: day("2005-01-01"), Sworn: day("2005-01-11"), Recognised: day("2006-01-11")})
		}
		o.openFile(who)
		o.openFile("person/binh")
		o.do(dossier.HandOver{Person: "person/binh", Home: xa, To: "org/tinh", On: day("2024-01-01")})
		o.do(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{{State: dossier.Missing, Paper: dossier.Paper{Kind: 2}}}})
		desktest.Do(t, o.d, "giao", person.OpenHandover{ID: "handover/1", From: xa, To: "org/moi", On: day("2025-07-01"), Units: []string{"org/xa/1"}, Files: 1, Decision: org.Decision{Number: "77-QĐ/TU"}})
		desktest.Do(t, o.d, "nhan", person.AcceptHandover{ID: "handover/1", To: "org/moi", Official: 3, Files: 1, Closing: 3})
		files := func() (fs dossier.Files) {
			o.read(func(ctx context.Context, tx *store.Tx) error {
				h, _, err := person.GetHandover(ctx, tx, "handover/1")
				if err == nil {
					fs, err = dossier.HandoverFiles(ctx, tx, h.List)
				}
				return err
			})
			return fs
		}
		holder := func(p, on string) (c dossier.Custody) {
			o.read(func(ctx context.Context, tx *store.Tx) (err error) {
				c, _, err = dossier.Holder(ctx, tx, p, org.Now(day(on)))
				return err
			})
			return c
		}
		fs := files()
		if !slices.Equal(fs.Held, []string{who}) || !slices.Equal(fs.Elsewhere, []string{"person/binh"}) || !slices.Equal(fs.None, []string{"person/cuong"}) || len(fs.Lacking) != 1 || fs.Lacking[0].Missing != 1 {
			t.Errorf("files of the list: %+v", fs)
		}
		sign := func(side string) dossier.SignHandover {
			return dossier.SignHandover{SignHandover: person.SignHandover{ID: "handover/1", Org: side, Signer: "Người Ký"}}
		}
		desktest.Do(t, o.d, "giao", sign(xa))
		if c := holder(who, "2025-07-01"); c.Org != xa {
			t.Errorf("after one signature the file lies at %s", c.Org)
		}
		desktest.Do(t, o.d, "nhan", sign("org/moi"))
		if c := holder(who, "2025-07-01"); c.Org != "org/moi" || c.Handover != "handover/1" || c.Decision.Number != "77-QĐ/TU" {
			t.Errorf("after both: %+v", c)
		}
		if holder(who, "2025-06-30").Org != xa || holder("person/binh", "2025-07-01").Org != "org/tinh" {
			t.Error("other days and other files stay")
		}
		if fs := files(); !slices.Equal(fs.Went, []string{who}) || len(fs.Held) != 0 {
			t.Errorf("after both: %+v", fs)
		}
		desktest.CheckRebuild(t, o.d)
	})
}

// The list of kinds is whole, and names written by it are read back.
func TestKindsAndNames(t *testing.T) {
	ks := dossier.Kinds()
	if len(ks) != 104 {
		t.Fatalf("%d kinds", len(ks))
	}
	byPriority := map[int]int{}
	for _, k := range ks {
		byPriority[k.Priority]++
		if k.VI == "" || k.EN == "" {
			t.Errorf("kind %d has no name", k.Number)
		}
		name := dossier.FileName(dossier.Paper{Kind: k.Number}, 0, ".pdf")
		if n, title, ok := dossier.ReadName(name); !ok || n != k.Number || title == "" {
			t.Errorf("%s is read as %d %q", name, n, title)
		}
	}
	if byPriority[1] != 36 || byPriority[2] != 49 || byPriority[3] != 19 {
		t.Errorf("priorities %v", byPriority)
	}
	for name, want := range map[string]string{
		"02.Ly_lich_dang_vien.3.pdf": "2 Ly lich dang vien", "104.Ban_khai.pdf": "104 Ban khai",
		"105.X.pdf": "no", "2.X.pdf": "no", "001.X.pdf": "no", "quyet dinh.pdf": "no", "": "no", "07": "no", "+7.x.pdf": "no",
	} {
		got := "no"
		if n, title, ok := dossier.ReadName(name); ok {
			got = fmt.Sprintf("%d %s", n, title)
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", name, got, want)
		}
	}
	if got := dossier.FileName(dossier.Paper{Kind: 7, Title: "Quyết định công nhận đảng viên"}, 2, ".pdf"); got != "07.Quyet_Dinh_Cong_Nhan_Dang_Vien.2.pdf" {
		t.Error(got)
	}
	folder, missing := dossier.FolderName("25.000.036.001.015", "001085000123", "Ðặng Thị Ánh")
	if folder != "25.000.036.001.015_001085000123_DangThiAnh" || len(missing) != 0 {
		t.Errorf("%s, %v", folder, missing)
	}
	if _, missing := dossier.FolderName("", "", "An"); !slices.Equal(missing, []string{"code", "identity"}) {
		t.Errorf("missing %v", missing)
	}
}

// FuzzReadName: no file name breaks the reader, and none smuggles a folder.
func FuzzReadName(f *testing.F) {
	f.Add("07.Quyet_dinh.pdf")
	f.Add("../../etc/passwd")
	f.Fuzz(func(t *testing.T, name string) {
		n, title, ok := dossier.ReadName(name)
		if ok && (n < 1 || n > 104) {
			t.Fatalf("%q: kind %d", name, n)
		}
		made := dossier.FileName(dossier.Paper{Kind: max(n, 0), Title: title}, 1, ".pdf")
		if strings.ContainsAny(made, "/\\\x00") {
			t.Fatalf("%q became %q", name, made)
		}
	})
}
