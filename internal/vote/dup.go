package vote

import (
	"encoding/json"
	"strings"
)

// duplicateKey finds a key that stands twice in the same object: the decoder
// would silently keep one of the two. Field names of the record itself are
// compared without case, as the decoder does. It reads JSON loosely; the
// decoder has the last word on what is JSON at all.
func duplicateKey(data []byte) (bool, string) {
	type frame struct {
		object bool
		few    []string
		many   map[string]bool
	}
	var stack []frame
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			if len(stack) > 64 {
				return false, ""
			}
			stack = append(stack, frame{object: c == '{'})
		case '}', ']':
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case '"':
			start := i
			escaped := false
			for i++; i < len(data) && data[i] != '"'; i++ {
				if data[i] == '\\' {
					escaped = true
					i++
				}
			}
			if i >= len(data) || len(stack) == 0 || !stack[len(stack)-1].object || !colonNext(data[i+1:]) {
				continue
			}
			key := string(data[start+1 : i])
			if escaped && json.Unmarshal(data[start:i+1], &key) != nil {
				return false, ""
			}
			if len(stack) == 1 {
				key = strings.ToLower(key)
			}
			f := &stack[len(stack)-1]
			if f.many != nil {
				if f.many[key] {
					return true, key
				}
				f.many[key] = true
				continue
			}
			for _, k := range f.few {
				if k == key {
					return true, key
				}
			}
			if f.few = append(f.few, key); len(f.few) > 24 {
				f.many = make(map[string]bool, 64)
				for _, k := range f.few {
					f.many[k] = true
				}
			}
		}
	}
	return false, ""
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
