package vn

import "testing"

// The accent typed for an apostrophe joins like one, however it is coded.
func TestFoldAcuteForApostrophe(t *testing.T) {
	for _, name := range []string{"K\u00b4Ré", "K\u1ffdRé", "K'Ré", "K\u2019Ré"} {
		if got := Fold(name); got != "kre" || Fold(got) != got {
			t.Errorf("Fold(%q) = %q, want kre", name, got)
		}
	}
}

// Days are written alike by the quick way and by the general one.
func TestDateString(t *testing.T) {
	for want, d := range map[string]Date{"": {}, "0007-01-02": {7, 1, 2}, "1960-12-31": {1960, 12, 31}, "9999-10-09": {9999, 10, 9}, "12345-01-01": {12345, 1, 1}, "2026-01-00": {2026, 1, 0}} {
		if got := d.String(); got != want {
			t.Errorf("%#v is %q, want %q", d, got, want)
		}
	}
}
