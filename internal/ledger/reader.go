package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// HashSource gives the hashes that storage keeps: the leaf hashes that stand
// in the entry rows (level 0), and the nodes that Tree.Append returned (levels
// 8, 16, …). Hashes returns those numbered from up to but not including to, in
// order; never more than 256 are asked for at once.
type HashSource interface {
	Hashes(level int, from, to int64) ([][32]byte, error)
}

// HashSourceFunc lets a function be a HashSource.
type HashSourceFunc func(level int, from, to int64) ([][32]byte, error)

// Hashes calls f.
func (f HashSourceFunc) Hashes(level int, from, to int64) ([][32]byte, error) {
	return f(level, from, to)
}

// Reader serves every hash of the tree from the few that are kept, for
// tlog.TreeHash, tlog.ProveRecord and tlog.ProveTree.
func Reader(src HashSource) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		type span struct{ from, to int64 }
		type tile struct {
			level int
			n     int64
		}
		// What is asked for lies mostly in a few tiles: each is read once.
		need := make(map[tile]span)
		where := func(index int64) (tile, span) {
			level, n := tlog.SplitStoredHashIndex(index)
			up := level % TileHeight
			s := span{n << up, (n + 1) << up}
			return tile{level - up, s.from >> TileHeight}, s
		}
		for _, x := range indexes {
			t, s := where(x)
			if have, ok := need[t]; ok {
				s.from, s.to = min(s.from, have.from), max(s.to, have.to)
			}
			need[t] = s
		}
		read := make(map[tile][][32]byte, len(need))
		for t, s := range need {
			hs, err := src.Hashes(t.level, s.from, s.to)
			if err != nil {
				return nil, fmt.Errorf("ledger: hashes of level %d, %d to %d: %w", t.level, s.from, s.to, err)
			}
			if int64(len(hs)) != s.to-s.from {
				return nil, fmt.Errorf("ledger: hashes of level %d, %d to %d: %d are there", t.level, s.from, s.to, len(hs))
			}
			read[t] = hs
		}
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			t, s := where(x)
			off := s.from - need[t].from
			out[i] = fold(read[t][off : off+s.to-s.from])
		}
		return out, nil
	})
}

// fold is the root over a power of two of neighbouring hashes.
func fold(hs [][32]byte) tlog.Hash {
	if len(hs) == 1 {
		return hs[0]
	}
	half := len(hs) / 2
	return tlog.NodeHash(fold(hs[:half]), fold(hs[half:]))
}

// LeafList is a HashSource over all leaf hashes in memory, for bundles and
// tests.
type LeafList [][32]byte

// Hashes computes what is asked for from the leaves.
func (l LeafList) Hashes(level int, from, to int64) ([][32]byte, error) {
	if from < 0 || to < from || to > int64(len(l))>>level {
		return nil, fmt.Errorf("ledger: no hashes %d to %d at level %d of %d leaves", from, to, level, len(l))
	}
	if level == 0 {
		return l[from:to], nil
	}
	out := make([][32]byte, 0, to-from)
	for n := from; n < to; n++ {
		out = append(out, fold(l[n<<level:(n+1)<<level]))
	}
	return out, nil
}
