package vote_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"

	"pgregory.net/rapid"
)

// standard is what encoding/json writes without HTML escaping.
func standard(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// TestAppendJSONIsEncodingJSON holds the hand-written encoder to encoding/json
// on results of every shape, with hostile text in every string.
func TestAppendJSONIsEncodingJSON(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Điểu Lê", "\"\\\b\f\n\r\t\x00\x1f", "\u2028\u2029", "\xff\xfe", "<script>&", "😀\x7f"}),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	words := rapid.Custom(func(t *rapid.T) rule.Words { return rule.Words{VI: text.Draw(t, "vi"), EN: text.Draw(t, "en")} })
	number := rapid.Int64()
	date := rapid.Custom(func(t *rapid.T) vn.Date {
		return vn.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(-3000, 30000).Draw(t, "day"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		r := &vote.Result{ID: text.Draw(rt, "id"), Status: vote.Status(text.Draw(rt, "status")), Need: number.Draw(rt, "need"),
			Unfilled: number.Draw(rt, "unfilled"), Next: vote.Next(text.Draw(rt, "next")),
			Elected: rapid.SliceOfN(text, 0, 3).Draw(rt, "elected")}
		r.Denominator.Of = text.Draw(rt, "of")
		if rapid.Bool().Draw(rt, "has count") {
			n := number.Draw(rt, "count")
			r.Denominator.Count = &n
		}
		for range rapid.IntRange(0, 3).Draw(rt, "n") {
			r.Results = append(r.Results, vote.Line{Candidate: text.Draw(rt, "c"), Votes: number.Draw(rt, "v"), Share: text.Draw(rt, "s"), ShareOfSummoned: text.Draw(rt, "ss"), Outcome: vote.Outcome(text.Draw(rt, "o"))})
			v := rule.Verdict{Rule: text.Draw(rt, "r"), Document: text.Draw(rt, "d"), Article: text.Draw(rt, "a"), Date: date.Draw(rt, "date"), Evidence: rule.Evidence(text.Draw(rt, "e")),
				Subject: text.Draw(rt, "sub"), Holds: rapid.Bool().Draw(rt, "holds"), Says: words.Draw(rt, "says")}
			if rapid.Bool().Draw(rt, "inputs") {
				v.Inputs = rapid.MapOfN(text, number, 0, 12).Draw(rt, "in")
				v.From = rapid.MapOfN(text, text, 0, 2).Draw(rt, "from")
			}
			r.Reasons = append(r.Reasons, v)
			r.Findings = append(r.Findings, vote.Finding{Rule: text.Draw(rt, "fr"), Kind: text.Draw(rt, "fk"), Severity: text.Draw(rt, "fs"), Says: words.Draw(rt, "fw")})
			r.Pins = append(r.Pins, rule.Pin{Document: text.Draw(rt, "pd"), Date: date.Draw(rt, "pdate"), Edition: text.Draw(rt, "pe"), Digest: text.Draw(rt, "pg"), Recorded: rapid.Int64Range(0, 9).Draw(rt, "rec")})
		}
		if got, want := r.AppendJSON(nil), standard(t, r); !bytes.Equal(got, want) {
			rt.Fatalf("by hand:       %s\nencoding/json: %s", got, want)
		}
	})
}
