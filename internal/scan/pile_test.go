package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// heap is a pile of files in memory that counts which are open.
type heap struct {
	open, closed atomic.Int32
}

func (h *heap) file(data []byte) File {
	return File{Open: func() (io.ReaderAt, int64, func(), error) {
		h.open.Add(1)
		return bytes.NewReader(data), int64(len(data)), func() { h.closed.Add(1) }, nil
	}}
}

func (h *heap) shut(t *testing.T) {
	t.Helper()
	if h.open.Load() != h.closed.Load() {
		t.Errorf("%d files were opened and %d closed", h.open.Load(), h.closed.Load())
	}
}

// TestPileIsEach: a pile of every kind of file, read on all cores, gives what
// opening them one after another gives, in the same order, damaged ones too.
func TestPileIsEach(t *testing.T) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) < 15 {
		t.Fatal(names, err)
	}
	var h heap
	var files []File
	var want []string
	for range 4 {
		for _, name := range append(slices.Clone(names), "half") {
			var data []byte
			if name == "half" {
				data = fixture(t, "g4.pdf")[:300]
			} else if data, err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
			at := len(files)
			files = append(files, h.file(data))
			err := Each(bytes.NewReader(data), int64(len(data)), Default, func(p *Page) error {
				want = append(want, says(at, p.Number, p))
				return nil
			})
			if err != nil {
				want = append(want, fmt.Sprintf("%d/0 %v", at, err))
			}
		}
	}
	var got []string
	err = Pile(t.Context(), files, Default, func(file int, p *Page) (string, error) {
		time.Sleep(time.Duration(file%3) * time.Millisecond) // they end in another order
		return says(file, p.Number, p), nil
	}, func(s Seen[string]) error {
		if s.Problem != nil {
			s.Value = fmt.Sprintf("%d/%d %v", s.File, s.Page, s.Problem)
		}
		got = append(got, s.Value)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	h.shut(t)
}

func says(file, number int, p *Page) string {
	if p.Problem != nil {
		return fmt.Sprintf("%d/%d %v", file, number, p.Problem)
	}
	sum := 0
	for i, v := range p.Gray.Pix {
		sum += int(v) * (i%97 + 1)
	}
	return fmt.Sprintf("%d/%d %v %.1f %v %d", file, number, p.Gray.Rect, p.DPI, p.Bitonal, sum)
}

// TestPileStops: an error of whoever takes part ends the pile as it is, with
// every file closed; a page at which the reader panics is a problem of its own.
func TestPileStops(t *testing.T) {
	stop := errors.New("stop")
	data := fixture(t, "g4-three.tif")
	whole := func(int, *Page) (int, error) { return 1, nil }
	take := func(Seen[int]) error { return nil }
	for _, c := range []struct {
		name string
		read func(int, *Page) (int, error)
		hand func(Seen[int]) error
		ctx  func() context.Context
		want error
	}{
		{"read", func(file int, p *Page) (int, error) {
			if file == 3 && p.Number == 2 {
				return 0, stop
			}
			return 1, nil
		}, take, t.Context, stop},
		{"hand", whole, func(s Seen[int]) error {
			if s.File == 3 {
				return stop
			}
			return nil
		}, t.Context, stop},
		{"context", whole, take, func() context.Context {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(stop)
			return ctx
		}, context.Canceled},
	} {
		var h heap
		var files []File
		for range 40 {
			files = append(files, h.file(data))
		}
		if err := Pile(c.ctx(), files, Default, c.read, c.hand); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if h.open.Load() > 20 {
			t.Errorf("%s: %d files were opened", c.name, h.open.Load())
		}
		h.shut(t)
	}
	var h heap
	closed := File{Open: func() (io.ReaderAt, int64, func(), error) { return nil, 0, nil, stop }}
	if err := Pile(t.Context(), []File{h.file(data), closed}, Default, whole, take); err != stop {
		t.Errorf("a file that does not open: %v", err)
	}
	h.shut(t)
	var problems []int
	err := Pile(t.Context(), []File{h.file(data)}, Default, func(_ int, p *Page) (int, error) {
		if p.Number == 2 {
			panic("a bug")
		}
		return p.Number, nil
	}, func(s Seen[int]) error {
		if s.Problem != nil {
			problems = append(problems, s.Page)
		}
		return nil
	})
	if err != nil || !slices.Equal(problems, []int{2}) {
		t.Errorf("%v, problems %v", err, problems)
	}
	h.shut(t)
}

// faulty is a file whose bytes cannot even be asked for.
type faulty struct{}

func (faulty) ReadAt([]byte, int64) (int, error) { panic("a decoder's slip") }

// TestPileOutlivesAWalk: a fault on the way through a file is a problem of that
// file, not the end of the program in a counting hall; the others are read.
func TestPileOutlivesAWalk(t *testing.T) {
	var h heap
	data := fixture(t, "g4.pdf")
	files := []File{{Open: func() (io.ReaderAt, int64, func(), error) { return faulty{}, 1000, func() {}, nil }}, h.file(data)}
	var got []string
	err := Pile(t.Context(), files, Default, func(int, *Page) (int, error) { return 0, nil }, func(s Seen[int]) error {
		got = append(got, fmt.Sprint(s.File, s.Page, s.Problem != nil))
		return nil
	})
	if err != nil || len(got) < 2 || got[0] != "0 0 true" || got[1] != "1 1 false" {
		t.Errorf("%q %v", got, err)
	}
	h.shut(t)
}
