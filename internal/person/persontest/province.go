// Package persontest makes a registry of invented persons of any size, for
// benches and long tests: bodies, cells, members with their lives, posts and
// some relatives. Everything goes through the same acts as an office's own
// work, so that ledger and tables agree; the same seed makes the same people.
package persontest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// Size says how large a registry is to be. The zero values of all but Members
// stand for the usual.
type Size struct {
	Members int
	Seed    uint64
	Root    string // id of the province's committee, made when it is empty: "org/mau"
	Actor   string // account the acts are done by; "bench"
	PerCell int    // members of a cell; 15
	Cells   int    // cells of a grassroots body; 40
	Bare    bool   // no posts and relatives: see Extras
	Posts   int    // one cell in so many has its posts: 1
	AtOnce  int    // bodies whose lists come in at the same time; 1

	Done func(persons int) // told after each body, by whoever finished it; nil: nobody
}

// Made is what was recorded.
type Made struct {
	Root    string
	Bodies  []string // grassroots bodies; each keeps the files of its members
	Cells   []string
	Persons []string
}

// From is the day from which the bodies are recorded, On a day on which
// everybody stands.
var (
	From = vn.MustDate("1960-01-01")
	On   = vn.MustDate("2026-03-01")
)

// Fill records a registry of so many members. Files are kept by the grassroots
// bodies; every cell has a secretary and a deputy, every fiftieth member a
// relative who is a member too. One member in thirty is on probation, one in
// twelve came by a transfer.
func Fill(ctx context.Context, d *desk.Desk, s Size) (Made, error) {
	m, load := plan(&s)
	if err := org.Load(ctx, d, "mau-don-vi", s.Actor, load); err != nil {
		return m, err
	}
	if err := members(ctx, d, s, m); err != nil {
		return m, err
	}
	if s.Bare {
		return m, nil
	}
	return m, Extras(ctx, d, s, m)
}

// Plan is what Fill of the same size makes, without making it: for a registry
// that was kept from a run before.
func Plan(s Size) Made {
	m, _ := plan(&s)
	return m
}

func plan(s *Size) (Made, org.LoadUnits) {
	s.defaults()
	m := Made{Root: s.Root}
	if m.Root == "" {
		m.Root = "org/mau"
	}
	load := org.LoadUnits{From: From, Decision: decision("bench")}
	if s.Root == "" {
		load.Units = append(load.Units, org.Found{ID: m.Root, Title: "Tỉnh ủy mẫu (số liệu thử)", Kind: org.ProvinceCommittee})
	}
	cells := (s.Members + s.PerCell - 1) / s.PerCell
	for i := range (cells + s.Cells - 1) / s.Cells {
		id := fmt.Sprintf("%s-b%04d", m.Root, i)
		m.Bodies = append(m.Bodies, id)
		load.Units = append(load.Units, org.Found{ID: id, Title: fmt.Sprintf("Đảng ủy xã mẫu %d", i+1), Kind: org.Grassroots, Parent: m.Root})
	}
	for i := range cells {
		id := fmt.Sprintf("%s-c%05d", m.Root, i)
		m.Cells = append(m.Cells, id)
		load.Units = append(load.Units, org.Found{ID: id, Title: fmt.Sprintf("Chi bộ thôn mẫu %d", i+1), Kind: org.Cell, Parent: m.Bodies[i/s.Cells]})
	}
	for i := range s.Members {
		m.Persons = append(m.Persons, personID(i))
	}
	return m, load
}

// members imports the list of each body, so many bodies at a time.
func members(ctx context.Context, d *desk.Desk, s Size, m Made) error {
	bodies := make(chan int)
	var wg sync.WaitGroup
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for range s.AtOnce {
		wg.Go(func() {
			for b := range bodies {
				rows := Rows(s, m, b)
				if _, _, err := person.RunImport(ctx, d, fmt.Sprintf("mau-%04d", b), s.Actor, m.Bodies[b], "mau.csv", "", rows, func() bool { return true }); err != nil {
					stop(fmt.Errorf("%s: %w", m.Bodies[b], err))
					continue
				}
				if s.Done != nil {
					s.Done(len(rows))
				}
			}
		})
	}
	for b := range m.Bodies {
		if ctx.Err() == nil {
			bodies <- b
		}
	}
	close(bodies)
	wg.Wait()
	return context.Cause(ctx)
}

func personID(i int) string { return fmt.Sprintf("person/mau-%07d", i) }

func (s *Size) defaults() {
	s.AtOnce, s.Posts = max(s.AtOnce, 1), max(s.Posts, 1)
	if s.PerCell == 0 {
		s.PerCell = 15
	}
	if s.Cells == 0 {
		s.Cells = 40
	}
	if s.Actor == "" {
		s.Actor = "bench"
	}
}

func decision(number string) org.Decision {
	return org.Decision{Number: number, Date: From}
}

// Rows are the persons of one body as an import would record them.
func Rows(s Size, m Made, body int) []person.ImportRow {
	s.defaults()
	r := rand.New(rand.NewPCG(s.Seed, uint64(body)))
	var rows []person.ImportRow
	per := s.PerCell * s.Cells
	for i := body * per; i < min((body+1)*per, s.Members); i++ {
		cell := m.Cells[i/s.PerCell]
		id := personID(i)
		step := life(r)
		step.Person, step.Org = id, cell
		rows = append(rows, person.ImportRow{Line: i + 2, Person: id, Fact: -1, Entry: -1, Write: true, Sample: true, Identity: identity(r, step.Admitted), Step: &step})
	}
	return rows
}

// life is a membership that began some time before On.
func life(r *rand.Rand) person.TakeStep {
	ago := r.IntN(30) * r.IntN(500) // more of late than long ago
	if r.IntN(30) == 0 {
		ago = r.IntN(300)
	}
	admitted := On.AddDays(-60 - ago)
	sworn := admitted.AddDays(10 + r.IntN(18))
	recognised := sworn.AddMonths(12)
	step := person.TakeStep{Step: person.Transcribed, Admitted: admitted, Sworn: sworn, From: sworn}
	if recognised.Before(On) {
		step.Recognised, step.From = recognised, recognised
		if r.IntN(12) == 0 {
			step.From = recognised.AddDays(r.IntN(recognised.MonthsTo(On)*30 + 1))
		}
	}
	return step
}

// identity is an invented person who was of age when admitted.
func identity(r *rand.Rand, admitted vn.Date) person.Identity {
	ethnicity, female := draw(r, ethnicities), r.IntN(100) < 36
	id := person.Identity{Ethnicity: ethnicity, Gender: "male", Name: name(r, ethnicity, female), Hometown: draw(r, homes)}
	if female {
		id.Gender = "female"
	}
	born := admitted.AddDays(-(18*366 + r.IntN(22)*r.IntN(365)))
	id.Born = born.Partial()
	switch r.IntN(60) {
	case 0:
		id.Born.Day = 0
	case 1:
		id.Born.Month, id.Born.Day = 0, 0
	}
	return id
}

// Extras records posts and relatives, many at once as an office would.
func Extras(ctx context.Context, d *desk.Desk, s Size, m Made) error {
	s.defaults()
	acts := make(chan desk.Form)
	var wg sync.WaitGroup
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for range 32 {
		wg.Go(func() {
			for f := range acts {
				if _, err := d.Do(ctx, f); err != nil {
					stop(fmt.Errorf("%s: %w", f.ID, err))
				}
			}
		})
	}
	send := func(id string, a desk.Act) {
		if ctx.Err() == nil {
			acts <- desk.Form{ID: id, Seen: desk.AnySeen, Actor: s.Actor, Act: a}
		}
	}
	for i, cell := range m.Cells {
		if i%s.Posts != 0 {
			continue
		}
		for j, title := range []string{"secretary", "deputy-secretary"} {
			if at := i*s.PerCell + j; at < len(m.Persons) {
				since := On.AddMonths(-1 - (i+7*j)%40)
				send(fmt.Sprintf("mau-p-%d-%d", i, j), person.TakePost{ID: fmt.Sprintf("post/mau-%d-%d", i, j), Person: m.Persons[at], Org: cell, Title: title, From: since, Decision: decision("bench")})
			}
		}
	}
	for i := 50; i < len(m.Persons); i += 50 * s.Posts {
		send(fmt.Sprintf("mau-k-%d", i), person.RecordKin{ID: fmt.Sprintf("kin/mau-%d", i), Person: m.Persons[i], Home: m.Bodies[i/(s.PerCell*s.Cells)], Other: m.Persons[i-50], Tie: "sibling", Decision: decision("bench")})
	}
	close(acts)
	wg.Wait()
	return context.Cause(ctx)
}
