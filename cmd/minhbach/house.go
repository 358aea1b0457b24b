package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/dossier"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/regulation"
	"minhbach/internal/report"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// rooms are the rooms of the house in the order in which their tables are made.
func rooms() []desk.Room {
	return []desk.Room{org.Room(), person.Room(), dossier.Room(), account.Room(), regulation.Room(), meeting.Room(), ballotbox.Room(), election.Room(), procedure.Room(), report.Room(), document.Room()}
}

// place says where the record stands: the same flags for every command that
// opens it.
type place struct {
	DB   string `help:"Cơ sở dữ liệu: sqlite:TỆP hoặc postgres://…; bỏ trống thì là tệp trong thư mục dữ liệu. (The database.)" placeholder:"DSN"`
	Data string `help:"Thư mục dữ liệu: khóa ký, điểm chứng, tệp cơ sở dữ liệu. (The data folder.)" default:"data" placeholder:"FOLDER"`
}

// dsn is the database named, or the file in the data folder.
func (p place) dsn() string {
	if p.DB != "" {
		return p.DB
	}
	return "sqlite:" + filepath.Join(p.Data, "minhbach.db")
}

// config opens the database (never making an SQLite file unless fresh) and
// assembles what the desk stands on. The caller closes the database.
func (p place) config(ctx context.Context, fresh bool, log *slog.Logger) (desk.Config, *account.Service, error) {
	none := desk.Config{}
	file, isFile := strings.CutPrefix(p.dsn(), "sqlite:")
	if _, err := os.Stat(file); isFile && !fresh && errors.Is(err, os.ErrNotExist) {
		return none, nil, badInput("%s: chưa có cơ sở dữ liệu ở đây (there is no database here)", file)
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return none, nil, failed("%s: không tạo được thư mục dữ liệu: %v (cannot make the data folder)", p.Data, err)
	}
	if n := store.SweepTemp(); n > 0 {
		log.Info("copies that a killed comparison had left in the temporary folder were removed", "copies", n)
	}
	base, err := rule.Builtin()
	if err != nil {
		return none, nil, err
	}
	if isFile {
		// A new file is for its owner alone; what SQLite lays beside it follows.
		if f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
			f.Close()
		}
	}
	db, err := store.Open(ctx, p.dsn())
	if err != nil {
		return none, nil, failed("không mở được cơ sở dữ liệu: %v (cannot open the database)", err)
	}
	accounts := account.Open(db)
	if err := accounts.UseKeyFile(filepath.Join(p.Data, "login.key")); err != nil {
		db.Close()
		return none, nil, failed("không dùng được khóa niêm mã đăng nhập: %v (cannot use the key that seals second factors)", err)
	}
	return desk.Config{
		DB: db, Rooms: rooms(), Authority: accounts, Rules: regulation.NewRuleBook(base),
		KeyFile: filepath.Join(p.Data, "log.key"), CheckpointFile: filepath.Join(p.Data, "checkpoint"), Log: log,
		Keep: []string{filepath.Join(p.Data, "vault.key"), filepath.Join(p.Data, "scan.key"), filepath.Join(p.Data, "login.key")},
	}, accounts, nil
}

// plain is a log for people at a terminal: time, level, words.
func plain(s *streams) *slog.Logger {
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// roomy lets the heap grow to four times what is in use before it is swept:
// the program keeps some tens of megabytes, and sweeping at twice that is felt
// in the slowest pages.
func roomy() { debug.SetGCPercent(300) }

func say(s *streams, format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }
