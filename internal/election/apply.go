package election

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

//go:embed schema/*.sql
var schemas embed.FS

// Room is the election room for the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "election", Schema: sub, Apply: apply, Erase: erase,
		Kinds: append([]string{KindEventOpened, KindRecorded, KindCorrected, KindCounted, KindAnnounced, KindMinutes, KindImported}, ChainKinds...)}
}

// table is rows waiting to be written in one statement.
type table struct {
	name string
	cols []string
	rows [][]any
}

// batch gathers the rows of a slice of entries. Rows are only ever added;
// the one exception is the end of a version, for which the batch is written
// first.
type batch struct {
	tables map[string]*table
	order  []string
}

func (b *batch) add(name string, cols []string, row ...any) {
	if b.tables == nil {
		b.tables = map[string]*table{}
	}
	t := b.tables[name]
	if t == nil {
		t = &table{name: name, cols: cols}
		b.tables[name] = t
		b.order = append(b.order, name)
	}
	t.rows = append(t.rows, row)
}

func (b *batch) write(ctx context.Context, tx *store.Tx) error {
	for _, name := range b.order {
		t := b.tables[name]
		if err := tx.Insert(ctx, t.name, t.cols, t.rows); err != nil {
			return fmt.Errorf("election: apply to %s: %w", name, err)
		}
	}
	*b = batch{}
	return nil
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	b := &batch{}
	for i := range rs {
		r := &rs[i]
		var err error
		switch r.Kind {
		case KindEventOpened:
			err = applyEvent(b, r)
		case KindRecorded, KindCorrected:
			err = applyVersion(ctx, tx, b, r)
		case KindCounted:
			err = applyVerdict(b, r)
		case KindAnnounced:
			err = applyAnnounced(b, r)
		case KindMinutes:
			err = applyMinutes(b, r)
		case KindImported:
			err = applyImported(b, r)
		case KindProgramme, KindListOpened, KindListed, KindMoved, KindSeats, KindReading, KindListVoted, KindBoxSet, KindRoundClosed:
			err = applyStep(b, r)
		}
		if err != nil {
			return fmt.Errorf("election: entry %d (%s): %w", r.Index, r.Kind, err)
		}
	}
	return b.write(ctx, tx)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

var eventCols = []string{"id", "kind", "held", "org", "title_vi", "title_en", "sample", "official", "entry"}

func applyEvent(b *batch, r *desk.Record) error {
	var e eventBody
	if err := json.Unmarshal(r.Body, &e); err != nil {
		return err
	}
	official := ""
	if e.Official != nil {
		raw, err := json.Marshal(e.Official)
		if err != nil {
			return err
		}
		official = string(raw)
	}
	b.add("election_event", eventCols, e.Event, e.Kind, e.Date.String(), e.Org, e.Title.VI, e.Title.EN, flag(e.Sample), official, r.Index)
	return nil
}

var (
	versionCols = []string{"contest", "event", "entry_from", "entry_to", "corrects", "at", "actor", "place", "place_key", "unit",
		"title_vi", "title_en", "area", "folded", "rules", "held", "seats", "candidates", "sample", "record", "source", "reason"}
	candidateCols = []string{"entry", "contest", "id", "place", "title", "name", "born", "folded"}
)

func applyVersion(ctx context.Context, tx *store.Tx, b *batch, r *desk.Record) error {
	var v recordedView
	if err := json.Unmarshal(r.Body, &v); err != nil {
		return err
	}
	var rec recordView
	if err := json.Unmarshal(v.Record, &rec); err != nil {
		return err
	}
	corrects, reason := int64(-1), ""
	if v.Corrects != nil {
		corrects = *v.Corrects
		if err := b.write(ctx, tx); err != nil {
			return err
		}
		if err := tx.Run(ctx, `UPDATE election_version SET entry_to = $1 WHERE contest = $2 AND entry_to = -1`, r.Index, v.Contest); err != nil {
			return err
		}
		if raw, ok := r.Blocks[BlockReason]; ok {
			var block struct {
				Reason string `json:"reason"`
			}
			if err := json.Unmarshal(raw, &block); err != nil {
				return err
			}
			reason = block.Reason
		}
	}
	folded := vn.Fold(v.Title.VI + " " + v.Title.EN + " " + v.Place + " " + v.Area)
	b.add("election_version", versionCols, v.Contest, v.Event, r.Index, int64(-1), corrects, stamp(r.At), r.Actor, v.Place,
		vn.ProvinceKey(v.Place), int64(v.Unit), v.Title.VI, v.Title.EN, v.Area, folded, rec.Rules, rec.Date, rec.Seats,
		int64(len(rec.Candidates)), flag(v.Sample), string(v.Record), string(v.Source), reason)
	names := map[string]Name{}
	if raw, ok := r.Blocks[BlockCandidates]; ok {
		var list []Name
		if err := json.Unmarshal(raw, &list); err != nil {
			return err
		}
		for _, n := range list {
			names[n.ID] = n
		}
	}
	for i, c := range rec.Candidates {
		n := names[c.ID]
		b.add("election_candidate", candidateCols, r.Index, v.Contest, c.ID, int64(i+1), n.Title, n.Name, n.Born, vn.Fold(n.Name))
	}
	return nil
}

var (
	verdictCols = []string{"entry", "contest", "version", "status", "next", "counted_of", "base", "need", "elected", "unfilled",
		"passed", "margin", "margin_ppm", "missing", "conditions", "result"}
	lineCols = []string{"entry", "contest", "candidate", "rank", "votes", "share", "outcome"}
	useCols  = []string{"rule", "document", "dated", "edition", "contest", "entry"}
)

func applyVerdict(b *batch, r *desk.Record) error {
	var v countedView
	if err := json.Unmarshal(r.Body, &v); err != nil {
		return err
	}
	var res vote.Result
	if err := json.Unmarshal(v.Result, &res); err != nil {
		return err
	}
	version := r.Subjects[0].Prev
	base := int64(-1)
	if res.Denominator.Count != nil {
		base = *res.Denominator.Count
	}
	var passed, missing, conditions int64
	for i, l := range res.Results {
		if l.Outcome == vote.PassedNoSeat {
			passed++
		}
		b.add("election_line", lineCols, r.Index, v.Contest, l.Candidate, int64(i+1), l.Votes, l.Share, string(l.Outcome))
	}
	for _, f := range res.Findings {
		switch f.Kind {
		case "not-recorded":
			missing++
		case "condition":
			conditions++
		}
	}
	m, ppm := margin(&res)
	b.add("election_verdict", verdictCols, r.Index, v.Contest, version, string(res.Status), string(res.Next), res.Denominator.Of,
		base, res.Need, int64(len(res.Elected)), res.Unfilled, passed, m, ppm, missing, conditions, string(v.Result))
	editions := map[string]string{}
	for _, p := range res.Pins {
		editions[p.Document+"|"+p.Date.String()] = p.Edition
	}
	seen := map[string]bool{}
	for _, x := range res.Reasons {
		key := x.Rule + "|" + x.Document + "|" + x.Date.String()
		if seen[key] {
			continue
		}
		seen[key] = true
		b.add("election_use", useCols, x.Rule, x.Document, x.Date.String(), editions[x.Document+"|"+x.Date.String()], v.Contest, r.Index)
	}
	return nil
}

// margin is how many votes lay between the last seat and the first person
// without one, and the same in millionths of the base; -1 where nobody was
// left or no seat was filled.
func margin(res *vote.Result) (votes, ppm int64) {
	last, next := int64(-1), int64(-1)
	for _, l := range res.Results {
		if l.Outcome == vote.Elected {
			last = l.Votes
		} else if next < 0 {
			next = l.Votes
		}
	}
	if res.Status != vote.Decided || last < 0 || next < 0 || last < next {
		return -1, -1
	}
	votes, ppm = last-next, -1
	if n := res.Denominator.Count; n != nil && *n > 0 {
		ppm = votes * 1_000_000 / *n
	}
	return votes, ppm
}

func applyAnnounced(b *batch, r *desk.Record) error {
	var a announcedBody
	if err := json.Unmarshal(r.Body, &a); err != nil {
		return err
	}
	b.add("election_announcement", []string{"entry", "contest", "counted", "at"}, r.Index, a.Contest, a.Counted, stamp(r.At))
	return nil
}

func applyMinutes(b *batch, r *desk.Record) error {
	var m minutesBody
	if err := json.Unmarshal(r.Body, &m); err != nil {
		return err
	}
	b.add("election_minutes", []string{"entry", "contest", "version", "at", "actor", "body", "model"},
		r.Index, m.Contest, m.Version, stamp(r.At), r.Actor, string(r.Body), string(r.Blocks[BlockMinutes]))
	return nil
}

func applyImported(b *batch, r *desk.Record) error {
	var m importedBody
	if err := json.Unmarshal(r.Body, &m); err != nil {
		return err
	}
	b.add("election_import", []string{"entry", "event", "contests", "file", "digest"}, r.Index, m.Event, int64(m.Contests), m.File, m.Digest)
	return nil
}

// erase forgets names, reasons and minutes as if their block had never been
// there. The files of erased minutes go too: they hold the same names.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	switch block {
	case BlockCandidates:
		if err := tx.Run(ctx, `UPDATE election_candidate SET title = '', name = '', born = '', folded = '' WHERE entry = $1`, index); err != nil {
			return err
		}
		err := tx.Run(ctx, `UPDATE election_listed SET title = '', name = '', born = '' WHERE entry = $1`, index)
		return err
	case BlockReason:
		if err := tx.Run(ctx, `UPDATE election_version SET reason = '' WHERE entry_from = $1`, index); err != nil {
			return err
		}
		err := tx.Run(ctx, `UPDATE election_step SET reason = '' WHERE entry = $1`, index)
		return err
	case BlockMinutes:
		files, err := minutesFiles(ctx, tx, index)
		if err != nil {
			return err
		}
		for _, hash := range files {
			if err := tx.Run(ctx, `DELETE FROM op_blob WHERE hash = $1`, hash); err != nil {
				return err
			}
		}
		err = tx.Run(ctx, `UPDATE election_minutes SET model = '' WHERE entry = $1`, index)
		return err
	}
	return fmt.Errorf("election: entry %s has no block %q", strconv.FormatInt(index, 10), block)
}
