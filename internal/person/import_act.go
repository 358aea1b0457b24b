package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

const (
	kindImportPart   = "person.import-part/1"
	kindImportClosed = "person.import-closed/1"
	kindImportUndone = "person.import-undone/1"
)

// ImportRow is one row of a confirmed plan: a new person, or a correction of
// what stands. Entry is the wording the plan was made on: when another stands
// by now, the row is left alone.
type ImportRow struct {
	Line     int       `json:"line"`
	Person   string    `json:"person"`
	Fact     int64     `json:"fact"` // of the identity to correct; -1: a new person
	Entry    int64     `json:"entry"`
	From     vn.Date   `json:"from"`
	Write    bool      `json:"write"` // the identity is new or changes
	Identity Identity  `json:"identity"`
	Step     *TakeStep `json:"step,omitzero"` // membership taken over from paper
}

// ImportPersons records one part of a file of persons: the identities (Steps
// false), or in a second round the memberships, for a life begins only with a
// person on record. A row that no longer fits what stands is left alone and
// its line told in the entry.
type ImportPersons struct {
	Import string
	Home   string
	Part   string
	Steps  bool
	Rows   []ImportRow
	Reason string // kept beside corrections
}

// CloseImport ends an import.
type CloseImport struct {
	Import, Home, File, Digest string
}

// UndoPart withdraws what one part of an import recorded, where nothing was
// said about the person since; CloseUndo ends the undoing.
type UndoPart struct {
	Import, Home, Part, Reason string
}

// CloseUndo ends the undoing of an import.
type CloseUndo struct{ Import, Home string }

type importBody struct {
	Import  string `json:"import"`
	Home    string `json:"home"`
	Part    string `json:"part,omitzero"`
	Count   int64  `json:"count"`            // entries that follow; at the end all of them
	Skipped []int  `json:"skipped,omitzero"` // lines left alone
	Kept    int64  `json:"kept,omitzero"`    // of an undoing: entries touched since, which stand
	Digest  string `json:"digest,omitzero"`  // SHA-256 of the file
}

// ImportSubject is the subject of an import's own entries.
func ImportSubject(id string) string { return "import/" + id }

// Name is the act's name.
func (a ImportPersons) Name() string { return "person.import-persons" }

// Subject is the import.
func (a ImportPersons) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a ImportPersons) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide lets each row be decided by the act it stands for.
func (a ImportPersons) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if known, err := org.Known(ctx, s.Tx, a.Home); err != nil || !known {
		return nil, errors.Join(err, desk.Wrong("home", "Tổ chức giữ hồ sơ không có trong hồ sơ tổ chức.", "The organisation that keeps the files is not on record."))
	}
	b := importBody{Import: a.Import, Home: a.Home, Part: a.Part}
	var out []desk.Draft
	for _, r := range a.Rows {
		ds, err := a.row(ctx, s, r)
		var no *desk.Error
		if errors.As(err, &no) {
			b.Skipped = append(b.Skipped, r.Line)
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ds...)
	}
	b.Count = int64(len(out))
	return append([]desk.Draft{{Kind: kindImportPart, Subjects: []string{a.Subject()}, Body: b}}, out...), nil
}

func (a ImportPersons) row(ctx context.Context, s *desk.Scene, r ImportRow) ([]desk.Draft, error) {
	switch {
	case a.Steps:
		home, known, err := Home(ctx, s.Tx, r.Person)
		if err != nil {
			return nil, err
		}
		in, err := org.Within(ctx, s.Tx, r.Step.Org, a.Home, r.Step.From)
		if err != nil {
			return nil, err
		}
		if !known || home != a.Home || !in {
			return nil, desk.Refuse("Chi bộ không thuộc tổ chức giữ hồ sơ.", "The cell is not below the organisation that keeps the file.")
		}
		return r.Step.Decide(ctx, s)
	case r.Fact < 0:
		return Record{ID: r.Person, Home: a.Home, From: r.From, Identity: r.Identity}.Decide(ctx, s)
	}
	said, err := file(ctx, s, r.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(said, func(w wording) bool { return w.Fact == r.Fact && w.Entry == r.Entry && !w.Withdrawn }) {
		return nil, desk.Refuse("Đã có người ghi khác từ khi xem trước.", "Something else was recorded since the preview.")
	}
	return Correct{Person: r.Person, Home: a.Home, Fact: r.Fact, From: r.From, Identity: r.Identity, Reason: a.Reason}.Decide(ctx, s)
}

// Name is the act's name.
func (a CloseImport) Name() string { return "person.close-import" }

// Subject is the import.
func (a CloseImport) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a CloseImport) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide sums up the parts. The name of the file may name a person: it stands
// beside the tree.
func (a CloseImport) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	im, err := openImport(ctx, s.Tx, a.Import, a.Home)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindImportClosed, Subjects: []string{a.Subject()},
		Body:   importBody{Import: a.Import, Home: a.Home, Count: im.Recorded, Digest: a.Digest},
		Blocks: []desk.DraftBlock{{Name: "file", Content: map[string]string{"file": a.File}}}}}, nil
}

// Name is the act's name.
func (a UndoPart) Name() string { return "person.undo-import-part" }

// Subject is the import.
func (a UndoPart) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a UndoPart) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide withdraws new persons and memberships and gives corrected identities
// their former wording, for every person about whom the import spoke last.
func (a UndoPart) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	im, err := openImport(ctx, s.Tx, a.Import, a.Home)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(im.Parts, func(p ImportPart) bool { return p.Part == a.Part })
	if at < 0 || strings.HasPrefix(a.Part, "u-") {
		return nil, desk.Missing("Không có phần này của lần nhập.", "The import has no such part.")
	}
	p := im.Parts[at]
	rs, err := desk.Range(ctx, s.Tx, p.Entry+1, p.Entry+1+p.Count)
	if err != nil {
		return nil, err
	}
	b := importBody{Import: a.Import, Home: a.Home, Part: "u-" + a.Part}
	var out []desk.Draft
	for _, r := range rs {
		d, ok, err := a.undo(ctx, s, im, r)
		if err != nil {
			return nil, err
		}
		if !ok {
			b.Kept++
			continue
		}
		out = append(out, d)
	}
	b.Count = int64(len(out))
	return append([]desk.Draft{{Kind: kindImportPart, Subjects: []string{a.Subject()}, Body: b}}, out...), nil
}

func (a UndoPart) undo(ctx context.Context, s *desk.Scene, im Import, r desk.Record) (d desk.Draft, ok bool, err error) {
	who := r.Subjects[0].ID
	last, err := desk.Seen(ctx, s.Tx, who)
	if err != nil || !im.made(last) {
		return d, false, err
	}
	if locks, err := Locks(ctx, s.Tx, who); err != nil || len(locks) > 0 {
		return d, false, err
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return d, false, err
	}
	d = desk.Draft{Kind: kindCorrected, Subjects: []string{who}, Blocks: []desk.DraftBlock{reason}}
	switch r.Kind {
	case kindStep:
		var was stepBody
		if err := json.Unmarshal(r.Body, &was); err != nil {
			return d, false, err
		}
		d.Kind, d.Body = kindStepCorrected, stepBody{Person: who, Fact: &r.Index, Withdrawn: true, Step: was.Step, Org: was.Org, From: was.From}
		return d, true, nil
	case kindRecorded:
		d.Body = body{Person: who, Fact: &r.Index, Withdrawn: true}
		return d, true, nil
	}
	var was body
	if err := json.Unmarshal(r.Body, &was); err != nil || was.Fact == nil {
		return d, false, err
	}
	old, err := wordings(ctx, s.Tx, `SELECT `+wordingColumns+` FROM person_statement WHERE person = $1 AND fact = $2 AND entry_to = $3`, who, *was.Fact, r.Index)
	if err != nil || len(old) != 1 {
		return d, false, err
	}
	before, err := desk.GetRecord(ctx, s.Tx, old[0].content)
	if err != nil {
		return d, false, err
	}
	text, there := before.Blocks[identityBlock]
	if !there {
		return d, false, nil // erased since: nothing to give back
	}
	d.Body = body{Person: who, From: old[0].From, Decision: old[0].Decision, Fact: was.Fact}
	d.Blocks = append([]desk.DraftBlock{{Name: identityBlock, Content: text}}, d.Blocks...)
	return d, true, nil
}

// Name is the act's name.
func (a CloseUndo) Name() string { return "person.close-undo" }

// Subject is the import.
func (a CloseUndo) Subject() string { return ImportSubject(a.Import) }

// Need asks for the right over the organisation that keeps the files.
func (a CloseUndo) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide sums up what was withdrawn.
func (a CloseUndo) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	im, err := openImport(ctx, s.Tx, a.Import, a.Home)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindImportUndone, Subjects: []string{a.Subject()},
		Body: importBody{Import: a.Import, Home: a.Home, Count: im.Withdrawn, Kept: im.Recorded - im.Withdrawn}}}, nil
}

// Import is one import as far as it has come.
type Import struct {
	ID, Home            string
	Closed, Undone      bool
	Parts               []ImportPart // in the order they were recorded
	Recorded, Withdrawn int64        // entries
	Skipped             int64        // rows left alone
}

// ImportPart is one part: its entry and how many follow it.
type ImportPart struct {
	Part                  string
	Entry, Count, Skipped int64
}

// Has says whether a part is recorded.
func (im Import) Has(part string) bool {
	return slices.ContainsFunc(im.Parts, func(p ImportPart) bool { return p.Part == part })
}

// made says whether an entry came from the import or its undoing.
func (im Import) made(entry int64) bool {
	return slices.ContainsFunc(im.Parts, func(p ImportPart) bool { return p.Entry < entry && entry <= p.Entry+p.Count })
}

// GetImport is an import by its id; false when nothing of it is recorded.
func GetImport(ctx context.Context, tx *store.Tx, id string) (im Import, ok bool, err error) {
	rows, err := tx.Query(ctx, `SELECT i.home, i.closed, i.undone, p.part, p.entry, p.count, p.skipped FROM person_import i JOIN person_import_part p ON p.import = i.import WHERE i.import = $1 ORDER BY p.entry`, id)
	if err != nil {
		return im, false, err
	}
	defer rows.Close()
	im.ID = id
	for rows.Next() {
		var p ImportPart
		var closed, undone int64
		if err := rows.Scan(&im.Home, &closed, &undone, &p.Part, &p.Entry, &p.Count, &p.Skipped); err != nil {
			return im, false, err
		}
		im.Closed, im.Undone = closed >= 0, undone >= 0
		im.Parts = append(im.Parts, p)
		if strings.HasPrefix(p.Part, "u-") {
			im.Withdrawn += p.Count
		} else {
			im.Recorded += p.Count
			im.Skipped += p.Skipped
		}
	}
	return im, len(im.Parts) > 0, rows.Err()
}

func openImport(ctx context.Context, tx *store.Tx, id, home string) (Import, error) {
	im, ok, err := GetImport(ctx, tx, id)
	if err == nil && (!ok || im.Home != home) {
		err = desk.Missing("Không có lần nhập này.", "There is no such import.")
	}
	return im, err
}

func applyImport(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b importBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	switch r.Kind {
	case kindImportClosed:
		return tx.Run(ctx, `UPDATE person_import SET closed = $1 WHERE import = $2`, r.Index, b.Import)
	case kindImportUndone:
		return tx.Run(ctx, `UPDATE person_import SET undone = $1 WHERE import = $2`, r.Index, b.Import)
	}
	if err := tx.Run(ctx, `INSERT INTO person_import (import, home, opened, closed, undone) VALUES ($1, $2, $3, -1, -1) ON CONFLICT (import) DO NOTHING`, b.Import, b.Home, r.Index); err != nil {
		return err
	}
	return tx.Insert(ctx, "person_import_part", []string{"import", "part", "entry", "count", "skipped"}, [][]any{{b.Import, b.Part, r.Index, b.Count, int64(len(b.Skipped))}})
}

// importPart is how many rows one act of an import records.
const importPart = 200

// RunImport records a confirmed plan part by part under ids made from id until
// it is closed, or until more says stop: called again it goes on where it
// stopped. done is how many parts of all stand.
func RunImport(ctx context.Context, d *desk.Desk, id, actor, home, file, digest string, plan []ImportRow, more func() bool) (done, all int, err error) {
	parts := partsOf(plan)
	if len(parts) == 0 {
		return 0, 0, desk.Wrong("file", "Tệp không có gì để ghi.", "The file holds nothing to record.")
	}
	all = len(parts) + 1
	im, err := readImport(ctx, d, id)
	if err != nil {
		return 0, all, err
	}
	do := func(name string, act desk.Act) error {
		_, err := d.Do(ctx, desk.Form{ID: id + "-" + name, Seen: desk.AnySeen, Actor: actor, Act: act})
		return err
	}
	for _, p := range parts {
		if !im.Has(p.name) {
			if !more() {
				return done, all, nil
			}
			if err := do(p.name, ImportPersons{Import: id, Home: home, Part: p.name, Steps: p.steps, Rows: p.rows, Reason: "Nhập từ tệp " + file}); err != nil {
				return done, all, err
			}
		}
		done++
	}
	if !im.Closed {
		if err := do("end", CloseImport{Import: id, Home: home, File: file, Digest: digest}); err != nil {
			return done, all, err
		}
	}
	return all, all, nil
}

// RunUndo undoes an import part by part, the last part first, like RunImport.
func RunUndo(ctx context.Context, d *desk.Desk, id, actor, home, reason string, more func() bool) (done, all int, err error) {
	im, err := readImport(ctx, d, id)
	if err != nil {
		return 0, 0, err
	}
	if !im.Closed || im.Home != home {
		return 0, 0, desk.Refuse("Chỉ rút được lần nhập đã ghi xong.", "Only an import that is closed can be undone.")
	}
	do := func(name string, act desk.Act) error {
		_, err := d.Do(ctx, desk.Form{ID: id + "-" + name, Seen: desk.AnySeen, Actor: actor, Act: act})
		return err
	}
	for i := len(im.Parts) - 1; i >= 0; i-- {
		p := im.Parts[i].Part
		if strings.HasPrefix(p, "u-") {
			continue
		}
		all++
		if !im.Has("u-" + p) {
			if !more() {
				continue
			}
			if err := do("u-"+p, UndoPart{Import: id, Home: home, Part: p, Reason: reason}); err != nil {
				return done, all, err
			}
		}
		done++
	}
	if done == all && !im.Undone {
		err = do("u-end", CloseUndo{Import: id, Home: home})
	}
	return done, all, err
}

func readImport(ctx context.Context, d *desk.Desk, id string) (im Import, err error) {
	err = d.Read(ctx, func(tx *store.Tx) error {
		im, _, err = GetImport(ctx, tx, id)
		return err
	})
	return im, err
}

type planPart struct {
	name  string
	steps bool
	rows  []ImportRow
}

// partsOf cuts a plan into its parts: persons first, then memberships.
func partsOf(plan []ImportRow) []planPart {
	var parts []planPart
	for _, steps := range []bool{false, true} {
		var some []ImportRow
		for _, r := range plan {
			if !steps && r.Write || steps && r.Step != nil {
				some = append(some, r)
			}
		}
		for n := 0; n*importPart < len(some); n++ {
			name := fmt.Sprintf("p-%04d", n)
			if steps {
				name = fmt.Sprintf("s-%04d", n)
			}
			parts = append(parts, planPart{name, steps, some[n*importPart : min((n+1)*importPart, len(some))]})
		}
	}
	return parts
}

// ImportProgress says how many rows of how many a running import has recorded.
func ImportProgress(plan []ImportRow, im Import) (done, all int) {
	for _, p := range partsOf(plan) {
		all += len(p.rows)
		if im.Has(p.name) {
			done += len(p.rows)
		}
	}
	return done, all
}
