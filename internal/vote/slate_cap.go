package vote

import (
	"slices"

	"minhbach/internal/rule"
)

// Room is how many names a list may have under one set of readings: from Least
// to Most. Most is -1 where no rule limits the list, and both are 0 where no
// number of names satisfies every rule of the list.
type Room struct {
	Least, Most int64
	// Readings are the readings of unverified rules it stands under, rule →
	// reading; empty: as the regulations state.
	Readings map[string]string
}

// Fits says whether n names fit.
func (r Room) Fits(n int64) bool {
	return r.Least > 0 && n >= r.Least && (r.Most < 0 || n <= r.Most)
}

// ListRoom reckons the room of a list for seats in one contest from the rules
// of its book that speak of the number of names: the first room as the
// regulations state (under choices), then one for each other reading of an
// open rule. round above 1 is a later round.
func ListRoom(b *rule.Book, seats int64, round int, cell bool, choices map[string]string) ([]Room, error) {
	main, err := roomUnder(b, seats, round, cell, choices)
	if err != nil {
		return nil, err
	}
	out := []Room{main}
	for _, o := range b.Open() {
		r := b.Find(o.Item.ID)
		if r == nil || choices[o.Item.ID] != "" || !limitsList(r) {
			continue
		}
		for _, reading := range o.Item.Readings {
			with := map[string]string{o.Item.ID: reading.ID}
			for k, v := range choices {
				with[k] = v
			}
			room, err := roomUnder(b, seats, round, cell, with)
			if err != nil {
				return nil, err
			}
			out = append(out, room)
		}
	}
	return out, nil
}

// limitsList says whether a rule is a condition on the number of names.
func limitsList(r *rule.Bound) bool {
	return r.Role == rule.RoleCondition && slices.Contains(r.Needs, inCandidates)
}

func roomUnder(b *rule.Book, seats int64, round int, cell bool, choices map[string]string) (Room, error) {
	room := Room{Readings: map[string]string{}}
	for _, o := range b.Open() {
		if c := choices[o.Item.ID]; c != "" {
			room.Readings[o.Item.ID] = c
		}
	}
	if len(room.Readings) > 0 {
		var err error
		if b, err = b.With(room.Readings); err != nil {
			return Room{}, err
		}
	}
	var rules []*rule.Bound
	for _, r := range b.Rules {
		if limitsList(r) {
			rules = append(rules, r)
		}
	}
	fits := func(n int64) (bool, error) {
		for _, r := range rules {
			var in rule.Inputs
			in.Set(inSeats, seats)
			in.Set(inCandidates, n)
			in.Set(inRound, int64(round))
			in.SetYes(inCell, cell)
			a, err := r.Ask(&in)
			if err != nil {
				return false, err
			}
			if a == rule.Fails {
				return false, nil
			}
		}
		return true, nil
	}
	// From the seats up: the first number that fits, then as far as they fit.
	for n := max(seats, 1); n <= 2*seats+maxBeyond; n++ {
		ok, err := fits(n)
		if err != nil {
			return Room{}, err
		}
		switch {
		case ok && room.Least == 0:
			room.Least, room.Most = n, n
		case ok:
			room.Most = n
		case room.Least > 0:
			return room, nil
		}
	}
	if room.Least > 0 {
		room.Most = -1 // nothing stopped it
	}
	return room, nil
}

// maxBeyond is how far beyond twice the seats a limit is looked for before a
// list counts as unlimited.
const maxBeyond = 100
