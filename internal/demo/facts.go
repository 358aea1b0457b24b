package demo

import (
	"fmt"
	"strings"

	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// sampleFacts are invented facts of the sample persons, one a line:
// who | block | from | until | field=value; … | kind of paper, number, day.
const sampleFacts = `
le-van-truong|origin|1968-02-14||birthplace=xã Mẫu, tỉnh Mẫu; registered=xã Mẫu, tỉnh Mẫu; religion=none; class=Nông dân; cv_number=6800000001 (mẫu)|member-cv
le-van-truong|residence|2021-01||permanent=phường Mẫu 1, tỉnh Mẫu; phone=0900 000 001 (mẫu)|declaration
le-van-truong|service|1990-09-01||before=Học sinh; recruited=1990-09-01; recruiter=Huyện đoàn Mẫu; occupation=Công tác đảng; strength=Công tác vận động quần chúng|2c
le-van-truong|grade|2019-07||name=Chuyên viên cao cấp; code=01.001; step=3; coefficient=6,92; allowance=1,05|decision,77-QĐ/BTC (mẫu),2019-06-28
le-van-truong|work|1990-09|1999-12|what=Cán bộ, Phó Bí thư Huyện đoàn Mẫu; place=huyện Mẫu|member-cv
le-van-truong|work|2000-01|2010-07|what=Ủy viên Ban Thường vụ, Trưởng Ban Dân vận Huyện ủy Mẫu; place=huyện Mẫu|member-cv
le-van-truong|work|2010-08|2015-09|what=Bí thư Huyện ủy Mẫu; place=huyện Mẫu|decision,45-QĐ/TU (mẫu),2010-07-30
le-van-truong|work|2015-10|2020-10-14|what=Phó Bí thư Tỉnh ủy Mẫu; place=tỉnh Mẫu|decision,12-QĐ/TU (mẫu),2015-10-02
le-van-truong|general|1986-06||level=upper-secondary; grade=12/12|cv
le-van-truong|degree|1997-07||level=dai-hoc; major=Luật; school=Trường Đại học Mẫu; form=part; studied_from=1992; studied_to=1997|diploma,B 012345 (mẫu),1997-07-15
le-van-truong|degree|2006||level=thac-si; major=Xây dựng Đảng và chính quyền nhà nước; school=Học viện Mẫu; form=not-concentrated; studied_from=2004; studied_to=2006|diploma,A 000678 (mẫu),2006-12-20
le-van-truong|theory|1995||level=trung-cap; school=Trường Chính trị tỉnh Mẫu|diploma
le-van-truong|theory|2004-07||level=cao-cap; school=Học viện Mẫu; form=concentrated|diploma,CC 0456 (mẫu),2004-07-10
le-van-truong|state-management|2012-05||level=chuyen-vien-cao-cap; school=Học viện Mẫu|diploma
le-van-truong|language|1998||kind=foreign; name=Tiếng Anh; level=Chứng chỉ B|diploma
le-van-truong|informatics|2001||level=Chứng chỉ A|diploma
le-van-truong|training|2016-05|2016-05|kind=defence-2; what=Bồi dưỡng kiến thức quốc phòng, an ninh; school=Trường Quân sự Mẫu|diploma
le-van-truong|association|1984-03-26|1998|kind=youth; post=Phó Bí thư Huyện đoàn|member-cv
le-van-truong|reward|2018-09-02||form=Bằng khen; what=Thành tích trong công tác xây dựng Đảng|decision,321-QĐ/TU (mẫu),2018-08-25
le-van-truong|health|2026-03||class=2; height=1,66 m; weight=64 kg; blood=O|health
le-van-truong|family|1992||tie=Vợ; name=Phạm Thị Mẫu; born=1970; what=Quê xã Mẫu; giáo viên; đảng viên|declaration
le-van-truong|family|1993||tie=Con; name=Lê Thị Mẫu Con; born=1993; what=Kỹ sư; tỉnh Mẫu|declaration
le-van-truong|asset|2025-12-15||kind=yearly; to=Ủy ban Kiểm tra Tỉnh ủy (mẫu)|declaration
tran-thi-minh|origin|1971-09-02||birthplace=xã Mẫu 2, tỉnh Mẫu; religion=none; class=Công chức, viên chức|member-cv
tran-thi-minh|general|1989-06||level=upper-secondary; grade=12/12|cv
tran-thi-minh|degree|1994||level=dai-hoc; major=Kinh tế; school=Trường Đại học Mẫu; form=full; studied_from=1990; studied_to=1994|diploma
tran-thi-minh|degree|2008||level=tien-si; major=Kinh tế chính trị; school=Học viện Mẫu|diploma
tran-thi-minh|theory|2009||level=cu-nhan; school=Học viện Mẫu|diploma
tran-thi-minh|state-management|2014||level=chuyen-vien-cao-cap|diploma
tran-thi-minh|language|2007||kind=foreign; name=Tiếng Anh; level=Bậc 4 (B2)|diploma
tran-thi-minh|work|1994-10|2005-12|what=Chuyên viên, Phó Trưởng phòng Sở Kế hoạch Mẫu|member-cv
tran-thi-minh|work|2006-01|2020-10-14|what=Phó Giám đốc, Giám đốc Sở Kế hoạch Mẫu|decision
tran-thi-minh|health|2026-03||class=1|health
tran-thi-minh|asset|2025-12-15||kind=yearly; to=Ủy ban Kiểm tra Tỉnh ủy (mẫu)|declaration
y-thanh-nie|origin|1973||birthplace=buôn Mẫu, tỉnh Mẫu; religion=protestant; class=Nông dân|member-cv
y-thanh-nie|residence|2015||permanent=phường Mẫu 2, tỉnh Mẫu|declaration
y-thanh-nie|general|1992||level=upper-secondary; grade=12/12|cv
y-thanh-nie|degree|1998||level=dai-hoc; major=Luật; school=Trường Đại học Mẫu; form=full|diploma
y-thanh-nie|theory|2010-08||level=cao-cap; school=Học viện Mẫu|diploma
y-thanh-nie|state-management|2011||level=chuyen-vien-chinh|diploma
y-thanh-nie|language|1973||kind=ethnic; name=Tiếng Ê-đê; level=Giao tiếp được|declaration
y-thanh-nie|language|2003||kind=foreign; name=Tiếng Anh; level=Chứng chỉ B|diploma
y-thanh-nie|work|1998-08|2009|what=Chuyên viên, Trưởng phòng Nội vụ huyện Mẫu|member-cv
y-thanh-nie|work|2010|2020-10-14|what=Phó Trưởng Ban Tổ chức Tỉnh ủy (mẫu)|decision,88-QĐ/TU (mẫu),2009-12-20
y-thanh-nie|discipline|2013-04-10|2014-04-10|side=party; form=reprimand; why=Thiếu kiểm tra công việc được giao (mẫu)|decision,15-QĐ/UBKT (mẫu),2013-04-10
y-thanh-nie|merit|1973||family=Gia đình có công với cách mạng|declaration
nguyen-thi-hoa|origin|1980-05-19||birthplace=xã Mẫu, tỉnh Mẫu; religion=none; class=Công nhân|member-cv
nguyen-thi-hoa|general|1998||level=upper-secondary; grade=12/12|cv
nguyen-thi-hoa|degree|2002||level=dai-hoc; major=Hành chính học; school=Học viện Mẫu; form=full|diploma
nguyen-thi-hoa|degree|2012||level=thac-si; major=Quản lý công; school=Học viện Mẫu|diploma
nguyen-thi-hoa|theory|2016||level=cao-cap|diploma
nguyen-thi-hoa|state-management|2015||level=chuyen-vien-chinh|diploma
nguyen-thi-hoa|training|2023-09|2023-10|kind=planned; what=Bồi dưỡng cán bộ quy hoạch cấp tỉnh (mẫu)|diploma
pham-duc-long|origin|1975-12-01||birthplace=thị trấn Mẫu; religion=catholic; class=Tiểu thương|member-cv
pham-duc-long|general|1993||level=upper-secondary; grade=12/12|cv
pham-duc-long|degree|1997||level=dai-hoc; major=Luật|diploma
pham-duc-long|theory|2009||level=cao-cap|diploma
pham-duc-long|army|1993||enlisted=1993-09; discharged=1995-02; rank=Thượng sĩ|member-cv
hoang-van-tu|origin|1982-07||birthplace=xã An Bình (mẫu); religion=none; class=Nông dân|member-cv
hoang-van-tu|general|2000||level=upper-secondary; grade=12/12|cv
hoang-van-tu|degree|2010||level=dai-hoc; major=Nông nghiệp; form=part|diploma
hoang-van-tu|theory|2012||level=trung-cap|diploma
h-lan-eban|origin|1986-03-08||birthplace=buôn Mẫu; religion=protestant; class=Nông dân|member-cv
h-lan-eban|general|2004||level=upper-secondary; grade=12/12|cv
h-lan-eban|degree|2008||level=cao-dang; major=Sư phạm mầm non|diploma
h-lan-eban|theory|2014||level=trung-cap|diploma
do-minh-quan|origin|1979-11-20||birthplace=xã Đông Hòa (mẫu); religion=buddhist; class=Trung nông|member-cv
do-minh-quan|general|1997||level=upper-secondary; grade=12/12|cv
do-minh-quan|degree|2001||level=trung-cap; major=Kế toán|diploma
do-minh-quan|degree|2011||level=dai-hoc; major=Kinh tế; form=distance|diploma
do-minh-quan|theory|2013||level=trung-cap|diploma
vu-thi-thu|origin|1990-01-30||birthplace=xã Mẫu 3; religion=none; class=Công chức, viên chức|cv
vu-thi-thu|general|2008||level=upper-secondary; grade=12/12|cv
vu-thi-thu|degree|2012||level=dai-hoc; major=Quản trị nhân lực; form=full|diploma
`

// homes are the organisations that keep the files.
var homes = map[string]string{
	"le-van-truong":  "org/tinh",
	"tran-thi-minh":  "org/tinh",
	"y-thanh-nie":    "org/tinh/ban-to-chuc",
	"nguyen-thi-hoa": "org/tinh/ban-to-chuc",
	"pham-duc-long":  "org/tinh/uy-ban-kiem-tra",
	"hoang-van-tu":   "org/xa-an-binh",
	"h-lan-eban":     "org/xa-an-binh",
	"do-minh-quan":   "org/xa-dong-hoa",
	"vu-thi-thu":     "org/ubnd-tinh/so-noi-vu",
}

// facts gives the sample persons their personal facts.
func (s *seeder) facts() {
	for i, line := range strings.Split(strings.TrimSpace(sampleFacts), "\n") {
		a, err := sampleFact(line, i)
		if err != nil && s.err == nil {
			s.err = fmt.Errorf("demo: fact %q: %w", line, err)
		}
		s.do(fmt.Sprintf("thong-tin-%d", i+1), a)
	}
}

func sampleFact(line string, i int) (a person.RecordFact, err error) {
	p := strings.Split(line, "|")
	if len(p) != 6 {
		return a, fmt.Errorf("%d columns", len(p))
	}
	a = person.RecordFact{Person: "person/" + p[0], Home: homes[p[0]], Block: p[1], Content: person.FactContent{Values: map[string]string{}, Certifier: "Ban Tổ chức Tỉnh ủy (mẫu)"}}
	if b, ok := person.FactBlockOf(p[1]); ok && b.List() {
		a.Item = fmt.Sprintf("fact/mau-%d", i+1)
	}
	c := &a.Content
	if c.From, err = vn.ParsePartial(p[2]); err == nil {
		c.Until, err = vn.ParsePartial(p[3])
	}
	for _, kv := range splitValues(p[4]) {
		c.Values[kv[0]] = kv[1]
	}
	paper := append(strings.Split(p[5], ","), "", "")
	c.Source = person.FactSource{Kind: paper[0], Number: paper[1]}
	if err == nil && paper[2] != "" {
		c.Source.Date, err = vn.ParseDate(paper[2])
	}
	return a, err
}

// splitValues reads "field=value; field=value"; a value may hold semicolons.
func splitValues(s string) (out [][2]string) {
	for _, part := range strings.Split(s, "; ") {
		if k, v, ok := strings.Cut(part, "="); ok {
			out = append(out, [2]string{k, v})
		} else if n := len(out); n > 0 {
			out[n-1][1] += "; " + part
		}
	}
	return out
}
