package org

import (
	"context"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// ground is what the statements of one act stand on: the record, and what the
// act itself has said so far. One act may found a unit and name it successor of
// two others; each statement is checked against those before it.
type ground struct {
	ctx    context.Context
	s      *desk.Scene
	said   map[string][]Statement
	taken  map[string][]CodeUse // uses of a code looked up or claimed by this act
	whole  bool                 // every unit's statements are in said already
	drafts []desk.Draft
}

func newGround(ctx context.Context, s *desk.Scene) *ground {
	return &ground{ctx: ctx, s: s, said: map[string][]Statement{}, taken: map[string][]CodeUse{}}
}

// standing is what stands about a unit, this act's own statements included.
func (g *ground) standing(id string) ([]Statement, error) {
	if said, ok := g.said[id]; ok || g.whole {
		return said, nil
	}
	said, err := standing(g.ctx, g.s.Tx, id)
	if err == nil {
		g.said[id] = said
	}
	return said, err
}

func (g *ground) known(id string) (bool, error) {
	said, err := g.standing(id)
	if err != nil || len(said) > 0 {
		return err == nil, err
	}
	return Known(g.ctx, g.s.Tx, id)
}

func (g *ground) versions(id string) ([]version, error) {
	said, err := g.standing(id)
	return derive(said), err
}

// existsOn says whether a unit exists on a day.
func (g *ground) existsOn(id string, on vn.Date) (bool, error) {
	vs, err := g.versions(id)
	for _, v := range vs {
		if !on.Before(v.from) && (v.to.IsZero() || on.Before(v.to)) {
			return true, nil
		}
	}
	return false, err
}

// next is the entry that the next draft will become.
func (g *ground) next() int64 { return g.s.Head + 1 + int64(len(g.drafts)) }

// found says a founding, with the details that hold from its first day.
func (g *ground) found(a Found) error {
	known, err := g.known(a.ID)
	if err != nil {
		return err
	}
	if known {
		return desk.Wrong("id", "Mã tổ chức này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again.")
	}
	kind := kindFounded
	b := body{Org: a.ID, Name: a.Title, Kind: a.Kind, Parent: a.Parent, From: a.From, Decision: a.Decision}
	for _, d := range a.Details {
		if d.Value == "" {
			continue
		}
		kind = kindFoundedWith
		if d, err = g.detail(a.ID, d, a.From, nil); err != nil {
			return err
		}
		b.Details = append(b.Details, d)
	}
	return g.say(kind, b, Founded)
}

// say checks one more statement about a unit and makes its draft.
func (g *ground) say(kind string, b body, what What) error {
	said, err := g.standing(b.Org)
	if err != nil {
		return err
	}
	if what != Founded && len(said) == 0 {
		return desk.Missing("Không có tổ chức này trong hồ sơ.", "There is no such organisation on record.")
	}
	b.Name = vn.NormalizeName(b.Name)
	if err := checkDecision(b.Decision); err != nil {
		return err
	}
	st := Statement{Fact: g.next(), Entry: g.next(), What: what, Org: b.Org, From: b.From, Name: b.Name, Kind: b.Kind, Parent: b.Parent, Successors: b.Successors}
	after := append(append([]Statement{}, said...), st)
	if err := g.wellFormed(st); err != nil {
		return err
	}
	if err := g.consistent(b.Org, said, after); err != nil {
		return err
	}
	g.said[b.Org] = after
	g.drafts = append(g.drafts, desk.Draft{Kind: kind, Subjects: []string{b.Org}, Body: b, Blocks: signed(b.Decision)})
	return nil
}

// checkDecision bounds what people type about the paper.
func checkDecision(d Decision) error {
	for field, v := range map[string]string{"number": d.Number, "by": d.By, "basis": d.Basis, "signer": d.Signer} {
		if utf8.RuneCountInString(v) > 300 {
			return desk.Wrong(field, "Nội dung quá 300 chữ.", "This is longer than 300 letters.")
		}
	}
	return nil
}

// signed is the block with who signed a decision; none when that is unknown.
func signed(d Decision) []desk.DraftBlock {
	name := vn.NormalizeName(d.Signer)
	if name == "" {
		return nil
	}
	return []desk.DraftBlock{{Name: "signer", Content: map[string]string{"signer": name}}}
}

func reasonBlock(reason string) desk.DraftBlock {
	return desk.DraftBlock{Name: "reason", Content: map[string]string{"reason": strings.TrimSpace(reason)}}
}

func checkReason(reason string) error {
	if strings.TrimSpace(reason) == "" || utf8.RuneCountInString(reason) > 2000 {
		return desk.Wrong("reason", "Cần ghi lý do đính chính, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	return nil
}

// wellFormed checks a statement by itself.
func (g *ground) wellFormed(st Statement) error {
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
	if (st.What == Founded || st.What == Reclassified) && !knownKind(st.Kind) {
		return desk.Wrong("kind", "Cần chọn loại tổ chức trong danh mục.", "Choose the kind of organisation from the list.")
	}
	if st.What == Dissolved {
		for _, id := range st.Successors {
			known, err := g.known(id)
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
func (g *ground) consistent(id string, before, after []Statement) error {
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
	names, parents, sorts := map[vn.Date]bool{}, map[vn.Date]bool{}, map[vn.Date]bool{}
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
		if st.What == Founded || st.What == Reclassified {
			if sorts[st.From] {
				return desk.Refuse("Ngày "+st.From.Vietnamese()+" đã ghi một loại hình; hãy đính chính.",
					"A kind is already recorded from "+st.From.String()+"; correct that statement instead.")
			}
			sorts[st.From] = true
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
		if err := g.parentHolds(id, v); err != nil {
			return err
		}
	}
	return nil
}

func (g *ground) parentHolds(id string, v version) error {
	if v.parent == id {
		return desk.Refuse("Tổ chức không thể là cấp trên của chính mình.", "A unit cannot be its own parent.")
	}
	exists, err := g.existsOn(v.parent, v.from)
	if err != nil {
		return err
	}
	if !exists {
		return desk.Refuse("Cấp trên không có trong hồ sơ hoặc không tồn tại vào ngày "+v.from.Vietnamese()+".",
			"The parent is not on record or does not exist on "+v.from.String()+".")
	}
	day, found, err := g.cycle(id, v.parent, v.from, v.to, 0)
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
func (g *ground) cycle(id, at string, from, to vn.Date, depth int) (vn.Date, bool, error) {
	if at == id || depth > maxDepth {
		return from, true, nil
	}
	vs, err := g.versions(at)
	if err != nil {
		return vn.Date{}, false, err
	}
	for _, p := range vs {
		f, t, ok := vn.Overlap(from, to, p.from, p.to)
		if !ok || p.parent == "" {
			continue
		}
		day, found, err := g.cycle(id, p.parent, f, t, depth+1)
		if err != nil || found {
			return day, found, err
		}
	}
	return vn.Date{}, false, nil
}
