package document

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The rules that give the days of papers after an election.
const (
	RuleReport  = "charter-rules.report"  // to the upper committee
	RuleApprove = "charter-rules.approve" // by it
	RuleKeeping = "party-election.keeping"
)

// Term is a last day that a rule gives, with the verdict it rests on. It is
// not settled where no rule of the day speaks, or its readings differ.
type Term struct {
	Settled bool
	N       int // days or months
	On      vn.Date
	Asked   vote.Asked
}

// most is how far a term is looked for.
const most = 400

// WorkingTerm is the last working day after from on which a rule still holds.
func WorkingTerm(lib *rule.Library, id string, from vn.Date) (Term, error) {
	t := Term{}
	for n := 0; n <= most; n++ {
		a, err := vote.Ask(lib, id, from, map[string]int64{"working_days": int64(n)}, nil)
		if err != nil {
			return t, err
		}
		if !a.Settled() {
			return Term{Asked: a}, nil
		}
		if !a.Holds {
			break
		}
		t.N, t.Asked, t.Settled = n, a, true
	}
	if !t.Settled || t.N == most {
		return Term{Asked: t.Asked}, nil
	}
	var err error
	t.On, err = lib.Calendar().AddWorking(from, t.N)
	return t, err
}

// KeepingTerm is the day until which sealed ballots are kept.
func KeepingTerm(lib *rule.Library, from vn.Date) (Term, error) {
	for n := 0; n <= most; n++ {
		a, err := vote.Ask(lib, RuleKeeping, from, map[string]int64{"months": int64(n)}, nil)
		if err != nil {
			return Term{}, err
		}
		if !a.Settled() {
			return Term{Asked: a}, nil
		}
		if a.Holds {
			return Term{Settled: true, N: n, On: from.AddMonths(n), Asked: a}, nil
		}
	}
	return Term{}, nil
}

// SealingSlip is the slip on the packet of ballots of the contest of these
// minutes (phiếu niêm phong), on A5.
func (m *Model) SealingSlip(keep Term) ([]byte, error) {
	f := sheet(false, fpdf.SizeType{Wd: 148, Ht: 210}, "Phiếu niêm phong "+m.Title.VI, m.Made)
	f.SetMargins(14, 14, 14)
	f.SetAutoPageBreak(true, 12)
	f.AddPage()
	text := func(style, align string, size float64, s string) {
		f.SetFont(serif, style, size)
		f.MultiCell(0, size*0.52, s, "", align, false)
	}
	if m.Upper != "" {
		text("", "C", 11, strings.ToUpper(m.Upper))
	}
	text("B", "C", 11, strings.ToUpper(m.Body))
	f.Ln(3)
	text("B", "C", 17, "PHIẾU NIÊM PHONG")
	text("B", "C", 12.5, "Phiếu bầu: "+m.Title.VI)
	text("", "C", 12, m.Event.VI)
	if m.Round > 1 {
		text("", "C", 12, fmt.Sprintf("Lần bầu thứ %d", m.Round))
	}
	if m.Sample {
		text("I", "C", 11, "MẪU – số liệu và tên người đều là giả định")
	}
	f.Ln(3)
	text("", "L", 12.5, "Ngày bầu: "+m.Held.Vietnamese())
	for _, x := range m.Figures {
		if strings.HasPrefix(x.Field, "record.ballots.") && !x.Indent {
			text("", "L", 12.5, fmt.Sprintf("%s: %s  (biên bản, số %d)", x.Label.VI, vn.Thousands(x.Value), x.N))
		}
	}
	f.Ln(2)
	if keep.Settled {
		text("B", "L", 12.5, "Lưu giữ đến hết ngày "+keep.On.Vietnamese())
		v := keep.Asked.Verdict
		text("I", "L", 10.5, fmt.Sprintf("(%s, %s ngày %s). Trong thời gian này không ai được mở niêm phong nếu chưa có quyết định của cấp có thẩm quyền.", v.Article, v.Document, v.Date.Vietnamese()))
	} else {
		text("B", "L", 12.5, "Lưu giữ đến hết ngày ........../........../..............")
	}
	f.Ln(3)
	for _, s := range []string{"Số niêm phong: ", "Nơi cất giữ: ", "Giao: Ban kiểm phiếu → Đoàn chủ tịch, ngày giờ: ", "Giao: Đoàn chủ tịch → cấp ủy, ngày giờ: "} {
		text("", "L", 12.5, s+strings.Repeat(".", 24))
	}
	f.Ln(5)
	f.SetFont(serif, "B", 11)
	f.CellFormat(60, 6, "T/M ĐOÀN CHỦ TỊCH", "", 0, "C", false, 0, "")
	f.CellFormat(60, 6, "TRƯỞNG BAN KIỂM PHIẾU", "", 1, "C", false, 0, "")
	if m.Seal != SealNone {
		f.SetY(193)
		f.SetFont(serif, "", 8.5)
		f.CellFormat(0, 4, "Điểm chứng của biên bản: "+m.Code, "", 0, "C", false, 0, "")
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("document: sealing slip of %s: %w", m.Contest, err)
	}
	return out.Bytes(), nil
}
