package web

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/store"
)

// bundleTime bounds the writing of a bundle of the whole ledger, which takes
// longer than a page may; it lies below the server's time for an answer.
const bundleTime = 2 * time.Minute

// ledgerBundleGet hands out the bundle of the whole ledger, redacted, or with
// ?dang=day-du with all personal content: that is for who may read it over
// the whole province, and stands in the read log.
func (s *Server) ledgerBundleGet(c *Call) (err error) {
	full := c.R.URL.Query().Get("dang") == "day-du"
	if err := c.requireWhole(desk.ExportBundle); err != nil {
		return err
	}
	name := fmt.Sprintf("nhat-ky-%d", s.desk.Head()+1)
	if full {
		for _, r := range []desk.Right{desk.ReadPerson, desk.ReadSecret} { // classified papers are in it
			if err := c.requireWhole(r); err != nil {
				return err
			}
		}
		if err := c.Viewed("ledger", "bundle"); err != nil {
			return err
		}
		name += "-day-du"
	}
	// Written whole before the first byte leaves: a fault must not look like a
	// short bundle.
	dir, remove, err := store.TempFolder() // what a killed program leaves is swept
	if err != nil {
		return fmt.Errorf("web: bundle: %w", err)
	}
	defer remove()
	f, err := os.Create(filepath.Join(dir, "bundle.zip"))
	if err != nil {
		return fmt.Errorf("web: bundle: %w", err)
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Ctx()), bundleTime)
	defer cancel()
	if err := document.BundleOfLedger(ctx, s.desk, f, !full); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("web: bundle: %w", err)
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.zip"`, name))
	h.Set("Cache-Control", "private, no-store")
	_, err = io.Copy(c.W, f)
	return err
}
