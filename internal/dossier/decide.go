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
