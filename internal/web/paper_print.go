package web

import (
	"bytes"
	"errors"
	"image/png"
	"net/url"
	"strconv"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// ballotPrintData is the page "In phiếu bầu" of a round: how its ballot is set,
// seen as it comes from the printer, and the files to print.
type ballotPrintData struct {
	Event     *election.Event
	Title     rule.Words
	Seats     int64
	Names     int
	Voted     int64 // entry of the vote on the list; only then is a ballot printed
	State     bool  // of the State: official form, no marks
	Opt       paper.Options
	Copies    int
	Layout    *paper.Layout
	Problem   string
	Notices   []string
	Sides     []string // addresses of the pictures
	PDF, File string   // addresses of the PDF and its layout
	Back      string
	Most      int
	Box       string // of the counting board, "" when none is open
	Release   string // how the ballot shown stands to the released one: same, other, wait, none
	released  string // digest of the released ballot
	Set       string // paper, sides and columns of the ballot shown
}

var ballotPrint = page[ballotPrintData]("ballot_print")

// ballotDesign reads the list of a round as voted and sets its ballot by the
// options of the address.
func (c *Call) ballotDesign() (*ballotPrintData, error) {
	event, contest := c.roundOf()
	d := &ballotPrintData{Back: listPath(event, contest), Most: document.MaxCopies}
	var rec *vote.Record
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, event)
		if err != nil {
			return err
		}
		it, r := chain.Round(contest)
		if r == nil {
			return desk.Missing("Chưa lập danh sách của nội dung bầu này.", "No list of this contest was opened yet.")
		}
		if !c.May(tx, desk.Need{Right: desk.RecordContest, Org: chain.Event.Org}) {
			return errNotFound
		}
		d.Event, d.Title, d.Seats = chain.Event, election.ContestTitle(it, r), it.Seats
		if r.Seats > 0 {
			d.Seats = r.Seats
		}
		if r.List == nil {
			return nil
		}
		d.Voted, d.Release = r.List.Entry, "none"
		if b, err := ballotbox.Get(c.Ctx(), tx, contest); err == nil {
			d.Box, d.Release = b.ID, "wait"
			rel, ok, err := ballotbox.ReleasedBallot(c.Ctx(), tx, b.ID)
			if err != nil {
				return err
			}
			if ok {
				d.released = rel.Digest
			}
		} else if e, ok := asDeskError(err); !ok || e.Code != desk.NotFound {
			return err
		}
		rec = &vote.Record{ID: contest, Rules: it.Rules, Date: chain.Event.Date, Seats: &d.Seats}
		for _, p := range r.OnBallot() {
			rec.Candidates = append(rec.Candidates, vote.Candidate{ID: p.ID, Name: p.Name, Born: p.Born, Order: p.Order})
		}
		return nil
	})
	if err != nil || rec == nil {
		return d, err
	}
	d.Names, d.State = len(rec.Candidates), strings.HasPrefix(rec.Rules, "state-election/")
	q := c.R.URL.Query()
	asked := q.Has("giay") // the form was sent; else it shows what is proposed
	o := &d.Opt
	o.Paper, o.Title, o.Organisation, o.Upper, o.Place = q.Get("giay"), q.Get("ten"), q.Get("to-chuc"), q.Get("cap-tren"), q.Get("noi")
	o.Form, o.Marks = q.Get("dang"), q.Get("dau") == "1"
	o.Columns, _ = strconv.Atoi(q.Get("cot"))
	o.Sides, _ = strconv.Atoi(q.Get("so-mat"))
	if !asked {
		o.Title, o.Organisation = d.Title.VI, d.Event.Title.VI
	}
	d.Copies = 1
	if s := q.Get("so"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > document.MaxCopies {
			d.Problem = c.T("ballotprint.copies.wrong", strconv.Itoa(document.MaxCopies))
			return d, nil
		}
		d.Copies = n
	}
	d.Layout, err = paper.Fit(rec, *o)
	var ie *paper.InputError
	if errors.As(err, &ie) {
		d.Problem = c.Words(rule.Words{VI: ie.VI, EN: ie.EN})
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if d.released == d.Layout.Digest {
		d.Release = "same"
	} else if d.released != "" {
		d.Release = "other"
	}
	for _, n := range paper.Notices(rec, *o, d.Layout) {
		d.Notices = append(d.Notices, c.Words(rule.Words{VI: n.VI, EN: n.EN}))
	}
	d.Set = c.setIn(d.Layout)
	base := eventPath(event) + "/phieu-tep/" + c.R.PathValue("contest") + "?"
	file := func(kind string) string {
		v := url.Values{}
		for k := range q {
			v.Set(k, q.Get(k))
		}
		if !asked {
			v.Set("giay", "")
			v.Set("ten", o.Title)
			v.Set("to-chuc", o.Organisation)
		}
		v.Set("tep", kind)
		return base + v.Encode()
	}
	d.PDF, d.File = file("pdf"), file("bo-cuc")
	for side := 1; side <= d.Layout.Sides; side++ {
		d.Sides = append(d.Sides, file("mat-"+strconv.Itoa(side)))
	}
	return d, nil
}

func (s *Server) ballotPrintGet(c *Call) error {
	d, err := c.ballotDesign()
	if err != nil {
		return err
	}
	return ballotPrint.show(c, *d)
}

// ballotFileGet gives the PDF, the layout, or the picture of one side.
func (s *Server) ballotFileGet(c *Call) error {
	d, err := c.ballotDesign()
	if err != nil {
		return err
	}
	if d.Layout == nil {
		return errNotFound
	}
	var out bytes.Buffer
	kind, name := "", "phieu-"+strings.ReplaceAll(d.Layout.Contest, "/", "-")
	switch what := c.R.URL.Query().Get("tep"); what {
	case "pdf":
		kind, name = "application/pdf", name+".pdf"
		err = document.Ballots(&out, d.Layout, d.Copies)
	case "bo-cuc":
		kind, name = "application/json", name+".layout.json"
		var data []byte
		if data, err = d.Layout.JSON(); err == nil {
			out.Write(data)
		}
	case "mat-1", "mat-2":
		side := int(what[len(what)-1] - '0')
		if side > d.Layout.Sides {
			return errNotFound
		}
		kind, name = "image/png", name+"-"+what+".png"
		err = png.Encode(&out, paper.Render(d.Layout, side, 110))
	default:
		return errNotFound
	}
	if err != nil {
		return err
	}
	return c.file(out.Bytes(), kind, "inline", name)
}
