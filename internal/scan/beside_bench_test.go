//go:build linux

package scan_test

import (
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/scan"
)

// besideSheets is how many scans each program is given.
const besideSheets = 100

// BenchmarkBesideAMC is the reading of ballots beside Debian's
// auto-multiple-choice, each on its own sheets: A4, 30 rows of two boxes, 100
// scans at 200 dpi with the defects of an office scanner, as grey PNG. It runs
// where that program is installed and says in one line where it is not.
//
// The two do not do the same. AMC finds four black corner marks and a number of
// boxes in the head of its page, lays the page on by them and measures how black
// each box is; what a box means is decided in a later step, not measured. Ours
// has no marks to go by (they are off unless the office wants them), compares the
// page with its own rendering, judges every mark, looks for writing elsewhere and
// binds the readings.
func BenchmarkBesideAMC(b *testing.B) {
	for _, need := range []string{"auto-multiple-choice", "pdflatex", "pdftoppm"} {
		if _, err := exec.LookPath(need); err != nil {
			b.Logf("%s is not installed: nothing is compared with auto-multiple-choice", need)
			return
		}
	}
	dir := b.TempDir()
	theirs := newAMC(b, filepath.Join(dir, "amc"))
	l := ballotOf30(b, paper.FormAgree)
	m := papertest.NewMaker(l, 200)
	var ours []string
	for n := range uint64(besideSheets) {
		s := m.Sheet(papertest.Tune, n, papertest.Ordinary, papertest.Office)
		ours = append(ours, writePNG(b, filepath.Join(dir, fmt.Sprintf("ours-%03d.png", n)), s.Sides[0]))
		theirs.scan(n, s.Defects[0])
	}
	reader, err := paper.NewReader(l)
	if err != nil {
		b.Fatal(err)
	}
	report := func(b *testing.B, took, cpu time.Duration) {
		b.ReportMetric(besideSheets/took.Seconds(), "pages/s")
		b.ReportMetric(float64(cpu.Microseconds())/1000/besideSheets, "cpu-ms/page")
		b.ReportMetric(0, "ns/op")
	}
	for _, cores := range []int{1, 2} {
		b.Run(fmt.Sprintf("ours/cores%d", cores), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			for b.Loop() {
				start, cpu := time.Now(), processor()
				people := readPNGs(b, reader, ours)
				report(b, time.Since(start), processor()-cpu)
				b.ReportMetric(float64(people), "to-people")
			}
		})
		b.Run(fmt.Sprintf("amc/cores%d", cores), func(b *testing.B) {
			for b.Loop() {
				took, cpu := theirs.analyse(cores)
				report(b, took, cpu)
			}
		})
	}
}

// readPNGs reads files of one sheet each and says how many wait for people.
func readPNGs(b *testing.B, reader *paper.Reader, names []string) (people int) {
	var files []scan.File
	for _, name := range names {
		files = append(files, scan.File{Open: func() (io.ReaderAt, int64, func(), error) {
			f, err := os.Open(name)
			if err != nil {
				return nil, 0, nil, err
			}
			st, err := f.Stat()
			return f, st.Size(), func() { f.Close() }, err
		}})
	}
	binder, got := paper.NewBinder(reader, false), 0
	err := scan.Pile(context.Background(), files, scan.Default,
		func(_ int, p *scan.Page) (*paper.Side, error) { return reader.ReadSide(p.Gray, 200), nil },
		func(s scan.Seen[*paper.Side]) error {
			if s.Problem != nil {
				return s.Problem
			}
			for _, r := range binder.Add(paper.Shot{SideRef: paper.SideRef{File: names[s.File], Page: 1}, Of: 1, Side: s.Value}) {
				if r.Status == paper.StatusRefused {
					return fmt.Errorf("%s is refused: %s", names[s.File], r.ReasonEN)
				}
				if got++; r.Status != paper.StatusRead {
					people++
				}
			}
			return nil
		})
	if err != nil || got != len(names) {
		b.Fatalf("%d of %d: %v", got, len(names), err)
	}
	return people
}

func writePNG(tb testing.TB, path string, g *image.Gray) string {
	tb.Helper()
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, g); err != nil {
		tb.Fatal(err)
	}
	return path
}

// amc is a project of auto-multiple-choice with one sheet, which all voters get.
type amc struct {
	b     *testing.B
	dir   string
	blank *image.Gray
	boxes []image.Rectangle // of the choices, at 200 dpi, row by row
	files []string
	truth [][]bool // by scan and box: blackened
}

func (a *amc) run(name string, arg ...string) *exec.Cmd {
	a.b.Helper()
	cmd := exec.Command(name, arg...)
	cmd.Dir = a.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		a.b.Fatalf("%s %s: %v\n%s", name, strings.Join(arg, " "), err, out[max(0, len(out)-2000):])
	}
	return cmd
}

// each asks a data file of the project, row by row.
func (a *amc) each(file, query string, row func(v []float64)) {
	a.b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(a.dir, "data", file)+"?mode=ro")
	if err != nil {
		a.b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		a.b.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		a.b.Fatal(err)
	}
	v, to := make([]float64, len(cols)), make([]any, len(cols))
	for i := range v {
		to[i] = &v[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			a.b.Fatal(err)
		}
		row(v)
	}
	if err := rows.Err(); err != nil {
		a.b.Fatal(err)
	}
}

// newAMC lets AMC make its sheet and lay it out.
func newAMC(b *testing.B, dir string) *amc {
	b.Helper()
	a := &amc{b: b, dir: dir}
	for _, d := range []string{"data", "cr", "scans"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	var tex strings.Builder
	tex.WriteString("\\documentclass[a4paper]{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n\\usepackage{multicol}\n\\usepackage[box]{automultiplechoice}\n\\begin{document}\n\\onecopy{1}{\n\\begin{multicols}{2}\n")
	for i := range 30 {
		fmt.Fprintf(&tex, "\\begin{question}{row%d}Candidate number %d\\begin{choiceshoriz}[o]\\correctchoice{Yes}\\wrongchoice{No}\\end{choiceshoriz}\\end{question}\n", i+1, i+1)
	}
	tex.WriteString("\\end{multicols}\n}\n\\end{document}\n")
	if err := os.WriteFile(filepath.Join(dir, "sheet.tex"), []byte(tex.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	a.run("auto-multiple-choice", "prepare", "--mode", "s", "--with", "pdflatex", "--filter", "latex", "--prefix", dir+"/", "--data", dir+"/data",
		"--out-sujet", dir+"/sheet.pdf", "--out-corrige", dir+"/solution.pdf", "--out-calage", dir+"/sheet.xy", "sheet.tex")
	a.run("auto-multiple-choice", "meptex", "--src", dir+"/sheet.xy", "--data", dir+"/data")
	a.run("pdftoppm", "-r", "200", "-gray", "-png", "-singlefile", "sheet.pdf", "blank")
	f, err := os.Open(filepath.Join(dir, "blank.png"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		b.Fatal(err)
	}
	a.blank = scan.Gray(img)
	pages := 0
	a.each("layout.sqlite", `SELECT student FROM layout_page`, func([]float64) { pages++ })
	a.each("layout.sqlite", `SELECT b.xmin * 200 / p.dpi, b.ymin * 200 / p.dpi, b.xmax * 200 / p.dpi, b.ymax * 200 / p.dpi FROM layout_box b JOIN layout_page p ON p.student = b.student AND p.page = b.page WHERE b.role = 1 ORDER BY b.question, b.answer`,
		func(v []float64) {
			a.boxes = append(a.boxes, image.Rect(int(v[0]), int(v[1]), int(v[2]), int(v[3])))
		})
	if pages != 1 || len(a.boxes) != 60 {
		b.Fatalf("the sheet has %d pages and %d boxes", pages, len(a.boxes))
	}
	return a
}

// scan fills a sheet, one box a row, and scans it with the same defects as ours.
func (a *amc) scan(n uint64, d papertest.Defects) {
	r := rand.New(rand.NewPCG(n, 7))
	page := image.NewGray(a.blank.Rect)
	copy(page.Pix, a.blank.Pix)
	black := make([]bool, len(a.boxes))
	for i := 0; i < len(a.boxes); i += 2 {
		k := i + r.IntN(2)
		black[k] = true
		for q, y := a.boxes[k], a.boxes[k].Min.Y; y < q.Max.Y; y++ {
			for x := q.Min.X; x < q.Max.X; x++ {
				page.Pix[y*page.Stride+x] = uint8(40 + r.IntN(30))
			}
		}
	}
	a.truth = append(a.truth, black)
	a.files = append(a.files, writePNG(a.b, filepath.Join(a.dir, "scans", fmt.Sprintf("s%03d.png", n)), d.Apply(r, page, nil, 200)))
}

// analyse captures every scan with so many processes, and holds that all were
// captured and every box measured as it was filled.
func (a *amc) analyse(cores int) (took, cpu time.Duration) {
	a.b.Helper()
	if err := os.Remove(filepath.Join(a.dir, "data", "capture.sqlite")); err != nil && !os.IsNotExist(err) {
		a.b.Fatal(err)
	}
	list := filepath.Join(a.dir, "list")
	if err := os.WriteFile(list, []byte(strings.Join(a.files, "\n")+"\n"), 0o644); err != nil {
		a.b.Fatal(err)
	}
	start := time.Now()
	cmd := a.run("auto-multiple-choice", "analyse", "--projet", a.dir, "--data", a.dir+"/data", "--cr", a.dir+"/cr", "--multiple", "--pre-allocate", "1", "--n-procs", fmt.Sprint(cores), "--liste-fichiers", list)
	took, cpu = time.Since(start), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	pages, boxes, wrong := 0, 0, 0
	a.each("capture.sqlite", `SELECT student FROM capture_page`, func([]float64) { pages++ })
	a.each("capture.sqlite", `SELECT copy, id_a, id_b, 1.0 * black / total FROM capture_zone WHERE type = 4`, func(v []float64) {
		boxes++
		if c := int(v[0]) - 1; c >= 0 && c < len(a.truth) && a.truth[c][2*int(v[1])+int(v[2])-3] != (v[3] > 0.5) {
			wrong++
		}
	})
	if pages != besideSheets || boxes != 60*besideSheets || wrong > 0 {
		a.b.Fatalf("AMC captured %d pages and %d boxes, %d not as filled", pages, boxes, wrong)
	}
	return took, cpu
}
