// Package cosine is the cosine transform of JPEG and back, by the way of
// Loeffler, Ligtenberg and Moschytz (1989), rounded at every step as image/jpeg of
// Go 1.26 rounds it: the steps are after that package (© The Go Authors, BSD
// licence: see NOTICE.md). Tests of scan and of papertest hold it against that
// package point by point.
package cosine

// Cosines and sines of parts of a right angle, scaled to so many bits.
const (
	cos1_18, sin1_18, cos3_18, sin3_18 = 257107, 51142, 217965, 145639
	cos1_14, sin1_14, cos3_14, sin3_14 = 16069, 3196, 13623, 9102
	cos1_12, sin1_12, cos3_12, sin3_12 = 4017, 799, 3406, 2276
	root2cos6_18, root2sin6_18         = 141871, 342508
	root2cos6_14, root2sin6_14         = 8867, 21407
	half2cos6_18, half2sin6_18         = 70936, 171254
	half2cos6_12, half2sin6_12         = 1108, 2676
	root2_12, root2_14                 = 5793, 23170
	half2_8, half2_14                  = 181, 11585
)

// turn is a rotation with a scale.
func turn(a, b, c, s int32) (int32, int32) {
	sum := c * (a + b)
	return sum + (s-c)*b, sum - (c+s)*a
}

// Parts turns 64 points (0 to 255, row by row) into their cosine parts, times
// eight.
func Parts(b *[64]int32) {
	for i := range 8 {
		x0, x1, x2, x3, x4, x5, x6, x7 := b[i], b[8+i], b[16+i], b[24+i], b[32+i], b[40+i], b[48+i], b[56+i]
		x0, x7 = x0+x7, x0-x7
		x1, x6 = x1+x6, x1-x6
		x2, x5 = x2+x5, x2-x5
		x3, x4 = x3+x4, x3-x4
		x4, x7 = turn(x4, x7, cos3_18, sin3_18)
		x5, x6 = turn(x5, x6, cos1_18, sin1_18)
		x0, x3 = x0+x3, x0-x3
		x1, x2 = x1+x2, x1-x2
		x2, x3 = turn(x2, x3, root2cos6_18, root2sin6_18)
		x0, x1 = x0+x1, x0-x1
		x4, x6 = x4+x6, x4-x6
		x7, x5 = x7+x5, x7-x5
		x5, x6 = x5>>12*root2_12, x6>>12*root2_12
		x7, x4 = x7+x4, x7-x4
		b[i], b[8+i], b[16+i], b[24+i] = (x0-128*8)<<18, x7, x2, x5
		b[32+i], b[40+i], b[48+i], b[56+i] = x1<<18, x6, x3, x4
	}
	for i := range 8 {
		r := (*[8]int32)(b[8*i:])
		x0, x1, x2, x3, x4, x5, x6, x7 := r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]
		x0, x7 = x0+x7, x0-x7
		x1, x6 = x1+x6, x1-x6
		x2, x5 = x2+x5, x2-x5
		x3, x4 = x3+x4, x3-x4
		x4, x7 = turn(x4>>14, x7>>14, cos3_14, sin3_14)
		x5, x6 = turn(x5>>14, x6>>14, cos1_14, sin1_14)
		x0, x3 = x0+x3, x0-x3
		x1, x2 = x1+x2, x1-x2
		x2, x3 = turn(x2>>14, x3>>14, root2cos6_14, root2sin6_14)
		x0, x1 = x0+x1, x0-x1
		x4, x6 = x4+x6, x4-x6
		x7, x5 = x7+x5, x7-x5
		x5, x6 = x5>>14*root2_14, x6>>14*root2_14
		x7, x4 = x7+x4, x7-x4
		const near = 1 << 17
		r[0], r[1], r[2], r[3] = (x0+near)>>18, (x7+near)>>18, (x2+near)>>18, (x5+near)>>18
		r[4], r[5], r[6], r[7] = (x1+near)>>18, (x6+near)>>18, (x3+near)>>18, (x4+near)>>18
	}
}

// Points turns cosine parts back into points around zero (−128 is black), not yet
// held to what a byte can hold.
func Points(b *[64]int32) {
	for i := range 8 {
		r := (*[8]int32)(b[8*i:])
		x0, x7, x2, x5, x1, x6, x3, x4 := r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]
		if x0|x1|x2|x3|x4|x5|x6|x7 == 0 {
			continue
		}
		x0, x1 = x0<<17+x1<<17, x0<<17-x1<<17
		x2, x3 = turn(x2, x3, half2cos6_18, -half2sin6_18)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3
		x7, x4 = x7<<7+x4<<7, x7<<7-x4<<7
		x6, x5 = x6*half2_8, x5*half2_8
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = turn(x4>>2, x7>>2, cos3_12, -sin3_12)
		x5, x6 = turn(x5>>2, x6>>2, cos1_12, -sin1_12)
		r[0], r[7] = x0+x7, x0-x7
		r[1], r[6] = x1+x6, x1-x6
		r[2], r[5] = x2+x5, x2-x5
		r[3], r[4] = x3+x4, x3-x4
	}
	for i := range 8 {
		x0, x7, x2, x5, x1, x6, x3, x4 := b[i], b[8+i], b[16+i], b[24+i], b[32+i], b[40+i], b[48+i], b[56+i]
		x0 += 1 << 19
		x0, x1 = (x0+x1)>>2, (x0-x1)>>2
		x2, x3 = turn(x2>>13, x3>>13, half2cos6_12, -half2sin6_12)
		x1, x2 = x1+x2, x1-x2
		x0, x3 = x0+x3, x0-x3
		x7, x4 = x7+x4, x7-x4
		x5, x6 = x5>>13*half2_14, x6>>13*half2_14
		x7, x5 = x7+x5, x7-x5
		x4, x6 = x4+x6, x4-x6
		x4, x7 = turn(x4>>14, x7>>14, cos3_12, -sin3_12)
		x5, x6 = turn(x5>>14, x6>>14, cos1_12, -sin1_12)
		b[i], b[56+i] = (x0+x7)>>18, (x0-x7)>>18
		b[8+i], b[48+i] = (x1+x6)>>18, (x1-x6)>>18
		b[16+i], b[40+i] = (x2+x5)>>18, (x2-x5)>>18
		b[24+i], b[32+i] = (x3+x4)>>18, (x3-x4)>>18
	}
}

// Flat is the one value of all points of a block of which only the first part is
// not zero.
func Flat(first int32) int32 { return (first<<17 + 1<<19) >> 20 }

// Order is the order in which a file holds the parts of a block.
var Order = func() (order [64]int) {
	x, y := 0, 0
	for i := range order {
		order[i] = 8*y + x
		switch up := (x+y)%2 == 0; {
		case up && x == 7, !up && y < 7 && x == 0:
			y++
		case up && y == 0, !up && y == 7:
			x++
		case up:
			x, y = x+1, y-1
		default:
			x, y = x-1, y+1
		}
	}
	return order
}()
