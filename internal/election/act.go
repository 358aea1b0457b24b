package election

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

var idPattern = regexp.MustCompile(`^[a-z0-9]+(?:[-./][a-z0-9]+)*$`)

// OpenEvent opens an event so that contests can be recorded under it.
type OpenEvent struct {
	ID       string
	Kind     string
	Date     vn.Date
	Org      string
	Title    rule.Words
	Sample   bool
	Official *Official
}

func (a OpenEvent) Name() string    { return "election.open-event" }
func (a OpenEvent) Subject() string { return EventSubject(a.ID) }
func (a OpenEvent) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide records the event, or names the field that is wrong.
func (a OpenEvent) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	switch {
	case !idPattern.MatchString(a.ID) || len(a.ID) > 60 || strings.Contains(a.ID, "/"):
		return nil, desk.Wrong("id", "Mã sự kiện chỉ gồm chữ thường không dấu, số và dấu gạch nối, tối đa 60 ký tự.",
			"The event id is made of lower-case letters without marks, digits and hyphens, 60 characters at most.")
	case !kindKnown(a.Kind):
		return nil, desk.Wrong("kind", "Hãy chọn loại sự kiện.", "Choose the kind of event.")
	case a.Date.IsZero():
		return nil, desk.Wrong("date", "Thiếu ngày bầu cử hoặc ngày họp.", "The polling day or meeting day is missing.")
	}
	if err := checkTitle("title", a.Title); err != nil {
		return nil, err
	}
	if _, ok, err := findEvent(ctx, s.Tx, a.ID); err != nil {
		return nil, err
	} else if ok {
		return nil, desk.Wrong("id", "Đã có sự kiện mang mã này.", "There is an event with this id already.")
	}
	return []desk.Draft{{Kind: KindEventOpened, Subjects: []string{a.Subject()},
		Body: eventBody{a.ID, a.Kind, a.Date, a.Org, a.Title, a.Sample, a.Official}}}, nil
}

// EventKinds are the kinds of event, in the order of forms.
var EventKinds = []struct {
	ID    string
	Title rule.Words
}{
	{"national-assembly", rule.Words{VI: "Bầu cử đại biểu Quốc hội", EN: "National Assembly election"}},
	{"peoples-council", rule.Words{VI: "Bầu cử đại biểu Hội đồng nhân dân", EN: "People's Council election"}},
	{"congress", rule.Words{VI: "Đại hội đảng bộ, chi bộ", EN: "Party congress"}},
	{"committee-meeting", rule.Words{VI: "Hội nghị cấp ủy", EN: "Party committee meeting"}},
	{EventOwn, rule.Words{VI: "Việc bỏ phiếu, lấy phiếu riêng", EN: "A vote or poll of its own"}},
}

func kindKnown(id string) bool {
	for _, k := range EventKinds {
		if k.ID == id {
			return true
		}
	}
	return false
}

func checkTitle(field string, w rule.Words) error {
	if strings.TrimSpace(w.VI) == "" {
		return desk.Wrong(field, "Thiếu tên gọi.", "The title is missing.")
	}
	if len(w.VI) > maxTitle || len(w.EN) > maxTitle {
		return desk.Wrong(field, fmt.Sprintf("Tên gọi dài quá %d ký tự.", maxTitle), fmt.Sprintf("The title is longer than %d characters.", maxTitle))
	}
	return nil
}

// AnnounceResult opens the hall display: the head of the counting board has
// reported to the presidium.
type AnnounceResult struct {
	Contest string
	Org     string // of the event
}

func (a AnnounceResult) Name() string    { return "election.announce-result" }
func (a AnnounceResult) Subject() string { return ContestSubject(a.Contest) }
func (a AnnounceResult) Need() desk.Need {
	return desk.Need{Right: desk.AnnounceContest, Org: a.Org, Case: a.Subject()}
}

// Decide refuses while the figures contradict each other or people must still
// decide: a hall is not told what the rules have not settled.
func (a AnnounceResult) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	c, err := mustContest(ctx, s.Tx, a.Contest, a.Org)
	if err != nil {
		return nil, err
	}
	if !MayAnnounce(c.Status) {
		return nil, desk.Refuse("Chưa thể công bố: "+StatusWords(c.Status).VI+". Hãy xử lý các điểm nêu trong kết quả đối chiếu quy định trước.",
			"It cannot be announced yet: "+StatusWords(c.Status).EN+". Settle the points listed in the verdict first.")
	}
	if c.Announced == c.Counted {
		return nil, desk.Refuse("Kết quả này đã được công bố.", "This result has been announced already.")
	}
	return []desk.Draft{{Kind: KindAnnounced, Subjects: []string{a.Subject()}, Body: announcedBody{a.Contest, c.Counted}}}, nil
}

// mustContest is the contest in force, provided it belongs to the
// organisation the actor's right was asked for.
func mustContest(ctx context.Context, tx *store.Tx, id, org string) (*Row, error) {
	c, ok, err := findRow(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !ok || c.Org != org {
		return nil, desk.Missing("Không có cuộc bầu cử này.", "There is no such contest.")
	}
	return c, nil
}
