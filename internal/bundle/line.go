package bundle

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/ledger"
)

// proofLine is one line of proofs.jsonl: an entry stands in the signed tree.
type proofLine struct {
	Entry int64    `json:"entry"`
	Proof []string `json:"proof"`
}

// witnessLine is one line of witnesses.jsonl: an earlier checkpoint of which
// the signed tree is a continuation.
type witnessLine struct {
	Size  int64    `json:"size"`
	Root  string   `json:"root"`
	Proof []string `json:"proof"`
}

// encodeLine writes one line of JSON without its end.
func encodeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decodeLine takes exactly what encodeLine writes.
func decodeLine(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if back, err := encodeLine(v); err != nil || !bytes.Equal(back, line) {
		return errors.New("not written as the format asks")
	}
	return nil
}

func hexes(hs []tlog.Hash) []string {
	out := make([]string, len(hs))
	for i, h := range hs {
		out[i] = hex.EncodeToString(h[:])
	}
	return out
}

func unhex(s string) (h [32]byte, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 || hex.EncodeToString(b) != s {
		return h, errors.New("not a hash of 64 lower-case hexadecimal digits")
	}
	return [32]byte(b), nil
}

func unhexes(ss []string) ([]tlog.Hash, error) {
	if len(ss) > 128 {
		return nil, errors.New("a proof is not that long")
	}
	out := make([]tlog.Hash, len(ss))
	for i, s := range ss {
		h, err := unhex(s)
		if err != nil {
			return nil, err
		}
		out[i] = h
	}
	return out, nil
}

// encodeBlock writes a line of blocks.jsonl. The content stands last and byte
// for byte, so that people can read it and programs can hash it.
func encodeBlock(b ledger.Block) ([]byte, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	name, err := encodeLine(b.Name)
	if err != nil {
		return nil, err
	}
	line := strconv.AppendInt([]byte(`{"entry":`), b.Index, 10)
	line = append(append(line, `,"name":`...), name...)
	line = hex.AppendEncode(append(line, `,"salt":"`...), b.Salt)
	line = append(append(line, `","content":`...), b.Content...)
	return append(line, '}'), nil
}

// decodeBlock takes exactly what encodeBlock writes.
func decodeBlock(line []byte) (ledger.Block, error) {
	var v struct {
		Entry   int64           `json:"entry"`
		Name    string          `json:"name"`
		Salt    string          `json:"salt"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(line, &v); err != nil {
		return ledger.Block{}, err
	}
	salt, err := hex.DecodeString(v.Salt)
	if err != nil {
		return ledger.Block{}, errors.New("the salt is not hexadecimal")
	}
	b := ledger.Block{Index: v.Entry, Name: v.Name, Salt: salt, Content: v.Content}
	back, err := encodeBlock(b)
	if err != nil {
		return ledger.Block{}, err
	}
	if !bytes.Equal(back, line) {
		return ledger.Block{}, fmt.Errorf("not written as the format asks")
	}
	return b, nil
}

// looseEntry is the entry a damaged line claims, -1 when it says none.
func looseEntry(line []byte) int64 {
	rest, ok := bytes.CutPrefix(line, []byte(`{"entry":`))
	n := bytes.IndexByte(rest, ',')
	if !ok || n < 0 {
		return -1
	}
	entry, err := strconv.ParseInt(string(rest[:n]), 10, 64)
	if err != nil || entry < 0 {
		return -1
	}
	return entry
}
