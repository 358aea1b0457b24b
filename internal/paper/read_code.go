package paper

import (
	"fmt"
	"strings"
)

// ReasonEdition refuses a ballot of this contest that was printed by another
// layout than the ones being read.
var ReasonEdition = &Reason{"other-edition", "Phiếu của bản in khác của chính cuộc bầu này: bố cục đang đọc không phải bố cục của tờ phiếu. Xem lại tệp bố cục, hoặc tờ phiếu.", "A ballot of another edition of this very contest: the layout being read by is not that of the sheet. Check the layout, or the sheet."}

// code reads the code of a side where its marks say that it stands; false when
// there is none or it cannot be read.
func (p *picture) code(l *located) (string, bool) {
	q := l.face.layout.Marks.QR
	for version := 1; version < len(codeBlocks); version++ {
		n := 17 + 4*version
		dark := make([]bool, n*n)
		for y := range n {
			for x := range n {
				var light, least int
				for _, o := range [5][2]float64{{0.5, 0.5}, {0.3, 0.5}, {0.7, 0.5}, {0.5, 0.3}, {0.5, 0.7}} {
					u, v := l.m.at(q.X()+(float64(x)+o[0])*q.W()/float64(n), q.Y()+(float64(y)+o[1])*q.H()/float64(n))
					if u < 1 || v < 1 || u >= float64(p.full.w-2) || v >= float64(p.full.h-2) {
						return "", false
					}
					light += int(p.full.between(int((u-0.5)*65536), int((v-0.5)*65536)))
					least += int(p.light.at(u/float64(p.f), v/float64(p.f)))
				}
				dark[y*n+x] = light*2 < least
			}
		}
		if text, err := decodeCode(dark, n); err == nil && text != "" {
			return text, true
		}
	}
	return "", false
}

// byCode lets the code decide which side of which ballot this is, and refuses a
// ballot of another contest or edition by it. A code that cannot be read decides
// nothing: then print alone does.
func (r *Reader) byCode(p *picture, l *located) (*located, *Reason) {
	if l.face.layout.Marks == nil {
		return l, nil
	}
	text, ok := p.code(l)
	if !ok || text == l.face.code {
		return l, nil
	}
	for _, f := range r.faces {
		if f.code == text {
			if found := p.find([]*likeness{f}); found != nil {
				return found, nil
			}
			return l, nil
		}
	}
	fields := strings.SplitN(text, " ", 5)
	if len(fields) != 5 || fields[0] != "MB1" {
		return l, ReasonOther
	}
	for _, f := range r.faces {
		if mine := strings.SplitN(f.code, " ", 5); len(mine) == 5 && mine[4] == fields[4] {
			return l, ReasonEdition
		}
	}
	return l, &Reason{ReasonOther.Code, fmt.Sprintf("Phiếu của cuộc bầu khác: mã in trên phiếu là %q.", fields[4]), fmt.Sprintf("A ballot of another contest: its code says %q.", fields[4])}
}
