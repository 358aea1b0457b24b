package report

import (
	"slices"
	"strconv"

	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// column is one column of a table: which values of which group it counts.
type column struct {
	key   string
	words rule.Words
	group string
	match func(value string, on vn.Date) bool
}

// kind is one table of members.
type kind struct {
	id      string
	words   rule.Words
	columns []column
}

func any1(string, vn.Date) bool { return true }

func is(want string) func(string, vn.Date) bool {
	return func(v string, _ vn.Date) bool { return v == want }
}

// kinh is the majority: everybody else recorded counts among the minorities.
const kinh = "kinh"

func minority(v string, _ vn.Date) bool { return v != "" && vn.Fold(v) != kinh }

// Bands of age and Party age, as tables usually have them: a way to show, no
// rule. Each is the least age of a band.
var (
	ageBands   = []int{18, 31, 41, 51, 61}
	partyBands = []int{0, 10, 20, 30, 40, 50}
)

// full is how many full years lie between two days.
func full(from, to vn.Date) int { return from.MonthsTo(to) / 12 }

// inBand says whether a birth, or another beginning, puts a person into the band
// from low to under high years on a day; a date known only by year or month must
// do so whichever day it means. high 0: no end.
func inBand(value string, on vn.Date, low, high int) bool {
	p, err := vn.ParsePartial(value)
	if err != nil || p.IsZero() {
		return false
	}
	for _, d := range []vn.Date{p.First(), p.Last()} {
		if n := full(d, on); on.Before(d) || n < low || high > 0 && n >= high {
			return false
		}
	}
	return true
}

// bands makes the columns of a group by years: the bands, and who falls in none
// for sure.
func bands(group string, from []int, vi, en string) []column {
	var out []column
	for i, low := range from {
		low, high := low, 0
		words := rule.Words{VI: "Từ " + strconv.Itoa(low) + vi, EN: strconv.Itoa(low) + en + " and over"}
		if i+1 < len(from) {
			high = from[i+1]
			words = rule.Words{VI: strconv.Itoa(low) + "–" + strconv.Itoa(high-1), EN: strconv.Itoa(low) + "–" + strconv.Itoa(high-1)}
			if low == 0 {
				words = rule.Words{VI: "Dưới " + strconv.Itoa(high), EN: "Under " + strconv.Itoa(high)}
			}
		}
		out = append(out, column{strconv.Itoa(low) + "+", words, group, func(v string, on vn.Date) bool { return inBand(v, on, low, high) }})
	}
	return append(out, column{"unsure", rule.Words{VI: "Chưa rõ", EN: "Not sure"}, group, func(v string, on vn.Date) bool {
		for i, low := range from {
			high := 0
			if i+1 < len(from) {
				high = from[i+1]
			}
			if inBand(v, on, low, high) {
				return false
			}
		}
		return true
	}})
}

// coded makes the columns of a field with a list of codes.
func coded(field, list string) []column {
	var out []column
	for _, c := range person.FactCodes(list) {
		out = append(out, column{c.Code, rule.Words{VI: c.VI, EN: c.EN}, field, is(c.Code)})
	}
	return out
}

// notRecorded is the column of who has no level on record.
const notRecorded = "none"

// levels are the columns of a field of levels, from the lowest up, and who has
// none on record: each member counts once, by the highest of the day.
func levels(field, list string) []column {
	return append(coded(field, list), column{notRecorded, rule.Words{VI: "Chưa ghi", EN: "Not recorded"}, "", func(string, vn.Date) bool { return false }})
}

// ByHighest says that a table counts each member once, by the highest level.
// Figures closed by an older release counted every degree a person held.
func (t Table) ByHighest() bool {
	return (t.Kind == General || t.Kind == Degrees || t.Kind == Theory) && slices.Contains(t.Columns, notRecorded)
}

// kinds are the tables of members in their order.
func kinds() []kind {
	return []kind{
		{Strength, rule.Words{VI: "Số lượng đảng viên", EN: "Members"}, []column{
			{"all", rule.Words{VI: "Tổng số", EN: "All"}, person.ByStanding, any1},
			{"official", rule.Words{VI: "Chính thức", EN: "Official"}, person.ByStanding, func(v string, _ vn.Date) bool { return prefix(v) == "official" }},
			{"probationary", rule.Words{VI: "Dự bị", EN: "Probationary"}, person.ByStanding, func(v string, _ vn.Date) bool { return prefix(v) == "probationary" }},
			{"exempt", rule.Words{VI: "Miễn sinh hoạt", EN: "Exempt"}, person.ByStanding, func(v string, _ vn.Date) bool { return suffix(v) == "exempt" }},
			{"suspended", rule.Words{VI: "Đình chỉ", EN: "Suspended"}, person.ByStanding, func(v string, _ vn.Date) bool { return suffix(v) == "suspended" }},
			{"women", rule.Words{VI: "Nữ", EN: "Women"}, person.ByGender, is("female")},
			{"minority", rule.Words{VI: "Dân tộc thiểu số", EN: "Ethnic minorities"}, person.ByEthnicity, minority},
		}},
		{Ages, rule.Words{VI: "Độ tuổi", EN: "Age"}, bands(person.ByBorn, ageBands, " tuổi trở lên", "")},
		{PartyAges, rule.Words{VI: "Tuổi đảng (số năm)", EN: "Party age (years)"}, bands(person.BySince, partyBands, " năm trở lên", "")},
		{General, rule.Words{VI: "Giáo dục phổ thông", EN: "General education"}, levels("general.level", "general")},
		{Degrees, rule.Words{VI: "Trình độ chuyên môn", EN: "Professional education"}, levels("degree.level", "degree")},
		{Theory, rule.Words{VI: "Lý luận chính trị", EN: "Political theory"}, levels("theory.level", "theory")},
	}
}

func prefix(v string) string {
	for i := range v {
		if v[i] == '/' {
			return v[:i]
		}
	}
	return v
}

func suffix(v string) string {
	for i := range v {
		if v[i] == '/' {
			return v[i+1:]
		}
	}
	return ""
}

// committeeColumns are the columns of the make-up of a committee.
func committeeColumns() []column {
	out := []column{
		{key: "all", words: rule.Words{VI: "Tổng số", EN: "All"}},
		{key: "women", words: rule.Words{VI: "Nữ", EN: "Women"}},
		{key: "young", words: rule.Words{VI: "Trẻ", EN: "Young"}},
		{key: "minority", words: rule.Words{VI: "Dân tộc thiểu số", EN: "Ethnic minorities"}},
	}
	out = append(out, bands("", ageBands, " tuổi trở lên", "")...)
	for _, c := range coded("theory.level", "theory") {
		c.key, c.words = "theory:"+c.key, rule.Words{VI: "LLCT " + c.words.VI, EN: "Theory: " + c.words.EN}
		out = append(out, c)
	}
	return out
}

// Words names a table; a table this program does not know keeps its id.
func Words(table string) rule.Words {
	if table == Committee {
		return rule.Words{VI: "Cơ cấu cấp ủy", EN: "Make-up of the committee"}
	}
	if table == Aims {
		return rule.Words{VI: "Cơ cấu cấp ủy so với chỉ tiêu của địa phương", EN: "Make-up of the committee against own aims"}
	}
	for _, k := range kinds() {
		if k.id == table {
			return k.words
		}
	}
	return rule.Words{VI: table, EN: table}
}

// ColumnWords names a column of a table.
func ColumnWords(table, column string) rule.Words {
	if table == Aims {
		return aimColumnWords(column)
	}
	cs := committeeColumns()
	for _, k := range kinds() {
		if k.id == table {
			cs = k.columns
		}
	}
	for _, c := range cs {
		if c.key == column {
			return c.words
		}
	}
	return rule.Words{VI: column, EN: column}
}
