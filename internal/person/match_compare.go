package person

import (
	"slices"
	"strings"

	"minhbach/internal/rule"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

func identityCells(id Identity) map[string]string {
	out := map[string]string{}
	for _, c := range diff(Identity{}, id) {
		out[c.Column] = c.New
	}
	return out
}

// memberDays are the days of a membership as a list gives them.
func memberDays(steps []StepFact, place string, on vn.Date) map[string]vn.Date {
	out := map[string]vn.Date{}
	for _, s := range steps {
		if s.Withdrawn || on.Before(s.From) {
			continue
		}
		switch s.Step {
		case Admitted:
			out["admitted"] = issued(s)
		case Sworn:
			out["sworn"] = s.From
		case Recognised:
			out["recognised"] = s.From
		case Transcribed:
			out["admitted"], out["sworn"] = s.Admitted, s.Sworn
			if !s.Recognised.IsZero() {
				out["recognised"] = s.Recognised
			}
		}
		if s.Org == place && (s.Step == Sworn || s.Step == Transcribed || s.Step == Arrived || s.Step == HandedOver) {
			out["since"] = s.From
		}
	}
	return out
}

func (m *matcher) near(l *MatchLine, h *here) int {
	there, err := vn.ReadDate(l.Cell["born"])
	if err != nil {
		there = vn.PartialDate{}
	}
	born := h.Identity.Born
	order, known := there.Order(born)
	party := nothingSaid
	for _, c := range []string{"sworn", "admitted", "recognised"} {
		if d, err := vn.ReadDay(l.Cell[c]); err == nil && h.cell[c] != "" {
			if d.Vietnamese() == h.cell[c] {
				party = birthSame
			} else if party == nothingSaid {
				party = contrary
			}
		}
	}
	switch {
	case !there.IsZero() && !born.IsZero() && known && order == 0 && there.Full():
		if party == contrary {
			return birthNear
		}
		return birthSame
	case !there.IsZero() && !born.IsZero() && known && order != 0:
		if there.Year == born.Year || party == birthSame {
			return birthNear
		}
		return contrary
	case party == birthSame:
		return birthSame
	case party == contrary:
		return contrary
	case !there.IsZero() && there.Year == born.Year:
		return birthNear
	}
	return nothingSaid
}

// doubt is who a line may be, and why that is not plain.
func (m *matcher) doubt(l *MatchLine) ([]Listed, rule.Words) {
	var same, close []Listed
	for _, h := range m.byName[vn.Fold(l.Name)] {
		if !h.taken && m.near(l, h) > contrary {
			same = append(same, h.Listed)
		}
	}
	if len(same) > 0 {
		return same, rule.Words{VI: "Cùng họ tên; ngày sinh, ngày vào Đảng chưa đủ để chắc chắn.", EN: "The same name; birth and Party date are not enough to be sure."}
	}
	born, err := vn.ReadDate(l.Cell["born"])
	if err != nil {
		return nil, rule.Words{}
	}
	for _, h := range m.byBorn[born.Vietnamese()] {
		if !h.taken && m.near(l, h) >= birthNear && oneLetter(vn.Fold(l.Name), vn.Fold(h.Identity.Name)) {
			close = append(close, h.Listed)
		}
	}
	if len(close) > 0 {
		return close, rule.Words{VI: "Họ tên khác một chữ, ngày sinh trùng.", EN: "The name differs by a letter or a word; the birth is the same."}
	}
	return nil, rule.Words{}
}

// oneLetter says whether two folded names differ by at most one letter, or by
// one word that one of them lacks.
func oneLetter(a, b string) bool {
	if a == b {
		return true
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y) == len(x)+1 {
		for i := range y {
			if slices.Equal(x, slices.Concat(y[:i:i], y[i+1:])) {
				return true
			}
		}
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return len(a) == len(b) && a[i+1:] == b[i+1:] || len(b) == len(a)+1 && a[i:] == b[i+1:]
}

// unreadable says what of a line cannot be read.
func unreadable(l *MatchLine) (vi, en string) {
	if vn.Fold(l.Name) == "" {
		return "Thiếu họ và tên.", "There is no name."
	}
	for _, c := range ImportColumns {
		v := l.Cell[c.ID]
		switch {
		case table.Formula(v):
			return "Ô “" + c.Title.VI + "” là công thức; hãy dán giá trị.", "The cell “" + c.Title.EN + "” is a formula; paste its value."
		case c.ID == "born" && v != "":
			if _, err := vn.ReadDate(v); err != nil {
				return "Ngày sinh “" + clip(v) + "” không đọc được.", "The birth “" + clip(v) + "” cannot be read."
			}
		case v != "" && slices.Contains([]string{"since", "admitted", "sworn", "recognised"}, c.ID):
			if _, err := vn.ReadDay(v); err != nil {
				return "“" + c.Title.VI + "”: không đọc được “" + clip(v) + "”.", "“" + c.Title.EN + "”: “" + clip(v) + "” cannot be read."
			}
		}
	}
	return "", ""
}

// differ lists the cells of the columns both sides have in which they differ,
// in the order of columns. What the list leaves empty and the record has
// differs too.
func (m *matcher) differ(l *MatchLine) []MatchCell {
	h := m.byID[l.Who.ID]
	var out []MatchCell
	for _, c := range ImportColumns {
		if _, mapped := m.columns[c.ID]; !mapped || c.ID == "id" {
			continue
		}
		here, there := h.cell[c.ID], l.Cell[c.ID]
		same := here == there
		switch c.ID {
		case "name":
			same = vn.SameName(here, there)
		case "born":
			if d, err := vn.ReadDate(there); err == nil {
				there, same = d.Vietnamese(), d == h.Identity.Born
			}
		case "since", "admitted", "sworn", "recognised":
			if d, err := vn.ReadDay(there); err == nil {
				there, same = d.Vietnamese(), d.Vietnamese() == here
			}
		case "cell":
			ways := m.units[here]
			same = here == "" && there == "" || here != "" && slices.Contains(ways[:3], vn.Fold(there))
			if here != "" {
				here = ways[3]
			}
		case "gender":
			p := &planner{}
			id, err := p.identity(map[string]string{"gender": there})
			same = err == nil && id.Gender == h.Identity.Gender
		default:
			same = vn.Fold(here) == vn.Fold(there)
		}
		if !same {
			out = append(out, MatchCell{c.ID, here, there})
		}
	}
	return out
}
