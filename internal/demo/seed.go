package demo

import (
	"context"
	"fmt"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Seed fills a new database with the sample accounts, organisations, persons
// and elections. Called again it does nothing: every act has an id of its own
// for ever, and a form sent twice is one act.
func Seed(ctx context.Context, d *desk.Desk, db *store.DB) error {
	as, err := account.SeedSample(ctx, d, db)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	s := &seeder{ctx: ctx, d: d}
	for _, a := range as {
		if a.Role == "officer" && s.officer == "" {
			s.officer = a.ID
		}
	}
	s.organisations()
	s.territories()
	s.persons()
	s.members()
	s.facts()
	s.elections()
	s.procedures()
	s.committee()
	s.figures()
	return s.err
}

// seeder sends acts one after the other and stops at the first that fails.
type seeder struct {
	ctx     context.Context
	d       *desk.Desk
	officer string
	err     error
}

func (s *seeder) do(id string, act desk.Act) {
	if s.err != nil {
		return
	}
	if _, err := s.d.Do(s.ctx, desk.Form{ID: "demo-" + id, Seen: desk.AnySeen, Actor: s.officer, Act: act}); err != nil {
		s.err = fmt.Errorf("demo: %s: %w", id, err)
	}
}

var founding = org.Decision{Number: "01-QĐ/TU (mẫu)", Date: vn.Date{Year: 1990, Month: 1, Day: 1}, By: "Ban Thường vụ Tỉnh ủy (mẫu)"}

func (s *seeder) organisations() {
	from := founding.Date
	for _, u := range []struct {
		id, title, parent string
		kind              org.Kind
	}{
		{"org/tinh", "Tỉnh ủy Mẫu", "", org.ProvinceCommittee},
		{"org/tinh/ban-to-chuc", "Ban Tổ chức Tỉnh ủy (mẫu)", "org/tinh", org.Commission},
		{"org/tinh/uy-ban-kiem-tra", "Ủy ban Kiểm tra Tỉnh ủy (mẫu)", "org/tinh", org.Commission},
		{"org/tinh/van-phong", "Văn phòng Tỉnh ủy (mẫu)", "org/tinh", org.Commission},
		{"org/tinh/dang-uy-ubnd", "Đảng ủy Ủy ban nhân dân tỉnh (mẫu)", "org/tinh", org.PartyBody},
		{"org/huyen-song-lam", "Huyện ủy Sông Lam (mẫu)", "org/tinh", org.DistrictCommittee},
		{"org/xa-an-binh", "Đảng ủy xã An Bình (mẫu)", "org/huyen-song-lam", org.Grassroots},
		{"org/xa-dong-hoa", "Đảng ủy xã Đông Hòa (mẫu)", "org/huyen-song-lam", org.Grassroots},
		{"org/xa-an-binh/thon-1", "Chi bộ thôn 1 (mẫu)", "org/xa-an-binh", org.Cell},
		{"org/xa-an-binh/thon-2", "Chi bộ thôn 2 (mẫu)", "org/xa-an-binh", org.Cell},
		{"org/hdnd-tinh", "Hội đồng nhân dân tỉnh (mẫu)", "", org.PeoplesCouncil},
		{"org/ubnd-tinh", "Ủy ban nhân dân tỉnh (mẫu)", "", org.PeoplesCommittee},
		{"org/ubnd-tinh/so-noi-vu", "Sở Nội vụ (mẫu)", "org/ubnd-tinh", org.StateAgency},
	} {
		s.do("to-chuc-"+election.Slug(u.id), org.Found{ID: u.id, Title: u.title, Kind: u.kind, Parent: u.parent, From: from, Decision: founding})
	}
	// Districts ended on 1/7/2025; the communes then stand under the province.
	end := vn.Date{Year: 2025, Month: 7, Day: 1}
	reform := org.Decision{Number: "99-QĐ/TU (mẫu)", Date: vn.Date{Year: 2025, Month: 6, Day: 25}, By: "Ban Thường vụ Tỉnh ủy (mẫu)"}
	for _, id := range []string{"org/xa-an-binh", "org/xa-dong-hoa"} {
		s.do("chuyen-"+election.Slug(id), org.Move{Org: id, Parent: "org/tinh", From: end, Decision: reform})
	}
	s.do("ket-thuc-huyen", org.Dissolve{Org: "org/huyen-song-lam", From: end, Successors: []string{"org/tinh"}, Decision: reform})
}

// territories loads the administrative units of the three provinces that
// became Lâm Đồng, before and after 1/7/2025: a real reorganisation to look at.
func (s *seeder) territories() {
	before, reform, err := Territories("60", "67", "68")
	for i, l := range []org.LoadUnits{before, reform} {
		if err == nil && s.err == nil {
			err = org.Load(s.ctx, s.d, []string{"demo-dvhc-2021", "demo-dvhc-2025"}[i], s.officer, l)
		}
	}
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("demo: %w", err)
	}
}

func (s *seeder) persons() {
	term := vn.Date{Year: 2020, Month: 10, Day: 15}
	decision := org.Decision{Number: "20-QĐ/TU (mẫu)", Date: term, By: "Ban Thường vụ Tỉnh ủy (mẫu)"}
	for i, x := range []struct{ slug, name, born, gender, ethnicity, org, title string }{
		{"le-van-truong", "Lê Văn Trường", "1968-02-14", "male", "Kinh", "org/tinh", "secretary"},
		{"tran-thi-minh", "Trần Thị Minh", "1971-09-02", "female", "Kinh", "org/tinh", "standing-deputy-secretary"},
		{"y-thanh-nie", "Y Thanh Niê", "1973", "male", "Ê Đê", "org/tinh/ban-to-chuc", "commission-head"},
		{"nguyen-thi-hoa", "Nguyễn Thị Hòa", "1980-05-19", "female", "Kinh", "org/tinh/ban-to-chuc", "commission-deputy-head"},
		{"pham-duc-long", "Phạm Đức Long", "1975-12-01", "male", "Kinh", "org/tinh/uy-ban-kiem-tra", "inspection-chair"},
		{"hoang-van-tu", "Hoàng Văn Tú", "1982-07", "male", "Tày", "org/xa-an-binh", "secretary"},
		{"h-lan-eban", "H'Lan Êban", "1986-03-08", "female", "Ê Đê", "org/xa-an-binh", "deputy-secretary"},
		{"do-minh-quan", "Đỗ Minh Quân", "1979-11-20", "male", "Kinh", "org/xa-dong-hoa", "secretary"},
		{"vu-thi-thu", "Vũ Thị Thu", "1990-01-30", "female", "Mường", "org/ubnd-tinh/so-noi-vu", "deputy-director"},
	} {
		born, err := vn.ParsePartial(x.born)
		if err != nil {
			s.err = err
			return
		}
		id := "person/" + x.slug
		s.do("nguoi-"+x.slug, person.Record{ID: id, Home: x.org, Sample: true, From: vn.Date{Year: 2010, Month: 1, Day: 1},
			Identity: person.Identity{Name: x.name, Born: born, Gender: x.gender, Ethnicity: x.ethnicity, Hometown: "tỉnh Mẫu"}})
		s.do("chuc-vu-"+x.slug, person.TakePost{ID: fmt.Sprintf("post/mau-%d", i+1), Person: id, Org: x.org, Title: x.title, From: term, Decision: decision})
	}
}

// members gives the sample persons their membership: old members taken over
// from paper, one on probation, a transfer not yet confirmed, badges coming.
func (s *seeder) members() {
	day := vn.MustDate
	for i, m := range []struct{ who, cell, admitted string }{
		{"le-van-truong", "org/tinh/van-phong", "1987-02-03"}, {"tran-thi-minh", "org/tinh/van-phong", "1996-12-20"}, {"y-thanh-nie", "org/tinh/ban-to-chuc", "1997-03-26"},
		{"nguyen-thi-hoa", "org/tinh/ban-to-chuc", "2005-06-10"}, {"pham-duc-long", "org/tinh/uy-ban-kiem-tra", "2001-09-02"}, {"hoang-van-tu", "org/xa-an-binh/thon-1", "2006-05-19"},
		{"h-lan-eban", "org/xa-an-binh/thon-1", "2010-11-11"}, {"do-minh-quan", "org/xa-an-binh/thon-2", "2003-04-30"},
	} {
		on := day(m.admitted)
		s.do(fmt.Sprintf("dang-vien-%d", i+1), person.TakeStep{Person: "person/" + m.who, Org: m.cell, Step: person.Transcribed, From: day("2020-01-01"), Admitted: on, Sworn: on.AddDays(12), Recognised: on.AddDays(12).AddMonths(12)})
	}
	thu := func(i int, t person.TakeStep) {
		t.Person = "person/vu-thi-thu"
		s.do(fmt.Sprintf("ket-nap-%d", i), t)
	}
	yes, all := int64(2), int64(2)
	thu(1, person.TakeStep{Org: "org/xa-an-binh/thon-1", Step: person.Introduced, From: day("2026-01-12"), Introducers: []string{"person/hoang-van-tu", "person/h-lan-eban"}})
	thu(2, person.TakeStep{Org: "org/xa-an-binh/thon-1", Step: person.Voted, From: day("2026-02-05"), For: &yes, Of: &all})
	thu(3, person.TakeStep{Org: "org/xa-an-binh", Step: person.Admitted, From: day("2026-03-02"), Decision: org.Decision{Number: "31-QĐ/ĐU (mẫu)", Date: day("2026-03-02")}})
	thu(4, person.TakeStep{Org: "org/xa-an-binh/thon-1", Step: person.Sworn, From: day("2026-03-26")})
	s.do("chuyen-sinh-hoat", person.TakeStep{Person: "person/do-minh-quan", Org: "org/xa-an-binh/thon-2", Step: person.Sent, Other: "org/xa-dong-hoa", From: day("2026-10-20")})
	set := 0
	quota := func(unit, key, n, from string) {
		set++
		s.do(fmt.Sprintf("bien-che-%d", set), org.SetDetail{Org: unit, Detail: org.Detail{Key: key, Value: n}, From: day(from), Decision: org.Decision{Number: "88-QĐ/TU (mẫu)", Date: day(from)}})
	}
	quota("org/tinh/ban-to-chuc", org.QuotaOf(org.CivilServant), "3", "2022-01-01")
	quota("org/tinh/ban-to-chuc", org.PlanOf(org.CivilServant), "2", "2026-01-01")
	quota("org/tinh/van-phong", org.QuotaOf(org.CivilServant), "2", "2022-01-01")
	quota("org/tinh/van-phong", org.HeldOf(org.CivilServant), "1", "2026-06-01")
	for i, m := range []struct{ who, at, owner string }{{"y-thanh-nie", "org/tinh/ban-to-chuc", ""}, {"nguyen-thi-hoa", "org/tinh/ban-to-chuc", ""}, {"le-van-truong", "org/tinh/van-phong", ""}, {"tran-thi-minh", "org/tinh/ban-to-chuc", "org/tinh/van-phong"}} {
		s.do(fmt.Sprintf("giu-cho-%d", i+1), person.TakeStep{Person: "person/" + m.who, Org: m.at, Other: m.owner, Step: person.Staffed, Kind: org.CivilServant, From: day("2024-01-01")})
	}
	s.do("ban-giao", person.OpenHandover{ID: "handover/mau-1", From: "org/xa-an-binh", To: "org/xa-dong-hoa", On: day("2026-12-01"), Units: []string{"org/xa-an-binh/thon-2"}, Files: 1,
		Decision: org.Decision{Number: "120-QĐ/TU (mẫu)", Date: day("2026-11-15")}})
	s.do("dia-ban", org.SetDetail{Org: "org/xa-an-binh", Detail: org.Detail{Key: org.Territory, Value: unitID(2026, "68")}, From: day("2025-07-01")})
}

func (s *seeder) elections() {
	s.do("su-kien-qh15", QH15Event())
	units, err := QH15Contests()
	if err != nil {
		s.err = err
	}
	if s.err == nil {
		err := election.Import(s.ctx, s.d, "demo-nhap-qh15", s.officer, QH15, "", dataset.File, fileDigest(dataset.File), units)
		if err != nil {
			s.err = fmt.Errorf("demo: %w", err)
		}
	}
	for _, e := range Events() {
		s.do("su-kien-"+e.ID, e)
	}
	for _, c := range CongressContests() {
		s.do("cuoc-"+election.Slug(c.Record.ID), election.RecordContest{Event: Congress, Contest: c})
	}
	s.do("cuoc-hdnd", election.RecordContest{Event: Council, Contest: CouncilContest()})
	// One display of each family is open, to show the hall.
	for _, id := range []string{"qh15/dak-nong/1", Congress + "/ban-chap-hanh"} {
		s.do("cong-bo-"+election.Slug(id), election.AnnounceResult{Contest: id})
	}
}
