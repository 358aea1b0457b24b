package papertest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"sync"

	"minhbach/internal/scan/cosine"
)

// throughJPEG is what is left of a grey picture that was written as JPEG and read
// again: point by point what image/jpeg makes of it (a test holds the two against
// each other), without packing the numbers into bytes and out again, which is
// most of the work.
func throughJPEG(img *image.Gray, quality int) *image.Gray {
	q := quantOf(quality)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stride := (w + 7) &^ 7
	out := &image.Gray{Pix: make([]uint8, stride*((h+7)&^7)), Stride: stride, Rect: image.Rect(0, 0, w, h)}
	var b [64]int32
	for y := 0; y < h; y += 8 {
		for x := 0; x < w; x += 8 {
			if x+8 <= w && y+8 <= h {
				for j := range 8 {
					from, to := (*[8]uint8)(img.Pix[(y+j)*img.Stride+x:]), (*[8]int32)(b[8*j:])
					for i, v := range from {
						to[i] = int32(v)
					}
				}
			} else { // the last points go on beyond the edge
				for j := range 8 {
					row := img.Pix[min(y+j, h-1)*img.Stride:]
					for i := range 8 {
						b[8*j+i] = int32(row[min(x+i, w-1)])
					}
				}
			}
			cosine.Parts(&b)
			ac := int32(0)
			for i, v := range b {
				n := q.near(v, i)
				b[i] = n * q.q[i]
				if i > 0 {
					ac |= n
				}
			}
			at := out.Pix[y*stride+x:]
			if ac == 0 { // one value all over
				v := uint8(min(max(cosine.Flat(b[0]), -128), 127) + 128)
				for j := range 8 {
					row := (*[8]uint8)(at[j*stride:])
					for i := range row {
						row[i] = v
					}
				}
				continue
			}
			cosine.Points(&b)
			for j := range 8 {
				from, row := (*[8]int32)(b[8*j:]), (*[8]uint8)(at[j*stride:])
				for i, v := range from {
					row[i] = uint8(min(max(v, -128), 127) + 128)
				}
			}
		}
	}
	return out
}

// quant are the steps that numbers are rounded to, row by row; part divides by
// eight of them: a multiplication and a shift by 32.
type quant struct {
	q    [64]int32
	half [64]int32
	part [64]uint64
}

var quants [101]struct {
	once sync.Once
	q    quant
}

// quantOf takes the steps of a quality from what the library itself writes.
func quantOf(quality int) *quant {
	c := &quants[min(max(quality, 1), 100)]
	c.once.Do(func() {
		var w bytes.Buffer
		one := image.NewGray(image.Rect(0, 0, 1, 1))
		one.SetGray(0, 0, color.Gray{Y: 255})
		if err := jpeg.Encode(&w, one, &jpeg.Options{Quality: quality}); err != nil {
			panic(err) // to memory: cannot be otherwise
		}
		at := bytes.Index(w.Bytes(), []byte{0xff, 0xdb}) + 5 // marker, length, number of the table
		for i, v := range w.Bytes()[at : at+64] {
			k := cosine.Order[i]
			c.q.q[k], c.q.half[k] = int32(v), 4*int32(v)
			c.q.part[k] = (1<<32 + 8*uint64(v) - 1) / (8 * uint64(v))
		}
	})
	return &c.q
}

// near is v by eight steps, to the nearest.
func (q *quant) near(v int32, i int) int32 {
	s := v >> 31
	n := int32(uint64((v^s)-s+q.half[i]) * q.part[i] >> 32)
	return (n ^ s) - s
}
