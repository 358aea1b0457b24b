package document

import (
	"context"
	"encoding/json"
	"fmt"

	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// PreviewPaper draws a paper up as it would be made now, checked like one that
// is recorded, and the own template of its organisation, nil where it uses the
// shipped one.
func PreviewPaper(ctx context.Context, d *desk.Desk, kind PaperKind, event, org, about string, set PaperSetting, today vn.Date) (p *Paper, own *docx.Template, entry *int64, err error) {
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
		if p, err = DraftPaper(ctx, tx, lib, kind, event, about, set, today, point, key); err != nil {
			return err
		}
		if own, entry, err = OwnTemplate(ctx, tx, org); err != nil {
			return err
		}
		return p.Check(ctx, tx)
	})
	return p, own, entry, err
}

// OwnTemplate is the template that an organisation uses now with the entry that
// set it; nil for the shipped one.
func OwnTemplate(ctx context.Context, tx *store.Tx, org string) (*docx.Template, *int64, error) {
	return ownTemplate(ctx, tx, TemplateSubject(org))
}

// MakePaper draws up a paper, keeps its files and records the act.
func MakePaper(ctx context.Context, d *desk.Desk, db *store.DB, f Form, kind PaperKind, event, org, about string, set PaperSetting) (desk.Receipt, error) {
	rc, err := again(ctx, d, f, KindPaperMade)
	if err != nil || rc.Repeated {
		return rc, err
	}
	p, own, entry, err := PreviewPaper(ctx, d, kind, event, org, about, set, vn.DateOf(f.Now.In(zone)))
	if err != nil {
		return rc, err
	}
	raw, files, err := p.keep(ctx, db, own)
	if err != nil {
		return rc, err
	}
	return d.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: f.Actor, Act: RecordPaper{Event: event, Org: org, Template: entry, Model: raw, Files: files}})
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
	pdf, word, err := p.files(own)
	if err != nil {
		return nil, nil, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := store.PutBlob(ctx, tx, pdf)
		if err == nil {
			_, err = store.PutBlob(ctx, tx, word)
		}
		return err
	}); err != nil {
		return nil, nil, fmt.Errorf("document: keep the files: %w", err)
	}
	return raw, map[string]string{PaperModelFile: hash(raw), PaperPDFFile: hash(pdf), PaperDOCXFile: hash(word)}, nil
}

// files are the PDF and the Word file by a template (nil: the shipped one).
func (p *Paper) files(own *docx.Template) (pdf, word []byte, err error) {
	if p.Case != "" {
		out, err := p.printed(own)
		return out.PDF, out.Word, err
	}
	if pdf, err = p.PDF(); err != nil {
		return nil, nil, err
	}
	if word, err = p.DOCX(own); err != nil {
		return nil, nil, asWrong(err)
	}
	return pdf, word, nil
}

// PaperFile is one file of a paper, equal to its recorded hash. A PDF, and a
// Word file by the shipped template, that are gone are drawn again.
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
	raw, err := store.GetBlob(ctx, tx, want)
	if err != nil {
		m, err := ParsePaper(p.Model)
		if err != nil {
			return nil, err
		}
		switch {
		case m.Case != "" && p.Template == nil:
			pdf, word, e := m.files(nil)
			if raw, err = pdf, e; name == PaperDOCXFile {
				raw = word
			}
		case name == PaperPDFFile && m.Case == "":
			raw, err = m.PDF()
		case name == PaperDOCXFile && p.Template == nil:
			raw, err = m.DOCX(nil)
		default:
			return nil, desk.Missing("Tệp Word làm theo mẫu riêng không còn trong kho; bản PDF vẫn còn.", "The Word file by your own template is gone; the PDF is there.")
		}
		if err != nil {
			return nil, err
		}
	}
	if hash(raw) != want {
		return nil, fmt.Errorf("document: %s of the paper in entry %d does not match its hash", name, p.Entry)
	}
	return raw, nil
}

// TakeTemplate checks an uploaded Word template by filling it with a sample
// paper, keeps it and records it as the organisation's own.
func TakeTemplate(ctx context.Context, d *desk.Desk, db *store.DB, f Form, org string, raw []byte, reason string) (desk.Receipt, error) {
	if _, err := PreviewTemplate(raw, vn.DateOf(f.Now.In(zone))); err != nil {
		return desk.Receipt{}, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { _, err := store.PutBlob(ctx, tx, raw); return err }); err != nil {
		return desk.Receipt{}, fmt.Errorf("document: keep the template: %w", err)
	}
	return d.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: f.Actor, Act: SetTemplate{Org: org, File: hash(raw), Reason: reason}})
}

// PreviewTemplate fills a template with invented data. What could harm, an
// unknown mark, and a template that leaves out the body of the paper are
// refused in plain words.
func PreviewTemplate(raw []byte, day vn.Date) ([]byte, error) {
	t, err := docx.Open(raw)
	if err != nil {
		return nil, asWrong(err)
	}
	p, err := SamplePaper(day)
	if err != nil {
		return nil, err
	}
	out, err := p.DOCX(t)
	if err != nil {
		return nil, asWrong(err)
	}
	filled, err := docx.Open(out)
	if err != nil {
		return nil, asWrong(err)
	}
	if lost := p.Missing(filled.Text()); len(lost) > 0 {
		return nil, desk.Wrong("file", "Mẫu bỏ sót nội dung của giấy (ví dụ “"+lost[0]+"”); hãy giữ phần {{#phan}} … {{/phan}} với các bảng của nó.",
			"The template leaves out content of the paper (such as “"+lost[0]+"”); keep the part {{#phan}} … {{/phan}} with its tables.")
	}
	return out, nil
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
