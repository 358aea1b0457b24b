package web

import (
	"net/url"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// dossierData is the table of contents of a person's file.
type dossierData struct {
	dossierHead
	Holder, HolderPath string
	HolderFrom         vn.Date
	Groups             []dossierGroup
	Counts             struct{ Kept, Missing, Lost, ToSupply, Hidden int }
	Custody            []custodyRow
	Filter             *Form
	Views              []Option
	Find               string
	Purpose            string
	Purposes           []Option
	Query              string // purpose, carried along
	Form               *Form  // of the upload
	Classes            []Option
	Told               []toldFile
	Folder             string
	FolderLacks        []string
	Source             string
	MaxMiB             int
	Whole              bool  // there is something to take along
	Known              int64 // the list is as known at this entry, -1 now
	KnownOn            vn.Date
}

// dossierGroup are the kinds of one priority.
type dossierGroup struct {
	Title string
	Rows  []dossierRow
}

// dossierRow is one paper, or a kind of which there is none.
type dossierRow struct {
	Number  string // of the kind; "" for papers of none
	Title   string
	Kind    string // name of the kind where the paper has a title of its own
	Group   bool   // the name of the kind is that of a group of kinds
	Path    string
	Detail  string // number, date, issuer
	Tag     Tag
	Class   dossier.Class
	Paper   bool
	Scans   []scanLink
	Version int
	Older   bool
	Hidden  bool
	Filed   vn.Date
	Place   string
}

type scanLink struct{ Path, Name, Kind, Size string }

type custodyRow struct {
	dossier.Custody
	Name, Path string
	Past       bool
}

type toldFile struct {
	Name, Text string
	Tag        Tag
}

var dossierPage = page[dossierData]("dossier")

func (s *Server) dossierGet(c *Call) error { return c.showDossier(nil, nil) }

func (c *Call) showDossier(f *Form, told []toldFile) error {
	d := dossierData{Form: f, Told: told, Filter: &Form{Values: c.R.URL.Query()}, Purpose: c.purpose(), Purposes: c.purposeOptions(), Query: c.purposeQuery(), MaxMiB: 48}
	if c.R.Method != "GET" {
		d.Filter = &Form{Values: url.Values{}}
	}
	d.Source = dossier.KindsSource.VI
	if c.Lang == "en" {
		d.Source = dossier.KindsSource.EN
	}
	for _, v := range []string{"", "missing", "lost", "supply", "no-scan", "all"} {
		d.Views = append(d.Views, Option{v, c.TK("dossier.shown", "v"+v)})
	}
	d.Classes = c.classOptions()
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.dossierHead, err = c.dossierHead(tx); err != nil {
			return err
		}
		if d.Form == nil {
			if d.Form, err = c.NewForm(tx, d.ID); err != nil {
				return err
			}
			d.Form.Set("class", string(d.File.Class)).Set("paper", "on")
		}
		if !d.Opened {
			return nil
		}
		return c.fillDossier(tx, &d)
	})
	if err != nil {
		return err
	}
	if err := c.Viewed(d.ID, c.T("dossier.viewed.contents")); err != nil {
		return err
	}
	return dossierPage.show(c, d)
}

func (c *Call) fillDossier(tx *store.Tx, d *dossierData) error {
	var held dossier.Custody
	var err error
	if err := c.knownOn(tx, d); err != nil {
		return err
	}
	if d.Holder, d.HolderPath, held, _, err = c.holderText(tx, d.ID, d.Known); err != nil {
		return err
	}
	d.HolderFrom = held.From
	cs, err := dossier.CustodyHistory(c.Ctx(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, k := range cs {
		if d.Known >= 0 && k.Entry > d.Known {
			continue // not known then
		}
		if d.Known >= 0 && k.EntryTo > d.Known {
			k.EntryTo = -1
		}
		if !d.may(d.File.Class) { // who gave, who took, the shelf: for its keepers
			k.Hands = nil
		}
		r := custodyRow{Custody: k, Path: unitPath(k.Org), Past: k.EntryTo != -1}
		if r.Name, err = c.unitName(tx, k.Org, k.From); err != nil {
			return err
		}
		d.Custody = append(d.Custody, r)
	}
	docs, err := dossier.Docs(c.Ctx(), tx, d.ID, d.Known)
	if err == nil && d.Known >= 0 {
		err = c.classesNow(tx, docs)
	}
	if err != nil {
		return err
	}
	marks, err := dossier.MarksOf(c.Ctx(), tx, d.ID, d.Known)
	if err != nil {
		return err
	}
	if d.Folder, d.FolderLacks, err = c.dossierFolder(tx, d.dossierHead); err != nil {
		return err
	}
	if !d.may(d.File.Class) {
		d.File.Said, marks = nil, nil
	}
	c.groupPapers(d, docs, marks)
	return nil
}

// knownOn reads which day the list is asked for as known on (?biet=): what was
// recorded up to the end of that day, whatever came later.
func (c *Call) knownOn(tx *store.Tx, d *dossierData) (err error) {
	d.Known = -1
	text := d.Filter.Text("biet")
	if text == "" {
		return nil
	}
	if d.KnownOn, err = vn.ReadDay(text); err != nil {
		return c.Fail(d.Filter, desk.Wrong("biet", "Ngày không đọc được; hãy viết như 31/12/2025.", "The day cannot be read; write it like 31/12/2025."))
	}
	next := d.KnownOn.AddDays(1)
	es, err := desk.Find(c.Ctx(), tx, desk.Filter{To: time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, zone), Limit: 1})
	if err != nil {
		return err
	}
	d.Known = 0 // before anything was recorded
	if len(es) > 0 {
		d.Known = es[0].Index
	}
	return nil
}

// classesNow gives wordings of the past the class that governs their papers
// now: looking back opens nothing.
func (c *Call) classesNow(tx *store.Tx, docs []dossier.Doc) error {
	governs := map[string]dossier.Class{}
	for i, x := range docs {
		k, known := governs[x.ID]
		if !known {
			var err error
			if k, err = dossier.ClassOfDoc(c.Ctx(), tx, x.ID); err != nil {
				return err
			}
			governs[x.ID] = k
		}
		if k.Guarded() && !x.Class.Guarded() {
			docs[i].Class = k
		}
	}
	return nil
}

// groupPapers lays the papers out under the kinds, in the view that was asked
// for.
func (c *Call) groupPapers(d *dossierData, docs []dossier.Doc, marks map[int]dossier.Mark) {
	by := map[int][]dossier.Doc{}
	for _, x := range docs {
		if c.On().Before(x.Filed) {
			continue // not yet in the file on the page's day
		}
		n := 0
		if x.Paper != nil && d.may(x.Class) {
			n = x.Paper.Kind
		}
		by[n] = append(by[n], x)
	}
	view, find := d.Filter.Text("xem"), vn.Fold(d.Filter.Text("q"))
	groups := make([]dossierGroup, 4)
	for i := range groups {
		groups[i].Title = c.TK("dossier.priority", string(rune('1'+i)))
	}
	kinds := append(dossier.Kinds(), dossier.Kind{Priority: 4})
	for _, k := range kinds {
		g := &groups[k.Priority-1]
		held := false
		for _, x := range by[k.Number] {
			held = held || x.State == dossier.Kept || x.State == dossier.Restored
			r := c.dossierRow(d, x)
			c.countPaper(d, x, r)
			if showPaper(view, x, r) && (find == "" || strings.Contains(vn.Fold(r.Title+" "+r.Kind+" "+r.Detail+" "+r.Number), find)) {
				g.Rows = append(g.Rows, r)
			}
		}
		m, marked := marks[k.Number]
		if k.Number == 0 || held {
			continue
		}
		if m == dossier.ToSupply {
			d.Counts.ToSupply++
		}
		if len(by[k.Number]) > 0 || view != "all" && !(m == dossier.ToSupply && (view == "" || view == "supply")) {
			continue
		}
		if !marked {
			m = dossier.Undetermined
		}
		r := dossierRow{Number: kindNumber(k.Number), Title: c.paperKind(k.Number), Group: !k.Own, Tag: Tag{map[dossier.Mark]string{dossier.ToSupply: "wait"}[m], c.TK("dossier.mark", string(m))}}
		if r.Tag.Kind == "" {
			r.Tag.Kind = "no"
		}
		if find == "" || strings.Contains(vn.Fold(r.Title+" "+r.Number), find) {
			g.Rows = append(g.Rows, r)
		}
	}
	for _, g := range groups {
		if len(g.Rows) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
}

func (c *Call) countPaper(d *dossierData, x dossier.Doc, r dossierRow) {
	switch x.State {
	case dossier.Kept, dossier.Restored:
		d.Counts.Kept++
	case dossier.Missing:
		d.Counts.Missing++
	case dossier.Lost:
		d.Counts.Lost++
	}
	if r.Hidden {
		d.Counts.Hidden++
	}
	d.Whole = d.Whole || len(r.Scans) > 0
}

func showPaper(view string, x dossier.Doc, r dossierRow) bool {
	switch view {
	case "missing":
		return x.State == dossier.Missing
	case "lost":
		return x.State == dossier.Lost || x.State == dossier.Restored
	case "supply":
		return false
	case "no-scan":
		return (x.State == dossier.Kept || x.State == dossier.Restored) && !r.Hidden && len(r.Scans) == 0
	case "":
		return x.State != dossier.Withdrawn
	}
	return true
}

func kindNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strings.TrimSuffix(dossier.FileName(dossier.Paper{Kind: n, Title: "x"}, 0, ""), ".X")
}

func (c *Call) dossierRow(d *dossierData, x dossier.Doc) dossierRow {
	r := dossierRow{Tag: c.paperTag(x), Class: x.Class, Version: x.Version, Older: x.Older, Filed: x.Filed, Hidden: !d.may(x.Class)}
	if r.Hidden {
		r.Title = c.T("dossier.hidden")
		return r
	}
	r.Path = d.paperPath(x.ID) + d.Query
	r.Title = c.paperTitle(x)
	if x.Paper == nil {
		return r
	}
	p := x.Paper
	r.Number, r.Paper, r.Place = kindNumber(p.Kind), p.Paper, p.Place
	if k, ok := dossier.KindOf(p.Kind); ok && p.Title != "" && !strings.HasPrefix(vn.Fold(c.paperKind(p.Kind)), vn.Fold(p.Title)) {
		r.Kind, r.Group = c.paperKind(p.Kind), !k.Own
	}
	var detail []string
	if p.Number != "" {
		detail = append(detail, p.Number)
	}
	if !p.Date.IsZero() {
		detail = append(detail, dayText(c.Lang, p.Date))
	}
	if p.Issuer != "" {
		detail = append(detail, p.Issuer)
	}
	r.Detail = strings.Join(detail, " · ")
	r.Scans = c.scanLinks(d.dossierHead, x, d.Query)
	return r
}

func (c *Call) scanLinks(h dossierHead, x dossier.Doc, query string) (out []scanLink) {
	if x.Paper == nil {
		return nil
	}
	for i, s := range x.Paper.Scans {
		n := 0
		if len(x.Paper.Scans) > 1 {
			n = i + 1
		}
		l := scanLink{Name: scanName(*x.Paper, n, s), Kind: strings.ToUpper(s.Kind), Size: sizeText(c.Lang, s.Size)}
		if query != "" {
			l.Path = h.paperPath(x.ID) + "/" + s.Hash + query
		}
		out = append(out, l)
	}
	return out
}

func (c *Call) classOptions() (out []Option) {
	for _, k := range dossier.Classes {
		out = append(out, Option{string(k), c.TK("procedure.class", string(k))})
	}
	return out
}
