package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
)

func pages(t testing.TB, data []byte, lim Limits) ([]*Page, error) {
	t.Helper()
	var ps []*Page
	err := Each(bytes.NewReader(data), int64(len(data)), lim, func(p *Page) error {
		ps = append(ps, p)
		return nil
	})
	return ps, err
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// turned is a page upside down (mirrored too when only columns turn).
func turned(g *image.Gray, rows, cols bool) *image.Gray {
	o := image.NewGray(g.Rect)
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for y := range h {
		for x := range w {
			fx, fy := x, y
			if rows {
				fy = h - 1 - y
			}
			if cols {
				fx = w - 1 - x
			}
			o.Pix[y*o.Stride+x] = g.Pix[fy*g.Stride+fx]
		}
	}
	return o
}

// far is by how much two pages differ: the mean over all points.
func far(a, b *image.Gray) float64 {
	if a.Rect.Size() != b.Rect.Size() {
		return 256
	}
	var sum float64
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			sum += float64(max(d, -d))
		}
	}
	return sum / float64(a.Rect.Dx()*a.Rect.Dy())
}

// TestSamePicture: one picture in every form that scanners write is one page of
// grey values, white paper 255 and ink 0.
func TestSamePicture(t *testing.T) {
	ps, err := pages(t, fixture(t, "bilevel.png"), Default)
	if err != nil || len(ps) != 1 || ps[0].Problem != nil {
		t.Fatal(ps, err)
	}
	want := ps[0].Gray
	if got := want.GrayAt(5, 5).Y; got != 255 {
		t.Errorf("paper is %d", got)
	}
	if got := want.GrayAt(50, 33).Y; got != 0 {
		t.Errorf("ink is %d", got)
	}
	for _, c := range []struct {
		file    string
		pages   int
		dpi     float64
		bitonal bool
		far     float64
	}{
		{"bilevel.png", 1, 200, true, 0}, {"grey.png", 1, 200, false, 0}, {"colour.png", 1, 200, false, 0},
		{"grey.jpg", 1, 200, false, 2}, {"colour.jpg", 1, 200, false, 2},
		{"none.tif", 1, 200, true, 0}, {"packbits.tif", 1, 200, true, 0}, {"lzw.tif", 1, 200, true, 0}, {"deflate.tif", 1, 200, true, 0},
		{"g3.tif", 1, 200, true, 0}, {"g4.tif", 1, 200, true, 0}, {"g4-big-endian.tif", 1, 200, true, 0},
		{"grey-lzw.tif", 1, 200, false, 0}, {"colour.tif", 1, 200, false, 0}, {"g4-three.tif", 3, 200, true, 0},
		{"g4.pdf", 1, 200, true, 0}, {"grey-flate.pdf", 1, 200, false, 0}, {"colour-flate.pdf", 1, 200, false, 0}, {"jpeg-two.pdf", 2, 200, false, 2},
	} {
		t.Run(c.file, func(t *testing.T) {
			ps, err := pages(t, fixture(t, c.file), Default)
			if err != nil || len(ps) != c.pages {
				t.Fatalf("%d pages, %v", len(ps), err)
			}
			for i, p := range ps {
				if p.Problem != nil {
					t.Fatalf("page %d: %v", p.Number, p.Problem)
				}
				expect := want
				if i == 1 {
					expect = turned(want, true, true)
				} else if i == 2 {
					expect = turned(want, false, true)
				}
				if d := far(p.Gray, expect); d > c.far {
					t.Errorf("page %d differs by %.2f", p.Number, d)
				}
				if p.Number != i+1 || p.Bitonal != c.bitonal || p.DPI < c.dpi*0.98 || p.DPI > c.dpi*1.02 {
					t.Errorf("page %d: bitonal %v, %.1f dpi", p.Number, p.Bitonal, p.DPI)
				}
			}
		})
	}
}

// huge is a PNG header that claims a size, with nothing behind it.
func huge(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	d := make([]byte, 17)
	copy(d, "IHDR")
	binary.BigEndian.PutUint32(d[4:], w)
	binary.BigEndian.PutUint32(d[8:], h)
	d[12], d[13] = 8, 0
	_ = binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(d)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(d))
	return b.Bytes()
}

// hugeTIFF claims a size in each of its fields.
func hugeTIFF(w, h, compression uint32) []byte {
	var b bytes.Buffer
	b.WriteString("II*\x00\x08\x00\x00\x00")
	tags := [][2]uint32{{256, w}, {257, h}, {258, 1}, {259, compression}, {262, 0}, {273, 8}, {278, h}, {279, 100}}
	_ = binary.Write(&b, binary.LittleEndian, uint16(len(tags)))
	for _, tag := range tags {
		_ = binary.Write(&b, binary.LittleEndian, uint16(tag[0]))
		_ = binary.Write(&b, binary.LittleEndian, uint16(4))
		_ = binary.Write(&b, binary.LittleEndian, uint32(1))
		_ = binary.Write(&b, binary.LittleEndian, tag[1])
	}
	b.Write(make([]byte, 200))
	return b.Bytes()
}

// TestClaims: a page that claims 100,000 × 100,000 is refused by its header,
// and nothing of that size is ever allocated.
func TestClaims(t *testing.T) {
	small := fixture(t, "grey.jpg")
	big := bytes.Clone(small)
	at := bytes.Index(big, []byte("\xff\xc0"))
	if at < 0 {
		t.Fatal("no frame header")
	}
	binary.BigEndian.PutUint16(big[at+5:], 65000)
	binary.BigEndian.PutUint16(big[at+7:], 65000)
	pdf := bytes.Replace(fixture(t, "g4.pdf"), []byte("/Width 330"), []byte("/Width 99999999"), 1)
	for name, data := range map[string][]byte{
		"png": huge(100_000, 100_000), "jpeg": big, "tiff": hugeTIFF(100_000, 100_000, 1), "g4": hugeTIFF(100_000, 100_000, 4),
		"thin": huge(2_000_000, 2), "tiff wraps": hugeTIFF(0xffffffff, 0xffffffff, 1), "pdf": pdf,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ps, err := pages(t, data, Default)
		runtime.ReadMemStats(&after)
		if err == nil && (len(ps) != 1 || ps[0].Problem == nil || ps[0].Gray != nil) {
			t.Errorf("%s was taken", name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
			t.Errorf("%s: %d MB were allocated", name, n>>20)
		}
	}
}

// TestRefused: what cannot be taken says in plain Vietnamese what to do.
func TestRefused(t *testing.T) {
	letters := fpdf.New("P", "mm", "A4", "")
	letters.AddPage()
	letters.SetFont("Times", "", 12)
	letters.Text(20, 20, "no picture")
	var text bytes.Buffer
	if err := letters.Output(&text); err != nil {
		t.Fatal(err)
	}
	fax := bytes.Clone(fixture(t, "g4.pdf"))
	jbig := bytes.ReplaceAll(fax, []byte("/CCITTFaxDecode"), []byte("/JBIG2Decode   "))
	jpx := bytes.ReplaceAll(fax, []byte("/CCITTFaxDecode"), []byte("/JPXDecode     "))
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"nothing", nil, "trống"},
		{"a text file", []byte("phiếu bầu"), "chỉ nhận PNG, JPEG, TIFF và PDF"},
		{"JBIG2 file", []byte("\x97JB2\r\n\x1a\n0000000000"), "tắt “nén cao"},
		{"JPEG 2000 file", []byte("\x00\x00\x00\x0cjP  \r\n\x87\n0000"), "JPEG 2000"},
		{"JBIG2 TIFF", hugeTIFF(100, 100, 34661), "JBIG2"},
		{"JPEG 2000 TIFF", hugeTIFF(100, 100, 34712), "JPEG 2000"},
		{"JBIG2 PDF", jbig, "JBIG2"},
		{"JPEG 2000 PDF", jpx, "JPEG 2000"},
		{"PDF of letters", text.Bytes(), "không phải ảnh quét"},
		{"half a PNG", fixture(t, "grey.png")[:300], "hỏng"},
		{"half a JPEG", fixture(t, "grey.jpg")[:700], "hỏng"},
		{"half a PDF", fixture(t, "g4.pdf")[:300], "hỏng"},
	} {
		ps, err := pages(t, c.data, Default)
		var bad *Problem
		if !errors.As(err, &bad) && len(ps) == 1 {
			bad = ps[0].Problem
		}
		if bad == nil || !strings.Contains(bad.VI, c.says) || bad.EN == "" {
			t.Errorf("%s: %+v, %v", c.name, bad, err)
		}
	}
}

// TestOnePageDamaged: the other pages of a file are not lost with it.
func TestOnePageDamaged(t *testing.T) {
	data := bytes.Clone(fixture(t, "g4-three.tif"))
	second := binary.LittleEndian.Uint32(data[4:])
	n := binary.LittleEndian.Uint16(data[second:])
	second = binary.LittleEndian.Uint32(data[second+2+uint32(n)*12:])
	for i := range uint32(binary.LittleEndian.Uint16(data[second:])) {
		if e := data[second+2+i*12:]; binary.LittleEndian.Uint16(e) == tagCompression {
			binary.LittleEndian.PutUint16(e[8:], 34661)
		}
	}
	ps, err := pages(t, data, Default)
	if err != nil || len(ps) != 3 {
		t.Fatalf("%d pages, %v", len(ps), err)
	}
	var got []bool
	for _, p := range ps {
		got = append(got, p.Problem == nil)
	}
	if d := cmp.Diff([]bool{true, false, true}, got); d != "" {
		t.Error(d)
	}
}

// TestCircle: directories that point back do not run for ever, and too many
// pages end the walk.
func TestCircle(t *testing.T) {
	data := bytes.Clone(fixture(t, "g4.tif"))
	first := binary.LittleEndian.Uint32(data[4:])
	n := uint32(binary.LittleEndian.Uint16(data[first:]))
	binary.LittleEndian.PutUint32(data[first+2+n*12:], first)
	if ps, err := pages(t, data, Default); err == nil || len(ps) != 1 {
		t.Errorf("%d pages, %v", len(ps), err)
	}
	lim := Default
	lim.Pages = 2
	if ps, err := pages(t, fixture(t, "g4-three.tif"), lim); err == nil || len(ps) != 2 {
		t.Errorf("%d pages, %v", len(ps), err)
	}
}

// TestOutOfTime: a page whose bytes come too slowly is given up.
func TestOutOfTime(t *testing.T) {
	lim := Default
	lim.Time = -time.Second
	for _, name := range []string{"grey.png", "grey.jpg", "g4.tif"} {
		ps, err := pages(t, fixture(t, name), lim)
		if err != nil || len(ps) != 1 || ps[0].Problem == nil || !strings.Contains(ps[0].Problem.VI, "thời gian") {
			t.Errorf("%s: %v, %v", name, ps, err)
		}
	}
}

// TestCalleeStops: an error of the callee ends the walk as it is.
func TestCalleeStops(t *testing.T) {
	stop := errors.New("stop")
	data := fixture(t, "g4-three.tif")
	n := 0
	err := Each(bytes.NewReader(data), int64(len(data)), Default, func(*Page) error { n++; return stop })
	if err != stop || n != 1 {
		t.Errorf("%d calls, %v", n, err)
	}
}

// TestGray: kinds of pictures agree with the standard library's grey, and what
// is transparent is paper.
func TestGray(t *testing.T) {
	r := image.Rect(0, 0, 31, 17)
	rgba, nrgba, wide := image.NewRGBA(r), image.NewNRGBA(r), image.NewRGBA64(r)
	for y := range 17 {
		for x := range 31 {
			c := color.NRGBA{uint8(x * 8), uint8(y * 15), uint8(x * y), 255}
			rgba.Set(x, y, c)
			nrgba.Set(x, y, c)
			wide.Set(x, y, c)
		}
	}
	nrgba.SetNRGBA(3, 3, color.NRGBA{0, 0, 0, 0})
	for _, img := range []image.Image{rgba, nrgba, wide} {
		g := Gray(img)
		for y := range 17 {
			for x := range 31 {
				want := int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
				if _, _, _, a := img.At(x, y).RGBA(); a == 0 {
					want = 255
				}
				if got := int(g.GrayAt(x, y).Y); got > want+1 || got+1 < want { // rounding
					t.Fatalf("%T at %d,%d: %d, want %d", img, x, y, got, want)
				}
			}
		}
	}
}

// fuzz hands on bytes that begin as one kind of file does, from fixtures of that
// kind and a page that claims 100,000 × 100,000: no panic, and no page beyond its
// bounds, whatever the bytes.
func fuzz(f *testing.F, claims []byte, kinds ...string) {
	n := 0
	for _, kind := range kinds {
		files, err := filepath.Glob("testdata/*." + kind)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
			n++
		}
	}
	if n == 0 {
		f.Fatal("no fixture of this kind")
	}
	if claims != nil {
		f.Add(claims)
	}
	lim := Limits{Bytes: 1 << 20, PDF: 1 << 20, Side: 2000, Pixels: 1_000_000, Pages: 20, Time: 5 * time.Second}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		_ = Each(bytes.NewReader(data), int64(len(data)), lim, func(p *Page) error {
			n++
			if p.Number != n || n > lim.Pages {
				t.Fatalf("page %d comes as number %d", n, p.Number)
			}
			if (p.Gray == nil) == (p.Problem == nil) {
				t.Fatal("a page has a picture or a problem")
			}
			if g := p.Gray; g != nil {
				if bad := bounded(g.Rect.Dx(), g.Rect.Dy(), lim); bad != nil {
					t.Fatal(bad)
				}
				_ = g.Pix[(g.Rect.Dy()-1)*g.Stride+g.Rect.Dx()-1]
			}
			return nil
		})
	})
}

// FuzzEach: every kind of file a scanner writes; FuzzPDF, FuzzTIFF (fax G3 and
// G4 with it), FuzzJPEG and FuzzPNG stay with one decoder each.
func FuzzEach(f *testing.F) {
	fuzz(f, hugeTIFF(100_000, 100_000, 4), "pdf", "tif", "jpg", "png")
}

func FuzzPDF(f *testing.F) {
	data, err := os.ReadFile("testdata/g4.pdf")
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, bytes.Replace(data, []byte("/Width 330"), []byte("/Width 100000"), 1), "pdf")
}

func FuzzTIFF(f *testing.F) { fuzz(f, hugeTIFF(100_000, 100_000, 4), "tif") }

func FuzzJPEG(f *testing.F) { fuzz(f, nil, "jpg") }

func FuzzPNG(f *testing.F) { fuzz(f, huge(100_000, 100_000), "png") }

// BenchmarkDecode is the baseline of reading: the bare opening of an A4 page at
// 200 dpi.
func BenchmarkDecode(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 1654, 2339))
	for i := range img.Pix {
		img.Pix[i] = uint8(230 + (i*7+i/1000)%20)
		if i/6616%40 < 6 && i%300 < 200 {
			img.Pix[i] = 40
		}
	}
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, img, nil), png.Encode(&p, Gray(img))); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"jpeg24": j.Bytes(), "png8": p.Bytes()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := pages(b, data, Default); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
