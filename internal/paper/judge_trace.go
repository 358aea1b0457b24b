package paper

import (
	"encoding/binary"
	"math/bits"
)

// zone is one name's surroundings at the fine scale: ink that is there, and ink
// that print explains.
type zone struct {
	x0, y0, w, h int // on the likeness's fine plane
	added        []uint8
	free         []uint8 // 1 where print leaves the paper free
	name         [4]int  // left, top, right, bottom of the name within the zone
	base, em     float64
	work         *zoneWork
}

// zoneWork is memory that the zones of one side use in turn.
type zoneWork struct {
	light      plane
	free, mean []uint8
	tied       []uint8
	from       []int8
	cost, next []int32
}

// emptied is a slice of n zeros in the memory of s.
func emptied[T any](s *[]T, n int) []T {
	clear(sized(s, n))
	return *s
}

// sized is a slice of n values in the memory of s, whatever they are.
func sized[T any](s *[]T, n int) []T {
	if cap(*s) < n {
		*s = make([]T, n)
	}
	*s = (*s)[:n]
	return *s
}

// sum of ink at least as strong, in mm².
func (z *zone) area(strong int) float64 {
	n, x := 0, 0
	if 0 < strong && strong <= 128 { // eight points at a time: one bit each
		const ones, high = 0x0101010101010101, 0x8080808080808080
		over := uint64(128-strong) * ones
		for ; x+8 <= len(z.added); x += 8 {
			v := binary.LittleEndian.Uint64(z.added[x : x+8])
			n += bits.OnesCount64((v&^high + over | v) & high)
		}
	}
	for _, v := range z.added[x:] {
		if int(v) >= strong {
			n++
		}
	}
	return float64(n) / (fineScale * fineScale)
}

// trace is the path along which most added ink runs from left to right.
type trace struct {
	y      []int // by column
	v      []int // ink along it, mean of 1 mm
	hidden []bool
}

// run finds the path: from column to column it moves one point up or down at
// most, and pays for moving.
func (z *zone) run() *trace {
	w, h := z.w, z.h
	// The mean along a millimetre, of what print leaves free; nothing where
	// print hides nearly all of it.
	smooth := emptied(&z.work.mean, w*h)
	const half, least = 3, 2
	for y := range h {
		row, free, out := z.added[y*w:][:w], z.free[y*w:][:w], smooth[y*w:][:w]
		sum, n := 0, 0
		for x := range min(half, w) {
			sum += int(row[x]) & -int(free[x])
			n += int(free[x])
		}
		for x := range w {
			if k := x + half; k < w {
				sum += int(row[k]) & -int(free[k])
				n += int(free[k])
			}
			if k := x - half - 1; k >= 0 {
				sum -= int(row[k]) & -int(free[k])
				n -= int(free[k])
			}
			if n >= least {
				out[x] = uint8(sum / n)
			}
		}
	}
	const pay = 6
	cost, next, from := emptied(&z.work.cost, h), emptied(&z.work.next, h), emptied(&z.work.from, w*h)
	for y := range h {
		cost[y] = int32(smooth[y*w])
	}
	for x := 1; x < w; x++ {
		for y := range h {
			best, step := cost[y], int8(0)
			if y > 0 && cost[y-1]-pay > best {
				best, step = cost[y-1]-pay, -1
			}
			if y < h-1 && cost[y+1]-pay > best {
				best, step = cost[y+1]-pay, 1
			}
			next[y] = best + int32(smooth[y*w+x])
			from[y*w+x] = step
		}
		cost, next = next, cost
	}
	t := &trace{y: make([]int, w), v: make([]int, w), hidden: make([]bool, w)}
	end := 0
	for y := range h {
		if cost[y] > cost[end] {
			end = y
		}
	}
	for x := w - 1; x >= 0; x-- {
		t.y[x] = end
		m := 0
		for y := max(0, end-1); y <= min(h-1, end+1); y++ {
			m = max(m, int(smooth[y*w+x]))
		}
		t.v[x] = m
		hid := 0
		for y := max(0, end-1); y <= min(h-1, end+1); y++ {
			if z.free[y*w+x] == 0 {
				hid++
			}
		}
		t.hidden[x] = hid >= 2
		if x > 0 {
			end += int(from[end*w+x])
		}
	}
	return t
}
