package demo

import (
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The sample cases: one finished, one in its third step, both under a marked
// sample clock of 2024 so that 80-QĐ/TW decides them.
const (
	FinishedCase = "pho-giam-doc-2024"
	RunningCase  = "truong-ban-2024"
)

// caseSeed plays one sample case.
type caseSeed struct {
	*seeder
	ref   procedure.Ref
	clock vn.Date
}

func (s *seeder) procedures() {
	day := vn.MustDate
	for _, x := range []struct{ slug, name, born, gender, org, title string }{
		{"bui-thi-hanh", "Bùi Thị Hạnh", "1979-04-12", "female", "org/ubnd-tinh/so-noi-vu", "staff"},
		{"dang-quoc-viet", "Đặng Quốc Việt", "1981-10-03", "male", "org/ubnd-tinh/so-noi-vu", "staff"},
		{"lo-thi-xuan", "Lò Thị Xuân", "1983-06-25", "female", "org/ubnd-tinh/so-noi-vu", "staff"},
		{"ngo-van-khoi", "Ngô Văn Khôi", "1977-01-17", "male", "org/tinh/ban-to-chuc", "staff"},
		{"trinh-thi-loan", "Trịnh Thị Loan", "1985-08-09", "female", "org/tinh/ban-to-chuc", "staff"},
	} {
		born, err := vn.ParsePartial(x.born)
		if err != nil {
			s.err = err
			return
		}
		id := "person/" + x.slug
		s.do("nguoi-"+x.slug, person.Record{ID: id, Home: x.org, Sample: true, From: day("2010-01-01"), Identity: person.Identity{Name: x.name, Born: born, Gender: x.gender, Hometown: "tỉnh Mẫu"}})
		s.do("chuc-vu-"+x.slug, person.TakePost{ID: "post/" + x.slug, Person: id, Org: x.org, Title: x.title, From: day("2015-03-01")})
	}
	s.do("bang-dien-quan-ly", procedure.SetTable{Table: procedure.Managing, From: day("2020-01-01"), Rows: []procedure.TableRow{
		{Kind: org.StateAgency, Title: "deputy-director", Level: "Ban Thường vụ Tỉnh ủy quản lý (mẫu)", Procedure: "appointment-local", Decides: "Ban Thường vụ Tỉnh ủy", Appraises: "Ban Tổ chức Tỉnh ủy", Signs: "Bí thư Tỉnh ủy"},
		{Kind: org.Commission, Title: "commission-deputy-head", Level: "Ban Thường vụ Tỉnh ủy quản lý (mẫu)", Procedure: "appointment-local", Decides: "Ban Thường vụ Tỉnh ủy", Appraises: "Ban Tổ chức Tỉnh ủy", Signs: "Bí thư Tỉnh ủy"}}})
	s.do("bang-nhom-chuc-vu", procedure.SetTable{Table: procedure.PostClasses, From: day("2020-01-01"), Rows: []procedure.TableRow{
		{Kind: org.StateAgency, Title: "director", Classes: []string{"unit-head"}}, {Kind: org.StateAgency, Title: "deputy-director", Classes: []string{"unit-deputy-head"}},
		{Kind: org.ProvinceCommittee, Title: "secretary", Classes: []string{"committee-secretary", "standing-committee-member"}}}})

	done := caseSeed{s, procedure.Ref{ID: FinishedCase, Org: "org/ubnd-tinh/so-noi-vu"}, day("2024-07-01")}
	done.begin("deputy-director", "Khuyết một phó giám đốc do nghỉ hưu (mẫu)", "2024-05-20", "person/bui-thi-hanh", "person/dang-quoc-viet", "person/lo-thi-xuan")
	done.vote("2", "2024-06-04", 40, 38, map[string]int64{"person/bui-thi-hanh": 26, "person/dang-quoc-viet": 9, "person/lo-thi-xuan": 3}, "person/bui-thi-hanh", "person/dang-quoc-viet", "person/lo-thi-xuan")
	done.vote("3", "2024-06-05", 5, 5, map[string]int64{"person/bui-thi-hanh": 5}, "person/bui-thi-hanh")
	done.settle("4", "2024-06-05")
	done.vote("4", "2024-06-06", 62, 58, map[string]int64{"person/bui-thi-hanh": 55}, "person/bui-thi-hanh")
	done.settle("5", "2024-06-05")
	done.act("y-kien", procedure.GiveOpinion{Ref: done.ref, Body: "Đảng ủy Sở Nội vụ (mẫu)", Paper: done.paper("14-CV/ĐU", "2024-06-07")})
	done.vote("5", "2024-06-07", 5, 5, map[string]int64{"person/bui-thi-hanh": 5}, "person/bui-thi-hanh")
	for _, st := range []struct{ step, on string }{{"2", "2024-06-04"}, {"3", "2024-06-05"}, {"4", "2024-06-06"}, {"5", "2024-06-07"}} {
		done.act("ban-ky-"+st.step, procedure.SignPaper{Ref: done.ref, Step: st.step, Paper: procedure.Paper{Kind: "biên bản kiểm phiếu", Date: day(st.on), Where: "tủ hồ sơ số 3, ngăn 2"}, Signers: []string{"person/ngo-van-khoi", "person/trinh-thi-loan"}})
	}
	done.act("trinh", procedure.Submit{Ref: done.ref, Paper: done.paper("31-TTr/SNV", "2024-06-10"), Person: "person/bui-thi-hanh"})
	asked := done.ask("Ủy ban Kiểm tra Tỉnh ủy (mẫu)", "2024-06-11")
	done.act("tra-loi", procedure.AnswerOpinion{Ref: done.ref, Asked: asked, Paper: done.paper("45-CV/UBKTTU", "2024-06-17"), Agree: true})
	done.act("tham-dinh", procedure.Appraise{Ref: done.ref, Paper: done.paper("12-PTĐ/BTCTU", "2024-06-20"), Yes: true})
	done.act("quyet-dinh", procedure.Decision{Ref: done.ref, Paper: done.paper("210-QĐ/TU", "2024-06-28"), Outcome: procedure.OutcomeAppoint, Person: "person/bui-thi-hanh", From: day("2024-07-01"), Post: "post/mau-pgd-2024"})

	run := caseSeed{s, procedure.Ref{ID: RunningCase, Org: "org/tinh/ban-to-chuc"}, day("2024-06-14")}
	run.begin("commission-deputy-head", "Bổ sung một phó trưởng ban theo số lượng được giao (mẫu)", "2024-06-03", "person/ngo-van-khoi", "person/trinh-thi-loan")
	run.vote("2", "2024-06-12", 30, 29, map[string]int64{"person/ngo-van-khoi": 21, "person/trinh-thi-loan": 8}, "person/ngo-van-khoi", "person/trinh-thi-loan")
	run.act("mo-3", procedure.OpenStep{Ref: run.ref, Step: "3", On: day("2024-06-14"), Persons: []string{"person/ngo-van-khoi"}, Team: []string{"person/bui-thi-hanh", "person/lo-thi-xuan"}})
}

// act sends one act of the case.
func (c caseSeed) act(id string, act desk.Act) { c.seeder.do("ho-so-"+c.ref.ID+"-"+id, act) }

// ask records the asking of another body and gives its entry.
func (c caseSeed) ask(body, on string) int64 {
	c.act("hoi", procedure.AskOpinion{Ref: c.ref, Body: body, Paper: c.paper("33-CV/BTCTU", on)})
	entry := int64(-1)
	if c.err == nil {
		c.err = c.d.Read(c.ctx, func(tx *store.Tx) error {
			st, err := procedure.Get(c.ctx, tx, c.ref.ID, -1)
			if err == nil && st != nil && len(st.Asks) > 0 {
				entry = st.Asks[0].Asked.Entry // the first: users may ask further bodies
			}
			return err
		})
	}
	return entry
}

func (c caseSeed) paper(number, on string) procedure.Paper {
	return procedure.Paper{Number: number, Date: vn.MustDate(on), Where: "tủ hồ sơ số 3"}
}

// begin plays the need, consent, the sheets of conditions and step 1.
func (c caseSeed) begin(title, need, on string, persons ...string) {
	day := vn.MustDate
	start := day(on)
	yes := true
	c.act("mo", procedure.Open{Ref: c.ref, Procedure: "appointment-local", On: start, Title: title, Seats: 1, Class: procedure.Internal, Need_: need, Sample: true, Clock: c.clock})
	c.act("xin", procedure.AskConsent{Ref: c.ref, Paper: c.paper("20-TTr", on)})
	c.act("chu-truong", procedure.GiveConsent{Ref: c.ref, Paper: c.paper("88-TB/TU", start.AddDays(4).String()), Yes: true})
	lib, err := rule.Builtin()
	if err != nil {
		c.err = err
		return
	}
	_, def, err := lib.Procedure("appointment-local", start)
	if err != nil {
		c.err = err
		return
	}
	for _, p := range persons {
		c.act("them-"+p[7:], procedure.AddPerson{Ref: c.ref, Person: p})
		c.act("so-lieu-"+p[7:], procedure.GiveFacts{Ref: c.ref, Person: p, Facts: procedure.Facts{Planned: &yes, NoDiscipline: true}})
		for _, k := range def.Conditions {
			if k.Fact == "judged" {
				c.act("dk-"+k.ID+"-"+p[7:], procedure.Judge{Ref: c.ref, Person: p, Condition: k.ID, State: procedure.Met, Paper: c.paper("hồ sơ", on)})
			}
		}
	}
	first := start.AddDays(8)
	c.act("mo-1", procedure.OpenStep{Ref: c.ref, Step: "1", On: first, Persons: persons})
	c.act("qua-1", procedure.ApproveStep{Ref: c.ref, Step: "1", Persons: persons, Summoned: 5, Present: 5, For: 5, Words: "Thống nhất cơ cấu, tiêu chuẩn, danh sách (mẫu)"})
}

// vote plays the holding of one step with its count.
func (c caseSeed) vote(step, on string, summoned, present int64, votes map[string]int64, persons ...string) {
	n := func(v int64) *int64 { return &v }
	c.act("mo-"+step, procedure.OpenStep{Ref: c.ref, Step: step, On: vn.MustDate(on), Persons: persons, Team: []string{"person/pham-duc-long", "person/nguyen-thi-hoa"}})
	against := map[string]int64{}
	for p, v := range votes {
		against[p] = present - v
	}
	c.act("dem-"+step, procedure.CountStep{Ref: c.ref, Step: step, Figures: procedure.Figures{Summoned: n(summoned), Present: n(present), Incumbents: n(summoned), Votes: votes, Disagree: against,
		Ballots: vote.Ballots{Issued: n(present), Collected: n(present), Valid: n(present), Invalid: n(0)}}})
}

// settle records how the competent level decided an unverified step is held.
func (c caseSeed) settle(step, on string) {
	c.act("cach-hieu-"+step, procedure.DecideReading{Ref: c.ref, Item: rule.StepItem("appointment-local", step), Reading: rule.MainReading, Paper: c.paper("15-KL/TU", on), Reason: "Ban Thường vụ kết luận cách làm (mẫu)"})
}
