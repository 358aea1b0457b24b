package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/store"
)

// docRow is one paper that the event can have, with the newest made.
type docRow struct {
	Kind  document.PaperKind
	About string
	Title string
	Of    string // what it is about, "" for the whole event
	Made  *document.MadePaper
	Times int
	Make  string // page that makes it
}

func papersPath(event string) string { return "/bau-cu/giay-to/" + event }

// docRows lists the papers of an event in the order in which they are needed.
func (c *Call) docRows(tx *store.Tx, chain *election.Chain) ([]docRow, error) {
	if len(chain.Items) == 0 {
		return nil, nil
	}
	made, err := document.Papers(c.Ctx(), tx, chain.Event.ID)
	if err != nil {
		return nil, err
	}
	var out []docRow
	add := func(k document.PaperKind, about, of string) {
		r := docRow{Kind: k, About: about, Of: of, Title: c.Words(document.PaperWords(k)),
			Make: papersPath(chain.Event.ID) + "/lap?" + url.Values{"giay": {string(k)}, "ve": {about}}.Encode()}
		for _, p := range made {
			if p.Kind == k && p.About == about {
				r.Made, r.Times = p, r.Times+1
			}
		}
		out = append(out, r)
	}
	add(document.Script, "", "")
	var seen []*meeting.State
	for _, it := range chain.Items {
		if it.Meet != nil && !slices.ContainsFunc(seen, func(m *meeting.State) bool { return m.ID == it.Meet.ID }) {
			seen = append(seen, it.Meet)
			add(document.Credentials, it.Meet.ID, c.Words(it.Meet.Title))
		}
	}
	for _, it := range chain.Items {
		for _, r := range it.Rounds {
			title := c.Words(election.ContestTitle(it, r))
			if r.List != nil {
				add(document.ListPaper, r.Contest, title)
			}
			if r.Row != nil && (r.Kind == election.RoundPoll || it.OwnTeam) {
				add(document.PollMinutes, r.Contest, title)
			}
		}
	}
	add(document.ElectionMinutes, "", "")
	add(document.UpperReport, "", "")
	return out, nil
}

type paperMakeData struct {
	Event *election.Event
	Row   docRow
	Form  *Form
	Party document.PartyForm
	Line  string // number line of the form
	Seals []Option
}

var paperMake = page[paperMakeData]("document_make")

func (s *Server) paperMakeGet(c *Call) error {
	return c.showPaperMake(nil, c.R.URL.Query().Get("giay"), c.R.URL.Query().Get("ve"))
}

// paperEvent reads the event with its chain for one who makes papers.
func (c *Call) paperEvent(tx *store.Tx) (*election.Chain, error) {
	chain, err := c.loadChain(tx, c.R.PathValue("event"))
	if err != nil {
		return nil, err
	}
	if !c.May(tx, desk.Need{Right: desk.MakeMinutes, Org: chain.Event.Org, Case: election.EventSubject(chain.Event.ID)}) {
		return nil, desk.Missing("Không có sự kiện này.", "There is no such event.")
	}
	return chain, nil
}

func (c *Call) showPaperMake(f *Form, kind, about string) error {
	d := paperMakeData{Form: f}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err != nil {
			return err
		}
		d.Event = chain.Event
		rows, err := c.docRows(tx, chain)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r docRow) bool { return string(r.Kind) == kind && r.About == about })
		if i < 0 {
			return desk.Missing("Sự kiện chưa có giấy này.", "The event has no such paper yet.")
		}
		d.Row = rows[i]
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, document.PapersSubject(d.Event.ID)); err != nil {
				return err
			}
			d.Form.Set("body", d.Event.Title.VI)
			if err := c.lastPaper(d.Form, rows, d.Row); err != nil {
				return err
			}
		}
		if d.Party, err = document.FormOn(c.Today()); err != nil {
			return err
		}
		d.Line = d.Party.NumberLine(d.Row.Kind, 0, "")
		return nil
	})
	for _, v := range []document.Seal{document.SealFooter, document.SealSlip, document.SealNone} {
		d.Seals = append(d.Seals, Option{string(v), c.TK("election.seal", string(v))})
	}
	if err != nil {
		return err
	}
	return paperMake.show(c, d)
}

// lastPaper fills heads and signers as the paper (or else any paper of the
// event) had them last.
func (c *Call) lastPaper(f *Form, rows []docRow, row docRow) error {
	from := row.Made
	for _, r := range rows {
		if from == nil || row.Made == nil && r.Made != nil && r.Made.Entry > from.Entry {
			from = r.Made
		}
	}
	f.Set("signers", "T/M ĐOÀN CHỦ TỊCH | | \nTHƯ KÝ | | ").Set("to", "Lưu hồ sơ bầu cử.")
	if from == nil || from.Model == nil {
		return nil
	}
	p, err := document.ParsePaper(from.Model)
	if err != nil {
		return err
	}
	var signers []string
	for _, s := range p.Signers {
		signers = append(signers, s.For+" | "+s.Post+" | "+s.Name)
	}
	f.Set("upper", p.Upper).Set("body", p.Body).Set("organ", p.Organ).Set("place", p.Place).Set("signers", strings.Join(signers, "\n")).Set("to", strings.Join(p.To, "\n"))
	return nil
}

func (s *Server) paperMakePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	var ev *election.Event
	if err := c.Read(func(tx *store.Tx) error {
		chain, err := c.paperEvent(tx)
		if err == nil {
			ev = chain.Event
		}
		return err
	}); err != nil {
		return err
	}
	set := document.PaperSetting{Organ: f.Text("organ"), Upper: f.Text("upper"), Body: f.Text("body"), Place: f.Text("place"), Notes: f.Text("notes"), Seal: document.Seal(f.Text("seal"))}
	set.Signers, set.To = signersOf(f.Text("signers")), linesOf(f.Text("to"))
	set.Number, err = countOr(f, "number", 0)
	var rc desk.Receipt
	if err == nil {
		rc, err = document.MakePaper(c.Ctx(), s.desk, s.db, document.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Now: s.clock()},
			document.PaperKind(f.Text("giay")), ev.ID, ev.Org, f.Text("ve"), set)
	}
	if err == nil {
		return c.Done(fmt.Sprintf("%s/muc/%d", papersPath(ev.ID), rc.Entries[0].Index), rc)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return c.showPaperMake(f, f.Text("giay"), f.Text("ve"))
}

type paperData struct {
	Event *election.Event
	Paper *document.MadePaper
	Model *document.Paper // nil when erased
	Title string
	Actor string
	Party document.PartyForm
	Sign  *signCard
	Scans *scanCard
}

var paperPage = page[paperData]("document_paper")

func (s *Server) paperGet(c *Call) error { return c.showPaper(nil) }

func (c *Call) showPaper(f *Form) error {
	d := paperData{}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Event, d.Paper, err = c.paperAt(tx); err != nil {
			return err
		}
		d.Title, d.Actor = c.Words(document.PaperWords(d.Paper.Kind)), c.actorText(tx, d.Paper.Actor)
		if d.Paper.Model != nil {
			if d.Model, err = document.ParsePaper(d.Paper.Model); err != nil {
				return err
			}
		}
		if d.Party, err = document.FormOn(d.Paper.Made); err != nil {
			return err
		}
		if d.Scans, err = c.scans(tx, d.Event, d.Paper.Entry, fmt.Sprintf("%s/muc/%d", papersPath(d.Event.ID), d.Paper.Entry)); err != nil {
			return err
		}
		var names []string
		if d.Model != nil {
			for _, x := range d.Model.Signers {
				names = append(names, x.Name)
			}
		}
		d.Sign, err = c.signature(tx, d.Event, d.Paper.Entry, fmt.Sprintf("%s/muc/%d", papersPath(d.Event.ID), d.Paper.Entry), f, names)
		return err
	})
	if err != nil {
		return err
	}
	return paperPage.show(c, d)
}

func (c *Call) paperAt(tx *store.Tx) (*election.Event, *document.MadePaper, error) {
	ev, err := c.event(tx, c.R.PathValue("event"))
	if err != nil {
		return nil, nil, err
	}
	entry, err := c.index("entry")
	if err != nil {
		return nil, nil, err
	}
	p, err := document.PaperAt(c.Ctx(), tx, ev.ID, entry)
	return ev, p, err
}

// paperFiles are the files of a paper by their address: name, type, and how the
// browser takes them.
var paperFiles = map[string][3]string{"pdf": {document.PaperPDFFile, "application/pdf", "inline"}, "docx": {document.PaperDOCXFile, wordType, "attachment"}, "json": {document.PaperModelFile, "application/json", "attachment"}}

// paperFileGet hands out a file of a paper: "pdf", "docx" or "json".
func (s *Server) paperFileGet(c *Call) error {
	ext := c.R.PathValue("file")
	k, ok := paperFiles[ext]
	if !ok {
		return desk.Missing("Không có tệp này.", "There is no such file.")
	}
	var raw []byte
	var name string
	if err := c.Read(func(tx *store.Tx) error {
		_, p, err := c.paperAt(tx)
		if err != nil {
			return err
		}
		name = fmt.Sprintf("%s-muc-%d.%s", p.Kind, p.Entry, ext)
		raw, err = document.PaperFile(c.Ctx(), tx, p, k[0])
		return err
	}); err != nil {
		return err
	}
	return c.file(raw, k[1], k[2], name)
}
