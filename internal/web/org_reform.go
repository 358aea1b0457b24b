package web

import (
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// orgReformData is a form of one act that reorganises. What: loai (kind and
// level), muc (code, seal, seat …), nhap (merge), chia (split), ban-giao (hand
// over a field of work), ke-thua (record an heir), rut (take an act back).
type orgReformData struct {
	What   string
	ID     string
	Name   string
	Path   string
	Form   *Form
	Fields []Field
	Paper  []Field // about the decision
	Says   []string
}

var orgReform = page[orgReformData]("org_reform")

func (s *Server) orgReformGet(c *Call) error {
	d, err := c.orgReformData()
	if err != nil {
		return err
	}
	if err := c.Read(func(tx *store.Tx) (err error) { d.Form, err = c.NewForm(tx, d.ID); return err }); err != nil {
		return err
	}
	d.Form.Set("from", dayText("vi", c.Today())).Set("share", "1/1").Set("how", string(org.Replaced)).Set("entry", c.R.URL.Query().Get("muc"))
	return c.showReform(d)
}

func (c *Call) orgReformData() (orgReformData, error) {
	d := orgReformData{What: c.R.PathValue("what"), ID: "org/" + c.R.PathValue("id")}
	d.Path = unitPath(d.ID)
	switch d.What {
	case "loai", "muc", "nhap", "chia", "ban-giao", "ke-thua", "rut":
	default:
		return d, errNotFound
	}
	return d, c.Read(func(tx *store.Tx) error {
		known, err := org.Known(c.Ctx(), tx, d.ID)
		if err != nil || !known {
			return or(err, errNotFound)
		}
		d.Name, err = c.unitName(tx, d.ID, c.Today())
		if err != nil || d.What != "rut" {
			return err
		}
		d.Says, err = c.actWords(tx, c.R.URL.Query().Get("muc"))
		return err
	})
}

func or(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// actWords says in words what an act recorded, entry by entry, before it is
// taken back.
func (c *Call) actWords(tx *store.Tx, entry string) ([]string, error) {
	n, err := strconv.ParseInt(entry, 10, 64)
	if err != nil || n < 0 {
		return nil, errNotFound
	}
	rec, err := desk.GetRecord(c.Ctx(), tx, n)
	if err != nil || !strings.HasPrefix(rec.Kind, "org.") {
		return nil, errNotFound
	}
	var out []string
	first := n
	for ; first > 0; first-- {
		if r, err := desk.GetRecord(c.Ctx(), tx, first-1); err != nil || r.Act != rec.Act {
			break
		}
	}
	for i := first; len(out) < 200; i++ {
		r, err := desk.GetRecord(c.Ctx(), tx, i)
		if err != nil || r.Act != rec.Act {
			break
		}
		name, err := c.unitName(tx, mainSubject(r.Entry), c.Today())
		if err != nil {
			return nil, err
		}
		out = append(out, c.kindText(r.Kind)+": "+name)
	}
	return out, nil
}

func (c *Call) showReform(d orgReformData) error {
	f := d.Form
	add := func(x Field, more ...func(*Field)) {
		for _, m := range more {
			m(&x)
		}
		d.Fields = append(d.Fields, x)
	}
	field := func(name string) Field { return newField(f, name, c.TK("org.reform.field", name)) }
	required := func(x *Field) { x.Required = true }
	wide := func(x *Field) { x.Wide = true }
	area := func(x *Field) { x.Kind, x.Wide = "textarea", true }
	hint := func(key string) func(*Field) { return func(x *Field) { x.Hint = c.TK("org.reform.hint", key) } }
	choose := func(os []Option) func(*Field) { return func(x *Field) { x.Kind, x.Options = "select", os } }
	check := func(x *Field) { x.Kind, x.Wide = "checkbox", true }
	switch d.What {
	case "loai":
		add(field("kind"), choose(c.orgKindOptions()))
		add(field("level"), choose(c.levelOptions()))
	case "muc":
		os := []Option{{"", c.T("field.none")}}
		for _, n := range org.DetailNames() {
			os = append(os, Option{n.Key, c.detailName(n.Key)})
		}
		for _, x := range person.Titles() {
			os = append(os, Option{org.PositionOf(x.Code), c.detailName(org.PositionOf(x.Code))})
		}
		add(field("detail"), choose(os), required)
		add(field("value"), wide, hint("value"))
	case "nhap":
		add(field("parts"), area, hint("parts"))
		add(field("newname"), wide, hint("newname"))
		add(field("newkind"), choose(c.orgKindOptions()))
		add(field("newparent"), hint("parent"))
		add(field("children"), check)
	case "chia":
		add(field("pieces"), area, required, hint("pieces"))
		add(field("ends"), check, hint("ends"))
	case "ban-giao":
		add(field("to"), required, hint("parent"))
		add(field("what"), area, required)
	case "ke-thua":
		add(field("to"), required, hint("parent"))
		add(field("share"), required, hint("share"))
		add(field("how"), choose([]Option{{string(org.Replaced), c.T("org.how.replaced")}, {string(org.Merged), c.T("org.how.merged")}, {string(org.Split), c.T("org.how.split")}}))
	case "rut":
		add(field("reason"), area, required)
		return orgReform.show(c, d)
	}
	add(newField(f, "from", c.T("org.effective")), required, func(x *Field) { x.Kind, x.Hint = "day", c.T("org.effective.hint") })
	d.Paper = c.paperFields(f)
	return orgReform.show(c, d)
}

// paperFields are the fields about the decision an act rests on.
func (c *Call) paperFields(f *Form) []Field {
	day := newField(f, "date", c.T("org.decision.day"))
	day.Kind = "day"
	by := newField(f, "by", c.T("org.decision.by"))
	by.Wide = true
	basis := newField(f, "basis", c.T("org.decision.basis"))
	basis.Wide = true
	return []Field{newField(f, "number", c.T("org.decision.number")), day, by, newField(f, "signer", c.T("org.decision.signer")), basis}
}

func (c *Call) levelOptions() []Option {
	os := []Option{{"", c.T("field.none")}}
	for _, n := range org.DetailNames() {
		if n.Key == org.Level {
			for _, x := range n.Choices {
				os = append(os, Option{x.Value, c.detailValue(org.Level, x.Value)})
			}
		}
	}
	return os
}

// detailName names a detail; detailValue writes its value for people.
func (c *Call) detailName(key string) string {
	for _, n := range org.DetailNames() {
		if n.Key == key && c.Lang == "en" {
			return n.EN
		} else if n.Key == key {
			return n.VI
		}
	}
	if title, ok := strings.CutPrefix(key, "position."); ok {
		return c.T("org.position", c.titleText(title))
	}
	return key
}

func (c *Call) detailValue(key, value string) string {
	for _, n := range org.DetailNames() {
		for _, x := range n.Choices {
			if n.Key == key && x.Value == value && c.Lang == "en" {
				return x.EN
			} else if n.Key == key && x.Value == value {
				return x.VI
			}
		}
	}
	return value
}

func (s *Server) orgReformPost(c *Call) error {
	d, err := c.orgReformData()
	if err != nil {
		return err
	}
	if d.Form, err = c.PostForm(); err != nil {
		return err
	}
	act, err := c.reformAct(d)
	if err != nil {
		if err := c.Fail(d.Form, err); err != nil {
			return err
		}
		return c.showReform(d)
	}
	rc, ok, err := c.Do(d.Form, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(d.Path, rc)
	}
	return c.showReform(d)
}

// reformAct reads the typed act out of the posted form.
func (c *Call) reformAct(d orgReformData) (desk.Act, error) {
	f := d.Form
	if d.What == "rut" {
		n, err := strconv.ParseInt(f.Text("entry"), 10, 64)
		if err != nil {
			return nil, errNotFound
		}
		reason, err := f.Need("reason")
		return org.WithdrawAct{Org: d.ID, Entry: n, Reason: reason}, err
	}
	from, err := f.Day("from")
	if err != nil {
		return nil, err
	}
	decision, err := orgDecision(f)
	if err != nil {
		return nil, err
	}
	switch d.What {
	case "loai":
		return org.Reclassify{Org: d.ID, Kind: org.Kind(f.Text("kind")), Level: f.Text("level"), From: from, Decision: decision}, nil
	case "muc":
		v, err := c.readDetail(f, from)
		return org.SetDetail{Org: d.ID, Detail: v, From: from, Decision: decision}, err
	case "nhap":
		return c.mergeAct(d, from, decision)
	case "chia":
		a := org.SplitUnit{Org: d.ID, Ends: f.Value("ends") != "", From: from, Decision: decision}
		a.Pieces, err = c.pieces(d, from)
		return a, err
	}
	to, err := c.pickUnit(f, "to", from, true)
	if err != nil {
		return nil, err
	}
	if d.What == "ban-giao" {
		return org.HandOver{Org: d.ID, To: to, What: f.Text("what"), From: from, Decision: decision}, nil
	}
	num, den, err := readShare("share", f.Text("share"))
	return org.RecordLineage{Links: []org.Link{{Source: d.ID, Target: to, How: org.How(f.Text("how")), Num: num, Den: den}}, From: from, Decision: decision}, err
}

// readDetail reads a detail; levels may be written in words, a territory by
// its name.
func (c *Call) readDetail(f *Form, on vn.Date) (org.Detail, error) {
	v := org.Detail{Key: f.Text("detail"), Value: f.Text("value")}
	for _, n := range org.DetailNames() {
		for _, x := range n.Choices {
			if n.Key == v.Key && (vn.Fold(x.VI) == vn.Fold(v.Value) || vn.Fold(x.EN) == vn.Fold(v.Value)) {
				v.Value = x.Value
			}
		}
	}
	if v.Key != org.Territory {
		return v, nil
	}
	id, err := c.pickUnit(f, "value", on, false)
	v.Value = id
	return v, err
}

func (c *Call) mergeAct(d orgReformData, from vn.Date, decision org.Decision) (desk.Act, error) {
	f := d.Form
	a := org.Merge{Into: d.ID, From: from, Children: f.Value("children") != "", Decision: decision}
	parts, err := c.pickUnits(f, "parts", from.AddDays(-1))
	if err != nil {
		return nil, err
	}
	a.Parts = parts
	name := f.Text("newname")
	if name == "" {
		return a, nil
	}
	a.Into, a.Parts = newUnitID(name, f.ID), append([]string{d.ID}, parts...)
	a.New = &org.Found{Title: name, Kind: org.Kind(f.Text("newkind"))}
	a.New.Parent, err = c.pickUnit(f, "newparent", from, false)
	return a, err
}

// pieces reads one line a part: "name of the new unit | share", or an id of a
// unit that stands already.
func (c *Call) pieces(d orgReformData, from vn.Date) ([]org.Piece, error) {
	var out []org.Piece
	var kind org.Kind
	var parent string
	err := c.Read(func(tx *store.Tx) error {
		u, _, err := org.Get(c.Ctx(), tx, d.ID, org.Now(from.AddDays(-1)))
		kind, parent = u.Kind, u.Parent
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(d.Form.Text("pieces"), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, share, ok := strings.Cut(line, "|")
		num, den, err := readShare("pieces", share)
		if !ok || err != nil {
			return nil, desk.Wrong("pieces", "Dòng "+strconv.Itoa(i+1)+": ghi “tên tổ chức mới | tỷ lệ”, ví dụ “Chi bộ thôn 3 | 40/100”.",
				"Line "+strconv.Itoa(i+1)+": write “name of the new unit | share”, as “Cell 3 | 40/100”.")
		}
		p := org.Piece{Into: strings.TrimSpace(name), Num: num, Den: den}
		if !org.ValidID(p.Into) {
			p.New = &org.Found{Title: p.Into, Kind: kind, Parent: parent}
			p.Into = newUnitID(p.Into, d.Form.ID)
		}
		out = append(out, p)
	}
	return out, nil
}

// readShare reads 40/100, 1/2, 1 or 35%.
func readShare(field, s string) (num, den int64, err error) {
	s = strings.TrimSpace(s)
	den = 1
	if p, ok := strings.CutSuffix(s, "%"); ok {
		s, den = p, 100
	} else if a, b, ok := strings.Cut(s, "/"); ok {
		if den, err = strconv.ParseInt(strings.TrimSpace(b), 10, 64); err != nil {
			den = 0
		}
		s = a
	}
	num, err = strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || num <= 0 || den <= 0 || num > den {
		return 0, 0, desk.Wrong(field, "Tỷ lệ ghi như 1/2, 40/100 hoặc 35%, lớn hơn 0 và không quá 1.", "Write a share as 1/2, 40/100 or 35%, above 0 and at most 1.")
	}
	return num, den, nil
}

// pickUnits finds the organisations named one a line.
func (c *Call) pickUnits(f *Form, field string, on vn.Date) ([]string, error) {
	var out []string
	for _, line := range strings.Split(f.Text(field), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		one := &Form{ID: f.ID, Values: map[string][]string{field: {line}}}
		id, err := c.pickUnit(one, field, on, true)
		if err != nil {
			if d, ok := asDeskError(err); ok && one.choices[field] != nil {
				d.Says.VI = "“" + line + "”: có nhiều tổ chức khớp. Hãy ghi mã: " + choicesText(one.choices[field])
				d.Says.EN = "“" + line + "”: several organisations fit. Write the id: " + choicesText(one.choices[field])
			}
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

func choicesText(os []Option) string {
	var out []string
	for _, o := range os {
		if o.Value != "" && len(out) < 6 {
			out = append(out, o.Value+" ("+o.Label+")")
		}
	}
	return strings.Join(out, "; ")
}
