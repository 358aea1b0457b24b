//go:build unix

package paper_test

import (
	"syscall"
	"time"
)

// cpuTime is the time that this program has had a core for: what a measure on a
// shared machine is taken in.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
