package election

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Problem is what is wrong in an uploaded file, at which line.
type Problem struct {
	Line  int
	Field string // column or field, "" for the line as a whole
	Says  rule.Words
}

// Text is the problem in one sentence with its line.
func (p Problem) Text(lang string) string {
	where := fmt.Sprintf("Dòng %d", p.Line)
	if lang == "en" {
		where = fmt.Sprintf("Line %d", p.Line)
	}
	if p.Field != "" {
		where += ", " + p.Field
	}
	return where + ": " + p.Says.In(lang)
}

// Column is a thing a column may hold. PerCandidate columns differ from row
// to row of one contest; the others must agree.
type Column struct {
	ID           string
	Title        rule.Words
	Required     bool
	PerCandidate bool
	names        []string // folded headers that mean it
}

// Columns are all that a file of one row a candidate may hold, in the order of
// the mapping form.
var Columns = []Column{
	{"name", rule.Words{VI: "Họ và tên", EN: "Full name"}, true, true, []string{"ho va ten", "ho ten", "candidate", "name", "full name", "ung cu vien", "nguoi ung cu"}},
	{"votes", rule.Words{VI: "Số phiếu bầu", EN: "Votes"}, true, true, []string{"votes", "so phieu", "so phieu bau", "phieu bau", "so phieu dat", "dong y"}},
	{"seats", rule.Words{VI: "Số người được bầu", EN: "Seats"}, true, false, []string{"seats", "so nguoi duoc bau", "so dai bieu duoc bau", "so duoc bau", "so luong bau"}},
	{"place", rule.Words{VI: "Tỉnh, thành phố hoặc tổ chức", EN: "Province or organisation"}, false, false, []string{"province", "place", "tinh", "tinh thanh", "tinh thanh pho", "dia phuong", "to chuc", "organisation"}},
	{"unit", rule.Words{VI: "Số đơn vị bầu cử", EN: "Constituency number"}, false, false, []string{"unit", "unit no", "don vi", "don vi so", "don vi bau cu", "don vi bau cu so", "constituency"}},
	{"contest", rule.Words{VI: "Mã cuộc bầu cử", EN: "Contest id"}, false, false, []string{"contest", "contest id", "ma", "ma cuoc bau cu", "id"}},
	{"title", rule.Words{VI: "Tên đơn vị hoặc nội dung bầu", EN: "Title of the unit or of what is elected"}, false, false, []string{"contest title", "unit title", "noi dung bau", "ten don vi"}},
	{"area", rule.Words{VI: "Phạm vi", EN: "Extent"}, false, false, []string{"area", "pham vi", "dia ban", "gom"}},
	{"valid", rule.Words{VI: "Phiếu hợp lệ", EN: "Valid ballots"}, false, false, []string{"valid", "valid ballots", "phieu hop le", "so phieu hop le"}},
	{"invalid", rule.Words{VI: "Phiếu không hợp lệ", EN: "Invalid ballots"}, false, false, []string{"invalid", "invalid ballots", "phieu khong hop le", "so phieu khong hop le"}},
	{"issued", rule.Words{VI: "Phiếu phát ra", EN: "Ballots issued"}, false, false, []string{"issued", "phieu phat ra", "so phieu phat ra"}},
	{"collected", rule.Words{VI: "Phiếu thu về", EN: "Ballots collected"}, false, false, []string{"collected", "phieu thu vao", "phieu thu ve", "so phieu thu ve", "so phieu thu vao"}},
	{"listed", rule.Words{VI: "Cử tri theo danh sách", EN: "Voters on the list"}, false, false, []string{"listed", "voters on list", "cu tri", "so cu tri", "tong so cu tri", "cu tri trong danh sach"}},
	{"voted", rule.Words{VI: "Cử tri đã bỏ phiếu", EN: "Voters who voted"}, false, false, []string{"voted", "voters who voted", "cu tri di bau", "cu tri da bo phieu", "so cu tri di bau", "so cu tri da bo phieu"}},
	{"summoned", rule.Words{VI: "Số người được triệu tập", EN: "Summoned"}, false, false, []string{"summoned", "trieu tap", "so duoc trieu tap"}},
	{"present", rule.Words{VI: "Số người có mặt", EN: "Present"}, false, false, []string{"present", "co mat", "so co mat"}},
	{"order", rule.Words{VI: "Thứ tự trên phiếu", EN: "Place on the ballot"}, false, true, []string{"order", "stt", "thu tu", "so thu tu"}},
	{"honorific", rule.Words{VI: "Ông/Bà", EN: "Mr or Ms"}, false, true, []string{"ong ba", "title", "danh xung", "xung ho"}},
	{"born", rule.Words{VI: "Ngày, tháng hoặc năm sinh", EN: "Date, month or year of birth"}, false, true, []string{"born", "ngay sinh", "ngay thang nam sinh", "nam sinh", "birth", "date of birth"}},
}

// Mapping says which column of a table (from 0) holds which thing.
type Mapping map[string]int

// Guess finds the columns by their headers, compared without marks.
func Guess(header []string) Mapping {
	m := Mapping{}
	taken := map[int]bool{}
	for _, c := range Columns {
		for _, want := range c.names {
			i := slices.IndexFunc(header, func(h string) bool { return vn.Fold(h) == want })
			if i >= 0 && !taken[i] {
				m[c.ID], taken[i] = i, true
				break
			}
		}
	}
	return m
}

// Defaults are what a file leaves out.
type Defaults struct {
	Event  Event
	Rules  string // contest kind
	Source Source
}

// Contests puts rows together: one contest for each contest id, or else for
// each place and unit. Problems name their line; contests are only whole when
// there are none.
func (t *Table) Contests(m Mapping, def Defaults) ([]Contest, []Problem) {
	b := &builder{table: t, m: m, def: def, at: map[string]int{}, first: map[string]int{}}
	for _, c := range Columns {
		i, ok := m[c.ID]
		if c.Required && !ok {
			b.problem(1, c.Title.VI, "Chưa chọn cột cho “"+c.Title.VI+"”.", "No column was chosen for “"+c.Title.EN+"”.")
		}
		if ok && (i < 0 || i >= len(t.Header)) {
			b.problem(1, c.Title.VI, "Cột được chọn không có trong tệp.", "The column chosen is not in the file.")
			return nil, b.problems
		}
	}
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	for i := range t.Rows {
		b.row(i)
	}
	return b.contests, b.problems
}

type builder struct {
	table    *Table
	m        Mapping
	def      Defaults
	contests []Contest
	at       map[string]int // key of a contest → index
	first    map[string]int // contest key and column → first line that filled it
	problems []Problem
}

// maxProblems bounds the list a page shows: a wrong column fails every line.
const maxProblems = 200

func (b *builder) problem(line int, field, vi, en string) {
	if len(b.problems) < maxProblems {
		b.problems = append(b.problems, Problem{line, field, rule.Words{VI: vi, EN: en}})
	}
}

func (b *builder) cell(i int, id string) string {
	c, ok := b.m[id]
	if !ok {
		return ""
	}
	return b.table.Rows[i][c]
}

func (b *builder) number(i int, id string) (int64, bool) {
	s := b.cell(i, id)
	if s == "" {
		return 0, false
	}
	n, err := vn.ReadCount(strings.ReplaceAll(s, ",", "."))
	if err != nil {
		b.problem(b.table.Lines[i], b.table.Header[b.m[id]], fmt.Sprintf("“%.40s” không phải số nguyên; hãy viết 186600 hoặc 186.600.", s),
			fmt.Sprintf("“%.40s” is not a whole number; write 186600 or 186,600.", s))
		return 0, false
	}
	return n, true
}

func (b *builder) row(i int) {
	line := b.table.Lines[i]
	place := vn.NormalizeName(b.cell(i, "place"))
	unit, _ := b.number(i, "unit")
	key := b.cell(i, "contest")
	if key == "" {
		key = vn.ProvinceKey(place) + "|" + fmt.Sprint(unit) + "|" + vn.Fold(b.cell(i, "title"))
	}
	j, ok := b.at[key]
	if !ok {
		j = len(b.contests)
		b.at[key] = j
		c := Contest{Place: place, Unit: int(min(unit, 1e6)), Area: b.cell(i, "area"), Titles: map[string]string{}, Source: b.def.Source}
		c.Title.VI = b.cell(i, "title")
		c.Record = &vote.Record{ID: b.id(i, place, unit), Rules: b.def.Rules, Date: b.def.Event.Date, Votes: map[string]int64{}}
		b.contests = append(b.contests, c.titled())
	}
	c := &b.contests[j]
	name := vn.NormalizeName(b.cell(i, "name"))
	if name == "" {
		b.problem(line, b.table.Header[b.m["name"]], "Thiếu họ tên.", "The name is missing.")
	}
	cand := vote.Candidate{ID: fmt.Sprintf("c%d", len(c.Record.Candidates)+1), Name: name}
	if n, ok := b.number(i, "order"); ok {
		cand.Order = int(min(n, 1e6))
	}
	if s := b.cell(i, "born"); s != "" {
		p, err := vn.ReadDate(s)
		if err != nil {
			b.problem(line, b.table.Header[b.m["born"]], fmt.Sprintf("“%.40s” không phải ngày, tháng hoặc năm sinh.", s), fmt.Sprintf("“%.40s” is not a date, month or year of birth.", s))
		}
		cand.Born = p.String()
	}
	if h := b.cell(i, "honorific"); h != "" {
		c.Titles[cand.ID] = h
	}
	if v, ok := b.number(i, "votes"); ok {
		c.Record.Votes[cand.ID] = v
	} else if b.cell(i, "votes") == "" {
		b.problem(line, b.table.Header[b.m["votes"]], "Thiếu số phiếu.", "The votes are missing.")
	}
	c.Record.Candidates = append(c.Record.Candidates, cand)
	b.shared(i, key, c.Record)
}

// shared reads the figures that belong to the contest: every row that gives
// one must give the same.
func (b *builder) shared(i int, key string, rec *vote.Record) {
	voters, base := &vote.Voters{}, &vote.Base{}
	if rec.Voters != nil {
		voters = rec.Voters
	}
	if rec.Base != nil {
		base = rec.Base
	}
	for _, f := range []struct {
		id  string
		out **int64
	}{{"seats", &rec.Seats}, {"valid", &rec.Ballots.Valid}, {"invalid", &rec.Ballots.Invalid}, {"issued", &rec.Ballots.Issued},
		{"collected", &rec.Ballots.Collected}, {"listed", &voters.Listed}, {"voted", &voters.Voted},
		{"summoned", &base.Summoned}, {"present", &base.Present}} {
		n, ok := b.number(i, f.id)
		if !ok {
			continue
		}
		if *f.out == nil {
			v := n
			*f.out = &v
			b.first[key+"|"+f.id] = b.table.Lines[i]
		} else if **f.out != n {
			was := b.first[key+"|"+f.id]
			b.problem(b.table.Lines[i], b.table.Header[b.m[f.id]], fmt.Sprintf("Ghi %d nhưng dòng %d của cùng cuộc bầu cử ghi %d.", n, was, **f.out),
				fmt.Sprintf("Says %d, but line %d of the same contest says %d.", n, was, **f.out))
		}
	}
	if voters.Listed != nil || voters.Voted != nil {
		rec.Voters = voters
	}
	if base.Summoned != nil || base.Present != nil {
		rec.Base = base
	}
}

func (b *builder) id(i int, place string, unit int64) string {
	if id := b.cell(i, "contest"); id != "" {
		if strings.HasPrefix(id, b.def.Event.ID+"/") {
			return id
		}
		return b.def.Event.ID + "/" + Slug(id)
	}
	return NewContestID(b.def.Event.ID, place, int(min(unit, 1e6)), b.cell(i, "title"))
}

// NewContestID proposes an id: event, place (without "Tỉnh", "Thành phố"),
// then the unit's number or the title.
func NewContestID(event, place string, unit int, title string) string {
	parts := []string{event}
	s := strings.TrimPrefix(strings.TrimPrefix(Slug(place), "tinh-"), "thanh-pho-")
	if s != "" {
		parts = append(parts, s)
	}
	if unit > 0 {
		parts = append(parts, fmt.Sprint(unit))
	} else if s := Slug(title); s != "" {
		parts = append(parts, s)
	}
	id := strings.Join(parts, "/")
	return strings.TrimRight(id[:min(len(id), 120)], "-/.")
}

// Slug turns words into a piece of an id: "Đắk Nông" is "dak-nong".
func Slug(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == ' ' {
			return r
		}
		return -1
	}, vn.Fold(s))
	s = strings.Join(strings.Fields(s), "-")
	return strings.Trim(s[:min(len(s), 60)], "-")
}

// titled gives a contest without a title one from its unit or place.
func (c Contest) titled() Contest {
	if strings.TrimSpace(c.Title.VI) != "" {
		if c.Title.EN == "" {
			c.Title.EN = c.Title.VI
		}
		return c
	}
	switch {
	case c.Unit > 0:
		c.Title = rule.Words{VI: fmt.Sprintf("Đơn vị bầu cử số %d", c.Unit), EN: fmt.Sprintf("Constituency %d", c.Unit)}
	case c.Place != "":
		c.Title = rule.Words{VI: c.Place, EN: c.Place}
	case c.Record != nil:
		c.Title = rule.Words{VI: c.Record.ID, EN: c.Record.ID}
	}
	return c
}

// ParseRecords reads contest records: one JSON object, a list of them, or one
// a line (the format of `minhbach count`). Fields "title" (words or text),
// "place", "unit" and "area" may stand beside those of the record.
func ParseRecords(data []byte, def Defaults) ([]Contest, []Problem, error) {
	text, err := Text(data)
	if err != nil {
		return nil, nil, err
	}
	raws, lines, err := splitRecords(text)
	if err != nil {
		return nil, nil, err
	}
	var out []Contest
	var problems []Problem
	for i, raw := range raws {
		if len(problems) >= maxProblems {
			break
		}
		rec, err := vote.ParseRecord(raw)
		if err != nil {
			p := Problem{Line: lines[i], Says: rule.Words{VI: err.Error(), EN: err.Error()}}
			if e, ok := formError(err).(*desk.Error); ok {
				p.Field, p.Says = e.Field, e.Says
			}
			problems = append(problems, p)
			continue
		}
		c := Contest{Record: rec, Source: def.Source}
		c.beside(raw)
		if rec.ID != def.Event.ID && !strings.HasPrefix(rec.ID, def.Event.ID+"/") {
			rec.ID = def.Event.ID + "/" + rec.ID
		}
		out = append(out, c.titled())
	}
	return out, problems, nil
}

// beside reads the fields that stand beside a record.
func (c *Contest) beside(raw []byte) {
	var b struct {
		Title json.RawMessage `json:"title"`
		Place string          `json:"place"`
		Unit  int             `json:"unit"`
		Area  string          `json:"area"`
	}
	if json.Unmarshal(raw, &b) != nil {
		return // of another shape: not ours
	}
	c.Place, c.Unit, c.Area = b.Place, b.Unit, b.Area
	if len(b.Title) > 0 && json.Unmarshal(b.Title, &c.Title) != nil {
		var s string
		if json.Unmarshal(b.Title, &s) == nil {
			c.Title = rule.Words{VI: s, EN: s}
		}
	}
}

// splitRecords parts a text into JSON objects with the line each begins at.
func splitRecords(text string) (raws [][]byte, lines []int, err error) {
	data := []byte(text)
	if trimmed := bytes.TrimSpace(data); trimmed[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(trimmed, &list); err != nil {
			return nil, nil, desk.Wrong("file", "Tệp không phải JSON đúng: "+err.Error(), "The file is not correct JSON: "+err.Error())
		}
		from, line := 0, 1
		for _, raw := range list {
			at := max(bytes.Index(data[from:], raw), 0)
			line += bytes.Count(data[from:from+at], []byte{'\n'})
			raws, lines = append(raws, raw), append(lines, line)
			line += bytes.Count(raw, []byte{'\n'})
			from += at + len(raw)
		}
		return raws, lines, nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	line, counted := 1, 0 // counted: bytes whose line ends are in line
	for {
		at := int(dec.InputOffset())
		for at < len(data) && strings.ContainsRune(" \t\r\n", rune(data[at])) {
			at++
		}
		if at >= len(data) {
			return raws, lines, nil
		}
		line += bytes.Count(data[counted:at], []byte{'\n'})
		counted = at
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, nil, lineError(line, "Không phải JSON đúng: "+err.Error(), "This is not correct JSON: "+err.Error())
		}
		if raw[0] != '{' {
			return nil, nil, lineError(line, "Chỗ này phải là một bản ghi cuộc bầu cử { … }.", "A contest record { … } must stand here.")
		}
		if len(raws) >= maxContestsPerFile {
			return nil, nil, lineError(line, "Tệp có quá nhiều cuộc bầu cử.", "The file holds too many contests.")
		}
		raws, lines = append(raws, raw), append(lines, line)
	}
}
