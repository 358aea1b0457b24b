package store

import (
	"context"
	"errors"
	"sync"
	"time"
)

// readied is how many reading connections are made ready: more are seldom
// needed at the same moment.
const readied = 4

// readyWait bounds how long connections are held back until all are there.
const readyWait = 10 * time.Second

// Ready lets a few reading connections ask at the same time, each on its own,
// before anybody waits for an answer. A connection that PostgreSQL has just
// made has read nothing of the catalogue yet and has planned nothing: its first
// question takes several times as long as its second.
func (db *DB) Ready(ctx context.Context, ask func(*Tx) error) error {
	var inside, done sync.WaitGroup
	inside.Add(readied)
	all := make(chan struct{})
	go func() { inside.Wait(); close(all) }()
	wait, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	faults := make([]error, readied)
	for i := range readied {
		done.Go(func() {
			came := sync.OnceFunc(inside.Done)
			defer came() // who found no place holds up nobody
			faults[i] = db.Read(wait, func(tx *Tx) error {
				came()
				select { // so that none takes the connection of another
				case <-all:
				case <-wait.Done():
					return wait.Err()
				}
				return ask(tx)
			})
		})
	}
	done.Wait()
	return errors.Join(faults...)
}
