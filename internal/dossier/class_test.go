package dossier_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// Lowering a class of secrecy is the keepers' and takes a decision with number
// and date; without one the highest class ever had goes on governing, on the
// ledger's pages too. What is classified is changed by its keepers alone, by the
// act itself and not only on a page.
func TestClassIsLoweredByDecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.openFile(who)
		secret := dossier.Item{Class: dossier.Secret, State: dossier.Kept, Paper: dossier.Paper{Kind: 22, Title: "Quyết định", Paper: true}}
		rc := o.do(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{secret}})
		doc := "paper/" + rc.Act + "-1"
		guards := func(index int64) (out bool) {
			o.read(func(ctx context.Context, tx *store.Tx) error {
				r, err := desk.GetRecord(ctx, tx, index)
				if err != nil {
					return err
				}
				out, err = dossier.Guards(ctx, tx, r.Kind, json.RawMessage(r.Body))
				return err
			})
			return out
		}
		put := rc.Entries[0].Index
		open := secret
		open.Class = dossier.Internal
		lower := dossier.Correct{Person: who, Home: xa, Doc: doc, Version: 1, Item: open, Reason: "giảm mật"}
		o.refuse(lower, desk.Denied, "") // not its keeper
		lower.Keeper = true
		o.refuse(lower, desk.Invalid, "declassify")
		lower.Item.Declassify = org.Decision{Number: "9-QĐ/TU", Date: day("2099-01-01")}
		o.refuse(lower, desk.Invalid, "declassify_date")
		o.refuse(dossier.SetState{Person: who, Home: xa, Doc: doc, Version: 1, State: dossier.Missing}, desk.Denied, "")
		o.refuse(dossier.Renew{Person: who, Home: xa, Doc: doc, Item: open}, desk.Denied, "")
		// Raised further and back: the highest governs.
		up := secret
		up.Class = dossier.TopSecret
		o.do(dossier.Renew{Person: who, Home: xa, Doc: doc, Item: up, Keeper: true})
		o.refuse(dossier.Renew{Person: who, Home: xa, Doc: doc, Item: secret, Keeper: true}, desk.Invalid, "declassify")
		if !guards(put) {
			t.Error("a classified paper is not guarded")
		}
		lower.Item.Declassify = org.Decision{Number: "9-QĐ/TU", Date: day("2025-01-01")}
		low := o.do(lower)
		if guards(put) || guards(low.Entries[0].Index) {
			t.Error("a paper declassified by decision is guarded still")
		}
		// The file as a whole.
		o.do(dossier.SetFile{Person: who, Home: xa, Class: dossier.Secret})
		for _, a := range []desk.Act{
			dossier.SetFile{Person: who, Home: xa, Class: dossier.Internal}, dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{3: dossier.ToSupply}},
			dossier.HandOver{Person: who, Home: xa, To: "org/tinh", On: day("2026-01-01")},
		} {
			o.refuse(a, desk.Denied, "")
		}
		o.refuse(dossier.SetFile{Person: who, Home: xa, Class: dossier.Internal, Keeper: true}, desk.Invalid, "declassify")
		o.do(dossier.SetFile{Person: who, Home: xa, Class: dossier.Internal, Keeper: true, Declassify: org.Decision{Number: "10-QĐ/TU", Date: day("2025-02-01")}})
		o.do(dossier.SetFile{Person: who, Home: xa, State: dossier.Closed}) // its classes of before no longer govern
		desktest.CheckRebuild(t, o.d)
	})
}

// TestRefusalNamesNoKind: that a file holds a paper of a kind may itself be
// classified; a mark against it is refused without saying which kind it is.
func TestRefusalNamesNoKind(t *testing.T) {
	o := open(t, storetest.SQLite(t))
	o.openFile(who)
	o.do(dossier.Put{Person: who, Home: xa, Items: []dossier.Item{{Class: dossier.Secret, State: dossier.Kept, Paper: dossier.Paper{Kind: 22, Title: "Quyết định", Paper: true}}}})
	no := desktest.MustRefuse(t, o.d, "a", dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{21: dossier.NotArising, 22: dossier.NotArising, 23: dossier.NotArising}}, desk.Invalid)
	for _, says := range []string{no.Says.VI, no.Says.EN} {
		if strings.ContainsAny(says, "0123456789") || strings.Contains(says, "Quyết định") {
			t.Errorf("the refusal tells the kind: %s", says)
		}
	}
	o.do(dossier.MarkKinds{Person: who, Home: xa, Marks: map[int]dossier.Mark{21: dossier.NotArising, 23: dossier.NotArising}})
}

// Acts of keepers ask for the keepers' right beside the right over the register.
func TestKeepersActsAskForTheirRight(t *testing.T) {
	for _, a := range []desk.Act{dossier.HandOver{Home: xa, Keeper: true}, dossier.CorrectCustody{Home: xa, Keeper: true}, dossier.Renew{Home: xa, Keeper: true},
		dossier.Correct{Home: xa, Keeper: true}, dossier.SetState{Home: xa, Keeper: true}, dossier.SetFile{Home: xa, Keeper: true}, dossier.MarkKinds{Home: xa, Keeper: true}} {
		more := a.(desk.MoreNeeds).MoreNeeds()
		if len(more) != 1 || more[0] != (desk.Need{Right: desk.ReadSecret, Org: xa}) || a.Need().Right != desk.EditPerson {
			t.Errorf("%s asks for %v and %v", a.Name(), a.Need(), more)
		}
	}
}
