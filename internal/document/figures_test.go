package document

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Columns of a table of a paper: together as wide as the page, those of figures
// equal, and no word is broken where all words have room.
func TestWidthsOfColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "columns")
		x := FiguresTable{}
		word := rapid.StringMatching(`[A-Za-zđĐơ0-9/.-]{0,12}( [a-zệ]{1,8}){0,4}`)
		for range n {
			x.Heads = append(x.Heads, word.Draw(t, "head"))
		}
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			var r []string
			for range n {
				r = append(r, word.Draw(t, "cell"))
			}
			x.Rows = append(x.Rows, r)
		}
		var sum float64
		for i, w := range x.widthsOf(10.5) {
			if sum += w; w <= 0 {
				t.Fatalf("column %d is %f mm wide", i, w)
			}
		}
		if sum < 164.9 || sum > 165.1 {
			t.Fatalf("the columns are %f mm wide", sum)
		}
	})
	aims := FiguresTable{Heads: []string{"Chỉ tiêu", "Cấp ủy", "Yêu cầu", "Tổng số", "Đạt được", "Cần có", "Kết quả", "Văn bản"},
		Rows: [][]string{{"Lý luận chính trị cao cấp trở lên", "Ban chấp hành", "ít nhất 75%", "8", "5", "6", "Chưa đạt, thiếu 1", "15-NQ/TU (mẫu) ngày 15/4/2025"}}}
	w := aims.widthsOf(10.5)
	if w[3] != w[4] || w[4] != w[5] {
		t.Errorf("columns of figures: %v", w)
	}
	for i, r := range aims.Rows[0] {
		if need := float64(longestWord(r)) * 10.5 * 0.2; w[i] < need {
			t.Errorf("%q stands in %f mm", r, w[i])
		}
	}
}

// No signature stands alone on a page, however many notes and rows there are: the
// last note goes with it.
func TestSignatureIsNotAlone(t *testing.T) {
	for rows := 30; rows < 56; rows++ {
		p := FiguresPaper{Title: "BÁO CÁO", Of: "Tỉnh ủy Mẫu", Role: "Trưởng Ban", Signer: "NGUOIKY", Notes: []string{"Ghi chú một", "GHICHUCUOI"}}
		x := FiguresTable{Title: "Bảng", Heads: []string{"Tổ chức", "Số"}}
		for i := range rows {
			x.Rows = append(x.Rows, []string{fmt.Sprint("Chi bộ ", i), "1"})
		}
		p.Tables = []FiguresTable{x}
		raw, err := p.PDF()
		if err != nil {
			t.Fatal(err)
		}
		if same, err := p.PDF(); err != nil || !bytes.Equal(raw, same) {
			t.Fatal("drawn again it is another file")
		}
		if note, sign := pageOf(t, raw, "GHICHUCUOI"), pageOf(t, raw, "NGUOIKY"); note != sign {
			t.Errorf("%d rows: the last note on page %d, the signature on page %d", rows, note, sign)
		}
	}
}

func pageOf(t *testing.T, raw []byte, word string) int {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(raw)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	for i, page := range strings.Split(string(out), "\f") {
		if strings.Contains(page, word) {
			return i + 1
		}
	}
	t.Fatalf("%q stands on no page", word)
	return 0
}
