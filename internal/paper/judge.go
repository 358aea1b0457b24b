package paper

import (
	_ "embed"
	"encoding/json"
	"math"
)

// thresholds are where a reading turns from one outcome to another. They come
// from a measured set (see docs/ballots.md) and stand in a file, never from the
// sheet that is being read. Ink is in 1/255 of the darkness of print.
type thresholds struct {
	AddedFloor      int     `json:"added_floor"`       // ink above the print's own that is taken for nothing
	PrintGain       float64 `json:"print_gain"`        // how much darker than drawn print may be at its edges
	PrintGainBW     float64 `json:"print_gain_bw"`     // the same where the scanner knows black and white only
	Hit             int     `json:"hit"`               // ink of a line, mean along 1 mm
	FaintHit        int     `json:"faint_hit"`         // ink of a line that is hardly there
	FaintRun        float64 `json:"faint_run_mm"`      // at most: length of such a line, clear
	Strong          int     `json:"strong"`            // ink of a point that belongs to a mark
	ClearCover      float64 `json:"clear_cover"`       // at most: share of the name a line runs along, clear
	ClearRun        float64 `json:"clear_run_mm"`      // at most: longest piece of line, clear
	ClearArea       float64 `json:"clear_area_mm2"`    // at most: added ink, clear
	StruckSpan      float64 `json:"struck_span"`       // at least: share of the name's width between the ends of the line, struck
	StruckSpanFree  float64 `json:"struck_span_free"`  // or so much of the width,
	StruckCoverFree float64 `json:"struck_cover_free"` // when so much of what print leaves free shows a line
	StruckCover     float64 `json:"struck_cover"`      // at least: share of that where a line shows, struck
	StruckGap       float64 `json:"struck_gap_mm"`     // at most: longest gap, struck
	StruckInside    float64 `json:"struck_inside"`     // at least: share of the line that runs through the letters
	StruckOff       float64 `json:"struck_off_mm2"`    // at most: ink away from the line
	StruckOffShare  float64 `json:"struck_off_share"`  // or at most this share of all added ink
	StruckDark      float64 `json:"struck_dark"`       // at least: mean ink of the line
	ScribbleBand    float64 `json:"scribble_band"`     // at least: share of the name's columns inked, scribbled over
	ScribbleSpan    float64 `json:"scribble_span"`     // and at least this share of its width,
	ScribbleCover   float64 `json:"scribble_cover"`    // and this share of the way between the ends
	DoubleEm        float64 `json:"double_em"`         // at most: how far a second line reaches, in sizes of the letters
	HiddenMost      float64 `json:"hidden_most"`       // at most: share of the name under print along the line
	EmptyBox        float64 `json:"empty_box_mm2"`     // at most: ink in an empty box
	MarkBox         float64 `json:"mark_box_mm2"`      // at least: ink in a marked box
	MarkBoxSpan     float64 `json:"mark_box_mm"`       // at least: width and height of a mark
	MarkBoxShare    float64 `json:"mark_box_share"`    // at least: share of a mark inside its box
	SpillShare      float64 `json:"spill_share"`       // at most: share of a cross that reaches into the other box
	Writing         float64 `json:"writing_mm2"`       // at least: ink outside the targets that a person sees
	Beside          float64 `json:"beside_mm2"`        // the same within a row
	LeastMatch      float64 `json:"least_match"`       // coarse correlation of a side
	LeastAgree      float64 `json:"least_agree"`       // share of the anchors found
	LeastName       float64 `json:"least_name_match"`  // correlation of a printed name
	DarkPaper       float64 `json:"dark_paper"`        // light of the paper below which a page is dark
}

// expected is the ink that print may leave where it is drawn with ink e.
func (th *thresholds) expected(bitonal bool) *[256]int32 {
	gain := th.PrintGain
	if bitonal {
		gain = th.PrintGainBW
	}
	var lut [256]int32
	for e := range lut {
		lut[e] = int32(min(255, float64(e)*gain)) + int32(th.AddedFloor)
	}
	return &lut
}

//go:embed thresholds.json
var thresholdFile []byte

func readThresholds() (*thresholds, error) {
	t := &thresholds{}
	return t, json.Unmarshal(thresholdFile, t)
}

// Causes why a person must look at one name.
const (
	LookPartial    = "partial"    // the line covers part of the name only
	LookAside      = "aside"      // ink above, below or beside the name
	LookCorrection = "correction" // a line and more ink with it
	LookFaint      = "faint"      // hardly visible
	LookSmall      = "small"      // a dot or a short stroke
	LookCovered    = "covered"    // a seal, stain or fold lies over it
	LookUnsure     = "unsure"     // the place could not be found well enough
)

// Mark is what one name's place shows.
type Mark struct {
	Is    string  // MarkClear, MarkStruck, … or MarkDoubtful
	Look  string  // why a person must look, when doubtful
	Score float64 // how sure of a mark: 0 surely none, 1 surely one
}

// zone is one name's surroundings at the fine scale: ink that is there, and ink
// that print explains.
type zone struct {
	x0, y0, w, h int // on the likeness's fine plane
	added        []uint8
	free         []uint8 // 1 where print leaves the paper free
	name         [4]int  // left, top, right, bottom of the name within the zone
	base, em     float64
}

// sum of ink at least as strong, in mm².
func (z *zone) area(strong int) float64 {
	n := 0
	for _, v := range z.added {
		if int(v) >= strong {
			n++
		}
	}
	return float64(n) / (fineScale * fineScale)
}

// trace is the path along which most added ink runs from left to right.
type trace struct {
	y      []int // by column
	v      []int // ink along it, mean of 1 mm
	hidden []bool
}

// run finds the path: from column to column it moves one point up or down at
// most, and pays for moving.
func (z *zone) run() *trace {
	w, h := z.w, z.h
	// The mean along a millimetre, of what print leaves free; nothing where
	// print hides nearly all of it.
	smooth := make([]uint8, w*h)
	const half, least = 3, 2
	for y := range h {
		row, free, out := z.added[y*w:][:w], z.free[y*w:][:w], smooth[y*w:][:w]
		sum, n := 0, 0
		for x := range min(half, w) {
			sum += int(row[x]) & -int(free[x])
			n += int(free[x])
		}
		for x := range w {
			if k := x + half; k < w {
				sum += int(row[k]) & -int(free[k])
				n += int(free[k])
			}
			if k := x - half - 1; k >= 0 {
				sum -= int(row[k]) & -int(free[k])
				n -= int(free[k])
			}
			if n >= least {
				out[x] = uint8(sum / n)
			}
		}
	}
	const pay = 6
	cost := make([]int32, h)
	next := make([]int32, h)
	from := make([]int8, w*h)
	for y := range h {
		cost[y] = int32(smooth[y*w])
	}
	for x := 1; x < w; x++ {
		for y := range h {
			best, step := cost[y], int8(0)
			if y > 0 && cost[y-1]-pay > best {
				best, step = cost[y-1]-pay, -1
			}
			if y < h-1 && cost[y+1]-pay > best {
				best, step = cost[y+1]-pay, 1
			}
			next[y] = best + int32(smooth[y*w+x])
			from[y*w+x] = step
		}
		cost, next = next, cost
	}
	t := &trace{y: make([]int, w), v: make([]int, w), hidden: make([]bool, w)}
	end := 0
	for y := range h {
		if cost[y] > cost[end] {
			end = y
		}
	}
	for x := w - 1; x >= 0; x-- {
		t.y[x] = end
		m := 0
		for y := max(0, end-1); y <= min(h-1, end+1); y++ {
			m = max(m, int(smooth[y*w+x]))
		}
		t.v[x] = m
		hid := 0
		for y := max(0, end-1); y <= min(h-1, end+1); y++ {
			if z.free[y*w+x] == 0 {
				hid++
			}
		}
		t.hidden[x] = hid >= 2
		if x > 0 {
			end += int(from[end*w+x])
		}
	}
	return t
}

// traits are what a judgement of a line through a name rests on.
type traits struct {
	area, along, off    float64 // mm² of added ink: all, near the path, away from it
	faint               float64 // longest piece of line that is hardly there, mm
	cover, gap, longest float64 // share of the name's free columns; mm
	span                float64 // from the first to the last piece of line, share of the name's width
	inner               float64 // cover between them
	inside, hidden      float64
	dark                float64
	offW, offH          float64 // how far ink away from the path spreads
	em                  float64 // size of the letters, mm
	band                float64 // share of the name's columns with any added ink over the letters
}

func (z *zone) traits(th *thresholds) traits {
	var f traits
	f.area = z.area(th.Strong)
	if f.area < 0.12 && z.area(th.FaintHit) < 0.5 {
		return f
	}
	f.em = z.em / fineScale
	t := z.run()
	left, right := max(0, z.name[0]), min(z.w-1, z.name[2])
	hit, in, dark := 0, 0, 0
	upper, lower := z.base-0.64*z.em, z.base+0.03*z.em
	// Where ink surely runs: pieces of at least two thirds of a millimetre.
	on := make([]bool, z.w)
	first, last := -1, -1
	for x, run := left, 0; x <= right+1; x++ {
		if x <= right && t.v[x] >= th.Hit {
			run++
			continue
		}
		if run >= 3 {
			for k := x - run; k < x; k++ {
				on[k] = true
			}
			if first < 0 {
				first = x - run
			}
			last = x - 1
			f.longest = max(f.longest, float64(run)/fineScale)
		}
		run = 0
	}
	if first >= 0 {
		f.span = float64(last-first+1) / float64(right-left+1)
	}
	for x := left; x <= right; x++ {
		if !on[x] {
			continue
		}
		hit++
		dark += t.v[x]
		if y := float64(t.y[x]); y >= upper && y <= lower {
			in++
		}
	}
	for x, run := left, 0; x <= right; x++ {
		if run++; t.v[x] < th.FaintHit {
			run = 0
		}
		f.faint = max(f.faint, float64(run)/fineScale)
	}
	if hit > 0 {
		f.inside, f.dark = float64(in)/float64(hit), float64(dark)/float64(hit)
	}
	// Between those pieces a line must go on wherever print leaves paper free:
	// looked at along the way from piece to piece, and straight on beyond the
	// ends.
	level := z.level(t, on, left, right)
	miss, inner, innerHit, gap, hid := 0, 0, 0, 0, 0
	for x := left; x <= right; x++ {
		if on[x] {
			gap = 0
			inner, innerHit = inner+1, innerHit+1
			continue
		}
		clear, inked := 0, false
		for y := max(0, level[x]-2); y <= min(z.h-1, level[x]+2); y++ {
			clear += int(z.free[y*z.w+x])
			inked = inked || z.free[y*z.w+x] == 1 && int(z.added[y*z.w+x]) >= th.Hit
		}
		if clear < 3 || inked {
			// Under print, or a slit between letters too narrow to be sure of,
			// but dark: it tells nothing, neither way.
			hid++
			continue
		}
		miss++
		if x > first && x < last {
			inner++
			gap++
			f.gap = max(f.gap, float64(gap)/fineScale)
		}
	}
	if hit+miss > 0 {
		f.cover = float64(hit) / float64(hit+miss)
	}
	if inner > 0 {
		f.inner = float64(innerHit) / float64(inner)
	}
	f.hidden = float64(hid) / float64(right-left+1)
	// Ink near the path and away from it.
	reach := int(math.Round(0.9 * fineScale))
	along, off := 0, 0
	x0, y0, x1, y1 := z.w, z.h, -1, -1
	covered, open := 0, 0
	top, bottom := int(z.base-0.7*z.em), int(z.base+0.1*z.em)
	for x := range z.w {
		any, free := false, 0
		for y := range z.h {
			if y >= top && y <= bottom {
				free += int(z.free[y*z.w+x])
			}
			if int(z.added[y*z.w+x]) < th.Strong {
				continue
			}
			if y >= top && y <= bottom {
				any = true
			}
			if d := y - t.y[x]; t.v[x] >= th.Hit && d >= -reach && d <= reach {
				along++
				continue
			}
			off++
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
		if x >= left && x <= right && (any || free > 4) {
			open++
			if any {
				covered++
			}
		}
	}
	f.along, f.off = float64(along)/(fineScale*fineScale), float64(off)/(fineScale*fineScale)
	if off > 0 {
		f.offW, f.offH = float64(x1-x0+1)/fineScale, float64(y1-y0+1)/fineScale
	}
	f.band = float64(covered) / float64(max(open, 1))
	return f
}

// level is the height of a line at every column: the path where ink runs,
// from piece to piece between them, and the last height beyond the ends.
func (z *zone) level(t *trace, on []bool, left, right int) []int {
	out := make([]int, z.w)
	prev := -1
	for x := left; x <= right; x++ {
		if !on[x] {
			continue
		}
		out[x] = t.y[x]
		if prev < 0 {
			for k := left; k < x; k++ {
				out[k] = t.y[x]
			}
		} else {
			for k := prev + 1; k < x; k++ {
				out[k] = t.y[prev] + (t.y[x]-t.y[prev])*(k-prev)/(x-prev)
			}
		}
		prev = x
	}
	if prev < 0 {
		for k := left; k <= right; k++ {
			out[k] = int(z.base - 0.3*z.em)
		}
		return out
	}
	for k := prev + 1; k <= right; k++ {
		out[k] = t.y[prev]
	}
	return out
}

// judgeStrike decides from how added ink runs through a name.
func judgeStrike(f traits, th *thresholds) Mark {
	score := min(1, f.span*f.inner*min(1, f.dark/th.StruckDark))
	switch {
	case f.area <= th.ClearArea && f.cover <= th.ClearCover && f.longest <= th.ClearRun,
		f.area < 0.12 && f.cover == 0:
		if f.faint > th.FaintRun {
			return Mark{MarkDoubtful, LookFaint, score}
		}
		return Mark{Is: MarkClear, Score: min(score, 0.2)}
	case f.band >= th.ScribbleBand && f.span >= th.ScribbleSpan && f.inner >= th.ScribbleCover &&
		f.inside >= th.StruckInside && f.dark >= th.StruckDark && f.offH <= 1.25*f.em && f.off > 2:
		// The whole name is scribbled over, and only the name.
		return Mark{Is: MarkStruck, Score: 1}
	case f.inner >= th.StruckCover && f.gap <= th.StruckGap &&
		(f.span >= th.StruckSpan || f.span >= th.StruckSpanFree && f.cover >= th.StruckCoverFree):
		switch {
		case f.inside < th.StruckInside:
			return Mark{MarkDoubtful, LookAside, score}
		case f.dark < th.StruckDark:
			return Mark{MarkDoubtful, LookFaint, score}
		case f.hidden > th.HiddenMost:
			return Mark{MarkDoubtful, LookUnsure, score}
		case f.offH <= th.DoubleEm*f.em: // a second line beside the first
		case f.off > th.StruckOff && f.off > th.StruckOffShare*(f.along+f.off):
			return Mark{MarkDoubtful, LookCorrection, score}
		}
		return Mark{Is: MarkStruck, Score: max(score, 0.8)}
	case f.area <= 3 && f.longest < 3:
		return Mark{MarkDoubtful, LookSmall, score}
	case f.cover >= 0.25 && f.inside >= 0.5:
		return Mark{MarkDoubtful, LookPartial, score}
	}
	return Mark{MarkDoubtful, LookAside, score}
}
