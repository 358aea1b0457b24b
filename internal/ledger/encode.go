package ledger

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Version is the version of the canonical form that Encode writes.
const Version = 1

// Bounds of one entry. They keep a hostile line from costing memory, and are
// part of the format: a longer entry is refused on both ways.
const (
	MaxEntry    = 4 << 20  // bytes of the canonical form
	MaxContent  = 16 << 20 // bytes of the content of one block
	MaxSubjects = 4096
	MaxBlocks   = 64
	MaxText     = 512 // bytes of an id, a kind or a name
	MaxDepth    = 64  // nesting of the body
	SaltSize    = 16
)

// timeForm is UTC with exactly three decimals.
const timeForm = "2006-01-02T15:04:05.000Z"

// Encode writes the canonical form of an entry: one line of compact JSON with
// fixed keys in a fixed order (docs/formats/ledger.md). The body's bytes are
// kept as given, and must be a compact JSON object. The Merkle leaf is
// LeafHash of exactly these bytes.
func (e Entry) Encode() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	b := make([]byte, 0, 256+len(e.Body)+64*len(e.Subjects)+128*len(e.Blocks))
	b = append(b, `{"v":1,"index":`...)
	b = strconv.AppendInt(b, e.Index, 10)
	b = append(b, `,"at":"`...)
	b = e.At.AppendFormat(b, timeForm)
	b = append(b, `","kind":`...)
	b = appendText(b, e.Kind)
	b = append(b, `,"act":`...)
	b = appendText(b, e.Act)
	b = append(b, `,"actor":`...)
	b = appendText(b, e.Actor)
	b = append(b, `,"subjects":[`...)
	for i, s := range e.Subjects {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":`...)
		b = appendText(b, s.ID)
		b = append(b, `,"prev":`...)
		b = strconv.AppendInt(b, s.Prev, 10)
		b = append(b, '}')
	}
	b = append(b, `],"body":`...)
	b = append(b, e.Body...)
	b = append(b, `,"blocks":[`...)
	for i, r := range e.Blocks {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"name":`...)
		b = appendText(b, r.Name)
		b = append(b, `,"hash":"`...)
		b = hex.AppendEncode(b, r.Hash[:])
		b = append(b, `"}`...)
	}
	b = append(b, `]}`...)
	if len(b) > MaxEntry {
		return nil, fmt.Errorf("ledger: entry %d is %d bytes, more than %d", e.Index, len(b), MaxEntry)
	}
	return b, nil
}

// Validate says whether the entry can be written: bounds, forms and the order
// of its parts. It does not know the entries around it.
func (e Entry) Validate() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("ledger: entry %d: %w", e.Index, fmt.Errorf(format, args...))
	}
	switch {
	case e.Index < 0:
		return fail("index is negative")
	case e.At.Location() != time.UTC:
		return fail("time is not in UTC")
	case e.At.Nanosecond()%int(time.Millisecond) != 0:
		return fail("time has parts of a millisecond")
	case e.At.Year() < 1970 || e.At.Year() > 9999:
		return fail("year %d is out of range", e.At.Year())
	case len(e.Subjects) == 0:
		return fail("no subject")
	case len(e.Subjects) > MaxSubjects:
		return fail("%d subjects, more than %d", len(e.Subjects), MaxSubjects)
	case len(e.Blocks) > MaxBlocks:
		return fail("%d blocks, more than %d", len(e.Blocks), MaxBlocks)
	}
	if err := checkKind(e.Kind); err != nil {
		return fail("%w", err)
	}
	if err := checkText("act", e.Act); err != nil {
		return fail("%w", err)
	}
	if e.Actor != "" {
		if err := checkText("actor", e.Actor); err != nil {
			return fail("%w", err)
		}
	}
	for i, s := range e.Subjects {
		if err := checkText("subject", s.ID); err != nil {
			return fail("%w", err)
		}
		if s.Prev < -1 || s.Prev >= e.Index {
			return fail("subject %s: the entry before it cannot be %d", s.ID, s.Prev)
		}
		if i < 32 && slices.ContainsFunc(e.Subjects[:i], func(o Link) bool { return o.ID == s.ID }) {
			return fail("subject %s is named twice", s.ID)
		}
	}
	if len(e.Subjects) > 32 {
		seen := make(map[string]bool, len(e.Subjects))
		for _, s := range e.Subjects {
			if seen[s.ID] {
				return fail("subject %s is named twice", s.ID)
			}
			seen[s.ID] = true
		}
	}
	for i, r := range e.Blocks {
		if err := checkText("block", r.Name); err != nil {
			return fail("%w", err)
		}
		if len(r.Name) > 255 {
			return fail("block name is longer than 255 bytes")
		}
		if i > 0 && e.Blocks[i-1].Name >= r.Name {
			return fail("blocks are not in the order of their names")
		}
	}
	if len(e.Body) > MaxEntry {
		return fail("body is %d bytes, more than %d", len(e.Body), MaxEntry)
	}
	if err := CheckCompact(e.Body); err != nil {
		return fail("body: %w", err)
	}
	if e.Body[0] != '{' {
		return fail("body is not a JSON object")
	}
	return nil
}

// checkKind asks for "room.what-happened/1": lower-case ASCII, a version from 1.
func checkKind(kind string) error {
	name, version, ok := strings.Cut(kind, "/")
	if !ok || len(kind) > MaxText || !strings.Contains(name, ".") {
		return fmt.Errorf("kind %q is not of the form room.what-happened/1", kind)
	}
	for _, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_') {
			return fmt.Errorf("kind %q has characters other than a-z 0-9 . - _", kind)
		}
	}
	if version == "" || len(version) > 4 || version[0] == '0' {
		return fmt.Errorf("kind %q has no version from 1", kind)
	}
	for _, c := range []byte(version) {
		if c < '0' || c > '9' {
			return fmt.Errorf("kind %q has no version from 1", kind)
		}
	}
	return nil
}

// checkText asks for a short text without control characters, so that its
// canonical form needs no escapes but \" and \\.
func checkText(what, s string) error {
	if s == "" {
		return errors.New(what + " is empty")
	}
	if len(s) > MaxText {
		return fmt.Errorf("%s is %d bytes, more than %d", what, len(s), MaxText)
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return errors.New(what + " is not UTF-8")
		}
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return errors.New(what + " has a control character")
		}
		i += n
	}
	return nil
}

// appendText writes a checked text as a JSON string.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
