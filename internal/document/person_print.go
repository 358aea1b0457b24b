package document

import (
	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// PersonStamp is what stands at the foot of a printed form: when, by whom and
// for what it was taken from the record.
type PersonStamp struct{ Text string }

func (f PersonForm) data(r *PersonRecord, stamp PersonStamp) docx.Data {
	d := r.Data()
	d.Text["chan_trang"], d.Text["so_hieu"] = stamp.Text, blank
	return d
}

// Files fills the form for a person by a template, nil the shipped one: the
// Word file and what Word would show as PDF.
func (f PersonForm) Files(t *docx.Template, r *PersonRecord, stamp PersonStamp, day vn.Date) (Printed, error) {
	if t == nil {
		var err error
		if t, err = f.Slot().shipped(day); err != nil {
			return Printed{}, err
		}
	}
	return Print(t, f.data(r, stamp), Stamp{Seal: SealNone}, f.Words.VI, day)
}
