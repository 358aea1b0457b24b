package report_test

import (
	"slices"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

var resolution = org.Decision{Number: "15-NQ/TU (mẫu)", Date: day("2025-03-01"), By: "Ban Chấp hành Tỉnh ủy (mẫu)", Signer: "Trần Văn Mẫu"}

// women is the sample aim: a quarter of the committee of the province.
func women() report.SetAim {
	return report.SetAim{Decision: resolution, Aim: report.Aim{ID: "aim/nu", Unit: "org/tinh", Reach: report.ReachBoth, Organ: "committee", Measure: report.Women, Num: 1, Den: 4, From: day("2025-04-01")}}
}

func inRead(t *testing.T, d *desk.Desk, do func(tx *store.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// results holds the province's committee against its aims on a day.
func results(t *testing.T, d *desk.Desk, on string, known int64) (out []report.AimResult) {
	t.Helper()
	s := reckon(t, d, "org/tinh", on)
	inRead(t, d, func(tx *store.Tx) (err error) {
		out, err = report.AimResults(t.Context(), tx, s, known)
		return err
	})
	return out
}

// Own aims are held against the committee: a share rounds up, a birth known by
// year counts where it surely belongs, and where the record does not tell the
// outcome is open.
func TestOwnAims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := house(t, db)
		a := women()
		desktest.Do(t, d, "a", a)
		set := func(id, measure string, under, num, den int64) {
			x := women()
			x.Aim.ID, x.Aim.Measure, x.Aim.Under, x.Aim.Num, x.Aim.Den = "aim/"+id, measure, under, num, den
			desktest.Do(t, d, "a", x)
		}
		set("tre", report.Young, 42, 2, 0)          // two born 1985 and 1999 are under 42 in 2026
		set("dan-toc", report.Minority, 0, 51, 100) // 3 of 4: one is of a minority
		set("ly-luan", "theory:trung-cap", 0, 100, 100)
		got := results(t, d, "2026-06-30", -1)
		type line struct{ id, outcome string }
		var lines []line
		for _, r := range got {
			lines = append(lines, line{r.Aim.ID, r.Outcome()})
		}
		// Member 3 has no political theory on record: not guessed.
		want := []line{{"aim/dan-toc", report.AimNotMet}, {"aim/ly-luan", report.AimUnsure}, {"aim/nu", report.AimMet}, {"aim/tre", report.AimMet}}
		if !slices.Equal(lines, want) {
			t.Errorf("%v, want %v\n%+v", lines, want, got)
		}
		for _, r := range got {
			if r.Aim.ID == "aim/dan-toc" && (r.Reached != 1 || r.Members != 4 || r.Needed != 3 || r.Short() != 2) {
				t.Errorf("%+v", r)
			}
			if r.Aim.ID == "aim/nu" && (r.Needed != 1 || r.Reached != 3 || r.Aim.Said.Decision != resolution) {
				t.Errorf("%+v", r)
			}
		}
		if n := len(results(t, d, "2025-03-31", -1)); n != 0 {
			t.Errorf("%d aims before the first day", n)
		}
		inRead(t, d, func(tx *store.Tx) error {
			fact, _, err := report.GetAim(t.Context(), tx, "aim/nu", -1)
			if err != nil {
				return err
			}
			over, err := report.AimOver(t.Context(), tx, fact, org.Now(day("2026-06-30")))
			if len(over) != 1 || over[0].Unit.ID != "org/tinh" || over[0].Reached != 3 {
				t.Errorf("%+v", over)
			}
			return err
		})
		desktest.CheckRebuild(t, d)
	})
}

// A change takes its place from its day, a correction is as if it had always
// been so, an end stops it, a withdrawal takes it back; what was closed before
// stays, with the aim as it was known then.
func TestAimChangedCorrectedWithdrawn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := house(t, db)
		desktest.Do(t, d, "a", women())
		shut := report.Close{ID: "report/q", Unit: "org/tinh", On: day("2025-12-31"), Digest: reckon(t, d, "org/tinh", "2025-12-31").Digest(), Signing: report.Signing{Title: "Báo cáo", Signer: "Trần Văn Mẫu"}}
		desktest.Do(t, d, "a", shut)

		twin := women()
		twin.Aim.ID = "aim/nu-2"
		desktest.MustRefuse(t, d, "a", twin, desk.Refused)
		next := twin
		next.Replaces, next.Aim.Num, next.Aim.Den, next.Aim.From, next.Decision.Number = "aim/nu", 95, 100, day("2026-01-01"), "20-NQ/TU (mẫu)"
		early := next
		early.Aim.From = day("2025-04-01")
		desktest.MustRefuse(t, d, "a", early, desk.Invalid)
		desktest.Do(t, d, "a", next)
		before, after := results(t, d, "2025-12-31", -1), results(t, d, "2026-01-01", -1)
		if len(before) != 1 || before[0].Aim.ID != "aim/nu" || before[0].Outcome() != report.AimMet || before[0].Aim.To != day("2026-01-01") ||
			len(after) != 1 || after[0].Aim.ID != "aim/nu-2" || after[0].Outcome() != report.AimNotMet {
			t.Errorf("%+v\n%+v", before, after)
		}

		fix := report.CorrectAim{Aim: before[0].Aim.Aim, Decision: resolution, Reason: "Văn bản ghi 30 %"}
		fix.Aim.Num, fix.Aim.Den = 30, 100
		bad := fix
		bad.Reason = " "
		desktest.MustRefuse(t, d, "a", bad, desk.Invalid)
		desktest.Do(t, d, "a", fix)
		if got := results(t, d, "2025-12-31", -1); got[0].Needed != 2 || got[0].Aim.Said.What != "corrected" || got[0].Aim.Said.Reason != "Văn bản ghi 30 %" {
			t.Errorf("%+v", got)
		}

		end := report.EndAim{ID: "aim/nu-2", Unit: "org/tinh", On: day("2026-06-01"), Decision: resolution}
		for _, on := range []string{"2026-01-01", "2020-01-01"} {
			x := end
			x.On = day(on)
			desktest.MustRefuse(t, d, "a", x, desk.Invalid)
		}
		desktest.Do(t, d, "a", end)
		if len(results(t, d, "2026-05-31", -1)) != 1 || len(results(t, d, "2026-06-01", -1)) != 0 {
			t.Error("the end is not its day")
		}
		desktest.MustRefuse(t, d, "a", report.WithdrawAim{ID: "aim/nu", Unit: "org/xa", Reason: "x"}, desk.NotFound) // a right over another unit
		desktest.Do(t, d, "a", report.WithdrawAim{ID: "aim/nu", Unit: "org/tinh", Reason: "Ghi nhầm tổ chức"})
		if len(results(t, d, "2025-12-31", -1)) != 0 {
			t.Error("a withdrawn aim is still asked")
		}
		desktest.MustRefuse(t, d, "a", report.WithdrawAim{ID: "aim/nu", Unit: "org/tinh", Reason: "x"}, desk.NotFound)
		set := closedSet(t, d, "report/q")
		inRead(t, d, func(tx *store.Tx) error {
			rs, err := report.AimResults(t.Context(), tx, set.Sheet, set.Known)
			if len(rs) != 1 || rs[0].Needed != 1 || rs[0].Aim.Den != 4 {
				t.Errorf("closed: %+v", rs)
			}
			said, err2 := report.AimHistory(t.Context(), tx, "aim/nu")
			if err2 != nil || len(said) != 3 || said[2].What != "withdrawn" {
				t.Errorf("%v %+v", err2, said)
			}
			return err
		})
		desktest.CheckRebuild(t, d)
	})
}

// What an aim cannot be.
func TestAimRefused(t *testing.T) {
	d := house(t, storetest.SQLite(t))
	for name, x := range map[string]func(*report.SetAim){
		"id": func(a *report.SetAim) { a.Aim.ID = "nu" }, "reach": func(a *report.SetAim) { a.Aim.Reach = "" },
		"kind": func(a *report.SetAim) { a.Aim.Kind = "club" }, "organ": func(a *report.SetAim) { a.Aim.Organ = "" },
		"measure": func(a *report.SetAim) { a.Aim.Measure = "theory:none" }, "no age": func(a *report.SetAim) { a.Aim.Measure = report.Young },
		"age of women": func(a *report.SetAim) { a.Aim.Under = 40 }, "no share": func(a *report.SetAim) { a.Aim.Num = 0 },
		"over one": func(a *report.SetAim) { a.Aim.Num = 5 }, "no day": func(a *report.SetAim) { a.Aim.From = vn.Date{} },
		"ends first": func(a *report.SetAim) { a.Aim.To = day("2025-04-01") }, "unit": func(a *report.SetAim) { a.Aim.Unit = "org/none" },
		"number": func(a *report.SetAim) { a.Decision.Number = "" }, "date": func(a *report.SetAim) { a.Decision.Date = vn.Date{} },
		"signer": func(a *report.SetAim) { a.Decision.Signer = " " },
	} {
		t.Run(name, func(t *testing.T) {
			a := women()
			x(&a)
			desktest.MustRefuse(t, d, "a", a, desk.Invalid)
		})
	}
}
