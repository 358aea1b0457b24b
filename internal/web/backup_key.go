package web

import (
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/drill"
	"minhbach/internal/store"
)

// keyView is what both pages show of the key of backups: the administrator's
// (Quản trị › Sao lưu) and that of who checks the ledger.
type keyView struct {
	Path          string
	Checker       bool
	Now, Open     *account.BackupKey
	NowBy, NowTwo string // who proposed and who confirmed
	OpenBy        string
	Alone         string // a key of an older release, set by one person; "" when there is none in force
	Mine          bool   // the open proposal is the user's own
	Other         bool   // … or of the user's own side: the other side confirms
	Secret        string // shown once, when the key was just made
	Form          *Form
}

// Public is the key in force, "" when there is none.
func (k keyView) Public() string {
	if k.Now != nil {
		return k.Now.Key
	}
	return k.Alone
}

func (c *Call) keyView(tx *store.Tx, f *Form, checker bool, secret string) (k keyView, err error) {
	k = keyView{Path: "/quan-tri/sao-luu", Checker: checker, Secret: secret, Form: f}
	if checker {
		k.Path = backupKeyPath
	}
	if f.Problem == nil {
		if f.Seen, err = desk.Seen(c.Ctx(), tx, account.BackupKeySubject); err != nil {
			return k, err
		}
	}
	if k.Now, k.Open, err = account.BackupKeys(c.Ctx(), tx); err != nil {
		return k, err
	}
	if k.Now != nil {
		k.NowBy, k.NowTwo = c.actorText(tx, k.Now.By), c.actorText(tx, k.Now.Second)
	} else {
		b, err := drill.Book(c.Ctx(), tx, "key", 1)
		if err != nil {
			return k, err
		}
		if len(b) > 0 {
			k.Alone = b[0].File
		}
	}
	if k.Open != nil {
		k.OpenBy = c.actorText(tx, k.Open.By)
		k.Mine, k.Other = k.Open.By == c.User.Account, k.Open.Checker == checker
	}
	return k, nil
}

// backupKeyPost does the acts about the key that both pages have; done is false
// when the form asks for something else. show draws the page again, with the
// secret half of a key just made.
func (c *Call) backupKeyPost(f *Form, checker bool, show func(f *Form, secret string) error) (done bool, err error) {
	again := func(f *Form) error { return show(f, "") }
	path := "/quan-tri/sao-luu"
	if checker {
		path = backupKeyPath
	}
	act := func(a desk.Act) (bool, error) {
		_, ok, err := c.Do(f, a)
		if err != nil || ok {
			return ok, err
		}
		return false, again(f)
	}
	proposed, err := int64(0), error(nil)
	if do := f.Text("do"); do == "confirm-key" || do == "refuse-key" {
		if proposed, err = proposedOf(f); err != nil {
			return true, c.again(f, err, again)
		}
	}
	switch f.Text("do") {
	case "new-key":
		secret, public, err := desk.NewBackupKey()
		if err != nil {
			return true, err
		}
		if ok, err := act(account.ProposeBackupKey{Key: public, Checker: checker}); !ok || err != nil {
			return true, err
		}
		var open *account.BackupKey
		if err := c.Read(func(tx *store.Tx) (err error) { _, open, err = account.BackupKeys(c.Ctx(), tx); return err }); err != nil {
			return true, err
		}
		if open == nil || open.Key != public { // the form was sent twice: the first answer held the secret
			return true, c.again(c.BlankForm(), desk.Refuse("Biểu mẫu này đã gửi rồi; khóa mở chỉ hiện ở lần đầu. Nếu chưa chép được, hãy bỏ đề nghị và tạo khóa khác.", "This form was sent before; the secret key was shown the first time only. If it was not copied, drop the proposal and make another key."), again)
		}
		return true, show(c.BlankForm(), secret)
	case "set-key":
		if ok, err := act(account.ProposeBackupKey{Key: strings.TrimSpace(f.Value("public")), Checker: checker}); !ok || err != nil {
			return true, err
		}
	case "confirm-key":
		if ok, err := act(account.ConfirmBackupKey{Proposed: proposed, Checker: checker, Tail: f.Text("tail")}); !ok || err != nil {
			return true, err
		}
	case "refuse-key":
		if ok, err := act(account.RefuseBackupKey{Proposed: proposed, Checker: checker}); !ok || err != nil {
			return true, err
		}
	default:
		return false, nil
	}
	return true, c.Redirect(path)
}

const backupKeyPath = "/nhat-ky/khoa-sao-luu"

type backupKeyData struct{ Key keyView }

var backupKeyPage = page[backupKeyData]("backup_key")

// backupKeyGet is the page of the key for who checks the ledger: head of the
// Commission and auditors, who open no accounts and take no backups.
func (s *Server) backupKeyGet(c *Call) error { return c.showBackupKey(c.BlankForm(), "") }

func (c *Call) showBackupKey(f *Form, secret string) error {
	if err := c.requireWhole(desk.CheckLedger); err != nil {
		return err
	}
	var d backupKeyData
	if err := c.Read(func(tx *store.Tx) (err error) { d.Key, err = c.keyView(tx, f, true, secret); return err }); err != nil {
		return err
	}
	return backupKeyPage.show(c, d)
}

func (s *Server) backupKeyPagePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	done, err := c.backupKeyPost(f, true, c.showBackupKey)
	if err == nil && !done {
		return errNotFound
	}
	return err
}

// backupKeyTasks says on the desk page that a key waits for its second person.
func backupKeyTasks(c *Call, tx *store.Tx) ([]Task, error) {
	checker, admin := c.User.Has(desk.CheckLedger), c.User.Has(desk.Administer)
	if !checker && !admin {
		return nil, nil
	}
	_, open, err := account.BackupKeys(c.Ctx(), tx)
	if err != nil || open == nil || open.Checker && !admin || !open.Checker && !checker {
		return nil, err
	}
	path := backupKeyPath
	if open.Checker {
		path = "/quan-tri/sao-luu"
	}
	return []Task{{Title: c.T("backup.task"), Detail: c.T("backup.task.by", c.actorText(tx, open.By)), Path: path, Missing: c.T("backup.task.missing"), Waiting: c.T("home.me")}}, nil
}
