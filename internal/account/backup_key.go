package account

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

const (
	kindKeyProposed  = "account.backup-key-proposed/1"
	kindKeyConfirmed = "account.backup-key-confirmed/1"
	kindKeyRefused   = "account.backup-key-refused/1"
)

// BackupKeySubject is the subject of the key that backups are made to: there is
// one.
const BackupKeySubject = "backup-key/house"

// ProposeBackupKey proposes the public key that backups are to be made to. It
// does nothing before another person confirms it: who could set a key of his
// own and take a backup would read everything. Proposer and confirmer are an
// administrator and who checks the ledger (head of the Commission, auditor), in
// either order: Checker says which of both proposes.
type ProposeBackupKey struct {
	Key     string // public half, age1…
	Checker bool
}

// ConfirmBackupKey is the word of the second person, of the other right.
//
// Tail are the last eight characters of the key, read from the paper on which
// the office keeps it: who confirms has it in hand.
type ConfirmBackupKey struct {
	Proposed int64
	Tail     string
	Checker  bool
}

const keyTail = 8

// RefuseBackupKey closes a proposal without effect; its proposer takes it back
// in the same way.
type RefuseBackupKey struct {
	Proposed int64
	Checker  bool
}

// BackupKey is a key as proposed or in force.
type BackupKey struct {
	Key      string
	Proposed int64 // entry
	By       string
	Checker  bool  // proposed by who checks the ledger
	Entry    int64 // that confirmed it, -1 while it is open
	Second   string
}

type keyBody struct {
	Key      string `json:"key,omitzero"`
	Checker  bool   `json:"checker,omitzero"`
	Proposed *int64 `json:"proposed,omitzero"`
}

func keyNeed(checker bool) desk.Need {
	if checker {
		return desk.Need{Right: desk.CheckLedger}
	}
	return desk.Need{Right: desk.Administer}
}

// Name, Subject and Need make it an act about the key.
func (a ProposeBackupKey) Name() string    { return "account.propose-backup-key" }
func (a ProposeBackupKey) Subject() string { return BackupKeySubject }
func (a ProposeBackupKey) Need() desk.Need { return keyNeed(a.Checker) }

// Name, Subject and Need make it an act about the key.
func (a ConfirmBackupKey) Name() string    { return "account.confirm-backup-key" }
func (a ConfirmBackupKey) Subject() string { return BackupKeySubject }
func (a ConfirmBackupKey) Need() desk.Need { return keyNeed(a.Checker) }

// Name, Subject and Need make it an act about the key.
func (a RefuseBackupKey) Name() string    { return "account.refuse-backup-key" }
func (a RefuseBackupKey) Subject() string { return BackupKeySubject }
func (a RefuseBackupKey) Need() desk.Need { return keyNeed(a.Checker) }

// Decide refuses what is no public key, the key in force, and a second
// proposal beside one that is open.
func (a ProposeBackupKey) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	a.Key = strings.TrimSpace(a.Key)
	if !desk.ValidBackupKey(a.Key) {
		return nil, desk.Wrong("public", "Khóa nhận bắt đầu bằng age1 và phải chép đủ chữ. Đừng dán khóa mở (bí mật) vào đây.", "The public key begins with age1 and must be copied whole. Do not paste the secret key here.")
	}
	now, open, err := BackupKeys(ctx, s.Tx)
	switch {
	case err != nil:
		return nil, err
	case open != nil:
		return nil, desk.Refuse("Đang có một khóa chờ người thứ hai; hãy xác nhận hoặc bỏ đề nghị ấy trước.", "A key waits for its second person; confirm or drop that proposal first.")
	case now != nil && now.Key == a.Key:
		return nil, desk.Wrong("public", "Đây đang là khóa nhận.", "This is the key in force.")
	}
	return []desk.Draft{{Kind: kindKeyProposed, Subjects: []string{BackupKeySubject}, Body: keyBody{Key: a.Key, Checker: a.Checker}}}, nil
}

// Decide demands another person, of the other right.
func (a ConfirmBackupKey) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := openKey(ctx, s.Tx, a.Proposed)
	if err != nil {
		return nil, err
	}
	if p.Checker == a.Checker {
		return nil, desk.Refuse("Khóa do quản trị đề nghị thì lãnh đạo Ban hoặc người kiểm tra, giám sát xác nhận, và ngược lại.",
			"A key proposed by an administrator is confirmed by the head of the Commission or an auditor, and the other way round.")
	}
	if p.By == s.Actor {
		return nil, desk.Refuse("Người đề nghị không tự xác nhận được: cần người thứ hai.", "Whoever proposed it cannot confirm it: a second person is needed.")
	}
	if one, err := OnePerson(ctx, s.Tx, p.By, s.Actor); err != nil {
		return nil, err
	} else if one {
		return nil, desk.Refuse("Hai tài khoản này của cùng một người: cần người thứ hai.", "Both accounts belong to one person: a second person is needed.")
	}
	if len(a.Tail) != keyTail || !strings.HasSuffix(p.Key, strings.ToLower(a.Tail)) {
		return nil, desk.Wrong("tail", "Tám ký tự này không khớp đuôi của khóa được đề nghị. Hãy đọc từ tờ giấy ghi khóa mà cơ quan cất giữ; nếu giấy ghi khác, đừng xác nhận.",
			"These eight characters are not the end of the key proposed. Read them from the paper the office keeps; if the paper says otherwise, do not confirm.")
	}
	return []desk.Draft{{Kind: kindKeyConfirmed, Subjects: []string{BackupKeySubject}, Body: keyBody{Proposed: &p.Proposed}}}, nil
}

// Decide refuses what is not open.
func (a RefuseBackupKey) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	p, err := openKey(ctx, s.Tx, a.Proposed)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindKeyRefused, Subjects: []string{BackupKeySubject}, Body: keyBody{Proposed: &p.Proposed}}}, nil
}

func openKey(ctx context.Context, tx *store.Tx, entry int64) (*BackupKey, error) {
	_, open, err := BackupKeys(ctx, tx)
	if err == nil && (open == nil || open.Proposed != entry) {
		err = desk.Missing("Không còn đề nghị này.", "There is no such proposal any more.")
	}
	return open, err
}

// BackupKeys are the key in force and the one that waits for its second person;
// nil when there is none. They are read from the ledger itself: no table
// follows these kinds.
func BackupKeys(ctx context.Context, tx *store.Tx) (now, open *BackupKey, err error) {
	rs, err := desk.Chain(ctx, tx, BackupKeySubject)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rs {
		var b keyBody
		if err := json.Unmarshal(r.Body, &b); err != nil {
			return nil, nil, fmt.Errorf("account: entry %d: %w", r.Index, err)
		}
		switch r.Kind {
		case kindKeyProposed:
			open = &BackupKey{Key: b.Key, Proposed: r.Index, By: r.Actor, Checker: b.Checker, Entry: -1}
		case kindKeyConfirmed:
			if open != nil {
				open.Entry, open.Second = r.Index, r.Actor
			}
			now, open = open, nil
		case kindKeyRefused:
			open = nil
		}
	}
	return now, open, nil
}
