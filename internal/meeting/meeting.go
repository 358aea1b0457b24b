// Package meeting is the room of congresses and meetings: who was summoned,
// who came to which session, who comes off the base and why, which bodies the
// meeting chose by hand (presidium, secretaries, credentials board, counting
// board) and what it voted by hand.
//
// A meeting is the fold of its events (State). Attendance is taken by session;
// an alternate who replaces a delegate is recorded by name; a member comes off
// the base only by name and for a reason that the election regulation of the
// day knows. Base gives the counts that counting rests on.
//
//	d.Do(ctx, desk.Form{ID: id, Seen: -1, Actor: me, Act: meeting.Open{ID: "dh-dang-bo-tinh-2020",
//		Org: org, Body: meeting.DelegateCongress, Level: "province", Date: day, Title: title}})
//
// What was held earlier and enters from paper is marked late, with a reason;
// meeting date and entry time are both kept. A sample meeting may carry a
// marked sample clock: for it "today" is that day.
package meeting

import (
	"regexp"

	"minhbach/internal/assembly"
)

// Subject is the ledger subject of a meeting id, "meeting/dh-tinh-2020".
func Subject(id string) string { return "meeting/" + id }

var idPattern = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)

// What a meeting is made of stands in package assembly, which the verifier uses
// too.
type (
	Body      = assembly.Body
	Standing  = assembly.Standing
	Mark      = assembly.Mark
	Attendee  = assembly.Attendee
	Session   = assembly.Session
	Deduction = assembly.Deduction
	Organ     = assembly.Organ
	Chosen    = assembly.Chosen
	HandVote  = assembly.HandVote
	State     = assembly.State
	Event     = assembly.Event
	Count     = assembly.Count
	Reckoned  = assembly.Reckoned
	Fact      = assembly.Fact
	Choice    = assembly.Choice
	Marked    = assembly.Marked
)

// The bodies, standings, marks, organs and rules.
const (
	MemberCongress      = assembly.MemberCongress
	DelegateCongress    = assembly.DelegateCongress
	CommitteeMeeting    = assembly.CommitteeMeeting
	StandingMeeting     = assembly.StandingMeeting
	InspectionMeeting   = assembly.InspectionMeeting
	LeadershipMeeting   = assembly.LeadershipMeeting
	EnlargedMeeting     = assembly.EnlargedMeeting
	KeyCadresConference = assembly.KeyCadresConference
	CellMeeting         = assembly.CellMeeting
	Official            = assembly.Official
	Probationary        = assembly.Probationary
	Temporary           = assembly.Temporary
	Elsewhere           = assembly.Elsewhere
	Exempt              = assembly.Exempt
	Delegate            = assembly.Delegate
	Alternate           = assembly.Alternate
	Member              = assembly.Member
	Invited             = assembly.Invited
	NotSummoned         = assembly.NotSummoned
	Present             = assembly.Present
	Absent              = assembly.Absent
	Excused             = assembly.Excused
	Presidium           = assembly.Presidium
	Secretaries         = assembly.Secretaries
	Credentials         = assembly.Credentials
	CountingBoard       = assembly.CountingBoard
	PollTeam            = assembly.PollTeam
	RuleQuorum          = assembly.RuleQuorum
	RuleCharter         = assembly.RuleCharter
)

// Lists in the order of forms, and what is asked without a meeting.
var (
	Bodies      = assembly.Bodies
	Levels      = assembly.Levels
	Standings   = assembly.Standings
	Organs      = assembly.Organs
	HandMatters = assembly.HandMatters
	Reasons     = assembly.Reasons
	Differing   = assembly.Differing
)
