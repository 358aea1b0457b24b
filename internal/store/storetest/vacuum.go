package storetest

import (
	"context"
	"fmt"

	"minhbach/internal/store"
)

// Vacuum does by hand what a PostgreSQL server's autovacuum does within a
// minute of much writing; the servers that tests start do without.
func Vacuum(ctx context.Context, db *store.DB) error {
	if db.Dialect() != store.Postgres {
		return nil
	}
	names, err := db.Tables(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := db.Maintain(ctx, name); err != nil {
			return fmt.Errorf("vacuum %s: %w", name, err)
		}
	}
	return nil
}
