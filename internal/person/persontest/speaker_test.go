package persontest_test

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// speaker says what a long bench is doing, with the time since it began.
type speaker struct {
	start time.Time
	mu    sync.Mutex
	done  int
	then  int // done when it last spoke
	last  time.Time
}

func progress() *speaker {
	now := time.Now()
	return &speaker{start: now, last: now}
}

// Printf says a line; the soak's record keeps lines that begin so.
func (s *speaker) Printf(form string, args ...any) {
	fmt.Fprintf(os.Stdout, "    registry %8s  %s\n", time.Since(s.start).Round(100*time.Millisecond), fmt.Sprintf(form, args...))
}

// every is how often a long piece of work says how far it is.
const every = 20 * time.Second

// each counts persons and says now and then how many of all there are, and how
// fast the last ones came.
func (s *speaker) each(all int) func(int) {
	return func(n int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.done += n
		if since := time.Since(s.last); since >= every {
			rate := float64(s.done-s.then) / since.Seconds()
			s.Printf("%d of %d persons, %.0f a second now, about %v to go", s.done, all, rate, (time.Duration(float64(all-s.done)/rate) * time.Second).Round(time.Second))
			s.then, s.last = s.done, time.Now()
		}
	}
}
