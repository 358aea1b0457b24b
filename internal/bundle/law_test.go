package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// A server that signs what is not so is found without any key: the entries
// contradict each other or the rules.
func TestEntriesThatContradictEachOther(t *testing.T) {
	b, at := makeSample(t, false)
	corrected := at.corrected
	line := func(n int64, old, new string) func([][]byte) [][]byte {
		return func(lines [][]byte) [][]byte {
			changed := bytes.Replace(lines[n], []byte(old), []byte(new), 1)
			if bytes.Equal(changed, lines[n]) {
				t.Fatalf("entry %d has no %s", n, old)
			}
			lines[n] = changed
			return lines
		}
	}
	drop := func(ns ...int64) func([][]byte) [][]byte {
		return func(lines [][]byte) [][]byte {
			var out [][]byte
			for i, l := range lines {
				keep := true
				for _, n := range ns {
					keep = keep && int64(i) != n
				}
				if keep {
					out = append(out, l)
				}
			}
			return out
		}
	}
	for name, c := range map[string]struct {
		change func([][]byte) [][]byte
		says   string
	}{
		"votes of the record":      {line(at.first, `"c3":99079`, `"c3":99080`), "entry 3: counted again, this is not the verdict"},
		"seats of the record":      {line(at.first, `"seats":3`, `"seats":2`), "entry 3: counted again, this is not the verdict"},
		"outcome of the verdict":   {line(at.first+1, `"elected":["c1","c2","c3"]`, `"elected":["c1","c2","c4"]`), "entry 3: counted again, this is not the verdict"},
		"edition of the verdict":   {line(at.first+1, `"edition":"2015"`, `"edition":"2025"`), "entry 3: "},
		"field beside the verdict": {line(at.first+1, `"unfilled":0`, `"unfilled":0,"winner":"c4"`), "entry 3: counted again, this is not the verdict"},
		"verdict dropped":          {drop(at.other + 1), "entry 4: no verdict follows the figures"},
		"last verdict dropped":     {drop(corrected+1, at.minutes), "entry 6: no verdict follows the figures"},
		"figures dropped":          {drop(at.other), "entry 4: the verdict does not stand right after its figures"},
		"verdict by another act":   {line(at.other+1, `"act":"a3"`, `"act":"a4"`), "entry 5: the verdict does not stand right after its figures"},
		"corrects nothing":         {line(corrected, `"corrects":4`, `"corrects":2`), "entry 6: the figures are not as they must be: it does not correct the figures in force, those of entry 4"},
		"recorded twice":           {line(corrected, kindCorrected, kindRecorded), "entry 6: the figures are not as they must be: the contest was recorded in entry 4 already"},
		"other contest inside":     {line(at.first, `"contest":"qh15/dak-nong/1"`, `"contest":"qh15/dak-nong/9"`), "entry 2: the figures are not as they must be"},
		"announces an old verdict": {line(at.announced, `"counted":3`, `"counted":2`), "entry 10: it announces a verdict that is not the one in force"},
		"unknown kind":             {line(at.announced, kindAnnounced, "election.result-annulled/1"), `entry 10: this program does not know the kind "election.result-annulled/1"`},
		"newer version of a kind":  {line(at.first+1, kindCounted, "election.contest-counted/2"), "entry 2: no verdict follows the figures"},
		"number of the minutes":    {line(at.minutes, `"value":186600`, `"value":186601`), "entry 8: number 2 of the minutes: 186601 on paper, 186600 in entry 2, record.ballots.valid"},
		"field of the minutes":     {line(at.minutes, `record.ballots.valid`, `record.ballots.none`), "entry 8: number 2 of the minutes: entry 2 has no field record.ballots.none"},
		"cites another contest":    {line(at.minutes, `"entry":2,"field":"record.seats"`, `"entry":4,"field":"record.seats"`), "entry 8: number 1 of the minutes: entry 4, which it cites, is none of this contest"},
		"order of the minutes":     {line(at.minutes, `"n":1,`, `"n":7,`), "entry 8: number 7 of the minutes: the numbers are not in the order of the paper"},
		"other version":            {line(at.minutes, `"version":2`, `"version":4`), "entry 8: the minutes were not made on the figures in force"},
		"code on the minutes":      {line(at.minutes, `"code":"8-`, `"code":"7-`), "entry 8: checkpoint on the minutes: the code is not that of size and root"},
		"erasure dropped":          {drop(at.erased), `entry 0 (blocks.jsonl): the block "who" is missing, and no entry erased it`},
		"erasure of nothing":       {line(at.erased, `"decision":"05-QĐ/TU"`, `"decision":""`), `entry 0 (blocks.jsonl): the block "who" is missing, and no entry erased it`},
	} {
		t.Run(name, func(t *testing.T) {
			f := forge(t, b, c.change)
			r := verify(t, pack(t, f.source(Ledger, false)), f.vkey)
			if r.ExitCode() != 1 || !strings.HasPrefix(r.Last(), "not verified: "+c.says) {
				t.Errorf("wanted %s\n%s", c.says, printed(t, r))
			}
		})
	}
}

func TestBirthsMustGiveTheRecordedAges(t *testing.T) {
	b, at := makeSample(t, false)
	for i, k := range b.blocks {
		if k.Index != at.first {
			continue
		}
		for _, change := range [][2]string{{`"born":"1978"`, `"born":"1948"`}, {`"id":"c1"`, `"id":"c9"`}} {
			k.Content = []byte(strings.Replace(string(b.blocks[i].Content), change[0], change[1], 1))
			f := forge(t, b, func(lines [][]byte) [][]byte {
				e := must(ledger.Decode(lines[at.first]))(t)
				e.Blocks[0].Hash = ledger.Commit(k.Name, k.Salt, k.Content)
				lines[at.first] = must(e.Encode())(t)
				return lines
			})
			f.blocks[i] = k
			found(t, verify(t, pack(t, f.source(Ledger, false)), f.vkey), "entry 2: số liệu không đúng")
		}
	}
}

// A block that was erased and is handed out all the same was not erased.
func TestErasedBlockThatIsStillThere(t *testing.T) {
	b, at := makeSample(t, false)
	salt := sha256.Sum256([]byte("0 who"))
	b.blocks = append([]ledger.Block{{Index: 0, Name: "who", Salt: salt[:ledger.SaltSize], Content: []byte(`{"head":"Mẫu"}`)}}, b.blocks...)
	r := verify(t, pack(t, b.source(Ledger, false)), b.vkey)
	if !strings.HasPrefix(r.Last(), fmt.Sprintf("not verified: entry %d (blocks.jsonl): the block it erased is still in the bundle", at.erased)) {
		t.Error(printed(t, r))
	}
}

// An unverified item decides once a second keeper confirmed what the first
// proposed, and not before.
func TestTwoKeepersAttest(t *testing.T) {
	var item *rule.Item
	var ed *rule.Edition
	for _, e := range must(rule.Builtin())(t).Editions() {
		for _, r := range e.Rules {
			if r.Evidence == rule.Unverified && item == nil {
				item, ed = &r.Item, e
			}
		}
	}
	if item == nil {
		t.Fatal("the built-in library has no unverified rule to attest")
	}
	body := map[string]any{"document": ed.Document.Number, "date": ed.Document.Date.String(), "edition": ed.ID, "item": item.ID, "choice": rule.MainReading,
		"scan": hex.EncodeToString(make([]byte, 32))}
	subject := []string{"regulation/mau"}
	with := func(proposed int64, choice string) map[string]any {
		out := map[string]any{"proposed": proposed}
		for k, v := range body {
			out[k] = v
		}
		out["choice"] = choice
		return out
	}
	b := newBook(t)
	first := b.add(kindProposed, "a1", "account/mot", subject, body, map[string]string{"note": `"trang 3"`})
	if _, ok := b.shelf.Library().Attested(ed, item.ID); ok {
		t.Error("one keeper was enough")
	}
	for name, e := range map[string]struct {
		actor string
		body  any
	}{
		"the same keeper": {"account/mot", with(first, rule.MainReading)},
		"another reading": {"account/hai", with(first, "khac")},
		"no proposal":     {"account/hai", body},
		"unknown":         {"account/hai", with(77, rule.MainReading)},
	} {
		f := forge(t, b, func(l [][]byte) [][]byte { return l })
		f.shelf = must(NewShelf())(t)
		entry := func() (r *Report) {
			raw := must(encodeLine(e.body))(t)
			x := ledger.Entry{Index: 1, At: b.at, Kind: kindAttested, Act: "a2", Actor: e.actor, Subjects: []ledger.Link{{ID: subject[0], Prev: 0}}, Body: raw}
			f.put(must(x.Encode())(t))
			return verify(t, pack(t, f.source(Ledger, false)), f.vkey)
		}
		if r := entry(); r.ExitCode() != 1 || !strings.Contains(r.Last(), "entry 1: regulation recorded wrongly") {
			t.Errorf("%s: %s", name, r.Last())
		}
	}
	b.add(kindAttested, "a2", "account/hai", subject, with(first, rule.MainReading), nil)
	if _, ok := b.shelf.Library().Attested(ed, item.ID); !ok {
		t.Error("two keepers were not enough")
	}
	if r := verify(t, pack(t, b.source(Ledger, false)), b.vkey); r.ExitCode() != 0 || !strings.Contains(printed(t, r), "entry 1 attested "+item.ID) {
		t.Error(printed(t, r))
	}
}

// Days of rest that were recorded are followed by the verifier; a period that
// leaves days untold, or names a Sunday, should never have been recorded.
func TestDaysOfRest(t *testing.T) {
	b := newBook(t)
	_, last := b.shelf.Library().Calendar().Span()
	period := rule.Days{From: last.AddDays(1), To: last.AddDays(40), Number: "1/TB (mẫu)", Date: last, Days: []rule.Day{{On: vn.MustDate("2026-11-24"), Name: "Ngày nghỉ (mẫu)"}}}
	gap, sunday, none := period, period, period
	gap.From = gap.From.AddDays(1)
	sunday.Days = []rule.Day{{On: vn.MustDate("2026-11-29"), Name: "Chủ nhật"}}
	none.Number = " "
	for name, p := range map[string]rule.Days{"a day left out": gap, "a Sunday": sunday, "no notice": none} {
		f := forge(t, b, func(l [][]byte) [][]byte { return l })
		f.shelf = must(NewShelf())(t)
		x := ledger.Entry{At: b.at, Kind: kindDays, Act: "a1", Actor: "account/mot", Subjects: []ledger.Link{{ID: "regulation/ngay-nghi", Prev: -1}}, Body: must(encodeLine(p))(t)}
		f.put(must(x.Encode())(t))
		if r := verify(t, pack(t, f.source(Ledger, false)), f.vkey); r.ExitCode() != 1 || !strings.Contains(r.Last(), "entry 0: regulation recorded wrongly") {
			t.Errorf("%s: %s", name, r.Last())
		}
	}
	b.add(kindDays, "a1", "account/mot", []string{"regulation/ngay-nghi"}, period, nil)
	if ok, err := b.shelf.Library().Calendar().IsWorking(vn.MustDate("2026-11-24")); err != nil || ok {
		t.Errorf("the day recorded: %v, %v", ok, err)
	}
	if r := verify(t, pack(t, b.source(Ledger, false)), b.vkey); r.ExitCode() != 0 || !strings.Contains(printed(t, r), "entry 0 recorded the days of rest") {
		t.Error(printed(t, r))
	}
}

// Whatever the history: each of its papers fits it, and after any change that
// is signed anew with the true key, every paper from after the change tells.
func TestPapersHoldAnyHistory(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(t)
		n := rapid.IntRange(2, 30).Draw(rt, "entries")
		papers := map[int64]string{}
		for i := range n {
			b.add("toy.set/1", fmt.Sprintf("a%d", i), "account/1", []string{fmt.Sprintf("toy/%d", rapid.IntRange(0, 3).Draw(rt, "subject"))}, map[string]int{"n": i}, nil)
			if len(papers) < 4 && rapid.IntRange(0, 3).Draw(rt, "paper") == 0 {
				papers[int64(i)+1] = b.checkpoint().PaperCode()
			}
		}
		papers[int64(n)] = b.checkpoint().PaperCode()
		subject := must(ledger.Decode(b.lines[0]))(t).Subjects[0].ID
		changed := rapid.IntRange(0, n-1).Draw(rt, "changed")
		f := forge(t, b, func(lines [][]byte) [][]byte {
			if rapid.Bool().Draw(rt, "drop") {
				return append(lines[:changed:changed], lines[changed+1:]...)
			}
			lines[changed] = bytes.Replace(lines[changed], []byte("account/1"), []byte("account/2"), 1)
			return lines
		})
		f.skey, f.vkey = b.skey, b.vkey
		for size, code := range papers {
			whole, part := b.source(Ledger, false), b.source(Contest, false, subject)
			part.Witnesses = []int64{size}
			for _, src := range []Source{whole, part} {
				if r := verify(t, pack(t, src), "", code); r.ExitCode() != 0 {
					rt.Fatalf("an honest history does not fit its paper of %d:\n%s", size, printed(t, r))
				}
			}
			if len(f.lines) == 0 {
				continue
			}
			r := verify(t, pack(t, f.source(Ledger, false)), b.vkey, code)
			if before := size <= int64(changed); before != (r.ExitCode() == 0) {
				rt.Fatalf("entry %d changed, paper of %d: exit %d\n%s", changed, size, r.ExitCode(), printed(t, r))
			}
		}
	})
}
