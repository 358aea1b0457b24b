package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/assembly"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// law checks what entries mean: that verdicts follow from figures by the rules
// as they stood, and that minutes say what the entries say.
type law struct {
	*verifier
	shelf    *Shelf
	contests map[string]*contest
	bodies   map[int64]json.RawMessage // of entries that minutes may cite
	about    map[int64]string          // main subject of those entries
	claimed  map[string]bool           // files/ that an entry bound
	pinned   map[string]bool           // digests of editions seen
	cases    map[string]*caseFile
	boxes    map[string]*vote.Record // what was reported of each box
	sheets   map[string]*vote.Record // what each box was opened with
	meetings map[string]*assembly.State
	dates    map[string]int64    // entry that last gave each meeting its day
	lists    map[string]*chainOf // by event
	hands    []handDue
	tallies  map[string]*tally // by box: how it was counted
	unlisted map[string]bool   // what cannot be replayed from this bundle
}

// contest is what the entries said of one contest so far.
type contest struct {
	recorded int64 // entry of the figures in force, -1 before there are any
	record   *vote.Record
	act      string
	counted  int64      // entry of the verdict on them; -1 while it is due
	pins     []rule.Pin // editions of the verdict before, nil before there is one
	moves    bool       // the correction adopts the editions now in force
	same     bool       // the correction leaves kind and day as they were
	result   *vote.Result
	first    *vote.Record // the figures as they were recorded first
	box      string       // ballot box they were counted in
}

func newLaw(v *verifier) (*law, error) {
	shelf, err := NewShelf()
	if err != nil {
		return nil, err
	}
	return &law{verifier: v, shelf: shelf, contests: map[string]*contest{}, bodies: map[int64]json.RawMessage{},
		about: map[int64]string{}, claimed: map[string]bool{}, pinned: map[string]bool{},
		cases: map[string]*caseFile{}, boxes: map[string]*vote.Record{}, sheets: map[string]*vote.Record{},
		meetings: map[string]*assembly.State{}, dates: map[string]int64{}, lists: map[string]*chainOf{}, tallies: map[string]*tally{}, unlisted: map[string]bool{}}, nil
}

// entry checks one entry after its form, place and blocks.
func (l *law) entry(e ledger.Entry, blocks []ledger.Block) {
	room, _, _ := strings.Cut(e.Kind, ".")
	main := e.Subjects[0].ID
	if c := l.contests[main]; c != nil && c.counted < 0 && e.Kind != kindCounted {
		l.overdue(c)
	}
	switch e.Kind {
	case kindRecorded, kindCorrected:
		l.keep(e)
		l.figures(e, blocks)
	case kindCounted:
		l.keep(e)
		l.verdict(e)
	case kindAnnounced:
		l.announced(e)
	case kindMinutes:
		l.keep(e)
		l.made(e, blocks)
	case kindCasePaper:
		l.casePaper(e, blocks)
	case kindEdition, kindProposed, kindAttested, kindRefused, kindDays:
		l.regulation(e)
	case kindReported:
		l.reported(e)
	case kindPiles, kindSheet, kindSheets, kindRead, kindCompared, kindDoubt, kindResolved:
		l.counting(e, blocks)
	case kindBoxOpened:
		l.boxOpened(e)
	case kindEvent, kindProgramme, kindListOpened, kindListed, kindMoved, kindSeats, kindReading, kindListVoted, kindRoundClosed:
		l.list(e)
	case kindBoxSet:
		l.boxSet(e)
	case kindImported, kindErased, kindRestored, kindOpened:
	default:
		if room == "meeting" {
			l.meeting(e)
			return
		}
		if room == "procedure" {
			l.keep(e)
			l.procedure(e, blocks)
			return
		}
		if room == "election" || room == "regulation" || room == "ledger" {
			l.verdicts.fail(Failure{e.Index, "", say("loại mục “%s” chưa có trong chương trình kiểm tra này: hãy dùng bản mới hơn", "this program does not know the kind %q: use a newer one", clip(e.Kind))})
		}
	}
}

func (l *law) keep(e ledger.Entry) { l.bodies[e.Index], l.about[e.Index] = e.Body, e.Subjects[0].ID }

// overdue reports figures that no verdict followed.
func (l *law) overdue(c *contest) {
	if c.recorded >= 0 && !l.spoiled {
		l.verdicts.fail(Failure{c.recorded, "", say("số liệu không có kết quả đối chiếu ngay sau đó", "no verdict follows the figures")})
	}
	c.counted = c.recorded // said once
}

func (l *law) figures(e ledger.Entry, blocks []ledger.Block) {
	var b struct {
		Contest  string          `json:"contest"`
		Record   json.RawMessage `json:"record"`
		Corrects *int64          `json:"corrects"`
		Adopts   json.RawMessage `json:"adopts"`
	}
	main := e.Subjects[0].ID
	c := l.contests[main]
	if c == nil {
		c = &contest{recorded: -1}
		l.contests[main] = c
	}
	before, old := c.recorded, c.record
	c.recorded, c.counted, c.act, c.record = e.Index, -1, e.Act, nil
	err := json.Unmarshal(e.Body, &b)
	if err == nil {
		c.record, err = safe(func() (*vote.Record, error) { return vote.ParseRecord(b.Record) })
	}
	if e.Kind == kindRecorded {
		c.first = c.record
	}
	c.moves = len(b.Adopts) > 0
	c.same = old != nil && c.record != nil && old.Rules == c.record.Rules && old.Date == c.record.Date
	switch {
	case err != nil:
	case main != "contest/"+b.Contest || c.record.ID != b.Contest:
		err = both("cuộc bầu cử ghi trong mục không phải đối tượng của mục", "the contest it names is not its subject")
	case e.Kind == kindRecorded && l.onList(c) != nil:
		err = l.onList(c)
	case e.Kind == kindRecorded && before >= 0:
		err = both("đã ghi ở mục %d, sau đó chỉ được đính chính", "the contest was recorded in entry %d already; only a correction may follow", before)
	case e.Kind == kindCorrected && (b.Corrects == nil || *b.Corrects != before):
		err = both("không đính chính số liệu đang có hiệu lực, ở mục %d", "it does not correct the figures in force, those of entry %d", before)
	default:
		for _, k := range blocks {
			if k.Name == "candidates" {
				err = sameCandidates(c.record, k.Content)
			}
		}
	}
	if err != nil {
		l.verdicts.fail(Failure{e.Index, "", because("số liệu không đúng", "the figures are not as they must be", err)})
	}
}

// sameCandidates checks the names beside the tree against the record in it:
// the same candidates, and births that give the order of age the record has.
func sameCandidates(rec *vote.Record, content []byte) error {
	var names []struct {
		ID   string `json:"id"`
		Born string `json:"born"`
	}
	if err := json.Unmarshal(content, &names); err != nil {
		return err
	}
	if len(names) != len(rec.Candidates) {
		return both("danh sách có %d người, số liệu có %d", "%d candidates by name, %d in the figures", len(names), len(rec.Candidates))
	}
	full := *rec
	full.Candidates = slices.Clone(rec.Candidates)
	for i, n := range names {
		if n.ID != full.Candidates[i].ID {
			return both("danh sách ghi %q ở chỗ số liệu ghi %q", "the candidate %q by name is %q in the figures", clip(n.ID), clip(full.Candidates[i].ID))
		}
		full.Candidates[i].Born, full.Candidates[i].Age = n.Born, nil
	}
	for i, got := range full.Public().Candidates {
		want := rec.Candidates[i].Age
		if (got.Age == nil) != (want == nil) || want != nil && *got.Age != *want {
			return both("ngày sinh không cho thứ tự tuổi đã ghi của %q", "the births do not give the order of age recorded for candidate %q", clip(got.ID))
		}
	}
	return nil
}

// verdict counts again by the rules as they stood at this entry.
func (l *law) verdict(e ledger.Entry) {
	l.verdicts.Done++
	main := e.Subjects[0].ID
	c := l.contests[main]
	if c == nil {
		c = &contest{recorded: -1}
		l.contests[main] = c
	}
	due := c.counted < 0 && c.recorded >= 0
	c.counted = e.Index
	if !due || e.Subjects[0].Prev != c.recorded || e.Index != c.recorded+1 || e.Act != c.act {
		l.verdicts.fail(Failure{e.Index, "", say("kết quả không đứng ngay sau số liệu của nó", "the verdict does not stand right after its figures")})
		return
	}
	if c.record == nil {
		return // the figures have failed already
	}
	if err := l.replay(e, c); err != nil {
		l.verdicts.fail(Failure{e.Index, "", because("tính lại không ra kết quả này", "counted again, this is not the verdict", err)})
	}
}

func (l *law) replay(e ledger.Entry, c *contest) error {
	rec := c.record
	var b struct {
		Contest string          `json:"contest"`
		Result  json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(e.Body, &b); err != nil {
		return err
	}
	if b.Contest != rec.ID {
		return both("cuộc bầu cử ghi trong mục không phải đối tượng của mục", "the contest it names is not its subject")
	}
	var res vote.Result
	d := json.NewDecoder(bytes.NewReader(b.Result))
	d.DisallowUnknownFields()
	if err := d.Decode(&res); err != nil {
		return err
	}
	lib := l.shelf.Library()
	for _, p := range res.Pins {
		l.pin(e.Index, lib, p)
	}
	_, err := safe(func() (struct{}, error) {
		if err := vote.Replay(lib, rec, &res); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, c.editions(lib, res.Pins)
	})
	c.pins, c.result = res.Pins, &res
	return err
}

// editions checks that a verdict was given by the right editions, not by some
// that the author would have liked better: those in force on the day of the
// contest; for a correction of the same case those it was pinned to, unless it
// adopts the ones in force under their transition clauses.
func (c *contest) editions(lib *rule.Library, pins []rule.Pin) error {
	switch {
	case c.pins == nil || !c.same:
		return inForce(lib, c.record, pins)
	case c.moves:
		if err := inForce(lib, c.record, pins); err != nil {
			return err
		}
		if _, err := lib.Move(c.pins, pins); err != nil {
			return both("bản quy định mới không có điều khoản chuyển tiếp cho cuộc bầu này", "the new edition has no transition clause for this contest")
		}
		return nil
	case !rule.SamePins(c.pins, pins):
		return both("đính chính không giữ bản quy định đã ghim", "the correction does not keep the editions the contest is pinned to")
	}
	return nil
}

// inForce checks that the editions are those in force on the day.
func inForce(lib *rule.Library, rec *vote.Record, pins []rule.Pin) error {
	book, err := lib.For(rec.Rules, rec.Date)
	if err != nil {
		return err
	}
	if !slices.Equal(book.Pins, pins) {
		return both("các bản quy định đã dùng không phải bản có hiệu lực ngày %s", "the editions it names are not those in force on %s", rec.Date)
	}
	return nil
}

// pin checks that an edition is built in, or was recorded before.
func (l *law) pin(entry int64, lib *rule.Library, p rule.Pin) {
	if !l.pinned[p.Digest] {
		l.pinned[p.Digest] = true
		l.report.usedBy["regulations/"+p.Digest+".yaml"] = entry
		l.regs.Done++
	}
	for _, e := range lib.Editions() {
		if e.Digest == p.Digest && e.Recorded == p.Recorded {
			return
		}
	}
	l.regs.fail(Failure{entry, "", say("bản quy định %s (%s) không có sẵn trong chương trình, cũng không ghi trong nhật ký", "the edition of %s (%s) is neither built in nor recorded", clip(p.Document), clip(p.Digest))})
}

func (l *law) regulation(e ledger.Entry) {
	l.regs.Done++
	if _, err := safe(func() (struct{}, error) { return struct{}{}, l.shelf.Follow(e) }); err != nil {
		l.regs.fail(Failure{e.Index, "", because("ghi quy định sai", "regulation recorded wrongly", err)})
		return
	}
	switch e.Kind {
	case kindEdition:
		var b editionBody
		_ = json.Unmarshal(e.Body, &b) // Follow read it
		l.report.Notes = append(l.report.Notes, say("mục %d ghi bản quy định %s (%.12s…)", "entry %d recorded the regulation edition %s (%.12s…)", e.Index, clip(b.File), b.Digest))
	case kindAttested:
		var b attestedBody
		_ = json.Unmarshal(e.Body, &b)
		l.report.Notes = append(l.report.Notes, say("mục %d xác nhận %s của %s: %s", "entry %d attested %s of %s: %s", e.Index, clip(b.Item), clip(b.Document), clip(b.Choice)))
	}
	if e.Kind == kindDays {
		var b rule.Days
		_ = json.Unmarshal(e.Body, &b)
		l.report.Notes = append(l.report.Notes, say("mục %d ghi ngày nghỉ từ %s đến %s theo %s", "entry %d recorded the days of rest from %s to %s by %s", e.Index, b.From, b.To, clip(b.Number)))
	}
	if e.Kind == kindProposed || e.Kind == kindAttested {
		var b attestedBody
		_ = json.Unmarshal(e.Body, &b)
		l.scan(e.Index, b.Scan)
	}
}

func (l *law) announced(e ledger.Entry) {
	var b struct {
		Contest string `json:"contest"`
		Counted int64  `json:"counted"`
	}
	c := l.contests[e.Subjects[0].ID]
	if err := json.Unmarshal(e.Body, &b); err != nil || c == nil || c.counted != b.Counted || c.recorded < 0 || "contest/"+b.Contest != e.Subjects[0].ID {
		l.verdicts.fail(Failure{e.Index, "", say("công bố không phải kết quả đang có hiệu lực", "it announces a verdict that is not the one in force")})
	}
}

func (l *law) end() {
	for _, c := range l.contests {
		if c.counted < 0 {
			l.overdue(c)
		}
	}
	l.boxesOfSteps()
	l.boxesOfContests()
	l.meetingDays()
	l.handsOfMeetings()
	l.caseNotes()
	l.regulationFiles()
	l.unclaimed()
}

// regulationFiles checks the regulation files laid beside the bundle: each is
// one that is built into this program, byte for byte.
func (l *law) regulationFiles() {
	lib, err := rule.Builtin()
	if err != nil {
		l.broken(l.regs, "", err)
		return
	}
	built := map[string]bool{}
	for _, e := range lib.Editions() {
		built[e.Digest] = true
	}
	for _, path := range l.files.Paths() {
		rest, ok := strings.CutPrefix(path, "regulations/")
		if !ok {
			continue
		}
		digest := strings.TrimSuffix(rest, ".yaml")
		l.regs.Done++
		sum, err := l.files.digest(path)
		switch {
		case err != nil:
			l.broken(l.regs, path, err)
		case sum != digest:
			l.regs.fail(Failure{-1, path, say("bản quy định đã bị sửa: không đúng với tên tệp", "the regulation was changed: it is not the one its name says")})
		case !built[digest]:
			l.regs.fail(Failure{-1, path, say("bản quy định này không có sẵn trong chương trình", "this edition is not built into the program")})
		}
	}
}

// safe turns a panic on foreign bytes into an error: a check that cannot be
// made is a failure.
func safe[T any](fn func() (T, error)) (v T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot be checked: %v", r)
		}
	}()
	return fn()
}
