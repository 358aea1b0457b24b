package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"math/bits"

	"golang.org/x/image/ccitt"
)

// fax3 opens a TIFF page of one-dimensional fax G3. The library knows lines
// that follow each other without fill bits; scanners put zeros before each end
// of line so that it ends on a byte. So each line is handed to it alone.
func fax3(r io.ReaderAt, size int64, order binary.ByteOrder, d *directory) (*Page, *Problem) {
	g := image.NewGray(image.Rect(0, 0, int(d.width), int(d.height)))
	offs, err1 := d.values(r, size, order, tagOffsets)
	counts, err2 := d.values(r, size, order, tagCounts)
	if err := errors.Join(err1, err2); err != nil || len(offs) != len(counts) || len(offs) == 0 {
		return nil, broken(errors.Join(err, errors.New("strips do not agree")))
	}
	rows := int(d.height)
	if d.rows > 0 && d.rows < d.height {
		rows = int(d.rows)
	}
	for i, y := 0, 0; y < int(d.height); i, y = i+1, y+rows {
		if i == len(offs) || int64(offs[i])+int64(counts[i]) > size {
			return nil, broken(io.ErrUnexpectedEOF)
		}
		data := make([]byte, counts[i])
		if _, err := r.ReadAt(data, int64(offs[i])); err != nil {
			return nil, broken(err)
		}
		if d.fill == 2 {
			for j, b := range data {
				data[j] = bits.Reverse8(b)
			}
		}
		lines := faxLines(data)
		for k := y; k < min(y+rows, int(d.height)); k++ {
			if k-y >= len(lines) {
				return nil, broken(io.ErrUnexpectedEOF)
			}
			row := &image.Gray{Pix: g.Pix[k*g.Stride:][:d.width], Stride: int(d.width), Rect: image.Rect(0, 0, int(d.width), 1)}
			if err := ccitt.DecodeIntoGray(row, bytes.NewReader(lines[k-y]), ccitt.MSB, ccitt.Group3, &ccitt.Options{Invert: d.photometric == 1}); err != nil {
				return nil, broken(err)
			}
		}
	}
	return &Page{Gray: g, DPI: d.dpi, Bitonal: true}, nil
}

// faxLines cuts G3 data at its ends of line (eleven zeros or more and a one: in
// no other place do eleven zeros follow each other). Each line comes with one
// end of line before it, as the library wants it.
func faxLines(data []byte) [][]byte {
	var lines [][]byte
	var line []byte
	var acc byte
	n, zeros, any := 0, 0, false
	put := func(bit byte) {
		acc = acc<<1 | bit
		if n++; n == 8 {
			line, acc, n = append(line, acc), 0, 0
		}
	}
	for _, b := range data {
		for k := 7; k >= 0; k-- {
			bit := b >> k & 1
			switch {
			case bit == 1 && zeros >= 11:
				if n > 0 {
					line = append(line, acc<<(8-n))
				}
				if any {
					lines = append(lines, line)
				}
				line, acc, n, any = []byte{0}, 1, 4, false // 0000 0000 0001, and four bits of this byte to come
			default:
				put(bit)
				any = any || bit == 1
			}
			if zeros++; bit == 1 {
				zeros = 0
			}
		}
	}
	if n > 0 {
		line = append(line, acc<<(8-n))
	}
	if any {
		lines = append(lines, line)
	}
	return lines
}
