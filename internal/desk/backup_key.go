package desk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// NewBackupKey makes a key that the office keeps apart from the machine (on
// paper, on a stick in the safe): backups are encrypted to its public half,
// which the machine may know, and opened by its secret half, which it need not.
func NewBackupKey() (secret, public string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return id.String(), id.Recipient().String(), nil
}

// ValidBackupKey says whether text is the public half of such a key.
func ValidBackupKey(text string) bool {
	_, err := age.ParseX25519Recipient(text)
	return err == nil
}

// recipientOf is whom a backup is encrypted to: the public half of a key, or a
// passphrase.
func recipientOf(key string) (age.Recipient, error) {
	if strings.HasPrefix(key, "AGE-SECRET-KEY-") {
		return nil, both("đây là khóa mở (bí mật); sao lưu cần khóa nhận, bắt đầu bằng age1", "this is the secret key; a backup is made to the public one, which begins with age1")
	}
	if strings.HasPrefix(key, "age1") {
		to, err := age.ParseX25519Recipient(key)
		if err != nil {
			return nil, both("khóa nhận không đúng: %v", "the public key is not valid: %v", err)
		}
		return to, nil
	}
	return age.NewScryptRecipient(key)
}

// identityOf is what opens a backup: the secret half of a key, or a passphrase.
func identityOf(key string) (age.Identity, error) {
	if strings.HasPrefix(key, "age1") {
		return nil, both("đây là khóa nhận; mở bản sao lưu cần khóa mở, bắt đầu bằng AGE-SECRET-KEY-", "this is the public key; opening needs the secret one, which begins with AGE-SECRET-KEY-")
	}
	if strings.HasPrefix(key, "AGE-SECRET-KEY-") {
		id, err := age.ParseX25519Identity(key)
		if err != nil {
			return nil, both("khóa mở chép sai hoặc thiếu chữ", "the secret key is copied wrongly or cut")
		}
		return id, nil
	}
	return age.NewScryptIdentity(key)
}

// backupKey is a key file of the house inside an encrypted backup.
type backupKey struct {
	Name    string `json:"name"` // of the file, without folder
	Content []byte `json:"content"`
}

const maxKeys = 20

// readKeys reads the key files that an encrypted backup takes along; those that
// are not there yet are left out.
func (b *backup) readKeys() ([]backupKey, error) {
	if !b.keys {
		return nil, nil
	}
	var out []backupKey
	for _, f := range b.d.cfg.Keep {
		raw, err := os.ReadFile(f)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, both("không đọc được tệp khóa %s: %v", "cannot read the key file %s: %v", f, err)
		}
		out = append(out, backupKey{filepath.Base(f), raw})
	}
	return out, nil
}

// writeKeys puts the key files of a backup into place, as the last thing before
// the restore is committed. It knows only the files that this house keeps, and
// never overwrites another key.
func (in *restore) writeKeys() error {
	for _, k := range in.keys {
		for _, f := range in.d.cfg.Keep {
			if filepath.Base(f) != k.Name {
				continue
			}
			have, err := os.ReadFile(f)
			switch {
			case err == nil && bytes.Equal(have, k.Content):
				continue
			case err == nil:
				return both("đã có tệp khóa %s khác với khóa trong bản sao lưu; hãy phục hồi vào thư mục trống", "the key file %s is there and differs from the one in the backup; restore into an empty folder", f)
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
			if err := writeFile(f, k.Content, true); err != nil {
				return err
			}
			in.made = append(in.made, f)
		}
	}
	return nil
}

// Elsewhere is the configuration of this desk on another, empty database with
// its files in another folder: for trying a restore.
func (d *Desk) Elsewhere(dir string) Config {
	cfg := d.cfg
	cfg.DB = nil
	cfg.KeyFile, cfg.CheckpointFile = filepath.Join(dir, "log.key"), filepath.Join(dir, "checkpoint")
	cfg.Keep = nil
	for _, f := range d.cfg.Keep {
		cfg.Keep = append(cfg.Keep, filepath.Join(dir, filepath.Base(f)))
	}
	return cfg
}
