package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// listPaperData is the list of a round as it is printed and handed out: number,
// name, birth, equal names told apart.
type listPaperData struct {
	Event *election.Event
	Title rule.Words
	Seats int64
	Rows  []vote.Placed
	Voted int64 // entry of the vote on the list, 0 for a draft
	Back  string
}

var listPaper = page[listPaperData]("election_list_paper")

func (s *Server) listPaperGet(c *Call) error {
	event, contest := c.roundOf()
	d := listPaperData{Back: listPath(event, contest)}
	err := c.Read(func(tx *store.Tx) error {
		chain, err := c.loadChain(tx, event)
		if err != nil {
			return err
		}
		it, r := chain.Round(contest)
		if r == nil {
			return desk.Missing("Chưa lập danh sách của nội dung bầu này.", "No list of this contest was opened yet.")
		}
		d.Event, d.Title, d.Seats = chain.Event, election.ContestTitle(it, r), it.Seats
		if r.Seats > 0 {
			d.Seats = r.Seats
		}
		if d.Rows = r.OnBallot(); d.Rows == nil {
			d.Rows = election.InOrder(r.Stand())
		} else {
			d.Voted = r.List.Entry
		}
		for i := range d.Rows {
			if n := r.Find(d.Rows[i].ID); n != nil {
				d.Rows[i].Name = n.Show(c.Lang)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return listPaper.show(c, d)
}
