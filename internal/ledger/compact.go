package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// CheckCompact says whether b is one JSON value in compact form: no space
// outside strings, valid UTF-8, no key twice in one object, no half of a
// surrogate pair, nested at most MaxDepth deep. Bodies and blocks must be so:
// every reader then sees the same thing in them.
func CheckCompact(b []byte) error {
	c := compact{b: b}
	if err := c.value(0); err != nil {
		return fmt.Errorf("byte %d: %w", c.i, err)
	}
	if c.i != len(b) {
		return fmt.Errorf("byte %d: bytes after the value", c.i)
	}
	return nil
}

type compact struct {
	b []byte
	i int
}

var errJSON = errors.New("not compact JSON")

func (c *compact) peek() byte {
	if c.i < len(c.b) {
		return c.b[c.i]
	}
	return 0
}

func (c *compact) take(ch byte) bool {
	if c.peek() == ch && c.i < len(c.b) {
		c.i++
		return true
	}
	return false
}

func (c *compact) value(depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	switch ch := c.peek(); {
	case ch == '{':
		return c.object(depth)
	case ch == '[':
		return c.array(depth)
	case ch == '"':
		_, err := c.str()
		return err
	case ch == '-' || ch >= '0' && ch <= '9':
		return c.number()
	}
	for _, w := range [...]string{"true", "false", "null"} {
		if len(c.b)-c.i >= len(w) && string(c.b[c.i:c.i+len(w)]) == w {
			c.i += len(w)
			return nil
		}
	}
	return errJSON
}

func (c *compact) object(depth int) error {
	c.i++
	if c.take('}') {
		return nil
	}
	var few [12]string
	keys := few[:0]
	var many map[string]bool
	for {
		key, err := c.str()
		if err != nil {
			return err
		}
		twice := many[key]
		for _, k := range keys {
			twice = twice || k == key
		}
		if twice {
			return fmt.Errorf("key %q stands twice", key)
		}
		switch {
		case many != nil:
			many[key] = true
		case len(keys) < len(few):
			keys = append(keys, key)
		default:
			many = map[string]bool{key: true}
			for _, k := range keys {
				many[k] = true
			}
			keys = nil
		}
		if !c.take(':') {
			return errJSON
		}
		if err := c.value(depth + 1); err != nil {
			return err
		}
		if c.take('}') {
			return nil
		}
		if !c.take(',') {
			return errJSON
		}
	}
}

func (c *compact) array(depth int) error {
	c.i++
	if c.take(']') {
		return nil
	}
	for {
		if err := c.value(depth + 1); err != nil {
			return err
		}
		if c.take(']') {
			return nil
		}
		if !c.take(',') {
			return errJSON
		}
	}
}

// str takes a string and returns what it means, escapes resolved.
func (c *compact) str() (string, error) {
	if !c.take('"') {
		return "", errJSON
	}
	start := c.i
	for c.i < len(c.b) { // without escapes the bytes are the meaning
		ch := c.b[c.i]
		if ch == '"' {
			c.i++
			return string(c.b[start : c.i-1]), nil
		}
		if ch == '\\' {
			break
		}
		if err := c.plain(ch); err != nil {
			return "", err
		}
	}
	out := append([]byte(nil), c.b[start:c.i]...)
	for c.i < len(c.b) {
		ch := c.b[c.i]
		switch {
		case ch == '"':
			c.i++
			return string(out), nil
		case ch == '\\':
			r, err := c.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		default:
			from := c.i
			if err := c.plain(ch); err != nil {
				return "", err
			}
			out = append(out, c.b[from:c.i]...)
		}
	}
	return "", errors.New("a string without its end")
}

// plain takes one character that is not escaped.
func (c *compact) plain(ch byte) error {
	if ch < 0x20 {
		return errors.New("a control character in a string")
	}
	if ch < utf8.RuneSelf {
		c.i++
		return nil
	}
	r, n := utf8.DecodeRune(c.b[c.i:])
	if r == utf8.RuneError && n == 1 {
		return errors.New("not UTF-8")
	}
	c.i += n
	return nil
}

func (c *compact) escape() (rune, error) {
	c.i++ // the backslash
	ch := c.peek()
	c.i++
	switch ch {
	case '"', '\\', '/':
		return rune(ch), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		r, err := c.hex4()
		if err != nil || !utf16.IsSurrogate(r) {
			return r, err
		}
		if c.take('\\') && c.take('u') {
			low, err := c.hex4()
			if err != nil {
				return 0, err
			}
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, nil
			}
		}
		return 0, errors.New("half of a surrogate pair")
	}
	return 0, errors.New("an unknown escape")
}

func (c *compact) hex4() (rune, error) {
	if len(c.b)-c.i < 4 {
		return 0, errJSON
	}
	for _, ch := range c.b[c.i : c.i+4] {
		if !(ch >= '0' && ch <= '9' || ch >= 'a' && ch <= 'f' || ch >= 'A' && ch <= 'F') {
			return 0, errJSON
		}
	}
	v, err := strconv.ParseUint(string(c.b[c.i:c.i+4]), 16, 16)
	c.i += 4
	return rune(v), err
}

// number takes a number of the JSON grammar.
func (c *compact) number() error {
	digits := func() bool {
		from := c.i
		for c.i < len(c.b) && c.b[c.i] >= '0' && c.b[c.i] <= '9' {
			c.i++
		}
		return c.i > from
	}
	c.take('-')
	if c.take('0') {
		if ch := c.peek(); ch >= '0' && ch <= '9' {
			return errors.New("a number that begins with 0")
		}
	} else if !digits() {
		return errJSON
	}
	if c.take('.') && !digits() {
		return errJSON
	}
	if c.take('e') || c.take('E') {
		if !c.take('+') {
			c.take('-')
		}
		if !digits() {
			return errJSON
		}
	}
	return nil
}
