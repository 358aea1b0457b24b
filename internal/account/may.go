package account

import (
	"context"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// May implements desk.Authority: nil, or *desk.Error with code Denied.
//
// The actor's account must be open and, for a hall account, confirmed by a
// second officer and not past its last day. One of its roles, held on the day,
// must have the right, over the organisation asked about or one above it, and
// for a bound role for the very contest. An empty Need.Org is the whole
// province, which only a role over the whole province covers.
func (s *Service) May(ctx context.Context, tx *store.Tx, actor string, on vn.Date, need desk.Need) error {
	if actor == "" || need.Right == ProgramOnly {
		if actor == "" && need.Right == ProgramOnly {
			return nil
		}
		return desk.Deny("Cần đăng nhập để làm việc này.", "Log in to do this.")
	}
	if err := usable(ctx, tx, actor, on); err != nil {
		return err
	}
	held, err := GrantsOn(ctx, tx, actor, on)
	if err != nil {
		return err
	}
	for _, g := range held {
		ok, err := covers(ctx, tx, g, on, need)
		if err != nil {
			return err
		}
		if ok {
			return nil
		}
	}
	return desk.Deny("Tài khoản này không có quyền làm việc này ở tổ chức hoặc cuộc bầu cử này; hãy liên hệ người quản trị.",
		"This account has no right to do this for this organisation or contest; ask the administrator.")
}

// usable says whether an account may act at all on a day.
func usable(ctx context.Context, tx *store.Tx, actor string, on vn.Date) error {
	a, known, err := Get(ctx, tx, actor)
	if err != nil {
		return err
	}
	switch {
	case !known || a.Closed:
		return desk.Deny("Tài khoản này đã đóng.", "This account is closed.")
	case !a.Confirmed:
		return desk.Deny("Tài khoản tại hội trường chưa được cán bộ thứ hai xác nhận.", "This hall account is not yet confirmed by a second officer.")
	case !a.Until.IsZero() && !on.Before(a.Until):
		return desk.Deny("Tài khoản tại hội trường đã hết hạn.", "This hall account has ended.")
	}
	return nil
}

func covers(ctx context.Context, tx *store.Tx, g Grant, on vn.Date, need desk.Need) (bool, error) {
	r, ok := RoleOf(g.Role)
	if !ok || !r.Holds(need.Right) {
		return false, nil
	}
	if r.Bound {
		return g.Case != "" && g.Case == need.Case, nil
	}
	if g.Org == "" {
		return true, nil
	}
	if need.Org == "" {
		return false, nil
	}
	day, known, err := org.NearestDay(ctx, tx, need.Org, on)
	if err != nil || !known {
		return false, err
	}
	return org.Within(ctx, tx, need.Org, g.Org, day)
}

// Rights gives pages what an account may do on a day: for each right the
// subtrees it holds it over ("" the whole province), or for bound roles the
// contests ("contest/…"). It is for showing and hiding; the desk asks May.
func (s *Service) Rights(ctx context.Context, tx *store.Tx, actor string, on vn.Date) (map[desk.Right][]string, error) {
	out := make(map[desk.Right][]string)
	if actor == "" {
		return out, nil
	}
	if err := usable(ctx, tx, actor, on); err != nil {
		if _, denied := err.(*desk.Error); denied {
			return out, nil
		}
		return nil, err
	}
	held, err := GrantsOn(ctx, tx, actor, on)
	if err != nil {
		return nil, err
	}
	for _, g := range held {
		r, ok := RoleOf(g.Role)
		if !ok {
			continue
		}
		scope := g.Org
		if r.Bound {
			scope = g.Case
		}
		for _, right := range r.Rights {
			out[right] = append(out[right], scope)
		}
	}
	return out, nil
}
