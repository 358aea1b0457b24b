package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/drill"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/web"
)

// VerifyCmd is minhbach-verify inside the program: the same code.
type VerifyCmd struct {
	Args []string `arg:"" optional:"" passthrough:"" help:"GÓI [--key KHÓA] [--paper MÃ]… (BUNDLE [--key VKEY] [--paper CODE]…)"`
}

// Run verifies a bundle; the exit status is the verifier's.
func (c *VerifyCmd) Run(s *streams) error {
	if code := bundle.Main(c.Args, s.in, s.out, s.err); code != 0 {
		return quiet(code)
	}
	return nil
}

// quiet ends the program with a status when everything has been said.
type quiet int

func (q quiet) Error() string { return "" }
func (q quiet) ExitCode() int { return int(q) }

// RebuildCmd replays the ledger and compares the tables.
type RebuildCmd struct {
	place
	Check bool `help:"Dựng lại từ nhật ký vào cơ sở dữ liệu trống và so từng bảng. (Replay into an empty database and compare.)" required:""`
}

// Run exits with 1 when a table differs, naming where.
func (c *RebuildCmd) Run(s *streams) error {
	ctx, stop := untilInterrupt()
	defer stop()
	cfg, _, err := c.config(ctx, false, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	diffs, err := desk.RebuildCheck(ctx, cfg)
	if err != nil {
		return err
	}
	if _, err := os.Stat(cfg.CheckpointFile); err != nil {
		say(s, "Không thấy tệp điểm kiểm tra %s: phần cuối nhật ký nếu bị cắt thì không phát hiện được. Hãy chỉ đúng thư mục bằng --data. (The checkpoint file is not there: a cut end of the ledger cannot be found. Name the folder with --data.)", cfg.CheckpointFile)
	}
	if len(diffs) == 0 {
		fmt.Fprintln(s.out, "Các bảng khớp với nhật ký chứng thực. (The tables agree with the ledger.)")
		return nil
	}
	for _, d := range diffs {
		fmt.Fprintln(s.out, d)
	}
	return failed("%d chỗ khác với nhật ký chứng thực (%d differences from the ledger)", len(diffs), len(diffs))
}

// BackupCmd writes a database-neutral backup while the server runs.
type BackupCmd struct {
	place
	File           string `arg:"" help:"Tệp sao lưu, chưa được có. (Backup file, must not exist.)"`
	PassphraseFile string `help:"Mã hóa bằng mật khẩu ở dòng đầu tệp này. (Encrypt with the passphrase in this file.)" placeholder:"FILE"`
	To             string `help:"Mã hóa cho khóa nhận (age1…) mà cơ quan giữ khóa mở ở nơi khác; xem lệnh backup-key. (Encrypt to a public key.)" placeholder:"AGE1"`
}

// Run writes beside the target and renames at the end.
func (c *BackupCmd) Run(s *streams) error {
	ctx, stop := untilInterrupt()
	defer stop()
	if _, err := os.Lstat(c.File); err == nil {
		return badInput("%s: đã có tệp này, không ghi đè (the file exists and is not overwritten)", c.File)
	}
	pass, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	if c.To != "" {
		if pass != "" || !desk.ValidBackupKey(c.To) {
			return badInput("--to: cần một khóa nhận bắt đầu bằng age1, và không dùng cùng mật khẩu (a public key age1…, and no passphrase beside it)")
		}
		pass = c.To
	}
	cfg, _, err := c.config(ctx, false, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	// For its owner alone: it holds what no page shows.
	if err := writeFile(c.File, 0o600, func(w io.Writer) error { return desk.Backup(ctx, cfg, w, pass) }); err != nil {
		return err
	}
	size := int64(0)
	if info, err := os.Stat(c.File); err == nil {
		size = info.Size()
	}
	if err := drill.Write(ctx, cfg.DB, drill.Line{At: time.Now(), What: "backup", OK: true, File: filepath.Base(c.File), Size: size}); err != nil {
		say(s, "Sao lưu xong, nhưng chưa ghi được vào sổ sao lưu: %v (backed up, but not noted in the book)", err)
	}
	if pass == "" {
		say(s, "Bản sao lưu này KHÔNG mã hóa và không mang các tệp khóa vault.key, scan.key, login.key: hãy giữ riêng các tệp ấy. (Not encrypted, and without the key files: keep them apart.)")
	}
	fmt.Fprintf(s.out, "Đã sao lưu vào %s. (Backed up.)\n", c.File)
	return nil
}

// BackupKeyCmd makes the key that the office keeps apart from the machine.
type BackupKeyCmd struct {
	File string `arg:"" help:"Tệp ghi khóa mở, chưa được có. (File for the secret key, must not exist.)"`
}

// Run writes the secret half and prints the public one.
func (c *BackupKeyCmd) Run(s *streams) error {
	secret, public, err := desk.NewBackupKey()
	if err != nil {
		return err
	}
	f, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return badInput("%s: không ghi được tệp khóa (đã có?): %v (cannot write the key file)", c.File, err)
	}
	_, err = fmt.Fprintln(f, secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(c.File)
		return err
	}
	fmt.Fprintf(s.out, "%s\n", public)
	say(s, "Khóa mở đã ghi vào %s: cất nơi khác máy này, in ra giấy một bản; mất nó thì không mở được bản sao lưu nào. Dòng trên là khóa nhận, dùng với backup --to. (Keep the secret key apart from this machine; above is the public one.)", c.File)
	return nil
}

// DrillCmd tries a backup out.
type DrillCmd struct {
	place
	File           string `arg:"" help:"Tệp sao lưu. (Backup file.)"`
	PassphraseFile string `help:"Mật khẩu hoặc khóa mở ở dòng đầu tệp này. (Passphrase or secret key in this file.)" placeholder:"FILE"`
}

// Run restores into a temporary database, verifies, rebuilds and opens scans.
func (c *DrillCmd) Run(s *streams) error {
	ctx, stop := untilInterrupt()
	defer stop()
	f, err := os.Open(c.File)
	if err != nil {
		return badInput("%s: không mở được: %v (cannot open)", c.File, err)
	}
	defer f.Close()
	pass, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	base, err := rule.Builtin()
	if err != nil {
		return err
	}
	elsewhere := func(dir string) desk.Config {
		return desk.Config{Rooms: rooms(), Authority: account.Open(nil), Rules: regulation.NewRuleBook(base), KeyFile: filepath.Join(dir, "log.key"), CheckpointFile: filepath.Join(dir, "checkpoint"),
			Keep: []string{filepath.Join(dir, "vault.key"), filepath.Join(dir, "scan.key"), filepath.Join(dir, "login.key")}, Log: plain(s)}
	}
	rep, err := drill.Run(ctx, f, pass, elsewhere, web.Migrate)
	note := drill.Line{At: time.Now(), What: "drill", OK: err == nil, File: filepath.Base(c.File), Report: &rep}
	if err != nil {
		note.Report, note.Wrong = nil, err.Error()
	}
	if cfg, _, e := c.config(ctx, false, plain(s)); e == nil { // the book stands where the house is
		_ = drill.Write(ctx, cfg.DB, note)
		cfg.DB.Close()
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Diễn tập đạt: phục hồi và kiểm %d mục, dựng lại các bảng khớp, mở %d trên %d bản số hóa. (The drill passed: %[1]d entries restored and verified, tables rebuilt and equal, %[2]d of %[3]d scans opened.)\n", rep.Entries, rep.Opened, rep.Scans)
	return nil
}

// RestoreCmd fills an empty database from a backup.
type RestoreCmd struct {
	place
	File           string `arg:"" help:"Tệp sao lưu. (Backup file.)"`
	PassphraseFile string `help:"Mật khẩu hoặc khóa mở (AGE-SECRET-KEY-…) ở dòng đầu tệp này. (Passphrase or secret key in this file.)" placeholder:"FILE"`
}

// Run refuses to overwrite and verifies before it says done.
func (c *RestoreCmd) Run(s *streams) error {
	ctx, stop := untilInterrupt()
	defer stop()
	f, err := os.Open(c.File)
	if err != nil {
		return badInput("%s: không mở được: %v (cannot open)", c.File, err)
	}
	defer f.Close()
	pass, err := passphrase(c.PassphraseFile)
	if err != nil {
		return err
	}
	login := filepath.Join(c.Data, "login.key")
	_, had := os.Stat(login)
	cfg, _, err := c.config(ctx, true, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	if errors.Is(had, os.ErrNotExist) {
		os.Remove(login) // made just now; the backup may bring its own
	}
	if err := web.Migrate(ctx, cfg.DB); err != nil {
		return err
	}
	res, err := desk.Restore(ctx, f, pass, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Đã phục hồi %[1]d mục và kiểm tra xong; nhật ký có khóa ký mới, mục %[2]d nêu khóa cũ. (Restored %[1]d entries and verified; the log has a new key, entry %[2]d names the old one.)\n%[3]s\n", res.From.Size, res.Entry, res.NewKey)
	return nil
}

func passphrase(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", badInput("%s: không đọc được: %v (cannot read)", file, err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", badInput("%s: dòng đầu trống (the first line is empty)", file)
	}
	return line, nil
}

func untilInterrupt() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}
