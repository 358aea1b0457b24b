package vote

import (
	"bytes"
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
		first  int             // its first key in keys
		many   map[string]bool // once it has too many to compare one by one
	}
	var ownStack [8]frame
	var ownKeys [48][]byte
	stack, keys := ownStack[:0], ownKeys[:0]
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			if len(stack) > 64 {
				return false, ""
			}
			stack = append(stack, frame{object: c == '{', first: len(keys)})
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
			top := len(stack) == 1
			if f.many != nil {
				k := string(key)
				if top {
					k = strings.ToLower(k)
				}
				if f.many[k] {
					return true, k
				}
				f.many[k] = true
				continue
			}
			for _, k := range keys[f.first:] {
				if bytes.Equal(k, key) || top && bytes.EqualFold(k, key) {
					return true, string(key)
				}
			}
			if keys = append(keys, key); len(keys)-f.first > 24 {
				f.many = make(map[string]bool, 64)
				for _, k := range keys[f.first:] {
					if s := string(k); top {
						f.many[strings.ToLower(s)] = true
					} else {
						f.many[s] = true
					}
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
