package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// benchRecords writes n records of five candidates, like constituencies.
func benchRecords(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		valid := 150000 + (i*7919)%100000
		fmt.Fprintf(&b, `{"id":"unit/%d","rules":"state-election/qh","date":"2021-05-23","seats":3,"candidates":[{"id":"c1","name":"Nguyễn Trường Giang"},{"id":"c2","name":"Dương Khắc Mai"},{"id":"c3","name":"Trần Thị Thu Hằng"},{"id":"c4","name":"Điểu Lê Nam Nam"},{"id":"c5","name":"Nguyễn Văn Hào"}],"ballots":{"valid":%d},"votes":{"c1":%d,"c2":%d,"c3":%d,"c4":%d,"c5":%d}}`+"\n",
			i, valid, valid*82/100, valid*63/100, valid*53/100, valid*49/100-i%500, valid*47/100)
	}
	return b.Bytes()
}

// BenchmarkCount counts records to a file on every core beside only decoding
// the same lines with encoding/json; the goal is a third of that speed. Set
// MINHBACH_BENCH_RECORDS for more records than 100,000.
func BenchmarkCount(b *testing.B) {
	n := 100000
	if s := os.Getenv("MINHBACH_BENCH_RECORDS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	data := benchRecords(n)
	lib, err := rule.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f, err := os.CreateTemp(b.TempDir(), "verdicts")
		if err != nil {
			b.Fatal(err)
		}
		// as the command runs
		before := debug.SetGCPercent(800)
		start := time.Now()
		if err := countStream(vote.NewCounter(lib), "bench", bytes.NewReader(data), f); err != nil {
			b.Fatal(err)
		}
		counted := time.Since(start)
		debug.SetGCPercent(before)
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		start = time.Now()
		s := bufio.NewScanner(bytes.NewReader(data))
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			var r vote.Record
			if err := json.Unmarshal(s.Bytes(), &r); err != nil {
				b.Fatal(err)
			}
		}
		decoded := time.Since(start)
		b.ReportMetric(float64(counted.Nanoseconds())/float64(n), "ns/record")
		b.ReportMetric(float64(decoded.Nanoseconds())/float64(n), "ns/decode")
		b.ReportMetric(decoded.Seconds()/counted.Seconds(), "of-decoding-speed")
	}
}
