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
	Line     int       `json:"line"`
	Person   string    `json:"person"`
	Fact     int64     `json:"fact"` // of the identity to correct; -1: a new person
	Entry    int64     `json:"entry"`
	From     vn.Date   `json:"from"`
	Write    bool      `json:"write"` // the identity is new or changes
	Identity Identity  `json:"identity"`
	Step     *TakeStep `json:"step,omitzero"`   // membership taken over from paper
	Sample   bool      `json:"sample,omitzero"` // invented, for demonstration and benches
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
	var out []desk.Draft
	for _, r := range a.Rows {
		ds, err := a.row(ctx, s, look, r)
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

func (a ImportPersons) row(ctx context.Context, s *desk.Scene, look *lookup, r ImportRow) ([]desk.Draft, error) {
	switch {
	case a.Steps:
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
	case r.Fact < 0:
		return Record{ID: r.Person, Home: a.Home, From: r.From, Identity: r.Identity, Sample: r.Sample}.decide(ctx, s, look)
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
