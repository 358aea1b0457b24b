package document

import (
	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// PersonStamp is what stands at the foot of a printed form: when, by whom and
// for what it was taken from the record.
type PersonStamp struct{ Text string }

func (f PersonForm) template() (*docx.Template, error) {
	raw, err := f.Shipped()
	if err != nil {
		return nil, err
	}
	return docx.Open(raw)
}

func (f PersonForm) data(r *PersonRecord, stamp PersonStamp) docx.Data {
	d := r.Data()
	d.Text["chan_trang"], d.Text["so_hieu"] = stamp.Text, blank
	return d
}

// Files fills the form for a person: the Word file and what Word would show as
// PDF.
func (f PersonForm) Files(r *PersonRecord, stamp PersonStamp, day vn.Date) (Printed, error) {
	t, err := f.template()
	if err != nil {
		return Printed{}, err
	}
	return Print(t, f.data(r, stamp), Stamp{Seal: SealNone}, f.Words.VI, day)
}
