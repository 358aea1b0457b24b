package bundle

import (
	"slices"
	"strings"
)

// Class says what sort of personal content a block holds. A redacted bundle
// withholds whole classes, chosen with a purpose; the entries, their figures
// and their verdicts stay whatever is withheld.
type Class string

// The classes.
const (
	ClassFacts    Class = "facts"    // birth, sex, discipline, posts of a sheet of conditions
	ClassLetters  Class = "letters"  // denunciations and complaints, and how they were handled
	ClassOpinions Class = "opinions" // opinions, differing opinions, appraisal in words
	ClassReasons  Class = "reasons"  // reasons given for acts
	ClassMeetings Class = "meetings" // words beside a meeting: reasons of absence, of deductions
	ClassNames    Class = "names"    // names of candidates and of counting teams
	ClassBallots  Class = "ballots"  // what was sealed while ballots were counted
	ClassMinutes  Class = "minutes"  // minutes and other papers as a model, and their files
	ClassScans    Class = "scans"    // scans of papers
	ClassOther    Class = "other"    // of the rooms that no bundle of a case holds
)

// Classes lists the classes in the order of forms.
var Classes = []Class{ClassFacts, ClassLetters, ClassOpinions, ClassReasons, ClassMeetings, ClassNames, ClassBallots, ClassMinutes, ClassScans, ClassOther}

// caseClasses are the classes of the words beside entries of a case, by kind.
var caseClasses = map[string]Class{
	"procedure.conditions-checked/1": ClassFacts,
	"procedure.letter-received/1":    ClassLetters, "procedure.letter-closed/1": ClassLetters,
	"procedure.opinion-recorded/1": ClassOpinions, "procedure.differing-opinion/1": ClassOpinions, "procedure.opinion-answered/1": ClassOpinions,
	"procedure.appraised/1": ClassOpinions, "procedure.difference-explained/1": ClassOpinions,
}

// ClassOf is the class of a block, by the kind of its entry and its name.
func ClassOf(kind, block string) Class {
	room, _, _ := strings.Cut(kind, ".")
	switch {
	case strings.HasPrefix(block, sealedPrefix):
		return ClassBallots
	case room == "procedure" && block == blockWords:
		if c, ok := caseClasses[kind]; ok {
			return c
		}
		return ClassReasons
	case room == "meeting":
		return ClassMeetings
	case block == "names" || block == "candidates":
		return ClassNames
	case block == "minutes" || room == "document":
		return ClassMinutes
	case block == "reason" || block == "note":
		return ClassReasons
	}
	return ClassOther
}

// classOfFile is the class of a bound file by its name.
func classOfFile(name string) Class {
	if name == fileScan {
		return ClassScans
	}
	return ClassMinutes
}

// Withheld says what a redacted bundle leaves out and why.
type Withheld struct {
	Classes []Class `json:"classes"` // sorted as Classes are
	Purpose string  `json:"purpose"` // code: "inspection", "complaint", …
	Reason  string  `json:"reason"`  // in the words of who exported it
}

// Hides says that a class is withheld.
func (w *Withheld) Hides(c Class) bool { return w != nil && slices.Contains(w.Classes, c) }

// maxReason bounds the reason in the manifest, in bytes.
const maxReason = 4000

func (w *Withheld) check() error {
	last := -1
	for _, c := range w.Classes {
		at := slices.Index(Classes, c)
		if at <= last {
			return both("các nhóm được che không đúng mẫu", "the classes it withholds are not known, or out of order")
		}
		last = at
	}
	if len(w.Classes) == 0 || w.Purpose == "" || len(w.Purpose) > 60 || len(w.Reason) > maxReason {
		return both("không nêu đủ nhóm được che và mục đích", "it does not say what it withholds and for what purpose")
	}
	return nil
}
