package web

import (
	"minhbach/internal/ballotbox"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
)

// boxFields asks whether the ballots of a step are keyed in the counting room.
func boxFields(c *Call, d *procedureActData) {
	d.add(c, "count", "text", false, Option{"", c.T("procedure.count.typed")}, Option{string(ballotbox.Ballots), c.TK("ballotbox.mode", string(ballotbox.Ballots))},
		Option{string(ballotbox.TotalsTwice), c.TK("ballotbox.mode", string(ballotbox.TotalsTwice))})
	d.add(c, "stations", "text", false, Option{"2", "2"}, Option{"3", "3"})
	d.add(c, "pile", "text", false, Option{"50", "50"}, Option{"100", "100"})
}

// boxPlan is the box a form asks for, nil when figures come from the minutes.
func boxPlan(f *Form) *procedure.BoxPlan {
	if f.Text("count") == "" {
		return nil
	}
	p := &procedure.BoxPlan{Mode: ballotbox.Mode(f.Text("count")), Stations: 2, PileSize: 50}
	if f.Text("stations") == "3" {
		p.Stations = 3
	}
	if f.Text("pile") == "100" {
		p.PileSize = 100
	}
	return p
}

// annulled says that a box counts no more: figures may be typed then.
func (c *Call) annulled(box string) bool {
	out := false
	_ = c.Read(func(tx *store.Tx) error {
		b, err := ballotbox.Get(c.Ctx(), tx, box)
		out = err == nil && b.Stage == ballotbox.StateAnnulled
		return err
	})
	return out
}
