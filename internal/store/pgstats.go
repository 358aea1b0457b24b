package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
)

// pgStats counts what this program writes into each table, so that PostgreSQL
// learns of a table that has grown before its own autovacuum comes round: a
// statement that was planned while the table was empty reads it from end to
// end ever after.
type pgStats struct {
	mu    sync.Mutex
	since map[string]int // rows since the table was last looked at
	next  map[string]int // rows after which it is looked at again
}

// firstLook is after how many rows a table is looked at first; then each time
// it has taken so many times as many.
const (
	firstLook = 2000
	nextLook  = 8
)

func newPGStats() *pgStats {
	return &pgStats{since: map[string]int{}, next: map[string]int{}}
}

// wrote counts what is held back on a connection and about to be sent.
func (s *pgStats) wrote(held []heldWrite) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range held {
		if h.table != "" {
			s.since[h.table] += len(h.rows)
			continue
		}
		rest, ok := strings.CutPrefix(h.text, "INSERT INTO ")
		if table, _, found := strings.Cut(rest, " "); ok && found {
			s.since[table] += max(1, strings.Count(h.text, "), ("))
		}
	}
}

// due are the tables to look at now, in name order.
func (s *pgStats) due() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for table, n := range s.since {
		if n < max(firstLook, s.next[table]) {
			continue
		}
		s.since[table], s.next[table] = 0, nextLook*n
		out = append(out, table)
	}
	slices.Sort(out)
	return out
}

// look lets PostgreSQL count the tables that have grown. What was written is
// committed; a table that cannot be looked at now is at the next growth.
func (s *pgStats) look(ctx context.Context, conn *sql.Conn) {
	for _, table := range s.due() {
		_, _ = conn.ExecContext(ctx, `ANALYZE (SKIP_LOCKED) `+table)
	}
}

// Maintain does for one table what PostgreSQL's autovacuum does in its own
// time: it counts the rows anew and notes which pages everybody sees. On
// SQLite there is nothing to do.
func (db *DB) Maintain(ctx context.Context, table string) error {
	if db.pg == nil {
		return nil
	}
	_, err := db.pg.ExecContext(ctx, `VACUUM (ANALYZE, SKIP_LOCKED) `+table)
	return err
}
