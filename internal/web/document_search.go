package web

import (
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// documentSearch finds a paper, a print or a scan by the sha256 of its file, or
// how it begins: somebody holds a file and asks which entry it is. Papers of
// personnel cases are not looked for.
func documentSearch(c *Call, tx *store.Tx, q string) (Hits, error) {
	h := Hits{Label: "handover.found"}
	if !c.User.Has(desk.ReadRecord) {
		return h, nil
	}
	found, err := document.ByHash(c.Ctx(), tx, q)
	if err != nil {
		return h, err
	}
	for _, x := range found {
		of, hit := strings.TrimPrefix(x.Subject, "papers/"), Hit{}
		switch x.Kind {
		case document.KindHandoverPrint, document.KindHandoverScan:
			ho, ok, err := person.GetHandover(c.Ctx(), tx, of)
			if err != nil {
				return h, err
			}
			may := c.readable(tx, desk.ReadPerson)
			if !ok || !may(ho.List.From) && !may(ho.List.To) {
				continue
			}
			row, err := c.handoverRow(tx, ho)
			if err != nil {
				return h, err
			}
			hit = Hit{c.T("handover.found.print"), row.From + " → " + row.To, fmt.Sprintf("%s#ban-in-%d", row.Path, x.Of)}
			if x.Kind == document.KindHandoverScan {
				hit.Title = c.T("handover.found.scan")
			}
		case document.KindPaperMade, document.KindPrint, document.KindScan:
			ev, err := c.event(tx, of)
			if err != nil {
				continue // of no event that this reader may see
			}
			hit = Hit{c.T("handover.found.paper"), c.Words(ev.Title), fmt.Sprintf("%s/muc/%d", papersPath(of), x.Of)}
			if x.Kind == document.KindPrint {
				hit.Path = fmt.Sprintf("%s/ban-in/%d", papersPath(of), x.Entry)
			}
			if x.Kind == document.KindScan { // of a paper, or of counting minutes
				if _, err := document.PaperAt(c.Ctx(), tx, of, x.Of); err != nil {
					hit.Path = fmt.Sprintf("/bau-cu/bien-ban-so/%d", x.Of)
				}
			}
		default:
			continue
		}
		hit.Detail += " · " + c.T("ledger.entry", number(c.Lang, x.Entry))
		h.Items = append(h.Items, hit)
	}
	return h, nil
}
