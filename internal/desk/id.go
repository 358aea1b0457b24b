package desk

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// idAlphabet is Crockford's base32, whose order is the order of its bytes.
const idAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID makes the id of a form: 26 characters, 48 bits of milliseconds and 80
// random bits, so that ids sort by the time they were made and cannot be
// guessed.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // crypto/rand does not fail
	ms := uint64(time.Now().UnixMilli())
	b[0], b[1] = byte(ms>>40), byte(ms>>32)
	binary.BigEndian.PutUint32(b[2:], uint32(ms))
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = idAlphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}
