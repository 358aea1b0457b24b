package web

import (
	"net/url"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// fileRoom is what a posted regulation form may weigh: the file, and once more
// the same text in the box, with some room for the other fields.
const fileRoom = 2*rule.MaxFile + 64<<10

// regulationModule is "Quy định": the library of rules with its editions, what
// the province adds to it, and the attestation of what is unverified.
var regulationModule = module{
	name: "regulation",
	nav:  &navItem{Label: "nav.regulation", Path: "/quy-dinh", Order: 50, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /quy-dinh", need: desk.ReadRecord, any: true, handle: s.regulationListGet},
			{pattern: "GET /quy-dinh/{doc}", need: desk.ReadRecord, any: true, handle: s.regulationDocumentGet},
			{pattern: "GET /quy-dinh/{doc}/{edition}", need: desk.ReadRecord, any: true, handle: s.regulationEditionGet},
			{pattern: "GET /quy-dinh/{doc}/{edition}/tep", need: desk.ReadRecord, any: true, handle: s.regulationFileGet},
			{pattern: "GET /quy-dinh/{doc}/{edition}/muc/{item...}", need: desk.ReadRecord, any: true, handle: s.regulationItemGet},
			{pattern: "GET /quy-dinh/so-sanh", need: desk.ReadRecord, any: true, handle: s.regulationCompareGet},
			{pattern: "GET /quy-dinh/ra-soat", need: desk.ReadRecord, any: true, handle: s.regulationReviewGet},
			{pattern: "GET /quy-dinh/ngay-nghi", need: desk.ReadRecord, any: true, handle: s.regulationDaysGet},
			{pattern: "GET /quy-dinh/ngay-nghi/ghi", need: desk.KeepRegulation, any: true, handle: s.regulationDaysFormGet},
			{pattern: "POST /quy-dinh/ngay-nghi/ghi", need: desk.KeepRegulation, any: true, handle: s.regulationDaysFormPost},
			{pattern: "GET /quy-dinh/them", need: desk.KeepRegulation, any: true, handle: s.regulationAddGet},
			{pattern: "POST /quy-dinh/them", need: desk.KeepRegulation, any: true, maxBody: fileRoom, handle: s.regulationAddPost},
			{pattern: "GET /quy-dinh/dat-lai", need: desk.KeepRegulation, any: true, handle: s.regulationOverrideGet},
			{pattern: "POST /quy-dinh/dat-lai", need: desk.KeepRegulation, any: true, handle: s.regulationOverridePost},
			{pattern: "GET /quy-dinh/xac-nhan", need: desk.AttestRegulation, any: true, handle: s.regulationProposeGet},
			{pattern: "POST /quy-dinh/xac-nhan", need: desk.AttestRegulation, any: true, maxBody: regulation.MaxScan + 64<<10, handle: s.regulationProposePost},
			{pattern: "GET /quy-dinh/doi-chieu/{entry}", need: desk.ReadRecord, any: true, handle: s.regulationProposalGet},
			{pattern: "POST /quy-dinh/doi-chieu/{entry}", need: desk.AttestRegulation, any: true, handle: s.regulationProposalPost},
			{pattern: "GET /quy-dinh/ban-chup/{hash}", need: desk.ReadRecord, any: true, handle: s.regulationScanGet},
		}
	},
	search: regulationSearch,
	tasks:  regulationTasks,
	cards:  regulationCards,
	subjects: map[string]func(string) string{
		"regulation": func(id string) string { return "/quy-dinh/" + url.PathEscape(strings.TrimPrefix(id, "regulation/")) },
	},
}

// RegulationURL is the address of an edition, or of one item in it when item
// is given. Without an edition the address leads to the one in force on the
// day the page speaks of.
func RegulationURL(document string, date vn.Date, edition, item string) string {
	u := "/quy-dinh/" + url.PathEscape(regulation.Slug(document, date))
	if edition != "" {
		u += "/" + url.PathEscape(edition)
	}
	if item != "" {
		if edition == "" { // the part after # stays with the browser: the server must know the item too
			u += "?dieu=" + url.QueryEscape(item)
		}
		u += "#" + url.PathEscape(item)
	}
	return u
}

// lawURL is RegulationURL for templates. With a day it leads to the edition in
// force on that day, and leaves the date of the pages as it is.
func lawURL(document string, date vn.Date, item string, on ...vn.Date) string {
	u := RegulationURL(document, date, "", item)
	if len(on) == 0 || on[0].IsZero() {
		return u
	}
	path, frag, _ := strings.Cut(u, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	if u = path + sep + "luc=" + on[0].String(); frag != "" {
		u += "#" + frag
	}
	return u
}

func editionURL(e *rule.Edition) string {
	return RegulationURL(e.Document.Number, e.Document.Date, e.ID, "")
}

// library is the rules as they stand in tx.
func (c *Call) library(tx *store.Tx) (*rule.Library, error) { return c.s.desk.Rules(c.Ctx(), tx) }

// evidenceTag says how sure an item is, with its mark.
func evidenceTag(c *Call, ev rule.Evidence) Tag {
	kind := map[rule.Evidence]string{rule.Confirmed: "yes", rule.Attested: "yes", rule.Reported: "no", rule.Unverified: "wait"}[ev]
	return Tag{kind, c.TK("evidence", string(ev))}
}

// validityText is "từ 1/7/2025" or "1/9/2015 – 30/6/2025".
func validityText(c *Call, v rule.Validity) string {
	switch {
	case v.To.IsZero():
		return c.T("reg.valid.from", dayText(c.Lang, v.From))
	case v.To.Before(v.From):
		return c.T("reg.valid.never")
	}
	return dayText(c.Lang, v.From) + " – " + dayText(c.Lang, v.To)
}

// stateTag says where an edition stands on the day the page speaks of.
func stateTag(c *Call, v rule.Validity) Tag {
	on := c.On()
	switch {
	case !v.To.IsZero() && v.To.Before(v.From):
		return Tag{"no", c.T("reg.state.replaced")}
	case on.Before(v.From):
		return Tag{"wait", c.T("reg.state.future")}
	case !v.To.IsZero() && v.To.Before(on):
		return Tag{"no", c.T("reg.state.past")}
	}
	return Tag{"yes", c.T("reg.state.now")}
}

// regulationTasks are proposals that wait for this keeper, and a table of days
// of rest that ends.
func regulationTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.AttestRegulation) && !c.User.Has(desk.KeepRegulation) {
		return nil, nil
	}
	lib, err := c.library(tx)
	if err != nil {
		return nil, err
	}
	out := daysTask(c, lib)
	if !c.User.Has(desk.AttestRegulation) {
		return out, nil
	}
	open, err := regulation.Open(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	names := c.actorNames(tx)
	for _, p := range open {
		t := Task{Title: c.T("reg.task.confirm", itemTitle(c, lib, p)), Path: proposalURL(p.Entry),
			Detail: p.Document.Number + ", " + p.Page, Missing: c.T("reg.task.missing")}
		if p.Actor == c.User.Account {
			t.Title, t.Waiting, t.Missing = c.T("reg.task.waiting", itemTitle(c, lib, p)), c.T("reg.task.other"), ""
		} else {
			t.Detail += " · " + c.T("reg.task.by", names(p.Actor))
		}
		out = append(out, t)
	}
	return out, nil
}

func itemTitle(c *Call, lib *rule.Library, p *regulation.Proposal) string {
	if e := regulation.Find(lib, regulation.Slug(p.Document.Number, p.Document.Date), p.Edition); e != nil {
		if it := e.Item(p.Item); it != nil {
			return c.Words(it.Title)
		}
	}
	return p.Item
}

// regulationCards is the card "Quy định" of the desk page: what is still
// unverified among the editions of the day.
func regulationCards(c *Call, tx *store.Tx) ([]Card, error) {
	if !c.User.Has(desk.ReadRecord) {
		return nil, nil
	}
	lib, err := c.library(tx)
	if err != nil {
		return nil, err
	}
	editions, open := 0, 0
	for _, e := range lib.On(c.On()) {
		editions++
		open += regulation.Tally(lib, e)[rule.Unverified]
	}
	tag := Tag{"yes", c.T("reg.card.clear")}
	if open > 0 {
		tag = Tag{"wait", c.s.messages.count(c.Lang, "reg.card.open", int64(open))}
	}
	return []Card{{Title: c.T("nav.regulation"), Tag: tag, Lines: []string{c.s.messages.count(c.Lang, "reg.card.editions", int64(editions))},
		Path: "/quy-dinh/ra-soat", Link: c.T("reg.review")}}, nil
}

// regulationSearch finds documents by number or title, and items by title.
func regulationSearch(c *Call, tx *store.Tx, folded string) (Hits, error) {
	h := Hits{Label: "nav.regulation"}
	if !c.User.Has(desk.ReadRecord) {
		return h, nil
	}
	lib, err := c.library(tx)
	if err != nil {
		return h, err
	}
	for _, m := range searchLibrary(c, lib, folded, 8) {
		h.Items = append(h.Items, Hit(m))
	}
	h.More = "/quy-dinh?q=" + url.QueryEscape(folded)
	return h, nil
}

type libraryMatch struct{ Title, Detail, Path string }

// searchLibrary looks through numbers, titles, articles and item titles of both
// languages. Editions of the day come first.
func searchLibrary(c *Call, lib *rule.Library, folded string, most int) []libraryMatch {
	words := strings.Fields(folded)
	matches := func(parts ...string) bool {
		text := vn.Fold(strings.Join(parts, " "))
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
	var docs, items []libraryMatch
	seen := map[string]bool{}
	pass := func(now bool) {
		for _, e := range lib.Editions() {
			if lib.Validity(e).On(c.On()) != now {
				continue
			}
			where := c.T("reg.edition.short", e.Document.Number, e.ID)
			if matches(e.Document.Number, e.Document.Title.VI, e.Document.Title.EN) {
				docs = append(docs, libraryMatch{e.Document.Number + ", " + c.Words(e.Document.Title), where + " · " + validityText(c, lib.Validity(e)), editionURL(e)})
			}
			e.EachItem(func(_ string, it *rule.Item) {
				key := e.Document.Number + it.ID
				if seen[key] || !matches(it.ID, it.Title.VI, it.Title.EN, it.Article) {
					return
				}
				seen[key] = true
				items = append(items, libraryMatch{c.Words(it.Title), it.Article + ", " + where, itemURL(e, it.ID)})
			})
		}
	}
	pass(true)
	pass(false)
	out := append(docs, items...)
	if len(out) > most {
		out = out[:most]
	}
	return out
}

func itemURL(e *rule.Edition, item string) string { return editionURL(e) + "/muc/" + item }
