package bundle

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// book is a log in memory, as a desk would keep it, with the bad habits that
// the tests ask for.
type book struct {
	t      testing.TB
	lines  [][]byte
	leaves ledger.LeafList
	blocks []ledger.Block
	files  []File
	prev   map[string]int64
	tree   ledger.Tree
	skey   string
	vkey   string
	at     time.Time
	shelf  *Shelf
	pins   map[string][]rule.Pin // of the verdict in force, by contest
	silent bool                  // a correction takes the new editions without saying so
}

func newBook(t testing.TB) *book {
	b := &book{t: t, prev: map[string]int64{}, pins: map[string][]rule.Pin{}, at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	b.newKey()
	b.shelf = must(NewShelf())(t)
	return b
}

func (b *book) newKey() {
	skey, vkey, err := ledger.GenerateKey("minhbach/mau", rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	b.skey, b.vkey = skey, vkey
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// add appends an entry; subjects are "id" (linked to the entry before it).
func (b *book) add(kind, act, actor string, subjects []string, body any, blocks map[string]string) int64 {
	b.t.Helper()
	e := ledger.Entry{Index: int64(len(b.lines)), At: b.at, Kind: kind, Act: act, Actor: actor,
		Body: must(json.Marshal(body))(b.t)}
	b.at = b.at.Add(time.Second)
	for _, s := range subjects {
		last, ok := b.prev[s]
		if !ok {
			last = -1
		}
		e.Subjects = append(e.Subjects, ledger.Link{ID: s, Prev: last})
		b.prev[s] = e.Index
	}
	for _, name := range []string{"candidates", "minutes", "note", "reason", "sealed-figures", "who"} {
		if content, ok := blocks[name]; ok {
			salt := sha256.Sum256(fmt.Appendf(nil, "%d %s", e.Index, name))
			k := ledger.Block{Index: e.Index, Name: name, Salt: salt[:ledger.SaltSize], Content: []byte(content)}
			e.Blocks = append(e.Blocks, ledger.BlockRef{Name: name, Hash: ledger.Commit(name, k.Salt, k.Content)})
			b.blocks = append(b.blocks, k)
		}
	}
	b.put(must(e.Encode())(b.t))
	if strings.HasPrefix(kind, "regulation.") {
		if err := b.shelf.Follow(e); err != nil {
			b.t.Fatal(err)
		}
	}
	return e.Index
}

func (b *book) put(line []byte) {
	b.lines = append(b.lines, line)
	b.leaves = append(b.leaves, ledger.LeafHash(line))
	b.tree.Append(ledger.LeafHash(line))
}

func (b *book) checkpoint() ledger.Checkpoint {
	return ledger.Checkpoint{Origin: "minhbach/mau", Size: b.tree.Size(), Root: b.tree.Root()}
}

func (b *book) signed() []byte {
	return must(b.checkpoint().Sign(must(note.NewSigner(b.skey))(b.t)))(b.t)
}

// record records figures and the verdict on them, as the election room does.
func (b *book) record(act string, rec string, corrects int64) (recorded int64) {
	b.t.Helper()
	r := must(vote.ParseRecord([]byte(rec)))(b.t)
	var names []map[string]string
	for _, c := range r.Candidates {
		names = append(names, map[string]string{"id": c.ID, "title": "Ông", "name": c.Name, "born": c.Born})
	}
	public := r.Public()
	body := map[string]any{"contest": r.ID, "event": "qh15", "record": public, "source": map[string]string{"how": "hand"}}
	kind, blocks := kindRecorded, map[string]string{"candidates": string(must(json.Marshal(names))(b.t))}
	if corrects >= 0 {
		kind, body["corrects"], blocks["reason"] = kindCorrected, corrects, `{"reason":"nhập nhầm số phiếu hợp lệ"}`
	}
	subject := "contest/" + r.ID
	res := must(vote.NewCounter(b.shelf.Library()).Count(public))(b.t)
	if before := b.pins[r.ID]; before != nil && !b.silent && !rule.SamePins(before, res.Pins) {
		body["adopts"] = must(b.shelf.Library().Move(before, res.Pins))(b.t)
	}
	b.pins[r.ID] = res.Pins
	recorded = b.add(kind, act, "account/can-bo", []string{subject, "event/qh15"}, body, blocks)
	b.add(kindCounted, act, "account/can-bo", []string{subject}, map[string]any{"contest": r.ID, "result": res.Bare()}, nil)
	return recorded
}

const dakNong = `{"id":"qh15/dak-nong/1","rules":"state-election/qh","date":"2021-05-23","seats":3,
 "candidates":[{"id":"c1","name":"Nguyễn Trường Giang","born":"1978"},{"id":"c2","name":"Dương Khắc Mai","born":"1966-05"},{"id":"c3","name":"Trần Thị Thu Hằng","born":"1990-01-14"},{"id":"c4","name":"Điểu Lê Nam Nam"},{"id":"c5","name":"Nguyễn Văn Hào"}],
 "ballots":{"valid":%d},
 "votes":{"c1":153669,"c2":117918,"c3":99079,"c4":90767,"c5":88227}}`

const other = `{"id":"qh15/dak-nong/2","rules":"state-election/qh","date":"2021-05-23","seats":2,
 "candidates":[{"id":"c1","name":"Mẫu A"},{"id":"c2","name":"Mẫu B"},{"id":"c3","name":"Mẫu C"},{"id":"c4","name":"Mẫu D"}],
 "ballots":{"valid":%d},
 "votes":{"c1":900,"c2":700,"c3":300,"c4":100}}`

// override is a province's own file over the election law.
const override = `document:
  number: 12-QĐ/TU
  date: 2021-03-01
  kind: decision
  title: {vi: Quyết định mẫu, en: Sample decision}
  issuer: {vi: Tỉnh ủy mẫu, en: Sample province}
edition: "1"
series: mau
valid:
  from: 2021-03-01
override: {number: 85/2015/QH13, date: 2015-06-25}
transitions:
  - from: {number: 85/2015/QH13, date: 2015-06-25}
    article: Điều 2
    says: {vi: Áp dụng cả cuộc bầu đã có kết quả., en: Also for contests counted before.}
parameters:
  - id: surplus_qh
    title: {vi: Số dư mẫu, en: Sample surplus}
    type: count
    value: %d
    unit: {vi: người, en: persons}
    article: Điều 1
    evidence: confirmed
    source: "mẫu"
`

// The entries of the sample, by what they are.
type entries struct {
	org, event, first, other, edition, corrected, minutes, erased, announced int64
}

// sample is a small ledger in which everything happens once.
func sample(t testing.TB) (*book, entries) { return makeSample(t, true) }

// makeSample leaves out the province's own regulation where a test verifies
// very often: adding one compiles the library anew each time.
func makeSample(t testing.TB, own bool) (*book, entries) {
	b := newBook(t)
	var at entries
	at.org = b.add("org.unit-founded/1", "a0", "account/can-bo", []string{"org/1"}, map[string]any{"unit": "org/1"}, map[string]string{"who": `{"head":"Mẫu"}`})
	at.event = b.add(kindEvent, "a1", "account/can-bo", []string{"event/qh15"}, map[string]any{"event": "qh15", "kind": "qh", "date": "2021-05-23"}, nil)
	at.first = b.record("a2", fmt.Sprintf(dakNong, 186600), -1)
	at.other = b.record("a3", fmt.Sprintf(other, 1300), -1)
	yaml := fmt.Sprintf(override, 3)
	sum := sha256.Sum256([]byte(yaml))
	if own {
		at.edition = b.add(kindEdition, "a4", "account/quy-dinh", []string{"regulation/12-qd-tu.2021-03-01"},
			map[string]any{"file": "12-QD-TU.yaml", "digest": hex.EncodeToString(sum[:]), "yaml": yaml, "document": "12-QĐ/TU", "date": "2021-03-01", "edition": "1"}, nil)
	}
	at.corrected = b.record("a5", fmt.Sprintf(other, 1200), at.other)
	at.minutes = b.makeMinutes("a6", at.first, "qh15/dak-nong/1")
	at.erased = b.add(kindErased, "a7", "account/luu-tru", []string{"entry/0", "org/1"}, map[string]any{"entry": at.org, "block": "who", "decision": "05-QĐ/TU"}, nil)
	b.blocks = b.blocks[1:]
	at.announced = b.add(kindAnnounced, "a8", "account/can-bo", []string{"contest/qh15/dak-nong/1"}, map[string]any{"contest": "qh15/dak-nong/1", "counted": at.first + 1}, nil)
	b.add("person.recorded/1", "a9", "account/can-bo", []string{"person/1"}, map[string]any{}, map[string]string{"who": `{"name":"Người Mẫu"}`})
	return b, at
}

func (b *book) makeMinutes(act string, version int64, id string) int64 {
	e := must(ledger.Decode(b.lines[version]))(b.t)
	var body struct {
		Record struct {
			Seats   int64
			Ballots struct{ Valid int64 }
			Votes   map[string]int64
		}
	}
	if err := json.Unmarshal(e.Body, &body); err != nil {
		b.t.Fatal(err)
	}
	c := b.checkpoint()
	var numbers []map[string]any
	number := func(v, entry int64, field string) {
		numbers = append(numbers, map[string]any{"n": len(numbers) + 1, "value": v, "entry": entry, "field": field})
	}
	number(body.Record.Seats, version, "record.seats")
	number(body.Record.Ballots.Valid, version, "record.ballots.valid")
	number(body.Record.Votes["c1"], version, "record.votes.c1")
	number(body.Record.Votes["c1"], version+1, "result.results[0].votes")
	model := string(must(json.Marshal(map[string]any{"title": "Biên bản mẫu 2021", "numbers": numbers}))(b.t))
	pdf := "%PDF-1.7 mẫu 1234567890"
	hash := func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }
	at := b.add(kindMinutes, act, "account/can-bo", []string{"contest/" + id}, map[string]any{"contest": id, "version": version, "numbers": numbers,
		"files":      map[string]string{"minutes.json": hash(model), "minutes.pdf": hash(pdf)},
		"checkpoint": map[string]any{"size": c.Size, "root": hex.EncodeToString(c.Root[:]), "code": c.PaperCode()}}, map[string]string{"minutes": model})
	b.files = append(b.files, File{at, "minutes.json", []byte(model)}, File{at, "minutes.pdf", []byte(pdf)})
	return at
}

// source is what a server hands to Write.
func (b *book) source(scope Scope, redacted bool, subjects ...string) Source {
	src := Source{Scope: scope, Subjects: subjects, Redacted: redacted, Key: b.vkey, Checkpoint: b.signed(), Hashes: b.leaves}
	in := map[int64]bool{}
	var lines [][]byte
	for _, line := range b.lines {
		e := must(ledger.Decode(line))(b.t)
		take := scope == Ledger || Carries(e.Kind)
		for _, s := range e.Subjects {
			for _, want := range subjects {
				take = take || s.ID == want
			}
		}
		if take {
			in[e.Index], lines = true, append(lines, line)
		}
	}
	var blocks []ledger.Block
	for _, k := range b.blocks {
		if in[k.Index] {
			blocks = append(blocks, k)
		}
	}
	var files []File
	for _, f := range b.files {
		if in[f.Entry] {
			files = append(files, f)
		}
	}
	src.Entries, src.Blocks, src.Files = All(lines), All(blocks), All(files)
	return src
}

// pack is a bundle in memory, by path.
func pack(t testing.TB, src Source) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := write(src, func(path string) (io.WriteCloser, error) { return &memFile{path: path, to: out}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

type memFile struct {
	bytes.Buffer
	path string
	to   map[string][]byte
}

func (m *memFile) Close() error { m.to[m.path] = bytes.Clone(m.Bytes()); return nil }

// opened is a bundle in memory as Verify takes it.
func opened(in map[string][]byte) (*Files, error) {
	f := newFiles()
	for path, data := range in {
		if err := f.add(path, int64(len(data)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }); err != nil {
			return nil, err
		}
	}
	return f, f.whole()
}

func verify(t testing.TB, in map[string][]byte, key string, papers ...string) *Report {
	t.Helper()
	opt := Options{Key: key}
	for _, p := range papers {
		opt.Papers = append(opt.Papers, must(ledger.ParsePaperCode(p))(t))
	}
	return Verify(must(opened(in))(t), opt)
}

// reseal makes the manifest fit changed files, as an attacker would.
func reseal(t testing.TB, in map[string][]byte, change func(*Manifest)) {
	t.Helper()
	m := must(parseManifest(in[fileManifest]))(t)
	for i, f := range m.Files {
		sum := sha256.Sum256(in[f.Path])
		m.Files[i].Size, m.Files[i].SHA256 = int64(len(in[f.Path])), hex.EncodeToString(sum[:])
	}
	if change != nil {
		change(m)
	}
	in[fileManifest] = must(m.encode())(t)
}

func printed(t testing.TB, r *Report) string {
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
