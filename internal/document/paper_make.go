package document

import (
	"context"
	"encoding/json"
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PreviewPaper draws a paper up as it would be made now, checked like one that
// is recorded, and the own template of its organisation, nil where it uses the
// shipped one.
func PreviewPaper(ctx context.Context, d *desk.Desk, kind PaperKind, event, org, about string, set PaperSetting, today vn.Date) (p *Paper, own *docx.Template, entry *int64, err error) {
	return drawUp(ctx, d, func(tx *store.Tx, lib *rule.Library, point ledger.Checkpoint, key string) (*Paper, error) {
		return DraftPaper(ctx, tx, lib, kind, event, about, set, today, point, key)
	}, func(tx *store.Tx, _ *Paper) (*docx.Template, *int64, error) { return OwnTemplate(ctx, tx, org, kind) })
}

// drawUp draws a paper up over one snapshot with the newest checkpoint, finds
// the template it is printed by (nil: as shipped) and checks its numbers.
func drawUp(ctx context.Context, d *desk.Desk, draft func(*store.Tx, *rule.Library, ledger.Checkpoint, string) (*Paper, error),
	template func(*store.Tx, *Paper) (*docx.Template, *int64, error)) (p *Paper, own *docx.Template, entry *int64, err error) {
	point, _, err := d.Checkpoint(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	key, err := ledger.Fingerprint(d.VerifierKey())
	if err != nil {
		return nil, nil, nil, err
	}
	err = d.Read(ctx, func(tx *store.Tx) error {
		lib, err := d.Rules(ctx, tx)
		if err != nil {
			return err
		}
		if p, err = draft(tx, lib, point, key); err != nil {
			return err
		}
		if own, entry, err = template(tx, p); err != nil {
			return err
		}
		return p.Check(ctx, tx)
	})
	return p, own, entry, err
}

// OwnTemplate is the template that an organisation uses now for a paper with
// the entry that set it: that of the kind, else the one for all papers of an
// event; nil for the shipped one.
func OwnTemplate(ctx context.Context, tx *store.Tx, org string, kind PaperKind) (*docx.Template, *int64, error) {
	t, entry, err := ownTemplate(ctx, tx, slotOf(kind).subject(org))
	if t != nil || err != nil {
		return t, entry, err
	}
	return ownTemplate(ctx, tx, AllPapers.subject(org))
}

// MakePaper draws up a paper, keeps its files and records the act.
func MakePaper(ctx context.Context, d *desk.Desk, db *store.DB, f Form, kind PaperKind, event, org, about string, set PaperSetting) (desk.Receipt, error) {
	return record(ctx, d, db, f, KindPaperMade, func(today vn.Date) (*Paper, *docx.Template, *int64, error) {
		return PreviewPaper(ctx, d, kind, event, org, about, set, today)
	}, func(raw json.RawMessage, files map[string]string, entry *int64) desk.Act {
		return RecordPaper{Event: event, Org: org, Template: entry, Model: raw, Files: files}
	})
}

// record draws a paper up once for a form, keeps its files and does the act that
// records them; a form sent again gets what it did.
func record(ctx context.Context, d *desk.Desk, db *store.DB, f Form, kind string, draw func(today vn.Date) (*Paper, *docx.Template, *int64, error),
	act func(raw json.RawMessage, files map[string]string, entry *int64) desk.Act) (desk.Receipt, error) {
	rc, err := again(ctx, d, f, kind)
	if err != nil || rc.Repeated {
		return rc, err
	}
	p, own, entry, err := draw(vn.DateOf(f.Now.In(zone)))
	if err != nil {
		return rc, err
	}
	raw, files, err := p.keep(ctx, db, own)
	if err != nil {
		return rc, err
	}
	return d.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: f.Actor, Act: act(raw, files, entry)})
}

// again finds what a form did when it was sent before; it refuses a form that
// did something else.
func again(ctx context.Context, d *desk.Desk, f Form, kind string) (rc desk.Receipt, err error) {
	err = d.Read(ctx, func(tx *store.Tx) error {
		es, err := desk.Find(ctx, tx, desk.Filter{Act: f.ID, Limit: 10})
		if err != nil || len(es) == 0 {
			return err
		}
		if es[0].Actor != f.Actor || es[0].Kind != kind {
			return desk.Wrong("id", "Biểu mẫu này đã được dùng cho việc khác; hãy mở lại trang.", "This form was used for something else; open the page again.")
		}
		rc = desk.Receipt{Act: f.ID, Entries: es, Repeated: true}
		return nil
	})
	return rc, err
}

// keep draws the files of a paper and keeps them; it gives the canonical model
// and the hash of each file by name.
func (p *Paper) keep(ctx context.Context, db *store.DB, own *docx.Template) (json.RawMessage, map[string]string, error) {
	raw, err := p.Canonical()
	if err != nil {
		return nil, nil, err
	}
	files, err := p.Print(own)
	if err != nil {
		return nil, nil, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := store.PutBlob(ctx, tx, files.PDF)
		if err == nil {
			_, err = store.PutBlob(ctx, tx, files.Word)
		}
		return err
	}); err != nil {
		return nil, nil, fmt.Errorf("document: keep the files: %w", err)
	}
	return raw, map[string]string{PaperModelFile: hash(raw), PaperPDFFile: hash(files.PDF), PaperDOCXFile: hash(files.Word)}, nil
}

// PaperFile is one file of a paper, equal to its recorded hash.
func PaperFile(ctx context.Context, tx *store.Tx, p *MadePaper, name string) ([]byte, error) {
	if p.Model == nil {
		return nil, desk.Missing("Nội dung giấy đã được rút khỏi hồ sơ.", "The paper was removed from the record.")
	}
	want := p.Files[name]
	if name == PaperModelFile {
		if hash(p.Model) != want {
			return nil, fmt.Errorf("document: the model of the paper in entry %d does not match its hash", p.Entry)
		}
		return p.Model, nil
	}
	return keptOr(ctx, tx, want, func() (Printed, error) {
		m, err := ParsePaper(p.Model)
		if err != nil {
			return Printed{}, err
		}
		var entry int64
		if p.Template != nil {
			entry = *p.Template
		}
		own, err := templateAt(ctx, tx, entry)
		if err != nil {
			return Printed{}, err
		}
		return m.Print(own)
	})
}

// SamplePaper is an invented paper with every kind of table, to show what a
// template makes of it.
func SamplePaper(day vn.Date) (*Paper, error) {
	form, err := FormOn(day)
	if err != nil {
		return nil, err
	}
	p := &Paper{V: 1, Kind: ElectionMinutes, Event: "mau", Sample: true, Form: form.ID, Upper: "Đảng bộ tỉnh Mẫu", Body: "Đại hội Đảng bộ xã Ví Dụ", Number: 1, Organ: "ĐU", Place: "Ví Dụ", Made: day,
		Type: "BIÊN BẢN", Subject: []string{"bầu cử (xem thử mẫu)"}, Basis: []string{"Căn cứ chương trình đại hội;"}, To: []string{"Cấp ủy cấp trên,", "Lưu hồ sơ."}, Seal: SealFooter, Key: "mẫu", Figures: []PaperFigure{{Value: 1344}, {Value: 173}}}
	p.Point.Code = "MẪU"
	p.Signers = []Signer{{"T/M ĐOÀN CHỦ TỊCH", "", "Nguyễn Văn Mẫu"}, {"THƯ KÝ ĐẠI HỘI", "", "Trần Thị Thử"}}
	p.Parts = []Part{{Head: "Thành phần dự", Text: []string{"Có mặt {1}."}}}
	for _, id := range tableIDs {
		row := make([]string, len(paperTables[id]))
		for i := range row {
			row[i] = fmt.Sprintf("ô mẫu %s %d", id, i+1)
			if paperTables[id][i].align == "right" {
				row[i] = "{2}"
			}
		}
		p.Parts = append(p.Parts, Part{Head: "Bảng " + id, Table: &PaperTable{ID: id, Rows: [][]string{row}}})
	}
	return p, nil
}
