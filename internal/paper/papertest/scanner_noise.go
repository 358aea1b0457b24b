package papertest

import (
	"image"
	"math/bits"
	"math/rand/v2"
	"sync"
)

// noise adds grain of about a bell's shape: the sum of four even numbers. The
// numbers follow each other from point to point; four parts of the picture are
// walked side by side, each from where the walk would have come to.
func noise(r *rand.Rand, img *image.Gray, sd float64) {
	f := int(sd * 65536 / 147.8) // standard deviation of the sum is 147.8
	var add [1021]int16
	for n := range add {
		add[n] = int16((n - 510) * f >> 16)
	}
	state := r.Uint64() | 1
	const parts = 4
	n := len(img.Pix) / parts
	var s [parts]uint64
	var p [parts][]uint8
	for k := range p {
		p[k] = img.Pix[k*n : (k+1)*n]
		s[k] = state
		state = ahead(state, n)
	}
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	p0, p1, p2, p3 := p[0], p[1][:n], p[2][:n], p[3][:n]
	for i := range p0 {
		s0, s1, s2, s3 = step(s0), step(s1), step(s2), step(s3)
		p0[i] = grey(int(p0[i]) + int(add[four(s0)]))
		p1[i] = grey(int(p1[i]) + int(add[four(s1)]))
		p2[i] = grey(int(p2[i]) + int(add[four(s2)]))
		p3[i] = grey(int(p3[i]) + int(add[four(s3)]))
	}
	for i := parts * n; i < len(img.Pix); i++ {
		state = step(state)
		img.Pix[i] = grey(int(img.Pix[i]) + int(add[four(state)]))
	}
}

// step is the next number of the walk.
func step(s uint64) uint64 {
	s ^= s << 13
	s ^= s >> 7
	return s ^ s<<17
}

// four is the sum of every second byte, at most 1020.
func four(s uint64) uint64 { return s & 0x00ff00ff00ff00ff * 0x0001000100010001 >> 48 & 1023 }

func grey(v int) uint8 { return uint8(max(0, min(255, v))) }

// A step is linear in the bits of its number: so many of them at once are one sum
// over its bits. strides holds, by bit, what 1, 2, 4, … steps make of it.
var strides = sync.OnceValue(func() *[32][64]uint64 {
	var m [32][64]uint64
	for b := range 64 {
		m[0][b] = step(1 << b)
	}
	for k := 1; k < len(m); k++ {
		for b := range 64 {
			m[k][b] = stride(&m[k-1], m[k-1][b])
		}
	}
	return &m
})

func stride(m *[64]uint64, s uint64) (to uint64) {
	for ; s != 0; s &= s - 1 {
		to ^= m[bits.TrailingZeros64(s)]
	}
	return to
}

// ahead is the number after n steps.
func ahead(s uint64, n int) uint64 {
	m := strides()
	for k := 0; n>>k != 0; k++ {
		if n>>k&1 == 1 {
			s = stride(&m[k], s)
		}
	}
	return s
}
