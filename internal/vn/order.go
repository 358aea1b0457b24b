package vn

import "strings"

// alphabet is the Vietnamese order of letters; f, j, w, z stand where foreign
// and highland names need them.
const alphabet = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

var weight = func() map[rune]byte {
	m := make(map[rune]byte)
	n := byte(0x10)
	for _, r := range alphabet {
		m[r] = n
		n++
	}
	return m
}()

// SplitName takes a name apart the way lists are ordered: the first word is
// the family name, the last the given name, the rest the middle name. A
// single word is a given name. What stands in brackets (another or a
// religious name) does not count. Highland names that put the family name
// last cannot be told apart by a program: official lists therefore carry an
// explicit order number, which stands over this order.
func SplitName(name string) (family, middle, given string) {
	w := strings.Fields(withoutBrackets(NormalizeName(name)))
	switch len(w) {
	case 0:
		return "", "", ""
	case 1:
		return "", "", w[0]
	}
	return w[0], strings.Join(w[1:len(w)-1], " "), w[len(w)-1]
}

func withoutBrackets(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(' || r == '[':
			depth++
		case (r == ')' || r == ']') && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// SortKey orders names on ballots and lists when compared byte by byte: by
// given name, then family name, then middle name; letters in Vietnamese order
// first, then tones (none, grave, hook, tilde, acute, dot). Names that differ
// only in case or in where the tone is written have equal keys; further order
// is by earlier birth (see CompareListed). The key holds bytes from 0x01
// up and is not text for people.
func SortKey(name string) string {
	family, middle, given := SplitName(name)
	var b strings.Builder
	for i, part := range []string{given, family, middle} {
		if i > 0 {
			b.WriteByte(1)
		}
		for _, w := range strings.Fields(part) {
			writeSyllable(&b, w)
		}
	}
	return b.String()
}

// writeSyllable writes letter weights, a terminator below every weight, then
// the tone; marks of other languages come last, so they part only names that
// are otherwise equal.
func writeSyllable(b *strings.Builder, word string) {
	y := analyse(word)
	var marks strings.Builder
	n := 0
	for _, l := range y.letters {
		for i, r := range l {
			switch w, ok := weight[r]; {
			case ok:
				b.WriteByte(w)
				n++
			case i == 0 && weight[base(r)] > 0:
				b.WriteByte(weight[base(r)])
				n++
				marks.WriteRune(r)
			case r > 0x7f:
				marks.WriteRune(r)
			}
		}
	}
	if n == 0 && marks.Len() == 0 {
		return // punctuation only
	}
	b.WriteByte(2)
	for _, t := range y.tones {
		b.WriteByte(3 + t)
	}
	if len(y.tones) == 0 {
		b.WriteByte(3)
	}
	b.WriteString(marks.String())
}

// base is the Latin letter under a composed letter (ĕ → e), or r itself.
func base(r rune) rune {
	for _, f := range Fold(string(r)) {
		return f
	}
	return r
}

// CompareNames orders two names as lists do: -1, 0 or +1.
func CompareNames(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) }

// CompareListed orders two persons on an official list: by name, and fully
// equal names by earlier birth. Births that do not settle the order (unknown,
// or known only to an overlapping month or year) compare as 0.
func CompareListed(aName string, aBorn PartialDate, bName string, bBorn PartialDate) int {
	if c := CompareNames(aName, bName); c != 0 {
		return c
	}
	c, _ := aBorn.Order(bBorn)
	return c
}

// TitleKey orders names of organisations and titles when compared byte by
// byte: word by word from the left, letters before tones, whole numbers by
// their value ("Chi bộ 2" before "Chi bộ 10").
func TitleKey(title string) string {
	var b strings.Builder
	for _, w := range strings.Fields(NormalizeName(title)) {
		if strings.Trim(w, "0123456789") == "" {
			w = strings.TrimLeft(w, "0")
			if len(w) < 10 {
				w = strings.Repeat("0", 10-len(w)) + w
			}
		}
		writeSyllable(&b, w)
	}
	return b.String()
}
