// Package storetest gives tests a database of their own, on SQLite and on
// PostgreSQL: what the program stores must work on both, so both always run.
package storetest

import (
	"path/filepath"
	"testing"

	"minhbach/internal/store"
)

// Each runs fn as two subtests, each with an empty database.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite opens an empty SQLite database for this test.
func SQLite(t testing.TB) *store.DB { return open(t, SQLiteDSN(t)) }

// Postgres opens an empty PostgreSQL schema for this test.
func Postgres(t testing.TB) *store.DB { return open(t, PostgresDSN(t)) }

// SQLiteDSN names an empty SQLite database, for tests that open it themselves.
func SQLiteDSN(t testing.TB) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

func open(t testing.TB, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}
