package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// dossierModule is a person's file: its table of contents, papers and scans,
// custody, and the list of files with gaps. Papers of class mật and above show
// their content only to holders of desk.ReadSecret; each view and download is
// logged with its purpose.
var dossierModule = module{
	name: "dossier",
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /can-bo/ho-so/{id}", need: desk.ReadPerson, any: true, handle: s.dossierGet},
			{pattern: "POST /can-bo/ho-so/{id}", need: desk.EditPerson, any: true, maxBody: maxUpload, handle: s.dossierUploadPost},
			{pattern: "GET /can-bo/ho-so/{id}/tai-lieu/{doc}", need: desk.ReadPerson, any: true, handle: s.dossierPaperGet},
			{pattern: "GET /can-bo/ho-so/{id}/tai-lieu/{doc}/{hash}", need: desk.ReadPerson, any: true, handle: s.dossierScanGet},
			{pattern: "GET /can-bo/ho-so/{id}/tron-bo", need: desk.ReadPerson, any: true, handle: s.dossierWholeGet},
			{pattern: "GET /can-bo/ho-so/{id}/viec/{what}", need: desk.ReadPerson, any: true, handle: s.dossierFormGet},
			{pattern: "POST /can-bo/ho-so/{id}/viec/{what}", need: desk.ReadPerson, any: true, maxBody: maxUpload, handle: s.dossierFormPost},
			{pattern: "GET /ho-so-thieu", need: desk.ReadPerson, any: true, handle: s.dossierGapsGet},
		}
	},
	subjects: map[string]func(string) string{},
}

// maxUpload bounds the files sent at once; they are read one by one.
const maxUpload = 512 << 20

// dossierHead is whose file the page is about and what the reader may.
type dossierHead struct {
	ID, Key, Name, Home string
	Path, PersonPath    string
	Edit, Secret, Erase bool
	Opened              bool
	File                dossier.File
}

func dossierPath(id string) string { return "/can-bo/ho-so/" + strings.TrimPrefix(id, "person/") }

func (h dossierHead) paperPath(doc string) string {
	return h.Path + "/tai-lieu/" + strings.TrimPrefix(doc, "paper/")
}

// may says whether the reader may see content of a class.
func (h dossierHead) may(c dossier.Class) bool { return h.Secret || !c.Guarded() }

// dossierHead finds the person of the address; who may not read the file finds
// none.
func (c *Call) dossierHead(tx *store.Tx) (h dossierHead, err error) {
	h.Key = c.R.PathValue("id")
	h.ID = "person/" + h.Key
	h.Path, h.PersonPath = dossierPath(h.ID), personPath(h.ID)
	var there bool
	if h.Home, there, err = person.Home(c.Ctx(), tx, h.ID); err != nil {
		return h, err
	}
	if !there || !c.May(tx, desk.Need{Right: desk.ReadPerson, Org: h.Home}) {
		return h, errNoPerson
	}
	h.Edit = c.May(tx, desk.Need{Right: desk.EditPerson, Org: h.Home})
	h.Secret = c.May(tx, desk.Need{Right: desk.ReadSecret, Org: h.Home})
	h.Erase = c.May(tx, desk.Need{Right: desk.EraseBlock, Org: h.Home})
	p, err := c.personNow(tx, h.ID)
	if err != nil {
		return h, err
	}
	h.Name = c.personName(p)
	h.File, h.Opened, err = dossier.GetFile(c.Ctx(), tx, h.ID)
	return h, err
}

// purposes why a file is looked at, by code; what is chosen stands in the read
// log in words.
var purposes = []string{"check", "procedure", "member", "fill", "request", "else"}

func (c *Call) purposeOptions() []Option {
	out := []Option{{"", c.T("dossier.purpose.none")}}
	for _, p := range purposes {
		out = append(out, Option{p, c.TK("dossier.purpose.of", p)})
	}
	return out
}

// purpose is why the reader opens scans, from the address; "" when it was not
// said.
func (c *Call) purpose() string {
	q := c.R.URL.Query()
	more := short(strings.Join(strings.Fields(q.Get("ghi-ro")), " "), 200)
	for _, p := range purposes {
		if q.Get("muc-dich") != p || p == "else" && more == "" {
			continue
		}
		text := c.TK("dossier.purpose.of", p)
		if more != "" {
			text += ": " + more
		}
		return text
	}
	return ""
}

// purposeQuery carries the purpose along in links of the page.
func (c *Call) purposeQuery() string {
	q := c.R.URL.Query()
	if c.purpose() == "" {
		return ""
	}
	return withQuery(withQuery("", nil, "muc-dich", q.Get("muc-dich")), mustQuery("muc-dich", q.Get("muc-dich")), "ghi-ro", q.Get("ghi-ro"))
}

func mustQuery(key, value string) map[string][]string { return map[string][]string{key: {value}} }

// kindText names a kind of papers with its number.
func (c *Call) paperKind(n int) string {
	k, ok := dossier.KindOf(n)
	switch {
	case !ok:
		return c.T("dossier.kind.none")
	case c.Lang == "en":
		return k.EN
	}
	return k.VI
}

func (c *Call) paperTitle(d dossier.Doc) string {
	switch {
	case d.Paper == nil:
		return c.T("dossier.erased")
	case d.Paper.Title != "":
		return d.Paper.Title
	}
	return c.paperKind(d.Paper.Kind)
}

// stateTag is the state of a paper, told by more than its colour.
func (c *Call) paperTag(d dossier.Doc) Tag {
	kind := map[dossier.State]string{dossier.Kept: "yes", dossier.Restored: "yes", dossier.Missing: "wait", dossier.Lost: "stop", dossier.Withdrawn: "no"}[d.State]
	return Tag{kind, c.TK("dossier.state", string(d.State))}
}

// holderText is who holds a file on the page's day, as known at an entry (below
// 0: now).
func (c *Call) holderText(tx *store.Tx, id string, known int64) (name, path string, held dossier.Custody, ok bool, err error) {
	held, ok, err = dossier.Holder(c.Ctx(), tx, id, org.At{On: c.On(), Known: known})
	if err == nil && ok {
		name, err = c.unitName(tx, held.Org, c.On())
		path = unitPath(held.Org)
	}
	return name, path, held, ok, err
}
