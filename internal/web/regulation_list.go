package web

import (
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

type regulationListData struct {
	Form    *Form
	Query   string
	All     bool // editions of other days too
	Matches []libraryMatch
	Groups  []seriesView
	Counts  evidenceCounts
	Now     int // editions in force on the day
	Files   []fileView
	Open    []proposalView
	Keeper  bool
	Attests bool
}

// seriesView is one line of documents that follow one another.
type seriesView struct {
	ID    string
	Own   bool // the province's overrides
	Title string
	Rows  []editionRow
}

type editionRow struct {
	Number, Title, ID, Path string
	Date                    vn.Date
	Valid                   string
	State                   Tag
	Over                    string // number of the document it stands over
	Counts                  evidenceCounts
	Recorded                bool
}

type evidenceCounts struct{ Confirmed, Attested, Reported, Unverified int }

func (n *evidenceCounts) add(m evidenceCounts) {
	n.Confirmed += m.Confirmed
	n.Attested += m.Attested
	n.Reported += m.Reported
	n.Unverified += m.Unverified
}

// All is how many items there are.
func (n evidenceCounts) All() int { return n.Confirmed + n.Attested + n.Reported + n.Unverified }

// Sure is how many decide without being questioned.
func (n evidenceCounts) Sure() int { return n.Confirmed + n.Attested }

func countsOf(lib *rule.Library, e *rule.Edition) evidenceCounts {
	t := regulation.Tally(lib, e)
	return evidenceCounts{t[rule.Confirmed], t[rule.Attested], t[rule.Reported], t[rule.Unverified]}
}

// fileView is one recorded file in the history.
type fileView struct {
	Entry               int64
	At                  time.Time
	Actor, Number, Path string
	Edition             string
	Over                bool
}

type proposalView struct {
	Path, Title, Where, By string
	At                     time.Time
	Entry                  int64
	Mine                   bool
}

var regulationList = page[regulationListData]("regulation_list")

func (s *Server) regulationListGet(c *Call) error {
	q := c.R.URL.Query()
	d := regulationListData{Form: &Form{Values: q}, Query: strings.TrimSpace(q.Get("q")), All: q.Get("tat-ca") == "on",
		Keeper: c.User.Has(desk.KeepRegulation), Attests: c.User.Has(desk.AttestRegulation)}
	if len(d.Query) > 200 {
		d.Query = strings.ToValidUTF8(d.Query[:200], "")
	}
	err := c.Read(func(tx *store.Tx) error {
		lib, err := c.library(tx)
		if err != nil {
			return err
		}
		if f := vn.Fold(d.Query); f != "" {
			d.Matches = searchLibrary(c, lib, f, 60)
		}
		d.Groups = c.groups(lib, d.All)
		for _, e := range lib.On(c.On()) {
			d.Now++
			d.Counts.add(countsOf(lib, e))
		}
		if d.Files, err = c.files(tx, ""); err != nil {
			return err
		}
		d.Open, err = c.openProposals(tx, lib)
		return err
	})
	if err != nil {
		return err
	}
	return regulationList.show(c, d)
}

// groups sorts editions by series; overrides stand together in a group of
// their own.
func (c *Call) groups(lib *rule.Library, all bool) []seriesView {
	var out []seriesView
	own := seriesView{Own: true, Title: c.T("reg.own")}
	at := map[string]int{}
	for _, e := range lib.Editions() {
		v := lib.Validity(e)
		if !all && !v.On(c.On()) {
			continue
		}
		row := editionRow{Number: e.Document.Number, Title: c.Words(e.Document.Title), ID: e.ID, Path: editionURL(e), Date: e.Document.Date,
			Valid: validityText(c, v), State: stateTag(c, v), Counts: countsOf(lib, e), Recorded: e.Recorded > 0}
		if e.Override != nil {
			row.Over = e.Override.Number
			own.Rows = append(own.Rows, row)
			continue
		}
		i, ok := at[e.Series]
		if !ok {
			i = len(out)
			at[e.Series] = i
			out = append(out, seriesView{ID: e.Series, Title: c.seriesTitle(e.Series)})
		}
		out[i].Rows = append(out[i].Rows, row)
	}
	if len(own.Rows) > 0 {
		out = append(out, own)
	}
	return out
}

// seriesTitle is the name of a line of documents; a line that only a recorded
// file knows shows its id.
func (c *Call) seriesTitle(id string) string {
	if c.s.messages.has("reg.series." + id) {
		return c.TK("reg.series", id)
	}
	if id == "" {
		return c.T("reg.series.none")
	}
	return id
}

func (c *Call) files(tx *store.Tx, slug string) ([]fileView, error) {
	fs, err := regulation.Files(c.Ctx(), tx, slug)
	if err != nil {
		return nil, err
	}
	names := c.actorNames(tx)
	var out []fileView
	for _, f := range fs {
		out = append(out, fileView{Entry: f.Entry, At: f.At, Actor: names(f.Actor), Number: f.Number, Edition: f.Edition,
			Path: "/quy-dinh/" + f.Slug() + "/" + f.Edition, Over: f.Over != ""})
	}
	return out, nil
}

func (c *Call) openProposals(tx *store.Tx, lib *rule.Library) ([]proposalView, error) {
	ps, err := regulation.Open(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	names := c.actorNames(tx)
	var out []proposalView
	for _, p := range ps {
		out = append(out, proposalView{Path: proposalURL(p.Entry), Title: itemTitle(c, lib, p), Where: p.Document.Number + ", " + p.Page,
			By: names(p.Actor), At: p.At, Entry: p.Entry, Mine: p.Actor == c.User.Account})
	}
	return out, nil
}
