package vn

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the form in which search compares: lower case, no marks and no
// tones, đ as d, letters and digits only with one space between words.
// "12-QĐ/TW" and "12 qđ tw" fold to "12 qd tw".
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	if strings.ContainsAny(s, acute) { // which decomposes to a space and a mark
		s = acuteGone.Replace(s)
	}
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch r {
		case 'đ', 'ð', 'ɖ':
			r = 'd'
		case 'ƀ':
			r = 'b'
		}
		switch {
		case unicode.IsMark(r) || invisible(r) || apostrophe(r):
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		default:
			space = b.Len() > 0
		}
	}
	return b.String()
}

// acute is the accent that stands alone, typed for an apostrophe: U+00B4, and
// U+1FFD, which is the same.
const acute = "\u00b4\u1ffd"

var acuteGone = strings.NewReplacer("\u00b4", "", "\u1ffd", "")

// apostrophe inside a highland name joins, it does not part: K'Ré, Đắk R'lấp.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`', '´':
		return true
	}
	return false
}

// ProvinceKey joins rows that spell one province differently: with or without
// "tỉnh", "thành phố", "TP.", in capitals, with the tone elsewhere, as Đăk or
// Đắc. It knows spellings, not history: a province renamed or merged keeps
// its own key.
func ProvinceKey(name string) string {
	f := Fold(name)
	for {
		cut := f
		for _, p := range []string{"thanh pho ", "tinh ", "tp ", "t p "} {
			cut = strings.TrimPrefix(cut, p)
		}
		if cut == f {
			break
		}
		f = cut
	}
	f = strings.ReplaceAll(f, " ", "")
	if same, ok := provinceSpellings[f]; ok {
		return same
	}
	return f
}

// provinceSpellings lists spellings that differ by letters, not marks.
var provinceSpellings = map[string]string{
	"daclac": "daklak", "daclak": "daklak", "darlac": "daklak",
	"dacnong": "daknong",
	"baccan":  "backan",
	"hcm":     "hochiminh", "tphcm": "hochiminh",
	"brvt": "bariavungtau",
}
