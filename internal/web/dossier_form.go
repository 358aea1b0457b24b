package web

import (
	"net/url"
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
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

func (s *Server) dossierFormPost(c *Call) error {
	d, err := c.dossierFormData()
	if err != nil {
		return err
	}
	f, ups, err := c.PostFiles(d.ID, "file")
	if err != nil {
		return err
	}
	d.Form = f
	act, err := c.dossierAct(&d, ups)
	if err != nil {
		return c.again(f, err, func(*Form) error { return c.showDossierForm(d) })
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		if d.What == "xoa" {
			return c.Done(d.Path, rc)
		}
		return c.Done(d.Back, rc)
	}
	return c.showDossierForm(d)
}

// kindNumber reads the number of a kind from a field.
func (f *Form) kindNumber(name string) (int, error) {
	if f.Text(name) == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(f.Text(name))
	if _, ok := dossier.KindOf(n); err != nil || !ok && n != 0 {
		return 0, desk.Wrong(name, "Loại tài liệu có số từ 1 đến 104.", "Kinds of papers are numbered from 1 to 104.")
	}
	return n, nil
}

func (f *Form) grounds() (dossier.Grounds, error) {
	date, err := f.OptionalDay("date")
	return dossier.Grounds{Number: f.Text("number"), Date: date, By: f.Text("by"), Note: f.Text("note"), Giver: f.Text("giver"), Receiver: f.Text("receiver"), Place: f.Text("place")}, err
}

// declassify is the decision by which a class of secrecy is lowered.
func (f *Form) declassify() (org.Decision, error) {
	date, err := f.OptionalDay("declassify_date")
	return org.Decision{Number: f.Text("declassify"), Date: date, By: f.Text("declassify_by")}, err
}

// hands splits the fields of a hand-over: its decision stands in the entry,
// names and place in the block.
func (f *Form) hands() (org.Decision, dossier.Grounds, error) {
	decision, err := orgDecision(f)
	decision.Basis, decision.Signer = "", ""
	return decision, dossier.Grounds{Note: f.Text("note"), Giver: f.Text("giver"), Receiver: f.Text("receiver"), Place: f.Text("place")}, err
}

// dossierAct reads the typed act out of the posted form.
func (c *Call) dossierAct(d *dossierFormData, ups []Uploaded) (desk.Act, error) {
	f := d.Form
	custodian := func(required bool) (id string, from vn.Date, err error) {
		if from, err = f.Day("from"); err == nil {
			id, err = c.pickUnit(f, "to", from, required)
		}
		return id, from, err
	}
	switch d.What {
	case "lap", "giao", "giao-sua":
		decision, hands, err := f.hands()
		if err != nil {
			return nil, err
		}
		withdraw := d.What == "giao-sua" && f.Value("withdraw") != ""
		var to string
		var from vn.Date
		if !withdraw {
			if to, from, err = custodian(true); err != nil {
				return nil, err
			}
		}
		switch d.What {
		case "lap":
			return dossier.Open{Person: d.ID, Home: d.Home, Class: dossier.Class(f.Text("class")), Custodian: to, From: from, Decision: decision, Hands: hands}, nil
		case "giao":
			return dossier.HandOver{Keeper: d.Secret, Person: d.ID, Home: d.Home, To: to, On: from, Decision: decision, Hands: hands}, nil
		}
		return dossier.CorrectCustody{Keeper: d.Secret, Person: d.ID, Home: d.Home, Fact: d.fact, Withdraw: withdraw, Org: to, From: from, Decision: decision, Hands: hands, Reason: f.Text("reason")}, nil
	case "tinh-trang":
		g, err := f.grounds()
		return dossier.SetState{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Version: d.Doc.Version, State: dossier.State(f.Text("state")), Grounds: g}, err
	case "ho-so":
		g, err := f.grounds()
		by, no := f.declassify()
		if err == nil {
			err = no
		}
		if err == nil && !d.may(dossier.Class(f.Text("class"))) {
			err = desk.Deny("Chỉ người được giao giữ tài liệu mật mới đặt được độ mật này.", "Only keepers of classified papers set this class.")
		}
		return dossier.SetFile{Keeper: d.Secret, Declassify: by, Person: d.ID, Home: d.Home, State: dossier.State(f.Text("state")), Class: dossier.Class(f.Text("class")), Grounds: g}, err
	case "ra-soat":
		return c.marksAct(d)
	case "xoa":
		a := dossier.Erase{Person: d.ID, Home: d.Home, Decision: f.Text("decision")}
		if d.Doc != nil {
			a.Doc = d.Doc.ID
		}
		if f.Value("sure") == "" {
			return nil, desk.Wrong("sure", "Hãy đánh dấu đã hiểu: nội dung đã xóa không lấy lại được.", "Tick that you know: what is erased cannot be brought back.")
		}
		return a, nil
	}
	x, err := c.paperItem(d, ups)
	if err != nil {
		return nil, err
	}
	switch d.What {
	case "tai-lieu":
		x.State = dossier.State(f.Text("state"))
		return dossier.Put{Person: d.ID, Home: d.Home, Items: []dossier.Item{x}}, nil
	case "ban-moi":
		return dossier.Renew{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Item: x}, nil
	}
	return dossier.Correct{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Version: d.Doc.Version, Withdraw: f.Value("withdraw") != "", Item: x, Reason: f.Text("reason")}, nil
}

// paperItem reads a paper out of the form, with the scans kept and those that
// came with it.
func (c *Call) paperItem(d *dossierFormData, ups []Uploaded) (x dossier.Item, err error) {
	f := d.Form
	p := dossier.Paper{Title: f.Text("title"), Number: f.Text("number"), Issuer: f.Text("issuer"), Place: f.Text("place"), Note: f.Text("note"), Paper: f.Value("paper") != ""}
	if x.Class = dossier.Class(f.Text("class")); !d.may(x.Class) {
		return x, desk.Deny("Chỉ người được giao giữ tài liệu mật mới ghi được tài liệu độ mật này.", "Only a keeper of classified papers records papers of this class.")
	}
	if p.Kind, err = f.kindNumber("kind"); err != nil {
		return x, err
	}
	if p.Date, err = f.OptionalDay("date"); err != nil {
		return x, err
	}
	if x.Filed, err = f.OptionalDay("filed"); err != nil {
		return x, err
	}
	if x.Declassify, err = f.declassify(); err != nil {
		return x, err
	}
	if f.Text("pages") != "" {
		n, err := vn.ReadCount(f.Text("pages"))
		if err != nil {
			return x, desk.Wrong("pages", "Cần một số nguyên.", "A whole number is needed.")
		}
		p.Pages = int(min(n, 1<<30))
	}
	if d.What == "sua" && d.Doc.Paper != nil {
		for _, s := range d.Doc.Paper.Scans {
			if f.Value("keep."+s.Hash) != "" {
				p.Scans = append(p.Scans, s)
			}
		}
	}
	for _, u := range ups {
		if u.No != nil {
			return x, &desk.Error{Code: u.No.Code, Field: "file", Says: u.No.Says}
		}
		p.Scans = append(p.Scans, dossier.Scan{Hash: u.File.Hash, Name: u.Name})
	}
	x.Paper = p
	return x, nil
}

// marksAct is what changed against what was marked before.
func (c *Call) marksAct(d *dossierFormData) (desk.Act, error) {
	a := dossier.MarkKinds{Keeper: d.Secret, Person: d.ID, Home: d.Home, Note: d.Form.Text("note"), Marks: map[int]dossier.Mark{}}
	err := c.Read(func(tx *store.Tx) error {
		was, err := dossier.MarksOf(c.Ctx(), tx, d.ID, -1)
		for _, k := range dossier.Kinds() {
			m := dossier.Mark(d.Form.Text("k." + strconv.Itoa(k.Number)))
			before := was[k.Number]
			if before == "" {
				before = dossier.Undetermined
			}
			if m != "" && m != before {
				a.Marks[k.Number] = m
			}
		}
		return err
	})
	if err == nil && len(a.Marks) == 0 {
		err = desk.Wrong("marks", "Chưa có loại nào được đổi.", "No kind was changed.")
	}
	return a, err
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
