package person

import (
	"cmp"
	"context"
	"slices"

	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// MemberChange is what became of one member of a subtree between two days.
type MemberChange struct {
	Person        string
	What          string // came, went, moved (inside), standing, state
	Before, After Place  // official places on the two days; zero when not in the subtree
	Step          Step   // the last step that says why; "" when none is recorded between
	Entry         int64  // of that step; -1 without
}

// PostChange is a post of a body of a subtree that began or ended between two
// days, or both.
type PostChange struct {
	Post
	Began, Ended bool
}

// Changes compares the members and posts of a unit and all under it on two
// days, as known now: who came, who went, who moved inside, whose standing or
// state is another, which posts began after the first day and ended until the
// second.
func Changes(ctx context.Context, tx *store.Tx, root string, from, to vn.Date) (ms []MemberChange, ps []PostChange, err error) {
	before, err := unitsUnder(ctx, tx, root, from)
	if err != nil {
		return nil, nil, err
	}
	after, err := unitsUnder(ctx, tx, root, to)
	if err != nil {
		return nil, nil, err
	}
	was, err := officialOn(ctx, tx, from)
	if err != nil {
		return nil, nil, err
	}
	is, err := officialOn(ctx, tx, to)
	if err != nil {
		return nil, nil, err
	}
	why, err := stepsBetween(ctx, tx, from, to)
	if err != nil {
		return nil, nil, err
	}
	within := func(units map[string]bool, p Place) bool { return units == nil || units[p.Org] }
	add := func(c MemberChange) {
		c.Entry = -1
		if s, ok := why[c.Person]; ok {
			c.Step, c.Entry = s.Step, s.Entry
		}
		ms = append(ms, c)
	}
	for id, p := range was {
		q, still := is[id]
		if !within(before, p) {
			continue
		}
		switch {
		case !still || !within(after, q):
			add(MemberChange{Person: id, What: "went", Before: p, After: q})
		case p.Org != q.Org:
			add(MemberChange{Person: id, What: "moved", Before: p, After: q})
		case p.Standing != q.Standing:
			add(MemberChange{Person: id, What: "standing", Before: p, After: q})
		case p.State != q.State:
			add(MemberChange{Person: id, What: "state", Before: p, After: q})
		}
	}
	for id, q := range is {
		if p, was := was[id]; within(after, q) && !(was && within(before, p)) {
			add(MemberChange{Person: id, What: "came", Before: p, After: q})
		}
	}
	slices.SortFunc(ms, func(a, b MemberChange) int {
		return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Person, b.Person))
	})
	all, err := posts(ctx, tx, `SELECT `+postColumns+` FROM person_post v WHERE v.entry_to = -1 AND (v.valid_from > $1 AND v.valid_from <= $2 OR v.valid_to > $1 AND v.valid_to <= $2) ORDER BY v.org, v.title, v.valid_from, v.post`, from.String(), to.String())
	for _, x := range all {
		if before == nil || before[x.Org] || after[x.Org] {
			ps = append(ps, PostChange{Post: x, Began: from.Before(x.From), Ended: !x.To.IsZero() && !to.Before(x.To)})
		}
	}
	return ms, ps, err
}

// unitsUnder are the units of a subtree on a day; nil is everything.
func unitsUnder(ctx context.Context, tx *store.Tx, root string, on vn.Date) (map[string]bool, error) {
	if root == "" {
		return nil, nil
	}
	us, err := org.Tree(ctx, tx, root, org.Now(on))
	out := make(map[string]bool, len(us))
	for _, u := range us {
		out[u.ID] = true
	}
	return out, err
}

func officialOn(ctx context.Context, tx *store.Tx, on vn.Date) (map[string]Place, error) {
	at := org.Now(on)
	ps, err := places(ctx, tx, placeSelect+`WHERE `+asOf+` AND v.rel = 'official'`, at.On.String(), at.KnownIndex())
	out := make(map[string]Place, len(ps))
	for _, p := range ps {
		out[p.Person] = p
	}
	return out, err
}

// stepsBetween is the last step of each member that changes a place, of those
// after the first day and not after the second.
func stepsBetween(ctx context.Context, tx *store.Tx, from, to vn.Date) (map[string]StepFact, error) {
	fs, err := stepFacts(ctx, tx, stepSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND valid_from > $1 AND valid_from <= $2
		AND step IN ('sworn', 'recognised', 'transcribed', 'transfer-arrived', 'transfer-slip', 'handed-over', 'exempt', 'exempt-end', 'suspended', 'suspended-end', 'removed', 'left', 'expelled', 'died')
		ORDER BY valid_from, fact`, from.String(), to.String())
	out := map[string]StepFact{}
	for _, f := range fs {
		out[f.Person] = f
	}
	return out, err
}
