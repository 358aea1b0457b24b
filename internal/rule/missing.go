package rule

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// NotRecordedWords says which figures a rule was not applied for. The sentence
// is kept: in a count of many contests the same figures are missing.
func (r *Bound) NotRecordedWords(in *Inputs) Words {
	missing := [2]uint64{r.prog.mask[0] &^ in.has[0], r.prog.mask[1] &^ in.has[1]}
	if w, ok := r.missing.Load(missing); ok {
		return w.(Words)
	}
	var vi, en []string
	for _, s := range r.Missing(in) {
		vi, en = append(vi, s.Words().VI), append(en, s.Words().EN)
	}
	w := Words{
		VI: "Chưa ghi " + strings.Join(vi, ", ") + " nên chưa xét: " + lowerFirst(r.Title.VI) + ".",
		EN: "Not recorded: " + strings.Join(en, ", ") + "; so not applied: " + lowerFirst(r.Title.EN) + "."}
	r.missing.Store(missing, w)
	return w
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
