package paper

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// official is what is known of the prescribed ballot of one State election.
type official struct {
	Rules    string  `json:"rules"` // prefix of contest kinds
	From     vn.Date `json:"from"`
	To       vn.Date `json:"to"`
	Paper    string  `json:"paper"`
	Sides    int     `json:"sides"`
	Evidence string  `json:"evidence"`
	Source   string  `json:"source"`
}

//go:embed official.json
var officialJSON []byte

var officials = sync.OnceValue(func() []official {
	var list []official
	if err := json.Unmarshal(officialJSON, &list); err != nil {
		panic(fmt.Sprintf("paper: official.json: %v", err)) // built in: cannot be otherwise
	}
	return list
})

func officialOf(rec *vote.Record) (official, bool) {
	for _, f := range officials() {
		if strings.HasPrefix(rec.Rules, f.Rules) && !rec.Date.Before(f.From) && !f.To.Before(rec.Date) {
			return f, true
		}
	}
	return official{}, false
}

// isState says that a contest is an election of the State.
func isState(rules string) bool { return strings.HasPrefix(rules, "state-election/") }

func (s *setting) state() bool { return isState(s.rec.Rules) }

// official fills in what the office left open, and holds State ballots to the
// form of their election: its paper and sides, struck names, and never an added
// mark.
func (o *Options) official(rec *vote.Record) error {
	if isState(rec.Rules) {
		switch {
		case o.Marks:
			return bad("ballot.marks", "phiếu bầu cử đại biểu Quốc hội, Hội đồng nhân dân chỉ in theo mẫu chính thức, không được thêm dấu nào", "State ballots are printed by their official form only, with no mark added")
		case o.Form == FormAgree || rec.Form == FormAgree:
			return bad("ballot.form", "phiếu bầu cử đại biểu Quốc hội, Hội đồng nhân dân là phiếu gạch tên (strike)", "State ballots are of the form strike")
		}
		o.Form = FormStrike
		if f, ok := officialOf(rec); ok {
			switch {
			case o.Paper != "" && o.Paper != f.Paper:
				return bad("ballot.paper", "mẫu phiếu của cuộc bầu cử này là khổ %s", "the official form of this election is %s", f.Paper)
			case o.Sides > f.Sides:
				return bad("ballot.sides", "mẫu phiếu của cuộc bầu cử này in %d mặt", "the official form of this election has %d side", f.Sides)
			}
			o.Paper, o.Sides = f.Paper, f.Sides
		}
	}
	if o.Paper == "" {
		o.Paper = "A4"
	}
	if o.Form == "" {
		o.Form = rec.Form
	}
	switch o.Form {
	case FormStrike, FormAgree:
	case "":
		o.Form = FormStrike
		if int64(len(rec.Candidates)) <= *rec.Seats {
			o.Form = FormAgree
		}
	default:
		return bad("form", "không in phiếu dạng %q; chỉ có strike (gạch tên), agree (đồng ý, không đồng ý)", "ballots of the form %q are not printed; there are strike, agree", o.Form)
	}
	return nil
}

// stateHeading: the place of the polling team's seal top left, the title right.
func (s *setting) stateHeading(seal Box, to float64) float64 {
	m, em := s.m, s.m.head*mmPerPoint
	s.centre(seal.X(), seal.Right(), seal.Bottom()-em*1.3, m.head-2, "I", "(dấu của Tổ bầu cử)")
	from := seal.Right() + 3
	what := s.opt.Title
	if what == "" {
		what = "Đại biểu Quốc hội"
		if strings.HasSuffix(s.rec.Rules, "/hdnd") {
			what = "Đại biểu Hội đồng nhân dân"
		}
	}
	y := s.centre(from, to, seal.Y()+em, m.title, "B", "PHIẾU BẦU CỬ")
	y = s.centre(from, to, y+em*0.1, m.text+0.5, "B", strings.ToUpper(what))
	if s.opt.Organisation != "" {
		y = s.centre(from, to, y+em*0.2, m.text, "", s.opt.Organisation)
	}
	y = s.centre(from, to, y+em*0.1, m.text-0.5, "I", upperFirst(s.rec.Date.Document()))
	y = max(y+em*0.5, seal.Bottom())
	y = s.centre(s.left(), s.right(), y, m.text, "B", fmt.Sprintf("Số đại biểu được bầu: %d", *s.rec.Seats))
	if s.opt.Instruction != "" {
		y = s.centre(s.left(), s.right(), y, m.text-0.5, "I", s.opt.Instruction)
	}
	return y + em*0.9
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// Notices say what the office should know before it prints; none forbids.
func Notices(rec *vote.Record, opt Options, l *Layout) []InputError {
	var out []InputError
	if isState(rec.Rules) {
		f, ok := officialOf(rec)
		if ok {
			out = append(out, *bad("", "khổ %s, %d mặt theo %s (nguồn: %s); so tờ in thử với mẫu phiếu của Hội đồng bầu cử quốc gia trước khi in",
				"%s, %d side, evidence: %s (source: %s); compare a trial print with the form of the National Election Council before printing",
				f.Paper, f.Sides, f.Evidence, f.Source))
		} else {
			out = append(out, *bad("", "chưa có nguồn về khổ giấy và mẫu phiếu của cuộc bầu cử ngày %s; so tờ in thử với mẫu chính thức trước khi in",
				"no source is known for paper and form of the election of %s; compare a trial print with the official form before printing", rec.Date.Vietnamese()))
		}
		for _, c := range rec.Candidates {
			if opt.Titles[c.ID] == "" && !strings.HasPrefix(c.Name, "Ông ") && !strings.HasPrefix(c.Name, "Bà ") {
				out = append(out, *bad("ballot.titles."+c.ID, "%s chưa có “Ông” hoặc “Bà” trước họ tên", "%s has no “Ông” or “Bà” before the name", c.Name))
			}
		}
	}
	if l.Form == FormStrike && int64(len(rec.Candidates)) <= *rec.Seats && !isState(rec.Rules) {
		out = append(out, *bad("ballot.form", "danh sách không có số dư mà phiếu là phiếu gạch tên; quy chế dùng phiếu đồng ý, không đồng ý (agree)", "the list has no surplus but the form is strike; the regulation uses agree"))
	}
	if l.Form == FormAgree && int64(len(rec.Candidates)) > *rec.Seats {
		out = append(out, *bad("ballot.form", "danh sách có số dư mà phiếu là phiếu đồng ý, không đồng ý; quy chế dùng phiếu gạch tên (strike)", "the list has a surplus but the form is agree; the regulation uses strike"))
	}
	return out
}
