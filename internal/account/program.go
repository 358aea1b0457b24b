package account

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// openByProgram opens an account with one role for the program itself: the
// first administrator, sample accounts. Pages cannot make it.
type openByProgram struct {
	id, login, display, role string
	typ                      Type
	person, caseID           string // of bound roles
}

func (a openByProgram) Name() string    { return "account.open-by-program" }
func (a openByProgram) Subject() string { return a.id }
func (a openByProgram) Need() desk.Need { return desk.Need{Right: ProgramOnly} }

func (a openByProgram) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	d, err := opening(ctx, s, body{Account: a.id, Type: a.typ, Person: a.person}, a.login, a.display)
	if err != nil {
		return nil, err
	}
	grant := body{Account: a.id, Grant: "grant/" + s.ActID, Role: a.role, From: s.Today}
	out := []desk.Draft{d}
	for i, c := range strings.Fields(a.caseID) {
		b := grant
		b.Grant, b.Case, b.To = fmt.Sprintf("%s-%d", grant.Grant, i+1), c, s.Today.AddDays(sampleBoundDays)
		out = append(out, desk.Draft{Kind: kindGranted, Subjects: []string{a.id}, Body: b})
	}
	if len(out) == 1 {
		out = append(out, desk.Draft{Kind: kindGranted, Subjects: []string{a.id}, Body: grant})
	}
	return out, nil
}

// FirstLogin is the login name of the first administrator.
const FirstLogin = "quantri"

// FirstLink gives the one-time token with which the first administrator sets a
// password, to be printed at start; "" once an administrator has one and the
// key that opens the second factor is here (after a restore without the key an
// administrator gets in by such a link, and hands out new ones). A link
// not used within its time is replaced at the next start.
func (s *Service) FirstLink(ctx context.Context, d *desk.Desk) (string, error) {
	var ready bool
	var waiting string
	err := s.db.Read(ctx, func(tx *store.Tx) error {
		as, err := List(ctx, tx)
		if err != nil {
			return err
		}
		for _, a := range as {
			gs, err := GrantsOn(ctx, tx, a.ID, vn.DateOf(s.Clock().In(zone)))
			if err != nil {
				return err
			}
			for _, g := range gs {
				if g.Role != "administrator" || a.Closed || a.Type == Sample {
					continue
				}
				c, set, err := credentialOf(ctx, tx, a.ID)
				if err != nil {
					return err
				}
				// A second factor sealed under a key that is gone opens nothing.
				if _, err := s.unseal("credential", a.ID, c.totp); err != nil {
					set = false
				}
				ready = ready || set
				if !set && waiting == "" {
					waiting = a.ID
				}
			}
		}
		return nil
	})
	if err != nil || ready {
		return "", err
	}
	if waiting == "" {
		act := openByProgram{id: "account/" + desk.NewID(), login: FirstLogin, display: "Quản trị hệ thống", role: "administrator", typ: Staff}
		if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: -1, Act: act}); err != nil {
			return "", fmt.Errorf("account: first administrator: %w", err)
		}
		waiting = act.id
	}
	return s.invite(ctx, waiting)
}

// sampleBoundDays is how long a sample account keeps a role bound to one case.
const sampleBoundDays = 365

// SampleAccount is one account of the demonstration, for the start page.
type SampleAccount struct {
	ID, Login, Password, Display, Role string
	Person                             string // for bound roles
	Case                               string // of bound roles; several are parted by blanks
}

// SamplePassword opens every sample account; they log in on loopback only
// (Service.AllowSample).
const SamplePassword = "minh bach 2021"

var samples = []SampleAccount{
	{Login: "lanhdao", Display: "Lãnh đạo Ban (mẫu)", Role: "head"},
	{Login: "canbo", Display: "Cán bộ tổ chức (mẫu)", Role: "officer"},
	{Login: "canbo2", Display: "Cán bộ tổ chức thứ hai (mẫu)", Role: "officer"},
	{Login: "quydinh1", Display: "Người giữ quy định (mẫu)", Role: "regulation-keeper"},
	{Login: "quydinh2", Display: "Người giữ quy định thứ hai (mẫu)", Role: "regulation-keeper"},
	{Login: "kiemtra", Display: "Người kiểm tra, giám sát (mẫu)", Role: "auditor"},
	{Login: "quantri.mau", Display: "Quản trị (mẫu)", Role: "administrator"},
}

// SeedSample opens the sample accounts that do not yet exist and sets their
// password. It may be called at every start of a demonstration.
func SeedSample(ctx context.Context, d *desk.Desk, db *store.DB) ([]SampleAccount, error) {
	return SeedBound(ctx, d, db, samples)
}

// SeedBound is SeedSample for more sample accounts, e.g. the members of an
// invented counting board, each with a role bound to its case.
func SeedBound(ctx context.Context, d *desk.Desk, db *store.DB, samples []SampleAccount) ([]SampleAccount, error) {
	hash, err := hashPassword(SamplePassword, sampleCost)
	if err != nil {
		return nil, err
	}
	out := make([]SampleAccount, 0, len(samples))
	for _, want := range samples {
		var have Account
		var known, set bool
		err := db.Read(ctx, func(tx *store.Tx) (err error) {
			if have, known, err = ByLogin(ctx, tx, want.Login); err == nil && known {
				_, set, err = credentialOf(ctx, tx, have.ID)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if known && have.Type != Sample {
			return nil, fmt.Errorf("account: the login name %s belongs to an account that is not a sample", want.Login)
		}
		want.ID, want.Password = have.ID, SamplePassword
		if !known {
			want.ID = "account/" + desk.NewID()
			act := openByProgram{id: want.ID, login: want.Login, display: want.Display, role: want.Role, typ: Sample, person: want.Person, caseID: want.Case}
			if _, err := d.Do(ctx, desk.Form{ID: desk.NewID(), Seen: -1, Act: act}); err != nil {
				return nil, fmt.Errorf("account: sample accounts: %w", err)
			}
		}
		if !set {
			err = db.Write(ctx, func(tx *store.Tx) error {
				return putCredential(ctx, tx, credential{account: want.ID, hash: hash}, "")
			})
			if err != nil {
				return nil, err
			}
		}
		out = append(out, want)
	}
	return out, nil
}
