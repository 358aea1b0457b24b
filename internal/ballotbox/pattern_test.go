package ballotbox_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/ballotbox"
)

func TestKeys(t *testing.T) {
	for _, x := range []struct {
		form string
		n    int
		line string
		want string // pattern, or "!" for a slip
	}{
		{"strike", 6, "3", "aadaaa"}, {"strike", 6, "3 5", "aadada"}, {"strike", 6, "3,5", "aadada"}, {"strike", 6, "3+5.6", "aadadd"},
		{"strike", 6, "2-4", "adddaa"}, {"strike", 6, "0", "aaaaaa"}, {"strike", 6, "*", "dddddd"}, {"strike", 6, "!2 3", "daaddd"},
		{"strike", 6, "?", "?"}, {"strike", 6, "?2", "?marked"}, {"strike", 6, "?9", "!"}, {"strike", 6, "", "!"}, {"strike", 6, "7", "!"},
		{"strike", 6, "3 3", "!"}, {"strike", 6, "3x", "!"}, {"strike", 6, "5-2", "!"}, {"strike", 6, "0 3", "!"}, {"strike", 6, "-3", "!"}, {"strike", 6, "3-", "!"},
		{"agree", 4, "0", "aaaa"}, {"agree", 4, "2", "adaa"}, {"agree", 4, "2x 3/", "abna"}, {"agree", 4, "1-3/", "nnna"}, {"agree", 1, "1", "d"},
		{"recommend", 4, "2 4", "nana"}, {"recommend", 4, "0", "nnnn"},
		{"confidence3", 4, "1 2t 3/", "mdna"},
	} {
		got, err := ballotbox.ReadKeys(x.form, x.n, []string{"not-issued", "marked"}, x.line)
		if x.want == "!" {
			if err == nil {
				t.Errorf("%s %q: taken as %s", x.form, x.line, got)
			}
		} else if err != nil || got != x.want {
			t.Errorf("%s %q: %s %v, want %s", x.form, x.line, got, err, x.want)
		}
	}
}

// What is written for people reads back to the same ballot.
func TestKeysWrittenAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.SampledFrom([]string{"strike", "agree", "recommend", "confidence3"}).Draw(t, "form")
		letters := map[string]string{"strike": "ad", "agree": "adnb", "recommend": "an", "confidence3": "admnb"}[form]
		n := rapid.IntRange(1, 70).Draw(t, "n")
		p := make([]byte, n)
		for i := range p {
			p[i] = letters[rapid.IntRange(0, len(letters)-1).Draw(t, "letter")]
		}
		line := ballotbox.WriteKeys(form, string(p), nil)
		got, err := ballotbox.ReadKeys(form, n, nil, line)
		if err != nil || got != string(p) {
			t.Fatalf("%s %s written %q reads %s %v", form, p, line, got, err)
		}
	})
}

// A ballot of 55 names with two struck takes about seven keys.
func TestSevenKeys(t *testing.T) {
	p := []byte(strings.Repeat("a", 55))
	p[6], p[21], p[40] = 'd', 'd', 'd'
	if line := ballotbox.WriteKeys("strike", string(p), nil) + "\n"; len(line) > 8 {
		t.Errorf("%q takes %d keys", line, len(line))
	}
}

func FuzzReadKeys(f *testing.F) {
	for _, s := range []string{"3 17 22", "0", "!5", "?2", "7-12", "=", "5x", "1-", "99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, form := range []string{"strike", "agree", "recommend", "confidence3"} {
			p, err := ballotbox.ReadKeys(form, 55, []string{"marked"}, line)
			if err == nil && !strings.HasPrefix(p, "?") && len(p) != 55 {
				t.Errorf("%q: pattern of %d letters", line, len(p))
			}
		}
	})
}
