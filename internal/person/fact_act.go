package person

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// RecordFact records one fact of a block from a day on. For a list block, Item
// is "fact/" + desk.NewID() made with the form, or the item that changes; for a
// block with one value it is left empty. End says that the item no longer holds
// from the day on. What was before stays as it was: this is a change, not a
// correction.
type RecordFact struct {
	Person  string
	Home    string // as the page showed it; the right is asked over it
	Block   string
	Item    string
	End     bool
	Content FactContent
}

// CorrectFact says that a fact was recorded wrongly and how it really reads, in
// full; with Withdraw, that it should not stand at all.
type CorrectFact struct {
	Person   string
	Home     string
	Fact     int64
	Withdraw bool
	Content  FactContent
	Reason   string // kept beside the tree, block "reason"
}

const factBlock = "fact"

// factItems is how many items one person may have in one block.
const factItems = 500

// Name is the act's name.
func (a RecordFact) Name() string { return "person.record-fact" }

// Subject is the person.
func (a RecordFact) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a RecordFact) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide refuses a value outside its list, a second wording for a day, an end
// of what does not hold, and facts that a running procedure locks.
func (a RecordFact) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := file(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	b, err := a.block()
	if err != nil {
		return nil, err
	}
	if b.Locked {
		if err := unlocked(ctx, s, a.Person); err != nil {
			return nil, err
		}
	}
	item := b.Key
	if b.List() {
		if item = a.Item; !strings.HasPrefix(item, "fact/") || len(item) > 60 {
			return nil, desk.Wrong("item", "Mã không hợp lệ; hãy mở lại biểu mẫu.", "The id is not valid; open the form again.")
		}
	}
	all, err := factSayings(ctx, s.Tx, `WHERE s.person = $1 AND s.block = $2 AND s.entry_to = -1`, a.Person, a.Block)
	if err != nil {
		return nil, err
	}
	if len(all) >= factItems {
		return nil, desk.Refuse("Khối này của một người đã có quá nhiều nội dung.", "This block of one person holds too much already.")
	}
	said := slices.DeleteFunc(all, func(f FactSaying) bool { return f.Item != item })
	c, err := checkFact(b, a.Content, a.End, s.Today)
	if err != nil {
		return nil, err
	}
	f := FactSaying{Fact: s.Head + 1, Person: a.Person, Block: a.Block, Item: item, From: c.From.First(), To: after(c.Until), Ended: a.End}
	if err := checkItem(b, append(said, f)); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindFact, Subjects: []string{a.Person},
		Body:   factBody{Person: a.Person, Block: b.Key, Item: item, From: f.From, To: f.To, Ended: a.End},
		Blocks: []desk.DraftBlock{{Name: factBlock, Content: c}}}}, nil
}

func (a RecordFact) block() (FactBlock, error) {
	b, ok := FactBlockOf(a.Block)
	if !ok || b.Shape == "registry" {
		return b, desk.Missing("Không có khối thông tin này.", "There is no such block of facts.")
	}
	return b, nil
}

// after is the first day on which what held until p no longer holds.
func after(p vn.PartialDate) vn.Date {
	if p.IsZero() {
		return vn.Date{}
	}
	return p.Last().AddDays(1)
}

// Name is the act's name.
func (a CorrectFact) Name() string { return "person.correct-fact" }

// Subject is the person.
func (a CorrectFact) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a CorrectFact) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide checks the item with the corrected wording in it.
func (a CorrectFact) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := file(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	found, err := factSayings(ctx, s.Tx, `WHERE s.person = $1 AND s.fact = $2 AND s.entry_to = -1`, a.Person, a.Fact)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	old := found[0]
	b, _ := FactBlockOf(old.Block)
	if b.Locked {
		if err := unlocked(ctx, s, a.Person); err != nil {
			return nil, err
		}
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return nil, err
	}
	said, err := factSayings(ctx, s.Tx, `WHERE s.person = $1 AND s.block = $2 AND s.item = $3 AND s.entry_to = -1`, a.Person, old.Block, old.Item)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(f FactSaying) bool { return f.Fact == a.Fact })
	body := factBody{Person: a.Person, Block: old.Block, Item: old.Item, Fact: &old.Fact, Withdrawn: a.Withdraw, Ended: old.Ended}
	blocks := []desk.DraftBlock{reason}
	said[at].Withdrawn = a.Withdraw
	if !a.Withdraw {
		c, err := checkFact(b, a.Content, old.Ended, s.Today)
		if err != nil {
			return nil, err
		}
		body.From, body.To = c.From.First(), after(c.Until)
		said[at].From, said[at].To = body.From, body.To
		blocks = []desk.DraftBlock{{Name: factBlock, Content: c}, reason}
	}
	if err := checkItem(b, said); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindFactCorrected, Subjects: []string{a.Person}, Body: body, Blocks: blocks}}, nil
}

// checkFact gives the content as it is kept.
func checkFact(b FactBlock, c FactContent, end bool, today vn.Date) (FactContent, error) {
	values := map[string]string{}
	for _, f := range b.Fields {
		v, vi, en := f.Read(c.Values[f.Key])
		if vi != "" {
			return c, desk.Wrong(f.Key, vi, en)
		}
		if v == "" && f.Required && !end {
			return c, desk.Wrong(f.Key, "Cần ghi: "+f.VI+".", "Needed: "+f.EN+".")
		}
		if v != "" && !end {
			values[f.Key] = v
		}
	}
	for key := range c.Values {
		if _, ok := b.Field(key); !ok {
			return c, desk.Wrong(key, "Khối thông tin không có mục “"+shorten(key)+"”.", "The block has no field “"+shorten(key)+"”.")
		}
	}
	if len(values) == 0 && !end {
		return c, desk.Wrong(b.Fields[0].Key, "Cần ghi ít nhất một mục.", "At least one field is needed.")
	}
	c.Values = values
	if err := checkDay("from", c.From.First()); err != nil {
		return c, desk.Wrong("from", "Cần ngày, tháng hoặc năm bắt đầu, từ năm 1850 đến năm 2200.", "The day, month or year from which it holds is needed, between 1850 and 2200.")
	}
	if end {
		c.Until = vn.PartialDate{}
	}
	if !c.Until.IsZero() && (c.Until.Last().Before(c.From.First()) || c.Until.Year > 2200) {
		return c, desk.Wrong("until", "Ngày kết thúc không thể trước ngày bắt đầu.", "The end cannot come before the beginning.")
	}
	if _, ok := FactCodeOf("source", c.Source.Kind); !ok {
		return c, desk.Wrong("source", "Cần chọn loại giấy tờ làm căn cứ.", "Choose the kind of paper this is known from.")
	}
	if today.Before(c.Source.Date) {
		return c, desk.Wrong("source_date", "Ngày của giấy tờ không thể sau hôm nay.", "The date of the paper cannot lie after today.")
	}
	c.Source.Number, c.Source.By, c.Certifier = vn.NormalizeName(c.Source.Number), vn.NormalizeName(c.Source.By), vn.NormalizeName(c.Certifier)
	for field, v := range map[string]string{"source_number": c.Source.Number, "source_by": c.Source.By, "certifier": c.Certifier} {
		if utf8.RuneCountInString(v) > 200 {
			return c, desk.Wrong(field, "Nội dung quá 200 chữ.", "This is longer than 200 letters.")
		}
	}
	return c, nil
}

// checkItem looks at all wordings of one item together.
func checkItem(b FactBlock, said []FactSaying) error {
	days := map[vn.Date]bool{}
	live := slices.DeleteFunc(slices.Clone(said), func(f FactSaying) bool { return f.Withdrawn })
	for _, f := range live {
		if days[f.From] {
			return desk.Refuse(b.VI+": ngày "+f.From.Vietnamese()+" đã có một nội dung được ghi; hãy đính chính nội dung ấy.",
				b.EN+": something is already recorded from "+f.From.String()+"; correct that statement instead.")
		}
		days[f.From] = true
	}
	for _, f := range live {
		if f.Ended && !slices.ContainsFunc(live, func(g FactSaying) bool {
			return !g.Ended && g.From.Before(f.From) && (g.To.IsZero() || !g.To.Before(f.From))
		}) {
			return desk.Refuse(b.VI+": trước ngày "+f.From.Vietnamese()+" không có nội dung nào để kết thúc.",
				b.EN+": nothing holds before "+f.From.String()+" that could end.")
		}
	}
	return nil
}
