package web

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// funcs are the template functions, bound to one language.
func (s *Server) funcs(lang string) template.FuncMap {
	m := s.messages
	return template.FuncMap{
		"lang": func() string { return lang },
		"t":    func(key string, args ...any) string { return m.text(lang, key, args...) },
		"tn":   func(key string, n any, args ...any) string { return m.count(lang, key, toInt(n), args...) },
		// tk picks the message prefix.value, for values that come from code.
		"tk":    func(prefix string, value any) string { return m.text(lang, prefix+"."+toString(value)) },
		"has":   func(prefix string, value any) bool { return m.has(prefix + "." + toString(value)) },
		"num":   func(n any) string { return number(lang, toInt(n)) },
		"share": func(share string) string { return percent(lang, share) },
		"day":   func(d vn.Date) string { return dayText(lang, d) },
		"when":  func(t time.Time) string { return whenText(lang, t) },
		"words": func(w rule.Words) string { return w.In(lang) },
		"asset": s.assets.path,
		"entry": func(index int64) string { return "/nhat-ky/" + strconv.FormatInt(index, 10) },
		// law is the address of a rule: document, its date, rule, and the day it
		// was applied on where that is not the day the page speaks of.
		"law": lawURL,

		"input":   newField,
		"inputOf": inputOf,
		"preset": func(v any, f Field) Field {
			if f.Value == "" {
				f.Value = fmt.Sprint(v)
			}
			return f
		},
		"kind":      withKind,
		"hint":      func(hint string, f Field) Field { f.Hint = hint; return f },
		"required":  func(f Field) Field { f.Required = true; return f },
		"wide":      func(f Field) Field { f.Wide = true; return f },
		"options":   func(o []Option, f Field) Field { f.Kind, f.Options = "select", o; return f },
		"autofill":  func(a string, f Field) Field { f.Autocomplete = a; return f },
		"autofocus": func(f Field) Field { f.Autofocus = true; return f },
		"tag":       func(kind, text string) Tag { return Tag{kind, text} },
		"add":       func(a, b any) int64 { return toInt(a) + toInt(b) },
		"bornText":  bornText,
		"dict":      dict,
		// weekdays are the days of a week from Monday, as time.Weekday counts them.
		"weekdays": func() []string { return []string{"1", "2", "3", "4", "5", "6", "0"} },
	}
}

// dict makes a small map for parts that need more than one value.
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[toString(pairs[i])] = pairs[i+1]
	}
	return m
}

func toInt(n any) int64 {
	switch n := n.(type) {
	case int:
		return int64(n)
	case int64:
		return n
	case int32:
		return int64(n)
	case uint64:
		return int64(n)
	case *int64:
		if n != nil {
			return *n
		}
	}
	return 0
}

// withKind sets the kind of a field, unless it became a choice.
func withKind(kind string, f Field) Field {
	if f.Kind != "select" {
		f.Kind = kind
	}
	return f
}
