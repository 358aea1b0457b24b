package document_test

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/document"
	"minhbach/internal/paper"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// ballotOf designs a ballot with every kind of letter the work knows.
func ballotOf(t *testing.T, n int, o paper.Options) *paper.Layout {
	t.Helper()
	given := []string{"Phượng", "Ẩn", "Quỳnh", "Đạt", "Ngữ", "Thuỷ", "Lượng", "Ước", "Kđăm", "Yến"}
	family := []string{"Nguyễn Thị", "Trần Văn", "Điểu Lê", "H'Ngăm Niê", "Võ Đặng", "Hồ Sỹ", "Ỷ Lý", "Đỗ", "Ngô Bảo", "Huỳnh Tấn"}
	rec := &vote.Record{ID: "mau/in-phieu", Rules: "party-election/committee", Date: vn.MustDate("2025-09-15"), Seats: new(int64)}
	*rec.Seats = int64(max(1, n-n/8))
	for i := range n {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: family[i%10] + " " + given[(i+i/10)%10]})
	}
	o.Title = "Bầu Ban Chấp hành Đảng bộ tỉnh khóa XVIII, nhiệm kỳ 2025–2030"
	o.Organisation, o.Upper = "Đại hội đại biểu lần thứ XVIII", "Đảng bộ tỉnh Lâm Giang"
	l, err := paper.Design(rec, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestBallotPDFIsTheRaster: Poppler's picture of the PDF and the program's own
// raster of the layout show the same ballot, so that the reader knows which ink
// is print.
func TestBallotPDFIsTheRaster(t *testing.T) {
	for _, c := range []struct {
		n int
		o paper.Options
	}{
		{9, paper.Options{Form: "strike", Paper: "A5"}},
		{80, paper.Options{Form: "strike", Paper: "A4", Marks: true}},
		{30, paper.Options{Form: "agree", Paper: "A5", Marks: true}},
	} {
		l := ballotOf(t, c.n, c.o)
		var pdf bytes.Buffer
		if err := document.Ballots(&pdf, l, 2); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "ballots.pdf")
		if err := os.WriteFile(file, pdf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("pdftoppm", "-r", "150", "-gray", "-png", file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
			t.Fatalf("pdftoppm: %v\n%s", err, out)
		}
		pages, err := filepath.Glob(filepath.Join(dir, "p-*.png"))
		if err != nil || len(pages) != 2*l.Sides {
			t.Fatalf("%d pages of 2 copies of %d sides (%v)", len(pages), l.Sides, err)
		}
		for i, name := range pages {
			side := i%l.Sides + 1
			got, want := readGray(t, name), paper.Render(l, side, 150)
			mean, stray := difference(got, want)
			// Poppler blackens the edges of letters a little more and sets thin
			// lines on whole pixels; no ink may stand where the other has none
			// within one pixel, a sixth of a millimetre.
			if mean > 6 || stray > 20 {
				t.Errorf("%d names, %s %s, side %d: the PDF is not the raster: mean %.3f, %d stray pixels", c.n, c.o.Form, c.o.Paper, side, mean, stray)
			}
			// The check can fail: the same raster three tenths of a millimetre
			// lower is not the PDF.
			moved := image.NewGray(want.Rect)
			draw.Draw(moved, moved.Rect, image.White, image.Point{}, draw.Src)
			draw.Draw(moved, moved.Rect.Add(image.Pt(0, 2)), want, image.Point{}, draw.Src)
			if m, s := difference(got, moved); m < 1.5*mean || s < 2000 {
				t.Errorf("a raster 0.3 mm lower passes for the PDF: mean %.3f of %.3f, %d stray pixels", m, mean, s)
			}
		}
	}
}

func readGray(t *testing.T, name string) *image.Gray {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img, img.Bounds().Min, draw.Src)
	return g
}

// difference is the mean distance of two pictures, and how many pixels are
// clearly ink in one while the other has no ink within one pixel of them.
func difference(a, b *image.Gray) (mean float64, stray int) {
	w, h := min(a.Rect.Dx(), b.Rect.Dx()), min(a.Rect.Dy(), b.Rect.Dy())
	near := func(g *image.Gray, x, y int) bool {
		for j := max(0, y-1); j <= min(h-1, y+1); j++ {
			for i := max(0, x-1); i <= min(w-1, x+1); i++ {
				if g.Pix[j*g.Stride+i] < 215 {
					return true
				}
			}
		}
		return false
	}
	sum := 0
	for y := range h {
		for x := range w {
			p, q := a.Pix[y*a.Stride+x], b.Pix[y*b.Stride+x]
			sum += max(int(p)-int(q), int(q)-int(p))
			if p < 90 && !near(b, x, y) || q < 90 && !near(a, x, y) {
				stray++
			}
		}
	}
	return float64(sum) / float64(w*h), stray
}

// TestBallotsAreAlike: nothing on a ballot leads to a voter. All copies are the
// same page, and the file says no time, number or machine.
func TestBallotsAreAlike(t *testing.T) {
	l := ballotOf(t, 12, paper.Options{Paper: "A5", Marks: true})
	var one, two bytes.Buffer
	if err := document.Ballots(&one, l, 40); err != nil {
		t.Fatal(err)
	}
	if err := document.Ballots(&two, l, 40); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two prints of the same ballots differ")
	}
	out := pdfText(t, one.Bytes())
	pages := strings.Split(strings.TrimSuffix(out, "\f"), "\f")
	if len(pages) != 40 {
		t.Fatalf("%d pages of 40 ballots", len(pages))
	}
	for i, p := range pages {
		if p != pages[0] {
			t.Errorf("ballot %d differs from the first", i+1)
		}
	}
	for _, name := range []string{"Nguyễn Thị Phượng", "H'Ngăm Niê Đạt", "ĐẢNG CỘNG SẢN VIỆT NAM", "gạch một đường thẳng ngang"} {
		if !strings.Contains(pages[0], name) {
			t.Errorf("%q is not on the ballot:\n%s", name, pages[0])
		}
	}
	for _, n := range []int{0, -1, document.MaxCopies + 1} {
		if err := document.Ballots(&two, l, n); err == nil {
			t.Errorf("%d copies were printed", n)
		}
	}
}

func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}
