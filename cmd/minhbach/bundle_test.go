package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"minhbach/internal/bundle"
)

var (
	namesAnEntry = regexp.MustCompile(`^(entry|mục) \d+`)
	namesAFile   = regexp.MustCompile(`^[a-z]+[a-z0-9/.-]*\.[a-z]+: `)
	speaksOfNone = regexp.MustCompile(`^(manifest|checkpoint|witnesses|regulations/.*)\.?[a-z]*$`)
)

// TestLedgerLeavesTheServer: an officer exports the whole ledger from its page,
// with minutes in it; it verifies elsewhere, and a digit changed in any of its
// files is found. Who may not read personal content gets the redacted bundle
// or none.
func TestLedgerLeavesTheServer(t *testing.T) {
	t.Parallel()
	verifier := filepath.Join(t.TempDir(), "minhbach-verify")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", verifier, "../minhbach-verify").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := serve(t, with(inFolder(sampleFolder(t)), "--demo")...)
	u := s.as("canbo")
	minutes := "/bau-cu/bien-ban/" + sampleEvent + "/an-binh/1"
	if at, status, text := u.post(minutes, minutes, url.Values{"place": {"An Bình"}, "ended": {"21 giờ"}, "upper": {"Ủy ban bầu cử (mẫu)"},
		"board[0].role": {"Trưởng ban"}, "board[0].name": {"Lê Văn Trưởng"}, "lap": {"1"}}); status != 200 || !strings.HasPrefix(at, minutes) && !strings.HasPrefix(at, "/bau-cu/bien-ban-so/") {
		t.Fatalf("minutes: %d at %s\n%s", status, at, text)
	}
	if at, status, _ := u.get("/nhat-ky/goi?dang=day-du"); status != 403 {
		t.Errorf("an officer who keeps no classified papers takes them all: %d at %s", status, at)
	}
	head := s.as("lanhdao")
	head.sees("/nhat-ky/diem-chung", "/nhat-ky/goi?dang=day-du")
	dir := t.TempDir()
	full, redacted := filepath.Join(dir, "full.zip"), filepath.Join(dir, "redacted.zip")
	write(t, full, []byte(head.sees("/nhat-ky/goi?dang=day-du")))
	write(t, redacted, []byte(u.sees("/nhat-ky/goi")))
	for _, login := range []string{"kiemtra", "quydinh1", "quantri.mau"} {
		if _, status, _ := s.as(login).get("/nhat-ky/goi"); status != 403 {
			t.Errorf("%s exports the ledger: %d", login, status)
		}
	}
	s.as("kiemtra").sees("/nhat-ky/luot-xem", "gói chứng thực")

	// Both programs say the same.
	for _, args := range [][]string{{full, "--key", s.key}, {redacted, "--key", s.key}, {full}, {redacted, "--key", "x"}, {}, {full, "--paper", "no"}} {
		out, errs, code := command(t, append([]string{"verify"}, args...)...)
		var o, e bytes.Buffer
		c := exec.CommandContext(t.Context(), verifier, args...)
		c.Stdout, c.Stderr = &o, &e
		var exit *exec.ExitError
		if err := c.Run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if out != o.String() || errs != e.String() || code != c.ProcessState.ExitCode() {
			t.Errorf("%v: minhbach verify ends with %d, minhbach-verify with %d:\n%s%s\n%s%s", args, code, c.ProcessState.ExitCode(), out, errs, o.String(), e.String())
		}
	}
	// A full bundle holds everything but the readings of a count that its head
	// has not reported yet: those stay sealed from everybody.
	out := succeed(t, "verify", full, "--key", s.key)
	last := out[strings.LastIndex(strings.TrimSuffix(out, "\n"), "\n")+1:]
	if !strings.HasPrefix(last, "verified, 7 blocks erased or withheld: ") {
		t.Errorf("full:\n%s", out)
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, "/ missing: ") && !strings.Contains(line, "sealed-reading (withheld)") {
			t.Errorf("a full bundle withholds %s", line)
		}
	}
	if out := succeed(t, "verify", redacted, "--key", s.key); !strings.Contains(out, "withheld") {
		t.Errorf("redacted:\n%s", out)
	}
	fail(t, 3, "consistent, not anchored", "verify", full)

	// One digit in any file: the entry it speaks of is named; where it speaks
	// of none (a list of what the bundle holds, a rule file), the file is.
	names := unpack(t, full)
	for i, f := range names {
		for _, part := range []float64{0, 0.41, 1} {
			files := unpack(t, full)
			digit := changeDigit(files[i].content, part)
			if digit < 0 {
				t.Fatalf("%s has no digit", f.name)
			}
			bad := filepath.Join(dir, "bad.zip")
			pack(t, bad, files)
			var out bytes.Buffer
			code := bundle.Main([]string{bad, "--key", s.key}, nil, &out, &out)
			_, last, _ := strings.Cut(out.String(), "\nnot verified: ")
			if code != 1 || last == "" {
				t.Errorf("%s, byte %d: exit %d\n%s", f.name, digit, code, out.String())
			}
			if !namesAnEntry.MatchString(last) && (!speaksOfNone.MatchString(f.name) || !namesAFile.MatchString(last)) {
				t.Errorf("%s, byte %d: not verified: %s", f.name, digit, last)
			}
			t.Logf("%s, byte %d: %s", f.name, digit, strings.TrimSpace(last))
		}
	}
}

type bundled struct {
	name    string
	content []byte
}

func unpack(t testing.TB, path string) (files []bundled) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, bundled{f.Name, content})
	}
	return files
}

func pack(t testing.TB, path string, files []bundled) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write(f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes())
}

// changeDigit makes another digit of the one that stands in this part of a
// file, 0 its first and 1 its last; where, or -1.
func changeDigit(content []byte, part float64) int {
	var at []int
	for i, c := range content {
		if c >= '0' && c <= '9' {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return -1
	}
	i := at[int(part*float64(len(at)-1))]
	content[i] = '0' + (content[i]-'0'+1)%10
	return i
}

// TestBundleOfACaseByCommand: the cases and the congress of the sample province
// leave by command, in full, bare or with classes withheld, and verify.
func TestBundleOfACaseByCommand(t *testing.T) {
	t.Parallel()
	data, dir := sampleFolder(t), t.TempDir()
	n := 0
	export := func(subject string, more ...string) string {
		t.Helper()
		n++
		file := filepath.Join(dir, strings.ReplaceAll(subject, "/", "-")+strings.Repeat("x", n)+".zip")
		out := succeed(t, append([]string{"bundle", subject, file, "--data", data}, more...)...)
		key := regexp.MustCompile(`--key (\S+)`).FindStringSubmatch(out)
		if key == nil {
			t.Fatalf("no key is said: %s", out)
		}
		said := succeed(t, "verify", file, "--key", key[1])
		if strings.Contains(said, "cannot be replayed from this bundle") {
			t.Errorf("%s: not everything is replayed:\n%s", subject, said)
		}
		return said
	}
	for _, id := range []string{"pho-giam-doc-2024", "truong-ban-2024"} {
		if said := export("procedure/"+id, "--full"); !strings.HasSuffix(said, "\nverified\n") || !strings.Contains(said, "step 2.1") {
			t.Errorf("%s:\n%s", id, said)
		}
		if said := export("procedure/"+id, "--hide", "facts,letters", "--purpose", "inspection", "--reason", "Quyết định 3-QĐ/UBKT"); !strings.Contains(said, "withholds personal content by class: facts ") || !strings.Contains(said, "[facts]") {
			t.Errorf("%s:\n%s", id, said)
		}
		if said := export("procedure/" + id); !strings.Contains(said, "step 2.1") || strings.Contains(said, "verified\n") {
			t.Errorf("%s:\n%s", id, said)
		}
	}
	file := filepath.Join(dir, "no.zip")
	fail(t, 2, "procedure/MÃ", "bundle", "person/x", file, "--data", data)
	fail(t, 2, "--hide", "bundle", "procedure/pho-giam-doc-2024", file, "--hide", "facts", "--data", data)
	fail(t, 2, "--hide", "bundle", "procedure/pho-giam-doc-2024", file, "--hide", "nothing", "--purpose", "other", "--reason", "x", "--data", data)
	fail(t, 2, "Không có mục nào", "bundle", "procedure/khong-co", file, "--data", data)
	fail(t, 2, "chưa có cơ sở dữ liệu", "bundle", "ledger", file, "--data", dir)
	if _, err := os.Lstat(file); err == nil {
		t.Error("a refused export left a file")
	}
}
