package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// File is one file of a pile. Open is asked when its turn comes, and done once
// its last page was handed on, so that a pile of thousands of files holds only a
// few open.
type File struct {
	Open func() (r io.ReaderAt, size int64, done func(), err error)
}

// Seen is what became of one page: Value, or the Problem for which there is
// none. Page counts from 1; 0 is a problem of the file as a whole.
type Seen[T any] struct {
	File, Page int // index among the files; number of the page
	Value      T
	Problem    *Problem
}

// Pile opens the pages of many files and reads each, on every core, and hands
// what was read on in the order of the pile. As many pictures are held as there
// are cores. A page or a file that cannot be taken, and a page at which read
// panics, is handed on as a problem; an error of Open, read or hand, and the end
// of ctx, stops the pile and is returned.
func Pile[T any](ctx context.Context, files []File, lim Limits, read func(file int, p *Page) (T, error), hand func(Seen[T]) error) error {
	type job struct {
		seen Seen[T]
		open func() *Page
		err  error
		done chan struct{} // closed when it was read
		end  func()        // of a file: its pages lie before this
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	work, order := make(chan *job), make(chan *job, runtime.GOMAXPROCS(0))
	put := func(c chan *job, j *job) error {
		select {
		case c <- j:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var busy sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for j := range work {
				p := j.open()
				if j.seen.Problem = p.Problem; p.Problem == nil {
					j.seen.Value, j.seen.Problem, j.err = guarded(read, j.seen.File, p)
				}
				close(j.done)
			}
		})
	}
	ready := make(chan struct{})
	close(ready)
	var walked error
	var opened []func()
	busy.Go(func() {
		defer close(order)
		defer close(work)
		for i, f := range files {
			last := &job{seen: Seen[T]{File: i}, done: ready}
			r, size, done, err := f.Open()
			if err == nil {
				last.end = sync.OnceFunc(done)
				opened = append(opened, last.end)
				err = safeWalk(r, size, lim, func(number int, open func() *Page) error {
					j := &job{seen: Seen[T]{File: i, Page: number}, open: open, done: make(chan struct{})}
					if err := put(order, j); err != nil {
						return err
					}
					return put(work, j)
				})
			}
			if err != nil && !errors.As(err, &last.seen.Problem) {
				walked = err
				return
			}
			if walked = put(order, last); walked != nil {
				return
			}
		}
	})
	var failed error
	for j := range order {
		if failed != nil {
			continue
		}
		select {
		case <-j.done:
			failed = j.err
		case <-ctx.Done():
			failed = ctx.Err()
		}
		if failed == nil && (j.end == nil || j.seen.Problem != nil) {
			failed = hand(j.seen)
		}
		if j.end != nil {
			j.end()
		}
		if failed != nil {
			stop()
		}
	}
	busy.Wait()
	for _, end := range opened {
		end()
	}
	if failed != nil {
		return failed
	}
	return walked
}

// safeWalk is walk; a panic on the way is a damaged file. It runs where nobody
// else would catch one.
func safeWalk(r io.ReaderAt, size int64, lim Limits, do func(int, func() *Page) error) error {
	var err error
	if _, bad := safely(func() (struct{}, *Problem) { err = walk(r, size, lim, do); return struct{}{}, nil }); bad != nil {
		return bad
	}
	return err
}

// guarded reads a page; a panic is a page that cannot be read.
func guarded[T any](read func(int, *Page) (T, error), file int, p *Page) (v T, bad *Problem, err error) {
	defer func() {
		if x := recover(); x != nil {
			bad = problem(fmt.Errorf("reader: %v", x), "Chương trình không đọc được tờ này: đọc trên phiếu giấy, nhập bằng tay.", "The program cannot read this sheet: read the paper itself and key it by hand")
		}
	}()
	v, err = read(file, p)
	return v, nil, err
}
