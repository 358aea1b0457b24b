package document

import (
	"context"
	"fmt"
	"time"

	"minhbach/internal/ballotbox"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/meeting"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// names are the names of persons on a day; who is not on record, or erased,
// keeps its id so that nobody is left out in silence.
func names(ctx context.Context, tx *store.Tx, ids []string, day vn.Date) ([]string, error) {
	var out []string
	for _, id := range ids {
		p, ok, err := person.Get(ctx, tx, id, org.Now(day))
		if err != nil {
			return nil, err
		}
		if ok && p.Identity.Name != "" {
			id = p.Identity.Name
		}
		out = append(out, id)
	}
	return out, nil
}

// Prefill is what the house knows already of a contest that was counted in a
// ballot box: the counting board with its head first, the hours at which the
// box was opened and closed, the incidents that were noted, the presidium that
// signs, and the organisation above. A contest without a box gives nothing.
func Prefill(ctx context.Context, tx *store.Tx, contest string) (Setting, error) {
	set := Setting{Seal: SealFooter}
	boxes, err := ballotbox.ByCase(ctx, tx, election.ContestSubject(contest))
	if err != nil || len(boxes) == 0 {
		return set, err
	}
	b := boxes[len(boxes)-1]
	if b.Reported < 0 {
		return set, nil // nothing leaves the counting room before the report
	}
	order := []string{b.Team.Head}
	for _, m := range b.Team.Members {
		if m.Person != b.Team.Head {
			order = append(order, m.Person)
		}
	}
	who, err := names(ctx, tx, order, b.Held)
	if err != nil {
		return set, err
	}
	for i, n := range who {
		role := "Ủy viên Ban kiểm phiếu"
		if i == 0 {
			role = "Trưởng Ban kiểm phiếu"
		}
		set.Board = append(set.Board, Member{role, n})
	}
	steps, err := ballotbox.Steps(ctx, tx, b.ID)
	if err != nil {
		return set, err
	}
	for _, s := range steps {
		if s.Kind == ballotbox.KindUnsealed {
			set.Started = hour(s.At)
		}
		if s.Note != "" && s.Kind == ballotbox.KindIncident {
			set.Notes += s.Note + "\n"
		}
	}
	closing, err := ballotbox.ClosingNote(ctx, tx, b)
	if err != nil {
		return set, err
	}
	if closing != "" {
		set.Notes += closing + "\n"
	}
	if rec, err := desk.GetRecord(ctx, tx, b.Closed); err == nil {
		set.Ended = hour(rec.At)
	}
	if b.Meeting != "" {
		m, err := meeting.Get(ctx, tx, b.Meeting)
		if err != nil || m == nil {
			return set, err
		}
		if c := m.Organ(meeting.Presidium, ""); c != nil && c.Head != "" {
			heads, err := names(ctx, tx, []string{c.Head}, m.Date)
			if err != nil {
				return set, err
			}
			set.Witnesses = append(set.Witnesses, Member{"Đoàn chủ tịch", heads[0]})
		}
	}
	return set, nil
}

func hour(at time.Time) string {
	at = at.In(zone)
	return fmt.Sprintf("%d giờ %02d phút", at.Hour(), at.Minute())
}
