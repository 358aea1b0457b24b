package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/person"
)

// Entered is a person typed or pasted for the meeting who is not on record yet.
type Entered struct {
	Identity person.Identity
	As       Attendee // without Person: the record gets its own id
}

// Enter records persons and summons them, in one act: all of a pasted list, or
// nobody. It asks for the right to record persons of the organisation.
type Enter struct {
	Ref
	People []Entered
}

// Name is the act's name.
func (a Enter) Name() string { return "meeting.enter" }

// Need asks for the right to record persons.
func (a Enter) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide lets the person room decide on each record and the rules of Summon on
// the list. A name with the birth of somebody already summoned is refused: the
// same line pasted twice would count twice.
func (a Enter) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	m, err := a.running(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(a.People) == 0 {
		return nil, desk.Wrong("people", "Chưa có ai trong danh sách.", "Nobody is on the list.")
	}
	if len(a.People)+len(m.People) > maxPeople {
		return nil, desk.Wrong("people", fmt.Sprintf("Danh sách không quá %d người.", maxPeople), fmt.Sprintf("A list holds at most %d persons.", maxPeople))
	}
	var out []desk.Draft
	var people []Attendee
	seen := map[string]int{}
	for i, e := range a.People {
		line := i + 1
		at := func(vi, en string) error {
			return desk.Wrong("people", fmt.Sprintf("Người thứ %d (%s): %s", line, e.Identity.Name, vi), fmt.Sprintf("Person %d (%s): %s", line, e.Identity.Name, en))
		}
		key := strings.ToLower(e.Identity.Name) + "/" + e.Identity.Born.String()
		if first := seen[key]; first > 0 {
			return nil, at(fmt.Sprintf("trùng họ tên và ngày sinh với người thứ %d.", first), fmt.Sprintf("the same name and birth as person %d.", first))
		}
		seen[key] = line
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", s.ActID, i))
		id := "person/" + hex.EncodeToString(sum[:12])
		ds, err := person.Record{ID: id, Home: a.Org, Identity: e.Identity, Sample: m.Sample}.Decide(ctx, s)
		if d, ok := err.(*desk.Error); ok {
			return nil, at(d.Says.VI, d.Says.EN)
		} else if err != nil {
			return nil, err
		}
		p := e.As
		p.Person, p.Replaces = id, ""
		if err := checkStanding(ctx, s, m, &p); err != nil {
			return nil, err
		}
		out, people = append(out, ds...), append(people, p)
	}
	return append(out, a.event(KindSummoned, Fact{People: people}, "")), nil
}
