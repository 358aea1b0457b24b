// Package desktest opens desks for tests: built-in rules, everybody may, a
// clock that the test sets.
package desktest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Everybody lets every actor do everything.
type Everybody struct{}

// May always says yes.
func (Everybody) May(context.Context, *store.Tx, string, vn.Date, desk.Need) error { return nil }

// NoRules is the rule book of tests whose acts ask no rules.
type NoRules struct{}

// Library has no library.
func (NoRules) Library(context.Context, *store.Tx) (*rule.Library, error) { return nil, nil }

// Clock is a clock that tests set. The zero Clock stands at the morning of
// 1 March 2026 in Hanoi.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.IsZero() {
		c.now = time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	}
	return c.now
}

// Set moves the clock to a time.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Add moves the clock by a duration.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }

// Config is what New opens a desk with: a test that needs more changes it and
// calls desk.Open itself.
func Config(t testing.TB, db *store.DB, rooms ...desk.Room) desk.Config {
	dir := t.TempDir()
	clock := &Clock{}
	return desk.Config{
		DB: db, Rooms: rooms, Authority: Everybody{}, Clock: clock.Now,
		KeyFile: filepath.Join(dir, "log.key"), CheckpointFile: filepath.Join(dir, "checkpoint"),
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

var clocks sync.Map // *desk.Desk → *Clock

// New opens a desk on an empty database; it is closed with the test.
func New(t testing.TB, db *store.DB, rooms ...desk.Room) *desk.Desk {
	t.Helper()
	return newDesk(t, Config(t, db, rooms...))
}

// NewToy is New with the room Toy alone, and no rules.
func NewToy(t testing.TB, db *store.DB) *desk.Desk {
	t.Helper()
	cfg := Config(t, db, Toy())
	cfg.Rules = NoRules{}
	return newDesk(t, cfg)
}

func newDesk(t testing.TB, cfg desk.Config) *desk.Desk {
	t.Helper()
	clock := &Clock{}
	cfg.Clock = clock.Now
	d := Open(t, cfg)
	clocks.Store(d, clock)
	return d
}

// ClockOf is the clock of a desk made by New.
func ClockOf(t testing.TB, d *desk.Desk) *Clock {
	t.Helper()
	c, ok := clocks.Load(d)
	if !ok {
		t.Fatal("desktest: this desk was not made by New")
	}
	return c.(*Clock)
}

// Open opens a desk and closes it with the test.
func Open(t testing.TB, cfg desk.Config) *desk.Desk {
	t.Helper()
	d, err := desk.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		clocks.Delete(d)
		if err := d.Close(); err != nil {
			t.Errorf("closing the desk: %v", err)
		}
	})
	return d
}

// Do does an act that must succeed. Its author has seen everything.
func Do(t testing.TB, d *desk.Desk, actor string, act desk.Act) desk.Receipt {
	t.Helper()
	r, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: actor, Act: act})
	if err != nil {
		t.Fatalf("%s: %v", act.Name(), err)
	}
	return r
}

// MustRefuse does an act that must be answered with a no of this code, and
// must record nothing.
func MustRefuse(t testing.TB, d *desk.Desk, actor string, act desk.Act, code desk.Code) *desk.Error {
	t.Helper()
	before := d.Head()
	_, err := d.Do(t.Context(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: actor, Act: act})
	var no *desk.Error
	if !errors.As(err, &no) {
		t.Fatalf("%s: got %v, want a refusal (%s)", act.Name(), err, code)
	}
	if no.Code != code {
		t.Fatalf("%s: refused with %s (%s), want %s", act.Name(), no.Code, no.Says.EN, code)
	}
	if no.Says.VI == "" || no.Says.EN == "" {
		t.Fatalf("%s: the refusal says nothing in one of the languages: %+v", act.Name(), no.Says)
	}
	if d.Head() != before {
		t.Fatalf("%s: the refused act recorded something", act.Name())
	}
	return no
}

// CheckRebuild verifies the whole ledger, replays it into an empty database
// and fails the test for every difference.
func CheckRebuild(t testing.TB, d *desk.Desk) {
	t.Helper()
	diffs, err := d.RebuildCheck(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range diffs {
		t.Error(x)
	}
}
