package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// The minutes of a handover go their way by plain forms: printed and kept,
// printed again without change, signed on paper, scanned, attached to the very
// print, found by the hash of a file. The paper names organisations and their
// codes, never ids.
func TestHandoverPrintedAndSigned(t *testing.T) {
	h := newHouse(t)
	h.seed()
	from := vn.MustDate("2000-01-01")
	h.do("canbo", org.Found{ID: "org/xa-1/cb", Title: "Chi bộ 1 (mẫu)", Kind: org.Cell, Parent: "org/xa-1", From: from, Details: []org.Detail{{Key: org.PartyCode, Value: "25.000.036.000.001"}}})
	h.do("canbo", org.Found{ID: "org/xa-1/cb2", Title: "Chi bộ 2 (mẫu)", Kind: org.Cell, Parent: "org/xa-1", From: from})
	h.do("canbo", person.Record{ID: "person/a1", Home: "org/xa-1", Sample: true, From: vn.MustDate("2010-01-01"), Identity: person.Identity{Name: "Lê Văn Ấp"}})
	h.do("canbo", person.TakeStep{Person: "person/a1", Org: "org/xa-1/cb", Step: person.Transcribed, From: vn.MustDate("2020-01-01"), Admitted: vn.MustDate("2005-01-01"), Sworn: vn.MustDate("2005-01-11"), Recognised: vn.MustDate("2006-01-11")})
	h.do("canbo", person.OpenHandover{ID: "handover/h1", From: "org/xa-1", To: "org/xa-2", On: vn.MustDate("2026-11-01"), Units: []string{"org/xa-1/cb", "org/xa-1/cb2"}})
	const page = "/to-chuc/ban-giao/h1"
	v := h.as("canbo")
	v.get(page).says("Chưa in bản nào")
	for name, want := range map[string]int{"bang.pdf": 200, "bang.docx": 200, "bang.xlsx": 200, "khac": 404} {
		if p := v.get(page + "/bien-ban/" + name); p.status != want {
			t.Errorf("looked at as %s: %d", name, p.status)
		}
	}
	head := h.desk.Head()
	if p := v.submit(page, page+"/ban-in", nil); p.status != http.StatusSeeOther {
		t.Fatalf("printing: %d %s", p.status, p.text())
	}
	entry := h.desk.Head()
	if entry != head+1 {
		t.Fatalf("%d entries of a print", entry-head)
	}
	if p := v.submit(page, page+"/ban-in", nil); p.status != http.StatusSeeOther || h.desk.Head() != entry {
		t.Errorf("printed again: %d, head %d", p.status, h.desk.Head())
	}
	at := page + "/ban-in/" + number("en", entry)
	file := v.get(at + "/bien-ban.docx")
	word := wordText(t, file.body)
	for _, want := range []string{"Chi bộ 1 (mẫu)", "Đảng ủy xã Đồng Tâm Mới (mẫu)", "25.000.036.000.001", "chưa ghi mã", "Lê Văn Ấp", "ĐẠI DIỆN BÊN NHẬN"} {
		if !strings.Contains(word, want) {
			t.Errorf("the minutes lack %q", want)
		}
	}
	if strings.Contains(word, "org/xa") {
		t.Error("the minutes show an id")
	}
	pdf := v.get(at + "/bien-ban.pdf")
	if !bytes.HasPrefix(pdf.body, []byte("%PDF")) {
		t.Error("no PDF")
	}
	if got := h.reads("papers/handover/h1"); len(got) != 2 {
		t.Errorf("read log: %v", got)
	}
	var scan bytes.Buffer
	if err := png.Encode(&scan, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		t.Fatal(err)
	}
	to := at + "/ban-ky"
	v.sendScan(page, to, "ghi-chu.txt", []byte("không phải bản quét")).is(http.StatusUnprocessableEntity)
	if p := v.sendScan(page, to, "da-ky.png", scan.Bytes()); p.status != http.StatusSeeOther {
		t.Fatalf("attach: %d %s", p.status, p.text())
	}
	v.get(page).says("da-ky.png", "Bản quét đã ký")
	sum := func(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }
	if got := v.get(to + "/" + sum(scan.Bytes())); !bytes.Equal(got.body, scan.Bytes()) {
		t.Errorf("the scan: %d", got.status)
	}
	v.get("/tim?q="+sum(pdf.body)).says("Giấy tờ theo mã băm", "Bản in biên bản bàn giao")
	v.get("/tim?q=" + sum(scan.Bytes())[:16]).says("Bản quét biên bản bàn giao đã ký")
	v.get("/nhat-ky/"+number("en", entry)).says("In biên bản bàn giao", "Bàn giao tập thể: Đảng ủy xã Đồng Tâm Mới (mẫu)")
	h.do("canbo2", person.AcceptHandover{ID: "handover/h1", To: "org/xa-2", Official: 1, Closing: 1})
	v.get(page).says("in trước việc mới nhất")
}
