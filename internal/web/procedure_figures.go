package web

import (
	"slices"
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

func factFields(c *Call, v *caseView, d *procedureActData) {
	p := v.Person(d.Form.Text("nguoi"))
	if p != nil && d.Form.Problem == nil && d.Form.Value("planned") == "" {
		f := p.Facts
		set := func(name string, day vn.Date) {
			if !day.IsZero() {
				d.Form.Set(name, dayText("vi", day))
			}
		}
		set("post_from", f.PostFrom)
		set("reference", f.Reference)
		set("reprimand", f.Reprimand)
		set("warning", f.Warning)
		set("removal", f.Removal)
		if f.Planned != nil {
			d.Form.Set("planned", map[bool]string{true: "yes", false: "no"}[*f.Planned])
		}
		if f.NoDiscipline {
			d.Form.Set("no_discipline", "on")
		}
		for name, day := range c.disciplineKnown(v, p.ID) {
			set(name, day)
			d.Form.Set("no_discipline", "")
		}
	}
	d.add(c, "planned", "text", false, Option{"", c.T("procedure.unknown")}, Option{"yes", c.T("procedure.planned.yes")}, Option{"no", c.T("procedure.planned.no")})
	d.add(c, "post_from", "day", false)
	d.add(c, "reference", "day", false)
	d.add(c, "no_discipline", "checkbox", false)
	for _, k := range []string{"reprimand", "warning", "removal"} {
		d.add(c, k, "day", false)
	}
}

// disciplineKnown are the days of discipline the registry has of a person, by
// field of the form.
func (c *Call) disciplineKnown(v *caseView, id string) map[string]vn.Date {
	var out map[string]vn.Date
	if err := c.Read(func(tx *store.Tx) error {
		known, err := procedure.FromRegistry(c.Ctx(), tx, id, v.today(c))
		out = known.Days()
		return err
	}); err != nil {
		return nil // the act reads the registry again and says what is wrong
	}
	return out
}

func factAct(c *Call, v *caseView, f *Form) (desk.Act, error) {
	var x procedure.Facts
	var err error
	for name, to := range map[string]*vn.Date{"post_from": &x.PostFrom, "reference": &x.Reference, "reprimand": &x.Reprimand, "warning": &x.Warning, "removal": &x.Removal} {
		if *to, err = f.OptionalDay(name); err != nil {
			return nil, err
		}
	}
	if p := f.Text("planned"); p != "" {
		b := p == "yes"
		x.Planned = &b
	}
	x.NoDiscipline = f.Value("no_discipline") != ""
	return procedure.GiveFacts{Ref: c.ref(v), Person: f.Text("nguoi"), Facts: x}, nil
}

var figureNames = []string{"summoned", "present", "incumbents", "issued", "collected", "valid", "invalid"}

func figureFields(c *Call, v *caseView, d *procedureActData) {
	h := v.Step(d.Form.Text("buoc"))
	if h == nil || d.Step == nil {
		return
	}
	d.Lead = c.Words(d.Step.Title) + ". " + v.Names(h.Opening.Body.Team)
	if box := h.Opening.Body.Box; box != "" && !c.annulled(box) {
		d.Hidden["box"], d.Box = box, boxPath(box)
		d.Lead += ". " + c.T("procedure.from.box")
		if h.Counted != nil {
			d.add(c, "reason", "textarea", true)
		}
		return
	}
	for _, n := range figureNames {
		d.add(c, n, "number", n != "incumbents")
	}
	for i, id := range v.counted(h) {
		n := strconv.Itoa(i + 1)
		d.Figs = append(d.Figs, figureRow{v.Name(id), "v" + n, "d" + n, d.Form.Value("v" + n), d.Form.Value("d" + n)})
	}
	if h.Counted != nil {
		d.add(c, "reason", "textarea", true)
	}
}

// counted are whom a step counts: those put forward, and from outside.
func (v *caseView) counted(h *procedure.Step) []string {
	ids := slices.Clone(h.Opening.Body.Persons)
	for _, p := range v.Persons {
		if p.Outside == h.ID && !p.Left && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func figureAct(c *Call, v *caseView, f *Form) (desk.Act, error) {
	h := v.Step(f.Text("buoc"))
	if h == nil {
		return nil, errNotFound
	}
	if box := f.Text("box"); box != "" {
		return procedure.CountStep{Ref: c.ref(v), Step: h.ID, Box: box, Reason: f.Text("reason")}, nil
	}
	got := map[string]*int64{}
	for _, n := range figureNames {
		x, err := countOf(f, n)
		if err != nil {
			return nil, err
		}
		got[n] = x
	}
	fig := procedure.Figures{Summoned: got["summoned"], Present: got["present"], Incumbents: got["incumbents"], Votes: map[string]int64{}, Disagree: map[string]int64{},
		Ballots: vote.Ballots{Issued: got["issued"], Collected: got["collected"], Valid: got["valid"], Invalid: got["invalid"]}}
	if fig.Incumbents == nil {
		fig.Incumbents = fig.Summoned
	}
	for i, id := range v.counted(h) {
		n := strconv.Itoa(i + 1)
		x, err := countOf(f, "v"+n)
		if err != nil {
			return nil, err
		}
		if x == nil {
			return nil, desk.Wrong("votes", "Thiếu số phiếu của "+v.Name(id)+".", "The votes of "+v.Name(id)+" are missing.")
		}
		fig.Votes[id] = *x
		if y, err := countOf(f, "d"+n); err != nil {
			return nil, err
		} else if y != nil {
			fig.Disagree[id] = *y
		}
	}
	if len(fig.Disagree) == 0 {
		fig.Disagree = nil
	}
	return procedure.CountStep{Ref: c.ref(v), Step: h.ID, Figures: fig, Reason: f.Text("reason")}, nil
}

// openItems are what is unverified and open for a case: steps and rules of the
// editions it is pinned to.
func (c *Call) openItems(v *caseView) []Option {
	out := []Option{{"", c.T("field.none")}}
	c.eachOpen(v, func(id string, it *rule.Item) {
		out = append(out, Option{id, c.Words(it.Title) + " (" + it.Article + ")"})
	})
	return out
}

// readingsOf are the readings of one open item, or of all when none is chosen.
func (c *Call) readingsOf(v *caseView, item string) []Option {
	out := []Option{{"", c.T("field.none")}}
	c.eachOpen(v, func(id string, it *rule.Item) {
		if item != "" && id != item {
			return
		}
		out = append(out, Option{id + "=" + rule.MainReading, c.T("procedure.reading.main", c.Words(it.Title))})
		for _, r := range it.Readings {
			out = append(out, Option{id + "=" + r.ID, c.Words(r.Says)})
		}
	})
	return out
}

func (c *Call) eachOpen(v *caseView, fn func(id string, it *rule.Item)) {
	seen := map[string]bool{}
	use := func(e *rule.Edition, id string, it *rule.Item) {
		if seen[id] || it.Evidence != rule.Unverified || v.Choices[id] != "" {
			return
		}
		if _, ok := v.Lib.Attested(e, id); ok {
			return
		}
		seen[id] = true
		fn(id, it)
	}
	for _, st := range v.Def.Steps {
		if h := v.Step(st.ID); h == nil {
			use(v.Edition, rule.StepItem(v.Def.ID, st.ID), &st.Item)
		}
		if st.Contest == "" {
			continue
		}
		if b, err := v.Lib.For(st.Contest, v.Opened); err == nil {
			for _, o := range b.Open() {
				use(o.Edition, o.Item.ID, o.Item)
			}
		}
	}
	for i := range v.Def.Conditions {
		k := &v.Def.Conditions[i]
		if k.Rule == "" {
			use(v.Edition, rule.StepItem(v.Def.ID, k.ID), &k.Item)
			continue
		}
		if b, err := v.Lib.Rule(k.Rule, v.Opened, nil); err == nil {
			use(b.Edition, b.ID, &b.Item)
		}
	}
}
