package ledger

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Decode reads the canonical form strictly: what Encode would not have written
// byte for byte is refused (unknown or reordered keys, spaces, other spellings
// of the same value, bad UTF-8, sizes out of bounds). Encode(Decode(b)) is b.
func Decode(data []byte) (Entry, error) {
	if len(data) > MaxEntry {
		return Entry{}, fmt.Errorf("ledger: entry is %d bytes, more than %d", len(data), MaxEntry)
	}
	d := decoder{rest: data, whole: len(data)}
	e := d.entry()
	if d.err == nil && len(d.rest) > 0 {
		d.fail("bytes after the entry")
	}
	if d.err != nil {
		return Entry{}, fmt.Errorf("ledger: not a canonical entry: %w", d.err)
	}
	if err := e.Validate(); err != nil {
		return Entry{}, err
	}
	return e, nil
}

// decoder walks a canonical entry; after the first error it stands still.
type decoder struct {
	rest  []byte
	whole int
	err   error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("byte %d: %w", d.whole-len(d.rest), fmt.Errorf(format, args...))
	}
}

func (d *decoder) entry() Entry {
	var e Entry
	d.word(`{"v":1,"index":`)
	e.Index = d.integer()
	d.word(`,"at":"`)
	e.At = d.time()
	d.word(`","kind":`)
	e.Kind = d.text()
	d.word(`,"act":`)
	e.Act = d.text()
	d.word(`,"actor":`)
	e.Actor = d.text()
	d.word(`,"subjects":[`)
	for !d.next(']', len(e.Subjects), MaxSubjects) {
		var l Link
		d.word(`{"id":`)
		l.ID = d.text()
		d.word(`,"prev":`)
		l.Prev = d.integer()
		d.word(`}`)
		e.Subjects = append(e.Subjects, l)
	}
	d.word(`,"body":`)
	e.Body = d.value()
	d.word(`,"blocks":[`)
	for !d.next(']', len(e.Blocks), MaxBlocks) {
		var r BlockRef
		d.word(`{"name":`)
		r.Name = d.text()
		d.word(`,"hash":"`)
		r.Hash = d.hash()
		d.word(`"}`)
		e.Blocks = append(e.Blocks, r)
	}
	d.word(`}`)
	return e
}

// word takes exactly these bytes.
func (d *decoder) word(w string) {
	if d.err != nil {
		return
	}
	if len(d.rest) < len(w) || string(d.rest[:len(w)]) != w {
		d.fail("expected %s", w)
		return
	}
	d.rest = d.rest[len(w):]
}

// next is true at the end of a list, which it takes; between items it takes
// the comma.
func (d *decoder) next(end byte, have, most int) bool {
	if d.err != nil {
		return true
	}
	if len(d.rest) > 0 && d.rest[0] == end {
		d.rest = d.rest[1:]
		return true
	}
	if have >= most {
		d.fail("more than %d items", most)
		return true
	}
	if have > 0 {
		d.word(",")
	}
	return d.err != nil
}

// integer takes a number as strconv.AppendInt writes it.
func (d *decoder) integer() int64 {
	if d.err != nil {
		return 0
	}
	n := 0
	for n < len(d.rest) && n < 20 && (d.rest[n] == '-' || d.rest[n] >= '0' && d.rest[n] <= '9') {
		n++
	}
	v, err := strconv.ParseInt(string(d.rest[:n]), 10, 64)
	if err != nil || string(strconv.AppendInt(nil, v, 10)) != string(d.rest[:n]) {
		d.fail("not a whole number")
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) time() time.Time {
	const n = len(timeForm)
	if d.err != nil {
		return time.Time{}
	}
	if len(d.rest) < n {
		d.fail("not a time")
		return time.Time{}
	}
	t, err := time.Parse(timeForm, string(d.rest[:n]))
	if err != nil || t.Format(timeForm) != string(d.rest[:n]) {
		d.fail("not a time of the form %s", timeForm)
		return time.Time{}
	}
	d.rest = d.rest[n:]
	return t.UTC()
}

func (d *decoder) hash() (h [32]byte) {
	if d.err != nil {
		return h
	}
	if len(d.rest) < 64 {
		d.fail("not a hash")
		return h
	}
	s := d.rest[:64]
	if _, err := hex.Decode(h[:], s); err != nil || !bytes.Equal(s, bytes.ToLower(s)) {
		d.fail("not a hash of 64 lower-case hexadecimal digits")
		return h
	}
	d.rest = d.rest[64:]
	return h
}

// text takes a JSON string with no escapes but \" and \\ (see checkText; other
// characters that would need an escape are refused by Validate).
func (d *decoder) text() string {
	d.word(`"`)
	if d.err != nil {
		return ""
	}
	end := bytes.IndexAny(d.rest, `"\`)
	if end >= 0 && d.rest[end] == '"' { // the common case: no escapes
		s := string(d.rest[:end])
		d.rest = d.rest[end+1:]
		return s
	}
	var s []byte
	for i := 0; i < len(d.rest) && len(s) <= MaxText; i++ {
		switch c := d.rest[i]; c {
		case '"':
			d.rest = d.rest[i+1:]
			return string(s)
		case '\\':
			i++
			if i == len(d.rest) || d.rest[i] != '"' && d.rest[i] != '\\' {
				d.fail("an escape other than \\\" and \\\\")
				return ""
			}
			s = append(s, d.rest[i])
		default:
			s = append(s, c)
		}
	}
	d.fail("a text without its end, or longer than %d bytes", MaxText)
	return ""
}

// value takes one compact JSON value; Validate looks into it.
func (d *decoder) value() json.RawMessage {
	if d.err != nil {
		return nil
	}
	n, err := valueLen(d.rest)
	if err != nil {
		d.fail("%w", err)
		return nil
	}
	v := slices.Clone(d.rest[:n])
	d.rest = d.rest[n:]
	return v
}

// valueLen is the length of the JSON value at the start of b, found by
// brackets and quotes alone.
func valueLen(b []byte) (int, error) {
	if len(b) == 0 || b[0] != '{' {
		return 0, errors.New("expected a JSON object")
	}
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errors.New("a JSON object without its end")
}
