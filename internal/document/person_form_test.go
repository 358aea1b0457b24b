package document_test

import (
	"errors"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestPersonForms: 2C and Mẫu 2-HSĐV in the order of their items, from what is
// on record on a day; what is not recorded is left open; typed braces are no
// marks; an erased person has no form.
func TestPersonForms(t *testing.T) {
	db := storetest.SQLite(t)
	cfg := desktest.Config(t, db, org.Room(), person.Room())
	cfg.Rules = desktest.NoRules{}
	d := desktest.Open(t, cfg)
	day := vn.MustDate
	const who, home = "person/p1", "org/cb"
	do := func(a desk.Act) int64 { return desktest.Do(t, d, "a", a).Entries[0].Index }
	do(org.Found{ID: "org/tinh", Title: "Tỉnh ủy (mẫu)", Kind: org.ProvinceCommittee, From: day("1990-01-01")})
	do(org.Found{ID: "org/xa", Title: "Đảng ủy xã (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: day("1990-01-01")})
	do(org.Found{ID: home, Title: "Chi bộ thôn (mẫu)", Kind: org.Cell, Parent: "org/xa", From: day("1990-01-01")})
	entry := do(person.Record{ID: who, Home: home, Sample: true, From: day("1980-01-01"), Identity: person.Identity{Name: "Lê Thị {{Mẫu}}", Gender: "female", Ethnicity: "Tày"}})
	do(person.TakeStep{Person: who, Org: home, Step: person.Transcribed, From: day("2005-01-01"), Admitted: day("2001-02-03"), Sworn: day("2001-02-20"), Recognised: day("2002-02-20")})
	do(person.TakePost{ID: "post/1", Person: who, Org: home, Title: "secretary", From: day("2020-08-01")})
	fact := func(block, item, from, until string, values map[string]string) {
		a := person.RecordFact{Person: who, Home: home, Block: block, Item: item, Content: person.FactContent{Values: values, Source: person.FactSource{Kind: "member-cv"}}}
		a.Content.From, _ = vn.ParsePartial(from)
		a.Content.Until, _ = vn.ParsePartial(until)
		do(a)
	}
	fact("origin", "", "1980", "", map[string]string{"religion": "none", "birthplace": "Xã Mẫu"})
	fact("degree", "fact/1", "2002-07", "", map[string]string{"level": "dai-hoc", "major": "Luật", "school": "Trường Mẫu"})
	fact("degree", "fact/2", "2026-05", "", map[string]string{"level": "thac-si", "major": "Báo chí"})
	fact("work", "fact/3", "2002-09", "2009-12", map[string]string{"what": "Chuyên viên"})
	fact("discipline", "fact/4", "2013", "2014", map[string]string{"side": "party", "form": "reprimand"})
	fact("grade", "", "2019-07", "", map[string]string{"name": "Chuyên viên chính", "coefficient": "4,98"})

	record := func(on string) (r document.PersonRecord, err error) {
		if e := d.Read(t.Context(), func(tx *store.Tx) error {
			r, err = document.ReadPerson(t.Context(), tx, who, org.Now(day(on)))
			return nil
		}); e != nil {
			t.Fatal(e)
		}
		return r, err
	}
	r, err := record("2026-01-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range document.PersonForms {
		out, err := f.Files(nil, &r, document.PersonStamp{Text: "lấy để thử"}, day("2026-01-02"))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out.Odd {
			t.Errorf("%s: the PDF differs: %+v", f.ID, o)
		}
		doc, err := docx.Read(out.Word)
		if err != nil {
			t.Fatal(err)
		}
		text := doc.Text() + doc.EdgeText()
		want := map[string][]string{
			"2c":     {"Mẫu 2C/TCTW-98", "MẪU – người", "1) Họ và tên khai sinh: Lê Thị ((Mẫu)). Nam, nữ: Nữ", "3) Cấp ủy, chức vụ hiện tại: Bí thư, Chi bộ thôn (mẫu)", "5) Nơi sinh: Xã Mẫu", "8) Dân tộc: Tày", "9) Tôn giáo: Không", "10) Thành phần gia đình xuất thân: ....", "14) Ngày vào Đảng Cộng sản Việt Nam: 20/2/2001 (quyết định kết nạp ngày 3/2/2001). Ngày chính thức: 20/2/2002", "17) Trình độ", "Đại học Luật (7/2002)", "hệ số: 4,98", "Kỷ luật: Đảng, Khiển trách (2013)", "Trường Mẫu", "9/2002 – 12/2009", "Chuyên viên", "1/8/2020 – nay", "lấy để thử"},
			"2-hsdv": {"Đảng bộ tỉnh: Tỉnh ủy (mẫu)", "Đảng bộ xã, cơ sở: Đảng ủy xã (mẫu)", "Chi bộ: Chi bộ thôn (mẫu)", "Mẫu 2-HSĐV", "01. Họ và tên", "02. Nam, nữ: Nữ", "04. Sinh ngày: ....", "12. Ngày vào Đảng: 20/2/2001", "Ngày ra quyết định kết nạp: 3/2/2001", "17. Trình độ", "20. Được miễn", "21–22.", "23. Khen thưởng", "26. Kỷ luật", "30. Hoàn cảnh kinh tế"},
		}[f.ID]
		at := 0
		for _, w := range want {
			i := strings.Index(text[at:], w)
			if i < 0 {
				if strings.Contains(text, w) && w != "lấy để thử" {
					t.Errorf("%s: %q stands at another place", f.ID, w)
				} else if !strings.Contains(text, w) {
					t.Errorf("%s: %q is missing", f.ID, w)
				}
				continue
			}
			at += i
		}
		if strings.Contains(text, "Báo chí") {
			t.Errorf("%s tells of a diploma of a later day", f.ID)
		}
		if strings.Contains(text, "{{") || len(out.PDF) < 1000 {
			t.Errorf("%s: marks are left, or no PDF", f.ID)
		}
	}
	if r, _ := record("2026-06-01"); len(r.Of("degree", false)) != 2 {
		t.Error("the later diploma is missing on its day")
	}
	do(desk.EraseBlockAct{Index: entry, Block: "identity", Decision: "01-QĐ/BTC"})
	if _, err := record("2026-01-01"); !errors.Is(err, document.ErrErased) {
		t.Errorf("a form of an erased person: %v", err)
	}
}
