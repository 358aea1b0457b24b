package web

import (
	"fmt"
	"strconv"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// ballotboxKeptData are the sealed pictures of one pile, opened by a decision.
type ballotboxKeptData struct {
	Box    *ballotbox.Row
	Pile   int
	Piles  []keptPile
	Entry  int64 // the decision
	Sheets []keptSheet
	Shown  *keptSheet
	Sides  []settleSide
	Only   bool // those that differ from the typed readings alone
	Path   string
	Differ int
}

type keptPile struct {
	N    int
	Path string
}

type keptSheet struct {
	N              int
	ID, Path, Says string
	Who            string // read by a person
	Differs        bool
}

var ballotboxKept = page[ballotboxKeptData]("ballotbox_kept")

func keptPath(pile int, box string) string {
	return fmt.Sprintf("/kiem-phieu/anh-niem-phong/%d/%s", pile, box)
}

// keptBox is the box and pile of the path, for those who may open its sealed
// pictures under a decision: the officer of the case, the head and the chair.
func (c *Call) keptBox(tx *store.Tx) (*ballotbox.Row, int, error) {
	b, u, err := c.box(tx)
	if err != nil {
		return nil, 0, err
	}
	n, err := strconv.Atoi(c.R.PathValue("pile"))
	if err != nil || n < 1 {
		return nil, 0, errNotFound
	}
	if !u.Officer && !u.Head && !u.Chair {
		return nil, 0, errNoSuchBox
	}
	return b, n, nil
}

func (s *Server) ballotboxKeptGet(c *Call) error {
	q := c.R.URL.Query()
	d := ballotboxKeptData{Only: q.Get("lech") != ""}
	err := c.Read(func(tx *store.Tx) error {
		b, pile, err := c.keptBox(tx)
		if err != nil {
			return err
		}
		d.Box, d.Pile, d.Path = b, pile, keptPath(pile, b.ID)
		sheets, err := s.scans.Kept(c.Ctx(), tx, b, pile)
		if err != nil {
			return err
		}
		if d.Entry, _, err = ballotbox.PicturesOpened(c.Ctx(), tx, b.ID); err != nil {
			return err
		}
		piles, err := ballotbox.Piles(c.Ctx(), tx, b.ID)
		if err != nil {
			return err
		}
		if pile > len(piles) {
			return desk.Missing("Không có tập phiếu này.", "There is no such pile.")
		}
		for _, p := range piles {
			d.Piles = append(d.Piles, keptPile{p.Pile, keptPath(p.Pile, b.ID)})
		}
		more := ""
		if d.Only {
			more = "&lech=1"
		}
		for i, x := range sheets {
			k := keptSheet{N: i + 1, ID: x.ID, Path: d.Path + "?to=" + x.ID + more, Says: c.saidOf(b, x.Counted), Differs: x.Differs}
			if x.Said != nil {
				k.Who = who(b, x.Said.Person)
			}
			if x.Differs {
				d.Differ++
			} else if d.Only {
				continue
			}
			d.Sheets = append(d.Sheets, k)
			if x.ID == q.Get("to") {
				d.Shown = &k
				for n := range x.Sides {
					src := fmt.Sprintf("/kiem-phieu/anh-mo/%d/%s/%d/%s", pile, x.ID, n, b.ID)
					d.Sides = append(d.Sides, settleSide{Ink: src + "?muc=1", Plain: src})
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(ballotbox.PileSubject(d.Box.ID, d.Pile, ballotbox.ScanStation), c.T("ballotbox.kept")); err != nil {
		return err
	}
	return ballotboxKept.show(c, d)
}

// ballotboxKeptPictureGet is one side of a sealed sheet, opened by a decision.
func (s *Server) ballotboxKeptPictureGet(c *Call) error {
	return c.sheetSide(func(tx *store.Tx, p *sidePicture) (err error) {
		var pile int
		if p.box, pile, err = c.keptBox(tx); err != nil {
			return err
		}
		if p.sheet, p.data, err = s.scans.KeptPicture(c.Ctx(), tx, p.box, pile, c.R.PathValue("sheet"), p.n); err != nil {
			return err
		}
		p.rel, _, err = ballotbox.ReleasedBallot(c.Ctx(), tx, p.box.ID)
		return err
	})
}
