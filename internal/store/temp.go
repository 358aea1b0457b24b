package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// tempPrefix begins the names of folders with a copy beside the real database.
const tempPrefix = "minhbach-copy-"

// OpenTemp makes an empty SQLite database in a temporary folder, without
// syncing: for replaying a ledger beside the real one. Close removes it; what a
// killed program leaves, the next SweepTemp does.
func OpenTemp(ctx context.Context) (*DB, error) {
	dir, err := os.MkdirTemp("", tempPrefix)
	if err != nil {
		return nil, fmt.Errorf("store: temporary folder: %w", err)
	}
	held, err := holdFile(filepath.Join(dir, "lock"))
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("store: temporary folder: %w", err)
	}
	db, err := open(ctx, "sqlite:"+filepath.Join(dir, "temp.db"), false)
	if err != nil {
		held.Close()
		os.RemoveAll(dir)
		return nil, err
	}
	db.remove, db.held = dir, held
	return db, nil
}

// TempFolder makes a temporary folder for what holds keys or personal content
// for a while; remove takes it away. What a killed program leaves, the next
// SweepTemp does.
func TempFolder() (dir string, remove func(), err error) {
	if dir, err = os.MkdirTemp("", tempPrefix); err != nil {
		return "", nil, fmt.Errorf("store: temporary folder: %w", err)
	}
	held, err := holdFile(filepath.Join(dir, "lock"))
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("store: temporary folder: %w", err)
	}
	return dir, func() {
		held.Close()
		os.RemoveAll(dir)
	}, nil
}

// SweepTemp removes the copies that killed programs left in the temporary
// folder, for they may hold personal content; those at work are left alone. It
// returns how many it removed.
func SweepTemp() int { return sweep(os.TempDir(), time.Now()) }

func sweep(in string, now time.Time) int {
	dirs, err := filepath.Glob(filepath.Join(in, tempPrefix+"*"))
	if err != nil {
		return 0
	}
	// Earlier releases named them so and held no lock.
	older, _ := filepath.Glob(filepath.Join(in, "minhbach-[0-9]*", "temp.db"))
	n := 0
	for _, file := range older {
		if info, err := os.Stat(file); err == nil && now.Sub(info.ModTime()) > 24*time.Hour && os.RemoveAll(filepath.Dir(file)) == nil {
			n++
		}
	}
	for _, dir := range dirs {
		lock := filepath.Join(dir, "lock")
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() {
			continue
		}
		if _, err := os.Stat(lock); err != nil && now.Sub(info.ModTime()) < time.Minute {
			continue // being made just now
		}
		if heldElsewhere(lock) {
			continue
		}
		if os.RemoveAll(dir) == nil {
			n++
		}
	}
	return n
}
