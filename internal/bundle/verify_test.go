package bundle

import (
	"fmt"
	"strings"
	"testing"
)

const contestA = "contest/qh15/dak-nong/1"
const contestB = "contest/qh15/dak-nong/2"

func TestHonestBundlesVerify(t *testing.T) {
	b, at := sample(t)
	for name, c := range map[string]struct {
		src  Source
		last string
	}{
		"ledger":           {b.source(Ledger, false), fmt.Sprintf("verified, 1 blocks erased or withheld: entry 0 who (erased by entry %d)", at.erased)},
		"contest":          {b.source(Contest, false, contestA), "verified"},
		"two":              {b.source(Case, false, contestB, contestA), "verified"},
		"corrected":        {b.source(Contest, false, contestB), "verified"},
		"contest redacted": {b.source(Contest, true, contestA), fmt.Sprintf("verified, 2 blocks erased or withheld: entry %d candidates (withheld), entry %d minutes (withheld)", at.first, at.minutes)},
	} {
		in := pack(t, c.src)
		r := verify(t, in, b.vkey)
		if r.ExitCode() != 0 || r.Last() != c.last {
			t.Errorf("%s: %d\n%s", name, r.ExitCode(), printed(t, r))
		}
		// Without key and paper nothing outside the bundle vouches for it.
		r = verify(t, in, "")
		if r.ExitCode() != 3 || !strings.HasPrefix(r.Last(), "consistent, not anchored: compare key fingerprint ") {
			t.Errorf("%s without key: %d %s", name, r.ExitCode(), r.Last())
		}
		// The head's own paper code anchors it too.
		if r = verify(t, in, "", b.checkpoint().PaperCode()); r.ExitCode() != 0 {
			t.Errorf("%s with paper: %s", name, printed(t, r))
		}
	}
}

func TestNumbersOfTheMinutesStandInPaperOrder(t *testing.T) {
	b, at := sample(t)
	r := verify(t, pack(t, b.source(Contest, false, contestA)), b.vkey)
	if len(r.Numbers) != 4 || r.Numbers[1].Value != "186600" || r.Numbers[1].Entry != at.first || r.Numbers[3].Field != "result.results[0].votes" {
		t.Fatalf("%+v", r.Numbers)
	}
	out := printed(t, r)
	if !strings.Contains(out, "  [ ]   2  186600  = entry 2 record.ballots.valid\n") || !strings.HasSuffix(out, "\nverified\n") {
		t.Fatal(out)
	}
}

// Change one digit in any file of the bundle, and see which entry fails.
func TestAnyDigitChangedIsFound(t *testing.T) {
	b, _ := makeSample(t, false)
	own, _ := sample(t)
	for name, src := range map[string]Source{
		"ledger": b.source(Ledger, false), "contest": b.source(Contest, false, contestA), "redacted": b.source(Contest, true, contestB),
		"own regulation": own.source(Contest, true, contestB),
	} {
		in, spread, key := pack(t, src), 250, src.Key
		if name == "own regulation" {
			spread = 25
		}
		entries := indices(t, in)
		for path, data := range in {
			step := max(1, len(data)/spread) // every digit of small files, a spread over large ones
			tried := 0
			for i := 0; i < len(data); i += step {
				for i < len(data) && (data[i] < '0' || data[i] > '9') {
					i++
				}
				if i == len(data) {
					break
				}
				tried++
				flipped := append([]byte(nil), data...)
				flipped[i] = '0' + (data[i]-'0'+byte(1+i%9))%10
				if flipped[i] == data[i] {
					flipped[i] = '0' + (data[i]-'0'+1)%10
				}
				bad := map[string][]byte{}
				for p, d := range in {
					bad[p] = d
				}
				bad[path] = flipped
				r := verify(t, bad, key)
				want := path
				line := strings.Count(string(data[:i]), "\n")
				switch {
				case path == fileEntries || path == fileProofs || path == fileLeaves:
					want = fmt.Sprintf("entry %d", entries[line])
				case path == fileBlocks:
					want = fmt.Sprintf("entry %d", looseEntry([]byte(strings.Split(string(data), "\n")[line])))
				case strings.HasPrefix(path, "files/"):
					want = "entry " + strings.Split(path, "/")[1]
				case path == fileManifest || path == fileWitnesses:
					want = "" // the file, or what no longer fits it
				}
				if path != fileManifest && !strings.Contains(r.Last(), "entry ") {
					t.Fatalf("%s: %s, byte %d: no entry is named: %s", name, path, i, r.Last())
				}
				if r.ExitCode() != 1 || !strings.HasPrefix(r.Last(), "not verified: "+want) {
					t.Fatalf("%s: %s, byte %d: %q became %q; wanted %q:\n%s", name, path, i, data[i], flipped[i], want, printed(t, r))
				}
			}
			if tried == 0 && path != fileBlocks && path != fileWitnesses {
				t.Errorf("%s: no digit in %s", name, path)
			}
			t.Logf("%s: %s: %d digits changed, each found", name, path, tried)
		}
	}
}

func indices(t testing.TB, in map[string][]byte) []int64 {
	var out []int64
	for _, line := range strings.Split(strings.TrimSuffix(string(in[fileEntries]), "\n"), "\n") {
		rest := strings.TrimPrefix(line, `{"v":1,"index":`)
		var n int64
		if _, err := fmt.Sscan(rest[:strings.Index(rest, ",")], &n); err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

func TestWriteIsDeterministic(t *testing.T) {
	b, _ := sample(t)
	var one, two strings.Builder
	if err := Write(&one, b.source(Ledger, false)); err != nil {
		t.Fatal(err)
	}
	if err := Write(&two, b.source(Ledger, false)); err != nil {
		t.Fatal(err)
	}
	if one.String() != two.String() {
		t.Fatal("the same source gave other bytes")
	}
}

// A bundle that carries sealed content before the entry that opens it is told,
// though nothing in it is false; once opened, or left out, nothing is said.
func TestSealedContentGivenOutTooEarlyIsTold(t *testing.T) {
	const early = "còn niêm phong của 1 mục"
	b, _ := sample(t)
	i := b.add("ballotbox.closed/1", "DONG1", "account/b", []string{"ballotbox/dh/bch/1"}, map[string]string{"box": "dh/bch/1"}, map[string]string{"sealed-figures": `{"c1":9}`})
	r := verify(t, pack(t, b.source(Ledger, false)), b.vkey)
	if got := printed(t, r); r.ExitCode() != 0 || !strings.Contains(got, early) || !strings.Contains(got, fmt.Sprintf("(%d)", i)) {
		t.Errorf("sealed content given out is not told:\n%s", got)
	}
	kept := b.blocks
	b.blocks = b.blocks[:len(b.blocks)-1] // as the desk hands it out: the hash alone
	if got := printed(t, verify(t, pack(t, b.source(Ledger, false)), b.vkey)); strings.Contains(got, "niêm phong của") {
		t.Errorf("nothing was given out:\n%s", got)
	}
	b.blocks = kept
	b.add("ledger.blocks-opened/1", "MO1", "account/b", []string{"ballotbox/dh/bch/1"}, map[string][]int64{"entries": {i}}, nil)
	if got := printed(t, verify(t, pack(t, b.source(Ledger, false)), b.vkey)); strings.Contains(got, "niêm phong của") {
		t.Errorf("opened content is complained of:\n%s", got)
	}
}
