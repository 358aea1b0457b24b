package desk

import (
	"context"
	"slices"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
)

// Health says how far the record has checked itself.
type Health struct {
	Size     int64        // entries committed
	Verified int64        // of them, how many this run vouches for: those that stood at its start once read and checked again, and all that came since
	Checking bool         // checks go on behind
	Tables   string       // "": not compared yet; "agree"; "differ"; "skipped" above RebuildLimit entries
	Stopped  *rule.Words  // why writing is stopped, nil when it is not
	Clock    *rule.Words  // the clock is behind the last entry: nothing can be written until it is set
	Warnings []rule.Words // what somebody should look at
	Findings []Finding    // what contradicts the ledger
}

const saveEvery = 25 * time.Millisecond

// RebuildLimit is the number of entries up to which a start compares all
// tables with a replay of the ledger, behind.
const RebuildLimit = 1_000_000

// Health reports the state of the checks.
func (d *Desk) Health() Health {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.health
	if h.Stopped == nil {
		h.Size = d.head.size()
		h.Verified += h.Size - d.opened // it made them itself, or checked what another program made
	}
	h.Warnings, h.Findings = slices.Clone(h.Warnings), slices.Clone(h.Findings)
	if now := d.cfg.Clock(); d.head.at.Sub(now) > clockSlack {
		h.Clock = &clockBehind(now, d.head.at).Says
	}
	return h
}

// checkOld verifies, behind and at low priority, the entries that the
// checkpoint file vouched for at start, then compares the tables.
func (d *Desk) checkOld(ctx context.Context, size int64) {
	if d.stoppedError() != nil {
		return
	}
	d.setChecking(true)
	defer d.setChecking(false)
	if size > 0 {
		d.mu.Lock()
		base := d.health.Verified
		d.mu.Unlock()
		v := &verifier{read: d.db.Read, pause: rest, progress: func(done int64) {
			d.mu.Lock()
			d.health.Verified = base + done
			d.mu.Unlock()
		}}
		_, findings, err := v.verify(ctx, emptyHead(), size)
		if err != nil {
			if ctx.Err() == nil {
				d.log.Error("desk: the check of the ledger could not finish", "error", err)
				d.warn("Việc tự kiểm tra nhật ký chưa xong vì lỗi đọc cơ sở dữ liệu.", "The self-check of the ledger did not finish: the database could not be read.")
			}
			return
		}
		if d.report(findings) {
			return
		}
	}
	d.checkTables(ctx)
}

func (d *Desk) setChecking(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.health.Checking = on
}

// rest leaves the machine to others for as long as was worked.
func rest(ctx context.Context, worked time.Duration) {
	select {
	case <-time.After(min(worked, 200*time.Millisecond)):
	case <-ctx.Done():
	}
}

func (d *Desk) checkTables(ctx context.Context) {
	if d.Head() < 0 {
		return
	}
	if d.Head() >= RebuildLimit {
		d.setTables("skipped")
		return
	}
	diffs, err := d.rebuildCheck(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		d.log.Error("desk: tables could not be compared with the ledger", "error", err)
		d.warn("Không so được các bảng với nhật ký.", "The tables could not be compared with the ledger.")
	case d.report(diffs):
		d.setTables("differ")
	default:
		d.setTables("agree")
	}
}

func (d *Desk) setTables(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.health.Tables = s
}

func (d *Desk) wakeSaver() {
	select {
	case d.saving <- struct{}{}:
	default:
	}
}

// saveCheckpoints writes the checkpoint file after commits, never before, the
// newest of what came together. It is synced: an old checkpoint costs a longer
// check at start, an empty one would stop the desk. The pause leaves the disk
// to the commits.
func (d *Desk) saveCheckpoints() {
	for range d.saving {
		select {
		case <-time.After(saveEvery):
		case <-d.closed:
		}
		if d.stoppedError() != nil {
			continue // the file is evidence now
		}
		d.mu.Lock()
		c := ledger.Checkpoint{Origin: d.key.origin, Size: d.head.size(), Root: d.head.tree.Root()}
		old := d.saved
		d.mu.Unlock()
		if c.Size == old {
			continue
		}
		signed, err := c.Sign(d.key.signer)
		if err == nil {
			err = writeFile(d.cfg.CheckpointFile, signed, true)
		}
		if err != nil {
			d.log.Error("desk: the checkpoint file could not be written", "error", err)
			continue
		}
		d.mu.Lock()
		d.saved = c.Size
		d.mu.Unlock()
	}
}
