package desk

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"minhbach/internal/store"
)

// houses are the rooms by the kinds they own, the desk's own among them.
type houses struct {
	rooms  []Room // the ledger's first
	byKind map[string]*Room
}

func newHouses(rooms []Room) (*houses, error) {
	h := &houses{byKind: make(map[string]*Room)}
	h.rooms = append([]Room{h.ownRoom()}, rooms...)
	names := make(map[string]bool)
	for i := range h.rooms {
		r := &h.rooms[i]
		if names[r.Name] {
			return nil, fmt.Errorf("desk: two rooms are named %q", r.Name)
		}
		names[r.Name] = true
		if r.Apply == nil && len(r.Kinds) > 0 {
			return nil, fmt.Errorf("desk: room %q owns kinds and has no Apply", r.Name)
		}
		for _, k := range r.Kinds {
			if !strings.HasPrefix(k, r.Name+".") {
				return nil, fmt.Errorf("desk: room %q cannot own kind %q", r.Name, k)
			}
			if h.byKind[k] != nil {
				return nil, fmt.Errorf("desk: kind %q is owned twice", k)
			}
			h.byKind[k] = r
		}
	}
	return h, nil
}

func (h *houses) migrate(ctx context.Context, db *store.DB) error {
	for _, r := range h.rooms {
		if r.Schema == nil {
			continue
		}
		if err := db.Migrate(ctx, r.Name, r.Schema); err != nil {
			return err
		}
		if r.CatchUp == nil {
			continue
		}
		if err := db.Write(ctx, func(tx *store.Tx) error { return r.CatchUp(ctx, tx) }); err != nil {
			return fmt.Errorf("desk: room %s: catch up: %w", r.Name, err)
		}
	}
	return nil
}

// apply hands records to their rooms, in order, neighbours of one room as one
// slice. A panic of a room is its error.
func (h *houses) apply(ctx context.Context, tx *store.Tx, rs []Record) error {
	for len(rs) > 0 {
		room := h.byKind[rs[0].Kind]
		if room == nil {
			return fmt.Errorf("desk: entry %d is of kind %q, which no room of this program owns", rs[0].Index, rs[0].Kind)
		}
		n := 1
		for n < len(rs) && h.byKind[rs[n].Kind] == room {
			n++
		}
		run := rs[:n]
		if err := guarded(func() error { return room.Apply(ctx, tx, run) }); err != nil {
			return fmt.Errorf("desk: room %s: apply entries %d to %d: %w", room.Name, run[0].Index, run[n-1].Index, err)
		}
		rs = rs[n:]
	}
	return nil
}

// guarded turns a panic into an error with its stack.
func guarded(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}
