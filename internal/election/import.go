package election

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// ImportContests records a part of a file of contests. The parts of one file
// share an id and come one after another, so that a broken import resumes
// where it stopped; CloseImport ends it.
type ImportContests struct {
	Event    string
	Org      string
	Contests []Contest
	Part     int // from 0
}

func (a ImportContests) Name() string    { return "election.import-contests" }
func (a ImportContests) Subject() string { return EventSubject(a.Event) }
func (a ImportContests) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide records each contest of the part with its verdict, or none.
func (a ImportContests) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	var out []desk.Draft
	for i, c := range a.Contests {
		ds, err := RecordContest{Event: a.Event, Org: a.Org, Contest: c}.Decide(ctx, s)
		if err != nil {
			return nil, within(err, i, c.id())
		}
		out = append(out, ds...)
	}
	return out, nil
}

// CloseImport ends an import: how many contests came in, from which file.
type CloseImport struct {
	Event    string
	Org      string
	Contests int
	File     string
	Digest   string
}

func (a CloseImport) Name() string    { return "election.close-import" }
func (a CloseImport) Subject() string { return EventSubject(a.Event) }
func (a CloseImport) Need() desk.Need { return desk.Need{Right: desk.RecordContest, Org: a.Org} }

// Decide records the end of the import.
func (a CloseImport) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := mustEvent(ctx, s.Tx, a.Event, a.Org); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: KindImported, Subjects: []string{a.Subject()}, Body: importedBody{a.Event, a.Contests, a.File, a.Digest}}}, nil
}

// within says which contest of a file an error belongs to.
func within(err error, i int, id string) error {
	var e *desk.Error
	if !errors.As(err, &e) {
		return err
	}
	f := *e
	f.Field = fmt.Sprintf("contests[%d].%s", i, e.Field)
	f.Says = rule.Words{VI: fmt.Sprintf("Cuộc bầu cử thứ %d (%s): %s", i+1, id, e.Says.VI), EN: fmt.Sprintf("Contest %d (%s): %s", i+1, id, e.Says.EN)}
	return &f
}

// CheckAll says what is wrong with any contest of a file, before a single one
// is recorded: shape, rules, ids that stand twice in the file.
func CheckAll(lib *rule.Library, cs []Contest) []error {
	var out []error
	if len(cs) == 0 {
		return []error{desk.Wrong("file", "Tệp không có cuộc bầu cử nào.", "The file holds no contest.")}
	}
	if len(cs) > maxContestsPerFile {
		return []error{desk.Wrong("file", "Tệp có quá nhiều cuộc bầu cử (tối đa 100.000).", "The file holds too many contests (100,000 at most).")}
	}
	first := map[string]int{}
	for i, c := range cs {
		c = c.normal()
		if _, err := c.Check(lib); err != nil {
			out = append(out, within(err, i, c.id()))
			continue
		}
		if j, dup := first[c.id()]; dup {
			out = append(out, within(desk.Wrong("id", fmt.Sprintf("Mã này đã có ở cuộc bầu cử thứ %d của tệp.", j+1),
				fmt.Sprintf("This id already stands at contest %d of the file.", j+1)), i, c.id()))
			continue
		}
		first[c.id()] = i
	}
	return out
}

// importPart is how many contests one act of an import records: large enough
// for speed, small enough that pages stay fast meanwhile.
const importPart = 100

// Import checks the whole file, then records it part by part under ids made
// from id, and closes. Called again with the same id it goes on where it
// stopped: parts that were recorded are not recorded twice.
func Import(ctx context.Context, d *desk.Desk, id, actor, event, org, file, digest string, cs []Contest) error {
	var lib *rule.Library
	err := d.Read(ctx, func(tx *store.Tx) (err error) {
		lib, err = d.Rules(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if problems := CheckAll(lib, cs); len(problems) > 0 {
		return problems[0]
	}
	if err := refuseTaken(ctx, d, id, cs); err != nil {
		return err
	}
	for part := 0; part*importPart < len(cs); part++ {
		some := cs[part*importPart : min((part+1)*importPart, len(cs))]
		_, err := d.Do(ctx, desk.Form{ID: partID(id, part), Seen: desk.AnySeen, Actor: actor,
			Act: ImportContests{Event: event, Org: org, Contests: some, Part: part}})
		if err != nil {
			return err
		}
	}
	_, err = d.Do(ctx, desk.Form{ID: partID(id, -1), Seen: desk.AnySeen, Actor: actor,
		Act: CloseImport{Event: event, Org: org, Contests: len(cs), File: file, Digest: digest}})
	return err
}

// partID makes the act id of one part: the form's id with the part after it.
func partID(id string, part int) string {
	if part < 0 {
		return id + "-end"
	}
	return fmt.Sprintf("%s-%04d", id, part)
}

// refuseTaken refuses the whole file when one of its contests is recorded
// already by anything but an earlier run of this same import.
func refuseTaken(ctx context.Context, d *desk.Desk, id string, cs []Contest) error {
	return d.Read(ctx, func(tx *store.Tx) error {
		for i, c := range cs {
			r, ok, err := findRow(ctx, tx, c.id())
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			rec, err := desk.GetRecord(ctx, tx, r.Version)
			if err != nil {
				return err
			}
			if !strings.HasPrefix(rec.Act, id+"-") {
				return within(desk.Wrong("id", "Đã có cuộc bầu cử mang mã này; tệp chưa được nhập.",
					"There is a contest with this id already; nothing was imported."), i, c.id())
			}
		}
		return nil
	})
}
