package bundle

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files is a bundle laid open: its files by path. Close it after use.
type Files struct {
	open  map[string]func() (io.ReadCloser, error)
	size  map[string]int64
	sum   map[string]string // digests of what was read to its end
	close func() error
}

// Open opens a bundle, a zip file or a folder, and checks names, number and
// sizes before anything is read. Errors are in the words of Verify's failures.
func Open(path string) (*Files, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	fs, err := OpenZip(f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	fs.close = f.Close
	return fs, nil
}

// OpenZip is Open over a zip file that lies elsewhere.
func OpenZip(r io.ReaderAt, size int64) (*Files, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &formatError{"", "the file is not a whole zip file: " + err.Error()}
	}
	fs, folder := newFiles(), packedFolder(z)
	for _, f := range z.File {
		if f.Mode().IsDir() && strings.HasSuffix(f.Name, "/") && f.UncompressedSize64 == 0 {
			continue // a folder: somebody packed the bundle anew
		}
		if !f.Mode().IsRegular() {
			return nil, &formatError{f.Name, "not an ordinary file"}
		}
		if f.Flags&1 != 0 || f.Method != zip.Store && f.Method != zip.Deflate {
			return nil, &formatError{f.Name, "packed or encrypted in a way that bundles are not"}
		}
		if f.UncompressedSize64 > maxSlack && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return nil, &formatError{f.Name, "unpacks to more than its packed size allows"}
		}
		name, ok := strings.CutPrefix(f.Name, folder)
		if !ok {
			return nil, &formatError{clip(f.Name), "a file beside the bundle's folder"}
		}
		if err := fs.add(name, int64(min(f.UncompressedSize64, maxBytes+1)), f.Open); err != nil {
			return nil, err
		}
	}
	return fs, fs.whole()
}

// packedFolder is the folder that a bundle lies in when somebody unpacked it
// and packed the folder again; empty for a bundle as it was written.
func packedFolder(z *zip.Reader) string {
	folder := ""
	for _, f := range z.File {
		if f.Name == fileManifest {
			return ""
		}
		if dir, ok := strings.CutSuffix(f.Name, "/"+fileManifest); ok && !strings.Contains(dir, "/") {
			folder = dir + "/"
		}
	}
	return folder
}

func openFolder(dir string) (*Files, error) {
	files := newFiles()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !d.Type().IsRegular() {
			return &formatError{rel, "not an ordinary file"}
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return files.add(rel, info.Size(), func() (io.ReadCloser, error) { return os.Open(path) })
	})
	if err != nil {
		return nil, err
	}
	return files, files.whole()
}

func newFiles() *Files {
	return &Files{open: map[string]func() (io.ReadCloser, error){}, size: map[string]int64{},
		sum: map[string]string{}, close: func() error { return nil }}
}

// Close lets go of the file.
func (f *Files) Close() error { return f.close() }

func (f *Files) add(name string, size int64, open func() (io.ReadCloser, error)) error {
	if !checkPath(name, Ledger) && !checkPath(name, Contest) {
		return &formatError{clip(name), "a file of this name is no part of a bundle"}
	}
	if _, twice := f.open[name]; twice {
		return &formatError{name, "the file stands twice in the bundle"}
	}
	if len(f.open) >= maxFiles {
		return &formatError{"", fmt.Sprintf("more than %d files", maxFiles)}
	}
	f.open[name], f.size[name] = open, size
	return nil
}

func (f *Files) whole() error {
	var total int64
	for name, size := range f.size {
		if total += size; size > maxBytes || total > maxBytes {
			return &formatError{name, fmt.Sprintf("the bundle unpacks to more than %d bytes", int64(maxBytes))}
		}
	}
	for _, name := range []string{fileManifest, fileCheckpoint, fileEntries, fileBlocks, fileWitnesses} {
		if f.open[name] == nil {
			return &formatError{name, "the file is missing"}
		}
	}
	return nil
}

// formatError is damage that no entry can be named for.
type formatError struct{ file, what string }

func (e *formatError) Error() string {
	if e.file == "" {
		return e.what
	}
	return e.file + ": " + e.what
}

// Paths lists the files, sorted.
func (f *Files) Paths() []string {
	out := make([]string, 0, len(f.open))
	for p := range f.open {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// reader opens a file; what is read is hashed on the way, and never more than
// the size the bundle named.
func (f *Files) reader(name string) (*hashed, error) {
	open := f.open[name]
	if open == nil {
		return nil, &formatError{name, "the file is missing"}
	}
	rc, err := open()
	if err != nil {
		return nil, &formatError{name, "cannot be read: " + err.Error()}
	}
	return &hashed{rc: rc, left: f.size[name], sum: sha256.New(), done: func(sum string) { f.sum[name] = sum }}, nil
}

// read takes a whole small file.
func (f *Files) read(name string, most int64) ([]byte, error) {
	if f.size[name] > most {
		return nil, &formatError{name, fmt.Sprintf("%d bytes, more than %d", f.size[name], most)}
	}
	r, err := f.reader(name)
	if err != nil {
		return nil, err
	}
	defer r.rc.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, &formatError{name, "cannot be read: " + err.Error()}
	}
	return b, nil
}

// digest is the SHA-256 of a file in hex, read now unless it was before.
func (f *Files) digest(name string) (string, error) {
	if sum, ok := f.sum[name]; ok {
		return sum, nil
	}
	r, err := f.reader(name)
	if err != nil {
		return "", err
	}
	defer r.rc.Close()
	if _, err := io.Copy(io.Discard, r); err != nil {
		return "", &formatError{name, "cannot be read: " + err.Error()}
	}
	return f.sum[name], nil
}

type hashed struct {
	rc   io.ReadCloser
	left int64
	sum  hash.Hash
	done func(string)
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.rc.Read(p)
	h.left -= int64(n)
	if h.left < 0 {
		return 0, errors.New("longer than the bundle says")
	}
	h.sum.Write(p[:n])
	if err == io.EOF {
		h.done(hex.EncodeToString(h.sum.Sum(nil)))
	}
	return n, err
}

// lines reads a file line by line; every line ends with a line feed.
type lines struct {
	name string
	src  *hashed
	buf  *bufio.Reader
	n    int64 // lines read
	line []byte
}

func (f *Files) lines(name string) (*lines, error) {
	r, err := f.reader(name)
	if err != nil {
		return nil, err
	}
	return &lines{name: name, src: r, buf: bufio.NewReaderSize(r, 1<<16)}, nil
}

// next returns the next line without its end, io.EOF after the last one, or a
// formatError. The line is good until the next call.
func (l *lines) next() ([]byte, error) {
	l.line = l.line[:0]
	for {
		part, err := l.buf.ReadSlice('\n')
		if len(l.line)+len(part) > maxLine {
			return nil, &formatError{l.name, fmt.Sprintf("line %d is longer than %d bytes", l.n+1, maxLine)}
		}
		l.line = append(l.line, part...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(l.line) == 0:
			return nil, io.EOF
		case err == io.EOF:
			return nil, &formatError{l.name, fmt.Sprintf("line %d has no end: the file is cut off", l.n+1)}
		case err != nil:
			return nil, &formatError{l.name, fmt.Sprintf("cannot be read after line %d: %v", l.n, err)}
		}
		l.n++
		return l.line[:len(l.line)-1], nil
	}
}

func (l *lines) close() { l.src.rc.Close() }

// clip keeps a hostile name from flooding a message.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "?")
	s = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}
