package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"strings"
	"time"

	"minhbach/internal/store"
)

// credential is the row of op_credential.
type credential struct {
	account string
	hash    string
	totp    []byte
	totpAt  int64
}

func credentialOf(ctx context.Context, tx *store.Tx, account string) (credential, bool, error) {
	rows, err := tx.Query(ctx, `SELECT account, hash, totp, totp_at FROM op_credential WHERE account = $1`, account)
	if err != nil {
		return credential{}, false, err
	}
	defer rows.Close()
	var c credential
	found := false
	for rows.Next() {
		found = true
		if err := rows.Scan(&c.account, &c.hash, &c.totp, &c.totpAt); err != nil {
			return c, false, err
		}
	}
	return c, found, rows.Err()
}

func putCredential(ctx context.Context, tx *store.Tx, c credential, at string) error {
	if err := tx.Run(ctx, `DELETE FROM op_credential WHERE account = $1`, c.account); err != nil {
		return err
	}
	if c.totp == nil {
		c.totp = []byte{}
	}
	return tx.Insert(ctx, "op_credential", []string{"account", "hash", "set_at", "totp", "totp_at"}, [][]any{{c.account, c.hash, at, c.totp, c.totpAt}})
}

// newToken is 256 random bits as text for cookies and links.
func newToken() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// slipLetters has no letter that is taken for another on paper.
var slipLetters = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// newSlip is a code of 12 letters, 60 bits, in three groups.
func newSlip() (string, error) {
	b := make([]byte, 8)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	s := slipLetters.EncodeToString(b)[:12]
	return s[:4] + "-" + s[4:8] + "-" + s[8:], nil
}

func slipHash(account, code string) string {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	return digest("slip", account+"\n"+code)
}

// useSlip spends one unused code.
func useSlip(ctx context.Context, tx *store.Tx, account, code string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE op_slip SET used_at = $1 WHERE account = $2 AND hash = $3 AND used_at = ''`, timeText(now), account, slipHash(account, code))
	return n == 1, err
}
