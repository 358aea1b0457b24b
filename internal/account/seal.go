package account

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Secrets of second factors stand in the database sealed (AES-256-GCM), bound
// to their account, under a key that stands outside it: whoever gets the
// database file or a backup alone cannot make codes. Without a key file the key
// lives as long as the service (tests).

// sealMark begins a sealed secret; older rows hold the bare 20 bytes.
var sealMark = []byte("mbs1")

const bareSecret = 20

func newSealer(key []byte) (cipher.AEAD, error) {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(b)
}

// UseKeyFile reads the sealing key from its file, 64 hex digits, or makes it,
// readable by its owner alone. Call it before the service is used.
func (s *Service) UseKeyFile(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return err
		}
		text = []byte(hex.EncodeToString(key) + "\n")
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("account: sealing key: %w", err)
		}
		_, err = f.Write(text)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			os.Remove(path) // half a key would lock everybody out at the next start
			return fmt.Errorf("account: sealing key: %w", err)
		}
	} else if err != nil {
		return fmt.Errorf("account: sealing key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return fmt.Errorf("tệp khóa %s không phải 64 chữ số thập lục phân (the key file does not hold 64 hex digits)", path)
	}
	s.sealer, err = newSealer(key)
	return err
}

// seal closes a secret for one account; where says in which table it stands.
func (s *Service) seal(where, account string, secret []byte) ([]byte, error) {
	if len(secret) == 0 {
		return []byte{}, nil
	}
	nonce := make([]byte, s.sealer.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	out := append(bytes.Clone(sealMark), nonce...)
	return s.sealer.Seal(out, nonce, secret, []byte(where+"\n"+account)), nil
}

// unseal opens what seal closed; a bare secret of an older release is given as
// it is. It answers a *desk.Error when the key is another one.
func (s *Service) unseal(where, account string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || len(sealed) == bareSecret && !bytes.HasPrefix(sealed, sealMark) {
		return sealed, nil
	}
	n := len(sealMark) + s.sealer.NonceSize()
	if len(sealed) > n && bytes.HasPrefix(sealed, sealMark) {
		if secret, err := s.sealer.Open(nil, sealed[len(sealMark):n], sealed[n:], []byte(where+"\n"+account)); err == nil {
			return secret, nil
		}
	}
	return nil, desk.Deny(
		"Máy này không có khóa đã niêm mã xác thực của tài khoản (tệp login.key). Hãy đặt lại tệp khóa, hoặc xin người quản trị liên kết mới để gắn lại điện thoại.",
		"This machine does not have the key under which the account's second factor was sealed (file login.key). Put the key file back, or ask the administrator for a new link and bind the phone anew.")
}

// SealOld seals what an older release left bare in the database; it returns how
// many secrets that were. The tables must be there (the desk is open).
func (s *Service) SealOld(ctx context.Context) (int, error) {
	n := 0
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		n = 0
		for where, table := range map[string]string{"credential": "op_credential", "invite": "op_invite"} {
			bare, err := bareSecrets(ctx, tx, table)
			if err != nil {
				return err
			}
			for account, secret := range bare {
				sealed, err := s.seal(where, account, secret)
				if err != nil {
					return err
				}
				if err := tx.Run(ctx, `UPDATE `+table+` SET totp = $1 WHERE account = $2`, sealed, account); err != nil {
					return err
				}
				n++
			}
		}
		return nil
	})
	if err == nil && n > 0 {
		err = s.db.Truncate(ctx) // no bare copy stays in the write-ahead log
	}
	if err != nil {
		return n, fmt.Errorf("account: seal older secrets: %w", err)
	}
	return n, nil
}

func bareSecrets(ctx context.Context, tx *store.Tx, table string) (map[string][]byte, error) {
	rows, err := tx.Query(ctx, `SELECT account, totp FROM `+table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]byte{}
	for rows.Next() {
		var account string
		var secret []byte
		if err := rows.Scan(&account, &secret); err != nil {
			return nil, err
		}
		if len(secret) == bareSecret && !bytes.HasPrefix(secret, sealMark) {
			out[account] = secret
		}
	}
	return out, rows.Err()
}
