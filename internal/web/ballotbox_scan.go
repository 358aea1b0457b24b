package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ballotboxScanData is the page of one pile's scans: files in, what was read,
// the queue for people, and the hand-in.
type ballotboxScanData struct {
	Box     *ballotbox.Row
	Pile    *ballotbox.Pile
	Queue   *ballotbox.Queue
	Form    *Form
	HandIn  *Form
	Told    []toldView
	Staged  *ballotbox.Staged // what came of the upload just made
	Groups  []scanGroup
	Path    string
	Settle  string
	Sides   int
	Odd     bool
	Full    bool
	Sample  bool // a sample pile can be fetched
	MaxMiB  int
	Percent int
	Sheets  int        // sheets of which pictures are staged
	Inbox   *inboxView // of the scanner's folder, when the program watches one
}

type toldView struct {
	File, Text string
	Page       int
	Staged     bool
}

// scanGroup are the sheets that wait for one reason.
type scanGroup struct {
	Says   string
	Sheets []scanSheet
	Open   int
}

type scanSheet struct {
	Path, Short string
	Tag         Tag
	Undo        string // id of the picture, when it can be taken back
	Who         string
}

var ballotboxScan = page[ballotboxScanData]("ballotbox_scan")

// scanSeat is the pile of the path. Who does not belong to the box finds none.
func (c *Call) scanSeat(tx *store.Tx) (ballotbox.ScanSeat, *ballotbox.Row, error) {
	b, u, err := c.box(tx)
	if err != nil {
		return ballotbox.ScanSeat{}, nil, err
	}
	if !u.Team {
		return ballotbox.ScanSeat{}, nil, errNoSuchBox
	}
	n, err := strconv.Atoi(c.R.PathValue("pile"))
	if err != nil {
		return ballotbox.ScanSeat{}, nil, errNotFound
	}
	return ballotbox.ScanSeat{Box: b.ID, Case: b.Case, Pile: n, Actor: c.User.Account}, b, nil
}

func (c *Call) theSeat() (a ballotbox.ScanSeat, err error) {
	err = c.Read(func(tx *store.Tx) error {
		a, _, err = c.scanSeat(tx)
		return err
	})
	return a, err
}

func scanPath(a ballotbox.ScanSeat) string {
	return fmt.Sprintf("/kiem-phieu/quet/%d/%s", a.Pile, a.Box)
}
func settlePath(a ballotbox.ScanSeat) string {
	return fmt.Sprintf("/kiem-phieu/xem-to/%d/%s", a.Pile, a.Box)
}

func (s *Server) ballotboxScanGet(c *Call) error { return c.showScan(nil, nil, nil) }

func (c *Call) showScan(f, handIn *Form, staged *ballotbox.Staged) error {
	d := ballotboxScanData{Form: f, HandIn: handIn, Staged: staged, MaxMiB: ballotbox.MaxScan >> 20}
	err := c.Read(func(tx *store.Tx) error {
		a, _, err := c.scanSeat(tx)
		if err != nil {
			return err
		}
		b, p, rel, q, err := c.s.scans.Queue(c.Ctx(), tx, a)
		if err != nil {
			return err
		}
		d.Box, d.Pile, d.Queue, d.Path, d.Settle, d.Sides = b, p, q, scanPath(a), settlePath(a), rel.Layout.Sides
		d.Sample = c.s.demo && b.Sample && c.s.sampleScans != nil
		d.Full, d.Odd = q.Ballots == p.Size && q.Open == 0, q.Ballots != p.Size
		d.Sheets = q.Ballots + q.Open + q.Parts + q.Aside
		d.Percent = min(100, 100*(q.Ballots+q.Open)/max(1, p.Size))
		for _, form := range []**Form{&d.Form, &d.HandIn} {
			if *form == nil {
				if *form, err = c.NewForm(tx, ballotbox.PileSubject(b.ID, a.Pile, ballotbox.ScanStation)); err != nil {
					return err
				}
			}
		}
		if c.s.inbox != nil {
			if d.Inbox, err = c.s.inbox.view(d.Sides); err != nil {
				return err
			}
		}
		at := map[string]int{}
		for i, x := range q.Sheets {
			says := c.Words(rule.Words{VI: x.VI, EN: x.EN})
			if says == "" {
				says = c.T("ballotbox.scan.read-but-settled")
			}
			k, ok := at[says]
			if !ok {
				k = len(d.Groups)
				at[says] = k
				d.Groups = append(d.Groups, scanGroup{Says: says})
			}
			g := &d.Groups[k]
			v := scanSheet{Path: d.Settle + "?to=" + x.ID, Short: strconv.Itoa(i + 1), Tag: Tag{"wait", c.T("ballotbox.scan.open")}}
			if x.Said != nil {
				v.Tag, v.Undo, v.Who = Tag{"yes", c.saidOf(b, x.Said.Pattern)}, x.ID, who(b, x.Said.Person)
				if strings.HasPrefix(x.Said.Pattern, "?") {
					v.Tag.Kind = "wait" // the board is still to decide
				}
			} else {
				g.Open++
			}
			g.Sheets = append(g.Sheets, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if staged != nil {
		for _, t := range staged.Told {
			d.Told = append(d.Told, toldView{t.File, c.Words(rule.Words{VI: t.VI, EN: t.EN}), t.Page, t.Staged})
		}
	}
	if err := c.Viewed(ballotbox.PileSubject(d.Box.ID, d.Pile.Pile, ballotbox.ScanStation), c.T("ballotbox.scan")); err != nil {
		return err
	}
	return ballotboxScan.show(c, d)
}

// saidOf says in words what a person said of a sheet.
func (c *Call) saidOf(b *ballotbox.Row, pattern string) string {
	if pattern == ballotbox.NoBallot {
		return c.T("ballotbox.scan.no-ballot")
	}
	if strings.HasPrefix(pattern, ballotbox.Part) {
		return c.T("ballotbox.scan.part")
	}
	if strings.HasPrefix(pattern, "?") {
		return c.T("ballotbox.scan.to-board")
	}
	return c.ballotSays(b, pattern)
}

// ballotboxScanPost stages files, drops what is staged, or hands the pile in.
func (s *Server) ballotboxScanPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	a, err := c.theSeat()
	if err != nil {
		return err
	}
	switch f.Text("do") {
	case "clear":
		if err := ballotbox.Unstage(c.Ctx(), s.db, a); err != nil {
			return err
		}
		return c.Redirect(scanPath(a))
	case "hand-in":
		n, _ := strconv.Atoi(f.Text("ballots"))
		rc, ok, err := c.Do(f, s.scans.HandIn(a.Box, a.Case, a.Pile, n, f.Value("odd") != ""))
		if err != nil {
			return err
		}
		if ok {
			return c.Done(boxPath(a.Box), rc)
		}
		return c.showScan(nil, f, nil)
	case "inbox":
		return c.takeInbox(f, a)
	}
	var files []ballotbox.Upload
	if c.R.MultipartForm != nil {
		defer c.R.MultipartForm.RemoveAll()
		for _, h := range c.R.MultipartForm.File["file"] {
			if h.Size == 0 {
				continue
			}
			file, err := h.Open()
			if err != nil {
				return err
			}
			defer file.Close()
			name := []rune(strings.ToValidUTF8(h.Filename, "?"))
			files = append(files, ballotbox.Upload{Name: string(name[max(0, len(name)-120):]), Data: file, Size: h.Size})
		}
	}
	if len(files) == 0 {
		return c.again(f, desk.Wrong("file", "Hãy chọn ít nhất một tệp ảnh quét (PDF, TIFF, JPEG, PNG).", "Choose at least one file of scans (PDF, TIFF, JPEG, PNG)."),
			func(f *Form) error { return c.showScan(f, nil, nil) })
	}
	got, err := c.stageScans(a, files)
	if err != nil {
		return c.again(f, err, func(f *Form) error { return c.showScan(f, nil, nil) })
	}
	return c.showScan(nil, nil, got)
}

// reading is how far the uploads are that are being read just now, by who sent
// them and for which pile.
type reading struct {
	mu sync.Mutex
	at map[ballotbox.ScanSeat][2]int
}

var errStill = desk.Refuse("Máy không đọc tiếp được tệp này: không trang nào xong trong hơn hai phút. Chưa tờ nào của tệp được nhận; hãy đóng bớt chương trình khác rồi gửi lại, hoặc quét thành nhiều tệp ít trang hơn.",
	"Reading this file stands still: no page was finished in over two minutes. None of its sheets was taken; close other programs and send it again, or scan into several files of fewer pages.")

// stageScans reads an upload and lets the page that sent it ask how far it is. A
// slow machine may take long over a pile; only standing still ends it.
func (c *Call) stageScans(a ballotbox.ScanSeat, files []ballotbox.Upload) (*ballotbox.Staged, error) {
	s := c.s
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(c.Ctx()))
	defer cancel(nil)
	still := time.AfterFunc(longWork, func() { cancel(errStill) })
	defer still.Stop()
	answer := http.NewResponseController(c.W)
	defer func() {
		s.reading.mu.Lock()
		delete(s.reading.at, a)
		s.reading.mu.Unlock()
	}()
	got, err := s.scans.StageTold(ctx, s.db, a, files, func(done, of int) {
		still.Reset(longWork)
		_ = answer.SetWriteDeadline(time.Now().Add(2 * longWork)) // a writer without deadlines needs none
		s.reading.mu.Lock()
		if s.reading.at == nil {
			s.reading.at = map[ballotbox.ScanSeat][2]int{}
		}
		s.reading.at[a] = [2]int{done, of}
		s.reading.mu.Unlock()
	})
	if err != nil && context.Cause(ctx) == errStill {
		err = errStill
	}
	return got, err
}

// ballotboxFarGet says how many pages of the upload under way were read; nothing
// when none is.
func (s *Server) ballotboxFarGet(c *Call) error {
	a, err := c.theSeat()
	if err != nil {
		return err
	}
	s.reading.mu.Lock()
	at, busy := s.reading.at[a]
	s.reading.mu.Unlock()
	line := ""
	if busy {
		line = c.T("ballotbox.scan.far", number(c.Lang, int64(at[0])), number(c.Lang, int64(at[1])))
	}
	return c.file([]byte(line), "text/plain; charset=utf-8", "inline", "toi-dau.txt")
}

// ballotboxSampleGet is a pile of sample scans of the released ballot, with the
// sample data alone.
func (s *Server) ballotboxSampleGet(c *Call) error {
	var rel *ballotbox.Released
	pile, size := 0, 0
	err := c.Read(func(tx *store.Tx) error {
		a, b, err := c.scanSeat(tx)
		if err != nil {
			return err
		}
		if !s.demo || !b.Sample || s.sampleScans == nil {
			return errNotFound
		}
		_, p, r, _, err := s.scans.Queue(c.Ctx(), tx, a)
		if err == nil {
			rel, pile, size = r, a.Pile, p.Size
		}
		return err
	})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := s.sampleScans(&out, rel.Layout, pile, size); err != nil {
		return err
	}
	return c.file(out.Bytes(), "image/tiff", "inline", "phieu-quet-mau.tif")
}
