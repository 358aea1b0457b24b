package web

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

type ledgerEntryData struct {
	Index    int64
	At       time.Time
	Kind     string
	KindID   string
	Says     string // what it tells, in one sentence
	Act      string
	Actor    string
	Body     string
	Blocks   []blockView
	Chains   []chainView
	Siblings []ledgerRow // other entries of the same act
	Leaf     string
	Size     int64 // entries under the checkpoint the proof leads to
	Proof    []string
	Held     bool // the proof was recomputed just now and leads to the root
	Root     string
	MayErase bool
	Form     *Form
	Next     bool
}

// blockView is personal content beside the tree.
type blockView struct {
	Show    string // what it is, in words
	Name    string
	Hash    string
	Present bool
	Content string // only for those who may read it
	Hidden  bool   // present, but not for this reader
}

// chainView is the story of one subject.
type chainView struct {
	Subject, Name, Path string
	Prev                int64 // -1 for the first
	Rows                []ledgerRow
	More                int
}

var ledgerEntry = page[ledgerEntryData]("ledger_entry")

const chainShown = 12

func (s *Server) ledgerEntryGet(c *Call) error {
	index, err := c.index("index")
	if err != nil {
		return err
	}
	return s.showEntry(c, index, nil)
}

func (s *Server) showEntry(c *Call, index int64, f *Form) error {
	if index > s.desk.Head() {
		return errNotFound
	}
	var d ledgerEntryData
	var shown []readView
	err := c.Read(func(tx *store.Tx) error {
		rec, err := desk.GetRecord(c.Ctx(), tx, index)
		if err != nil {
			return err
		}
		d, err = c.entryData(tx, rec)
		if err != nil {
			return err
		}
		for _, b := range d.Blocks {
			if b.Content != "" {
				shown = append(shown, readView{at: s.clock(), actor: c.User.Account, subject: mainSubject(rec.Entry), what: rec.Kind + " " + b.Name})
			}
		}
		if f != nil {
			d.Form = f
		} else if d.MayErase {
			d.Form, err = c.NewForm(tx, mainSubject(rec.Entry))
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := s.reads.add(c.Ctx(), shown...); err != nil {
		return err
	}
	return ledgerEntry.show(c, d)
}

func (c *Call) entryData(tx *store.Tx, rec desk.Record) (ledgerEntryData, error) {
	names := c.actorNames(tx)
	d := ledgerEntryData{Index: rec.Index, At: rec.At, Kind: c.kindText(rec.Kind), KindID: rec.Kind, Act: rec.Act, Says: c.say(tx, rec),
		Actor: names(rec.Actor), Body: pretty(rec.Body), Next: rec.Index < c.s.desk.Head()}
	withheld, err := c.hidesCase(tx, rec)
	if err != nil {
		return d, err
	}
	if withheld {
		d.Body, d.Says = "", c.T("procedure.withheld")
	}
	mayRead := !withheld && c.May(tx, desk.Need{Right: desk.ReadPerson})
	guarded, err := dossier.Guards(c.Ctx(), tx, rec.Kind, rec.Body)
	if err != nil {
		return d, err
	}
	mayRead = mayRead && (!guarded || c.May(tx, desk.Need{Right: desk.ReadSecret}))
	d.MayErase = c.May(tx, desk.Need{Right: desk.EraseBlock})
	for _, b := range rec.Entry.Blocks {
		v := blockView{Name: b.Name, Show: c.blockText(b.Name), Hash: hex.EncodeToString(b.Hash[:])}
		content, present := rec.Blocks[b.Name]
		v.Present = present
		if present && mayRead {
			v.Content = pretty(content)
		}
		v.Hidden = present && !mayRead
		d.Blocks = append(d.Blocks, v)
	}
	for _, l := range rec.Subjects {
		chain, err := desk.Find(c.Ctx(), tx, desk.Filter{Subject: l.ID, Limit: chainShown + 1})
		if err != nil {
			return d, err
		}
		v := chainView{Subject: l.ID, Name: c.subjectName(tx, l.ID), Path: c.linkTo(l.ID), Prev: l.Prev}
		if len(chain) > chainShown {
			chain, v.More = chain[:chainShown], 1
		}
		for _, e := range chain {
			v.Rows = append(v.Rows, c.ledgerRow(e, names))
		}
		d.Chains = append(d.Chains, v)
	}
	if rec.Act != "" {
		es, err := desk.Find(c.Ctx(), tx, desk.Filter{Act: rec.Act, Limit: 40})
		if err != nil {
			return d, err
		}
		for _, e := range es {
			if e.Index != rec.Index {
				d.Siblings = append(d.Siblings, c.ledgerRow(e, names))
			}
		}
	}
	return d, c.prove(tx, rec.Entry, &d)
}

// prove recomputes the way from the entry to the root of the whole ledger.
func (c *Call) prove(tx *store.Tx, e ledger.Entry, d *ledgerEntryData) error {
	in, err := c.inclusion(tx, e)
	if err != nil {
		return err
	}
	d.Leaf, d.Root, d.Size, d.Held = hex.EncodeToString(in.leaf[:]), base64.StdEncoding.EncodeToString(in.root[:]), in.size, in.held
	for _, h := range in.proof {
		d.Proof = append(d.Proof, hex.EncodeToString(h[:]))
	}
	return nil
}

// blockText names a block of personal content.
func (c *Call) blockText(name string) string {
	if c.s.messages.has("block." + name) {
		return c.TK("block", name)
	}
	return name
}

// pretty lays out JSON for reading.
func pretty(raw json.RawMessage) string {
	var buf bytes.Buffer
	if json.Indent(&buf, raw, "", "  ") != nil {
		return string(raw)
	}
	return buf.String()
}
