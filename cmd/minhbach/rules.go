package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// RulesCmd looks at the regulation library.
type RulesCmd struct {
	Test  RulesTestCmd  `cmd:"" help:"Chạy các ví dụ trong tệp quy định. (Run the examples of the regulation files.)"`
	List  RulesListCmd  `cmd:"" help:"Liệt kê văn bản, bản áp dụng và điều khoản. (List documents, editions and rules.)"`
	Show  RulesShowCmd  `cmd:"" help:"Xem một quy tắc đúng như ngày đã cho. (Show one rule as it stood on a day.)"`
	Check RulesCheckCmd `cmd:"" help:"Điều còn chưa xác nhận mà cuộc bầu có thể chạm tới. (What is unverified that an event can touch.)"`
}

// RulesTestCmd runs the examples.
type RulesTestCmd struct {
	Rules string `help:"Thư mục quy định. (A folder of regulations.)" placeholder:"DIR"`
}

// Run prints one line a file and the examples that fail; exit status 1 then.
// With a folder given only its own files are tested.
func (c *RulesTestCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	built, err := rule.Builtin()
	if err != nil {
		return err
	}
	bad := 0
	for _, e := range lib.Editions() {
		if c.Rules != "" && slices.Contains(built.Editions(), e) {
			continue // what stands under a province's files may come out otherwise
		}
		fails := vote.RunEdition(lib, e)
		bad += len(fails)
		fmt.Fprintf(s.out, "%s: %d ví dụ, %d không đạt (examples, failed)\n", e.File, len(e.Examples), len(fails))
		for _, f := range fails {
			fmt.Fprintf(s.out, "  %s: %s\n", f.Example, f.Says)
		}
	}
	if bad > 0 {
		return failed("%d ví dụ không đạt (examples failed)", bad)
	}
	return nil
}

// RulesListCmd lists the library.
type RulesListCmd struct {
	Rules string `help:"Thư mục quy định. (A folder of regulations.)" placeholder:"DIR"`
	On    string `help:"Chỉ những bản có hiệu lực ngày này, dạng 2025-09-01. (Only editions of that day.)" placeholder:"DATE"`
}

// Run prints each edition with its items and their evidence.
func (c *RulesListCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	on, err := dateFlag(c.On)
	if err != nil {
		return err
	}
	for _, e := range lib.Editions() {
		v := lib.Validity(e)
		if !on.IsZero() && !v.On(on) {
			continue
		}
		fmt.Fprintf(s.out, "%s, %s [%s] %s…%s  %s\n", e.Document.Number, e.Document.Date, e.ID, v.From, v.To, e.Document.Title.VI)
		for _, p := range e.Parameters {
			fmt.Fprintf(s.out, "  tham số   %-44s %-10s %s = %s  %s\n", p.ID, p.Evidence, p.Article, p.Value, p.Title.VI)
		}
		for _, p := range e.Policies {
			fmt.Fprintf(s.out, "  cách tính %-44s %-10s %s = %s  %s\n", p.ID, p.Evidence, p.Article, p.Choose, p.Title.VI)
		}
		for _, r := range e.Rules {
			fmt.Fprintf(s.out, "  quy tắc   %-44s %-10s %s  %s\n", r.ID, r.Evidence, r.Article, r.Title.VI)
		}
		for _, k := range e.Contests {
			fmt.Fprintf(s.out, "  bầu       %-44s %s\n", k.ID, k.Title.VI)
		}
	}
	return nil
}

// RulesShowCmd shows a rule, a policy or a parameter on a day.
type RulesShowCmd struct {
	ID    string `arg:"" help:"Mã quy tắc, ví dụ state-election.winner. (The id of the rule.)"`
	On    string `help:"Ngày, dạng 2025-09-01; bỏ trống thì mọi bản. (The day; every edition when absent.)" placeholder:"DATE"`
	Rules string `help:"Thư mục quy định. (A folder of regulations.)" placeholder:"DIR"`
}

// Run prints the item in every edition of the day that has it.
func (c *RulesShowCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	on, err := dateFlag(c.On)
	if err != nil {
		return err
	}
	found := false
	for _, e := range lib.Editions() {
		v := lib.Validity(e)
		it := e.Item(c.ID)
		if it == nil || !on.IsZero() && !v.On(on) {
			continue
		}
		found = true
		fmt.Fprintf(s.out, "%s: %s\n  (%s)\n", it.ID, it.Title.VI, it.Title.EN)
		fmt.Fprintf(s.out, "  văn bản:     %s, %s, bản %s, hiệu lực %s…%s\n", e.Document.Number, e.Document.Date, e.ID, v.From, v.To)
		fmt.Fprintf(s.out, "  căn cứ:      %s\n  chứng cứ:    %s; %s\n", it.Article, it.Evidence, it.Source)
		showItem(s.out, lib, e, it)
		for _, r := range it.Readings {
			fmt.Fprintf(s.out, "  cách hiểu %q: %s (%s)%s\n", r.ID, r.Says.VI, r.Says.EN, readingValue(r))
		}
		if a, ok := lib.Attested(e, it.ID); ok {
			fmt.Fprintf(s.out, "  đã chứng thực: %s (mục %d)\n", a.Choice, a.Entry)
		}
	}
	if !found {
		return badInput("không có quy tắc %q vào ngày đã cho; xem minhbach rules list (there is no such rule on that day)", c.ID)
	}
	return nil
}

// showItem prints what the item decides: an expression with its parameters, a
// way of the counting code, or a value.
func showItem(w io.Writer, lib *rule.Library, e *rule.Edition, it *rule.Item) {
	for _, r := range e.Rules {
		if &r.Item != it {
			continue
		}
		fmt.Fprintf(w, "  vai trò:     %s\n  biểu thức:   %s\n  đạt:         %s\n  không đạt:   %s\n", r.Role, r.Expr, r.Holds.VI, r.Fails.VI)
		for _, p := range e.Parameters {
			if strings.Contains(r.Expr, p.ID) {
				fmt.Fprintf(w, "  tham số:     %s = %s %s (%s, %s)\n", p.ID, p.Value, p.Unit.VI, p.Article, p.Evidence)
			}
		}
		if kinds := lib.RuleBooks(r.ID, e.Valid.From); len(kinds) > 0 {
			fmt.Fprintf(w, "  dùng trong:  %s\n", strings.Join(kinds, ", "))
		}
	}
	for _, p := range e.Policies {
		if &p.Item == it {
			fmt.Fprintf(w, "  cách tính:   %s %s\n  nội dung:    %s\n", p.Choose, strings.Join(p.List, ", "), p.Says.VI)
		}
	}
	for _, p := range e.Parameters {
		if &p.Item == it {
			fmt.Fprintf(w, "  giá trị:     %s (%s) %s\n", p.Value, p.Type, p.Unit.VI)
		}
	}
}

func readingValue(r rule.Reading) string {
	switch {
	case r.Value != nil:
		return " = " + r.Value.String()
	case r.Expr != "":
		return ": " + r.Expr
	case r.Choose != "":
		return " = " + strings.TrimSpace(r.Choose+" "+strings.Join(r.List, ", "))
	}
	return ""
}

// RulesCheckCmd is "Rà soát quy định": before an event, what it can touch that
// is still unverified.
type RulesCheckCmd struct {
	Event string `arg:"" help:"Tệp bản ghi cuộc bầu cử (.json) hoặc loại bầu, ví dụ party-election/committee. (A contest record or a kind.)"`
	On    string `help:"Ngày tổ chức, khi ghi loại bầu. (The day, with a kind.)" placeholder:"DATE"`
	Rules string `help:"Thư mục quy định. (A folder of regulations.)" placeholder:"DIR"`
}

// Run prints the rules of the event, and which are open with their readings.
func (c *RulesCheckCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	on, err := dateFlag(c.On)
	if err != nil {
		return err
	}
	kind := c.Event
	if strings.HasSuffix(c.Event, ".json") {
		rec, err := readRecord(c.Event)
		if err != nil {
			return err
		}
		kind, on = rec.Rules, rec.Date
	}
	if on.IsZero() {
		return badInput("hãy cho ngày tổ chức bằng --on, ví dụ --on 2025-09-01 (give the day with --on)")
	}
	b, err := lib.For(kind, on)
	if err != nil {
		return badInput("%v", err)
	}
	fmt.Fprintf(s.out, "%s, %s: %s\n", kind, on, b.Title.VI)
	for _, p := range b.Pins {
		fmt.Fprintf(s.out, "  theo %s, %s, bản %s\n", p.Document, p.Date, p.Edition)
	}
	for _, r := range b.Rules {
		fmt.Fprintf(s.out, "  %-10s %-12s %s  %s\n", r.Evidence, r.Role, r.ID, r.Title.VI)
	}
	for _, slot := range b.Slots() {
		p := b.Policy(slot)
		fmt.Fprintf(s.out, "  %-10s %-12s %s = %s  %s\n", p.Evidence, slot, p.ID, p.Choose, p.Title.VI)
	}
	open := b.Open()
	fmt.Fprintf(s.out, "chưa xác nhận (unverified): %d\n", len(open))
	for _, o := range open {
		fmt.Fprintf(s.out, "  %s, %s: %s\n", o.Item.ID, o.Item.Article, o.Item.Title.VI)
		for _, r := range o.Item.Readings {
			fmt.Fprintf(s.out, "    cách hiểu %q: %s%s\n", r.ID, r.Says.VI, readingValue(r))
		}
	}
	return nil
}

func readRecord(path string) (*vote.Record, error) {
	raw, err := readBounded(path, vote.MaxRecord)
	if err != nil {
		return nil, badInput("%s: không đọc được: %v (cannot read)", path, err)
	}
	rec, err := vote.ParseRecord(raw)
	if err != nil {
		return nil, inputMessage(path, &recordError{1, err})
	}
	return rec, nil
}

func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		err = errors.New("tệp quá lớn (the file is too large)")
	}
	return raw, err
}

func dateFlag(s string) (vn.Date, error) {
	if s == "" {
		return vn.Date{}, nil
	}
	d, err := vn.ParseDate(s)
	if err != nil {
		return d, badInput("%q không phải ngày dạng 2025-09-01 (not a date like 2025-09-01)", s)
	}
	return d, nil
}
