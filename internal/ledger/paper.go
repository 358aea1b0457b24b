package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/mod/sumdb/note"
)

// alphabet is base32 without the look-alikes I, L, O and U (Crockford's).
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLen     = 20   // symbols of 5 bits: 100 bits
	paperRounds = 4096 // see stretched
)

// PaperCode is a checkpoint as it stands on signed paper: the size, and 100
// bits bound to size and root.
type PaperCode struct {
	Size int64
	code [codeLen]byte // values 0 to 31
}

// PaperCode is the short code of the checkpoint for paper, of the form
// SIZE-XXXX-XXXX-XXXX-XXXX-XXXX-X; the last symbol tells a slip of the pen
// from a code that does not match. Equal size and root give an equal code,
// whoever signed. It costs under a millisecond (see stretched).
func (c Checkpoint) PaperCode() string { return c.paper().String() }

func (c Checkpoint) paper() PaperCode {
	if last := newest.Load(); last != nil && last.size == c.Size && last.root == c.Root {
		return last.paper
	}
	p := c.newPaper()
	newest.Store(&coded{c.Size, c.Root, p})
	return p
}

// newest is the code worked out last: pages ask again and again for that of
// the head.
var newest atomic.Pointer[coded]

type coded struct {
	size  int64
	root  [32]byte
	paper PaperCode
}

func (c Checkpoint) newPaper() PaperCode {
	seed := append([]byte("minhbach paper v1\n"+strconv.FormatInt(c.Size, 10)+"\n"), c.Root[:]...)
	return PaperCode{c.Size, stretched(seed)}
}

// stretched is the first 100 bits of SHA-256 repeated 4096 times. Whoever runs
// the log could look for two histories with one code before the paper is
// signed; for 100 bits that takes about 2^50 codes, and the repetition makes
// each cost 2^12 hashes.
func stretched(seed []byte) (code [codeLen]byte) {
	h := sha256.Sum256(seed)
	for range paperRounds - 1 {
		h = sha256.Sum256(h[:])
	}
	for i := range code {
		for bit := range 5 {
			at := i*5 + bit
			code[i] = code[i]<<1 | h[at/8]>>(7-at%8)&1
		}
	}
	return code
}

// String is the printed form.
func (p PaperCode) String() string {
	size := strconv.FormatInt(p.Size, 10)
	return size + "-" + groups(p.code[:]) + "-" + string(alphabet[checkSymbol(size, p.code)])
}

// Matches says whether the paper speaks of this checkpoint.
func (p PaperCode) Matches(c Checkpoint) bool { return p == c.paper() }

// ErrSlip is the answer to a code that no checkpoint has: it was copied
// wrongly from the paper.
var ErrSlip = errors.New("ledger: the code was copied with a slip: its last symbol does not fit the others; compare it with the paper once more")

// ParsePaperCode reads a code as people type it: lower case, with spaces or
// other dashes, with O for 0 and I or L for 1. A single wrong symbol, or two
// neighbours exchanged, is ErrSlip.
func ParsePaperCode(s string) (PaperCode, error) {
	var syms []byte
	if len(s) > 200 {
		return PaperCode{}, errors.New("ledger: a paper code is not that long")
	}
	for _, r := range strings.ToUpper(s) {
		switch r {
		case ' ', '\t', '\u00a0', '-', '–', '—', '‐', '‑', '−', '.', '_':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		at := strings.IndexRune(alphabet, r)
		if at < 0 {
			return PaperCode{}, fmt.Errorf("ledger: a paper code has no symbol %q", r)
		}
		syms = append(syms, byte(at))
	}
	n := len(syms) - codeLen - 1
	if n < 1 || n > 18 {
		return PaperCode{}, errors.New("ledger: a paper code has the form SIZE-XXXX-XXXX-XXXX-XXXX-XXXX-X")
	}
	var p PaperCode
	for i, d := range syms[:n] {
		if d > 9 || d == 0 && i == 0 && n > 1 {
			return PaperCode{}, errors.New("ledger: a paper code begins with the number of entries")
		}
		p.Size = p.Size*10 + int64(d)
	}
	copy(p.code[:], syms[n:])
	if checkSymbol(strconv.FormatInt(p.Size, 10), p.code) != syms[len(syms)-1] {
		return PaperCode{}, ErrSlip
	}
	return p, nil
}

// checkSymbol is the sum over all symbols, digits of the size first, of symbol
// times 2^place in the field of 32 elements (x^5 + x^2 + 1), where the place of
// the last symbol is 1.
func checkSymbol(size string, code [codeLen]byte) byte {
	var sum byte
	add := func(v byte) {
		sum = (sum ^ v) << 1 // Horner's way; the last symbol too stands at 2^1, apart from the check itself
		if sum&32 != 0 {
			sum ^= 0b100101
		}
	}
	for _, d := range []byte(size) {
		add(d - '0')
	}
	for _, v := range code {
		add(v)
	}
	return sum
}

// groups prints values by fours.
func groups(vals []byte) string {
	var b strings.Builder
	for i, v := range vals {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[v])
	}
	return b.String()
}

// Fingerprint is the short form of a log's key that people compare, of the
// form XXXX-XXXX-XXXX-XXXX-XXXX.
func Fingerprint(vkey string) (string, error) {
	if _, err := note.NewVerifier(vkey); err != nil {
		return "", fmt.Errorf("ledger: not a log key: %w", err)
	}
	code := stretched([]byte("minhbach key v1\n" + vkey))
	return groups(code[:]), nil
}
