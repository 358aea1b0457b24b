package bundle

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"minhbach/internal/ledger"
)

// zipped packs files as somebody hostile might.
func zipped(t testing.TB, files ...[2]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f[0], Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openBytes(data []byte) (*Files, error) { return OpenZip(bytes.NewReader(data), int64(len(data))) }

func TestHostileZipIsRefused(t *testing.T) {
	whole := [][2]string{{fileManifest, "{}"}, {fileCheckpoint, "x"}, {fileEntries, ""}, {fileBlocks, ""}, {fileWitnesses, ""}}
	if _, err := openBytes(zipped(t, whole...)); err != nil {
		t.Fatal(err)
	}
	for name, extra := range map[string][2]string{
		"path upwards":       {"../manifest.json", ""},
		"absolute":           {"/etc/passwd", ""},
		"backslash":          {`files\1\x`, ""},
		"path inside files":  {"files/1/../../x", ""},
		"two deep":           {"files/1/a/b", ""},
		"leading zero":       {"files/01/x", ""},
		"negative":           {"files/-1/x", ""},
		"hidden":             {"files/1/.x", ""},
		"upper case":         {"Manifest.json", ""},
		"twice":              {fileEntries, "x"},
		"unknown":            {"virus.exe", ""},
		"regulation by name": {"regulations/85-2015.yaml", ""},
		"regulation upper":   {"regulations/" + strings.Repeat("AB", 32) + ".yaml", ""},
		"bomb":               {"files/1/minutes.pdf", strings.Repeat("\x00", maxSlack*3)},
	} {
		if _, err := openBytes(zipped(t, append(whole[:len(whole):len(whole)], extra)...)); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	for i := range whole {
		if _, err := openBytes(zipped(t, append(append([][2]string{}, whole[:i]...), whole[i+1:]...)...)); err == nil {
			t.Errorf("without %s: opened", whole[i][0])
		}
	}
	inFolder := make([][2]string, len(whole))
	for i, f := range whole {
		inFolder[i] = [2]string{"goi/" + f[0], f[1]}
	}
	if _, err := openBytes(zipped(t, inFolder...)); err != nil {
		t.Errorf("packed again as a folder: %v", err)
	}
	if _, err := openBytes(zipped(t, append(inFolder, [2]string{"x", ""})...)); err == nil {
		t.Error("a file beside the folder was let through")
	}
	if _, err := openBytes([]byte("not a zip")); err == nil {
		t.Error("opened what is no zip")
	}
}

func TestFolderIsReadLikeAZip(t *testing.T) {
	b, _ := makeSample(t, false)
	dir := filepath.Join(t.TempDir(), "goi")
	if err := WriteFolder(dir, b.source(Contest, false, contestA)); err != nil {
		t.Fatal(err)
	}
	files := must(Open(dir))(t)
	defer files.Close()
	if r := Verify(files, Options{Key: b.vkey}); r.Last() != "verified" {
		t.Fatal(printed(t, r))
	}
	if err := WriteFolder(dir, b.source(Contest, false, contestA)); err == nil {
		t.Error("a folder that is there was written over")
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, fileLeaves)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil {
		t.Error("a link in the folder was followed")
	}
}

func TestSourceThatDoesNotFitIsNotWritten(t *testing.T) {
	b, _ := makeSample(t, false)
	for name, spoil := range map[string]func(*Source){
		"other key":      func(s *Source) { s.Key = newBook(t).vkey },
		"no entries":     func(s *Source) { s.Entries = nil },
		"out of order":   func(s *Source) { s.Entries = All([][]byte{b.lines[3], b.lines[2]}) },
		"foreign entry":  func(s *Source) { s.Entries = All([][]byte{must(forge(t, b, swap("a0", "a9")).lines[0], nil)(t)}) },
		"broken entry":   func(s *Source) { s.Entries = All([][]byte{[]byte("{}")}) },
		"failing source": func(s *Source) { s.Entries = func(y func([]byte, error) bool) { y(nil, io.ErrUnexpectedEOF) } },
		"foreign block": func(s *Source) {
			s.Blocks = All([]ledger.Block{{Index: 2, Name: "x", Salt: make([]byte, 16), Content: []byte("1")}})
		},
		"unknown witness":  func(s *Source) { s.Witnesses = []int64{99} },
		"file of no entry": func(s *Source) { s.Files = All([]File{{Entry: 0, Name: "x"}}) },
		"file upwards":     func(s *Source) { s.Files = All([]File{{Entry: 2, Name: "../x"}}) },
		"no subject":       func(s *Source) { s.Subjects = nil },
		"part as whole":    func(s *Source) { s.Scope, s.Subjects = Ledger, nil },
	} {
		src := b.source(Contest, false, contestA)
		spoil(&src)
		if err := Write(io.Discard, src); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestCommand(t *testing.T) {
	b, _ := makeSample(t, false)
	path := filepath.Join(t.TempDir(), "goi.zip")
	f := must(os.Create(path))(t)
	if err := Write(f, b.source(Contest, false, contestA)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	data := must(os.ReadFile(path))(t)
	code := b.checkpoint().PaperCode()
	slip := code[:len(code)-1] + map[bool]string{true: "1", false: "0"}[code[len(code)-1] == '0']
	torn := filepath.Join(t.TempDir(), "rach.zip")
	if err := os.WriteFile(torn, data[:len(data)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		exit int
		out  string
	}{
		{[]string{path, "--key", b.vkey}, 0, "\nverified\n"},
		{[]string{"--key=" + b.vkey, path}, 0, "\nverified\n"},
		{[]string{"--paper", strings.ToLower(code), path}, 0, "\nverified\n"},
		{[]string{path, "--paper", code, "--paper", code, "--key", b.vkey}, 0, "\nverified\n"},
		{[]string{path}, 3, "\nconsistent, not anchored: compare key fingerprint "},
		{[]string{"-", "--key", b.vkey}, 0, "\nverified\n"},
		{[]string{path, "--key", newBook(t).vkey}, 1, "\nnot verified: "},
		{[]string{torn}, 1, "not verified: "},
		{[]string{"--help"}, 0, "--paper CODE"},
		{[]string{path, "--paper", slip}, 2, "copied with a slip"},
		{[]string{path, "--paper", "12"}, 2, "--paper"},
		{[]string{path, "--key", "x"}, 2, "--key"},
		{[]string{path, "--key"}, 2, "--key"},
		{[]string{path, "--fast"}, 2, "--fast"},
		{[]string{path, path}, 2, "one bundle"},
		{[]string{"khong-co.zip"}, 2, "khong-co.zip"},
		{nil, 2, "--help"},
	} {
		var out, errs bytes.Buffer
		exit := Main(c.args, bytes.NewReader(data), &out, &errs)
		if all := out.String() + errs.String(); exit != c.exit || !strings.Contains(all, c.out) {
			t.Errorf("%v: exit %d, wanted %d with %q:\n%s", c.args, exit, c.exit, c.out, all)
		}
		if exit == 2 && out.Len() > 0 {
			t.Errorf("%v: standard output carries more than the result", c.args)
		}
	}
}

// Whatever stands in the files, Verify gives a report.
func FuzzVerify(f *testing.F) {
	b, _ := makeSample(f, false)
	packed := map[string]map[string][]byte{
		"ledger": pack(f, b.source(Ledger, false)), "contest": pack(f, b.source(Contest, false, contestA)), "redacted": pack(f, b.source(Case, true, contestA, contestB)),
	}
	files := []string{fileManifest, fileCheckpoint, fileEntries, fileBlocks, fileWitnesses, fileLeaves, fileProofs}
	for i := range files {
		for scope := range packed {
			f.Add(scope, uint8(i), uint16(40), []byte("9"), true)
		}
	}
	f.Fuzz(func(t *testing.T, scope string, file uint8, at uint16, put []byte, seal bool) {
		base, ok := packed[scope]
		if !ok {
			base = packed["ledger"]
		}
		in := map[string][]byte{}
		for p, d := range base {
			in[p] = d
		}
		name := files[int(file)%len(files)]
		old := in[name]
		if old == nil {
			return
		}
		i := int(at) % (len(old) + 1)
		changed := append(append(append([]byte{}, old[:i]...), put...), old[min(i+len(put), len(old)):]...)
		in[name] = changed
		if seal && name != fileManifest {
			reseal(t, in, nil)
		}
		r := verify(t, in, b.vkey)
		if same := bytes.Equal(changed, old); same != (r.ExitCode() == 0) && !(name == fileCheckpoint && r.ExitCode() == 0) {
			t.Fatalf("%s: changed at %d to %q: exit %d\n%s", name, i, put, r.ExitCode(), printed(t, r))
		}
	})
}

func FuzzOpenZip(f *testing.F) {
	b, _ := makeSample(f, false)
	var z bytes.Buffer
	if err := Write(&z, b.source(Contest, true, contestA)); err != nil {
		f.Fatal(err)
	}
	f.Add(z.Bytes())
	f.Add(zipped(f, [2]string{fileManifest, "{}"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := openBytes(data)
		if err != nil {
			return
		}
		if r := Verify(files, Options{Key: b.vkey}); r.ExitCode() == 0 && r.Entries == 0 {
			t.Fatal("verified nothing")
		}
	})
}

func FuzzField(f *testing.F) {
	f.Add([]byte(`{"record":{"votes":{"c1":5,"a.b":6}},"l":[{"x":1}]}`), "record.votes.a.b")
	f.Add([]byte(`{"l":[{"x":1}]}`), "l[0].x")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		if ledger.CheckCompact(body) != nil {
			return
		}
		if v, err := field(body, path); err == nil && !bytes.Contains(body, v) {
			t.Fatalf("%s of %s is %s", path, body, v)
		}
	})
}

func TestFieldFindsWhatMinutesCite(t *testing.T) {
	body := []byte(`{"record":{"votes":{"c1":5,"a.b":6,"a":{"b":7,"c":8}},"l":[{"x":1},[2,3]]},"a[0]":9,"":4}`)
	for path, want := range map[string]string{
		"record.votes.c1": "5", "record.votes.a.c": "8", "record.l[0].x": "1", "record.l[1][1]": "3", "a[0]": "9",
		"record.votes.a.b": "", "record.votes.c2": "", "record.l[2]": "", "record.l[01]": "", "record.l[-1]": "", "record.l.0": "", "record.votes.": "", "record.votes.c1.": "", "c1": "", "record.l[0": "",
		strings.Repeat("a.", 600): "",
	} {
		got, err := field(body, path)
		if (err == nil) != (want != "") || string(got) != want {
			t.Errorf("%s: %s, %v; wanted %q", path, got, err, want)
		}
	}
}
