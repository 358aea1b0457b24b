package web

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"minhbach/internal/ballotbox"
	"minhbach/internal/paper/papertest"
	"minhbach/internal/scan"
)

// watch lets the house watch a scanner's folder; put lays files into it that the
// scanner finished some time ago.
func (h *house) watch() (put func(files map[string][]byte), dir string) {
	h.t.Helper()
	dir = filepath.Join(h.t.TempDir(), "quet")
	box, err := scan.OpenInbox(dir)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = box.Close() })
	h.server.inbox = &inbox{Inbox: box, now: time.Now}
	return func(files map[string][]byte) {
		h.t.Helper()
		for name, data := range files {
			p, old := filepath.Join(dir, name), time.Now().Add(-time.Minute)
			if err := os.WriteFile(p, data, 0o600); err != nil {
				h.t.Fatal(err)
			}
			if err := os.Chtimes(p, old, old); err != nil {
				h.t.Fatal(err)
			}
		}
	}, dir
}

// released lets the head of the board release the ballot for reading.
func (h *house) released() {
	h.t.Helper()
	const sheet = "/kiem-phieu/phieu/" + boxID
	h.as("truong").submit(sheet, sheet, url.Values{"giay": {"A5"}, "ten": {"Bầu cấp ủy xã"}}).is(http.StatusSeeOther)
}

// TestScannerFolder: what the scanner lays into its folder is taken into a pile;
// taken files are gone from the folder, foreign ones are set aside, and a picture
// that comes again counts once.
func TestScannerFolder(t *testing.T) {
	h := boxHouse(t, 3, "strike", 4, 3)
	h.released()
	one := h.as("dem1")
	const page = "/kiem-phieu/quet/1/" + boxID
	if strings.Contains(one.get(page).is(http.StatusOK).text(), "Thư mục máy quét") {
		t.Error("a folder is shown and none is watched")
	}
	put, dir := h.watch()
	one.get(page).is(http.StatusOK).says("Thư mục máy quét", "0 tệp sẵn sàng")
	one.submit(page, page+"?thu-muc=1", url.Values{"do": {"inbox"}}).is(http.StatusUnprocessableEntity).says("chưa có tệp nào sẵn sàng")
	files := scans(t, h.boxLayout(), "4", "1", "~4")
	first := files["a.png"]
	files["bia.pdf"] = []byte("%PDF-1.4 không phải")
	put(files)
	one.get(page).is(http.StatusOK).says("4 tệp sẵn sàng")
	one.submit(page, page+"?thu-muc=1", url.Values{"do": {"inbox"}}).is(http.StatusOK).says("bia.pdf", "Không nhận, quét lại", "máy đọc rõ 2", "chờ người xem 1", "0 tệp sẵn sàng")
	aside, err := os.ReadDir(filepath.Join(dir, scan.Aside))
	if err != nil || len(aside) != 1 || aside[0].Name() != "bia.pdf" {
		t.Errorf("%v %v", aside, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
	put(map[string][]byte{"lai.png": first})
	one.submit(page, page+"?thu-muc=1", url.Values{"do": {"inbox"}}).is(http.StatusOK).says("trùng hệt", "máy đọc rõ 2")
	one.get("/kiem-phieu/thu-muc/1/" + boxID).is(http.StatusOK).says("0 tệp sẵn sàng")
	h.as("ngoai").get("/kiem-phieu/thu-muc/1/" + boxID).is(http.StatusNotFound)
	h.as("ngoai").get(page).is(http.StatusNotFound)
}

// TestPairsOfTheFolder: of two-sided ballots only whole pairs are taken, nothing
// behind a gap, and a batch never ends between two sides.
func TestPairsOfTheFolder(t *testing.T) {
	list := func(names ...string) (out []scan.InboxFile) {
		for _, n := range names {
			out = append(out, scan.InboxFile{Name: n, Size: 1, Ready: true})
		}
		return out
	}
	for _, x := range []struct {
		in   []scan.InboxFile
		want int
	}{
		{list("1.jpg", "2.jpg"), 2}, {list("1.jpg", "2.jpg", "3.jpg"), 2}, {list("1.jpg", "a.pdf", "2.jpg", "3.jpg"), 0},
		{list("a.pdf", "1.jpg", "2.jpg", "3.jpg"), 3}, {list("1.jpg"), 0}, {nil, 0},
	} {
		if got := wholePairs(x.in); len(got) != x.want {
			t.Errorf("%v: %d taken, want %d", x.in, len(got), x.want)
		}
	}
	many := list("a.pdf")
	for range 50 {
		many = append(many, scan.InboxFile{Name: "x.jpg", Size: 1, Ready: true})
	}
	if got := batch(many, 2); len(got) != inboxBatch-1 || len(batch(many, 1)) != inboxBatch {
		t.Errorf("a batch of %d", len(got))
	}
	if got := batch([]scan.InboxFile{{Name: "1.pdf", Size: 60 << 20}, {Name: "2.pdf", Size: 60 << 20}}, 1); len(got) != 1 {
		t.Errorf("%d large files at once", len(got))
	}
	// A picture too large for any page goes with its other side: it is refused and
	// set aside, and the folder goes on.
	large := []scan.InboxFile{{Name: "1.jpg", Size: 70 << 20}, {Name: "2.jpg", Size: 1}, {Name: "3.jpg", Size: 1}, {Name: "4.jpg", Size: 1}}
	if got := batch(large, 2); len(got) != 2 || got[1].Name != "2.jpg" {
		t.Errorf("a large first picture: %v", got)
	}
	if got := batch(large[2:], 2); len(got) != 2 {
		t.Errorf("the sheet behind it: %v", got)
	}
	large[0].Size, large[1].Size = 1, 70<<20
	if got := batch(large, 2); len(got) != 2 {
		t.Errorf("a large second picture: %v", got)
	}
}

// TestTwoSidesOfTheFolder: of a two-sided ballot the first picture cannot be read
// or is larger than any page takes: both its sides are set aside, the sheets
// behind it are read as they are, and the folder does not stop.
func TestTwoSidesOfTheFolder(t *testing.T) {
	h := boxHouse(t, 3, "strike", 70, 60)
	h.released()
	l := h.boxLayout()
	if l.Sides != 2 {
		t.Fatalf("%d sides", l.Sides)
	}
	m := papertest.NewMaker(l, 130)
	files := map[string][]byte{}
	for k := range 3 {
		for i, g := range m.Sheet(papertest.Measure, uint64(60+k), papertest.Ordinary, papertest.Perfect).Sides {
			var b bytes.Buffer
			if err := png.Encode(&b, g); err != nil {
				t.Fatal(err)
			}
			files[fmt.Sprintf("q%d.png", 2*k+i+1)] = b.Bytes()
		}
	}
	files["q1.png"] = append(files["q1.png"], make([]byte, ballotbox.MaxScan)...) // a scanner gone mad
	files["q3.png"] = []byte("\x89PNG hỏng")
	put, dir := h.watch()
	put(files)
	one := h.as("dem1")
	const page = "/kiem-phieu/quet/1/" + boxID
	one.get(page).is(http.StatusOK).says("6 tệp sẵn sàng")
	take := func() *answer {
		return one.submit(page, page+"?thu-muc=1", url.Values{"do": {"inbox"}}).is(http.StatusOK)
	}
	take().says("q1.png", "q2.png", "Thiếu một mặt", "4 tệp sẵn sàng")
	take().says("q3.png", "q4.png", "Thiếu một mặt", "0 tệp sẵn sàng", "máy đọc rõ 1")
	aside, err := os.ReadDir(filepath.Join(dir, scan.Aside))
	var names []string
	for _, f := range aside {
		names = append(names, f.Name())
	}
	if err != nil || strings.Join(names, " ") != "q1.png q2.png q3.png q4.png" {
		t.Errorf("set aside: %v %v", names, err)
	}
}

// TestScannerFolderInBrowser: with the box ticked the page takes by itself what
// the scanner delivers.
func TestScannerFolderInBrowser(t *testing.T) {
	h := boxHouse(t, 3, "strike", 4, 3)
	h.released()
	put, _ := h.watch()
	ctx := browser(t)
	h.enter(t, ctx, "dem1")
	run(t, ctx, "open", size(wide), chromedp.Navigate(h.web.URL+"/kiem-phieu/quet/1/"+boxID), ready("#scan-inbox"), chromedp.Click("#scan-auto"))
	axe(t, ctx, "ballotbox-inbox")
	picture(t, ctx, "ballotbox-inbox")
	put(scans(t, h.boxLayout(), "4", "1"))
	waitFor(t, ctx, "ballots taken", `document.querySelector('#scan-count b').textContent`, "2")
	put(scans(t, h.boxLayout(), "2"))
	waitFor(t, ctx, "the third", `document.querySelector('#scan-count b').textContent`, "3")
}
