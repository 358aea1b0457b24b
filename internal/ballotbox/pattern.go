package ballotbox

import (
	"fmt"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/vote"
)

// A ballot is keyed as order numbers and kept as a pattern: one letter for
// each name in the order of the ballot.
//
//	a  left on (strike), agreed, named (recommend), high confidence
//	d  struck, not agreed, low confidence
//	m  middle confidence
//	n  no box marked; not named (recommend)
//	b  both boxes, or several
//
// A doubtful ballot is "?", or "?cause" with the cause the station saw.
//
// Keys: order numbers parted by blank, comma, full stop or plus are the names
// struck (strike), not agreed to (agree), named (recommend), of middle
// confidence (confidence3). "7-12" is a range. "0": none of them, "*": all of
// them. "!" first: the numbers are the exceptions from all. A number followed
// by "/" has no box marked, by "x" both boxes; in confidence3 by "t" low
// confidence. "?": doubtful; "?3": doubtful, cause number 3 of the list.

// Keys are the letters of a form of ballot.
type Keys struct{ Rest, Number byte }

// KeysOf gives the letter of names not keyed and of names keyed.
func KeysOf(form string) Keys {
	switch form {
	case "recommend":
		return Keys{'n', 'a'}
	case "confidence3":
		return Keys{'a', 'm'}
	}
	return Keys{'a', 'd'}
}

// marks are the letters behind a number, by form.
func marks(form string) map[byte]byte {
	switch form {
	case "agree":
		return map[byte]byte{'/': 'n', 'x': 'b'}
	case "confidence3":
		return map[byte]byte{'/': 'n', 'x': 'b', 't': 'd'}
	}
	return nil
}

func typo(vi, en string, args ...any) error {
	return desk.Wrong("ballot", fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...))
}

// ReadKeys turns what a station keyed for one ballot into its pattern. causes
// are the ids that "?1", "?2" … stand for.
func ReadKeys(form string, names int, causes []string, line string) (string, error) {
	line = strings.ToLower(strings.TrimSpace(line))
	if len(line) > 20*names+200 {
		return "", typo("Dòng nhập quá dài.", "The line is too long.")
	}
	if rest, ok := strings.CutPrefix(line, "?"); ok {
		return doubtful(rest, causes)
	}
	k, exceptions := KeysOf(form), false
	if rest, ok := strings.CutPrefix(line, "!"); ok {
		line, exceptions = rest, true
	}
	tokens := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' || r == '.' || r == ';' || r == '+' || r == '\t' })
	if len(tokens) == 0 {
		return "", typo("Chưa nhập gì: gõ 0 nếu không có ai, ? nếu phiếu nghi vấn.", "Nothing keyed: key 0 for nobody, ? for a doubtful ballot.")
	}
	rest, number := k.Rest, k.Number
	if exceptions {
		rest, number = number, rest
	}
	p := []byte(strings.Repeat(string(rest), names))
	if len(tokens) == 1 && (tokens[0] == "0" || tokens[0] == "*") {
		if tokens[0] == "*" {
			p = []byte(strings.Repeat(string(number), names))
		}
		return string(p), nil
	}
	done := make([]bool, names)
	for _, t := range tokens {
		if err := token(form, t, number, p, done); err != nil {
			return "", err
		}
	}
	return string(p), nil
}

func token(form, t string, letter byte, p []byte, done []bool) error {
	whole := t
	if l, ok := marks(form)[t[len(t)-1]]; ok {
		letter, t = l, t[:len(t)-1]
	}
	from, to, ranged := strings.Cut(t, "-")
	if !ranged {
		to = from
	}
	lo, err1 := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	if err1 != nil || err2 != nil || strings.ContainsAny(from+to, "+-") {
		return typo("Không hiểu “%s”.", "“%s” is not understood.", whole)
	}
	if lo < 1 || hi > len(p) || lo > hi {
		return typo("“%s”: danh sách chỉ có số 1 đến %d.", "“%s”: the list has numbers 1 to %d.", whole, len(p))
	}
	for i := lo - 1; i < hi; i++ {
		if done[i] {
			return typo("Số %d nhập hai lần.", "Number %d is keyed twice.", i+1)
		}
		done[i], p[i] = true, letter
	}
	return nil
}

func doubtful(rest string, causes []string) (string, error) {
	rest = strings.TrimSpace(rest)
	if rest == "" {
		return "?", nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 1 || n > len(causes) {
		return "", typo("“?%s”: chỉ có nguyên nhân 1 đến %d, hoặc ? một mình.", "“?%s”: there are causes 1 to %d, or ? alone.", rest, len(causes))
	}
	return "?" + causes[n-1], nil
}

// WriteKeys is the shortest line that keys a pattern, for people to read.
func WriteKeys(form, pattern string, causes []string) string {
	if cause, ok := strings.CutPrefix(pattern, "?"); ok {
		for i, c := range causes {
			if c == cause {
				return "?" + strconv.Itoa(i+1)
			}
		}
		return "?"
	}
	k := KeysOf(form)
	behind := map[byte]string{k.Number: ""}
	for m, l := range marks(form) {
		behind[l] = string(m)
	}
	if form == "agree" {
		behind['d'] = ""
	}
	var out []string
	for i := 0; i < len(pattern); {
		l := pattern[i]
		j := i + 1
		for j < len(pattern) && pattern[j] == l {
			j++
		}
		if l != k.Rest {
			switch {
			case i == 0 && j == len(pattern) && l == k.Number:
				return "*"
			case j-i > 2:
				out = append(out, fmt.Sprintf("%d-%d%s", i+1, j, behind[l]))
			default:
				for n := i; n < j; n++ {
					out = append(out, strconv.Itoa(n+1)+behind[l])
				}
			}
		}
		i = j
	}
	if len(out) == 0 {
		return "0"
	}
	return strings.Join(out, " ")
}

// validPattern says whether a pattern may be of this form and list.
func validPattern(form string, names int, p string) bool {
	if len(p) != names {
		return false
	}
	letters := map[string]string{"strike": "ad", "agree": "adnb", "recommend": "an", "confidence3": "admnb"}[form]
	for _, r := range p {
		if !strings.ContainsRune(letters, r) {
			return false
		}
	}
	return true
}

// facts are what a pattern tells the rules of a ballot of the prescribed form.
func facts(form, p string) vote.Ballot {
	b := vote.Ballot{Form: form, Issued: true, Sealed: true, Listed: int64(len(p))}
	for _, l := range p {
		switch l {
		case 'a':
			b.Chosen++
		case 'b':
			b.Both++
		case 'n':
			if form != "recommend" {
				b.None++
			}
		}
	}
	return b
}

// withCause adds what a named cause says of the paper itself, so that the
// rules are asked about the ballot as the station saw it.
func withCause(b vote.Ballot, cause string) vote.Ballot {
	switch cause {
	case "not-issued", "wrong-form":
		b.Issued = false
	case "no-seal", "not-sealed":
		b.Sealed = false
	case "outside-name":
		b.OutsideName = true
	case "writing":
		b.Writing = true
	case "marked":
		b.Marked = true
	}
	return b
}
