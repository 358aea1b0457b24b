package ballotbox

import (
	"strings"

	"minhbach/internal/paper"
)

// OptionsOf are the settings that a released ballot of this box was set by, so
// that whoever changes it begins with what the board released. A layout keeps
// what it prints and not its settings: they are read off its heading, and the
// columns are those with which the same ballot comes out again.
func (b *Row) OptionsOf(l *paper.Layout) paper.Options {
	o := paper.Options{Paper: "A5", Title: l.Title, Marks: l.Marks != nil}
	if l.Paper.W > 200 {
		o.Paper = "A4"
	}
	seal := l.SealBox
	state := strings.HasPrefix(l.Rules, "state-election/")
	if state {
		o.Paper = ""
	}
	var upper, body, place []string
	for _, t := range l.Print.Texts {
		left := t.X < seal.Right()
		if t.Page != 1 || strings.HasPrefix(t.Text, "(dấu ") || !state && t.Y > seal.Bottom() {
			continue
		}
		switch {
		case state && !left && t.Style == "I": // the date ends the heading
			o.Organisation = strings.Join(body, " ")
			return o
		case state && !left && t.Style == "":
			body = append(body, t.Text)
		case state:
		case left && t.Style == "":
			upper = append(upper, t.Text)
		case left && t.Style == "B":
			body = append(body, t.Text)
		case !left && t.Style == "I":
			place = append(place, t.Text)
		}
	}
	o.Upper, o.Organisation = strings.Join(upper, " "), strings.Join(body, " ")
	o.Place = strings.TrimSuffix(strings.TrimSuffix(strings.Join(place, " "), l.Date.Document()), ", ")
	for o.Sides = range 2 { // as many as it takes, or one alone
		for o.Columns = range 3 {
			if again, err := b.Design(o); err == nil && again.Digest == l.Digest {
				return o
			}
		}
	}
	o.Columns, o.Sides = 0, 0
	return o
}
