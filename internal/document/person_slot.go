package document

import (
	"context"
	"fmt"

	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// sampleFoot is the foot of a form on trial.
const sampleFoot = "Xem thử mẫu – chân trang ghi ngày lấy, người lấy, mục đích"

// Slot is the slot of the form's template. A form may leave items out, as
// offices do; the name, the mark of samples and the foot, which says who took
// the paper and for what, must stay.
func (f PersonForm) Slot() Slot {
	return Slot{ID: f.ID, Words: f.Words, Bare: true,
		Shipped: func(vn.Date) ([]byte, error) { return f.Shipped() },
		Sample: func(vn.Date) (docx.Data, []string, error) {
			r := &PersonRecord{Person: person.Person{Sample: true, Identity: person.Identity{Name: "Nguyễn Văn Thí Dụ"}}}
			d := f.data(r, PersonStamp{Text: sampleFoot})
			for k := range d.Text {
				if k != "identity_name" && k != "mau" && k != "chan_trang" {
					d.Text[k] = "mẫu " + k
				}
			}
			for list, keys := range personLists {
				row := map[string]string{}
				for _, k := range keys {
					row[k] = "mẫu " + k
				}
				d.List[list] = []docx.Data{{Text: row}}
			}
			return d, []string{"Nguyễn Văn Thí Dụ", d.Text["mau"], sampleFoot}, nil
		}}
}

// Slot is the slot of the list's template: every column, the mark of samples
// and the foot must stay.
func (l PersonList) Slot() Slot {
	l.Sample = true
	return Slot{ID: l.ID, Words: l.Words, Bare: true,
		Shipped: func(vn.Date) ([]byte, error) { return l.template() },
		Sample: func(day vn.Date) (docx.Data, []string, error) {
			x := l
			x.Body, x.Subject = "Đảng ủy xã Ví Dụ", "dùng để xem thử mẫu"
			must := []string{x.Body, x.Subject, sampleMark, sampleFoot}
			for n := range 2 {
				var row []string
				for i := range l.columns {
					row = append(row, fmt.Sprintf("ô mẫu %d.%d", n+1, i+1))
				}
				x.Rows, must = append(x.Rows, row), append(must, row...)
			}
			return x.data(PersonStamp{Text: sampleFoot}, day), must, nil
		}}
}

// PersonSlots are the slots of forms and lists about persons, in the order of a
// menu.
func PersonSlots() []Slot {
	var out []Slot
	for _, f := range PersonForms {
		out = append(out, f.Slot())
	}
	cols := paperTables["trich_ngang"]
	return append(out, shortList(cols[:len(cols)-2]).Slot(), BadgeList(nil).Slot())
}

// TemplateAbove is the template that an organisation uses for the slot on a
// day: its own, else that of the nearest organisation above it, else the
// shipped one.
func (s Slot) TemplateAbove(ctx context.Context, tx *store.Tx, orgID string, day vn.Date) (*docx.Template, error) {
	for range 40 {
		if orgID == "" {
			break
		}
		t, _, err := ownTemplate(ctx, tx, s.subject(orgID))
		if t != nil || err != nil {
			return t, err
		}
		u, ok, err := org.Get(ctx, tx, orgID, org.Now(day))
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		orgID = u.Parent
	}
	return s.shipped(day)
}
