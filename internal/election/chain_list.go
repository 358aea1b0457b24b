package election

import (
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Reckoning is a list reckoned: who stands, what is missing, whether it can be
// put to the vote.
type Reckoning struct {
	vote.Surplus
	Blocks []Block // why the list cannot be voted yet, first things first
	// Open are the answers on which readings of the rules differ.
	Open []vote.Asked
	// RoomOpen says that readings of the surplus rule differ on this list.
	RoomOpen bool
	Notes    []Block // what is worth knowing and stops nothing
}

// Block is one reason why something cannot be done yet, with the verdict that
// says so where a rule does.
type Block struct {
	Says    rule.Words
	Person  string
	Verdict *rule.Verdict
}

func (b *Reckoning) block(vi, en string) {
	b.Blocks = append(b.Blocks, Block{Says: rule.Words{VI: vi, EN: en}})
}

// ground is what the rules of the list are asked with.
func (c *Chain) ground(s *ItemState, r *Round) vote.Ground {
	g := vote.Ground{Rules: s.Rules, On: c.Day(s), Opening: r.Opening, MembersMeeting: s.Body != delegateCongress,
		AtCongress: s.Body == delegateCongress || s.Body == memberCongress,
		Grassroots: c.Programme.Level == "grassroots" || c.Programme.Level == "cell", Cell: c.Programme.Level == "cell",
		Seats: r.seats(s), Round: r.N, Choices: r.Choices}
	if g.Opening.IsZero() {
		g.Opening = c.Day(s)
	}
	return g
}

// seats are the seats voted, or those the programme knows.
func (r *Round) seats(s *ItemState) int64 {
	if r.Seats > 0 {
		return r.Seats
	}
	return s.Seats
}

// examine asks the rules about every person that stands.
func (c *Chain) examine(lib *rule.Library, s *ItemState, r *Round) error {
	source, limited := c.Source(s)
	of := map[string]bool{}
	for _, n := range source {
		of[n.Person] = true
	}
	for _, n := range r.Stand() {
		x, err := vote.Examine(lib, c.groundFor(s, r, n), n.asked(limited, of[n.Person]))
		if err != nil {
			return err
		}
		n.Examined = x
	}
	return nil
}

// groundFor: support is of those attending when it was voted.
func (c *Chain) groundFor(s *ItemState, r *Round, n *Nominee) vote.Ground {
	g := c.ground(s, r)
	if n.Attending != nil {
		g.Attending = *n.Attending
	}
	return g
}

func (n *Nominee) asked(limited, inSource bool) vote.Nominee {
	v := vote.Nominee{ID: n.Person, Origin: n.Origin, Outgoing: n.Outgoing, InBody: n.InBody, Probationary: n.Probationary,
		Temporary: n.Temporary, ByOutgoing: n.ByOutgoing, ByDelegate: n.ByDelegate, Files: n.Files, HandedIn: n.HandedIn, Support: n.Support}
	if limited {
		v.InSource = &inSource
	}
	return v
}

// Reckon reckons the list of the item's round now.
func (c *Chain) Reckon(lib *rule.Library, s *ItemState, r *Round) (*Reckoning, error) {
	k := &Reckoning{}
	stand := r.Stand()
	official := int64(0)
	for _, n := range stand {
		if n.Origin == vote.Official {
			official++
		}
		k.person(n, s, r)
	}
	if len(stand) == 0 {
		k.block("Danh sách chưa có ai.", "Nobody is on the list yet.")
	}
	if r.seats(s) < 1 {
		k.block("Chưa có số lượng cần bầu: hãy ghi biểu quyết số lượng trước.", "The number of seats is not there yet: record the vote on the number first.")
		return k, nil
	}
	if s.SeatsBy == SeatsVoted && !r.SeatsVoted && r.N <= 1 {
		k.block("Đại hội (hội nghị) chưa biểu quyết số lượng cần bầu.", "The congress (meeting) has not voted the number of seats.")
	}
	if r.Kind == RoundRevote || s.OwnTeam {
		return k, nil // the list of the tied and of a poll follows from a result
	}
	if s.When != nil && len(s.When.Differs) > 0 {
		k.Open = append(k.Open, *s.When)
	}
	var err error
	if k.Surplus, err = vote.Reckon(lib, c.ground(s, r), official, int64(len(stand))); err != nil {
		return nil, err
	}
	k.room(s, r)
	return k, nil
}

// person adds what one name still needs.
func (k *Reckoning) person(n *Nominee, s *ItemState, r *Round) {
	who := n.Show("vi")
	add := func(vi, en string, v *rule.Verdict) {
		k.Blocks = append(k.Blocks, Block{Says: rule.Words{VI: who + ": " + vi, EN: n.Show("en") + ": " + en}, Person: n.Person, Verdict: v})
	}
	for i := range n.Examined.Barred {
		v := &n.Examined.Barred[i].Verdict
		add(lower(v.Says.VI), lower(v.Says.EN), v)
	}
	if n.Examined.NoDays {
		k.Notes = append(k.Notes, Block{Person: n.Person, Says: rule.Words{
			VI: who + ": lịch nghỉ lễ trong chương trình chưa đến ngày khai mạc nên chưa tính được số ngày làm việc; hãy tự kiểm tra hạn nộp hồ sơ.",
			EN: n.Show("en") + ": the table of holidays does not reach the opening day, so working days cannot be counted; check the file deadline by hand."}})
	}
	if len(n.Examined.Barred) > 0 {
		return // struck first; nothing else is asked of the person
	}
	k.Open = append(k.Open, n.Examined.Open...)
	for _, w := range n.Examined.Waits {
		switch w {
		case vote.WaitFile:
			add("hồ sơ chưa đủ hoặc chưa ghi ngày nộp.", "the file is not complete or its day was not recorded.", nil)
		case vote.WaitSupport:
			add("chưa ghi số người dự ủng hộ.", "the support of those attending was not recorded.", nil)
		}
	}
	if n.Origin == vote.Nominated && n.Accepted == nil {
		add("chưa ghi có nhận đề cử hay không.", "acceptance of the nomination was not recorded.", nil)
	}
	if n.AskedOut {
		add("xin rút, chờ đại hội (hội nghị) quyết định.", "asks to withdraw; the congress (meeting) must decide.", nil)
	}
}

// room holds the list against the surplus rules. Where readings of the
// rounding differ and the list is long enough for it to matter, the reading
// comes first: without it nobody can say how long the list may be.
func (k *Reckoning) room(s *ItemState, r *Round) {
	if k.Prepared.Recorded && !k.Prepared.Holds && !k.HeadTie.Yes() {
		k.Notes = append(k.Notes, Block{Says: k.Prepared.Verdict.Says, Verdict: &k.Prepared.Verdict})
	}
	if k.differs() {
		k.RoomOpen = true
		k.block("Cách làm tròn số dư chưa có văn bản xác định và các cách hiểu cho kết quả khác nhau ở danh sách này: hãy ghi cách hiểu mà đại hội (hội nghị) theo.",
			"How the surplus is rounded stands in no text seen, and the readings differ on this list: record the reading the congress (meeting) follows.")
		return
	}
	if s.Poll() == nil {
		for _, a := range []*vote.Asked{&k.Poll, &k.Duty} {
			if a.Yes() {
				k.Blocks = append(k.Blocks, Block{Says: a.Verdict.Says, Verdict: &a.Verdict})
				return
			}
		}
		if len(k.Duty.Differs) > 0 {
			k.Open = append(k.Open, k.Duty)
		}
	} else if k.polled(s.Poll()) {
		return
	}
	if !k.Rooms[0].Fits(k.Names) {
		k.block(roomWords(k.Rooms[0], k.Names, k.Seats, "vi"), roomWords(k.Rooms[0], k.Names, k.Seats, "en"))
	}
	if len(k.Open) > 0 {
		k.block("Có quy định chưa xác minh mà các cách hiểu cho kết quả khác nhau: hãy ghi cách hiểu được chọn.",
			"An unverified rule has readings that differ here: record the reading chosen.")
	}
}

// polled says whether the poll on the list keeps it from going on, and why.
func (k *Reckoning) polled(p *Round) bool {
	switch {
	case p.Row == nil:
		k.block("Đang lấy phiếu xin ý kiến về danh sách: chờ kết quả.", "The opinion poll on the list is going on: wait for its result.")
	case vote.Status(p.Row.Status) == vote.Refused || vote.Status(p.Row.Status) == vote.Unsettled:
		k.block("Kết quả lấy phiếu xin ý kiến chưa xác định ("+StatusWords(p.Row.Status).VI+"): xử lý ở trang kết quả của việc lấy phiếu trước.",
			"The result of the opinion poll is not settled ("+StatusWords(p.Row.Status).EN+"): settle it on the page of the poll first.")
	case vote.Status(p.Row.Status) == vote.Tied && !k.Rooms[0].Fits(k.Names):
		k.block("Có người bằng phiếu ở chỗ cuối của danh sách khi xin ý kiến: đại hội (hội nghị) biểu quyết ai không vào danh sách.",
			"Some are tied at the last place of the poll: the congress (meeting) votes who does not enter the list.")
	default:
		return false
	}
	return true
}

// differs says whether readings of the rounding matter for so many names.
func (k *Reckoning) differs() bool {
	for _, r := range k.Rooms[1:] {
		if r.Most != k.Rooms[0].Most && (k.Names > min(r.Most, k.Rooms[0].Most) || k.Rooms[0].Fits(k.Names) != r.Fits(k.Names)) {
			return true
		}
	}
	return false
}

// Show is the name, or the words for an erased one.
func (n *Nominee) Show(lang string) string {
	if n.Name == "" {
		return n.Person + " " + Erased.In(lang)
	}
	return n.Name
}

// roomWords says what a list of n names lacks or has too many of.
func roomWords(room vote.Room, n, seats int64, lang string) string {
	num := func(v int64) string { return vn.Thousands(v) }
	vi := lang == "vi"
	switch {
	case room.Least == 0 && vi:
		return "Bầu " + num(seats) + " người: theo quy định về số dư không có số người nào trong danh sách là đúng; hãy ghi cách hiểu được chọn."
	case room.Least == 0:
		return "With " + num(seats) + " seats no number of names satisfies the surplus rules; record the reading chosen."
	case n < room.Least && vi:
		return "Danh sách mới có " + num(n) + " người, bầu " + num(seats) + " người phải có ít nhất " + num(room.Least) + " người."
	case n < room.Least:
		return "The list has " + num(n) + " names; for " + num(seats) + " seats at least " + num(room.Least) + " are needed."
	case vi:
		return "Danh sách có " + num(n) + " người, bầu " + num(seats) + " người thì nhiều nhất là " + num(room.Most) + " người."
	}
	return "The list has " + num(n) + " names; for " + num(seats) + " seats at most " + num(room.Most) + " are allowed."
}

// lower makes a sentence the second half of one.
func lower(s string) string {
	for i, r := range s {
		return strings.ToLower(string(r)) + s[i+len(string(r)):]
	}
	return s
}
