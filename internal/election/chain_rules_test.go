package election_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The 2024 edition: support above 30 % of those attending, the poll above the
// largest list, and the pause when a planned person is not elected.
func TestListOfThe2024EditionPollAndPause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHall(t, db, "dh25", "district-delegates", "2025-09-25", nil)
		on := h.on("ban-chap-hanh")
		h.do(election.OpenList{Event: "dh25", Item: "ban-chap-hanh"})
		h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 22, func(i int, q *election.NewPerson) {
			if i == 0 {
				q.Planned = election.PlanSecretary
			}
		})})
		h.do(election.VoteSeats{OnRound: on, Seats: 20, Hand: hand(150)})
		// Six more are nominated: 28 for 20 seats, where 26 are the most.
		h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Nominated, "dc", 6, func(_ int, q *election.NewPerson) { q.ByDelegate = true })})
		h.no(election.MovePerson{OnRound: on, Person: "tv01", What: election.MoveOut, Hand: hand(150)}, desk.Refused, "chưa xin rút")
		six, fifty := p(150), p(50)
		for i := 1; i <= 6; i++ {
			who := fmt.Sprintf("dc%02d", i)
			h.do(election.MovePerson{OnRound: on, Person: who, What: election.MoveAccept})
			h.no(election.MovePerson{OnRound: on, Person: who, What: election.MoveAccept}, desk.Refused, "đã được ghi nhận")
			h.do(election.MovePerson{OnRound: on, Person: who, What: election.MoveSupport, Support: fifty, Attending: six})
		}
		// One was supported by 45 of 150, exactly 30 %: not more.
		h.do(election.MovePerson{OnRound: on, Person: "dc06", What: election.MoveSupport, Support: p(45), Attending: six})
		h.no(election.VoteList{OnRound: on, Hand: hand(150)}, desk.Refused, "Điều 14 khoản 3")
		h.do(election.MovePerson{OnRound: on, Person: "dc06", What: election.MoveSupport, Support: fifty, Attending: six})
		h.no(election.VoteList{OnRound: on, Hand: hand(150)}, desk.Refused, "lấy phiếu xin ý kiến")

		h.do(election.OpenPoll{OnRound: on})
		h.no(election.OpenPoll{OnRound: on}, desk.Refused, "phải có kết quả xin ý kiến trước")
		h.no(election.VoteList{OnRound: on, Hand: hand(150)}, desk.Refused, "phải có kết quả xin ý kiến trước")
		poll := h.on("ban-chap-hanh/xin-y-kien")
		_, r := h.chain().Round(poll.Contest)
		if len(r.List.Order) != 6 || r.List.Seats != 4 {
			t.Fatalf("the poll is on %d names for %d places", len(r.List.Order), r.List.Seats)
		}
		base := &vote.Base{Summoned: p(150), Present: p(150)}
		h.do(h.figures("ban-chap-hanh/xin-y-kien", base, 150, func(i int, _ string) int64 { return int64(96 - 2*i) }))
		c := h.chain()
		_, list := c.Round(on.Contest)
		left := 0
		for _, n := range list.Persons {
			if n.Out == election.MovePollOut {
				left++
			}
		}
		if left != 2 || len(list.Stand()) != 26 {
			t.Fatalf("%d left by the poll, %d stand", left, len(list.Stand()))
		}
		h.do(election.VoteList{OnRound: on, Hand: hand(150)})

		// The person planned as secretary is not elected: everything stops.
		h.do(h.figures("ban-chap-hanh", base, 150, func(i int, id string) int64 {
			switch {
			case id == "tv01":
				return 20
			case strings.HasPrefix(id, "dc"):
				return 60
			}
			return int64(140 - i)
		}))
		h.want("ban-chap-hanh", election.StatePaused)
		h.no(election.OpenList{Event: "dh25", Item: "dai-bieu"}, desk.Refused, "tạm dừng")
		h.no(election.SkipItem{Event: "dh25", Item: "gioi-thieu-bi-thu"}, desk.Invalid, "lý do")
		h.do(election.DecideRound{OnRound: on, Choice: election.ChooseGoOn, Number: "88-CV/TU", Date: vn.MustDate("2025-09-25"), Reason: "Tiếp tục, bầu bí thư trong số ban thường vụ"})
		desktest.CheckRebuild(t, h.d)
	})
}

// Tied at the last place of the poll: the body votes who does not enter.
func TestTieAtTheEndOfThePoll(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "grassroots-members", "2020-05-10", nil)
	on := h.on("ban-chap-hanh")
	h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 11, nil)})
	h.do(election.VoteSeats{OnRound: on, Seats: 10, Hand: hand(100)})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Standing, "uc", 4, nil)})
	h.do(election.OpenPoll{OnRound: on})
	base := &vote.Base{Summoned: p(100), Present: p(100)}
	h.do(h.figures("ban-chap-hanh/xin-y-kien", base, 100, func(i int, _ string) int64 { return []int64{60, 55, 55, 10}[i] }))
	h.no(election.VoteList{OnRound: on, Hand: hand(100)}, desk.Refused, "bằng phiếu ở chỗ cuối")
	_, poll := h.chain().Round("dh/ban-chap-hanh/xin-y-kien")
	h.no(election.MovePerson{OnRound: on, Person: poll.List.Order[0], What: election.MovePollOut, Hand: hand(100)}, desk.Refused, "không bằng phiếu")
	h.do(election.MovePerson{OnRound: on, Person: poll.List.Order[2], What: election.MovePollOut, Hand: hand(100)})
	h.do(election.VoteList{OnRound: on, Hand: hand(100)})
}

// A poll nobody must hold needs a reason and somebody to ask about.
func TestPollThatIsNotDue(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "district-delegates", "2020-08-10", nil)
	on := h.on("ban-chap-hanh")
	h.no(election.OpenPoll{OnRound: on}, desk.NotFound, "Chưa lập danh sách")
	h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
	h.no(election.OpenPoll{OnRound: on, Reason: "x"}, desk.Refused, "Chưa lấy phiếu")
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 11, nil)})
	h.do(election.VoteSeats{OnRound: on, Seats: 10, Hand: hand(100)})
	h.no(election.OpenPoll{OnRound: on, Reason: "x"}, desk.Refused, "không có ai để xin ý kiến")
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Standing, "uc", 1, nil)})
	h.no(election.OpenPoll{OnRound: on}, desk.Invalid, "lý do")
	h.do(election.OpenPoll{OnRound: on, Reason: "Đoàn chủ tịch quyết định"})
}

// Files come in time: a person who is no delegate at district level.
func TestFilesByLevelAndDay(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "district-delegates", "2020-08-10", nil)
	on := h.on("ban-chap-hanh")
	h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 11, nil)})
	h.do(election.VoteSeats{OnRound: on, Seats: 10, Hand: hand(100)})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Standing, "uc", 1, func(_ int, q *election.NewPerson) { q.InBody = false })})
	h.no(election.VoteList{OnRound: on, Hand: hand(100)}, desk.Refused, "hồ sơ chưa đủ")
	file := election.MovePerson{OnRound: on, Person: "uc01", What: election.MoveFile, Files: p(4), HandedIn: vn.MustDate("2020-07-01")}
	h.no(election.MovePerson{OnRound: on, Person: "uc01", What: election.MoveFile}, desk.Invalid, "số giấy tờ")
	h.do(file)
	h.no(election.VoteList{OnRound: on, Hand: hand(100)}, desk.Refused, "hồ sơ chưa đủ")
	file.Files, file.HandedIn = p(5), vn.MustDate("2020-07-21")
	h.do(file)
	h.no(election.VoteList{OnRound: on, Hand: hand(100)}, desk.Refused, "Hồ sơ và thủ tục ứng cử")
	file.HandedIn = vn.MustDate("2020-07-20")
	h.do(file)
	h.do(election.VoteList{OnRound: on, Hand: hand(100)})
}

// A delegation that is short may not stop after one round (244 Art. 20.2).
func TestDelegatesAreVotedAgainBeforeStopping(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "cell", "2021-09-01", func(q *election.Programme) {
		q.Members = 6
		q.Items = q.Items[3:4]
	})
	on := h.on("dai-bieu")
	h.do(election.OpenList{Event: "dh", Item: "dai-bieu"})
	h.do(election.VoteSeats{OnRound: on, Seats: 2})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "m", 3, nil)})
	h.do(election.VoteList{OnRound: on, Hand: hand(6)})
	base := &vote.Base{Summoned: p(6), Present: p(6)}
	h.do(h.figures("dai-bieu", base, 6, func(i int, _ string) int64 { return []int64{6, 3, 2}[i] }))
	h.want("dai-bieu", election.StateShort)
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseStop, Hand: hand(6)}, desk.Refused, "Chưa được dừng")
	h.do(election.DecideRound{OnRound: on, Choice: election.ChooseFurther, NewNames: true, Hand: hand(6)})
	again := h.on("dai-bieu/lan-2")
	h.do(election.ListPersons{OnRound: again, Persons: persons(vote.Official, "moi", 1, nil)})
	h.do(election.VoteList{OnRound: again, Hand: hand(6), Order: []string{"moi01", "m03", "m02"}})
	if _, r := h.chain().Round(again.Contest); r.OnBallot()[0].ID != "moi01" {
		t.Errorf("order by hand: %+v", r.OnBallot())
	}
	h.do(h.figures("dai-bieu/lan-2", base, 6, func(i int, _ string) int64 { return []int64{3, 2, 1}[i] }))
	h.do(election.DecideRound{OnRound: again, Choice: election.ChooseStop, Hand: hand(6), Reason: "Hai lần vẫn thiếu"})
	h.want("dai-bieu", election.StateDone)
}

// A cell of eight elects no committee; its secretary comes from all members.
func TestCellOfEightElectsNoCommittee(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "cb", "cell", "2022-03-10", func(q *election.Programme) { q.Members = 8 })
	h.want("chi-uy", election.StateOff)
	h.no(election.OpenList{Event: "cb", Item: "chi-uy"}, desk.Refused, "Không bầu nội dung này")
	h.do(election.OpenList{Event: "cb", Item: "bi-thu"})
	h.do(election.ListPersons{OnRound: h.on("bi-thu"), Persons: persons(vote.Official, "m", 1, nil)})
	h.do(election.VoteList{OnRound: h.on("bi-thu"), Hand: hand(8)})
}

// Where the inspection committee is left out its chair falls away with it.
func TestWhatDependsOnALeftOutItemFallsAway(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "grassroots-members", "2020-05-10", nil)
	h.do(election.SkipItem{Event: "dh", Item: "uy-ban-kiem-tra", Reason: "Đảng ủy nhỏ, cấp trên chỉ định"})
	h.want("chu-nhiem", election.StateOff)
	h.no(election.OpenList{Event: "dh", Item: "chu-nhiem"}, desk.Refused, "Không còn ai")
}

// The programme is data: order, titles and seats of what has not begun; what has
// begun stays.
func TestProgrammeIsEditedAsLongAsItHasNotBegun(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "grassroots-members", "2020-05-10", nil)
	prog := func() election.Programme { return *h.chain().Programme }
	p1 := prog()
	p1.Items = p1.Items[1:]
	h.no(election.SetProgramme{Event: "dh", Programme: p1}, desk.Invalid, "không đứng trước nó")
	h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
	p2 := prog()
	p2.Items[0].Body = "delegate-congress"
	h.no(election.SetProgramme{Event: "dh", Programme: p2}, desk.Refused, "đã bắt đầu")
	p3 := prog()
	p3.Items = p3.Items[:3]
	p3.Items[2].Title.VI = "Bầu ban thường vụ đảng ủy"
	h.do(election.SetProgramme{Event: "dh", Programme: p3})
	if c := h.chain(); len(c.Items) != 3 || c.Items[2].Title.VI != "Bầu ban thường vụ đảng ủy" || len(c.Items[0].Rounds) != 1 {
		t.Errorf("%+v", c.Items)
	}
	p4 := prog()
	p4.Items = append(p4.Items, election.Item{ID: "khac", Rules: "party-election/none", Title: p4.Items[0].Title, Body: "member-congress", SeatsBy: "fixed"})
	h.no(election.SetProgramme{Event: "dh", Programme: p4}, desk.Invalid, "chưa có quy định")
	p4.Items[3].Rules, p4.Items[3].Meeting = "party-election/secretary", ""
	p4.Items[3].ID = "Sai mã"
	h.no(election.SetProgramme{Event: "dh", Programme: p4}, desk.Invalid, "không hợp lệ")
}

// Figures that come in by another way must be those of the list that was voted.
func TestFiguresFitTheListThatWasVoted(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "cb", "cell", "2022-03-10", func(q *election.Programme) { q.Members = 8 })
	on := h.on("bi-thu")
	h.do(election.OpenList{Event: "cb", Item: "bi-thu"})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "m", 1, nil)})
	rec := &vote.Record{ID: on.Contest, Rules: "party-election/secretary", Date: vn.MustDate("2022-03-10"), Seats: p(1), Candidates: []vote.Candidate{{ID: "m01", Name: "Nguyễn Văn An"}}, Votes: map[string]int64{"m01": 8}}
	entry := election.RecordContest{Event: "cb", Contest: election.Contest{Record: rec, Title: election.ContestTitle(h.chain().Items[1], &election.Round{}), Source: election.Source{How: "hand"}}}
	h.no(entry, desk.Refused, "Phải biểu quyết danh sách")
	h.do(election.VoteList{OnRound: on, Hand: hand(8)})
	rec.Candidates[0].ID, rec.Votes = "x", map[string]int64{"x": 8}
	h.no(entry, desk.Invalid, "đúng danh sách đã biểu quyết")
}

// Two officers on one list: the second is told what the first did.
func TestTwoOfficersOnOneList(t *testing.T) {
	h := newHall(t, storetest.SQLite(t), "dh", "grassroots-members", "2020-05-10", nil)
	rc := h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
	seen := rc.Entries[0].Index
	on := h.on("ban-chap-hanh")
	send := func(prefix string) error {
		_, err := h.d.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: seen, Actor: prefix, Act: election.ListPersons{OnRound: on, Persons: persons(vote.Official, prefix, 2, nil)}})
		return err
	}
	if err := send("a"); err != nil {
		t.Fatal(err)
	}
	if err := send("b"); err == nil || err.(*desk.Error).Code != desk.Stale {
		t.Errorf("the second officer: %v", err)
	}
}

// Names and reasons of a list are erased lawfully: what remains applies, shows
// the id, and rebuilds the same.
func TestErasedNamesOfAList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHall(t, db, "dh", "grassroots-members", "2020-05-10", nil)
		on := h.on("ban-chap-hanh")
		h.do(election.OpenList{Event: "dh", Item: "ban-chap-hanh"})
		rc := h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 3, nil)})
		out := h.do(election.MovePerson{OnRound: on, Person: "tv02", What: election.MoveAskOut, Reason: "Lý do riêng"})
		h.do(desk.EraseBlockAct{Index: rc.Entries[0].Index, Block: election.BlockCandidates, Decision: "12-QĐ/TU"})
		h.do(desk.EraseBlockAct{Index: out.Entries[0].Index, Block: election.BlockReason, Decision: "12-QĐ/TU"})
		_, r := h.chain().Round(on.Contest)
		if n := r.Find("tv02"); n.Name != "" || n.Reason != "" || !strings.Contains(n.Show("vi"), "tv02") || !n.AskedOut {
			t.Errorf("%+v", n)
		}
		desktest.CheckRebuild(t, h.d)
	})
}
