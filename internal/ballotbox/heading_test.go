package ballotbox_test

import (
	"fmt"
	"testing"

	"minhbach/internal/paper"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vote"
)

// TestOptionsOfReleased: from a released ballot its settings are found again, so
// that the same ballot comes out when nothing is changed.
func TestOptionsOfReleased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := newDesk(t, db)
		ready(t, d, box(), 2)
		b := get(t, d)
		long := "Đảng bộ Sở Nông nghiệp và Môi trường tỉnh Mẫu, nhiệm kỳ 2025 – 2030"
		for _, form := range []string{paper.FormStrike, paper.FormAgree} {
			b.Sheet.Form = form
			for _, names := range []int{3, 40} {
				b.Sheet.Candidates = b.Sheet.Candidates[:min(3, len(b.Sheet.Candidates))]
				for i := len(b.Sheet.Candidates); i < names; i++ {
					b.Sheet.Candidates = append(b.Sheet.Candidates, vote.Candidate{ID: fmt.Sprintf("x%d", i), Name: fmt.Sprintf("Trần Văn Thứ %d", i), Order: i + 1})
				}
				for _, o := range []paper.Options{
					{Paper: "A5", Title: "Bầu chi ủy"},
					{Paper: "A4", Title: "Bầu chi ủy", Columns: 2},
					{Paper: "A5", Title: "Bầu cấp ủy", Organisation: "Chi bộ mẫu", Upper: "Đảng ủy xã Mẫu", Place: "Xã Mẫu", Marks: true},
					{Paper: "A4", Title: "Bầu ban chấp hành", Organisation: long, Upper: "Đảng bộ tỉnh Mẫu", Place: "Thành phố Mẫu", Marks: true, Columns: 1},
				} {
					l, err := b.Design(o)
					if err != nil { // it does not fit: such a ballot is not released
						continue
					}
					got := b.OptionsOf(l)
					if again, err := b.Design(got); err != nil || again.Digest != l.Digest {
						t.Errorf("%s, %d names, %+v: read %+v, another ballot (%v)", form, names, o, got, err)
					}
					if (got.Organisation != "") != (o.Organisation != "") || got.Place != o.Place || got.Marks != o.Marks || got.Title != o.Title {
						t.Errorf("%s, %d names: %+v read as %+v", form, names, o, got)
					}
				}
			}
		}
	})
}
