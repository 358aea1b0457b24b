package demo

import (
	"fmt"
	"sort"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The events of the invented province.
const (
	Congress = "dai-hoi-mau"
	Council  = "hdnd-mau"
)

var congressDay = vn.Date{Year: 2025, Month: 6, Day: 20}

// samplePlace stands before everything invented.
const samplePlace = "Đảng bộ xã An Bình (mẫu)"

// Events are the invented events.
func Events() []election.OpenEvent {
	return []election.OpenEvent{
		{ID: Congress, Kind: "congress", Date: congressDay, Sample: true,
			Title: rule.Words{VI: "Đại hội đại biểu Đảng bộ xã An Bình, nhiệm kỳ 2025 – 2030 (mẫu)", EN: "Congress of delegates of the An Bình commune Party organisation, 2025–2030 (sample)"}},
		{ID: Council, Kind: "peoples-council", Date: vn.Date{Year: 2021, Month: 5, Day: 23}, Sample: true,
			Title: rule.Words{VI: "Bầu cử Hội đồng nhân dân xã An Bình, nhiệm kỳ 2021 – 2026 (mẫu)", EN: "Election of the An Bình commune People's Council, 2021–2026 (sample)"}},
	}
}

func count(n int64) *int64 { return &n }

// person of a sample list: name, year of birth, votes.
type sampled struct {
	name, born string
	votes      int64
}

// listed puts a sample list into a record in the order of given names, as the
// ballot has it.
func listed(rec *vote.Record, titles map[string]string, people []sampled) {
	sort.SliceStable(people, func(i, j int) bool { return vn.CompareNames(people[i].name, people[j].name) < 0 })
	rec.Votes = map[string]int64{}
	for i, p := range people {
		id := fmt.Sprintf("c%d", i+1)
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: id, Name: p.name, Born: p.born, Order: i + 1})
		rec.Votes[id] = p.votes
		titles[id] = "Đồng chí"
	}
}

func sampleContest(id, rules string, title rule.Words) election.Contest {
	return election.Contest{Title: title, Place: samplePlace, Sample: true, Titles: map[string]string{},
		Source: election.Source{How: "hand", Note: rule.Words{VI: "Số liệu và tên người đều là giả định.", EN: "Figures and names are invented."}},
		Record: &vote.Record{ID: Congress + "/" + id, Rules: rules, Date: congressDay, Level: "grassroots"}}
}

// CongressContests are three votes of an invented congress: a committee with
// persons taken off the base, a tie at the last seat, and a vote without
// surplus. Their figures are complete, so minutes can be made.
func CongressContests() []election.Contest {
	return []election.Contest{committee(), tie(), inspection()}
}

// committee: 15 of 18, of 120 delegates of whom three come off the base.
func committee() election.Contest {
	c := sampleContest("ban-chap-hanh", "party-election/committee", rule.Words{VI: "Bầu Ban Chấp hành Đảng bộ xã", EN: "Election of the commune Party committee"})
	r := c.Record
	r.Seats, r.Body, r.Form = count(15), "delegate-congress", "strike"
	r.Base = &vote.Base{Summoned: count(120), Present: count(117), Deductions: []vote.Deduction{
		{Reason: "convening-member-absent-throughout", Count: 2}, {Reason: "delegate-absent-without-alternate", Count: 1}}}
	listed(r, c.Titles, []sampled{
		{"Nguyễn Thị An", "1979", 116}, {"Trần Văn Bảo", "1975", 115}, {"Lê Quốc Cường", "1982", 113}, {"Phạm Thị Diệu", "1985", 112},
		{"Hoàng Văn Đạt", "1978", 111}, {"Vũ Minh Giang", "1980", 109}, {"Đặng Thị Hà", "1987", 108}, {"Bùi Quang Hải", "1976", 107},
		{"Ngô Thị Hương", "1984", 105}, {"Đỗ Văn Khánh", "1981", 103}, {"Phan Thị Lan", "1988", 101}, {"H'Mai Niê", "1986", 99},
		{"Y Nam Êban", "1983", 97}, {"Trịnh Văn Phúc", "1979", 94}, {"Lý Thị Sen", "1990", 91}, {"Cao Văn Thắng", "1977", 62},
		{"Mai Thị Vân", "1989", 58}, {"Tạ Quang Vinh", "1991", 42}})
	r.Ballots = vote.Ballots{Issued: count(117), Collected: count(117), Valid: count(117), Invalid: count(0)}
	return c
}

// tie: three of five, the last seat tied.
func tie() election.Contest {
	c := sampleContest("dai-bieu-du-dai-hoi-tinh", "party-election/delegates", rule.Words{VI: "Bầu đại biểu dự đại hội đảng bộ tỉnh", EN: "Election of delegates to the province congress"})
	r := c.Record
	r.Seats, r.Body, r.Form = count(3), "delegate-congress", "strike"
	r.Base = &vote.Base{Summoned: count(120), Present: count(118)}
	listed(r, c.Titles, []sampled{{"Nguyễn Thị An", "1979", 112}, {"Trần Văn Bảo", "1975", 98}, {"Lê Quốc Cường", "1982", 64}, {"Phạm Thị Diệu", "1985", 64}, {"Vũ Minh Giang", "1980", 8}})
	r.Ballots = vote.Ballots{Issued: count(118), Collected: count(118), Valid: count(116), Invalid: count(2), InvalidBy: map[string]int64{"too-many": 2}}
	return c
}

// inspection: a vote without surplus, on ballots with agree and disagree, at
// the first meeting of the new committee.
func inspection() election.Contest {
	c := sampleContest("uy-ban-kiem-tra", "party-election/inspection-committee", rule.Words{VI: "Bầu Ủy ban Kiểm tra Đảng ủy xã", EN: "Election of the inspection committee"})
	r := c.Record
	r.Seats, r.Body, r.Form = count(3), "committee-meeting", "agree"
	r.Base = &vote.Base{Summoned: count(15), Present: count(15), Incumbents: count(15)}
	listed(r, c.Titles, []sampled{{"Trần Thị Bích", "1990", 15}, {"Lương Văn Chiến", "1986", 14}, {"Nông Thị Hạnh", "1991", 12}})
	r.Disagree, r.Unmarked = map[string]int64{}, map[string]int64{}
	for id, v := range r.Votes {
		r.Disagree[id], r.Unmarked[id] = 15-v, 0
	}
	r.Ballots = vote.Ballots{Printed: count(18), Issued: count(15), Spoiled: count(0), Unused: count(3), Collected: count(15), Valid: count(15), Invalid: count(0)}
	return c
}

// CouncilContest is an invented constituency with every figure its minutes need.
func CouncilContest() election.Contest {
	c := election.Contest{Title: rule.Words{VI: "Đơn vị bầu cử số 1", EN: "Constituency 1"}, Place: "Xã An Bình (mẫu)", Unit: 1, Area: "các thôn 1, 2, 3 và 4",
		Sample: true, Titles: map[string]string{}, Source: election.Source{How: "hand", Note: rule.Words{VI: "Số liệu và tên người đều là giả định.", EN: "Figures and names are invented."}},
		Record: &vote.Record{ID: Council + "/an-binh/1", Rules: "state-election/hdnd", Date: vn.Date{Year: 2021, Month: 5, Day: 23}, Seats: count(3)}}
	listed(c.Record, c.Titles, []sampled{{"Nguyễn Thị Bình", "1985", 1502}, {"Y Đoan Niê", "1980", 1377}, {"Lê Văn Hòa", "1978", 1120}, {"Trần Thị Mận", "1990", 861}, {"Phạm Văn Quý", "1983", 640}})
	clear(c.Titles)
	c.Record.Voters = &vote.Voters{Listed: count(2050), Voted: count(2031)}
	c.Record.Ballots = vote.Ballots{Printed: count(2100), Issued: count(2035), Spoiled: count(4), Unused: count(61), Collected: count(2031), Valid: count(1996), Invalid: count(35),
		InvalidBy: map[string]int64{"too-many": 25, "all-struck": 10}, ByChosen: map[string]int64{"1": 64, "2": 360, "3": 1572}}
	return c
}
