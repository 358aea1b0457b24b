package web

import (
	"net/url"
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/store"
)

// dossierFormData is a form of one act about a person's file. What: lap (open),
// giao (hand over), giao-sua (correct a hand-over), tai-lieu (a paper), ban-moi
// (a newer version), sua (correct a version), tinh-trang (state of a paper),
// ho-so (state and class of the file), ra-soat (marks of kinds), xoa (erase).
type dossierFormData struct {
	dossierHead
	What       string
	Form       *Form
	Fields     []Field
	Paper      []Field // of the decision or grounds
	Declassify []Field // of the decision that lowers the class
	Keep       []keptScan
	Files      bool // takes files
	Marks      []markRow
	Doc        *dossier.Doc
	Of         string // title of the paper, or of the hand-over
	Back       string
	Danger     bool
	Stays      []stayLine // of everything erased: what stays elsewhere
	StayMore   bool
	fact       int64
}

type keptScan struct {
	Hash, Name string
	On         bool
}

type markRow struct {
	Number, Title, Name string
	Group               bool
	Value               string
	Options             []Option
	Have                bool // a paper of this kind is there
}

var dossierForm = page[dossierFormData]("dossier_form")

var dossierForms = []string{"lap", "giao", "giao-sua", "tai-lieu", "ban-moi", "sua", "tinh-trang", "ho-so", "ra-soat", "xoa"}

// dossierFormData reads which form, about whose file and which paper: ?tl= the
// paper, ?lan= its version, ?muc= the hand-over.
func (c *Call) dossierFormData() (d dossierFormData, err error) {
	d.What = c.R.PathValue("what")
	if !slices.Contains(dossierForms, d.What) {
		return d, errNotFound
	}
	q := c.R.URL.Query()
	err = c.Read(func(tx *store.Tx) (err error) {
		if d.dossierHead, err = c.dossierHead(tx); err != nil {
			return err
		}
		if d.What == "xoa" && !d.Erase || d.What != "xoa" && !d.Edit || d.Opened == (d.What == "lap") && d.What != "xoa" {
			return errNoPerson
		}
		if d.Opened && !d.may(d.File.Class) && slices.Contains([]string{"giao", "giao-sua", "ho-so", "ra-soat"}, d.What) {
			return desk.Deny("Hồ sơ mật: việc này dành cho người được giao giữ tài liệu mật.", "A classified file: this is for its keepers.")
		}
		d.Back = d.Path
		if key := q.Get("tl"); key != "" {
			docs, err := dossier.Docs(c.Ctx(), tx, d.ID, -1)
			if err != nil {
				return err
			}
			n, _ := strconv.Atoi(q.Get("lan"))
			for _, x := range docs {
				if x.ID == "paper/"+key && (n == 0 || n == x.Version) && d.may(x.Class) && d.Doc == nil {
					d.Doc = &x
				}
			}
			if d.Doc == nil {
				return errNotFound
			}
			d.Of, d.Back = c.paperTitle(*d.Doc), d.paperPath(d.Doc.ID)
		} else if d.What == "ban-moi" || d.What == "sua" || d.What == "tinh-trang" {
			return errNotFound
		}
		if d.What == "giao-sua" {
			return c.custodyToCorrect(tx, &d, q)
		}
		return nil
	})
	d.Files = d.What == "tai-lieu" || d.What == "ban-moi" || d.What == "sua"
	d.Danger = d.What == "xoa"
	return d, err
}

func (c *Call) custodyToCorrect(tx *store.Tx, d *dossierFormData, q url.Values) error {
	cs, err := dossier.CustodyOf(c.Ctx(), tx, d.ID, -1)
	if err != nil {
		return err
	}
	fact, err := strconv.ParseInt(q.Get("muc"), 10, 64)
	if err != nil {
		return errNotFound
	}
	at := slices.IndexFunc(cs, func(k dossier.Custody) bool { return k.Fact == fact })
	if at < 0 {
		return errNotFound
	}
	d.fact = fact
	name, err := c.unitName(tx, cs[at].Org, cs[at].From)
	d.Of = name + ", " + dayText(c.Lang, cs[at].From)
	if d.Form == nil {
		d.Form = &Form{Values: url.Values{}}
		d.Form.Set("to", name).Set("from", dayText("vi", cs[at].From)).Set("number", cs[at].Decision.Number).Set("by", cs[at].Decision.By)
		if !cs[at].Decision.Date.IsZero() {
			d.Form.Set("date", dayText("vi", cs[at].Decision.Date))
		}
		if h := cs[at].Hands; h != nil {
			d.Form.Set("giver", h.Giver).Set("receiver", h.Receiver).Set("place", h.Place).Set("note", h.Note)
		}
	}
	return err
}

func (s *Server) dossierFormGet(c *Call) error {
	d, err := c.dossierFormData()
	if err != nil {
		return err
	}
	filled := d.Form
	if err := c.Read(func(tx *store.Tx) (err error) { d.Form, err = c.NewForm(tx, d.ID); return err }); err != nil {
		return err
	}
	if filled != nil {
		d.Form.Values = filled.Values
	} else if err := c.fillDossierForm(&d); err != nil {
		return err
	}
	return c.showDossierForm(d)
}

// fillDossierForm puts what is on record into the fields.
func (c *Call) fillDossierForm(d *dossierFormData) error {
	f := d.Form
	today := dayText("vi", c.Today())
	switch d.What {
	case "lap":
		f.Set("class", string(dossier.Internal)).Set("from", today)
		return c.Read(func(tx *store.Tx) error {
			name, err := c.unitName(tx, d.Home, c.Today())
			f.Set("to", name)
			return err
		})
	case "giao":
		f.Set("from", today)
	case "tai-lieu":
		f.Set("class", string(d.File.Class)).Set("state", string(dossier.Kept)).Set("paper", "on").Set("filed", today).Set("kind", c.R.URL.Query().Get("loai"))
	case "ho-so":
		f.Set("class", string(d.File.Class)).Set("state", string(d.File.State))
	case "ban-moi", "sua":
		x := d.Doc
		f.Set("class", string(x.Class)).Set("filed", dayText("vi", x.Filed))
		if d.What == "ban-moi" {
			f.Set("filed", today)
		}
		if p := x.Paper; p != nil {
			f.Set("kind", strconv.Itoa(p.Kind)).Set("title", p.Title).Set("place", p.Place)
			if d.What == "sua" {
				f.Set("number", p.Number).Set("issuer", p.Issuer).Set("note", p.Note)
				if !p.Date.IsZero() {
					f.Set("date", dayText("vi", p.Date))
				}
				if p.Pages > 0 {
					f.Set("pages", strconv.Itoa(p.Pages))
				}
				for _, s := range p.Scans {
					f.Set("keep."+s.Hash, "on")
				}
				if !p.Paper {
					return nil
				}
			}
			f.Set("paper", "on")
		}
	}
	return nil
}

// showDossierForm lays the fields of the form out and draws it.
func (c *Call) showDossierForm(d dossierFormData) error {
	f := d.Form
	field := func(name, kind string, required bool, o ...Option) Field {
		x := newField(f, name, c.TK("dossier.field", name))
		if len(o) > 0 {
			x.Kind, x.Options = "select", o
		} else {
			x = withKind(kind, x)
		}
		x.Required, x.Wide = required, kind == "textarea" || kind == "checkbox" || kind == "wide"
		if kind == "wide" {
			x.Kind = "text"
		}
		return x
	}
	add := func(x ...Field) { d.Fields = append(d.Fields, x...) }
	grounds := func() {
		d.Paper = append(d.Paper, field("number", "text", false), field("date", "day", false), field("by", "wide", false), field("note", "textarea", false))
	}
	hands := func() {
		add(field("giver", "text", false), field("receiver", "text", false), field("place", "text", false), field("note", "textarea", false))
		d.Paper = append(d.Paper, field("number", "text", false), field("date", "day", false), field("by", "wide", false))
	}
	declassify := func() []Field {
		return []Field{field("declassify", "text", false), field("declassify_date", "day", false), field("declassify_by", "wide", false)}
	}
	switch d.What {
	case "lap":
		add(field("class", "", true, c.classOptions()...), field("to", "text", true), field("from", "day", true))
		hands()
	case "giao":
		add(field("to", "text", true), field("from", "day", true))
		hands()
	case "giao-sua":
		add(field("to", "text", false), field("from", "day", false), field("withdraw", "checkbox", false), field("reason", "textarea", true))
		hands()
	case "tai-lieu", "ban-moi", "sua":
		add(field("kind", "", true, c.paperKinds()...), field("title", "text", false), field("number", "text", false), field("date", "day", false), field("issuer", "text", false), field("pages", "number", false), field("place", "text", false), field("filed", "day", true), field("class", "", true, c.classOptions()...))
		if d.What == "tai-lieu" {
			add(field("state", "", true, Option{string(dossier.Kept), c.TK("dossier.state", "kept")}, Option{string(dossier.Missing), c.TK("dossier.state", "missing")}))
		}
		add(field("paper", "checkbox", false), field("note", "textarea", false))
		if d.What != "tai-lieu" && d.Secret && d.Doc.Class.Guarded() {
			d.Declassify = declassify()
		}
		if d.What == "sua" {
			add(field("withdraw", "checkbox", false), field("reason", "textarea", true))
			if d.Doc.Paper != nil {
				for i, s := range d.Doc.Paper.Scans {
					d.Keep = append(d.Keep, keptScan{s.Hash, scanName(*d.Doc.Paper, i+1, s), f.Value("keep."+s.Hash) != ""})
				}
			}
		}
	case "tinh-trang":
		var o []Option
		for _, s := range []dossier.State{dossier.Kept, dossier.Missing, dossier.Lost, dossier.Restored} {
			if s != d.Doc.State {
				o = append(o, Option{string(s), c.TK("dossier.to", string(s))})
			}
		}
		add(field("state", "", true, o...))
		grounds()
	case "ho-so":
		var o []Option
		for _, s := range []dossier.State{dossier.Kept, dossier.Lost, dossier.Restored, dossier.Closed} {
			o = append(o, Option{string(s), c.TK("dossier.file", string(s))})
		}
		add(field("state", "", true, o...), field("class", "", true, c.classOptions()...))
		if d.Secret && d.File.Class.Guarded() {
			d.Declassify = declassify()
		}
		grounds()
	case "ra-soat":
		if err := c.markRows(&d); err != nil {
			return err
		}
		add(field("note", "textarea", false))
	case "xoa":
		add(field("decision", "wide", true), field("sure", "checkbox", true))
		if d.Doc == nil {
			if err := c.Read(func(tx *store.Tx) (err error) {
				d.Stays, d.StayMore, err = c.stays(tx, d.ID)
				return err
			}); err != nil {
				return err
			}
		}
	}
	if err := c.Viewed(d.ID, c.T("dossier.viewed.form")); err != nil {
		return err
	}
	return dossierForm.show(c, d)
}

func (c *Call) paperKinds() []Option {
	out := []Option{{"0", c.T("dossier.kind.none")}}
	for _, k := range dossier.Kinds() {
		text := kindNumber(k.Number) + ". " + c.paperKind(k.Number)
		if !k.Own {
			text += " (" + c.T("dossier.kind.group") + ")"
		}
		out = append(out, Option{strconv.Itoa(k.Number), text})
	}
	return out
}

func (c *Call) markRows(d *dossierFormData) error {
	var marks map[int]dossier.Mark
	have := map[int]bool{}
	err := c.Read(func(tx *store.Tx) (err error) {
		if marks, err = dossier.MarksOf(c.Ctx(), tx, d.ID, -1); err != nil {
			return err
		}
		docs, err := dossier.Docs(c.Ctx(), tx, d.ID, -1)
		for _, x := range docs {
			if x.Paper != nil && x.State != dossier.Withdrawn && d.may(x.Class) {
				have[x.Paper.Kind] = true
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var o []Option
	for _, m := range dossier.Marks {
		o = append(o, Option{string(m), c.TK("dossier.mark", string(m))})
	}
	for _, k := range dossier.Kinds() {
		r := markRow{Number: kindNumber(k.Number), Title: c.paperKind(k.Number), Group: !k.Own, Name: "k." + strconv.Itoa(k.Number), Options: o, Have: have[k.Number]}
		m, ok := marks[k.Number]
		if !ok {
			m = dossier.Undetermined
		}
		if r.Value = d.Form.Value(r.Name); r.Value == "" {
			r.Value = string(m)
		}
		d.Marks = append(d.Marks, r)
	}
	return nil
}

// dossierLine is what the page of a person says of the file.
type dossierLine struct {
	Path, Holder, HolderPath string
	Opened                   bool
	State                    dossier.State
	Kept, Missing, Lost      int
}

func (c *Call) dossierLine(tx *store.Tx, id string) (l dossierLine, err error) {
	l.Path = dossierPath(id)
	f, ok, err := dossier.GetFile(c.Ctx(), tx, id)
	if err != nil || !ok {
		return l, err
	}
	l.Opened, l.State = true, f.State
	if l.Holder, l.HolderPath, _, _, err = c.holderText(tx, id, -1); err != nil {
		return l, err
	}
	docs, err := dossier.Docs(c.Ctx(), tx, id, -1)
	for _, d := range docs {
		switch d.State {
		case dossier.Kept, dossier.Restored:
			l.Kept++
		case dossier.Missing:
			l.Missing++
		case dossier.Lost:
			l.Lost++
		}
	}
	return l, err
}
