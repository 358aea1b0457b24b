package web

import (
	"bytes"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

// electionBundleGet hands out the bundle of a contest: full, or redacted with
// ?dang=rut-gon.
func (s *Server) electionBundleGet(c *Call) error {
	id := c.R.PathValue("id")
	redacted := c.R.URL.Query().Get("dang") == "rut-gon"
	err := c.Read(func(tx *store.Tx) error {
		d, _, err := c.contest(tx, id)
		if err != nil {
			return err
		}
		if !c.May(tx, desk.Need{Right: desk.ExportBundle, Org: d.Org, Case: election.ContestSubject(id)}) {
			return desk.Deny("Vai trò của bạn không xuất được gói kiểm chứng này.", "Your role may not export this bundle.")
		}
		return nil
	})
	if err != nil {
		return err
	}
	// Written whole before the first byte leaves: a fault must not look like a
	// short bundle.
	var buf bytes.Buffer
	if err := document.BundleOf(c.Ctx(), s.desk, &buf, id, redacted); err != nil {
		return err
	}
	name := strings.ReplaceAll(id, "/", "-")
	if redacted {
		name += "-rut-gon"
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.zip"`, name))
	h.Set("Cache-Control", "private, no-store")
	_, err = c.W.Write(buf.Bytes())
	return err
}
