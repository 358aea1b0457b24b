package account

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// rawSecret is what the database holds of an account's second factor.
func (h *house) rawSecret(t *testing.T, account string) (raw []byte) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *store.Tx) error {
		c, _, err := credentialOf(t.Context(), tx, account)
		raw = c.totp
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return raw
}

// The database alone makes no code: the secret stands sealed, for its account
// only, and under another key nobody gets in by it.
func TestSecondFactorIsSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		const who = "account/thuky"
		raw := h.rawSecret(t, who)
		secret, err := h.s.unseal("credential", who, raw)
		if err != nil || len(secret) != bareSecret || bytes.Contains(raw, secret) || !bytes.HasPrefix(raw, sealMark) {
			t.Fatalf("the secret stands as %x (%v)", raw, err)
		}
		h.login(t, "thuky")
		if _, err := h.s.unseal("credential", "account/quantri", raw); err == nil {
			t.Error("one account's secret opens for another")
		}
		changed := bytes.Clone(raw)
		changed[len(changed)-1] ^= 1
		if _, err := h.s.unseal("credential", who, changed); err == nil {
			t.Error("a changed secret opens")
		}
		code := h.code(t, who)
		if err := h.s.UseKeyFile(filepath.Join(t.TempDir(), "login.key")); err != nil { // a key is lost
			t.Fatal(err)
		}
		_, err = h.s.Login(t.Context(), "thuky", goodPassword, code, "127.0.0.1")
		var no *desk.Error
		if !errors.As(err, &no) || no.Code != desk.Denied {
			t.Errorf("with another key: %v", err)
		}
		link, err := h.s.FirstLink(t.Context(), h.Desk)
		if err != nil || link == "" {
			t.Fatalf("no administrator can get in once the key is lost: %q %v", link, err)
		}
		h.enrol(t, link)
		if link, err = h.s.FirstLink(t.Context(), h.Desk); err != nil || link != "" {
			t.Errorf("a link again though the administrator is back: %q %v", link, err)
		}
	})
}

// What an older release left bare is sealed, once, and opens as before.
func TestOldSecretsAreSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := start(t, db)
		const who = "account/thuky"
		bare, err := h.s.unseal("credential", who, h.rawSecret(t, who))
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE op_credential SET totp = $1 WHERE account = $2`, bare, who)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.login(t, "thuky") // even before
		for _, want := range []int{1, 0} {
			if n, err := h.s.SealOld(t.Context()); err != nil || n != want {
				t.Errorf("%d secrets sealed (%v), want %d", n, err, want)
			}
		}
		if raw := h.rawSecret(t, who); bytes.Contains(raw, bare) {
			t.Error("the secret stands bare still")
		}
		h.clock.Add(2 * totpStep * 1e9)
		h.login(t, "thuky")
	})
}

// The key file is made once, for its owner alone, and read again; a damaged
// one is refused, never replaced.
func TestSealingKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "login.key")
	a, b := Open(nil), Open(nil)
	if err := a.UseKeyFile(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v %v", info, err)
	}
	sealed, err := a.seal("credential", "account/a", bytes.Repeat([]byte{7}, bareSecret))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.UseKeyFile(path); err != nil {
		t.Fatal(err)
	}
	if got, err := b.unseal("credential", "account/a", sealed); err != nil || got[0] != 7 {
		t.Errorf("read again: %v %v", got, err)
	}
	if err := os.WriteFile(path, []byte("xyz"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.UseKeyFile(path); err == nil {
		t.Error("a damaged key file was taken")
	}
	if left, _ := os.ReadFile(path); string(left) != "xyz" {
		t.Error("the damaged key file was replaced")
	}
}
