package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// electionHallData is the display for the hall: huge, calm, and only what was
// announced.
type electionHallData struct {
	Event     string
	Title     string
	Sub       string
	Bars      []electionBar
	Elected   int64
	Plain     bool // counted without a verdict
	Seats     int64
	Status    Tag
	Threshold *rule.Verdict
	Code      string
	Live      Live
	Size      string // how many rows share the height: "few", "some", "many", "crowd", and with it "throng", "host"
}

var electionHall = page[electionHallData]("election_hall")

func (s *Server) electionHallGet(c *Call) error {
	d, err := c.hall(c.R.PathValue("id"))
	if err != nil {
		return err
	}
	return electionHall.show(c, *d)
}

// electionHallLiveGet is the part of the display that is asked each second.
func (s *Server) electionHallLiveGet(c *Call) error {
	if c.Unchanged() {
		return nil
	}
	return s.shared(c, func(c *Call) error {
		d, err := c.hall(c.R.PathValue("id"))
		if err != nil {
			return err
		}
		return electionHall.fragment(c, "live", *d)
	})
}

// hall refuses, in the same words for a contest that does not exist, whatever
// was not announced: nobody learns from it that a count is under way.
func (c *Call) hall(id string) (*electionHallData, error) {
	d := &electionHallData{Live: c.Live("/hoi-truong-moi/" + id)}
	closed := desk.Missing("Màn hình này chưa mở. Kết quả chỉ hiện sau khi được công bố.", "This display is not open. A result is shown only once it is announced.")
	err := c.Read(func(tx *store.Tx) error {
		det, err := election.Get(c.Ctx(), tx, id)
		if err != nil {
			if e, ok := asDeskError(err); ok && e.Code == desk.NotFound {
				return closed
			}
			return err
		}
		if !det.IsAnnounced() {
			return closed
		}
		ev, err := election.GetEvent(c.Ctx(), tx, det.Event)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		res, err := det.WithWords(lib)
		if err != nil {
			return err
		}
		var full electionContestData
		full.Detail = det
		full.view(c, res)
		d.Event, d.Title, d.Bars, d.Threshold = c.Words(ev.Title), full.Name, full.Bars, full.Threshold
		d.Plain = full.CountedOnly()
		d.Elected, d.Seats, d.Status = det.Elected, det.Seats, full.Tag
		d.Sub = c.T("election.hall.sub", number(c.Lang, det.Seats), number(c.Lang, det.Candidates))
		if det.Row.Base >= 0 {
			d.Sub += " · " + c.T("election.hall.base", number(c.Lang, det.Row.Base), lowerFirst(full.Base))
		}
		if det.Need > 0 {
			d.Sub += " · " + c.T("election.hall.need", number(c.Lang, det.Need))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	cp, _, err := c.s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return nil, err
	}
	d.Code = shortCode(cp)
	switch n := len(d.Bars); {
	case n <= 6:
		d.Size = "few"
	case n <= 12:
		d.Size = "some"
	case n > 64:
		d.Size = "crowd throng host"
	case n > 45:
		d.Size = "crowd throng"
	case n > 26:
		d.Size = "crowd"
	default:
		d.Size = "many"
	}
	return d, nil
}

func shortCode(cp ledger.Checkpoint) string { return cp.PaperCode() }
