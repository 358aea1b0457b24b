package vn

import (
	"fmt"
	"strconv"
	"strings"
)

// Thousands writes a count with dots: 186.600. Negative numbers keep their sign.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return sign + s
}

// Comma turns the decimal point of files into the comma of screens: 82.35 → 82,35.
func Comma(s string) string { return strings.Replace(s, ".", ",", 1) }

// ReadCount reads a whole count as typed: 186600, 186.600, 186 600. A group of
// other than three digits after a dot is refused: 186.60 is no count.
func ReadCount(s string) (int64, error) {
	bad := fmt.Errorf("vn: %q không phải là số đếm; hãy viết 186600 hoặc 186.600 (not a count)", clip(s, 40))
	t := strings.NewReplacer("\u00a0", ".", "\u202f", ".", " ", ".").Replace(strings.TrimSpace(s))
	groups := strings.Split(t, ".")
	for i, g := range groups {
		if g == "" || len(groups) > 1 && (len(g) > 3 || i > 0 && len(g) != 3) || strings.Trim(g, "0123456789") != "" {
			return 0, bad
		}
	}
	n, err := strconv.ParseInt(strings.Join(groups, ""), 10, 64)
	if err != nil {
		return 0, bad
	}
	return n, nil
}

var digitWords = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// Words writes a number out as minutes do: 186.600 is "một trăm tám mươi sáu
// nghìn sáu trăm". It uses nghìn and linh.
func Words(n int64) string {
	if n == 0 {
		return digitWords[0]
	}
	if n < 0 {
		return "âm " + wordsOf(uint64(-(n+1))+1)
	}
	return wordsOf(uint64(n))
}

func wordsOf(n uint64) string {
	var parts []string
	if high := n / 1_000_000_000; high > 0 {
		parts = append(parts, wordsOf(high), "tỷ")
		n %= 1_000_000_000
	}
	for _, g := range []struct {
		value uint64
		unit  string
	}{{n / 1_000_000, "triệu"}, {n / 1000 % 1000, "nghìn"}, {n % 1000, ""}} {
		if g.value == 0 {
			continue
		}
		parts = append(parts, threeDigits(int(g.value), len(parts) > 0))
		if g.unit != "" {
			parts = append(parts, g.unit)
		}
	}
	return strings.Join(parts, " ")
}

// threeDigits speaks 1 to 999; inner groups speak their empty hundreds
// ("không trăm linh năm").
func threeDigits(n int, inner bool) string {
	var w []string
	h, t, u := n/100, n/10%10, n%10
	if h > 0 || inner {
		w = append(w, digitWords[h], "trăm")
	}
	switch {
	case t == 0 && u > 0 && len(w) > 0:
		w = append(w, "linh")
	case t == 1:
		w = append(w, "mười")
	case t > 1:
		w = append(w, digitWords[t], "mươi")
	}
	switch {
	case u == 0:
	case u == 1 && t > 1:
		w = append(w, "mốt")
	case u == 4 && t > 1:
		w = append(w, "tư")
	case u == 5 && t > 0:
		w = append(w, "lăm")
	default:
		w = append(w, digitWords[u])
	}
	return strings.Join(w, " ")
}
