package bundle

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
)

// Options of Verify: what came from outside the bundle.
type Options struct {
	Key    string             // verifier key of the log, or empty
	Papers []ledger.PaperCode // codes read from signed papers
}

// Verify checks a bundle. Whatever is wrong with the bundle stands in the
// report; it never returns an error and never panics on foreign bytes.
func Verify(files *Files, opt Options) *Report {
	v := &verifier{files: files, opt: opt, report: &Report{usedBy: map[string]int64{}}, witness: map[int64][32]byte{}, wanted: map[int64][32]byte{}, first: -1, last: -1}
	v.checks()
	if v.manifestAndHead() {
		v.witnesses()
		v.walk()
		v.anchor()
	}
	v.digests()
	return v.report
}

type verifier struct {
	files    *Files
	opt      Options
	report   *Report
	manifest *Manifest
	head     ledger.Checkpoint

	witness map[int64][32]byte // earlier checkpoints that lead to the head, by size
	wanted  map[int64][32]byte // roots computed on the way, by size (whole ledger)
	first   int64              // entry about a subject of the scope, -1 before there is one
	last    int64              // entry of the bundle
	spoiled bool               // an entry is not the one in the tree: those that lean on it cannot be judged

	format, signature, tree, entries, chains, blocks, regs, verdicts, minutes, bound, papers, sums *Check
}

func (v *verifier) checks() {
	add := func(name, vi, en string) *Check {
		c := &Check{Name: name, Title: rule.Words{VI: vi, EN: en}}
		v.report.Checks = append(v.report.Checks, c)
		return c
	}
	v.format = add("format", "tệp đúng mẫu", "files of the form asked for")
	v.signature = add("signature", "chữ ký của nhật ký trên điểm chứng", "signature of the log on the checkpoint")
	v.tree = add("tree", "mục nằm trong cây băm đã ký", "entries stand in the signed tree")
	v.papers = add("papers", "điểm chứng trước đó và mã trên giấy khớp với cây", "earlier checkpoints and paper codes agree with the tree")
	v.entries = add("entries", "mục đúng mẫu, đúng thứ tự, thời gian không lùi", "entries of canonical form, in order, times not going back")
	v.chains = add("chains", "chuỗi mục của từng đối tượng liền mạch", "links in the chains of subjects, none missing")
	v.blocks = add("blocks", "nội dung cá nhân đúng với dấu băm", "blocks of personal content match their hashes")
	v.regs = add("rules", "bản quy định có sẵn hoặc đã ghi vào nhật ký", "regulation editions built in or recorded")
	v.verdicts = add("verdicts", "kết quả tính lại giống kết quả đã ghi", "verdicts counted again, equal to those recorded")
	v.minutes = add("numbers", "số liệu trong biên bản và giấy của hồ sơ đúng với mục được dẫn", "numbers of minutes and of papers equal to the fields cited")
	v.bound = add("minutes", "tệp biên bản, giấy, bản quét đúng với dấu băm", "files of minutes, papers and scans match their hashes")
	v.sums = add("files", "tệp trong gói đúng với bản kê", "files match the manifest")
}

func say(vi, en string, args ...any) rule.Words {
	return rule.Words{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}
}

// broken reports damage to a file for which no entry is known.
func (v *verifier) broken(c *Check, file string, err error) {
	what := err.Error()
	var f *formatError
	if errors.As(err, &f) {
		what = f.what
		if f.file != "" {
			file = f.file
		}
	}
	c.fail(Failure{-1, file, say("tệp hỏng hoặc bị sửa: %s", "damaged or changed: %s", clip(what))})
}

func (v *verifier) manifestAndHead() bool {
	data, err := v.files.read(fileManifest, maxManifest)
	if err == nil {
		v.manifest, err = parseManifest(data)
	}
	if err != nil {
		v.broken(v.format, fileManifest, err)
		return false
	}
	m := v.manifest
	for _, path := range v.files.Paths() {
		v.format.Done++
		if !checkPath(path, m.Scope) {
			v.broken(v.format, path, errors.New("the file has no place in a bundle of this scope"))
		}
	}
	v.report.Origin, v.report.Size, v.report.Entries = m.Origin, m.Size, m.Entries
	return v.checkpoint()
}

// checkpoint opens the signed head: with the key given, or with the bundle's
// own, which proves only that the bundle is of one piece.
func (v *verifier) checkpoint() bool {
	msg, err := v.files.read(fileCheckpoint, 16<<10)
	if err != nil {
		v.broken(v.signature, fileCheckpoint, err)
		return false
	}
	m, key := v.manifest, v.opt.Key
	fp, err := ledger.Fingerprint(m.Key)
	if err != nil {
		v.broken(v.signature, fileManifest, err)
		return false
	}
	v.report.Key, v.report.Fingerprint = m.Key, fp
	if key == "" {
		key = m.Key
	} else if key != m.Key {
		want, _ := ledger.Fingerprint(key)
		v.signature.fail(Failure{-1, fileManifest, say("gói ký bằng khóa %s, không phải khóa %s đã đưa", "signed with the key %s, not with the key %s that was given", fp, want)})
	}
	ver, err := note.NewVerifier(key)
	if err == nil {
		v.head, err = ledger.OpenCheckpoint(msg, note.VerifierList(ver))
	}
	v.signature.Done++
	if err != nil {
		v.broken(v.signature, fileCheckpoint, err)
		// Go on with what it claims, to name the entry that was changed.
		if v.head, err = ledger.UnsafeCheckpoint(msg); err != nil {
			return false
		}
	}
	if v.head.Origin != m.Origin || v.head.Size != m.Size || hex.EncodeToString(v.head.Root[:]) != m.Root {
		v.broken(v.signature, fileManifest, errors.New("origin, size or root is not that of the checkpoint"))
		return false
	}
	return true
}

// witnesses reads the earlier checkpoints and proves that each leads to the
// head.
func (v *verifier) witnesses() {
	l, err := v.files.lines(fileWitnesses)
	if err != nil {
		v.broken(v.papers, fileWitnesses, err)
		return
	}
	defer l.close()
	last := int64(0)
	for {
		line, err := l.next()
		if err == io.EOF {
			return
		}
		if err != nil {
			v.broken(v.papers, fileWitnesses, err)
			return
		}
		if l.n > maxWitnesses {
			v.broken(v.papers, fileWitnesses, fmt.Errorf("more than %d lines", maxWitnesses))
			return
		}
		var w witnessLine
		var root [32]byte
		var proof []tlog.Hash
		if err = decodeLine(line, &w); err == nil {
			if root, err = unhex(w.Root); err == nil {
				proof, err = unhexes(w.Proof)
			}
		}
		if err == nil && (w.Size <= last || w.Size > v.head.Size) {
			err = errors.New("sizes are out of order")
		}
		if err == nil {
			err = tlog.CheckTree(proof, v.head.Size, v.head.Root, w.Size, root)
		}
		if err != nil {
			v.broken(v.papers, fileWitnesses, fmt.Errorf("line %d: %w", l.n, err))
			continue
		}
		last = w.Size
		v.witness[w.Size] = root
		v.papers.Done++
	}
}

// anchor compares the papers, and says what of the bundle stands on what.
func (v *verifier) anchor() {
	newest, good := int64(0), int64(0)
	papers := slices.Clone(v.opt.Papers)
	slices.SortFunc(papers, func(a, b ledger.PaperCode) int { return cmp.Compare(a.Size, b.Size) })
	for _, p := range papers {
		v.papers.Done++
		newest = max(newest, p.Size)
		root, known := v.witness[p.Size]
		if r, ok := v.wanted[p.Size]; ok {
			root, known = r, true
		}
		if p.Size == v.head.Size {
			root, known = v.head.Root, true
		}
		switch {
		case p.Size > v.head.Size:
			v.papers.fail(Failure{v.head.Size, "", say("giấy %s ghi nhật ký đã có %d mục, gói chỉ đến %d mục: phần cuối đã bị cắt hoặc gói xuất trước khi có giấy",
				"the paper %s was made when the ledger had %d entries, the bundle ends at %d: its tail was cut, or it was exported before the paper", p, p.Size, v.head.Size)})
		case !known:
			v.papers.fail(Failure{-1, fileWitnesses, say("gói không có chứng minh cho mã %s (%d mục): hãy xin xuất lại gói kèm mã này",
				"the bundle holds no proof for the code %s (%d entries): ask for it to be exported again with this code", p, p.Size)})
		case !p.Matches(ledger.Checkpoint{Size: p.Size, Root: root}):
			v.papers.fail(Failure{-1, "paper " + p.String(), say("mã giấy không khớp: trong các mục %d đến %d của nhật ký có mục không còn như khi lập giấy",
				"the code does not match: among the entries %d to %d of the ledger is one that is not what it was when the paper was made", good, p.Size-1)})
		default:
			good = max(good, p.Size)
		}
	}
	v.report.Anchored = v.opt.Key != ""
	if v.report.Anchored || len(v.opt.Papers) == 0 {
		return
	}
	v.report.Anchored = v.first >= 0 && v.first < newest
	if newest <= v.last {
		v.report.Notes = append(v.report.Notes, say("giấy chỉ làm chứng cho các mục trước mục %d; các mục sau dựa vào khóa trong gói: so dấu khóa %s",
			"the papers vouch for the entries before entry %d only; later ones stand on the key in the bundle: compare key fingerprint %s", newest, v.report.Fingerprint))
	}
}

// digests compares every file with the manifest, last, so that damage is named
// by entry where it can be.
func (v *verifier) digests() {
	if v.manifest == nil {
		return
	}
	listed := map[string]ManifestFile{}
	last := ""
	for _, f := range v.manifest.Files {
		if f.Path <= last {
			v.broken(v.sums, fileManifest, errors.New("the files are not in the order of their names"))
		}
		last = f.Path
		listed[f.Path] = f
		if _, ok := v.files.size[f.Path]; !ok {
			v.broken(v.sums, clip(f.Path), errors.New("the file is in the manifest and not in the bundle"))
		}
	}
	for _, path := range v.files.Paths() {
		if path == fileManifest {
			continue
		}
		v.sums.Done++
		f, ok := listed[path]
		if !ok {
			v.broken(v.sums, path, errors.New("the file is not in the manifest"))
			continue
		}
		sum, err := v.files.digest(path)
		if err == nil && (sum != f.SHA256 || v.files.size[path] != f.Size) {
			err = errors.New("the content is not what the manifest says")
		}
		if err != nil {
			v.broken(v.sums, path, err)
		}
	}
}

// sizesOfInterest are those whose roots are wanted when the whole tree is
// computed.
func (v *verifier) sizesOfInterest() []int64 {
	var out []int64
	for n := range v.witness {
		out = append(out, n)
	}
	for _, p := range v.opt.Papers {
		out = append(out, p.Size)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
