package web

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestBindSidesByPlainForms: of two pictures that the program cannot tell a
// person says on the page, without script, that they are one ballot; that sheet
// then shows both, the balance of pictures and ballots stands on the page, and it
// is taken back as any decision is.
func TestBindSidesByPlainForms(t *testing.T) {
	h := boxHouse(t, 1, "strike", 34, 30)
	one, head := h.as("dem1"), h.as("truong")
	const scan, look, sheet = "/kiem-phieu/quet/1/" + boxID, "/kiem-phieu/xem-to/1/" + boxID, "/kiem-phieu/phieu/" + boxID
	head.submit(sheet, sheet, url.Values{"giay": {"A5"}, "ten": {"Bầu cấp ủy xã"}}).is(http.StatusSeeOther)
	if l := h.boxLayout(); l.Sides != 2 {
		t.Fatalf("the ballot has %d sides", l.Sides)
	}
	grey := func(v uint8) []byte {
		g := image.NewGray(image.Rect(0, 0, 874, 1240))
		for i := range g.Pix {
			if g.Pix[i] = 255; i/874 > 200 && i/874 < 900 && i%874 > 100 && i%874 < 700 {
				g.Pix[i] = v
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, g); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	one.drop(scan, map[string][]byte{"mot.png": grey(120), "hai.png": grey(140)}).is(http.StatusOK).says("chờ người xem 2", "đã nhận ảnh của 2 tờ = 0 phiếu + 2 chờ xem + 0 ảnh thứ hai")
	p := one.get(look).is(http.StatusOK).says("Ảnh này là mặt kia của", "Ghép hai mặt", "Phiếu này đã tính ở ảnh khác")
	first, keys := p.value("picture"), ""
	for _, o := range p.all("option") {
		if strings.HasPrefix(attr(o, "value"), "&") {
			keys = attr(o, "value")
		}
	}
	if keys == "" {
		t.Fatal("no other sheet is offered")
	}
	decide := func(picture string, v url.Values) *answer {
		form := one.get(look + "?to=" + picture)
		for _, name := range []string{"act", "seen", "picture"} {
			v.Set(name, form.value(name))
		}
		return one.post(look, v)
	}
	decide(first, url.Values{"keys": {keys}}).is(http.StatusSeeOther)
	one.get(scan).says("2 tờ = 0 phiếu + 1 chờ xem + 1 ảnh thứ hai", "ảnh của một phiếu đã tính ở ảnh khác")
	second := one.get(look + "?to=" + keys[1:]).is(http.StatusOK).says("Ảnh ghép: mặt kia của tờ này").lacks("Ảnh này là mặt kia của")
	shown := 0
	for _, img := range second.all("img") {
		if src := attr(img, "src"); strings.Contains(src, "/anh/1/") {
			shown++
			one.get(src).is(http.StatusOK)
		}
	}
	if shown != 2 {
		t.Errorf("%d pictures of the ballot are shown", shown)
	}
	one.get(look + "?to=" + first).is(http.StatusOK).says("đã ghép cùng ảnh này")
	decide(keys[1:], url.Values{"keys": {"-"}}).is(http.StatusUnprocessableEntity).says("Ảnh khác đã được ghép vào tờ này")
	one.submit(look+"?to="+first, look, url.Values{"do": {"undo"}}).is(http.StatusSeeOther)
	one.get(scan).says("2 tờ = 0 phiếu + 2 chờ xem + 0 ảnh thứ hai")
	decide(first, url.Values{"keys": {keys}}).is(http.StatusSeeOther)
	decide(keys[1:], url.Values{"typed": {"4 7"}}).is(http.StatusSeeOther)
	one.get(scan).says("2 tờ = 1 phiếu + 0 chờ xem + 1 ảnh thứ hai")
	one.submit(scan, scan+"?nop=1", url.Values{"do": {"hand-in"}, "ballots": {"1"}}).is(http.StatusSeeOther)
}
