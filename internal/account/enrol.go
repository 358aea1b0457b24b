package account

import (
	"context"
	"crypto/rand"
	"time"

	"minhbach/internal/account/qr"
	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// inviteTime is how long a one-time link works.
const inviteTime = 72 * time.Hour

// Invitation is what the page behind a one-time link shows.
type Invitation struct {
	Account string
	Type    Type
	Login   string
	Display string
	EndsAt  time.Time
	// For staff accounts: the secret of the second factor, as text for typing
	// by hand, as otpauth address, and as QR code. Never to be logged.
	Secret, URI string
	QR          []byte // SVG
}

// Invite makes a one-time link for an account: a new one, or one whose holder
// lost the password or phone. Earlier links of the account stop working; the
// present password works until the link is used. The administrator invites
// staff; officers of its organisation invite a confirmed hall account.
func (s *Service) Invite(ctx context.Context, actor, account string) (token string, err error) {
	err = s.db.Read(ctx, func(tx *store.Tx) error { return s.mayHandOut(ctx, tx, actor, account) })
	if err != nil {
		return "", err
	}
	return s.invite(ctx, account)
}

// mayHandOut says whether an actor may hand links or slips to an account.
func (s *Service) mayHandOut(ctx context.Context, tx *store.Tx, actor, account string) error {
	today := vn.DateOf(s.Clock().In(zone))
	acc, known, err := Get(ctx, tx, account)
	if err != nil {
		return err
	}
	need := desk.Need{Right: desk.Administer}
	if known && acc.Type == Hall {
		need = desk.Need{Right: desk.RecordContest, Org: acc.Org}
	}
	if err := s.May(ctx, tx, actor, today, need); err != nil {
		return err
	}
	if !known || acc.Type == Sample {
		return desk.Missing("Không có tài khoản này.", "There is no such account.")
	}
	return usable(ctx, tx, account, today)
}

func (s *Service) invite(ctx context.Context, account string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	secret := make([]byte, 20)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	secret, err = s.seal("invite", account, secret)
	if err != nil {
		return "", err
	}
	now := s.Clock()
	return token, s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Run(ctx, `DELETE FROM op_invite WHERE account = $1`, account); err != nil {
			return err
		}
		return tx.Insert(ctx, "op_invite", []string{"hash", "account", "made_at", "ends_at", "totp"},
			[][]any{{digest("invite", token), account, timeText(now), timeText(now.Add(inviteTime)), secret}})
	})
}

// Invited gives what a one-time link is for; false when it is unknown, used,
// past its time, or its account is closed.
func (s *Service) Invited(ctx context.Context, token string) (Invitation, bool) {
	var inv Invitation
	found := false
	err := s.db.Read(ctx, func(tx *store.Tx) (err error) {
		var secret []byte
		inv, secret, found, err = s.invited(ctx, tx, token)
		if err != nil || !found || inv.Type != Staff {
			return err
		}
		inv.Secret, inv.URI = totpSecretText(secret), totpURI(secret, inv.Login)
		inv.QR, err = qr.SVG(inv.URI, "Mã QR để thêm vào ứng dụng xác thực trên điện thoại")
		return err
	})
	if err != nil || !found {
		return Invitation{}, false
	}
	return inv, true
}

func (s *Service) invited(ctx context.Context, tx *store.Tx, token string) (inv Invitation, secret []byte, found bool, err error) {
	now := s.Clock()
	rows, err := tx.Query(ctx, `SELECT account, ends_at, totp FROM op_invite WHERE hash = $1 AND ends_at > $2`, digest("invite", token), timeText(now))
	if err != nil {
		return inv, nil, false, err
	}
	defer rows.Close()
	ends := ""
	for rows.Next() {
		found = true
		if err := rows.Scan(&inv.Account, &ends, &secret); err != nil {
			return inv, nil, false, err
		}
	}
	if err := rows.Err(); err != nil || !found {
		return inv, nil, false, err
	}
	if inv.EndsAt, err = parseTime(ends); err != nil {
		return inv, nil, false, err
	}
	if secret, err = s.unseal("invite", inv.Account, secret); err != nil {
		return inv, nil, false, nil // made before the key was lost: the link is of no use
	}
	acc, known, err := Get(ctx, tx, inv.Account)
	if err != nil {
		return inv, nil, false, err
	}
	inv.Type, inv.Login, inv.Display = acc.Type, acc.Login, acc.Display
	return inv, secret, known && usable(ctx, tx, inv.Account, vn.DateOf(now.In(zone))) == nil, nil
}

func linkGone() error {
	return desk.Missing("Đường dẫn này đã dùng hoặc hết hạn; hãy xin đường dẫn mới.", "This link was used or has ended; ask for a new one.")
}

// Enrol uses a one-time link: it sets the password and, for a staff account,
// the second factor, which code must prove. All earlier sessions of the
// account end. For wrong input it answers a *desk.Error and the link stays.
func (s *Service) Enrol(ctx context.Context, token, password, code, address string) error {
	inv, ok := s.Invited(ctx, token)
	if !ok {
		return linkGone()
	}
	if err := checkNewPassword(password, inv.Login); err != nil {
		return err
	}
	var hash string
	if err := s.hash(ctx, func() (err error) { hash, err = hashPassword(password, s.cost); return err }); err != nil {
		return err
	}
	now := s.Clock()
	keys := guessKeys(inv.Login, address)
	var refusal error
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		inv, secret, found, err := s.invited(ctx, tx, token)
		if err != nil {
			return err
		}
		if !found {
			refusal = linkGone()
			return nil
		}
		c := credential{account: inv.Account, hash: hash}
		if inv.Type == Staff {
			if refusal = reserve(ctx, tx, keys, now); refusal != nil {
				return unlessPlain(refusal)
			}
			step, right := totpMatch(secret, code, now, 0)
			if !right {
				refusal = desk.Wrong("code", "Mã sáu chữ số chưa đúng; hãy quét lại mã QR và nhập mã đang hiện trên điện thoại.", "The six digits are not right; scan the code again and enter what the phone shows now.")
				return nil
			}
			if err := forgive(ctx, tx, keys, now, true); err != nil {
				return err
			}
			if c.totp, err = s.seal("credential", inv.Account, secret); err != nil {
				return err
			}
			c.totpAt = step
		}
		if err := putCredential(ctx, tx, c, timeText(now)); err != nil {
			return err
		}
		for _, text := range []string{`DELETE FROM op_invite WHERE account = $1`, `DELETE FROM op_session WHERE account = $1`} {
			if err := tx.Run(ctx, text, inv.Account); err != nil {
				return err
			}
		}
		return logLogin(ctx, tx, now, inv.Account, address, "enrolled")
	})
	if err != nil {
		return err
	}
	return refusal
}

// unlessPlain lets an answer for people through as no error of the
// transaction, so that what it counted is kept.
func unlessPlain(err error) error {
	if _, plain := err.(*desk.Error); plain {
		return nil
	}
	return err
}

// ChangePassword sets a new password for the session's account, given the old
// one; its other sessions end.
func (s *Service) ChangePassword(ctx context.Context, token, old, password, address string) error {
	x, ok := s.Session(ctx, token)
	if !ok {
		return desk.Deny("Phiên làm việc đã hết; hãy đăng nhập lại.", "The session has ended; log in again.")
	}
	if x.Type == Sample {
		return desk.Deny("Tài khoản mẫu không đổi mật khẩu.", "Sample accounts keep their password.")
	}
	if err := checkNewPassword(password, x.Login); err != nil {
		return err
	}
	now := s.Clock()
	keys := guessKeys(x.Login, address)
	var cred credential
	var refusal error
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if refusal = reserve(ctx, tx, keys, now); refusal != nil {
			return unlessPlain(refusal)
		}
		cred, _, err = credentialOf(ctx, tx, x.Account)
		return err
	})
	if err != nil || refusal != nil {
		return firstOf(err, refusal)
	}
	var right bool
	var hash string
	err = s.hash(ctx, func() (err error) {
		if right, _, err = checkHash(cred.hash, old, s.cost); err == nil && right {
			hash, err = hashPassword(password, s.cost)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if !right {
			refusal = desk.Wrong("old", "Mật khẩu hiện tại không đúng.", "The present password is wrong.")
			return logLogin(ctx, tx, now, x.Account, address, "password")
		}
		if err := forgive(ctx, tx, keys, now, true); err != nil {
			return err
		}
		// set_at stays: it tells when the account was taken by a link (NotMet).
		if err := tx.Run(ctx, `UPDATE op_credential SET hash = $1 WHERE account = $2`, hash, x.Account); err != nil {
			return err
		}
		if err := tx.Run(ctx, `DELETE FROM op_session WHERE account = $1 AND id <> $2`, x.Account, x.ID); err != nil {
			return err
		}
		return logLogin(ctx, tx, now, x.Account, address, "password-changed")
	})
	return firstOf(err, refusal)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// IssueSlips makes n one-time codes for a hall account, for printing once in
// the order given; earlier codes stop working. Only their hashes are kept.
func (s *Service) IssueSlips(ctx context.Context, actor, account string, n int) ([]string, error) {
	if n < 1 || n > 50 {
		return nil, desk.Wrong("count", "Mỗi phiếu có từ 1 đến 50 mã.", "A slip has 1 to 50 codes.")
	}
	codes := make([]string, n)
	rows := make([][]any, n)
	for i := range codes {
		code, err := newSlip()
		if err != nil {
			return nil, err
		}
		codes[i] = code
		rows[i] = []any{account, int64(i + 1), slipHash(account, code), ""}
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.mayHandOut(ctx, tx, actor, account); err != nil {
			return err
		}
		acc, _, err := Get(ctx, tx, account)
		if err != nil {
			return err
		}
		if acc.Type != Hall {
			return desk.Refuse("Phiếu mã giấy chỉ dùng cho tài khoản hội trường.", "Paper slips are for hall accounts only.")
		}
		if err := tx.Run(ctx, `DELETE FROM op_slip WHERE account = $1`, account); err != nil {
			return err
		}
		return tx.Insert(ctx, "op_slip", []string{"account", "number", "hash", "used_at"}, rows)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}
