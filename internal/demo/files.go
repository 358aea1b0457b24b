package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationserifregular"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// samplePaper is an invented paper of a sample person's file.
type samplePaper struct {
	kind          int
	title, number string
	date, issuer  string
	scan, missing bool
	class         dossier.Class
}

// sampleFiles are the files of a few sample persons; the others have none, so
// that the list of gaps has something to show.
var sampleFiles = []struct {
	who, home, custodian, from string
	papers                     []samplePaper
	supply, never              []int
}{
	{"le-van-truong", "org/tinh", "org/tinh/ban-to-chuc", "2010-08-05", []samplePaper{
		{kind: 2, title: "Lý lịch đảng viên", date: "2010-07-20", issuer: "Lê Văn Trường (mẫu)", scan: true},
		{kind: 3, title: "Phiếu đảng viên", date: "2016-03-15", issuer: "Đảng ủy (mẫu)"},
		{kind: 4, title: "Phiếu bổ sung hồ sơ đảng viên năm 2025", date: "2025-12-28", scan: true},
		{kind: 5, title: "Quyết định kết nạp đảng viên", number: "03-QĐ/HU (mẫu)", date: "1987-02-03", issuer: "Huyện ủy Mẫu", scan: true},
		{kind: 7, title: "Quyết định công nhận đảng viên chính thức", number: "15-QĐ/HU (mẫu)", date: "1988-02-15", issuer: "Huyện ủy Mẫu", scan: true},
		{kind: 23, title: "Quyết định tặng Bằng khen", number: "321-QĐ/TU (mẫu)", date: "2018-08-25", issuer: "Tỉnh ủy Mẫu"},
		{kind: 37, missing: true},
		{kind: 70, title: "Bằng cao cấp lý luận chính trị", number: "CC 0456 (mẫu)", date: "2004-07-10", issuer: "Học viện Mẫu", scan: true},
		{kind: 86, title: "Bằng đại học ngành Luật", number: "B 012345 (mẫu)", date: "1997-07-15", issuer: "Trường Đại học Mẫu", scan: true},
		{kind: 87, title: "Quyết định chuẩn y chức danh Bí thư Tỉnh ủy", number: "20-QĐ/TU (mẫu)", date: "2020-10-15", issuer: "Tỉnh ủy Mẫu"},
	}, []int{18}, []int{83, 17}},
	{"y-thanh-nie", "org/tinh/ban-to-chuc", "org/tinh/ban-to-chuc", "2009-12-28", []samplePaper{
		{kind: 2, title: "Lý lịch đảng viên", date: "2009-12-20", scan: true},
		{kind: 7, title: "Quyết định công nhận đảng viên chính thức", number: "22-QĐ/HU (mẫu)", date: "1998-04-10", issuer: "Huyện ủy Mẫu"},
		{kind: 22, title: "Quyết định kỷ luật khiển trách", number: "15-QĐ/UBKT (mẫu)", date: "2013-04-10", issuer: "Ủy ban Kiểm tra Mẫu", scan: true, class: dossier.Secret},
	}, []int{3, 86}, nil},
	{"hoang-van-tu", "org/xa-an-binh", "org/xa-an-binh", "2010-02-01", []samplePaper{
		{kind: 2, title: "Lý lịch đảng viên", date: "2006-03-02", scan: true},
		{kind: 5, title: "Quyết định kết nạp đảng viên", number: "09-QĐ/ĐU (mẫu)", date: "2006-05-19", issuer: "Đảng ủy xã An Bình (mẫu)"},
	}, nil, []int{83}},
	{"vu-thi-thu", "org/ubnd-tinh/so-noi-vu", "org/xa-an-binh", "2026-01-15", []samplePaper{
		{kind: 1, title: "Lý lịch của người xin vào Đảng", date: "2025-12-20", scan: true},
		{kind: 37, title: "Đơn xin vào Đảng", date: "2025-12-20", scan: true},
	}, []int{38, 46}, nil},
}

// SeedFiles gives a few sample persons their files, with invented papers and
// drawn scans. A person whose file is open already is left alone.
func SeedFiles(ctx context.Context, d *desk.Desk, db *store.DB, v *vault.Vault) error {
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
	for _, x := range sampleFiles {
		id := "person/" + x.who
		open := false
		if err := d.Read(ctx, func(tx *store.Tx) (err error) {
			_, open, err = dossier.GetFile(ctx, tx, id)
			return err
		}); err != nil || open {
			if err != nil {
				return fmt.Errorf("demo: %w", err)
			}
			continue
		}
		var items []dossier.Item
		for _, p := range x.papers {
			it, err := p.item(ctx, db, v, id)
			if err != nil {
				return fmt.Errorf("demo: scan of a sample paper: %w", err)
			}
			items = append(items, it)
		}
		marks := map[int]dossier.Mark{}
		for _, k := range x.supply {
			marks[k] = dossier.ToSupply
		}
		for _, k := range x.never {
			marks[k] = dossier.NotArising
		}
		s.do("ho-so-"+x.who, dossier.Open{Person: id, Home: x.home, Class: dossier.Internal, Custodian: x.custodian, From: vn.MustDate(x.from),
			Hands: dossier.Grounds{Receiver: "Nguyễn Thị Giữ Hồ Sơ (mẫu)", Place: "tủ 3, ngăn 2"}})
		s.do("ho-so-tl-"+x.who, dossier.Put{Person: id, Home: x.home, Items: items})
		if len(marks) > 0 {
			s.do("ho-so-rs-"+x.who, dossier.MarkKinds{Person: id, Home: x.home, Marks: marks})
		}
	}
	s.lostAndRestored()
	return s.err
}

// lostAndRestored tells the story of one lost paper and of a file that changed
// hands.
func (s *seeder) lostAndRestored() {
	const id, home = "person/hoang-van-tu", "org/xa-an-binh"
	doc := "paper/demo-ho-so-tl-hoang-van-tu-2"
	s.do("ho-so-mat", dossier.SetState{Person: id, Home: home, Doc: doc, Version: 1, State: dossier.Lost,
		Grounds: dossier.Grounds{Number: "02-BB/ĐU (mẫu)", Date: vn.MustDate("2019-10-12"), By: "Đảng ủy xã An Bình (mẫu)", Note: "Ngập kho lưu trữ"}})
	s.do("ho-so-khoi-phuc", dossier.SetState{Person: id, Home: home, Doc: doc, Version: 1, State: dossier.Restored,
		Grounds: dossier.Grounds{Number: "44-QĐ/ĐU (mẫu)", Date: vn.MustDate("2020-05-04"), By: "Đảng ủy xã An Bình (mẫu)"}})
}

func (p samplePaper) item(ctx context.Context, db *store.DB, v *vault.Vault, owner string) (dossier.Item, error) {
	x := dossier.Item{State: dossier.Kept, Class: p.class, Filed: vn.MustDate("2026-01-20"), Paper: dossier.Paper{Kind: p.kind, Title: p.title, Number: p.number, Issuer: p.issuer, Paper: !p.missing}}
	if p.missing {
		x.State = dossier.Missing
	}
	if p.date != "" {
		x.Paper.Date = vn.MustDate(p.date)
	}
	if !p.scan {
		return x, nil
	}
	content, err := p.pdf()
	if err != nil {
		return x, err
	}
	return x, db.Write(ctx, func(tx *store.Tx) error {
		f, err := v.Put(ctx, tx, owner, content, time.Now())
		x.Paper.Scans = []dossier.Scan{{Hash: f.Hash, Name: dossier.FileName(x.Paper, 0, ".pdf")}}
		return err
	})
}

// pdf draws the sample paper; its bytes depend on the paper alone.
func (p samplePaper) pdf() ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	made := time.Date(2026, 1, 20, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(made)
	f.SetModificationDate(made)
	f.SetCatalogSort(true)
	f.SetTitle(p.title+" (mẫu)", true)
	f.AddUTF8FontFromBytes("serif", "", liberationserifregular.TTF)
	f.AddPage()
	f.SetFont("serif", "", 40)
	f.SetTextColor(200, 190, 180)
	f.Text(70, 160, "BẢN MẪU")
	f.SetTextColor(0, 0, 0)
	f.SetFont("serif", "", 14)
	y := 40.0
	for _, line := range []string{p.issuer, p.number, p.date, "", p.title, "", "Tài liệu bịa ra để trình diễn chương trình, không phải văn bản thật."} {
		f.Text(30, y, line)
		y += 9
	}
	var out bytes.Buffer
	err := f.Output(&out)
	return out.Bytes(), err
}
