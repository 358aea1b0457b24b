package bundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"minhbach/internal/ledger"
)

// forge is what somebody who holds the server can do: change the lines as they
// like, link every chain anew, build the tree again and sign with their key.
func forge(t testing.TB, b *book, change func(lines [][]byte) [][]byte) *book {
	t.Helper()
	f := newBook(t)
	f.blocks, f.files = b.blocks, b.files
	var lines [][]byte
	for _, l := range b.lines {
		lines = append(lines, bytes.Clone(l))
	}
	moved := map[int64]int64{} // old index → new index
	for n, line := range change(lines) {
		e := must(ledger.Decode(line))(t)
		moved[e.Index] = int64(n)
		e.Index = int64(n)
		for i, s := range e.Subjects {
			last, ok := f.prev[s.ID]
			if !ok {
				last = -1
			}
			e.Subjects[i].Prev = last
			f.prev[s.ID] = e.Index
		}
		f.put(must(e.Encode())(t))
	}
	f.blocks, f.files = nil, nil
	for _, k := range b.blocks {
		if n, ok := moved[k.Index]; ok {
			k.Index = n
			f.blocks = append(f.blocks, k)
		}
	}
	slices.SortFunc(f.blocks, func(a, b ledger.Block) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Name, b.Name))
	})
	for _, x := range b.files {
		if n, ok := moved[x.Entry]; ok {
			x.Entry = n
			f.files = append(f.files, x)
		}
	}
	return f
}

func swap(old, new string) func([][]byte) [][]byte {
	return func(lines [][]byte) [][]byte {
		for i := range lines {
			lines[i] = bytes.ReplaceAll(lines[i], []byte(old), []byte(new))
		}
		return lines
	}
}

// found demands that a bundle is not verified, for the reason given.
func found(t *testing.T, r *Report, reason string) {
	t.Helper()
	if r.ExitCode() != 1 || !strings.HasPrefix(r.Last(), "not verified: ") || !strings.Contains(printed(t, r), reason) {
		t.Errorf("not found (wanted %q):\n%s", reason, printed(t, r))
	}
}

func TestAttackerSignsEverythingAnew(t *testing.T) {
	b, at := sample(t)
	paper := b.checkpoint().PaperCode()
	early := ledger.Checkpoint{Size: at.other, Root: rootAt(b, at.other)}.PaperCode()
	// A thing that no rule looks at, so that all fits inside the forged bundle.
	f := forge(t, b, swap(`"account/can-bo"`, `"account/ke-gian"`))
	for name, in := range map[string]map[string][]byte{
		"ledger": pack(t, withoutMinutes(t, f).source(Ledger, false)), "contest": pack(t, withoutMinutes(t, f).source(Contest, false, contestB)),
	} {
		own := verify(t, in, "")
		if own.ExitCode() != 3 {
			t.Fatalf("%s: the forgery is meant to be consistent in itself:\n%s", name, printed(t, own))
		}
		found(t, verify(t, in, b.vkey), "not with the key")
		// Claiming the true key does not help.
		claim := cloned(in)
		reseal(t, claim, func(m *Manifest) { m.Key = b.vkey })
		found(t, verify(t, claim, b.vkey), "checkpoint.txt")
		found(t, verify(t, claim, ""), "checkpoint.txt")
		found(t, verify(t, in, "", paper), "")
		found(t, verify(t, in, b.vkey, paper), "")
		if name == "ledger" {
			found(t, verify(t, in, "", early), "the code does not match: among the entries 0 to 3")
		}
	}
}

// withoutMinutes drops the minutes, whose printed checkpoint a forger who
// keeps them would have to print anew.
func withoutMinutes(t testing.TB, b *book) *book {
	return forge(t, b, func(lines [][]byte) [][]byte {
		var out [][]byte
		for _, l := range lines {
			if !bytes.Contains(l, []byte(kindMinutes)) {
				out = append(out, l)
			}
		}
		return out
	})
}

func rootAt(b *book, size int64) [32]byte {
	var tree ledger.Tree
	for _, h := range b.leaves[:size] {
		tree.Append(h)
	}
	return tree.Root()
}

func cloned(in map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for k, v := range in {
		out[k] = bytes.Clone(v)
	}
	return out
}

// The correction of contest B is dropped from the middle, chains and tree are
// built again: only key or paper can tell, and they do.
func TestAttackerDropsAMiddleEntry(t *testing.T) {
	b, at := sample(t)
	paper := b.checkpoint().PaperCode()
	f := forge(t, b, func(lines [][]byte) [][]byte {
		return append(lines[:at.corrected:at.corrected], lines[at.corrected+2:]...)
	})
	for _, src := range []Source{f.source(Ledger, false), f.source(Contest, false, contestB)} {
		in := pack(t, src)
		found(t, verify(t, in, b.vkey), "not with the key")
		found(t, verify(t, in, "", paper), "")
	}
	// With the key's own checkpoint the entry cannot be left out of a chain …
	honest := b.source(Contest, false, contestB)
	var kept [][]byte
	for line := range honest.Entries {
		if e := must(ledger.Decode(line))(t); e.Index != at.corrected && e.Index != at.corrected+1 || e.Index == at.corrected+1 {
			kept = append(kept, line)
		}
	}
	honest.Entries = All(kept)
	honest.Blocks = nil
	honest.Redacted = true
	r := verify(t, pack(t, honest), b.vkey)
	found(t, r, fmt.Sprintf("entry %d: missing", at.corrected))
	if !strings.HasPrefix(r.Last(), fmt.Sprintf("not verified: entry %d: missing from the chain", at.corrected)) {
		t.Error(r.Last())
	}
}

func TestAttackerEditsARegulationAndItsDigest(t *testing.T) {
	b, at := sample(t)
	paper := b.checkpoint().PaperCode()
	yaml := fmt.Sprintf(override, 3)
	changed := strings.Replace(yaml, "value: 3", "value: 2", 1)
	sum := func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }
	inJSON := func(s string) string { return strings.Trim(string(must(json.Marshal(s))(t)), `"`) }
	edit := func(lines [][]byte) [][]byte {
		return swap(sum(yaml), sum(changed))(swap(inJSON(yaml), inJSON(changed))(lines))
	}
	f := forge(t, b, edit)
	in := pack(t, f.source(Contest, false, contestB))
	// Its verdicts no longer follow from the rules as they stand there …
	found(t, verify(t, in, ""), "")
	found(t, verify(t, in, b.vkey), "not with the key")
	found(t, verify(t, in, "", paper), "")
	// … and editing the line alone breaks its place in the signed tree.
	in = pack(t, b.source(Ledger, false))
	lines := bytes.SplitAfter(in[fileEntries], []byte("\n"))
	in[fileEntries] = bytes.Join(edit(lines[:len(lines)-1]), nil)
	reseal(t, in, nil)
	if r := verify(t, in, b.vkey); !strings.HasPrefix(r.Last(), fmt.Sprintf("not verified: entry %d: it was changed", at.edition)) {
		t.Error(r.Last())
	}
	// A built-in edition laid beside the entries is compared too, with digest
	// and name made to fit.
	for path, data := range pack(t, b.source(Contest, false, contestB)) {
		if strings.HasPrefix(path, "regulations/") {
			in := pack(t, b.source(Contest, false, contestB))
			new := bytes.Replace(data, []byte("[1, 2]"), []byte("[1, 3]"), 1)
			delete(in, path)
			path2 := "regulations/" + sum(string(new)) + ".yaml"
			in[path2] = new
			reseal(t, in, func(m *Manifest) {
				for i := range m.Files {
					if m.Files[i].Path == path {
						m.Files[i] = ManifestFile{path2, int64(len(new)), sum(string(new))}
					}
				}
			})
			found(t, verify(t, in, b.vkey), "not built into the program")
		}
	}
}

func TestAttackerSwapsAMinutesFile(t *testing.T) {
	b, at := sample(t)
	for _, name := range []string{"minutes.pdf", "minutes.json"} {
		in := pack(t, b.source(Contest, false, contestA))
		in[boundPath(at.minutes, name)] = []byte(`{"title":"Biên bản khác"}`)
		reseal(t, in, nil)
		r := verify(t, in, b.vkey)
		if !strings.HasPrefix(r.Last(), fmt.Sprintf("not verified: entry %d (files/%d/%s): the file was changed or swapped", at.minutes, at.minutes, name)) {
			t.Error(r.Last())
		}
		delete(in, boundPath(at.minutes, name))
		reseal(t, in, func(m *Manifest) {
			m.Files = append(m.Files[:0:0], filter(m.Files, func(f ManifestFile) bool { return in[f.Path] != nil })...)
		})
		found(t, verify(t, in, b.vkey), "the file of the paper is missing")
	}
	// A file that no entry speaks of.
	in := pack(t, b.source(Contest, false, contestA))
	in["files/2/minutes.pdf"] = []byte("x")
	found(t, verify(t, in, b.vkey), "no entry binds this file")
	// Minutes with another number, signed anew: they no longer fit the entry.
	f := forge(t, b, func(lines [][]byte) [][]byte {
		lines[at.minutes] = bytes.Replace(lines[at.minutes], []byte(`"value":186600`), []byte(`"value":186601`), 1)
		return lines
	})
	found(t, verify(t, pack(t, f.source(Contest, true, contestA)), ""), "number 2 of the minutes: 186601 on paper, 186600 in entry 2")
}

func filter[T any](in []T, keep func(T) bool) (out []T) {
	for _, v := range in {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

func TestAttackerCutsTheTail(t *testing.T) {
	b, at := sample(t)
	paper := b.checkpoint().PaperCode()
	f := forge(t, b, func(lines [][]byte) [][]byte { return lines[:at.erased] })
	f.skey, f.vkey = b.skey, b.vkey // even with the true key
	in := pack(t, f.source(Ledger, true))
	if r := verify(t, in, b.vkey); r.ExitCode() != 0 {
		t.Fatal(printed(t, r)) // it is an older bundle, honest in itself
	}
	found(t, verify(t, in, b.vkey, paper), "its tail was cut")
	// Cutting the lines without the checkpoint.
	in = pack(t, b.source(Ledger, false))
	lines := bytes.SplitAfter(in[fileEntries], []byte("\n"))
	in[fileEntries] = bytes.Join(lines[:at.erased], nil)
	reseal(t, in, nil)
	found(t, verify(t, in, b.vkey), "the manifest says 13")
	leaves := bytes.SplitAfter(in[fileLeaves], []byte("\n"))
	in[fileLeaves] = bytes.Join(leaves[:at.erased], nil)
	reseal(t, in, nil)
	if r := verify(t, in, b.vkey); !strings.HasPrefix(r.Last(), fmt.Sprintf("not verified: entry %d: this entry and those after it are missing", at.erased)) {
		t.Error(r.Last())
	}
	reseal(t, in, func(m *Manifest) { m.Entries, m.Size = at.erased, at.erased })
	found(t, verify(t, in, b.vkey), "not that of the checkpoint")
	// A line cut in the middle.
	in = pack(t, b.source(Ledger, false))
	in[fileEntries] = in[fileEntries][:len(in[fileEntries])-5]
	found(t, verify(t, in, b.vkey), "the file is cut off")
}

func TestAttackerReorders(t *testing.T) {
	b, at := sample(t)
	paper := b.checkpoint().PaperCode()
	turn := func(lines [][]byte) [][]byte {
		lines[at.first], lines[at.other] = lines[at.other], lines[at.first]
		lines[at.first+1], lines[at.other+1] = lines[at.other+1], lines[at.first+1]
		return lines
	}
	f := forge(t, b, turn)
	in := pack(t, f.source(Ledger, false))
	found(t, verify(t, in, b.vkey), "not with the key")
	found(t, verify(t, in, "", paper), "its time is before")
	in = pack(t, b.source(Ledger, false))
	lines := bytes.SplitAfter(in[fileEntries], []byte("\n"))
	in[fileEntries] = bytes.Join(turn(lines), nil)
	reseal(t, in, nil)
	if r := verify(t, in, b.vkey); !strings.HasPrefix(r.Last(), "not verified: entry 2: ") {
		t.Error(r.Last())
	}
	lines = bytes.SplitAfter(in[fileLeaves], []byte("\n"))
	in[fileLeaves] = bytes.Join(turn(lines), nil)
	reseal(t, in, nil)
	found(t, verify(t, in, b.vkey), "is not the signed one")
}

func TestAttackerReplaysAnOlderCheckpoint(t *testing.T) {
	old, _ := sample(t)
	before := old.signed()
	paper := old.checkpoint()
	old.add("person.recorded/1", "b1", "account/can-bo", []string{"person/1"}, map[string]any{}, nil)
	after := old.checkpoint().PaperCode()
	in := pack(t, old.source(Ledger, false))
	in[fileCheckpoint] = before
	reseal(t, in, nil)
	found(t, verify(t, in, old.vkey), "not that of the checkpoint")
	reseal(t, in, func(m *Manifest) {
		m.Size, m.Entries, m.Root = paper.Size, paper.Size, hex.EncodeToString(paper.Root[:])
	})
	found(t, verify(t, in, old.vkey), "14 entries, the manifest says 13")
	found(t, verify(t, in, old.vkey, after), "beyond the signed checkpoint")
	found(t, verify(t, in, "", after), "beyond the signed checkpoint")
}

func TestWitnessThatTheBundleCannotProve(t *testing.T) {
	b, at := sample(t)
	mid := ledger.Checkpoint{Size: at.edition, Root: rootAt(b, at.edition)}
	src := b.source(Contest, false, contestA)
	found(t, verify(t, pack(t, src), b.vkey, mid.PaperCode()), "ask for it to be exported again with this code")
	src.Witnesses = []int64{at.edition}
	if r := verify(t, pack(t, src), "", mid.PaperCode()); r.ExitCode() != 0 || !strings.Contains(printed(t, r), "vouch for the entries before entry 6 only") {
		t.Error(printed(t, r))
	}
	wrong := ledger.Checkpoint{Size: at.edition, Root: [32]byte{1}}.PaperCode()
	found(t, verify(t, pack(t, src), b.vkey, wrong), "the code does not match")
	// A paper older than everything in the bundle vouches for nothing in it.
	src.Witnesses = []int64{1}
	src.Subjects = []string{contestB}
	src = b.source(Contest, true, contestB)
	src.Witnesses = []int64{at.other}
	r := verify(t, pack(t, src), "", ledger.Checkpoint{Size: at.other, Root: rootAt(b, at.other)}.PaperCode())
	if r.ExitCode() != 3 {
		t.Error(printed(t, r))
	}
}
