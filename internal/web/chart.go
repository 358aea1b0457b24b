package web

import (
	"fmt"
	"math"
	"strings"
)

// Track is one bar inside a row of the page's own making (bar list of a
// contest): Share is 0 to 1 of the full width; Line is where the threshold
// stands, 0 to 1, negative for none. Drawn by "bar-track"; the number stands
// beside it as text, so the picture itself is hidden from screen readers.
type Track struct {
	Share, Threshold float64
	Class            string // elected, passed or empty
}

// Width is the filled part of 1000.
func (t Track) Width() string { return coord(1000 * clamp(t.Share)) }

// Line is the place of the threshold of 1000; empty when there is none.
func (t Track) Line() string {
	if t.Threshold <= 0 {
		return ""
	}
	return coord(1000 * clamp(t.Threshold))
}

// Bars is a chart of horizontal bars with an optional threshold line. Make it
// with newBars; draw it with "chart-bars", beside its table.
type Bars struct {
	ID, Title, Desc string
	Width, Height   int
	Left, Span      int
	Rows            []BarRow
	LineX, LineNote string
	LineTop         int
}

// BarRow is one bar with its name and written value.
type BarRow struct {
	Name, Value, Class string
	Y, TextY           int
	W                  string
}

// Bar is what a caller gives for one row.
type Bar struct {
	Name  string
	Share float64 // 0 to 1 of the axis
	Value string  // as written for people
	Class string
}

// newBars lays the bars out; threshold is 0 to 1 of the axis, 0 for none.
func newBars(id, title, desc string, threshold float64, note string, bars []Bar) *Bars {
	const left, span, width, step = 124, 210, 400, 26
	c := &Bars{ID: id, Title: title, Desc: desc, Left: left, Span: span, Width: width}
	top := 4
	if threshold > 0 {
		top = 20
		c.LineX, c.LineNote, c.LineTop = coord(left+span*clamp(threshold)), note, 15
	}
	for i, b := range bars {
		y := top + i*step
		c.Rows = append(c.Rows, BarRow{Name: short(b.Name, 17), Value: b.Value, Class: b.Class, Y: y, TextY: y + 12, W: coord(span * clamp(b.Share))})
	}
	c.Height = top + len(bars)*step
	return c
}

// Lines is a chart of one or more lines over equal steps. Make it with
// newLines; draw it with "chart-lines", beside its table.
type Lines struct {
	ID, Title, Desc string
	Width, Height   int
	Left, LabelX    int
	TickY           int
	Grid            []gridLine
	Series          []seriesLine
	Ticks           []tick
}

type gridLine struct {
	Y, TextY int
	Text     string
}
type seriesLine struct{ Class, Points string }
type tick struct {
	X    string
	Text string
}

// Line is what a caller gives for one series: whole numbers from 0.
type Line struct {
	Class  string // a, b or c
	Values []int64
}

// newLines lays the lines out; lang writes the numbers on the axis.
func newLines(lang, id, title, desc string, labels []string, lines []Line) *Lines {
	const left, width, top, bottom, height = 56, 400, 8, 152, 178
	c := &Lines{ID: id, Title: title, Desc: desc, Left: left, LabelX: left - 8, Width: width, Height: height, TickY: height - 8}
	var highest int64 = 1
	for _, l := range lines {
		for _, v := range l.Values {
			highest = max(highest, v)
		}
	}
	step := niceStep(highest)
	limit := (highest + step - 1) / step * step
	y := func(v int64) float64 { return bottom - float64(v)/float64(limit)*(bottom-top) }
	for v := int64(0); v <= limit; v += step {
		c.Grid = append(c.Grid, gridLine{Y: int(y(v)), TextY: int(y(v)) + 4, Text: number(lang, v)})
	}
	x := func(i, n int) float64 {
		if n < 2 {
			return left
		}
		return left + 10 + float64(i)/float64(n-1)*(width-left-40)
	}
	for _, l := range lines {
		var pts []string
		for i, v := range l.Values {
			pts = append(pts, coord(x(i, len(l.Values)))+","+coord(y(v)))
		}
		c.Series = append(c.Series, seriesLine{l.Class, strings.Join(pts, " ")})
	}
	for i, t := range labels {
		c.Ticks = append(c.Ticks, tick{coord(x(i, len(labels))), t})
	}
	return c
}

// niceStep makes about four grid lines at 1, 2 or 5 times a power of ten.
func niceStep(highest int64) int64 {
	rough := float64(highest) / 4
	p := math.Pow(10, math.Floor(math.Log10(math.Max(rough, 1))))
	for _, m := range []float64{1, 2, 5, 10} {
		if m*p >= rough {
			return max(1, int64(m*p))
		}
	}
	return max(1, int64(p))
}

func clamp(f float64) float64 { return math.Min(1, math.Max(0, f)) }

func coord(f float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", f), ".0") }

// short cuts a name that would run into its bar; the table has it in full.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
