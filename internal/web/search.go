package web

import (
	"strings"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// searchModule is the search box: every room answers for its own things.
var searchModule = module{name: "search", routes: func(s *Server) []route {
	return []route{{pattern: "GET /tim", handle: s.searchGet}}
}}

type searchData struct {
	Query  string
	Short  bool // nothing, or one letter, was asked for
	Groups []searchGroup
}

type searchGroup struct {
	Label string
	Hits
}

var searchPage = page[searchData]("search")

// searchGet folds the query (no marks, đ as d, lower case) and asks each room.
func (s *Server) searchGet(c *Call) error {
	q := strings.TrimSpace(c.R.URL.Query().Get("q"))
	if len(q) > 400 {
		q = strings.ToValidUTF8(q[:400], "")
	}
	d := searchData{Query: q}
	folded := vn.Fold(q)
	if len(folded) < 2 {
		d.Short = true
		return searchPage.show(c, d)
	}
	err := c.Read(func(tx *store.Tx) error {
		for _, m := range modules {
			if m.search == nil {
				continue
			}
			h, err := m.search(c, tx, folded)
			if err != nil {
				return err
			}
			if len(h.Items) > 0 {
				d.Groups = append(d.Groups, searchGroup{Label: c.T(h.Label), Hits: h})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return searchPage.show(c, d)
}
