package document

import (
	"strings"
	"testing"

	"minhbach/internal/document/docx"
	"minhbach/internal/vote"
)

// The minutes print every figure of a person: those against on a ballot with
// boxes, the three levels of a vote of confidence; and a poll names nobody as
// elected but says what it found.
func TestFiguresOfAPerson(t *testing.T) {
	fig := func(n int, v int64) *Figure { return &Figure{N: n, Value: v} }
	plain := Candidate{Votes: *fig(4, 1200)}
	agree := Candidate{Votes: *fig(4, 9), Against: fig(5, 1)}
	three := Candidate{Votes: *fig(4, 6), Against: fig(5, 1), Middle: fig(6, 3)}
	for _, x := range []struct {
		c              Candidate
		places, counts string
	}{{plain, "(4)", "1.200"}, {agree, "(4), (5)", "9; không đồng ý 1"}, {three, "(4), (5), (6)", "tín nhiệm cao 6; tín nhiệm 3; tín nhiệm thấp 1"}} {
		if p, n := x.c.places(), x.c.counts(); p != x.places || n != x.counts {
			t.Errorf("%q %q", p, n)
		}
	}
	for want, m := range map[string]Model{
		"Không có người trúng cử.": {Candidates: []Candidate{{Name: "A", Outcome: vote.NotElected}}},
		"Cuộc lấy phiếu không bầu ai. Được giới thiệu, theo thứ tự trên phiếu: A, C.":               {Candidates: []Candidate{{Name: "A", Outcome: vote.GoesOn}, {Name: "B", Outcome: vote.NotElected}, {Name: "C", Outcome: vote.GoesOn}}},
		"Cuộc lấy phiếu không bầu ai: không có ngưỡng trong quy định; người có thẩm quyền xem xét.": {Status: "counted"},
		"Cuộc lấy phiếu không bầu ai. Không có người đủ số phiếu để được giới thiệu.":               {Poll: true, Status: "short", Candidates: []Candidate{{Name: "A", Outcome: vote.NotElected}}},
	} {
		if got := m.nobody(); got != want {
			t.Errorf("%q", got)
		}
		// The shipped form in Word heads the part by what the vote was.
		head := "III. Kết quả lấy phiếu"
		if !m.poll() {
			head = "III. Người trúng cử, từ cao xuống thấp"
		}
		out, err := m.Print(nil)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := docx.Read(out.Word)
		if err != nil {
			t.Fatal(err)
		}
		if text := doc.Text(); !strings.Contains(text, head) || strings.Contains(text, "Người trúng cử") == m.poll() {
			t.Errorf("headed otherwise than %q", head)
		}
	}
	poll := Model{Status: "counted", Next: vote.NextNone}
	if got := poll.statusText(); got != "Tình trạng: đã đếm, không có ngưỡng trong quy định." {
		t.Errorf("%q", got)
	}
}
