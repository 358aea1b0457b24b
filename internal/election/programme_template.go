package election

import (
	"slices"

	"minhbach/internal/rule"
)

// Template is a programme by kind of congress, to begin from.
type Template struct {
	ID    string
	Title rule.Words
	Level string
	Items []Item
}

func words(vi, en string) rule.Words { return rule.Words{VI: vi, EN: en} }

// The posts that an approved scheme plans persons for.
const (
	PlanSecretary = "secretary"
	PlanDeputy    = "deputy-secretary"
	PlanChair     = "inspection-chair"
)

var allPlans = []string{PlanSecretary, PlanDeputy, PlanChair}

const (
	delegateCongress  = "delegate-congress"
	memberCongress    = "member-congress"
	committeeMeeting  = "committee-meeting"
	inspectionMeeting = "inspection-committee-meeting"
)

// firstMeeting are the elections of a new committee at its first meeting, the
// committee being the item of that id.
func firstMeeting(of string, deputies int64) []Item {
	return []Item{
		{ID: "ban-thuong-vu", Rules: "party-election/standing-committee", Title: words("Bầu ban thường vụ", "Election of the standing committee"),
			Body: committeeMeeting, SeatsBy: SeatsVoted, From: of, Plans: allPlans},
		{ID: "bi-thu", Rules: "party-election/secretary", Title: words("Bầu bí thư", "Election of the secretary"),
			Body: committeeMeeting, Seats: 1, SeatsBy: SeatsFixed, From: "ban-thuong-vu", Plans: []string{PlanSecretary}},
		{ID: "pho-bi-thu", Rules: "party-election/deputy-secretary", Title: words("Bầu phó bí thư", "Election of the deputy secretaries"),
			Body: committeeMeeting, Seats: deputies, SeatsBy: SeatsVoted, From: "ban-thuong-vu", Except: []string{"bi-thu"}, Plans: []string{PlanDeputy}},
		{ID: "uy-ban-kiem-tra", Rules: "party-election/inspection-committee", Title: words("Bầu ủy ban kiểm tra", "Election of the inspection committee"),
			Body: committeeMeeting, SeatsBy: SeatsVoted, Plans: []string{PlanChair}},
		{ID: "chu-nhiem", Rules: "party-election/inspection-chair", Title: words("Bầu chủ nhiệm ủy ban kiểm tra", "Election of the inspection chair"),
			Body: committeeMeeting, Seats: 1, SeatsBy: SeatsFixed, From: "uy-ban-kiem-tra", Plans: []string{PlanChair}},
		{ID: "pho-chu-nhiem", Rules: "party-election/inspection-vice-chair", Title: words("Bầu phó chủ nhiệm ủy ban kiểm tra", "Election of the inspection vice-chairs"),
			Body: inspectionMeeting, SeatsBy: SeatsVoted, From: "uy-ban-kiem-tra", Except: []string{"chu-nhiem"}, Optional: true},
	}
}

func toUpperCongress(body string) []Item {
	return []Item{
		{ID: "dai-bieu", Rules: "party-election/delegates", Title: words("Bầu đại biểu dự đại hội cấp trên", "Election of delegates to the upper congress"),
			Body: body, SeatsBy: SeatsAllotted},
		{ID: "dai-bieu-du-khuyet", Rules: "party-election/alternates", Title: words("Bầu đại biểu dự khuyết", "Election of alternate delegates"),
			Body: body, SeatsBy: SeatsVoted, Rest: "dai-bieu", Optional: true},
	}
}

func congress(body string, deputies int64) []Item {
	items := []Item{
		{ID: "ban-chap-hanh", Rules: "party-election/committee", Title: words("Bầu ban chấp hành", "Election of the executive committee"),
			Body: body, SeatsBy: SeatsVoted, Plans: allPlans},
		{ID: "gioi-thieu-bi-thu", Rules: "party-election/secretary-introduction-poll", Title: words("Lấy phiếu giới thiệu bí thư", "Introduction poll for secretary"),
			Body: body, Seats: 1, SeatsBy: SeatsFixed, From: "ban-chap-hanh", Plans: []string{PlanSecretary}, Optional: true, OwnTeam: true},
	}
	items = append(items, firstMeeting("ban-chap-hanh", deputies)...)
	return append(items, toUpperCongress(body)...)
}

var templates = []Template{
	{ID: "provincial-delegates", Title: words("Đại hội đại biểu đảng bộ tỉnh", "Provincial congress of delegates"), Level: "province", Items: congress(delegateCongress, 0)},
	{ID: "district-delegates", Title: words("Đại hội đại biểu đảng bộ huyện và tương đương, xã, phường", "District congress of delegates and equivalent"), Level: "district", Items: congress(delegateCongress, 0)},
	{ID: "grassroots-members", Title: words("Đại hội đảng viên đảng bộ cơ sở", "Members' congress of a grassroots body"), Level: "grassroots", Items: grassroots()},
	{ID: "cell", Title: words("Đại hội chi bộ", "Cell congress"), Level: "cell", Items: cell()},
	{ID: "first-meeting", Title: words("Hội nghị lần thứ nhất của ban chấp hành", "First meeting of the committee"), Level: "district", Items: meetingAlone()},
}

// grassroots: a committee below the size of the rule elects no standing
// committee; secretary and deputy then come from the committee.
func grassroots() []Item {
	items := congress(memberCongress, 1)
	for i := range items {
		if items[i].ID == "ban-thuong-vu" {
			items[i].When = "charter-rules.standing-committee"
		}
		if items[i].ID == "uy-ban-kiem-tra" || items[i].ID == "chu-nhiem" {
			items[i].Optional = true
		}
	}
	return items
}

// cell: committee (from a number of members up), secretary, one deputy, all by
// the cell itself; delegates.
func cell() []Item {
	items := []Item{
		{ID: "chi-uy", Rules: "party-election/cell-committee", Title: words("Bầu chi ủy", "Election of the cell committee"),
			Body: memberCongress, SeatsBy: SeatsVoted, When: "charter-rules.cell-committee"},
		{ID: "bi-thu", Rules: "party-election/secretary", Title: words("Bầu bí thư chi bộ", "Election of the cell secretary"),
			Body: memberCongress, Seats: 1, SeatsBy: SeatsFixed, From: "chi-uy"},
		{ID: "pho-bi-thu", Rules: "party-election/deputy-secretary", Title: words("Bầu phó bí thư chi bộ", "Election of the cell deputy secretary"),
			Body: memberCongress, Seats: 1, SeatsBy: SeatsVoted, From: "chi-uy", Except: []string{"bi-thu"}, Optional: true},
	}
	up := toUpperCongress(memberCongress)
	up[0].Optional = true
	return append(items, up...)
}

// meetingAlone is the first meeting on its own: the committee was elected
// under another event, so no item of this programme gives its members.
func meetingAlone() []Item {
	items := firstMeeting("", 0)
	items[0].From = ""
	return items
}

// Templates lists the templates in the order of forms.
func Templates() []Template { return slices.Clone(templates) }

// TemplateOf finds a template.
func TemplateOf(id string) (Template, bool) {
	i := slices.IndexFunc(templates, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return Template{}, false
	}
	t := templates[i]
	t.Items = slices.Clone(t.Items)
	return t, true
}
