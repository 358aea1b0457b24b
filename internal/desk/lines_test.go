package desk

import (
	"bytes"
	"compress/gzip"
	"testing"

	"minhbach/internal/ledger"
)

// A backup comes from outside: whatever it says, reading it ends with an error
// or with lines of the known kinds, whose values are of the known types.
func FuzzBackupLines(f *testing.F) {
	head := `{"minhbach-backup":1,"made":"","key":"","size":1}` + "\n"
	for _, line := range []string{
		`{"entry":{"v":1,"index":0}}`, `{"block":{"name":"a","salt":"AAAA","content":"x"}}`, `{"blob":"AAAA"}`,
		`{"table":{"name":"op_act","columns":["id"]}}`, `{"row":[1,"a",null,{"bytes":"AAAA"}]}`, `{"row":[1.5]}`, `{"row":[[]]}`,
		`{"end":{"entries":1,"blocks":0,"blobs":0,"rows":0,"checkpoint":""}}`, `{"end":null}`, `{}`, `null`, ``,
	} {
		f.Add([]byte(head + line + "\n"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(text)
		_ = w.Close()
		lines, err := openBackup(&z, "")
		if err != nil {
			return
		}
		for {
			var l backupLine
			if err := lines.next(&l); err != nil {
				return
			}
			if l.Entry != nil {
				if e, err := ledger.Decode(l.Entry); err == nil {
					if back, err := e.Encode(); err != nil || !bytes.Equal(back, l.Entry) {
						t.Fatalf("an entry is not one to one: %s", l.Entry)
					}
				}
			}
			if l.Row != nil {
				row, err := unpackRow(l.Row)
				for _, v := range row {
					switch v.(type) {
					case nil, string, int64, []byte:
					default:
						if err == nil {
							t.Fatalf("a value of type %T", v)
						}
					}
				}
			}
			if l.End != nil {
				return
			}
		}
	})
}

func FuzzOpenBackup(f *testing.F) {
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAA 18\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(_ *testing.T, b []byte) {
		if l, err := openBackup(bytes.NewReader(b), ""); err == nil {
			var line backupLine
			_ = l.next(&line)
		}
	})
}
