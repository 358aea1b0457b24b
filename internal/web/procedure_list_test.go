package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"minhbach/internal/procedure"
	"minhbach/internal/vn"
)

// TestListOfCases: the list is found by a name without marks, narrowed, sorted
// and paged by its address alone; the search box of the frame finds cases too;
// nobody is told of a case he may not read.
func TestListOfCases(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	v.get("/quy-trinh?q=bui+thi+hanh&trang-thai=tat-ca").is(200).says("Phó Giám đốc, Sở Nội vụ", "Hồ sơ 1 đến 1 trong 1")
	v.get("/quy-trinh?q=ngo+van+khoi").is(200).says("Phó Trưởng ban", "còn 25 ngày làm việc theo ngày mẫu 14/6/2024")
	v.get("/").is(200).says("theo ngày mẫu 14/6/2024") // the desk counts on the same day
	v.get("/quy-trinh?q=pho+truong+ban+to+chuc").is(200).says("Hồ sơ 1 đến 1 trong 1")
	v.get("/quy-trinh?trang-thai=ended").is(200).says("Phó Giám đốc")
	v.get("/quy-trinh?tu-ngay=1/6/2024&den-ngay=30/6/2024").is(200).says("Phó Trưởng ban")
	v.get("/quy-trinh?tu-ngay=khong").is(http.StatusUnprocessableEntity).says("Ngày ghi theo dạng")
	v.get("/quy-trinh?quy-trinh=appointment-local&xep=opened&chieu=xuong").is(200).says("Phó Trưởng ban")
	v.get("/quy-trinh?cham=1").is(200).says("Không có hồ sơ nào khớp")
	v.get("/tim?q=bui+thi+hanh").is(200).says("Quy trình nhân sự", "Phó Giám đốc, Sở Nội vụ (mẫu)")
	if p := h.as("kiemtra").get("/tim?q=bui+thi+hanh"); strings.Contains(p.text(), "Phó Giám đốc, Sở Nội vụ") {
		t.Error("the search tells an inspector of a case")
	}

	// More than a page, in the order asked.
	for i := range procedurePage {
		h.do("canbo", procedure.Open{Ref: procedure.Ref{ID: fmt.Sprintf("hs-nhieu-%02d", i), Org: "org/tinh/ban-to-chuc"}, Procedure: "appointment-local", On: vn.MustDate("2024-03-04").AddDays(i),
			Title: "commission-deputy-head", Seats: 1, Class: procedure.Internal, Need_: "mẫu", Sample: true, Clock: vn.MustDate("2024-05-31")})
	}
	first := v.get("/quy-trinh?xep=opened").is(200).says("Hồ sơ 1 đến 40 trong 41", "Trang 1 trên 2", "4/3/2024")
	if strings.Contains(first.text(), "3/6/2024") {
		t.Error("the newest stands on the first page of the oldest")
	}
	v.get("/quy-trinh?xep=opened&trang=2").is(200).says("Hồ sơ 41 đến 41 trong 41", "3/6/2024")
	v.get("/quy-trinh?xep=opened&chieu=xuong").is(200).says("3/6/2024")
	v.get("/quy-trinh?xep=opened&trang=99").is(200).says("Hồ sơ 41 đến 41 trong 41")
}
