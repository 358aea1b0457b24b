package web

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// handoverPrints is the card of the printed minutes of a handover: what was
// kept, by hash, with the scans of what was signed.
type handoverPrints struct {
	Path   string // of the handover
	Prints []handoverPrintLine
	Form   *Form // of a new print; nil for those who may not
}

type handoverPrintLine struct {
	document.HandoverPrint
	Actor string
	Old   bool  // something was recorded of the handover since
	Scan  *Form // of a scan; nil for those who may not
}

func (c *Call) handoverPrints(tx *store.Tx, h person.Handover) (d handoverPrints, err error) {
	d.Path = handoverPath(h.List.ID)
	ps, err := document.HandoverPrints(c.Ctx(), tx, h.List.ID)
	if err != nil {
		return d, err
	}
	side := c.handoverSide(tx, h)
	if side != "" {
		if d.Form, err = c.NewForm(tx, document.HandoverPapers(h.List.ID)); err != nil {
			return d, err
		}
	}
	for _, p := range ps {
		l := handoverPrintLine{HandoverPrint: p, Actor: c.actorText(tx, p.Actor), Old: p.Shows != document.Newest(h)}
		if side != "" && !p.Erased {
			if l.Scan, err = c.NewForm(tx, document.HandoverPapers(h.List.ID)); err != nil {
				return d, err
			}
		}
		d.Prints = append(d.Prints, l)
	}
	return d, nil
}

// handoverSide is the side for which this person may act, "" for neither.
func (c *Call) handoverSide(tx *store.Tx, h person.Handover) string {
	edit := c.readable(tx, desk.EditPerson)
	for _, side := range []string{h.List.From, h.List.To} {
		if edit(side) {
			return side
		}
	}
	return ""
}

// handoverHere reads the handover of the path and the side of who asks.
func (c *Call) handoverHere() (h person.Handover, side string, err error) {
	err = c.Read(func(tx *store.Tx) error {
		var ok bool
		if h, ok, err = person.GetHandover(c.Ctx(), tx, "handover/"+c.R.PathValue("id")); err != nil || !ok {
			return or(err, errNotFound)
		}
		reads := c.readable(tx, desk.ReadPerson)
		if !reads(h.List.From) && !reads(h.List.To) {
			return errNotFound
		}
		side = c.handoverSide(tx, h)
		return nil
	})
	return h, side, err
}

// handoverPrintPost prints the minutes: Word and PDF are kept and recorded by
// their hash. A paper of the record is in Vietnamese, whatever the page is in.
func (s *Server) handoverPrintPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	h, side, err := c.handoverHere()
	if err != nil {
		return err
	}
	lang := c.Lang
	c.Lang = "vi"
	d, err := c.handoverPaper()
	c.Lang = lang
	if err != nil {
		return err
	}
	if d.Hidden > 0 {
		return c.again(f, desk.Refuse(fmt.Sprintf("Chưa in được: %d người trong danh sách thuộc phạm vi bạn không được xem, mà biên bản phải đủ tên. Hãy nhờ người xem được cả hai bên in.", d.Hidden),
			fmt.Sprintf("It cannot be printed: %d persons on the list are beyond what you may see, and minutes need every name. Ask somebody who sees both sides.", d.Hidden)), c.showHandover)
	}
	entry, rc, err := document.MakeHandoverPrint(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()},
		document.RecordHandoverPrint{Handover: h.List.ID, Org: side, Shows: document.Newest(d.Handover), Title: d.Paper.Of}, &d.Paper)
	if err != nil {
		return c.again(f, err, c.showHandover)
	}
	return c.Done(fmt.Sprintf("%s#ban-in-%d", handoverPath(h.List.ID), entry), rc)
}

// handoverPrintGet hands out a kept file of a print, as it was printed.
func (s *Server) handoverPrintGet(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	h, _, err := c.handoverHere()
	if err != nil {
		return err
	}
	name, kind := document.HandoverPDF, "application/pdf"
	if c.R.PathValue("file") == "bien-ban.docx" {
		name, kind = document.HandoverDOCX, wordType
	} else if c.R.PathValue("file") != "bien-ban.pdf" {
		return errNotFound
	}
	var raw []byte
	if err := c.Read(func(tx *store.Tx) error {
		raw, err = document.HandoverPrintFile(c.Ctx(), tx, h.List.ID, entry, name)
		return err
	}); err != nil {
		return err
	}
	if err := c.Viewed(document.HandoverPapers(h.List.ID), c.T("handover.viewed.print", fmt.Sprint(entry))); err != nil {
		return err
	}
	way := "attachment"
	if kind != wordType {
		way = "inline"
	}
	return c.file(raw, kind, way, fmt.Sprintf("bien-ban-ban-giao-muc-%d%s", entry, name[strings.LastIndex(name, "."):]))
}

// handoverScanPost attaches scans of the signed print.
func (s *Server) handoverScanPost(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	h, side, err := c.handoverHere()
	if err != nil {
		return err
	}
	if side == "" {
		return errNotFound
	}
	f, ups, err := c.PostFiles(document.HandoverPapers(h.List.ID), "scan")
	if err != nil {
		return err
	}
	if len(ups) == 0 {
		return c.again(f, desk.Wrong("scan", "Hãy chọn bản quét (PDF, JPEG hoặc PNG) rồi gửi lại.", "Choose the scan (PDF, JPEG or PNG) and send it again."), c.showHandover)
	}
	for _, up := range ups {
		if up.No != nil {
			return c.again(f, up.No, c.showHandover)
		}
	}
	var rc desk.Receipt
	for i, up := range ups {
		id := f.ID
		if i > 0 {
			id = desk.NewID()
		}
		if rc, err = s.desk.Do(c.Ctx(), desk.Form{ID: id, Seen: desk.AnySeen, Actor: c.User.Account,
			Act: document.AttachHandoverScan{Handover: h.List.ID, Org: side, Print: entry, File: up.File.Hash, Title: up.Name}}); err != nil {
			var no *desk.Error
			if errors.As(err, &no) {
				return c.again(f, err, c.showHandover)
			}
			return err
		}
	}
	return c.Done(fmt.Sprintf("%s#ban-in-%d", handoverPath(h.List.ID), entry), rc)
}

// handoverScanGet shows a scan of a signed print; the view stands in the read
// log before it leaves.
func (s *Server) handoverScanGet(c *Call) error {
	entry, err := c.index("entry")
	if err != nil {
		return err
	}
	h, _, err := c.handoverHere()
	if err != nil {
		return err
	}
	file, name := c.R.PathValue("hash"), ""
	if err := c.Read(func(tx *store.Tx) error {
		ps, err := document.HandoverPrints(c.Ctx(), tx, h.List.ID)
		if err != nil {
			return err
		}
		for _, p := range ps {
			if i := slices.IndexFunc(p.Scans, func(x document.Scan) bool { return x.File == file }); p.Entry == entry && i >= 0 {
				name = cmpOr(p.Scans[i].Name, fmt.Sprintf("bien-ban-da-ky-muc-%d", entry))
				return nil
			}
		}
		return desk.Missing("Không có bản quét này.", "There is no such scan.")
	}); err != nil {
		return err
	}
	return c.SendFile(document.HandoverPapers(h.List.ID), file, name, c.T("handover.viewed.scan", fmt.Sprint(entry)), c.R.URL.Query().Get("luu") == "")
}
