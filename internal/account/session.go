package account

import (
	"context"
	"errors"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func openSession(ctx context.Context, tx *store.Tx, acc Account, address string, now time.Time) (Session, error) {
	token, err := newToken()
	if err != nil {
		return Session{}, err
	}
	if err := tx.Run(ctx, `DELETE FROM op_session WHERE ends_at <= $1`, timeText(now)); err != nil {
		return Session{}, err
	}
	x := Session{Token: token, ID: desk.NewID(), Account: acc.ID, Type: acc.Type, Login: acc.Login, Display: acc.Display,
		Address: clip(address), MadeAt: now, SeenAt: now, EndsAt: now.Add(longestTime)}
	return x, tx.Insert(ctx, "op_session", []string{"hash", "id", "account", "made_at", "seen_at", "ends_at", "address"},
		[][]any{{digest("session", token), x.ID, x.Account, timeText(now), timeText(now), timeText(x.EndsAt), x.Address}})
}

func clip(address string) string {
	if len(address) > 100 {
		return address[:100]
	}
	return address
}

// Session finds the session of a token; false when there is none, it has
// ended, or its account is closed or out of its time.
func (s *Service) Session(ctx context.Context, token string) (Session, bool) {
	if len(token) < 20 || len(token) > 100 {
		return Session{}, false
	}
	now := s.Clock()
	var x Session
	found := false
	err := s.db.Read(ctx, func(tx *store.Tx) error {
		xs, err := sessions(ctx, tx, `SELECT id, account, made_at, seen_at, ends_at, address FROM op_session WHERE hash = $1`, digest("session", token))
		if err != nil || len(xs) == 0 || !xs[0].live(now) {
			return err
		}
		x = xs[0]
		acc, known, err := Get(ctx, tx, x.Account)
		if err != nil || !known || acc.Type == Sample && !s.AllowSample {
			return err
		}
		x.Type, x.Login, x.Display = acc.Type, acc.Login, acc.Display
		err = usable(ctx, tx, x.Account, vn.DateOf(now.In(zone)))
		found = err == nil
		return err
	})
	if err != nil || !found {
		return Session{}, false
	}
	if now.Sub(x.SeenAt) >= seenEvery {
		x.SeenAt = now
		_ = s.db.Write(ctx, func(tx *store.Tx) error { // a missed mark shortens the session, no more
			err := tx.Run(ctx, `UPDATE op_session SET seen_at = $1 WHERE id = $2`, timeText(now), x.ID)
			return err
		})
	}
	return x, true
}

func (x Session) live(now time.Time) bool {
	return now.Before(x.EndsAt) && now.Sub(x.SeenAt) < idleTime
}

// Logout ends the session of a token; an unknown one is no error.
func (s *Service) Logout(ctx context.Context, token string) error {
	now := s.Clock()
	return s.db.Write(ctx, func(tx *store.Tx) error {
		xs, err := sessions(ctx, tx, `SELECT id, account, made_at, seen_at, ends_at, address FROM op_session WHERE hash = $1`, digest("session", token))
		if err != nil || len(xs) == 0 {
			return err
		}
		if err := tx.Run(ctx, `DELETE FROM op_session WHERE id = $1`, xs[0].ID); err != nil {
			return err
		}
		return logLogin(ctx, tx, now, xs[0].Account, xs[0].Address, "out")
	})
}

// Sessions lists the live sessions of an account, newest first; with account
// "" those of all accounts. The caller has checked that its user may see them.
func (s *Service) Sessions(ctx context.Context, account string) ([]Session, error) {
	now := s.Clock()
	var out []Session
	err := s.db.Read(ctx, func(tx *store.Tx) error {
		xs, err := sessions(ctx, tx, `SELECT id, account, made_at, seen_at, ends_at, address FROM op_session WHERE account = $1 OR $2 = '' ORDER BY made_at DESC, id DESC`, account, account)
		if err != nil {
			return err
		}
		for _, x := range xs {
			acc, known, err := Get(ctx, tx, x.Account)
			if err != nil {
				return err
			}
			if known && !acc.Closed && x.live(now) {
				x.Type, x.Login, x.Display = acc.Type, acc.Login, acc.Display
				out = append(out, x)
			}
		}
		return nil
	})
	return out, err
}

// Revoke ends one session by Session.ID: one's own, or anybody's for an
// administrator.
func (s *Service) Revoke(ctx context.Context, actor, id string) error {
	now := s.Clock()
	return s.db.Write(ctx, func(tx *store.Tx) error {
		xs, err := sessions(ctx, tx, `SELECT id, account, made_at, seen_at, ends_at, address FROM op_session WHERE id = $1`, id)
		if err != nil {
			return err
		}
		own := len(xs) == 1 && actor != "" && xs[0].Account == actor
		if !own {
			if err := s.May(ctx, tx, actor, vn.DateOf(now.In(zone)), desk.Need{Right: desk.Administer}); err != nil {
				return err
			}
		}
		if len(xs) == 0 {
			return nil
		}
		if err := tx.Run(ctx, `DELETE FROM op_session WHERE id = $1`, id); err != nil {
			return err
		}
		return logLogin(ctx, tx, now, xs[0].Account, xs[0].Address, "revoked")
	})
}

func sessions(ctx context.Context, tx *store.Tx, query string, args ...any) ([]Session, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Session
	for rows.Next() {
		var x Session
		var made, seen, ends string
		if err := rows.Scan(&x.ID, &x.Account, &made, &seen, &ends, &x.Address); err != nil {
			return nil, err
		}
		var e1, e2, e3 error
		x.MadeAt, e1 = parseTime(made)
		x.SeenAt, e2 = parseTime(seen)
		x.EndsAt, e3 = parseTime(ends)
		if err := errors.Join(e1, e2, e3); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// LoginEvent is one line of the login log. What was typed is never kept.
type LoginEvent struct {
	At      time.Time
	Account string // "" when no such account
	Address string
	Outcome string // in, out, password, code, slip, closed, revoked, enrolled, password-changed
}

func logLogin(ctx context.Context, tx *store.Tx, at time.Time, account, address, outcome string) error {
	return tx.Insert(ctx, "op_login", []string{"id", "at", "account", "address", "outcome"},
		[][]any{{desk.NewID(), timeText(at), account, clip(address), outcome}})
}

// LoginLog lists logins, newest first, of one account or with "" of all; limit
// at most 1000. One sees one's own; all are for the administrator.
func (s *Service) LoginLog(ctx context.Context, actor, account string, limit int) ([]LoginEvent, error) {
	var out []LoginEvent
	err := s.db.Read(ctx, func(tx *store.Tx) error {
		if actor == "" || actor != account {
			if err := s.May(ctx, tx, actor, vn.DateOf(s.Clock().In(zone)), desk.Need{Right: desk.Administer}); err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, `SELECT at, account, address, outcome FROM op_login WHERE account = $1 OR $2 = '' ORDER BY at DESC, id DESC LIMIT $3`,
			account, account, int64(min(max(limit, 1), 1000)))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e LoginEvent
			var at string
			if err := rows.Scan(&at, &e.Account, &e.Address, &e.Outcome); err != nil {
				return err
			}
			if e.At, err = parseTime(at); err != nil {
				return err
			}
			out = append(out, e)
		}
		return rows.Err()
	})
	return out, err
}
