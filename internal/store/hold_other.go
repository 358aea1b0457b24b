//go:build !unix

package store

import "os"

// holdFile makes a file and keeps it open; Windows removes no open file.
func holdFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}

// heldElsewhere says whether a living program holds the file: it cannot be
// removed then.
func heldElsewhere(path string) bool {
	err := os.Remove(path)
	return err != nil && !os.IsNotExist(err)
}
