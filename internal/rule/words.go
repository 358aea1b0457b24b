package rule

import (
	"slices"
	"strconv"
)

// template is a sentence with {input} and {parameter} places, split once.
type template struct{ vi, en pieces }

type piece struct {
	text string
	name string // when set: the place of an input or parameter
}

type pieces []piece

func parseTemplate(w Words) template { return template{split(w.VI), split(w.EN)} }

func split(s string) pieces {
	var out pieces
	for {
		i := indexByte(s, '{')
		j := indexByte(s, '}')
		if i < 0 || j < i {
			return append(out, piece{text: s})
		}
		if i > 0 {
			out = append(out, piece{text: s[:i]})
		}
		out = append(out, piece{name: s[i+1 : j]})
		s = s[j+1:]
	}
}

func indexByte(s string, c byte) int {
	for i := 0; i < len(s); i++ {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// fill writes the sentence; a name that is neither input nor parameter stays
// visible in its braces, so that a slip in a file is seen.
func (ps pieces) fill(in map[string]int64, r *Bound, sep byte) string {
	if len(ps) == 1 && ps[0].name == "" {
		return ps[0].text
	}
	buf := make([]byte, 0, 160)
	for _, p := range ps {
		if p.name == "" {
			buf = append(buf, p.text...)
			continue
		}
		if v, ok := in[p.name]; ok {
			buf = AppendCount(buf, v, sep)
			continue
		}
		if i := slices.IndexFunc(r.used, func(u usedParam) bool { return u.ID == p.name }); i >= 0 {
			buf = append(buf, r.used[i].text...)
			continue
		}
		buf = append(buf, '{')
		buf = append(buf, p.name...)
		buf = append(buf, '}')
	}
	return string(buf)
}

// Param is the value in force of a parameter the rule uses.
func (r *Bound) Param(id string) (Value, bool) {
	for _, u := range r.used {
		if u.ID == id {
			return u.value, true
		}
	}
	return Value{}, false
}

// AppendCount writes a whole number with its thousands apart: 186.600.
func AppendCount(buf []byte, n int64, sep byte) []byte {
	if n < 0 {
		buf = append(buf, '-')
		n = -n
	}
	var tmp [20]byte
	d := strconv.AppendInt(tmp[:0], n, 10)
	for i, c := range d {
		if i > 0 && (len(d)-i)%3 == 0 {
			buf = append(buf, sep)
		}
		buf = append(buf, c)
	}
	return buf
}
