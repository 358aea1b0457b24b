package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/vault"
)

// BundleCmd writes a bundle from the record at this machine, while the server
// runs or not. Who may do so has the data folder in hand; pages ask for the
// right and leave a trace in the ledger, this command does not.
type BundleCmd struct {
	place
	Subject string   `arg:"" help:"procedure/MÃ, contest/MÃ, event/MÃ hoặc ledger. (What the bundle is of.)"`
	File    string   `arg:"" help:"Tệp gói, chưa được có. (Bundle file, must not exist.)"`
	Full    bool     `help:"Đầy đủ nội dung cá nhân; không chọn thì bỏ hết. (With all personal content; without it none.)"`
	Hide    []string `help:"Chỉ che các nhóm này của một hồ sơ: facts, letters, opinions, reasons, meetings, names, minutes, scans. (Withhold these classes of a case.)" placeholder:"CLASS"`
	Purpose string   `help:"Mục đích, đi cùng --hide: inspection, complaint, upper-level, archive, other. (Purpose, with --hide.)" placeholder:"CODE"`
	Reason  string   `help:"Lý do, đi cùng --hide. (Reason, with --hide.)" placeholder:"TEXT"`
}

// Run writes beside the target and renames at the end.
func (c *BundleCmd) Run(s *streams) error {
	ctx, stop := untilInterrupt()
	defer stop()
	if _, err := os.Lstat(c.File); err == nil {
		return badInput("%s: đã có tệp này, không ghi đè (the file exists and is not overwritten)", c.File)
	}
	hide, err := c.withheld()
	if err != nil {
		return err
	}
	room, id, _ := strings.Cut(c.Subject, "/")
	if !slices.Contains([]string{"procedure", "contest", "event"}, room) && c.Subject != "ledger" || hide != nil && room != "procedure" {
		return badInput("%s: gói là của procedure/MÃ, contest/MÃ, event/MÃ hoặc ledger; --hide chỉ dùng cho procedure (a bundle is of procedure/ID, contest/ID, event/ID or ledger; --hide goes with procedure)", c.Subject)
	}
	cfg, _, err := c.config(ctx, false, plain(s))
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	d, err := desk.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	mode := os.FileMode(0o644)
	if c.Full || hide != nil {
		mode = 0o600 // it holds names
	}
	err = writeFile(c.File, mode, func(w io.Writer) error {
		switch room {
		case "procedure":
			if hide == nil && !c.Full {
				hide = &bundle.Withheld{Classes: bundle.Classes, Purpose: "other", Reason: "minhbach bundle"}
			}
			papers, err := c.vault()
			if err != nil {
				return err
			}
			return document.BundleOfCase(ctx, d, papers, w, id, hide)
		case "contest":
			return document.BundleOf(ctx, d, w, id, !c.Full)
		case "event":
			return document.BundleOfEvent(ctx, d, w, id, !c.Full)
		}
		return document.BundleOfLedger(ctx, d, w, !c.Full)
	})
	var no *desk.Error
	if errors.As(err, &no) {
		return badInput("%s: %s (%s)", c.Subject, no.Says.VI, no.Says.EN)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Đã xuất %s vào %s; kiểm tra bằng: minhbach verify %s --key %s (Exported; verify it so.)\n", c.Subject, c.File, c.File, d.VerifierKey())
	return nil
}

// vault opens the vault with the key of the house; nil where there is none yet,
// and no scan.
func (c *BundleCmd) vault() (*vault.Vault, error) {
	key := filepath.Join(c.Data, "vault.key")
	if _, err := os.Stat(key); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return vault.Open(key)
}

// withheld are the classes named, in the order of the format.
func (c *BundleCmd) withheld() (*bundle.Withheld, error) {
	if len(c.Hide) == 0 {
		return nil, nil
	}
	w := &bundle.Withheld{Purpose: c.Purpose, Reason: c.Reason}
	for _, k := range bundle.Classes {
		if slices.Contains(c.Hide, string(k)) {
			w.Classes = append(w.Classes, k)
		}
	}
	if len(w.Classes) != len(c.Hide) || c.Full || c.Purpose == "" || strings.TrimSpace(c.Reason) == "" {
		return nil, badInput("--hide: các nhóm phải có trong danh sách, đi cùng --purpose và --reason, không đi cùng --full (the classes must be known, with --purpose and --reason and without --full)")
	}
	return w, nil
}
