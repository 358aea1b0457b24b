package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

type readLogData struct {
	Rows  []readLogRow
	Form  *Form
	Pick  []Field
	Asked bool   // for a part of the log
	Older string // page of the views before these
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
		return c.pickReads(tx, &d)
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

// pickReads shows the views that the address asks for: of one file, by one
// person, of what left the house (exports, papers, bundles), older than a line.
func (c *Call) pickReads(tx *store.Tx, d *readLogData) error {
	q := c.R.URL.Query()
	d.Form = &Form{Values: q}
	of, by, what := strings.TrimSpace(q.Get("cua")), q.Get("ai"), q.Get("viec")
	if of != "" && !strings.Contains(of, "/") {
		of = "person/" + of
	}
	accounts, err := account.List(c.Ctx(), tx)
	if err != nil {
		return err
	}
	who := []Option{{"", c.T("reads.pick.all")}}
	for _, a := range accounts {
		who = append(who, Option{a.ID, cmpOr(a.Display, a.ID)})
	}
	file, person, kind := newField(d.Form, "cua", c.T("reads.pick.file")), newField(d.Form, "ai", c.T("ledger.reads.who")), newField(d.Form, "viec", c.T("ledger.reads.what"))
	person.Kind, person.Options = "select", who
	kind.Kind, kind.Options = "select", []Option{{"", c.T("reads.pick.all")}, {"xuat", c.T("reads.pick.out")}}
	d.Pick, d.Asked = []Field{file, person, kind}, of != "" || by != "" || what != ""
	before := int64(1) << 62
	if n, err := strconv.ParseInt(q.Get("truoc"), 10, 64); err == nil && n > 0 {
		before, d.Asked = n-1, true
	}
	if d.Rows, err = c.readLogRows(tx, of, by, what == "xuat", before); err != nil {
		return err
	}
	if n := len(d.Rows); n == readLogShown {
		d.Older = withQuery("/nhat-ky/luot-xem", q, "truoc", strconv.FormatInt(d.Rows[n-1].Line, 10))
	}
	return nil
}

func (c *Call) readLogRows(tx *store.Tx, of, by string, out bool, before int64) ([]readLogRow, error) {
	left := 0
	if out {
		left = 1
	}
	rows, err := tx.Query(c.Ctx(), `SELECT seq, at, actor, subject, what FROM op_read_log WHERE seq < $1 AND ($2 = '' OR subject = $2) AND ($3 = '' OR actor = $3)
		AND ($4 = 0 OR what LIKE 'export: %' OR what LIKE 'paper %' OR what = 'bundle') ORDER BY seq DESC LIMIT $5`, before, of, by, left, readLogShown)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []readLogRow
	for rows.Next() {
		var r readLogRow
		var at string
		if err := rows.Scan(&r.Line, &at, &r.Actor, &r.Subject, &r.What); err != nil {
			return nil, err
		}
		r.Line++
		r.At, _ = time.Parse(time.RFC3339, at)
		r.Path = c.linkTo(r.Subject)
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	names := c.actorNames(tx)
	for i := range all {
		all[i].Actor, all[i].Name, all[i].What = names(all[i].Actor), c.subjectName(tx, all[i].Subject), c.viewedText(all[i].What)
	}
	return all, nil
}

// readWhats are what the log keeps as one word; pages have words for them.
var readWhats = []string{"list", "post", "form", "choice", "file", "import", "kin", "match", "meeting", "search", "bundle", "career", "facts", "case"}

// viewedText says in words what of an entry was looked at: "KIND BLOCK" as the
// log keeps it; anything else stands as it is.
func (c *Call) viewedText(what string) string {
	if kind, block, ok := strings.Cut(what, " "); ok && strings.Contains(kind, "/") {
		return c.kindText(kind) + ": " + c.blockText(block)
	}
	if slices.Contains(readWhats, what) {
		return c.TK("reads.what", what)
	}
	if why, ok := strings.CutPrefix(what, "export: "); ok {
		return c.T("reads.export", why)
	}
	if paper, ok := strings.CutPrefix(what, "paper "); ok {
		form, why, _ := strings.Cut(paper, ": ")
		return c.T("reads.paper", form, why)
	}
	return what
}
