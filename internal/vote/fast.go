package vote

import (
	"unicode/utf8"

	"minhbach/internal/vn"
)

// fastRecord reads the usual shape of a record in one pass: known fields once
// each, plain strings, whole numbers. Whatever is unusual (an escape, a field
// it does not know or sees twice, null, a decimal, anything malformed) makes
// it give up, and the slow reader has the word, with its messages. What it
// does read equals what the slow reader reads; a property test holds that.
func fastRecord(data []byte) (*Record, bool) {
	s := &fastReader{b: data}
	r := &Record{Candidates: make([]Candidate, 0, 8)}
	s.fields(func(key string) {
		switch key {
		case "id":
			r.ID = s.text()
		case "rules":
			r.Rules = s.text()
		case "date":
			r.Date = s.date()
		case "kind":
			r.Kind = s.text()
		case "round":
			r.Round = int(s.number())
		case "form":
			r.Form = s.text()
		case "level":
			r.Level = s.text()
		case "organisation_kind":
			r.OrgKind = s.text()
		case "body":
			r.Body = s.text()
		case "seats":
			r.Seats = s.figure()
		case "alternates":
			r.Alternates = s.figure()
		case "earlier_elected":
			r.EarlierElected = s.figure()
		case "candidates":
			r.Candidates = s.candidates(r.Candidates)
		case "base":
			r.Base = s.base()
		case "voters":
			r.Voters = s.voters()
		case "ballots":
			s.ballots(&r.Ballots)
		case "votes":
			r.Votes = s.figures()
		case "disagree":
			r.Disagree = s.figures()
		case "middle":
			r.Middle = s.figures()
		case "unmarked":
			r.Unmarked = s.figures()
		default:
			s.bad = true
		}
	})
	s.space()
	return r, !s.bad && s.i == len(s.b)
}

// fastReader walks the bytes; bad says that it gave up.
type fastReader struct {
	b   []byte
	i   int
	bad bool
}

func (s *fastReader) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// take reads one byte of structure after white space.
func (s *fastReader) take(c byte) bool {
	s.space()
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *fastReader) must(c byte) {
	if !s.take(c) {
		s.bad = true
	}
}

// raw is the bytes of a plain string: no escape, no control byte, good UTF-8.
func (s *fastReader) raw() []byte {
	s.must('"')
	start, plain := s.i, true
	for ; s.i < len(s.b) && s.b[s.i] != '"'; s.i++ {
		c := s.b[s.i]
		if c < 0x20 || c == '\\' {
			s.bad = true
			return nil
		}
		plain = plain && c < utf8.RuneSelf
	}
	if s.bad || s.i >= len(s.b) || !plain && !utf8.Valid(s.b[start:s.i]) {
		s.bad = true
		return nil
	}
	s.i++
	return s.b[start : s.i-1]
}

func (s *fastReader) text() string { return string(s.raw()) }

func (s *fastReader) date() vn.Date {
	var d vn.Date
	if raw := s.raw(); len(raw) != len("2006-01-02") || d.UnmarshalText(raw) != nil {
		s.bad = true
	}
	return d
}

// number reads a whole number as JSON writes it, within 18 digits.
func (s *fastReader) number() int64 {
	s.space()
	start, neg := s.i, false
	if s.i < len(s.b) && s.b[s.i] == '-' {
		neg = true
		s.i++
		start++
	}
	var n int64
	for ; s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9'; s.i++ {
		n = n*10 + int64(s.b[s.i]-'0')
		if s.i-start >= 18 {
			s.bad = true
			return 0
		}
	}
	if s.i == start || s.b[start] == '0' && s.i-start > 1 {
		s.bad = true
	}
	if s.i < len(s.b) {
		switch s.b[s.i] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
		default:
			s.bad = true
		}
	}
	if neg {
		return -n
	}
	return n
}

func (s *fastReader) figure() *int64 {
	n := s.number()
	return &n
}

// fields reads an object; a key that stands twice makes it give up.
func (s *fastReader) fields(value func(key string)) {
	var seen [24]string
	n := 0
	s.must('{')
	if s.bad || s.take('}') {
		return
	}
	for {
		key := s.text()
		s.must(':')
		if s.bad || n == len(seen) {
			s.bad = true
			return
		}
		for _, k := range seen[:n] {
			if k == key {
				s.bad = true
				return
			}
		}
		seen[n] = key
		n++
		s.space()
		value(key)
		if s.bad || s.take('}') {
			return
		}
		s.must(',')
		s.space()
	}
}

// figures reads a map from ids to whole numbers.
func (s *fastReader) figures() map[string]int64 {
	m := make(map[string]int64, 8)
	s.must('{')
	if s.bad || s.take('}') {
		return m
	}
	for {
		s.space()
		key := s.text()
		s.must(':')
		if _, dup := m[key]; dup || s.bad {
			s.bad = true
			return nil
		}
		m[key] = s.number()
		if s.bad || s.take('}') {
			return m
		}
		s.must(',')
	}
}

func (s *fastReader) candidates(list []Candidate) []Candidate {
	s.must('[')
	if s.bad || s.take(']') {
		return list
	}
	for {
		var c Candidate
		s.fields(func(key string) {
			switch key {
			case "id":
				c.ID = s.text()
			case "name":
				c.Name = s.text()
			case "born":
				c.Born = s.text()
			case "order":
				c.Order = int(s.number())
			case "planned":
				c.Planned = s.text()
			default:
				s.bad = true
			}
		})
		list = append(list, c)
		if s.bad || s.take(']') {
			return list
		}
		s.must(',')
	}
}

func (s *fastReader) voters() *Voters {
	v := &Voters{}
	s.fields(func(key string) {
		switch key {
		case "listed":
			v.Listed = s.figure()
		case "voted":
			v.Voted = s.figure()
		default:
			s.bad = true
		}
	})
	return v
}

func (s *fastReader) base() *Base {
	b := &Base{}
	s.fields(func(key string) {
		switch key {
		case "summoned":
			b.Summoned = s.figure()
		case "present":
			b.Present = s.figure()
		case "incumbents":
			b.Incumbents = s.figure()
		default: // deductions are read slowly
			s.bad = true
		}
	})
	return b
}

func (s *fastReader) ballots(b *Ballots) {
	s.fields(func(key string) {
		switch key {
		case "printed":
			b.Printed = s.figure()
		case "issued":
			b.Issued = s.figure()
		case "spoiled":
			b.Spoiled = s.figure()
		case "unused":
			b.Unused = s.figure()
		case "collected":
			b.Collected = s.figure()
		case "valid":
			b.Valid = s.figure()
		case "invalid":
			b.Invalid = s.figure()
		case "invalid_by":
			b.InvalidBy = s.figures()
		case "by_chosen":
			b.ByChosen = s.figures()
		default:
			s.bad = true
		}
	})
}
