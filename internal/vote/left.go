package vote

import (
	"strings"

	"minhbach/internal/rule"
)

// Left is one thing that the rules of a contest may leave to people.
type Left struct {
	Rule    string // id, as Decision.Rule
	Title   rule.Words
	Article string
	Choice  string // as Decision.Choice; "elect:" when persons are to be named after it
	Says    rule.Words
}

// LeftToPeople lists what the rules of a book may leave to people, in the order
// in which the book holds it: the readings of what is unverified and can touch
// the result, the head's choice, ties that no rule settles, going on or
// stopping where another vote would follow. Which of it a contest comes to,
// its figures show: a decision on what it does not come to changes nothing and
// is said to be unused.
func LeftToPeople(b *rule.Book) []Left {
	var out []Left
	for _, o := range b.Open() {
		if o.Slot != "" && !decides(o.Slot) {
			continue
		}
		switch o.Role {
		case rule.RoleCondition, rule.RoleConsequence, rule.RoleBallot, rule.RoleStandalone:
			continue
		}
		out = append(out, Left{o.Item.ID, o.Item.Title, o.Item.Article, rule.MainReading,
			rule.Words{VI: "theo đúng điều ghi trong thư viện", EN: "as the library states it"}})
		for _, r := range o.Item.Readings {
			out = append(out, Left{o.Item.ID, o.Item.Title, o.Item.Article, r.ID, r.Says})
		}
	}
	choose := rule.Words{VI: "chọn người trúng cử", EN: "choose who is elected"}
	for _, r := range b.Rules {
		if r.Role == rule.RoleHead {
			out = append(out, Left{r.ID, r.Title, r.Article, "elect:", choose})
		}
	}
	for _, slot := range [...]string{"tie", "short"} {
		p := b.Policy(slot)
		if p == nil {
			continue
		}
		for _, x := range []Left{
			{Choice: "elect:", Says: choose},
			{Choice: "stop", Says: rule.Words{VI: "dừng, không bầu nữa", EN: "stop, do not vote again"}},
			{Choice: "continue", Says: rule.Words{VI: "tiếp tục bầu", EN: "vote again"}},
		} {
			if leaves(b, Decision{Rule: p.ID, Choice: x.Choice}) {
				x.Rule, x.Title, x.Article = p.ID, p.Title, p.Article
				out = append(out, x)
			}
		}
	}
	return out
}

// Key names a choice in a form: the rule and the choice, "elect:" without the
// persons. MatterOf is its reverse.
func (l Left) Key() string { return l.Rule + " " + l.Choice }

// MatterOf splits the key of a choice into rule and choice.
func MatterOf(key string) (rule, choice string) {
	rule, choice, _ = strings.Cut(key, " ")
	return rule, choice
}
