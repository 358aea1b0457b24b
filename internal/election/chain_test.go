package election_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// hall plays the chain of one event by acts.
type hall struct {
	t     *testing.T
	d     *desk.Desk
	event string
	org   string
	named map[string]string
}

func newHall(t *testing.T, db *store.DB, event, template, day string, change func(*election.Programme)) *hall {
	t.Helper()
	h := &hall{t: t, d: desktest.New(t, db, election.Room()), event: event, named: map[string]string{}}
	verifiesAtTheEnd(t, h.d)
	h.do(election.OpenEvent{ID: event, Kind: "congress", Date: vn.MustDate(day), Sample: true, Title: rule.Words{VI: "Đại hội mẫu", EN: "Sample congress"}})
	tpl, ok := election.TemplateOf(template)
	if !ok {
		t.Fatalf("no template %s", template)
	}
	p := election.Programme{Template: tpl.ID, Level: tpl.Level, Items: tpl.Items}
	if change != nil {
		change(&p)
	}
	h.do(election.SetProgramme{Event: event, Programme: p})
	return h
}

func (h *hall) do(a desk.Act) desk.Receipt { h.t.Helper(); return desktest.Do(h.t, h.d, "officer", a) }

// no does an act that must be refused with words that contain a phrase.
func (h *hall) no(a desk.Act, code desk.Code, phrase string) {
	h.t.Helper()
	err := desktest.MustRefuse(h.t, h.d, "officer", a, code)
	if !strings.Contains(err.Says.VI, phrase) {
		h.t.Fatalf("%s: refused with %q, want %q in it", a.Name(), err.Says.VI, phrase)
	}
}

func (h *hall) on(item string) election.OnRound {
	return election.OnRound{Event: h.event, Org: h.org, Contest: h.event + "/" + item}
}

func (h *hall) chain() *election.Chain {
	h.t.Helper()
	var c *election.Chain
	lib, err := rule.Builtin()
	if err == nil {
		err = h.d.Read(context.Background(), func(tx *store.Tx) (err error) {
			c, err = election.LoadChain(context.Background(), tx, lib, h.event)
			return err
		})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *hall) state(item string) election.State {
	h.t.Helper()
	for _, s := range h.chain().Items {
		if s.ID == item {
			return s.State
		}
	}
	h.t.Fatalf("no item %s", item)
	return ""
}

func (h *hall) want(item string, s election.State) {
	h.t.Helper()
	if got := h.state(item); got != s {
		h.t.Fatalf("%s is %s, want %s", item, got, s)
	}
}

// hand is a vote by show of hands that everybody but a few carries.
func hand(base int64) *election.Hand {
	return &election.Hand{For: base - 2, Against: 1, Other: 1, Base: base}
}

func persons(origin vote.Origin, prefix string, n int, grow func(i int, p *election.NewPerson)) []election.NewPerson {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"}
	given := []string{"An", "Bình", "Cường", "Dung", "Đạt", "Giang", "Hà", "Hải", "Hương", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phúc", "Quang", "Sơn", "Thắng", "Uyên", "Vân", "Yến"}
	var out []election.NewPerson
	for i := range n {
		p := election.NewPerson{Listed: election.Listed{Person: fmt.Sprintf("%s%02d", prefix, i+1), Origin: origin, InBody: true},
			Name: family[i%len(family)] + " Văn " + given[(i*5)%len(given)], Born: fmt.Sprint(1960 + i%30)}
		if grow != nil {
			grow(i, &p)
		}
		out = append(out, p)
	}
	return out
}

// figures makes a struck-name count: everybody on the list gets the votes given
// by place in the order of ids, on ballots all valid.
func (h *hall) figures(item string, base *vote.Base, ballots int64, votes func(i int, id string) int64) election.ReportRound {
	h.t.Helper()
	c := h.chain()
	it, r := c.Round(h.event + "/" + item)
	rec := c.Skeleton(it, r)
	a := election.ReportRound{OnRound: h.on(item), Base: base, Votes: map[string]int64{}, Ballots: vote.Ballots{Printed: p(ballots + 10), Issued: p(ballots),
		Spoiled: p(0), Unused: p(10), Collected: p(ballots), Valid: p(ballots), Invalid: p(0)}}
	for i, cand := range rec.Candidates {
		a.Votes[cand.ID] = votes(i, cand.ID)
	}
	if rec.Form == "agree" {
		a.Disagree, a.Unmarked = map[string]int64{}, map[string]int64{}
		for id, v := range a.Votes {
			a.Disagree[id], a.Unmarked[id] = ballots-v, 0
		}
	}
	return a
}

// delegates is the base of a congress of 350 with four outgoing members and
// two delegates off it.
func delegates() *vote.Base {
	return &vote.Base{Summoned: p(350), Present: p(344), Deductions: []vote.Deduction{
		{Reason: "convening-member-absent-throughout", Count: 4}, {Reason: "delegate-absent-without-alternate", Count: 2}}}
}

func incumbents(n int64) *vote.Base {
	return &vote.Base{Summoned: p(n), Present: p(n), Incumbents: p(n)}
}

// TestProvincialCongress plays a congress of 350 delegates in October 2020 from
// the first list to the alternates: 51 from 58, a further round for a failed
// seat, a tie, and a pause because the introduction poll differs from the scheme.
func TestProvincialCongress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHall(t, db, "dh-tinh", "provincial-delegates", "2020-10-14", nil)
		h.committee()
		h.introduction()
		h.firstMeeting()
		h.delegation()
		for _, s := range h.chain().Items {
			if !s.State.Over() {
				t.Errorf("%s is %s at the end", s.ID, s.State)
			}
		}
		desktest.CheckRebuild(t, h.d)
	})
}

func (h *hall) committee() {
	t := h.t
	h.no(election.VoteList{OnRound: h.on("ban-chap-hanh"), Hand: hand(344)}, desk.NotFound, "Chưa lập danh sách")
	h.no(election.OpenList{Event: h.event, Item: "ban-thuong-vu"}, desk.Refused, "Phải xong “Bầu ban chấp hành” trước")
	h.do(election.OpenList{Event: h.event, Item: "ban-chap-hanh"})
	h.no(election.OpenList{Event: h.event, Item: "ban-chap-hanh"}, desk.Refused, "đã mở")
	on := h.on("ban-chap-hanh")
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "tv", 57, func(i int, q *election.NewPerson) {
		q.Outgoing = i < 30
		switch i {
		case 0:
			q.Planned = election.PlanSecretary
		case 1, 2, 3:
			q.Planned = election.PlanDeputy
		}
	})})
	h.no(election.VoteList{OnRound: on, Hand: hand(344)}, desk.Refused, "Chưa có số lượng cần bầu")
	h.no(election.VoteSeats{OnRound: on, Seats: 51}, desk.Invalid, "kết quả biểu quyết")
	h.no(election.VoteSeats{OnRound: on, Seats: 51, Hand: &election.Hand{For: 172, Against: 172, Base: 344}}, desk.Refused, "không được thông qua")
	h.do(election.VoteSeats{OnRound: on, Seats: 51, Hand: hand(344)})

	// One more is nominated at the congress, one stands against Article 13.
	extra := persons(vote.Nominated, "dc", 1, func(_ int, q *election.NewPerson) { q.By, q.ByDelegate, q.Name = "tv05", true, "Đỗ Thị Ân" })
	h.no(election.ListPersons{OnRound: on, Persons: persons(vote.Nominated, "x", 1, func(_ int, q *election.NewPerson) { q.ByOutgoing, q.ByDelegate = true, true })}, desk.Refused, "Điều 13")
	h.no(election.ListPersons{OnRound: on, Persons: persons(vote.Standing, "x", 1, func(_ int, q *election.NewPerson) { q.Probationary = true })}, desk.Refused, "dự bị")
	h.do(election.ListPersons{OnRound: on, Persons: extra})
	h.do(election.ListPersons{OnRound: on, Persons: persons(vote.Standing, "uc", 1, func(_ int, q *election.NewPerson) { q.Outgoing = true })})
	h.no(election.VoteList{OnRound: on, Hand: hand(344)}, desk.Refused, "chưa ghi có nhận đề cử")
	h.do(election.MovePerson{OnRound: on, Person: "dc01", What: election.MoveAccept})
	h.no(election.VoteList{OnRound: on, Hand: hand(344)}, desk.Refused, "Điều 13")
	h.no(election.MovePerson{OnRound: on, Person: "uc01", What: election.MoveStrike}, desk.Refused, "Chưa có biểu quyết")
	h.no(election.MovePerson{OnRound: on, Person: "dc01", What: election.MoveStrike, Hand: hand(344)}, desk.Refused, "không vướng quy định nào")
	h.do(election.MovePerson{OnRound: on, Person: "uc01", What: election.MoveStrike, Hand: hand(344), Reason: "Vướng Điều 13"})
	h.no(election.MovePerson{OnRound: on, Person: "uc01", What: election.MoveAskOut, Reason: "x"}, desk.Refused, "không còn trong danh sách")

	// One asks to withdraw; the congress does not let go.
	h.do(election.MovePerson{OnRound: on, Person: "tv40", What: election.MoveAskOut, Reason: "Sức khỏe"})
	h.no(election.VoteList{OnRound: on, Hand: hand(344)}, desk.Refused, "xin rút")
	h.do(election.MovePerson{OnRound: on, Person: "tv40", What: election.MoveKeep, Hand: hand(344)})

	h.no(election.ReportRound{OnRound: on}, desk.Refused, "Phải biểu quyết danh sách")
	h.do(election.VoteList{OnRound: on, Hand: hand(344)})
	h.no(election.ListPersons{OnRound: on, Persons: persons(vote.Nominated, "y", 1, nil)}, desk.Refused, "đã được biểu quyết")
	c := h.chain()
	it, r := c.Round(on.Contest)
	if rec := c.Skeleton(it, r); len(rec.Candidates) != 58 || rec.Form != "strike" || rec.Candidates[0].Name == "" || rec.Level != "province" || rec.Body != "delegate-congress" {
		t.Fatalf("skeleton: %d names, form %s", len(rec.Candidates), rec.Form)
	}
	if b := r.OnBallot(); b[0].Name != "Lê Văn An" || b[0].Order != 1 {
		t.Errorf("first on the ballot: %+v", b[0])
	}
	// 50 pass, one seat fails; then the congress decides to vote again.
	low := map[string]bool{"tv50": true, "tv51": true, "tv52": true, "tv53": true, "tv54": true, "tv55": true, "tv56": true, "dc01": true}
	rep := h.figures("ban-chap-hanh", delegates(), 344, func(i int, id string) int64 {
		if low[id] {
			return 100
		}
		return int64(330 - i)
	})
	h.do(rep)
	h.no(rep, desk.Refused, "đã được ghi")
	h.want("ban-chap-hanh", election.StateShort)
	it, r = h.chain().Round(on.Contest)
	if r.Row.Base != 344 || r.Row.Need != 173 || r.Row.Elected != 50 || r.Row.Unfilled != 1 {
		t.Fatalf("base %d need %d elected %d unfilled %d", r.Row.Base, r.Row.Need, r.Row.Elected, r.Row.Unfilled)
	}
	h.no(election.OpenList{Event: h.event, Item: "gioi-thieu-bi-thu"}, desk.Refused, "Phải xong “Bầu ban chấp hành” trước")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseRevote}, desk.Refused, "bầu tiếp hay dừng")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseFurther}, desk.Invalid, "kết quả biểu quyết")
	h.do(election.DecideRound{OnRound: on, Choice: election.ChooseFurther, Hand: hand(344), Reason: "Bầu cho đủ 51"})
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseStop, Hand: hand(344)}, desk.Refused, "đã qua")
	on2 := h.on("ban-chap-hanh/lan-2")
	h.no(election.ListPersons{OnRound: on2, Persons: persons(vote.Nominated, "z", 1, nil)}, desk.Refused, "không quyết định bổ sung người mới")
	// Seven of the eight not elected leave; two stay for one seat.
	for _, id := range []string{"tv50", "tv51", "tv52", "tv53", "tv54", "tv55", "dc01"} {
		h.do(election.MovePerson{OnRound: on2, Person: id, What: election.MoveAskOut, Reason: "Xin rút"})
		h.do(election.MovePerson{OnRound: on2, Person: id, What: election.MoveOut, Hand: hand(344)})
	}
	h.do(election.VoteList{OnRound: on2, Hand: hand(344)})
	h.do(h.figures("ban-chap-hanh/lan-2", delegates(), 344, func(int, string) int64 { return 200 }))
	h.want("ban-chap-hanh", election.StateDone)
	if n := len(h.chain().Items[0].Elected()); n != 51 {
		t.Fatalf("%d elected", n)
	}
}

func (h *hall) introduction() {
	h.do(election.OpenList{Event: h.event, Item: "gioi-thieu-bi-thu"})
	on := h.on("gioi-thieu-bi-thu")
	if _, r := h.chain().Round(on.Contest); len(r.Persons) != 51 {
		h.t.Fatalf("%d on the slip of the introduction poll", len(r.Persons))
	}
	h.do(election.VoteList{OnRound: on})
	// The congress proposes another than the scheme: the chain stops.
	h.do(h.figures("gioi-thieu-bi-thu", &vote.Base{Summoned: p(350), Present: p(344)}, 344, func(_ int, id string) int64 {
		return map[string]int64{"tv01": 100, "tv02": 240}[id]
	}))
	h.want("gioi-thieu-bi-thu", election.StatePaused)
	h.no(election.OpenList{Event: h.event, Item: "ban-thuong-vu"}, desk.Refused, "đang tạm dừng")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseStop, Hand: hand(344)}, desk.Refused, "ý kiến trả lời")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseGoOn, Reason: "Đồng ý"}, desk.Invalid, "số và ngày")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseGoOn, Reason: "Đồng ý", Number: "12-CV/BTCTW", Date: vn.MustDate("2030-01-01")}, desk.Invalid, "phía trước")
	h.do(election.DecideRound{OnRound: on, Choice: election.ChooseGoOn, Reason: "Đồng ý để ban chấp hành bầu theo đề án", Number: "12-CV/BTCTW", Date: vn.MustDate("2020-10-14")})
	h.want("gioi-thieu-bi-thu", election.StateDone)
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseGoOn, Reason: "x", Number: "1", Date: vn.MustDate("2020-10-14")}, desk.Refused, "Không có gì phải quyết định")
}

// open opens a list, names its persons, votes seats and list.
func (h *hall) list(item string, seats, base int64, ps ...election.NewPerson) {
	h.t.Helper()
	on := h.on(item)
	h.do(election.OpenList{Event: h.event, Item: item})
	h.do(election.ListPersons{OnRound: on, Persons: ps})
	if seats > 0 {
		h.do(election.VoteSeats{OnRound: on, Seats: seats, Hand: hand(base)})
	}
	h.do(election.VoteList{OnRound: on, Hand: hand(base)})
}

// of makes official names of persons elected before.
func (h *hall) of(item string, ids ...string) []election.NewPerson {
	h.t.Helper()
	var out []election.NewPerson
	for _, s := range h.chain().Items {
		if s.ID != item {
			continue
		}
		for _, n := range s.Elected() {
			for _, id := range ids {
				if n.Person == id {
					l := n.Listed
					l.Origin = vote.Official
					out = append(out, election.NewPerson{Listed: l, Name: n.Name, Born: n.Born})
				}
			}
		}
	}
	if len(out) != len(ids) {
		h.t.Fatalf("%d of %v were elected in %s", len(out), ids, item)
	}
	return out
}

func ids(prefix string, from, to int) []string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprintf("%s%02d", prefix, i))
	}
	return out
}

func (h *hall) firstMeeting() {
	t := h.t
	// Only members of the new committee may stand for its standing committee.
	h.do(election.OpenList{Event: h.event, Item: "ban-thuong-vu"})
	on := h.on("ban-thuong-vu")
	h.no(election.ListPersons{OnRound: on, Persons: persons(vote.Official, "la", 1, nil)}, desk.Refused, "Điều 20")
	h.do(election.ListPersons{OnRound: on, Persons: h.of("ban-chap-hanh", ids("tv", 1, 17)...)})
	h.do(election.VoteSeats{OnRound: on, Seats: 15, Hand: hand(51)})
	h.do(election.VoteList{OnRound: on, Hand: hand(51)})
	// Fourteen pass clearly, the last seat is tied between two: voted again.
	h.do(h.figures("ban-thuong-vu", incumbents(51), 51, func(_ int, id string) int64 {
		switch id {
		case "tv15", "tv16":
			return 30
		case "tv17":
			return 10
		}
		return 48
	}))
	h.want("ban-thuong-vu", election.StateTied)
	h.no(election.OpenList{Event: h.event, Item: "bi-thu"}, desk.Refused, "Phải xong “Bầu ban thường vụ” trước")
	h.no(election.DecideRound{OnRound: on, Choice: election.ChooseStop, Hand: hand(51)}, desk.Refused, "bầu lại giữa những người bằng phiếu")
	h.do(election.DecideRound{OnRound: on, Choice: election.ChooseRevote})
	again := h.on("ban-thuong-vu/lai-2")
	if _, r := h.chain().Round(again.Contest); len(r.List.Order) != 2 || r.List.Seats != 1 || r.List.Form != "strike" {
		t.Fatalf("vote among the tied: %+v", r.List)
	}
	h.no(election.ListPersons{OnRound: again, Persons: h.of("ban-chap-hanh", "tv18")}, desk.Refused, "đã được biểu quyết")
	h.do(h.figures("ban-thuong-vu/lai-2", incumbents(51), 51, func(_ int, id string) int64 {
		return map[string]int64{"tv15": 24, "tv16": 27}[id]
	}))
	h.want("ban-thuong-vu", election.StateDone)

	h.list("bi-thu", 0, 51, h.of("ban-thuong-vu", "tv01")...)
	h.do(h.figures("bi-thu", incumbents(51), 51, func(int, string) int64 { return 50 }))
	h.want("bi-thu", election.StateDone)
	// Deputies come from the standing committee less the secretary.
	h.do(election.OpenList{Event: h.event, Item: "pho-bi-thu"})
	dep := h.on("pho-bi-thu")
	h.no(election.ListPersons{OnRound: dep, Persons: h.of("ban-thuong-vu", "tv01")}, desk.Refused, "Không phải thành viên")
	h.do(election.ListPersons{OnRound: dep, Persons: h.of("ban-thuong-vu", "tv02", "tv03", "tv04")})
	h.do(election.VoteSeats{OnRound: dep, Seats: 3, Hand: hand(51)})
	h.do(election.VoteList{OnRound: dep, Hand: hand(51)})
	h.do(h.figures("pho-bi-thu", incumbents(51), 51, func(i int, _ string) int64 { return int64(45 + i) }))
	h.want("pho-bi-thu", election.StateDone)

	kt := append(h.of("ban-chap-hanh", "tv16"), persons(vote.Official, "kt", 10, nil)...)
	h.list("uy-ban-kiem-tra", 11, 51, kt...)
	h.do(h.figures("uy-ban-kiem-tra", incumbents(51), 51, func(int, string) int64 { return 50 }))
	h.list("chu-nhiem", 0, 51, h.of("uy-ban-kiem-tra", "tv16")...)
	h.do(h.figures("chu-nhiem", incumbents(51), 51, func(int, string) int64 { return 49 }))
	h.want("chu-nhiem", election.StateDone)
	// The inspection committee elects its vice-chairs among its members, without
	// the chair.
	h.do(election.OpenList{Event: h.event, Item: "pho-chu-nhiem"})
	h.no(election.ListPersons{OnRound: h.on("pho-chu-nhiem"), Persons: h.of("uy-ban-kiem-tra", "tv16")}, desk.Refused, "Không phải thành viên")
	h.do(election.ListPersons{OnRound: h.on("pho-chu-nhiem"), Persons: h.of("uy-ban-kiem-tra", "kt01", "kt02")})
	h.do(election.VoteSeats{OnRound: h.on("pho-chu-nhiem"), Seats: 2, Hand: hand(11)})
	h.do(election.VoteList{OnRound: h.on("pho-chu-nhiem"), Hand: hand(11)})
	h.do(h.figures("pho-chu-nhiem", incumbents(11), 11, func(int, string) int64 { return 10 }))
	h.want("pho-chu-nhiem", election.StateDone)
}

func (h *hall) delegation() {
	t := h.t
	h.no(election.OpenList{Event: h.event, Item: "dai-bieu-du-khuyet"}, desk.Refused, "Phải xong “Bầu đại biểu")
	h.do(election.OpenList{Event: h.event, Item: "dai-bieu"})
	on := h.on("dai-bieu")
	h.no(election.VoteSeats{OnRound: on, Seats: 19, Hand: hand(344)}, desk.Refused, "do cấp trên phân bổ")
	h.do(election.VoteSeats{OnRound: on, Seats: 19})
	h.do(election.ListPersons{OnRound: on, Persons: h.of("ban-chap-hanh", ids("tv", 1, 24)...)})
	h.do(election.VoteList{OnRound: on, Hand: hand(344)})
	h.do(h.figures("dai-bieu", delegates(), 344, func(_ int, id string) int64 {
		if id > "tv19" {
			return 160
		}
		return 300
	}))
	h.want("dai-bieu", election.StateDone)
	// The rest of the common list is the list of alternates.
	h.do(election.OpenList{Event: h.event, Item: "dai-bieu-du-khuyet"})
	alt := h.on("dai-bieu-du-khuyet")
	if _, r := h.chain().Round(alt.Contest); len(r.Persons) != 5 {
		t.Fatalf("%d on the alternates' list", len(r.Persons))
	}
	h.do(election.VoteSeats{OnRound: alt, Seats: 2, Hand: hand(344)})
	h.do(election.VoteList{OnRound: alt, Hand: hand(344)})
	h.do(h.figures("dai-bieu-du-khuyet", delegates(), 344, func(_ int, id string) int64 {
		return map[string]int64{"tv20": 290, "tv21": 280, "tv22": 20, "tv23": 18, "tv24": 17}[id]
	}))
	h.want("dai-bieu-du-khuyet", election.StateDone)
}
