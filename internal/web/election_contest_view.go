package web

import (
	"slices"
	"strings"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// CountedOnly says that no regulation sets a threshold for the contest.
func (d *electionContestData) CountedOnly() bool { return vote.Status(d.Status) == vote.Counted }

// view puts the figures, bars and verdicts into the words of the page.
func (d *electionContestData) view(c *Call, res *vote.Result) {
	d.Name = contestTitle(c.Lang, d.Place, d.Title)
	d.Tag = statusTag(c.Lang, d.Status)
	d.Base, d.AreaText = c.baseText(d.Of), upperFirst(d.Area)
	if b := d.Record.Base; b != nil && len(b.Deductions) > 0 && d.Row.Base >= 0 {
		from := b.Summoned
		if strings.HasPrefix(d.Of, "incumbents") && b.Incumbents != nil {
			from = b.Incumbents
		}
		if from != nil && *from > d.Row.Base {
			d.BaseNote = c.T("election.fact.deducted", number(c.Lang, *from), number(c.Lang, *from-d.Row.Base))
		}
	}
	if d.Result.Next != vote.NextNone {
		d.Next = election.NextWords(d.Result.Next).In(c.Lang)
	}
	d.Derived = map[string]string{}
	for _, x := range d.Source.Derived {
		d.Derived[x.Field] = c.Words(x.Says)
	}
	d.Origin = c.originText(d.Source)
	for _, l := range d.Lines {
		d.Bars = append(d.Bars, electionBar{Line: l, Show: l.Show(c.Lang), Track: track(l.Votes, d.Row.Base, d.Need, l.Outcome), Tag: c.outcomeTagOf(d.Rules, l.Outcome)})
	}
	for i := range d.Bars {
		b := &d.Bars[i]
		if n, ok := d.Record.Disagree[b.Candidate]; ok {
			b.Against = &n
		}
		if n, ok := d.Record.Middle[b.Candidate]; ok {
			b.Middle = &n
		}
	}
	tellApart(d.Bars)
	d.Verdicts = c.verdictGroups(d.Detail, res)
	// The rule of who passes is named also where nobody passed it.
	for i, v := range d.Verdicts {
		if v.Subject != "" && (d.Threshold == nil || v.Holds) {
			if d.Threshold = &d.Verdicts[i].Verdict; v.Holds {
				break
			}
		}
	}
	for _, f := range res.Findings {
		if f.Kind == "condition" && hasVerdict(res, f.Rule) {
			continue // stands among the verdicts already
		}
		v := findingView{Tag: findingTag(c, f), Says: c.withNames(d.Detail, c.Words(f.Says)), Rule: f.Rule}
		if f.Kind == "not-recorded" && !d.Old {
			v.Fill = "/bau-cu/dinh-chinh/" + d.ID
		}
		d.Findings = append(d.Findings, v)
	}
	d.figures(c)
}

func hasVerdict(res *vote.Result, id string) bool {
	for _, v := range res.Reasons {
		if v.Rule == id {
			return true
		}
	}
	return false
}

func findingTag(c *Call, f vote.Finding) Tag {
	kind := "wait"
	switch f.Severity {
	case "error":
		kind = "stop"
	case "note":
		kind = "no"
	}
	return Tag{kind, c.TK("election.finding", f.Kind)}
}

// withNames puts names where a sentence begins with a candidate's id.
func (c *Call) withNames(d *election.Detail, says string) string {
	if id, rest, ok := strings.Cut(says, ": "); ok {
		for _, l := range d.Lines {
			if l.Candidate == id {
				return l.Show(c.Lang) + ": " + rest
			}
		}
	}
	return says
}

// shownVerdicts is how many sentences of one rule stand open.
const shownVerdicts = 5

// verdictGroups gathers verdicts of one rule and outcome: of the contest as a
// whole first, then those that speak of candidates.
func (c *Call) verdictGroups(d *election.Detail, res *vote.Result) []verdictGroup {
	names := map[string]string{}
	for _, l := range d.Lines {
		names[l.Candidate] = l.Show(c.Lang)
	}
	var whole, single []verdictGroup
	at := map[string]int{}
	for _, v := range res.Reasons {
		line := verdictLine{Says: c.Words(v.Says), From: citesOf(c, v)}
		for i := range line.From { // whose votes, where the number is one candidate's
			if x := &line.From[i]; v.Subject != "" && strings.HasSuffix(x.Field, "."+v.Subject) {
				x.Label = names[v.Subject] + ", " + x.Label
			}
		}
		if v.Subject == "" {
			whole = append(whole, verdictGroup{Verdict: v, Lines: []verdictLine{line}})
			continue
		}
		line.Says = names[v.Subject] + ": " + line.Says
		key := v.Rule + v.Document + v.Article
		if !v.Holds {
			key += "|no"
		}
		i, ok := at[key]
		if !ok {
			i = len(single)
			at[key] = i
			single = append(single, verdictGroup{Verdict: v})
		}
		single[i].Lines = append(single[i].Lines, line)
	}
	out := append(single, whole...)
	for i := range out {
		g := &out[i]
		seen := map[citeView]bool{}
		for _, l := range g.Lines {
			for _, x := range l.From {
				if !seen[x] {
					seen[x] = true
					g.Cites = append(g.Cites, x)
				}
			}
		}
		if len(g.Lines) > shownVerdicts+1 {
			g.Lines, g.More = g.Lines[:shownVerdicts], g.Lines[shownVerdicts:]
		}
	}
	return out
}

func citesOf(c *Call, v rule.Verdict) []citeView {
	var out []citeView
	for name, from := range v.From {
		entry, field, ok := strings.Cut(from, "#")
		n, err := parseIndex(entry)
		if !ok || err != nil {
			continue
		}
		out = append(out, citeView{Label: inputWords(name).In(c.Lang), Field: field, Value: v.Inputs[name], Entry: n})
	}
	slices.SortFunc(out, func(a, b citeView) int { return strings.Compare(a.Field, b.Field) })
	return out
}

func (c *Call) baseText(of string) string {
	if c.s.messages.has("election.base." + of) {
		return c.TK("election.base", of)
	}
	return of
}

// originText says where the figures come from.
func (c *Call) originText(s election.Source) []string {
	var out []string
	switch s.How {
	case "hand":
		out = append(out, c.T("election.origin.hand"))
	case "file":
		out = append(out, c.T("election.origin.file", s.File))
	case "published":
		out = append(out, c.T("election.origin.published", s.Publisher, s.Licence))
	}
	if w := c.Words(s.Note); w != "" {
		out = append(out, w)
	}
	for _, x := range s.Derived {
		out = append(out, c.Words(x.Says))
	}
	return out
}

// figures lists every recorded figure in the order of minutes.
func (d *electionContestData) figures(c *Call) {
	r := d.Record
	add := func(key, field string, v *int64) {
		if v != nil {
			d.Figures = append(d.Figures, figureView{c.T(key), *v, d.Version, d.Derived[field]})
		}
	}
	add("election.f.seats", "record.seats", r.Seats)
	add("election.f.alternates", "record.alternates", r.Alternates)
	add("election.f.earlier", "record.earlier_elected", r.EarlierElected)
	if v := r.Voters; v != nil {
		add("election.f.listed", "record.voters.listed", v.Listed)
		add("election.f.voted", "record.voters.voted", v.Voted)
	}
	if b := r.Base; b != nil {
		add("election.f.summoned", "record.base.summoned", b.Summoned)
		add("election.f.present", "record.base.present", b.Present)
		add("election.f.incumbents", "record.base.incumbents", b.Incumbents)
		for _, x := range b.Deductions {
			d.Figures = append(d.Figures, figureView{c.T("election.f.deducted", deductionText(c, x.Reason)), x.Count, d.Version, ""})
		}
	}
	b := &r.Ballots
	add("election.f.printed", "record.ballots.printed", b.Printed)
	add("election.f.issued", "record.ballots.issued", b.Issued)
	add("election.f.spoiled", "record.ballots.spoiled", b.Spoiled)
	add("election.f.unused", "record.ballots.unused", b.Unused)
	add("election.f.collected", "record.ballots.collected", b.Collected)
	add("election.f.valid", "record.ballots.valid", b.Valid)
	add("election.f.invalid", "record.ballots.invalid", b.Invalid)
}

// tellApart adds the birth to names that stand more than once, as the ballot
// does.
func tellApart(bars []electionBar) {
	times := map[string]int{}
	for _, b := range bars {
		times[b.Show]++
	}
	for i, b := range bars {
		if times[b.Show] > 1 && b.Born != "" {
			bars[i].Show += " (" + bornText(b.Born) + ")"
		}
	}
}
