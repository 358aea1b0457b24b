package demo

import (
	"fmt"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/report"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// committee puts sample members on the sample committee of the province.
func (s *seeder) committee() {
	from := vn.MustDate("2020-10-15")
	for i, slug := range []string{"le-van-truong", "tran-thi-minh", "y-thanh-nie", "nguyen-thi-hoa", "pham-duc-long", "hoang-van-tu", "h-lan-eban", "do-minh-quan"} {
		s.do("cap-uy-vien-"+slug, person.TakePost{ID: fmt.Sprintf("post/mau-cap-uy-%d", i+1), Person: "person/" + slug, Org: "org/tinh", Title: "committee-member", From: from})
		if i < 4 {
			s.do("thuong-vu-"+slug, person.TakePost{ID: fmt.Sprintf("post/mau-thuong-vu-%d", i+1), Person: "person/" + slug, Org: "org/tinh", Title: "standing-committee-member", From: from})
		}
	}
}

// aims are sample aims for the make-up of committees; their numbers are made up
// and say so.
func (s *seeder) aims() {
	paper := org.Decision{Number: "15-NQ/TU (mẫu)", Date: vn.MustDate("2025-04-15"), By: "Ban Chấp hành Tỉnh ủy Mẫu", Signer: "Lê Văn Trường (mẫu)"}
	for _, a := range []report.Aim{
		{ID: "aim/mau-nu", Measure: report.Women, Num: 30, Den: 100},
		{ID: "aim/mau-tre", Measure: report.Young, Under: 45, Num: 2},
		{ID: "aim/mau-ly-luan", Measure: "theory:cao-cap", Num: 3, Den: 4},
	} {
		a.Unit, a.Reach, a.Organ, a.From = "org/tinh", report.ReachBoth, "committee", vn.MustDate("2025-05-01")
		s.do("chi-tieu-"+a.ID[4:], report.SetAim{Aim: a, Decision: paper})
	}
}

// sampleFigures is the sample set of closed figures.
const sampleFigures = "report/mau-2025"

// figures sets sample aims and closes a sample set of figures: once, for what
// users then record of that day moves the figures, and a second closing of
// other ones would be another act under the same id.
func (s *seeder) figures() {
	if s.aims(); s.err != nil {
		return
	}
	on := vn.MustDate("2025-12-31")
	var sheet *report.Sheet
	closed := false
	if s.err = s.d.Read(s.ctx, func(tx *store.Tx) (err error) {
		if _, closed, err = report.Get(s.ctx, tx, sampleFigures); err != nil || closed {
			return err
		}
		lib, err := s.d.Rules(s.ctx, tx)
		if err == nil {
			sheet, err = report.Reckon(s.ctx, tx, lib, "org/tinh", on)
		}
		return err
	}); s.err != nil || closed {
		return
	}
	s.do("chot-so-lieu-2025", report.Close{ID: sampleFigures, Unit: "org/tinh", On: on, Digest: sheet.Digest(),
		Signing: report.Signing{Title: "Báo cáo thống kê đảng viên, cấp ủy năm 2025 (mẫu)", Number: "05-BC/BTCTU (mẫu)", Date: vn.MustDate("2026-01-08"), Signer: "Nguyễn Thị Hòa (mẫu)", Role: "Phó Trưởng Ban"}})
}
