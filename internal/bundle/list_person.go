package bundle

import (
	"slices"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// moved follows what happened to a person: support, withdrawal, striking. Its
// verdicts are asked again.
func (l *law) moved(lib *rule.Library, c *chainOf, it *listItem, r *listRound, e ledger.Entry, b *listBody, on vn.Date) error {
	p := r.find(b.Person)
	if p == nil || p.out {
		return both("%s không có trong danh sách", "%s is not on the list", clip(b.Person))
	}
	switch b.What {
	case "accepted":
		p.accepted = true
	case "declined", "entered-by-mistake":
		p.out = true
	case "file":
		p.files, p.handedIn = b.Files, b.HandedIn
	case "support":
		if b.Support == nil || b.Present == nil || *b.Support > *b.Present {
			return both("số ủng hộ nhiều hơn số dự", "more support than attend")
		}
		p.support, p.present = b.Support, b.Present
		v, err := vote.Ask(lib, vote.RuleOutsideSupport, on, map[string]int64{"support": *b.Support, "attending": *b.Present}, nil)
		if err != nil {
			return err
		}
		if v.Recorded {
			return sameVerdicts(b.Verdicts, []rule.Verdict{v.Verdict})
		}
	case "withdrawal-asked":
		p.askedOut = true
	case "withdrawal-refused", "withdrawal-granted":
		if !p.askedOut {
			return both("%s chưa xin rút", "%s did not ask to withdraw", clip(b.Person))
		}
		p.askedOut, p.out = false, b.What == "withdrawal-granted"
		return l.byHand(lib, e, rule.Words{VI: "cho rút tên", EN: "withdrawal"}, b, on)
	case "struck":
		x, err := l.examine(lib, c, it, r, p, on)
		if err != nil {
			return err
		}
		if len(x.Barred) == 0 {
			return both("%s bị đưa ra khỏi danh sách mà không vướng quy định nào", "%s was struck although no rule bars the person", clip(b.Person))
		}
		for _, a := range x.Barred {
			if !slices.ContainsFunc(b.Verdicts, func(v rule.Verdict) bool { return string(bareVerdict(v)) == string(bareVerdict(a.Verdict)) }) {
				return both("căn cứ đưa ra khỏi danh sách tính lại không như đã ghi (%s)", "the reason for striking, asked again, is not as recorded (%s)", a.Verdict.Rule)
			}
		}
		p.out = true
		return l.byHand(lib, e, rule.Words{VI: "đưa ra khỏi danh sách", EN: "striking"}, b, on)
	case "left-by-poll":
		p.out = true
		return l.byHand(lib, e, rule.Words{VI: "danh sách sau khi xin ý kiến", EN: "list after the poll"}, b, on)
	}
	return nil
}

func (l *law) ground(c *chainOf, it *listItem, r *listRound, on vn.Date) vote.Ground {
	g := vote.Ground{Rules: it.Rules, On: on, Opening: r.opening, MembersMeeting: it.Body != "delegate-congress",
		AtCongress: it.Body == "delegate-congress" || it.Body == "member-congress", Grassroots: c.level == "grassroots" || c.level == "cell", Cell: c.level == "cell",
		Seats: r.seats, Round: r.n, Choices: r.choices}
	if g.Seats < 1 {
		g.Seats = it.Seats
	}
	if g.Opening.IsZero() {
		g.Opening = on
	}
	return g
}

// examine asks the rules of lists about one person.
func (l *law) examine(lib *rule.Library, c *chainOf, it *listItem, r *listRound, p *listPerson, on vn.Date) (vote.Examined, error) {
	n := vote.Nominee{ID: p.Person, Origin: p.Origin, Outgoing: p.Outgoing, InBody: p.InBody, Probationary: p.Probationary, Temporary: p.Temporary,
		ByOutgoing: p.ByOutgoing, ByDelegate: p.ByDelegate, Files: p.files, HandedIn: p.handedIn, Support: p.support}
	source, limited := l.source(c, it)
	if limited {
		in := slices.Contains(source, p.Person)
		n.InSource = &in
	}
	g := l.ground(c, it, r, on)
	if p.present != nil {
		g.Attending = *p.present
	}
	return vote.Examine(lib, g, n)
}

// source is whom an item elects from among, by the results in the bundle.
func (l *law) source(c *chainOf, it *listItem) (out []string, limited bool) {
	from := c.item(it.From)
	for from != nil && len(from.rounds) == 0 && from.When != "" {
		from = c.item(from.From) // the rules have this body elect none
	}
	if from == nil {
		return nil, false
	}
	gone := map[string]bool{}
	for _, id := range it.Except {
		if x := c.item(id); x != nil {
			for _, p := range l.elected(x) {
				gone[p] = true
			}
		}
	}
	for _, p := range l.elected(from) {
		if !gone[p] {
			out = append(out, p)
		}
	}
	return out, true
}

func (l *law) elected(it *listItem) []string {
	var out []string
	for _, r := range it.rounds {
		if r.kind == "poll" {
			continue
		}
		if k := l.contests["contest/"+r.contest]; k != nil && k.result != nil {
			for _, x := range k.result.Results {
				if x.Outcome == vote.Elected || x.Outcome == vote.GoesOn || x.Outcome == vote.Alternate && it.Rules == "party-election/alternates" {
					out = append(out, x.Candidate)
				}
			}
		}
		out = append(out, r.named...)
	}
	return out
}

// mayStand refuses a person who stood on the voted list against a rule.
func (l *law) mayStand(lib *rule.Library, c *chainOf, it *listItem, r *listRound, p *listPerson, on vn.Date) error {
	x, err := l.examine(lib, c, it, r, p, on)
	switch {
	case err != nil:
		return err
	case len(x.Barred) > 0:
		return both("%s đứng trong danh sách mà quy định không cho (%s, %s)", "%s stood on the list against a rule (%s, %s)", clip(p.Person), x.Barred[0].Verdict.Article, x.Barred[0].Verdict.Document)
	case len(x.Waits) > 0:
		return both("%s: còn thiếu “%s”", "%s: %s was missing", clip(p.Person), string(x.Waits[0]))
	case len(x.Open) > 0:
		return both("%s: quy định %s có cách hiểu khác nhau mà chưa chọn", "%s: readings of %s differ and none was chosen", clip(p.Person), x.Open[0].Rule)
	case p.Origin == vote.Nominated && !p.accepted:
		return both("%s: chưa nhận đề cử", "%s did not accept the nomination", clip(p.Person))
	case p.askedOut:
		return both("%s xin rút mà chưa được quyết định", "%s asked to withdraw and nobody decided", clip(p.Person))
	}
	return nil
}
