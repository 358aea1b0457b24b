package store

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A copy left by a killed program is swept; one at work, one being made and
// what is not ours stay.
func TestLeftCopiesAreSwept(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	working, err := OpenTemp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer working.Close()
	leave := exec.Command(os.Args[0], "-test.run", "^TestChildLeavesACopy$")
	leave.Env = append(os.Environ(), "MINHBACH_TEST_COPY_IN="+tmp)
	if out, err := leave.CombinedOutput(); err == nil {
		t.Fatalf("the child ended by itself: %s", out)
	}
	for _, d := range []string{tempPrefix + "being-made", "minhbach-other"} {
		if err := os.Mkdir(filepath.Join(tmp, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, tempPrefix+"*", "temp.db")); len(left) != 2 {
		t.Fatalf("before: %v", left)
	}
	if n := sweep(tmp, time.Now()); n != 1 {
		t.Errorf("%d copies swept, want the one of the killed program", n)
	}
	if _, err := os.Stat(filepath.Join(working.remove, "temp.db")); err != nil {
		t.Errorf("the copy at work is gone: %v", err)
	}
	if n := sweep(tmp, time.Now().Add(time.Hour)); n != 1 {
		t.Errorf("%d copies swept an hour later, want the one that was never finished", n)
	}
	if _, err := os.Stat(filepath.Join(tmp, "minhbach-other")); err != nil {
		t.Error("a foreign folder is gone")
	}
}

// TestChildLeavesACopy is the program that TestLeftCopiesAreSwept starts: it
// makes a copy and dies without closing it. Started otherwise it does nothing.
func TestChildLeavesACopy(t *testing.T) {
	in := os.Getenv("MINHBACH_TEST_COPY_IN")
	if in == "" {
		return
	}
	t.Setenv("TMPDIR", in)
	t.Setenv("TMP", in)
	if _, err := OpenTemp(t.Context()); err != nil {
		t.Fatal(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	t.Fatal(err, "still alive")
}
