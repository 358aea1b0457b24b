package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// The minutes of a contest counted in a box say which readings agreed, what
// another program found and how the doubtful ballot was settled, each with its
// entries; before the head reports they say nothing of it.
func TestMinutesSayHowItWasCounted(t *testing.T) {
	db := storetest.SQLite(t)
	d := congress(t, db)
	do := func(actor string, a desk.Act) desk.Receipt { t.Helper(); return desktest.Do(t, d, actor, a) }
	on, cs := unsealedBox(t, d, ballotbox.CompareWith)
	box := on.Contest
	do("account/head", ballotbox.MakePiles{Box: box, Case: cs})
	read := map[string]int64{}
	for i, who := range []string{"account/one", "account/two"} {
		st := ballotbox.Station{Box: box, Case: cs, Pile: 1, Station: i + 1, Attempt: 1, Actor: who}
		for n := range 9 {
			keys := "4"
			if n == 8 {
				keys = "?"
			}
			if _, err := ballotbox.Put(t.Context(), db, nil, st, desk.NewID(), n+1, keys); err != nil {
				t.Fatal(err)
			}
		}
		rc := do(who, ballotbox.HandIn{Box: box, Case: cs, Pile: 1, Station: i + 1, Attempt: 1, Ballots: 9})
		read[who] = rc.Entries[0].Index
	}
	var lib *rule.Library
	cause := ""
	if err := d.Read(t.Context(), func(tx *store.Tx) (err error) {
		if lib, err = d.Rules(t.Context(), tx); err != nil {
			return err
		}
		b, err := ballotbox.Get(t.Context(), tx, box)
		if err != nil {
			return err
		}
		cs, err := b.Causes(lib)
		if len(cs) > 0 {
			cause = cs[0].ID
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	settled := do("account/head", ballotbox.Decide{Box: box, Case: cs, Items: []ballotbox.Item{{Pile: 1, N: 1}}, Cause: cause, Reason: "Có dấu lạ ở góc phiếu"}).Entries[0].Index
	other := do("account/head", ballotbox.EnterOther{Box: box, Case: cs, Source: "Phần mềm tỉnh", Totals: ballotbox.Totals{Valid: 8, Invalid: 1, Votes: map[string]int64{"person/m1": 8, "person/m2": 8, "person/m3": 8, "person/m4": 0}}}).Entries[0].Index
	do("account/head", ballotbox.Close{Box: box, Case: cs, Note: "Khớp"})
	if _, _, err := document.Preview(t.Context(), d, on.Contest, document.Setting{}, time.Now()); err == nil {
		t.Fatal("minutes before the head reported")
	}
	do("account/head", election.ReportBox{OnRound: on})

	// What is typed is bounded by letters, not by bytes.
	long := func(n int) document.Setting {
		return document.Setting{Board: []document.Member{{Role: "Trưởng Ban kiểm phiếu", Name: strings.Repeat("ế", n)}}, Notes: strings.Repeat("ắ ", 20*n)}
	}
	if _, _, err := document.Preview(t.Context(), d, on.Contest, long(200), time.Now()); err != nil {
		t.Error(err)
	}
	if _, _, err := document.Preview(t.Context(), d, on.Contest, long(201), time.Now()); err == nil {
		t.Error("a name of 201 letters")
	}
	rc, err := document.MakeMinutes(t.Context(), d, db, makeForm(), on.Contest, document.Setting{Board: []document.Member{{Role: "Trưởng Ban kiểm phiếu", Name: "Nguyễn Văn G"}}})
	if err != nil {
		t.Fatal(err)
	}
	var files map[string][]byte
	if err := d.Read(t.Context(), func(tx *store.Tx) error {
		m, err := election.GetMinutes(t.Context(), tx, rc.Entries[0].Index)
		if err == nil {
			files, err = document.Files(t.Context(), tx, m)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	m, err := document.Parse(files[document.ModelFile])
	if err != nil || m.Count == nil || len(m.Count.Piles) != 1 || len(m.Count.Others) != 1 || len(m.Count.Doubts) != 1 {
		t.Fatalf("%v %+v", err, m.Count)
	}
	p := m.Count.Piles[0]
	if e := p.Entries(); !slices.Contains(e, read["account/one"]) || !slices.Contains(e, read["account/two"]) || p.Agreed < 0 || !slices.Contains(e, p.Agreed) {
		t.Errorf("the readings cite %v, not %v", e, read)
	}
	if x := m.Count.Doubts[0]; x.Valid || x.Entry != settled || x.Cause != cause {
		t.Errorf("doubtful ballot: %+v", x)
	}
	if x := m.Count.Others[0]; !x.Same || x.Entry != other {
		t.Errorf("other program: %+v", x)
	}
	doc, err := docx.Read(files[document.DOCXFile])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Word": doc.Text(), "PDF": paperText(t, files[document.PDFFile])} {
		for _, want := range []string{"V. Các lần đọc phiếu", "các trạm 1, 2 đọc riêng, khớp nhau", "Phần mềm tỉnh): khớp", "VI. Phiếu nghi vấn Ban kiểm phiếu đã quyết định", document.CauseWords(cause).VI, "Có dấu lạ ở góc phiếu"} {
			if !strings.Contains(squeeze(text), squeeze(want)) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
	if lost := document.LostWords(t, files[document.DOCXFile], files[document.PDFFile]); len(lost) > 0 {
		t.Errorf("not in the PDF: %q", lost)
	}
	desktest.CheckRebuild(t, d)
}

// unsealedBox opens the box of the party committee with nine ballots collected.
func unsealedBox(t *testing.T, d *desk.Desk, mode ballotbox.Mode) (election.OnRound, string) {
	t.Helper()
	do := func(actor string, a desk.Act) { t.Helper(); desktest.Do(t, d, actor, a) }
	on := election.OnRound{Event: dh, Org: dhOrg, Contest: dh + "/ban-chap-hanh"}
	cs, box := election.ContestSubject(on.Contest), on.Contest
	hand := &election.Hand{For: 9}
	var persons []election.NewPerson
	for i := 1; i <= 4; i++ {
		persons = append(persons, election.NewPerson{Listed: election.Listed{Person: fmt.Sprintf("person/m%d", i), Origin: vote.Official, InBody: true}, Name: fmt.Sprintf("Nguyễn Văn %c", 'A'+i), Born: "1980"})
	}
	do("officer", election.OpenList{Event: dh, Org: dhOrg, Item: "ban-chap-hanh"})
	do("officer", election.ListPersons{OnRound: on, Persons: persons})
	do("officer", election.VoteSeats{OnRound: on, Seats: 3, Hand: hand})
	do("officer", election.ChooseReading{OnRound: on, Rule: "party-election.surplus-max", Reading: "up", Reason: "Làm tròn lên"})
	do("officer", election.VoteList{OnRound: on, Hand: hand})
	board := []string{"person/m6", "person/m7", "person/m8"}
	do("officer", meeting.ChooseOrgan{Ref: meeting.Ref{ID: dhMeet, Org: dhOrg}, Organ: meeting.CountingBoard, Head: board[0], Members: board,
		Hand: meeting.VoteByHand{Vote: "hv/kp", Session: "1", Title: rule.Words{VI: "Ban kiểm phiếu", EN: "Counting board"}, For: 9}})
	accounts := map[string]string{board[0]: "account/head", board[1]: "account/one", board[2]: "account/two"}
	do("officer", election.OpenBox{OnRound: on, PileSize: 50, Stations: 2, Mode: mode, Accounts: accounts})
	for _, x := range []struct {
		what string
		n    int64
	}{{"printed", 10}, {"issued", 9}, {"spoiled", 0}, {"unused", 1}} {
		do("account/one", ballotbox.CountStock{Box: box, Case: cs, What: x.what, Number: x.n})
	}
	do("account/head", ballotbox.CheckBox{Box: box, Case: cs, Empty: true, Seal: "01"})
	do("account/head", ballotbox.Unseal{Box: box, Case: cs, Intact: true})
	do("account/one", ballotbox.CountStock{Box: box, Case: cs, What: "collected", Number: 9})
	return on, cs
}
