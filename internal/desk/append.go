package desk

import (
	"context"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// head is where a ledger stands: its tree and the time of its last entry.
type head struct {
	tree *ledger.Tree
	at   time.Time
}

func (h head) size() int64 { return h.tree.Size() }
func (h head) clone() head { return head{h.tree.Clone(), h.at} }
func (h head) last() int64 { return h.tree.Size() - 1 }
func emptyHead() head      { return head{tree: &ledger.Tree{}} }
func (h head) next() int64 { return h.tree.Size() }

// appender puts entries at the end of the ledger inside one transaction. Rows
// are gathered and inserted many at once by flush; reads of the ledger in the
// same transaction flush first (settled).
type appender struct {
	tx   *store.Tx
	head head

	entries, index, refs, blocks, nodes [][]any
}

func newAppender(tx *store.Tx, h head) *appender {
	a := &appender{tx: tx, head: h}
	tx.Put(pendingKey{}, a)
	return a
}

// add appends an entry whose place, links and time are set; data are its
// canonical bytes.
func (a *appender) add(e ledger.Entry, data []byte, blocks []ledger.Block) {
	leaf := ledger.LeafHash(data)
	a.entries = append(a.entries, []any{e.Index, leaf[:], data})
	a.index = append(a.index, []any{e.Index, stamp(e.At), e.Kind, e.Act, e.Actor})
	for _, s := range e.Subjects {
		a.refs = append(a.refs, []any{s.ID, e.Index})
	}
	for _, b := range blocks {
		a.blocks = append(a.blocks, []any{b.Index, b.Name, b.Salt, b.Content})
	}
	for _, n := range a.head.tree.Append(leaf) {
		a.nodes = append(a.nodes, []any{n.Level, n.N, n.Hash[:]})
	}
	a.head.at = e.At
}

// flush inserts what was added since the last flush.
func (a *appender) flush(ctx context.Context) error {
	for _, t := range []struct {
		table string
		cols  []string
		rows  *[][]any
	}{
		{"ledger_entry", []string{"idx", "leaf", "data"}, &a.entries},
		{"ledger_index", []string{"idx", "at", "kind", "act", "actor"}, &a.index},
		{"ledger_ref", []string{"subject", "idx"}, &a.refs},
		{"ledger_block", []string{"idx", "name", "salt", "content"}, &a.blocks},
		{"ledger_node", []string{"level", "n", "hash"}, &a.nodes},
	} {
		rows := *t.rows
		*t.rows = nil
		if err := a.tx.Insert(ctx, t.table, t.cols, rows); err != nil {
			return err
		}
	}
	return nil
}
