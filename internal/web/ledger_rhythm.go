package web

import (
	"sort"
	"strings"
	"time"

	"minhbach/internal/store"
)

// rhythmDays is how far back the pictures on the checkpoint page look.
const rhythmDays = 14

// rhythm is what was recorded lately: by day and by room, each as a picture
// with its table.
type rhythm struct {
	Days   *Lines
	Rooms  *Bars
	ByDay  []dayCount
	ByRoom []roomCount
	Total  int64
}

type dayCount struct {
	Day   string
	Count int64
}

type roomCount struct {
	Room  string
	Count int64
}

// rhythm counts the entries of the last days. Times only grow with the index,
// so the first entry is found by halving and the rest is one range.
func (c *Call) rhythm(tx *store.Tx) (*rhythm, error) {
	today := c.Today()
	start := today.AddDays(1 - rhythmDays)
	since := time.Date(start.Year, start.Month, start.Day, 0, 0, 0, 0, zone).UTC()
	first, err := c.firstEntry(tx, since)
	if err != nil {
		return nil, err
	}
	days, rooms := map[string]int64{}, map[string]int64{}
	rows, err := tx.Query(c.Ctx(), `SELECT substr(at, 1, 13), kind, COUNT(*) FROM ledger_index WHERE idx >= $1 GROUP BY substr(at, 1, 13), kind`, first)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	r := &rhythm{}
	for rows.Next() {
		var hour, kind string
		var n int64
		if err := rows.Scan(&hour, &kind, &n); err != nil {
			return nil, err
		}
		at, err := time.Parse("2006-01-02T15", hour)
		if err != nil {
			return nil, err
		}
		room, _, _ := strings.Cut(kind, ".")
		days[at.In(zone).Format(time.DateOnly)] += n
		rooms[room] += n
		r.Total += n
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var labels []string
	line := Line{Class: "a"}
	for i := range rhythmDays {
		d := start.AddDays(i)
		n := days[d.String()]
		r.ByDay = append(r.ByDay, dayCount{dayText(c.Lang, d), n})
		line.Values = append(line.Values, n)
		label := ""
		if i%3 == 1 {
			label = shortDay(d.Day, int(d.Month))
		}
		labels = append(labels, label)
	}
	for room, n := range rooms {
		r.ByRoom = append(r.ByRoom, roomCount{c.TK("room", room), n})
	}
	sort.Slice(r.ByRoom, func(i, j int) bool {
		a, b := r.ByRoom[i], r.ByRoom[j]
		return a.Count > b.Count || a.Count == b.Count && a.Room < b.Room
	})
	var bars []Bar
	for _, x := range r.ByRoom {
		bars = append(bars, Bar{Name: x.Room, Share: float64(x.Count) / float64(max(1, r.ByRoom[0].Count)), Value: number(c.Lang, x.Count), Class: "elected"})
	}
	desc := c.s.messages.count(c.Lang, "rhythm.desc", r.Total, dayText(c.Lang, start), dayText(c.Lang, today))
	r.Days = newLines(c.Lang, "rhythm-days", c.T("rhythm.days"), desc, labels, []Line{line})
	r.Rooms = newBars("rhythm-rooms", c.T("rhythm.rooms"), desc, 0, "", bars)
	return r, nil
}

// firstEntry is the index of the first entry recorded at or after t.
func (c *Call) firstEntry(tx *store.Tx, t time.Time) (int64, error) {
	want := t.Format("2006-01-02T15:04:05.000Z")
	lo, hi := int64(0), c.s.desk.Head()+1
	for lo < hi {
		mid := (lo + hi) / 2
		var at string
		if err := tx.QueryRow(c.Ctx(), `SELECT at FROM ledger_index WHERE idx = $1`, mid).Scan(&at); err != nil {
			return 0, err
		}
		if at < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, nil
}
