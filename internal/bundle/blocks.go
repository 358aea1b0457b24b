package bundle

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"minhbach/internal/ledger"
)

// blockCursor reads blocks.jsonl one line ahead.
type blockCursor struct {
	in   *lines
	have bool
	over bool
	b    ledger.Block
	err  error
}

// peek is the next block; an error once for a damaged line, io.EOF for ever
// after the end or where nothing more can be read.
func (c *blockCursor) peek() (ledger.Block, error) {
	if c.have {
		return c.b, c.err
	}
	c.have = true
	if c.over {
		c.b, c.err = ledger.Block{Index: -1}, io.EOF
		return c.b, c.err
	}
	line, err := c.in.next()
	if err != nil {
		c.over, c.b, c.err = true, ledger.Block{Index: -1}, err
		return c.b, c.err
	}
	if c.b, c.err = decodeBlock(bytes.Clone(line)); c.err != nil {
		c.b = ledger.Block{Index: looseEntry(line)}
	}
	return c.b, c.err
}

func (c *blockCursor) take() { c.have = false }

// entry is the entry a damaged line claims to belong to, or the given one.
func (c *blockCursor) entry(or int64) int64 {
	if c.b.Index >= 0 {
		return c.b.Index
	}
	return or
}

// blocksOf takes the blocks of an entry from the file and checks them.
func (w *walker) blocksOf(e ledger.Entry) []ledger.Block {
	var out []ledger.Block
	for {
		b, err := w.blocksIn.peek()
		if err == io.EOF {
			break
		}
		if err != nil {
			w.blocks.fail(Failure{w.blocksIn.entry(e.Index), fileBlocks, say("dòng %d hỏng: %s", "line %d is damaged: %s", w.blocksIn.in.n, clip(err.Error()))})
			w.blocksIn.take()
			w.nBlocks++
			continue
		}
		if b.Index > e.Index {
			break
		}
		w.blocksIn.take()
		w.nBlocks++
		w.blocks.Done++
		if w.bad[b.Index] {
			continue
		}
		if b.Index < e.Index {
			w.blocks.fail(Failure{-1, fileBlocks, say("dòng %d: không thuộc mục nào trong gói, hoặc sai thứ tự", "line %d is of no entry in the bundle, or out of order", w.blocksIn.in.n)})
			continue
		}
		if !slices.ContainsFunc(e.Blocks, func(r ledger.BlockRef) bool { return r.Name == b.Name }) ||
			len(out) > 0 && out[len(out)-1].Name >= b.Name {
			w.blocks.fail(Failure{-1, fileBlocks, say("dòng %d: mục %d không có khối “%s”", "line %d: entry %d has no block %q", w.blocksIn.in.n, b.Index, clip(b.Name))})
			continue
		}
		if !b.Matches(e) {
			w.blocks.fail(Failure{e.Index, fileBlocks, say("khối “%s” đã bị sửa: không còn đúng dấu băm", "the block %q was changed: it no longer matches its hash", clip(b.Name))})
		}
		w.here[blockKey(b.Index, b.Name)] = true
		if c := ClassOf(e.Kind, b.Name); w.manifest.Withheld.Hides(c) {
			w.blocks.fail(Failure{e.Index, fileBlocks, say("khối “%s” thuộc nhóm mà bản kê ghi là đã che (%s)", "the block %q is of a class that the manifest calls withheld (%s)", clip(b.Name), c)})
		}
		if strings.HasPrefix(b.Name, sealedPrefix) && !slices.Contains(w.sealedHere, b.Index) {
			w.sealedHere = append(w.sealedHere, b.Index)
		}
		out = append(out, b)
	}
	for _, r := range e.Blocks {
		if !slices.ContainsFunc(out, func(b ledger.Block) bool { return b.Name == r.Name }) {
			w.missing = append(w.missing, Missing{e.Index, r.Name, -1, ClassOf(e.Kind, r.Name)})
		}
	}
	return out
}
