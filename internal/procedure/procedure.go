// Package procedure is the room of personnel procedures (quy trình nhân sự):
// a case (hồ sơ quy trình) from the need for a post through consent in
// principle, the steps of the definition in force, the written opinion,
// appraisal and decision, to the post taken up in the registry.
//
// Which steps there are, who meets, how a ballot decides and what is asked of
// each person stands in the regulation files (rule.Procedure), never here. A
// case is pinned to the editions of the day it opened and goes over to others
// only by a recorded act under a transition clause. Steps come in order; a
// step that the edition states without being sure waits until two regulation
// keepers attested it or the body decided and recorded how it is meant.
//
// What happened is a list of events; State is their fold, the same for an act
// that decides, a page that shows and an inspector who looks years later at
// how it stood. An old case from paper enters as transcribed, with the digest
// of its scans, and never claims to have been run here.
//
//	d.Do(ctx, desk.Form{ID: id, Seen: -1, Actor: me, Act: procedure.Open{
//		ID: "bi-thu-dak-song-2024", Procedure: "appointment-local", On: day, Org: org,
//		Title: "deputy-secretary", Seats: 1, Class: procedure.Internal}})
//
// Reasons, opinions and other words about persons stand in the block "words"
// beside an entry and may be erased; figures, order and verdicts stay.
package procedure

import (
	"regexp"

	"minhbach/internal/course"
)

// Subject is the ledger subject of a case id, "procedure/bi-thu-dak-song-2024".
func Subject(id string) string { return "procedure/" + id }

var idPattern = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*$`)

// The state of a case and what it is made of stand in package course, which
// the verifier uses too.
type (
	Class   = course.Class
	Phase   = course.Phase
	Paper   = course.Paper
	Figures = course.Figures
	Event   = course.Event
	Body    = course.Body
	Line    = course.Line
	State   = course.State
	Consent = course.Consent
	Person  = course.Person
	Step    = course.Step
	Inquiry = course.Inquiry
	Letter  = course.Letter
	Tie     = course.Tie
	Facts   = course.Facts
	Judged  = course.Judged
)

// The classes of secrecy.
const (
	Internal     = course.Internal
	Secret       = course.Secret
	TopSecret    = course.TopSecret
	RegisterOnly = course.RegisterOnly
)

// Classes lists the classes in the order of forms.
var Classes = course.Classes

// The phases of a case.
const (
	Needed    = course.Needed
	Asked     = course.Asked
	Running   = course.Running
	Finished  = course.Finished
	Submitted = course.Submitted
	Appraised = course.Appraised
	Chosen    = course.Chosen
	Ended     = course.Ended
	Returned  = course.Returned
	Stopped   = course.Stopped
)

// How a line of the sheet of conditions stands.
const (
	Met         = course.Met
	NotMet      = course.NotMet
	Unknown     = course.Unknown
	Excepted    = course.Excepted
	Undecided   = course.Undecided
	NotAskedFor = course.NotAskedFor
)

// How a decision may come out.
const (
	OutcomeAppoint    = course.OutcomeAppoint
	OutcomeDesignate  = course.OutcomeDesignate
	OutcomePutForward = course.OutcomePutForward
	OutcomeReturn     = course.OutcomeReturn
)

// The stand-alone rules that procedures ask, and the choice of a reading that
// says a step is not held.
const (
	RuleRetirement = course.RuleRetirement
	RuleResolution = course.RuleResolution
	NoSuchStep     = course.NoSuchStep
)

// Fold, Check, Months and Retires stand in package course.
var (
	Fold    = course.Fold
	Check   = course.Check
	Months  = course.Months
	Retires = course.Retires
)
