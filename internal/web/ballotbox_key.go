package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// ballotboxKeyData is the page of one station at one pile: what this person
// keyed here, and nothing of the other stations.
type ballotboxKeyData struct {
	Box        *ballotbox.Row
	Pile       *ballotbox.Pile
	Station    int
	Names      []keyName
	Keyed      []keyedBallot // newest first
	Have, Next int
	Shown      int // the ballot being keyed, at most the last of the pile
	Full       bool
	Causes     []keyCause
	Seats      int64
	Form       *Form // of the next ballot
	HandIn     *Form
	Problem    *Form
	Typed      string
	Path       string // behind "/kiem-phieu/nhap/"
	FormOf     string
	Letters    string // how keys read in this form of ballot
	CauseIDs   string
	BallotID   string
	OddNeeded  bool
	Columns    string
}

type keyName struct {
	N    int
	Name string
}

type keyCause struct {
	N     int
	Title string
}

type keyedBallot struct {
	N    int
	Keys string
	Says string
}

var ballotboxKey = page[ballotboxKeyData]("ballotbox_key")

// station is the station of the path; attempt is the form's, or of now.
func (c *Call) station(f *Form) (ballotbox.Station, error) {
	pile, err1 := strconv.Atoi(c.R.PathValue("pile"))
	st, err2 := strconv.Atoi(c.R.PathValue("station"))
	if err1 != nil || err2 != nil {
		return ballotbox.Station{}, errNotFound
	}
	var out ballotbox.Station
	err := c.Read(func(tx *store.Tx) error {
		b, u, err := c.box(tx)
		if err != nil {
			return err
		}
		if !u.Team {
			return desk.Deny("Chỉ thành viên ban kiểm phiếu nhập phiếu.", "Only members of the counting team key ballots.")
		}
		out = ballotbox.Station{Box: b.ID, Case: b.Case, Pile: pile, Station: st, Actor: c.User.Account}
		if f != nil {
			out.Attempt, err = strconv.Atoi(f.Text("attempt"))
			if err != nil {
				return errNotFound
			}
			return nil
		}
		piles, err := ballotbox.Piles(c.Ctx(), tx, b.ID)
		if err == nil && (pile < 1 || pile > len(piles)) {
			err = errNotFound
		}
		if err == nil {
			out.Attempt = piles[pile-1].Attempt
		}
		return err
	})
	return out, err
}

func (s *Server) ballotboxKeyGet(c *Call) error { return c.showKeys(nil, nil) }

// showKeys draws the station; bad is a refused ballot, handIn a refused
// handing-in.
func (c *Call) showKeys(bad, handIn *Form) error {
	st, err := c.station(nil)
	if err != nil {
		return err
	}
	d := ballotboxKeyData{Station: st.Station, BallotID: desk.NewID(), Form: bad, HandIn: handIn, Problem: bad}
	if handIn != nil {
		d.Problem = handIn
	}
	err = c.Read(func(tx *store.Tx) error {
		b, p, keyed, err := ballotbox.Draft(c.Ctx(), tx, st)
		if err != nil {
			return err
		}
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		causes, err := b.Causes(lib)
		if err != nil {
			return err
		}
		var ids []string
		for i, x := range causes {
			d.Causes, ids = append(d.Causes, keyCause{i + 1, c.Words(x.Title)}), append(ids, x.ID)
		}
		d.CauseIDs = strings.Join(ids, " ")
		d.Box, d.Pile, d.Have, d.Next, d.Seats, d.FormOf = b, p, len(keyed), len(keyed)+1, *b.Sheet.Seats, b.Sheet.Form
		d.Shown = min(d.Next, p.Size)
		d.Path = stationPath(st)
		d.Full = d.Have >= p.Size
		for i := range b.Sheet.Candidates {
			d.Names = append(d.Names, keyName{i + 1, b.Called(i)})
		}
		switch n := len(d.Names); {
		case n > 36:
			d.Columns = "many"
		case n > 12:
			d.Columns = "some"
		default:
			d.Columns = "few"
		}
		for i := len(keyed) - 1; i >= 0; i-- {
			k := keyed[i]
			keys := ballotbox.WriteKeys(b.Sheet.Form, k.Pattern, ids)
			d.Keyed = append(d.Keyed, keyedBallot{k.N, keys, c.ballotSays(b, k.Pattern)})
		}
		if d.HandIn == nil {
			if d.HandIn, err = c.NewForm(tx, ballotbox.PileSubject(b.ID, st.Pile, st.Station)); err != nil {
				return err
			}
		}
		d.OddNeeded = d.HandIn.Error("odd") != ""
		if bad != nil {
			d.Typed = bad.Value("ballot")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return ballotboxKey.show(c, d)
}

// ballotSays tells a pattern in words: whom it strikes, or how many it leaves.
func (c *Call) ballotSays(b *ballotbox.Row, pattern string) string {
	if strings.HasPrefix(pattern, "?") {
		return c.T("ballotbox.says.doubt")
	}
	n := map[byte]int64{}
	for i := range len(pattern) {
		n[pattern[i]]++
	}
	a, d, none := number(c.Lang, n['a']), number(c.Lang, n['d']), number(c.Lang, n['n']+n['b'])
	switch b.Sheet.Form {
	case "strike":
		return c.T("ballotbox.says.strike", d, a)
	case "recommend":
		return c.T("ballotbox.says.recommend", a)
	case "confidence3":
		return c.T("ballotbox.says.confidence3", a, number(c.Lang, n['m']), d, none)
	}
	return c.T("ballotbox.says.agree", a, d, none)
}

// keyAnswer is the answer to the page's script: the ballot stands, durably, at
// place N; Have are kept in all.
type keyAnswer struct {
	N     int    `json:"n"`
	Have  int    `json:"have"`
	Keys  string `json:"keys"`
	Says  string `json:"says"`
	Error string `json:"error,omitempty"`
	Again bool   `json:"reload,omitempty"` // the page is behind: open it again
}

func (c *Call) scripted() bool { return c.R.Header.Get("Accept") == "application/json" }

func (c *Call) answer(status int, v any) error {
	c.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.W.Header().Set("Cache-Control", "no-store")
	c.W.WriteHeader(status)
	return json.NewEncoder(c.W).Encode(v)
}

// refuseKeys answers what was not taken: to the script as data, to the plain
// form as the page.
func (c *Call) refuseKeys(f *Form, err error) error {
	e, ok := asDeskError(err)
	if !ok || !c.scripted() {
		return c.again(f, err, func(f *Form) error { return c.showKeys(f, nil) })
	}
	status := http.StatusUnprocessableEntity
	if e.Code == desk.Denied {
		status = http.StatusForbidden
	}
	return c.answer(status, keyAnswer{Error: c.Words(e.Says), Again: e.Code != desk.Invalid})
}

// stationForm is a form sent from a station.
func (c *Call) stationForm() (*Form, ballotbox.Station, error) {
	f, err := c.PostForm()
	if err != nil {
		return nil, ballotbox.Station{}, err
	}
	st, err := c.station(f)
	return f, st, err
}

// stationPath is what the paths of a station end with.
func stationPath(st ballotbox.Station) string {
	return strconv.Itoa(st.Pile) + "/" + strconv.Itoa(st.Station) + "/" + st.Box
}

func (s *Server) ballotboxKeyPost(c *Call) error {
	f, st, err := c.stationForm()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(f.Text("n"))
	if err != nil {
		return c.refuseKeys(f, errNotFound)
	}
	var b *ballotbox.Row
	var out ballotbox.Keyed
	var ids []string
	err = c.Read(func(tx *store.Tx) error {
		if b, err = ballotbox.Get(c.Ctx(), tx, st.Box); err != nil {
			return err
		}
		lib, err := s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		causes, err := b.Causes(lib)
		for _, x := range causes {
			ids = append(ids, x.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	out, err = ballotbox.Put(c.Ctx(), s.db, ids, st, f.ID, n, f.Value("ballot"))
	if err != nil {
		return c.refuseKeys(f, err)
	}
	if c.scripted() {
		return c.answer(http.StatusOK, keyAnswer{N: out.N, Have: out.N, Keys: ballotbox.WriteKeys(b.Sheet.Form, out.Pattern, ids), Says: c.ballotSays(b, out.Pattern)})
	}
	return c.Redirect("/kiem-phieu/nhap/" + stationPath(st))
}

func (s *Server) ballotboxUndoPost(c *Call) error {
	f, st, err := c.stationForm()
	if err != nil {
		return err
	}
	last, err := strconv.Atoi(f.Text("n"))
	if err != nil {
		return c.refuseKeys(f, errNotFound)
	}
	have, err := ballotbox.Undo(c.Ctx(), s.db, st, last)
	if err != nil {
		return c.refuseKeys(f, err)
	}
	if c.scripted() {
		return c.answer(http.StatusOK, keyAnswer{N: have, Have: have})
	}
	return c.Redirect("/kiem-phieu/nhap/" + stationPath(st))
}

func (s *Server) ballotboxHandInPost(c *Call) error {
	f, st, err := c.stationForm()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(f.Text("n"))
	if err != nil {
		return c.again(f, errNotFound, func(f *Form) error { return c.showKeys(nil, f) })
	}
	return c.finish(f, ballotbox.HandIn{Box: st.Box, Case: st.Case, Pile: st.Pile, Station: st.Station, Attempt: st.Attempt, Ballots: n, Odd: f.Value("odd") != ""}, boxPath(st.Box), func(f *Form) error { return c.showKeys(nil, f) })
}
