package election

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// step is one row of election_step.
type step struct {
	entry                          int64
	contest, item, kind, at, actor string
	body, reason                   string
}

func steps(ctx context.Context, tx *store.Tx, event string) ([]step, error) {
	rows, err := tx.Query(ctx, `SELECT entry, contest, item, kind, at, actor, body, reason FROM election_step WHERE event = $1 ORDER BY entry`, event)
	if err != nil {
		return nil, fmt.Errorf("election: chain of %s: %w", event, err)
	}
	defer rows.Close()
	var out []step
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.entry, &s.contest, &s.item, &s.kind, &s.at, &s.actor, &s.body, &s.reason); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// listedNames are the names of an event's lists: entry → person → name.
func listedNames(ctx context.Context, tx *store.Tx, event string) (map[int64]map[string]Name, error) {
	rows, err := tx.Query(ctx, `SELECT l.entry, l.person, l.title, l.name, l.born FROM election_listed l
		JOIN election_step s ON s.entry = l.entry WHERE s.event = $1`, event)
	if err != nil {
		return nil, fmt.Errorf("election: names of the lists of %s: %w", event, err)
	}
	defer rows.Close()
	out := map[int64]map[string]Name{}
	for rows.Next() {
		var entry int64
		var n Name
		if err := rows.Scan(&entry, &n.ID, &n.Title, &n.Name, &n.Born); err != nil {
			return nil, err
		}
		if out[entry] == nil {
			out[entry] = map[string]Name{}
		}
		out[entry][n.ID] = n
	}
	return out, rows.Err()
}

// LoadChain folds the chain of an event from its entries and works out the
// state of every item by the rules of the event's day.
func LoadChain(ctx context.Context, tx *store.Tx, lib *rule.Library, event string) (*Chain, error) {
	ev, err := GetEvent(ctx, tx, event)
	if err != nil {
		return nil, err
	}
	c := &Chain{Event: ev, Last: ev.Entry}
	all, err := steps(ctx, tx, event)
	if err != nil {
		return nil, err
	}
	names, err := listedNames(ctx, tx, event)
	if err != nil {
		return nil, err
	}
	f := &fold{chain: c, names: names, rounds: map[string]*Round{}}
	for _, s := range all {
		if err := f.step(s); err != nil {
			return nil, fmt.Errorf("election: entry %d: %w", s.entry, err)
		}
		c.Last = s.entry
	}
	for _, s := range c.Items {
		for _, r := range s.Rounds {
			if err := result(ctx, tx, r); err != nil {
				return nil, err
			}
		}
	}
	if c.Programme == nil {
		return c, nil
	}
	if err := c.meetings(ctx, tx); err != nil {
		return nil, err
	}
	return c, c.derive(lib)
}

// result puts the recorded figures and verdict to a round.
func result(ctx context.Context, tx *store.Tx, r *Round) error {
	row, ok, err := findRow(ctx, tx, r.Contest)
	if err != nil || !ok {
		return err
	}
	d, err := detail(ctx, tx, row)
	if err != nil {
		return err
	}
	r.Row, r.Lines = row, d.Lines
	r.Last = max(r.Last, row.Version, row.Counted, row.Announced, row.Minutes)
	return nil
}

// fold gathers steps into a chain.
type fold struct {
	chain  *Chain
	names  map[int64]map[string]Name
	rounds map[string]*Round
}

func (f *fold) step(s step) error {
	read := func(v any) error { return json.Unmarshal([]byte(s.body), v) }
	r := f.rounds[s.contest]
	if r != nil {
		r.Last = s.entry
	}
	switch s.kind {
	case KindProgramme:
		var b programmeBody
		if err := read(&b); err != nil {
			return err
		}
		f.programme(&b.Programme, s.entry)
		return nil
	case KindListOpened:
		var b openedBody
		if err := read(&b); err != nil {
			return err
		}
		return f.opened(s, b)
	case KindRoundClosed:
		var b decidedBody
		if err := read(&b); err != nil {
			return err
		}
		return f.closed(s, b, r)
	}
	if r == nil {
		return fmt.Errorf("no list of %s was opened", s.contest)
	}
	switch s.kind {
	case KindListed:
		var b listedBody
		if err := read(&b); err != nil {
			return err
		}
		f.listed(r, s.entry, b.Persons)
	case KindMoved:
		var b movedBody
		if err := read(&b); err != nil {
			return err
		}
		moved(r, s, b)
	case KindSeats:
		var b seatsBody
		if err := read(&b); err != nil {
			return err
		}
		r.Seats, r.SeatsVoted, r.SeatsHand = b.Seats, true, b.Hand
	case KindReading:
		var b readingBody
		if err := read(&b); err != nil {
			return err
		}
		r.Choices[b.Rule] = b.Reading
	case KindListVoted:
		var b listVotedBody
		if err := read(&b); err != nil {
			return err
		}
		r.List = &ListVoted{Entry: s.entry, Order: b.Order, Seats: b.Seats, Form: b.Form, Most: b.Most, Hand: b.Hand}
		r.Seats = b.Seats
		for i, id := range b.Order {
			if n := r.Find(id); n != nil {
				n.Placed.Order = i + 1
			}
		}
	case KindBoxSet:
		var b boxBody
		if err := read(&b); err != nil {
			return err
		}
		r.Box = b.Box
	default:
		return fmt.Errorf("the chain does not know the kind %s", s.kind)
	}
	return nil
}

// programme takes the newest programme, and keeps the rounds of its items.
func (f *fold) programme(p *Programme, entry int64) {
	old := f.chain.Items
	f.chain.Programme, f.chain.Entry, f.chain.Items = p, entry, nil
	for _, it := range p.Items {
		s := &ItemState{Item: it}
		if i := slices.IndexFunc(old, func(o *ItemState) bool { return o.ID == it.ID }); i >= 0 {
			s.Rounds, s.Skipped = old[i].Rounds, old[i].Skipped
		}
		f.chain.Items = append(f.chain.Items, s)
	}
}

func (f *fold) opened(s step, b openedBody) error {
	it := f.chain.item(b.Item)
	if it == nil {
		return fmt.Errorf("the programme has no item %s", b.Item)
	}
	r := &Round{Contest: b.Contest, Item: b.Item, Kind: b.Kind, N: b.Round, Opened: s.entry, Opening: b.Opening, After: b.After, Seats: b.Seats,
		Choices: map[string]string{}, Last: s.entry}
	f.listed(r, s.entry, b.Persons)
	it.Rounds = append(it.Rounds, r)
	f.rounds[b.Contest] = r
	return nil
}

func (f *fold) listed(r *Round, entry int64, ps []Listed) {
	for _, p := range ps {
		n := f.names[entry][p.Person]
		r.Persons = slices.DeleteFunc(r.Persons, func(o *Nominee) bool { return o.Person == p.Person }) // entered again after a mistake
		r.Persons = append(r.Persons, &Nominee{Listed: p, Name: n.Name, Born: n.Born, Title: n.Title, Entry: entry})
	}
}

func moved(r *Round, s step, b movedBody) {
	n := r.Find(b.Person)
	if n == nil {
		return
	}
	n.Reason = s.reason
	yes, no := true, false
	switch b.What {
	case MoveAccept:
		n.Accepted = &yes
	case MoveDecline:
		n.Accepted, n.Out = &no, MoveDecline
	case MoveFile:
		n.Files, n.HandedIn = b.Files, b.HandedIn
	case MoveSupport:
		n.Support, n.Attending = b.Support, b.Present
	case MoveAskOut:
		n.AskedOut = true
	case MoveKeep:
		n.AskedOut, n.Kept = false, true
	case MoveOut:
		n.AskedOut, n.Out = false, MoveOut
	case MoveStrike, MoveUnlisted, MovePollOut:
		n.Out = b.What
	}
	if n.Out != "" {
		n.OutEntry = s.entry
	}
}

func (f *fold) closed(s step, b decidedBody, r *Round) error {
	d := &Decision{Entry: s.entry, At: s.at, Actor: s.actor, Choice: b.Choice, NewNames: b.NewNames, Hand: b.Hand, Number: b.Number,
		Date: b.Date, Person: b.Person, Reason: s.reason, Verdicts: b.Verdicts}
	if b.Choice == ChooseSkip {
		if it := f.chain.item(b.Item); it != nil {
			it.Skipped = d
		}
		return nil
	}
	if r == nil {
		return fmt.Errorf("no round %s was opened", s.contest)
	}
	r.Decided = append(r.Decided, d)
	return nil
}

// HasChain says whether an event has a programme.
func HasChain(ctx context.Context, tx *store.Tx, event string) (bool, error) {
	var n int64
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM election_step WHERE event = $1 AND kind = $2`, event, KindProgramme).Scan(&n)
	return n > 0, err
}

// Chained lists the events that have a programme, newest first.
func Chained(ctx context.Context, tx *store.Tx, limit int) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT e.id, e.held FROM election_event e WHERE EXISTS (SELECT 1 FROM election_step s WHERE s.event = e.id AND s.kind = $1)
		ORDER BY e.held DESC, e.id LIMIT $2`, KindProgramme, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("election: events with a programme: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id, held string
		if err := rows.Scan(&id, &held); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// EventOf is the event whose chain has a contest, "" when none has.
func EventOf(ctx context.Context, tx *store.Tx, contest string) (string, error) {
	rows, err := tx.Query(ctx, `SELECT event FROM election_step WHERE contest = $1 AND kind = $2`, contest, KindListOpened)
	if err != nil {
		return "", fmt.Errorf("election: event of %s: %w", contest, err)
	}
	defer rows.Close()
	event := ""
	for rows.Next() {
		if err := rows.Scan(&event); err != nil {
			return "", err
		}
	}
	return event, rows.Err()
}

// mustRound loads the chain and finds a round, for acts.
func mustRound(ctx context.Context, s *desk.Scene, event, org, contest string) (*Chain, *ItemState, *Round, error) {
	c, err := mustChain(ctx, s, event, org)
	if err != nil {
		return nil, nil, nil, err
	}
	it, r := c.Round(contest)
	if r == nil {
		return nil, nil, nil, desk.Missing("Chưa lập danh sách của nội dung bầu này.", "No list of this contest was opened yet.")
	}
	return c, it, r, nil
}

func mustChain(ctx context.Context, s *desk.Scene, event, org string) (*Chain, error) {
	if _, err := mustEvent(ctx, s.Tx, event, org); err != nil {
		return nil, err
	}
	c, err := LoadChain(ctx, s.Tx, s.Rules, event)
	if err != nil {
		return nil, err
	}
	if c.Programme == nil {
		return nil, desk.Refuse("Sự kiện này chưa có chương trình bầu cử: hãy lập chương trình trước.", "The event has no programme of elections yet: lay it down first.")
	}
	return c, nil
}

// BoxOf is the ballot box that counted a contest of a chain, or counts it now;
// "" when its figures came from paper.
func BoxOf(ctx context.Context, tx *store.Tx, contest string) (string, error) {
	rows, err := tx.Query(ctx, `SELECT body FROM election_step WHERE contest = $1 AND kind = $2 ORDER BY entry`, contest, KindBoxSet)
	if err != nil {
		return "", fmt.Errorf("election: box of %s: %w", contest, err)
	}
	defer rows.Close()
	var last boxBody
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return "", err
		}
		if err := json.Unmarshal([]byte(body), &last); err != nil {
			return "", err
		}
	}
	return last.Box, rows.Err()
}
