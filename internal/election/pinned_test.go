package election_test

import (
	"context"
	"fmt"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// shelf is a rule book whose library a test changes between acts.
type shelf struct{ lib *rule.Library }

func (s *shelf) Library(context.Context, *store.Tx) (*rule.Library, error) { return s.lib, nil }

// A contest is counted; then the province records a rule of its own that
// reaches back to its day. A correction of the figures keeps the editions the
// contest is pinned to; going over is refused without a transition clause, and
// with one it is recorded which edition took the place of which.
func TestCorrectionKeepsTheEditionsOfTheCase(t *testing.T) {
	own := func(n int, extra string) string {
		return fmt.Sprintf(`document: {number: %d-QĐ/TU, date: 2026-11-20, kind: decision, title: {vi: Thử, en: Trial}, issuer: {vi: Tỉnh, en: Province}}
edition: "1"
series: own
override: {number: 85/2015/QH13, date: 2015-06-25}
valid: {from: 2021-01-01}
parameters:
  - {id: winner_share, title: {vi: Tỷ lệ, en: Share}, type: fraction, value: [3, 5], unit: {vi: phiếu, en: ballots}, article: Điều 1, evidence: confirmed, source: thử}
%s`, n, extra)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		base, err := rule.Builtin()
		if err != nil {
			t.Fatal(err)
		}
		book := &shelf{base}
		cfg := desktest.Config(t, db, election.Room())
		cfg.Rules = book
		d := desktest.Open(t, cfg)
		desktest.Do(t, d, "officer", event())
		desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: dakNong()})

		if book.lib, err = base.Add("own.yaml", []byte(own(15, "")), 1); err != nil {
			t.Fatal(err)
		}
		fixed := dakNong()
		fixed.Record.Ballots.Valid = p(186601)
		desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: fixed, Reason: "cộng nhầm"})
		if got := get(t, d, "qh15/dak-nong/1"); got.Result.Need != 93301 || len(got.Result.Elected) != 3 {
			t.Errorf("the correction did not keep its editions: need %d, elected %v", got.Result.Need, got.Result.Elected)
		}
		adopt := election.CorrectContest{Event: "qh15", Contest: fixed, Reason: "theo quy định mới", Adopt: true}
		desktest.MustRefuse(t, d, "officer", adopt, desk.Refused)

		if book.lib, err = base.Add("own.yaml", []byte(own(16, `transitions: [{from: {number: 85/2015/QH13, date: 2015-06-25}, article: Điều 2, says: {vi: Cả việc đã bắt đầu., en: Also cases begun.}}]`)), 1); err != nil {
			t.Fatal(err)
		}
		desktest.Do(t, d, "officer", adopt)
		got := get(t, d, "qh15/dak-nong/1")
		if got.Result.Need != 111961 || len(got.Result.Elected) != 2 {
			t.Errorf("the contest did not go over: need %d, elected %v", got.Result.Need, got.Result.Elected)
		}
		// The next correction keeps what it went over to.
		fixed.Record.Ballots.Valid = p(186602)
		desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: fixed, Reason: "lại cộng nhầm"})
		if got := get(t, d, "qh15/dak-nong/1"); got.Result.Need != 111962 {
			t.Errorf("need %d after going over", got.Result.Need)
		}
		desktest.CheckRebuild(t, d)
	})
}
