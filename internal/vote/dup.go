package vote

import (
	"bytes"
	"encoding/json"
	"strings"
)

// frame is one open object or array.
type frame struct {
	object bool
	fold   bool            // its keys are field names
	within string          // the field it stands in
	first  int             // its first key in keys
	many   map[string]bool // once it has too many to compare one by one
}

// name is how a key of the frame is compared. Folding takes the few letters
// outside ASCII that the decoder takes for k and s.
func (f *frame) name(key []byte) string {
	if !f.fold {
		return string(key)
	}
	return foreignLetters.Replace(strings.ToLower(string(key)))
}

// path is where the key stands, as far as it is known.
func (f *frame) path(key []byte) string {
	if f.within == "" {
		return string(key)
	}
	return f.within + "." + string(key)
}

var foreignLetters = strings.NewReplacer("\u017f", "s", "\u212a", "k")

// structField is the canonical name of a field of the record that holds named
// fields itself, or empty: a map of figures, or a field of somebody else's.
func structField(key []byte) string {
	for _, name := range [...]string{"candidates", "base", "deductions", "voters", "ballots", "decisions"} {
		if strings.EqualFold(name, string(key)) {
			return name
		}
	}
	return ""
}

// duplicateKey finds a key that stands twice in the same object: the decoder
// would silently keep one of the two. Field names are compared without case, as
// the decoder does; the names inside a map of figures, and inside fields that
// are not known here, by their bytes. It reads JSON loosely; the decoder has the
// last word on what is JSON at all.
func duplicateKey(data []byte) (bool, string) {
	var ownStack [8]frame
	var ownKeys [48][]byte
	stack, keys := ownStack[:0], ownKeys[:0]
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			if len(stack) > 64 {
				return false, ""
			}
			f := frame{object: c == '{', fold: len(stack) == 0, first: len(keys)}
			if n := len(stack); n > 0 && (stack[n-1].fold || !stack[n-1].object) {
				if f.within = stack[n-1].within; stack[n-1].object && len(keys) > stack[n-1].first {
					f.within = structField(keys[len(keys)-1])
				}
				f.fold = f.object && f.within != ""
			}
			stack = append(stack, f)
		case '}', ']':
			if len(stack) > 0 {
				keys = keys[:stack[len(stack)-1].first]
				stack = stack[:len(stack)-1]
			}
		case '"':
			start := i
			i = stringEnd(data, i+1)
			if i >= len(data) || len(stack) == 0 || !stack[len(stack)-1].object || !colonNext(data[i+1:]) {
				continue
			}
			key := data[start+1 : i]
			if bytes.IndexByte(key, '\\') >= 0 {
				var s string
				if json.Unmarshal(data[start:i+1], &s) != nil {
					return false, ""
				}
				key = []byte(s)
			}
			f := &stack[len(stack)-1]
			if f.many != nil {
				if f.many[f.name(key)] {
					return true, f.path(key)
				}
				f.many[f.name(key)] = true
				keys = append(keys[:f.first], key)
				continue
			}
			for _, k := range keys[f.first:] {
				if bytes.Equal(k, key) || f.fold && bytes.EqualFold(k, key) {
					return true, f.path(key)
				}
			}
			if keys = append(keys, key); len(keys)-f.first > 24 {
				f.many = make(map[string]bool, 64)
				for _, k := range keys[f.first:] {
					f.many[f.name(k)] = true
				}
			}
		}
	}
	return false, ""
}

// stringEnd is the place of the quote that ends a string, or len(data).
func stringEnd(data []byte, i int) int {
	for {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return len(data)
		}
		end := i + n
		escapes := 0
		for j := end - 1; j >= i && data[j] == '\\'; j-- {
			escapes++
		}
		if escapes%2 == 0 {
			return end
		}
		i = end + 1
	}
}

func colonNext(b []byte) bool {
	for _, c := range b {
		switch c {
		case ' ', '\t', '\n', '\r':
		case ':':
			return true
		default:
			return false
		}
	}
	return false
}
