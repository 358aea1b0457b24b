package web

import (
	"errors"
	"slices"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// ballotboxModule is the counting room: boxes, the keying page, comparison,
// doubtful ballots, closing, and the report of the head.
var ballotboxModule = module{
	name: "ballotbox",
	nav:  &navItem{Label: "nav.ballotbox", Path: "/kiem-phieu", Order: 22, Need: desk.CountContest, Or: []desk.Right{desk.PresideCount, desk.OpenBox}},
	routes: func(s *Server) []route {
		// Who may see what depends on the box: its team, chair and case officer.
		// Each page asks for itself (Call.box).
		r := func(pattern string, h func(*Call) error) route { return route{pattern: pattern, handle: h} }
		return []route{
			r("GET /kiem-phieu", s.ballotboxListGet),
			{pattern: "GET /kiem-phieu/viec/mo", need: desk.OpenBox, any: true, handle: s.ballotboxOpenGet},
			{pattern: "POST /kiem-phieu/viec/mo", need: desk.OpenBox, any: true, handle: s.ballotboxOpenPost},
			r("GET /kiem-phieu/hop/{id...}", s.ballotboxGet),
			r("POST /kiem-phieu/hop/{id...}", s.ballotboxPost),
			r("GET /kiem-phieu/moi/{id...}", s.ballotboxLiveGet),
			r("GET /kiem-phieu/so-phieu/{id...}", s.ballotboxStockGet),
			r("POST /kiem-phieu/so-phieu/{id...}", s.ballotboxStockPost),
			r("GET /kiem-phieu/nhap/{pile}/{station}/{id...}", s.ballotboxKeyGet),
			r("POST /kiem-phieu/nhap/{pile}/{station}/{id...}", s.ballotboxKeyPost),
			r("GET /kiem-phieu/tap/{pile}/{id...}", s.ballotboxPileGet),
			r("POST /kiem-phieu/rut/{pile}/{station}/{id...}", s.ballotboxUndoPost),
			r("POST /kiem-phieu/nop/{pile}/{station}/{id...}", s.ballotboxHandInPost),
			r("GET /kiem-phieu/tong/{station}/{id...}", s.ballotboxTotalsGet),
			r("POST /kiem-phieu/tong/{station}/{id...}", s.ballotboxTotalsPost),
			r("GET /kiem-phieu/doi-chieu/{id...}", s.ballotboxCompareGet),
			r("POST /kiem-phieu/doi-chieu/{id...}", s.ballotboxOtherPost),
			r("GET /kiem-phieu/nghi-van/{id...}", s.ballotboxDoubtGet),
			r("POST /kiem-phieu/nghi-van/{id...}", s.ballotboxDoubtPost),
			r("GET /kiem-phieu/chot/{id...}", s.ballotboxCloseGet),
			r("POST /kiem-phieu/chot/{id...}", s.ballotboxClosePost),
			r("GET /kiem-phieu/bao-cao/{id...}", s.ballotboxReportGet),
			r("POST /kiem-phieu/bao-cao/{id...}", s.ballotboxReportPost),
			r("GET /kiem-phieu/kiem-lai/{id...}", s.ballotboxAuditGet),
			r("POST /kiem-phieu/kiem-lai/{id...}", s.ballotboxAuditPost),
			r("GET /kiem-phieu/phieu/{id...}", s.ballotboxReleaseGet),
			r("POST /kiem-phieu/phieu/{id...}", s.ballotboxReleasePost),
			r("GET /kiem-phieu/phieu-tep/{what}/{id...}", s.ballotboxPaperGet),
			r("GET /kiem-phieu/quet/{pile}/{id...}", s.ballotboxScanGet),
			{pattern: "POST /kiem-phieu/quet/{pile}/{id...}", maxBody: ballotbox.MaxScan + 1<<20, handle: s.ballotboxScanPost},
			r("GET /kiem-phieu/doc-toi-dau/{pile}/{id...}", s.ballotboxFarGet),
			r("GET /kiem-phieu/thu-muc/{pile}/{id...}", s.ballotboxInboxGet),
			r("GET /kiem-phieu/xem-to/{pile}/{id...}", s.ballotboxSettleGet),
			r("POST /kiem-phieu/xem-to/{pile}/{id...}", s.ballotboxSettlePost),
			r("GET /kiem-phieu/anh/{pile}/{sheet}/{n}/{id...}", s.ballotboxPictureGet),
			r("GET /kiem-phieu/anh-niem-phong/{pile}/{id...}", s.ballotboxKeptGet),
			r("GET /kiem-phieu/anh-mo/{pile}/{sheet}/{n}/{id...}", s.ballotboxKeptPictureGet),
			r("GET /kiem-phieu/anh-mau/{pile}/{id...}", s.ballotboxSampleGet),
			r("GET /kiem-phieu/nhat-ky-nhap/{pile}/{id...}", s.ballotboxLogGet),
		}
	},
	tasks: ballotboxTasks,
	subjects: map[string]func(string) string{
		"ballotbox": func(id string) string { return boxPath(boxOfSubject(id)) },
	},
}

func boxPath(id string) string { return "/kiem-phieu/hop/" + id }

// boxOfSubject is the box of a subject of its own or of one of its piles.
func boxOfSubject(subject string) string {
	id := strings.TrimPrefix(subject, "ballotbox/")
	id = strings.TrimSuffix(id, "/stock")
	for _, part := range []string{"/pile/", "/audit"} {
		if i := strings.LastIndex(id, part); i >= 0 {
			id = id[:i]
		}
	}
	return id
}

// boxUser is what a person is to a box.
type boxUser struct {
	Member  ballotbox.Member
	Team    bool // counts
	Head    bool
	Chair   bool
	Officer bool // of the case
}

func (u boxUser) any() bool { return u.Team || u.Chair || u.Officer }

// boxUser says what the reader is to a box.
func (c *Call) boxUser(tx *store.Tx, b *ballotbox.Row) (boxUser, error) {
	var u boxUser
	if c.User == nil {
		return u, nil
	}
	m, ok, err := ballotbox.MemberOf(c.Ctx(), tx, b.Team, c.User.Account)
	if err != nil {
		return u, err
	}
	if ok && c.May(tx, desk.Need{Right: desk.CountContest, Case: b.Case}) {
		u.Member, u.Team, u.Head = m, true, m.Person == b.Team.Head
	}
	u.Chair = c.May(tx, desk.Need{Right: desk.PresideCount, Case: b.Case})
	u.Officer = b.Officer == c.User.Account && c.May(tx, desk.Need{Right: desk.OpenBox, Org: b.Org})
	return u, nil
}

var errNoSuchBox = desk.Missing("Không có hòm phiếu này, hoặc hòm phiếu này không thuộc việc của bạn.", "There is no such box, or it is not yours to see.")

// box reads the box of the path for somebody who belongs to its count; to all
// others it does not exist.
func (c *Call) box(tx *store.Tx) (*ballotbox.Row, boxUser, error) {
	b, err := ballotbox.Get(c.Ctx(), tx, c.R.PathValue("id"))
	if err != nil {
		return nil, boxUser{}, noSuchBox(err)
	}
	u, err := c.boxUser(tx, b)
	if err == nil && !u.any() {
		err = errNoSuchBox
	}
	return b, u, err
}

func noSuchBox(err error) error {
	var e *desk.Error
	if errors.As(err, &e) && e.Code == desk.NotFound {
		return errNoSuchBox
	}
	return err
}

// theBox reads the box of the path in a snapshot of its own.
func (c *Call) theBox() (b *ballotbox.Row, u boxUser, err error) {
	err = c.Read(func(tx *store.Tx) error {
		b, u, err = c.box(tx)
		return err
	})
	return b, u, err
}

// who is the name of a member of the team.
func who(b *ballotbox.Row, person string) string {
	if n := b.Names["team"][person]; n != "" {
		return n
	}
	return person
}

func boxTag(lang string, s ballotbox.State) Tag {
	kind := "wait"
	switch s {
	case ballotbox.StateReported:
		kind = "yes"
	case ballotbox.StateAnnulled:
		kind = "stop"
	case ballotbox.StateOpen, ballotbox.StateSealed:
		kind = "no"
	}
	return Tag{kind, ballotbox.StateWords[s].In(lang)}
}

// ballotboxListData are the boxes of the reader.
type ballotboxListData struct {
	Rows    []boxRow
	MayOpen bool
}

type boxRow struct {
	ID     string
	Title  string
	Day    string
	Tag    Tag
	Sample bool
	Role   string
}

var ballotboxList = page[ballotboxListData]("ballotbox_list")

func (s *Server) ballotboxListGet(c *Call) error {
	d := ballotboxListData{MayOpen: c.User.Has(desk.OpenBox)}
	err := c.Read(func(tx *store.Tx) error {
		return c.eachBox(tx, func(b *ballotbox.Row, u boxUser, st ballotbox.State) error {
			d.Rows = append(d.Rows, boxRow{b.ID, c.Words(b.Title), dayText(c.Lang, b.Held), boxTag(c.Lang, st), b.Sample, c.boxRole(u)})
			return nil
		})
	})
	if err != nil {
		return err
	}
	return ballotboxList.show(c, d)
}

// eachBox visits the newest boxes that are the reader's.
func (c *Call) eachBox(tx *store.Tx, fn func(*ballotbox.Row, boxUser, ballotbox.State) error) error {
	if !slices.ContainsFunc([]desk.Right{desk.CountContest, desk.PresideCount, desk.OpenBox}, c.User.Has) {
		return nil
	}
	bs, err := ballotbox.List(c.Ctx(), tx, 200)
	if err != nil {
		return err
	}
	lib, err := c.s.desk.Rules(c.Ctx(), tx)
	if err != nil {
		return err
	}
	for _, b := range bs {
		u, err := c.boxUser(tx, b)
		if err != nil {
			return err
		}
		if !u.any() {
			continue
		}
		st, err := ballotbox.StateOf(c.Ctx(), tx, lib, b)
		if err != nil {
			return err
		}
		if err := fn(b, u, st); err != nil {
			return err
		}
	}
	return nil
}

// boxRole says what the reader is to a box.
func (c *Call) boxRole(u boxUser) string {
	switch {
	case u.Head:
		return c.T("ballotbox.role.head")
	case u.Team:
		return c.T("ballotbox.role.member")
	case u.Chair:
		return c.T("ballotbox.role.chair")
	}
	return c.T("ballotbox.role.officer")
}

// ballotboxTasks are the boxes that wait for the reader.
func ballotboxTasks(c *Call, tx *store.Tx) ([]Task, error) {
	var out []Task
	err := c.eachBox(tx, func(b *ballotbox.Row, u boxUser, st ballotbox.State) error {
		waits := u.Team && !slices.Contains([]ballotbox.State{ballotbox.StateReported, ballotbox.StateAnnulled}, st) ||
			u.Chair && b.Incident >= 0
		if waits && len(out) < 20 {
			out = append(out, Task{Title: c.T("ballotbox.task", c.Words(b.Title)), Path: boxPath(b.ID), Missing: ballotbox.StateWords[st].In(c.Lang), Detail: c.boxRole(u)})
		}
		return nil
	})
	return out, err
}
