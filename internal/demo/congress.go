package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Provincial is the invented congress of October 2020: 350 delegates elect 51
// from 58, and its first count waits for the second reading of its last pile.
const Provincial = "dai-hoi-tinh-mau"

// FirstMeeting is the first meeting of the committee that the congress elects:
// opened, nobody summoned yet, because nobody is elected yet.
const FirstMeeting = "hoi-nghi-tinh-uy-mau-1"

const (
	provincialOrg  = "org/tinh"
	committeeID    = Provincial + "/ban-chap-hanh"
	delegates      = 350
	nominated      = 58
	provinceSeats  = 51
	absentOutgoing = 4
	absentOthers   = 2
	pileSize       = 100
)

// provincialDay is the marked sample clock of the congress.
var provincialDay = vn.Date{Year: 2020, Month: 10, Day: 14}

// ProvincialEvent is the event of the invented congress.
func ProvincialEvent() election.OpenEvent {
	return election.OpenEvent{ID: Provincial, Kind: "congress", Date: provincialDay, Sample: true,
		Title: rule.Words{VI: "Đại hội đại biểu Đảng bộ tỉnh Mẫu, nhiệm kỳ 2020 – 2025 (mẫu)", EN: "Congress of delegates of the Mẫu province Party organisation, 2020–2025 (sample)"}}
}

// The counting board of the invented congress works with these sample users.
var counters = []account.SampleAccount{
	{Login: "truongkp", Display: "Trưởng ban kiểm phiếu (mẫu)", Role: "counting-member", Person: delegateID(300), Case: counted()},
	{Login: "kiemphieu1", Display: "Người kiểm phiếu thứ nhất (mẫu)", Role: "counting-member", Person: delegateID(301), Case: counted()},
	{Login: "kiemphieu2", Display: "Người kiểm phiếu thứ hai (mẫu)", Role: "counting-member", Person: delegateID(302), Case: counted()},
	{Login: "chutoa", Display: "Chủ tọa đại hội (mẫu)", Role: "presiding-chair", Person: delegateID(1), Case: counted()},
	{Login: "truongkp-tu", Display: "Trưởng ban kiểm phiếu hội nghị lần thứ nhất (mẫu)", Role: "counting-member", Person: delegateID(MeetingCounters[0]), Case: countedAfter()},
	{Login: "kiemphieu1-tu", Display: "Người kiểm phiếu thứ nhất, hội nghị lần thứ nhất (mẫu)", Role: "counting-member", Person: delegateID(MeetingCounters[1]), Case: countedAfter()},
	{Login: "kiemphieu2-tu", Display: "Người kiểm phiếu thứ hai, hội nghị lần thứ nhất (mẫu)", Role: "counting-member", Person: delegateID(MeetingCounters[2]), Case: countedAfter()},
}

// MeetingCounters are three members of the committee as the sample ballots
// elect it, who have sample users for counting at its first meeting: head first.
var MeetingCounters = [3]int{50, 52, 53}

// counted are the contests of the congress itself, which one board counts.
func counted() string {
	return contests("ban-chap-hanh", "gioi-thieu-bi-thu", "dai-bieu", "dai-bieu-du-khuyet")
}

// countedAfter are the contests of the first meeting of the committee.
func countedAfter() string {
	return contests("ban-thuong-vu", "bi-thu", "pho-bi-thu", "uy-ban-kiem-tra", "chu-nhiem")
}

func contests(items ...string) string {
	var out []string
	for _, item := range items {
		out = append(out, "contest/"+Provincial+"/"+item)
	}
	return strings.Join(out, " ")
}

func delegateID(i int) string { return fmt.Sprintf("person/mau-db-%03d", i) }

// delegateName is an invented name; 9 and 58 are alike and told apart by birth.
func delegateName(i int) (name, born string) {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Phan"}
	middle := []string{"Văn", "Thị", "Đức", "Minh", "Quang"}
	given := []string{"An", "Bảo", "Bích", "Chiến", "Cường", "Diệu", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hương", "Khánh", "Lan",
		"Lâm", "Long", "Mai", "Nam", "Ngọc", "Oanh", "Phúc", "Phương", "Quân", "Sơn", "Thảo", "Thắng", "Tuấn", "Vân"}
	k := i - 1
	born = fmt.Sprint(1962 + k*7%24)
	if i == nominated {
		k, born = 8, "1979"
	}
	return family[k%len(family)] + " " + middle[(k/11+k)%len(middle)] + " " + given[(k*7+k/30)%len(given)], born
}

// SeedHall brings the invented congress to its second count: its delegates,
// meeting, chain of elections, counting board with sample users, and the box of
// the first election. Called again it does nothing.
func SeedHall(ctx context.Context, d *desk.Desk, db *store.DB) error {
	as, err := account.SeedSample(ctx, d, db)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	s := &seeder{ctx: ctx, d: d}
	for _, a := range as {
		if a.Role == "officer" && s.officer == "" {
			s.officer = a.ID
		}
	}
	s.delegates()
	s.sitting()
	s.firstMeeting()
	s.chain()
	board, err := account.SeedBound(ctx, d, db, counters)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	s.box(db, board)
	return s.err
}

// delegates records the persons of the congress, many at once so that the desk
// commits them in groups.
func (s *seeder) delegates() {
	var wait sync.WaitGroup
	var mu sync.Mutex
	next := make(chan int)
	for range 32 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				name, born := delegateName(i)
				b, err := vn.ParsePartial(born)
				if err == nil {
					_, err = s.d.Do(s.ctx, desk.Form{ID: fmt.Sprintf("demo-db-%03d", i), Seen: desk.AnySeen, Actor: s.officer,
						Act: person.Record{ID: delegateID(i), Home: provincialOrg, Sample: true, From: vn.Date{Year: 2010, Month: 1, Day: 1}, Identity: person.Identity{Name: name, Born: b}}})
				}
				if err != nil {
					mu.Lock()
					s.err = fmt.Errorf("demo: delegate %d: %w", i, err)
					mu.Unlock()
				}
			}
		}()
	}
	for i := 1; i <= delegates; i++ {
		next <- i
	}
	close(next)
	wait.Wait()
}

// sitting: the congress with its delegates, the roll, the base and the organs.
func (s *seeder) sitting() {
	ref := meeting.Ref{ID: Provincial, Org: provincialOrg}
	var people []meeting.Attendee
	var marks []meeting.Marked
	away := func(i int) bool { return i > delegates-absentOthers || i > 40 && i <= 40+absentOutgoing }
	for i := 1; i <= delegates; i++ {
		people = append(people, meeting.Attendee{Person: delegateID(i), Standing: meeting.Delegate, Convening: i <= 44})
		mark := meeting.Present
		if away(i) {
			mark = meeting.Absent
		}
		marks = append(marks, meeting.Marked{Person: delegateID(i), Mark: mark})
	}
	title := ProvincialEvent().Title
	hand := func(id, vi, en string) meeting.VoteByHand {
		return meeting.VoteByHand{Vote: "hv/mau-" + id, Session: "1", Title: rule.Words{VI: vi, EN: en}, For: 342, Other: 2}
	}
	some := func(from, to int) (out []string) {
		for i := from; i <= to; i++ {
			out = append(out, delegateID(i))
		}
		return out
	}
	s.do("hop-mo", meeting.Open{Ref: ref, Body: meeting.DelegateCongress, Level: "province", Date: provincialDay, Title: title, Term: "2020 - 2025", Sample: true, Clock: provincialDay})
	s.do("hop-trieu-tap", meeting.Summon{Ref: ref, People: people})
	s.do("hop-phien", meeting.OpenSession{Ref: ref, Session: "1", Title: rule.Words{VI: "Phiên bầu cử", EN: "Voting session"}, Date: provincialDay, Voting: true})
	s.do("hop-diem-danh", meeting.TakeAttendance{Ref: ref, Session: "1", Marks: marks})
	for i := 1; i <= delegates; i++ {
		if away(i) {
			reason := "delegate-absent-without-alternate"
			if i <= 44 {
				reason = "convening-member-absent-throughout"
			}
			s.do(fmt.Sprintf("hop-tru-%03d", i), meeting.Deduct{Ref: ref, Person: delegateID(i), Reason: reason, Words: "Vắng mặt suốt đại hội (mẫu)"})
		}
	}
	s.do("hop-chu-toa", meeting.ChooseOrgan{Ref: ref, Organ: meeting.Presidium, Head: delegateID(1), Members: some(1, 9), Hand: hand("ct", "Đoàn chủ tịch", "Presidium")})
	s.do("hop-thu-ky", meeting.ChooseOrgan{Ref: ref, Organ: meeting.Secretaries, Head: delegateID(290), Members: some(290, 292), Hand: hand("tk", "Đoàn thư ký", "Congress secretaries")})
	s.do("hop-kiem-phieu", meeting.ChooseOrgan{Ref: ref, Organ: meeting.CountingBoard, Head: delegateID(300), Members: some(300, 308), Hand: hand("kp", "Ban kiểm phiếu", "Counting board")})
	s.do("hop-to-phieu", meeting.ChooseOrgan{Ref: ref, Organ: meeting.PollTeam, For: "gioi-thieu-bi-thu", Head: delegateID(300), Members: some(300, 302), Hand: hand("tp", "Tổ kiểm phiếu giới thiệu bí thư", "Poll team")})
}

// firstMeeting opens the first meeting of the committee on the sample clock, so
// that who finishes the count can go on.
func (s *seeder) firstMeeting() {
	s.do("hop-lan-mot", meeting.Open{Ref: meeting.Ref{ID: FirstMeeting, Org: provincialOrg}, Body: meeting.CommitteeMeeting, Level: "province", Date: provincialDay, After: Provincial,
		Title: rule.Words{VI: "Hội nghị lần thứ nhất Ban Chấp hành Đảng bộ tỉnh Mẫu (mẫu)", EN: "First meeting of the Mẫu province Party committee (sample)"},
		Term:  "2020 - 2025", Sample: true, Clock: provincialDay})
}

// chain lays down the chain of elections and takes it to the voted list of the
// executive committee.
func (s *seeder) chain() {
	s.do("su-kien-"+Provincial, ProvincialEvent())
	t, ok := election.TemplateOf("provincial-delegates")
	if !ok {
		s.err = fmt.Errorf("demo: the template of a provincial congress is missing")
		return
	}
	for i := range t.Items {
		if t.Items[i].Body == string(meeting.DelegateCongress) {
			t.Items[i].Meeting = Provincial
		}
	}
	s.do("chuong-trinh-"+Provincial, election.SetProgramme{Event: Provincial, Programme: election.Programme{Template: t.ID, Level: t.Level, Items: slices.Clone(t.Items)}})
	for i := range t.Items {
		if t.Items[i].Body == string(meeting.CommitteeMeeting) {
			t.Items[i].Meeting = FirstMeeting
		}
	}
	s.do("chuong-trinh-hop-"+Provincial, election.SetProgramme{Event: Provincial, Programme: election.Programme{Template: t.ID, Level: t.Level, Items: t.Items}})
	hand := &election.Hand{For: 341, Against: 1, Other: 2}
	on := election.OnRound{Event: Provincial, Contest: committeeID}
	var list []election.NewPerson
	for i := 1; i <= nominated; i++ {
		name, born := delegateName(i)
		p := election.NewPerson{Listed: election.Listed{Person: delegateID(i), Origin: vote.Official}, Name: name, Born: born}
		switch i {
		case 1:
			p.Planned = election.PlanSecretary
		case 2, 3, 4:
			p.Planned = election.PlanDeputy
		case 5:
			p.Planned = election.PlanChair
		}
		list = append(list, p)
	}
	late, born := delegateName(60)
	s.do("bch-mo", election.OpenList{Event: Provincial, Item: "ban-chap-hanh"})
	s.do("bch-danh-sach", election.ListPersons{OnRound: on, Persons: list})
	s.do("bch-so-luong", election.VoteSeats{OnRound: on, Seats: provinceSeats, Hand: hand})
	s.do("bch-de-cu", election.ListPersons{OnRound: on, Persons: []election.NewPerson{{
		Listed: election.Listed{Person: delegateID(60), Origin: vote.Nominated, By: delegateID(200)}, Name: late, Born: born}}})
	s.do("bch-tu-choi", election.MovePerson{OnRound: on, Person: delegateID(60), What: election.MoveDecline, Reason: "Không nhận đề cử"})
	s.do("bch-xin-rut", election.MovePerson{OnRound: on, Person: delegateID(40), What: election.MoveAskOut, Reason: "Xin rút vì lý do sức khỏe"})
	s.do("bch-khong-rut", election.MovePerson{OnRound: on, Person: delegateID(40), What: election.MoveKeep, Hand: hand})
	s.do("bch-bieu-quyet", election.VoteList{OnRound: on, Hand: hand})
	s.do("bch-hom-phieu", election.OpenBox{OnRound: on, PileSize: pileSize, Stations: 2, Mode: ballotbox.Ballots})
}

// box: the stock is recorded, the box opened, every pile read once, and all but
// the last a second time.
func (s *seeder) box(db *store.DB, board []account.SampleAccount) {
	if s.err != nil {
		return
	}
	id := map[string]string{}
	for _, a := range board {
		id[a.Login] = a.ID
	}
	as := func(login, name string, act desk.Act) {
		if s.err == nil {
			if _, err := s.d.Do(s.ctx, desk.Form{ID: "demo-hom-" + name, Seen: desk.AnySeen, Actor: id[login], Act: act}); err != nil {
				s.err = fmt.Errorf("demo: box %s: %w", name, err)
			}
		}
	}
	const cs, n = "contest/" + committeeID, delegates - absentOutgoing - absentOthers
	stock := func(login, what string, number int64) {
		as(login, what, ballotbox.CountStock{Box: committeeID, Case: cs, What: what, Number: number})
	}
	stock("kiemphieu1", ballotbox.Printed, 352)
	stock("kiemphieu1", ballotbox.Issued, n)
	stock("kiemphieu2", ballotbox.Spoiled, 1)
	stock("kiemphieu2", ballotbox.Unused, 7)
	as("truongkp", "kiem-tra", ballotbox.CheckBox{Box: committeeID, Case: cs, Empty: true, Seal: "Niêm phong số 01 (mẫu)"})
	as("truongkp", "mo", ballotbox.Unseal{Box: committeeID, Case: cs, Intact: true})
	stock("kiemphieu1", ballotbox.Collected, n)
	as("truongkp", "chia-tap", ballotbox.MakePiles{Box: committeeID, Case: cs})
	if s.err != nil {
		return
	}
	var read map[string]bool
	s.err = db.Read(s.ctx, func(tx *store.Tx) (err error) { read, err = handedIn(s.ctx, tx); return err })
	for first, pile := 0, 1; first < n && s.err == nil; first, pile = first+pileSize, pile+1 {
		size := min(pileSize, n-first)
		for station, login := range []string{"kiemphieu1", "kiemphieu2"} {
			last := first+pileSize >= n
			if station == 1 && last || read[fmt.Sprint(pile, "/", station+1)] {
				continue
			}
			s.key(db, ballotbox.Station{Box: committeeID, Case: cs, Pile: pile, Station: station + 1, Attempt: 1, Actor: id[login]}, first, size)
		}
	}
}

// handedIn are the readings that need not be keyed any more: a demonstration
// started again goes on where it was, whatever its users did since.
func handedIn(ctx context.Context, tx *store.Tx) (map[string]bool, error) {
	out := map[string]bool{}
	b, err := ballotbox.Get(ctx, tx, committeeID)
	if err != nil {
		return nil, err
	}
	piles, err := ballotbox.Piles(ctx, tx, b.ID)
	if err != nil {
		return nil, err
	}
	over := b.Closed >= 0 || b.Stage == ballotbox.StateAnnulled
	for _, p := range piles {
		for station := 1; station <= b.Stations; station++ {
			_, in := p.HandedIn[station]
			out[fmt.Sprint(p.Pile, "/", station)] = over || in || p.Attempt > 1 || p.Agreed >= 0
		}
	}
	return out, nil
}

// key keys the ballots of a pile at a station and hands them in.
func (s *seeder) key(db *store.DB, st ballotbox.Station, first, size int) {
	for i := range size {
		id := fmt.Sprintf("demo-phieu-%d-%d-%03d", st.Pile, st.Station, i+1)
		if _, err := ballotbox.Put(s.ctx, db, nil, st, id, i+1, Struck(first+i)); err != nil {
			s.err = fmt.Errorf("demo: pile %d, station %d, ballot %d: %w", st.Pile, st.Station, i+1, err)
			return
		}
	}
	_, err := s.d.Do(s.ctx, desk.Form{ID: fmt.Sprintf("demo-nop-%d-%d", st.Pile, st.Station), Seen: desk.AnySeen, Actor: st.Actor,
		Act: ballotbox.HandIn{Box: st.Box, Case: st.Case, Pile: st.Pile, Station: st.Station, Attempt: 1, Ballots: size}})
	if err != nil {
		s.err = fmt.Errorf("demo: pile %d, station %d: %w", st.Pile, st.Station, err)
	}
}

// Struck are the seven numbers struck on a ballot: seven persons far more often
// than others, so that 51 pass.
func Struck(i int) string {
	out := []string{"8", "17", "26", "33", "41", "49", "57"}
	out[i%7] = fmt.Sprint([]int{2, 11, 20, 29, 38, 45, 53}[(i/7)%7])
	return strings.Join(out, " ")
}

// LastPile is the place, among the ballots of the sample congress, of the
// first ballot of its last pile, which waits for its second reading.
const LastPile = 3 * pileSize
