package org

import (
	"context"

	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// How says in which way a unit went on in another.
type How string

// The ways. Merged, Split and Replaced carry a share of the whole unit;
// Functions hands over a field of work and leaves both units standing.
const (
	Merged    How = "merged"
	Split     How = "split"
	Replaced  How = "replaced"
	Functions How = "functions"
)

// Link says that Num/Den of Source became part of Target. A series of figures
// is followed across a reorganisation along these shares.
type Link struct {
	Source string `json:"source"`
	Target string `json:"target"`
	How    How    `json:"how"`
	Num    int64  `json:"num"`
	Den    int64  `json:"den"`
	Note   string `json:"note,omitzero"` // which functions, or what the share counts
}

// Lineage is a link with its day, its paper and the entry that says it.
type Lineage struct {
	Link
	From        vn.Date
	Fact, Entry int64
	EntryTo     int64
	Decision    Decision
	Withdrawn   bool
}

// RecordLineage records what a decision says about where units went, apart
// from any founding or dissolution. It is how communes find their successors:
// by a paper, never by a name.
type RecordLineage struct {
	Links    []Link
	From     vn.Date
	Decision Decision
}

// CorrectLineage says that links were recorded wrongly and how they really
// read, in full; with Withdraw, that they should not stand at all.
type CorrectLineage struct {
	Fact     int64
	Withdraw bool
	Links    []Link // of the same units; for Withdraw they are read from the record
	From     vn.Date
	Decision Decision
	Reason   string
}

const lineageSelect = `SELECT entry_from, entry_to, fact, source, target, how, num, den, note, valid_from, decision, withdrawn FROM org_lineage `

// LineageOf lists the links from and to a unit as known at an entry (below 0:
// now), oldest day first.
func LineageOf(ctx context.Context, tx *store.Tx, id string, known int64) ([]Lineage, error) {
	return lineages(ctx, tx, lineageSelect+`WHERE (source = $1 OR target = $1) AND withdrawn = 0 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) ORDER BY valid_from, entry_from, seq`,
		id, At{Known: known}.KnownIndex())
}
