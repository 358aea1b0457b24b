package document

import (
	"bytes"
	"fmt"
	"image/png"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"minhbach/internal/document/docx"
	"minhbach/internal/vn"
)

// Stamp is the checkpoint as it stands on a paper: in the foot of each page, on
// a slip of its own (phiếu kiểm chứng) that ends the paper, or nowhere.
type Stamp struct {
	Seal  Seal
	Paper string // name of the paper, on the slip
	Code  string // paper code of the checkpoint
	Size  int64  // entries of the ledger
	Key   string // fingerprint of the log key
	Also  string // further words of the code for machines, "" none
}

// mark puts the stamp's marks into the data of a template: diem_chung and the
// picture ma_qr for the foot, phieu_kiem_chung with phieu_ten, phieu_diem_chung,
// phieu_nhat_ky, phieu_khoa and the picture ma_qr_phieu for the slip.
func (s Stamp) mark(d *docx.Data) error {
	d.Image = map[string]docx.Image{"ma_qr": {}, "ma_qr_phieu": {}}
	for _, k := range []string{"diem_chung", "phieu_kiem_chung", "phieu_ten", "phieu_diem_chung", "phieu_nhat_ky", "phieu_khoa"} {
		d.Text[k] = ""
	}
	if s.Seal == SealNone {
		return nil
	}
	text := "MINHBACH " + s.Code + " KEY " + s.Key
	if s.Also != "" {
		text += " " + s.Also
	}
	code, err := qrPNG(text)
	if err != nil {
		return err
	}
	entries := vn.Thousands(s.Size)
	if s.Seal == SealSlip {
		d.Text["phieu_kiem_chung"], d.Text["phieu_ten"], d.Text["phieu_diem_chung"] = "PHIẾU KIỂM CHỨNG", s.Paper, "Điểm chứng: "+s.Code
		d.Text["phieu_nhat_ky"], d.Text["phieu_khoa"] = "Nhật ký có "+entries+" mục khi lập giấy này.", "Vân tay khóa: "+s.Key
		d.Image["ma_qr_phieu"] = docx.Image{PNG: code, Side: 50}
		return nil
	}
	d.Text["diem_chung"] = "Điểm chứng: " + s.Code + " (nhật ký có " + entries + " mục). Vân tay khóa: " + s.Key
	d.Image["ma_qr"] = docx.Image{PNG: code, Side: 14}
	return nil
}

// slip adds the slip to a template; where there is none, it leaves no trace.
func slip(b *docx.Builder) {
	mid := func(size float64, bold bool) docx.Style {
		return docx.Style{Align: "center", Size: size, Bold: bold, Before: 6}
	}
	b.P(docx.Style{}, "{{#phieu_kiem_chung}}")
	first := mid(15, true)
	first.NewPage = true
	b.P(first, "{{phieu_kiem_chung}}")
	b.P(mid(14, false), "{{phieu_ten}}")
	b.P(mid(14, false), "{{ma_qr_phieu}}")
	b.P(mid(14, true), "{{phieu_diem_chung}}")
	b.P(mid(13, false), "{{phieu_nhat_ky}}")
	b.P(mid(13, false), "{{phieu_khoa}}")
	b.P(docx.Style{Align: "both", Size: 13, Before: 12}, "Giữ phiếu này cùng bản ký tay. Khi kiểm tra gói kiểm chứng, nhập điểm chứng trên phiếu: gói phải khớp với nó.")
	b.P(docx.Style{}, "{{/phieu_kiem_chung}}")
}

// withSlip is the template with the slip at its end where it has none of its
// own, so that an own template made before need not be edited for it.
func withSlip(t *docx.Template) (*docx.Template, error) {
	if t.Names()["phieu_diem_chung"] {
		return t, nil
	}
	b := &docx.Builder{}
	slip(b)
	return t.Append(b)
}

// qrPNG draws a code for machines.
func qrPNG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, code.Bounds().Dx()*6, code.Bounds().Dx()*6)
	}
	var out bytes.Buffer
	if err == nil {
		err = png.Encode(&out, code)
	}
	if err != nil {
		return nil, fmt.Errorf("document: code: %w", err)
	}
	return out.Bytes(), nil
}
