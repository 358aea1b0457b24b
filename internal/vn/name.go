package vn

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizeName makes one stored form of a name as typed or imported: NFC,
// the look-alikes Ð (U+00D0) and Ɖ (U+0189) become Đ, one space between
// words, no invisible characters. Letters' case and the place of the tone
// stay as the person writes them (Hoà or Hòa); NameKey compares across both.
func NormalizeName(s string) string {
	s = norm.NFC.String(s)
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == 'Ð' || r == 'Ɖ':
			r = 'Đ'
		case r == 'ð' || r == 'ɖ':
			r = 'đ'
		case r == '’' || r == 'ʼ' || r == '‘' || r == '`' || r == '´':
			r = '\''
		}
		switch {
		case invisible(r):
			continue
		case unicode.IsSpace(r) || unicode.IsControl(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	// Removing an invisible character may bring a letter and its mark
	// together, so the composed form is made again.
	return norm.NFC.String(b.String())
}

// invisible characters come with text pasted from web pages and old fonts:
// zero-width spaces and joiners, direction marks, soft hyphens, bad bytes.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || r == '\u034f'
}

// NameKey is equal for two spellings of one name: case, the two styles of
// placing a tone (hoà/hòa, thuý/thúy), look-alike letters, spaces and
// invisible characters do not matter; letters and tones do. Each syllable is
// written as its letters followed by its tone: "hoa1" for both Hoà and Hòa.
func NameKey(name string) string {
	var b strings.Builder
	for i, w := range strings.Fields(NormalizeName(name)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		y := analyse(w)
		for _, l := range y.letters {
			b.WriteString(l)
		}
		for _, t := range y.tones {
			b.WriteByte('0' + t)
		}
	}
	return b.String()
}

// SameName says that two spellings are of one name; see NameKey.
func SameName(a, b string) bool { return NameKey(a) == NameKey(b) }

// syllable is one word taken apart: letters in lower case with their vowel
// marks (ă, ơ, đ and, from highland languages, any other mark) but without
// tone, and the tones in order of writing (at most one in Vietnamese).
type syllable struct {
	letters []string
	tones   []byte
}

func analyse(word string) syllable {
	var y syllable
	for _, r := range norm.NFD.String(strings.ToLower(word)) {
		if t := toneOf(r); t > 0 {
			y.tones = append(y.tones, t)
			continue
		}
		if unicode.Is(unicode.Mn, r) && len(y.letters) > 0 {
			last := len(y.letters) - 1
			y.letters[last] = norm.NFC.String(y.letters[last] + string(r))
			continue
		}
		y.letters = append(y.letters, string(r))
	}
	return y
}

// toneOf numbers the five marks of tone in the order of the dictionary:
// none 0, grave 1, hook 2, tilde 3, acute 4, dot below 5.
func toneOf(r rune) byte {
	switch r {
	case '\u0300':
		return 1
	case '\u0309':
		return 2
	case '\u0303':
		return 3
	case '\u0301':
		return 4
	case '\u0323':
		return 5
	}
	return 0
}
