package web

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// congress is a provincial congress of 350 delegates on its day in October 2020,
// played through the screens from an empty house: nothing but the organisation
// stands in the record when it begins.
type congress struct {
	t       *testing.T
	h       *house
	root    context.Context // of the browser
	officer *seat
	other   *seat             // the second officer
	event   string            // id of the event
	sits    string            // path of the congress as a meeting
	first   string            // path of the first meeting of the committee
	ids     map[string]string // persons by "name; birth"
	board   []*seat           // of the congress, head first
	small   []*seat           // of the first meeting
}

const (
	wholeDay     = "14/10/2020"
	wholeTitle   = "Đại hội đại biểu Đảng bộ tỉnh Mẫu lần thứ XVIII"
	wholeMeeting = "Hội nghị lần thứ nhất Ban Chấp hành Đảng bộ tỉnh khóa XVIII"
)

// delegateLine is an invented delegate as the list has him: name; birth. 9 and
// 58 bear the same name and are told apart by birth.
func delegateLine(i int) string {
	family := []string{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Phan"}
	middle := []string{"Văn", "Thị", "Đức", "Minh", "Quang"}
	given := []string{"An", "Bảo", "Bích", "Chiến", "Cường", "Diệu", "Dũng", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hương", "Khánh", "Lan",
		"Lâm", "Long", "Mai", "Nam", "Ngọc", "Oanh", "Phúc", "Phương", "Quân", "Sơn", "Thảo", "Thắng", "Tuấn", "Vân"}
	k, born := i-1, 1962+(i-1)*7%24
	if i == 58 {
		k, born = 8, 1979
	}
	return fmt.Sprintf("%s %s %s; %d", family[k%len(family)], middle[(k/11+k)%len(middle)], given[(k*7+k/30)%len(given)], born)
}

func delegateLines(from, to int) (out []string) {
	for i := from; i <= to; i++ {
		out = append(out, delegateLine(i))
	}
	return out
}

func pasted(lines []string) string { return strings.Join(lines, "\n") }

// TestWholeCongressByScreens: 350 summoned, four outgoing members and two
// delegates absent (base 344, half is 173); 51 from 58; the introduction poll
// for the secretary names another than the scheme and the chain pauses until
// the upper level answers; standing committee with a tie voted again,
// secretary, three deputies, inspection committee with a failed seat and a
// second round, its chair; delegates and their alternates. Officers, counting
// boards and chair sit at browsers of their own, all open at once; the boards
// come in with the codes of their paper slips.
func TestWholeCongressByScreens(t *testing.T) {
	h := newHouseThen(t, storetest.SQLite(t), time.Date(2020, 10, 14, 2, 0, 0, 0, time.UTC))
	h.do("canbo", org.Found{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01"),
		Decision: org.Decision{Number: "01-QĐ/TU (mẫu)", Date: vn.MustDate("1990-01-01"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}})
	root := browserFor(t, 12*time.Minute)
	c := &congress{t: t, h: h, root: root, officer: h.sit(t, root, "canbo"), other: h.sit(t, root, "canbo2"), event: "dai-hoi-xviii"}
	c.summoned()
	c.organs()
	c.programme()
	c.board = c.accounts(c.sits, 300, 301, 302, 1)
	c.committee()
	c.introduction()
	c.firstMeeting()
	c.inspection()
	c.delegation()
	for _, s := range c.chain().Items {
		if !s.State.Over() {
			t.Errorf("%s is %s at the end", s.ID, s.State)
		}
	}
	c.officer.open(c.programmePath())
	c.officer.says("Đã xong mọi nội dung")
	picture(t, c.officer.ctx, "whole-programme")
}

func (c *congress) programmePath() string { return "/bau-cu/su-kien/" + c.event + "/chuong-trinh" }

func (c *congress) list(round string) string {
	return "/bau-cu/su-kien/" + c.event + "/danh-sach/" + round
}

func (c *congress) chain() *election.Chain {
	c.t.Helper()
	lib, err := rule.Builtin()
	var out *election.Chain
	if err == nil {
		err = c.h.desk.Read(context.Background(), func(tx *store.Tx) (err error) {
			out, err = election.LoadChain(context.Background(), tx, lib, c.event)
			return err
		})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

func (c *congress) is(item string, want election.State, elected int) {
	c.t.Helper()
	for _, s := range c.chain().Items {
		if s.ID == item && (s.State != want || len(s.Elected()) != elected) {
			c.t.Fatalf("%s is %s with %d elected, want %s with %d", item, s.State, len(s.Elected()), want, elected)
		}
	}
}

// of are the persons of delegates by number.
func (c *congress) of(numbers ...int) (out []string) {
	c.t.Helper()
	for _, n := range numbers {
		id := c.ids[delegateLine(n)]
		if id == "" {
			c.t.Fatalf("no person for %q", delegateLine(n))
		}
		out = append(out, id)
	}
	return out
}

func span(from, to int) (out []int) {
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

// where is the path of the page the officer is at.
func (c *congress) where() string {
	return ask[string](c.t, c.officer.ctx, "where", `location.pathname`)
}

// meeting opens a meeting by its form and gives its path.
func (c *congress) meeting(fill filled) string {
	c.t.Helper()
	fill["date"], fill["level"], fill["org"], fill["term"] = wholeDay, "province", "org/tinh", "2020 - 2025"
	c.officer.does("/hop/viec/mo", `form[action="/hop/viec/mo"]`, fill)
	return strings.TrimSuffix(c.where(), "/trieu-tap")
}

// summoned: the list of delegates is pasted, the roll taken, and the six absent
// taken off the base, each by name and reason.
func (c *congress) summoned() {
	t, o := c.t, c.officer
	c.sits = c.meeting(filled{"title": wholeTitle, "body": "delegate-congress"})
	typed := doing("typed")
	o.does(c.sits+"/trieu-tap", typed, filled{"typed": pasted(delegateLines(1, 44)), "standing": "delegate", "convening": true})
	o.does(c.sits+"/trieu-tap", typed, filled{"typed": pasted(delegateLines(45, 350)), "standing": "delegate"})
	o.does(c.sits, doing("session-open"), filled{"title": "Phiên bầu cử", "voting": true})
	o.says("350 triệu tập")
	rows := ask[string](t, o.ctx, "persons", `JSON.stringify(Object.fromEntries([...document.querySelectorAll('tr:has(input[value=absent])')].map(r=>{
		var th=r.querySelector('th'),born=th.querySelector('small').textContent.trim();return [th.firstChild.textContent.trim()+'; '+born,r.querySelector('input').name.slice(2)]})))`)
	if err := json.Unmarshal([]byte(rows), &c.ids); err != nil || len(c.ids) != 350 {
		t.Fatalf("%d persons on the roll, %v", len(c.ids), err)
	}
	away := filled{"do": "rest"}
	absent := append(c.of(41, 42, 43, 44), c.of(349, 350)...)
	for _, id := range absent {
		away["m."+id] = "absent"
	}
	if problem := o.sends("form:has(.roll-do)", away); problem != "" {
		t.Fatal(problem)
	}
	for i, id := range absent {
		reason := "convening-member-absent-throughout"
		if i >= 4 {
			reason = "delegate-absent-without-alternate"
		}
		o.does(c.sits, doing("deduct"), filled{"person": id, "code": reason, "reason": "Ốm nặng, có đơn xin vắng suốt đại hội"})
	}
	o.says("350 − 4 − 2 = 344", "173")
	picture(t, o.ctx, "whole-meeting")
}

// organs: presidium, secretaries, credentials board, counting board and the poll
// team, each by hands.
func (c *congress) organs() {
	path := c.sits + "/bo-phan"
	form := `form[action$="/bo-phan"]`
	for _, x := range []struct {
		organ   string
		members []int
		more    filled
	}{{"presidium", span(1, 9), nil}, {"secretaries", span(290, 292), nil}, {"credentials-board", span(280, 286), nil},
		{"counting-board", span(300, 308), nil}, {"poll-team", span(300, 302), nil}} {
		ids := c.of(x.members...)
		c.officer.does(path, form, filled{"organ": x.organ, "head": ids[0], "member": ids, "for": "342", "other": "2"})
	}
	picture(c.t, c.officer.ctx, "whole-organs")
}

// programme: the event, its chain from the template, and the meeting that votes.
func (c *congress) programme() {
	o := c.officer
	o.does("/bau-cu", `form[action="/bau-cu"]`, filled{"title": wholeTitle, "kind": "congress", "date": wholeDay, "id": c.event, "org": "Tỉnh ủy Mẫu"})
	o.does(c.programmePath(), `form:has([name=template])`, filled{"template": "provincial-delegates"})
	c.attach(c.sits, "ban-chap-hanh", "gioi-thieu-bi-thu", "dai-bieu", "dai-bieu-du-khuyet")
}

func (c *congress) attach(meeting string, items ...string) {
	fill := filled{}
	for _, item := range items {
		fill["meeting-"+item] = strings.TrimPrefix(meeting, "/hop/")
	}
	c.officer.does(c.programmePath()+"/sua", `form[action$="/chuong-trinh/sua"]`, fill)
}

// accounts: one officer opens those of the board and the chair, the other
// confirms, the slips are made, and the delegates of these numbers come in with
// theirs.
func (c *congress) accounts(meeting string, numbers ...int) (out []*seat) {
	c.t.Helper()
	path := meeting + "/tai-khoan"
	c.officer.does(path, doing("open"), nil)
	c.officer.says("chờ một cán bộ khác xác nhận")
	picture(c.t, c.officer.ctx, "whole-accounts")
	c.other.does(path, doing("confirm"), nil)
	c.officer.does(path, doing("slips"), nil)
	picture(c.t, c.officer.ctx, "whole-slips")
	type paper struct{ Login, Link, Code string }
	var slips map[string]paper
	text := ask[string](c.t, c.officer.ctx, "slips", `JSON.stringify(Object.fromEntries([...document.querySelectorAll('.slip-sheet')].map(s=>{var d=s.querySelectorAll('dd');
		return [s.querySelector('h2').textContent,{Login:d[0].textContent,Link:new URL(d[1].textContent).pathname,Code:s.querySelector('.slip li').textContent}]})))`)
	if err := json.Unmarshal([]byte(text), &slips); err != nil {
		c.t.Fatal(err)
	}
	for _, n := range numbers {
		name, _, _ := strings.Cut(delegateLine(n), ";")
		s, ok := slips["Phiếu mã của "+name+", chỉ hiện lúc này"]
		if !ok {
			c.t.Fatalf("no slip for %s among %v", name, slips)
		}
		one := c.h.sit(c.t, c.root, "")
		one.name = s.Login
		const secret = "một câu đủ dài của ban"
		one.does(s.Link, "form", filled{"password": secret, "again": secret})
		one.does("/dang-nhap", `form[action="/dang-nhap"]`, filled{"name": s.Login, "password": secret})
		if problem := one.sends(`form[action="/dang-nhap/ma"]`, filled{"code": s.Code}); problem != "" {
			c.t.Fatal(problem)
		}
		out = append(out, one)
	}
	return out
}

// committee: the list of 58, one nominated who declines, one who may not
// withdraw, 51 elected.
func (c *congress) committee() {
	o, path := c.officer, c.list("ban-chap-hanh")
	hand := filled{"for": "341", "against": "1", "other": "2"}
	with := func(more filled) filled {
		for k, v := range hand {
			more[k] = v
		}
		return more
	}
	o.does(path, doing("open"), nil)
	add := func(lines []string, more filled) {
		c.t.Helper()
		more["typed"] = pasted(lines)
		if more["origin"] == nil {
			more["origin"] = "official"
		}
		o.does(path, doing("add"), more)
	}
	add(delegateLines(1, 1), filled{"planned": "secretary"})
	add(delegateLines(2, 4), filled{"planned": "deputy-secretary"})
	add(delegateLines(5, 5), filled{"planned": "inspection-chair"})
	add(delegateLines(6, 58), filled{})
	add([]string{"Lê Văn Người Ngoài Danh Sách; 1970"}, filled{"origin": "nominated", "by_delegate": true})
	o.says("Gõ tay, chưa nối với danh sách cán bộ")
	_, r := c.chain().Round(c.event + "/ban-chap-hanh")
	for _, n := range r.Persons[:58] {
		if !strings.HasPrefix(n.Person, "person/") {
			c.t.Fatalf("%s (%s) is not tied to the delegate he is", n.Name, n.Born)
		}
	}
	o.does(path, doing("move"), filled{"person": r.Persons[58].Person, "what": "declined", "reason": "Không nhận đề cử"})
	out := c.of(40)[0]
	o.does(path, doing("move"), filled{"person": out, "what": "withdrawal-asked", "reason": "Sức khỏe"})
	o.does(path, doing("move"), with(filled{"person": out, "what": "withdrawal-refused"}))
	if problem := o.sends(doing("seats"), with(filled{"seats": "51"})); problem != "" {
		c.t.Fatal(problem)
	}
	if problem := o.sends(doing("vote"), with(filled{})); problem != "" {
		c.t.Fatal(problem)
	}
	picture(c.t, o.ctx, "whole-list")
	low := c.of(52, 53, 54, 55, 56, 57, 58)
	c.count(c.board, "ban-chap-hanh", 344, func(id string) string {
		if slices.Contains(low, id) {
			return "100"
		}
		return "330"
	})
	c.is("ban-chap-hanh", election.StateDone, 51)
	c.board[0].open("/kiem-phieu/bao-cao/" + c.event + "/ban-chap-hanh")
	c.board[0].says("344", "173")
}

// introduction: the poll names another than the scheme, and the chain stops
// until the upper level has answered.
func (c *congress) introduction() {
	o, path := c.officer, c.list("gioi-thieu-bi-thu")
	o.does(path, doing("open"), nil)
	o.does(path, doing("vote"), nil)
	two := c.of(2)[0]
	c.count(c.board, "gioi-thieu-bi-thu", 344, func(id string) string {
		if id == two {
			return "240"
		}
		return "2"
	})
	c.is("gioi-thieu-bi-thu", election.StatePaused, 1)
	c.other.open(c.programmePath())
	c.other.says("Tạm dừng")
	picture(c.t, c.other.ctx, "whole-pause-programme")
	o.open(path)
	o.says("cấp ủy cấp trên")
	picture(c.t, o.ctx, "whole-pause")
	if problem := o.sends(doing("decide"), filled{"choice": election.ChooseGoOn, "number": "12-CV/BTCTW", "date": wholeDay, "reason": "Đồng ý để ban chấp hành bầu theo đề án"}); problem != "" {
		c.t.Fatal(problem)
	}
	c.is("gioi-thieu-bi-thu", election.StateDone, 1)
}

// firstMeeting: those elected are summoned and elect the standing committee,
// with a tie at the last seat, the secretary and three deputies.
func (c *congress) firstMeeting() {
	o := c.officer
	c.first = c.meeting(filled{"title": wholeMeeting, "body": "committee-meeting", "after": strings.TrimPrefix(c.sits, "/hop/")})
	o.open(c.first + "/trieu-tap?trung-cu=" + c.event + "/ban-chap-hanh")
	if problem := o.sends(doing("pool"), filled{"standing": "member"}); problem != "" {
		c.t.Fatal(problem)
	}
	o.does(c.first, doing("session-open"), filled{"title": "Phiên bầu cử", "voting": true})
	if problem := o.sends("form:has(.roll-do)", filled{"do": "rest"}); problem != "" {
		c.t.Fatal(problem)
	}
	c.attach(c.first, "ban-thuong-vu", "bi-thu", "pho-bi-thu", "uy-ban-kiem-tra", "chu-nhiem")
	for organ, members := range map[string][]int{"counting-board": {49, 50, 51}, "presidium": {1}} {
		ids := c.of(members...)
		o.does(c.first+"/bo-phan", `form[action$="/bo-phan"]`, filled{"organ": organ, "head": ids[0], "member": ids, "for": "51"})
	}
	c.small = c.accounts(c.first, 49, 50, 51)

	c.voted("ban-thuong-vu", filled{"pick": c.of(append(span(1, 17), 20)...)}, "15", "51")
	last := c.of(15, 16)
	c.count(c.small, "ban-thuong-vu", 51, func(id string) string {
		switch {
		case slices.Contains(last, id):
			return "30"
		case slices.Contains(c.of(17, 20), id):
			return "10"
		}
		return "48"
	})
	c.is("ban-thuong-vu", election.StateTied, 14)
	o.open(c.list("ban-thuong-vu"))
	o.says("bằng phiếu")
	picture(c.t, o.ctx, "whole-tie")
	if problem := o.sends(doing("decide"), filled{"choice": election.ChooseRevote}); problem != "" {
		c.t.Fatal(problem)
	}
	c.count(c.small, "ban-thuong-vu/lai-2", 51, func(id string) string { return map[string]string{last[0]: "31", last[1]: "20"}[id] })
	c.is("ban-thuong-vu", election.StateDone, 15)

	c.voted("bi-thu", filled{"pick": c.of(1)}, "", "51")
	c.count(c.small, "bi-thu", 51, func(string) string { return "50" })
	c.is("bi-thu", election.StateDone, 1)
	o.open(c.list("pho-bi-thu"))
	c.voted("pho-bi-thu", filled{"pick": c.of(2, 3, 4)}, "3", "51")
	c.count(c.small, "pho-bi-thu", 51, func(string) string { return "47" })
	c.is("pho-bi-thu", election.StateDone, 3)
}

// inspection: eleven from twelve, of whom ten pass: one seat failed, and the
// committee votes again between the two; then the chair from among them.
func (c *congress) inspection() {
	lines := append(delegateLines(5, 5), delegateLines(100, 110)...)
	c.voted("uy-ban-kiem-tra", filled{"typed": pasted(lines)}, "11", "51")
	weak := c.of(109, 110)
	c.count(c.small, "uy-ban-kiem-tra", 51, func(id string) string {
		if slices.Contains(weak, id) {
			return "20"
		}
		return "45"
	})
	c.is("uy-ban-kiem-tra", election.StateShort, 10)
	c.officer.open(c.list("uy-ban-kiem-tra"))
	picture(c.t, c.officer.ctx, "whole-short")
	if problem := c.officer.sends(doing("decide"), filled{"choice": election.ChooseFurther, "for": "50", "other": "1", "reason": "Bầu cho đủ 11"}); problem != "" {
		c.t.Fatal(problem)
	}
	c.officer.does(c.list("uy-ban-kiem-tra/lan-2"), doing("vote"), filled{"for": "51"})
	c.count(c.small, "uy-ban-kiem-tra/lan-2", 51, func(id string) string { return map[string]string{weak[0]: "33", weak[1]: "18"}[id] })
	c.is("uy-ban-kiem-tra", election.StateDone, 11)
	c.voted("chu-nhiem", filled{"pick": c.of(5)}, "", "51")
	c.count(c.small, "chu-nhiem", 51, func(string) string { return "49" })
	c.is("chu-nhiem", election.StateDone, 1)
	c.officer.does(c.programmePath(), `form:has(input[name=skip][value="pho-chu-nhiem"])`, filled{"reason": "Ủy ban kiểm tra bầu tại phiên họp riêng"})
}

// delegation: the congress goes on with its delegates to the upper congress and
// elects two alternates from the rest of the same list.
func (c *congress) delegation() {
	c.officer.does(c.list("dai-bieu"), doing("open"), nil)
	c.officer.does(c.list("dai-bieu"), doing("add"), filled{"typed": pasted(delegateLines(1, 24)), "origin": "official"})
	c.officer.does(c.list("dai-bieu"), doing("seats"), filled{"seats": "19"})
	c.officer.does(c.list("dai-bieu"), doing("vote"), filled{"for": "344"})
	rest := c.of(20, 21, 22, 23, 24)
	c.count(c.board, "dai-bieu", 344, func(id string) string {
		if slices.Contains(rest, id) {
			return "160"
		}
		return "300"
	})
	c.is("dai-bieu", election.StateDone, 19)
	path := c.list("dai-bieu-du-khuyet")
	c.officer.does(path, doing("open"), nil)
	c.officer.does(path, doing("seats"), filled{"seats": "2", "for": "344"})
	c.officer.does(path, doing("vote"), filled{"for": "344"})
	c.count(c.board, "dai-bieu-du-khuyet", 344, func(id string) string {
		if n, ok := map[string]string{rest[0]: "290", rest[1]: "280"}[id]; ok {
			return n
		}
		return "17"
	})
	c.is("dai-bieu-du-khuyet", election.StateDone, 2)
}

// voted makes and votes a list: persons, seats ("" where the post has one), hands.
func (c *congress) voted(item string, persons filled, seats, hands string) {
	c.t.Helper()
	persons["origin"] = "official"
	c.officer.does(c.list(item), doing("open"), nil)
	c.officer.does(c.list(item), doing("add"), persons)
	if seats != "" {
		c.officer.does(c.list(item), doing("seats"), filled{"seats": seats, "for": hands})
	}
	c.officer.does(c.list(item), doing("vote"), filled{"for": hands})
}

// count opens the box of a round and counts it by totals typed twice: the two
// members have their pages open at the same time, and the head closes and
// reports.
func (c *congress) count(board []*seat, round string, ballots int, votes func(id string) string) {
	t := c.t
	t.Helper()
	contest := c.event + "/" + round
	head, one, two := board[0], board[1], board[2]
	c.officer.does(c.list(round), doing("box"), filled{"mode": "totals-twice", "pile": "100", "stations": "2"})
	n := fmt.Sprint(ballots)
	stock := func(s *seat, numbers filled) {
		t.Helper()
		s.does("/kiem-phieu/so-phieu/"+contest, `form[action^="/kiem-phieu/so-phieu/"]`, numbers)
	}
	stock(one, filled{"n.printed": fmt.Sprint(ballots + 6), "n.issued": n})
	stock(two, filled{"n.spoiled": "1", "n.unused": "5"})
	head.does("/kiem-phieu/hop/"+contest, doing("check"), filled{"empty": true, "seal": "Niêm phong " + round})
	if problem := head.sends(doing("unseal"), filled{"intact": true}); problem != "" {
		t.Fatal(problem)
	}
	stock(one, filled{"n.collected": n})
	head.does("/kiem-phieu/hop/"+contest, doing("piles"), nil)
	_, r := c.chain().Round(contest)
	fill := filled{"valid": n, "invalid": "0"}
	for _, id := range r.List.Order {
		fill["votes."+id] = votes(id)
		if r.List.Form == "agree" {
			fill["disagree."+id], fill["unmarked."+id] = fmt.Sprint(ballots-atoi(votes(id))), "0"
		}
	}
	for i, s := range []*seat{one, two} {
		s.open(fmt.Sprintf("/kiem-phieu/tong/%d/%s", i+1, contest))
	}
	for _, s := range []*seat{one, two} {
		if problem := s.sends(`form[action^="/kiem-phieu/tong/"]`, fill); problem != "" {
			t.Fatalf("%s, %s: %s", round, s.name, problem)
		}
	}
	head.does("/kiem-phieu/chot/"+contest, `form[action^="/kiem-phieu/chot/"]`, nil)
	if problem := head.sends(`form[action^="/kiem-phieu/bao-cao/"]`, nil); problem != "" {
		t.Fatalf("%s: %s", round, problem)
	}
	head.says("Trưởng ban đã báo cáo")
}

func atoi(s string) (n int) {
	_, _ = fmt.Sscan(s, &n)
	return n
}
