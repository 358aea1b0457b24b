package web

import (
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// typedNames ties names typed or pasted into a list to the persons they are: to
// those summoned to the meeting that votes, else to the registry. So the list
// of a congress is pasted once, and who is elected can be summoned to the first
// meeting of the committee.
type typedNames struct {
	c      *Call
	tx     *store.Tx
	at     org.At
	called []person.Person // summoned, as far as the reader may read them
}

// typedNames reads those summoned to a meeting (nil: none) as of a day.
func (c *Call) typedNames(tx *store.Tx, m *meeting.State, on vn.Date) (*typedNames, error) {
	t := &typedNames{c: c, tx: tx, at: org.Now(on)}
	if m == nil {
		return t, nil
	}
	var ids []string
	for _, p := range m.People {
		ids = append(ids, p.Person)
	}
	known, err := person.ByID(c.Ctx(), tx, ids, t.at)
	for _, id := range ids {
		if p, ok := known[id]; ok && p.Present && c.May(tx, desk.Need{Right: desk.ReadPerson, Org: p.Home}) {
			t.called = append(t.called, p)
		}
	}
	return t, err
}

// nameLine is one line of a typed list: name; birth.
type nameLine struct {
	N    int // of the line, from 1
	Name string
	Born vn.PartialDate
}

// nameLines reads a typed list, one person a line; empty lines are passed over.
func nameLines(f *Form, field string) (out []nameLine, err error) {
	for i, line := range strings.Split(f.Value(field), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, born, _ := strings.Cut(strings.ReplaceAll(line, "\t", ";"), ";")
		x := nameLine{N: i + 1, Name: strings.TrimSpace(name)}
		if born = strings.TrimSpace(born); born != "" {
			if x.Born, err = vn.ReadDate(born); err != nil {
				return nil, desk.Wrong(field, fmt.Sprintf("Dòng %d: chưa đọc được ngày sinh “%s”; ghi năm (1975) hoặc ngày/tháng/năm.", i+1, clip(born)),
					fmt.Sprintf("Line %d: the birth “%s” cannot be read; give a year (1975) or day/month/year.", i+1, clip(born)))
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// find is the one person of a name and birth; ok is false where nobody fits.
// Where several fit the line must say which one. Beyond those summoned a name
// alone ties nobody: the birth must be given and fit.
func (t *typedNames) find(field string, line int, name string, born vn.PartialDate) (p person.Person, ok bool, err error) {
	fits := func(p person.Person) bool {
		if !p.Present || !vn.SameName(p.Identity.Name, name) {
			return false
		}
		known := p.Identity.Born
		return born.IsZero() || known.IsZero() || !known.Last().Before(born.First()) && !born.Last().Before(known.First())
	}
	found := slices.DeleteFunc(slices.Clone(t.called), func(p person.Person) bool { return !fits(p) })
	if len(found) == 0 && !born.IsZero() {
		all, err := person.Search(t.c.Ctx(), t.tx, name, t.at, 200)
		if err != nil {
			return p, false, err
		}
		for _, p := range all {
			if !p.Identity.Born.IsZero() && fits(p) && t.c.May(t.tx, desk.Need{Right: desk.ReadPerson, Org: p.Home}) {
				found = append(found, p)
			}
		}
	}
	switch len(found) {
	case 0:
		return p, false, nil
	case 1:
		return found[0], true, nil
	}
	var which []string
	for i, p := range found {
		if i < 5 {
			which = append(which, p.Identity.Born.Vietnamese())
		}
	}
	return p, false, desk.Wrong(field, fmt.Sprintf("Dòng %d: có %d người tên “%s” (sinh %s). Ghi thêm ngày sinh sau dấu chấm phẩy, hoặc tìm và đánh dấu đúng người.", line, len(found), clip(name), strings.Join(which, "; ")),
		fmt.Sprintf("Line %d: %d persons are named “%s” (born %s). Add the birth behind a semicolon, or search and tick the right one.", line, len(found), clip(name), strings.Join(which, "; ")))
}
