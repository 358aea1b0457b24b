package org

import (
	"context"
	"math/big"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Merge records one decision by which units become one: Into is founded by it
// (New) or stands already. The parts end on the day; with Children, the units
// directly under them move under the one that takes over. Shares are whole.
type Merge struct {
	Into     string
	New      *Found // founds Into, from the same day by the same decision; nil when it stands already
	Parts    []string
	Children bool
	From     vn.Date
	Decision Decision
}

// Piece is what one unit of a split gets.
type Piece struct {
	Into     string
	New      *Found // nil when it stands already
	Num, Den int64  // share of the unit that is split
	Children []string
}

// SplitUnit records one decision by which a unit is divided. With Ends it no
// longer exists and the shares make the whole; else it goes on with the rest.
type SplitUnit struct {
	Org      string
	Pieces   []Piece
	Ends     bool
	From     vn.Date
	Decision Decision
}

// HandOver records that a field of work goes from one unit to another; both go
// on. What names the field.
type HandOver struct {
	Org, To  string
	What     string
	From     vn.Date
	Decision Decision
}

// WithdrawAct takes back all that one act said: a decision withdrawn before
// its day, or one recorded for the wrong units. Entry is any entry of the act.
type WithdrawAct struct {
	Org    string
	Entry  int64
	Reason string
}

// Name is the act's name.
func (a Merge) Name() string { return "org.merge" }

// Subject is the unit that takes over.
func (a Merge) Subject() string { return a.Into }

// Need asks for the right over the whole province: units of several subtrees change.
func (a Merge) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks founding, ends and moves in the order they are said.
func (a Merge) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	if len(a.Parts) == 0 || a.New == nil && slices.Contains(a.Parts, a.Into) {
		return nil, desk.Wrong("parts", "Cần ít nhất một tổ chức nhập vào, khác tổ chức nhận.", "At least one unit must go in, other than the one that takes over.")
	}
	if err := g.begin(a.New, a.Into, a.From, a.Decision); err != nil {
		return nil, err
	}
	var links []Link
	for _, p := range a.Parts {
		links = append(links, Link{Source: p, Target: a.Into, How: Merged, Num: 1, Den: 1})
	}
	if err := g.link(links, a.From, a.Decision); err != nil {
		return nil, err
	}
	if a.Children {
		for _, p := range a.Parts {
			kids, err := Children(ctx, s.Tx, p, Now(a.From.AddDays(-1)))
			if err != nil {
				return nil, err
			}
			for _, k := range kids {
				if slices.Contains(a.Parts, k.ID) || k.ID == a.Into {
					continue
				}
				if err := g.moveIfThere(k.ID, p, a.Into, a.From, a.Decision); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, p := range a.Parts {
		if err := g.say(kindDissolved, body{Org: p, From: a.From, Successors: []string{a.Into}, Decision: a.Decision}, Dissolved); err != nil {
			return nil, err
		}
	}
	return g.drafts, nil
}

// begin founds the unit that takes over, or sees that it stands on the day.
func (g *ground) begin(f *Found, id string, from vn.Date, decision Decision) error {
	if f == nil {
		ok, err := g.existsOn(id, from)
		if err == nil && !ok {
			err = desk.Refuse("Tổ chức nhận không tồn tại vào ngày "+from.Vietnamese()+".", "The unit that takes over does not exist on "+from.String()+".")
		}
		return err
	}
	n := *f
	n.ID, n.From, n.Decision = id, from, decision
	return g.found(n)
}

// moveIfThere moves a unit that stood under the old parent and still would on
// the day; one that ends or moves elsewhere by then is left as it is.
func (g *ground) moveIfThere(id, old, to string, from vn.Date, decision Decision) error {
	vs, err := g.versions(id)
	if err != nil {
		return err
	}
	for _, v := range vs {
		if !from.Before(v.from) && (v.to.IsZero() || from.Before(v.to)) && v.parent == old {
			return g.say(kindMoved, body{Org: id, Parent: to, From: from, Decision: decision}, Moved)
		}
	}
	return nil
}

// Name is the act's name.
func (a SplitUnit) Name() string { return "org.split" }

// Subject is the unit that is divided.
func (a SplitUnit) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a SplitUnit) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses shares that do not make the whole of a unit that ends, or
// that leave nothing of one that goes on.
func (a SplitUnit) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	sum := new(big.Rat)
	var links []Link
	var into []string
	for _, p := range a.Pieces {
		if p.Den <= 0 || p.Num <= 0 || p.Den > maxDen {
			return nil, desk.Wrong("share", "Mỗi phần chia cần một tỷ lệ, ví dụ 1/2 hoặc 40/100.", "Each part needs a share, as 1/2 or 40/100.")
		}
		sum.Add(sum, big.NewRat(p.Num, p.Den))
		links = append(links, Link{Source: a.Org, Target: p.Into, How: Split, Num: p.Num, Den: p.Den})
		into = append(into, p.Into)
	}
	switch c := sum.Cmp(big.NewRat(1, 1)); {
	case a.Ends && c != 0:
		return nil, desk.Wrong("share", "Tổ chức kết thúc thì các phần chia cộng lại phải đủ toàn bộ (đang là "+sum.RatString()+").",
			"When the unit ends the shares must make the whole (they make "+sum.RatString()+").")
	case !a.Ends && c >= 0:
		return nil, desk.Wrong("share", "Tổ chức còn lại phải giữ một phần; các phần chia đã cộng thành "+sum.RatString()+".",
			"The unit that goes on must keep a part; the shares make "+sum.RatString()+".")
	}
	for _, p := range a.Pieces {
		if err := g.begin(p.New, p.Into, a.From, a.Decision); err != nil {
			return nil, err
		}
	}
	if err := g.link(links, a.From, a.Decision); err != nil {
		return nil, err
	}
	for _, p := range a.Pieces {
		for _, kid := range p.Children {
			if err := g.moveIfThere(kid, a.Org, p.Into, a.From, a.Decision); err != nil {
				return nil, err
			}
		}
	}
	if a.Ends {
		if err := g.say(kindDissolved, body{Org: a.Org, From: a.From, Successors: into, Decision: a.Decision}, Dissolved); err != nil {
			return nil, err
		}
	}
	return g.drafts, nil
}

// Name is the act's name.
func (a HandOver) Name() string { return "org.hand-over" }

// Subject is the unit that hands over.
func (a HandOver) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a HandOver) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses units that do not exist on the day.
func (a HandOver) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	if vn.NormalizeName(a.What) == "" {
		return nil, desk.Wrong("what", "Cần ghi chức năng, nhiệm vụ được bàn giao.", "Say which field of work is handed over.")
	}
	err := g.link([]Link{{Source: a.Org, Target: a.To, How: Functions, Num: 0, Den: 1, Note: vn.NormalizeName(a.What)}}, a.From, a.Decision)
	return g.drafts, err
}

// Name is the act's name.
func (a WithdrawAct) Name() string { return "org.withdraw-act" }

// Subject is the unit it was seen at.
func (a WithdrawAct) Subject() string { return a.Org }

// Need asks for the right over the whole province.
func (a WithdrawAct) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide takes statements back from the last to the first, each checked as a
// correction; what was said since and stands on them refuses it.
func (a WithdrawAct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	first, err := desk.GetRecord(ctx, s.Tx, a.Entry)
	if err != nil {
		return nil, err
	}
	entries := []desk.Record{first}
	for i := a.Entry - 1; i >= 0; i-- {
		r, err := desk.GetRecord(ctx, s.Tx, i)
		if err != nil || r.Act != first.Act {
			break
		}
		entries = append([]desk.Record{r}, entries...)
	}
	for i := a.Entry + 1; i <= s.Head; i++ {
		r, err := desk.GetRecord(ctx, s.Tx, i)
		if err != nil || r.Act != first.Act {
			break
		}
		entries = append(entries, r)
	}
	g := newGround(ctx, s)
	for _, r := range slices.Backward(entries) {
		if err := g.takeBack(r, a.Reason); err != nil {
			return nil, err
		}
	}
	if len(g.drafts) == 0 {
		return nil, desk.Missing("Việc này đã được rút hoặc không thuộc hồ sơ tổ chức.", "This was withdrawn already, or is no statement about organisations.")
	}
	return g.drafts, nil
}

// takeBack withdraws what one entry said, if it still stands.
func (g *ground) takeBack(r desk.Record, reason string) error {
	b, ok, err := bodyOf(r)
	if err != nil || !ok {
		return err
	}
	fact := r.Index
	draft := func(kind string, subjects []string, b body) {
		g.drafts = append(g.drafts, desk.Draft{Kind: kind, Subjects: subjects, Body: b, Blocks: []desk.DraftBlock{reasonBlock(reason)}})
	}
	if r.Kind == kindSucceeded {
		now, err := lineages(g.ctx, g.s.Tx, lineageSelect+`WHERE fact = $1 AND entry_to = -1 AND withdrawn = 0 ORDER BY seq`, fact)
		if err != nil || len(now) == 0 {
			return err
		}
		var links []Link
		for _, l := range now {
			links = append(links, l.Link)
		}
		draft(kindLineageCorrected, subjectsOf(links), body{Org: b.Org, Fact: &fact, Withdrawn: true, From: now[0].From, Links: links, Decision: now[0].Decision})
		return nil
	}
	for _, d := range b.Details {
		now, err := g.details(b.Org)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(now, func(f DetailFact) bool { return f.Fact == fact && f.Key == d.Key && !f.Withdrawn }) {
			draft(kindDetailCorrected, []string{b.Org}, body{Org: b.Org, Fact: &fact, Withdrawn: true, Details: []Detail{{Key: d.Key}}})
		}
	}
	if whatOf(r.Kind) == "" {
		return nil
	}
	said, err := g.standing(b.Org)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(said, func(st Statement) bool { return st.Fact == fact && !st.Withdrawn })
	if at < 0 {
		return nil
	}
	after := slices.Clone(said)
	after[at] = Statement{Fact: fact, What: said[at].What, Org: b.Org, Withdrawn: true}
	if err := g.consistent(b.Org, said, after); err != nil {
		return err
	}
	g.said[b.Org] = after
	draft(kindCorrected, []string{b.Org}, body{Org: b.Org, Fact: &fact, Withdrawn: true})
	return nil
}

// DecideMove makes the drafts by which units go under another one on a day, as
// part of an act of another room. Units that stand there already by then, or no
// longer exist, are left as they are.
func DecideMove(ctx context.Context, s *desk.Scene, units []string, to string, from vn.Date, decision Decision) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	for _, id := range units {
		vs, err := g.versions(id)
		if err != nil {
			return nil, err
		}
		for _, v := range vs {
			if !from.Before(v.from) && (v.to.IsZero() || from.Before(v.to)) && v.parent != to {
				if err := g.say(kindMoved, body{Org: id, Parent: to, From: from, Decision: decision}, Moved); err != nil {
					return nil, err
				}
			}
		}
	}
	return g.drafts, nil
}
