package web

import (
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

type checkpointData struct {
	Paper, Note, VerifierKey string
	Size                     int64
	Health                   healthView
	Rhythm                   *rhythm
	MayBundle, MayFull       bool // export the whole ledger; with personal content
}

var ledgerCheckpoint = page[checkpointData]("ledger_checkpoint")

func (s *Server) ledgerCheckpointGet(c *Call) error {
	cp, signed, err := s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return err
	}
	d := checkpointData{Paper: cp.PaperCode(), Note: string(signed), VerifierKey: s.desk.VerifierKey(), Size: cp.Size, Health: c.health()}
	if err := c.Read(func(tx *store.Tx) (err error) {
		d.MayBundle = c.May(tx, desk.Need{Right: desk.ExportBundle})
		d.MayFull = d.MayBundle && c.May(tx, desk.Need{Right: desk.ReadPerson}) && c.May(tx, desk.Need{Right: desk.ReadSecret})
		d.Rhythm, err = c.rhythm(tx)
		return err
	}); err != nil {
		return err
	}
	return ledgerCheckpoint.show(c, d)
}

// ledgerCheckpointFile is the signed checkpoint as a file, to be kept outside.
func (s *Server) ledgerCheckpointFile(c *Call) error {
	cp, signed, err := s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	c.W.Header().Set("Content-Disposition", `attachment; filename="minhbach-checkpoint-`+strconv.FormatInt(cp.Size, 10)+`.txt"`)
	_, err = c.W.Write(signed)
	return err
}

// ledgerErasePost forgets a block of personal content by a decision.
func (s *Server) ledgerErasePost(c *Call) error {
	index, err := c.index("index")
	if err != nil {
		return err
	}
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	f.Seen = desk.AnySeen // what is forgotten does not depend on later entries
	rc, ok, err := c.Do(f, desk.EraseBlockAct{Index: index, Block: f.Text("block"), Decision: f.Text("decision")})
	if err != nil {
		return err
	}
	if ok {
		return c.Done("/nhat-ky/"+strconv.FormatInt(index, 10), rc)
	}
	return s.showEntry(c, index, f)
}

// inclusion is the way from one entry to the root of the whole ledger.
type inclusion struct {
	leaf, root [32]byte
	size       int64
	proof      []tlog.Hash
	held       bool
}

// inclusion recomputes leaf, proof and root from the stored hashes and checks
// that they fit each other.
func (c *Call) inclusion(tx *store.Tx, e ledger.Entry) (inclusion, error) {
	var in inclusion
	data, err := e.Encode()
	if err != nil {
		return in, err
	}
	in.leaf = ledger.LeafHash(data)
	if err := tx.QueryRow(c.Ctx(), `SELECT COALESCE(MAX(idx), -1) + 1 FROM ledger_entry`).Scan(&in.size); err != nil {
		return in, err
	}
	reader := ledger.Reader(desk.Hashes(c.Ctx(), tx))
	root, err := tlog.TreeHash(in.size, reader)
	if err != nil {
		return in, err
	}
	proof, err := tlog.ProveRecord(in.size, e.Index, reader)
	if err != nil {
		return in, err
	}
	in.root, in.proof = root, proof
	in.held = tlog.CheckRecord(proof, in.size, root, e.Index, tlog.Hash(in.leaf)) == nil
	return in, nil
}
