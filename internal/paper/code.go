package paper

import (
	"errors"
	"math/bits"
)

// The code of a ballot with marks is an ordinary QR code of level M, versions 1
// to 6: what Code says takes no more. The printed ballot's place is known, so
// nothing is searched for: modules are sampled, and decoded here. All sizes are
// bounded by the version.

var errCode = errors.New("paper: not a code of a ballot")

// codeBlocks are check bytes of a block, blocks, and data bytes of a block, of
// level M by version (ISO/IEC 18004, table 9).
var codeBlocks = [...][3]int{1: {10, 1, 16}, 2: {16, 1, 28}, 3: {26, 1, 44}, 4: {18, 2, 32}, 5: {24, 2, 43}, 6: {16, 4, 27}}

// decodeCode reads a code from its modules, row by row, true where dark. n is
// the number of modules on a side.
func decodeCode(dark []bool, n int) (string, error) {
	version := (n - 17) / 4
	if n != 17+4*version || version < 1 || version >= len(codeBlocks) || len(dark) != n*n {
		return "", errCode
	}
	mask, ok := codeMask(dark, n)
	if !ok {
		return "", errCode
	}
	b := codeBlocks[version]
	raw := codeBytes(dark, n, mask, (b[0]+b[2])*b[1])
	var data []byte
	for k := range b[1] { // blocks are dealt out byte by byte
		block := make([]byte, b[0]+b[2])
		for i := range block {
			block[i] = raw[i*b[1]+k]
		}
		if !repair(block, b[0]) {
			return "", errCode
		}
		data = append(data, block[:b[2]]...)
	}
	return codeText(data)
}

// codeMask reads the format: the mask of a code of level M.
func codeMask(dark []bool, n int) (int, bool) {
	var got uint32
	add := func(x, y int) {
		got <<= 1
		if dark[y*n+x] {
			got |= 1
		}
	}
	for x := range 9 {
		if x != 6 {
			add(x, 8)
		}
	}
	for y := 7; y >= 0; y-- {
		if y != 6 {
			add(8, y)
		}
	}
	for mask := range 8 {
		word := uint32(mask) // level M is 00
		rest := word << 10
		for i := 14; i >= 10; i-- {
			if rest>>i&1 == 1 {
				rest ^= 0x537 << (i - 10)
			}
		}
		if bits.OnesCount32((word<<10|rest)^0x5412^got) <= 3 {
			return mask, true
		}
	}
	return 0, false
}

// codeFixed says that a module belongs to the pattern and not to the data.
func codeFixed(x, y, n int) bool {
	switch {
	case x == 6, y == 6, x < 9 && y < 9, x < 9 && y >= n-8, x >= n-8 && y < 9:
		return true
	}
	c := n - 7 // one small square from version 2 on
	return n > 21 && x >= c-2 && x <= c+2 && y >= c-2 && y <= c+2
}

func codeMasked(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (y/2+x/3)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// codeBytes walks the data modules: two columns at a time from the right, up
// and down in turn.
func codeBytes(dark []bool, n, mask, want int) []byte {
	out := make([]byte, want)
	at := 0
	up := true
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for x := right; x > right-2; x-- {
				if codeFixed(x, y, n) || at >= 8*want {
					continue
				}
				if dark[y*n+x] != codeMasked(mask, x, y) {
					out[at/8] |= 0x80 >> (at % 8)
				}
				at++
			}
		}
		up = !up
	}
	return out
}

// codeText reads the segments of the data.
func codeText(data []byte) (string, error) {
	at := 0
	take := func(n int) int {
		v := 0
		for range n {
			v <<= 1
			if at < 8*len(data) {
				v |= int(data[at/8] >> (7 - at%8) & 1)
			}
			at++
		}
		return v
	}
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	var out []byte
	for at+4 <= 8*len(data) {
		switch take(4) {
		case 0:
			return string(out), nil
		case 4: // bytes
			for n := take(8); n > 0; n-- {
				out = append(out, byte(take(8)))
			}
		case 2: // letters and digits, two in eleven bits
			for n := take(9); n > 0; n -= 2 {
				if n == 1 {
					out = append(out, alphabet[min(take(6), len(alphabet)-1)])
					break
				}
				v := min(take(11), len(alphabet)*len(alphabet)-1)
				out = append(out, alphabet[v/len(alphabet)], alphabet[v%len(alphabet)])
			}
		default:
			return "", errCode
		}
		if at > 8*len(data) {
			return "", errCode
		}
	}
	return string(out), nil
}

// The field of 256 elements that the check bytes are worked out in.
var fieldExp, fieldLog = func() (exp [512]byte, log [256]int) {
	v := 1
	for i := range 255 {
		exp[i], exp[i+255] = byte(v), byte(v)
		log[v] = i
		if v <<= 1; v > 255 {
			v ^= 0x11d
		}
	}
	return
}()

func fieldMul(a, b byte) byte {
	if a == 0 || b == 0 {
		return 0
	}
	return fieldExp[fieldLog[a]+fieldLog[b]]
}

// polyAt is a polynomial at x, highest power last.
func polyAt(p []byte, x byte) (v byte) {
	for i := len(p) - 1; i >= 0; i-- {
		v = fieldMul(v, x) ^ p[i]
	}
	return v
}

// repair mends a block by its check bytes (Reed and Solomon; Berlekamp and
// Massey; Forney); false where more is damaged than they can mend.
func repair(block []byte, check int) bool {
	n := len(block)
	syndromes := make([]byte, check)
	clean := true
	for i := range syndromes {
		for _, b := range block {
			syndromes[i] = fieldMul(syndromes[i], fieldExp[i]) ^ b
		}
		clean = clean && syndromes[i] == 0
	}
	if clean {
		return true
	}
	locator, before := []byte{1}, []byte{1}
	errs, gap, last := 0, 1, byte(1)
	for i := range check {
		d := syndromes[i]
		for j := 1; j <= errs && j < len(locator); j++ {
			d ^= fieldMul(locator[j], syndromes[i-j])
		}
		if d == 0 {
			gap++
			continue
		}
		f := fieldMul(d, fieldExp[255-fieldLog[last]])
		next := make([]byte, max(len(locator), len(before)+gap))
		copy(next, locator)
		for j, b := range before {
			next[j+gap] ^= fieldMul(f, b)
		}
		if 2*errs <= i {
			errs, before, last, gap = i+1-errs, locator, d, 1
		} else {
			gap++
		}
		locator = next
	}
	if errs*2 > check {
		return false
	}
	value := make([]byte, check) // syndromes times locator
	for i := range value {
		for j := 0; j <= i && j < len(locator); j++ {
			value[i] ^= fieldMul(locator[j], syndromes[i-j])
		}
	}
	slope := make([]byte, len(locator)) // the locator's derivative
	for j := 1; j < len(locator); j += 2 {
		slope[j-1] = locator[j]
	}
	found := 0
	for k := range n { // the byte k places from the end
		inverse := fieldExp[(255-k)%255]
		if polyAt(locator, inverse) != 0 {
			continue
		}
		under := polyAt(slope, inverse)
		if under == 0 {
			return false
		}
		block[n-1-k] ^= fieldMul(fieldExp[k%255], fieldMul(polyAt(value, inverse), fieldExp[255-fieldLog[under]]))
		found++
	}
	if found != errs {
		return false
	}
	for i := range check {
		var s byte
		for _, b := range block {
			s = fieldMul(s, fieldExp[i]) ^ b
		}
		if s != 0 {
			return false
		}
	}
	return true
}
