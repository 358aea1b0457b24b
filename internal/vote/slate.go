package vote

import (
	"errors"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// The stand-alone rules asked while a list is made. Which document states
// them, with which numbers, is a matter of the regulation files of the day.
const (
	RuleOutgoingLimit   = "party-election.outgoing-limit"
	RuleSurplusPrepared = "party-election.surplus-prepared"
	RuleOutsideSupport  = "party-election.outside-support"
	RuleMayStand        = "election-list.may-stand"
	RuleTemporary       = "election-list.temporary-member"
	RuleFromAmong       = "election-list.from-among"
	RuleNominateOutside = "election-list.nominate-outside"
	RuleMayNominate     = "election-list.may-nominate"
	RulePollAboveCap    = "election-list.poll-above-cap"
	RuleMayStop         = "election-list.may-stop"
	RulePollObligatory  = "election-guidance.poll-obligatory"
	RuleFullFile        = "election-guidance.full-file"
	RuleStandingFile    = "election-guidance.application-file"
	RuleNominationFile  = "election-guidance.nomination-papers"
	RuleFileDeadline    = "election-guidance.application-deadline"
	RuleWithdrawal      = "election-guidance.withdrawal-decided"
	RuleHeadSettlesTie  = "election-guidance.head-settles-tie"
)

// Origin says how a name came to a list.
type Origin string

// The origins. An official name stands on the list of the committee that
// convenes the congress (at a committee meeting: of the standing committee).
const (
	Official  Origin = "official"
	Standing  Origin = "standing"  // ứng cử
	Nominated Origin = "nominated" // được đề cử
)

// Ground is what every name of a slate shares: the contest, its day and body.
type Ground struct {
	Rules          string // contest kind
	On             vn.Date
	Opening        vn.Date // day the congress opens; the file deadline counts back from it
	MembersMeeting bool    // congress of members (not of delegates)
	AtCongress     bool
	Grassroots     bool // grassroots organisation or cell
	Cell           bool
	Seats          int64
	Round          int
	Attending      int64             // present at the session; 0 unknown
	Choices        map[string]string // readings that people decided on
}

// Nominee is one name as far as the list rules need to know it.
type Nominee struct {
	ID           string
	Origin       Origin
	Outgoing     bool // member of the convening committee
	InBody       bool // official delegate or member of the body that votes
	Probationary bool
	Temporary    bool
	InSource     *bool // of the body to elect from among; nil: no such body
	ByOutgoing   bool  // the nominator is a member of the convening committee
	ByDelegate   bool  // the nominator is an official delegate or member
	Files        *int64
	HandedIn     vn.Date
	Support      *int64
}

// Examined is what the rules say of one name. Barred says no for good; Waits
// lists what is still to be done; Open are answers on which readings differ.
type Examined struct {
	Barred []Asked
	Strike bool // barred by the limit on outgoing members: the presidium proposes to strike
	Waits  []Wait
	Open   []Asked
	Held   []Asked // what was asked and kept
	// NoDays says that the working days before the opening cannot be counted:
	// the table of holidays does not reach there. People check the deadline.
	NoDays bool
}

// Wait is one thing a name still needs.
type Wait string

// What a name may still need.
const (
	WaitFile    Wait = "file"    // the full file with its day
	WaitSupport Wait = "support" // the vote of support of those attending
)

// Examine asks the rules of the day about one name.
func Examine(lib *rule.Library, g Ground, n Nominee) (Examined, error) {
	var x Examined
	ask := func(id string, in map[string]int64) (Asked, error) {
		a, err := Ask(lib, id, g.On, in, g.Choices)
		switch {
		case err != nil || !a.Known:
		case len(a.Differs) > 0:
			x.Open = append(x.Open, a)
		case a.Recorded && a.Holds:
			x.Held = append(x.Held, a)
		}
		a.Verdict.Subject = n.ID
		return a, err
	}
	bar := func(id string, in map[string]int64) (bool, error) {
		a, err := ask(id, in)
		if err == nil && a.No() {
			x.Barred = append(x.Barred, a)
			return true, nil
		}
		return false, err
	}
	if _, err := bar(RuleMayStand, map[string]int64{"is_probationary": yes(n.Probationary)}); err != nil {
		return x, err
	}
	if _, err := bar(RuleTemporary, map[string]int64{"is_temporary": yes(n.Temporary)}); err != nil {
		return x, err
	}
	if n.InSource != nil {
		if _, err := bar(RuleFromAmong, map[string]int64{"in_source": yes(*n.InSource)}); err != nil {
			return x, err
		}
	}
	if n.Origin == Official {
		return x, nil
	}
	struck, err := bar(RuleOutgoingLimit, map[string]int64{"is_outgoing": yes(n.Outgoing), "on_official_list": 0})
	if err != nil {
		return x, err
	}
	x.Strike = struck
	if n.Origin == Nominated {
		if _, err := bar(RuleNominateOutside, map[string]int64{"by_outgoing": yes(n.ByOutgoing), "on_official_list": 0}); err != nil {
			return x, err
		}
		if _, err := bar(RuleMayNominate, map[string]int64{"is_members_congress": yes(g.MembersMeeting), "by_delegate": yes(n.ByDelegate)}); err != nil {
			return x, err
		}
	}
	if err := x.files(lib, g, n, ask); err != nil {
		return x, err
	}
	return x, x.support(lib, g, n, ask)
}

type asker func(id string, in map[string]int64) (Asked, error)

// files: who is no delegate hands in a full file in time, from district level.
func (x *Examined) files(lib *rule.Library, g Ground, n Nominee, ask asker) error {
	full, err := ask(RuleFullFile, map[string]int64{"is_grassroots": yes(g.Grassroots), "in_body": yes(n.InBody)})
	if err != nil || !full.Yes() {
		return err
	}
	// A file is handed in before opening by who stands; a nominator hands it to
	// the presidium at the congress, so no day binds it.
	file := RuleNominationFile
	if n.Origin == Standing {
		file = RuleStandingFile
		if n.HandedIn.IsZero() {
			x.Waits = append(x.Waits, WaitFile)
			return nil
		}
		days, err := daysBefore(lib.Calendar(), n.HandedIn, g.Opening)
		if errors.Is(err, vn.ErrBeyond) {
			x.NoDays = true
		} else if err != nil {
			return err
		} else {
			late, err := ask(RuleFileDeadline, map[string]int64{"working_days": int64(days)})
			if err != nil {
				return err
			}
			if late.No() {
				x.Barred = append(x.Barred, late)
			}
		}
	}
	if n.Files == nil {
		x.Waits = append(x.Waits, WaitFile)
		return nil
	}
	a, err := ask(file, map[string]int64{"file_items": *n.Files})
	if err == nil && a.No() {
		x.Waits = append(x.Waits, WaitFile)
	}
	return err
}

// daysBefore is how many working days lie between a day and the opening, that
// day not counted; 0 when it is on or after it.
func daysBefore(c *vn.Calendar, day, opening vn.Date) (int, error) {
	if !day.Before(opening) {
		return 0, nil
	}
	return c.WorkingBetween(day, opening)
}

// support: more than a share of those attending, where the edition asks it.
func (x *Examined) support(lib *rule.Library, g Ground, n Nominee, ask asker) error {
	if !hasRule(lib, RuleOutsideSupport, g.On) {
		return nil // the 2014 edition knows no such rule
	}
	if n.Support == nil || g.Attending == 0 {
		x.Waits = append(x.Waits, WaitSupport)
		return nil
	}
	a, err := ask(RuleOutsideSupport, map[string]int64{"support": *n.Support, "attending": g.Attending})
	if err == nil && a.No() {
		x.Barred = append(x.Barred, a)
	}
	return err
}

// Surplus is the reckoning of a whole list.
type Surplus struct {
	Seats    int64
	Official int64 // names on the official list that stand
	Names    int64 // all names that stand
	Rooms    []Room
	Prepared Asked // the convening committee's own surplus
	Poll     Asked // above the largest list an opinion poll comes first
	Duty     Asked // the poll that guidance demands of a congress
	HeadTie  Asked // small bodies: the head settles a tie at the end of the introduction list
}

// Reckon reckons a list with so many names.
func Reckon(lib *rule.Library, g Ground, official, names int64) (Surplus, error) {
	s := Surplus{Seats: g.Seats, Official: official, Names: names}
	b, err := lib.For(g.Rules, g.On)
	if err != nil {
		return s, err
	}
	if s.Rooms, err = ListRoom(b, g.Seats, g.Round, g.Cell, g.Choices); err != nil {
		return s, err
	}
	ask := func(into *Asked, id string, in map[string]int64) {
		if err == nil {
			*into, err = Ask(lib, id, g.On, in, g.Choices)
		}
	}
	limited := s.Rooms[0].Most >= 0
	if limited && g.Round <= 1 {
		ask(&s.Prepared, RuleSurplusPrepared, map[string]int64{"official_list": official, "seats": g.Seats})
	}
	if limited {
		in := map[string]int64{"candidates": names, "list_cap": s.Rooms[0].Most, "official_list": official,
			"is_committee": yes(g.Rules == committeeContest), "at_congress": yes(g.AtCongress)}
		ask(&s.Poll, RulePollAboveCap, in)
		ask(&s.Duty, RulePollObligatory, in)
	}
	ask(&s.HeadTie, RuleHeadSettlesTie, map[string]int64{"seats": g.Seats})
	return s, err
}

// committeeContest is the election that the duty to hold a poll speaks of.
const committeeContest = "party-election/committee"

// Fits says whether the list fits under every reading, under none, or whether
// readings differ and people must decide.
func (s Surplus) Fits() (all, none bool) {
	all, none = true, true
	for _, r := range s.Rooms {
		if r.Fits(s.Names) {
			none = false
		} else {
			all = false
		}
	}
	return all, none
}

func yes(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
