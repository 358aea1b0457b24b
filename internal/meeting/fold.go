package meeting

import (
	"encoding/json"
	"fmt"
	"strings"

	"minhbach/internal/assembly"
	"minhbach/internal/desk/story"
)

// The entry kinds of the room.
const (
	KindOpened      = assembly.KindOpened
	KindChanged     = assembly.KindChanged
	KindSummoned    = assembly.KindSummoned
	KindSummonsMend = assembly.KindSummonsMend
	KindSession     = assembly.KindSession
	KindSessionDone = assembly.KindSessionDone
	KindAttendance  = assembly.KindAttendance
	KindReplaced    = assembly.KindReplaced
	KindUnreplaced  = assembly.KindUnreplaced
	KindDeducted    = assembly.KindDeducted
	KindRestored    = assembly.KindRestored
	KindHandVote    = assembly.KindHandVote
	KindOrgan       = assembly.KindOrgan
	KindClosed      = assembly.KindClosed
)

var kinds = []string{KindOpened, KindChanged, KindSummoned, KindSummonsMend, KindSession, KindSessionDone, KindAttendance,
	KindReplaced, KindUnreplaced, KindDeducted, KindRestored, KindHandVote, KindOrgan, KindClosed}

// what is the kind without room and version.
func what(kind string) string {
	return strings.TrimSuffix(strings.TrimPrefix(kind, "meeting."), "/1")
}

// Fold makes the state of a meeting from its events, in order.
func Fold(events []story.Event) (*State, error) {
	s := &State{Last: -1}
	for _, e := range events {
		var f Fact
		if err := json.Unmarshal(e.Body, &f); err != nil {
			return nil, fmt.Errorf("meeting: entry %d: %w", e.Entry, err)
		}
		words := ""
		if e.Words != nil {
			if err := json.Unmarshal(e.Words, &words); err != nil {
				return nil, fmt.Errorf("meeting: entry %d: %w", e.Entry, err)
			}
		}
		s.Add(e.Entry, e.Kind, f, words)
		s.History = append(s.History, Event{Entry: e.Entry, At: e.At.Format("2006-01-02T15:04:05.000Z"), Actor: e.Actor, What: what(e.Kind), Fact: f, Words: words})
		s.Last = e.Entry
	}
	return s, nil
}
