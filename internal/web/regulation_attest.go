package web

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type regulationProposeData struct {
	Form    *Form
	Edition *rule.Edition
	Where   string
	Item    RegItem
	Doc     string
	Kept    bool // the scan was already taken
}

type regulationProposalData struct {
	Form     *Form
	Refusal  *Form
	Edition  *rule.Edition
	Where    string
	Item     RegItem
	P        *regulation.Proposal
	By       string
	At       time.Time
	ClosedBy string
	Size     string
	Mine     bool // the reader proposed it
	May      bool // the reader may confirm
	Sealed   bool // the reading proposed is not shown, so that it is read anew
	Choice   string
	Picture  bool
	Scan     string
	Self     string
}

var (
	regulationPropose  = page[regulationProposeData]("regulation_propose")
	regulationProposal = page[regulationProposalData]("regulation_proposal")
)

func proposeURL(e *rule.Edition, item string) string {
	return "/quy-dinh/xac-nhan?ban=" + url.QueryEscape(editionKey(e)) + "&muc=" + url.QueryEscape(item)
}

func proposalURL(entry int64) string { return "/quy-dinh/doi-chieu/" + strconv.FormatInt(entry, 10) }

func (s *Server) regulationProposeGet(c *Call) error {
	q := c.R.URL.Query()
	return s.showPropose(c, nil, q.Get("ban"), q.Get("muc"))
}

// showPropose draws the first keeper's form; f is nil when it is new.
func (s *Server) showPropose(c *Call, f *Form, key, item string) error {
	var d regulationProposeData
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e := findKey(lib, key)
		if e == nil || e.Item(item) == nil {
			return errNotFound
		}
		items, err := c.itemViews(tx, lib, e)
		if err != nil {
			return err
		}
		d = regulationProposeData{Edition: e, Where: itemURL(e, item), Item: items[item], Doc: key}
		if d.Form = f; f == nil {
			d.Form, err = c.NewForm(tx, regulation.Subject(e.Document.Number, e.Document.Date))
		}
		return err
	})
	if err != nil {
		return err
	}
	d.Kept = d.Form.Value("scan") != ""
	return regulationPropose.show(c, d)
}

func (s *Server) regulationProposePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	key, item := f.Text("ban"), f.Text("muc")
	act, err := c.proposal(f, key, item)
	if err == nil {
		var rc desk.Receipt
		var ok bool
		if rc, ok, err = c.Do(f, act); err != nil {
			return err
		} else if ok {
			return c.Done(proposalURL(rc.Entries[0].Index), rc)
		}
	} else if err := c.Fail(f, err); err != nil {
		return err
	}
	return s.showPropose(c, f, key, item)
}

// proposal makes the act and keeps the scan: blobs stand outside the ledger,
// which carries their hash.
func (c *Call) proposal(f *Form, key, item string) (act regulation.ProposeAttestation, err error) {
	act = regulation.ProposeAttestation{Item: item, Choice: f.Value("choice"), Page: f.Text("page"), Note: f.Text("note"), Scan: f.Value("scan")}
	var e *rule.Edition
	err = c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e = findKey(lib, key)
		return nil
	})
	if err != nil {
		return act, err
	}
	if e == nil {
		return act, errNotFound
	}
	act.Document, act.Edition = e.Document.Ref(), e.ID
	if c.R.MultipartForm == nil || len(c.R.MultipartForm.File["scan_file"]) == 0 || c.R.MultipartForm.File["scan_file"][0].Size == 0 {
		if act.Scan == "" {
			_, err = regulation.ScanType(nil)
		}
		return act, err
	}
	r, err := c.R.MultipartForm.File["scan_file"][0].Open()
	if err != nil {
		return act, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, regulation.MaxScan+1))
	if err != nil {
		return act, err
	}
	if _, err := regulation.ScanType(data); err != nil {
		return act, err
	}
	err = c.s.db.Write(c.Ctx(), func(tx *store.Tx) error {
		act.Scan, err = store.PutBlob(c.Ctx(), tx, data)
		return err
	})
	f.Values.Set("scan", act.Scan)
	return act, err
}

func (s *Server) regulationProposalGet(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	return s.showProposal(c, entry, nil, nil)
}

func (s *Server) showProposal(c *Call, entry int64, confirm, refuse *Form) error {
	d := regulationProposalData{Form: confirm, Refusal: refuse, Self: proposalURL(entry)}
	err := c.Read(func(tx *store.Tx) error {
		p, err := regulation.GetProposal(c.Ctx(), tx, entry)
		if err != nil {
			return err
		}
		if p == nil {
			return errNotFound
		}
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		e := regulation.Find(lib, regulation.Slug(p.Document.Number, p.Document.Date), p.Edition)
		if e == nil || e.Item(p.Item) == nil {
			return errNotFound
		}
		items, err := c.itemViews(tx, lib, e)
		if err != nil {
			return err
		}
		names := c.actorNames(tx)
		d.P, d.Edition, d.Item, d.Where = p, e, items[p.Item], itemURL(e, p.Item)
		d.By, d.At, d.Mine = names(p.Actor), p.At, p.Actor == c.User.Account
		if p.ClosedBy != "" {
			d.ClosedBy = names(p.ClosedBy)
		}
		open := p.State == "open"
		d.May = open && c.User.Has(desk.AttestRegulation)
		d.Sealed = open && !d.Mine
		d.Choice = c.choiceText(d.Item, p.Choice)
		d.Picture = strings.HasPrefix(p.ScanType, "image/")
		d.Scan, d.Size = "/quy-dinh/ban-chup/"+p.Scan, number(c.Lang, (p.ScanSize+1023)/1024)+" KiB"
		subject := regulation.Subject(p.Document.Number, p.Document.Date)
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, subject); err != nil {
				return err
			}
		}
		if d.Refusal == nil {
			d.Refusal, err = c.NewForm(tx, subject)
		}
		return err
	})
	if err != nil {
		return err
	}
	return regulationProposal.show(c, d)
}

func (c *Call) choiceText(it RegItem, choice string) string {
	for _, r := range it.Readings {
		if r.ID == choice {
			return r.Says
		}
	}
	return choice
}

func (s *Server) regulationProposalPost(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var doc rule.DocRef
	err = c.Read(func(tx *store.Tx) error {
		p, err := regulation.GetProposal(c.Ctx(), tx, entry)
		if err != nil {
			return err
		}
		if p == nil {
			return errNotFound
		}
		doc = p.Document
		return nil
	})
	if err != nil {
		return err
	}
	var act desk.Act = regulation.ConfirmAttestation{Document: doc, Proposed: entry, Choice: f.Value("choice")}
	refuse := f.Value("step") == "refuse"
	if refuse {
		act = regulation.RefuseAttestation{Document: doc, Proposed: entry, Reason: f.Text("reason")}
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(proposalURL(entry), rc)
	}
	if refuse {
		return s.showProposal(c, entry, nil, f)
	}
	return s.showProposal(c, entry, f, nil)
}
