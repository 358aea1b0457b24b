package person_test

import (
	"fmt"
	"slices"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestRestOfALife goes through every step after official status, each with what
// it makes of the places and with the steps that do not fit.
func TestRestOfALife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _ := memberDesk(t, db)
		oldMember(t, d, "m", "org/xa/1", "1990-03-01")
		type try struct {
			step   person.Step
			org    string
			on, to string
			ok     bool
			change func(*person.TakeStep)
			places string // after it, on its day: relation organisation standing state
		}
		one, two := "org/xa/1", "org/xa/2"
		for i, c := range []try{
			{person.Transcribed, two, "2021-01-01", "", false, func(a *person.TakeStep) {
				a.Admitted, a.Sworn = vn.MustDate("1990-03-01"), vn.MustDate("1990-03-10")
			}, "official org/xa/1 official active"}, // two official places at once
			{person.Sworn, two, "2021-01-02", "", false, nil, "official org/xa/1 official active"},
			{person.Card, one, "2021-02-01", "", true, func(a *person.TakeStep) { a.Number = "68.000001" }, "official org/xa/1 official active"},
			{person.Temporary, one, "2021-03-01", "", false, nil, "official org/xa/1 official active"},
			{person.Temporary, two, "2021-03-01", "2021-09-01", true, nil, "official org/xa/1 official active; temporary org/xa/2 official active"},
			{person.Temporary, "org/xa", "2021-04-01", "", false, nil, "official org/xa/1 official active; temporary org/xa/2 official active"},
			{person.TemporaryEnd, two, "2021-06-01", "", true, nil, "official org/xa/1 official active"},
			{person.TemporaryEnd, two, "2021-07-01", "", false, nil, "official org/xa/1 official active"},
			{person.Residence, two, "2021-08-01", "", true, nil, "official org/xa/1 official active; residence org/xa/2 official active"},
			{person.ResidenceEnd, two, "2022-01-01", "", true, nil, "official org/xa/1 official active"},
			{person.ExemptEnd, one, "2022-02-01", "", false, nil, "official org/xa/1 official active"},
			{person.Exempt, one, "2022-02-01", "", true, nil, "official org/xa/1 official exempt"},
			{person.Suspended, one, "2022-03-01", "", false, nil, "official org/xa/1 official exempt"},
			{person.Badge, one, "2022-03-02", "", true, func(a *person.TakeStep) { a.Years = 30 }, "official org/xa/1 official exempt"}, // the exempt keep the right to it
			{person.Badge, one, "2022-03-03", "", false, func(a *person.TakeStep) { a.Years = 35 }, "official org/xa/1 official exempt"},
			{person.ExemptEnd, one, "2022-06-01", "", true, nil, "official org/xa/1 official active"},
			{person.Suspended, one, "2022-07-01", "", true, nil, "official org/xa/1 official suspended"},
			{person.SuspendedEnd, one, "2022-10-01", "", true, nil, "official org/xa/1 official active"},
			{person.Recognised, one, "2022-11-01", "", false, nil, "official org/xa/1 official active"},
			{person.Sent, one, "2023-01-01", "", true, func(a *person.TakeStep) { a.Other = two }, "official org/xa/1 official active"},
			{person.SlipBack, one, "2023-01-15", "", false, nil, "official org/xa/1 official active"}, // the other end is inside
			{person.Arrived, "org/xa", "2023-01-20", "", false, nil, "official org/xa/1 official active"},
			{person.Arrived, two, "2023-01-20", "", true, nil, "official org/xa/2 official active"},
			{person.Died, two, "2024-05-01", "", true, nil, ""},
			{person.Exempt, two, "2024-06-01", "", false, nil, ""},
			{person.Introduced, two, "2024-07-01", "", false, nil, ""},
		} {
			if c.step == person.Died {
				desktest.Do(t, d, "a", person.TakePost{ID: "post/m", Person: "person/m", Org: "org/xa", Title: "secretary", From: vn.MustDate("2023-06-01")})
			}
			a := person.TakeStep{Person: "person/m", Org: c.org, Step: c.step, From: vn.MustDate(c.on)}
			if c.to != "" {
				a.To = vn.MustDate(c.to)
			}
			if c.change != nil {
				c.change(&a)
			}
			_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: "a", Act: a})
			if (err == nil) != c.ok {
				t.Fatalf("%d %s on %s: %v", i, c.step, c.on, err)
			}
			read(t, d, func(tx *store.Tx) error {
				ps, err := person.PlacesOf(t.Context(), tx, "person/m")
				var got string
				for _, p := range ps {
					if on := a.From; !on.Before(p.From) && (p.To.IsZero() || on.Before(p.To)) {
						if got != "" {
							got += "; "
						}
						got += fmt.Sprintf("%s %s %s %s", p.Rel, p.Org, p.Standing, p.State)
					}
				}
				if got != c.places {
					t.Errorf("%d %s on %s: %q, want %q", i, c.step, c.on, got, c.places)
				}
				return err
			})
		}
		read(t, d, func(tx *store.Tx) error {
			fs, err := person.Findings(t.Context(), tx)
			if len(fs) != 1 || fs[0].Rule != "person.post-after-death" || fs[0].From != vn.MustDate("2024-05-01") {
				t.Errorf("the post outlives its holder without a finding: %+v", fs)
			}
			return err
		})
		desktest.CheckRebuild(t, d)
	})
}

// TestEndsOfAMembership: removal, leaving and expulsion each end it, and
// whoever was out is admitted anew from the beginning.
func TestEndsOfAMembership(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, _ := memberDesk(t, db)
		for _, s := range []person.Step{person.Removed, person.Left, person.Expelled} {
			who := "ra-" + string(s)
			oldMember(t, d, who, "org/xa/1", "2000-03-01")
			do := func(s person.Step, on string) person.TakeStep {
				return person.TakeStep{Person: "person/" + who, Org: "org/xa/1", Step: s, From: vn.MustDate(on)}
			}
			desktest.Do(t, d, "a", do(s, "2024-01-10"))
			desktest.MustRefuse(t, d, "a", do(person.Exempt, "2024-02-01"), desk.Refused)
			desktest.MustRefuse(t, d, "a", do(person.Sworn, "2024-02-01"), desk.Refused) // no decision stands any more
			read(t, d, func(tx *store.Tx) error {
				if _, in, err := person.OfficialPlace(t.Context(), tx, "person/"+who, org.Now(vn.MustDate("2024-01-10"))); in || err != nil {
					t.Errorf("%s: still a member: %v", s, err)
				}
				said, err := person.StepsOf(t.Context(), tx, "person/"+who)
				fit := person.Fitting(said, vn.MustDate("2024-02-01"))
				if !slices.Contains(fit, person.Introduced) || slices.Contains(fit, person.Exempt) || slices.Contains(fit, person.Sworn) {
					t.Errorf("%s: offered %v", s, fit)
				}
				return err
			})
		}
		desktest.CheckRebuild(t, d)
	})
}
