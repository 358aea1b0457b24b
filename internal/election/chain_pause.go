package election

import (
	"context"
	"slices"

	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// PauseReasons are the verdicts by which a result stops the chain until the
// upper level has answered, with their sentences.
func PauseReasons(ctx context.Context, tx *store.Tx, lib *rule.Library, contest string) ([]rule.Verdict, error) {
	d, err := Get(ctx, tx, contest)
	if err != nil {
		return nil, err
	}
	res, err := d.WithWords(lib)
	if err != nil {
		return nil, err
	}
	book, err := lib.For(d.Record.Rules, d.Record.Date)
	if err != nil {
		return nil, err
	}
	var out []rule.Verdict
	for _, v := range res.Reasons {
		if v.Holds && slices.ContainsFunc(book.Rules, func(r *rule.Bound) bool { return r.ID == v.Rule && r.Role == rule.RoleAskUpper }) {
			out = append(out, v)
		}
	}
	return out, nil
}
