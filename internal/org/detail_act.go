package org

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// SetDetail records what an organisation has from a day on.
type SetDetail struct {
	Org      string
	Detail   Detail
	From     vn.Date
	Decision Decision
}

// CorrectDetail says that a detail was recorded wrongly and how it really
// reads; with Withdraw, that it should not stand at all.
type CorrectDetail struct {
	Org      string
	Fact     int64
	Withdraw bool
	Detail   Detail // its key says which detail of the entry
	From     vn.Date
	Reason   string
	Decision Decision
}

// Reclassify records that a unit is of another kind, or of another level, from
// a day on: a grassroots cell grows into a party body. Empty parts stay.
type Reclassify struct {
	Org      string
	Kind     Kind
	Level    string
	From     vn.Date
	Decision Decision
}

// Name is the act's name.
func (a SetDetail) Name() string { return "org.set-detail" }

// Subject is the unit.
func (a SetDetail) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a SetDetail) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a value of another form, a day outside the unit's life, a
// code that another unit has on some day of the whole span.
func (a SetDetail) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.setDetail(a.Org, a.Detail, a.From, a.Decision)
	return g.drafts, err
}

// Name is the act's name.
func (a CorrectDetail) Name() string { return "org.correct-detail" }

// Subject is the unit.
func (a CorrectDetail) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a CorrectDetail) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide checks the corrected detail like a new one.
func (a CorrectDetail) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	said, err := detailsOf(ctx, s.Tx, a.Org)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(d DetailFact) bool { return d.Fact == a.Fact && d.Key == a.Detail.Key })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	if err := checkDecision(a.Decision); err != nil {
		return nil, err
	}
	b := body{Org: a.Org, Fact: &said[at].Fact, Withdrawn: a.Withdraw, Details: []Detail{{Key: a.Detail.Key}}}
	if !a.Withdraw {
		d, err := g.detail(a.Org, a.Detail, a.From, &said[at])
		if err != nil {
			return nil, err
		}
		b.Details, b.From, b.Decision = []Detail{d}, a.From, a.Decision
	}
	return []desk.Draft{{Kind: kindDetailCorrected, Subjects: []string{a.Org}, Body: b, Blocks: append(signed(a.Decision), reasonBlock(a.Reason))}}, nil
}

// Name is the act's name.
func (a Reclassify) Name() string { return "org.reclassify" }

// Subject is the unit.
func (a Reclassify) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Reclassify) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses an unknown kind or level, and an act that says neither.
func (a Reclassify) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	if a.Kind == "" && a.Level == "" {
		return nil, desk.Wrong("kind", "Hãy chọn loại tổ chức mới hoặc cấp mới.", "Choose the new kind or the new level.")
	}
	if a.Kind != "" {
		if err := g.say(kindReclassified, body{Org: a.Org, Kind: a.Kind, From: a.From, Decision: a.Decision}, Reclassified); err != nil {
			return nil, err
		}
	}
	if a.Level != "" {
		if err := g.setDetail(a.Org, Detail{Level, a.Level}, a.From, a.Decision); err != nil {
			return nil, err
		}
	}
	return g.drafts, nil
}

func (g *ground) setDetail(id string, d Detail, from vn.Date, decision Decision) error {
	known, err := g.known(id)
	if err != nil {
		return err
	}
	if !known {
		return desk.Missing("Không có tổ chức này trong hồ sơ.", "There is no such organisation on record.")
	}
	if err := checkDecision(decision); err != nil {
		return err
	}
	if d, err = g.detail(id, d, from, nil); err != nil {
		return err
	}
	exists, err := g.existsOn(id, from)
	if err != nil {
		return err
	}
	if !exists {
		return desk.Refuse("Tổ chức không tồn tại vào ngày "+from.Vietnamese()+".", "The organisation does not exist on "+from.String()+".")
	}
	g.drafts = append(g.drafts, desk.Draft{Kind: kindDetailed, Subjects: []string{id},
		Body: body{Org: id, From: from, Details: []Detail{d}, Decision: decision}, Blocks: signed(decision)})
	return nil
}

var (
	partyCodeForm = regexp.MustCompile(`^\d{2}\.\d{3}\.\d{3}\.\d{3}\.\d{3}$`)
	codeForm      = regexp.MustCompile(`^[0-9A-Za-zĐđ./-]{1,40}$`)
)

// detail checks a value by itself and, for codes, against every other unit on
// every day from its first one to the next value of this unit.
func (g *ground) detail(id string, d Detail, from vn.Date, old *DetailFact) (Detail, error) {
	d.Value = strings.TrimSpace(d.Value)
	if from.IsZero() || from.Year < 1900 || from.Year > 2200 {
		return d, desk.Wrong("from", "Cần ngày có hiệu lực, từ năm 1900 đến năm 2200.", "An effective date between 1900 and 2200 is needed.")
	}
	name := DetailName{Key: d.Key, VI: "Vị trí việc làm", EN: "Job positions"}
	if at := slices.IndexFunc(detailNames, func(n DetailName) bool { return n.Key == d.Key }); at >= 0 {
		name = detailNames[at]
	} else if !positionForm.MatchString(d.Key) {
		return d, desk.Wrong("detail", "Cần chọn mục trong danh mục.", "Choose the detail from the list.")
	}
	if utf8.RuneCountInString(d.Value) > 300 {
		return d, desk.Wrong("value", "Nội dung quá 300 chữ.", "This is longer than 300 letters.")
	}
	said, err := g.details(id)
	if err != nil {
		return d, err
	}
	for _, f := range said {
		if f.Key == d.Key && f.From == from && !f.Withdrawn && (old == nil || f.Fact != old.Fact) {
			return d, desk.Refuse("Ngày "+from.Vietnamese()+" đã ghi mục “"+name.VI+"”; hãy đính chính mục ấy.",
				"“"+name.EN+"” is already recorded from "+from.String()+"; correct that statement instead.")
		}
	}
	if d.Value == "" {
		return d, nil
	}
	if Counted(d.Key) {
		n, err := vn.ReadCount(d.Value)
		if err != nil || n > 1_000_000 {
			return d, desk.Wrong("value", "Cần một số nguyên không quá 1.000.000.", "A whole number of at most 1,000,000 is needed.")
		}
		d.Value = strconv.FormatInt(n, 10)
		return d, nil
	}
	switch {
	case len(name.Choices) > 0:
		if !slices.ContainsFunc(name.Choices, func(c DetailChoice) bool { return c.Value == d.Value }) {
			return d, desk.Wrong("value", "Cần chọn trong danh mục.", "Choose from the list.")
		}
	case d.Key == Territory:
		known, err := g.known(d.Value)
		if err != nil {
			return d, err
		}
		if !known {
			return d, desk.Wrong("value", "Địa bàn không có trong danh mục đơn vị hành chính.", "The territory is not on record.")
		}
	case d.Key == PartyCode && !partyCodeForm.MatchString(d.Value):
		return d, desk.Wrong("value", "Mã tổ chức đảng gồm 14 chữ số, dạng 25.000.036.001.015.", "The code has 14 digits, as in 25.000.036.001.015.")
	case strings.HasPrefix(d.Key, "code.") && !codeForm.MatchString(d.Value):
		return d, desk.Wrong("value", "Mã chỉ gồm chữ, số, dấu chấm, gạch; không quá 40 ký tự.", "A code has letters, digits, dots, slashes and hyphens, at most 40.")
	}
	if !strings.HasPrefix(d.Key, "code.") {
		return d, nil
	}
	var to vn.Date
	for _, f := range said {
		if f.Key == d.Key && !f.Withdrawn && from.Before(f.From) && (to.IsZero() || f.From.Before(to)) && (old == nil || f.Fact != old.Fact) {
			to = f.From
		}
	}
	return d, g.freeCode(id, d, from, to)
}

// freeCode refuses a code that another unit has on some day of [from, to).
func (g *ground) freeCode(id string, d Detail, from, to vn.Date) error {
	key := d.Key + " " + d.Value
	uses, looked := g.taken[key]
	if !looked && !g.whole {
		var err error
		if uses, err = codeUses(g.ctx, g.s.Tx, d.Key, d.Value); err != nil {
			return err
		}
	}
	for _, u := range uses {
		if u.Org == id {
			continue
		}
		vs, err := g.versions(u.Org)
		if err != nil {
			return err
		}
		end := u.To
		if n := len(vs); n > 0 && !vs[n-1].to.IsZero() && (end.IsZero() || vs[n-1].to.Before(end)) {
			end = vs[n-1].to
		}
		if day, _, ok := vn.Overlap(from, to, u.From, end); ok {
			return desk.Refuse("Mã “"+d.Value+"” đang thuộc một tổ chức khác vào ngày "+day.Vietnamese()+".",
				"The code “"+d.Value+"” belongs to another organisation on "+day.String()+".")
		}
	}
	g.taken[key] = append(uses, CodeUse{Org: id, Key: d.Key, Code: d.Value, From: from, To: to})
	return nil
}

// details are what stands about a unit; a unit that this act founds has none.
func (g *ground) details(id string) ([]DetailFact, error) {
	if g.whole {
		return nil, nil
	}
	return detailsOf(g.ctx, g.s.Tx, id)
}
