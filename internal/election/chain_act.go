package election

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// maxItems and maxListed bound what one programme and one list may hold.
const (
	maxItems  = 60
	maxListed = 1000
)

// SetProgramme lays down or changes the programme of an event. An item that
// has begun may not be changed or left out.
type SetProgramme struct {
	Event     string
	Org       string // of the event
	Programme Programme
}

func (a SetProgramme) Name() string    { return "election.set-programme" }
func (a SetProgramme) Subject() string { return EventSubject(a.Event) }
func (a SetProgramme) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide holds the programme against what has begun and against the contest
// kinds that regulations of the day bind.
func (a SetProgramme) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	ev, err := mustEvent(ctx, s.Tx, a.Event, a.Org)
	if err != nil {
		return nil, err
	}
	c, err := LoadChain(ctx, s.Tx, s.Rules, a.Event)
	if err != nil {
		return nil, err
	}
	p := a.Programme
	p.Event = a.Event
	if err := p.check(s.Rules, ev.Date); err != nil {
		return nil, err
	}
	for i, it := range p.Items {
		if err := checkMeeting(ctx, s, it, fmt.Sprintf("items[%d]", i), ev); err != nil {
			return nil, err
		}
	}
	for _, old := range c.Items {
		if len(old.Rounds) == 0 && old.Skipped == nil {
			continue
		}
		i := slices.IndexFunc(p.Items, func(it Item) bool { return it.ID == old.ID })
		if i < 0 || !old.Item.same(p.Items[i]) {
			return nil, desk.Refuse("“"+old.Title.VI+"” đã bắt đầu nên không sửa hoặc bỏ khỏi chương trình được; các nội dung chưa bắt đầu vẫn sửa được.",
				"“"+old.Title.EN+"” has begun and can no longer be changed or left out; items not begun still can.")
		}
	}
	return []desk.Draft{{Kind: KindProgramme, Subjects: []string{a.Subject()}, Body: programmeBody{p}}}, nil
}

// same compares all but the meeting, which may be named later.
func (it Item) same(o Item) bool {
	return it.Rules == o.Rules && it.Body == o.Body && it.From == o.From && it.Rest == o.Rest && it.SeatsBy == o.SeatsBy &&
		slices.Equal(it.Except, o.Except) && slices.Equal(it.Plans, o.Plans) && it.When == o.When && it.Form == o.Form
}

var itemBodies = []string{"member-congress", "delegate-congress", "committee-meeting", "standing-committee-meeting", "inspection-committee-meeting", "cell-meeting"}

func (p *Programme) check(lib *rule.Library, on vn.Date) error {
	if len(p.Items) == 0 || len(p.Items) > maxItems {
		return desk.Wrong("items", fmt.Sprintf("Chương trình phải có từ 1 đến %d nội dung bầu.", maxItems), fmt.Sprintf("A programme has 1 to %d items.", maxItems))
	}
	if !slices.Contains([]string{"province", "district", "grassroots", "cell"}, p.Level) {
		return desk.Wrong("level", "Hãy chọn cấp của đại hội (hội nghị).", "Choose the level of the congress (meeting).")
	}
	if p.Members < 0 || p.Members > 1e7 {
		return desk.Wrong("members", "Số đảng viên chính thức không hợp lệ.", "The number of official members is not valid.")
	}
	before, silent := map[string]bool{"": true}, map[string]bool{}
	for i, it := range p.Items {
		field := fmt.Sprintf("items[%d]", i)
		if !idPattern.MatchString(it.ID) || len(it.ID) > 60 || strings.Contains(it.ID, "/") || before[it.ID] {
			return desk.Wrong(field, "Mã nội dung “"+it.ID+"” không hợp lệ hoặc trùng.", "The item id “"+it.ID+"” is not valid or stands twice.")
		}
		if err := checkTitle(field, it.Title); err != nil {
			return err
		}
		book, err := lib.For(it.Rules, on)
		if err != nil {
			return desk.Wrong(field, "“"+it.Title.VI+"”: chưa có quy định nào về loại bầu cử này vào ngày của sự kiện.", "“"+it.Title.EN+"”: no regulation binds this kind of contest on the day of the event.")
		}
		if !slices.Contains(itemBodies, it.Body) || !slices.Contains([]string{SeatsVoted, SeatsAllotted, SeatsFixed}, it.SeatsBy) || it.Seats < 0 || it.Seats > vote.MaxSeats {
			return desk.Wrong(field, "“"+it.Title.VI+"”: cách họp hoặc số lượng không hợp lệ.", "“"+it.Title.EN+"”: the body or number of seats is not valid.")
		}
		if silent[it.ID] = vote.CountOnly(book); silent[it.ID] && !it.OwnTeam {
			return desk.Wrong(field, "“"+it.Title.VI+"”: cuộc lấy phiếu có tổ kiểm phiếu và biên bản riêng.", "“"+it.Title.EN+"”: a poll has its own counting team and minutes.")
		}
		if err := it.checkForm(book, field); err != nil {
			return err
		}
		for _, ref := range append([]string{it.From, it.Rest}, it.Except...) {
			if silent[ref] {
				return desk.Wrong(field, "“"+it.Title.VI+"” dựa vào một cuộc lấy phiếu không có kết luận: không ai được chọn ở đó.", "“"+it.Title.EN+"” depends on a poll without a verdict, which chooses nobody.")
			}
			if !before[ref] {
				return desk.Wrong(field, "“"+it.Title.VI+"” dựa vào một nội dung không đứng trước nó trong chương trình.", "“"+it.Title.EN+"” depends on an item that does not stand before it.")
			}
		}
		before[it.ID] = true
	}
	return nil
}

// Forms are the forms of slips that a poll may have where its rules name none.
var Forms = []string{"agree", "strike", "recommend", "confidence3"}

// checkForm: the form is chosen where the rules of a poll name none, and only there.
func (it Item) checkForm(book *rule.Book, field string) error {
	switch {
	case book.Policy("form") != nil && it.Form != "":
		return desk.Wrong(field, "“"+it.Title.VI+"”: hình thức phiếu do quy định đặt, không chọn được.", "“"+it.Title.EN+"”: the rules name the form of the slip; it cannot be chosen.")
	case it.Form == "" && !vote.CountOnly(book):
		return nil
	case book.Policy("form") == nil && !slices.Contains(Forms, it.Form):
		return desk.Wrong(field, "“"+it.Title.VI+"”: hãy chọn hình thức phiếu.", "“"+it.Title.EN+"”: choose the form of the slip.")
	}
	return nil
}

// SkipItem leaves an optional item out, by a recorded decision.
type SkipItem struct {
	Event, Org, Item string
	Reason           string
}

func (a SkipItem) Name() string    { return "election.skip-item" }
func (a SkipItem) Subject() string { return EventSubject(a.Event) }
func (a SkipItem) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide refuses items that the rules demand and items that have begun.
func (a SkipItem) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, err := mustChain(ctx, s, a.Event, a.Org)
	if err != nil {
		return nil, err
	}
	it := c.item(a.Item)
	switch {
	case it == nil:
		return nil, desk.Missing("Chương trình không có nội dung này.", "The programme has no such item.")
	case !it.Optional:
		return nil, desk.Refuse("“"+it.Title.VI+"” là nội dung bắt buộc của chương trình, không bỏ qua được.", "“"+it.Title.EN+"” is not optional and cannot be left out.")
	case len(it.Rounds) > 0 || it.Skipped != nil:
		return nil, desk.Refuse("“"+it.Title.VI+"” đã bắt đầu hoặc đã được bỏ qua.", "“"+it.Title.EN+"” has begun or was left out already.")
	}
	reason, err := needReason(a.Reason)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindRoundClosed, Subjects: []string{a.Subject()}, Body: decidedBody{stepHead: stepHead{Event: a.Event, Item: a.Item}, Choice: ChooseSkip},
		Blocks: reasonBlock(reason)}}, nil
}

func needReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", desk.Wrong("reason", "Hãy ghi lý do.", "Give the reason.")
	}
	if vn.Longer(s, maxReason) {
		return "", desk.Wrong("reason", "Lý do dài quá 2.000 ký tự.", "The reason is longer than 2,000 characters.")
	}
	return s, nil
}

func reasonBlock(reason string) []desk.DraftBlock {
	if strings.TrimSpace(reason) == "" {
		return nil
	}
	return []desk.DraftBlock{{Name: BlockReason, Content: map[string]string{"reason": strings.TrimSpace(reason)}}}
}

// OnRound is what acts on one round share.
type OnRound struct {
	Event   string
	Org     string // of the event
	Contest string
}

// Subject is the contest of the round.
func (a OnRound) Subject() string { return ContestSubject(a.Contest) }

// Need is the right to record contests of the event.
func (a OnRound) Need() desk.Need {
	return desk.Need{Right: desk.RecordContest, Org: a.Org, Case: a.Subject()}
}
func (a OnRound) head(item string) stepHead {
	return stepHead{Contest: a.Contest, Event: a.Event, Item: item}
}
func (a OnRound) subjects() []string { return []string{a.Subject(), EventSubject(a.Event)} }

// making refuses acts on a list that is voted already or not yet in its turn.
func making(it *ItemState, r *Round) error {
	if it.Now() != r {
		return desk.Refuse("Lần bầu này đã qua; hãy làm ở lần bầu đang mở.", "This round is past; act on the one that is open.")
	}
	if r.List != nil {
		return desk.Refuse("Danh sách bầu cử đã được biểu quyết nên không đổi được nữa.", "The list has been voted and can no longer be changed.")
	}
	if p := it.Poll(); p != nil && p.Row == nil {
		return desk.Refuse("Đang lấy phiếu xin ý kiến về danh sách: phải có kết quả xin ý kiến trước.", "The opinion poll on the list is going on: its result must come first.")
	}
	return nil
}

// OpenList opens the list of an item for its first round.
type OpenList struct {
	Event, Org, Item string
	Opening          vn.Date // day the congress or meeting opens; zero: the day of the event
}

func (a OpenList) contest() string { return a.Event + "/" + a.Item }
func (a OpenList) Name() string    { return "election.open-list" }
func (a OpenList) Subject() string { return ContestSubject(a.contest()) }
func (a OpenList) Need() desk.Need {
	return desk.Need{Right: desk.RecordContest, Org: a.Org, Case: a.Subject()}
}

// Decide refuses while an item that the list depends on has not ended. Where
// the list follows from a result (polls on the newly elected, alternates) the
// persons come with it.
func (a OpenList) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, err := mustChain(ctx, s, a.Event, a.Org)
	if err != nil {
		return nil, err
	}
	it := c.item(a.Item)
	if it == nil {
		return nil, desk.Missing("Chương trình không có nội dung này.", "The programme has no such item.")
	}
	if e := c.paused(); e != nil {
		return nil, desk.Refuse("Việc bầu đang tạm dừng ở “"+e.Title.VI+"”: phải ghi ý kiến trả lời của cấp trên trước.",
			"The elections are paused at “"+e.Title.EN+"”: the answer of the upper level must be recorded first.")
	}
	switch it.State {
	case StateReady:
	case StateWaits:
		return nil, mustComeFirst(it.Waits)
	case StateOff:
		if it.When != nil && it.When.No() {
			return nil, desk.Refuse("Không bầu nội dung này. "+it.When.Verdict.Says.VI, "This is not elected here. "+it.When.Verdict.Says.EN, it.When.Verdict)
		}
		return nil, desk.Refuse("Không còn ai trong danh sách để bầu nội dung này.", "Nobody is left on the list of this item.")
	default:
		return nil, desk.Refuse("Danh sách của nội dung này đã mở.", "The list of this item is open already.")
	}
	if _, taken, err := findRow(ctx, s.Tx, a.contest()); err != nil {
		return nil, err
	} else if taken {
		return nil, desk.Refuse("Số liệu của nội dung này đã được ghi từ trước, ngoài chương trình.", "Figures of this item were recorded before, outside the programme.")
	}
	var ps []*Nominee
	switch {
	case it.Rest != "":
		ps = c.rest(it.Rest)
	case it.OwnTeam && it.From != "":
		ps, _ = c.Source(it)
	}
	d := c.open(it, a.contest(), RoundFirst, 1, it.Seats, "", ps)
	body := d.Body.(openedBody)
	if body.Opening = a.Opening; body.Opening.IsZero() {
		body.Opening = c.Day(it)
	}
	d.Body = body
	return []desk.Draft{d}, nil
}

func mustComeFirst(it *ItemState) error {
	return desk.Refuse("Phải xong “"+it.Title.VI+"” trước ("+lower(StateWords(it.State).VI)+").", "“"+it.Title.EN+"” must end first ("+lower(StateWords(it.State).EN)+").")
}

// open drafts the entry that opens a round with the persons it begins with.
func (c *Chain) open(it *ItemState, contest, kind string, n int, seats int64, after string, ps []*Nominee) desk.Draft {
	body := openedBody{stepHead: stepHead{Contest: contest, Event: c.Event.ID, Item: it.ID}, Kind: kind, Round: n, Seats: seats, After: after, Opening: c.Day(it), Persons: []Listed{}}
	var names []Name
	for _, p := range ps {
		l := p.Listed
		l.Origin, l.By = vote.Official, ""
		body.Persons = append(body.Persons, l)
		names = append(names, Name{ID: l.Person, Title: p.Title, Name: p.Name, Born: p.Born})
	}
	d := desk.Draft{Kind: KindListOpened, Subjects: []string{ContestSubject(contest), EventSubject(c.Event.ID)}, Body: body}
	if len(names) > 0 {
		d.Blocks = []desk.DraftBlock{{Name: BlockCandidates, Content: names}}
	}
	return d
}

// NewPerson is a person to be put on a list, with the personal content.
type NewPerson struct {
	Listed
	Name, Born, Title string
}

// ListPersons puts persons on a list.
type ListPersons struct {
	OnRound
	Persons []NewPerson
}

func (a ListPersons) Name() string { return "election.list-persons" }

// Decide refuses persons whom a rule bars, each with the article, save the
// limit on outgoing members: those are listed and the congress strikes them.
func (a ListPersons) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, it, r, err := mustRound(ctx, s, a.Event, a.Org, a.Contest)
	if err != nil {
		return nil, err
	}
	if err := making(it, r); err != nil {
		return nil, err
	}
	if r.Kind == RoundRevote || it.Rest != "" {
		return nil, desk.Refuse("Danh sách này theo kết quả bầu trước, không thêm người được.", "This list follows from the result before; nobody can be added.")
	}
	if r.Kind == RoundFurther {
		if prev := it.previous(r); prev == nil || prev.decided(ChooseFurther) == nil || !prev.decided(ChooseFurther).NewNames {
			return nil, desk.Refuse("Đại hội (hội nghị) không quyết định bổ sung người mới cho lần bầu này.", "The congress (meeting) did not decide to add new names for this round.")
		}
	}
	if len(a.Persons) == 0 || len(a.Persons)+len(r.Persons) > maxListed {
		return nil, desk.Wrong("persons", fmt.Sprintf("Mỗi danh sách có từ 1 đến %d người.", maxListed), fmt.Sprintf("A list has 1 to %d persons.", maxListed))
	}
	source, limited := c.Source(it)
	body := listedBody{stepHead: a.head(it.ID)}
	var names []Name
	seen := map[string]bool{}
	for i, p := range a.Persons {
		field := fmt.Sprintf("persons[%d]", i)
		p.Name = vn.NormalizeName(p.Name)
		p.Listed.known(it.Meet)
		if err := checkNew(field, p); err != nil {
			return nil, err
		}
		if old := r.Find(p.Person); seen[p.Person] || old != nil && old.Out != MoveUnlisted {
			return nil, desk.Wrong(field, p.Name+" đã có trong danh sách.", p.Name+" is on the list already.")
		}
		seen[p.Person] = true
		in := slices.ContainsFunc(source, func(n *Nominee) bool { return n.Person == p.Person })
		n := &Nominee{Listed: p.Listed}
		x, err := vote.Examine(s.Rules, c.ground(it, r), n.asked(limited, in))
		if err != nil {
			return nil, err
		}
		if len(x.Barred) > 0 && !x.Strike {
			v := x.Barred[0].Verdict
			return nil, desk.Refuse(p.Name+" không đưa vào danh sách được. "+v.Says.VI+" ("+v.Article+", "+v.Document+")",
				p.Name+" cannot be listed. "+v.Says.EN+" ("+v.Article+", "+v.Document+")", v)
		}
		body.Persons = append(body.Persons, p.Listed)
		names = append(names, Name{ID: p.Person, Title: p.Title, Name: p.Name, Born: p.Born})
	}
	return []desk.Draft{{Kind: KindListed, Subjects: a.subjects(), Body: body, Blocks: []desk.DraftBlock{{Name: BlockCandidates, Content: names}}}}, nil
}

// previous is the round before r, or nil.
func (s *ItemState) previous(r *Round) *Round {
	for _, o := range s.Rounds {
		if o.Contest == r.After {
			return o
		}
	}
	return nil
}

func checkNew(field string, p NewPerson) error {
	switch {
	case p.Person == "" || len(p.Person) > 100:
		return desk.Wrong(field, "Thiếu mã người.", "The person id is missing.")
	case p.Name == "" || len(p.Name) > 200:
		return desk.Wrong(field, "Thiếu họ tên (tối đa 200 ký tự).", "The name is missing (200 characters at most).")
	case p.Origin != vote.Official && p.Origin != vote.Standing && p.Origin != vote.Nominated:
		return desk.Wrong(field, "Hãy chọn: trong danh sách đề cử, ứng cử hay được đề cử.", "Choose: on the official list, standing or nominated.")
	case p.Planned != "" && !slices.Contains(allPlans, p.Planned):
		return desk.Wrong(field, "Chức danh dự kiến không hợp lệ.", "The planned post is not known.")
	}
	if p.Born != "" {
		if _, err := vn.ParsePartial(p.Born); err != nil {
			return desk.Wrong(field, "Ngày sinh ghi dạng năm, tháng/năm hoặc ngày/tháng/năm.", "The birth is a year, a month or a day.")
		}
	}
	return nil
}
