package web

import (
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

type readLogData struct {
	Rows  []readLogRow
	Check readCheck
	Bad   string // what was found changed, in words
	Noted time.Time
	Whole bool  // every line was checked
	First int64 // line from which on, from 1
}

type readLogRow struct {
	Line                             int64 // from 1
	At                               time.Time
	Actor, Subject, Name, Path, What string
}

var readLogPage = page[readLogData]("ledger_reads")

// readLogShown is how many views the page shows; they are always checked.
const readLogShown = 200

// readLogGet shows the newest views to who checks (CheckLedger), and whether
// the chain holds: from the last note in the ledger on, or with ?toan-bo=1 the
// whole of it.
func (s *Server) readLogGet(c *Call) error {
	if err := c.requireWhole(desk.CheckLedger); err != nil {
		return err
	}
	newest := int64(readLogShown)
	if c.R.URL.Query().Get("toan-bo") == "1" {
		newest = wholeLog
	}
	var d readLogData
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Check, err = s.reads.check(c.Ctx(), tx, newest); err != nil {
			return err
		}
		if d.Check.Noted {
			note, err := desk.GetRecord(c.Ctx(), tx, d.Check.Last.Entry)
			if err != nil {
				return err
			}
			d.Noted = note.At
		}
		d.Rows, err = c.readLogRows(tx)
		return err
	})
	if err != nil {
		return err
	}
	d.Whole, d.First = d.Check.From == 0, d.Check.From+1
	if f := d.Check.Fault; f != nil {
		d.Bad = c.T("reads.bad."+f.Kind, number(c.Lang, f.At), number(c.Lang, f.Note.Size))
		s.reads.broken.Store(true)
	} else if d.Whole {
		s.reads.broken.Store(false)
	}
	return readLogPage.show(c, d)
}

func (c *Call) readLogRows(tx *store.Tx) ([]readLogRow, error) {
	rows, err := tx.Query(c.Ctx(), `SELECT seq, at, actor, subject, what FROM op_read_log ORDER BY seq DESC LIMIT $1`, readLogShown)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []readLogRow
	for rows.Next() {
		var r readLogRow
		var at string
		if err := rows.Scan(&r.Line, &at, &r.Actor, &r.Subject, &r.What); err != nil {
			return nil, err
		}
		r.Line++
		r.At, _ = time.Parse(time.RFC3339, at)
		r.Path = c.linkTo(r.Subject)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	names := c.actorNames(tx)
	for i := range out {
		out[i].Actor, out[i].Name, out[i].What = names(out[i].Actor), c.subjectName(tx, out[i].Subject), c.viewedText(out[i].What)
	}
	return out, nil
}

// viewedText says in words what of an entry was looked at: "KIND BLOCK" as the
// log keeps it; anything else stands as it is.
func (c *Call) viewedText(what string) string {
	if kind, block, ok := strings.Cut(what, " "); ok && strings.Contains(kind, "/") {
		return c.kindText(kind) + ": " + c.blockText(block)
	}
	return what
}
