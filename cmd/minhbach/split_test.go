package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// FuzzSplit: a stream of JSON objects one a line is cut into exactly those,
// however the bytes arrive, and whatever the stream is the splitter ends.
func FuzzSplit(f *testing.F) {
	f.Add([]byte("{\"a\":\"}\\\"{\"}\n\n{}\r\n {\"b\":[{}]}"))
	f.Add([]byte("\xef\xbb\xbf{\"a\":1}\n{\"a\":2} x\n"))
	f.Add([]byte("{\"a\":\n[1,\n2]}\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		whole := records(newSplitter(bytes.NewReader(raw)))
		slow := records(newSplitter(iotest.OneByteReader(bytes.NewReader(raw))))
		if len(whole) != len(slow) {
			// junk after a record is told at once only when it is already there
			if len(slow) < len(whole) {
				t.Fatalf("cut %d records, byte by byte %d", len(whole), len(slow))
			}
		}
		for i, r := range whole {
			if r != slow[i] {
				t.Fatalf("record %d is %q, byte by byte %q", i, r, slow[i])
			}
		}
		var lines []string
		for l := range strings.SplitSeq(string(raw), "\n") {
			if l = strings.TrimSpace(l); l == "" {
				continue
			}
			var v map[string]json.RawMessage
			if json.Unmarshal([]byte(l), &v) != nil || v == nil || !strings.HasPrefix(l, "{") {
				return // not a stream of objects one a line
			}
			lines = append(lines, l)
		}
		if strings.TrimSpace(string(raw)) != strings.Trim(string(raw), " \t\r\n") {
			return // other white space is not JSON's
		}
		if strings.Join(lines, "\n") != strings.Join(whole, "\n") {
			t.Fatalf("lines %q, records %q", lines, whole)
		}
	})
}

func records(s *splitter) []string {
	var out []string
	for {
		rec, _, err := s.next()
		if err != nil {
			return out
		}
		out = append(out, string(rec))
	}
}

// TestStreamAnswersAtOnce: a record written into a pipe that stays open gets
// its verdict before the next one is written.
func TestStreamAnswersAtOnce(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- countStream(vote.NewCounter(lib), "pipe", inR, outW)
		outW.Close()
	}()
	rec := bytes.SplitAfterN(benchRecords(2), []byte("\n"), 3)
	dec := json.NewDecoder(outR)
	for i := range 2 {
		if _, err := inW.Write(rec[i]); err != nil {
			t.Fatal(err)
		}
		var r vote.Result
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if r.Status != vote.Decided {
			t.Errorf("record %d: %s", i, r.Status)
		}
	}
	inW.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// failing is a full disk after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// TestFullDisk: what cannot be written is said, with status 1.
func TestFullDisk(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	err = countStream(vote.NewCounter(lib), "r", bytes.NewReader(benchRecords(3000)), &failing{1 << 20})
	var coded *exitError
	if !errors.As(err, &coded) || coded.code != exitFailed || !strings.Contains(coded.says, "no space left") {
		t.Errorf("got %v", err)
	}
}

// TestOrderIsKept: many records on every core come out in the order they came in.
func TestOrderIsKept(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := countStream(vote.NewCounter(lib), "r", bytes.NewReader(benchRecords(3000)), &out); err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(&out)
	for i := range 3000 {
		var r struct{ ID string }
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		if want := "unit/" + itoa(i); r.ID != want {
			t.Fatalf("verdict %d is of %s, not %s", i, r.ID, want)
		}
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
