package web

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/paper"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/store"
)

// boxLayout is the released ballot of the box.
func (h *house) boxLayout() *paper.Layout {
	h.t.Helper()
	var l *paper.Layout
	if err := h.desk.Read(h.t.Context(), func(tx *store.Tx) error {
		r, ok, err := ballotbox.ReleasedBallot(context.Background(), tx, boxID)
		if err == nil && ok {
			l = r.Layout
		}
		return err
	}); err != nil || l == nil {
		h.t.Fatal("no ballot is released", err)
	}
	return l
}

// scans fills ballots, a line of numbers struck each; "~n" is struck by half.
func scans(t *testing.T, l *paper.Layout, struck ...string) map[string][]byte {
	t.Helper()
	m := papertest.NewMaker(l, 150)
	out := map[string][]byte{}
	for k, line := range struck {
		s := m.Sheet(papertest.Measure, uint64(40+k), func(_ *rand.Rand, _ *paper.Layout, i int) string {
			n := string(rune('1' + i))
			switch {
			case strings.Contains(line, "~"+n):
				return "partial"
			case strings.Contains(line, n):
				return "line"
			}
			return "none"
		}, papertest.Perfect)
		var b bytes.Buffer
		if err := png.Encode(&b, s.Sides[0]); err != nil {
			t.Fatal(err)
		}
		out[string(rune('a'+k))+".png"] = b.Bytes()
	}
	return out
}

// drop sends files by the plain form.
func (v *visitor) drop(path string, files map[string][]byte) *answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := errors.Join(w.WriteField("act", desk.NewID()), w.WriteField("seen", "-1")); err != nil {
		v.h.t.Fatal(err)
	}
	for name, data := range files {
		p, err := w.CreateFormFile("file", name)
		if err != nil {
			v.h.t.Fatal(err)
		}
		if _, err := p.Write(data); err != nil {
			v.h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.h.t.Fatal(err)
	}
	return v.postBody(path, w.FormDataContentType(), &body)
}

// TestScanByPlainForms: from the released ballot to the comparison, without
// script; foreign bytes are told, a doubtful sheet is looked at, taken back and
// decided, and nobody else sees a picture.
func TestScanByPlainForms(t *testing.T) {
	h := boxHouse(t, 3, "strike", 4, 3)
	one, two, head := h.as("dem1"), h.as("dem2"), h.as("truong")
	const scan, look, sheet = "/kiem-phieu/quet/1/" + boxID, "/kiem-phieu/xem-to/1/" + boxID, "/kiem-phieu/phieu/" + boxID
	one.get(scan).is(http.StatusUnprocessableEntity).says("Mẫu phiếu chưa được duyệt")
	head.get(sheet).is(http.StatusOK).says("Đọc thử và duyệt", "Bản xem trước, chưa duyệt")
	// The board may want it for hand counting only: printed, and never scanned.
	head.submit(sheet, sheet, url.Values{"giay": {"A5"}, "ten": {"Bầu cấp ủy xã"}, "hand": {"on"}}).is(http.StatusSeeOther)
	head.get(sheet).is(http.StatusOK).says("chỉ để kiểm bằng tay", "không quét", "A5, 1 mặt, 1 cột", "Số phiếu")
	one.get(scan).is(http.StatusUnprocessableEntity).says("chỉ được duyệt để kiểm bằng tay")
	if strings.Contains(one.get("/kiem-phieu/hop/"+boxID).text(), "Quét") {
		t.Error("scanning is offered of a ballot for hand counting only")
	}
	if a := head.get("/kiem-phieu/phieu-tep/pdf/" + boxID + "?so=1"); a.status != http.StatusOK {
		t.Errorf("it is not printed: %d", a.status)
	}
	head.submit(sheet, sheet, url.Values{"giay": {"A5"}, "ten": {"Bầu cấp ủy xã"}}).is(http.StatusSeeOther)
	head.get(sheet).is(http.StatusOK).says("Đã duyệt, được quét.", "Mẫu đã duyệt", "Gạch tên người không bầu", "4 tên, bầu 3", "không in", "sai 0", "Người duyệt")
	if a := head.get("/kiem-phieu/phieu-tep/pdf/" + boxID + "?so=2"); a.status != http.StatusOK || !bytes.HasPrefix(a.body, []byte("%PDF")) {
		t.Errorf("the PDF: %d", a.status)
	}
	one.get("/kiem-phieu/hop/" + boxID).is(http.StatusOK).says("Quét")
	files := scans(t, h.boxLayout(), "4", "1", "~4")
	files["bia.pdf"] = []byte("%PDF-1.4 không phải")
	one.drop(scan, nil).is(http.StatusUnprocessableEntity).says("Hãy chọn ít nhất một tệp")
	far := "/kiem-phieu/doc-toi-dau/1/" + boxID
	if a := one.get(far).is(http.StatusOK); len(a.body) != 0 {
		t.Errorf("how far, with nothing under way: %s", a.body)
	}
	h.as("kiemtra").get(far).is(http.StatusNotFound)
	h.server.reading.at = map[ballotbox.ScanSeat][2]int{{Box: boxID, Case: boxCase, Pile: 1, Actor: h.samples["dem1"].ID}: {3, 8}}
	one.get(far).is(http.StatusOK).says("đang đọc trang 3 / 8")
	if a := two.get(far).is(http.StatusOK); len(a.body) != 0 {
		t.Errorf("another's upload is told: %s", a.body)
	}
	h.server.reading.at = nil
	a := one.drop(scan, files)
	a.is(http.StatusOK).says("bia.pdf", "Không nhận, quét lại", "máy đọc rõ 2", "chờ người xem 1")
	one.drop(scan, map[string][]byte{"lai.png": files["a.png"]}).is(http.StatusOK).says("trùng hệt")
	p := one.get(look).is(http.StatusOK).says("Gạch tên Nguyễn Thị Thứ 4", "Không gạch tên Nguyễn Thị Thứ 4", "chưa rõ", "Nghi vấn")
	id := regexp.MustCompile(`name="picture" value="([0-9a-f]{64})"`).FindSubmatch(p.body)
	if id == nil {
		t.Fatal("the sheet has no picture")
	}
	picture := string(id[1])
	src := "/kiem-phieu/anh/1/" + picture + "/0/" + boxID
	red := func(a *answer) (n int) {
		img, err := png.Decode(bytes.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				if r, g, _, _ := img.At(x, y).RGBA(); r > 0x9000 && g < 0x4000 {
					n++
				}
			}
		}
		return n
	}
	if with, without := red(one.get(src+"?muc=1").is(http.StatusOK)), red(one.get(src).is(http.StatusOK)); with < 100 || without > 0 {
		t.Errorf("added ink: %d red points, as scanned %d", with, without)
	}
	for _, login := range []string{"kiemtra", "canbo2", "ngoai", "quantri.mau", "chutoa", "canbo"} {
		for _, path := range []string{scan, look, src} {
			if a := h.as(login).get(path); a.status != http.StatusNotFound {
				t.Errorf("%s at %s: %d", login, path, a.status)
			}
		}
	}
	decide := func(v url.Values) *answer { // by a button
		form := one.get(look + "?to=" + picture)
		for _, name := range []string{"act", "seen", "picture"} {
			v.Set(name, form.value(name))
		}
		return one.post(look, v)
	}
	one.submit(look+"?to="+picture, look+"?to="+picture, url.Values{"typed": {"9"}}).is(http.StatusUnprocessableEntity).says("danh sách chỉ có số 1 đến 4")
	one.submit(scan, scan+"?nop=1", url.Values{"do": {"hand-in"}, "ballots": {"2"}}).is(http.StatusUnprocessableEntity).says("Còn 1 tờ quét phải có người xem")
	decide(url.Values{"keys": {"-"}}).is(http.StatusSeeOther)
	one.get(scan).says("không phải phiếu của tập", "người đã xem hết 1").lacks("chờ người xem")
	one.submit(look+"?to="+picture, look, url.Values{"do": {"undo"}}).is(http.StatusSeeOther)
	decide(url.Values{"keys": {"?"}}).is(http.StatusSeeOther)
	if page := string(one.get(scan).says("phiếu nghi vấn, để ban quyết định").body); !regexp.MustCompile(`class="tag wait"><span[^>]*>[^<]*</span> phiếu nghi vấn`).MatchString(page) {
		t.Error("a sheet left to the board is shown as settled")
	}
	one.submit(look+"?to="+picture, look, url.Values{"do": {"undo"}}).is(http.StatusSeeOther)
	// The name in question is cut out, framed, before the whole sheet.
	if n := len(one.get(look + "?to=" + picture).all("figure")); n != 1 {
		t.Errorf("%d places are shown enlarged", n)
	}
	cut := func(q string) image.Point {
		img, err := png.Decode(bytes.NewReader(one.get(src + "?muc=1" + q).is(http.StatusOK).body))
		if err != nil {
			t.Fatal(err)
		}
		return img.Bounds().Size()
	}
	if whole, part := cut(""), cut("&ten=4"); part.Y*4 > whole.Y || part.X > whole.X || part.Y < 40 {
		t.Errorf("the name is cut out as %v of %v", part, whole)
	}
	one.get(scan).is(http.StatusOK).says("Còn 1 tờ chờ người xem: xem xong mới nộp được")
	decide(url.Values{"keys": {"4"}}).is(http.StatusSeeOther)
	one.submit(scan, scan+"?nop=1", url.Values{"do": {"hand-in"}, "ballots": {"3"}}).is(http.StatusSeeOther)
	one.get("/kiem-phieu/hop/" + boxID).says("Đã quét")
	head.get("/kiem-phieu/doi-chieu/" + boxID).is(http.StatusOK).says("Chờ các lượt nhập khớp nhau")
	one.keyPile(1, 1, "4", "1", "3")
	two.keyPile(1, 2, "4", "1", "3")
	head.get("/kiem-phieu/doi-chieu/"+boxID).is(http.StatusOK).says("Lệch lượt nhập", "Nguyễn Thị Thứ 4")
	shut := "/kiem-phieu/chot/" + boxID
	head.get(shut).is(http.StatusOK).says("Lệch lượt nhập")
	head.submit(shut, shut, nil).is(http.StatusUnprocessableEntity).says("phải ghi rõ vào biên bản")
	head.submit(shut, shut, url.Values{"note": {"Một phiếu lệch giữa máy quét và người nhập"}}).is(http.StatusSeeOther)
	h.as("kiemtra").get("/kiem-phieu/bao-cao/" + boxID).is(http.StatusNotFound)
	report := "/kiem-phieu/bao-cao/" + boxID
	head.submit(report, report, nil).is(http.StatusSeeOther)
	box := "/kiem-phieu/hop/" + boxID
	h.as("canbo").get(box).is(http.StatusOK).says("Tiêu hủy ảnh phiếu")
	// The sealed pictures: shut until a decision opens the readings, then for the
	// officer, the head and the chair, each view logged, until they are destroyed.
	kept, open := "/kiem-phieu/anh-niem-phong/1/"+boxID, "/kiem-phieu/anh-mo/1/"+picture+"/0/"+boxID
	for _, path := range []string{kept, open} {
		h.as("canbo").get(path).is(http.StatusUnprocessableEntity).says("đã niêm phong")
	}
	h.as("canbo").submit(box, box, url.Values{"do": {"readings"}, "decision": {"QĐ 12 ngày 03/3/2026"}}).is(http.StatusSeeOther)
	h.as("canbo").get(box).is(http.StatusOK).says("Xem ảnh phiếu")
	for _, login := range []string{"canbo", "truong", "chutoa"} {
		h.as(login).get(kept).is(http.StatusOK).says("Chỉ xem 2 tờ lệch", "Ảnh không theo thứ tự phiếu")
		if a := h.as(login).get(open + "?muc=1").is(http.StatusOK); red(a) < 100 {
			t.Errorf("%s sees no ink", login)
		}
	}
	h.as("canbo").get(kept+"?lech=1&to="+picture).is(http.StatusOK).says("Người xem quyết định", "Lệch lượt nhập")
	for _, login := range []string{"dem1", "kiemtra", "canbo2", "ngoai", "quantri.mau"} {
		for _, path := range []string{kept, open} {
			h.as(login).get(path).is(http.StatusNotFound)
		}
	}
	defer func() { h.as("canbo").get(open).is(http.StatusNotFound) }()
	h.as("canbo").submit(box, box, url.Values{"do": {"destroy"}, "decision": {"Biên bản tiêu hủy 01"}}).is(http.StatusSeeOther)
	if strings.Contains(string(h.as("canbo").get(box).body), `value="destroy"`) {
		t.Error("pictures are still offered for destruction")
	}
}
