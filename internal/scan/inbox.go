package scan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Inbox is a folder on this machine into which an office scanner puts its files
// (thư mục máy quét). What lies there is foreign: only plain files with the names
// of pictures are seen, no link is followed out of the folder, and how many are
// looked at is bounded.
type Inbox struct {
	root *os.Root
	dir  string
}

// InboxFile is a file that lies in an inbox. Ready is false while the scanner may
// still be writing it.
type InboxFile struct {
	Name  string
	Size  int64
	Ready bool
}

const (
	// inboxFiles is how many files of a folder are looked at.
	inboxFiles = 1000
	// settled is how long a file must have lain unchanged.
	settled = 2 * time.Second
	// Aside is the folder inside the inbox for files with pages that could not be
	// used.
	Aside = "khong-dung-duoc"
)

// OpenInbox opens a folder, making it when it is missing. It is readable by this
// user alone: pictures of ballots lie in it until they are taken.
func OpenInbox(dir string) (*Inbox, error) {
	if err := os.MkdirAll(filepath.Join(dir, Aside), 0o700); err != nil {
		return nil, fmt.Errorf("scan: inbox: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("scan: inbox: %w", err)
	}
	return &Inbox{root, dir}, nil
}

// Dir is where the folder lies, as people are told.
func (b *Inbox) Dir() string { return b.dir }

// Close lets the folder go.
func (b *Inbox) Close() error { return b.root.Close() }

// List lists the pictures that lie in the folder, in the order of their names;
// scanners number what they write.
func (b *Inbox) List(now time.Time) ([]InboxFile, error) {
	dir, err := b.root.Open(".")
	if err != nil {
		return nil, fmt.Errorf("scan: inbox: %w", err)
	}
	defer dir.Close()
	// All names, so that the order of sheets has no holes; the list is cut after
	// sorting.
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil, fmt.Errorf("scan: inbox: %w", err)
	}
	var out []InboxFile
	for _, e := range entries {
		if !picture(e.Name()) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("scan: inbox: %w", err)
		}
		age := now.Sub(info.ModTime())
		out = append(out, InboxFile{e.Name(), info.Size(), info.Size() > 0 && (age >= settled || age < -settled)})
	}
	slices.SortFunc(out, func(x, y InboxFile) int { return natural(x.Name, y.Name) })
	return out[:min(len(out), inboxFiles)], nil
}

// picture says whether a name is that of a file a scanner writes.
func picture(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png":
		return !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~")
	}
	return false
}

// Single says whether a file holds one picture by its name, not many pages.
func Single(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}

// natural orders names as people do: scan2 before scan10.
func natural(x, y string) int {
	for x != "" && y != "" {
		nx, ny := digits(x), digits(y)
		if nx > 0 && ny > 0 {
			a, b := strings.TrimLeft(x[:nx], "0"), strings.TrimLeft(y[:ny], "0")
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			if c := strings.Compare(a, b); c != 0 {
				return c
			}
			x, y = x[nx:], y[ny:]
			continue
		}
		if x[0] != y[0] {
			return int(x[0]) - int(y[0])
		}
		x, y = x[1:], y[1:]
	}
	return len(x) - len(y)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// Open opens a file of the list.
func (b *Inbox) Open(name string) (*os.File, error) {
	if !picture(name) || filepath.Base(name) != name {
		return nil, fmt.Errorf("scan: inbox: %q is no file of a scanner", name)
	}
	f, err := b.root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("scan: inbox: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("scan: inbox: %q is no plain file", name)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Same says whether the file of that name is still the one that was opened, as
// long and as old: a scanner may have written another since.
func (b *Inbox) Same(name string, opened os.FileInfo) bool {
	now, err := b.root.Lstat(name)
	return err == nil && os.SameFile(now, opened) && now.Size() == opened.Size() && now.ModTime().Equal(opened.ModTime())
}

// Remove takes a file away once it was taken over.
func (b *Inbox) Remove(name string) error {
	if !picture(name) || filepath.Base(name) != name {
		return fmt.Errorf("scan: inbox: %q is no file of a scanner", name)
	}
	return b.root.Remove(name)
}

// SetAside moves a file some of whose pages could not be used out of the way, so
// that nothing is lost and nothing comes twice.
func (b *Inbox) SetAside(name string) error {
	if !picture(name) || filepath.Base(name) != name {
		return fmt.Errorf("scan: inbox: %q is no file of a scanner", name)
	}
	to := Aside + "/" + name
	for n := 2; ; n++ {
		if _, err := b.root.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		} else if n > inboxFiles {
			return fmt.Errorf("scan: inbox: %s is full", Aside)
		}
		to = fmt.Sprintf("%s/%d-%s", Aside, n, name)
	}
	return b.root.Rename(name, to)
}
