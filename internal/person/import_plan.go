package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

// Outcome of a row of a file, before anything is recorded.
type Outcome string

// The outcomes.
const (
	RowNew     Outcome = "new"
	RowChanged Outcome = "changed"
	RowSame    Outcome = "same"
	RowReject  Outcome = "reject"
)

// CellChange is what one cell would change.
type CellChange struct{ Column, Old, New string }

// PlanRow is what one row of a file would do. At is its place in the table.
type PlanRow struct {
	At, Line int
	Outcome  Outcome
	Name     string
	Cells    []CellChange
	Why      rule.Words // of a reject
	Twins    []string   // persons of the same name and birth, in files the actor may read
	Row      ImportRow
}

// planner reads what rows are held against, once.
type planner struct {
	ctx   context.Context
	scene *desk.Scene
	home  string
	id    string
	byID  map[string]Person
	twins map[string][]Person // by folded name
	cells map[string][]string // folded name of a unit below home → ids
	rows  map[string]int      // name and birth → line in the file
	ids   map[string]int
	may   func(home string) bool
	look  *lookup

	defaults FactDefaults
	facts    map[string]map[string][]heldFact // person → block → items
}

// PlanImport says what a file would do, row by row; it writes nothing. id is
// the import's id; ids of new persons derive from it and the line. may says
// over which organisations the actor may read files: twins elsewhere are told
// without who they are. Rows that cannot be taken are rejects with their
// reason; a person of the same name and birth makes a row a reject until its id
// column says which person it is, or "mới" for another one.
func PlanImport(ctx context.Context, tx *store.Tx, lib *rule.Library, t *table.Table, columns map[string]int, home, id string, today vn.Date, may func(home string) bool) ([]PlanRow, error) {
	return PlanImportFacts(ctx, tx, lib, t, columns, FactDefaults{}, home, id, today, may)
}

// PlanImportFacts is PlanImport of a file that holds facts too.
func PlanImportFacts(ctx context.Context, tx *store.Tx, lib *rule.Library, t *table.Table, columns map[string]int, defaults FactDefaults, home, id string, today vn.Date, may func(home string) bool) ([]PlanRow, error) {
	return PlanImportTold(ctx, tx, lib, t, columns, defaults, home, id, today, may, func(int) {})
}

// PlanImportTold is PlanImportFacts that says, as it goes, how many rows of the
// file it has read.
func PlanImportTold(ctx context.Context, tx *store.Tx, lib *rule.Library, t *table.Table, columns map[string]int, defaults FactDefaults, home, id string, today vn.Date, may func(home string) bool, tell func(rows int)) ([]PlanRow, error) {
	if _, ok := columns["name"]; !ok {
		return nil, desk.Wrong("cot-name", "Hãy chọn cột họ và tên.", "Choose the column of the name.")
	}
	p := &planner{ctx: ctx, scene: &desk.Scene{Tx: tx, Today: today, Rules: lib, Head: 1 << 60}, home: home, id: id, may: may, defaults: defaults,
		byID: map[string]Person{}, twins: map[string][]Person{}, cells: map[string][]string{}, rows: map[string]int{}, ids: map[string]int{}}
	all, err := persons(ctx, tx, `SELECT `+personColumns+personTables+` WHERE `+asOf, today.String(), org.Now(today).KnownIndex())
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		p.byID[x.ID] = x
		if x.Present {
			k := vn.Fold(x.Identity.Name)
			p.twins[k] = append(p.twins[k], x)
		}
	}
	units, err := org.Tree(ctx, tx, home, org.Now(today))
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		for _, k := range []string{vn.Fold(u.Name), vn.Fold(u.ID), vn.Fold(strings.TrimPrefix(u.ID, "org/"))} {
			if !slices.Contains(p.cells[k], u.ID) {
				p.cells[k] = append(p.cells[k], u.ID)
			}
		}
	}
	if p.look, err = p.lookup(units); err != nil {
		return nil, err
	}
	if err := p.readFacts(t.Rows, columns); err != nil {
		return nil, err
	}
	out := make([]PlanRow, 0, len(t.Rows))
	for i, row := range t.Rows {
		tell(i)
		if at := slices.IndexFunc(row, func(v string) bool { return v != "" }); at >= 0 && strings.HasPrefix(row[at], StampMark) {
			continue // the stamp under an exported sheet
		}
		r := PlanRow{At: i, Line: t.Lines[i]}
		cell := map[string]string{}
		for c, at := range columns {
			if at >= 0 && at < len(row) {
				cell[c] = row[at]
			}
		}
		r.Name = cell["name"]
		r.Row.Line = r.Line
		err := p.row(&r, cell)
		var no *desk.Error
		switch {
		case errors.As(err, &no):
			r.Outcome, r.Why, r.Cells, r.Row.Facts = RowReject, no.Says, nil, nil
		case err != nil:
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// lookup reads the lives of the persons whose files the organisation keeps, and
// the lines of the units under it.
func (p *planner) lookup(units []org.Unit) (*lookup, error) {
	l := &lookup{steps: map[string][]StepFact{}}
	fs, err := stepFacts(p.ctx, p.scene.Tx, stepSelect+`WHERE entry_to = -1 AND person IN (SELECT person FROM person_person WHERE home = $1) ORDER BY person, fact`, p.home)
	if err != nil {
		return nil, err
	}
	for _, f := range fs {
		l.steps[f.Person] = append(l.steps[f.Person], f)
	}
	ids := make([]string, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	l.lines, err = org.ReadLines(p.ctx, p.scene.Tx, ids)
	return l, err
}

func (p *planner) row(r *PlanRow, cell map[string]string) error {
	for _, c := range slices.Sorted(maps.Keys(cell)) {
		if table.Formula(cell[c]) {
			return desk.Wrong(c, "Ô “"+titleOf(c).VI+"” là công thức; hãy dán giá trị.", "The cell “"+titleOf(c).EN+"” is a formula; paste its value.")
		}
	}
	id, err := p.identity(cell)
	if err != nil {
		return err
	}
	key := vn.Fold(id.Name) + "\x00" + id.Born.String()
	asked := strings.TrimSpace(cell["id"])
	other := slices.Contains([]string{"moi", "new"}, vn.Fold(asked))
	if line, dup := p.rows[key]; dup && asked == "" {
		return desk.Refuse(fmt.Sprintf("Trùng họ tên và ngày sinh với dòng %d của tệp; nếu là người khác, ghi “mới” vào cột mã.", line),
			fmt.Sprintf("Same name and birth as line %d; write “mới” in the id column if it is another person.", line))
	}
	p.rows[key] = r.Line
	if asked != "" && !other {
		if err := p.known(r, asked, id, cell); err != nil {
			return err
		}
	} else {
		if !other {
			if err := p.twin(r, id); err != nil {
				return err
			}
		}
		if id, err = checkIdentity(id, p.scene.Today); err != nil {
			return err
		}
		r.Outcome = RowNew
		r.Row.Person, r.Row.Fact, r.Row.Entry, r.Row.Write, r.Row.Identity = fmt.Sprintf("person/%s-%d", strings.ToLower(p.id), r.Line), -1, -1, true, id
		r.Cells = diff(Identity{}, id)
	}
	if err := p.member(r, cell); err != nil {
		return err
	}
	return p.factsOf(r, cell)
}

func (p *planner) identity(cell map[string]string) (Identity, error) {
	id := Identity{Name: vn.NormalizeName(cell["name"]), OtherNames: vn.NormalizeName(cell["other_names"]), Ethnicity: vn.NormalizeName(cell["ethnicity"]), Hometown: vn.NormalizeName(cell["hometown"])}
	if s := cell["born"]; s != "" {
		var err error
		if id.Born, err = vn.ReadDate(s); err != nil {
			return id, desk.Wrong("born", "Ngày sinh “"+clip(s)+"” không đọc được; hãy viết như 23/5/1971.", "The birth “"+clip(s)+"” cannot be read; write it like 23/5/1971.")
		}
	}
	switch g := vn.Fold(cell["gender"]); g {
	case "":
	case "nam", "male", "m", "ong":
		id.Gender = "male"
	case "nu", "female", "f", "ba":
		id.Gender = "female"
	default:
		return id, desk.Wrong("gender", "Giới tính “"+clip(cell["gender"])+"” phải là nam hoặc nữ.", "The gender “"+clip(cell["gender"])+"” must be nam or nữ.")
	}
	return id, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// known plans a row that names a person on record.
func (p *planner) known(r *PlanRow, asked string, id Identity, cell map[string]string) error {
	who := "person/" + strings.TrimPrefix(asked, "person/")
	x, ok := p.byID[who]
	if !ok || x.Home != p.home {
		return desk.Wrong("id", "Không có người mã “"+clip(asked)+"” trong hồ sơ tổ chức này giữ; để trống nếu là người mới.", "The files of this organisation hold no person “"+clip(asked)+"”; leave it empty for a new one.")
	}
	if line, dup := p.ids[who]; dup {
		return desk.Refuse(fmt.Sprintf("Mã này đã có ở dòng %d của tệp.", line), fmt.Sprintf("This id already stands on line %d of the file.", line))
	}
	p.ids[who] = r.Line
	if !x.Present {
		return desk.Refuse("Nội dung cá nhân của người này đã được rút khỏi hồ sơ.", "The personal content of this person was withdrawn.")
	}
	want := x.Identity
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	set(&want.Name, id.Name)
	set(&want.OtherNames, id.OtherNames)
	set(&want.Gender, id.Gender)
	set(&want.Ethnicity, id.Ethnicity)
	set(&want.Hometown, id.Hometown)
	if !id.Born.IsZero() {
		want.Born = id.Born
	}
	want, err := checkIdentity(want, p.scene.Today)
	if err != nil {
		return err
	}
	r.Row.Person, r.Row.Identity, r.Outcome = who, want, RowSame
	if r.Cells = diff(x.Identity, want); len(r.Cells) == 0 {
		return nil
	}
	if err := unlocked(p.ctx, p.scene, who); err != nil {
		return err
	}
	said, err := standing(p.ctx, p.scene.Tx, who)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(said, func(w wording) bool { return w.What == Recorded && !w.Withdrawn && w.content == x.Content })
	if at < 0 {
		return desk.Refuse("Không tìm thấy điều đã ghi để đính chính.", "The statement to correct was not found.")
	}
	r.Outcome = RowChanged
	r.Row.Fact, r.Row.Entry, r.Row.From, r.Row.Write = said[at].Fact, said[at].Entry, said[at].From, true
	return nil
}

// twin refuses a row whose person may be on record already.
func (p *planner) twin(r *PlanRow, id Identity) error {
	n := 0
	for _, x := range p.twins[vn.Fold(id.Name)] {
		if c, known := x.Identity.Born.Order(id.Born); known && c != 0 {
			continue
		}
		n++
		if x.Home == p.home || p.may(x.Home) {
			r.Twins = append(r.Twins, x.ID)
		}
	}
	if n == 0 {
		return nil
	}
	return desk.Refuse("Có thể trùng người đã có hồ sơ (cùng họ tên, ngày sinh không khác). Ghi mã người vào cột mã để cập nhật, hoặc ghi “mới” nếu là người khác.",
		"This may be a person on record (same name, no different birth). Write the id to update, or “mới” for another person.")
}

// diff lists the fields in which two identities differ, as people write them.
func diff(a, b Identity) []CellChange {
	var out []CellChange
	gender := map[string]string{"male": "nam", "female": "nữ"}
	for _, c := range []CellChange{{"name", a.Name, b.Name}, {"other_names", a.OtherNames, b.OtherNames}, {"born", a.Born.Vietnamese(), b.Born.Vietnamese()},
		{"gender", gender[a.Gender], gender[b.Gender]}, {"ethnicity", a.Ethnicity, b.Ethnicity}, {"hometown", a.Hometown, b.Hometown}} {
		if c.Old != c.New {
			out = append(out, c)
		}
	}
	return out
}

// PlanJSON keeps a confirmed plan: the rows that are to be recorded.
func PlanJSON(rows []PlanRow) (string, error) {
	keep := []ImportRow{}
	for _, r := range rows {
		if r.Outcome == RowNew || r.Outcome == RowChanged {
			keep = append(keep, r.Row)
		}
	}
	b, err := json.Marshal(keep)
	return string(b), err
}
