package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// electionModule is "Đại hội, bầu cử": events, contests, their verdicts,
// corrections, minutes, bundles, and the hall display.
var electionModule = module{
	name: "election",
	nav:  &navItem{Label: "nav.election", Path: "/bau-cu", Order: 20, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		read := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.ReadRecord, any: true, handle: h}
		}
		return []route{
			read("GET /bau-cu", s.electionListGet),
			{pattern: "POST /bau-cu", need: desk.RecordContest, any: true, handle: s.electionOpenPost},
			read("GET /bau-cu/su-kien/{event}", s.electionEventGet),
			read("GET /bau-cu/su-kien/{event}/qua-ban", s.electionPassedGet),
			read("GET /bau-cu/su-kien/{event}/ra-soat", s.electionEventCheckGet),
			{pattern: "GET /bau-cu/su-kien/{event}/nhap", need: desk.RecordContest, any: true, handle: s.electionEnterGet},
			{pattern: "POST /bau-cu/su-kien/{event}/nhap", need: desk.RecordContest, any: true, handle: s.electionEnterPost},
			{pattern: "GET /bau-cu/su-kien/{event}/tep", need: desk.RecordContest, any: true, handle: s.electionUploadGet},
			{pattern: "POST /bau-cu/su-kien/{event}/tep", need: desk.RecordContest, any: true, maxBody: election.MaxUpload + 1<<20, handle: s.electionUploadPost},
			{pattern: "GET /bau-cu/su-kien/{event}/tep/{upload}", need: desk.RecordContest, any: true, handle: s.electionImportGet},
			{pattern: "POST /bau-cu/su-kien/{event}/tep/{upload}", need: desk.RecordContest, any: true, handle: s.electionImportPost},
			{pattern: "GET /bau-cu/su-kien/{event}/goi", need: desk.ExportBundle, any: true, handle: s.electionEventBundleGet},
			read("GET /bau-cu/cuoc/{id...}", s.electionContestGet),
			read("GET /bau-cu/so-sanh/{id...}", s.electionCompareGet),
			read("GET /bau-cu/ra-soat/{id...}", s.electionContestCheckGet),
			{pattern: "GET /bau-cu/dinh-chinh/{id...}", need: desk.CorrectContest, any: true, handle: s.electionCorrectGet},
			{pattern: "POST /bau-cu/dinh-chinh/{id...}", need: desk.CorrectContest, any: true, handle: s.electionCorrectPost},
			{pattern: "POST /bau-cu/cong-bo/{id...}", need: desk.AnnounceContest, any: true, handle: s.electionAnnouncePost},
			{pattern: "GET /bau-cu/goi/{id...}", need: desk.ExportBundle, any: true, handle: s.electionBundleGet},
			read("GET /bau-cu/bien-ban/{id...}", s.electionMinutesGet),
			{pattern: "POST /bau-cu/bien-ban/{id...}", need: desk.MakeMinutes, any: true, handle: s.electionMinutesPost},
			read("GET /bau-cu/bien-ban-so/{entry}", s.electionMinutesViewGet),
			read("GET /bau-cu/bien-ban-so/{entry}/pdf", s.electionMinutesPDFGet),
			read("GET /bau-cu/bien-ban-so/{entry}/docx", s.electionMinutesDOCXGet),
			{pattern: "GET /hoi-truong/{id...}", public: true, handle: s.electionHallGet},
			{pattern: "GET /hoi-truong-moi/{id...}", public: true, handle: s.electionHallLiveGet},
		}
	},
	search: electionSearch,
	cards:  electionCards,
	tasks:  electionTasks,
	subjects: map[string]func(string) string{
		"contest": func(id string) string { return contestPath(strings.TrimPrefix(id, "contest/")) },
		"event":   func(id string) string { return eventPath(strings.TrimPrefix(id, "event/")) },
	},
}

func contestPath(id string) string { return "/bau-cu/cuoc/" + id }
func eventPath(id string) string   { return "/bau-cu/su-kien/" + id }

// event reads an event the person may see: one of the whole province is for
// every reader, one of an organisation for those who may read there.
func (c *Call) event(tx *store.Tx, id string) (*election.Event, error) {
	ev, err := election.GetEvent(c.Ctx(), tx, id)
	if err != nil {
		return nil, err
	}
	if ev.Org != "" && !c.May(tx, desk.Need{Right: desk.ReadRecord, Org: ev.Org}) {
		return nil, desk.Missing("Không có sự kiện này.", "There is no such event.")
	}
	return ev, nil
}

// contest reads a contest and its event, as event does.
func (c *Call) contest(tx *store.Tx, id string) (*election.Detail, *election.Event, error) {
	d, err := election.Get(c.Ctx(), tx, id)
	if err != nil {
		return nil, nil, err
	}
	ev, err := c.event(tx, d.Event)
	return d, ev, err
}

// statusTag tells a status by mark, colour and words.
func statusTag(lang, status string) Tag {
	kind := "no"
	switch vote.Status(status) {
	case vote.Decided:
		kind = "yes"
	case vote.Short, vote.Tied, vote.Unsettled:
		kind = "wait"
	case vote.Refused, vote.Invalid:
		kind = "stop"
	}
	return Tag{kind, upperFirst(election.StatusWords(status).In(lang))}
}

// outcomeTag tells the outcome of a candidate.
func outcomeTag(lang string, o vote.Outcome) Tag {
	kind := "no"
	switch o {
	case vote.Elected, vote.Alternate:
		kind = "yes"
	case vote.GoesOn, vote.TiedOutcome, vote.PassedNoSeat:
		kind = "wait"
	}
	return Tag{kind, election.OutcomeWords(o).In(lang)}
}

// outcomeTagOf is outcomeTag in a contest of these rules: a poll elects nobody,
// it
// proposes or keeps on a list.
func (c *Call) outcomeTagOf(rules string, o vote.Outcome) Tag {
	words := map[string][2]string{"party-election/secretary-introduction-poll": {"programme.proposed", "programme.proposed.not"},
		"party-election/opinion-poll": {"programme.kept", "programme.kept.not"}}
	if w, poll := words[rules]; poll {
		switch o {
		case vote.GoesOn:
			return Tag{"yes", c.T(w[0])}
		case vote.NotElected:
			return Tag{"no", c.T(w[1])}
		}
	}
	return outcomeTag(c.Lang, o)
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func lowerFirst(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// contestTitle is the unit with its place.
func contestTitle(lang string, place string, title rule.Words) string {
	t := title.In(lang)
	if place == "" || strings.Contains(t, place) {
		return t
	}
	return t + ", " + place
}

// electionSearch finds candidates and contests by name without marks.
func electionSearch(c *Call, tx *store.Tx, folded string) (Hits, error) {
	h := Hits{Label: "nav.election"}
	if !c.User.Has(desk.ReadRecord) {
		return h, nil
	}
	seen := map[string]bool{}
	ps, err := election.FindPersons(c.Ctx(), tx, folded, 12)
	if err != nil {
		return h, err
	}
	for _, p := range ps {
		if _, err := c.event(tx, p.Event); err != nil {
			continue
		}
		seen[p.Contest] = true
		h.Items = append(h.Items, Hit{Title: p.Name, Path: contestPath(p.Contest),
			Detail: contestTitle(c.Lang, p.Place, p.ContestTitle) + " · " + number(c.Lang, p.Votes) + " · " + election.OutcomeWords(p.Outcome).In(c.Lang)})
	}
	rows, total, err := election.List(c.Ctx(), tx, election.Filter{Text: folded, Limit: 20})
	if err != nil {
		return h, err
	}
	for _, r := range rows {
		if _, err := c.event(tx, r.Event); err != nil || seen[r.ID] || len(h.Items) >= 20 {
			continue
		}
		h.Items = append(h.Items, Hit{Title: contestTitle(c.Lang, r.Place, r.Title), Detail: r.Area, Path: contestPath(r.ID)})
	}
	if total > int64(len(rows)) {
		h.More = "/bau-cu"
	}
	return h, nil
}

// realFirst puts invented events after real ones, each newest first: a new
// person sees real figures before the sample's.
func realFirst(evs []election.Event) []election.Event {
	slices.SortStableFunc(evs, func(a, b election.Event) int {
		switch {
		case a.Sample == b.Sample:
			return 0
		case b.Sample:
			return -1
		}
		return 1
	})
	return evs
}

// electionCards shows the newest events at the desk page, one click away.
func electionCards(c *Call, tx *store.Tx) ([]Card, error) {
	if !c.User.Has(desk.ReadRecord) {
		return nil, nil
	}
	evs, err := election.Events(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	var out []Card
	for _, e := range realFirst(evs) {
		if _, err := c.event(tx, e.ID); err != nil {
			continue
		}
		t, err := election.Sum(c.Ctx(), tx, e.ID)
		if err != nil {
			return nil, err
		}
		if t.Contests == 0 { // nothing was counted yet
			continue
		}
		if len(out) == 4 {
			break
		}
		out = append(out, Card{Title: c.Words(e.Title), Path: eventPath(e.ID), Link: c.T("election.card.open"),
			Lines: []string{dayText(c.Lang, e.Date) + " · " + c.T("election.card.sum", number(c.Lang, t.Contests), number(c.Lang, t.Candidates), number(c.Lang, t.Elected))}})
	}
	return out, nil
}

// electionTasks are contests of the organisation's own events that wait for
// people: figures that contradict each other, readings to decide, ties.
func electionTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.CorrectContest) {
		return nil, nil
	}
	var out []Task
	for _, status := range []vote.Status{vote.Refused, vote.Unsettled, vote.Tied} {
		rows, _, err := election.List(c.Ctx(), tx, election.Filter{Status: string(status), Sort: "date", Limit: 10})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !c.May(tx, desk.Need{Right: desk.CorrectContest, Org: r.Org, Case: election.ContestSubject(r.ID)}) {
				continue
			}
			out = append(out, Task{Title: contestTitle(c.Lang, r.Place, r.Title), Path: contestPath(r.ID), Org: r.Place,
				Detail: upperFirst(election.StatusWords(r.Status).In(c.Lang)), Missing: election.NextWords(vote.Next(r.Next)).In(c.Lang)})
		}
	}
	return out, nil
}
