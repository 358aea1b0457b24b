package person

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"minhbach/internal/desk"
)

// UndoPart withdraws what one part of an import recorded, where nothing was
// said about the person since; CloseUndo ends the undoing.
type UndoPart struct {
	Import, Home, Part, Reason string
}

// CloseUndo ends the undoing of an import.
type CloseUndo struct{ Import, Home string }

// Name is the act's name.
func (a UndoPart) Name() string { return "person.undo-import-part" }

// Subject is the import.
func (a UndoPart) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a UndoPart) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide withdraws new persons and memberships and gives corrected identities
// their former wording, for every person about whom the import spoke last.
func (a UndoPart) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	im, err := openImport(ctx, s.Tx, a.Import, a.Home)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(im.Parts, func(p ImportPart) bool { return p.Part == a.Part })
	if at < 0 || strings.HasPrefix(a.Part, "u-") {
		return nil, desk.Missing("Không có phần này của lần nhập.", "The import has no such part.")
	}
	p := im.Parts[at]
	rs, err := desk.Range(ctx, s.Tx, p.Entry+1, p.Entry+1+p.Count)
	if err != nil {
		return nil, err
	}
	b := importBody{Import: a.Import, Home: a.Home, Part: "u-" + a.Part}
	var out []desk.Draft
	slices.Reverse(rs) // what came last goes first: a membership before its person
	for _, r := range rs {
		d, ok, err := a.undo(ctx, s, im, r)
		if err != nil {
			return nil, err
		}
		if !ok {
			b.Kept++
			continue
		}
		out = append(out, d)
	}
	b.Count = int64(len(out))
	return append([]desk.Draft{{Kind: kindImportPart, Subjects: []string{a.Subject()}, Body: b}}, out...), nil
}

func (a UndoPart) undo(ctx context.Context, s *desk.Scene, im Import, r desk.Record) (d desk.Draft, ok bool, err error) {
	who := r.Subjects[0].ID
	last, err := desk.Seen(ctx, s.Tx, who)
	if err != nil || !im.made(last) {
		return d, false, err
	}
	if locks, err := Locks(ctx, s.Tx, who); err != nil || len(locks) > 0 {
		return d, false, err
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return d, false, err
	}
	d = desk.Draft{Kind: kindCorrected, Subjects: []string{who}, Blocks: []desk.DraftBlock{reason}}
	switch r.Kind {
	case kindStep:
		var was stepBody
		if err := json.Unmarshal(r.Body, &was); err != nil {
			return d, false, err
		}
		d.Kind, d.Body = kindStepCorrected, stepBody{Person: who, Fact: &r.Index, Withdrawn: true, Step: was.Step, Org: was.Org, From: was.From}
		return d, true, nil
	case kindFact, kindFactCorrected:
		return a.undoFact(ctx, s, r, d)
	case kindRecorded:
		d.Body = body{Person: who, Fact: &r.Index, Withdrawn: true}
		return d, true, nil
	}
	var was body
	if err := json.Unmarshal(r.Body, &was); err != nil || was.Fact == nil {
		return d, false, err
	}
	old, err := wordings(ctx, s.Tx, `SELECT `+wordingColumns+` FROM person_statement WHERE person = $1 AND fact = $2 AND entry_to = $3`, who, *was.Fact, r.Index)
	if err != nil || len(old) != 1 {
		return d, false, err
	}
	before, err := desk.GetRecord(ctx, s.Tx, old[0].content)
	if err != nil {
		return d, false, err
	}
	text, there := before.Blocks[identityBlock]
	if !there {
		return d, false, nil // erased since: nothing to give back
	}
	d.Body = body{Person: who, From: old[0].From, Decision: old[0].Decision, Fact: was.Fact}
	d.Blocks = append([]desk.DraftBlock{{Name: identityBlock, Content: text}}, d.Blocks...)
	return d, true, nil
}

// undoFact withdraws a fact, or gives a corrected one its former wording.
func (a UndoPart) undoFact(ctx context.Context, s *desk.Scene, r desk.Record, d desk.Draft) (desk.Draft, bool, error) {
	var was factBody
	if err := json.Unmarshal(r.Body, &was); err != nil {
		return d, false, err
	}
	d.Kind = kindFactCorrected
	if r.Kind == kindFact {
		d.Body = factBody{Person: was.Person, Block: was.Block, Item: was.Item, Fact: &r.Index, Withdrawn: true, Ended: was.Ended}
		return d, true, nil
	}
	old, err := factSayings(ctx, s.Tx, `WHERE s.person = $1 AND s.fact = $2 AND s.entry_to = $3`, was.Person, *was.Fact, r.Index)
	if err != nil || len(old) != 1 || !old[0].Present {
		return d, false, err // erased since: nothing to give back
	}
	o := old[0]
	d.Body = factBody{Person: o.Person, Block: o.Block, Item: o.Item, From: o.From, To: o.To, Ended: o.Ended, Fact: was.Fact}
	d.Blocks = append([]desk.DraftBlock{{Name: factBlock, Content: o.FactContent}}, d.Blocks...)
	return d, true, nil
}

// Name is the act's name.
func (a CloseUndo) Name() string { return "person.close-undo" }

// Subject is the import.
func (a CloseUndo) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a CloseUndo) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide sums up what was withdrawn.
func (a CloseUndo) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	im, err := openImport(ctx, s.Tx, a.Import, a.Home)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindImportUndone, Subjects: []string{a.Subject()},
		Body: importBody{Import: a.Import, Home: a.Home, Count: im.Withdrawn, Kept: im.Recorded - im.Withdrawn}}}, nil
}
