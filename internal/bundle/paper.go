package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/figure"
	"minhbach/internal/ledger"
)

// Papers of a personnel case: tờ trình, trích ngang, biên bản, diễn biến …
const (
	kindCasePaper = "document.case-paper-made/1"
	fileModel     = "paper.json"
	fileScan      = "scan" // of a signed paper, of an attestation
)

// paperBody is what the verifier reads of the entry of a paper.
type paperBody struct {
	Case    string `json:"case"`
	Figures []struct {
		N     int    `json:"n"`
		Value int64  `json:"value"`
		Entry int64  `json:"entry"`
		Field string `json:"field"`
	} `json:"figures"`
	Files      map[string]string `json:"files"`
	Checkpoint *paperPoint       `json:"checkpoint"`
}

// paperModel is what of the paper itself bears numbers.
type paperModel struct {
	Case    string          `json:"case"`
	Subject []string        `json:"subject"`
	Figures []figure.Figure `json:"figures"`
	Point   paperPoint      `json:"point"`
	Parts   []struct {
		Head  string   `json:"head"`
		Said  int64    `json:"said"`
		Text  []string `json:"text"`
		Table *struct {
			ID   string     `json:"id"`
			Rows [][]string `json:"rows"`
		} `json:"table"`
	} `json:"parts"`
}

// casePaper checks a paper of a case: the numbers its entry lists against the
// fields they cite, the checkpoint printed on it, its files; and where the
// paper itself is in the bundle, that it holds those numbers and no other.
func (l *law) casePaper(e ledger.Entry, blocks []ledger.Block) {
	var b paperBody
	if err := json.Unmarshal(e.Body, &b); err != nil || b.Checkpoint == nil || e.Subjects[0].ID != "case-papers/"+b.Case {
		l.minutes.fail(Failure{e.Index, "", say("giấy của hồ sơ không đúng mẫu", "the paper of a case is not of the form")})
		return
	}
	if !l.carried("procedure/" + b.Case) {
		l.minutes.fail(Failure{e.Index, "", say("gói có giấy của hồ sơ %s mà không có hồ sơ", "the bundle has a paper of the case %s and not the case", clip(b.Case))})
		return
	}
	for _, n := range b.Figures {
		l.minutes.Done++
		if err := l.citedOfCase(e, b.Case, n.Entry, n.Field, n.Value); err != nil {
			l.minutes.fail(Failure{e.Index, "", because(fmt.Sprintf("số thứ %d của giấy", n.N), fmt.Sprintf("number %d of the paper", n.N), err)})
		}
	}
	if err := l.point(e, *b.Checkpoint); err != nil {
		l.papers.fail(Failure{e.Index, "", because("điểm chứng trên giấy", "checkpoint on the paper", err)})
	}
	here := false
	for _, k := range blocks {
		if k.Name != blockWords {
			continue
		}
		here = true
		if sum := sha256.Sum256(k.Content); hex.EncodeToString(sum[:]) != b.Files[fileModel] {
			l.bound.fail(Failure{e.Index, "", say("%s không phải nội dung giấy", "%s is not the content of the paper", fileModel)})
		}
		if _, err := safe(func() (struct{}, error) { return struct{}{}, l.paperHolds(e, b, k.Content) }); err != nil {
			l.minutes.fail(Failure{e.Index, "", because("nội dung giấy không đúng", "the content of the paper is not as it must be", err)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.Files)) {
		l.file(e.Index, name, b.Files[name], here && !l.manifest.Redacted && l.manifest.Scope == Case)
	}
}

// carried says that the bundle must hold all entries of a subject.
func (l *law) carried(subject string) bool {
	return l.manifest.Scope == Ledger || slices.Contains(l.manifest.Subjects, subject)
}

// citedOfCase checks one number of a paper: an entry of the case, made before
// it and counting when it was made, has it in the field cited.
func (l *law) citedOfCase(e ledger.Entry, id string, entry int64, name string, value int64) error {
	c := l.cases["procedure/"+id]
	if c == nil || entry >= e.Index || l.about[entry] != "procedure/"+id {
		return both("mục %d được dẫn không thuộc hồ sơ này", "entry %d, which it cites, is none of this case", entry)
	}
	if ev, ok := c.events[entry]; !ok || !c.replay.State.Stands(ev) {
		return both("mục %d được dẫn đã hết hiệu lực khi lập giấy", "entry %d, which it cites, was no longer in force", entry)
	}
	return l.holdsField(entry, name, value)
}

// holdsField says whether a field of an entry has a number; ".#" is the length
// of a list.
func (l *law) holdsField(entry int64, name string, value int64) error {
	path, length := strings.CutSuffix(name, ".#")
	got, err := field(l.bodies[entry], path)
	if err == nil && length {
		var list []json.RawMessage
		if err = json.Unmarshal(got, &list); err == nil {
			got = fmt.Appendf(nil, "%d", len(list))
		}
	}
	if err != nil {
		return both("mục %d không có trường %s, hoặc trường đó đọc được theo hai cách", "entry %d has no field %s, or it can be read in two ways", entry, clip(name))
	}
	if want := fmt.Sprint(value); string(got) != want {
		return both("trên giấy %s, trong mục %[3]d là %[2]s (%[4]s)", "%s on paper, %s in entry %d, %s", want, clip(string(got)), entry, clip(name))
	}
	return nil
}

// paperHolds checks the paper itself: every number in it has its place, the
// places are those the entry lists, sums and shares come out, words it repeats
// are those of the entry it names.
func (l *law) paperHolds(e ledger.Entry, b paperBody, content []byte) error {
	var m paperModel
	if err := json.Unmarshal(content, &m); err != nil {
		return err
	}
	if m.Case != b.Case || m.Point != *b.Checkpoint {
		return both("giấy của hồ sơ khác, hoặc điểm chứng khác với mục", "it is of another case, or its checkpoint is not that of the entry")
	}
	listed := 0
	for i, f := range m.Figures {
		if !f.Cited() {
			continue
		}
		if listed >= len(b.Figures) || b.Figures[listed].N != i+1 || b.Figures[listed].Value != f.Value || b.Figures[listed].Entry != f.Entry || b.Figures[listed].Field != f.Field {
			return both("số thứ %d không đứng trong danh sách số của mục", "number %d is not the one the entry lists", i+1)
		}
		listed++
	}
	if listed != len(b.Figures) {
		return both("mục dẫn %d số, giấy có %d", "the entry lists %d numbers, the paper has %d", len(b.Figures), listed)
	}
	p := figure.Paper{Figures: m.Figures}
	add := func(s string, number bool) { p.Texts = append(p.Texts, figure.Text{Says: s, Number: number}) }
	for _, s := range m.Subject {
		add(s, false)
	}
	for _, part := range m.Parts {
		add(part.Head, false)
		if part.Said == 0 {
			for _, s := range part.Text {
				add(s, false)
			}
		} else if err := l.repeats(b.Case, part.Said, part.Text); err != nil {
			return err
		}
		if part.Table == nil {
			continue
		}
		cols, known := figure.NumberColumns(part.Table.ID)
		if !known {
			return both("bảng “%s” không có trong mẫu giấy", "there is no table %q", clip(part.Table.ID))
		}
		for _, row := range part.Table.Rows {
			for i, cell := range row {
				add(cell, slices.Contains(cols, i))
			}
		}
	}
	bad, err := p.Check(func(f figure.Figure) (bool, error) { return true, nil }) // held against the entries above
	switch {
	case err != nil:
		return err
	case bad == nil:
		return nil
	case bad.Place == 0:
		return both("giấy có số không dẫn mục nào: “%s”", "it has a number that cites no entry: %q", clip(bad.Text))
	}
	return both("số thứ %d không đúng tổng, tỷ lệ, hoặc không đứng ở đâu trong giấy", "number %d is not the sum or share it should be, or stands nowhere in the paper", bad.Place)
}

// repeats checks words of a paper against the entry they are said to be of;
// words that are withheld here cannot be compared.
func (l *law) repeats(id string, entry int64, text []string) error {
	c := l.cases["procedure/"+id]
	if c == nil {
		return both("không có hồ sơ", "there is no case")
	}
	ev, ok := c.events[entry]
	if !ok {
		return both("giấy dẫn lời của mục %d, không thuộc hồ sơ này", "it repeats words of entry %d, which is none of this case", entry)
	}
	if ev.Words == "" && ev.Body.Result == nil {
		return nil
	}
	if !slices.Equal(text, course.Said(ev)) {
		return both("lời dẫn không đúng với mục %d", "its words are not those of entry %d", entry)
	}
	return nil
}

// scanOf checks the scan of a signed paper where the bundle carries it, and
// tells of one that it does not carry although the entry's words are there: it
// was left out.
func (l *law) scanOf(e ledger.Entry, blocks []ledger.Block, hash string) {
	if _, ok := l.files.size[boundPath(e.Index, fileScan)]; ok {
		if l.manifest.Withheld.Hides(ClassScans) {
			l.bound.fail(Failure{e.Index, boundPath(e.Index, fileScan), say("bản quét thuộc nhóm mà bản kê ghi là đã che", "the scan is of a class that the manifest calls withheld")})
		}
		l.file(e.Index, fileScan, hash, true)
		return
	}
	if slices.ContainsFunc(blocks, func(k ledger.Block) bool { return k.Name == blockWords }) {
		l.report.Missing = append(l.report.Missing, Missing{e.Index, fileScan, -1, ClassScans})
	}
}

// pointOf reads the checkpoint printed on a paper, for the writer.
func pointOf(kind string, body []byte) (paperPoint, bool) {
	var b struct{ Checkpoint paperPoint }
	if kind != kindMinutes && kind != kindCasePaper || json.Unmarshal(body, &b) != nil {
		return paperPoint{}, false
	}
	return b.Checkpoint, true
}
