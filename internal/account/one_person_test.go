package account

import (
	"context"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// oldOpen and oldGrant are what a release did before each person had one account.
type oldOpen struct{ OpenStaff }

func (a oldOpen) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	d, err := opening(ctx, s, body{Account: a.ID, Type: Staff, Person: a.Person}, a.Login, a.Display)
	return []desk.Draft{d}, err
}

type oldGrant struct{ GrantRole }

func (a oldGrant) Decide(_ context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return []desk.Draft{{Kind: kindGranted, Subjects: []string{a.Account}, Body: body{Account: a.Account, Grant: "grant/" + s.ActID, Role: a.Role, Org: a.Org, From: a.From}}}, nil
}

// A person has one open staff account, so that rights held apart are held by
// different persons: an administrator opens no second account for himself, and
// where an older release left two, they count as one.
func TestOneAccountAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		open := OpenStaff{ID: "account/an", Login: "an.mot", Display: "Lê Văn An", Person: "person/an"}
		desktest.Do(t, h.Desk, h.admin, open)
		twice := open
		twice.ID, twice.Login = "account/an2", "an.hai"
		if no := desktest.MustRefuse(t, h.Desk, h.admin, twice, desk.Invalid); !strings.Contains(no.Says.VI, "mỗi người một tài khoản") || no.Field != "person" {
			t.Errorf("%+v", no)
		}
		nobody := twice
		nobody.Person = ""
		desktest.Do(t, h.Desk, h.admin, nobody) // not bound to a person
		desktest.Do(t, h.Desk, h.admin, Close{Account: "account/an"})
		third := open
		third.ID, third.Login = "account/an3", "an.ba"
		desktest.Do(t, h.Desk, h.admin, third) // the first is closed

		// Two accounts of one person from before: what one holds bars the other.
		for _, id := range []string{"qt", "doi"} {
			desktest.Do(t, h.Desk, h.admin, oldOpen{OpenStaff{ID: "account/" + id, Login: "minh." + id, Display: "Trần Minh", Person: "person/minh"}})
		}
		desktest.Do(t, h.Desk, h.admin, GrantRole{Account: "account/qt", Role: "administrator", From: h.today()})
		desktest.MustRefuse(t, h.Desk, h.admin, GrantRole{Account: "account/doi", Role: "officer", From: h.today()}, desk.Refused)
		desktest.MustRefuse(t, h.Desk, "account/qt", GrantRole{Account: "account/doi", Role: "auditor", From: h.today()}, desk.Denied)
		desktest.CheckRebuild(t, h.Desk)
	})
}
