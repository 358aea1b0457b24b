package person

import (
	"cmp"
	"context"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PostAt is a title in an organisation, whoever holds it.
type PostAt struct{ Org, Title string }

// Compare orders posts by organisation, then title.
func (p PostAt) Compare(o PostAt) int {
	return cmp.Or(cmp.Compare(p.Org, o.Org), cmp.Compare(p.Title, o.Title))
}

// HeldPosts are the posts that somebody holds on a day, each once, as known now.
func HeldPosts(ctx context.Context, tx *store.Tx, on vn.Date) ([]PostAt, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT o.org, o.title FROM person_post o WHERE `+heldOn+` ORDER BY o.org, o.title`, on.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []PostAt
	for rows.Next() {
		var p PostAt
		if err := rows.Scan(&p.Org, &p.Title); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}
