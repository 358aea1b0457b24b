package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// MaxItems bounds the papers put in at once, maxScans the scans of one paper.
const (
	MaxItems = 100
	maxScans = 50
)

// known checks that the home named is the real one: the right was asked over it.
func known(ctx context.Context, s *desk.Scene, id, home string) error {
	real, there, err := person.Home(ctx, s.Tx, id)
	if err == nil && (!there || real != home) {
		err = desk.Missing("Không có người này trong hồ sơ của tổ chức.", "There is no such person in the files of that organisation.")
	}
	return err
}

// open is the file of a person, which must be opened.
func open(ctx context.Context, s *desk.Scene, id, home string) (File, error) {
	if err := known(ctx, s, id, home); err != nil {
		return File{}, err
	}
	f, there, err := GetFile(ctx, s.Tx, id)
	if err == nil && !there {
		err = desk.Refuse("Người này chưa được lập hồ sơ; hãy lập hồ sơ trước.", "No file was opened for this person yet; open it first.")
	}
	return f, err
}

// Decide refuses a second file and an unknown custodian.
func (a Open) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := known(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	if _, there, err := GetFile(ctx, s.Tx, a.Person); err != nil || there {
		return nil, orErr(err, desk.Refuse("Hồ sơ của người này đã được lập.", "The file of this person is open already."))
	}
	if !slices.Contains(Classes, a.Class) {
		return nil, desk.Wrong("class", "Hãy chọn độ mật của hồ sơ.", "Choose the class of secrecy.")
	}
	if err := holder(ctx, s, "custodian", a.Custodian, a.From); err != nil {
		return nil, err
	}
	blocks, err := grounds(BlockHands, a.Hands)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindOpened, Subjects: []string{a.Person, a.Custodian},
		Body: body{Person: a.Person, Class: a.Class, Org: a.Custodian, From: a.From, Decision: a.Decision}, Blocks: blocks}}, nil
}

// openFor is open for what concerns the file as a whole: of a classified one it
// is for its keepers.
func openFor(ctx context.Context, s *desk.Scene, id, home string, keeper bool) error {
	if _, err := open(ctx, s, id, home); err != nil {
		return err
	}
	c, err := ClassOfFile(ctx, s.Tx, id)
	return orErr(err, keepers(c, keeper))
}

// classified checks a further wording of a paper against the class that governs
// it; the decision that the entry bears stands in the item then.
func classified(ctx context.Context, s *desk.Scene, f File, doc string, x *Item, keeper bool) error {
	c, err := ClassOfDoc(ctx, s.Tx, doc)
	if err != nil {
		return err
	}
	if err := keepers(c, keeper); err != nil {
		return err
	}
	if x.Class == "" {
		x.Class = f.Class
	}
	if !slices.Contains(Classes, x.Class) {
		return nil // document says so
	}
	x.Declassify, err = declassified(s, c, x.Class, x.Declassify)
	return err
}

// holder checks a day and the body that holds a file from it on.
func holder(ctx context.Context, s *desk.Scene, field, id string, from vn.Date) error {
	if from.IsZero() || from.Year < 1930 {
		return desk.Wrong("from", "Cần ngày nhận hồ sơ, từ năm 1930.", "The day it was received is needed, from 1930.")
	}
	if s.Today.Before(from) {
		return desk.Wrong("from", "Hồ sơ chưa thể được nhận vào một ngày sau hôm nay.", "A file cannot have been received after today.")
	}
	_, there, err := org.Get(ctx, s.Tx, id, org.Now(from))
	if err == nil && !there {
		err = desk.Wrong(field, "Tổ chức giữ hồ sơ không tồn tại vào ngày ấy.", "The body that holds the file does not exist on that day.")
	}
	return err
}

// Decide refuses a day before the holder now and a hand-over to himself.
func (a HandOver) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	if err := holder(ctx, s, "to", a.To, a.On); err != nil {
		return nil, err
	}
	cs, err := CustodyOf(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	after := append(slices.Clone(cs), Custody{Fact: s.Head + 1, Org: a.To, From: a.On})
	if err := endToEnd(after); err != nil {
		return nil, err
	}
	blocks, err := grounds(BlockHands, a.Hands)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCustody, Subjects: []string{a.Person, a.To}, Body: body{Person: a.Person, Org: a.To, From: a.On, Decision: a.Decision}, Blocks: blocks}}, nil
}

// endToEnd refuses two holders from one day, one body that hands over to
// itself, and nobody at all.
func endToEnd(cs []Custody) error {
	lay(cs)
	live := slices.DeleteFunc(slices.Clone(cs), func(c Custody) bool { return c.Withdrawn })
	if len(live) == 0 {
		return desk.Refuse("Không thể rút nội dung duy nhất về nơi giữ hồ sơ; hãy đính chính.", "The only holder on record cannot be withdrawn; correct it.")
	}
	for i := 1; i < len(live); i++ {
		if live[i].From == live[i-1].From {
			return desk.Wrong("from", "Ngày "+live[i].From.Vietnamese()+" đã có một lần giao nhận; hãy đính chính lần ấy.", "A hand-over is on record for "+live[i].From.String()+"; correct that one.")
		}
		if live[i].Org == live[i-1].Org {
			return desk.Wrong("to", "Bên nhận đang là nơi giữ hồ sơ vào thời gian ấy.", "The receiving body holds the file at that time already.")
		}
	}
	return nil
}

// Decide demands a reason and leaves one holder at least.
func (a CorrectCustody) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	cs, err := CustodyOf(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(cs, func(c Custody) bool { return c.Fact == a.Fact })
	if at < 0 {
		return nil, desk.Missing("Không có lần giao nhận này.", "There is no such hand-over.")
	}
	b := body{Person: a.Person, Fact: &cs[at].Fact, Withdrawn: a.Withdraw, Decision: a.Decision, Handover: cs[at].Handover}
	var blocks []desk.DraftBlock
	if a.Withdraw {
		cs[at].Withdrawn = true
	} else {
		if err := holder(ctx, s, "to", a.Org, a.From); err != nil {
			return nil, err
		}
		cs[at].Org, cs[at].From = a.Org, a.From
		b.Org, b.From = a.Org, a.From
		if blocks, err = grounds(BlockHands, a.Hands); err != nil {
			return nil, err
		}
	}
	if err := endToEnd(cs); err != nil {
		return nil, err
	}
	why, err := reason(a.Reason)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCustodyFixed, Subjects: []string{a.Person}, Body: b, Blocks: append(blocks, why)}}, nil
}

// Decide refuses papers of no kind and no title, and scans that are not kept.
func (a Put) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	f, err := open(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if len(a.Items) == 0 || len(a.Items) > MaxItems {
		return nil, desk.Wrong("file", fmt.Sprintf("Mỗi lần ghi từ 1 đến %d tài liệu.", MaxItems), fmt.Sprintf("From 1 to %d papers at once.", MaxItems))
	}
	var drafts []desk.Draft
	for i, x := range a.Items {
		if x.State != Kept && x.State != Missing {
			return nil, desk.Wrong("state", "Tài liệu mới ghi là có trong hồ sơ hoặc còn thiếu.", "A new paper is in the file or missing.")
		}
		x.Declassify = org.Decision{} // nothing to lower
		d, err := document(ctx, s, f, fmt.Sprintf("paper/%s-%d", s.ActID, i+1), 1, x, false)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, d)
	}
	return drafts, nil
}

// Decide refuses a paper that is not there.
func (a Renew) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	f, err := open(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	vs, err := versions(ctx, s, a.Person, a.Doc)
	if err != nil {
		return nil, err
	}
	a.Item.State = Kept
	if err := classified(ctx, s, f, a.Doc, &a.Item, a.Keeper); err != nil {
		return nil, err
	}
	d, err := document(ctx, s, f, a.Doc, vs[len(vs)-1].Version+1, a.Item, false)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{d}, nil
}

// Decide demands a reason.
func (a Correct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	f, err := open(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	old, err := version(ctx, s, a.Person, a.Doc, a.Version)
	if err != nil {
		return nil, err
	}
	why, err := reason(a.Reason)
	if err != nil {
		return nil, err
	}
	if a.Withdraw {
		a.Item.Class = old.Class
	}
	if err := classified(ctx, s, f, a.Doc, &a.Item, a.Keeper); err != nil {
		return nil, err
	}
	if a.Withdraw {
		return []desk.Draft{{Kind: kindDocumentState, Subjects: []string{a.Person},
			Body: body{Person: a.Person, Doc: a.Doc, Version: a.Version, State: Withdrawn}, Blocks: []desk.DraftBlock{why}}}, nil
	}
	a.Item.State = old.State
	d, err := document(ctx, s, f, a.Doc, a.Version, a.Item, true)
	if err != nil {
		return nil, err
	}
	d.Blocks = append(d.Blocks, why)
	return []desk.Draft{d}, nil
}

// versions are the standing versions of a paper, oldest first.
func versions(ctx context.Context, s *desk.Scene, id, doc string) ([]Doc, error) {
	all, err := Docs(ctx, s.Tx, id, -1)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(d Doc) bool { return d.ID != doc })
	if len(all) == 0 {
		return nil, errNoPaper
	}
	slices.SortFunc(all, func(a, b Doc) int { return a.Version - b.Version })
	return all, nil
}

var errNoPaper = desk.Missing("Không có tài liệu này trong hồ sơ.", "There is no such paper in the file.")

func version(ctx context.Context, s *desk.Scene, id, doc string, v int) (Doc, error) {
	vs, err := versions(ctx, s, id, doc)
	if err != nil {
		return Doc{}, err
	}
	for _, d := range vs {
		if d.Version == v && d.State != Withdrawn {
			return d, nil
		}
	}
	return Doc{}, errNoPaper
}

// document checks a paper and drafts its entry.
func document(ctx context.Context, s *desk.Scene, f File, doc string, v int, x Item, corrects bool) (desk.Draft, error) {
	none := desk.Draft{}
	if x.Class == "" {
		x.Class = f.Class
	}
	if !slices.Contains(Classes, x.Class) {
		return none, desk.Wrong("class", "Hãy chọn độ mật của tài liệu.", "Choose the class of secrecy of the paper.")
	}
	if x.Filed.IsZero() {
		x.Filed = s.Today
	}
	if s.Today.Before(x.Filed) || x.Filed.Year < 1930 {
		return none, desk.Wrong("filed", "Ngày đưa vào hồ sơ không thể sau hôm nay hoặc trước năm 1930.", "The day it came into the file cannot be after today or before 1930.")
	}
	p := x.Paper
	if p.Kind != 0 {
		if _, ok := KindOf(p.Kind); !ok {
			return none, desk.Wrong("kind", "Loại tài liệu có số từ 1 đến 104.", "Kinds of papers are numbered from 1 to 104.")
		}
	}
	for _, t := range []struct {
		field string
		text  *string
		most  int
	}{{"title", &p.Title, 300}, {"number", &p.Number, 100}, {"issuer", &p.Issuer, 300}, {"place", &p.Place, 100}, {"note", &p.Note, 2000}} {
		if *t.text = strings.TrimSpace(*t.text); utf8.RuneCountInString(*t.text) > t.most {
			return none, desk.Wrong(t.field, fmt.Sprintf("Nội dung quá %d chữ.", t.most), fmt.Sprintf("This is longer than %d letters.", t.most))
		}
	}
	if p.Kind == 0 && p.Title == "" {
		return none, desk.Wrong("title", "Tài liệu ngoài danh mục cần có tên.", "A paper of none of the kinds needs a title.")
	}
	if !p.Date.IsZero() && (s.Today.Before(p.Date) || p.Date.Year < 1900) {
		return none, desk.Wrong("date", "Ngày văn bản không thể sau hôm nay hoặc trước năm 1900.", "The date of the paper cannot be after today or before 1900.")
	}
	if p.Pages < 0 || p.Pages > 10_000 {
		return none, desk.Wrong("pages", "Số tờ từ 0 đến 10.000.", "From 0 to 10,000 sheets.")
	}
	if len(p.Scans) > maxScans {
		return none, desk.Wrong("file", fmt.Sprintf("Một tài liệu có tối đa %d bản số hóa.", maxScans), fmt.Sprintf("A paper has at most %d scans.", maxScans))
	}
	if x.Class == RegisterOnly && len(p.Scans) > 0 {
		return none, desk.Wrong("file", "Tài liệu chế độ chỉ vào sổ không lưu bản số hóa ở đây; hãy bỏ tệp hoặc chọn độ mật khác.", "A register-only paper keeps no scan here; leave the file out or choose another class.")
	}
	if x.State == Missing && (p.Paper || len(p.Scans) > 0) {
		return none, desk.Wrong("state", "Tài liệu còn thiếu thì không có bản giấy hay bản số hóa.", "A missing paper has neither the paper nor a scan.")
	}
	if (x.State == Kept || x.State == Restored) && !p.Paper && len(p.Scans) == 0 {
		return none, desk.Wrong("paper", "Hãy chọn có bản giấy, hoặc đính kèm bản số hóa; nếu không có cả hai thì ghi là còn thiếu.", "Tick that the paper is there, or attach a scan; with neither, record it as missing.")
	}
	p.Scans = slices.Clone(p.Scans)
	for i := range p.Scans {
		kept, err := vault.Info(ctx, s.Tx, f.Person, p.Scans[i].Hash)
		if err != nil {
			if errors.Is(err, vault.ErrNone) {
				err = desk.Wrong("file", "Bản số hóa đã tải lên không còn được giữ (quá một ngày); hãy tải lại.", "The scan that was uploaded is no longer kept (after a day); upload it again.")
			}
			return none, err
		}
		p.Scans[i].Kind, p.Scans[i].Size = string(kept.Kind), kept.Size
	}
	return desk.Draft{Kind: kindDocument, Subjects: []string{f.Person},
		Body:   body{Person: f.Person, Doc: doc, Version: v, Class: x.Class, State: x.State, From: x.Filed, Corrects: corrects, Decision: x.Declassify},
		Blocks: []desk.DraftBlock{{Name: BlockPaper, Content: p}}}, nil
}

// steps says from which states a paper goes to which.
var steps = map[State][]State{
	Kept:     {Missing, Lost},
	Missing:  {Kept, Lost},
	Lost:     {Restored, Kept},
	Restored: {Missing, Lost, Kept},
}

// Decide refuses a state that cannot follow, and a loss or restoration without
// its paper.
func (a SetState) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := open(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	old, err := version(ctx, s, a.Person, a.Doc, a.Version)
	if err != nil {
		return nil, err
	}
	if c, err := ClassOfDoc(ctx, s.Tx, a.Doc); err != nil {
		return nil, err
	} else if err := keepers(c, a.Keeper); err != nil {
		return nil, err
	}
	if !slices.Contains(steps[old.State], a.State) {
		return nil, desk.Wrong("state", "Trạng thái này không thể theo sau trạng thái hiện nay của tài liệu.", "This state cannot follow the state the paper is in.")
	}
	blocks, err := stateGrounds(a.State, a.Grounds, s.Today)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindDocumentState, Subjects: []string{a.Person}, Body: body{Person: a.Person, Doc: a.Doc, Version: a.Version, State: a.State}, Blocks: blocks}}, nil
}

func stateGrounds(to State, g Grounds, today vn.Date) ([]desk.DraftBlock, error) {
	if (to == Lost || to == Restored) && (strings.TrimSpace(g.Number) == "" || g.Date.IsZero()) {
		if to == Lost {
			return nil, desk.Wrong("number", "Ghi số và ngày của biên bản hoặc văn bản xác nhận việc mất.", "Give number and date of the record of the loss.")
		}
		return nil, desk.Wrong("number", "Khôi phục phải có quyết định: ghi số và ngày.", "A restoration needs a decision: give its number and date.")
	}
	if !g.Date.IsZero() && today.Before(g.Date) {
		return nil, desk.Wrong("date", "Ngày văn bản không thể sau hôm nay.", "The date of the paper cannot be after today.")
	}
	return grounds(BlockState, g)
}

// Decide refuses what changes nothing, and a loss or restoration without its
// paper.
func (a SetFile) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	f, err := open(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if a.State == "" {
		a.State = f.State
	}
	if a.Class == "" {
		a.Class = f.Class
	}
	was, err := ClassOfFile(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	if err := keepers(was, a.Keeper); err != nil {
		return nil, err
	}
	ways := map[State][]State{Kept: {Lost, Closed}, Lost: {Restored, Kept}, Restored: {Lost, Closed}, Closed: {Kept}}
	if a.State != f.State && !slices.Contains(ways[f.State], a.State) {
		return nil, desk.Wrong("state", "Trạng thái này không thể theo sau trạng thái hiện nay của hồ sơ.", "This state cannot follow the state the file is in.")
	}
	if !slices.Contains(Classes, a.Class) {
		return nil, desk.Wrong("class", "Hãy chọn độ mật của hồ sơ.", "Choose the class of secrecy.")
	}
	if a.State == f.State && a.Class == f.Class {
		return nil, desk.Wrong("state", "Chưa có gì thay đổi.", "Nothing would change.")
	}
	decision, err := declassified(s, was, a.Class, a.Declassify)
	if err != nil {
		return nil, err
	}
	to := a.State
	if a.State == f.State {
		to = "" // only the class
	}
	blocks, err := stateGrounds(to, a.Grounds, s.Today)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindFileState, Subjects: []string{a.Person}, Body: body{Person: a.Person, State: a.State, Class: a.Class, Decision: decision}, Blocks: blocks}}, nil
}

// Decide refuses unknown kinds and marks, and a kind of which the file holds a
// paper as not arising.
func (a MarkKinds) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := openFor(ctx, s, a.Person, a.Home, a.Keeper); err != nil {
		return nil, err
	}
	docs, err := Docs(ctx, s.Tx, a.Person, -1)
	if err != nil {
		return nil, err
	}
	have := map[int]bool{}
	for _, d := range docs {
		if d.Paper != nil && d.State != Withdrawn {
			have[d.Paper.Kind] = true
		}
	}
	var list markList
	for n := range len(kinds) + 1 {
		m, ok := a.Marks[n]
		switch {
		case !ok:
			continue
		case n == 0, !slices.Contains(Marks, m):
			return nil, desk.Wrong("marks", "Không có loại tài liệu hoặc trạng thái này.", "There is no such kind or mark.")
		case m == NotArising && have[n]:
			// Which kind is not said: that the file holds a paper of it may itself
			// be classified.
			return nil, desk.Wrong("marks", "Trong các loại vừa ghi là không phát sinh có loại đang có tài liệu trong hồ sơ; hãy xem lại các loại ấy.", "Of the kinds marked as not arising, one has a paper in the file; look at them again.")
		}
		list.Marks = append(list.Marks, mark{n, m})
	}
	if len(list.Marks) == 0 || len(list.Marks) != len(a.Marks) {
		return nil, desk.Wrong("marks", "Hãy chọn ít nhất một loại tài liệu, số từ 1 đến 104.", "Choose at least one kind, from 1 to 104.")
	}
	if list.Note = strings.TrimSpace(a.Note); utf8.RuneCountInString(list.Note) > 2000 {
		return nil, desk.Wrong("note", "Nội dung quá 2000 chữ.", "This is longer than 2000 letters.")
	}
	return []desk.Draft{{Kind: kindMarked, Subjects: []string{a.Person}, Body: body{Person: a.Person}, Blocks: []desk.DraftBlock{{Name: BlockMarks, Content: list}}}}, nil
}

// grounds makes the block of grounds; none when nothing was said.
func grounds(block string, g Grounds) ([]desk.DraftBlock, error) {
	for _, t := range []*string{&g.Number, &g.By, &g.Note, &g.Giver, &g.Receiver, &g.Place} {
		if *t = strings.TrimSpace(*t); utf8.RuneCountInString(*t) > 2000 {
			return nil, desk.Wrong("note", "Nội dung quá 2000 chữ.", "This is longer than 2000 letters.")
		}
	}
	if g == (Grounds{}) {
		return nil, nil
	}
	return []desk.DraftBlock{{Name: block, Content: g}}, nil
}

func reason(text string) (desk.DraftBlock, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > 2000 {
		return desk.DraftBlock{}, desk.Wrong("reason", "Cần ghi lý do đính chính, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	return desk.DraftBlock{Name: blockWhy, Content: map[string]string{"reason": text}}, nil
}

func orErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
