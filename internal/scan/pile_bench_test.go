//go:build linux

package scan_test

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/scan"
)

// distinct is how many sheets of a pile are filled and scanned anew: what is
// measured is opening, reading and binding, which is done on every page.
const distinct = 24

// ballotOf30 is an A4 ballot of 30 names.
func ballotOf30(tb testing.TB, form string) *paper.Layout {
	tb.Helper()
	var b strings.Builder
	seats := map[string]int{paper.FormStrike: 25, paper.FormAgree: 30}[form]
	fmt.Fprintf(&b, `{"id":"bench/pile","rules":"party-election/committee","date":"2025-08-01","seats":%d,"ballots":{},"votes":{},"candidates":[`, seats)
	family, given := strings.Fields("Nguyễn Trần Lê Phạm Hoàng"), strings.Fields("An Bình Chi Dũng Giang Hạnh")
	for i := range 30 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"c%d","order":%d,"name":"%s Văn %s"}`, i+1, i+1, family[i%5], given[i%6])
	}
	fmt.Fprintf(&b, `],"ballot":{"form":%q,"paper":"A4","title":"Bầu Ban Chấp hành Đảng bộ","organisation":"ĐẢNG BỘ XÃ MẪU"}}`, form)
	rec, opt, err := paper.ParseContest([]byte(b.String()))
	if err != nil {
		tb.Fatal(err)
	}
	l, err := paper.Design(rec, opt)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// pileTIFF writes a file of n pages, in grey, packed by deflate.
// The pages of one sheet share its lower part as it lies in the file and differ
// in the specks of the first rows, so that no picture comes twice.
func pileTIFF(tb testing.TB, path string, sheets []*image.Gray, n, dpi int) {
	tb.Helper()
	const top = 40
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w, at := bufio.NewWriterSize(f, 1<<20), uint32(0)
	put := func(b []byte) (from, length uint32) {
		from, length = at, uint32(len(b))
		if _, err := w.Write(b); err != nil {
			tb.Fatal(err)
		}
		at += length
		return from, length
	}
	packed := func(rows []byte) []byte {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		if _, err := z.Write(rows); err != nil {
			tb.Fatal(err)
		}
		if err := z.Close(); err != nil {
			tb.Fatal(err)
		}
		return b.Bytes()
	}
	put([]byte("II*\x00\x08\x00\x00\x00"))
	// A thumbnail first, which the walk passes over; its link to the first page is
	// set when that is known.
	const first = 2 + 12 + 4
	link := make([]byte, first)
	binary.LittleEndian.PutUint16(link, 1)
	copy(link[2:], []byte{254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0})
	put(link)
	type strip struct{ from, length uint32 }
	lower := make([][]strip, len(sheets))
	for i, g := range sheets {
		g = tight(g)
		sheets[i] = g
		for y := top; y < g.Rect.Dy(); y += top {
			from, length := put(packed(g.Pix[y*g.Stride : min(y+top, g.Rect.Dy())*g.Stride]))
			lower[i] = append(lower[i], strip{from, length})
		}
	}
	begin := at
	for k := range n {
		g := sheets[k%len(sheets)]
		rows := bytes.Clone(g.Pix[:top*g.Stride])
		for bit := range 16 {
			for d := range 36 {
				if k>>bit&1 == 1 {
					rows[(20+d/6)*g.Stride+40+10*bit+d%6] = 190
				}
			}
		}
		data := packed(rows)
		strips := append([]strip{{0, uint32(len(data))}}, lower[k%len(sheets)]...)
		const tags = 10
		dir := uint32(2 + 12*tags + 4)
		lists := dir + 8
		strips[0].from = at + lists + uint32(8*len(strips))
		var b bytes.Buffer
		word := func(vs ...any) {
			for _, v := range vs {
				_ = binary.Write(&b, binary.LittleEndian, v)
			}
		}
		word(uint16(tags))
		for _, t := range [tags - 1][3]uint32{{256, 1, uint32(g.Rect.Dx())}, {257, 1, uint32(g.Rect.Dy())}, {258, 1, 8}, {259, 1, 8}, {262, 1, 1},
			{273, uint32(len(strips)), at + lists}, {277, 1, 1}, {278, 1, top}, {279, uint32(len(strips)), at + lists + uint32(4*len(strips))}} {
			word(uint16(t[0]), uint16(4), t[1], t[2])
		}
		word(uint16(282), uint16(5), uint32(1), at+dir)
		next := at + lists + uint32(8*len(strips)) + uint32(len(data))
		if k == n-1 {
			next = 0
		}
		word(next, uint32(dpi), uint32(1))
		for _, s := range strips {
			word(s.from)
		}
		for _, s := range strips {
			word(s.length)
		}
		b.Write(data)
		put(b.Bytes())
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	binary.LittleEndian.PutUint32(link[first-4:], begin)
	if _, err := f.WriteAt(link, 8); err != nil {
		tb.Fatal(err)
	}
}

// tight is a picture whose rows follow each other without a gap.
func tight(g *image.Gray) *image.Gray {
	o := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := range g.Rect.Dy() {
		copy(o.Pix[y*o.Stride:], g.Pix[y*g.Stride:][:o.Stride])
	}
	return o
}

// watch samples the memory of this program: the most that the system holds for
// it, and the most that lives on its heap, beside what did before.
func watch() (end func() (rssMB, heapMB float64)) {
	rss := func() float64 {
		data, err := os.ReadFile("/proc/self/statm")
		if err != nil {
			panic(err)
		}
		n, err := strconv.Atoi(strings.Fields(string(data))[1])
		if err != nil {
			panic(err)
		}
		return float64(n*os.Getpagesize()) / (1 << 20)
	}
	heap := func() float64 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return float64(s.HeapAlloc) / (1 << 20)
	}
	debug.FreeOSMemory()
	rss0, heap0 := rss(), heap()
	stop := make(chan struct{})
	var busy sync.WaitGroup
	var most, mostHeap float64
	busy.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				most, mostHeap = max(most, rss()), max(mostHeap, heap())
			}
		}
	})
	return func() (float64, float64) {
		close(stop)
		busy.Wait()
		return max(0, most-rss0), max(0, mostHeap-heap0)
	}
}

func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPile is the pile of a whole congress in one file, opened, read and
// bound to ballots as the program does it: 500 sheets on one core and on two, and
// 5,000 on two, which must need the memory of 500. Processor time a sheet is what
// other work on the machine changes least; sheets a second say how it grows with
// cores on an idle one.
func BenchmarkPile(b *testing.B) {
	l := ballotOf30(b, paper.FormStrike)
	reader, err := paper.NewReader(l)
	if err != nil {
		b.Fatal(err)
	}
	m := papertest.NewMaker(l, 200)
	var sheets []*image.Gray
	for n := range uint64(distinct) {
		sheets = append(sheets, m.Sheet(papertest.Tune, n, papertest.Ordinary, papertest.Office).Sides[0])
	}
	m = nil
	dir := b.TempDir()
	file := map[int]string{}
	for _, n := range []int{500, 5000} {
		file[n] = filepath.Join(dir, fmt.Sprintf("%d.tif", n))
		pileTIFF(b, file[n], sheets, n, 200)
	}
	sheets = nil
	for _, c := range []struct{ n, cores int }{{500, 1}, {500, 2}, {5000, 2}} {
		b.Run(fmt.Sprintf("sheets%d/cores%d", c.n, c.cores), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.cores))
			for b.Loop() {
				end := watch()
				start, cpu := time.Now(), processor()
				read, doubtful := readPile(b, reader, file[c.n], c.n)
				took, worked := time.Since(start), processor()-cpu
				rss, heap := end()
				if read+doubtful != c.n {
					b.Fatalf("%d sheets read and %d for people, of %d", read, doubtful, c.n)
				}
				b.ReportMetric(float64(c.n)/took.Seconds(), "sheets/s")
				b.ReportMetric(float64(worked.Microseconds())/1000/float64(c.n), "cpu-ms/sheet")
				b.ReportMetric(float64(worked)/float64(took), "cores-had")
				b.ReportMetric(rss, "peak-RSS-MB")
				b.ReportMetric(heap, "peak-heap-MB")
				b.ReportMetric(float64(doubtful), "to-people")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// readPile reads one file of one-sided sheets; a refused one ends the test.
func readPile(tb testing.TB, reader *paper.Reader, path string, n int) (read, doubtful int) {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	st, err := f.Stat()
	if err != nil {
		tb.Fatal(err)
	}
	binder := paper.NewBinder(reader, false)
	err = scan.Pile(context.Background(), []scan.File{{Open: func() (io.ReaderAt, int64, func(), error) { return f, st.Size(), func() { f.Close() }, nil }}}, scan.Default,
		func(_ int, p *scan.Page) (*paper.Side, error) { return reader.ReadSide(p.Gray, p.DPI), nil },
		func(s scan.Seen[*paper.Side]) error {
			if s.Problem != nil {
				return s.Problem
			}
			for _, r := range binder.Add(paper.Shot{SideRef: paper.SideRef{File: path, Page: s.Page}, Of: n, Side: s.Value}) {
				switch r.Status {
				case paper.StatusRead:
					read++
				case paper.StatusRefused:
					return fmt.Errorf("page %d is refused: %s", s.Page, r.ReasonEN)
				default:
					doubtful++
				}
			}
			return nil
		})
	if err != nil {
		tb.Fatal(err)
	}
	return read, doubtful
}

// TestPileOfManySheets: a pile of a few hundred pages in one file is read to its
// last page with the memory of a few pages.
func TestPileOfManySheets(t *testing.T) {
	const n = 60
	l := ballotOf30(t, paper.FormStrike)
	reader, err := paper.NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	m := papertest.NewMaker(l, 110)
	sheets := []*image.Gray{m.Sheet(papertest.Tune, 1, papertest.Ordinary, papertest.Perfect).Sides[0]}
	path := filepath.Join(t.TempDir(), "pile.tif")
	pileTIFF(t, path, sheets, n, 110)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if read, doubtful := readPile(t, reader, path, n); read+doubtful != n {
		t.Errorf("%d and %d of %d sheets", read, doubtful, n)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 6<<20 {
		t.Errorf("%d KB are kept", kept>>10)
	}
}
