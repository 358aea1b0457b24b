package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

const replayChunk = 1000 // entries applied in one transaction

// RebuildCheck verifies the whole ledger of a database, replays it into an
// empty one and compares every table but those named op_…. It returns what
// differs, in plain words, nothing when all agrees. The database is only read
// (its tables are migrated first), also while a desk is open on it.
func RebuildCheck(ctx context.Context, cfg Config) ([]string, error) {
	if cfg.KeyFile == "" {
		cfg.KeyFile, cfg.CheckpointFile = "unused", "unused"
	}
	d, err := prepare(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return d.RebuildCheck(ctx)
}

// RebuildCheck is the function RebuildCheck on an open desk.
func (d *Desk) RebuildCheck(ctx context.Context) ([]string, error) {
	var size int64
	if err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		size, _, err = ledgerSize(ctx, tx)
		return err
	}); err != nil {
		return nil, err
	}
	findings, err := VerifyLedger(ctx, d.db, size)
	if err == nil {
		// Of a ledger that is damaged in itself too: a cut tail leaves blocks
		// behind, and that it was cut is what people must hear.
		more, cerr := d.againstCheckpoint(ctx, size)
		if len(findings) == 0 {
			err = cerr
		}
		findings = append(findings, more...)
	}
	if err == nil && len(findings) == 0 {
		findings, err = d.rebuildCheck(ctx)
	}
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = f.Says.VI + " (" + f.Says.EN + ")"
	}
	return out, err
}

// againstCheckpoint compares a ledger that is whole in itself with the signed
// checkpoint outside the database, when there is one.
func (d *Desk) againstCheckpoint(ctx context.Context, size int64) ([]Finding, error) {
	key := d.key
	if key == nil {
		var err error
		if key, err = readKey(d.cfg.KeyFile); errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	cp, _, err := readCheckpoint(d.cfg.CheckpointFile, key)
	if errors.Is(err, errNoCheckpoint) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if cp.Size > d.committedSize(ctx) {
		return []Finding{{-1, rule.Words{
			VI: fmt.Sprintf("Nhật ký còn %d mục, điểm kiểm tra đã ký có %d mục: phần cuối bị mất.", size, cp.Size),
			EN: fmt.Sprintf("The ledger has %d entries, its signed checkpoint %d: its end was cut off.", size, cp.Size),
		}}}, nil
	}
	var h head
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		h, err = loadHead(ctx, tx, cp.Size)
		return err
	})
	if err == nil && cp.Size > 0 && h.tree.Root() != cp.Root {
		return []Finding{{-1, rule.Words{
			VI: fmt.Sprintf("%d mục đầu của nhật ký không phải là các mục của điểm kiểm tra đã ký.", cp.Size),
			EN: fmt.Sprintf("The first %d entries are not those of the signed checkpoint.", cp.Size),
		}}}, nil
	}
	return nil, err
}

// VerifyLedger checks the first size entries of a database: bytes, hashes,
// times, chains, blocks, and the ledger's own tables.
func VerifyLedger(ctx context.Context, db *store.DB, size int64) ([]Finding, error) {
	v := &verifier{read: db.Read}
	_, findings, err := v.verify(ctx, emptyHead(), size)
	return findings, err
}

// rebuildCheck replays one snapshot into a temporary database and compares.
func (d *Desk) rebuildCheck(ctx context.Context) (findings []Finding, err error) {
	temp, err := store.OpenTemp(ctx)
	if err != nil {
		return nil, err
	}
	defer temp.Close()
	if err := d.houses.migrate(ctx, temp); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		size, _, err := ledgerSize(ctx, tx)
		if err != nil {
			return err
		}
		if err := d.houses.replay(ctx, temp, size, func(from, to int64) ([]rawEntry, error) {
			return readRaw(ctx, tx, from, to)
		}); err != nil {
			if ctx.Err() == nil {
				findings = append(findings, Finding{-1, rule.Words{
					VI: "Không dựng lại được các bảng từ nhật ký: " + err.Error() + ".",
					EN: "The tables cannot be rebuilt from the ledger: " + err.Error() + ".",
				}})
			}
			return ctx.Err()
		}
		findings, err = compareTables(ctx, tx, temp)
		return err
	})
	return findings, err
}

// replay applies the entries that read gives to an empty database.
func (h *houses) replay(ctx context.Context, to *store.DB, size int64, read func(from, to int64) ([]rawEntry, error)) error {
	at := emptyHead()
	for from := int64(0); from < size; from += replayChunk {
		raw, err := read(from, min(from+replayChunk, size))
		if err != nil {
			return err
		}
		if err := to.Write(ctx, func(tx *store.Tx) error {
			at, err = h.replayChunk(ctx, tx, at, raw)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// replayChunk appends and applies entries that follow at.
func (h *houses) replayChunk(ctx context.Context, tx *store.Tx, at head, raw []rawEntry) (head, error) {
	out := newAppender(tx, at.clone())
	rs := make([]Record, 0, len(raw))
	for i := range raw {
		r := &raw[i]
		e, err := ledger.Decode(r.data)
		if err != nil {
			return at, fmt.Errorf("desk: entry %d: %w", r.idx, err)
		}
		if e.Index != out.head.next() {
			return at, fmt.Errorf("desk: entry %d stands where entry %d should", e.Index, out.head.next())
		}
		out.add(e, r.data, r.blocks)
		rec := Record{Entry: e}
		rec.Blocks = contents(r.blocks)
		rs = append(rs, rec)
	}
	if err := out.flush(ctx); err != nil {
		return at, err
	}
	if err := h.apply(ctx, tx, rs); err != nil {
		return at, err
	}
	return out.head, nil
}

// compareTables walks every table of both databases in key order.
func compareTables(ctx context.Context, have *store.Tx, want *store.DB) ([]Finding, error) {
	names, err := want.Tables(ctx)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	err = want.Read(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			if strings.HasPrefix(name, "op_") {
				continue
			}
			c := &comparison{table: name, add: func(vi, en string) {
				findings = append(findings, Finding{-1, rule.Words{VI: vi, EN: en}})
			}}
			if err := c.run(ctx, have, tx); err != nil {
				return err
			}
			if len(findings) >= maxFindings {
				return nil
			}
		}
		return nil
	})
	return findings, err
}
