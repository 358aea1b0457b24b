package ballotbox

import (
	"context"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// owner is a room above that counts some cases by acts of its own.
type owner struct {
	prefix string
	owns   func(ctx context.Context, tx *store.Tx, subject string) (bool, error)
}

var owners []owner

// OwnCases lets a room above say which cases it opens and reports in acts of
// its own, which record what the count is for: the bare acts Open and Report
// are refused for them, so that a count never ends without its contest. Called
// once, when the room's package is loaded.
func OwnCases(prefix string, owns func(ctx context.Context, tx *store.Tx, subject string) (bool, error)) {
	owners = append(owners, owner{prefix, owns})
}

// unowned refuses a case that a room above keeps.
func unowned(ctx context.Context, tx *store.Tx, subject string) error {
	for _, o := range owners {
		if !strings.HasPrefix(subject, o.prefix) {
			continue
		}
		if mine, err := o.owns(ctx, tx, subject); err != nil {
			return err
		} else if mine {
			return desk.Refuse("Việc bỏ phiếu này thuộc một chương trình bầu cử hoặc hồ sơ quy trình: mở hòm phiếu và báo cáo kết quả tại đó, để kết quả được ghi cùng lúc.",
				"This vote belongs to a programme of elections or a personnel procedure: open its box and report its result there, so that the result is recorded at once.")
		}
	}
	return nil
}
