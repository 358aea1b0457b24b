package web

import (
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// stayLine is one thing of another room in which a person whose content is to
// be erased stays named, and why.
type stayLine struct {
	Name, Path, Why string
	Entries         int
	Blocks          []stayBlock // entries with personal content that is erased one by one
	More            int         // of those, not shown
}

type stayBlock struct{ Number, Path, Kind string }

// maxStays is how many entries are looked at for the form, and maxStayBlocks
// how many of one thing are linked.
const (
	maxStays      = 2000
	maxStayBlocks = 12
)

// stays lists what of a person stays when everything about him is erased: what
// other rooms recorded about something else and names him by his id. The id
// says nothing by itself once his blocks are gone; names that stand in blocks
// of those entries are erased there, one by one, by the same kind of decision.
func (c *Call) stays(tx *store.Tx, id string) (out []stayLine, more bool, err error) {
	es, more, err := desk.Naming(c.Ctx(), tx, id, maxStays)
	if err != nil {
		return nil, false, err
	}
	there, err := desk.Present(c.Ctx(), tx, es)
	if err != nil {
		return nil, false, err
	}
	names := c.subjectNames(tx)
	at := map[string]int{}
	for _, e := range es {
		main := e.Subjects[0].ID
		room, _, _ := strings.Cut(main, "/")
		if room == "import" || room == "handover" {
			main = room // many of one kind: told together
		}
		i, have := at[main]
		if !have {
			i = len(out)
			at[main] = i
			l := stayLine{Name: names(main), Path: c.linkTo(main)}
			if main == room {
				l.Name = c.TK("dossier.stay.room", room)
			}
			if l.Why = c.T("dossier.stay.else"); c.s.messages.has("dossier.stay." + room) {
				l.Why = c.TK("dossier.stay", room)
			}
			out = append(out, l)
		}
		out[i].Entries++
		if there[e.Index] > 0 {
			if len(out[i].Blocks) == maxStayBlocks {
				out[i].More++
				continue
			}
			out[i].Blocks = append(out[i].Blocks, stayBlock{number(c.Lang, e.Index), "/nhat-ky/" + strconv.FormatInt(e.Index, 10), c.kindText(e.Kind)})
		}
	}
	return out, more, nil
}
