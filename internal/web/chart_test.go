package web

import "testing"

// TestBarsStandWhereTheyShould: widths and the threshold line on one axis.
func TestBarsStandWhereTheyShould(t *testing.T) {
	b := newBars("b", "Kết quả", "Hai người", 0.5, "một nửa", []Bar{{Name: "A", Share: 0.8235, Value: "82,35%"}, {Name: "B", Share: 2}, {Name: "C", Share: -1}})
	if b.LineX != "229" || b.Rows[0].W != "172.9" || b.Rows[1].W != "210" || b.Rows[2].W != "0" {
		t.Errorf("line %s, bars %s %s %s", b.LineX, b.Rows[0].W, b.Rows[1].W, b.Rows[2].W)
	}
	if (Track{Share: 0.5, Threshold: -1}).Line() != "" || (Track{Threshold: 0.5}).Line() != "500" {
		t.Error("the threshold of a track")
	}
}

// TestLinesReachTheTop: the axis ends at a round number at or above the highest.
func TestLinesReachTheTop(t *testing.T) {
	for highest, want := range map[int64]string{0: "1", 1: "1", 9: "10", 25: "30", 186600: "200.000"} {
		l := newLines("vi", "l", "", "", []string{"a", "b"}, []Line{{Values: []int64{0, highest}}})
		if got := l.Grid[len(l.Grid)-1].Text; got != want {
			t.Errorf("up to %d the axis ends at %s, want %s", highest, got, want)
		}
	}
}
