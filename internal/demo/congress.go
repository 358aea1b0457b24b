package demo

import (
	"fmt"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Provincial is the invented congress of October 2020 whose elections wait in
// the middle of their chain.
const Provincial = "dai-hoi-tinh-mau"

var provincialDay = vn.Date{Year: 2020, Month: 10, Day: 14}

// ProvincialEvent is the event of the invented congress.
func ProvincialEvent() election.OpenEvent {
	return election.OpenEvent{ID: Provincial, Kind: "congress", Date: provincialDay, Sample: true,
		Title: rule.Words{VI: "Đại hội đại biểu Đảng bộ tỉnh Mẫu, nhiệm kỳ 2020 – 2025 (mẫu)", EN: "Congress of delegates of the Mẫu province Party organisation, 2020–2025 (sample)"}}
}

// nominees are the 58 invented names for 51 seats; two of them are alike and
// told apart by birth.
func nominees() []election.NewPerson {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Phan"}
	middle := []string{"Văn", "Thị", "Đức", "Minh", "Quang"}
	given := []string{"An", "Bảo", "Bích", "Chiến", "Cường", "Diệu", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hương", "Khánh", "Lan",
		"Lâm", "Long", "Mai", "Nam", "Ngọc", "Oanh", "Phúc", "Phương", "Quân", "Sơn", "Thảo", "Thắng", "Tuấn", "Vân"}
	var out []election.NewPerson
	for i := range 57 {
		p := election.NewPerson{Listed: election.Listed{Person: fmt.Sprintf("mau/ung-vien-%02d", i+1), Origin: vote.Official, InBody: true, Outgoing: i < 28},
			Name: family[i%len(family)] + " " + middle[(i*3)%len(middle)] + " " + given[(i*7)%len(given)], Born: fmt.Sprint(1962 + i*7%24), Title: "Đồng chí"}
		switch i {
		case 0:
			p.Planned = election.PlanSecretary
		case 1, 2, 3:
			p.Planned = election.PlanDeputy
		case 4:
			p.Planned = election.PlanChair
		}
		out = append(out, p)
	}
	twin := out[8]
	twin.Person, twin.Born, twin.Outgoing, twin.Planned = "mau/ung-vien-58", "1979", false, ""
	return append(out, twin)
}

// congress lays down the chain of the invented congress and takes it to the
// count of its first election.
func (s *seeder) congress() {
	s.do("su-kien-"+Provincial, ProvincialEvent())
	t, ok := election.TemplateOf("provincial-delegates")
	if !ok {
		s.err = fmt.Errorf("demo: the template of a provincial congress is missing")
		return
	}
	s.do("chuong-trinh-"+Provincial, election.SetProgramme{Event: Provincial, Programme: election.Programme{Template: t.ID, Level: t.Level, Items: t.Items}})
	hand := func(yes int64) *election.Hand {
		return &election.Hand{For: yes, Against: 1, Other: 344 - yes - 1, Base: 344}
	}
	on := election.OnRound{Event: Provincial, Contest: Provincial + "/ban-chap-hanh"}
	s.do("bch-mo", election.OpenList{Event: Provincial, Item: "ban-chap-hanh"})
	s.do("bch-danh-sach", election.ListPersons{OnRound: on, Persons: nominees()})
	s.do("bch-so-luong", election.VoteSeats{OnRound: on, Seats: 51, Hand: hand(342)})
	s.do("bch-de-cu", election.ListPersons{OnRound: on, Persons: []election.NewPerson{{
		Listed: election.Listed{Person: "mau/de-cu-1", Origin: vote.Nominated, InBody: true, ByDelegate: true}, Name: "Y Nguyên Êban", Born: "1984", Title: "Đồng chí"}}})
	s.do("bch-tu-choi", election.MovePerson{OnRound: on, Person: "mau/de-cu-1", What: election.MoveDecline, Reason: "Không nhận đề cử"})
	s.do("bch-xin-rut", election.MovePerson{OnRound: on, Person: "mau/ung-vien-40", What: election.MoveAskOut, Reason: "Xin rút vì lý do sức khỏe"})
	s.do("bch-khong-rut", election.MovePerson{OnRound: on, Person: "mau/ung-vien-40", What: election.MoveKeep, Hand: hand(330)})
	s.do("bch-bieu-quyet", election.VoteList{OnRound: on, Hand: hand(341)})
}
