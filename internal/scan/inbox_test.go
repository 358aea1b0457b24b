package scan_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"minhbach/internal/scan"
)

// TestInbox: a folder of a scanner shows plain pictures in the order people
// count, none that is still being written, no link, and lets no name lead out.
func TestInbox(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "quet")
	b, err := scan.OpenInbox(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	now := time.Now()
	put := func(name string, age time.Duration, text string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	put("scan10.png", time.Minute, "x")
	put("scan2.PNG", time.Minute, "x")
	put("scan3.tif", time.Second, "x") // still being written
	put("empty.pdf", time.Minute, "")
	put("note.txt", time.Minute, "x")
	put(".hidden.png", time.Minute, "x")
	outside := filepath.Join(t.TempDir(), "secret.png")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := b.List(now)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		if f.Ready {
			names = append(names, f.Name)
		}
	}
	if !slices.Equal(names, []string{"scan2.PNG", "scan10.png"}) || len(files) != 4 {
		t.Errorf("%+v", files)
	}
	for _, bad := range []string{"link.png", "folder.png", "../secret.png", "/etc/passwd", "note.txt", "", "khong-dung-duoc/x.png"} {
		if f, err := b.Open(bad); err == nil {
			f.Close()
			t.Errorf("%q was opened", bad)
		}
	}
	if err := b.SetAside("scan2.PNG"); err != nil {
		t.Fatal(err)
	}
	put("scan2.PNG", time.Minute, "again")
	if err := b.SetAside("scan2.PNG"); err != nil {
		t.Fatal(err)
	}
	aside, err := os.ReadDir(filepath.Join(dir, scan.Aside))
	if err != nil || len(aside) != 2 {
		t.Errorf("%v %v", aside, err)
	}
	if err := b.Remove("scan10.png"); err != nil {
		t.Error(err)
	}
	if left, _ := b.List(now); len(left) != 2 {
		t.Errorf("%+v", left)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
