package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Lines are some units with all that ever stood above them, as known now: who
// asks of many days and units at once reads them together.
type Lines struct{ units map[string][]Unit }

// ReadLines reads the units named and all above them.
func ReadLines(ctx context.Context, tx *store.Tx, ids []string) (*Lines, error) {
	l := &Lines{units: map[string][]Unit{}}
	for len(ids) > 0 {
		slices.Sort(ids)
		ids = slices.Compact(ids)
		for part := range slices.Chunk(ids, 250) {
			marks, args := make([]string, 250), make([]any, 250)
			for i := range marks {
				marks[i], args[i] = fmt.Sprintf("$%d", i+1), part[min(i, len(part)-1)]
			}
			us, err := units(ctx, tx, `SELECT `+unitColumns+` FROM org_unit u WHERE u.entry_to = -1 AND u.org IN (`+strings.Join(marks, ", ")+`) ORDER BY u.org, u.valid_from`, args...)
			if err != nil {
				return nil, err
			}
			for _, id := range part {
				l.units[id] = nil
			}
			for _, u := range us {
				l.units[u.ID] = append(l.units[u.ID], u)
			}
		}
		var up []string
		for _, id := range ids {
			for _, u := range l.units[id] {
				if _, known := l.units[u.Parent]; !known && u.Parent != "" {
					up = append(up, u.Parent)
				}
			}
		}
		ids = up
	}
	return l, nil
}

// Get is a unit on a day; false when it does not exist then or was not read.
func (l *Lines) Get(id string, on vn.Date) (Unit, bool) {
	for _, u := range l.units[id] {
		if !on.Before(u.From) && (u.To.IsZero() || on.Before(u.To)) {
			return u, true
		}
	}
	return Unit{}, false
}

// Within answers like the function Within.
func (l *Lines) Within(id, ancestor string, on vn.Date) bool {
	for range maxDepth {
		u, ok := l.Get(id, on)
		if !ok {
			return false
		}
		if u.ID == ancestor {
			return true
		}
		id = u.Parent
	}
	return false
}
