package org

import (
	"context"
	"minhbach/internal/desk"
	"minhbach/internal/vn"
	"slices"
)

// Found records that an organisation was, or will be, founded. ID is made with
// the form ("org/" + desk.NewID()) and must be new; Parent "" makes a root.
type Found struct {
	ID       string
	Title    string // its name, "Đảng ủy xã Đắk Wil"
	Kind     Kind
	Parent   string
	From     vn.Date
	Details  []Detail // level, codes, seal … that hold from its first day
	Decision Decision
}

// Rename records a change of name from a day on.
type Rename struct {
	Org      string
	Title    string // the new name
	From     vn.Date
	Decision Decision
}

// Move records that a unit stands under another parent from a day on; parent
// "" makes it a root. It touches two subtrees, so it needs the right over the
// whole province.
type Move struct {
	Org      string
	Parent   string
	From     vn.Date
	Decision Decision
}

// Dissolve records that a unit no longer exists from a day on; Successors took
// over its work, if any. Units still under it become open findings.
type Dissolve struct {
	Org        string
	From       vn.Date
	Successors []string
	Decision   Decision
}

// Correct says that a statement was recorded wrongly and how it really reads,
// in full; with Withdraw, that it should not stand at all (a decision taken
// back before its day, an entry for the wrong unit). What was known before
// stays visible under earlier entries. Corrections can move a unit, so they
// need the right over the whole province.
type Correct struct {
	Org        string
	Fact       int64 // Statement.Fact
	Withdraw   bool
	From       vn.Date
	Title      string
	Kind       Kind
	Parent     string
	Successors []string
	Decision   Decision
	Reason     string // kept beside the tree, block "reason"
}

// Name, Subject and Need make the acts of this room desk acts.
func (a Found) Name() string { return "org.found" }

// Subject is the new unit.
func (a Found) Subject() string { return a.ID }

// Need asks for the right over the parent; a root needs the whole province.
func (a Found) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Parent} }

// Decide refuses a known id, an unknown parent, a circle.
func (a Found) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.found(a)
	return g.drafts, err
}

// Name is the act's name.
func (a Rename) Name() string { return "org.rename" }

// Subject is the unit.
func (a Rename) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Rename) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a day outside the unit's life and a second name for one day.
func (a Rename) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.say(kindRenamed, body{Org: a.Org, Name: a.Title, From: a.From, Decision: a.Decision}, Renamed)
	return g.drafts, err
}

// Name is the act's name.
func (a Move) Name() string { return "org.move" }

// Subject is the unit.
func (a Move) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a Move) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses an unknown parent, two parents on one day, a circle on any day.
func (a Move) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.say(kindMoved, body{Org: a.Org, Parent: a.Parent, From: a.From, Decision: a.Decision}, Moved)
	return g.drafts, err
}

// Name is the act's name.
func (a Dissolve) Name() string { return "org.dissolve" }

// Subject is the unit.
func (a Dissolve) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Dissolve) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a second dissolution, or one that cuts off later statements.
func (a Dissolve) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.say(kindDissolved, body{Org: a.Org, From: a.From, Successors: a.Successors, Decision: a.Decision}, Dissolved)
	return g.drafts, err
}

// Name is the act's name.
func (a Correct) Name() string { return "org.correct" }

// Subject is the unit.
func (a Correct) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a Correct) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks the corrected statements like new ones.
func (a Correct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	said, err := g.standing(a.Org)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(st Statement) bool { return st.Fact == a.Fact })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	if err := checkDecision(a.Decision); err != nil {
		return nil, err
	}
	old := said[at]
	b := body{Org: a.Org, Fact: &old.Fact, Withdrawn: a.Withdraw}
	if !a.Withdraw {
		b.From, b.Decision = a.From, a.Decision
		switch old.What {
		case Founded:
			b.Name, b.Kind, b.Parent = vn.NormalizeName(a.Title), a.Kind, a.Parent
		case Renamed:
			b.Name = vn.NormalizeName(a.Title)
		case Moved:
			b.Parent = a.Parent
		case Reclassified:
			b.Kind = a.Kind
		case Dissolved:
			b.Successors = a.Successors
		}
	}
	st := Statement{Fact: old.Fact, What: old.What, Org: a.Org, From: b.From, Name: b.Name, Kind: b.Kind, Parent: b.Parent, Successors: b.Successors, Withdrawn: a.Withdraw}
	if !a.Withdraw {
		if err := g.wellFormed(st); err != nil {
			return nil, err
		}
	}
	after := slices.Clone(said)
	after[at] = st
	if err := g.consistent(a.Org, said, after); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCorrected, Subjects: []string{a.Org}, Body: b, Blocks: append(signed(b.Decision), reasonBlock(a.Reason))}}, nil
}

func untilVI(end vn.Date) string {
	if end.IsZero() {
		return ""
	}
	return " đến trước " + end.Vietnamese()
}

func untilEN(end vn.Date) string {
	if end.IsZero() {
		return ""
	}
	return " until " + end.String()
}
