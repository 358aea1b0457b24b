package paper_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
)

// run is one line of the measure: who fills in, how it is scanned.
type measureRun struct {
	name, says string
	form       string
	sheet      func(*papertest.Maker, uint64) *papertest.Sheet
	most       float64 // share sent to a person that is promised, 0: none is
}

func measureRuns() []measureRun {
	var runs []measureRun
	for _, form := range []string{paper.FormStrike, paper.FormAgree} {
		for _, sc := range []struct {
			name, says string
			scanner    papertest.Scanner
			most       float64
		}{
			{"office", "máy quét văn phòng", papertest.Office, 0.002},
			{"phone", "ảnh điện thoại", papertest.Phone, 0.02},
			{"feeder", "máy quét cũ: lệch, vệt, nếp gấp", papertest.Feeder, 0},
		} {
			runs = append(runs, measureRun{sc.name, sc.says, form, func(m *papertest.Maker, k uint64) *papertest.Sheet {
				return m.Sheet(papertest.Measure, k, papertest.Ordinary, sc.scanner)
			}, sc.most})
		}
	}
	for _, f := range papertest.Fixtures() {
		runs = append(runs, measureRun{"fixture " + f.Name, f.Says, paper.FormStrike, func(m *papertest.Maker, k uint64) *papertest.Sheet {
			return f.Make(m, papertest.Measure, k)
		}, 0})
	}
	return runs
}

// positions is how many names the measure looks at: few in the tests, 300,000
// in the bench, 3,000,000 in the soak.
func positions() int {
	if n, err := strconv.Atoi(os.Getenv("MINHBACH_BALLOT_POSITIONS")); err == nil && n > 0 {
		return n
	}
	return 5_000
}

// TestMeasure reads sheets of seeds that no threshold was tuned on. Nothing may
// be read wrong without being sent to a person. With MINHBACH_BALLOT_RECORD it
// also writes the table of docs/ballots.md.
func TestMeasure(t *testing.T) {
	total := positions()
	runs := measureRuns()
	l := map[string]*paper.Layout{
		paper.FormStrike: ballot(t, "measure/strike", 48, paper.FormStrike, "A4", ""),
		paper.FormAgree:  ballot(t, "measure/agree", 24, paper.FormAgree, "A4", ""),
	}
	start := time.Now()
	var rows []string
	all, wrong := 0, 0
	for _, run := range runs {
		share := total * 6 / 7 / 6 // the scanners take six sevenths, the fixtures the rest
		if strings.HasPrefix(run.name, "fixture") {
			share = total / 7 / (len(runs) - 6)
		}
		n := max(1, share/len(l[run.form].Candidates))
		s := many(t, l[run.form], 150, papertest.Measure, 1_000_000, n, run.name, run.sheet)
		all, wrong = all+s.names, wrong+s.wrong
		if s.wrong > 0 {
			t.Errorf("%s %s: %v", run.form, run.name, s)
		}
		sent := float64(s.sent) / float64(max(1, s.names-s.odd))
		if run.most > 0 && s.names > 2000 && sent > run.most {
			t.Errorf("%s %s: %.3f%% sent to a person, more than %.1f%%: %v", run.form, run.name, 100*sent, 100*run.most, s)
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %d | %d | %d | %d | %.2g | %.3f %% |", run.form, run.name, run.says, s.sheets, s.refused, s.names, s.wrong, bound(s.names), 100*sent))
		t.Logf("%s %s: %d sheets, %d refused, %d names, %d wrong, %.3f%% sent, %d missed, %d alarms", run.form, run.name, s.sheets, s.refused, s.names, s.wrong, 100*sent, s.missed, s.alarm)
	}
	t.Logf("%d names, %d wrong, 95%% bound %.2g, %v", all, wrong, bound(all), time.Since(start).Round(time.Second))
	if file := os.Getenv("MINHBACH_BALLOT_RECORD"); file != "" {
		record(t, file, rows, all, wrong, time.Since(start))
	}
}

// record writes the table and its chart.
func record(t *testing.T, file string, rows []string, all, wrong int, took time.Duration) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "# Reading ballots, as measured\n\nMade by `make bench-ballots`. Seeds of the set *measure* from 1,000,000 on; thresholds (`internal/paper/thresholds.json`) were tuned on the set *tune* alone. Lists of 48 names (strike) and 24 names (agree) on A4, 150 dpi.\n\n")
	fmt.Fprintf(&b, "**%d names read, %d wrong without being sent to a person; with 95 %% confidence fewer than 1 in %d.** %s on %d cores.\n\n", all, wrong, int(1/bound(all)), took.Round(time.Second), runtime.NumCPU())
	b.WriteString("“Sent” is the share of names voted as the ballot asks that a person must look at; odd marks (half a line, a tick) are sent by right and not counted there. A refused sheet is scanned again or counted by hand; none of its names is read.\n\n![Share of names sent to a person, by defect](ballots.svg)\n\n")
	b.WriteString("| form | sheets | what | sheets | refused | names read | wrong | bound 95 % | sent |\n|---|---|---|---:|---:|---:|---:|---:|---:|\n")
	b.WriteString(strings.Join(rows, "\n") + "\n\n" + limits)
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(strings.TrimSuffix(file, filepath.Ext(file))+".svg", []byte(chart(rows)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// limits are what the measure has shown that reading cannot do.
const limits = `## What it cannot see

- Pencil that a black-and-white scan has already lost: nothing is left on the picture. Scan in grey; the program cannot tell such a name from one left on.
- Half a line of some three millimetres that lies wholly within the print of one or two letters: about one in seventy of the half lines drawn by *odd-marks* hands on short names was read as no mark. Ordinary lines through a name are not concerned.
- Two-dimensional fax G3, JBIG2 and JPEG 2000 are refused with the scanner setting to change.
`

// chart draws the share sent as bars.
func chart(rows []string) string {
	type bar struct {
		name string
		v    float64
	}
	var bars []bar
	for _, r := range rows {
		c := strings.Split(r, "|")
		v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(c[9]), "%")), 64)
		if err != nil {
			continue
		}
		bars = append(bars, bar{strings.TrimSpace(c[1]) + " · " + strings.TrimSpace(c[2]), v})
	}
	most := 0.1
	for _, x := range bars {
		most = max(most, x.v)
	}
	slices.SortStableFunc(bars, func(a, b bar) int { return strings.Compare(a.name, b.name) })
	var b strings.Builder
	h := 20*len(bars) + 30
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" role=\"img\" aria-label=\"Share of names sent to a person, by defect\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"760\" height=\"%d\" fill=\"#ffffff\"/>\n", h, h)
	for i, x := range bars {
		y := 20 + 20*i
		fmt.Fprintf(&b, "<text x=\"230\" y=\"%d\" text-anchor=\"end\" fill=\"#333333\">%s</text><rect x=\"240\" y=\"%d\" width=\"%.1f\" height=\"12\" fill=\"#9b1c1c\"/><text x=\"%.1f\" y=\"%d\" fill=\"#333333\">%.3f %%</text>\n", y+10, x.name, y, 420*x.v/most, 246+420*x.v/most, y+10, x.v)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
