package person

import (
	"cmp"
	"slices"

	"minhbach/internal/vn"
)

// identityVersion is a row of person_version without the times of knowing.
type identityVersion struct {
	from, to vn.Date
	content  int64
}

// wording is a statement with the entry of its identity.
type wording struct {
	Statement
	content int64
}

// deriveIdentity lays the standing identities end to end: each holds until the
// next one takes effect; of two for one day the one first said later holds.
func deriveIdentity(said []wording) []identityVersion {
	var live []wording
	for _, w := range said {
		if w.What == Recorded && !w.Withdrawn {
			live = append(live, w)
		}
	}
	slices.SortFunc(live, func(a, b wording) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return cmp.Compare(a.Fact, b.Fact)
	})
	var out []identityVersion
	for _, w := range live {
		v := identityVersion{from: w.From, content: w.content}
		if n := len(out); n > 0 && out[n-1].from == w.From {
			out[n-1] = v
			continue
		}
		if n := len(out); n > 0 {
			out[n-1].to = w.From
		}
		out = append(out, v)
	}
	return out
}

// postVersion is a row of person_post without the times of knowing.
type postVersion struct {
	post, person, org, title string
	from, to                 vn.Date
}

// derivePosts gives each post that is held: from its first day to the end said
// last, or open. A post that would end before it begins is not there.
func derivePosts(said []wording) []postVersion {
	ends := make(map[string]vn.Date)
	for _, w := range said {
		if w.What == PostDone && !w.Withdrawn {
			ends[w.Post] = w.To
		}
	}
	var out []postVersion
	for _, w := range said {
		if w.What != PostHeld || w.Withdrawn {
			continue
		}
		v := postVersion{w.Post, w.Person, w.Org, w.Title, w.From, w.To}
		if end, ok := ends[w.Post]; ok {
			v.to = end
		}
		if v.to.IsZero() || v.from.Before(v.to) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b postVersion) int { return cmp.Compare(a.post, b.post) })
	return out
}
