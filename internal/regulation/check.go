package regulation

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// Check is what a regulation file would do, worked out before it is recorded.
type Check struct {
	File     string
	Raw      []byte
	Edition  *rule.Edition // nil while the file cannot be read
	Library  *rule.Library // the library with the file; nil while it is refused
	Problems []Problem     // empty: the file may be recorded
	Against  []*rule.Edition
	Changes  []Change
	Kinds    []Kind // contest kinds it takes part in from its first day
	Examples []Outcome
}

// Problem is one thing wrong with a file, with its line where that is known
// (0 where not).
type Problem struct {
	Line int
	Says rule.Words
}

// Kind is a contest kind with its title.
type Kind struct {
	ID    string
	Title rule.Words
}

// Outcome is one example of the file as it came out.
type Outcome struct {
	Name, Rule string
	Line       int
	OK         bool
	Says       rule.Words // why not
}

// OK says that the file may be recorded.
func (c *Check) OK() bool { return len(c.Problems) == 0 }

// Err is the first problem as an answer to the form field "yaml".
func (c *Check) Err() error {
	if c.OK() {
		return nil
	}
	p := c.Problems[0]
	return desk.Wrong("yaml", p.VI(), p.EN())
}

// VI is the problem with its line in Vietnamese; EN in English.
func (p Problem) VI() string {
	if p.Line > 0 {
		return fmt.Sprintf("Dòng %d: %s", p.Line, p.Says.VI)
	}
	return p.Says.VI
}

// EN is the problem with its line in English.
func (p Problem) EN() string {
	if p.Line > 0 {
		return fmt.Sprintf("Line %d: %s", p.Line, p.Says.EN)
	}
	return p.Says.EN
}

// In picks the language.
func (p Problem) In(lang string) string {
	if lang == "en" {
		return p.EN()
	}
	return p.VI()
}

var (
	fileName    = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,119}\.yaml$`)
	editionName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
)

// FileName makes a plain name of whatever an uploaded file was called; it
// falls back on "quy-dinh.yaml".
func FileName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".yaml"), ".yml")
	name = strings.ReplaceAll(vn.Fold(name), " ", "-")
	if len(name) > 100 {
		name = name[:100]
	}
	if name += ".yaml"; !fileName.MatchString(name) {
		return "quy-dinh.yaml"
	}
	return name
}

// CheckFile reads a file as if it were recorded at entry and says what would
// follow. Nothing of it is trusted: it is bounded, strictly parsed, bound to
// every contest kind it can touch on every day on which something changes, and
// its examples are run.
func CheckFile(lib *rule.Library, file string, raw []byte, entry int64) *Check {
	c := &Check{File: file, Raw: raw}
	refuse := func(line int, vi, en string) *Check {
		c.Problems = append(c.Problems, Problem{line, rule.Words{VI: vi, EN: en}})
		c.Library = nil
		return c
	}
	switch {
	case !fileName.MatchString(file):
		return refuse(0, "Tên tệp chỉ gồm chữ thường không dấu, số, dấu chấm, gạch nối, kết thúc bằng .yaml.",
			"The file name is made of lower-case letters without marks, digits, dots and hyphens, and ends in .yaml.")
	case len(bytes.TrimSpace(raw)) == 0:
		return refuse(0, "Tệp trống. Hãy chọn tệp hoặc dán nội dung.", "The file is empty. Choose a file or paste its text.")
	case len(raw) > rule.MaxFile:
		return refuse(0, "Tệp lớn hơn 1 MiB. Mỗi tệp chỉ chứa một bản của một văn bản.", "The file is larger than 1 MiB. One file holds one edition of one document.")
	case !utf8.Valid(raw):
		return refuse(badByteLine(raw), "Có ký tự không đọc được. Hãy lưu tệp bằng bảng mã UTF-8.", "Some characters cannot be read. Save the file as UTF-8.")
	}
	e, err := rule.ParseEdition(file, raw, entry+1)
	if err != nil {
		line, says := explain(file, raw, err)
		return refuse(line, says.VI, says.EN)
	}
	c.Edition = e
	if !editionName.MatchString(e.ID) {
		return refuse(lineOfField(raw, "edition"), "Mã bản (edition) chỉ gồm chữ không dấu, số, dấu chấm và gạch nối, tối đa 40 ký tự.",
			"The edition's id is made of letters without marks, digits, dots and hyphens, 40 at most.")
	}
	if slug := Slug(e.Document.Number, e.Document.Date); len(slug) > 80 || strings.HasPrefix(slug, ".") {
		return refuse(lineOfField(raw, "document"), "Số văn bản phải có chữ hoặc số và không quá 60 ký tự.", "The document's number must have letters or digits and at most 60 characters.")
	}
	if have := Find(lib, Slug(e.Document.Number, e.Document.Date), e.ID); have != nil {
		return refuse(lineOfField(raw, "edition"),
			fmt.Sprintf("Thư viện đã có bản %q của %s. Muốn sửa, hãy đặt mã bản khác và ghi bản cũ ở mục replaces.", e.ID, e.Document.Number),
			fmt.Sprintf("The library already has edition %q of %s. To correct it, use another edition id and name the old one under replaces.", e.ID, e.Document.Number))
	}
	if c.Library, err = lib.Add(file, raw, entry); err != nil {
		line, says := explain(file, raw, err)
		return refuse(line, says.VI, says.EN)
	}
	c.Edition = findSame(c.Library, e)
	c.Problems = append(without(lib, c), bound(lib, c)...)
	if len(c.Problems) > 0 {
		c.Library = nil
		return c
	}
	c.Kinds = touches(c.Library, c.Edition)
	c.Against, c.Changes = compareInForce(lib, c.Edition)
	c.runExamples()
	return c
}

func findSame(lib *rule.Library, e *rule.Edition) *rule.Edition {
	return Find(lib, Slug(e.Document.Number, e.Document.Date), e.ID)
}

// without finds what would stay without effect: a parameter the document does
// not have, a rule no contest asks.
func without(lib *rule.Library, c *Check) []Problem {
	e := c.Edition
	if e.Override == nil {
		return nil
	}
	var out []Problem
	has := map[string]bool{}
	for _, b := range OfDocument(lib, Slug(e.Override.Number, e.Override.Date)) {
		for _, p := range b.Parameters {
			has[p.ID] = true
		}
		for _, p := range b.Policies {
			has[p.ID] = true
		}
	}
	for _, p := range e.Parameters {
		used := slices.ContainsFunc(e.Rules, func(r *rule.Rule) bool { return Mentions(r, p.ID) })
		if !has[p.ID] && !used {
			out = append(out, Problem{lineOfID(c.Raw, p.ID), rule.Words{
				VI: fmt.Sprintf("Tham số %s không có trong %s và không quy tắc nào của tệp dùng đến, nên sẽ không có tác dụng.", p.ID, e.Override.Number),
				EN: fmt.Sprintf("Parameter %s is not in %s and no rule of the file uses it, so it would have no effect.", p.ID, e.Override.Number)}})
		}
	}
	for _, p := range e.Policies {
		if !has[p.ID] {
			out = append(out, Problem{lineOfID(c.Raw, p.ID), rule.Words{
				VI: fmt.Sprintf("Cách xử lý %s không có trong %s nên sẽ không có tác dụng.", p.ID, e.Override.Number),
				EN: fmt.Sprintf("Policy %s is not in %s, so it would have no effect.", p.ID, e.Override.Number)}})
		}
	}
	kinds := c.Library.Kinds()
	for _, r := range e.Rules {
		for _, k := range r.For {
			if !slices.Contains(kinds, k) {
				out = append(out, Problem{lineOfID(c.Raw, r.ID), rule.Words{
					VI: fmt.Sprintf("Quy tắc %s nêu loại cuộc bầu %q không có trong thư viện.", r.ID, k),
					EN: fmt.Sprintf("Rule %s names the contest kind %q, which the library does not have.", r.ID, k)}})
			}
		}
		if len(r.For) == 0 && r.Role != rule.RoleStandalone && !ruleExists(lib, r.ID) {
			out = append(out, Problem{lineOfID(c.Raw, r.ID), rule.Words{
				VI: fmt.Sprintf("Quy tắc %s không thay quy tắc nào và không nêu loại cuộc bầu ở mục for, nên sẽ không có tác dụng.", r.ID),
				EN: fmt.Sprintf("Rule %s replaces none and names no contest kind under for, so it would have no effect.", r.ID)}})
		}
	}
	return out
}

func ruleExists(lib *rule.Library, id string) bool {
	for _, e := range lib.Editions() {
		if slices.ContainsFunc(e.Rules, func(r *rule.Rule) bool { return r.ID == id }) {
			return true
		}
	}
	return false
}

// Mentions says whether a rule, or a reading of it, uses a parameter.
func Mentions(r *rule.Rule, param string) bool {
	return mentions(r.Expr, param) || slices.ContainsFunc(r.Readings, func(x rule.Reading) bool { return mentions(x.Expr, param) })
}

func mentions(expr, id string) bool {
	ok, _ := regexp.MatchString(`\b`+regexp.QuoteMeta(id)+`\b`, expr)
	return ok
}

// bound binds every contest kind on every day from the file's first on which
// something begins or ends: a clash, or a kind left without rules, must show
// here and not in the hall.
func bound(lib *rule.Library, c *Check) []Problem {
	var days []vn.Date
	add := func(d vn.Date) {
		if !d.IsZero() && !d.Before(c.Edition.Valid.From) && !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	for _, e := range c.Library.Editions() {
		v := c.Library.Validity(e)
		add(v.From)
		if !v.To.IsZero() {
			add(v.To.AddDays(1))
		}
	}
	slices.SortFunc(days, vn.Date.Compare)
	for _, k := range c.Library.Kinds() {
		for _, d := range days {
			_, err := c.Library.For(k, d)
			if err == nil {
				continue
			}
			_, before := lib.For(k, d)
			if before != nil && strings.Contains(err.Error(), "no edition binds") {
				continue // that day had no rules before either
			}
			return []Problem{{0, rule.Words{
				VI: fmt.Sprintf("Từ ngày %s loại cuộc bầu %q không còn xác định được quy tắc: %s. Nếu tệp thay bản đang có hiệu lực, hãy ghi bản đó ở mục replaces.",
					d.Vietnamese(), k, translate(clean(c.File, err)).VI),
				EN: fmt.Sprintf("From %s the contest kind %q would no longer have certain rules: %s. If the file takes the place of an edition in force, name that under replaces.",
					d, k, clean(c.File, err))}}}
		}
	}
	return nil
}

// touches lists the contest kinds in which an edition takes part on its first
// effective day.
func touches(lib *rule.Library, e *rule.Edition) []Kind {
	var out []Kind
	for _, k := range lib.Kinds() {
		b, err := lib.For(k, e.Valid.From)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(b.Pins, func(p rule.Pin) bool { return p.Digest == e.Digest }) {
			out = append(out, Kind{k, b.Title})
		}
	}
	return out
}

// runExamples runs the examples of the file; one that fails is a problem.
func (c *Check) runExamples() {
	c.Examples = Run(c.Library, c.Edition)
	for _, x := range c.Examples {
		if !x.OK {
			c.Problems = append(c.Problems, Problem{x.Line, rule.Words{
				VI: fmt.Sprintf("Ví dụ %q không ra kết quả như tệp ghi: %s", x.Name, x.Says.VI),
				EN: fmt.Sprintf("Example %q does not come out as the file says: %s", x.Name, x.Says.EN)}})
		}
	}
	if len(c.Problems) > 0 {
		c.Library = nil
	}
}

// Run runs the examples of one edition in a library.
func Run(lib *rule.Library, e *rule.Edition) []Outcome {
	failed := map[string]string{}
	for _, f := range vote.RunEdition(lib, e) {
		failed[f.Example] = f.Says
	}
	out := make([]Outcome, 0, len(e.Examples))
	for _, x := range e.Examples {
		o := Outcome{Name: x.Name, Rule: x.Rule, OK: true, Line: lineOfName(e.Raw, x.Name)}
		if says, bad := failed[x.Name]; bad {
			o.OK, o.Says = false, translate(says)
		}
		out = append(out, o)
	}
	return out
}

// badByteLine is the line of the first byte that is not UTF-8.
func badByteLine(raw []byte) int {
	line := 1
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r == utf8.RuneError && n == 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		raw = raw[n:]
	}
	return 0
}

// clean takes the package and file prefixes off a rule error.
func clean(file string, err error) string {
	s := err.Error()
	for {
		cut := strings.TrimPrefix(strings.TrimPrefix(s, "rule: "), file+": ")
		if cut == s {
			return s
		}
		s = cut
	}
}

// explain turns an error of the reader into a line and plain words.
func explain(file string, raw []byte, err error) (int, rule.Words) {
	s := clean(file, err)
	line := 0
	if m := lineMark.FindStringSubmatch(s); m != nil {
		fmt.Sscan(m[1], &line)
		s = strings.TrimSpace(lineMark.ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(s, "yaml: "), "construct errors: "), ""))
	} else if m := namedItem.FindStringSubmatch(s); m != nil {
		line = lineOfID(raw, m[2])
	} else if m := namedExample.FindStringSubmatch(s); m != nil {
		line = lineOfName(raw, m[1])
	}
	if line == 0 {
		for _, f := range []string{"valid", "document", "edition", "replaces", "override"} {
			if strings.HasPrefix(s, f+".") || strings.HasPrefix(s, f+" ") || (f == "override" && strings.HasPrefix(s, "it stands over")) || (f == "replaces" && strings.HasPrefix(s, "it replaces")) {
				line = lineOfField(raw, f)
				break
			}
		}
	}
	// The YAML reader counts more signs as line ends than editors do.
	return min(line, 1+bytes.Count(raw, []byte("\n"))), translate(s)
}

var (
	lineMark     = regexp.MustCompile(`\bline (\d+): ?`)
	namedItem    = regexp.MustCompile(`^(parameter|policy|rule|contest) "?([a-zA-Z0-9._/-]+)"?`)
	namedExample = regexp.MustCompile(`^example \d+ "([^"]*)"`)
)
