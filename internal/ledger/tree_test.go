package ledger

import (
	"encoding/binary"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

func leaf(i int64) [32]byte { return LeafHash(binary.BigEndian.AppendUint64(nil, uint64(i))) }

// kept is what a store keeps: leaf hashes and the nodes that Append returned.
type kept struct {
	leaves [][32]byte
	nodes  map[[2]int64][32]byte
	tree   Tree
}

func newKept(n int64) *kept {
	k := &kept{nodes: map[[2]int64][32]byte{}}
	for i := range n {
		k.leaves = append(k.leaves, leaf(i))
		for _, node := range k.tree.Append(leaf(i)) {
			k.nodes[[2]int64{int64(node.Level), node.N}] = node.Hash
		}
	}
	return k
}

func (k *kept) Hashes(level int, from, to int64) ([][32]byte, error) {
	if to-from > 256 {
		return nil, fmt.Errorf("asked for %d hashes at once", to-from)
	}
	if level == 0 {
		return k.leaves[from:to], nil
	}
	var out [][32]byte
	for n := from; n < to; n++ {
		h, ok := k.nodes[[2]int64{int64(level), n}]
		if !ok {
			return nil, fmt.Errorf("node %d/%d was never kept", level, n)
		}
		out = append(out, h)
	}
	return out, nil
}

// reference is the tree as tlog itself stores it.
func reference(t interface{ Fatal(...any) }, n int64) tlog.HashReader {
	var all []tlog.Hash
	r := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, x := range at {
			out[i] = all[x]
		}
		return out, nil
	})
	for i := range n {
		hs, err := tlog.StoredHashesForRecordHash(i, leaf(i), r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, hs...)
	}
	return r
}

// The right edge, the kept nodes and the reader over them say what tlog says,
// at every size.
func TestTreeIsTlogs(t *testing.T) {
	const most = 1 << 12
	ref := reference(t, most)
	k := newKept(most)
	r, mem := Reader(k), Reader(LeafList(k.leaves))
	var edge Tree
	for size := int64(0); size <= most; size++ {
		want, err := tlog.TreeHash(size, ref)
		if err != nil {
			t.Fatal(err)
		}
		if got := edge.Root(); got != want {
			t.Fatalf("root of %d entries differs", size)
		}
		if size < 600 || size%97 == 0 || size == most {
			at, err := TreeAt(size, r)
			if err != nil || at.Root() != want || at.Size() != size {
				t.Fatalf("edge read at %d: %v", size, err)
			}
			if got, err := tlog.TreeHash(size, mem); err != nil || got != want {
				t.Fatalf("root from leaves in memory at %d: %v", size, err)
			}
			data, _ := at.MarshalBinary()
			var back Tree
			if err := back.UnmarshalBinary(data); err != nil || back.Root() != want || back.Size() != size {
				t.Fatalf("edge written and read at %d: %v", size, err)
			}
			if size > 0 && back.UnmarshalBinary(data[:len(data)-1]) == nil {
				t.Fatal("a cut edge was accepted")
			}
		}
		edge.Append(leaf(size))
	}
}

func TestProofsFromKeptNodes(t *testing.T) {
	const most = 70_000 // past one complete subtree of level 16
	k := newKept(most)
	r := Reader(k)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, most).Draw(t, "size")
		n := rapid.Int64Range(0, size-1).Draw(t, "n")
		old := rapid.Int64Range(1, size).Draw(t, "old")
		root, err := tlog.TreeHash(size, r)
		if err != nil {
			t.Fatal(err)
		}
		rp, err := tlog.ProveRecord(size, n, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(rp, size, root, n, leaf(n)); err != nil {
			t.Fatal(err)
		}
		if tlog.CheckRecord(rp, size, root, n, leaf(n+1)) == nil {
			t.Fatal("another leaf was proved")
		}
		oldRoot, err := tlog.TreeHash(old, r)
		if err != nil {
			t.Fatal(err)
		}
		tp, err := tlog.ProveTree(size, old, r)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(tp, size, root, old, oldRoot); err != nil {
			t.Fatal(err)
		}
	})
}

func TestReaderRefusesAShortAnswer(t *testing.T) {
	short := HashSourceFunc(func(int, int64, int64) ([][32]byte, error) { return nil, nil })
	if _, err := tlog.TreeHash(5, Reader(short)); err == nil {
		t.Fatal("missing hashes went unnoticed")
	}
	if _, err := TreeAt(-1, Reader(short)); err == nil {
		t.Fatal("a tree of -1 entries")
	}
}

func TestCloneIsIndependent(t *testing.T) {
	var a Tree
	for i := range int64(5) {
		a.Append(leaf(i))
	}
	before := a.Root()
	b := a.Clone()
	b.Append(leaf(5))
	if a.Root() != before || a.Size() != 5 || b.Size() != 6 {
		t.Fatal("the copy and the tree share their edge")
	}
}
