package demo

import (
	"context"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// seedFiles gives the sample persons their files and opens every scan. A second
// seeding changes nothing.
func seedFiles(t *testing.T, d *desk.Desk, db *store.DB) {
	t.Helper()
	v, err := vault.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := SeedFiles(t.Context(), d, db, v); err != nil {
		t.Fatal(err)
	}
	head := d.Head()
	if err := SeedFiles(t.Context(), d, db, v); err != nil || d.Head() != head {
		t.Fatalf("seeded again: %v, %d entries more", err, d.Head()-head)
	}
	err = d.Read(t.Context(), func(tx *store.Tx) error {
		ctx := context.WithoutCancel(t.Context())
		scans := 0
		for _, who := range []string{"person/le-van-truong", "person/hoang-van-tu", "person/vu-thi-thu", "person/y-thanh-nie"} {
			docs, err := dossier.Docs(ctx, tx, who, -1)
			if err != nil {
				return err
			}
			for _, x := range docs {
				for _, s := range x.Paper.Scans {
					if _, f, err := v.Get(ctx, tx, who, s.Hash); err != nil || !f.Claimed || f.Kind != vault.PDF {
						t.Errorf("%s %s: %+v %v", who, x.Paper.Title, f, err)
					}
					scans++
				}
			}
		}
		if scans < 8 {
			t.Errorf("%d sample scans", scans)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
