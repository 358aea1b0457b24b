package person

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Import is one import as far as it has come.
type Import struct {
	ID, Home            string
	Closed, Undone      bool
	Parts               []ImportPart // in the order they were recorded
	Recorded, Withdrawn int64        // entries
	Skipped             int64        // rows left alone
}

// ImportPart is one part: its entry and how many follow it.
type ImportPart struct {
	Part                  string
	Entry, Count, Skipped int64
}

// Has says whether a part is recorded.
func (im Import) Has(part string) bool {
	return slices.ContainsFunc(im.Parts, func(p ImportPart) bool { return p.Part == part })
}

// made says whether an entry came from the import or its undoing.
func (im Import) made(entry int64) bool {
	return slices.ContainsFunc(im.Parts, func(p ImportPart) bool { return p.Entry < entry && entry <= p.Entry+p.Count })
}

// GetImport is an import by its id; false when nothing of it is recorded.
func GetImport(ctx context.Context, tx *store.Tx, id string) (im Import, ok bool, err error) {
	rows, err := tx.Query(ctx, `SELECT i.home, i.closed, i.undone, p.part, p.entry, p.count, p.skipped FROM person_import i JOIN person_import_part p ON p.import = i.import WHERE i.import = $1 ORDER BY p.entry`, id)
	if err != nil {
		return im, false, err
	}
	defer rows.Close()
	im.ID = id
	for rows.Next() {
		var p ImportPart
		var closed, undone int64
		if err := rows.Scan(&im.Home, &closed, &undone, &p.Part, &p.Entry, &p.Count, &p.Skipped); err != nil {
			return im, false, err
		}
		im.Closed, im.Undone = closed >= 0, undone >= 0
		im.Parts = append(im.Parts, p)
		if strings.HasPrefix(p.Part, "u-") {
			im.Withdrawn += p.Count
		} else {
			im.Recorded += p.Count
			im.Skipped += p.Skipped
		}
	}
	return im, len(im.Parts) > 0, rows.Err()
}

func openImport(ctx context.Context, tx *store.Tx, id, home string) (Import, error) {
	im, ok, err := GetImport(ctx, tx, id)
	if err == nil && (!ok || im.Home != home) {
		err = desk.Missing("Không có lần nhập này.", "There is no such import.")
	}
	return im, err
}

func applyImport(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b importBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	switch r.Kind {
	case kindImportClosed:
		return tx.Run(ctx, `UPDATE person_import SET closed = $1 WHERE import = $2`, r.Index, b.Import)
	case kindImportUndone:
		return tx.Run(ctx, `UPDATE person_import SET undone = $1 WHERE import = $2`, r.Index, b.Import)
	}
	if err := tx.Run(ctx, `INSERT INTO person_import (import, home, opened, closed, undone) VALUES ($1, $2, $3, -1, -1) ON CONFLICT (import) DO NOTHING`, b.Import, b.Home, r.Index); err != nil {
		return err
	}
	return tx.Insert(ctx, "person_import_part", []string{"import", "part", "entry", "count", "skipped"}, [][]any{{b.Import, b.Part, r.Index, b.Count, int64(len(b.Skipped))}})
}
