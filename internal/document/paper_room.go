package document

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

//go:embed schema/*.sql
var schemas embed.FS

const events = "document_event"

// Room hands the room of papers to the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "document", Schema: sub, Kinds: []string{KindPaperMade, KindPaperSigned, KindTemplate, KindTemplate2, KindCasePaper, KindPrint, KindScan, KindHandoverPrint, KindHandoverScan},
		Apply: func(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
			if err := story.Add(ctx, tx, events, rs, func(r *desk.Record) string { return r.Subjects[0].ID }); err != nil {
				return err
			}
			return claim(ctx, tx, rs)
		},
		Erase: erase}
}

// erase blanks the words of an entry, and drops the files drawn from them.
func erase(ctx context.Context, tx *store.Tx, index int64, block string) error {
	var kind, raw, subject string
	if err := tx.QueryRow(ctx, `SELECT kind, body, subject FROM document_event WHERE entry = $1`, index).Scan(&kind, &raw, &subject); err != nil {
		return fmt.Errorf("document: entry %d: %w", index, err)
	}
	var f paperFact
	if err := json.Unmarshal([]byte(raw), &f); err != nil {
		return fmt.Errorf("document: entry %d: %w", index, err)
	}
	switch kind {
	case KindPaperMade, KindCasePaper:
		for _, name := range []string{PaperModelFile, PaperPDFFile, PaperDOCXFile} {
			if err := tx.Run(ctx, `DELETE FROM op_blob WHERE hash = $1`, f.Files[name]); err != nil {
				return err
			}
		}
	case KindPrint:
		if err := tx.Run(ctx, `DELETE FROM op_blob WHERE hash = $1`, f.File); err != nil {
			return err
		}
	case KindHandoverPrint:
		for _, name := range []string{HandoverPDF, HandoverDOCX} {
			if err := tx.Run(ctx, `DELETE FROM op_blob WHERE hash = $1`, f.Files[name]); err != nil {
				return err
			}
		}
	case KindScan, KindHandoverScan:
		if err := vault.Erase(ctx, tx, subject, f.File); err != nil {
			return err
		}
	}
	return story.Erase(ctx, tx, events, index, block)
}

// MadePaper is a paper as recorded, with what became of it.
type MadePaper struct {
	Entry    int64
	At       time.Time
	Actor    string
	Kind     PaperKind
	About    string
	Form     string
	Number   int64
	Made     vn.Date
	Files    map[string]string
	Template *int64
	Model    json.RawMessage // nil when erased
	Signed   *Signing        // the newest
	Older    []Signing       // signings recorded before, oldest first
	Newer    int64           // entry of a later paper of the same kind and matter, 0 for none
}

// Signing is a record that a paper was signed. Who, Where and Reason are ""
// when erased.
type Signing struct {
	Entry  int64
	Day    vn.Date
	N      int64
	Who    []string
	Where  string
	Reason string
}

// Papers lists the papers of an event, oldest first: a paper made again keeps
// the older one.
func Papers(ctx context.Context, tx *store.Tx, event string) ([]*MadePaper, error) {
	return papersOf(ctx, tx, PapersSubject(event))
}

// CasePapers lists the papers of a personnel case, oldest first.
func CasePapers(ctx context.Context, tx *store.Tx, id string) ([]*MadePaper, error) {
	return papersOf(ctx, tx, CasePapersSubject(id))
}

func papersOf(ctx context.Context, tx *store.Tx, subject string) ([]*MadePaper, error) {
	es, err := story.Of(ctx, tx, events, subject, -1)
	if err != nil {
		return nil, err
	}
	var out []*MadePaper
	for _, e := range es {
		var f paperFact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		switch e.Kind {
		case KindPaperMade, KindCasePaper:
			for _, p := range out {
				if p.Kind == f.Paper && p.About == f.About {
					p.Newer = e.Entry
				}
			}
			out = append(out, &MadePaper{Entry: e.Entry, At: e.At, Actor: e.Actor, Kind: f.Paper, About: f.About, Form: f.Form, Number: f.Number, Made: f.Made,
				Files: f.Files, Template: f.Template, Model: e.Words})
		case KindPaperSigned:
			s, err := f.signing(e)
			if err != nil {
				return nil, err
			}
			for _, p := range out {
				if f.Entry != nil && p.Entry == *f.Entry {
					if p.Signed != nil {
						p.Older = append(p.Older, *p.Signed)
					}
					p.Signed = s
				}
			}
		}
	}
	return out, nil
}

// PaperAt is the paper that an entry recorded, or NotFound.
func PaperAt(ctx context.Context, tx *store.Tx, event string, entry int64) (*MadePaper, error) {
	ps, err := Papers(ctx, tx, event)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		if p.Entry == entry {
			return p, nil
		}
	}
	return nil, desk.Missing("Không có giấy này.", "There is no such paper.")
}

// TemplateVersion is one version of an organisation's own template. File is ""
// where the version goes back to the shipped one.
type TemplateVersion struct {
	Entry   int64
	At      time.Time
	Actor   string
	Version int64
	File    string
	Reason  string
}

func templatesOf(ctx context.Context, tx *store.Tx, subject string) ([]TemplateVersion, error) {
	es, err := story.Of(ctx, tx, events, subject, -1)
	if err != nil {
		return nil, err
	}
	var out []TemplateVersion
	for _, e := range es {
		var f paperFact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
		}
		v := TemplateVersion{Entry: e.Entry, At: e.At, Actor: e.Actor, Version: f.Version, File: f.File}
		if e.Words != nil {
			if err := json.Unmarshal(e.Words, &v.Reason); err != nil {
				return nil, fmt.Errorf("document: entry %d: %w", e.Entry, err)
			}
		}
		out = append(out, v)
	}
	return out, nil
}
