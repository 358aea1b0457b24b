// Package ledger is the record itself, without storage: the canonical form of
// an entry, the Merkle tree over entries, signed checkpoints, proofs, salted
// blocks, and the short codes that stand on signed paper. It is pure: no
// database, files, network or clock.
package ledger
