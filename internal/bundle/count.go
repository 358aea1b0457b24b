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
		t = &tally{map[string]map[string]bool{}, map[int64]listed{}, map[int64]int64{}, map[int64]readOf{}, map[int64]readOf{}, map[int64]decided{}}
		l.tallies[box] = t
	}
	return t
}

// counting follows the counting of a box.
func (l *law) counting(e ledger.Entry, blocks []ledger.Block) {
	var b struct {
		readOf
		Picture string `json:"picture"`
		Undo    bool   `json:"undo"`
		Sheets  int    `json:"sheets"`
		Items   []struct{ Pile, N int64 }
	}
	bad := func(vi, en string, args ...any) { l.minutes.fail(Failure{e.Index, "", say(vi, en, args...)}) }
	if err := json.Unmarshal(e.Body, &b); err != nil || !slices.ContainsFunc(e.Subjects, func(s ledger.Link) bool { return s.ID == "ballotbox/"+b.Box }) {
		bad("mục kiểm phiếu không đúng mẫu", "the entry of a count is not of the form")
		return
	}
	t := l.tally(b.Box)
	pile := fmt.Sprint(b.Pile)
	switch e.Kind {
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
			t.after[e.Index] = -1
		}
	case kindCompared:
		t.matched[e.Index] = b.readOf
	case kindDoubt:
		d := decided{}
		for _, it := range b.Items {
			d.items = append(d.items, [2]int64{it.Pile, it.N})
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
		delete(t.settled, pile) // a pile scanned anew after a recount begins anew
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

// told holds what minutes tell of the count against the entries of the box,
// where the bundle has them.
func (l *law) told(e ledger.Entry, model []byte) {
	var m struct {
		Count *struct {
			Box   string
			Piles []struct {
				Pile, Attempt int64
				Agreed        int64
				Readings      []struct {
					Kind    string
					Station int64
					Entry   int64
				}
			}
			Sheets []struct {
				sheetLine
				Pile, Entry int64
			}
			Doubts []struct {
				Pile, N int64
				Valid   bool
				Cause   string
				Reason  string
				Entry   int64
			}
		}
	}
	if json.Unmarshal(model, &m) != nil || m.Count == nil || l.sheets[m.Count.Box] == nil {
		return
	}
	c, t := m.Count, l.tally(m.Count.Box)
	bad := func(vi, en string, args ...any) {
		l.minutes.fail(Failure{e.Index, "", because("các lần đọc phiếu trong biên bản", "how the minutes say it was counted", both(vi, en, args...))})
	}
	listed := map[int64]int{} // lines of each list that are due
	for _, p := range c.Piles {
		l.minutes.Done++
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
