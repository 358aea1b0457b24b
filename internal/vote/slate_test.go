package vote_test

import (
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
	"pgregory.net/rapid"
)

func library(t testing.TB) *rule.Library {
	t.Helper()
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// The room of a list follows from the rules of the day: 30 % of 51 seats is
// 15.3, so rounding decides between 66 and 67 names; three to five seats have
// a rule of their own in the 2024 edition only.
func TestRoomOfAList(t *testing.T) {
	lib := library(t)
	for _, x := range []struct {
		name, rules, on string
		seats           int64
		round           int
		least, most     int64
		readings        []int64 // most under the other readings
	}{
		{"51 seats, 2024", "party-election/committee", "2025-09-25", 51, 1, 52, 66, []int64{66, 67}},
		{"55 seats: 16.5", "party-election/committee", "2025-09-25", 55, 1, 56, 71, []int64{72, 72}},
		{"51 seats, 2014", "party-election/committee", "2020-10-14", 51, 1, 52, 66, []int64{66, 67}},
		{"three seats, 2024", "party-election/standing-committee", "2025-09-25", 3, 1, 4, 4, []int64{4, 4}},
		{"five seats, 2024", "party-election/committee", "2025-09-25", 5, 1, 6, 6, []int64{6, 6}},
		{"five seats, 2014: 1.5", "party-election/committee", "2020-10-14", 5, 1, 6, 6, []int64{7, 7}},
		{"a later round needs no surplus", "party-election/committee", "2020-10-14", 1, 2, 1, 1, []int64{1, 2}},
		{"two seats: nothing fits as stated", "party-election/committee", "2020-10-14", 2, 1, 0, 0, []int64{3, 3}},
		{"secretary: no rule limits", "party-election/secretary", "2025-09-25", 1, 1, 1, -1, nil},
	} {
		b, err := lib.For(x.rules, vn.MustDate(x.on))
		if err != nil {
			t.Fatal(err)
		}
		rooms, err := vote.ListRoom(b, x.seats, x.round, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if rooms[0].Least != x.least || rooms[0].Most != x.most {
			t.Errorf("%s: room %d to %d, want %d to %d", x.name, rooms[0].Least, rooms[0].Most, x.least, x.most)
		}
		if len(rooms)-1 != len(x.readings) {
			t.Errorf("%s: %d other readings, want %d", x.name, len(rooms)-1, len(x.readings))
			continue
		}
		for i, m := range x.readings {
			if rooms[i+1].Most != m {
				t.Errorf("%s: under %v most is %d, want %d", x.name, rooms[i+1].Readings, rooms[i+1].Most, m)
			}
		}
	}
}

// What the room says and what the count says of the surplus is one thing.
func TestRoomAgreesWithTheRules(t *testing.T) {
	lib := library(t)
	rapid.Check(t, func(t *rapid.T) {
		on := vn.MustDate(rapid.SampledFrom([]string{"2020-10-14", "2025-09-25"}).Draw(t, "day"))
		seats, extra := rapid.Int64Range(1, 80).Draw(t, "seats"), rapid.Int64Range(0, 40).Draw(t, "extra")
		b, err := lib.For("party-election/committee", on)
		if err != nil {
			t.Fatal(err)
		}
		rooms, err := vote.ListRoom(b, seats, 1, false, map[string]string{"party-election.surplus-max": rule.MainReading})
		if err != nil {
			t.Fatal(err)
		}
		in := map[string]int64{"seats": seats, "candidates": seats + extra, "round": 1}
		want := extra > 0
		for _, id := range []string{"party-election.surplus-max", "party-election.surplus-small"} {
			a, err := vote.Ask(lib, id, on, in, map[string]string{"party-election.surplus-max": rule.MainReading})
			if err != nil {
				t.Fatal(err)
			}
			want = want && (!a.Known || a.Holds)
		}
		if got := rooms[0].Fits(seats + extra); got != want || len(rooms) != 1 {
			t.Fatalf("%d names for %d seats: fits %v, the rules say %v (%+v)", seats+extra, seats, got, want, rooms)
		}
	})
}

func ground(on string) vote.Ground {
	return vote.Ground{Rules: "party-election/committee", On: vn.MustDate(on), Opening: vn.MustDate(on), AtCongress: true, Seats: 51, Round: 1}
}

func TestWhoMayNotStandAndByWhichArticle(t *testing.T) {
	lib := library(t)
	no, num := false, func(n int64) *int64 { return &n }
	for _, x := range []struct {
		name   string
		on     string
		grow   func(*vote.Ground)
		n      vote.Nominee
		barred string // rule, "" when the name may stand
		art    string
		waits  []vote.Wait
		open   string
	}{
		{name: "official name", on: "2020-10-14", n: vote.Nominee{Origin: vote.Official, Outgoing: true, InBody: true}},
		{name: "probationary", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, InBody: true, Probationary: true}, barred: vote.RuleMayStand, art: "Điều 3"},
		{name: "outgoing member stands off the list, 2014", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, Outgoing: true, InBody: true}, barred: vote.RuleOutgoingLimit, art: "Điều 13"},
		{name: "outgoing member stands off the list, 2024", on: "2025-09-25", n: vote.Nominee{Origin: vote.Standing, Outgoing: true, InBody: true, Support: num(200)}, grow: func(g *vote.Ground) { g.Attending = 347 }, barred: vote.RuleOutgoingLimit, art: "Điều 11"},
		{name: "outgoing member nominates outside the list", on: "2020-10-14", n: vote.Nominee{Origin: vote.Nominated, InBody: true, ByDelegate: true, ByOutgoing: true}, barred: vote.RuleNominateOutside, art: "Điều 13"},
		{name: "an alternate nominates", on: "2020-10-14", n: vote.Nominee{Origin: vote.Nominated, InBody: true}, barred: vote.RuleMayNominate, art: "Điều 14"},
		{name: "a probationary member nominates in a cell", on: "2020-10-14", grow: func(g *vote.Ground) { g.MembersMeeting, g.Grassroots = true, true }, n: vote.Nominee{Origin: vote.Nominated, InBody: true}},
		{name: "not of the body to elect from", on: "2020-10-14", n: vote.Nominee{Origin: vote.Official, InBody: true, InSource: &no}, barred: vote.RuleFromAmong, art: "Điều 20 khoản 1"},
		{name: "temporary activity: readings differ", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, InBody: true, Temporary: true}, open: vote.RuleTemporary},
		{name: "a delegate stands, 2020: application only", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, InBody: true}},
		{name: "no delegate, no file yet", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing}, waits: []vote.Wait{vote.WaitFile}},
		{name: "no delegate, file of five in time, 2020", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, Files: num(5), HandedIn: vn.MustDate("2020-09-23")}},
		{name: "no delegate, file a day late, 2020", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, Files: num(5), HandedIn: vn.MustDate("2020-09-24")}, barred: vote.RuleFileDeadline, art: "Hồ sơ và thủ tục ứng cử"},
		{name: "file after opening", on: "2020-10-14", n: vote.Nominee{Origin: vote.Standing, Files: num(5), HandedIn: vn.MustDate("2020-10-15")}, barred: vote.RuleFileDeadline, art: "Hồ sơ và thủ tục ứng cử"},
		{name: "five papers are not seven in 2025", on: "2025-09-25", n: vote.Nominee{Origin: vote.Standing, Files: num(5), HandedIn: vn.MustDate("2025-08-01"), Support: num(200)}, grow: func(g *vote.Ground) { g.Attending = 347 }, waits: []vote.Wait{vote.WaitFile}},
		{name: "grassroots: application only", on: "2020-10-14", grow: func(g *vote.Ground) { g.Grassroots = true }, n: vote.Nominee{Origin: vote.Standing}},
		{name: "2024: support not voted yet", on: "2025-09-25", n: vote.Nominee{Origin: vote.Standing, InBody: true}, waits: []vote.Wait{vote.WaitSupport}},
		{name: "2024: exactly 30 % is not more", on: "2025-09-25", grow: func(g *vote.Ground) { g.Attending = 100 }, n: vote.Nominee{Origin: vote.Standing, InBody: true, Support: num(30)}, barred: vote.RuleOutsideSupport, art: "Điều 14 khoản 3"},
		{name: "2024: 31 of 100", on: "2025-09-25", grow: func(g *vote.Ground) { g.Attending = 100 }, n: vote.Nominee{Origin: vote.Standing, InBody: true, Support: num(31)}},
	} {
		t.Run(x.name, func(t *testing.T) {
			g := ground(x.on)
			if x.grow != nil {
				x.grow(&g)
			}
			ex, err := vote.Examine(lib, g, x.n)
			if err != nil {
				t.Fatal(err)
			}
			if x.barred == "" && len(ex.Barred) > 0 {
				t.Fatalf("barred by %s", ex.Barred[0].Rule)
			}
			if x.barred != "" && (len(ex.Barred) == 0 || ex.Barred[0].Rule != x.barred || ex.Barred[0].Verdict.Article != x.art || ex.Barred[0].Verdict.Says.VI == "") {
				t.Fatalf("barred %+v, want %s %s", ex.Barred, x.barred, x.art)
			}
			if len(ex.Waits) != len(x.waits) || len(x.waits) > 0 && ex.Waits[0] != x.waits[0] {
				t.Errorf("waits for %v, want %v", ex.Waits, x.waits)
			}
			if (x.open != "") != (len(ex.Open) > 0) || x.open != "" && ex.Open[0].Rule != x.open {
				t.Errorf("open %+v, want %q", ex.Open, x.open)
			}
		})
	}
}

// Beyond the table of holidays nobody is barred by a count that nobody can make.
func TestDeadlineBeyondTheHolidays(t *testing.T) {
	files := int64(7)
	g := ground("2027-09-25")
	g.Attending = 100
	x, err := vote.Examine(library(t), g, vote.Nominee{Origin: vote.Standing, Files: &files, HandedIn: vn.MustDate("2027-09-24"), Support: &files})
	if err != nil || !x.NoDays {
		t.Fatalf("%v %+v", err, x)
	}
	for _, b := range x.Barred {
		if b.Rule == vote.RuleFileDeadline {
			t.Error("barred by a deadline that cannot be reckoned")
		}
	}
}

func TestPollAboveTheLargestList(t *testing.T) {
	lib := library(t)
	for _, x := range []struct {
		on              string
		official, names int64
		poll, all       bool
	}{{"2020-10-14", 58, 58, false, true}, {"2020-10-14", 58, 66, false, true}, {"2020-10-14", 58, 67, true, false}, {"2025-09-25", 58, 70, true, false}} {
		s, err := vote.Reckon(lib, ground(x.on), x.official, x.names)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := s.Fits()
		if s.Poll.Yes() != x.poll || all != x.all {
			t.Errorf("%s, %d names: poll %v fits %v", x.on, x.names, s.Poll.Yes(), all)
		}
	}
}

func TestOrderOfAListAndEqualNames(t *testing.T) {
	got := vote.PlaceNames([]vote.Placed{{ID: "a", Name: "Trần Văn Bình", Born: "1971"}, {ID: "b", Name: "Nguyễn Thị An"}, {ID: "c", Name: "Lê Văn Bình"}, {ID: "d", Name: "Trần Văn Bình", Born: "1969"}, {ID: "e", Name: "Đỗ Văn Ân"}})
	want := []struct{ id, apart string }{{"b", ""}, {"e", ""}, {"c", ""}, {"d", "1969"}, {"a", "1971"}}
	for i, w := range want {
		if got[i].ID != w.id || got[i].Order != i+1 || got[i].Apart != w.apart {
			t.Errorf("%d: %+v, want %v", i+1, got[i], w)
		}
	}
	same := vote.PlaceNames([]vote.Placed{{ID: "x", Name: "Lê Thị Hoa"}, {ID: "y", Name: "Lê Thị Hoa"}})
	if same[0].Apart != "(I)" || same[1].Apart != "(II)" {
		t.Errorf("equal names without births: %+v", same)
	}
	if _, wrong := vote.PlaceByHand([]vote.Placed{{ID: "x", Order: 1}, {ID: "y", Order: 1}}); len(wrong) == 0 {
		t.Error("a number given twice was taken")
	}
	if out, wrong := vote.PlaceByHand([]vote.Placed{{ID: "x", Name: "B", Order: 2}, {ID: "y", Name: "C", Order: 1}}); len(wrong) > 0 || out[0].ID != "y" {
		t.Errorf("numbers by hand: %v %v", out, wrong)
	}
}
