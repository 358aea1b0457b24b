package account

import (
	"context"
	"errors"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const accountColumns = `a.account, a.type, a.person, p.login, p.display, a.confirmed, a.closed, a.opened, a.opened_by, a.org, a.case_id, a.until`

const accountTables = ` FROM account_account a JOIN account_profile p ON p.entry = a.opened`

// Get is one account; false when there is none.
func Get(ctx context.Context, tx *store.Tx, id string) (Account, bool, error) {
	as, err := accounts(ctx, tx, `SELECT `+accountColumns+accountTables+` WHERE a.account = $1`, id)
	if err != nil || len(as) == 0 {
		return Account{}, false, err
	}
	return as[0], true, nil
}

// ByLogin finds the open or closed account of a login name.
func ByLogin(ctx context.Context, tx *store.Tx, login string) (Account, bool, error) {
	if login == "" {
		return Account{}, false, nil
	}
	as, err := accounts(ctx, tx, `SELECT `+accountColumns+accountTables+` WHERE p.login = $1`, login)
	if err != nil || len(as) == 0 {
		return Account{}, false, err
	}
	return as[0], true, nil
}

// List is all accounts in order of opening.
func List(ctx context.Context, tx *store.Tx) ([]Account, error) {
	return accounts(ctx, tx, `SELECT `+accountColumns+accountTables+` ORDER BY a.opened`)
}

// Grants lists the roles of one account as known now, past and future too.
func Grants(ctx context.Context, tx *store.Tx, account string) ([]Grant, error) {
	return grants(ctx, tx, `SELECT `+grantColumns+` FROM account_grant WHERE entry_to = -1 AND account = $1 ORDER BY valid_from, grant_id`, account)
}

// GrantsOn lists the roles an account holds on a day.
func GrantsOn(ctx context.Context, tx *store.Tx, account string, on vn.Date) ([]Grant, error) {
	return grants(ctx, tx, `SELECT `+grantColumns+` FROM account_grant WHERE entry_to = -1 AND account = $1
		AND valid_from <= $2 AND (valid_to = '' OR valid_to > $2) ORDER BY valid_from, grant_id`, account, on.String())
}

const grantColumns = `grant_id, account, role, org, case_id, valid_from, valid_to, entry_from`

func grantOf(ctx context.Context, tx *store.Tx, account, id string) (Grant, bool, error) {
	gs, err := grants(ctx, tx, `SELECT `+grantColumns+` FROM account_grant WHERE entry_to = -1 AND account = $1 AND grant_id = $2`, account, id)
	if err != nil || len(gs) == 0 {
		return Grant{}, false, err
	}
	return gs[0], true, nil
}

func accounts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Account, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Account
	for rows.Next() {
		var a Account
		var confirmed, closed int64
		var until string
		if err := rows.Scan(&a.ID, &a.Type, &a.Person, &a.Login, &a.Display, &confirmed, &closed, &a.Opened, &a.OpenedBy, &a.Org, &a.Case, &until); err != nil {
			return nil, err
		}
		a.Confirmed, a.Closed = confirmed >= 0, closed >= 0
		if err := a.Until.UnmarshalText([]byte(until)); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func grants(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Grant, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Grant
	for rows.Next() {
		var g Grant
		var from, to string
		if err := rows.Scan(&g.ID, &g.Account, &g.Role, &g.Org, &g.Case, &from, &to, &g.Entry); err != nil {
			return nil, err
		}
		if err := errors.Join(g.From.UnmarshalText([]byte(from)), g.To.UnmarshalText([]byte(to))); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// OnePerson says whether two accounts are one and the same, or are bound to
// the same person: where the rules ask for two people, they count as one.
func OnePerson(ctx context.Context, tx *store.Tx, a, b string) (bool, error) {
	if a == b {
		return true, nil
	}
	x, _, err := Get(ctx, tx, a)
	if err != nil || x.Person == "" {
		return false, err
	}
	y, _, err := Get(ctx, tx, b)
	return err == nil && x.Person == y.Person, err
}

// staffOf lists the open staff accounts of a person but one; none for "".
func staffOf(ctx context.Context, tx *store.Tx, person, but string) ([]string, error) {
	if person == "" {
		return nil, nil
	}
	return tx.Strings(ctx, `SELECT account FROM account_account WHERE type = 'staff' AND person = $1 AND account <> $2 AND closed = -1 ORDER BY account`, person, but)
}
