package org

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// Name is the act's name.
func (a RecordLineage) Name() string { return "org.record-lineage" }

// Subject is the first unit that went on.
func (a RecordLineage) Subject() string {
	if len(a.Links) == 0 {
		return "org/-"
	}
	return a.Links[0].Source
}

// Need asks for the right over the whole province.
func (a RecordLineage) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide refuses shares over the whole and units that do not exist then.
func (a RecordLineage) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.link(a.Links, a.From, a.Decision)
	return g.drafts, err
}

// Name is the act's name.
func (a CorrectLineage) Name() string { return "org.correct-lineage" }

// Subject names the statement's first unit, or the fact when no links are given.
func (a CorrectLineage) Subject() string {
	if len(a.Links) > 0 {
		return a.Links[0].Source
	}
	return fmt.Sprintf("org/fact-%d", a.Fact)
}

// Need asks for the right over the whole province.
func (a CorrectLineage) Need() desk.Need { return desk.Need{Right: desk.EditOrg} }

// Decide checks the corrected links like new ones.
func (a CorrectLineage) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	old, err := lineages(ctx, s.Tx, lineageSelect+`WHERE fact = $1 AND entry_to = -1 ORDER BY seq`, a.Fact)
	if err != nil {
		return nil, err
	}
	if len(old) == 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	b := body{Org: old[0].Target, Fact: &old[0].Fact, Withdrawn: a.Withdraw, From: a.From, Links: a.Links, Decision: a.Decision}
	if a.Withdraw {
		b.From, b.Decision, b.Links = old[0].From, old[0].Decision, nil
		for _, l := range old {
			b.Links = append(b.Links, l.Link)
		}
	} else if err := g.checkLinks(a.Links, a.From, a.Fact); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindLineageCorrected, Subjects: subjectsOf(b.Links), Body: b, Blocks: append(signed(a.Decision), reasonBlock(a.Reason))}}, nil
}

// link checks links and makes their draft.
func (g *ground) link(links []Link, from vn.Date, decision Decision) error {
	if err := checkDecision(decision); err != nil {
		return err
	}
	if err := g.checkLinks(links, from, -1); err != nil {
		return err
	}
	g.drafts = append(g.drafts, desk.Draft{Kind: kindSucceeded, Subjects: subjectsOf(links),
		Body: body{Org: links[0].Target, From: from, Links: links, Decision: decision}, Blocks: signed(decision)})
	return nil
}

func subjectsOf(links []Link) []string {
	var out []string
	for _, l := range links {
		for _, id := range []string{l.Source, l.Target} {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

const maxDen = 1_000_000_000

func (g *ground) checkLinks(links []Link, from vn.Date, except int64) error {
	if len(links) == 0 || len(links) > 500 {
		return desk.Wrong("successors", "Cần từ 1 đến 500 nơi kế thừa.", "Between 1 and 500 successors are needed.")
	}
	sum := map[string]*big.Rat{}
	for _, l := range links {
		if l.Num < 0 || l.Den <= 0 || l.Den > maxDen || l.Num > l.Den || l.Num == 0 && l.How != Functions {
			return desk.Wrong("share", "Tỷ lệ kế thừa phải lớn hơn 0 và không quá 1.", "A share lies above 0 and is at most 1.")
		}
		if l.Source == l.Target {
			return desk.Wrong("successors", "Một tổ chức không kế thừa chính mình.", "A unit is not its own successor.")
		}
		if utf8.RuneCountInString(l.Note) > 500 {
			return desk.Wrong("note", "Nội dung quá 500 chữ.", "This is longer than 500 letters.")
		}
		switch l.How {
		case Merged, Split, Replaced, Functions:
		default:
			return desk.Wrong("how", "Cần chọn cách kế thừa trong danh mục.", "Choose the way from the list.")
		}
		before, err := g.existsOn(l.Source, from.AddDays(-1))
		if err != nil {
			return err
		}
		after, err := g.existsOn(l.Target, from)
		if err != nil {
			return err
		}
		if !before || !after {
			return desk.Refuse("Nơi giao phải tồn tại đến trước ngày "+from.Vietnamese()+" và nơi nhận phải tồn tại từ ngày ấy.",
				"The source must exist until "+from.String()+" and the target from that day.")
		}
		if l.How == Functions {
			continue
		}
		if sum[l.Source] == nil {
			sum[l.Source] = new(big.Rat)
			old, err := lineages(g.ctx, g.s.Tx, lineageSelect+`WHERE source = $1 AND entry_to = -1 AND withdrawn = 0 ORDER BY entry_from, seq`, l.Source)
			if err != nil {
				return err
			}
			for _, o := range old {
				if o.How != Functions && o.Fact != except && o.From == from {
					sum[l.Source].Add(sum[l.Source], big.NewRat(o.Num, o.Den))
				}
			}
		}
		if sum[l.Source].Add(sum[l.Source], big.NewRat(l.Num, l.Den)).Cmp(big.NewRat(1, 1)) > 0 {
			return desk.Refuse("Tổng các phần của một tổ chức vượt quá toàn bộ tổ chức ấy.", "The parts of a unit add up to more than the whole.")
		}
	}
	return nil
}

var lineageColumns = []string{"entry_from", "seq", "entry_to", "fact", "source", "target", "how", "num", "den", "note", "valid_from", "decision", "withdrawn"}

func lineageRows(rows *[][]any, r desk.Record, b body) error {
	if len(b.Links) == 0 {
		return nil
	}
	decision, err := json.Marshal(b.Decision)
	for i, l := range b.Links {
		*rows = append(*rows, []any{r.Index, int64(i), int64(-1), r.Index, l.Source, l.Target, string(l.How), l.Num, l.Den, l.Note, b.From.String(), string(decision), int64(0)})
	}
	return err
}
