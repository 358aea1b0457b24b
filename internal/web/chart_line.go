package web

import (
	"strconv"

	"minhbach/internal/vn"
)

// Career is a life of work as a picture: lanes of bars and points over years.
// Make it with newCareer; draw it with "chart-career", beside its table.
type Career struct {
	ID, Title, Desc string
	Width, Height   int
	Lanes           []careerLane
	Rows            []careerRow
	Ticks           []careerTick
	TickTop, TickY  int
	NowX            string
}

type careerLane struct {
	Text string
	Y    int
}

type careerRow struct {
	Text, Anchor, Class string
	X, W, TextX         string
	Y, TextY, Mid       int
	Point, Open         bool
}

type careerTick struct{ X, Text string }

// CareerItem is what a caller gives: a span, or a point when To is the same day.
type CareerItem struct {
	Lane, Text, Class string
	From, To          vn.Date // To zero: goes on
	Point             bool
}

// newCareer lays the items out over the years up to a day; items of one lane
// follow each other.
func newCareer(id, title, desc string, on vn.Date, items []CareerItem) *Career {
	const width, left, right, rowHeight, laneHeight, top = 900, 24, 16, 34, 26, 26
	c := &Career{ID: id, Title: title, Desc: desc, Width: width, TickTop: top - 6, TickY: 14}
	if len(items) == 0 {
		return c
	}
	first := items[0].From.Year
	for _, i := range items {
		first = min(first, i.From.Year)
	}
	last := on.Year + 1
	x := func(d vn.Date) float64 {
		years := float64(d.Year-first) + float64(d.Month-1)/12 + float64(d.Day-1)/372
		return left + clamp(years/float64(last-first))*(width-left-right)
	}
	step := 1
	for (last-first)/step > 12 {
		step++
	}
	if step > 2 {
		step = (step + 4) / 5 * 5
	}
	for y := (first + step - 1) / step * step; y < last; y += step {
		c.Ticks = append(c.Ticks, careerTick{coord(x(vn.Date{Year: y, Month: 1, Day: 1})), strconv.Itoa(y)})
	}
	y, lane := top, ""
	for _, i := range items {
		if i.Lane != lane {
			lane = i.Lane
			c.Lanes = append(c.Lanes, careerLane{lane, y + 17})
			y += laneHeight
		}
		to, open := i.To, i.To.IsZero()
		if open || on.Before(to) {
			to = on
		}
		from := x(i.From)
		r := careerRow{Text: short(i.Text, 96), Class: i.Class, X: coord(from), W: coord(max(4, x(to)-from)), Point: i.Point, Open: open && !i.Point, Y: y + 18, TextY: y + 14, Mid: y + 23, TextX: coord(from), Anchor: "start"}
		if from > width*0.42 { // the words end where the bar ends, so that they stay in the picture
			r.Anchor, r.TextX = "end", coord(max(x(to), from+4))
			if i.Point {
				r.TextX = coord(from + 5)
			}
		}
		c.Rows = append(c.Rows, r)
		y += rowHeight
	}
	c.NowX, c.Height = coord(x(on)), y+6
	return c
}
