package document_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// A whole event leaves as one bundle: it holds every contest with corrections
// and minutes, and not one of another event; a contest taken out is missed.
func TestBundleOfAnEvent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := prepare(t, db, sample())
		second := sample()
		second.Record.ID, second.Unit, second.Title.VI = "qh15/mau/2", 2, "Đơn vị bầu cử số 2"
		desktest.Do(t, d, "officer", election.RecordContest{Event: "qh15", Contest: second})
		other := sample()
		other.Record.ID = "khac/mau/1"
		desktest.Do(t, d, "officer", election.OpenEvent{ID: "khac", Kind: "national-assembly", Date: other.Record.Date, Title: other.Title})
		desktest.Do(t, d, "officer", election.RecordContest{Event: "khac", Contest: other})
		second.Record.Votes["c5"]++
		desktest.Do(t, d, "officer", election.CorrectContest{Event: "qh15", Contest: second, Reason: "Cộng sót"})
		if _, err := document.MakeMinutes(ctx, d, db, form(), contest, setting); err != nil {
			t.Fatal(err)
		}
		for _, redacted := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "event.zip")
			var buf bytes.Buffer
			err := errors.Join(document.BundleOfEvent(ctx, d, &buf, "qh15", redacted), os.WriteFile(path, buf.Bytes(), 0o600))
			if err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			if code := bundle.Main([]string{path, "--key", d.VerifierKey()}, nil, &out, &out); code != 0 {
				t.Errorf("redacted %v: exit %d\n%s", redacted, code, out.String())
			}
			if s := out.String(); !strings.Contains(s, "event/qh15") || !strings.Contains(s, "contest/qh15/mau/2") || strings.Contains(s, "khac") {
				t.Errorf("the bundle is not of the event alone:\n%s", s)
			}
		}
		if err := document.BundleOfEvent(ctx, d, &bytes.Buffer{}, "khong-co", false); err == nil {
			t.Error("a bundle of an event that does not exist")
		} else if e := (*desk.Error)(nil); !errors.As(err, &e) || e.Code != desk.NotFound {
			t.Errorf("no event: %v", err)
		}
	})
}

// Where the record does not say how the names stood on the ballot, the minutes
// do not say so either: the rows go by votes.
func TestMinutesWithoutBallotOrder(t *testing.T) {
	db := storetest.SQLite(t)
	c := sample()
	for i := range c.Record.Candidates {
		c.Record.Candidates[i].Order = 0
	}
	c.Record.Votes["c1"], c.Record.Votes["c5"] = c.Record.Votes["c5"], c.Record.Votes["c1"]
	d := prepare(t, db, c)
	rc, err := document.MakeMinutes(t.Context(), d, db, form(), contest, setting)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Read(t.Context(), func(tx *store.Tx) error {
		m, err := election.GetMinutes(t.Context(), tx, rc.Entries[0].Index)
		if err != nil {
			return err
		}
		model, err := document.Parse(m.Model)
		if err != nil {
			return err
		}
		if model.Order != document.OrderVotes || model.Candidates[0].ID != "c5" || model.Candidates[4].ID != "c1" {
			t.Errorf("order %q, first %s, last %s", model.Order, model.Candidates[0].ID, model.Candidates[4].ID)
		}
		for i := 1; i < len(model.Candidates); i++ {
			if model.Candidates[i].Votes.Value > model.Candidates[i-1].Votes.Value {
				t.Errorf("row %d has more votes than the one before", i+1)
			}
		}
		byVotes, err := model.Print(nil)
		if err != nil {
			return err
		}
		model.Order = document.OrderBallot
		byBallot, err := model.Print(nil)
		if err == nil && bytes.Equal(byVotes.PDF, byBallot.PDF) {
			t.Error("the heading of the rows does not follow their order")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
