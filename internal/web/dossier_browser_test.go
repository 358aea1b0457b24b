package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"minhbach/internal/dossier"
	"minhbach/internal/vn"

	"github.com/chromedp/chromedp"
)

// The pages of a file and of backups in Chromium: wide and on a phone, without
// what hinders people (axe), and an upload of two files with the script, which
// shows what has arrived and then the page with both.
func TestFileInBrowser(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const who = "person/nguyen-van-mau"
	h.do("canbo", dossier.Open{Person: who, Home: "org/tinh", Class: dossier.Internal, Custodian: "org/tinh", From: vn.MustDate("2010-02-01"), Hands: dossier.Grounds{Receiver: "Lê Văn Giữ"}})
	rc := h.do("canbo", dossier.Put{Person: who, Home: "org/tinh", Items: []dossier.Item{
		{State: dossier.Kept, Paper: dossier.Paper{Kind: 7, Title: "Quyết định công nhận đảng viên chính thức", Number: "15-QĐ/ĐU", Date: vn.MustDate("2011-03-01"), Paper: true}}, {State: dossier.Missing, Paper: dossier.Paper{Kind: 37}}}})
	ctx := browser(t)
	look := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			for _, kind := range []int{phone, wide} {
				label := strings.ReplaceAll(strings.Trim(path, "/"), "/", "-") + map[int]string{wide: "", phone: "-phone"}[kind]
				run(t, ctx, label, size(kind), chromedp.Navigate(h.web.URL+path), ready("h1"))
				noOverflow(t, ctx, label)
				if kind == wide {
					axe(t, ctx, label)
				}
				picture(t, ctx, label)
			}
		}
	}
	h.enter(t, ctx, "canbo")
	look(filePath, filePath+"/tai-lieu/"+rc.Act+"-1", filePath+"/viec/ra-soat", filePath+"/viec/tai-lieu", "/ho-so-thieu")
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"02.Ly_lich.pdf", "86.Bang_dai_hoc.pdf"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, paperPDF(name), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	run(t, ctx, "upload", size(wide), chromedp.Navigate(h.web.URL+filePath), ready("#f-file"), chromedp.SetUploadFiles(chromedp.CSS("#f-file"), files), chromedp.Click(chromedp.CSS("#dossier-up button.do")))
	for range 200 {
		if len(h.docs(who)) == 4 && strings.Contains(ask[string](t, ctx, "address", "location.search"), "ghi=") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	defer func() {
		run(t, ctx, "log out", size(wide), chromedp.Navigate(h.web.URL+"/"), chromedp.Submit(chromedp.CSS(`form[action="/dang-xuat"]`)), ready(`.people`))
		h.enter(t, ctx, "quantri.mau")
		look("/quan-tri/sao-luu")
	}()
	if text := ask[string](t, ctx, "the page after the upload", "document.querySelector('main').innerText"); !strings.Contains(text, "Bang dai hoc") || !strings.Contains(text, "Ly lich") {
		t.Errorf("after the upload: %s", text)
	}
}
