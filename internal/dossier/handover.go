package dossier

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// SignHandover is person.SignHandover with what it means for files: with the
// second signature, the files that the giving side held of those on the list go
// to the receiving side.
type SignHandover struct{ person.SignHandover }

// Decide adds the custody of each file to the entries of the signature.
func (a SignHandover) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	drafts, err := a.SignHandover.Decide(ctx, s)
	if err != nil {
		return nil, err
	}
	h, _, err := person.GetHandover(ctx, s.Tx, a.ID)
	if err != nil || h.SignedSource < 0 && h.SignedTarget < 0 {
		return drafts, err // the first signature
	}
	fs, err := HandoverFiles(ctx, s.Tx, h.List)
	if err != nil {
		return nil, err
	}
	for _, id := range fs.Held {
		drafts = append(drafts, desk.Draft{Kind: kindCustody, Subjects: []string{id, h.List.To, a.ID},
			Body: body{Person: id, Org: h.List.To, From: h.List.On, Decision: h.List.Decision, Handover: a.ID}})
	}
	return drafts, nil
}

// Files says of a list of persons where their files are on the day before a
// handover.
type Files struct {
	Held      []string // at the giving side: they go along
	Went      []string // went along when the handover closed
	Elsewhere []string // at another body
	None      []string // no file was opened
	Lacking   []Gap    // files held with papers missing, lost or to be supplied
}

// HandoverFiles looks at the files of everybody on the list of a handover. A
// file whose body moves as a unit stays with that body.
func HandoverFiles(ctx context.Context, tx *store.Tx, l person.HandoverList) (Files, error) {
	var out Files
	at, err := Holders(ctx, tx, org.Now(l.On.AddDays(-1)))
	if err != nil {
		return out, err
	}
	gaps, err := Gaps(ctx, tx, nil)
	if err != nil {
		return out, err
	}
	by := map[string]Gap{}
	for _, g := range gaps {
		by[g.Person] = g
	}
	for _, ids := range [][]string{l.Official, l.Probationary} {
		for _, id := range ids {
			switch holder, ok := at[id]; {
			case !ok:
				out.None = append(out.None, id)
			case holder == l.From:
				later, err := CustodyOf(ctx, tx, id, -1)
				if err != nil {
					return out, err
				}
				last := later[len(later)-1]
				if last.Handover == l.ID {
					out.Went = append(out.Went, id)
					continue
				}
				if !last.From.Before(l.On) { // it has moved on since
					out.Elsewhere = append(out.Elsewhere, id)
					continue
				}
				out.Held = append(out.Held, id)
				if g := by[id]; g.Any() {
					out.Lacking = append(out.Lacking, g)
				}
			default:
				out.Elsewhere = append(out.Elsewhere, id)
			}
		}
	}
	return out, nil
}
