package desk

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// Finding is something in the database that the ledger contradicts.
type Finding struct {
	Index int64 // entry concerned, -1 when none
	Says  rule.Words
}

func (f Finding) String() string { return f.Says.EN }

// maxFindings is how many findings a check names before it gives up counting.
const maxFindings = 20

const verifyChunk = 2000 // entries read in one snapshot

// reading runs a function on a snapshot: a new one each time (DB.Read), or
// always the one transaction at hand.
type reading func(ctx context.Context, fn func(*store.Tx) error) error

func within(tx *store.Tx) reading {
	return func(_ context.Context, fn func(*store.Tx) error) error { return fn(tx) }
}

// verifier checks a stretch of the ledger: that each entry's bytes are
// canonical and hash to its leaf, that places, times and the chains of
// subjects are unbroken, that blocks match what the entries committed to or
// were erased by an act, and that ledger_index, ledger_ref and ledger_node
// say what the entries say.
type verifier struct {
	read     reading
	pause    func(ctx context.Context, worked time.Duration) // after each chunk; nil for none
	progress func(done int64)                                // nil for none

	from     int64
	head     head
	seed     maphash.Seed
	last     map[uint64]int64 // last entry by hash of subject
	refs     uint64           // sum of hashes of (subject, index)
	nrefs    int64
	links    []link // all links, when from > 0
	missing  []blockAt
	nodes    []ledger.Node
	findings []Finding
}

// link is one subject of an entry; first says that no entry of the stretch
// before it has that subject.
type link struct {
	subject    string
	prev, here int64
	first      bool
}

type blockAt struct {
	index int64
	name  string
}

// rawEntry is one row of the ledger as read, and what was made of it.
type rawEntry struct {
	idx                         int64
	leaf, data                  []byte
	at, kind, act, actor        sql.NullString
	blocks                      []ledger.Block
	entry                       ledger.Entry
	err                         error
	hash                        [32]byte
	leafBad, blockBad, indexBad bool
	blockName                   string
}

// verify checks the entries from h.size() up to but not including to, and
// returns the head after them.
func (v *verifier) verify(ctx context.Context, h head, to int64) (head, []Finding, error) {
	v.from, v.head, v.seed = h.size(), h.clone(), maphash.MakeSeed()
	v.last = make(map[uint64]int64, min(max(to-v.from, 0), 1<<21))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	raw, checked := make(chan []rawEntry, 2), make(chan []rawEntry, 2)
	var readErr error
	go func() {
		defer close(raw)
		readErr = v.readAll(ctx, to, raw)
	}()
	go func() {
		defer close(checked)
		for rows := range raw {
			for i := range rows {
				rows[i].check()
			}
			checked <- rows
		}
	}()
	for rows := range checked {
		for i := range rows {
			if len(v.findings) < maxFindings {
				v.follow(&rows[i])
			}
		}
		if v.progress != nil {
			v.progress(v.head.size())
		}
		if len(v.findings) >= maxFindings {
			cancel()
		}
	}
	if readErr != nil && len(v.findings) == 0 {
		return v.head, nil, readErr
	}
	if len(v.findings) == 0 && v.head.size() != to {
		v.found(v.head.size(), "nhật ký thiếu mục này", "this entry is missing from the ledger")
	}
	if len(v.findings) > 0 {
		return v.head, v.findings, nil
	}
	err := v.read(ctx, func(tx *store.Tx) error { return v.shadows(ctx, tx, to) })
	return v.head, v.findings, err
}

func (v *verifier) found(index int64, vi, en string) {
	v.findings = append(v.findings, Finding{index, rule.Words{
		VI: fmt.Sprintf("Mục %d: %s.", index, vi),
		EN: fmt.Sprintf("Entry %d: %s.", index, en),
	}})
}

// readAll sends the rows in order, in chunks.
func (v *verifier) readAll(ctx context.Context, to int64, out chan<- []rawEntry) error {
	for at := v.from; at < to; at += verifyChunk {
		began := time.Now()
		var rows []rawEntry
		err := v.read(ctx, func(tx *store.Tx) (err error) {
			rows, err = readRaw(ctx, tx, at, min(at+verifyChunk, to))
			return err
		})
		if err != nil {
			return err
		}
		select {
		case out <- rows:
		case <-ctx.Done():
			return ctx.Err()
		}
		if v.pause != nil {
			v.pause(ctx, time.Since(began))
		}
	}
	return nil
}

func readRaw(ctx context.Context, tx *store.Tx, from, to int64) ([]rawEntry, error) {
	rows, err := tx.Query(ctx, `SELECT e.idx, e.leaf, e.data, i.at, i.kind, i.act, i.actor
		FROM ledger_entry e LEFT JOIN ledger_index i ON i.idx = e.idx
		WHERE e.idx >= $1 AND e.idx < $2 ORDER BY e.idx`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([]rawEntry, 0, to-from)
	for rows.Next() {
		var r rawEntry
		if err := rows.Scan(&r.idx, &r.leaf, &r.data, &r.at, &r.kind, &r.act, &r.actor); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	return out, rawBlocks(ctx, tx, from, to, out)
}

func rawBlocks(ctx context.Context, tx *store.Tx, from, to int64, out []rawEntry) error {
	rows, err := tx.Query(ctx, `SELECT idx, name, salt, content FROM ledger_block WHERE idx >= $1 AND idx < $2 ORDER BY idx, name`, from, to)
	if err != nil {
		return err
	}
	defer rows.Close()
	i := 0
	for rows.Next() {
		var b ledger.Block
		if err := rows.Scan(&b.Index, &b.Name, &b.Salt, &b.Content); err != nil {
			return err
		}
		for i < len(out) && out[i].idx < b.Index {
			i++
		}
		if i < len(out) && out[i].idx == b.Index {
			out[i].blocks = append(out[i].blocks, b)
		}
	}
	return rows.Err()
}

// check does what needs no other entry.
func (r *rawEntry) check() {
	r.hash = ledger.LeafHash(r.data)
	r.leafBad = !bytes.Equal(r.hash[:], r.leaf)
	if r.entry, r.err = ledger.Decode(r.data); r.err != nil {
		return
	}
	var at [len(stampForm)]byte
	r.indexBad = r.at.String != string(r.entry.At.AppendFormat(at[:0], stampForm)) || r.kind.String != r.entry.Kind ||
		r.act.String != r.entry.Act || r.actor.String != r.entry.Actor
	for _, b := range r.blocks {
		if !b.Matches(r.entry) {
			r.blockBad, r.blockName = true, b.Name
		}
	}
}

// follow does what needs the entries before.
func (v *verifier) follow(r *rawEntry) {
	want := v.head.next()
	if r.idx != want {
		v.found(want, "nhật ký thiếu mục này", "this entry is missing from the ledger")
		return
	}
	e := &r.entry
	switch {
	case r.err != nil:
		v.found(want, "nội dung trong cơ sở dữ liệu đã bị sửa, không còn đúng dạng", "its bytes in the database were changed and are no longer an entry")
		return
	case e.Index != want:
		v.found(want, fmt.Sprintf("ở chỗ này lại là mục %d", e.Index), fmt.Sprintf("entry %d stands in its place", e.Index))
		return
	case r.leafBad:
		v.found(want, "nội dung trong cơ sở dữ liệu không khớp mã băm của mục", "its bytes in the database do not match its leaf hash")
	case r.blockBad:
		v.found(want, fmt.Sprintf("khối %q không khớp mã băm ghi trong mục", r.blockName), fmt.Sprintf("block %q does not match the hash in the entry", r.blockName))
	case !r.at.Valid:
		v.found(want, "bảng ledger_index thiếu mục này", "it is missing in the table ledger_index")
	case r.indexBad:
		v.found(want, "bảng ledger_index ghi khác nội dung của mục", "the table ledger_index says something else than the entry")
	case e.At.Before(v.head.at):
		v.found(want, "thời điểm ghi sớm hơn mục liền trước", "its time is before that of the entry before it")
	}
	for _, s := range e.Subjects {
		v.link(s, want)
	}
	if len(r.blocks) < len(e.Blocks) {
		v.absent(r)
	}
	v.nodes = append(v.nodes, v.head.tree.Append(r.hash)...)
	v.head.at = e.At
}

func (v *verifier) link(s ledger.Link, here int64) {
	h := maphash.String(v.seed, s.ID)
	last, known := v.last[h]
	switch {
	case known && last != s.Prev, !known && v.from == 0 && s.Prev != -1:
		v.found(here, fmt.Sprintf("chuỗi mục về %s bị đứt", s.ID), "the chain of entries about "+s.ID+" is broken")
	}
	if v.from > 0 {
		v.links = append(v.links, link{s.ID, s.Prev, here, !known})
	}
	v.last[h] = here
	v.refs += mix(h, here)
	v.nrefs++
}

// mix joins a subject's hash and an index into one well-spread number.
func mix(h uint64, idx int64) uint64 {
	x := h ^ uint64(idx)*0x9e3779b97f4a7c15
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func (v *verifier) absent(r *rawEntry) {
	have := make(map[string]bool)
	for _, b := range r.blocks {
		have[b.Name] = true
	}
	for _, b := range r.entry.Blocks {
		if !have[b.Name] {
			v.missing = append(v.missing, blockAt{r.idx, b.Name})
		}
	}
}
