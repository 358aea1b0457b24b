package web

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// A room says in one sentence what an entry of a kind tells, by the message
// "say.<kind without version>": its places are
//
//	{actor}      who did it
//	{subject}    the main subject, in the reader's words
//	{2}          the second subject likewise, {3} the third
//	{a.b}        what stands in the body under these names: a day, a number,
//	             yes or no in words, the number of elements of a list, words
//	             in the reader's language, the name of a subject
//	{a.b|key}    the same as a code, in the words of the message key.<code>, or
//	             of the tables title, role, org (kind of organisation), fact (block of facts)
//
// and a part in square brackets goes when a place in it is empty. Bodies hold
// no personal content, and neither does the sentence.
var (
	sayPlace = regexp.MustCompile(`\{([a-z0-9_.]+)(?:\|([a-z0-9_.-]+))?\}`)
	sayPart  = regexp.MustCompile(`\[([^\[\]]*)\]`)
)

// say is the sentence of an entry. Of a kind without a message it says who did
// what about what.
func (c *Call) say(tx *store.Tx, rec desk.Record) string {
	kind, _, _ := strings.Cut(rec.Kind, "/")
	key := "say." + kind
	if !c.s.messages.has(key) {
		return c.T("ledger.say", c.actorText(tx, rec.Actor), c.kindText(rec.Kind), c.subjectName(tx, mainSubject(rec.Entry)))
	}
	var body map[string]any
	dec := json.NewDecoder(strings.NewReader(string(rec.Body)))
	dec.UseNumber()
	_ = dec.Decode(&body) // an entry's body is an object, checked when it was made
	names := c.subjectNames(tx)
	fill := func(text string) (string, bool) {
		whole := true
		out := sayPlace.ReplaceAllStringFunc(text, func(p string) string {
			m := sayPlace.FindStringSubmatch(p)
			v := c.sayValue(tx, rec, body, names, m[1], m[2])
			whole = whole && v != ""
			return v
		})
		return out, whole
	}
	text := sayPart.ReplaceAllStringFunc(c.T(key), func(part string) string {
		out, whole := fill(part[1 : len(part)-1])
		if !whole {
			return ""
		}
		return out
	})
	text, _ = fill(text)
	return text
}

func (c *Call) sayValue(tx *store.Tx, rec desk.Record, body map[string]any, names func(string) string, name, words string) string {
	switch name {
	case "actor":
		return c.actorText(tx, rec.Actor)
	case "subject":
		return names(mainSubject(rec.Entry))
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n < 1 || n > len(rec.Subjects) {
			return ""
		}
		return names(rec.Subjects[n-1].ID)
	}
	var v any = body
	for _, step := range strings.Split(name, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = m[step]
	}
	return c.sayBody(names, v, words)
}

// sayBody puts a value of a body into words.
func (c *Call) sayBody(names func(string) string, v any, words string) string {
	switch x := v.(type) {
	case string:
		switch words {
		case "title":
			if t, ok := person.TitleOf(x); ok {
				return rule.Words{VI: t.VI, EN: t.EN}.In(c.Lang)
			}
		case "role":
			if r, ok := account.RoleOf(x); ok {
				return rule.Words{VI: r.VI, EN: r.EN}.In(c.Lang)
			}
		case "org":
			return c.orgKind(org.Kind(x))
		case "fact":
			if b, ok := person.FactBlockOf(x); ok {
				return rule.Words{VI: b.VI, EN: b.EN}.In(c.Lang)
			}
		}
		if words != "" && c.s.messages.has(words+"."+x) {
			return c.T(words + "." + x)
		}
		if d, err := vn.ParseDate(x); err == nil {
			return dayText(c.Lang, d)
		}
		return names(x)
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return number(c.Lang, n)
		}
		return x.String()
	case bool:
		if x {
			return c.T("ledger.say.yes")
		}
		return "" // what is not so is not said
	case []any:
		if len(x) == 0 {
			return ""
		}
		return number(c.Lang, int64(len(x)))
	case map[string]any:
		vi, _ := x["vi"].(string)
		en, _ := x["en"].(string)
		return rule.Words{VI: vi, EN: en}.In(c.Lang)
	}
	return ""
}
