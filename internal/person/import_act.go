package person

import (
	"context"
	"errors"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/org"
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
	Line     int          `json:"line"`
	Person   string       `json:"person"`
	Fact     int64        `json:"fact"` // of the identity to correct; -1: a new person
	Entry    int64        `json:"entry"`
	From     vn.Date      `json:"from"`
	Write    bool         `json:"write"` // the identity is new or changes
	Identity Identity     `json:"identity"`
	Step     *TakeStep    `json:"step,omitzero"` // membership taken over from paper
	Facts    []ImportFact `json:"facts,omitempty"`
	Sample   bool         `json:"sample,omitzero"` // invented, for demonstration and benches
}

// ImportPersons records one part of a file of persons: the identities of all
// its rows, and after them the memberships, for a life begins only with a
// person on record; the facts of all rows come in parts of their own. A row that no longer fits what stands is left alone and
// its line told in the entry. An import that was begun when the two were parts
// of their own is ended so.
type ImportPersons struct {
	Import  string
	Home    string
	Part    string
	Persons bool
	Steps   bool
	Facts   bool
	Rows    []ImportRow
	Reason  string // kept beside corrections
}

// CloseImport ends an import.
type CloseImport struct {
	Import, Home, File, Digest string
}

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
	look, err := lookupFor(ctx, s.Tx, a.Home, a.Rows)
	if err != nil {
		return nil, err
	}
	b := importBody{Import: a.Import, Home: a.Home, Part: a.Part}
	out := make([]desk.Draft, 1, 1+2*len(a.Rows))
	left := map[int]bool{}
	take := func(r ImportRow, how func(context.Context, *desk.Scene, *lookup, ImportRow) ([]desk.Draft, error)) error {
		ds, err := how(ctx, s, look, r)
		var no *desk.Error
		if errors.As(err, &no) {
			if !left[r.Line] {
				b.Skipped = append(b.Skipped, r.Line)
			}
			left[r.Line] = true
			return nil
		}
		out = append(out, ds...)
		return err
	}
	for _, r := range a.Rows {
		if a.Persons && r.Write {
			if err := take(r, a.person); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range a.Rows {
		if a.Steps && r.Step != nil && !left[r.Line] {
			if err := take(r, a.step); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range a.Rows {
		if a.Facts && len(r.Facts) > 0 {
			if err := take(r, a.rowFacts); err != nil {
				return nil, err
			}
		}
	}
	b.Count = int64(len(out)) - 1
	out[0] = desk.Draft{Kind: kindImportPart, Subjects: []string{a.Subject()}, Body: b}
	return out, nil
}

// step is the membership of a row; the person stands, or came before it in
// this act.
func (a ImportPersons) step(ctx context.Context, s *desk.Scene, look *lookup, r ImportRow) ([]desk.Draft, error) {
	home, known, err := look.home(ctx, s.Tx, r.Person)
	if err != nil {
		return nil, err
	}
	in, err := look.within(ctx, s.Tx, r.Step.Org, a.Home, r.Step.From)
	if err != nil {
		return nil, err
	}
	if !known || home != a.Home || !in {
		return nil, desk.Refuse("Chi bộ không thuộc tổ chức giữ hồ sơ.", "The cell is not below the organisation that keeps the file.")
	}
	return r.Step.decide(ctx, s, look)
}

// person is the identity of a row: a new person's, or a correction.
func (a ImportPersons) person(ctx context.Context, s *desk.Scene, look *lookup, r ImportRow) ([]desk.Draft, error) {
	if r.Fact < 0 {
		ds, err := Record{ID: r.Person, Home: a.Home, From: r.From, Identity: r.Identity, Sample: r.Sample}.decide(ctx, s, look)
		if err == nil {
			look.homes[r.Person] = a.Home // for the row's membership, and another row of this id
		}
		return ds, err
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
