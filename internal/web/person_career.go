package web

import (
	"cmp"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// personCareerData is the career of a person as a line, with its table.
type personCareerData struct {
	ID, Key, Name string
	Sample        bool
	Chart         *Career
	Rows          []careerLine
}

// careerLine is one thing of the career in the table.
type careerLine struct {
	Lane, Span, Text string
	Path             string
	Entry            int64
	item             CareerItem
}

var personCareer = page[personCareerData]("person_career")

func (s *Server) personCareerGet(c *Call) error {
	var d personCareerData
	if err := c.Read(func(tx *store.Tx) error { return c.careerData(tx, &d) }); err != nil {
		return err
	}
	if err := c.Viewed(d.ID, "career"); err != nil {
		return err
	}
	return personCareer.show(c, d)
}

func (c *Call) careerData(tx *store.Tx, d *personCareerData) error {
	id, _, p, err := c.subjectPerson(tx, desk.ReadPerson)
	if err != nil {
		return err
	}
	d.ID, d.Key, d.Name, d.Sample = id, c.R.PathValue("id"), c.personName(p), p.Sample
	at := org.Now(c.On())
	posts, err := person.AllPosts(c.Ctx(), tx, id, -1)
	if err != nil {
		return err
	}
	var rows []careerLine
	add := func(lane, class, span, text, path string, entry int64, from, to vn.Date, point bool) {
		if c.On().Before(from) {
			return
		}
		lane = c.TK("career.lane", lane)
		rows = append(rows, careerLine{Lane: lane, Span: span, Text: text, Path: path, Entry: entry, item: CareerItem{Lane: lane, Text: text, Class: class, From: from, To: to, Point: point}})
	}
	for _, x := range posts {
		name, err := c.unitName(tx, x.Org, x.From)
		if err != nil {
			return err
		}
		add("posts", "a", spanText(c.Lang, x.From, x.To), c.titleText(x.Title)+", "+name, unitPath(x.Org), x.EntryFrom, x.From, x.To, false)
	}
	facts, err := person.FactsUntil(c.Ctx(), tx, id, at)
	if err != nil {
		return err
	}
	for _, f := range facts {
		b, _ := person.FactBlockOf(f.Block)
		lane := map[string]string{"work": "work", "degree": "study", "theory": "study", "state-management": "study", "academic": "study", "training": "study", "reward": "reward", "honour": "reward", "army": "work"}[f.Block]
		if lane == "" || !f.Present {
			continue
		}
		v := c.factView(b, f.FactContent, f.Present, f.From, f.To)
		var words []string
		for _, l := range v.Lines[:min(2, len(v.Lines))] {
			words = append(words, l.Value)
		}
		text := strings.Join(words, ", ")
		if lane != "work" && f.Block != "degree" {
			text = c.either(b.VI, b.EN) + ": " + text
		}
		point := b.Point || lane == "study"
		add(lane, "b", v.Span, text, "", f.Content, f.From, f.To, point)
	}
	places, err := person.PlacesOf(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	known, err := person.PlaceEntries(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	for i, x := range places {
		if x.Rel != "official" && x.Rel != "temporary" {
			continue
		}
		name, err := c.unitName(tx, x.Org, later(x.From, c.On(), x.To))
		if err != nil {
			return err
		}
		text := c.TK("member.standing", x.Standing) + ", " + name
		if x.State != "active" {
			text += ", " + c.TK("member.state", x.State)
		}
		add("party", "c", spanText(c.Lang, x.From, x.To), text, unitPath(x.Org), known[i], x.From, x.To, false)
	}
	steps, err := person.StepsOf(c.Ctx(), tx, id)
	if err != nil {
		return err
	}
	for _, x := range steps {
		point := func(step person.Step, on vn.Date, more string) {
			if !on.IsZero() && !x.Withdrawn {
				add("party", "c", dayText(c.Lang, on), c.TK("person.step", string(step))+more, "", x.Entry, on, on, true)
			}
		}
		switch x.Step {
		case person.Transcribed:
			point(person.Admitted, x.Admitted, "")
			point(person.Recognised, x.Recognised, "")
		case person.Admitted, person.Recognised, person.Removed, person.Left, person.Expelled, person.Died:
			point(x.Step, x.From, "")
		case person.Badge:
			point(x.Step, x.From, ", "+c.T("member.years.of", x.Years))
		}
	}
	order := []string{c.TK("career.lane", "posts"), c.TK("career.lane", "work"), c.TK("career.lane", "party"), c.TK("career.lane", "study"), c.TK("career.lane", "reward")}
	slices.SortStableFunc(rows, func(a, b careerLine) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Lane), slices.Index(order, b.Lane)), a.item.From.Compare(b.item.From))
	})
	var items []CareerItem
	for _, r := range rows {
		items = append(items, r.item)
	}
	d.Rows = rows
	if len(items) > 0 {
		d.Chart = newCareer("career", c.T("career.of", d.Name), c.T("career.desc"), c.On(), items)
	}
	return nil
}
