package election

import (
	"fmt"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// figureFields says in which field of a recorded entry each input of a rule
// stands. An input that is reckoned from several fields (a sum, the base) is
// not listed: it has no single place.
var figureFields = map[string]string{
	"seats": "record.seats", "listed": "record.voters.listed", "voted": "record.voters.voted",
	"printed": "record.ballots.printed", "issued": "record.ballots.issued", "spoiled": "record.ballots.spoiled",
	"unused": "record.ballots.unused", "collected": "record.ballots.collected", "valid": "record.ballots.valid",
	"invalid": "record.ballots.invalid", "summoned": "record.base.summoned", "present": "record.base.present",
	"incumbents": "record.base.incumbents",
}

var lineFields = map[string]string{
	"votes": "record.votes.", "disagree": "record.disagree.", "middle": "record.middle.", "unmarked": "record.unmarked.",
}

// cite puts to each input of a verdict the entry and field it came from.
func (d *Detail) cite(v *rule.Verdict) {
	v.From = map[string]string{}
	for name := range v.Inputs {
		field := figureFields[name]
		if f, ok := lineFields[name]; ok && v.Subject != "" {
			field = f + v.Subject
		}
		switch {
		case field != "":
			v.From[name] = fmt.Sprintf("%d#%s", d.Version, field)
		case name == "base":
			v.From[name] = fmt.Sprintf("%d#result.denominator.count", d.Counted)
		}
	}
}

// MayAnnounce says whether a status may be told to the hall.
func MayAnnounce(status string) bool {
	switch vote.Status(status) {
	case vote.Decided, vote.Short, vote.Tied, vote.Invalid, vote.Counted:
		return true
	}
	return false
}

// StatusWords are the words of a status on screens and in minutes.
func StatusWords(status string) rule.Words {
	if w, ok := statusWords[vote.Status(status)]; ok {
		return w
	}
	return rule.Words{VI: status, EN: status}
}

var statusWords = map[vote.Status]rule.Words{
	vote.Refused:   {VI: "số liệu mâu thuẫn, chưa xác định kết quả", EN: "the figures contradict each other, no result"},
	vote.Invalid:   {VI: "cuộc bầu cử không có giá trị", EN: "the election does not count"},
	vote.Unsettled: {VI: "quy định chưa được xác nhận, phải có người quyết định", EN: "the rule is unverified, people must decide"},
	vote.Tied:      {VI: "bằng phiếu ở vị trí cuối", EN: "tied at the last seat"},
	vote.Short:     {VI: "chưa đủ số lượng được bầu", EN: "fewer elected than seats"},
	vote.Decided:   {VI: "đã có kết quả", EN: "decided"},
	vote.Counted:   {VI: "đã đếm, không có ngưỡng trong quy định", EN: "counted, no regulation sets a threshold"},
}

// OutcomeWords are the words of a candidate's outcome.
func OutcomeWords(o vote.Outcome) rule.Words { return outcomeWords[o] }

var outcomeWords = map[vote.Outcome]rule.Words{
	vote.Elected:      {VI: "Trúng cử", EN: "Elected"},
	vote.Alternate:    {VI: "Dự khuyết", EN: "Alternate"},
	vote.GoesOn:       {VI: "Vào vòng sau", EN: "Goes on"},
	vote.PassedNoSeat: {VI: "Quá bán, không trúng cử", EN: "Over half, no seat"},
	vote.TiedOutcome:  {VI: "Bằng phiếu", EN: "Tied"},
	vote.NotElected:   {VI: "Không trúng cử", EN: "Not elected"},
	vote.CountedOnly:  {VI: "Không kết luận", EN: "No verdict"},
}

// NextWords say what the rules ask for after the contest.
func NextWords(n vote.Next) rule.Words { return nextWords[n] }

var nextWords = map[vote.Next]rule.Words{
	vote.NextNone:       {VI: "Không còn việc phải làm", EN: "Nothing further"},
	vote.RevoteTied:     {VI: "Bầu lại giữa những người bằng phiếu", EN: "Vote again between those tied"},
	vote.SecondRound:    {VI: "Bầu tiếp lần sau", EN: "A further round"},
	vote.ExtraElection:  {VI: "Bầu cử thêm", EN: "Extra election"},
	vote.RepeatElection: {VI: "Bầu cử lại", EN: "Repeat election"},
	vote.AskUpper:       {VI: "Xin ý kiến cấp trên", EN: "Ask the upper level"},
}
