package rule

import (
	"errors"
	"fmt"
	"strings"

	"minhbach/internal/vn"
)

// Days tells for a period which days are days of rest and which are worked in
// exchange, by the notice that says so: every weekday of it that is not named
// is worked, every Saturday and Sunday not named is not.
type Days struct {
	From   vn.Date `json:"from"` // first and last day of the period, both in it
	To     vn.Date `json:"to"`
	Number string  `json:"number"` // of the notice
	Date   vn.Date `json:"date"`
	Issuer string  `json:"issuer,omitzero"`
	Days   []Day   `json:"days"` // in order
}

// Day is a weekday of rest, or a Saturday or Sunday worked in exchange.
type Day struct {
	On   vn.Date `json:"on"`
	Work bool    `json:"work,omitzero"`
	Name string  `json:"name"`
}

// maxPeriod is the longest period of one record, in days: notices tell a year.
const maxPeriod = 3 * 366

// KnowDays returns the library whose calendar also knows the period. The period
// must join the days known before; of days known already it tells anew.
func (l *Library) KnowDays(d Days) (*Library, error) {
	if strings.TrimSpace(d.Number) == "" || d.Date.IsZero() {
		return nil, errors.New("rule: days of rest without the notice that tells them")
	}
	if d.From.AddDays(maxPeriod).Before(d.To) {
		return nil, fmt.Errorf("rule: a period of days of rest is no longer than %d days", maxPeriod)
	}
	source := d.Number + ", " + d.Date.Vietnamese()
	days := make([]vn.SpecialDay, len(d.Days))
	for i, x := range d.Days {
		if strings.TrimSpace(x.Name) == "" || i > 0 && !d.Days[i-1].On.Before(x.On) {
			return nil, fmt.Errorf("rule: %s: days of rest have a name and stand in order", x.On)
		}
		days[i] = vn.SpecialDay{Day: x.On, Work: x.Work, Name: x.Name, Source: source, Evidence: string(Confirmed)}
	}
	c, err := l.Calendar().With(d.From, d.To, days)
	if err != nil {
		return nil, err
	}
	n := l.with()
	n.calendar = c
	return n, nil
}
