package web

import (
	"fmt"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
)

// scanBody bounds one upload of scans of signed papers.
const scanBody = 100 << 20

// scanCard is the card of the scans of a signed paper: what is attached, and
// the form for those who may attach.
type scanCard struct {
	Path  string // of the paper
	Scans []scanLine
	Form  *Form // nil for those who may not
}

type scanLine struct {
	document.Scan
	Actor string
}

// scans reads the card of a paper, or of minutes, of an event.
func (c *Call) scans(tx *store.Tx, ev *election.Event, of int64, path string) (*scanCard, error) {
	d := &scanCard{Path: path}
	all, err := document.Scans(c.Ctx(), tx, ev.ID, of)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		d.Scans = append(d.Scans, scanLine{x, c.actorText(tx, x.Actor)})
	}
	if c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org, Case: election.EventSubject(ev.ID)}) {
		d.Form, err = c.NewForm(tx, document.PapersSubject(ev.ID))
	}
	return d, err
}

// attach takes the scans of a posted form and records them one by one.
func (c *Call) attach(ev *election.Event, of int64, path string) error {
	if err := c.Read(func(tx *store.Tx) error {
		if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: ev.Org, Case: election.EventSubject(ev.ID)}) {
			return desk.Missing("Không có giấy này.", "There is no such paper.")
		}
		return nil
	}); err != nil {
		return err
	}
	f, ups, err := c.PostFiles(document.PapersSubject(ev.ID), "scan")
	if err != nil {
		return err
	}
	if len(ups) == 0 {
		return desk.Wrong("scan", "Hãy chọn bản quét (PDF, JPEG hoặc PNG) rồi gửi lại.", "Choose the scan (PDF, JPEG or PNG) and send it again.")
	}
	for _, up := range ups {
		if up.No != nil {
			return up.No
		}
	}
	var rc desk.Receipt
	for i, up := range ups {
		id := f.ID
		if i > 0 {
			id = desk.NewID()
		}
		if rc, err = c.s.desk.Do(c.Ctx(), desk.Form{ID: id, Seen: desk.AnySeen, Actor: c.User.Account,
			Act: document.AttachScan{Event: ev.ID, Org: ev.Org, Entry: of, File: up.File.Hash, Title: up.Name}}); err != nil {
			return err
		}
	}
	return c.Done(path, rc)
}

// sendScan shows a scan; the view stands in the read log before it leaves.
func (c *Call) sendScan(ev *election.Event, of int64) error {
	hash := c.R.PathValue("hash")
	var name string
	if err := c.Read(func(tx *store.Tx) error {
		all, err := document.Scans(c.Ctx(), tx, ev.ID, of)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x document.Scan) bool { return x.File == hash })
		if i < 0 {
			return desk.Missing("Không có bản quét này.", "There is no such scan.")
		}
		if name = all[i].Name; name == "" {
			name = fmt.Sprintf("ban-ky-muc-%d", of)
		}
		return nil
	}); err != nil {
		return err
	}
	return c.SendFile(document.PapersSubject(ev.ID), hash, name, c.T("document.viewed.scan", fmt.Sprint(of)), c.R.URL.Query().Get("luu") == "")
}

func (s *Server) paperScanPost(c *Call) error {
	ev, p, err := c.paperHere()
	if err != nil {
		return err
	}
	return c.attach(ev, p.Entry, fmt.Sprintf("%s/muc/%d", papersPath(ev.ID), p.Entry))
}

func (s *Server) paperScanGet(c *Call) error {
	ev, p, err := c.paperHere()
	if err != nil {
		return err
	}
	return c.sendScan(ev, p.Entry)
}

func (c *Call) paperHere() (ev *election.Event, p *document.MadePaper, err error) {
	err = c.Read(func(tx *store.Tx) error { ev, p, err = c.paperAt(tx); return err })
	return ev, p, err
}

// minutesOf reads the minutes of the page and their event.
func (c *Call) minutesOf() (ev *election.Event, m *election.Minutes, err error) {
	err = c.Read(func(tx *store.Tx) error {
		if m, err = c.minutesAt(tx); err != nil {
			return err
		}
		ev, err = c.eventOfContest(tx, m.Contest)
		return err
	})
	return ev, m, err
}

func (c *Call) eventOfContest(tx *store.Tx, contest string) (*election.Event, error) {
	det, err := election.Get(c.Ctx(), tx, contest)
	if err != nil {
		return nil, err
	}
	return election.GetEvent(c.Ctx(), tx, det.Event)
}

func (s *Server) minutesScanPost(c *Call) error {
	ev, m, err := c.minutesOf()
	if err != nil {
		return err
	}
	return c.attach(ev, m.Entry, fmt.Sprintf("/bau-cu/bien-ban-so/%d", m.Entry))
}

func (s *Server) minutesScanGet(c *Call) error {
	ev, m, err := c.minutesOf()
	if err != nil {
		return err
	}
	return c.sendScan(ev, m.Entry)
}
