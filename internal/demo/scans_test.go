package demo_test

import (
	"bytes"
	"fmt"
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
	if err := demo.SampleScans(&b, l, 60); err != nil {
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
