package regulation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// RuleBook gives the rules as the record stands: the built-in library with
// recorded editions, overrides and attestations. It implements desk.RuleBook.
// Libraries are immutable and kept by the digest of their last change, which
// no rolled-back transaction can share with another content.
type RuleBook struct {
	base *rule.Library

	mu   sync.Mutex
	kept map[string]*rule.Library // by chain digest
	age  []string                 // the same keys, oldest use first
}

// keepLibraries bounds the cache: the present one, and some of the past for
// words of recorded verdicts.
const keepLibraries = 16

// Book stands on the library that ships with the program.
func Book() *RuleBook { return NewRuleBook(nil) }

// NewRuleBook stands on a base library; nil is rule.Builtin().
func NewRuleBook(base *rule.Library) *RuleBook {
	return &RuleBook{base: base, kept: map[string]*rule.Library{}}
}

// shipped is the library under everything recorded.
func (b *RuleBook) shipped() (*rule.Library, error) {
	if b.base != nil {
		return b.base, nil
	}
	return rule.Builtin()
}

// Library is the library as visible in tx.
func (b *RuleBook) Library(ctx context.Context, tx *store.Tx) (*rule.Library, error) {
	var chain string
	err := tx.QueryRow(ctx, `SELECT chain FROM regulation_change ORDER BY entry DESC LIMIT 1`).Scan(&chain)
	if errors.Is(err, sql.ErrNoRows) {
		return b.shipped()
	}
	if err != nil {
		return nil, fmt.Errorf("regulation: read the last change: %w", err)
	}
	if lib := b.find(chain); lib != nil {
		return lib, nil
	}
	return b.LibraryAt(ctx, tx, 1<<62)
}

// LibraryAt is the library as it stood when entry had been recorded: the words
// of an old verdict are found with it.
func (b *RuleBook) LibraryAt(ctx context.Context, tx *store.Tx, entry int64) (*rule.Library, error) {
	type change struct {
		entry       int64
		kind, chain string
	}
	rows, err := tx.Query(ctx, `SELECT entry, kind, chain FROM regulation_change WHERE entry <= $1 ORDER BY entry`, entry)
	if err != nil {
		return nil, fmt.Errorf("regulation: read changes: %w", err)
	}
	var all []change
	for rows.Next() {
		var c change
		if err := rows.Scan(&c.entry, &c.kind, &c.chain); err != nil {
			rows.Close()
			return nil, err
		}
		all = append(all, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	lib, err := b.shipped()
	if err != nil {
		return nil, err
	}
	from := 0
	for i := len(all) - 1; i >= 0; i-- {
		if known := b.find(all[i].chain); known != nil {
			lib, from = known, i+1
			break
		}
	}
	for _, c := range all[from:] {
		if lib, err = b.follow(ctx, tx, lib, c.entry, c.kind); err != nil {
			return nil, fmt.Errorf("regulation: entry %d: %w", c.entry, err)
		}
	}
	if from < len(all) {
		b.keep(all[len(all)-1].chain, lib)
	}
	return lib, nil
}

// follow adds one recorded change.
func (b *RuleBook) follow(ctx context.Context, tx *store.Tx, lib *rule.Library, entry int64, kind string) (*rule.Library, error) {
	if kind == KindEdition {
		var file, text string
		if err := tx.QueryRow(ctx, `SELECT file, yaml FROM regulation_edition WHERE entry = $1`, entry).Scan(&file, &text); err != nil {
			return nil, err
		}
		return lib.Add(file, []byte(text), entry)
	}
	if kind == KindDays {
		d, err := recordedDays(ctx, tx, `entry = $1`, entry)
		if err != nil || len(d) == 0 {
			return nil, errors.Join(err, sql.ErrNoRows)
		}
		return lib.KnowDays(d[0].Days)
	}
	a := rule.Attestation{Entry: entry}
	var dated string
	if err := tx.QueryRow(ctx, `SELECT document, dated, edition, item, choice FROM regulation_attest WHERE closed = $1 AND state = 'attested'`, entry).
		Scan(&a.Document.Number, &dated, &a.Edition, &a.Item, &a.Choice); err != nil {
		return nil, err
	}
	var err error
	if a.Document.Date, err = vn.ParseDate(dated); err != nil {
		return nil, err
	}
	return lib.Attest(a)
}

func (b *RuleBook) find(chain string) *rule.Library {
	b.mu.Lock()
	defer b.mu.Unlock()
	lib := b.kept[chain]
	if lib != nil {
		b.touch(chain)
	}
	return lib
}

func (b *RuleBook) keep(chain string, lib *rule.Library) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[chain] = lib
	b.touch(chain)
	for len(b.age) > keepLibraries {
		delete(b.kept, b.age[0])
		b.age = b.age[1:]
	}
}

// touch moves a key to the young end.
func (b *RuleBook) touch(chain string) {
	for i, k := range b.age {
		if k == chain {
			b.age = append(b.age[:i], b.age[i+1:]...)
			break
		}
	}
	b.age = append(b.age, chain)
}
