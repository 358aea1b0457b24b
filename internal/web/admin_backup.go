package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/drill"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// backupData is the page of backups: when the last one and the last drill were,
// the key they are made to, and one button for each.
type backupData struct {
	Form          *Form
	Ready         bool // a folder for backups is there
	Key           keyView
	Backups       []backupLineView
	Drills        []drill.Line
	Last, Drilled *drill.Line
	Drilling      bool
	Scans         int64
	Old           bool // the last backup is older than a week, or there is none
}

type backupLineView struct {
	drill.Line
	Size string
	Path string // "" when the file is no longer in the folder
}

var backupPage = page[backupData]("admin_backup")

// backupName is a file of the folder of backups as the page names it.
var backupName = regexp.MustCompile(`^minhbach-[0-9]{8}-[0-9]{6}\.age$`)

// oldBackup is when the page begins to warn; no regulation asks for it.
const oldBackup = 7 * 24 * time.Hour

func (s *Server) backupGet(c *Call) error { return c.showBackup(nil, "") }

func (c *Call) showBackup(f *Form, secret string) error {
	if f == nil {
		f = c.BlankForm()
	}
	d := backupData{Form: f, Ready: c.s.backups != "", Drilling: c.s.drilling.Load()}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Key, err = c.keyView(tx, f, false, secret); err != nil {
			return err
		}
		made, err := drill.Book(c.Ctx(), tx, "backup", 20)
		if err != nil {
			return err
		}
		for _, l := range made {
			v := backupLineView{Line: l, Size: sizeText(c.Lang, l.Size)}
			if backupName.MatchString(l.File) && d.Ready {
				if _, err := os.Stat(filepath.Join(c.s.backups, l.File)); err == nil {
					v.Path = "/quan-tri/sao-luu/tep/" + l.File
				}
			}
			d.Backups = append(d.Backups, v)
		}
		if d.Drills, err = drill.Book(c.Ctx(), tx, "drill", 20); err != nil {
			return err
		}
		d.Scans, _, err = vault.Count(c.Ctx(), tx)
		return err
	})
	if err != nil {
		return err
	}
	if len(d.Backups) > 0 {
		d.Last = &d.Backups[0].Line
	}
	if len(d.Drills) > 0 {
		d.Drilled = &d.Drills[0]
	}
	d.Old = d.Last == nil || c.s.clock().Sub(d.Last.At) > oldBackup
	return backupPage.show(c, d)
}

// backupKeyOf is the public key that backups are made to, "" before one is in
// force: the one two persons agreed on, or of an older release the one in the
// book.
func backupKeyOf(ctx context.Context, tx *store.Tx) (string, error) {
	now, _, err := account.BackupKeys(ctx, tx)
	if err != nil || now != nil {
		if now != nil {
			return now.Key, nil
		}
		return "", err
	}
	b, err := drill.Book(ctx, tx, "key", 1)
	if err != nil || len(b) == 0 {
		return "", err
	}
	return b[0].File, nil
}

// backupPost proposes or confirms the key, makes a backup, or starts a drill.
func (s *Server) backupPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	if s.backups == "" {
		return errNotFound
	}
	again := func(f *Form) error { return c.showBackup(f, "") }
	if done, err := c.backupKeyPost(f, false, c.showBackup); done || err != nil {
		return err
	}
	switch f.Text("do") {
	case "backup":
		if err := s.makeBackup(c.Ctx()); err != nil {
			return c.again(f, plainError("", err), again)
		}
	case "drill":
		if err := s.startDrill(c.Ctx(), strings.TrimSpace(f.Value("key"))); err != nil {
			return c.again(f, err, again)
		}
	default:
		return errNotFound
	}
	return c.Redirect("/quan-tri/sao-luu")
}

// plainError shows what a backup said, which is in both languages already.
func plainError(field string, err error) error {
	var no *desk.Error
	if errors.As(err, &no) {
		return no
	}
	return desk.Wrong(field, err.Error(), err.Error())
}

// makeBackup writes a backup beside its name and renames it when it is whole.
func (s *Server) makeBackup(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	public := ""
	if err := s.db.Read(ctx, func(tx *store.Tx) (err error) { public, err = backupKeyOf(ctx, tx); return err }); err != nil {
		return err
	}
	if public == "" {
		return desk.Wrong("public", "Chưa có khóa nhận được hai người thống nhất: tạo hoặc nhập khóa, rồi người thứ hai xác nhận. Bản sao lưu luôn được mã hóa.", "No key is agreed on by two persons yet: make or enter one, then have it confirmed. Backups are always encrypted.")
	}
	if err := os.MkdirAll(s.backups, 0o700); err != nil {
		return err
	}
	name := "minhbach-" + s.clock().In(zone).Format("20060102-150405") + ".age"
	part, err := os.CreateTemp(s.backups, ".part-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // after the rename there is none
	err = s.desk.Backup(ctx, part, public)
	size, _ := part.Seek(0, io.SeekEnd)
	if err = errors.Join(err, part.Sync(), part.Close()); err == nil {
		err = os.Rename(part.Name(), filepath.Join(s.backups, name))
	}
	l := drill.Line{At: s.clock(), What: "backup", OK: err == nil, File: name, Size: size}
	if err != nil {
		l.Wrong = err.Error()
	}
	return errors.Join(err, drill.Write(ctx, s.db, l))
}

// startDrill tries a restore out, in the background: with the office's own key,
// the last backup of the folder; without one, a fresh backup made to a key of
// the moment, which shows that backup and restore work but not that the
// office's key does.
func (s *Server) startDrill(ctx context.Context, key string) error {
	var file string
	if key != "" {
		names, err := filepath.Glob(filepath.Join(s.backups, "minhbach-*.age"))
		if err != nil || len(names) == 0 {
			return desk.Wrong("key", "Chưa có bản sao lưu nào trong thư mục; hãy sao lưu trước.", "There is no backup in the folder yet; make one first.")
		}
		file = names[len(names)-1] // names sort by time
	}
	if !s.drilling.CompareAndSwap(false, true) {
		return desk.Refuse("Đang có một lần diễn tập; hãy đợi xong.", "A drill is on its way; wait for it.")
	}
	ctx = context.WithoutCancel(ctx)
	go func() {
		defer s.drilling.Store(false)
		l := drill.Line{What: "drill", File: filepath.Base(file)}
		rep, err := s.drill(ctx, file, key)
		if l.OK, l.Report = err == nil, &rep; err != nil {
			l.Report, l.Wrong = nil, err.Error()
		}
		if file == "" {
			l.File = ""
		}
		l.At = s.clock()
		if err := drill.Write(ctx, s.db, l); err != nil {
			s.log.Error("the drill could not be noted in the book", "error", err)
		}
	}()
	return nil
}

func (s *Server) drill(ctx context.Context, file, key string) (rep drill.Report, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("lỗi chương trình khi diễn tập (a fault of the program): %v", p)
		}
	}()
	if file == "" {
		secret, public, err := desk.NewBackupKey()
		if err != nil {
			return rep, err
		}
		dir, remove, err := store.TempFolder() // what a killed program leaves is swept
		if err != nil {
			return rep, err
		}
		defer remove()
		temp, err := os.Create(filepath.Join(dir, "backup.age"))
		if err != nil {
			return rep, err
		}
		defer temp.Close()
		if err := s.desk.Backup(ctx, temp, public); err != nil {
			return rep, err
		}
		if _, err := temp.Seek(0, io.SeekStart); err != nil {
			return rep, err
		}
		return drill.Run(ctx, temp, secret, s.desk.Elsewhere, Migrate)
	}
	raw, err := os.Open(file)
	if err != nil {
		return rep, err
	}
	defer raw.Close()
	return drill.Run(ctx, raw, key, s.desk.Elsewhere, Migrate)
}

// backupFileGet hands out a backup, encrypted as it is.
func (s *Server) backupFileGet(c *Call) error {
	name := c.R.PathValue("name")
	if s.backups == "" || !backupName.MatchString(name) {
		return errNotFound
	}
	f, err := os.Open(filepath.Join(s.backups, name))
	if errors.Is(err, os.ErrNotExist) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := c.Viewed("backup/"+name, c.T("backup.taken")); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "private, no-store")
	_, err = io.Copy(c.W, f)
	return err
}
