package bundle

import (
	"encoding/json"
	"errors"
	"slices"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The lists of a chain of elections, as their entries tell them. Only what the
// rules of lists ask is read; docs/formats has the whole.

type listItem struct {
	ID      string   `json:"id"`
	Rules   string   `json:"rules"`
	Body    string   `json:"body"`
	Seats   int64    `json:"seats"`
	SeatsBy string   `json:"seats_by"`
	From    string   `json:"from"`
	Rest    string   `json:"rest"`
	Except  []string `json:"except"`
	When    string   `json:"when"`
	Meeting string   `json:"meeting"`
	OwnTeam bool     `json:"own_team"`

	rounds []*listRound
}

type listPerson struct {
	Person       string      `json:"person"`
	Origin       vote.Origin `json:"origin"`
	Outgoing     bool        `json:"outgoing"`
	InBody       bool        `json:"in_body"`
	Probationary bool        `json:"probationary"`
	Temporary    bool        `json:"temporary"`
	ByOutgoing   bool        `json:"by_outgoing"`
	ByDelegate   bool        `json:"by_delegate"`

	accepted, askedOut, out bool
	files, support, present *int64
	handedIn                vn.Date
}

type listRound struct {
	contest, kind, after string
	n                    int
	opening              vn.Date
	seats                int64
	voted                bool // the number of seats was voted
	persons              []*listPerson
	choices              map[string]string
	order                []string // the list as it was voted
	form                 string
	named                []string // designated by the upper level
}

// chainOf is the chain of elections of one event.
type chainOf struct {
	date    vn.Date
	level   string
	members int64
	items   []*listItem
	known   bool // the programme is in the bundle
}

type handBody struct {
	Meeting string `json:"meeting"`
	Vote    string `json:"vote"`
	For     int64  `json:"for"`
	Against int64  `json:"against"`
	Other   int64  `json:"other"`
	Base    int64  `json:"base"`
}

// handDue is a vote by hand of a meeting that an entry rests on; the meeting
// records it in the same act, after it.
type handDue struct {
	entry int64
	what  rule.Words
	hand  handBody
}

type listBody struct {
	Contest  string          `json:"contest"`
	Event    string          `json:"event"`
	Item     string          `json:"item"`
	Kind     string          `json:"kind"`
	Round    int             `json:"round"`
	Opening  vn.Date         `json:"opening"`
	After    string          `json:"after"`
	Persons  []*listPerson   `json:"persons"`
	Person   string          `json:"person"`
	What     string          `json:"what"`
	Files    *int64          `json:"files"`
	HandedIn vn.Date         `json:"handed_in"`
	Support  *int64          `json:"support"`
	Present  *int64          `json:"attending"`
	Hand     *handBody       `json:"hand"`
	Verdicts []rule.Verdict  `json:"verdicts"`
	Seats    int64           `json:"seats"`
	Rule     string          `json:"rule"`
	Reading  string          `json:"reading"`
	Order    []string        `json:"order"`
	Form     string          `json:"form"`
	Most     int64           `json:"list_cap"`
	Choice   string          `json:"choice"`
	Date     json.RawMessage `json:"date"`
	Level    string          `json:"level"`
	Members  int64           `json:"members"`
	Items    []*listItem     `json:"items"`
}

// list holds an entry of a chain of elections against the chain before it.
func (l *law) list(e ledger.Entry) {
	var b listBody
	if err := json.Unmarshal(e.Body, &b); err != nil {
		l.verdicts.fail(Failure{e.Index, "", because("mục của danh sách bầu cử không đúng mẫu", "the entry of the list is not of the form", err)})
		return
	}
	c := l.lists[b.Event]
	if c == nil {
		c = &chainOf{}
		l.lists[b.Event] = c
	}
	switch e.Kind {
	case kindEvent:
		_ = json.Unmarshal(b.Date, &c.date)
		return
	case kindProgramme:
		c.programme(&b)
		return
	}
	if !c.known {
		l.unlisted[e.Subjects[0].ID] = true
		return
	}
	l.verdicts.Done++
	_, err := safe(func() (struct{}, error) { return struct{}{}, l.listEntry(c, e, &b) })
	var out *notHere
	switch {
	case errors.As(err, &out):
		l.unlisted[e.Subjects[0].ID] = true
	case err != nil:
		l.verdicts.fail(Failure{e.Index, "", because("danh sách bầu cử "+clip(b.Contest), "list of "+clip(b.Contest), err)})
	}
}

// notHere says that something a list stands on is not in the bundle.
type notHere struct{}

func (*notHere) Error() string { return "not in the bundle" }

func (c *chainOf) programme(b *listBody) {
	old := c.items
	c.level, c.members, c.items, c.known = b.Level, b.Members, b.Items, true
	for _, it := range c.items {
		for _, o := range old {
			if o.ID == it.ID {
				it.rounds = o.rounds
			}
		}
	}
}

func (c *chainOf) item(id string) *listItem {
	for _, it := range c.items {
		if it.ID == id {
			return it
		}
	}
	return nil
}

func (c *chainOf) round(contest string) (*listItem, *listRound) {
	for _, it := range c.items {
		for _, r := range it.rounds {
			if r.contest == contest {
				return it, r
			}
		}
	}
	return nil, nil
}

func (r *listRound) find(person string) *listPerson {
	for _, p := range r.persons {
		if p.Person == person {
			return p
		}
	}
	return nil
}

func (r *listRound) stand() []*listPerson {
	var out []*listPerson
	for _, p := range r.persons {
		if !p.out {
			out = append(out, p)
		}
	}
	return out
}

func (r *listRound) add(ps []*listPerson) {
	for _, p := range ps {
		r.persons = append(slices.DeleteFunc(r.persons, func(o *listPerson) bool { return o.Person == p.Person }), p)
	}
}

// day is the day of the item's meeting, or of the event.
func (l *law) day(c *chainOf, it *listItem) (vn.Date, error) {
	if it.Meeting == "" {
		return c.date, nil
	}
	m := l.meetings[it.Meeting]
	if m == nil {
		return vn.Date{}, &notHere{}
	}
	return m.Date, nil
}

func (l *law) listEntry(c *chainOf, e ledger.Entry, b *listBody) error {
	lib := l.shelf.Library()
	if e.Kind == kindListOpened {
		it := c.item(b.Item)
		if it == nil {
			return both("chương trình không có nội dung này", "the programme has no such item")
		}
		r := &listRound{contest: b.Contest, kind: b.Kind, after: b.After, n: b.Round, opening: b.Opening, seats: b.Seats, choices: map[string]string{}}
		r.add(b.Persons)
		it.rounds = append(it.rounds, r)
		return nil
	}
	it, r := c.round(b.Contest)
	if e.Kind == kindRoundClosed && (r == nil || b.Choice == "skip") {
		return nil
	}
	if r == nil {
		return both("danh sách chưa mở", "the list was not opened")
	}
	on, err := l.day(c, it)
	if err != nil {
		return err
	}
	switch e.Kind {
	case kindListed:
		r.add(b.Persons)
		for _, p := range b.Persons {
			x, err := l.examine(lib, c, it, r, p, on)
			if err != nil {
				return err
			}
			if len(x.Barred) > 0 && !x.Strike {
				return both("%s: quy định không cho vào danh sách (%s)", "%s: a rule bars the person (%s)", clip(p.Person), x.Barred[0].Verdict.Article)
			}
		}
		return nil
	case kindMoved:
		return l.moved(lib, c, it, r, e, b, on)
	case kindSeats:
		r.seats, r.voted = b.Seats, true
		if it.SeatsBy == "allotted" {
			return nil
		}
		return l.byHand(lib, e, rule.Words{VI: "số lượng cần bầu", EN: "number of seats"}, b, on)
	case kindReading:
		if err := lib.CheckChoices(on, map[string]string{b.Rule: b.Reading}); err != nil {
			return both("quy định không có cách hiểu này", "the rule has no such reading")
		}
		r.choices[b.Rule] = b.Reading
		return nil
	case kindListVoted:
		if err := l.listVoted(lib, c, it, r, e, b, on); err != nil {
			return err
		}
		r.order, r.form, r.seats = b.Order, b.Form, b.Seats
	case kindRoundClosed:
		if b.Choice == "answered-designated" {
			r.named = append(r.named, b.Person)
		}
		if b.Hand != nil {
			return l.byHand(lib, e, rule.Words{VI: "quyết định sau kết quả bầu", EN: "decision on a result"}, b, on)
		}
	}
	return nil
}

// moved follows what happened to a person: support, withdrawal, striking. Its
// verdicts are asked again.
func (l *law) moved(lib *rule.Library, c *chainOf, it *listItem, r *listRound, e ledger.Entry, b *listBody, on vn.Date) error {
	p := r.find(b.Person)
	if p == nil || p.out {
		return both("%s không có trong danh sách", "%s is not on the list", clip(b.Person))
	}
	switch b.What {
	case "accepted":
		p.accepted = true
	case "declined", "entered-by-mistake":
		p.out = true
	case "file":
		p.files, p.handedIn = b.Files, b.HandedIn
	case "support":
		if b.Support == nil || b.Present == nil || *b.Support > *b.Present {
			return both("số ủng hộ nhiều hơn số dự", "more support than attend")
		}
		p.support, p.present = b.Support, b.Present
		v, err := vote.Ask(lib, vote.RuleOutsideSupport, on, map[string]int64{"support": *b.Support, "attending": *b.Present}, nil)
		if err != nil {
			return err
		}
		if v.Recorded {
			return sameVerdicts(b.Verdicts, []rule.Verdict{v.Verdict})
		}
	case "withdrawal-asked":
		p.askedOut = true
	case "withdrawal-refused", "withdrawal-granted":
		if !p.askedOut {
			return both("%s chưa xin rút", "%s did not ask to withdraw", clip(b.Person))
		}
		p.askedOut, p.out = false, b.What == "withdrawal-granted"
		return l.byHand(lib, e, rule.Words{VI: "cho rút tên", EN: "withdrawal"}, b, on)
	case "struck":
		x, err := l.examine(lib, c, it, r, p, on)
		if err != nil {
			return err
		}
		if len(x.Barred) == 0 {
			return both("%s bị đưa ra khỏi danh sách mà không vướng quy định nào", "%s was struck although no rule bars the person", clip(b.Person))
		}
		for _, a := range x.Barred {
			if !slices.ContainsFunc(b.Verdicts, func(v rule.Verdict) bool { return string(bareVerdict(v)) == string(bareVerdict(a.Verdict)) }) {
				return both("căn cứ đưa ra khỏi danh sách tính lại không như đã ghi (%s)", "the reason for striking, asked again, is not as recorded (%s)", a.Verdict.Rule)
			}
		}
		p.out = true
		return l.byHand(lib, e, rule.Words{VI: "đưa ra khỏi danh sách", EN: "striking"}, b, on)
	case "left-by-poll":
		p.out = true
		return l.byHand(lib, e, rule.Words{VI: "danh sách sau khi xin ý kiến", EN: "list after the poll"}, b, on)
	}
	return nil
}

func (l *law) ground(c *chainOf, it *listItem, r *listRound, on vn.Date) vote.Ground {
	g := vote.Ground{Rules: it.Rules, On: on, Opening: r.opening, MembersMeeting: it.Body != "delegate-congress",
		AtCongress: it.Body == "delegate-congress" || it.Body == "member-congress", Grassroots: c.level == "grassroots" || c.level == "cell", Cell: c.level == "cell",
		Seats: r.seats, Round: r.n, Choices: r.choices, Calendar: vn.BuiltinCalendar()}
	if g.Seats < 1 {
		g.Seats = it.Seats
	}
	if g.Opening.IsZero() {
		g.Opening = on
	}
	return g
}

// examine asks the rules of lists about one person.
func (l *law) examine(lib *rule.Library, c *chainOf, it *listItem, r *listRound, p *listPerson, on vn.Date) (vote.Examined, error) {
	n := vote.Nominee{ID: p.Person, Origin: p.Origin, Outgoing: p.Outgoing, InBody: p.InBody, Probationary: p.Probationary, Temporary: p.Temporary,
		ByOutgoing: p.ByOutgoing, ByDelegate: p.ByDelegate, Files: p.files, HandedIn: p.handedIn, Support: p.support}
	source, limited := l.source(c, it)
	if limited {
		in := slices.Contains(source, p.Person)
		n.InSource = &in
	}
	g := l.ground(c, it, r, on)
	if p.present != nil {
		g.Attending = *p.present
	}
	return vote.Examine(lib, g, n)
}

// source is whom an item elects from among, by the results in the bundle.
func (l *law) source(c *chainOf, it *listItem) (out []string, limited bool) {
	from := c.item(it.From)
	for from != nil && len(from.rounds) == 0 && from.When != "" {
		from = c.item(from.From) // the rules have this body elect none
	}
	if from == nil {
		return nil, false
	}
	gone := map[string]bool{}
	for _, id := range it.Except {
		if x := c.item(id); x != nil {
			for _, p := range l.elected(x) {
				gone[p] = true
			}
		}
	}
	for _, p := range l.elected(from) {
		if !gone[p] {
			out = append(out, p)
		}
	}
	return out, true
}

func (l *law) elected(it *listItem) []string {
	var out []string
	for _, r := range it.rounds {
		if r.kind == "poll" {
			continue
		}
		if k := l.contests["contest/"+r.contest]; k != nil && k.result != nil {
			for _, x := range k.result.Results {
				if x.Outcome == vote.Elected || x.Outcome == vote.GoesOn || x.Outcome == vote.Alternate && it.Rules == "party-election/alternates" {
					out = append(out, x.Candidate)
				}
			}
		}
		out = append(out, r.named...)
	}
	return out
}

// listVoted holds a voted list against every rule of lists.
func (l *law) listVoted(lib *rule.Library, c *chainOf, it *listItem, r *listRound, e ledger.Entry, b *listBody, on vn.Date) error {
	kind := it.Rules
	if r.kind == "poll" {
		kind = "party-election/opinion-poll"
	}
	if poll := it.poll(); poll != nil && r.kind != "poll" {
		l.leave(r, poll)
	}
	stand := r.stand()
	var ids []string
	official := int64(0)
	for _, p := range stand {
		ids = append(ids, p.Person)
		if p.Origin == vote.Official {
			official++
		}
	}
	slices.Sort(ids)
	order := slices.Sorted(slices.Values(b.Order))
	if !slices.Equal(ids, order) {
		return both("người trong danh sách đã biểu quyết không phải những người đang đứng trong danh sách", "the persons on the voted list are not those who stand")
	}
	if err := listForm(lib, on, kind, b); err != nil {
		return err
	}
	switch r.kind {
	case "poll":
		return nil
	case "revote-tied":
		k := l.contests["contest/"+r.after]
		if k == nil || k.result == nil {
			return &notHere{}
		}
		var tied []string
		for _, x := range k.result.Results {
			if x.Outcome == vote.TiedOutcome {
				tied = append(tied, x.Candidate)
			}
		}
		slices.Sort(tied)
		if !slices.Equal(tied, order) || b.Seats != k.result.Unfilled {
			return both("danh sách bầu lại không phải những người bằng phiếu, hoặc sai số ghế còn lại", "the list of the vote among the tied is not that of the tied, or the seats left are not")
		}
		return nil
	}
	for _, p := range stand {
		if err := l.mayStand(lib, c, it, r, p, on); err != nil {
			return err
		}
	}
	want := r.seats
	if want < 1 {
		want = it.Seats
	}
	if b.Seats != want || it.SeatsBy == "voted" && !r.voted && r.n <= 1 {
		return both("số lượng cần bầu không phải số đã biểu quyết", "the number of seats is not the one voted")
	}
	if it.OwnTeam {
		return nil
	}
	if err := l.room(lib, c, it, r, b, on, official, int64(len(stand))); err != nil {
		return err
	}
	return l.byHand(lib, e, rule.Words{VI: "danh sách bầu cử", EN: "list"}, b, on)
}

// mayStand refuses a person who stood on the voted list against a rule.
func (l *law) mayStand(lib *rule.Library, c *chainOf, it *listItem, r *listRound, p *listPerson, on vn.Date) error {
	x, err := l.examine(lib, c, it, r, p, on)
	switch {
	case err != nil:
		return err
	case len(x.Barred) > 0:
		return both("%s đứng trong danh sách mà quy định không cho (%s, %s)", "%s stood on the list against a rule (%s, %s)", clip(p.Person), x.Barred[0].Verdict.Article, x.Barred[0].Verdict.Document)
	case len(x.Waits) > 0:
		return both("%s: còn thiếu “%s”", "%s: %s was missing", clip(p.Person), string(x.Waits[0]))
	case len(x.Open) > 0:
		return both("%s: quy định %s có cách hiểu khác nhau mà chưa chọn", "%s: readings of %s differ and none was chosen", clip(p.Person), x.Open[0].Rule)
	case p.Origin == vote.Nominated && !p.accepted:
		return both("%s: chưa nhận đề cử", "%s did not accept the nomination", clip(p.Person))
	case p.askedOut:
		return both("%s xin rút mà chưa được quyết định", "%s asked to withdraw and nobody decided", clip(p.Person))
	}
	return nil
}

// room holds the number of names against the surplus rules, and the duty of a
// poll.
func (l *law) room(lib *rule.Library, c *chainOf, it *listItem, r *listRound, b *listBody, on vn.Date, official, names int64) error {
	s, err := vote.Reckon(lib, l.ground(c, it, r, on), official, names)
	if err != nil {
		return err
	}
	if b.Most != s.Rooms[0].Most {
		return both("số dư tối đa ghi là %d người, tính lại là %d", "the largest list is given as %d, reckoned again it is %d", b.Most, s.Rooms[0].Most)
	}
	for _, o := range s.Rooms[1:] {
		if o.Most != s.Rooms[0].Most && (names > min(o.Most, s.Rooms[0].Most) || s.Rooms[0].Fits(names) != o.Fits(names)) {
			return both("cách làm tròn số dư khác nhau ở danh sách này mà chưa chọn cách hiểu", "readings of the surplus differ on this list and none was chosen")
		}
	}
	if !s.Rooms[0].Fits(names) {
		return both("danh sách %d người không đúng số dư (từ %d đến %d)", "a list of %d names does not fit the surplus (%d to %d)", names, s.Rooms[0].Least, s.Rooms[0].Most)
	}
	if it.poll() == nil && (s.Poll.Yes() || s.Duty.Yes() || len(s.Duty.Differs) > 0) {
		return both("phải lấy phiếu xin ý kiến về danh sách trước", "an opinion poll on the list had to come first")
	}
	return nil
}

func (it *listItem) poll() *listRound {
	for _, r := range it.rounds {
		if r.kind == "poll" {
			return r
		}
	}
	return nil
}

// leave takes off the list those whom its opinion poll left behind.
func (l *law) leave(r, poll *listRound) {
	k := l.contests["contest/"+poll.contest]
	if k == nil || k.result == nil || k.result.Status == vote.Unsettled || k.result.Status == vote.Refused {
		return
	}
	for _, x := range k.result.Results {
		if p := r.find(x.Candidate); p != nil && x.Outcome != vote.GoesOn && x.Outcome != vote.TiedOutcome {
			p.out = true
		}
	}
}

// listForm holds the form of the ballot against the rule of the day.
func listForm(lib *rule.Library, on vn.Date, kind string, b *listBody) error {
	book, err := lib.For(kind, on)
	if err != nil {
		return err
	}
	want := ""
	if p := book.Policy("form"); p != nil {
		if want = p.Choose; want == "by-surplus" {
			if want = "agree"; int64(len(b.Order)) > b.Seats {
				want = "strike"
			}
		}
	}
	if b.Form != want {
		return both("hình thức phiếu ghi là “%s”, theo quy định là “%s”", "the form of the ballot is given as %s, by the rule it is %s", clip(b.Form), want)
	}
	return nil
}

// byHand demands the vote by hand that an entry rests on: that of the meeting,
// which is looked for at the end, or one typed, which is asked again.
func (l *law) byHand(lib *rule.Library, e ledger.Entry, what rule.Words, b *listBody, on vn.Date) error {
	if b.Hand == nil {
		return both("không có biểu quyết", "there was no vote by hand")
	}
	if b.Hand.Meeting != "" {
		l.hands = append(l.hands, handDue{e.Index, what, *b.Hand})
		return nil
	}
	return typedHand(lib, on, *b.Hand, b.Verdicts)
}

// typedHand asks the majority of a vote that no meeting of the record reckoned.
func typedHand(lib *rule.Library, on vn.Date, h handBody, verdicts []rule.Verdict) error {
	if h.Base < 1 || h.For < 0 || h.Against < 0 || h.Other < 0 || h.For+h.Against+h.Other > h.Base {
		return both("số biểu quyết không hợp lệ", "the figures of the vote by hand are not valid")
	}
	a, err := vote.Ask(lib, "party-charter.resolution", on, map[string]int64{"in_favour": h.For, "base": h.Base}, nil)
	switch {
	case err != nil:
		return err
	case a.Recorded && !a.Holds:
		return both("biểu quyết %d trên %d không đủ quá bán", "%d of %d is no majority", h.For, h.Base)
	case a.Recorded && !slices.ContainsFunc(verdicts, func(v rule.Verdict) bool { return string(bareVerdict(v)) == string(bareVerdict(a.Verdict)) }):
		return both("căn cứ của biểu quyết tính lại không như đã ghi", "the reason of the vote by hand, asked again, is not as recorded")
	}
	return nil
}

// handsOfMeetings holds what entries say of votes by hand against the meetings.
func (l *law) handsOfMeetings() {
	for _, h := range l.hands {
		m := l.meetings[h.hand.Meeting]
		if m == nil {
			l.unlisted["meeting/"+h.hand.Meeting] = true
			continue
		}
		l.verdicts.Done++
		v := m.Vote(h.hand.Vote)
		if v == nil || v.For != h.hand.For || v.Against != h.hand.Against || v.Other != h.hand.Other || v.Status != "no-rule" && (!v.Passed || v.Base != h.hand.Base) {
			l.verdicts.fail(Failure{h.entry, "", rule.Words{
				VI: h.what.VI + ": không đúng biểu quyết đã thông qua tại cuộc họp " + clip(h.hand.Meeting),
				EN: h.what.EN + ": not the vote that passed at the meeting " + clip(h.hand.Meeting)}})
		}
	}
	n := 0
	for range l.unlisted {
		n++
	}
	if n > 0 {
		l.report.Notes = append(l.report.Notes, say("%d danh sách hoặc biểu quyết không tính lại được từ gói này: chương trình, cuộc họp hoặc kết quả mà chúng dựa vào không có trong gói; hãy lấy gói của cả sự kiện hoặc toàn bộ nhật ký",
			"%d lists or votes cannot be replayed from this bundle: the programme, meeting or result they stand on is not in it; take the bundle of the event or of the whole ledger", n))
	}
}

// onList holds recorded figures against the list as it was voted.
func (l *law) onList(c *contest) error {
	rec := c.record
	for _, ch := range l.lists {
		it, r := ch.round(rec.ID)
		if r == nil || r.order == nil {
			continue
		}
		on, err := l.day(ch, it)
		if err != nil {
			return nil // said already
		}
		kind := it.Rules
		if r.kind == "poll" {
			kind = "party-election/opinion-poll"
		}
		same := rec.Rules == kind && rec.Date == on && rec.Seats != nil && *rec.Seats == r.seats && (rec.Form == "" || rec.Form == r.form) && len(rec.Candidates) == len(r.order)
		for i := range r.order {
			same = same && rec.Candidates[i].ID == r.order[i]
		}
		if !same {
			return both("số liệu không phải của danh sách đã biểu quyết", "the figures are not those of the list that was voted")
		}
	}
	return nil
}
