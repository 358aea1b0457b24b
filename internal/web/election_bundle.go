package web

import (
	"bytes"
	"io"
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
	if err := c.carriesNames(election.ContestSubject(id), redacted); err != nil {
		return err
	}
	return c.handOut(strings.ReplaceAll(id, "/", "-"), redacted, func(w io.Writer) error {
		return document.BundleOf(c.Ctx(), s.desk, w, id, redacted)
	})
}

// electionEventBundleGet hands out one bundle of an event with all its
// contests.
func (s *Server) electionEventBundleGet(c *Call) error {
	id := c.R.PathValue("event")
	redacted := c.R.URL.Query().Get("dang") == "rut-gon"
	err := c.Read(func(tx *store.Tx) error {
		ev, err := c.event(tx, id)
		if err != nil {
			return err
		}
		if !c.May(tx, desk.Need{Right: desk.ExportBundle, Org: ev.Org}) {
			return desk.Deny("Vai trò của bạn không xuất được gói kiểm chứng này.", "Your role may not export this bundle.")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.carriesNames(election.EventSubject(id), redacted); err != nil {
		return err
	}
	return c.handOut(id, redacted, func(w io.Writer) error {
		return document.BundleOfEvent(c.Ctx(), s.desk, w, id, redacted)
	})
}

// carriesNames puts a full bundle into the read log before it leaves: it
// carries the names that a redacted one withholds.
func (c *Call) carriesNames(subject string, redacted bool) error {
	if redacted {
		return nil
	}
	return c.Viewed(subject, "bundle")
}

// handOut sends a bundle as a file. It is written whole before the first byte
// leaves: a fault must not look like a short bundle.
func (c *Call) handOut(name string, redacted bool, write func(io.Writer) error) error {
	var buf bytes.Buffer
	if err := write(&buf); err != nil {
		return err
	}
	if redacted {
		name += "-rut-gon"
	}
	return c.file(buf.Bytes(), "application/zip", "attachment", name+".zip")
}
