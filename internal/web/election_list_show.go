package web

import (
	"fmt"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// fill makes what the page shows of the round.
func (d *listData) fill(c *Call, chain *election.Chain) {
	r := d.Round
	d.Seats = r.Seats
	if d.Seats == 0 {
		d.Seats = d.Item.Seats
	}
	places := map[string]int{}
	list := r.OnBallot()
	if list == nil {
		list = election.InOrder(r.Stand())
	}
	votes := map[string]election.Line{}
	for _, l := range r.Lines {
		votes[l.Candidate] = l
	}
	seen := map[string]bool{}
	add := func(n *election.Nominee, place vote.Placed) {
		row := listRow{Nominee: n, N: place.Order, Show: n.Show(c.Lang), From: election.OriginWords(string(n.Origin)).In(c.Lang)}
		if place.Apart != "" {
			row.Show += " " + place.Apart
		}
		row.Tag, row.Notes, row.Verdicts = c.standing(n, d.Round)
		if l, ok := votes[n.Person]; ok {
			row.Votes, row.HasVotes, row.Share, row.OutcomeTag = l.Votes, true, l.Share, c.outcomeTagOf(r.Row.Rules, l.Outcome)
		}
		row.Path = listPath(d.Event.ID, r.Contest) + "?nguoi=" + n.Person + "#dien-bien"
		d.Rows = append(d.Rows, row)
		seen[n.Person] = true
	}
	for _, p := range list {
		places[p.ID] = p.Order
		if n := r.Find(p.ID); n != nil {
			add(n, p)
			if n.Origin == vote.Official {
				d.Facts.Official++
			} else {
				d.Facts.Others++
			}
			d.Persons = append(d.Persons, Option{n.Person, n.Show(c.Lang)})
		}
	}
	for _, n := range r.Persons {
		if !seen[n.Person] {
			add(n, vote.Placed{})
			d.Facts.Out++
		}
	}
	if r.List != nil && r.List.Most > 0 {
		d.Cap = c.T("programme.room.most", number(c.Lang, r.List.Most))
	}
	d.options(c, chain)
	d.reckoned(c)
	d.after(c)
}

// standing tells where a person on the list stands: colour and word, what is
// missing, and by which article.
func (c *Call) standing(n *election.Nominee, r *election.Round) (Tag, []string, []rule.Verdict) {
	var notes []string
	var vs []rule.Verdict
	if strings.HasPrefix(n.Person, "typed/") && r.List == nil {
		notes = append(notes, c.T("programme.typed.unknown"))
	}
	if n.Planned != "" {
		notes = append(notes, election.PlanWords(n.Planned).In(c.Lang))
	}
	if n.Outgoing {
		notes = append(notes, c.T("programme.outgoing"))
	}
	if n.Support != nil && n.Attending != nil {
		notes = append(notes, c.T("programme.support.is", number(c.Lang, *n.Support), number(c.Lang, *n.Attending)))
	}
	if n.Kept {
		notes = append(notes, election.MoveWords(election.MoveKeep).In(c.Lang))
	}
	if n.Reason != "" {
		notes = append(notes, n.Reason)
	}
	if n.Out != "" {
		return Tag{"no", election.MoveWords(n.Out).In(c.Lang)}, notes, nil
	}
	if r.List != nil {
		return Tag{"yes", c.T("programme.on.list")}, notes, nil
	}
	for _, b := range n.Examined.Barred {
		vs = append(vs, b.Verdict)
	}
	if len(vs) > 0 {
		return Tag{"stop", c.T("programme.barred")}, notes, vs
	}
	for _, w := range n.Examined.Waits {
		notes = append(notes, c.T("programme.wait."+string(w)))
	}
	switch {
	case n.AskedOut:
		return Tag{"wait", c.T("programme.asks.out")}, notes, nil
	case n.Origin == vote.Nominated && n.Accepted == nil:
		return Tag{"wait", c.T("programme.accept.waits")}, notes, nil
	case len(n.Examined.Waits) > 0:
		return Tag{"wait", c.T("programme.lacks")}, notes, nil
	case len(n.Examined.Open) > 0:
		return Tag{"wait", c.T("programme.reading.waits")}, notes, nil
	}
	return Tag{"yes", c.T("programme.stands")}, notes, nil
}

func (d *listData) options(c *Call, chain *election.Chain) {
	moves := []election.Move{election.MoveAccept, election.MoveDecline, election.MoveFile, election.MoveSupport, election.MoveAskOut,
		election.MoveOut, election.MoveKeep, election.MoveStrike, election.MoveUnlisted}
	if d.Item.Poll() != nil {
		moves = append(moves, election.MovePollOut)
	}
	for _, m := range moves {
		d.Moves = append(d.Moves, Option{string(m), election.MoveWords(m).In(c.Lang)})
	}
	for _, o := range []vote.Origin{vote.Official, vote.Standing, vote.Nominated} {
		d.Origins = append(d.Origins, Option{string(o), election.OriginWords(string(o)).In(c.Lang)})
	}
	d.Plans = []Option{{"", c.T("programme.plan.none")}}
	for _, p := range d.Item.Plans {
		d.Plans = append(d.Plans, Option{p, upperFirst(election.PlanWords(p).In(c.Lang))})
	}
	if src, limited := chain.Source(d.Item); limited {
		for _, n := range src {
			if old := d.Round.Find(n.Person); old == nil {
				label := n.Show(c.Lang)
				if n.Born != "" {
					label += ", " + bornText(n.Born)
				}
				d.Pool = append(d.Pool, Option{n.Person, label})
			}
		}
	}
	if d.Form.Value("person") == "" {
		d.Form.Set("person", clip200(c.R.URL.Query().Get("nguoi")))
	}
}

func (d *listData) reckoned(c *Call) {
	k := d.Reckoning
	if k == nil {
		return
	}
	blocks := func(bs []election.Block) (out []listBlock) {
		for _, b := range bs {
			out = append(out, listBlock{c.Words(b.Says), b.Verdict})
		}
		return out
	}
	d.Blocks, d.Notes = blocks(k.Blocks), blocks(k.Notes)
	if len(k.Rooms) > 0 {
		d.Cap = roomText(c, k.Rooms)
	}
	d.CanPoll = d.Item.Poll() == nil && d.Round.Kind == election.RoundFirst && !d.Item.OwnTeam && d.Facts.Others > 0
	seen := map[string]bool{}
	for _, a := range k.Open {
		if seen[a.Rule] {
			continue
		}
		seen[a.Rule] = true
		rd := listReading{Rule: a.Rule, Says: c.Words(a.Verdict.Says), Options: []Option{{rule.MainReading, c.T("programme.reading.main") + ": " + c.Words(a.Verdict.Says)}}}
		for _, r := range a.Differs {
			rd.Options = append(rd.Options, Option{r.ID, c.Words(r.Says)})
		}
		d.Open = append(d.Open, rd)
	}
	if k.RoomOpen || len(k.Rooms) > 0 && k.Rooms[0].Least == 0 {
		rd := listReading{Rule: "party-election.surplus-max", Says: c.T("programme.rounding"), Options: []Option{}}
		rd.Options = append(rd.Options, Option{rule.MainReading, c.T("programme.rounding.main", number(c.Lang, k.Rooms[0].Most))})
		for _, r := range k.Rooms[1:] {
			for id, reading := range r.Readings {
				if id == rd.Rule {
					rd.Options = append(rd.Options, Option{reading, c.T("programme.rounding."+reading, number(c.Lang, r.Most))})
				}
			}
		}
		d.Open = append(d.Open, rd)
	}
}

// roomText says how many names the list may have, under every reading.
func roomText(c *Call, rooms []vote.Room) string {
	say := func(r vote.Room) string {
		switch {
		case r.Least == 0:
			return "–"
		case r.Most < 0:
			return c.T("programme.room.least", number(c.Lang, r.Least))
		case r.Least == r.Most:
			return number(c.Lang, r.Most)
		}
		return number(c.Lang, r.Least) + "–" + number(c.Lang, r.Most)
	}
	out := say(rooms[0])
	for _, r := range rooms[1:] {
		if s := say(r); s != out && !strings.Contains(out, s) {
			out += " " + c.T("programme.room.or") + " " + s
		}
	}
	return out
}

// after is what may be decided on the result.
func (d *listData) after(c *Call) {
	r := d.Round
	for _, x := range r.Decided {
		ld := listDecision{Entry: x.Entry, Words: election.ChoiceWords(x.Choice).In(c.Lang), Reason: x.Reason}
		var parts []string
		if x.NewNames {
			parts = append(parts, c.T("programme.newnames"))
		}
		if x.Hand != nil {
			parts = append(parts, c.T("programme.hand.is", number(c.Lang, x.Hand.For), number(c.Lang, x.Hand.Against), number(c.Lang, x.Hand.Other), number(c.Lang, x.Hand.Base)))
		}
		if x.Number != "" {
			parts = append(parts, x.Number+", "+dayText(c.Lang, x.Date))
		}
		ld.Detail = strings.Join(parts, " · ")
		d.Decisions = append(d.Decisions, ld)
	}
	if r != d.Item.Now() {
		return
	}
	var choices []string
	switch d.Item.State {
	case election.StatePaused:
		choices = []string{election.ChooseGoOn, election.ChooseName}
		d.Pause = c.T("programme.pause.who")
	case election.StateTied:
		choices = []string{election.ChooseRevote}
		if r.Kind == election.RoundRevote {
			choices = append(choices, election.ChooseStop)
		}
	case election.StateShort, election.StateInvalid:
		choices = []string{election.ChooseFurther, election.ChooseStop}
	}
	for _, ch := range choices {
		d.Choices = append(d.Choices, Option{ch, election.ChoiceWords(ch).In(c.Lang)})
	}
}

// bornText shows a birth as recorded (year, month or day).
func bornText(s string) string {
	parts := strings.Split(s, "-")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	for i := range parts {
		if n, err := strconv.Atoi(parts[i]); err == nil {
			parts[i] = fmt.Sprint(n)
		}
	}
	return strings.Join(parts, "/")
}

// boxOf is what the page says of the meeting and the ballot box of a round.
func (c *Call) boxOf(tx *store.Tx, d *listData) {
	if d.Item.Meet != nil {
		d.Meeting = c.Words(d.Item.Meet.Title)
		if clock := d.Item.Meet.Clock; !clock.IsZero() {
			d.Clock = c.T("programme.clock", dayText(c.Lang, clock))
		}
	}
	d.MayBox = d.Waits == "" && c.May(tx, desk.Need{Right: desk.OpenBox, Org: d.Event.Org})
	if d.Round.Box != "" {
		d.BoxPath = "/kiem-phieu/hop/" + d.Round.Box
	}
	d.Modes, d.Piles, d.Stations = c.boxWays()
}
