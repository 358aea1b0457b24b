package election

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// RecordContest records one contest and, in the same act, the verdict on it.
type RecordContest struct {
	Event   string
	Org     string // of the event
	Contest Contest
}

func (a RecordContest) Name() string    { return "election.record-contest" }
func (a RecordContest) Subject() string { return ContestSubject(a.Contest.id()) }
func (a RecordContest) Need() desk.Need {
	return desk.Need{Right: desk.RecordContest, Org: a.Org, Case: a.Subject()}
}

// Decide counts by the rules of the contest's day. Contradicting figures are
// recorded with status refused; figures that cannot be understood are not.
func (a RecordContest) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	ev, err := mustEvent(ctx, s.Tx, a.Event, a.Org)
	if err != nil {
		return nil, err
	}
	if a.Contest.Record != nil {
		if _, ok, err := findRow(ctx, s.Tx, a.Contest.Record.ID); err != nil {
			return nil, err
		} else if ok {
			return nil, desk.Wrong("id", "Đã có cuộc bầu cử mang mã này; hãy dùng mục đính chính.",
				"There is a contest with this id already; correct it instead.")
		}
	}
	if err := guard(ctx, s, a.Contest.Record); err != nil {
		return nil, err
	}
	return drafts(s.Rules, ev, a.Contest, nil, "")
}

// CorrectContest puts a recorded contest right. The older version stays
// visible, with who corrected it, when and why.
type CorrectContest struct {
	Event   string
	Org     string
	Contest Contest // whole and new; its Record.ID names the contest corrected
	Reason  string
	// Adopt lets the contest go over to the editions now in force, under their
	// transition clauses. Without it a contest of the same kind and day keeps
	// the editions its verdict was given by.
	Adopt bool
}

func (a CorrectContest) Name() string    { return "election.correct-contest" }
func (a CorrectContest) Subject() string { return ContestSubject(a.Contest.id()) }
func (a CorrectContest) Need() desk.Need {
	return desk.Need{Right: desk.CorrectContest, Org: a.Org, Case: a.Subject()}
}

// Decide demands a reason and a contest to correct, then counts anew.
func (a CorrectContest) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	reason := strings.TrimSpace(a.Reason)
	if reason == "" {
		return nil, desk.Wrong("reason", "Hãy ghi lý do đính chính.", "Give the reason for the correction.")
	}
	if vn.Longer(reason, maxReason) {
		return nil, desk.Wrong("reason", "Lý do dài quá 2.000 ký tự.", "The reason is longer than 2,000 characters.")
	}
	ev, err := mustEvent(ctx, s.Tx, a.Event, a.Org)
	if err != nil {
		return nil, err
	}
	old, err := mustContest(ctx, s.Tx, a.Contest.id(), a.Org)
	if err != nil {
		return nil, err
	}
	if old.Event != a.Event {
		return nil, desk.Missing("Không có cuộc bầu cử này.", "There is no such contest.")
	}
	lib, moved, err := CorrectionRules(ctx, s.Tx, s.Rules, old, a.Contest.Record, a.Adopt)
	if err != nil {
		return nil, err
	}
	ds, err := drafts(lib, ev, a.Contest, &old.Version, reason)
	if err == nil && len(moved) > 0 {
		body := ds[0].Body.(recordedBody)
		body.Adopts = moved
		ds[0].Body = body
	}
	return ds, err
}

// CorrectionRules are what a corrected contest is counted by: the editions its
// verdict is pinned to; those in force when the day or kind of the contest
// itself was wrong; or, when adopt is set, those in force under transition
// clauses, each named in moved.
func CorrectionRules(ctx context.Context, tx *store.Tx, lib *rule.Library, old *Row, rec *vote.Record, adopt bool) (by *rule.Library, moved []rule.Moved, err error) {
	was, pins, err := pinned(ctx, tx, old)
	if err != nil {
		return nil, nil, err
	}
	if rec.Rules != was.Rules || !rec.Date.IsZero() && rec.Date != was.Date {
		return lib, nil, nil
	}
	if !adopt {
		by, err = lib.Pinned(pins)
		return by, nil, err
	}
	book, err := lib.For(was.Rules, was.Date)
	if err != nil {
		return nil, nil, desk.Wrong("rules", "Không có quy định cho loại bầu cử này vào ngày này.", "No regulation binds this kind of contest on this day.")
	}
	moved, err = lib.Move(pins, book.Pins)
	if err != nil {
		return nil, nil, desk.Refuse("Bản quy định mới không có điều khoản chuyển tiếp cho cuộc bầu đã có kết quả, nên cuộc bầu giữ bản đã ghim.",
			"The new edition has no transition clause for a contest already counted, so the contest keeps the editions it is pinned to.")
	}
	return lib, moved, nil
}

// pinned reads the record in force and the editions of the verdict on it.
func pinned(ctx context.Context, tx *store.Tx, row *Row) (*vote.Record, []rule.Pin, error) {
	var record, result string
	err := tx.QueryRow(ctx, `SELECT v.record, r.result FROM election_version v JOIN election_verdict r ON r.version = v.entry_from
		WHERE v.contest = $1 AND v.entry_from = $2 AND r.entry = $3`, row.ID, row.Version, row.Counted).Scan(&record, &result)
	if err != nil {
		return nil, nil, fmt.Errorf("election: editions of %s: %w", row.ID, err)
	}
	var rec vote.Record
	if err := json.Unmarshal([]byte(record), &rec); err != nil {
		return nil, nil, fmt.Errorf("election: record of %s: %w", row.ID, err)
	}
	var res vote.Result
	if err := json.Unmarshal([]byte(result), &res); err != nil {
		return nil, nil, fmt.Errorf("election: verdict on %s: %w", row.ID, err)
	}
	return &rec, res.Pins, nil
}

// MayAdopt says whether other editions than those the contest is pinned to are
// in force for its day, and whether their clauses let it go over to them.
func MayAdopt(ctx context.Context, tx *store.Tx, lib *rule.Library, row *Row) (differ, allowed bool, err error) {
	rec, pins, err := pinned(ctx, tx, row)
	if err != nil {
		return false, false, err
	}
	book, err := lib.For(rec.Rules, rec.Date)
	if err != nil || rule.SamePins(book.Pins, pins) {
		return false, false, nil // nothing else binds the day
	}
	_, err = lib.Move(pins, book.Pins)
	return true, err == nil, nil
}

func (c Contest) id() string {
	if c.Record == nil {
		return ""
	}
	return c.Record.ID
}

// Check says what is wrong with a contest as its author hands it in, without
// recording anything: shape, ids, and whether a regulation binds it.
func (c Contest) Check(lib *rule.Library) (*vote.Result, error) {
	rec := c.Record
	if rec == nil {
		return nil, desk.Wrong("record", "Thiếu số liệu của cuộc bầu cử.", "The figures of the contest are missing.")
	}
	if err := rec.Validate(); err != nil {
		return nil, formError(err)
	}
	if !idPattern.MatchString(rec.ID) {
		return nil, desk.Wrong("id", "Mã cuộc bầu cử chỉ gồm chữ thường không dấu, số, gạch nối, chấm và gạch chéo.",
			"The contest id is made of lower-case letters without marks, digits, hyphens, dots and slashes.")
	}
	if err := checkTitle("title", c.Title); err != nil {
		return nil, err
	}
	if len(c.Place) > maxTitle || len(c.Area) > 2000 {
		return nil, desk.Wrong("area", "Tên địa phương hoặc phạm vi quá dài.", "The place or extent is too long.")
	}
	for i, cand := range rec.Candidates {
		if strings.TrimSpace(cand.Name) == "" || len(cand.Name) > 200 {
			return nil, desk.Wrong(fmt.Sprintf("candidates[%d].name", i), "Thiếu họ tên (tối đa 200 ký tự).", "The name is missing (200 characters at most).")
		}
	}
	res, err := vote.NewCounter(lib).Count(rec)
	if err != nil {
		return nil, formError(err)
	}
	return res, nil
}

func formError(err error) error {
	var in *vote.InputError
	if errors.As(err, &in) {
		field := in.Field
		if field == "" {
			field = "record"
		}
		return desk.Wrong(field, sentence(in.Says.VI), sentence(in.Says.EN))
	}
	return err
}

// sentence makes a clause a sentence.
func sentence(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	s = strings.ToUpper(string(r[0])) + string(r[1:])
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// drafts are the two entries of one contest: what the paper says, and the
// verdict on it.
func drafts(lib *rule.Library, ev *Event, c Contest, corrects *int64, reason string) ([]desk.Draft, error) {
	c = c.normal()
	if c.Record != nil && len(c.Record.Candidates) > 0 && c.Record.Date.IsZero() {
		rec := *c.Record
		rec.Date = ev.Date
		c.Record = &rec
	}
	if _, err := c.Check(lib); err != nil {
		return nil, err
	}
	// The verdict is on the public record: what a verifier without the names
	// can replay.
	public := c.Record.Public()
	res, err := vote.NewCounter(lib).Count(public)
	if err != nil {
		return nil, formError(err)
	}
	if !strings.HasPrefix(public.ID, ev.ID+"/") {
		return nil, desk.Wrong("id", "Mã cuộc bầu cử phải bắt đầu bằng “"+ev.ID+"/”.", "The contest id must begin with “"+ev.ID+"/”.")
	}
	subjects := []string{ContestSubject(public.ID), EventSubject(ev.ID)}
	recorded := desk.Draft{Kind: KindRecorded, Subjects: subjects, Body: recordedBody{
		Contest: public.ID, Event: ev.ID, Title: c.Title, Place: c.Place, Unit: c.Unit, Area: c.Area,
		Sample: c.Sample, Candidates: len(public.Candidates), Record: public, Source: c.Source, Corrects: corrects},
		Blocks: []desk.DraftBlock{{Name: BlockCandidates, Content: c.names()}}}
	if corrects != nil {
		recorded.Kind = KindCorrected
		recorded.Blocks = append(recorded.Blocks, desk.DraftBlock{Name: BlockReason, Content: map[string]string{"reason": reason}})
	}
	counted := desk.Draft{Kind: KindCounted, Subjects: subjects[:1], Body: countedBody{public.ID, res.Bare()}}
	return []desk.Draft{recorded, counted}, nil
}

// normal brings names and titles to one spelling. The place on the ballot is
// never guessed: official lists are not always in the order of given names.
func (c Contest) normal() Contest {
	c.Title.VI, c.Title.EN = vn.NormalizeName(c.Title.VI), vn.NormalizeName(c.Title.EN)
	c.Place, c.Area = vn.NormalizeName(c.Place), vn.NormalizeName(c.Area)
	if c.Record == nil {
		return c
	}
	rec := *c.Record
	rec.Candidates = append([]vote.Candidate(nil), rec.Candidates...)
	for i := range rec.Candidates {
		rec.Candidates[i].Name = vn.NormalizeName(rec.Candidates[i].Name)
	}
	c.Record = &rec
	return c
}

func (c Contest) names() []Name {
	out := make([]Name, len(c.Record.Candidates))
	for i, cand := range c.Record.Candidates {
		out[i] = Name{ID: cand.ID, Title: c.Titles[cand.ID], Name: cand.Name, Born: cand.Born}
	}
	return out
}
