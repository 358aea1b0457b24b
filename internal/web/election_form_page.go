package web

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"minhbach/internal/document"
	"minhbach/internal/election"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// figureOf is a figure of a record; nil where it has none.
func figureOf(r *vote.Record, x contestFigure) *int64 {
	switch {
	case strings.HasPrefix(x.field, "voters.") && r.Voters == nil, strings.HasPrefix(x.field, "base.") && r.Base == nil:
		return nil
	}
	return *x.at(r)
}

// writeDecision is the reverse of readDecision.
func writeDecision(set func(name, value string), r *vote.Record, at string, d vote.Decision) {
	choice := d.Choice
	if list, ok := strings.CutPrefix(choice, "elect:"); ok {
		choice = "elect:"
		var who []string
		for _, id := range strings.Split(list, ",") {
			for i, c := range r.Candidates {
				if c.ID != id {
					continue
				}
				named := 0
				for _, o := range r.Candidates {
					if vn.Fold(o.Name) == vn.Fold(c.Name) {
						named++
					}
				}
				if named > 1 {
					who = append(who, strconv.Itoa(i+1))
				} else {
					who = append(who, c.Name)
				}
			}
		}
		set(at+"who", strings.Join(who, "; "))
	}
	set(at+"matter", vote.Left{Rule: d.Rule, Choice: choice}.Key())
	set(at+"reason", d.Reason)
	set(at+"by", d.By)
}

func unpairs(m map[string]int64, show func(string) string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var sb strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&sb, "%s = %d\n", show(k), m[k])
	}
	return sb.String()
}

// fillContest puts a recorded contest into the form.
func fillContest(lang string, f *Form, d *election.Detail) {
	r := d.Record
	set := func(name, v string) {
		if v != "" {
			f.Set(name, v)
		}
	}
	set("title", d.Title.VI)
	if d.Title.EN != d.Title.VI {
		set("title_en", d.Title.EN)
	}
	set("place", d.Place)
	set("area", d.Area)
	set("rules", r.Rules)
	set("kind", r.Kind)
	set("form", r.Form)
	set("body", r.Body)
	set("level", r.Level)
	set("date", r.Date.Vietnamese())
	if d.Unit > 0 {
		set("unit", strconv.Itoa(d.Unit))
	}
	if r.Round > 0 {
		set("round", strconv.Itoa(r.Round))
	}
	for _, x := range contestFigures {
		if v := figureOf(r, x); v != nil {
			set(x.field, vn.Thousands(*v))
		}
	}
	for i, cand := range r.Candidates {
		at := fmt.Sprintf("candidates[%d].", i)
		set(at+"id", cand.ID)
		set(at+"name", cand.Name)
		set(at+"born", cand.Born)
		set(at+"title", d.Titles[cand.ID])
		if cand.Order > 0 {
			set(at+"order", strconv.Itoa(cand.Order))
		}
		for field, m := range map[string]map[string]int64{"votes": r.Votes, "disagree": r.Disagree, "unmarked": r.Unmarked} {
			if v, ok := m[cand.ID]; ok {
				set(at+field, vn.Thousands(v))
			}
		}
	}
	if r.Base != nil {
		for i, x := range r.Base.Deductions {
			at := fmt.Sprintf("deductions[%d].", i)
			set(at+"reason", x.Reason)
			set(at+"count", vn.Thousands(x.Count))
		}
	}
	set("invalid_by", unpairs(r.Ballots.InvalidBy, func(k string) string { return document.CauseWords(k).In(lang) }))
	set("by_chosen", unpairs(r.Ballots.ByChosen, func(k string) string { return k }))
	for i, x := range r.Decisions {
		writeDecision(set, r, fmt.Sprintf("decisions[%d].", i), x)
	}
}

var votesField = regexp.MustCompile(`^(votes|disagree|unmarked)\.(.+)$`)

// placeProblem moves an error that names a candidate's id to the row of the
// form where that candidate stands.
func placeProblem(f *Form) {
	if f.Problem == nil {
		return
	}
	f.Problem.Field = strings.TrimPrefix(strings.TrimPrefix(f.Problem.Field, "record."), "ballots.ballots.")
	switch {
	case strings.HasPrefix(f.Problem.Field, "base.deductions"):
		f.Problem.Field = strings.TrimPrefix(f.Problem.Field, "base.")
	case strings.HasPrefix(f.Problem.Field, "ballots.invalid_by"):
		f.Problem.Field = "invalid_by"
	case strings.HasPrefix(f.Problem.Field, "ballots.by_chosen"):
		f.Problem.Field = "by_chosen"
	}
	if at, field, ok := strings.Cut(f.Problem.Field, "]."); ok && strings.HasPrefix(at, "decisions[") {
		switch {
		case field == "choice" && f.Text(at+"].who") != "":
			f.Problem.Field = at + "].who"
		case field == "choice" || field == "rule":
			f.Problem.Field = at + "].matter"
		}
	}
	m := votesField.FindStringSubmatch(f.Problem.Field)
	if m == nil {
		return
	}
	for i := range rowsOf(f, "candidates", 0) {
		at := fmt.Sprintf("candidates[%d].", i)
		if id := f.Text(at + "id"); id == m[2] || id == "" && "c"+strconv.Itoa(i+1) == m[2] {
			f.Problem.Field = at + m[1]
			return
		}
	}
}
