package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
	"strings"

	"minhbach/internal/ballotbox"
	"minhbach/internal/bundle"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// BundleOf writes the bundle of one contest, full or redacted, as of the
// newest checkpoint: its whole chain, the rules its verdicts replay with, its
// minutes files, and the proofs. It can be held against the paper code of every
// minutes in the ledger, and of the checkpoints of the sizes given in papers.
func BundleOf(ctx context.Context, d *desk.Desk, w io.Writer, contest string, redacted bool, papers ...int64) error {
	return writeBundle(ctx, d, w, bundle.Contest, redacted, papers, func(*bundler) ([]string, error) {
		return []string{election.ContestSubject(contest)}, nil
	})
}

// BundleOfEvent writes one bundle of an event and all its contests, with the
// meetings and boxes of its chain of elections, as BundleOf does of one contest. The chain of the event shows that none of them is left
// out.
func BundleOfEvent(ctx context.Context, d *desk.Desk, w io.Writer, event string, redacted bool, papers ...int64) error {
	return writeBundle(ctx, d, w, bundle.Contest, redacted, papers, func(b *bundler) ([]string, error) {
		own := election.EventSubject(event)
		rs, err := desk.Chain(b.ctx, b.tx, own)
		if err != nil {
			return nil, err
		}
		subjects, seen := []string{own}, map[string]bool{own: true}
		for _, r := range rs {
			if r.Index >= b.size {
				continue
			}
			for _, s := range append([]string{r.Subjects[0].ID}, standsOn(&r)...) {
				if !seen[s] {
					seen[s] = true
					subjects = append(subjects, s)
				}
			}
		}
		return withBoxes(b, subjects, seen)
	})
}

// withBoxes adds the boxes that contests were counted in, with their meetings.
func withBoxes(b *bundler, subjects []string, seen map[string]bool) ([]string, error) {
	for _, s := range slices.Clone(subjects) {
		if !strings.HasPrefix(s, "contest/") {
			continue
		}
		boxes, err := ballotbox.ByCase(b.ctx, b.tx, s)
		if err != nil {
			return nil, err
		}
		for _, x := range boxes {
			more := []string{ballotbox.Subject(x.ID)}
			if x.Meeting != "" {
				more = append(more, meeting.Subject(x.Meeting))
			}
			for _, m := range more {
				if x.Entry < b.size && !seen[m] {
					seen[m] = true
					subjects = append(subjects, m)
				}
			}
		}
	}
	return subjects, nil
}

// standsOn are the meetings that vote the items of a programme, and the boxes
// its rounds are counted in: lists and figures are replayed from them.
func standsOn(r *desk.Record) []string {
	var b struct {
		Items []struct{ Meeting string }
		Box   string
	}
	if r.Kind != election.KindProgramme && r.Kind != election.KindBoxSet || json.Unmarshal(r.Body, &b) != nil {
		return nil
	}
	var out []string
	for _, it := range b.Items {
		if it.Meeting != "" {
			out = append(out, meeting.Subject(it.Meeting))
		}
	}
	if b.Box != "" {
		out = append(out, ballotbox.Subject(b.Box))
	}
	return out
}

// BundleOfLedger writes the bundle of the whole ledger.
func BundleOfLedger(ctx context.Context, d *desk.Desk, w io.Writer, redacted bool) error {
	return writeBundle(ctx, d, w, bundle.Ledger, redacted, nil, nil)
}

// writeBundle asks for the subjects in the snapshot that the bundle is made
// of; nil is the whole ledger.
func writeBundle(ctx context.Context, d *desk.Desk, w io.Writer, scope bundle.Scope, redacted bool, papers []int64, about func(*bundler) ([]string, error)) error {
	return writeBundleHiding(ctx, d, w, scope, redacted, nil, papers, about)
}

// writeBundleHiding is writeBundle that withholds some classes only.
func writeBundleHiding(ctx context.Context, d *desk.Desk, w io.Writer, scope bundle.Scope, redacted bool, hide *bundle.Withheld, papers []int64, about func(*bundler) ([]string, error)) error {
	cp, signed, err := d.Checkpoint(ctx)
	if err != nil {
		return err
	}
	return d.Read(ctx, func(tx *store.Tx) error {
		b := &bundler{ctx: ctx, tx: tx, size: cp.Size, redacted: redacted && hide == nil}
		var subjects []string
		if about == nil {
			b.all = true
		} else {
			if subjects, err = about(b); err != nil {
				return err
			}
			if b.indexes, err = b.find(subjects); err != nil {
				return err
			}
		}
		witnesses, err := b.witnesses(papers)
		if err != nil {
			return err
		}
		return bundle.Write(w, bundle.Source{Witnesses: witnesses, Scope: scope, Subjects: subjects, Redacted: redacted, Withheld: hide, Key: d.VerifierKey(), Checkpoint: signed,
			Entries: b.entries(), Blocks: b.blocks(), Hashes: desk.Hashes(ctx, tx), Files: b.files()})
	})
}

// bundler reads what a bundle holds from one snapshot, up to a checkpoint.
type bundler struct {
	ctx      context.Context
	tx       *store.Tx
	size     int64
	redacted bool
	all      bool
	indexes  []int64
	vault    *vault.Vault // nil: no scans
}

// find lists the entries of the subjects and all that every bundle carries.
func (b *bundler) find(subjects []string) ([]int64, error) {
	in := map[int64]bool{}
	for _, s := range subjects {
		rs, err := desk.Chain(b.ctx, b.tx, s)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			in[r.Index] = true
		}
	}
	if len(in) == 0 {
		return nil, desk.Missing("Không có mục nào về đối tượng này.", "There is no entry about this subject.")
	}
	rows, err := b.tx.Query(b.ctx, `SELECT idx, kind FROM ledger_index WHERE kind LIKE 'regulation.%' OR kind LIKE 'ledger.%' ORDER BY idx`)
	if err != nil {
		return nil, fmt.Errorf("document: bundle: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var i int64
		var kind string
		if err := rows.Scan(&i, &kind); err != nil {
			return nil, err
		}
		if bundle.Carries(kind) {
			in[i] = true
		}
	}
	var out []int64
	for i := range in {
		if i < b.size {
			out = append(out, i)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out, rows.Err()
}

// witnesses are the sizes of the checkpoints that stand on paper, as far as
// the ledger knows, and of those asked for.
func (b *bundler) witnesses(papers []int64) ([]int64, error) {
	out := make([]int64, 0, len(papers))
	for _, n := range papers {
		if n < 1 || n > b.size {
			return nil, desk.Wrong("paper", fmt.Sprintf("Nhật ký có %d mục, chưa có điểm chứng của %d mục.", b.size, n),
				fmt.Sprintf("The ledger has %d entries; there is no checkpoint of %d.", b.size, n))
		}
		out = append(out, n)
	}
	err := b.scan(`SELECT body FROM election_minutes WHERE entry < $1 ORDER BY entry`, []any{b.size}, func(scan func(...any) error) error {
		var body string
		var minutes struct{ Checkpoint election.Point }
		if err := scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &minutes); err != nil {
			return err
		}
		out = append(out, minutes.Checkpoint.Size)
		return nil
	})
	return out, err
}

// spans cuts the wanted entries into pieces small enough for one query.
func (b *bundler) spans() iter.Seq2[string, []any] {
	return func(yield func(string, []any) bool) {
		const most = 400
		if b.all {
			for from := int64(0); from < b.size; from += most {
				if !yield(" >= $1 AND idx < $2", []any{from, min(from+most, b.size)}) {
					return
				}
			}
			return
		}
		for at := 0; at < len(b.indexes); at += most {
			part := b.indexes[at:min(at+most, len(b.indexes))]
			marks, args := make([]string, len(part)), make([]any, len(part))
			for i, v := range part {
				marks[i], args[i] = fmt.Sprintf("$%d", i+1), v
			}
			if !yield(" IN ("+strings.Join(marks, ",")+")", args) {
				return
			}
		}
	}
}

func (b *bundler) entries() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for where, args := range b.spans() {
			var part [][]byte
			err := b.scan(`SELECT data FROM ledger_entry WHERE idx`+where+` ORDER BY idx`, args, func(scan func(...any) error) error {
				var data []byte
				err := scan(&data)
				part = append(part, data)
				return err
			})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, p := range part {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

func (b *bundler) blocks() iter.Seq2[ledger.Block, error] {
	return func(yield func(ledger.Block, error) bool) {
		if b.redacted {
			return
		}
		for where, args := range b.spans() {
			var part []ledger.Block
			// What is sealed leaves the house only once an entry of the bundle's time opened it.
			args := append(args[:len(args):len(args)], desk.SealedPrefix+"%", b.size)
			err := b.scan(fmt.Sprintf(`SELECT idx, name, salt, content FROM ledger_block WHERE idx%s AND (name NOT LIKE $%d
				OR EXISTS (SELECT 1 FROM ledger_opened o WHERE o.idx = ledger_block.idx AND o.opened_by < $%d)) ORDER BY idx, name`, where, len(args)-1, len(args)), args, func(scan func(...any) error) error {
				var k ledger.Block
				err := scan(&k.Index, &k.Name, &k.Salt, &k.Content)
				part = append(part, k)
				return err
			})
			if err != nil {
				yield(ledger.Block{}, err)
				return
			}
			for _, k := range part {
				if !yield(k, nil) {
					return
				}
			}
		}
	}
}

// fileKinds are the kinds of entries that files of a bundle are bound to.
var fileKinds = []string{election.KindMinutes, KindCasePaper, procedure.KindPaperSigned}

// files are the files of minutes and of papers of a case whose content is
// present, and the scans of its signed papers.
func (b *bundler) files() iter.Seq2[bundle.File, error] {
	return func(yield func(bundle.File, error) bool) {
		if b.redacted {
			return
		}
		for where, args := range b.spans() {
			marks := make([]string, len(fileKinds))
			for i, k := range fileKinds {
				args = append(args, k)
				marks[i] = fmt.Sprintf("$%d", len(args))
			}
			type place struct {
				entry int64
				kind  string
			}
			var at []place
			err := b.scan(fmt.Sprintf(`SELECT idx, kind FROM ledger_index WHERE idx%s AND kind IN (%s) ORDER BY idx`, where, strings.Join(marks, ", ")), args, func(scan func(...any) error) error {
				var p place
				err := scan(&p.entry, &p.kind)
				at = append(at, p)
				return err
			})
			if err != nil {
				yield(bundle.File{}, err)
				return
			}
			for _, p := range at {
				of := map[string]func(int64, func(bundle.File, error) bool) bool{election.KindMinutes: b.minutesFiles, KindCasePaper: b.casePaperFiles, procedure.KindPaperSigned: b.scanFile}[p.kind]
				if !of(p.entry, yield) {
					return
				}
			}
		}
	}
}

func (b *bundler) minutesFiles(entry int64, yield func(bundle.File, error) bool) bool {
	m, err := election.GetMinutes(b.ctx, b.tx, entry)
	if err != nil {
		return yield(bundle.File{}, err)
	}
	if m.Model == nil {
		return true // erased: the bundle lists it as such
	}
	fs, err := Files(b.ctx, b.tx, m)
	if err != nil {
		return yield(bundle.File{}, err)
	}
	for _, name := range []string{ModelFile, PDFFile, DOCXFile} {
		content, ok := fs[name]
		if !ok && name == DOCXFile {
			continue // minutes older than the Word file have none
		}
		if !ok {
			return yield(bundle.File{}, errors.New("document: minutes without "+name))
		}
		if !yield(bundle.File{Entry: entry, Name: name, Content: content}, nil) {
			return false
		}
	}
	return true
}

func (b *bundler) scan(query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := b.tx.Query(b.ctx, query, args...)
	if err != nil {
		return fmt.Errorf("document: bundle: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return fmt.Errorf("document: bundle: %w", err)
		}
	}
	return rows.Err()
}
