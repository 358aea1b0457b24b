package election_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle"
	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/rule"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// verifiesAtTheEnd makes every story of a chain end with its ledger being
// verified by the outside verifier: lists, votes by hand and figures are
// replayed, and nothing is left unreplayed.
func verifiesAtTheEnd(t *testing.T, d *desk.Desk) {
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		r := ledgerReport(t, d)
		var out strings.Builder
		_ = r.Print(&out)
		if !r.Fine() {
			t.Errorf("the ledger of the story does not verify:\n%s", out.String())
		}
		if strings.Contains(out.String(), "cannot be replayed from this bundle") {
			t.Errorf("not everything of the story is replayed:\n%s", out.String())
		}
	})
}

func ledgerReport(t *testing.T, d *desk.Desk) *bundle.Report {
	t.Helper()
	var buf bytes.Buffer
	if err := document.BundleOfLedger(context.Background(), d, &buf, true); err != nil {
		t.Fatal(err)
	}
	files, err := bundle.OpenZip(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	return bundle.Verify(files, bundle.Options{Key: d.VerifierKey()})
}

// TestForgedLists: whoever holds the key of the log and signs everything anew
// is found by what the entries of a list mean.
func TestForgedLists(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh-tinh", "provincial-delegates", "2020-10-14", nil)
	h.committee()
	h.introduction()
	h.firstMeeting()
	forged(t, h.d, map[string]forgery{
		"a name left out of the voted list": {edit(t, election.KindListVoted, 1, func(b map[string]any) { b["order"] = b["order"].([]any)[1:] }), "không phải những người đang đứng"},
		"one seat more":                     {edit(t, election.KindListVoted, 1, func(b map[string]any) { b["seats"] = 52 }), "số lượng cần bầu"},
		"a longer list allowed":             {edit(t, election.KindListVoted, 1, func(b map[string]any) { b["list_cap"] = 99 }), "số dư tối đa"},
		"another form of ballot":            {edit(t, election.KindListVoted, 1, func(b map[string]any) { b["form"] = "agree" }), "hình thức phiếu"},
		"the list voted with half":          {edit(t, election.KindListVoted, 1, func(b map[string]any) { bundletest.In(b, "hand")["for"] = 172 }), "không đủ quá bán"},
		"the number never voted":            {edit(t, election.KindSeats, 1, nil), "số lượng cần bầu"},
		"the nomination never accepted":     {edit(t, election.KindMoved, 1, nil), "chưa nhận đề cử"},
		"the striking never voted":          {edit(t, election.KindMoved, 2, func(b map[string]any) { delete(b, "hand") }), "không có biểu quyết"},
		"struck without a rule":             {edit(t, election.KindMoved, 2, func(b map[string]any) { b["person"] = "dc01" }), "không vướng quy định nào"},
		"an outgoing member let in from the floor": {edit(t, election.KindListed, 2, func(b map[string]any) {
			bundletest.In(b, "persons", 0)["outgoing"] = true
		}), "quy định không cho"},
		"a name beyond the surplus": {edit(t, election.KindListed, 1, func(b map[string]any) { b["persons"] = b["persons"].([]any)[:40] }), "không phải những người"},
		"two names changed places": {edit(t, election.KindRecorded, 1, func(b map[string]any) {
			c := bundletest.In(b, "record")["candidates"].([]any)
			c[0], c[1] = c[1], c[0]
		}), "không phải của danh sách đã biểu quyết"},
		"standing committee from outside the committee": {first(t, election.KindListed, "dh-tinh/ban-thuong-vu", func(b map[string]any) {
			bundletest.In(b, "persons", 0)["person"] = "dc01"
		}), "quy định không cho"},
	})

	// In a cell the meeting reckons the votes and the box its base.
	c := cell(t, storetest.SQLite(t), "2022-03-10")
	c.toTheBox()
	forged(t, c.d, map[string]forgery{
		"hands of the meeting": {edit(t, meeting.KindHandVote, 1, func(b map[string]any) { b["for"] = 4 }), "không đúng biểu quyết"},
		"hands on the list":    {edit(t, election.KindListVoted, 1, func(b map[string]any) { bundletest.In(b, "hand")["for"] = 11 }), "không đúng biểu quyết"},
		"its base":             {edit(t, meeting.KindHandVote, 1, func(b map[string]any) { b["base"] = 9 }), "không đúng biểu quyết"},
		"a vote dropped":       {edit(t, meeting.KindHandVote, 2, nil), "không đúng biểu quyết"},
		"the roll": {edit(t, meeting.KindAttendance, 1, func(b map[string]any) {
			for _, m := range b["marks"].([]any)[:4] {
				m.(map[string]any)["mark"] = "absent"
			}
		}), "giơ tay"},
		"the base of the box":    {edit(t, ballotbox.KindOpened, 1, func(b map[string]any) { bundletest.In(b, "sheet", "base")["present"] = 9 }), "mẫu số không phải của cuộc họp"},
		"the reading of surplus": {edit(t, election.KindReading, 1, nil), "số dư tối đa"},
		"figures of the box": {edit(t, ballotbox.KindReported, 1, func(b map[string]any) {
			v := bundletest.In(b, "record", "votes")
			v["person/m3"], v["person/m4"] = v["person/m4"], v["person/m3"]
		}), "đã báo cáo từ hòm phiếu"},
	})
}

type forgery struct {
	edit func(*ledger.Entry)
	says string
}

func forged(t *testing.T, d *desk.Desk, all map[string]forgery) {
	t.Helper()
	if honest := bundletest.Forge(t, d, func(*ledger.Entry) {}); !honest.Fine() {
		t.Fatalf("signed anew and not edited:\n%s", bundletest.Said(honest))
	}
	for name, f := range all {
		t.Run(name, func(t *testing.T) {
			r := bundletest.Forge(t, d, f.edit)
			if first := r.First(); first == nil || first.Entry < 0 || !strings.Contains(bundletest.Said(r), f.says) {
				t.Errorf("want a word of %q:\n%s", f.says, r.Last())
			}
		})
	}
}

// edit changes the nth entry of a kind; nil drops it from its story.
func edit(t *testing.T, kind string, nth int, change func(b map[string]any)) func(*ledger.Entry) {
	n := 0
	return func(e *ledger.Entry) {
		if e.Kind != kind {
			return
		}
		if n++; n != nth {
			return
		}
		if change == nil {
			*e = ledger.Entry{Index: e.Index, At: e.At, Kind: "org.note/1", Act: e.Act, Actor: e.Actor, Body: []byte(`{}`), Subjects: []ledger.Link{{ID: "org/khac", Prev: -1}}}
			return
		}
		bundletest.Reword(t, e, change)
	}
}

// first changes the first entry of a kind about a contest.
func first(t *testing.T, kind, contest string, change func(b map[string]any)) func(*ledger.Entry) {
	done := false
	return func(e *ledger.Entry) {
		if done || e.Kind != kind || e.Subjects[0].ID != election.ContestSubject(contest) {
			return
		}
		done = true
		bundletest.Reword(t, e, change)
	}
}

// toTheBox plays the cell committee from its list to the report of the box.
func (h *hall) toTheBox() {
	h.t.Helper()
	on := h.on("chi-uy")
	h.do(election.OpenList{Event: "cb1", Org: h.org, Item: "chi-uy"})
	h.do(election.ListPersons{OnRound: on, Persons: []election.NewPerson{h.member(1, vote.Official), h.member(2, vote.Official), h.member(3, vote.Official), h.member(4, vote.Nominated)}})
	h.do(election.MovePerson{OnRound: on, Person: "person/m4", What: election.MoveAccept})
	h.do(election.VoteSeats{OnRound: on, Seats: 3, Hand: &election.Hand{For: 11}})
	h.do(election.ChooseReading{OnRound: on, Rule: "party-election.surplus-max", Reading: "up", Reason: "theo hướng dẫn"})
	h.do(election.VoteList{OnRound: on, Hand: &election.Hand{For: 10, Other: 1}})
	h.do(meeting.ChooseOrgan{Ref: meeting.Ref{ID: "dh-cb1", Org: "org/cb1"}, Organ: meeting.CountingBoard, Head: "person/m10", Members: []string{"person/m9", "person/m10", "person/m11"},
		Hand: meeting.VoteByHand{Vote: "hv/kp1", Session: "1", Title: rule.Words{VI: "Ban kiểm phiếu", EN: "Counting board"}, For: 11}})
	h.do(election.OpenBox{OnRound: on, PileSize: 50, Stations: 2, Mode: ballotbox.TotalsTwice,
		Accounts: map[string]string{"person/m9": "account/m9", "person/m10": "account/m10", "person/m11": "account/m11"}})
	h.count("cb1/chi-uy", ballotbox.Totals{Valid: 11, Votes: map[string]int64{"person/m1": 11, "person/m2": 10, "person/m3": 9, "person/m4": 2}, ByChosen: map[string]int64{"2": 1, "3": 10}}, 11)
	desktest.Do(h.t, h.d, "account/m10", election.ReportBox{OnRound: on})
}
