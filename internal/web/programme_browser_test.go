package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// cellChain opens a cell congress with a list of four for three seats, one
// nominated and one against the rules still to be settled.
func (h *house) cellChain(event, day string) election.OnRound {
	on := election.OnRound{Event: event, Contest: event + "/chi-uy"}
	h.do("canbo", election.OpenEvent{ID: event, Kind: "congress", Date: vn.MustDate(day), Sample: true, Title: rule.Words{VI: "Đại hội chi bộ thôn " + event, EN: "Congress of cell " + event}})
	tpl, _ := election.TemplateOf("cell")
	h.do("canbo", election.SetProgramme{Event: event, Programme: election.Programme{Template: "cell", Level: "cell", Members: 11, Items: tpl.Items}})
	h.do("canbo", election.OpenList{Event: event, Item: "chi-uy"})
	var ps []election.NewPerson
	for i, name := range []string{"Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung"} {
		ps = append(ps, election.NewPerson{Listed: election.Listed{Person: fmt.Sprintf("%s/p%d", event, i+1), Origin: vote.Official, InBody: true, Outgoing: i == 0}, Name: name, Born: fmt.Sprint(1970 + i)})
	}
	h.do("canbo", election.ListPersons{OnRound: on, Persons: ps})
	h.do("canbo", election.VoteSeats{OnRound: on, Seats: 3, Hand: &election.Hand{For: 11, Base: 11}})
	return on
}

// counted votes the list and records figures of eleven ballots.
func (h *house) counted(on election.OnRound, votes ...int64) {
	n := func(v int64) *int64 { return &v }
	h.do("canbo", election.VoteList{OnRound: on, Hand: &election.Hand{For: 11, Base: 11}})
	got := map[string]int64{}
	for i, v := range votes {
		got[fmt.Sprintf("%s/p%d", on.Event, i+1)] = v
	}
	h.do("canbo", election.ReportRound{OnRound: on, Base: &vote.Base{Summoned: n(11), Present: n(11)}, Votes: got,
		Ballots: vote.Ballots{Printed: n(11), Issued: n(11), Spoiled: n(0), Unused: n(0), Collected: n(11), Valid: n(11), Invalid: n(0)}})
}

// TestProgrammeScreens looks at the pages of the chain in a real browser, wide
// and on a phone: the programme, a list with what it lacks, a tie to decide, the
// list to print, the programme being changed.
func TestProgrammeScreens(t *testing.T) {
	h := newHouse(t)
	making := h.cellChain("a", "2025-09-25")
	h.do("canbo", election.ListPersons{OnRound: making, Persons: []election.NewPerson{
		{Listed: election.Listed{Person: "a/dc", Origin: vote.Nominated, InBody: true, ByDelegate: true}, Name: "Vũ Văn Được Đề Cử", Born: "1985"},
		{Listed: election.Listed{Person: "a/uc", Origin: vote.Standing, InBody: true, Outgoing: true}, Name: "Đỗ Thị Ứng Cử", Born: "1981"}}})
	h.do("canbo", election.MovePerson{OnRound: making, Person: "a/p2", What: election.MoveAskOut, Reason: "Xin rút vì sức khỏe"})
	h.counted(h.cellChain("b", "2025-09-25"), 11, 11, 6, 5)
	tied := h.cellChain("c", "2025-09-25")
	h.counted(tied, 11, 11, 6, 6)
	short := h.cellChain("d", "2025-09-25")
	h.counted(short, 11, 10, 5, 5)
	ctx := browser(t)
	h.enter(t, ctx, "canbo")
	for name, path := range map[string]string{
		"chain": "/bau-cu/su-kien/b/chuong-trinh", "chain-new": "/bau-cu/su-kien/a/chuong-trinh", "chain-edit": "/bau-cu/su-kien/a/chuong-trinh/sua",
		"chain-list": "/bau-cu/su-kien/a/danh-sach/chi-uy", "chain-tied": "/bau-cu/su-kien/c/danh-sach/chi-uy", "chain-short": "/bau-cu/su-kien/d/danh-sach/chi-uy",
		"chain-open": "/bau-cu/su-kien/b/danh-sach/bi-thu", "chain-paper": "/bau-cu/su-kien/c/ban-in/chi-uy",
	} {
		for _, kind := range []int{wide, phone} {
			label := name + map[int]string{wide: "", phone: "-phone"}[kind]
			run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("h1"))
			noOverflow(t, ctx, label)
			if kind == wide {
				axe(t, ctx, label)
			}
			picture(t, ctx, label)
		}
	}
}
