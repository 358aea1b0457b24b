package scan

import (
	"encoding/binary"
	"errors"
	"io"
	"math"

	"golang.org/x/image/tiff"
)

// A TIFF is a chain of directories, one a page. The library opens the first;
// the walk is ours: each page is given to it behind a header that points to the
// page's own directory.

const (
	tagWidth       = 256
	tagHeight      = 257
	tagBits        = 258
	tagCompression = 259
	tagPhotometric = 262
	tagFill        = 266
	tagOffsets     = 273
	tagRows        = 278
	tagCounts      = 279
	tagT4          = 292
	tagXRes        = 282
	tagResUnit     = 296
	tagSubfile     = 254
)

// directory is what the walk needs of one page before anything is decoded.
type directory struct {
	off, next                            int64
	width, height, bits, compression, t4 uint32
	photometric, fill, rows              uint32
	resUnit, subfile                     uint32
	dpi                                  float64
	raw                                  []byte // the entries, twelve bytes each
}

// values of a tag that holds a list of places or lengths.
func (d *directory) values(r io.ReaderAt, size int64, order binary.ByteOrder, tag uint16) ([]uint32, error) {
	for e := d.raw; len(e) >= 12; e = e[12:] {
		if order.Uint16(e) != tag {
			continue
		}
		kind, count := order.Uint16(e[2:]), order.Uint32(e[4:])
		width := map[uint16]uint32{3: 2, 4: 4}[kind]
		if width == 0 || count == 0 || count > 1<<20 {
			return nil, errors.New("a list of an unknown kind or length")
		}
		data := e[8:12]
		if count*width > 4 {
			at := int64(order.Uint32(e[8:]))
			if at+int64(count*width) > size {
				return nil, io.ErrUnexpectedEOF
			}
			data = make([]byte, count*width)
			if _, err := r.ReadAt(data, at); err != nil {
				return nil, err
			}
		}
		out := make([]uint32, count)
		for i := range out {
			if width == 2 {
				out[i] = uint32(order.Uint16(data[2*i:]))
			} else {
				out[i] = order.Uint32(data[4*i:])
			}
		}
		return out, nil
	}
	return nil, errors.New("a list is missing")
}

func tiffPages(r io.ReaderAt, size int64, lim Limits, do func(int, func() *Page) error) error {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return broken(err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	seen := map[int64]bool{}
	n := 0
	for off := int64(order.Uint32(head[4:])); off != 0; {
		if n == lim.Pages {
			return problem(nil, "Tệp có hơn %d trang: chia thành nhiều tệp.", "The file has more than %d pages: split it", lim.Pages)
		}
		if seen[off] { // pages in a circle
			return problem(nil, "Tệp TIFF hỏng: danh sách trang quay vòng.", "The TIFF is damaged: its pages run in a circle")
		}
		seen[off] = true
		d, err := readDirectory(r, size, order, off)
		if err != nil {
			if n == 0 {
				return broken(err)
			}
			return do(n+1, opener(n+1, lim, func() (*Page, *Problem) { return nil, broken(err) }))
		}
		off = d.next
		if d.subfile&1 != 0 { // a thumbnail of another page
			continue
		}
		n++
		if err := do(n, opener(n, lim, func() (*Page, *Problem) { return tiffPage(r, size, lim, head, order, d) })); err != nil {
			return err
		}
	}
	if n == 0 {
		return problem(nil, "Tệp TIFF không có trang nào.", "The TIFF has no page")
	}
	return nil
}

func readDirectory(r io.ReaderAt, size int64, order binary.ByteOrder, off int64) (*directory, error) {
	var b [2]byte
	if off < 8 || off+2 > size {
		return nil, errors.New("directory outside the file")
	}
	if _, err := r.ReadAt(b[:], off); err != nil {
		return nil, err
	}
	n := int(order.Uint16(b[:]))
	if n == 0 || n > 512 || off+2+int64(n)*12+4 > size {
		return nil, errors.New("directory runs out of the file")
	}
	buf := make([]byte, n*12+4)
	if _, err := r.ReadAt(buf, off+2); err != nil {
		return nil, err
	}
	d := &directory{off: off, next: int64(order.Uint32(buf[n*12:])), bits: 1, compression: 1, resUnit: 2, fill: 1, raw: buf[:n*12]}
	var resOff int64
	for i := range n {
		e := buf[i*12 : i*12+12]
		v := order.Uint32(e[8:])
		count := order.Uint32(e[4:])
		if order.Uint16(e[2:]) == 3 && count <= 2 {
			v = uint32(order.Uint16(e[8:]))
		}
		switch order.Uint16(e) {
		case tagWidth:
			d.width = v
		case tagHeight:
			d.height = v
		case tagBits:
			if count == 1 {
				d.bits = v
			} else {
				d.bits = 8
			}
		case tagCompression:
			d.compression = v
		case tagPhotometric:
			d.photometric = v
		case tagFill:
			d.fill = v
		case tagRows:
			d.rows = v
		case tagT4:
			d.t4 = v
		case tagXRes:
			resOff = int64(v)
		case tagResUnit:
			d.resUnit = v
		case tagSubfile:
			d.subfile = v
		}
	}
	var res [8]byte
	if resOff > 0 && resOff+8 <= size {
		if _, err := r.ReadAt(res[:], resOff); err == nil {
			v := float64(order.Uint32(res[:])) / float64(order.Uint32(res[4:]))
			if d.resUnit == 3 {
				v *= 2.54
			}
			if d.resUnit != 1 && !math.IsNaN(v) && !math.IsInf(v, 0) {
				d.dpi = sane(v)
			}
		}
	}
	return d, nil
}

func tiffPage(r io.ReaderAt, size int64, lim Limits, head [8]byte, order binary.ByteOrder, d *directory) (*Page, *Problem) {
	if d.width > math.MaxInt32 || d.height > math.MaxInt32 {
		return nil, bounded(math.MaxInt32, math.MaxInt32, lim)
	}
	if bad := bounded(int(d.width), int(d.height), lim); bad != nil {
		return nil, bad
	}
	switch d.compression {
	case 1, 4, 5, 8, 32773, 32946:
	case 3:
		if d.t4&1 != 0 {
			return nil, problem(nil, "Ảnh nén fax G3 hai chiều: trên máy quét hãy chọn G4 hoặc JPEG rồi quét lại.", "The picture is packed as two-dimensional fax G3: choose G4 or JPEG on the scanner and scan again")
		}
		return fax3(timed(r, lim), size, order, d)
	case 34661, 9, 10:
		return nil, errJBIG2()
	case 34712, 33003, 33005:
		return nil, errJPEG2000()
	default:
		return nil, problem(nil, "Ảnh TIFF nén kiểu %d không đọc được: trên máy quét hãy chọn G4, LZW, hoặc lưu tệp JPEG, rồi quét lại.", "The TIFF is packed in way %d, which is not read: choose G4 or LZW on the scanner, or save JPEG, and scan again", d.compression)
	}
	order.PutUint32(head[4:], uint32(d.off))
	img, err := tiff.Decode(&headed{timed(r, lim), head, 0, size})
	if err != nil {
		return nil, broken(err)
	}
	b := img.Bounds() // what was decoded must be what was bounded: a directory may name a size twice
	if bad := bounded(b.Dx(), b.Dy(), lim); bad != nil {
		return nil, bad
	}
	return &Page{Gray: Gray(img), DPI: d.dpi, Bitonal: d.bits == 1}, nil
}

// headed is the file behind another header.
type headed struct {
	r    io.ReaderAt
	head [8]byte
	pos  int64
	size int64
}

func (h *headed) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= h.size {
		return 0, io.EOF
	}
	n, err := h.r.ReadAt(p, off)
	if off < 8 {
		copy(p[:n], h.head[off:])
	}
	return n, err
}

// Read is here for the library's signature; it asks by place alone.
func (h *headed) Read(p []byte) (int, error) {
	n, err := h.ReadAt(p, h.pos)
	h.pos += int64(n)
	return n, err
}
