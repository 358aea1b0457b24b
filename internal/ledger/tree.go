package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree is the right edge of the Merkle tree over entries: the hashes of the
// complete subtrees from left to right, largest first. It takes appends and
// gives the root in O(log n) space. The zero Tree is empty. Not safe for
// concurrent use.
type Tree struct {
	size int64
	edge []tlog.Hash
}

// TileHeight is the number of levels between the levels that are kept: leaves
// (level 0) and the roots of complete subtrees of 256, 65536, … leaves
// (levels 8, 16, …). Everything between is computed from at most 128 of them.
const TileHeight = 8

// Node is the root of a complete subtree that storage keeps: at Level 8, 16,
// 24 …, the N-th from the left.
type Node struct {
	Level int
	N     int64
	Hash  [32]byte
}

// Append adds one leaf and returns the nodes to keep that it completed, lowest
// first: none mostly, one in 256 appends.
func (t *Tree) Append(leaf [32]byte) []Node {
	var kept []Node
	h, n := tlog.Hash(leaf), t.size
	for level := 1; n&1 == 1; level++ {
		h = tlog.NodeHash(t.edge[len(t.edge)-1], h)
		t.edge = t.edge[:len(t.edge)-1]
		n >>= 1
		if level%TileHeight == 0 {
			kept = append(kept, Node{level, n, h})
		}
	}
	t.edge = append(t.edge, h)
	t.size++
	return kept
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Root is the RFC 6962 tree head over all leaves; of an empty tree it is
// SHA-256 of nothing.
func (t *Tree) Root() [32]byte {
	if t.size == 0 {
		h, _ := tlog.TreeHash(0, nil)
		return h
	}
	h := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}

// Clone is an independent copy, for trying appends that may be rolled back.
func (t *Tree) Clone() *Tree {
	return &Tree{t.size, append([]tlog.Hash(nil), t.edge...)}
}

// MarshalBinary writes the size as 8 bytes, big-endian, and the edge.
func (t *Tree) MarshalBinary() ([]byte, error) {
	b := binary.BigEndian.AppendUint64(nil, uint64(t.size))
	for _, h := range t.edge {
		b = append(b, h[:]...)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (t *Tree) UnmarshalBinary(b []byte) error {
	if len(b) < 8 {
		return errors.New("ledger: tree edge is cut off")
	}
	size := binary.BigEndian.Uint64(b)
	b = b[8:]
	if size>>62 != 0 || len(b) != bits.OnesCount64(size)*32 {
		return fmt.Errorf("ledger: tree edge does not fit %d entries", size)
	}
	edge := make([]tlog.Hash, 0, len(b)/32)
	for ; len(b) > 0; b = b[32:] {
		edge = append(edge, tlog.Hash(b[:32]))
	}
	t.size, t.edge = int64(size), edge
	return nil
}

// TreeAt reads the right edge of the first size entries from what is kept.
func TreeAt(size int64, r tlog.HashReader) (*Tree, error) {
	if size < 0 || size>>62 != 0 {
		return nil, fmt.Errorf("ledger: no tree of %d entries", size)
	}
	var at []int64
	var from int64
	for rest := uint64(size); rest != 0; {
		level := bits.Len64(rest) - 1
		at = append(at, tlog.StoredHashIndex(level, from>>level))
		from += 1 << level
		rest &^= 1 << level
	}
	if len(at) == 0 {
		return &Tree{}, nil
	}
	edge, err := r.ReadHashes(at)
	if err != nil {
		return nil, fmt.Errorf("ledger: tree of %d entries: %w", size, err)
	}
	return &Tree{size, edge}, nil
}
