package regulation

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// maxDaysText bounds what is typed of a period.
const maxDaysText = 20_000

var dayLine = regexp.MustCompile(`^(?i:từ\s+)?(?i:ngày\s+)?(\d{1,2}/\d{1,2}/\d{4})(?:\s*(?:-|–|(?i:đến)(?:\s+hết)?(?:\s+ngày)?)\s*(\d{1,2}/\d{1,2}/\d{4}))?\s*[:;,–-]?\s*(.*?)\s*$`)

var workLead = regexp.MustCompile(`(?i)^(?:đi\s+)?làm(?:\s+việc)?\s+bù\s*[:,–-]?\s*(?:vào\s+)?(?:ngày\s+)?`)

// ParseDays reads the days of a period as an officer types them from the
// notice: a line each, "24/11/2027 Ngày Văn hóa Việt Nam" or, of several days
// that follow one another, "5/2/2027 – 11/2/2027 Tết Nguyên đán"; Saturdays and
// Sundays in such a span are off anyway and passed over. A Saturday or Sunday
// worked in exchange is a line that begins with "làm bù": "làm bù 20/2/2027 cho
// ngày 8/2/2027". Empty lines are passed over. An error names its line.
func ParseDays(text string) ([]rule.Day, error) {
	if len(text) > maxDaysText {
		return nil, desk.Wrong("days", "Danh sách quá dài.", "The list is too long.")
	}
	var out []rule.Day
	seen := map[vn.Date]int{}
	for i, line := range strings.Split(norm.NFC.String(text), "\n") {
		n := i + 1
		wrong := func(vi, en string) error {
			return desk.Wrong("days", fmt.Sprintf("Dòng %d: %s", n, vi), fmt.Sprintf("Line %d: %s", n, en))
		}
		rest := strings.TrimSpace(line)
		if rest == "" {
			continue
		}
		work := false
		if m := workLead.FindString(rest); m != "" {
			work, rest = true, rest[len(m):]
		}
		m := dayLine.FindStringSubmatch(rest)
		if m == nil || m[3] == "" && !work {
			return nil, wrong("không đọc được. Viết ngày/tháng/năm rồi đến tên, ví dụ “1/1/2027 Tết Dương lịch”.", "cannot be read. Write day/month/year and the name, for example “1/1/2027 Tết Dương lịch”.")
		}
		from, err := vn.ReadDay(m[1])
		if err != nil {
			return nil, wrong("không có ngày "+m[1]+".", "there is no day "+m[1]+".")
		}
		to := from
		if m[2] != "" {
			if to, err = vn.ReadDay(m[2]); err != nil || to.Before(from) || from.AddDays(60).Before(to) {
				return nil, wrong("ngày cuối của đợt nghỉ không hợp lệ: "+m[2]+".", "the last day of the span is not valid: "+m[2]+".")
			}
		}
		name := strings.Join(strings.Fields(m[3]), " ")
		if utf8.RuneCountInString(name) > 120 {
			return nil, wrong("tên quá dài (tối đa 120 ký tự).", "the name is too long (120 characters at most).")
		}
		if work {
			name = strings.TrimSpace("Làm bù " + name)
		}
		for d := from; !to.Before(d); d = d.AddDays(1) {
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch {
			case work && !weekend:
				return nil, wrong(d.Vietnamese()+" là ngày thường, không thể là ngày làm bù.", d.String()+" is a weekday and cannot be worked in exchange.")
			case !work && weekend && from == to:
				return nil, wrong(d.Vietnamese()+" là thứ Bảy hoặc Chủ nhật, vốn đã nghỉ; hãy ghi ngày được nghỉ bù. Nếu là ngày làm bù, bắt đầu dòng bằng “làm bù”.", d.String()+" is a weekend and off anyway; write the day given back. If it is worked in exchange, begin the line with “làm bù”.")
			case !work && weekend:
				continue
			case seen[d] > 0:
				return nil, wrong(fmt.Sprintf("ngày %s đã ghi ở dòng %d.", d.Vietnamese(), seen[d]), fmt.Sprintf("%s stands in line %d already.", d, seen[d]))
			}
			seen[d] = n
			out = append(out, rule.Day{On: d, Work: work, Name: name})
		}
	}
	slices.SortFunc(out, func(a, b rule.Day) int { return a.On.Compare(b.On) })
	return out, nil
}

// DayLine writes a day as ParseDays reads it.
func DayLine(d rule.Day) string {
	if d.Work {
		return "làm bù " + strings.TrimSpace(d.On.Vietnamese()+" "+strings.TrimSpace(strings.TrimPrefix(d.Name, "Làm bù")))
	}
	return d.On.Vietnamese() + " " + d.Name
}
