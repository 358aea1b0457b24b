package document_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

const (
	dh     = "dh-mau"
	dhOrg  = "org/dh"
	dhMeet = "hop-dh"
)

// congress is a small congress of delegates of three delegations: ten
// delegates, two absent, one of them replaced; a committee elected and an
// introduction poll counted.
func congress(t *testing.T, db *store.DB) *desk.Desk {
	t.Helper()
	d := desktest.New(t, db, org.Room(), person.Room(), account.Room(), meeting.Room(), ballotbox.Room(), election.Room(), document.Room())
	do := func(a desk.Act) { t.Helper(); desktest.Do(t, d, "officer", a) }
	on := vn.MustDate("2022-03-10")
	title := rule.Words{VI: "Đại hội Đảng bộ xã Ví Dụ lần thứ V (mẫu)", EN: "Congress of Ví Dụ (sample)"}
	for i, name := range []string{"Đảng bộ xã Ví Dụ (mẫu)", "Chi bộ thôn Một", "Chi bộ thôn Hai", "Chi bộ trường học"} {
		do(org.Found{ID: []string{dhOrg, "org/d1", "org/d2", "org/d3"}[i], Title: name, Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01")})
	}
	ref := meeting.Ref{ID: dhMeet, Org: dhOrg}
	var people []meeting.Attendee
	var marks []meeting.Marked
	for i := 1; i <= 11; i++ {
		id := fmt.Sprintf("person/m%d", i)
		do(person.Record{ID: id, Home: dhOrg, Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: fmt.Sprintf("Nguyễn Văn %c", 'A'+i)}})
		a := meeting.Attendee{Person: id, Standing: meeting.Delegate, Delegation: fmt.Sprintf("org/d%d", 1+i%3)}
		m := meeting.Present
		switch i {
		case 9:
			m = meeting.Absent
		case 10:
			m = meeting.Excused
		case 11:
			a.Standing = meeting.Alternate
		}
		people, marks = append(people, a), append(marks, meeting.Marked{Person: id, Mark: m})
	}
	do(meeting.Open{Ref: ref, Body: meeting.DelegateCongress, Level: "grassroots", Date: on, Title: title, Sample: true, Clock: on})
	do(meeting.Summon{Ref: ref, People: people})
	do(meeting.OpenSession{Ref: ref, Session: "1", Title: rule.Words{VI: "Phiên bầu cử", EN: "Voting"}, Date: on, Voting: true})
	do(meeting.TakeAttendance{Ref: ref, Session: "1", Marks: marks})
	do(meeting.Replace{Ref: ref, Person: "person/m10", Alternate: "person/m11", Reason: "ốm"})
	do(election.OpenEvent{ID: dh, Kind: "congress", Date: on, Sample: true, Org: dhOrg, Title: title})
	tpl, _ := election.TemplateOf("district-delegates")
	items := tpl.Items[:2]
	for i := range items {
		items[i].Meeting = dhMeet
	}
	do(election.SetProgramme{Event: dh, Org: dhOrg, Programme: election.Programme{Template: tpl.ID, Level: "grassroots", Items: items}})
	return d
}

// vote elects the committee and takes the introduction poll, then closes the meeting.
func voteAll(t *testing.T, d *desk.Desk) {
	t.Helper()
	do := func(a desk.Act) { t.Helper(); desktest.Do(t, d, "officer", a) }
	hand := &election.Hand{For: 9}
	listed := func(ids ...int) (out []election.NewPerson) {
		for _, i := range ids {
			out = append(out, election.NewPerson{Listed: election.Listed{Person: fmt.Sprintf("person/m%d", i), Origin: vote.Official, InBody: true}, Name: fmt.Sprintf("Nguyễn Văn %c", 'A'+i), Born: "1980"})
		}
		return out
	}
	n := func(v int64) *int64 { return &v }
	stock := vote.Ballots{Printed: n(10), Issued: n(9), Spoiled: n(0), Unused: n(1), Collected: n(9), Valid: n(9), Invalid: n(0)}
	on := election.OnRound{Event: dh, Org: dhOrg, Contest: dh + "/ban-chap-hanh"}
	do(election.OpenList{Event: dh, Org: dhOrg, Item: "ban-chap-hanh"})
	do(election.ListPersons{OnRound: on, Persons: listed(1, 2, 3, 4)})
	do(election.VoteSeats{OnRound: on, Seats: 3, Hand: hand})
	do(election.ChooseReading{OnRound: on, Rule: "party-election.surplus-max", Reading: "up", Reason: "Làm tròn lên"})
	do(election.VoteList{OnRound: on, Hand: hand})
	base := &vote.Base{Summoned: n(10), Present: n(9)}
	do(election.ReportRound{OnRound: on, Base: base, Votes: map[string]int64{"person/m1": 9, "person/m2": 8, "person/m3": 7, "person/m4": 3}, Ballots: stock})
	on.Contest = dh + "/gioi-thieu-bi-thu"
	do(election.OpenList{Event: dh, Org: dhOrg, Item: "gioi-thieu-bi-thu"})
	do(election.VoteList{OnRound: on, Hand: hand})
	do(election.ReportRound{OnRound: on, Base: base, Votes: map[string]int64{"person/m1": 7, "person/m2": 2, "person/m3": 0}, Ballots: stock})
	ref := meeting.Ref{ID: dhMeet, Org: dhOrg}
	do(meeting.CloseSession{Ref: ref, Session: "1"})
	do(meeting.Close{Ref: ref, On: vn.MustDate("2022-03-10")})
}

var paperSet = document.PaperSetting{Number: 5, Organ: "ĐU", Upper: "Đảng bộ tỉnh Mẫu", Body: "Đại hội Đảng bộ xã Ví Dụ", Place: "Ví Dụ",
	Signers: []document.Signer{{For: "T/M ĐOÀN CHỦ TỊCH", Name: "Lê Văn Chủ"}, {For: "THƯ KÝ ĐẠI HỘI", Name: "Phạm Thị Ký"}}, To: []string{"Đảng ủy cấp trên,", "Lưu hồ sơ bầu cử."}}

// every paper of the congress with what it is about.
var everyPaper = []struct {
	kind  document.PaperKind
	about string
	says  []string
}{
	{document.Script, "", []string{"KỊCH BẢN ĐIỀU HÀNH", "được triệu tập là 10, có mặt 9, vắng mặt 2"}},
	{document.Credentials, dhMeet, []string{"thẩm tra tư cách đại biểu", "Triệu tập: 10 đại biểu", "90,00%", "Chi bộ thôn Hai", "Dự khuyết, thay Nguyễn Văn K", "Vắng mặt", "Số 05-BC/ĐU"}},
	{document.ListPaper, dh + "/ban-chap-hanh", []string{"DANH SÁCH BẦU CỬ", "gồm 4 người, bầu lấy 3 người", "tán thành 9", "Nguyễn Văn E"}},
	{document.PollMinutes, dh + "/gioi-thieu-bi-thu", []string{"Số 05-BB/ĐU", "Lấy phiếu giới thiệu bí thư", "77,78%"}},
	{document.ElectionMinutes, "", []string{"bầu cử", "Bầu ban chấp hành", "Nguyễn Văn B, Nguyễn Văn C, Nguyễn Văn D", "Mẫu số để tính kết quả"}},
	{document.UpperReport, "", []string{"kết quả bầu cử", "Danh sách trúng cử đề nghị chuẩn y", "Báo cáo cấp trên: chậm nhất ngày 21/3/2022 (ngày làm việc thứ 7", "CHƯA LẬP"}},
}

func makeForm() document.Form {
	return document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Now: time.Date(2026, 9, 1, 3, 0, 0, 0, time.UTC)}
}

func papersOf(t *testing.T, d *desk.Desk) (ps []*document.MadePaper) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) { ps, err = document.Papers(t.Context(), tx, dh); return err }); err != nil {
		t.Fatal(err)
	}
	return ps
}

// Every paper of a congress is made, says the same in Word and PDF, and holds
// the figures; the record rebuilds.
func TestPapersOfACongress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := congress(t, db)
		if _, err := document.MakePaper(t.Context(), d, db, makeForm(), document.UpperReport, dh, dhOrg, "", paperSet); err == nil {
			t.Error("a report with nobody elected")
		}
		voteAll(t, d)
		for _, c := range everyPaper {
			f := makeForm()
			if _, err := document.MakePaper(t.Context(), d, db, f, c.kind, dh, dhOrg, c.about, paperSet); err != nil {
				t.Fatalf("%s: %v", c.kind, err)
			}
			if rc, err := document.MakePaper(t.Context(), d, db, f, c.kind, dh, dhOrg, c.about, paperSet); err != nil || !rc.Repeated {
				t.Errorf("%s: the same form again: %+v, %v", c.kind, rc, err)
			}
			ps := papersOf(t, d)
			p := ps[len(ps)-1]
			var pdf, word []byte
			if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
				if pdf, err = document.PaperFile(t.Context(), tx, p, document.PaperPDFFile); err == nil {
					word, err = document.PaperFile(t.Context(), tx, p, document.PaperDOCXFile)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			m, err := document.ParsePaper(p.Model)
			if err != nil {
				t.Fatal(err)
			}
			again, err := m.Print(nil)
			if err != nil || !bytes.Equal(again.PDF, pdf) || !bytes.Equal(again.Word, word) || len(again.Odd) > 0 {
				t.Errorf("%s: printed again it differs: %v %v", c.kind, err, again.Odd)
			}
			if lost := document.LostWords(t, word, pdf); len(lost) > 0 {
				t.Errorf("%s: words of the Word file that are not in the PDF: %q", c.kind, lost)
			}
			if dir := os.Getenv("MINHBACH_PAPERS"); dir != "" {
				_ = os.WriteFile(filepath.Join(dir, string(c.kind)+".pdf"), pdf, 0o600)
				_ = os.WriteFile(filepath.Join(dir, string(c.kind)+".docx"), word, 0o600)
			}
			doc, err := docx.Open(word)
			if err != nil {
				t.Fatal(err)
			}
			inWord, inPDF := doc.Text(), paperText(t, pdf)
			if strings.Contains(inWord, "{{") || strings.Contains(inPDF, "{1}") {
				t.Errorf("%s: a mark was left", c.kind)
			}
			for _, lost := range m.Missing(inWord) {
				t.Errorf("%s: not in Word: %s", c.kind, lost)
			}
			for _, lost := range m.Missing(inPDF) {
				t.Errorf("%s: not in the PDF: %s", c.kind, lost)
			}
			for _, s := range c.says {
				if !strings.Contains(squeeze(inWord), squeeze(s)) || !strings.Contains(squeeze(inPDF), squeeze(s)) {
					t.Errorf("%s does not say %q:\n%s", c.kind, s, inWord)
				}
			}
		}
		desktest.CheckRebuild(t, d)
	})
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// Each number of each paper, changed by one, is refused; so are a number
// written past the figures, a figure that stands nowhere, and a foreign entry.
func TestPaperNumberWithoutAnEntryIsRefused(t *testing.T) {
	db := storetest.SQLite(t)
	d := congress(t, db)
	voteAll(t, d)
	check := func(p *document.Paper) (err error) {
		return d.Read(t.Context(), func(tx *store.Tx) error { return p.Check(t.Context(), tx) })
	}
	for _, c := range everyPaper {
		draw := func() *document.Paper {
			p, _, _, err := document.PreviewPaper(t.Context(), d, c.kind, dh, dhOrg, c.about, paperSet, vn.MustDate("2026-09-01"))
			if err != nil {
				t.Fatalf("%s: %v", c.kind, err)
			}
			return p
		}
		p := draw()
		if len(p.Figures) < 3 {
			t.Errorf("%s cites only %d numbers", c.kind, len(p.Figures))
		}
		for i := range p.Figures {
			if p = draw(); p.Figures[i].Share != nil {
				p.Figures[i].Text = "99.99"
			} else {
				p.Figures[i].Value++
			}
			if check(p) == nil {
				t.Errorf("%s: number %d changed is taken", c.kind, i+1)
			}
		}
		for name, spoil := range map[string]func(p *document.Paper){
			"a number past the figures": func(p *document.Paper) { p.Parts[0].Text = append(p.Parts[0].Text, "Có 12 đại biểu.") },
			"a place that is not there": func(p *document.Paper) { p.Parts[0].Text = append(p.Parts[0].Text, "Có {999}.") },
			"a figure standing nowhere": func(p *document.Paper) { p.Figures = append(p.Figures, p.Figures[0]) },
			"a foreign entry":           func(p *document.Paper) { p.Figures[0].Entry, p.Figures[0].Field = 0, "version" },
			"no entry":                  func(p *document.Paper) { p.Figures[0].Field = "" },
			"a strange table":           func(p *document.Paper) { p.Parts[0].Table = &document.PaperTable{ID: "la", Rows: [][]string{{"1"}}} },
			"a number in a cell": func(p *document.Paper) {
				p.Parts = append(p.Parts, document.Part{Table: &document.PaperTable{ID: "ket_qua", Rows: [][]string{{"1", "A", "7", "", ""}}}})
			},
		} {
			p := draw()
			if spoil(p); check(p) == nil {
				t.Errorf("%s: %s is taken", c.kind, name)
			}
		}
	}
}

// A paper is signed, made again, and the older stays; signing twice asks why.
func TestPaperSignedAndRemade(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := congress(t, db)
		voteAll(t, d)
		made := func() int64 {
			rc, err := document.MakePaper(t.Context(), d, db, document.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "officer", Now: desktest.ClockOf(t, d).Now()}, document.ListPaper, dh, dhOrg, dh+"/ban-chap-hanh", paperSet)
			if err != nil {
				t.Fatal(err)
			}
			return rc.Entries[0].Index
		}
		first := made()
		p := papersOf(t, d)[0]
		sign := document.SignPaper{Event: dh, Org: dhOrg, Entry: first, Day: p.Made, Who: []string{"Lê Văn Chủ", " "}, Where: "Tủ 3, Văn phòng Đảng ủy"}
		for _, bad := range []func(a *document.SignPaper){func(a *document.SignPaper) { a.Who = nil }, func(a *document.SignPaper) { a.Where = " " },
			func(a *document.SignPaper) { a.Day = p.Made.AddDays(-1) }, func(a *document.SignPaper) { a.Day = p.Made.AddDays(4000) }} {
			a := sign
			bad(&a)
			desktest.MustRefuse(t, d, "officer", a, desk.Invalid)
		}
		no := sign
		no.Entry = 1
		desktest.MustRefuse(t, d, "officer", no, desk.NotFound)
		desktest.Do(t, d, "officer", sign)
		desktest.MustRefuse(t, d, "officer", sign, desk.Invalid)
		sign.Reason, sign.Where = "Chuyển hồ sơ", "Lưu trữ lịch sử tỉnh"
		desktest.Do(t, d, "officer", sign)
		second := made()
		ps := papersOf(t, d)
		if len(ps) != 2 || ps[0].Newer != second || ps[0].Signed == nil || ps[0].Signed.Where != "Lưu trữ lịch sử tỉnh" || len(ps[0].Older) != 1 || ps[1].Signed != nil {
			t.Errorf("%+v", ps)
		}
		desktest.CheckRebuild(t, d)
	})
}

// An own template is checked before it is taken, used from then on with its
// entry in the record, and given up again.
func TestOwnTemplate(t *testing.T) {
	db := storetest.SQLite(t)
	d := congress(t, db)
	voteAll(t, d)
	form, err := document.FormOn(vn.MustDate("2026-09-01"))
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := document.PaperTemplate(form)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"no Word file": []byte("x"), "the minutes template": must(document.MinutesTemplate()), "an empty document": must((&docx.Builder{}).Bytes())} {
		if _, err := document.AllPapers.Take(t.Context(), d, db, makeForm(), dhOrg, raw, "thử"); err == nil {
			t.Errorf("%s is taken", name)
		} else if e := (*desk.Error)(nil); !errors.As(err, &e) || e.Code != desk.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	desktest.MustRefuse(t, d, "officer", document.SetTemplate{Org: dhOrg, Reason: "trả về"}, desk.Refused)
	if _, err := document.AllPapers.Take(t.Context(), d, db, makeForm(), dhOrg, shipped, " "); err == nil {
		t.Error("a template without a reason")
	}
	rc, err := document.AllPapers.Take(t.Context(), d, db, makeForm(), dhOrg, shipped, "Mẫu của Đảng ủy")
	if err != nil {
		t.Fatal(err)
	}
	make1 := func() *document.MadePaper {
		if _, err := document.MakePaper(t.Context(), d, db, makeForm(), document.Script, dh, dhOrg, "", paperSet); err != nil {
			t.Fatal(err)
		}
		ps := papersOf(t, d)
		return ps[len(ps)-1]
	}
	if p := make1(); p.Template == nil || *p.Template != rc.Entries[0].Index {
		t.Errorf("made by template %v, not %d", p.Template, rc.Entries[0].Index)
	}
	desktest.Do(t, d, "officer", document.SetTemplate{Org: dhOrg, Reason: "Trả về mẫu có sẵn"})
	if p := make1(); p.Template != nil {
		t.Errorf("made by template %d after the reset", *p.Template)
	}
	// A kind of its own goes before the one for all; its PDF is the Word file's.
	minutes := slotFor(t, "election-minutes")
	own := reworded(t, shipped, "{{loai}}", "TÀI LIỆU RIÊNG – {{loai}}")
	if rc, err = minutes.Take(t.Context(), d, db, makeForm(), dhOrg, own, "Đầu trang riêng"); err != nil {
		t.Fatal(err)
	}
	if p := make1(); p.Template != nil {
		t.Errorf("the script follows the template of election minutes, entry %d", *p.Template)
	}
	if _, err := document.MakePaper(t.Context(), d, db, makeForm(), document.ElectionMinutes, dh, dhOrg, "", paperSet); err != nil {
		t.Fatal(err)
	}
	ps := papersOf(t, d)
	p := ps[len(ps)-1]
	if p.Template == nil || *p.Template != rc.Entries[0].Index {
		t.Errorf("election minutes follow %v, not entry %d", p.Template, rc.Entries[0].Index)
	}
	var pdf []byte
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		pdf, err = document.PaperFile(t.Context(), tx, p, document.PaperPDFFile)
		return err
	}); err != nil || !strings.Contains(paperText(t, pdf), "TÀI LIỆU RIÊNG – BIÊN BẢN") {
		t.Errorf("the PDF does not follow the own template: %v", err)
	}
	desktest.CheckRebuild(t, d)
}

// slotFor is the slot of an id.
func slotFor(t *testing.T, id string) document.Slot {
	t.Helper()
	for _, s := range document.Slots() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no slot %q", id)
	return document.Slot{}
}

// reworded is a Word file with a text of its body replaced, as a clerk would.
func reworded(t *testing.T, raw []byte, from, to string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "word/document.xml" {
			if !bytes.Contains(b, []byte(from)) {
				t.Fatalf("%q is not in the template", from)
			}
			b = bytes.ReplaceAll(b, []byte(from), []byte(to))
		}
		x, err := w.Create(f.Name)
		if err == nil {
			_, err = x.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Every shipped template is one that its own slot takes, on any day, and its
// sample loses nothing in the PDF; each part that a clerk deletes is missed.
func TestSlots(t *testing.T) {
	for _, day := range []string{"2020-10-14", "2026-09-01"} {
		for _, s := range document.Slots() {
			raw, err := s.Shipped(vn.MustDate(day))
			if err != nil {
				t.Fatal(err)
			}
			out, err := s.Try(raw, vn.MustDate(day))
			if err != nil {
				t.Fatalf("%q %s: %v", s.ID, day, err)
			}
			if len(out.Odd) > 0 {
				t.Errorf("%q: %v", s.ID, out.Odd)
			}
			if lost := document.LostWords(t, out.Word, out.PDF); len(lost) > 0 {
				t.Errorf("%q: not in the PDF: %q", s.ID, lost)
			}
		}
	}
	raw := must(document.MinutesTemplate())
	for _, mark := range []string{"{{tinh_trang}}", "{{nguoi}}", "{{ket_qua}}", "{{ten_phai}}", "{{tieu_de}}"} {
		if _, err := document.CountingMinutes.Try(reworded(t, raw, mark, ""), vn.MustDate("2026-09-01")); err == nil {
			t.Errorf("counting minutes without %s are taken", mark)
		}
	}
}

// The checkpoint stands in the foot, on a slip, or nowhere, in Word as in the
// PDF; an own template without a slip gets one.
func TestSealOfPapers(t *testing.T) {
	p, err := document.SamplePaper(vn.MustDate("2026-09-01"))
	if err != nil {
		t.Fatal(err)
	}
	p.Point.Code = "AB12-CD34"
	for _, seal := range []document.Seal{document.SealFooter, document.SealSlip, document.SealNone} {
		p.Seal = seal
		out, err := p.Print(nil)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := docx.Read(out.Word)
		if err != nil {
			t.Fatal(err)
		}
		body, edge := strings.Contains(doc.Text(), p.Point.Code), strings.Contains(doc.EdgeText(), p.Point.Code)
		if body != (seal == document.SealSlip) || edge != (seal == document.SealFooter) {
			t.Errorf("%s: in the body %v, at the edge %v", seal, body, edge)
		}
		if n := len(doc.Images); (n > 0) != (seal != document.SealNone) {
			t.Errorf("%s: %d codes", seal, n)
		}
		if lost := document.LostWords(t, out.Word, out.PDF); len(lost) > 0 {
			t.Errorf("%s: %q", seal, lost)
		}
	}
	// A template of a clerk who took the slip out.
	b := &docx.Builder{}
	for _, m := range []string{"{{loai}}"} {
		b.P(docx.Style{}, m)
	}
	own, err := docx.Open(must(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	p.Seal = document.SealSlip
	out, err := p.Print(own)
	if err != nil {
		t.Fatal(err)
	}
	if doc, err := docx.Read(out.Word); err != nil || !strings.Contains(doc.Text(), p.Point.Code) || len(doc.Images) != 1 {
		t.Errorf("no slip at the end: %v", err)
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// The form of Party documents goes by the day of the paper.
func TestPartyForm(t *testing.T) {
	for day, want := range map[string]string{"2020-10-14": "36-HD", "2026-05-26": "36-HD", "2026-05-27": "05-HD", "2017-01-01": "36-HD"} {
		f, err := document.FormOn(vn.MustDate(day))
		if err != nil || f.ID != want {
			t.Errorf("%s: %s, %v", day, f.ID, err)
		}
		if f.Evidence != rule.Reported || f.Margins != (document.Margins{Top: 20, Bottom: 20, Left: 30, Right: 15}) {
			t.Errorf("%s: %+v", f.ID, f)
		}
		if got := f.NumberLine(document.ElectionMinutes, 5, "ĐU"); got != "Số 05-BB/ĐU" {
			t.Error(got)
		}
	}
	db := storetest.SQLite(t)
	d := congress(t, db)
	set := paperSet
	set.Signers = []document.Signer{{For: "K/T BÍ THƯ", Name: "A"}}
	for day, ok := range map[string]bool{"2026-05-26": true, "2026-05-27": false} {
		if _, _, _, err := document.PreviewPaper(t.Context(), d, document.Script, dh, dhOrg, "", set, vn.MustDate(day)); (err == nil) != ok {
			t.Errorf("K/T on %s: %v", day, err)
		}
	}
}

// paperText is the text of a PDF in the order it was drawn, without the foot
// and the number of each page.
func paperText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	var b strings.Builder
	for i, page := range strings.Split(string(out), "\f") {
		for j, line := range strings.Split(page, "\n") {
			if i > 0 && j == 0 && strings.TrimSpace(line) == fmt.Sprint(i+1) || strings.HasPrefix(line, "Điểm chứng:") {
				continue
			}
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
