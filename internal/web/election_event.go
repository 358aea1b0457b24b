package web

import (
	"net/url"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

type electionEventData struct {
	Event     *election.Event
	Sum       election.Totals
	Compare   []officialRow
	Beside    map[string]officialRow // by key, for the facts
	Form      *Form
	Places    []Option
	Statuses  []Option
	Shows     []Option
	Sorts     []Option
	Rows      []electionRow
	Total     int64
	None      bool // nothing was counted yet
	Pager     ListPager
	MayRecord bool
	MayExport bool
	Quick     []quickLink
}

// officialRow is a published total beside the one reckoned here.
type officialRow struct {
	Key      string
	Official int64
	Counted  int64 // -1 when it cannot be reckoned here
	Same     bool
	Note     string
}

// quickLink is a question asked often, one click away.
type quickLink struct {
	Label, Path string
	Count       int64
	Here        bool
}

// ListPager is Pager with where one stands.
type ListPager struct {
	Pager
	From, To, Total int64
	More            bool // more than Total
}

// electionRow is a contest in the table with its small bars.
type electionRow struct {
	election.Row
	Tag    Tag
	Bars   []Track
	Margin string
	// AreaText is the extent, beginning with a capital.
	AreaText string
}

var electionEvent = page[electionEventData]("election_event")

// electionPage is how many contests a page lists: 184 in seven pages.
const electionPage = 30

func (s *Server) electionEventGet(c *Call) error {
	q := c.R.URL.Query()
	d := electionEventData{Form: &Form{Values: q}}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Event, err = c.event(tx, c.R.PathValue("event")); err != nil {
			return err
		}
		if d.Sum, err = election.Sum(c.Ctx(), tx, d.Event.ID); err != nil {
			return err
		}
		d.Compare, d.Beside = c.compareOfficial(d.Event, d.Sum), map[string]officialRow{}
		for _, r := range d.Compare {
			d.Beside[r.Key] = r
		}
		d.MayRecord = c.May(tx, desk.Need{Right: desk.RecordContest, Org: d.Event.Org})
		d.MayExport = d.Sum.Contests > 0 && c.May(tx, desk.Need{Right: desk.ExportBundle, Org: d.Event.Org})
		places, err := election.Places(c.Ctx(), tx, d.Event.ID)
		if err != nil {
			return err
		}
		d.Places = []Option{{"", c.T("election.filter.all")}}
		for _, p := range places {
			d.Places = append(d.Places, Option{p.Name, p.Name})
		}
		d.options(c)
		page, _ := strconv.Atoi(q.Get("trang"))
		page = min(max(page, 1), 10_000)
		f := election.Filter{Event: d.Event.ID, Text: clip200(q.Get("tim")), Place: q.Get("noi"), Status: q.Get("tinh-trang"), Show: q.Get("loc"), Sort: q.Get("xep"),
			Limit: electionPage, Offset: (page - 1) * electionPage}
		rows, total, err := election.List(c.Ctx(), tx, f)
		if err != nil {
			return err
		}
		d.Total, d.None = total, d.Sum.Contests == 0
		shares, err := election.Shares(c.Ctx(), tx, rows)
		if err != nil {
			return err
		}
		for _, r := range rows {
			d.Rows = append(d.Rows, c.electionRow(r, shares[r.Counted]))
		}
		here := eventPath(d.Event.ID)
		d.Pager.Total, d.Pager.From, d.Pager.To = total, int64(f.Offset+1), int64(f.Offset+len(rows))
		if page > 1 {
			d.Pager.Newer = withQuery(here, q, "trang", strconv.Itoa(page-1))
		}
		if int64(page*electionPage) < total {
			d.Pager.Older = withQuery(here, q, "trang", strconv.Itoa(page+1))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return electionEvent.show(c, d)
}

func clip200(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}

// options fills the filters and the quick links of an event.
func (d *electionEventData) options(c *Call) {
	d.Statuses = []Option{{"", c.T("election.filter.all")}}
	for _, st := range []vote.Status{vote.Decided, vote.Short, vote.Tied, vote.Unsettled, vote.Invalid, vote.Refused, vote.Counted} {
		if d.Sum.Statuses[string(st)] > 0 {
			d.Statuses = append(d.Statuses, Option{string(st), upperFirst(election.StatusWords(string(st)).In(c.Lang))})
		}
	}
	d.Shows = []Option{{"", c.T("election.filter.all")}}
	for _, v := range []string{"passed-no-seat", "condition", "unfilled", "not-recorded", "corrected"} {
		d.Shows = append(d.Shows, Option{v, c.TK("election.show", v)})
	}
	d.Sorts = []Option{{"", c.T("election.sort.place")}, {"margin", c.T("election.sort.margin")}, {"date", c.T("election.sort.date")}}
	here := eventPath(d.Event.ID)
	q := c.R.URL.Query()
	link := func(key, value, label string, n int64) {
		if n > 0 {
			d.Quick = append(d.Quick, quickLink{Label: label, Path: here + "?" + url.Values{key: {value}}.Encode() + "#danh-sach", Count: n, Here: q.Get(key) == value})
		}
	}
	if d.Sum.PassedNoSeat > 0 {
		d.Quick = append(d.Quick, quickLink{Label: c.T("election.quick.passed"), Path: here + "/qua-ban", Count: d.Sum.PassedNoSeat})
	}
	link("loc", "condition", c.T("election.quick.condition"), d.Sum.Conditions)
	link("loc", "unfilled", c.T("election.quick.unfilled"), d.Sum.Short)
	link("tinh-trang", string(vote.Refused), c.T("election.quick.refused"), d.Sum.Refused)
	link("tinh-trang", string(vote.Tied), c.T("election.quick.tied"), d.Sum.Statuses[string(vote.Tied)])
	link("loc", "not-recorded", c.T("election.quick.missing"), d.Sum.Missing)
	link("loc", "corrected", c.T("election.quick.corrected"), d.Sum.Corrected)
}

// compareOfficial puts the published totals beside the sums of what is
// recorded here, and says why they may differ.
func (c *Call) compareOfficial(ev *election.Event, t election.Totals) []officialRow {
	if ev.Official == nil {
		return nil
	}
	counted := map[string]int64{"seats": t.Seats, "candidates": t.Candidates, "elected": t.Elected, "valid": t.Valid}
	var out []officialRow
	for _, f := range ev.Official.Figures {
		r := officialRow{Key: f.Key, Official: f.Value, Counted: -1, Note: c.Words(f.Note)}
		if v, ok := counted[f.Key]; ok {
			r.Counted, r.Same = v, v == f.Value
			if !r.Same && f.Key == "valid" {
				r.Note = c.T("election.official.valid")
			}
		} else if r.Note == "" {
			r.Note = c.T("election.official.none")
		}
		out = append(out, r)
	}
	return out
}

func (c *Call) electionRow(r election.Row, lines []election.Share) electionRow {
	out := electionRow{Row: r, Tag: statusTag(c.Lang, r.Status), Margin: "–", AreaText: upperFirst(r.Area)}
	if r.Margin >= 0 {
		out.Margin = number(c.Lang, r.Margin)
	}
	for _, l := range lines {
		out.Bars = append(out.Bars, track(l.Votes, r.Base, r.Need, l.Outcome))
	}
	return out
}

// track is the bar of one candidate: votes of the base, with the line at the
// least number that passes.
func track(votes, base, need int64, o vote.Outcome) Track {
	t := Track{Threshold: -1}
	if base > 0 {
		t.Share = float64(votes) / float64(base)
		if need > 0 {
			t.Threshold = float64(need) / float64(base)
		}
	}
	switch o {
	case vote.Elected, vote.Alternate:
		t.Class = "elected"
	case vote.PassedNoSeat, vote.TiedOutcome, vote.GoesOn:
		t.Class = "passed"
	}
	return t
}

type electionPassedData struct {
	Event  *election.Event
	People []electionPerson
}

type electionPerson struct {
	election.Person
	Seats, LastElected int64
	Track              Track
}

var electionPassed = page[electionPassedData]("election_passed")

// electionPassedGet lists everyone who passed the threshold and has no seat.
func (s *Server) electionPassedGet(c *Call) error {
	d := electionPassedData{}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Event, err = c.event(tx, c.R.PathValue("event")); err != nil {
			return err
		}
		ps, err := election.Outcomes(c.Ctx(), tx, d.Event.ID, vote.PassedNoSeat, 500)
		if err != nil {
			return err
		}
		for _, p := range ps {
			r, err := election.GetRow(c.Ctx(), tx, p.Contest)
			if err != nil {
				return err
			}
			lines, err := election.Shares(c.Ctx(), tx, []election.Row{*r})
			if err != nil {
				return err
			}
			last := int64(0)
			for _, l := range lines[r.Counted] {
				if l.Outcome == vote.Elected {
					last = l.Votes
				}
			}
			d.People = append(d.People, electionPerson{p, r.Seats, last, track(p.Votes, r.Base, r.Need, p.Outcome)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return electionPassed.show(c, d)
}
