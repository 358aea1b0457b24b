package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// ImportFact is one fact of a row of a confirmed plan: a new wording of an item
// (Fact -1), or the correction of one. Entry is the wording of the item that
// the plan was made on, -1 when there was none.
type ImportFact struct {
	Block   string      `json:"block"`
	Item    string      `json:"item"`
	Fact    int64       `json:"fact"`
	Entry   int64       `json:"entry"`
	Content FactContent `json:"content"`
}

// FactDefaults is what holds for the facts of a whole file: since when they are
// so where no column says it, and the paper they are known from.
type FactDefaults struct {
	From   vn.PartialDate
	Source FactSource
}

// heldFact is an item as it stands today, with the wording that says it.
type heldFact struct {
	item  string
	said  FactSaying
	whole []FactSaying // all that stands about the item
}

// readFacts reads what stands about the persons that the file names, of the
// blocks it has columns of.
func (p *planner) readFacts(rows [][]string, columns map[string]int) error {
	p.facts = map[string]map[string][]heldFact{}
	at, ok := columns["id"]
	if !ok || !slices.ContainsFunc(FactColumns, func(c ImportColumn) bool { _, mapped := columns[c.ID]; return mapped }) {
		return nil
	}
	var ids []string
	for _, r := range rows {
		if at < len(r) {
			if who := "person/" + strings.TrimPrefix(r[at], "person/"); p.byID[who].Home == p.home {
				ids = append(ids, who)
			}
		}
	}
	return forEachPart(ids, func(marks string, args []any) error {
		said, err := factSayings(p.ctx, p.scene.Tx, `WHERE s.entry_to = -1 AND s.person IN (`+marks+`)`, args...)
		if err != nil {
			return err
		}
		for _, s := range said {
			if p.facts[s.Person] == nil {
				p.facts[s.Person] = heldFacts(said, s.Person, p.scene.Today)
			}
		}
		return nil
	})
}

// heldFacts are the items of a person by block, in the order in which lists
// show them.
func heldFacts(said []FactSaying, who string, today vn.Date) map[string][]heldFact {
	items := map[[2]string][]FactSaying{}
	var keys [][2]string
	for _, s := range said {
		if s.Person != who {
			continue
		}
		k := [2]string{s.Block, s.Item}
		if items[k] == nil {
			keys = append(keys, k)
		}
		items[k] = append(items[k], s)
	}
	out := map[string][]heldFact{}
	for _, k := range keys {
		for _, v := range deriveFact(items[k]) {
			if today.Before(v.from) || !v.to.IsZero() && !today.Before(v.to) {
				continue
			}
			at := slices.IndexFunc(items[k], func(s FactSaying) bool { return s.content == v.content })
			out[k[0]] = append(out[k[0]], heldFact{k[1], items[k][at], items[k]})
		}
	}
	for _, held := range out {
		slices.SortStableFunc(held, func(a, b heldFact) int {
			if c := a.said.From.Compare(b.said.From); c != 0 {
				return c
			}
			return strings.Compare(a.item, b.item)
		})
	}
	return out
}

// factsOf plans the facts that a row tells.
func (p *planner) factsOf(r *PlanRow, cell map[string]string) error {
	for _, b := range factBlocks {
		if !b.MayImport() {
			continue
		}
		wants, err := wantedFacts(b, cell)
		if err != nil || len(wants) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		before := len(r.Row.Facts)
		held := slices.DeleteFunc(slices.Clone(p.facts[r.Row.Person][b.Key]), func(h heldFact) bool { return b.List() && !h.said.Present })
		if b.List() {
			err = p.listFacts(r, b, wants, held)
		} else {
			err = p.oneFact(r, b, wants[0], held)
		}
		if err != nil {
			return err
		}
		if b.Locked && len(r.Row.Facts) > before {
			if err := unlocked(p.ctx, p.scene, r.Row.Person); err != nil {
				return err
			}
		}
	}
	if len(r.Row.Facts) > 0 && r.Outcome == RowSame {
		r.Outcome = RowChanged
	}
	return nil
}

// wantedFact is what a row says of one item: values as they are kept, and the
// first day where a cell gives one.
type wantedFact struct {
	values map[string]string
	from   vn.PartialDate
}

// agrees says that an item reads like the row, where the row says anything.
func (w wantedFact) agrees(h heldFact) bool {
	for k, v := range w.values {
		if vn.Fold(h.said.Values[k]) != vn.Fold(v) {
			return false
		}
	}
	return w.from.IsZero() || w.from == h.said.FactContent.From
}

// wantedFacts reads the cells of a block; empty cells say nothing, a dash in a
// list of items too.
func wantedFacts(b FactBlock, cell map[string]string) ([]wantedFact, error) {
	parts, n := map[string][]string{}, 0
	for _, key := range b.keys() {
		text := strings.TrimSpace(cell[b.Key+"."+key])
		if text == "" {
			continue
		}
		parts[key] = []string{text}
		if b.List() {
			parts[key] = strings.Split(text, ";")
		}
		n = max(n, len(parts[key]))
	}
	out := make([]wantedFact, n)
	for _, key := range b.keys() {
		id := b.Key + "." + key
		if parts[key] == nil {
			continue
		}
		if len(parts[key]) != n {
			return nil, desk.Wrong(id, fmt.Sprintf("“%s” có %d mục cách nhau bằng dấu chấm phẩy, cột khác của khối này có %d; hãy ghi đủ, chỗ không có ghi dấu gạch ngang.", titleOf(id).VI, len(parts[key]), n),
				fmt.Sprintf("“%s” holds %d items parted by semicolons, another column of the block %d; write all of them, a dash where there is none.", titleOf(id).EN, len(parts[key]), n))
		}
		for i, text := range parts[key] {
			text = strings.TrimSpace(text)
			if text == "" || b.List() && (text == "-" || text == "–") {
				continue
			}
			if out[i].values == nil {
				out[i].values = map[string]string{}
			}
			if key == ImportFrom {
				d, err := vn.ReadDate(text)
				if err != nil {
					return nil, desk.Wrong(id, "“"+titleOf(id).VI+"”: không đọc được “"+clip(text)+"”; hãy ghi ngày/tháng/năm, tháng/năm hoặc năm.", "“"+titleOf(id).EN+"”: “"+clip(text)+"” cannot be read; write day/month/year, month/year or the year.")
				}
				out[i].from = d
				continue
			}
			f, _ := b.Field(key)
			v, vi, en := f.Read(text)
			if vi != "" {
				return nil, desk.Wrong(id, b.VI+" – "+vi, b.EN+" – "+en)
			}
			out[i].values[key] = v
		}
	}
	return slices.DeleteFunc(out, func(w wantedFact) bool { return w.values == nil }), nil
}

// keys are the columns of a block, the first day last.
func (b FactBlock) keys() []string {
	var out []string
	for _, f := range b.Fields {
		out = append(out, f.Key)
	}
	return append(out, ImportFrom)
}

// oneFact plans the block that holds one thing at a time. A later day with
// another value is a change; without one, what stands is corrected.
func (p *planner) oneFact(r *PlanRow, b FactBlock, w wantedFact, held []heldFact) error {
	if len(held) == 0 {
		return p.newFact(r, b, b.Key, -1, w, nil)
	}
	h := held[0]
	if !h.said.Present {
		return desk.Refuse(b.VI+": nội dung đã được rút khỏi hồ sơ; hãy ghi ở trang của người này.", b.EN+": the content was withdrawn from the file; record it on the person's page.")
	}
	if w.agrees(h) {
		return nil
	}
	if !w.from.IsZero() && h.said.From.Before(w.from.First()) {
		if !b.Point {
			for k, v := range h.said.Values {
				if _, given := w.values[k]; !given {
					w.values[k] = v
				}
			}
		}
		return p.newFact(r, b, h.item, h.said.Entry, w, h.whole)
	}
	return p.correctFact(r, b, w, h)
}

// listFacts pairs what the row says with the items on record: what agrees is
// the same; what is left on both sides in equal number is corrected one by one;
// with nothing left on record it is new; else only people can tell.
func (p *planner) listFacts(r *PlanRow, b FactBlock, wants []wantedFact, held []heldFact) error {
	for i := 0; i < len(wants); {
		at := slices.IndexFunc(held, wants[i].agrees)
		if at < 0 {
			i++
			continue
		}
		wants, held = slices.Delete(wants, i, i+1), slices.Delete(held, at, at+1)
	}
	switch {
	case len(wants) == 0:
		return nil
	case len(held) == 0:
		for i, w := range wants {
			if err := p.newFact(r, b, fmt.Sprintf("fact/%s-%d-%s-%d", strings.ToLower(p.id), r.Line, b.Key, i), -1, w, nil); err != nil {
				return err
			}
		}
		return nil
	case len(held) == len(wants):
		for i, w := range wants {
			if err := p.correctFact(r, b, w, held[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return desk.Refuse(fmt.Sprintf("%s: tệp ghi %d mục khác hồ sơ, hồ sơ còn %d mục khác tệp; không rõ mục nào sửa thành mục nào. Hãy ghi đủ các mục, cách nhau bằng dấu chấm phẩy, hoặc sửa ở trang của người này.", b.VI, len(wants), len(held)),
		fmt.Sprintf("%s: %d items of the file differ from the record, %d of the record from the file; which becomes which is not clear. Write all items parted by semicolons, or edit on the person's page.", b.EN, len(wants), len(held)))
}

func (p *planner) newFact(r *PlanRow, b FactBlock, item string, entry int64, w wantedFact, whole []FactSaying) error {
	c := FactContent{Values: w.values, From: w.from, Source: p.defaults.Source}
	if c.From.IsZero() {
		c.From = p.defaults.From
	}
	if c.From.IsZero() {
		return desk.Wrong(b.Key+"."+ImportFrom, b.VI+": không có ngày. Hãy ghép cột “"+b.FromVI+"”, hoặc ghi ngày chung cho cả tệp.", b.EN+": there is no day. Map the column “"+b.FromEN+"”, or give one day for the whole file.")
	}
	if c.Source.Kind == "" {
		return desk.Wrong("source", b.VI+": chưa chọn giấy tờ làm căn cứ cho thông tin của tệp.", b.EN+": the paper the facts of the file are known from is not chosen.")
	}
	c, err := checkFact(b, c, false, p.scene.Today)
	if err != nil {
		return err
	}
	f := FactSaying{Fact: p.scene.Head + 1, Person: r.Row.Person, Block: b.Key, Item: item, From: c.From.First()}
	if err := checkItem(b, append(slices.Clone(whole), f)); err != nil {
		return err
	}
	r.Row.Facts = append(r.Row.Facts, ImportFact{b.Key, item, -1, entry, c})
	was := FactContent{}
	if at := slices.IndexFunc(whole, func(s FactSaying) bool { return s.Entry == entry }); at >= 0 {
		was = whole[at].FactContent
	}
	r.Cells = append(r.Cells, diffFacts(b, was, c)...)
	return nil
}

func (p *planner) correctFact(r *PlanRow, b FactBlock, w wantedFact, h heldFact) error {
	c := h.said.FactContent
	c.Values = map[string]string{}
	for k, v := range h.said.Values {
		c.Values[k] = v
	}
	for k, v := range w.values {
		c.Values[k] = v
	}
	if !w.from.IsZero() {
		c.From = w.from
	}
	c, err := checkFact(b, c, false, p.scene.Today)
	if err != nil {
		return err
	}
	whole := slices.Clone(h.whole)
	at := slices.IndexFunc(whole, func(s FactSaying) bool { return s.Entry == h.said.Entry })
	whole[at].From, whole[at].To = c.From.First(), after(c.Until)
	if err := checkItem(b, whole); err != nil {
		return err
	}
	r.Row.Facts = append(r.Row.Facts, ImportFact{b.Key, h.item, h.said.Fact, h.said.Entry, c})
	r.Cells = append(r.Cells, diffFacts(b, h.said.FactContent, c)...)
	return nil
}

// diffFacts lists the cells in which two wordings differ, as people write them.
func diffFacts(b FactBlock, was, is FactContent) (out []CellChange) {
	for _, f := range b.Fields {
		if was.Values[f.Key] != is.Values[f.Key] {
			out = append(out, CellChange{f.ID(), f.Words(was.Values[f.Key], "vi"), f.Words(is.Values[f.Key], "vi")})
		}
	}
	if was.From != is.From {
		out = append(out, CellChange{b.Key + "." + ImportFrom, was.From.Vietnamese(), is.From.Vietnamese()})
	}
	return out
}

// rowFacts decides the facts of a row, each by the act it stands for; when one
// no longer fits what stands, none of the row is recorded.
func (a ImportPersons) rowFacts(ctx context.Context, s *desk.Scene, _ *lookup, r ImportRow) ([]desk.Draft, error) {
	var out []desk.Draft
	for _, f := range r.Facts {
		if ok, err := stillSays(ctx, s.Tx, r.Person, f); err != nil {
			return nil, err
		} else if !ok {
			return nil, desk.Refuse("Đã có người ghi khác từ khi xem trước.", "Something else was recorded since the preview.")
		}
		var act desk.Act = CorrectFact{Person: r.Person, Home: a.Home, Fact: f.Fact, Content: f.Content, Reason: a.Reason}
		if f.Fact < 0 {
			act = RecordFact{Person: r.Person, Home: a.Home, Block: f.Block, Item: f.Item, Content: f.Content}
		}
		ds, err := act.Decide(ctx, s)
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	return out, nil
}

// stillSays says that the wording a plan was made on stands, or that nothing
// does where it was made on nothing.
func stillSays(ctx context.Context, tx *store.Tx, who string, f ImportFact) (bool, error) {
	said, err := factSayings(ctx, tx, `WHERE s.person = $1 AND s.block = $2 AND s.item = $3 AND s.entry_to = -1 AND s.withdrawn = 0`, who, f.Block, f.Item)
	if err != nil {
		return false, err
	}
	if f.Entry < 0 {
		return !slices.ContainsFunc(said, func(o FactSaying) bool { return f.Fact < 0 && o.From == f.Content.From.First() }), nil
	}
	return slices.ContainsFunc(said, func(o FactSaying) bool { return o.Entry == f.Entry && (f.Fact < 0 || o.Fact == f.Fact) }), nil
}
