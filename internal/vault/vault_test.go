package vault_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/tiff"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vault"
)

const owner = "person/p1"

var noon = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)

func picture(t testing.TB, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 40, 60))
	img.SetGray(3, 3, color.Gray{200})
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var thePDF = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n42\n%%EOF\n")

func office(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "../../etc/passwd", "word/vbaProject.bin", "word/media/zeros.bin"} {
		text, ok := parts[name]
		if !ok {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func samples(t testing.TB) map[vault.Kind][]byte {
	return map[vault.Kind][]byte{
		vault.PDF:  thePDF,
		vault.JPEG: picture(t, func(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) }),
		vault.PNG:  picture(t, png.Encode),
		vault.TIFF: picture(t, func(w io.Writer, i image.Image) error { return tiff.Encode(w, i, nil) }),
		vault.DOCX: office(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
		vault.XLSX: office(t, map[string]string{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"}),
	}
}

// A paper goes in, comes back the same, is found in no database file, and is
// gone after its erasure; another owner's copy stays.
func TestPaperInAndOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, err := vault.New()
		if err != nil {
			t.Fatal(err)
		}
		for kind, content := range samples(t) {
			var f vault.File
			write(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
				if f, err = v.Put(ctx, tx, owner, content, noon); err != nil {
					return err
				}
				_, err = v.Put(ctx, tx, "person/p2", content, noon)
				return err
			})
			if f.Kind != kind || f.Size != int64(len(content)) || f.Claimed {
				t.Fatalf("%s was put as %+v", kind, f)
			}
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return vault.Claim(ctx, tx, owner, f.Hash) })
			read(t, db, func(ctx context.Context, tx *store.Tx) error {
				got, g, err := v.Get(ctx, tx, owner, f.Hash)
				if !bytes.Equal(got, content) || !g.Claimed {
					t.Errorf("%s came back as %d bytes, %+v", kind, len(got), g)
				}
				var sealed []byte
				if e := tx.QueryRow(ctx, `SELECT sealed FROM op_vault WHERE owner = $1 AND hash = $2`, owner, f.Hash).Scan(&sealed); e != nil {
					return e
				}
				if bytes.Contains(sealed, content[:16]) {
					t.Errorf("%s stands unencrypted", kind)
				}
				return err
			})
			write(t, db, func(ctx context.Context, tx *store.Tx) error { return vault.Erase(ctx, tx, owner, f.Hash) })
			read(t, db, func(ctx context.Context, tx *store.Tx) error {
				if _, _, err := v.Get(ctx, tx, owner, f.Hash); !errors.Is(err, vault.ErrNone) {
					t.Errorf("%s after its erasure: %v", kind, err)
				}
				_, _, err := v.Get(ctx, tx, "person/p2", f.Hash)
				return err
			})
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			if n, err := vault.Sweep(ctx, tx, noon.Add(time.Second)); err != nil || n != int64(len(samples(t))) {
				t.Errorf("swept %d, %v", n, err)
			}
			return nil
		})
	})
}

// Another key, and bytes changed by hand, are told apart in plain words.
func TestWrongKeyAndChangedBytes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		v, _ := vault.New()
		other, _ := vault.New()
		var f vault.File
		write(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			f, err = v.Put(ctx, tx, owner, thePDF, noon)
			return err
		})
		read(t, db, func(ctx context.Context, tx *store.Tx) error {
			if _, _, err := other.Get(ctx, tx, owner, f.Hash); !errors.Is(err, vault.ErrKey) {
				t.Errorf("another key: %v", err)
			}
			return nil
		})
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			var sealed []byte
			if err := tx.QueryRow(ctx, `SELECT sealed FROM op_vault`).Scan(&sealed); err != nil {
				return err
			}
			sealed = bytes.Clone(sealed)
			sealed[len(sealed)-3] ^= 1
			return tx.Run(ctx, `UPDATE op_vault SET sealed = $1`, sealed)
		})
		read(t, db, func(ctx context.Context, tx *store.Tx) error {
			if _, _, err := v.Get(ctx, tx, owner, f.Hash); !errors.Is(err, vault.ErrChanged) {
				t.Errorf("a changed byte: %v", err)
			}
			return nil
		})
	})
}

// The key file is made once, for its owner alone, and opens what it sealed.
func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.key")
	a, err := vault.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := vault.Open(path)
	if err != nil || a.Key() != b.Key() {
		t.Fatalf("opened again: %v, %s and %s", err, a.Key(), b.Key())
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("# nothing here\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken key file: %v", err)
	}
}

// Hostile files: each is refused in two languages, nothing is kept.
func TestHostileFiles(t *testing.T) {
	good := samples(t)
	hugePNG := bytes.Clone(good[vault.PNG])
	binary.BigEndian.PutUint32(hugePNG[16:], 60000) // width in IHDR
	binary.BigEndian.PutUint32(hugePNG[20:], 60000)
	binary.BigEndian.PutUint32(hugePNG[29:], crc32.ChecksumIEEE(hugePNG[12:29]))
	cases := map[string][]byte{
		"empty":              {},
		"text":               []byte("họ và tên"),
		"program":            append([]byte("MZ"), make([]byte, 100)...),
		"html":               []byte("<html><script>alert(1)</script>"),
		"cut jpeg":           good[vault.JPEG][:8],
		"cut tiff":           good[vault.TIFF][:9],
		"cut pdf":            thePDF[:20],
		"cut docx":           good[vault.DOCX][:40],
		"locked pdf":         bytes.Replace(thePDF, []byte("/Root"), []byte("/Encrypt 9 0 R/Root"), 1),
		"picture of 3.6 G":   hugePNG,
		"zip of other files": office(t, map[string]string{"../../etc/passwd": "x"}),
		"path in a part":     office(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "../../etc/passwd": "x"}),
		"macros":             office(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "x"}),
		"bomb":               office(t, map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/media/zeros.bin": strings.Repeat("\x00", 64<<20)}),
		"bomb that lies":     lyingBomb(t),
		"too large":          append(bytes.Clone(thePDF), make([]byte, vault.MaxFile)...),
	}
	for name, content := range cases {
		_, err := vault.Sniff(content)
		var no *desk.Error
		if !errors.As(err, &no) || no.Says.VI == "" || no.Says.EN == "" || no.Field != "file" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if word := words[name]; !strings.Contains(no.Says.EN, word) {
			t.Errorf("%s: says %q, not of %q", name, no.Says.EN, word)
		}
	}
}

// words that tell a user what is wrong with which file.
var words = map[string]string{"empty": "empty", "locked pdf": "password", "macros": "macros", "bomb": "claims", "bomb that lies": "not whole", "too large": "48 MB",
	"picture of 3.6 G": "claims", "path in a part": "unsafe path", "zip of other files": "unsafe path", "cut docx": "damaged", "html": "something else"}

// lyingBomb claims a small part and unpacks to a large one.
func lyingBomb(t testing.TB) []byte {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, 9)
	if _, err := w.Write(make([]byte, 32<<20)); err != nil {
		t.Fatal(err)
	}
	w.Close()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, "<x/>")
	}
	f, err := z.CreateRaw(&zip.FileHeader{Name: "word/media/x.bin", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 1000})
	if err == nil {
		_, err = f.Write(packed.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzSniff: no bytes make the vault crash, hang or take what it cannot name.
func FuzzSniff(f *testing.F) {
	for _, content := range samples(f) {
		f.Add(content)
	}
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		kind, err := vault.Sniff(content)
		var no *desk.Error
		if err == nil && kind.Media() == "application/octet-stream" || err != nil && !errors.As(err, &no) {
			t.Fatalf("%q, %v", kind, err)
		}
	})
}

func write(t *testing.T, db *store.DB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, db *store.DB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
