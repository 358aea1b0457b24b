package web

import (
	"context"
	"errors"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// noteEvery is how often the head of the read log goes into the ledger: what
// was viewed since can still be cut off by hand without a trace.
const noteEvery = time.Hour

// KeepReadLog puts the head of the read log into the ledger when it has moved:
// at once, each hour, and when ctx ends, after which it returns. Call it once
// for a server, end it when nobody is being answered any more, before the desk
// closes.
func (s *Server) KeepReadLog(ctx context.Context) { s.keepReadLog(ctx, noteEvery) }

func (s *Server) keepReadLog(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		s.noteReads(ctx)
		s.sweepVault(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	s.noteReads(last)
}

// noteReads checks what came since the last note and notes the head. A log
// that was changed by hand gets no new note: the old one stays what it is
// compared with.
func (s *Server) noteReads(ctx context.Context) {
	var r readCheck
	err := s.desk.Read(ctx, func(tx *store.Tx) (err error) {
		r, err = s.reads.check(ctx, tx, 0)
		return err
	})
	if err == nil && r.Fault != nil {
		s.reads.broken.Store(true)
		err = r.Fault
	}
	if err == nil && r.Lines > r.Last.Size {
		_, err = s.desk.Do(ctx, desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Act: account.NoteReadLog{Size: r.Lines, Head: r.Head}})
		var no *desk.Error
		if errors.As(err, &no) && no.Code == desk.Refused {
			err = nil // another copy of the program was quicker
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.Error("the head of the read log was not put into the ledger", "error", err)
	}
}

// unclaimed is how long a file that no entry names is kept: a form given up
// half way, an act refused.
const unclaimed = 24 * time.Hour

// sweepVault forgets files that nobody claimed, and staged imports and lists
// past their time: at start, and each hour.
func (s *Server) sweepVault(ctx context.Context) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := vault.Sweep(ctx, tx, s.clock().Add(-unclaimed)); err != nil {
			return err
		}
		return person.SweepStaged(ctx, tx, s.clock())
	})
	if err != nil && ctx.Err() == nil {
		s.log.Error("files that no entry names were not swept", "error", err)
	}
}
