package org

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Found records that an organisation was, or will be, founded. ID is made with
// the form ("org/" + desk.NewID()) and must be new; Parent "" makes a root.
type Found struct {
	ID       string
	Title    string // its name, "Đảng ủy xã Đắk Wil"
	Kind     Kind
	Parent   string
	From     vn.Date
	Decision Decision
}

// Rename records a change of name from a day on.
type Rename struct {
	Org      string
	Title    string // the new name
	From     vn.Date
	Decision Decision
}

// Move records that a unit stands under another parent from a day on; parent
// "" makes it a root. It touches two subtrees, so it needs the right over the
// whole province.
type Move struct {
	Org      string
	Parent   string
	From     vn.Date
	Decision Decision
}

// Dissolve records that a unit no longer exists from a day on; Successors took
// over its work, if any. Units still under it become open findings.
type Dissolve struct {
	Org        string
	From       vn.Date
	Successors []string
	Decision   Decision
}

// Correct says that a statement was recorded wrongly and how it really reads,
// in full; with Withdraw, that it should not stand at all (a decision taken
// back before its day, an entry for the wrong unit). What was known before
// stays visible under earlier entries. Corrections can move a unit, so they
// need the right over the whole province.
type Correct struct {
	Org        string
	Fact       int64 // Statement.Fact
	Withdraw   bool
	From       vn.Date
	Title      string
	Kind       Kind
	Parent     string
	Successors []string
	Decision   Decision
	Reason     string // kept beside the tree, block "reason"
}

// Name, Subject and Need make the acts of this room desk acts.
func (a Found) Name() string { return "org.found" }

// Subject is the new unit.
func (a Found) Subject() string { return a.ID }

// Need asks for the right over the parent; a root needs the whole province.
func (a Found) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Parent} }

// Decide refuses a known id, an unknown parent, a circle.
func (a Found) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	known, err := Known(ctx, s.Tx, a.ID)
	if err != nil {
		return nil, err
	}
	if known {
		return nil, desk.Wrong("id", "Mã tổ chức này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again.")
	}
	return decide(ctx, s, kindFounded, body{Org: a.ID, Name: a.Title, Kind: a.Kind, Parent: a.Parent, From: a.From, Decision: a.Decision}, Founded)
}

// Name is the act's name.
func (a Rename) Name() string { return "org.rename" }

// Subject is the unit.
func (a Rename) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Rename) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a day outside the unit's life and a second name for one day.
func (a Rename) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return decide(ctx, s, kindRenamed, body{Org: a.Org, Name: a.Title, From: a.From, Decision: a.Decision}, Renamed)
}

// Name is the act's name.
func (a Move) Name() string { return "org.move" }

// Subject is the unit.
func (a Move) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a Move) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses an unknown parent, two parents on one day, a circle on any day.
func (a Move) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return decide(ctx, s, kindMoved, body{Org: a.Org, Parent: a.Parent, From: a.From, Decision: a.Decision}, Moved)
}

// Name is the act's name.
func (a Dissolve) Name() string { return "org.dissolve" }

// Subject is the unit.
func (a Dissolve) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Dissolve) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a second dissolution, or one that cuts off later statements.
func (a Dissolve) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return decide(ctx, s, kindDissolved, body{Org: a.Org, From: a.From, Successors: a.Successors, Decision: a.Decision}, Dissolved)
}

// Name is the act's name.
func (a Correct) Name() string { return "org.correct" }

// Subject is the unit.
func (a Correct) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a Correct) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks the corrected statements like new ones.
func (a Correct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	said, err := standing(ctx, s.Tx, a.Org)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(st Statement) bool { return st.Fact == a.Fact })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if strings.TrimSpace(a.Reason) == "" || utf8.RuneCountInString(a.Reason) > 2000 {
		return nil, desk.Wrong("reason", "Cần ghi lý do đính chính, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	old := said[at]
	b := body{Org: a.Org, Fact: &old.Fact, Withdrawn: a.Withdraw}
	if !a.Withdraw {
		b.From, b.Decision = a.From, a.Decision
		switch old.What {
		case Founded:
			b.Name, b.Kind, b.Parent = vn.NormalizeName(a.Title), a.Kind, a.Parent
		case Renamed:
			b.Name = vn.NormalizeName(a.Title)
		case Moved:
			b.Parent = a.Parent
		case Dissolved:
			b.Successors = a.Successors
		}
	}
	st := Statement{Fact: old.Fact, What: old.What, Org: a.Org, From: b.From, Name: b.Name, Kind: b.Kind, Parent: b.Parent, Successors: b.Successors, Withdrawn: a.Withdraw}
	if !a.Withdraw {
		if err := wellFormed(ctx, s, st); err != nil {
			return nil, err
		}
	}
	after := slices.Clone(said)
	after[at] = st
	if err := consistent(ctx, s, a.Org, said, after); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCorrected, Subjects: []string{a.Org}, Body: b,
		Blocks: []desk.DraftBlock{{Name: "reason", Content: map[string]string{"reason": strings.TrimSpace(a.Reason)}}}}}, nil
}

// decide checks one more statement about a unit and makes its entry.
func decide(ctx context.Context, s *desk.Scene, kind string, b body, what What) ([]desk.Draft, error) {
	said, err := standing(ctx, s.Tx, b.Org)
	if err != nil {
		return nil, err
	}
	if what != Founded && len(said) == 0 {
		return nil, desk.Missing("Không có tổ chức này trong hồ sơ.", "There is no such organisation on record.")
	}
	b.Name = vn.NormalizeName(b.Name)
	st := Statement{Fact: s.Head + 1, Entry: s.Head + 1, What: what, Org: b.Org, From: b.From, Name: b.Name, Kind: b.Kind, Parent: b.Parent, Successors: b.Successors}
	after := append(append([]Statement{}, said...), st)
	if err := wellFormed(ctx, s, st); err != nil {
		return nil, err
	}
	if err := consistent(ctx, s, b.Org, said, after); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kind, Subjects: []string{b.Org}, Body: b}}, nil
}

// wellFormed checks a statement by itself.
func wellFormed(ctx context.Context, s *desk.Scene, st Statement) error {
	if !ValidID(st.Org) {
		return desk.Wrong("id", "Mã tổ chức không hợp lệ.", "The id of the organisation is not valid.")
	}
	if st.From.IsZero() || st.From.Year < 1900 || st.From.Year > 2200 {
		return desk.Wrong("from", "Cần ngày có hiệu lực, từ năm 1900 đến năm 2200.", "An effective date between 1900 and 2200 is needed.")
	}
	if st.What == Founded || st.What == Renamed {
		if st.Name == "" || utf8.RuneCountInString(st.Name) > 300 {
			return desk.Wrong("name", "Cần tên tổ chức, không quá 300 chữ.", "A name of at most 300 letters is needed.")
		}
	}
	if st.What == Founded && !knownKind(st.Kind) {
		return desk.Wrong("kind", "Cần chọn loại tổ chức trong danh mục.", "Choose the kind of organisation from the list.")
	}
	if st.What == Dissolved {
		for _, id := range st.Successors {
			known, err := Known(ctx, s.Tx, id)
			if err != nil {
				return err
			}
			if !known || id == st.Org {
				return desk.Wrong("successors", "Tổ chức kế thừa không có trong hồ sơ.", "A successor is not on record.")
			}
		}
	}
	return nil
}

// consistent checks what a unit's statements say together, over every day the
// new or corrected statement affects.
func consistent(ctx context.Context, s *desk.Scene, id string, before, after []Statement) error {
	var start, end vn.Date
	for _, st := range after {
		switch {
		case st.Withdrawn:
		case st.What == Founded:
			start = st.From
		case st.What == Dissolved && !end.IsZero():
			return desk.Refuse("Tổ chức này đã có quyết định giải thể từ ngày "+end.Vietnamese()+"; hãy đính chính quyết định ấy.",
				"This organisation is already dissolved from "+end.String()+"; correct that statement instead.")
		case st.What == Dissolved:
			end = st.From
		}
	}
	names, parents := map[vn.Date]bool{}, map[vn.Date]bool{}
	for _, st := range after {
		if st.Withdrawn {
			continue
		}
		if start.IsZero() {
			return desk.Refuse("Không thể rút việc thành lập khi còn thay đổi khác của tổ chức; hãy rút các thay đổi ấy trước.",
				"The founding cannot be withdrawn while other statements about the unit stand; withdraw those first.")
		}
		if st.From.Before(start) || st.What != Founded && !end.IsZero() && st.What != Dissolved && !st.From.Before(end) {
			return desk.Refuse("Ngày "+st.From.Vietnamese()+" nằm ngoài thời gian tồn tại của tổ chức (từ "+start.Vietnamese()+untilVI(end)+").",
				st.From.String()+" lies outside the life of the organisation (from "+start.String()+untilEN(end)+").")
		}
		if st.What == Dissolved && !start.Before(st.From) {
			return desk.Refuse("Ngày giải thể phải sau ngày thành lập "+start.Vietnamese()+".", "Dissolution must come after the founding on "+start.String()+".")
		}
		if st.What == Founded || st.What == Renamed {
			if names[st.From] {
				return desk.Refuse("Ngày "+st.From.Vietnamese()+" đã có một tên được ghi; hãy đính chính tên ấy.",
					"A name is already recorded from "+st.From.String()+"; correct that statement instead.")
			}
			names[st.From] = true
		}
		if st.What == Founded || st.What == Moved {
			if parents[st.From] {
				return desk.Refuse("Một tổ chức không thể có hai cấp trên: từ ngày "+st.From.Vietnamese()+" đã ghi một cấp trên; hãy đính chính.",
					"A unit cannot have two parents: one is already recorded from "+st.From.String()+"; correct that statement instead.")
			}
			parents[st.From] = true
		}
	}
	old := derive(before)
	for _, v := range derive(after) {
		unchanged := false
		for _, o := range old {
			unchanged = unchanged || o.parent == v.parent && !v.from.Before(o.from) && (o.to.IsZero() || !v.to.IsZero() && !o.to.Before(v.to))
		}
		if unchanged || v.parent == "" {
			continue
		}
		if err := parentHolds(ctx, s, id, v); err != nil {
			return err
		}
	}
	return nil
}

func parentHolds(ctx context.Context, s *desk.Scene, id string, v version) error {
	if v.parent == id {
		return desk.Refuse("Tổ chức không thể là cấp trên của chính mình.", "A unit cannot be its own parent.")
	}
	vs, err := Versions(ctx, s.Tx, v.parent, -1)
	if err != nil {
		return err
	}
	exists := false
	for _, p := range vs {
		exists = exists || !v.from.Before(p.From) && (p.To.IsZero() || v.from.Before(p.To))
	}
	if !exists {
		return desk.Refuse("Cấp trên không có trong hồ sơ hoặc không tồn tại vào ngày "+v.from.Vietnamese()+".",
			"The parent is not on record or does not exist on "+v.from.String()+".")
	}
	day, found, err := cycle(ctx, s, id, v.parent, v.from, v.to, 0)
	if err != nil {
		return err
	}
	if found {
		return desk.Refuse("Thành vòng: từ ngày "+day.Vietnamese()+" cấp trên này lại trực thuộc chính tổ chức đang ghi.",
			"A circle: from "+day.String()+" that parent stands under this very unit.")
	}
	return nil
}

// cycle looks for a day in [from, to) on which going up from at reaches id.
func cycle(ctx context.Context, s *desk.Scene, id, at string, from, to vn.Date, depth int) (vn.Date, bool, error) {
	if at == id || depth > maxDepth {
		return from, true, nil
	}
	vs, err := Versions(ctx, s.Tx, at, -1)
	if err != nil {
		return vn.Date{}, false, err
	}
	for _, p := range vs {
		f, t, ok := vn.Overlap(from, to, p.From, p.To)
		if !ok || p.Parent == "" {
			continue
		}
		day, found, err := cycle(ctx, s, id, p.Parent, f, t, depth+1)
		if err != nil || found {
			return day, found, err
		}
	}
	return vn.Date{}, false, nil
}

func untilVI(end vn.Date) string {
	if end.IsZero() {
		return ""
	}
	return " đến trước " + end.Vietnamese()
}

func untilEN(end vn.Date) string {
	if end.IsZero() {
		return ""
	}
	return " until " + end.String()
}
