package bundle

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// Write writes a bundle as a zip file. The same source gives the same bytes.
// It refuses a source that does not fit together: entries out of order, not in
// the tree of the checkpoint, blocks that are not those committed to.
func Write(w io.Writer, src Source) error {
	z := zip.NewWriter(w)
	err := write(src, func(path string) (io.WriteCloser, error) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Deflate, Modified: noTime})
		return nopCloser{f}, err
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// WriteFolder writes a bundle as files in a folder, which must not exist yet.
func WriteFolder(dir string, src Source) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return write(src, func(path string) (io.WriteCloser, error) {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return nil, err
		}
		return os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	})
}

// noTime stands in the zip for the time of every file, so that the same source
// gives the same bytes: the first that a zip can hold.
var noTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// writer writes the files one after the other and keeps what the manifest says
// of them.
type writer struct {
	create func(path string) (io.WriteCloser, error)
	files  []ManifestFile
}

// file writes one file through fill.
func (w *writer) file(path string, fill func(io.Writer) error) error {
	out, err := w.create(path)
	if err != nil {
		return fmt.Errorf("bundle: %s: %w", path, err)
	}
	sum, count := sha256.New(), &counting{}
	buf := bufio.NewWriterSize(io.MultiWriter(out, sum, count), 1<<16)
	err = fill(buf)
	if err == nil {
		err = buf.Flush()
	}
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("bundle: %s: %w", path, err)
	}
	w.files = append(w.files, ManifestFile{path, count.n, hex.EncodeToString(sum.Sum(nil))})
	return nil
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

func write(src Source, create func(string) (io.WriteCloser, error)) error {
	ver, err := note.NewVerifier(src.Key)
	if err != nil {
		return fmt.Errorf("bundle: key: %w", err)
	}
	head, err := ledger.OpenCheckpoint(src.Checkpoint, note.VerifierList(ver))
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	subjects := slices.Clone(src.Subjects)
	slices.Sort(subjects)
	m := &Manifest{Format: Format, Scope: src.Scope, Subjects: slices.Compact(subjects), Redacted: src.Redacted, Withheld: src.Withheld,
		Origin: head.Origin, Key: src.Key, Size: head.Size, Root: hex.EncodeToString(head.Root[:])}
	if m.Subjects == nil {
		m.Subjects = []string{}
	}
	w := &writer{create: create}
	if err := w.file(fileCheckpoint, func(o io.Writer) error { _, err := o.Write(src.Checkpoint); return err }); err != nil {
		return err
	}
	s := &scan{head: head, scope: src.Scope, witnesses: map[int64]bool{}, digests: map[string]bool{}}
	for _, n := range src.Witnesses {
		if n < 1 || n > head.Size {
			return fmt.Errorf("bundle: there is no checkpoint of %d entries in a ledger of %d", n, head.Size)
		}
		s.witnesses[n] = true
	}
	if err := w.file(fileEntries, func(o io.Writer) error { return s.entries(o, src.Entries) }); err != nil {
		return err
	}
	m.Entries = int64(len(s.index))
	hashes := ledger.Reader(src.Hashes)
	if src.Scope == Ledger {
		err = w.file(fileLeaves, s.leafLines)
	} else {
		err = w.file(fileProofs, func(o io.Writer) error { return s.proofs(o, hashes) })
	}
	if err != nil {
		return err
	}
	if err := w.file(fileBlocks, func(o io.Writer) error {
		if src.bare() || src.Blocks == nil {
			return nil
		}
		m.Blocks, err = s.blocks(o, src)
		return err
	}); err != nil {
		return err
	}
	if err := w.file(fileWitnesses, func(o io.Writer) error { return s.witnessLines(o, hashes) }); err != nil {
		return err
	}
	if err := bound(w, src, s); err != nil {
		return err
	}
	if err := editions(w, s); err != nil {
		return err
	}
	slices.SortFunc(w.files, func(a, b ManifestFile) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
	m.Files = w.files
	data, err := m.encode()
	if err != nil {
		return err
	}
	if _, err := parseManifest(data); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return w.file(fileManifest, func(o io.Writer) error { _, err := o.Write(data); return err })
}

// scan is what the writer learns from the entries as they go by.
type scan struct {
	head      ledger.Checkpoint
	scope     Scope
	index     []int64
	leaves    [][32]byte
	refs      map[int64][]ledger.BlockRef
	kinds     map[int64]string // of entries with blocks
	witnesses map[int64]bool
	digests   map[string]bool // of the built-in editions that verdicts name
}

func (s *scan) entries(o io.Writer, seq func(func([]byte, error) bool)) error {
	s.refs, s.kinds = map[int64][]ledger.BlockRef{}, map[int64]string{}
	if seq == nil {
		return errors.New("no entries")
	}
	for data, err := range seq {
		if err != nil {
			return err
		}
		e, err := ledger.Decode(data)
		if err != nil {
			return err
		}
		n := len(s.index)
		if n > 0 && e.Index <= s.index[n-1] || e.Index >= s.head.Size || s.scope == Ledger && e.Index != int64(n) {
			return fmt.Errorf("entry %d is out of order, or beyond the checkpoint of %d", e.Index, s.head.Size)
		}
		s.index, s.leaves = append(s.index, e.Index), append(s.leaves, ledger.LeafHash(data))
		if len(e.Blocks) > 0 {
			s.refs[e.Index], s.kinds[e.Index] = e.Blocks, e.Kind
		}
		s.learn(e)
		if _, err := o.Write(append(data[:len(data):len(data)], '\n')); err != nil {
			return err
		}
	}
	return nil
}

// learn notes the checkpoints and editions an entry names, so that the bundle
// carries what its checks need.
func (s *scan) learn(e ledger.Entry) {
	switch e.Kind {
	case kindMinutes, kindCasePaper:
		if p, ok := pointOf(e.Kind, e.Body); ok && p.Size > 0 && p.Size <= s.head.Size {
			s.witnesses[p.Size] = true
		}
	case kindCase, kindCaseMove:
		var b struct{ Pins []rule.Pin }
		if json.Unmarshal(e.Body, &b) == nil {
			s.built(b.Pins)
		}
	case kindCounted:
		var b struct{ Result vote.Result }
		if json.Unmarshal(e.Body, &b) == nil {
			s.built(b.Result.Pins)
		}
	}
}

// built notes the built-in editions among pins.
func (s *scan) built(pins []rule.Pin) {
	for _, p := range pins {
		if p.Recorded == 0 {
			s.digests[p.Digest] = true
		}
	}
}

func (s *scan) leafLines(o io.Writer) error {
	var tree ledger.Tree
	for _, h := range s.leaves {
		tree.Append(h)
		if _, err := fmt.Fprintf(o, "%x\n", h); err != nil {
			return err
		}
	}
	if tree.Size() != s.head.Size || tree.Root() != s.head.Root {
		return errors.New("the entries are not those of the checkpoint")
	}
	return nil
}

func (s *scan) proofs(o io.Writer, hashes tlog.HashReader) error {
	for i, n := range s.index {
		p, err := tlog.ProveRecord(s.head.Size, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(p, s.head.Size, s.head.Root, n, s.leaves[i]); err != nil {
			return fmt.Errorf("entry %d is not in the tree of the checkpoint", n)
		}
		if err := writeLine(o, proofLine{n, hexes(p)}); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) blocks(o io.Writer, src Source) (n int64, err error) {
	var last ledger.Block
	for b, err := range src.Blocks {
		if err != nil {
			return n, err
		}
		if src.Withheld.Hides(ClassOf(s.kinds[b.Index], b.Name)) {
			continue
		}
		e := ledger.Entry{Index: b.Index, Blocks: s.refs[b.Index]}
		if !b.Matches(e) {
			return n, fmt.Errorf("block %q is not the one that entry %d committed to", b.Name, b.Index)
		}
		if n > 0 && (b.Index < last.Index || b.Index == last.Index && b.Name <= last.Name) {
			return n, fmt.Errorf("block %q of entry %d is out of order", b.Name, b.Index)
		}
		line, err := encodeBlock(b)
		if err != nil {
			return n, err
		}
		if _, err := o.Write(append(line, '\n')); err != nil {
			return n, err
		}
		last = b
		n++
	}
	return n, nil
}

func (s *scan) witnessLines(o io.Writer, hashes tlog.HashReader) error {
	if len(s.witnesses) > maxWitnesses {
		return fmt.Errorf("%d earlier checkpoints, more than %d", len(s.witnesses), maxWitnesses)
	}
	sizes := make([]int64, 0, len(s.witnesses))
	for n := range s.witnesses {
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	for _, n := range sizes {
		root, err := tlog.TreeHash(n, hashes)
		if err != nil {
			return err
		}
		p, err := tlog.ProveTree(s.head.Size, n, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(p, s.head.Size, s.head.Root, n, root); err != nil {
			return fmt.Errorf("the checkpoint of %d entries does not lead to the head", n)
		}
		if err := writeLine(o, witnessLine{n, hex.EncodeToString(root[:]), hexes(p)}); err != nil {
			return err
		}
	}
	return nil
}

func writeLine(o io.Writer, v any) error {
	line, err := encodeLine(v)
	if err != nil {
		return err
	}
	_, err = o.Write(append(line, '\n'))
	return err
}

// bare says that no personal content at all goes into the bundle.
func (src *Source) bare() bool { return src.Redacted && src.Withheld == nil }

// bound writes the files that entries are bound to by hash.
func bound(w *writer, src Source, s *scan) error {
	if src.bare() || src.Files == nil {
		return nil
	}
	for f, err := range src.Files {
		if err != nil {
			return fmt.Errorf("bundle: %w", err)
		}
		if src.Withheld.Hides(classOfFile(f.Name)) {
			continue
		}
		if _, ok := slices.BinarySearch(s.index, f.Entry); !ok || !namePattern.MatchString(f.Name) || len(f.Content) > maxFile {
			return fmt.Errorf("bundle: file %q of entry %d cannot stand in this bundle", f.Name, f.Entry)
		}
		if err := w.file(boundPath(f.Entry, f.Name), func(o io.Writer) error { _, err := o.Write(f.Content); return err }); err != nil {
			return err
		}
	}
	return nil
}

// editions writes the built-in editions that verdicts were given by, for
// people to read; recorded ones stand in their entries.
func editions(w *writer, s *scan) error {
	if len(s.digests) == 0 {
		return nil
	}
	lib, err := rule.Builtin()
	if err != nil {
		return err
	}
	all := lib.Editions()
	slices.SortFunc(all, func(a, b *rule.Edition) int {
		if a.Digest < b.Digest {
			return -1
		}
		return 1
	})
	for _, e := range all {
		if s.digests[e.Digest] {
			if err := w.file("regulations/"+e.Digest+".yaml", func(o io.Writer) error { _, err := o.Write(e.Raw); return err }); err != nil {
				return err
			}
		}
	}
	return nil
}
