package document

import (
	"context"
	"fmt"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// about is what the papers say of one person, as the registry had it.
type about struct {
	name, born, ethnicity, hometown string
	woman, sexed                    bool
	admitted, official              string // Party dates
	posts                           string // present posts with their bodies
	studied                         string // degrees and political theory
}

func (w *caseWriter) person(id string) (about, error) {
	return aboutPerson(w.ctx, w.tx, id, org.Now(w.asOf()))
}

// aboutPerson gathers it at a pair of times.
func aboutPerson(ctx context.Context, tx *store.Tx, id string, at org.At) (about, error) {
	a := about{name: id}
	p, ok, err := person.Get(ctx, tx, id, at)
	if err != nil {
		return a, err
	}
	if ok && p.Present {
		i := p.Identity
		a.name, a.born, a.ethnicity, a.hometown = typed(i.Name), i.Born.Vietnamese(), typed(i.Ethnicity), typed(i.Hometown)
		a.woman, a.sexed = i.Gender == "female", i.Gender != ""
	}
	posts, err := person.Posts(ctx, tx, id, at)
	if err != nil {
		return a, err
	}
	var words []string
	for _, x := range posts {
		u, _, err := org.Get(ctx, tx, x.Org, at)
		if err != nil {
			return a, err
		}
		t, _ := person.TitleOf(x.Title)
		words = append(words, t.VI+", "+typed(u.Name))
	}
	a.posts = strings.Join(words, "; ")
	steps, err := person.StepsOf(ctx, tx, id)
	if err != nil {
		return a, err
	}
	decided, sworn, official := person.PartyDates(steps)
	if a.official = day(official); sworn.IsZero() {
		sworn = decided // of old members often only the decision is known
	}
	a.admitted = day(sworn)
	a.studied, err = studied(ctx, tx, id, at)
	return a, err
}

// extract are the cells of one row of a short list that the record fills: the
// columns of trich_ngang before those of a case.
func (a about) extract(n int) []string {
	row := []string{fmt.Sprint(n), a.name, "", "", a.ethnicity, a.hometown, strings.Trim(a.admitted+"\n"+a.official, "\n"), a.studied, a.posts}
	if a.sexed && a.woman {
		row[3] = a.born
	} else {
		row[2] = a.born
	}
	return row
}

// asOf is the day persons are spoken of: that of the submission, so that a
// paper made again later does not call somebody by the post the case gave.
func (w *caseWriter) asOf() vn.Date {
	if s := w.st.SubmittedAt; s != nil && s.Body.On.Before(w.Made) {
		return s.Body.On
	}
	return w.Made
}

// studied are degrees and political theory of a person, by the code lists.
func studied(ctx context.Context, tx *store.Tx, id string, at org.At) (string, error) {
	facts, err := person.Facts(ctx, tx, id, at)
	if err != nil {
		return "", err
	}
	var out []string
	for _, f := range facts {
		if !f.Present || f.Block != "degree" && f.Block != "theory" {
			continue
		}
		s := ""
		if b, ok := person.FactBlockOf(f.Block); ok {
			if field, ok := b.Field("level"); ok {
				s = field.Words(f.Values["level"], "vi")
			}
		}
		if f.Block == "theory" {
			s = "Lý luận chính trị: " + s
		} else if m := f.Values["major"]; m != "" {
			s += " " + m
		}
		out = append(out, typed(s))
	}
	return strings.Join(out, "; "), nil
}

func day(d vn.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Vietnamese()
}

// life is a person in sentences, what is not on record left open.
func (w *caseWriter) life(id string) ([]string, error) {
	a, err := w.person(id)
	if err != nil {
		return nil, err
	}
	or := func(s string) string {
		if s == "" {
			return "(chưa có trong hồ sơ)"
		}
		return s
	}
	sex := "(chưa có trong hồ sơ)"
	if a.sexed {
		sex = map[bool]string{true: "nữ", false: "nam"}[a.woman]
	}
	return []string{
		"Họ và tên: " + a.name + ". Sinh: " + or(a.born) + ". Giới tính: " + sex + ". Dân tộc: " + or(a.ethnicity) + ". Quê quán: " + or(a.hometown) + ".",
		"Ngày vào Đảng: " + or(a.admitted) + ". Ngày chính thức: " + or(a.official) + ".",
		"Chức vụ, đơn vị công tác hiện nay: " + or(a.posts) + ".",
	}, nil
}

var lineWords = map[string]string{procedure.Met: "đạt", procedure.NotMet: "không đạt", procedure.Unknown: "chưa ghi", procedure.Excepted: "ngoại lệ", procedure.Undecided: "chưa xác định", procedure.NotAskedFor: "không yêu cầu"}

// conditions is the sheet of standards and conditions of a person.
func (w *caseWriter) conditions(head, id string) error {
	p := w.st.Person(id)
	if p == nil {
		return nil
	}
	known, err := procedure.FromRegistry(w.ctx, w.tx, id, w.asOf())
	if err != nil {
		return err
	}
	var rows [][]string
	for i := range w.st.Def.Conditions {
		k := &w.st.Def.Conditions[i]
		if k.Level != "" && k.Level != w.st.Level {
			continue
		}
		l := procedure.Line{Condition: k.ID, State: procedure.Unknown}
		for _, x := range p.Lines {
			if x.Condition == k.ID {
				l = x
			}
		}
		fact, ground := "", k.Article
		if l.Verdict != nil {
			fact = typed(l.Verdict.Says.VI)
			ground = l.Verdict.Article + ", " + l.Verdict.Document
		}
		if k.Rule != "" && l.Verdict == nil && l.State == procedure.Met {
			fact = "không có kỷ luật"
		}
		if l.Paper.Number != "" {
			ground = docWords(l.Paper)
			if fact == "" {
				fact = "theo giấy tờ"
			}
		}
		if !l.Expires.IsZero() {
			ground += ", hết hạn " + l.Expires.Vietnamese()
		}
		for _, f := range known.Of(k) {
			fact, ground = strings.Trim(fact+"\n"+registryFact(f), "\n"), ground+fmt.Sprintf("\nHồ sơ cán bộ, mục %d", f.Content)
		}
		rows = append(rows, []string{fmt.Sprint(len(rows) + 1), typed(k.Title.VI), fact, ground, lineWords[l.State]})
	}
	w.table(head, "dieu_kien", rows)
	return nil
}

// registryFact is a fact of the registry in one line.
func registryFact(f person.Fact) string {
	b, ok := person.FactBlockOf(f.Block)
	if !ok {
		return ""
	}
	s := b.VI
	for _, key := range []string{"side", "form", "kind", "class"} {
		if field, ok := b.Field(key); ok && f.Values[key] != "" {
			s += ", " + field.Words(f.Values[key], "vi")
		}
	}
	return typed(s + ", " + day(f.From))
}
