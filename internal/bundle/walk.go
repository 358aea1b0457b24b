package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/ledger"
)

// walker goes through the entries once, in order, with proofs (or leaves) and
// blocks alongside. Every check on an entry needs only it and those before it,
// so that the first entry that fails is known and memory stays small.
type walker struct {
	*verifier
	entriesIn, leavesIn, proofsIn *lines
	blocksIn                      *blockCursor

	tree    ledger.Tree
	stops   []int64 // sizes at which roots are wanted, ascending
	bracket [2]int64
	before  [32]byte // root before an entry that says where the log was restored from
	at      time.Time
	chain   map[string]int64 // last entry of each subject
	scope   map[string]bool
	covered map[string]bool // subjects of the scope that an entry spoke of
	missing []Missing
	erased  map[string]int64 // blockKey → entry that erased it
	opened  map[int64]bool   // entries whose sealed blocks an entry opened
	// sealedHere are entries whose sealed blocks the bundle carries.
	sealedHere []int64
	bad        map[int64]bool  // entries that are not those in the tree
	here       map[string]bool // blocks in the bundle, by blockKey
	law        *law
	nBlocks    int64
	nEntries   int64
}

func blockKey(entry int64, name string) string { return fmt.Sprintf("%d %s", entry, name) }

func (v *verifier) walk() {
	w := &walker{verifier: v, chain: map[string]int64{}, scope: map[string]bool{}, covered: map[string]bool{},
		erased: map[string]int64{}, here: map[string]bool{}, bad: map[int64]bool{}, stops: v.sizesOfInterest()}
	for _, s := range v.manifest.Subjects {
		w.scope[s] = true
	}
	var err error
	if w.law, err = newLaw(v); err != nil {
		v.broken(v.regs, "", err)
		return
	}
	if w.entriesIn, err = v.files.lines(fileEntries); err != nil {
		v.broken(v.entries, fileEntries, err)
		return
	}
	defer w.entriesIn.close()
	if v.manifest.Scope == Ledger {
		w.leavesIn, err = v.files.lines(fileLeaves)
	} else {
		w.proofsIn, err = v.files.lines(fileProofs)
	}
	if err != nil {
		v.broken(v.tree, "", err)
		return
	}
	if w.leavesIn != nil {
		defer w.leavesIn.close()
	} else {
		defer w.proofsIn.close()
	}
	blocks, err := v.files.lines(fileBlocks)
	if err != nil {
		v.broken(v.blocks, fileBlocks, err)
		return
	}
	defer blocks.close()
	w.blocksIn = &blockCursor{in: blocks}
	for w.step() {
	}
	w.end()
}

// step checks the next entry; false at the end, or where nothing more can be
// read.
func (w *walker) step() bool {
	data, err := w.entriesIn.next()
	if err == io.EOF {
		return false
	}
	if err != nil {
		w.entries.fail(Failure{w.nextIndex(), fileEntries, say("không đọc được: %s", "cannot be read: %s", clip(err.Error()))})
		return false
	}
	w.nEntries++
	index, good, ok := w.place(data)
	if !ok {
		return false
	}
	w.entries.Done++
	if w.report.firstEntry == 0 {
		w.report.firstEntry = index + 1
	}
	w.last = index
	if !good { // what a changed entry says is worth nothing
		w.spoiled, w.bad[index] = true, true
		return true
	}
	e, err := ledger.Decode(data)
	if err == nil && e.Index != index {
		err = fmt.Errorf("it says that it is entry %d", e.Index)
	}
	if err != nil {
		w.entries.fail(Failure{index, fileEntries, say("không đúng mẫu: %s", "not of the canonical form: %s", clip(err.Error()))})
		return true
	}
	if e.At.Before(w.at) {
		w.entries.fail(Failure{index, "", say("thời gian lùi so với mục trước", "its time is before that of the entry before it")})
	}
	w.at = e.At
	w.links(e)
	blocks := w.blocksOf(e)
	switch e.Kind {
	case kindOpened:
		w.open(e)
	case kindErased:
		w.erasure(e)
	case kindRestored:
		w.restored(e)
	}
	w.law.entry(e, blocks)
	return true
}

// nextIndex is the entry that the next line should be, as far as it is known.
func (w *walker) nextIndex() int64 {
	if w.leavesIn != nil {
		return w.nEntries
	}
	return w.last + 1
}

// place finds which entry this line is, by its leaf in the tree; good says
// that the leaf stands there, ok that reading can go on.
func (w *walker) place(data []byte) (index int64, good, ok bool) {
	w.verifier.tree.Done++
	leaf := ledger.LeafHash(data)
	if w.leavesIn == nil {
		return w.proved(data, leaf)
	}
	index = w.nEntries - 1
	line, err := w.leavesIn.next()
	if err == io.EOF {
		err = &formatError{fileLeaves, "ends before this entry"}
	}
	var want [32]byte
	if err == nil {
		want, err = unhex(string(line))
	}
	if err != nil {
		w.verifier.tree.fail(Failure{index, fileLeaves, say("dòng hỏng: %s", "damaged line: %s", clip(err.Error()))})
		return index, false, true
	}
	if leaf != want {
		w.verifier.tree.fail(Failure{index, "", say("mục đã bị sửa: dấu băm không còn đúng", "it was changed: its hash is no longer the one in the tree")})
	}
	if bytes.Contains(data, []byte(`"kind":"`+kindRestored+`"`)) {
		w.before = w.tree.Root()
	}
	w.tree.Append(want)
	w.stop()
	return index, leaf == want, true
}

// stop notes the root at a size that somebody asks for.
func (w *walker) stop() {
	for len(w.stops) > 0 && w.stops[0] <= w.tree.Size() {
		if w.stops[0] == w.tree.Size() {
			root := w.tree.Root()
			w.wanted[w.tree.Size()] = root
			if seen, ok := w.witness[w.tree.Size()]; ok {
				w.papersAgree(seen == root)
			}
		}
		w.stops = w.stops[1:]
	}
}

// papersAgree narrows down where a tree that is not the signed one differs.
func (w *walker) papersAgree(same bool) {
	if same && w.bracket[1] == 0 {
		w.bracket[0] = w.tree.Size()
	} else if !same && w.bracket[1] == 0 {
		w.bracket[1] = w.tree.Size()
	}
}

// proved checks an entry's proof and learns its index from it.
func (w *walker) proved(data []byte, leaf [32]byte) (index int64, good, ok bool) {
	line, err := w.proofsIn.next()
	if err == io.EOF {
		err = &formatError{fileProofs, "ends before the entries do"}
	}
	var p proofLine
	var proof []tlog.Hash
	if err == nil {
		if err = decodeLine(line, &p); err == nil {
			proof, err = unhexes(p.Proof)
		}
	}
	if err == nil && (p.Entry <= w.lastProved() || p.Entry >= w.head.Size) {
		err = errors.New("the entries are out of order")
	}
	if err != nil {
		var f *formatError
		index = w.claimed(data, p.Entry)
		w.bracket[0] = index + 1
		w.verifier.tree.fail(Failure{index, fileProofs, say("dòng %d hỏng: %s", "line %d is damaged: %s", w.nEntries, clip(err.Error()))})
		return index, false, !errors.As(err, &f)
	}
	index = p.Entry
	if err := tlog.CheckRecord(proof, w.head.Size, w.head.Root, index, leaf); err != nil {
		// Perhaps it is the number in the proof that was changed.
		if own := w.claimed(data, index); tlog.CheckRecord(proof, w.head.Size, w.head.Root, own, leaf) == nil {
			index = own
		}
		w.bracket[0] = index + 1
		w.verifier.tree.fail(Failure{index, "", say("không nằm trong cây đã ký: mục hoặc chứng minh đã bị sửa", "not in the signed tree: the entry or its proof was changed")})
		return index, false, true
	}
	w.bracket[0] = index + 1 // entries before this are accounted for
	return index, true, true
}

func (w *walker) lastProved() int64 { return w.bracket[0] - 1 }

// claimed is the index that the entry itself claims, if it can be; else the
// other one, if that can be; else the lowest that can.
func (w *walker) claimed(data []byte, other int64) int64 {
	can := func(n int64) bool { return n > w.lastProved() && n < w.head.Size }
	if e, err := ledger.Decode(data); err == nil && can(e.Index) {
		return e.Index
	}
	if can(other) {
		return other
	}
	return w.bracket[0]
}

// links checks the chain of each subject.
func (w *walker) links(e ledger.Entry) {
	whole := w.manifest.Scope == Ledger
	for i, s := range e.Subjects {
		last, seen := w.chain[s.ID]
		if !seen {
			last = -1
		}
		w.chains.Done++
		strict := whole || w.scope[s.ID] || strings.HasPrefix(s.ID, "regulation/")
		switch {
		case w.bad[s.Prev]: // it was there, and was changed
		case strict && s.Prev > last:
			w.chains.fail(Failure{s.Prev, "", say("thiếu mục này trong chuỗi của %s (mục %d nối vào nó)", "missing from the chain of %s (entry %d is linked to it)", clip(s.ID), e.Index)})
		case s.Prev < last:
			w.chains.fail(Failure{e.Index, "", say("chuỗi của %s nối sai: phải nối vào mục %d, lại ghi %d", "the chain of %s is linked wrongly: to entry %[3]d instead of %[2]d", clip(s.ID), last, s.Prev)})
		}
		w.chain[s.ID] = e.Index
		if w.scope[s.ID] {
			w.covered[s.ID] = true
		}
		if w.first < 0 && (whole || w.scope[s.ID]) {
			w.first = e.Index
		}
		if i == 0 && !whole && !w.scope[s.ID] && !w.partOfBox(e) && !Carries(e.Kind) && e.Kind != kindEvent && e.Kind != kindImported {
			w.chains.fail(Failure{e.Index, "", say("mục về %s không thuộc phạm vi của gói", "it is about %s, which is not in the scope of the bundle", clip(s.ID))})
		}
	}
}

// partOfBox says that an entry is about a part of a ballot box of the scope (its
// stock, a pile) and stands in the chain of that box.
func (w *walker) partOfBox(e ledger.Entry) bool {
	main := e.Subjects[0].ID
	return slices.ContainsFunc(e.Subjects[1:], func(s ledger.Link) bool {
		return w.scope[s.ID] && strings.HasPrefix(s.ID, "ballotbox/") && strings.HasPrefix(main, s.ID+"/")
	})
}

// end checks what only the whole can show.
func (w *walker) end() {
	m := w.manifest
	if w.nEntries != m.Entries {
		w.entries.fail(Failure{-1, fileEntries, say("có %d mục, bản kê ghi %d", "%d entries, the manifest says %d", w.nEntries, m.Entries)})
	}
	if w.leavesIn != nil {
		w.wholeTree()
	}
	for _, in := range []*lines{w.leavesIn, w.proofsIn} {
		if in != nil {
			if _, err := in.next(); err != io.EOF {
				w.verifier.tree.fail(Failure{-1, in.name, say("còn dòng thừa sau mục cuối", "there are lines after the last entry")})
			}
		}
	}
	w.blocksOf(ledger.Entry{Index: 1<<62 - 1}) // what is left belongs to no entry of the bundle
	if w.nBlocks != m.Blocks {
		w.blocks.fail(Failure{-1, fileBlocks, say("có %d khối, bản kê ghi %d", "%d blocks, the manifest says %d", w.nBlocks, m.Blocks)})
	}
	for _, s := range m.Subjects {
		if !w.covered[s] {
			w.chains.fail(Failure{-1, fileManifest, say("không có mục nào về %s", "there is no entry about %s", clip(s))})
		} else if len(m.Subjects) <= 20 && !w.spoiled && w.chains.First == nil {
			w.report.Notes = append(w.report.Notes, say("chuỗi của %s đủ đến mục %d; có mục sau đó hay không chỉ gói toàn bộ nhật ký cho biết",
				"the chain of %s is whole up to entry %d; whether later ones exist only a bundle of the whole ledger shows", clip(s), w.chain[s]))
		}
	}
	w.absent()
	w.law.end()
}

// wholeTree compares the computed tree with the signed one.
func (w *walker) wholeTree() {
	if w.tree.Size() == w.head.Size && w.tree.Root() == w.head.Root {
		return
	}
	w.spoiled = true
	if w.tree.Size() > w.head.Size {
		w.verifier.tree.fail(Failure{w.head.Size, "", say("mục này và các mục sau nằm ngoài điểm chứng đã ký, vốn chỉ có %d mục", "this entry and those after it are beyond the signed checkpoint, which has %d", w.head.Size)})
		return
	}
	if w.tree.Size() < w.head.Size {
		w.verifier.tree.fail(Failure{w.tree.Size(), "", say("thiếu mục này và các mục sau: điểm chứng đã ký có %d mục", "this entry and those after it are missing: the signed checkpoint has %d", w.head.Size)})
		return
	}
	to := w.bracket[1]
	if to == 0 {
		to = w.head.Size
	}
	entry := int64(-1)
	if to == w.bracket[0]+1 {
		entry = w.bracket[0]
	}
	w.verifier.tree.fail(Failure{entry, fileLeaves, say("cây tính lại khác cây đã ký: trong các mục %d đến %d có mục bị sửa", "the tree computed again is not the signed one: among the entries %d to %d one was changed", w.bracket[0], to-1)})
}
