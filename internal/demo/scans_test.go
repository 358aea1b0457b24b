package demo_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"minhbach/internal/demo"
	"minhbach/internal/paper"
	"minhbach/internal/scan"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// TestSampleScansAreRead: what the sample data offers is a file that the
// program's own scanner opens and its reader reads, but for the strokes that
// stop half-way.
func TestSampleScansAreRead(t *testing.T) {
	seats := int64(9)
	rec := &vote.Record{ID: "mau/quet", Rules: "party-election/committee", Date: vn.MustDate("2020-06-10"), Seats: &seats, Form: "strike"}
	for i := range 12 {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: fmt.Sprintf("c%d", i+1), Name: fmt.Sprintf("Nguyễn Thị Thứ %d", i+1), Order: i + 1})
	}
	l, err := paper.Design(rec, paper.Options{Paper: "A4", Title: "Bầu cấp ủy"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := paper.NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := demo.SampleScans(&b, l, 1, 60); err != nil {
		t.Fatal(err)
	}
	seen := map[[32]byte]bool{}
	status := map[string]int{}
	if err := scan.Each(bytes.NewReader(b.Bytes()), int64(b.Len()), scan.Default, func(p *scan.Page) error {
		if p.Problem != nil {
			return p.Problem
		}
		side := r.ReadSide(p.Gray, p.DPI)
		if seen[side.Digest] {
			t.Errorf("page %d is the same picture as another", p.Number)
		}
		seen[side.Digest] = true
		got := r.Bind(side)
		status[got.Status]++
		if got.Status == paper.StatusRefused {
			t.Errorf("page %d: %s", p.Number, got.Reason)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if status[paper.StatusRead] != 55 || status["doubtful"] != 5 {
		t.Errorf("%v", status)
	}
}

// TestSampleScansOfTheCongress: a pile of the sample congress is scanned as its
// counters keyed it, so that scan and typing agree once the strokes that stop
// half-way are decided.
func TestSampleScansOfTheCongress(t *testing.T) {
	seats := int64(51)
	rec := &vote.Record{ID: demo.Provincial + "/ban-chap-hanh", Rules: "party-election/committee", Date: vn.MustDate("2020-10-14"), Seats: &seats, Form: "strike"}
	for i := range 58 {
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: fmt.Sprint(i + 1), Name: fmt.Sprintf("Nguyễn Thị Thứ %d", i+1), Order: i + 1})
	}
	l, err := paper.Design(rec, paper.Options{Paper: "A4", Title: "Bầu ban chấp hành", Sides: 1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := paper.NewReader(l)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := demo.SampleScans(&b, l, 4, 6); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := scan.Each(bytes.NewReader(b.Bytes()), int64(b.Len()), scan.Default, func(p *scan.Page) error {
		got := r.Bind(r.ReadSide(p.Gray, p.DPI))
		chosen := map[string]bool{}
		for _, id := range got.Chosen {
			chosen[id] = true
		}
		struck := strings.Fields(demo.Struck(300 + n))
		for _, id := range struck {
			if chosen[id] {
				t.Errorf("ballot %d: %s is struck as keyed, and read as chosen", n+1, id)
			}
		}
		if want := 58 - len(struck); len(got.Chosen) != want {
			t.Errorf("ballot %d: %d chosen, want %d (%s)", n+1, len(got.Chosen), want, got.Status)
		}
		if half := n == 5; half != (got.Status == paper.StatusDoubtful) {
			t.Errorf("ballot %d: %s", n+1, got.Status)
		}
		n++
		return nil
	}); err != nil || n != 6 {
		t.Fatal(n, err)
	}
}
