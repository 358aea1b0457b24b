package store

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// manyRows is from how many rows on an insert into SQLite is left to a
// goroutine of the transaction, so that whoever writes much can go on making
// the next rows while these are stored.
const manyRows = 64

// ahead runs the writes of one transaction, in order, behind the back of who
// asked for them; on PostgreSQL it sends what is held back. Like the writes held back on PostgreSQL their error comes
// with the next statement, or with the end, and the transaction is over then.
type ahead struct {
	jobs chan func() error
	left sync.WaitGroup
	err  error // of the first that failed; read after left
}

func newAhead() *ahead {
	a := &ahead{jobs: make(chan func() error, 16)}
	go func() {
		for job := range a.jobs {
			a.do(job)
		}
	}()
	return a
}

func (a *ahead) do(job func() error) {
	defer a.left.Done()
	defer func() {
		if p := recover(); p != nil && a.err == nil {
			a.err = fmt.Errorf("store: panic: %v\n%s", p, debug.Stack())
		}
	}()
	if a.err == nil { // nothing more is written after a failure
		a.err = job()
	}
}

func (a *ahead) put(job func() error) {
	a.left.Add(1)
	a.jobs <- job
}

// settle waits for what was asked for.
func (a *ahead) settle() error {
	a.left.Wait()
	return a.err
}

// end waits and lets the goroutine go.
func (a *ahead) end() {
	a.left.Wait()
	close(a.jobs)
}

// behind leaves a write to the transaction's goroutine when there is one, or
// when it is large; false: the caller runs it.
func (tx *Tx) behind(large bool, job func() error) bool {
	if tx.ahead == nil {
		if !large || !tx.writes {
			return false
		}
		tx.ahead = newAhead()
	}
	tx.ahead.put(job)
	return true
}
