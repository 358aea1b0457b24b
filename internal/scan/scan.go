// Package scan turns foreign bytes into bounded grey pages: what a scanner or a
// phone wrote of a pile of ballots, or of any paper. It takes PNG, JPEG, TIFF
// (with several pages; uncompressed, PackBits, LZW, deflate, fax G3 and G4) and
// PDF whose pages are pictures.
//
// Everything it reads is hostile: bytes, pixels, pages and time are bounded
// before anything is decoded, a page that claims more than it may is refused
// without being allocated, and one bad page does not lose the others of its
// file. It holds one page at a time, so that a pile of thousands needs no more
// memory than a sheet (a PDF is held whole, as a file).
//
// Example: the pages of one file, in their order:
//
//	err := scan.Each(f, size, scan.Default, func(p *scan.Page) error {
//		if p.Problem != nil { … } // this page alone
//		read(p.Gray)
//		return nil
//	})
package scan

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"time"
)

// Limits bound what one file may ask for. The zero value allows nothing.
type Limits struct {
	Bytes  int64         // of the file
	PDF    int64         // bytes of a PDF, which is held whole
	Side   int           // pixels of one side of a page
	Pixels int           // of one page
	Pages  int           // of one file
	Time   time.Duration // for one page

	count bool // only how many pages there are
}

// Default takes A3 at 600 dpi and a file of 10,000 pages.
var Default = Limits{Bytes: 4 << 30, PDF: 1 << 30, Side: 16_000, Pixels: 80_000_000, Pages: 10_000, Time: 20 * time.Second}

// Page is one page as grey values: 0 is black, 255 white.
type Page struct {
	Number  int // from 1
	Gray    *image.Gray
	DPI     float64  // dots an inch as the file says, 0 when it does not
	Bitonal bool     // only black and white were scanned
	Problem *Problem // why this page could not be read; then Gray is nil
}

// Problem is why a file or a page cannot be taken, in plain words that say what
// to do.
type Problem struct {
	VI, EN string
	cause  error
}

func (p *Problem) Error() string {
	if p.cause != nil {
		return p.EN + ": " + p.cause.Error()
	}
	return p.EN
}

// Unwrap gives the decoder's own error.
func (p *Problem) Unwrap() error { return p.cause }

func problem(cause error, vi, en string, args ...any) *Problem {
	return &Problem{fmt.Sprintf(vi, args...), fmt.Sprintf(en, args...), cause}
}

func broken(cause error) *Problem {
	if errors.Is(cause, errLate) {
		return problem(nil, "Trang này cần quá nhiều thời gian để mở: quét lại, lưu dạng JPEG, PNG hoặc TIFF thông thường.",
			"The page takes too long to open: scan it again and save ordinary JPEG, PNG or TIFF")
	}
	return problem(cause, "Ảnh hỏng hoặc không trọn vẹn: quét lại tờ này.", "The picture is damaged or not whole: scan the sheet again")
}

// Each opens the pages of one file and hands them on in order, one at a time;
// the page and its picture belong to the callee. A file that cannot be taken at
// all gives a *Problem; an error of do ends the walk and is returned as it is.
func Each(r io.ReaderAt, size int64, lim Limits, do func(*Page) error) error {
	return walk(r, size, lim, func(_ int, open func() *Page) error { return do(open()) })
}

// walk finds the pages of one file in order; what open does, which is to be
// called at most once, may be done at the same time as the walk goes on.
func walk(r io.ReaderAt, size int64, lim Limits, do func(number int, open func() *Page) error) error {
	if size <= 0 {
		return problem(nil, "Tệp trống.", "The file is empty")
	}
	if size > lim.Bytes {
		return problem(nil, "Tệp lớn quá %d MB: chia xấp quét thành nhiều tệp.", "The file is larger than %d MB: scan the pile into several files", lim.Bytes>>20)
	}
	head := make([]byte, min(size, 16))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return problem(err, "Không đọc được tệp.", "The file cannot be read")
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return one(r, size, lim, pngPage, do)
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return one(r, size, lim, jpegPage, do)
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return tiffPages(r, size, lim, do)
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return pdfPages(r, size, lim, do)
	case bytes.HasPrefix(head, []byte("\x97JB2\r\n\x1a\n")):
		return errJBIG2()
	case bytes.HasPrefix(head, []byte("\x00\x00\x00\x0cjP  \r\n")), bytes.HasPrefix(head, []byte("\xff\x4f\xff\x51")):
		return errJPEG2000()
	}
	return problem(nil, "Không phải ảnh quét: chỉ nhận PNG, JPEG, TIFF và PDF.", "Not a scan: only PNG, JPEG, TIFF and PDF are taken")
}

func errJBIG2() *Problem {
	return problem(nil, "Ảnh nén kiểu JBIG2, có thể thay chữ này bằng chữ khác: trên máy quét hãy tắt “nén cao / compact PDF / JBIG2”, chọn TIFF G4 hoặc JPEG rồi quét lại.",
		"The picture is packed as JBIG2, which may put one letter in place of another: turn off high compression (compact PDF, JBIG2) on the scanner, choose TIFF G4 or JPEG and scan again")
}

func errJPEG2000() *Problem {
	return problem(nil, "Ảnh nén kiểu JPEG 2000: trên máy quét hãy chọn JPEG thường (tắt “nén cao”), hoặc TIFF, rồi quét lại.",
		"The picture is packed as JPEG 2000: choose ordinary JPEG (no high compression) or TIFF on the scanner and scan again")
}

// bounded refuses a page by the size it claims, before anything is allocated.
func bounded(w, h int, lim Limits) *Problem {
	switch {
	case w < 1 || h < 1:
		return problem(nil, "Ảnh không có kích thước.", "The picture has no size")
	case w > lim.Side || h > lim.Side || w*h > lim.Pixels:
		return problem(nil, "Ảnh ghi kích thước %d × %d điểm, quá lớn: quét lại ở 200 hoặc 300 dpi.", "The picture claims %d × %d pixels, too large: scan again at 200 or 300 dpi", w, h)
	}
	return nil
}

// one is the walk over a file of a single page.
func one(r io.ReaderAt, size int64, lim Limits, open func(io.ReaderAt, int64, Limits) (*Page, *Problem), do func(int, func() *Page) error) error {
	return do(1, opener(1, lim, func() (*Page, *Problem) { return open(timed(r, lim), size, lim) }))
}

// opener makes a page of what a decoder says of it. A panic of the decoder is a
// damaged page: a decoder that is not ours must not end the program in a
// counting hall.
func opener(number int, lim Limits, open func() (*Page, *Problem)) func() *Page {
	if lim.count {
		return func() *Page { return &Page{Number: number} }
	}
	return func() *Page {
		p, bad := safely(open)
		if bad != nil {
			p = &Page{Problem: bad}
		}
		p.Number = number
		return p
	}
}

func safely[T any](open func() (T, *Problem)) (p T, bad *Problem) {
	defer func() {
		if v := recover(); v != nil {
			var none T
			p, bad = none, broken(fmt.Errorf("decoder: %v", v))
		}
	}()
	return open()
}

var errLate = errors.New("out of time")

// late is a reader that stops giving bytes when the time of a page is over.
type late struct {
	r     io.ReaderAt
	until time.Time
}

func timed(r io.ReaderAt, lim Limits) io.ReaderAt { return &late{r, time.Now().Add(lim.Time)} }

func (l *late) ReadAt(p []byte, off int64) (int, error) {
	if time.Now().After(l.until) {
		return 0, errLate
	}
	return l.r.ReadAt(p, off)
}

// Count says how many pages a file has, without opening their pictures.
func Count(r io.ReaderAt, size int64, lim Limits) (int, error) {
	n := 0
	lim.count = true
	err := walk(r, size, lim, func(int, func() *Page) error { n++; return nil })
	return n, err
}
