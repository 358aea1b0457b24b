package document

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PersonRecord is what the record holds of one person at a pair of times: what
// the forms 2C, Mẫu 2-HSĐV and the short list are written from.
type PersonRecord struct {
	Person   person.Person
	Facts    []person.Fact // past ones too
	Posts    []PersonPost  // held on the day
	Path     []org.Unit    // organisations from the top down to the official place; those of the file otherwise
	Member   bool          // Path is that of the official place
	Steps    []person.StepFact
	Since    vn.Date // Party age counts from it
	Places   map[string]string
	Sponsors []string // introducers, by name
	On       vn.Date
}

// PersonPost is one post with the name of its body on the day it began.
type PersonPost struct {
	person.Post
	Title, OrgName string
}

// ErrErased says that a person's identity was erased: no form can be made.
var ErrErased = errors.New("document: the identity was erased")

// ReadPerson gathers the record of a person at a pair of times.
func ReadPerson(ctx context.Context, tx *store.Tx, id string, at org.At) (r PersonRecord, err error) {
	r.On, r.Places = at.On, map[string]string{}
	p, ok, err := person.Get(ctx, tx, id, at)
	if err != nil {
		return r, err
	}
	if !ok {
		vs, err := person.Versions(ctx, tx, id, at.Known)
		if err != nil || len(vs) == 0 {
			return r, errors.Join(err, ErrErased)
		}
		p = vs[0]
	}
	if r.Person = p; !p.Present {
		return r, ErrErased
	}
	if r.Facts, err = person.FactsUntil(ctx, tx, id, at); err != nil {
		return r, err
	}
	posts, err := person.Posts(ctx, tx, id, at)
	if err != nil {
		return r, err
	}
	for _, x := range posts {
		t, _ := person.TitleOf(x.Title)
		name, err := r.place(ctx, tx, x.Org, at.On)
		if err != nil {
			return r, err
		}
		r.Posts = append(r.Posts, PersonPost{x, t.VI, name})
	}
	all, err := person.StepsOf(ctx, tx, id)
	if err != nil {
		return r, err
	}
	for _, s := range all {
		if !s.Withdrawn && s.From.Compare(at.On) <= 0 {
			r.Steps = append(r.Steps, s)
		}
	}
	slices.SortStableFunc(r.Steps, func(a, b person.StepFact) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Fact, b.Fact)) })
	return r, r.places(ctx, tx, id, at)
}

func (r *PersonRecord) places(ctx context.Context, tx *store.Tx, id string, at org.At) error {
	under := r.Person.Home
	place, ok, err := person.OfficialPlace(ctx, tx, id, at)
	if err != nil {
		return err
	}
	if ok {
		under, r.Member, r.Since = place.Org, true, place.Since
	}
	if r.Path, err = org.Path(ctx, tx, under, at); err != nil {
		return err
	}
	for _, s := range r.Steps {
		if _, err := r.place(ctx, tx, s.Org, s.From); err != nil {
			return err
		}
		if s.Step == person.Introduced {
			by, err := person.Introducers(ctx, tx, s)
			if err != nil {
				return err
			}
			ps, err := person.ByID(ctx, tx, by, org.Now(s.From))
			if err != nil {
				return err
			}
			r.Sponsors = nil
			for _, who := range by {
				if p := ps[who]; p.Present {
					r.Sponsors = append(r.Sponsors, p.Identity.Name)
				}
			}
		}
	}
	return nil
}

// place is the name of an organisation on a day, remembered.
func (r *PersonRecord) place(ctx context.Context, tx *store.Tx, id string, on vn.Date) (string, error) {
	key := id + " " + on.String()
	if name, ok := r.Places[key]; ok {
		return name, nil
	}
	u, _, err := org.Get(ctx, tx, id, org.Now(on))
	if err == nil {
		r.Places[key] = u.Name
	}
	return u.Name, err
}

// blank is what stands where nothing is recorded: to be filled in by pen.
const blank = "................"

// Of gives the facts of a block, earliest first; now is whether only those that
// hold on the day are wanted.
func (r *PersonRecord) Of(block string, now bool) (out []person.Fact) {
	for _, f := range r.Facts {
		if f.Block == block && f.Present && !(now && !f.To.IsZero() && !r.On.Before(f.To)) {
			out = append(out, f)
		}
	}
	return out
}

// words is the value of a field of a fact in Vietnamese.
func words(f person.Fact, key string) string {
	b, _ := person.FactBlockOf(f.Block)
	field, ok := b.Field(key)
	if !ok {
		return ""
	}
	return typed(field.Words(f.Values[key], "vi"))
}

// said joins what a fact says, its fields in their order.
func said(f person.Fact, keys ...string) string {
	var out []string
	for _, k := range keys {
		if v := words(f, k); v != "" {
			out = append(out, v)
		}
	}
	return strings.Join(out, ", ")
}

// span writes from when until when a fact held, as the paper gives it.
func span(f person.Fact) string {
	from := f.FactContent.From.Vietnamese()
	switch {
	case f.To.IsZero():
		return from + " – nay"
	case f.Until == f.FactContent.From:
		return from
	case !f.Until.IsZero():
		return from + " – " + f.Until.Vietnamese()
	}
	return from + " – " + f.To.AddDays(-1).Vietnamese()
}

// step finds the last step of a kind.
func (r *PersonRecord) step(kinds ...person.Step) (person.StepFact, bool) {
	for i := len(r.Steps) - 1; i >= 0; i-- {
		if slices.Contains(kinds, r.Steps[i].Step) {
			return r.Steps[i], true
		}
	}
	return person.StepFact{}, false
}

// Data are the marks of the forms. A field without a value is a dotted blank.
func (r *PersonRecord) Data() docx.Data {
	d := docx.Data{Text: map[string]string{}, List: map[string][]docx.Data{}}
	or := func(key, v string) {
		if v = strings.TrimSpace(v); v == "" {
			v = blank
		}
		d.Text[key] = v
	}
	for _, b := range person.FactBlocks() { // every field by its own name, for a clerk's own template
		var last person.Fact
		if fs := r.Of(b.Key, true); len(fs) > 0 {
			last = fs[len(fs)-1]
		}
		for _, f := range b.Fields {
			or(Mark(f), words(last, f.Key))
		}
	}
	id := r.Person.Identity
	for key, v := range id.Values() {
		f, _ := person.FactFieldOf("identity." + key)
		or(Mark(f), typed(f.Words(v, "vi")))
	}
	r.partyMarks(or)
	r.joinedMarks(or)
	r.tables(d.List)
	d.Text["mau"] = ""
	if r.Person.Sample {
		d.Text["mau"] = "MẪU – người và số liệu đều là giả định"
	}
	return d
}

// Mark is the name of a field in a template: origin_birthplace.
func Mark(f person.FactField) string {
	return strings.NewReplacer(".", "_", "-", "_").Replace(f.ID())
}

// partyMarks are posts, membership and the organisations at the head.
func (r *PersonRecord) partyMarks(or func(key, v string)) {
	var posts []string
	for _, p := range r.Posts {
		posts = append(posts, typed(p.Title+", "+p.OrgName))
	}
	or("chuc_vu", strings.Join(posts, "; "))
	var admitted, official, sworn vn.Date
	var cell, officialCell string
	if s, ok := r.step(person.Admitted, person.Transcribed); ok {
		if admitted = s.From; s.Step == person.Transcribed {
			admitted, sworn, official = s.Admitted, s.Sworn, s.Recognised
		} else if !s.Decision.Date.IsZero() {
			admitted = s.Decision.Date
		}
	}
	if s, ok := r.step(person.Sworn); ok {
		sworn, cell = s.From, r.Places[s.Org+" "+s.From.String()]
	}
	if s, ok := r.step(person.Recognised); ok {
		official, officialCell = s.From, r.Places[s.Org+" "+s.From.String()]
	}
	or("ngay_vao_dang", dayOf(admitted))
	or("ngay_ket_nap", dayOf(sworn))
	or("chi_bo_ket_nap", typed(cell))
	or("nguoi_gioi_thieu", typed(strings.Join(r.Sponsors, "; ")))
	or("ngay_chinh_thuc", dayOf(official))
	or("chi_bo_chinh_thuc", typed(officialCell))
	exempt := ""
	if s, ok := r.step(person.Exempt, person.ExemptEnd); ok && s.Step == person.Exempt {
		exempt = dayOf(s.From)
	}
	or("ngay_mien", exempt)
	var badges []string
	for _, s := range r.Steps {
		if s.Step == person.Badge {
			badges = append(badges, vn.Thousands(s.Years)+" năm ("+dayOf(s.From)+")")
		}
	}
	or("huy_hieu", strings.Join(badges, "; "))
	names := map[org.Kind]string{}
	for _, u := range r.Path {
		names[u.Kind] = u.Name
	}
	cellName, base := names[org.Cell], names[org.Grassroots]
	or("to_chuc_tinh", typed(names[org.ProvinceCommittee]))
	or("to_chuc_co_so", typed(base))
	or("to_chuc_chi_bo", typed(cellName))
	home := ""
	if n := len(r.Path); n > 0 {
		home = r.Path[n-1].Name
	}
	or("don_vi", typed(home))
}

func dayOf(d vn.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Vietnamese()
}

// joinedMarks are the lines that gather several items.
func (r *PersonRecord) joinedMarks(or func(key, v string)) {
	join := func(mark, block string, now bool, say func(person.Fact) string) {
		var out []string
		for _, f := range r.Of(block, now) {
			out = append(out, say(f))
		}
		or(mark, strings.Join(out, "; "))
	}
	join("bang_cap", "degree", false, func(f person.Fact) string {
		return said(f, "level") + " " + words(f, "major") + " (" + f.FactContent.From.Vietnamese() + ")"
	})
	join("hoc_ham", "academic", false, func(f person.Fact) string { return said(f, "title", "field") })
	join("ngoai_ngu", "language", false, func(f person.Fact) string { return said(f, "name", "level") })
	join("doan_the", "association", true, func(f person.Fact) string {
		return said(f, "kind", "post") + " (" + f.FactContent.From.Vietnamese() + ")"
	})
	join("khen_thuong", "reward", false, func(f person.Fact) string {
		return said(f, "form", "what") + " (" + f.FactContent.From.Vietnamese() + ")"
	})
	join("danh_hieu", "honour", false, func(f person.Fact) string {
		return words(f, "title") + " (" + f.FactContent.From.Vietnamese() + ")"
	})
	join("ky_luat", "discipline", false, func(f person.Fact) string {
		return said(f, "side", "form", "why") + " (" + f.FactContent.From.Vietnamese() + ")"
	})
	join("lich_su", "history", false, func(f person.Fact) string { return words(f, "what") })
	join("nuoc_ngoai", "foreign", false, func(f person.Fact) string { return said(f, "country", "what") + " (" + span(f) + ")" })
	youth := ""
	for _, f := range r.Of("association", false) {
		if f.Values["kind"] == "youth" && youth == "" {
			youth = f.FactContent.From.Vietnamese()
		}
	}
	or("ngay_vao_doan", youth)
}

// tables are the lists of the forms; one empty line where there is nothing, to
// be filled in by pen.
func (r *PersonRecord) tables(out map[string][]docx.Data) {
	row := func(list string, kv ...string) {
		t := map[string]string{}
		for i := 0; i+1 < len(kv); i += 2 {
			t[kv[i]] = kv[i+1]
		}
		out[list] = append(out[list], docx.Data{Text: t})
	}
	for _, block := range []string{"degree", "theory", "state-management", "training"} {
		for _, f := range r.Of(block, false) {
			b, _ := person.FactBlockOf(block)
			major, paper, times := words(f, "major"), words(f, "level"), ""
			switch {
			case block == "training":
				major, paper, times = said(f, "kind", "what"), "", span(f)
			case block != "degree":
				major = b.VI
			}
			if a, z := words(f, "studied_from"), words(f, "studied_to"); a+z != "" {
				times = a + " – " + z
			} else if times == "" {
				times = f.FactContent.From.Vietnamese()
			}
			row("dao_tao", "thoi_gian", times, "truong", words(f, "school"), "nganh", major, "hinh_thuc", words(f, "form"), "van_bang", paper)
		}
	}
	for _, f := range r.Of("work", false) {
		row("cong_tac", "thoi_gian", span(f), "noi_dung", said(f, "what", "place"))
	}
	for _, p := range r.Posts {
		row("cong_tac", "thoi_gian", p.From.Vietnamese()+" – nay", "noi_dung", typed(p.Title+", "+p.OrgName))
	}
	for _, f := range r.Of("family", false) {
		row("gia_dinh", "quan_he", words(f, "tie"), "ho_ten", words(f, "name"), "nam_sinh", words(f, "born"), "thong_tin", words(f, "what"))
	}
	for list, keys := range personLists {
		if len(out[list]) == 0 {
			t := map[string]string{}
			for _, k := range keys {
				t[k] = ""
			}
			out[list] = []docx.Data{{Text: t}}
		}
	}
}

// personLists are the lists of a form with the marks of their rows.
var personLists = map[string][]string{"dao_tao": {"thoi_gian", "truong", "nganh", "hinh_thuc", "van_bang"}, "cong_tac": {"thoi_gian", "noi_dung"}, "gia_dinh": {"quan_he", "ho_ten", "nam_sinh", "thong_tin"}}
