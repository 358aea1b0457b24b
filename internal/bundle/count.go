package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/ledger"
)

// The kinds of a count that minutes tell of.
const (
	kindSheet    = "ballotbox.sheet-settled/1"
	kindSheets   = "ballotbox.sheets-listed/1"
	kindRead     = "ballotbox.reading-handed-in/1"
	kindCompared = "ballotbox.readings-compared/1"
	kindDoubt    = "ballotbox.doubtful-decided/1"
	kindPiles    = "ballotbox.piles-made/1"
	kindResolved = "ballotbox.incident-resolved/1"
	blockListed  = "sealed-sheets"
	blockDoubt   = "sealed-decision"
)

// tally is what the entries told of the counting of one box.
type tally struct {
	settled map[string]map[string]bool // by pile: pictures a person settled
	lists   map[int64]listed           // by entry
	after   map[int64]int64            // reading of a scan → the list behind it
	readBy  map[int64]readOf
	matched map[int64]readOf
	doubts  map[int64]decided
	counted
}

// counted is what minutes must tell of a count: all of it ends with a recount.
type counted struct {
	sizes   []int64            // ballots of pile 1, 2, …
	scans   map[int64]int64    // by pile: the reading of its scan
	decided map[[2]int64]int64 // by pile and number: the entry that decided the ballot last
}

type listed struct {
	pile   int64
	sheets []sheetLine // nil while it is sealed
}

type sheetLine struct {
	Picture string   `json:"picture"`
	Why     string   `json:"why"`
	Marks   []string `json:"marks"`
	Says    string   `json:"says"`
	Cause   string   `json:"cause"`
}

func (a sheetLine) same(b sheetLine) bool {
	return a.Picture == b.Picture && a.Why == b.Why && slices.Equal(a.Marks, b.Marks) && a.Says == b.Says && a.Cause == b.Cause
}

// readOf is a reading of a pile, or the comparison of its readings.
type readOf struct {
	Box     string `json:"box"`
	Pile    int64  `json:"pile"`
	Station int64  `json:"station"`
	Attempt int64  `json:"attempt"`
	Kind    string `json:"kind"`
	Agreed  bool   `json:"agreed"`
}

type decided struct {
	items [][2]int64
	said  map[string]struct {
		Valid  bool   `json:"valid"`
		Cause  string `json:"cause"`
		Reason string `json:"reason"`
	} // nil while it is sealed
}

func (l *law) tally(box string) *tally {
	t := l.tallies[box]
	if t == nil {
		t = &tally{lists: map[int64]listed{}, after: map[int64]int64{}, readBy: map[int64]readOf{}, matched: map[int64]readOf{}, doubts: map[int64]decided{}}
		t.anew()
		l.tallies[box] = t
	}
	return t
}

// anew forgets what a recount makes void.
func (t *tally) anew() {
	t.settled, t.counted = map[string]map[string]bool{}, counted{scans: map[int64]int64{}, decided: map[[2]int64]int64{}}
}

// counting follows the counting of a box.
func (l *law) counting(e ledger.Entry, blocks []ledger.Block) {
	var b struct {
		readOf
		Picture string `json:"picture"`
		Undo    bool   `json:"undo"`
		Sheets  int    `json:"sheets"`
		Items   []struct{ Pile, N int64 }
		Sizes   []int64 `json:"sizes"`
		Choice  string  `json:"choice"`
	}
	bad := func(vi, en string, args ...any) { l.minutes.fail(Failure{e.Index, "", say(vi, en, args...)}) }
	if err := json.Unmarshal(e.Body, &b); err != nil || !slices.ContainsFunc(e.Subjects, func(s ledger.Link) bool { return s.ID == "ballotbox/"+b.Box }) {
		bad("mục kiểm phiếu không đúng mẫu", "the entry of a count is not of the form")
		return
	}
	t := l.tally(b.Box)
	pile := fmt.Sprint(b.Pile)
	switch e.Kind {
	case kindResolved:
		if b.Choice == "recount" {
			t.anew()
		}
	case kindPiles:
		t.sizes = b.Sizes
	case kindSheet:
		if t.settled[pile] == nil {
			t.settled[pile] = map[string]bool{}
		}
		if t.settled[pile][b.Picture] = true; b.Undo {
			delete(t.settled[pile], b.Picture)
		}
	case kindRead:
		t.readBy[e.Index] = b.readOf
		if b.Kind == "scan" {
			t.after[e.Index], t.scans[b.Pile] = -1, e.Index
		}
	case kindCompared:
		t.matched[e.Index] = b.readOf
	case kindDoubt:
		d := decided{}
		for _, it := range b.Items {
			item := [2]int64{it.Pile, it.N}
			d.items, t.decided[item] = append(d.items, item), e.Index
		}
		for _, k := range blocks {
			if k.Name == blockDoubt && json.Unmarshal(k.Content, &d.said) != nil {
				bad("quyết định về phiếu nghi vấn không đọc được", "the decision on doubtful ballots cannot be read")
			}
		}
		t.doubts[e.Index] = d
	case kindSheets:
		x := listed{pile: b.Pile}
		for _, k := range blocks {
			if k.Name == blockListed && json.Unmarshal(k.Content, &x.sheets) != nil {
				bad("danh sách tờ phiếu quét không đọc được", "the list of scanned sheets cannot be read")
			}
		}
		if r, ok := t.readBy[e.Index-1]; !ok || r.Kind != "scan" || r.Pile != b.Pile {
			bad("danh sách tờ phiếu quét không đứng ngay sau lượt quét của tập", "the list of scanned sheets does not stand right behind the scan of its pile")
		} else {
			t.after[e.Index-1] = e.Index
		}
		t.lists[e.Index] = x
		l.listing(e, t.settled[pile], x, b.Sheets)
	}
}

// listing holds the list of a pile against the decisions on its sheets.
func (l *law) listing(e ledger.Entry, settled map[string]bool, x listed, n int) {
	l.minutes.Done++
	if len(settled) != n || x.sheets != nil && len(x.sheets) != n {
		l.minutes.fail(Failure{e.Index, "", say("danh sách ghi %d tờ phiếu quét, người kiểm phiếu đã quyết định %d tờ", "the list has %d scanned sheets, people settled %d", n, len(settled))})
		return
	}
	for i, s := range x.sheets {
		if !settled[s.Picture] || i > 0 && s.Picture <= x.sheets[i-1].Picture {
			l.minutes.fail(Failure{e.Index, "", say("tờ phiếu quét %s trong danh sách chưa có ai quyết định, hoặc đứng sai chỗ", "nobody settled the scanned sheet %s of the list, or it stands in the wrong place", clip(s.Picture))})
		}
	}
}

// toldReading is a reading of a pile as minutes tell of it.
type toldReading struct {
	Kind           string
	Station, Entry int64
}

// toldDoubt is a doubtful ballot as minutes tell of it.
type toldDoubt struct {
	Pile, N, Entry int64
	Valid          bool
	Cause, Reason  string
}

// told holds what minutes tell of the count of their contest, whose box it is,
// against the entries of the box, where the bundle has them: nothing else, and
// nothing less.
func (l *law) told(e ledger.Entry, box string, model []byte) {
	var m struct {
		Count *struct {
			Box   string
			Piles []struct {
				Pile, Size, Attempt int64
				Agreed              int64
				Readings            []toldReading
			}
			Sheets []struct {
				sheetLine
				Pile, Entry int64
			}
			Doubts []toldDoubt
		}
	}
	bad := func(vi, en string, args ...any) {
		l.minutes.fail(Failure{e.Index, "", because("các lần đọc phiếu trong biên bản", "how the minutes say it was counted", both(vi, en, args...))})
	}
	if err := json.Unmarshal(model, &m); err != nil {
		bad("không đọc được: %s", "cannot be read: %s", clip(err.Error()))
		return
	}
	switch {
	case m.Count == nil:
		if box != "" && l.sheets[box] != nil { // an older release did not tell
			l.report.Notes = append(l.report.Notes, say("biên bản ở mục %d không kể hòm phiếu %s đã kiểm thế nào", "the minutes of entry %d do not tell how the box %s was counted", e.Index, clip(box)))
		}
		return
	case box != "" && m.Count.Box != box:
		bad("kể về hòm phiếu %s, không phải hòm phiếu %s của nội dung bầu", "they tell of the box %s, which is not the contest's %s", clip(m.Count.Box), clip(box))
		return
	case l.sheets[m.Count.Box] == nil:
		if l.manifest.Scope == Ledger {
			bad("hòm phiếu %s không có trong nhật ký", "the box %s is not in the ledger", clip(m.Count.Box))
		}
		return
	}
	c, t := m.Count, l.tally(m.Count.Box)
	listed := map[int64]int{} // lines of each list that are due
	var sizes []int64
	for i, p := range c.Piles {
		l.minutes.Done++
		if sizes = append(sizes, p.Size); p.Pile != int64(i+1) {
			sizes[i] = -1
		}
		if n, ok := t.scans[p.Pile]; ok && !slices.ContainsFunc(p.Readings, func(r toldReading) bool { return r.Kind == "scan" && r.Entry == n }) {
			bad("tập %d: biên bản không ghi lượt quét ở mục %d", "pile %d: the minutes do not tell of the scan of entry %d", p.Pile, n)
		}
		if x, ok := t.matched[p.Agreed]; p.Agreed >= 0 && (!ok || !x.Agreed || x.Pile != p.Pile || x.Attempt != p.Attempt) {
			bad("tập %d: mục %d không ghi rằng các lượt nhập khớp nhau", "pile %d: entry %d does not say that the readings agree", p.Pile, p.Agreed)
		}
		for _, r := range p.Readings {
			x, ok := t.readBy[r.Entry]
			if !ok || x.Pile != p.Pile || (x.Kind == "scan") != (r.Kind == "scan") || r.Kind != "scan" && (x.Station != r.Station || x.Attempt != p.Attempt) {
				bad("tập %d: mục %d không phải lượt đọc đó", "pile %d: entry %d is not that reading", p.Pile, r.Entry)
			}
			if n, ok := t.after[r.Entry]; ok && r.Kind == "scan" && n >= 0 && t.lists[n].sheets != nil {
				listed[n] = len(t.lists[n].sheets)
			}
		}
	}
	if !slices.Equal(sizes, t.sizes) {
		bad("biên bản không ghi đủ đúng các tập phiếu đã chia", "the minutes do not tell of the very piles that were laid")
	}
	seen := map[string]bool{}
	for _, s := range c.Sheets {
		l.minutes.Done++
		key := fmt.Sprint(s.Pile, " ", s.Picture)
		if seen[key] {
			bad("tờ phiếu quét %s đứng hai lần", "the scanned sheet %s stands there twice", clip(s.Picture))
		}
		seen[key] = true
		x, ok := t.lists[s.Entry]
		if !ok || x.pile != s.Pile || x.sheets != nil && !slices.ContainsFunc(x.sheets, s.same) {
			bad("tờ phiếu quét %s không đứng như vậy trong danh sách ở mục %d", "the scanned sheet %s does not stand so in the list of entry %d", clip(s.Picture), s.Entry)
		}
		if x.sheets != nil {
			listed[s.Entry]--
		}
	}
	for _, n := range slices.Sorted(maps.Keys(listed)) {
		if listed[n] != 0 {
			bad("biên bản không có đủ đúng các tờ phiếu quét của danh sách ở mục %d", "the minutes do not hold the very scanned sheets of the list of entry %d", n)
		}
	}
	for _, item := range slices.SortedFunc(maps.Keys(t.decided), func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) }) {
		if !slices.ContainsFunc(c.Doubts, func(d toldDoubt) bool { return d.Pile == item[0] && d.N == item[1] && d.Entry == t.decided[item] }) {
			bad("biên bản không ghi phiếu nghi vấn %d của tập %d như đã quyết định ở mục %d", "the minutes do not tell of doubtful ballot %d of pile %d as decided in entry %d", item[1], item[0], t.decided[item])
		}
	}
	for _, d := range c.Doubts {
		l.minutes.Done++
		x, ok := t.doubts[d.Entry]
		if ok && slices.Contains(x.items, [2]int64{d.Pile, d.N}) {
			if x.said == nil {
				continue
			}
			if s, ok := x.said[fmt.Sprintf("%d/%d", d.Pile, d.N)]; ok && s.Valid == d.Valid && s.Cause == d.Cause && strings.TrimSpace(s.Reason) == strings.TrimSpace(d.Reason) {
				continue
			}
		}
		bad("phiếu nghi vấn %d của tập %d không được quyết định như vậy ở mục %d", "doubtful ballot %d of pile %d was not decided so in entry %d", d.N, d.Pile, d.Entry)
	}
}
