package web

import (
	"fmt"
	"html"
	"os"
	"sync"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/scan"
	"minhbach/internal/store"
)

// inbox is the folder of the office scanner that the program watches: files that
// lie there are taken into the pile whose page asks for them, one page at a time.
type inbox struct {
	*scan.Inbox
	taking sync.Mutex
	now    func() time.Time
}

// inboxView is what lies in the folder.
type inboxView struct {
	Dir     string
	Ready   int  // files that can be taken now
	Writing int  // files the scanner may still be writing
	Held    bool // a picture of one side waits for its other side
}

// inboxBatch is how many files are taken at once, so that a page answers soon.
const inboxBatch = 40

// ready lists the files that can be taken now; of two-sided ballots single
// pictures go by twos.
func (b *inbox) ready(sides int) (out []scan.InboxFile, v *inboxView, err error) {
	files, err := b.List(b.now())
	if err != nil {
		return nil, nil, err
	}
	v = &inboxView{Dir: b.Dir()}
	open := true // of two-sided ballots nothing behind a file being written: sides would cross
	for _, f := range files {
		if !f.Ready {
			v.Writing++
			open = open && sides == 1
		} else if open {
			out = append(out, f)
		}
	}
	if sides == 2 {
		n := len(out)
		out = wholePairs(out)
		v.Held = len(out) < n
	}
	v.Ready = len(out)
	return out, v, nil
}

// wholePairs cuts a list where a run of single pictures has no other side: what
// stands behind it waits too, so that no two sheets are made one.
func wholePairs(list []scan.InboxFile) []scan.InboxFile {
	run := 0
	for i, f := range list {
		if scan.Single(f.Name) {
			run++
		} else if run%2 == 1 {
			return list[:i-1]
		} else {
			run = 0
		}
	}
	return list[:len(list)-run%2]
}

// batch cuts a list to what one page takes: so many files and bytes, whole pairs,
// at least one file or pair. What is too large for any page is taken too, so that
// it is told and set aside and does not stop the folder.
func batch(list []scan.InboxFile, sides int) []scan.InboxFile {
	var size int64
	for i, f := range list {
		if size += f.Size; i == inboxBatch || i > 0 && size > ballotbox.MaxScan {
			if i == 1 && sides == 2 && scan.Single(list[0].Name) {
				return list[:2] // one sheet
			}
			list = list[:i]
			break
		}
	}
	if sides == 2 {
		list = wholePairs(list)
	}
	return list
}

func (b *inbox) view(sides int) (*inboxView, error) {
	_, v, err := b.ready(sides)
	return v, err
}

// ballotboxInboxGet says how many files lie ready in the folder, for the page
// that waits for them: no ballot is shown, so no view is logged.
func (s *Server) ballotboxInboxGet(c *Call) error {
	var v *inboxView
	if err := c.Read(func(tx *store.Tx) error {
		a, _, err := c.scanSeat(tx)
		if err != nil {
			return err
		}
		_, _, rel, _, err := s.scans.Queue(c.Ctx(), tx, a)
		if err == nil && s.inbox == nil {
			err = errNotFound
		}
		if err == nil {
			v, err = s.inbox.view(rel.Layout.Sides)
		}
		return err
	}); err != nil {
		return err
	}
	line := c.T("ballotbox.inbox.ready", number(c.Lang, int64(v.Ready)))
	if v.Writing > 0 {
		line += " · " + c.T("ballotbox.inbox.writing", number(c.Lang, int64(v.Writing)))
	}
	return c.file([]byte(fmt.Sprintf(`<section id="scan-inbox" data-ready="%d"><p>%s</p></section>`, v.Ready, html.EscapeString(line))), "text/html; charset=utf-8", "inline", "thu-muc.html")
}

// takeInbox stages what lies in the folder into a pile. What was staged whole is
// removed from the folder; a file with pages that could not be used is set aside.
// Killed in between, the same pictures are found twice and counted once.
func (c *Call) takeInbox(f *Form, a ballotbox.ScanSeat) error {
	again := func(err error) error {
		return c.again(f, err, func(f *Form) error { return c.showScan(f, nil, nil) })
	}
	box := c.s.inbox
	if box == nil {
		return again(desk.Refuse("Chương trình không theo dõi thư mục máy quét nào.", "The program watches no scanner folder."))
	}
	box.taking.Lock()
	defer box.taking.Unlock()
	sides := 1
	if err := c.Read(func(tx *store.Tx) error {
		_, _, rel, _, err := c.s.scans.Queue(c.Ctx(), tx, a)
		if err == nil {
			sides = rel.Layout.Sides
		}
		return err
	}); err != nil {
		return again(err)
	}
	list, _, err := box.ready(sides)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return again(desk.Wrong("inbox", "Thư mục máy quét chưa có tệp nào sẵn sàng. Đợi máy quét xong rồi bấm lại.", "Nothing in the scanner folder is ready yet. Wait for the scanner, then try again."))
	}
	got, err := c.takeFrom(a, box.Inbox, batch(list, sides))
	if err != nil {
		return again(err)
	}
	return c.showScan(nil, nil, got)
}

// takeFrom stages files of the folder and clears them away.
func (c *Call) takeFrom(a ballotbox.ScanSeat, box *scan.Inbox, list []scan.InboxFile) (*ballotbox.Staged, error) {
	var files []ballotbox.Upload
	var open []*os.File
	var infos []os.FileInfo
	defer func() {
		for _, f := range open {
			f.Close()
		}
	}()
	for _, x := range list {
		f, err := box.Open(x.Name)
		if err != nil {
			return nil, err
		}
		open = append(open, f)
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		x.Size = info.Size()
		infos = append(infos, info)
		files = append(files, ballotbox.Upload{Name: x.Name, Data: f, Size: x.Size})
	}
	got, err := c.stageScans(a, files)
	if err != nil {
		return nil, err
	}
	bad := map[string]bool{}
	for _, t := range got.Told {
		if !t.Staged {
			bad[t.File] = true
		}
	}
	for _, f := range open {
		f.Close() // before it is moved: some systems ask for it
	}
	for i, x := range list {
		if !box.Same(x.Name, infos[i]) {
			continue // the scanner wrote on, or wrote another: it comes again, and is counted once
		}
		if bad[x.Name] {
			err = box.SetAside(x.Name)
		} else {
			err = box.Remove(x.Name)
		}
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	return got, nil
}
