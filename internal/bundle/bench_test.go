package bundle

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// BenchmarkVerifyLedger verifies a whole ledger of plain entries; beside it
// stands what only unpacking the same files costs.
func BenchmarkVerifyLedger(b *testing.B) {
	const n = 100_000
	book := newBook(b)
	for i := range n {
		book.add("person.recorded/1", fmt.Sprintf("a%d", i), "account/can-bo", []string{fmt.Sprintf("person/%d", i%5000)},
			map[string]any{"post": "chi-bo", "from": "2021-05-23", "place": i}, nil)
	}
	var z bytes.Buffer
	if err := Write(&z, book.source(Ledger, false)); err != nil {
		b.Fatal(err)
	}
	open := func() *Files { return must(OpenZip(bytes.NewReader(z.Bytes()), int64(z.Len())))(b) }
	start := time.Now()
	files := open()
	for _, p := range files.Paths() {
		r := must(files.reader(p))(b)
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
	read := time.Since(start)
	for b.Loop() {
		if r := Verify(open(), Options{Key: book.vkey}); r.ExitCode() != 0 {
			b.Fatal(printed(b, r))
		}
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(n)/each.Seconds(), "entries/s")
	b.ReportMetric(float64(n)/read.Seconds(), "unpacked/s")
	b.ReportMetric(float64(z.Len())/n, "B/entry")
}

// BenchmarkVerifyVerdicts replays the verdicts of many contests.
func BenchmarkVerifyVerdicts(b *testing.B) {
	const n = 184
	book := newBook(b)
	for i := range n {
		book.record(fmt.Sprintf("a%d", i), strings.Replace(fmt.Sprintf(dakNong, 186600+i), "dak-nong/1", fmt.Sprintf("don-vi/%d", i), 1), -1)
	}
	in := pack(b, book.source(Ledger, false))
	for b.Loop() {
		if r := verify(b, in, book.vkey); r.ExitCode() != 0 {
			b.Fatal(printed(b, r))
		}
	}
	b.ReportMetric(n/(b.Elapsed()/time.Duration(b.N)).Seconds(), "verdicts/s")
}
