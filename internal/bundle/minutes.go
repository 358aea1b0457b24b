package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/ledger"
)

type minutesBody struct {
	Contest string `json:"contest"`
	Version *int64 `json:"version"`
	Numbers []struct {
		N     int64  `json:"n"`
		Value int64  `json:"value"`
		Entry int64  `json:"entry"`
		Field string `json:"field"`
	} `json:"numbers"`
	Files      map[string]string `json:"files"`
	Checkpoint paperPoint        `json:"checkpoint"`
}

// paperPoint is a checkpoint as it stands on a paper.
type paperPoint struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
	Code string `json:"code"`
}

// made checks minutes: each number against the field it cites, the checkpoint
// on the paper against the tree, the files against their hashes.
func (l *law) made(e ledger.Entry, blocks []ledger.Block) {
	var b minutesBody
	if err := json.Unmarshal(e.Body, &b); err != nil {
		l.minutes.fail(Failure{e.Index, "", say("biên bản không đúng mẫu: %s", "minutes not of the form: %s", clip(err.Error()))})
		return
	}
	c := l.contests[e.Subjects[0].ID]
	if c == nil || e.Subjects[0].ID != "contest/"+b.Contest || b.Version != nil && *b.Version != c.recorded {
		l.minutes.fail(Failure{e.Index, "", say("biên bản không lập trên số liệu đang có hiệu lực", "the minutes were not made on the figures in force")})
		return
	}
	if len(b.Numbers) == 0 {
		l.minutes.fail(Failure{e.Index, "", say("biên bản không có số liệu nào", "the minutes hold no number")})
	}
	for i, n := range b.Numbers {
		l.minutes.Done++
		err := l.cited(e, c, n.Entry, n.Field, n.Value)
		if err == nil && n.N != int64(i)+1 {
			err = both("số liệu không theo thứ tự trên giấy", "the numbers are not in the order of the paper")
		}
		if err != nil {
			l.minutes.fail(Failure{e.Index, "", because(fmt.Sprintf("số thứ %d của biên bản", n.N), fmt.Sprintf("number %d of the minutes", n.N), err)})
			continue
		}
		l.report.Numbers = append(l.report.Numbers, Number{e.Index, n.N, strconv.FormatInt(n.Value, 10), n.Entry, n.Field})
	}
	if err := l.point(e, b.Checkpoint); err != nil {
		l.papers.fail(Failure{e.Index, "", because("điểm chứng trên biên bản", "checkpoint on the minutes", err)})
	}
	here := false
	for _, k := range blocks {
		if k.Name == "minutes" {
			here = true
			l.paper(e, b, k.Content)
			l.told(e, c.box, k.Content)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		l.file(e.Index, name, b.Files[name], here && !l.manifest.Redacted)
	}
}

// paper checks the minutes themselves against the numbers the entry lists: the
// model carries each number as an object with n, value, entry and field, and
// minutes.json is the model byte for byte.
func (l *law) paper(e ledger.Entry, b minutesBody, model []byte) {
	if want, ok := b.Files["minutes.json"]; ok {
		if sum := sha256.Sum256(model); hex.EncodeToString(sum[:]) != want {
			l.bound.fail(Failure{e.Index, "", say("minutes.json không phải nội dung biên bản", "minutes.json is not the content of the minutes")})
		}
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(model))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		l.minutes.fail(Failure{e.Index, "", say("nội dung biên bản không đọc được", "the content of the minutes cannot be read")})
		return
	}
	found := map[string]int{}
	numbersIn(v, found)
	for _, n := range b.Numbers {
		key := fmt.Sprintf("%d %d %d %s", n.N, n.Value, n.Entry, n.Field)
		if found[key] == 0 {
			l.minutes.fail(Failure{e.Index, "", say("số thứ %d không đứng trong biên bản như đã ghi", "number %d does not stand in the minutes as it was listed", n.N)})
		}
		delete(found, key)
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		l.minutes.fail(Failure{e.Index, "", say("biên bản có số không được dẫn: %s", "the minutes hold a number that was not listed: %s", clip(key))})
	}
}

// numbersIn collects the cited numbers of a minutes model.
func numbersIn(v any, found map[string]int) {
	switch x := v.(type) {
	case map[string]any:
		n, ok1 := x["n"].(json.Number)
		value, ok2 := x["value"].(json.Number)
		entry, ok3 := x["entry"].(json.Number)
		name, ok4 := x["field"].(string)
		if ok1 && ok2 && ok4 {
			if !ok3 {
				entry = "0" // left out when it is entry 0
			}
			found[fmt.Sprintf("%s %s %s %s", n, value, entry, name)]++
		}
		for _, sub := range x {
			numbersIn(sub, found)
		}
	case []any:
		for _, sub := range x {
			numbersIn(sub, found)
		}
	}
}

// cited checks one number: the field of the entry it cites holds it, and that
// entry was in force when the minutes were made.
func (l *law) cited(e ledger.Entry, c *contest, entry int64, name string, value int64) error {
	body, ok := l.bodies[entry]
	if !ok || entry >= e.Index || l.about[entry] != e.Subjects[0].ID {
		return both("mục %d được dẫn không thuộc cuộc bầu cử này", "entry %d, which it cites, is none of this contest", entry)
	}
	if entry != c.recorded && entry != c.counted {
		return both("mục %d được dẫn đã hết hiệu lực khi lập biên bản", "entry %d, which it cites, was no longer in force", entry)
	}
	got, err := field(body, name)
	if err != nil {
		return both("mục %d không có trường %s, hoặc trường đó đọc được theo hai cách", "entry %d has no field %s, or it can be read in two ways", entry, clip(name))
	}
	if want := strconv.FormatInt(value, 10); string(got) != want {
		return both("trên giấy %s, trong mục %[3]d là %[2]s (%[4]s)", "%s on paper, %s in entry %d, %s", want, clip(string(got)), entry, clip(name))
	}
	return nil
}

// point checks the checkpoint that stands on the paper.
func (l *law) point(e ledger.Entry, p paperPoint) error {
	l.papers.Done++
	root, err := unhex(p.Root)
	if err != nil {
		return err
	}
	if p.Size < 1 || p.Size > e.Index {
		return both("ghi %d mục, trong khi giấy là mục %d", "it speaks of %d entries, the paper is entry %d", p.Size, e.Index)
	}
	if (ledger.Checkpoint{Size: p.Size, Root: root}).PaperCode() != p.Code {
		return both("mã không phải của số mục và gốc cây đã ghi", "the code is not that of size and root")
	}
	known, ok := l.wanted[p.Size]
	if !ok {
		known, ok = l.witness[p.Size]
	}
	if !ok {
		return both("gói không có chứng minh cho điểm này (%d mục)", "the bundle holds no proof for it (%d entries)", p.Size)
	}
	if known != root {
		return both("nhật ký lúc đó có gốc cây khác", "the ledger had another root at that size")
	}
	return nil
}

// file checks a bound file; needed says that it must be there.
func (l *law) file(entry int64, name, hash string, needed bool) {
	path := boundPath(entry, name)
	if _, ok := l.files.size[path]; !ok || !namePattern.MatchString(name) {
		if needed {
			l.bound.fail(Failure{entry, path, say("thiếu tệp của giấy", "the file of the paper is missing")})
		}
		return
	}
	l.claimed[path] = true
	l.bound.Done++
	if l.files.size[path] > maxFile {
		l.bound.fail(Failure{entry, path, say("tệp quá lớn", "the file is too large")})
		return
	}
	sum, err := l.files.digest(path)
	if err != nil {
		l.bound.fail(Failure{entry, path, say("không đọc được: %s", "cannot be read: %s", clip(err.Error()))})
	} else if sum != hash {
		l.bound.fail(Failure{entry, path, say("tệp đã bị sửa hoặc thay: không đúng dấu băm ghi trong mục", "the file was changed or swapped: it does not match the hash in the entry")})
	}
}

// scan checks the scanned page of an attestation, where the bundle carries it.
func (l *law) scan(entry int64, hash string) {
	if _, ok := l.files.size[boundPath(entry, fileScan)]; ok {
		l.file(entry, fileScan, hash, false)
	}
}

// unclaimed reports files that no entry binds.
func (l *law) unclaimed() {
	for _, path := range l.files.Paths() {
		if strings.HasPrefix(path, "files/") && !l.claimed[path] {
			l.bound.fail(Failure{-1, path, say("không mục nào ràng buộc tệp này", "no entry binds this file")})
		}
	}
}
