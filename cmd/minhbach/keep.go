package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
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
	cfg, _, err := c.config(ctx, false, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	// For its owner alone: it holds what no page shows.
	if err := writeFile(c.File, 0o600, func(w io.Writer) error { return desk.Backup(ctx, cfg, w, pass) }); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Đã sao lưu vào %s. (Backed up.)\n", c.File)
	return nil
}

// RestoreCmd fills an empty database from a backup.
type RestoreCmd struct {
	place
	File           string `arg:"" help:"Tệp sao lưu. (Backup file.)"`
	PassphraseFile string `help:"Mật khẩu ở dòng đầu tệp này. (The passphrase is in this file.)" placeholder:"FILE"`
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
	cfg, _, err := c.config(ctx, true, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
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
