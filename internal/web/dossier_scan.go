package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"mime"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// dossierPaperData is one paper of a file: its versions and what was said of
// each.
type dossierPaperData struct {
	dossierHead
	Doc      dossier.Doc
	Title    string
	Versions []paperVersion
	History  []paperSaid
	Purpose  string
	Purposes []Option
	Filter   *Form
	Query    string
	Key      string // of the paper, in addresses of forms
}

type paperVersion struct {
	dossier.Doc
	Title, Kind, Number string
	Group               bool
	Tag                 Tag
	Scans               []scanLink
	Can                 bool // may be changed
}

type paperSaid struct {
	dossier.Doc
	Tag   Tag
	Title string
	Past  bool
}

var dossierPaper = page[dossierPaperData]("dossier_paper")

// thePaper is the paper of the address, every version, which the reader may see.
func (c *Call) thePaper(tx *store.Tx, h dossierHead) (docs []dossier.Doc, err error) {
	all, err := dossier.Docs(c.Ctx(), tx, h.ID, -1)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.ID == "paper/"+c.R.PathValue("doc") && h.may(d.Class) {
			docs = append(docs, d)
		}
	}
	if len(docs) == 0 {
		return nil, errNotFound
	}
	return docs, nil
}

func (s *Server) dossierPaperGet(c *Call) error {
	d := dossierPaperData{Purpose: c.purpose(), Purposes: c.purposeOptions(), Query: c.purposeQuery(), Filter: &Form{Values: c.R.URL.Query()}, Key: c.R.PathValue("doc")}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.dossierHead, err = c.dossierHead(tx); err != nil {
			return err
		}
		docs, err := c.thePaper(tx, d.dossierHead)
		if err != nil {
			return err
		}
		d.Doc, d.Title = docs[0], c.paperTitle(docs[0])
		for _, x := range docs {
			v := paperVersion{Doc: x, Title: c.paperTitle(x), Tag: c.paperTag(x), Scans: c.scanLinks(d.dossierHead, x, d.Query), Can: d.Edit && x.State != dossier.Withdrawn}
			if x.Paper != nil {
				v.Kind, v.Number = c.paperKind(x.Paper.Kind), kindNumber(x.Paper.Kind)
				k, ok := dossier.KindOf(x.Paper.Kind)
				v.Group = ok && !k.Own
			}
			d.Versions = append(d.Versions, v)
		}
		said, err := dossier.DocHistory(c.Ctx(), tx, d.ID, d.Doc.ID)
		closed := d.closed(said)
		for _, x := range said {
			if !closed[x.Version] {
				d.History = append(d.History, paperSaid{x, c.paperTag(x), c.paperTitle(x), x.EntryTo != -1})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(d.ID, c.T("dossier.viewed.paper", d.Doc.ID)); err != nil {
		return err
	}
	return dossierPaper.show(c, d)
}

// closed are the versions of a paper that the reader may not see: one that was
// ever of a class for its keepers alone stays so, under every wording of it.
func (h dossierHead) closed(said []dossier.Doc) map[int]bool {
	out := map[int]bool{}
	for _, x := range said {
		if !h.may(x.Class) {
			out[x.Version] = true
		}
	}
	return out
}

// dossierScanGet sends one scan. Without a purpose it leads back to the paper,
// where it is asked for.
func (s *Server) dossierScanGet(c *Call) error {
	var h dossierHead
	var name string
	found := false
	err := c.Read(func(tx *store.Tx) (err error) {
		if h, err = c.dossierHead(tx); err != nil {
			return err
		}
		said, err := dossier.DocHistory(c.Ctx(), tx, h.ID, "paper/"+c.R.PathValue("doc"))
		closed := h.closed(said)
		for _, d := range said {
			if d.Paper == nil || closed[d.Version] {
				continue
			}
			for i, x := range d.Paper.Scans {
				if x.Hash == c.R.PathValue("hash") {
					n := 0
					if len(d.Paper.Scans) > 1 {
						n = i + 1
					}
					name, found = scanName(*d.Paper, n, x), true
				}
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if !found {
		return errNotFound
	}
	why := c.purpose()
	if why == "" {
		return c.Redirect(h.paperPath("paper/"+c.R.PathValue("doc")) + "#muc-dich")
	}
	return c.SendFile(h.ID, c.R.PathValue("hash"), name, c.T("dossier.viewed.scan", "paper/"+c.R.PathValue("doc"), why), c.R.URL.Query().Get("luu") == "")
}

func scanName(p dossier.Paper, n int, s dossier.Scan) string {
	return dossier.FileName(p, n, vault.Kind(s.Kind).Ext())
}

func sizeText(lang string, n int64) string {
	if n < 1<<20 {
		return number(lang, max(1, n>>10)) + " KB"
	}
	return number(lang, n>>20) + " MB"
}

// dossierFolder is the name of the person's folder by the naming scheme.
func (c *Call) dossierFolder(tx *store.Tx, h dossierHead) (string, []string, error) {
	code := ""
	details, err := org.Details(c.Ctx(), tx, h.Home, org.Now(c.On()))
	if err != nil {
		return "", nil, err
	}
	for _, d := range details {
		if d.Key == org.PartyCode {
			code = d.Value
		}
	}
	folder, missing := dossier.FolderName(code, "", h.Name)
	for i, m := range missing {
		missing[i] = c.TK("dossier.folder", m)
	}
	return strings.Trim(folder, "_"), missing, nil
}

// wholeMost bounds what is taken along at once.
const wholeMost = 256 << 20

// dossierWholeGet hands out every scan of the file that the reader may see, as
// one ZIP named by the scheme: for handing a file over, or for the digital
// store.
func (s *Server) dossierWholeGet(c *Call) error {
	var h dossierHead
	why := c.purpose()
	var out bytes.Buffer
	folder := ""
	err := c.Read(func(tx *store.Tx) (err error) {
		if h, err = c.dossierHead(tx); err != nil || why == "" {
			return err
		}
		if folder, _, err = c.dossierFolder(tx, h); err != nil {
			return err
		}
		docs, err := dossier.Docs(c.Ctx(), tx, h.ID, -1)
		if err != nil {
			return err
		}
		return c.zipScans(tx, h, docs, folder, &out)
	})
	if err != nil {
		return err
	}
	if why == "" {
		return c.Redirect(h.Path + "#muc-dich")
	}
	if err := c.Viewed(h.ID, c.T("dossier.viewed.whole", why)); err != nil {
		return err
	}
	hd := c.W.Header()
	hd.Set("Content-Type", "application/zip")
	hd.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(folder) + ".zip"}))
	hd.Set("Cache-Control", "private, no-store")
	_, err = c.W.Write(out.Bytes())
	return err
}

func (c *Call) zipScans(tx *store.Tx, h dossierHead, docs []dossier.Doc, folder string, out *bytes.Buffer) error {
	z := zip.NewWriter(out)
	used := map[string]int{}
	for _, d := range docs {
		if d.Paper == nil || d.State == dossier.Withdrawn || !h.may(d.Class) {
			continue
		}
		for i, s := range d.Paper.Scans {
			n := 0
			if len(d.Paper.Scans) > 1 {
				n = i + 1
			}
			name := scanName(*d.Paper, n, s)
			if used[name]++; used[name] > 1 {
				name = strings.TrimSuffix(name, ending(name)) + fmt.Sprintf("-%d", used[name]) + ending(name)
			}
			content, f, err := c.s.vault.Get(c.Ctx(), tx, h.ID, s.Hash)
			if err != nil {
				return err
			}
			if out.Len()+len(content) > wholeMost {
				return desk.Refuse("Các bản số hóa của hồ sơ này vượt 256 MB; hãy tải từng tài liệu.", "The scans of this file exceed 256 MB; take the papers one by one.")
			}
			w, err := z.CreateHeader(&zip.FileHeader{Name: folder + "/" + name, Method: zip.Store, Modified: f.Made})
			if err == nil {
				_, err = w.Write(content)
			}
			if err != nil {
				return err
			}
		}
	}
	return z.Close()
}
