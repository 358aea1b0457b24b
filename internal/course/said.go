package course

import (
	"fmt"
	"strings"

	"minhbach/internal/vote"
)

// Said is what a paper of a case may repeat of an entry: the words beside it,
// or the verdict of a step, sentence by sentence with its article.
func Said(e Event) []string {
	if r := e.Body.Result; r != nil {
		word := "có kết quả"
		if r.Status != vote.Decided {
			word = "chưa đủ kết quả"
		}
		out := []string{fmt.Sprintf("Bước %s (mục %d của nhật ký): %s.", e.Body.Step, e.Entry, word)}
		for _, v := range r.Reasons {
			out = append(out, fmt.Sprintf("- %s (%s, %s).", strings.TrimSuffix(v.Says.VI, "."), v.Article, v.Document))
		}
		return out
	}
	if e.Words == "" {
		return nil
	}
	return []string{e.Words}
}

// Stands says that an entry of a case still counts: figures of a step that was
// counted anew do not.
func (s *State) Stands(e Event) bool {
	if e.What != "step-counted" && e.What != "step-approved" {
		return true
	}
	for i := range s.Steps {
		if c := s.Steps[i].Counted; c != nil && c.Entry == e.Entry {
			return true
		}
	}
	return false
}
