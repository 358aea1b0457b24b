package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// programmePollData is the form that puts a poll into the programme: with the
// rules of a regulation, or counted without a verdict where none sets a
// threshold.
type programmePollData struct {
	Event                               *election.Event
	Form                                *Form
	Kinds, Forms, Bodies, Froms, Afters []Option
}

var programmePoll = page[programmePollData]("election_programme_poll")

func (s *Server) programmePollGet(c *Call) error { return c.showProgrammePoll(nil) }

func (c *Call) showProgrammePoll(f *Form) error {
	d := programmePollData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.programmeOf(tx)
		if err != nil {
			return err
		}
		d.Event = chain.Event
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, election.EventSubject(d.Event.ID)); err != nil {
				return err
			}
			d.Form.Set("seats", "1")
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		d.Kinds, d.Forms, d.Froms = []Option{{"", c.T("meeting.choose")}}, []Option{{"", c.T("ballotbox.open.form.rule")}}, []Option{{"", c.T("programme.poll.from.none")}}
		for _, k := range kindsOf(d.Event.Kind, lib) {
			if b, err := lib.For(k, d.Event.Date); err == nil && isPoll(b) {
				d.Kinds = append(d.Kinds, Option{k, c.Words(b.Title)})
			}
		}
		for _, x := range election.Forms {
			d.Forms = append(d.Forms, Option{x, c.TK("programme.form", x)})
		}
		seen := map[string]bool{}
		for i, it := range chain.Items {
			if !seen[it.Body] {
				seen[it.Body] = true
				d.Bodies = append(d.Bodies, Option{it.Body, c.TK("programme.body", it.Body)})
			}
			if b, err := lib.For(it.Rules, chain.Day(it)); err == nil && !isPoll(b) {
				d.Froms = append(d.Froms, Option{it.ID, c.T("programme.from", c.Words(it.Title))})
			}
			d.Afters = append(d.Afters, Option{fmt.Sprint(i + 1), c.Words(it.Title)})
		}
		slices.Reverse(d.Afters)
		return nil
	})
	if err != nil {
		return err
	}
	return programmePoll.show(c, d)
}

// isPoll says whether the rules of a contest elect nobody: a poll.
func isPoll(b *rule.Book) bool {
	return vote.CountOnly(b) || vote.OutcomeOf(b) == vote.GoesOn
}

// programmeOf is the chain of the page's event, which must have a programme.
func (c *Call) programmeOf(tx *store.Tx) (*election.Chain, error) {
	chain, err := c.loadChain(tx, c.R.PathValue("event"))
	if err == nil && chain.Programme == nil {
		err = desk.Missing("Sự kiện này chưa có chương trình bầu cử.", "The event has no programme yet.")
	}
	return chain, err
}

// programmePollPost puts the poll behind the item chosen.
func (s *Server) programmePollPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var chain *election.Chain
	if err := c.Read(func(tx *store.Tx) error { chain, err = c.programmeOf(tx); return err }); err != nil {
		return err
	}
	p := *chain.Programme
	p.Items = slices.Clone(p.Items)
	it := election.Item{ID: pollID(p.Items), Rules: f.Text("rules"), Title: rule.Words{VI: f.Text("title"), EN: f.Text("title_en")}, Body: f.Text("body"),
		SeatsBy: election.SeatsFixed, From: f.Text("from"), Form: f.Text("form"), Optional: true, OwnTeam: true}
	if i := slices.IndexFunc(p.Items, func(o election.Item) bool { return o.Body == it.Body && o.Meeting != "" }); i >= 0 {
		it.Meeting = p.Items[i].Meeting // the same body meets once; another is chosen on the page of changes
	}
	if it.Rules == "" {
		return c.again(f, desk.Wrong("rules", "Hãy chọn cuộc lấy phiếu theo quy định nào, hay không có ngưỡng trong quy định.", "Choose the rules of the poll, or that no regulation sets a threshold."), c.showProgrammePoll)
	}
	if it.Seats, err = countOr(f, "seats", 0); err == nil && it.Seats < 1 {
		err = desk.Wrong("seats", "Ghi số người mỗi phiếu được chọn, từ 1.", "Give how many each slip may choose, at least 1.")
	}
	if err != nil {
		return c.again(f, err, c.showProgrammePoll)
	}
	at, err := countOr(f, "after", int64(len(p.Items)))
	if err != nil {
		return c.again(f, err, c.showProgrammePoll)
	}
	p.Items = slices.Insert(p.Items, int(min(max(at, 0), int64(len(p.Items)))), it)
	return c.finish(f, election.SetProgramme{Event: chain.Event.ID, Org: chain.Event.Org, Programme: p}, programmePath(chain.Event.ID), c.showProgrammePoll)
}

// pollID is an id that no item has.
func pollID(items []election.Item) string {
	for n := 1; ; n++ {
		id := fmt.Sprintf("lay-phieu-%d", n)
		if !slices.ContainsFunc(items, func(it election.Item) bool { return strings.EqualFold(it.ID, id) }) {
			return id
		}
	}
}
