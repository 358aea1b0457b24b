package election_test

import (
	"context"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle/bundletest"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// own is a vote of its own of the cell, counted by three.
func (h *hall) own(rules, form string) election.OpenOwn {
	var team ballotbox.Team
	team.Head = "person/m10"
	for _, n := range []string{"9", "10", "11"} {
		team.Members = append(team.Members, ballotbox.Member{Person: "person/m" + n, Account: "account/m" + n, Standing: "official-member", Name: "Nguyễn Văn " + n})
	}
	sheet := &vote.Record{Rules: rules, Date: vn.MustDate("2022-03-10"), Form: form, Level: "cell", Body: "member-congress", Seats: p(1), Base: &vote.Base{Summoned: p(11), Present: p(11)}}
	for i, name := range []string{"Trần Thị Hai", "Lê Văn Một"} {
		sheet.Candidates = append(sheet.Candidates, vote.Candidate{ID: []string{"a", "b"}[i], Name: name, Born: []string{"1980", "1975"}[i], Order: i + 1})
	}
	return election.OpenOwn{Event: "hom-rieng-1", Box: ballotbox.Box{Org: h.org, Round: 1, Title: rule.Words{VI: "Xin ý kiến chi bộ", EN: "Poll of the cell"}, Sheet: sheet, Team: team,
		Persons: map[string]string{}, PileSize: 50, Stations: 2, Mode: ballotbox.TotalsTwice, Sample: true}}
}

// A vote of its own ends in a contest: opened with its event in one act,
// annulled and voted again, reported by its head alone, and recorded and
// counted with the report. Figures that are not the box's are found.
func TestVoteOfItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := cell(t, db, "2022-03-10")
		a := h.own("poll/count-only", "agree")
		wrong := a
		wrong.Box.PileSize = 7
		h.no(wrong, desk.Invalid, "50 hoặc 100")
		rc := h.do(a)
		if len(rc.Entries) != 2 || rc.Entries[0].Kind != election.KindEventOpened || rc.Entries[1].Kind != ballotbox.KindOpened {
			t.Fatalf("%+v", rc.Entries)
		}
		h.no(a, desk.Invalid, "Đã có sự kiện")
		const contest = "hom-rieng-1/phieu"
		const cs = "contest/" + contest
		do := func(actor string, a desk.Act) desk.Receipt { t.Helper(); return desktest.Do(t, h.d, actor, a) }
		do("account/m10", ballotbox.Incident{Box: contest, Case: cs, Text: "Phát nhầm phiếu"})
		do("account/m1", ballotbox.Resolve{Box: contest, Case: cs, Choice: ballotbox.Annul, By: "Chủ tọa", Reason: "Bỏ phiếu lại"})
		again := a
		again.Box.Replaces = contest
		h.do(again)
		const box = contest + "/hom-2"
		h.countCase(box, cs, ballotbox.Totals{Valid: 11, Votes: map[string]int64{"a": 7, "b": 4}, Disagree: map[string]int64{"a": 4, "b": 7}, Unmarked: map[string]int64{"a": 0, "b": 0}}, 11)
		desktest.MustRefuse(t, h.d, "account/m10", ballotbox.Report{Box: box, Case: cs}, desk.Refused) // without its contest
		report := election.ReportOwn{Event: "hom-rieng-1", Org: h.org, Box: box}
		desktest.MustRefuse(t, h.d, "account/m9", report, desk.Denied)
		rc = do("account/m10", report)
		for i, k := range []string{election.KindRecorded, election.KindCounted, ballotbox.KindReported} {
			if rc.Entries[i].Kind != k {
				t.Fatalf("entry %d of the report is %s", i, rc.Entries[i].Kind)
			}
		}
		desktest.MustRefuse(t, h.d, "account/m10", report, desk.Refused)
		if err := h.d.Read(context.Background(), func(tx *store.Tx) error {
			d, err := election.Get(context.Background(), tx, contest)
			if err != nil {
				return err
			}
			if d.Status != string(vote.Counted) || d.Lines[0].Name != "Trần Thị Hai" || d.Lines[0].Share != "63.64" || d.Place != "Chi bộ thôn 1 (mẫu)" {
				t.Errorf("%+v %+v", d.Row, d.Lines)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		desktest.CheckRebuild(t, h.d)
		if db.Dialect() != store.SQLite {
			return
		}
		forged(t, h.d, map[string]forgery{"figures of the contest": {edit(t, election.KindRecorded, 1, func(b map[string]any) {
			r := bundletest.In(b, "record")
			v, d := r["votes"].(map[string]any), r["disagree"].(map[string]any)
			v["a"], v["b"], d["a"], d["b"] = v["b"], v["a"], d["b"], d["a"]
		}), "đã báo cáo từ hòm phiếu"}})
	})
}
