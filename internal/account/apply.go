package account

import (
	"context"
	"encoding/json"
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindOpened    = "account.opened/1"
	kindConfirmed = "account.confirmed/1"
	kindClosed    = "account.closed/1"
	kindGranted   = "account.role-granted/1"
	kindEnded     = "account.role-ended/1"
)

const profileBlock = "profile"

// body is the body of every kind of this room but kindReadLog; unused fields
// are left out.
type body struct {
	Account string  `json:"account"`
	Type    Type    `json:"type,omitzero"`
	Person  string  `json:"person,omitzero"`
	Grant   string  `json:"grant,omitzero"`
	Role    string  `json:"role,omitzero"`
	Org     string  `json:"org,omitzero"`
	Case    string  `json:"case,omitzero"`
	From    vn.Date `json:"from,omitzero"`
	To      vn.Date `json:"to,omitzero"`
}

// profile is the personal content of an account.
type profile struct {
	Login   string `json:"login"`
	Display string `json:"display"`
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for _, r := range rs {
		switch r.Kind {
		case kindReadLog, kindKeyProposed, kindKeyConfirmed, kindKeyRefused, kindMet:
			continue // they are read from the ledger itself
		}
		var b body
		if r.Kind == kindRoleConfirmed || r.Kind == kindRoleRefused {
			if err := applySettled(ctx, tx, r); err != nil {
				return fmt.Errorf("account: entry %d: %w", r.Index, err)
			}
			continue
		}
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return fmt.Errorf("account: entry %d: %w", r.Index, err)
		}
		if err := applyOne(ctx, tx, r, b); err != nil {
			return fmt.Errorf("account: entry %d: %w", r.Index, err)
		}
	}
	return nil
}

func applyOne(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	switch r.Kind {
	case kindOpened:
		confirmed := r.Index
		if b.Type == Hall {
			confirmed = -1
		}
		if err := tx.Insert(ctx, "account_account",
			[]string{"account", "type", "person", "org", "case_id", "until", "opened", "opened_by", "confirmed", "closed"},
			[][]any{{b.Account, string(b.Type), b.Person, b.Org, b.Case, b.To.String(), r.Index, r.Actor, confirmed, int64(-1)}}); err != nil {
			return err
		}
		row := []any{r.Index, int64(0), "", ""}
		if content := r.Blocks[profileBlock]; content != nil {
			var p profile
			if err := json.Unmarshal(content, &p); err != nil {
				return fmt.Errorf("block profile: %w", err)
			}
			row = []any{r.Index, int64(1), p.Login, p.Display}
		}
		return tx.Insert(ctx, "account_profile", []string{"entry", "present", "login", "display"}, [][]any{row})
	case kindConfirmed:
		err := tx.Run(ctx, `UPDATE account_account SET confirmed = $1 WHERE account = $2`, r.Index, b.Account)
		return err
	case kindClosed:
		err := tx.Run(ctx, `UPDATE account_account SET closed = $1 WHERE account = $2`, r.Index, b.Account)
		return err
	case kindBound:
		return tx.Run(ctx, `UPDATE account_account SET person = $1 WHERE account = $2`, b.Person, b.Account)
	case kindProposed:
		return applyProposal(ctx, tx, r, b)
	case kindGranted:
		return insertGrant(ctx, tx, Grant{ID: b.Grant, Account: b.Account, Role: b.Role, Org: b.Org, Case: b.Case, From: b.From, To: b.To, Entry: r.Index})
	case kindEnded:
		g, ok, err := grantOf(ctx, tx, b.Account, b.Grant)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("ends a role that is not held")
		}
		if err := tx.Run(ctx, `UPDATE account_grant SET entry_to = $1 WHERE grant_id = $2 AND entry_to = -1`, r.Index, b.Grant); err != nil {
			return err
		}
		if !g.From.Before(b.To) { // taken back before its first day
			return nil
		}
		g.To, g.Entry = b.To, r.Index
		return insertGrant(ctx, tx, g)
	}
	return nil
}

func insertGrant(ctx context.Context, tx *store.Tx, g Grant) error {
	return tx.Insert(ctx, "account_grant",
		[]string{"grant_id", "account", "role", "org", "case_id", "valid_from", "valid_to", "entry_from", "entry_to"},
		[][]any{{g.ID, g.Account, g.Role, g.Org, g.Case, g.From.String(), g.To.String(), g.Entry, int64(-1)}})
}

// erase blanks the profile of one opening; see desk.Room.Erase.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	if block != profileBlock {
		return nil
	}
	err := tx.Run(ctx, `UPDATE account_profile SET present = 0, login = '', display = '' WHERE entry = $1`, index)
	return err
}
