package person

import (
	"context"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Ready asks what people ask most, on a few connections at once, so that the
// first of them in the morning waits no longer than the others. What it finds
// is thrown away.
func Ready(ctx context.Context, db *store.DB, on vn.Date) error {
	return db.Ready(ctx, func(tx *store.Tx) error {
		tops, err := tx.Strings(ctx, `SELECT org FROM org_unit WHERE parent = '' AND entry_to = -1 ORDER BY org LIMIT 1`)
		if err != nil {
			return err
		}
		top := ""
		if len(tops) > 0 {
			top = tops[0]
		}
		for _, f := range []Find{
			{Name: "n", Limit: 20}, {Name: "nguyen t", Limit: 20}, {Name: "nguyen van anh", Limit: 20},
			{Limit: 50}, {Under: top, Gender: "female", Limit: 50}, {Under: top, Title: "secretary", Limit: 50},
		} {
			f.On = on
			if _, err := f.Run(ctx, tx); err != nil {
				return err
			}
		}
		if _, err := Count(ctx, tx, ByStanding, top, on); err != nil {
			return err
		}
		_, err = org.DetailOf(ctx, tx, org.ManagingLevel, org.Now(on))
		return err
	})
}
