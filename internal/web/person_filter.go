package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// personChip is one thing that the list asks for, with the address that asks
// it no more.
type personChip struct{ Text, Off string }

// personFields are the fields of the list's address that narrow it, in the
// order of the form.
var personFields = []string{"q", "duoi", "giu-ho-so", "dien", "gioi", "dan-toc", "tuoi-tu", "tuoi-den", "dang-tu", "dang-den", "chuc", "nam-tu", "nam-den", "cap", "dien-quan-ly", "huu-tu", "huu-den", "hoc-van", "bang-cap", "ly-luan"}

// attrFields are the fields of facts that the list asks for, by field of the
// address.
var attrFields = map[string]string{"hoc-van": "general.level", "bang-cap": "degree.level", "ly-luan": "theory.level"}

// personQuery keeps what the list understands of an address; what is empty, or
// too long to have been typed, asks nothing.
func personQuery(q url.Values) url.Values {
	out := url.Values{}
	for _, k := range append([]string{"xep", "giam", "trang", "dem"}, personFields...) {
		if v := strings.TrimSpace(q.Get(k)); v != "" && len(v) <= 400 {
			out.Set(k, v)
		}
	}
	if v := q.Get("don-vi"); v != "" && len(v) <= 400 { // as older links ask
		out.Set("giu-ho-so", v)
	}
	for _, v := range q["cot"] {
		out.Add("cot", v)
	}
	return out
}

// personReader is whose files the user may read: nil is everybody's. Files
// kept by units that stand in none of the user's subtrees today, because they
// were dissolved, are asked for one by one.
func (c *Call) personReader(tx *store.Tx) (*person.Reader, error) {
	rights, err := c.s.accounts.Rights(c.Ctx(), tx, c.User.Account, c.Today())
	if err != nil {
		return nil, err
	}
	r := &person.Reader{Today: c.Today()}
	for _, root := range rights[desk.ReadPerson] {
		if root == "" {
			return nil, nil
		}
		if strings.HasPrefix(root, "org/") {
			r.Roots = append(r.Roots, root)
		}
	}
	homes, err := person.Homes(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	lines, err := org.ReadLines(c.Ctx(), tx, homes)
	if err != nil {
		return nil, err
	}
	for _, h := range homes {
		if _, exists := lines.Get(h, c.Today()); !exists && c.May(tx, desk.Need{Right: desk.ReadPerson, Org: h}) {
			r.Homes = append(r.Homes, h)
		}
	}
	return r, nil
}

// personFind is what an address asks for. What cannot be read is told at its
// field and nothing is listed.
func (c *Call) personFind(tx *store.Tx, q url.Values, d *personListData) (f person.Find, err error) {
	f = person.Find{On: c.On(), Name: q.Get("q"), Who: q.Get("dien"), Gender: q.Get("gioi"), Ethnicity: q.Get("dan-toc"), Title: q.Get("chuc"), Managing: q.Get("cap"), Exact: q.Get("dem") == "1", Down: q.Get("giam") == "1", Attrs: map[string]string{}}
	f.Sort = map[string]string{"sinh": person.SortBorn, "dang": person.SortSince, "don-vi": person.SortUnder}[q.Get("xep")]
	if f.Reader, err = c.personReader(tx); err != nil {
		return f, err
	}
	if f.Rules, err = c.s.desk.Rules(c.Ctx(), tx); err != nil {
		return f, err
	}
	for k, field := range attrFields {
		if v := q.Get(k); v != "" {
			f.Attrs[field] = v
		}
	}
	if d.levels, err = procedure.LevelsOn(c.Ctx(), tx, c.On()); err != nil {
		return f, err
	}
	if v := q.Get("dien-quan-ly"); v != "" {
		f.Held = d.levels.Posts(v)
	}
	var wrong error
	unit := func(k string) string {
		if q.Get(k) == "" {
			return ""
		}
		id, e := c.pickUnit(&Form{Values: q}, k, c.On(), false)
		if e != nil && wrong == nil {
			wrong = e
		}
		return id
	}
	f.Under, f.Home = unit("duoi"), unit("giu-ho-so")
	span := func(from, to string) person.Span {
		one := func(k string) *int {
			v := q.Get(k)
			if v == "" {
				return nil
			}
			n, e := strconv.Atoi(v)
			if (e != nil || n < 0 || n > 1200) && wrong == nil {
				wrong = desk.Wrong(k, "Hãy ghi một số nguyên, ví dụ 35.", "Write a whole number, like 35.")
			}
			return &n
		}
		return person.Span{From: one(from), To: one(to)}
	}
	f.Age, f.PartyAge, f.InPost, f.Retire = span("tuoi-tu", "tuoi-den"), span("dang-tu", "dang-den"), span("nam-tu", "nam-den"), span("huu-tu", "huu-den")
	if wrong != nil {
		if err := c.Fail(d.Form, wrong); err != nil {
			return f, err
		}
	}
	return f, c.personFilterShow(tx, q, f, d)
}

// personFilterShow makes the fields of the form and the chips.
func (c *Call) personFilterShow(tx *store.Tx, q url.Values, f person.Find, d *personListData) error {
	options := map[string][]Option{
		"dien": {{"", c.T("person.filter.any")}}, "gioi": {{"", c.T("person.filter.any")}, {"female", c.TK("person.gender", "female")}, {"male", c.TK("person.gender", "male")}},
		"chuc": {{"", c.T("person.filter.any")}}, "cap": {{"", c.T("person.filter.any")}},
		"dien-quan-ly": {{"", c.T("person.filter.any")}},
	}
	for _, level := range d.levels.Names {
		options["dien-quan-ly"] = append(options["dien-quan-ly"], Option{level, level})
	}
	for _, w := range []string{person.WhoMember, person.WhoOfficial, person.WhoProbationary, person.WhoOther} {
		options["dien"] = append(options["dien"], Option{w, c.TK("person.who", w)})
	}
	for _, t := range person.Titles() {
		options["chuc"] = append(options["chuc"], Option{t.Code, c.titleText(t.Code)})
	}
	for _, n := range org.DetailNames() {
		for _, v := range n.Choices {
			if n.Key == org.ManagingLevel {
				options["cap"] = append(options["cap"], Option{v.Value, c.either(v.VI, v.EN)})
			}
		}
	}
	for k, field := range attrFields {
		x, _ := person.FactFieldOf(field)
		options[k] = []Option{{"", c.T("person.filter.any")}}
		for _, v := range person.FactCodes(x.List) {
			options[k] = append(options[k], Option{v.Code, c.either(v.VI, v.EN)})
		}
	}
	for _, k := range personFields {
		if k == "q" {
			continue
		}
		x := newField(d.Form, k, c.TK("person.filter", k))
		if k == "dien-quan-ly" {
			x.Hint = c.T("person.filter.level.hint")
			if d.levels.Entry < 0 {
				x.Hint = c.T("person.filter.level.none")
			}
		}
		if o, ok := options[k]; ok {
			x.Kind, x.Options = "select", o
		} else if strings.HasSuffix(k, "-tu") || strings.HasSuffix(k, "-den") {
			x.Kind = "number"
		}
		d.Filters = append(d.Filters, x)
		d.Open = d.Open || q.Get(k) != "" && k != "duoi" && k != "dien"
	}
	for _, k := range personFields {
		v := q.Get(k)
		if v == "" {
			continue
		}
		text := v
		if i := slices.IndexFunc(options[k], func(o Option) bool { return o.Value == v }); i >= 0 {
			text = options[k][i].Label
		}
		for key, id := range map[string]string{"duoi": f.Under, "giu-ho-so": f.Home} {
			if k == key && id != "" {
				name, err := c.unitName(tx, id, c.On())
				if err != nil {
					return err
				}
				text = name
			}
		}
		off := url.Values{}
		for o, vs := range q {
			if o != k && o != "trang" && o != "dem" {
				off[o] = vs
			}
		}
		d.Chips = append(d.Chips, personChip{c.TK("person.filter", k) + ": " + text, withQuery("/can-bo", off, "", "")})
	}
	return nil
}

// ageOn is an age in whole years on a day, where the birth settles it.
func ageOn(born vn.PartialDate, on vn.Date) string {
	if born.IsZero() || on.Before(born.Last()) {
		return ""
	}
	a, b := born.First().MonthsTo(on)/12, born.Last().MonthsTo(on)/12
	if a != b {
		return strconv.Itoa(b) + "–" + strconv.Itoa(a)
	}
	return strconv.Itoa(a)
}
