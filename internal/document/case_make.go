package document

import (
	"context"
	"encoding/json"
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/desk/story"
	"minhbach/internal/document/docx"
	"minhbach/internal/ledger"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// CasePapersSubject is the subject of the papers of a personnel case. It is not
// the case: making a paper must not make a form of the case stale.
func CasePapersSubject(id string) string { return "case-papers/" + id }

// RecordCasePaper records a paper of a personnel case that was made.
// MakeCasePaper draws it up; Decide checks every number of the model again.
type RecordCasePaper struct {
	Case     string
	Org      string
	Files    map[string]string
	Template *int64
	Model    json.RawMessage // canonical paper; personal content
}

func (a RecordCasePaper) Name() string    { return "document.record-case-paper" }
func (a RecordCasePaper) Subject() string { return CasePapersSubject(a.Case) }
func (a RecordCasePaper) Need() desk.Need {
	return desk.Need{Right: desk.RunProcedure, Org: a.Org, Case: procedure.Subject(a.Case)}
}

// Decide refuses a paper with a number that no entry of the case holds, and an
// actor who is concerned: who stands in the case does not write its papers.
func (a RecordCasePaper) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := procedure.MayWork(ctx, s, a.Case, a.Org); err != nil {
		return nil, err
	}
	p, err := ParsePaper(a.Model)
	if err != nil || p.Case != a.Case || !OfCase(p.Kind) {
		return nil, desk.Wrong("model", "Nội dung giấy không đọc được; hãy lập lại.", "The paper cannot be read; make it again.")
	}
	f, err := recordPaper(ctx, s, p, a.Model, a.Files, a.Template)
	if err != nil {
		return nil, err
	}
	if err := standing(ctx, s.Tx, p); err != nil {
		return nil, err
	}
	f.Case = a.Case
	return []desk.Draft{story.Draft(KindCasePaper, []string{a.Subject()}, f, a.Model)}, nil
}

// standing refuses figures of a step that was counted anew since the paper was
// drawn up.
func standing(ctx context.Context, tx *store.Tx, p *Paper) error {
	events, err := procedure.Timeline(ctx, tx, p.Case, -1)
	if err != nil {
		return err
	}
	st := procedure.Fold(events)
	for _, e := range events {
		if !st.Stands(e) && slices.ContainsFunc(p.Figures, func(f PaperFigure) bool { return f.Cited() && f.Entry == e.Entry }) {
			return desk.Wrong("numbers", "Bước "+e.Body.Step+" đã kiểm lại, số trên giấy không còn hiệu lực; hãy lập lại.",
				"Step "+e.Body.Step+" was counted anew and the numbers of the paper no longer stand; make it again.")
		}
	}
	return nil
}

// PreviewCasePaper draws a paper of a case up as it would be made now, checked
// like one that is recorded, with the own template of its organisation; nil is
// the shipped one, as Print fits it.
func PreviewCasePaper(ctx context.Context, d *desk.Desk, kind PaperKind, id, org, about string, set CaseSetting, today vn.Date) (p *Paper, own *docx.Template, entry *int64, err error) {
	return drawUp(ctx, d, func(tx *store.Tx, lib *rule.Library, point ledger.Checkpoint, key string) (*Paper, error) {
		return DraftCasePaper(ctx, tx, lib, kind, id, about, set, today, point, key)
	}, func(tx *store.Tx, p *Paper) (*docx.Template, *int64, error) {
		own, entry, err := CaseSlot(kind).Template(ctx, tx, org, p.Made)
		if entry == nil {
			own = nil
		}
		return own, entry, err
	})
}

// MakeCasePaper draws up a paper of a case, keeps its files and records the
// act.
func MakeCasePaper(ctx context.Context, d *desk.Desk, db *store.DB, f Form, kind PaperKind, id, org, about string, set CaseSetting) (desk.Receipt, error) {
	return record(ctx, d, db, f, KindCasePaper, func(today vn.Date) (*Paper, *docx.Template, *int64, error) {
		return PreviewCasePaper(ctx, d, kind, id, org, about, set, today)
	}, func(raw json.RawMessage, files map[string]string, entry *int64) desk.Act {
		return RecordCasePaper{Case: id, Org: org, Template: entry, Model: raw, Files: files}
	})
}

// CasePaperAt is the paper of a case that an entry recorded, or NotFound.
func CasePaperAt(ctx context.Context, tx *store.Tx, id string, entry int64) (*MadePaper, error) {
	ps, err := CasePapers(ctx, tx, id)
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
