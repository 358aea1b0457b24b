package paper

import (
	"errors"

	"minhbach/internal/vote"
)

// fits are the papers that are proposed, the best first: the smallest sheet on
// which the names stand on one side in good type, and where none takes them so,
// both sides of A4. One side comes first: nobody forgets the back, nothing shines
// through, and a scanner sees the whole ballot at once. But not in smaller type:
// elderly voters read it, and lines through it leave the name so often that of
// scans a person must look at more than is promised (docs/ballots.md).
var fits = []struct {
	paper          string
	sides, columns int
	least          float64 // points of names
}{
	{"A5", 1, 1, 13}, {"A5", 1, 2, 12}, {"A5", 1, 1, 12},
	{"A4", 1, 1, 13}, {"A4", 1, 2, 13},
	{"A4", 2, 2, 10}, {"A4", 2, 1, 10},
}

// Fit sets a ballot whose paper the office left open on the paper that is best
// for its list. What is asked for otherwise (columns, one side, two for large type, marks) holds, and
// State ballots keep the form of their election. The error is an *InputError.
func Fit(rec *vote.Record, opt Options) (*Layout, error) {
	if opt.Paper != "" || isState(rec.Rules) {
		return Design(rec, opt)
	}
	for _, f := range fits {
		try := opt
		try.Paper, try.Sides, try.Columns = f.paper, f.sides, f.columns
		if opt.Columns != 0 && opt.Columns != f.columns || opt.Sides != 0 && opt.Sides != f.sides {
			continue
		}
		l, err := Design(rec, try)
		var ie *InputError
		if err != nil && !errors.As(err, &ie) {
			return nil, err
		}
		if err == nil && l.Least() >= f.least {
			return l, nil
		}
	}
	opt.Paper = "A4" // as well as may be, or the refusal in its words
	return Design(rec, opt)
}

// Least is the smallest type of a name, in points; 0 where a name stands in two
// lines.
func (l *Layout) Least() float64 {
	size := map[string]float64{}
	for _, t := range l.Print.Texts {
		size[t.Text] = max(size[t.Text], t.Size)
	}
	out := 1000.0
	for _, c := range l.Candidates {
		out = min(out, size[c.Name])
	}
	return out
}
