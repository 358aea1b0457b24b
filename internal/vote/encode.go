package vote

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// AppendJSON appends the result as one line of JSON (without the line end), as
// encoding/json writes it with HTML escaping off. It is written by hand because
// a count of a million contests spends most of its time here; a test holds it
// to encoding/json.
func (r *Result) AppendJSON(b []byte) []byte {
	b = append(b, `{"id":`...)
	b = appendString(b, r.ID)
	b = append(b, `,"status":`...)
	b = appendString(b, string(r.Status))
	b = append(b, `,"denominator":{"of":`...)
	b = appendString(b, r.Denominator.Of)
	if r.Denominator.Count != nil {
		b = append(b, `,"count":`...)
		b = strconv.AppendInt(b, *r.Denominator.Count, 10)
	}
	b = append(b, '}')
	if r.Need != 0 {
		b = append(b, `,"need":`...)
		b = strconv.AppendInt(b, r.Need, 10)
	}
	b = append(b, `,"elected":`...)
	if r.Elected == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, '[')
		for i, id := range r.Elected {
			b = comma(b, i)
			b = appendString(b, id)
		}
		b = append(b, ']')
	}
	b = append(b, `,"unfilled":`...)
	b = strconv.AppendInt(b, r.Unfilled, 10)
	b = append(b, `,"next":`...)
	b = appendString(b, string(r.Next))
	b = append(b, `,"results":`...)
	b = list(b, r.Results, appendLine)
	b = append(b, `,"reasons":`...)
	b = list(b, r.Reasons, appendVerdict)
	b = append(b, `,"findings":`...)
	b = list(b, r.Findings, appendFinding)
	b = append(b, `,"pins":`...)
	b = list(b, r.Pins, appendPin)
	return append(b, '}')
}

func list[T any](b []byte, items []T, one func([]byte, *T) []byte) []byte {
	if items == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range items {
		b = comma(b, i)
		b = one(b, &items[i])
	}
	return append(b, ']')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}

func appendLine(b []byte, l *Line) []byte {
	b = append(b, `{"candidate":`...)
	b = appendString(b, l.Candidate)
	b = append(b, `,"votes":`...)
	b = strconv.AppendInt(b, l.Votes, 10)
	if l.Share != "" {
		b = append(b, `,"share":`...)
		b = appendString(b, l.Share)
	}
	if l.ShareOfSummoned != "" {
		b = append(b, `,"share_of_summoned":`...)
		b = appendString(b, l.ShareOfSummoned)
	}
	b = append(b, `,"outcome":`...)
	b = appendString(b, string(l.Outcome))
	return append(b, '}')
}

func appendVerdict(b []byte, v *rule.Verdict) []byte {
	b = append(b, `{"rule":`...)
	b = appendString(b, v.Rule)
	b = append(b, `,"document":`...)
	b = appendString(b, v.Document)
	b = append(b, `,"date":"`...)
	b = appendDate(b, v.Date)
	b = append(b, `","article":`...)
	b = appendString(b, v.Article)
	b = append(b, `,"evidence":`...)
	b = appendString(b, string(v.Evidence))
	if len(v.Also) > 0 {
		b = append(b, `,"also":`...)
		b = list(b, v.Also, appendGround)
	}
	if v.Subject != "" {
		b = append(b, `,"candidate":`...)
		b = appendString(b, v.Subject)
	}
	b = append(b, `,"inputs":`...)
	b = appendInputs(b, v.Inputs)
	if len(v.From) > 0 {
		b = append(b, `,"from":{`...)
		for i, k := range sortedKeys(v.From) {
			b = comma(b, i)
			b = appendString(b, k)
			b = append(b, ':')
			b = appendString(b, v.From[k])
		}
		b = append(b, '}')
	}
	b = append(b, `,"holds":`...)
	b = strconv.AppendBool(b, v.Holds)
	b = append(b, `,"says":`...)
	b = appendWords(b, v.Says)
	return append(b, '}')
}

func appendGround(b []byte, g *rule.Ground) []byte {
	b = append(b, `{"parameter":`...)
	b = appendString(b, g.Parameter)
	b = append(b, `,"document":`...)
	b = appendString(b, g.Document)
	b = append(b, `,"date":"`...)
	b = appendDate(b, g.Date)
	b = append(b, `","article":`...)
	b = appendString(b, g.Article)
	return append(b, '}')
}

func appendInputs(b []byte, in map[string]int64) []byte {
	if in == nil {
		return append(b, "null"...)
	}
	b = append(b, '{')
	var own [8]string // enough for most rules, without a slice of its own
	keys := own[:0]
	for k := range in {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for i, k := range keys {
		b = comma(b, i)
		b = appendString(b, k)
		b = append(b, ':')
		b = strconv.AppendInt(b, in[k], 10)
	}
	return append(b, '}')
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func appendFinding(b []byte, f *Finding) []byte {
	b = append(b, `{"rule":`...)
	b = appendString(b, f.Rule)
	b = append(b, `,"kind":`...)
	b = appendString(b, f.Kind)
	b = append(b, `,"severity":`...)
	b = appendString(b, f.Severity)
	b = append(b, `,"says":`...)
	b = appendWords(b, f.Says)
	return append(b, '}')
}

func appendPin(b []byte, p *rule.Pin) []byte {
	b = append(b, `{"document":`...)
	b = appendString(b, p.Document)
	b = append(b, `,"date":"`...)
	b = appendDate(b, p.Date)
	b = append(b, `","edition":`...)
	b = appendString(b, p.Edition)
	b = append(b, `,"digest":`...)
	b = appendString(b, p.Digest)
	if p.Recorded != 0 {
		b = append(b, `,"recorded":`...)
		b = strconv.AppendInt(b, p.Recorded, 10)
	}
	return append(b, '}')
}

func appendWords(b []byte, w rule.Words) []byte {
	b = append(b, `{"vi":`...)
	b = appendString(b, w.VI)
	b = append(b, `,"en":`...)
	b = appendString(b, w.EN)
	return append(b, '}')
}

// appendDate writes YYYY-MM-DD; nothing for a day that was not recorded.
func appendDate(b []byte, d vn.Date) []byte {
	if d.IsZero() {
		return b
	}
	digits := func(n, width int) {
		for p := width; p > 0; p-- {
			v := n
			for range p - 1 {
				v /= 10
			}
			b = append(b, byte('0'+v%10))
		}
	}
	digits(d.Year, 4)
	b = append(b, '-')
	digits(int(d.Month), 2)
	b = append(b, '-')
	digits(d.Day, 2)
	return b
}

const hexDigits = "0123456789abcdef"

// appendString quotes a string as encoding/json does without HTML escaping:
// control characters, quote and backslash escaped, bytes that are not UTF-8
// replaced, and the two line separators that break scripts escaped.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, s[start:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\b':
				b = append(b, '\\', 'b')
			case '\f':
				b = append(b, '\\', 'f')
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			start = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(append(b, s[start:i]...), `\ufffd`...)
			start = i + n
		case r == '\u2028' || r == '\u2029':
			b = append(append(b, s[start:i]...), `\u202`...)
			b = append(b, hexDigits[r&15])
			start = i + n
		}
		i += n
	}
	return append(append(b, s[start:]...), '"')
}
