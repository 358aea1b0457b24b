package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// loadHead reads where the ledger stands from the kept hashes.
func loadHead(ctx context.Context, tx *store.Tx, size int64) (head, error) {
	h := emptyHead()
	if size == 0 {
		return h, nil
	}
	var err error
	if h.tree, err = ledger.TreeAt(size, ledger.Reader(hashes(ctx, tx))); err != nil {
		return h, err
	}
	var data []byte
	if err := tx.QueryRow(ctx, `SELECT data FROM ledger_entry WHERE idx = $1`, size-1).Scan(&data); err != nil {
		return h, fmt.Errorf("desk: entry %d: %w", size-1, err)
	}
	e, err := ledger.Decode(data)
	h.at = e.At
	return h, err
}

// ledgerSize is one more than the last index; whole says that the first entry
// is there. Gaps between are found by whoever reads the entries.
func ledgerSize(ctx context.Context, tx *store.Tx) (size int64, whole bool, err error) {
	var first, last int64
	if err = tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) FROM ledger_entry`).Scan(&last); err != nil {
		return 0, false, err
	}
	err = tx.QueryRow(ctx, `SELECT COALESCE(MIN(idx), 0) FROM ledger_entry`).Scan(&first)
	return last + 1, first == 0, err
}

// settle compares the ledger with the checkpoint file and verifies the entries
// after it. It returns the size up to which the checks behind have to go.
func (d *Desk) settle(ctx context.Context) (int64, error) {
	var size int64
	var whole bool
	if err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		size, whole, err = ledgerSize(ctx, tx)
		return err
	}); err != nil {
		return 0, err
	}
	d.health.Size, d.stoppedAt = size, size
	defer func() {
		if d.health.Stopped == nil {
			d.stoppedAt = 0
		}
	}()
	if !whole {
		d.stop("Trong cơ sở dữ liệu có mục nhật ký bị xóa.", "Entries of the ledger were deleted from the database.")
	}
	cp, _, err := readCheckpoint(d.cfg.CheckpointFile, d.key)
	switch {
	case errors.Is(err, errNoCheckpoint):
		cp = ledger.Checkpoint{Origin: d.key.origin}
		if size > 0 {
			d.warn("Không thấy tệp điểm kiểm tra; toàn bộ nhật ký được kiểm tra lại. Hãy so mã điểm kiểm tra với biên bản giấy gần nhất.",
				"The checkpoint file is missing; the whole ledger is checked anew. Compare the checkpoint code with the latest signed paper.")
		}
	case err != nil:
		d.log.Error("desk: checkpoint file", "error", err)
		d.stop("Tệp điểm kiểm tra không đọc được hoặc không do khóa của nhật ký này ký.", "The checkpoint file cannot be read, or was not signed by this log's key.")
		return 0, nil
	}
	if cp.Size > size {
		d.stop(fmt.Sprintf("Nhật ký trong cơ sở dữ liệu chỉ còn %d mục, điểm kiểm tra đã ký có %d mục: phần cuối bị mất.", size, cp.Size),
			fmt.Sprintf("The ledger in the database has %d entries, the signed checkpoint has %d: its end was cut off.", size, cp.Size))
	}
	if d.stoppedError() != nil {
		return 0, nil // nothing to build on; reading goes on
	}
	return cp.Size, d.checkNew(ctx, cp, size)
}

// checkNew compares the prefix with the checkpoint and verifies the rest.
func (d *Desk) checkNew(ctx context.Context, cp ledger.Checkpoint, size int64) error {
	h := emptyHead()
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		h, err = loadHead(ctx, tx, cp.Size)
		return err
	})
	if err != nil || cp.Size > 0 && h.tree.Root() != cp.Root {
		if err != nil {
			d.log.Error("desk: tree of the checkpoint", "error", err)
		}
		d.stop(fmt.Sprintf("Nhật ký trong cơ sở dữ liệu không khớp điểm kiểm tra đã ký ở mục %d: đã bị sửa.", cp.Size),
			fmt.Sprintf("The ledger in the database does not match the signed checkpoint of %d entries: it was changed.", cp.Size))
		return nil
	}
	if size > cp.Size {
		v := &verifier{read: d.db.Read}
		var findings []Finding
		if h, findings, err = v.verify(ctx, h, size); err != nil {
			return err
		}
		if d.report(findings) {
			return nil
		}
	}
	d.mu.Lock()
	d.head = h
	d.opened, d.saved = h.size(), cp.Size
	d.health.Verified = h.size() - cp.Size
	d.mu.Unlock()
	return nil
}

// headFor is the head to append to in this transaction. Another program on the
// same database may have written since: its entries are verified first.
func (d *Desk) headFor(ctx context.Context, tx *store.Tx) (head, error) {
	d.mu.Lock()
	h := d.head.clone()
	d.mu.Unlock()
	var last int64
	if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) FROM ledger_entry`).Scan(&last); err != nil {
		return h, err
	}
	if last == h.last() {
		return h, nil
	}
	if last < h.last() {
		d.stop("Các mục cuối của nhật ký đã bị xóa khỏi cơ sở dữ liệu trong khi chương trình chạy.", "The last entries of the ledger were deleted from the database while the program was running.")
		return h, d.stoppedError()
	}
	v := &verifier{read: within(tx)}
	h, findings, err := v.verify(ctx, h, last+1)
	if err != nil {
		return h, err
	}
	if d.report(findings) {
		return h, d.stoppedError()
	}
	d.moved(h.clone()) // what we see here is committed
	return h, nil
}

// followOthers makes what other programs committed known to waiting pages.
func (d *Desk) followOthers(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if d.stoppedError() != nil {
			continue
		}
		var last int64
		err := d.db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, `SELECT COALESCE(MAX(idx), -1) FROM ledger_entry`).Scan(&last)
		})
		if err == nil && last > d.Head() {
			err = d.db.Write(ctx, func(tx *store.Tx) error {
				_, err := d.headFor(ctx, tx)
				return err
			})
		}
		if err != nil && ctx.Err() == nil {
			d.log.Warn("desk: looking for entries of other programs", "error", err)
		}
	}
}

// stop ends writing until the program is started anew.
func (d *Desk) stop(vi, en string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.health.Stopped == nil {
		d.health.Stopped = &rule.Words{
			VI: vi + " Đã dừng ghi; chỉ còn xem được. Hãy giữ nguyên máy, báo người phụ trách và phục hồi từ bản sao lưu.",
			EN: en + " Writing is stopped; reading goes on. Leave the machine as it is, tell whoever is in charge, and restore from a backup.",
		}
	}
	d.log.Error("desk: writing is stopped", "why", en)
}

func (d *Desk) warn(vi, en string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.health.Warnings = append(d.health.Warnings, rule.Words{VI: vi, EN: en})
	d.log.Warn("desk: " + en)
}

// report keeps findings and stops writing if there are any.
func (d *Desk) report(fs []Finding) bool {
	if len(fs) == 0 {
		return false
	}
	d.mu.Lock()
	d.health.Findings = append(d.health.Findings, fs...)
	d.mu.Unlock()
	d.stop("Cơ sở dữ liệu không khớp nhật ký. "+fs[0].Says.VI, "The database does not match the ledger. "+fs[0].Says.EN)
	return true
}

func (d *Desk) stoppedError() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.health.Stopped == nil {
		return nil
	}
	return &Error{Code: Stopped, Says: *d.health.Stopped}
}
