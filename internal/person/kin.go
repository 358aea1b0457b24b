package person

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Tie is a family tie as it stands: Other is the person's spouse, parent, …
type Tie struct {
	ID       string
	Person   string
	Other    string
	Tie      string // of rule.KinTies; "" when the word was erased
	Entry    int64
	Decision org.Decision // the paper it is known from: declaration, file
}

// inverse is what one is to one's spouse, parent, …
var inverse = map[string]string{"spouse": "spouse", "parent": "child", "child": "parent", "sibling": "sibling",
	"parent-in-law": "child-in-law", "child-in-law": "parent-in-law", "sibling-in-law": "sibling-in-law", "other": "other"}

// RecordKin records that Other is Person's spouse, parent, child … ID is made
// with the form ("kin/" + desk.NewID()). Decision names the paper: the person's
// own declaration or the file.
type RecordKin struct {
	ID       string
	Person   string
	Home     string
	Other    string
	Tie      string
	Decision org.Decision
}

// WithdrawKin says that a tie was recorded wrongly; it stays visible as known
// before.
type WithdrawKin struct {
	ID     string
	Person string
	Home   string
	Reason string
}

const (
	kindKin       = "person.kin-recorded/1"
	kindKinUndone = "person.kin-withdrawn/1"
	tieBlock      = "tie"
)

type kinBody struct {
	ID       string       `json:"id"`
	Person   string       `json:"person"`
	Other    string       `json:"other,omitzero"`
	Decision org.Decision `json:"decision,omitzero"`
}

// Name is the act's name.
func (a RecordKin) Name() string { return "person.record-kin" }

// Subject is the person.
func (a RecordKin) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a RecordKin) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide refuses a tie of a person with himself, an unknown person or tie, and
// a second tie between two persons.
func (a RecordKin) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.ID, "kin/") || len(a.ID) > 60 {
		return nil, desk.Wrong("id", "Mã không hợp lệ; hãy mở lại biểu mẫu.", "The id is not valid; open the form again.")
	}
	if _, err := file(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	if !slices.Contains(rule.KinTies, a.Tie) {
		return nil, desk.Wrong("tie", "Cần chọn quan hệ.", "Choose the tie.")
	}
	if a.Other == a.Person {
		return nil, desk.Wrong("other", "Cần chọn người khác.", "Choose another person.")
	}
	if _, known, err := Home(ctx, s.Tx, a.Other); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Wrong("other", "Không có người này trong hồ sơ.", "There is no such person on record.")
	}
	ties, err := Kin(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	for _, t := range ties {
		if t.Other == a.Other || t.ID == a.ID {
			return nil, desk.Refuse("Quan hệ giữa hai người này đã được ghi; hãy rút quan hệ ấy trước nếu ghi sai.",
				"A tie between these two is on record; withdraw it first if it is wrong.")
		}
	}
	return []desk.Draft{{Kind: kindKin, Subjects: []string{a.Person, a.Other},
		Body:   kinBody{ID: a.ID, Person: a.Person, Other: a.Other, Decision: a.Decision},
		Blocks: []desk.DraftBlock{{Name: tieBlock, Content: map[string]string{"tie": a.Tie}}}}}, nil
}

// Name is the act's name.
func (a WithdrawKin) Name() string { return "person.withdraw-kin" }

// Subject is the person.
func (a WithdrawKin) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a WithdrawKin) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide demands a reason and a tie that stands.
func (a WithdrawKin) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := file(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return nil, err
	}
	ties, err := Kin(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	for _, t := range ties {
		if t.ID == a.ID {
			return []desk.Draft{{Kind: kindKinUndone, Subjects: []string{a.Person, t.Other},
				Body: kinBody{ID: a.ID, Person: a.Person}, Blocks: []desk.DraftBlock{reason}}}, nil
		}
	}
	return nil, desk.Missing("Không có quan hệ này trong hồ sơ.", "There is no such tie on record.")
}

// Kin lists the ties of a person as known now, from either side.
func Kin(ctx context.Context, tx *store.Tx, person string) ([]Tie, error) {
	rows, err := tx.Query(ctx, `SELECT id, person, other, tie, decision, entry_from FROM person_kin
		WHERE entry_to = -1 AND (person = $1 OR other = $1) ORDER BY entry_from`, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Tie
	for rows.Next() {
		var t Tie
		var decision string
		if err := rows.Scan(&t.ID, &t.Person, &t.Other, &t.Tie, &decision, &t.Entry); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(decision), &t.Decision); err != nil {
			return nil, err
		}
		if t.Person != person {
			t.Person, t.Other, t.Tie = t.Other, t.Person, inverse[t.Tie]
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func applyKin(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b kinBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	if r.Kind == kindKinUndone {
		_, err := tx.Exec(ctx, `UPDATE person_kin SET entry_to = $1 WHERE id = $2 AND entry_to = -1`, r.Index, b.ID)
		return err
	}
	decision, err := json.Marshal(b.Decision)
	if err != nil {
		return err
	}
	var word struct {
		Tie string `json:"tie"`
	}
	if raw, ok := r.Blocks[tieBlock]; ok {
		if err := json.Unmarshal(raw, &word); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO person_kin (id, person, other, tie, decision, entry_from, entry_to) VALUES ($1, $2, $3, $4, $5, $6, -1)`,
		b.ID, b.Person, b.Other, word.Tie, string(decision), r.Index)
	return err
}

func eraseTie(ctx context.Context, tx *store.Tx, index int64) error {
	_, err := tx.Exec(ctx, `UPDATE person_kin SET tie = '' WHERE entry_from = $1`, index)
	return err
}

// Identity facts are locked while a procedure about the person runs: changing
// them then is one way of meeting a condition. A room that runs procedures
// locks and unlocks by DecideLock.
const (
	kindLocked   = "person.identity-locked/1"
	kindUnlocked = "person.identity-unlocked/1"
)

type lockBody struct {
	Person string `json:"person"`
	By     string `json:"by"` // subject of the case
}

// DecideLock drafts the lock of a person's identity facts for a case, or its
// end; by is the ledger subject of the case.
func DecideLock(person, by string, locked bool) desk.Draft {
	kind := kindLocked
	if !locked {
		kind = kindUnlocked
	}
	return desk.Draft{Kind: kind, Subjects: []string{person}, Body: lockBody{person, by}}
}

// Locks lists the cases that lock a person's identity facts now.
func Locks(ctx context.Context, tx *store.Tx, person string) ([]string, error) {
	return tx.Strings(ctx, `SELECT case_id FROM person_lock WHERE person = $1 AND entry_to = -1 ORDER BY case_id`, person)
}

// unlocked refuses while a case locks the person's identity facts.
func unlocked(ctx context.Context, s *desk.Scene, person string) error {
	by, err := Locks(ctx, s.Tx, person)
	if err != nil || len(by) == 0 {
		return err
	}
	return desk.Refuse("Hồ sơ quy trình "+strings.TrimPrefix(by[0], "procedure/")+" về người này đang chạy nên thông tin nhân thân bị khóa. Hãy chờ hồ sơ kết thúc, hoặc báo người phụ trách hồ sơ dừng hồ sơ trước.",
		"The procedure "+strings.TrimPrefix(by[0], "procedure/")+" about this person is running, so identity facts are locked. Wait until it ends, or have it stopped first.")
}

func applyLock(ctx context.Context, tx *store.Tx, r desk.Record) error {
	var b lockBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	if r.Kind == kindUnlocked {
		_, err := tx.Exec(ctx, `UPDATE person_lock SET entry_to = $1 WHERE person = $2 AND case_id = $3 AND entry_to = -1`, r.Index, b.Person, b.By)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO person_lock (person, case_id, entry_from, entry_to) VALUES ($1, $2, $3, -1)`, b.Person, b.By, r.Index)
	return err
}

// LockedBy lists the cases that lock or ever locked the identity facts of
// somebody whose name, of any time, holds all words of a query: the cases in
// which such a person stands or stood. An empty query finds nothing.
func LockedBy(ctx context.Context, tx *store.Tx, query string) ([]string, error) {
	words := strings.Fields(vn.Fold(query))
	if len(words) == 0 {
		return nil, nil
	}
	var where []string
	var args []any
	for i, w := range words {
		args = append(args, "% "+w+"%")
		where = append(where, fmt.Sprintf(`' ' || p.folded LIKE $%d`, i+1))
	}
	// From the few people in cases to their names, never over everybody: a planner
	// that knows no figures takes the larger table first, which CROSS JOIN forbids.
	return tx.Strings(ctx, `SELECT DISTINCT l.case_id FROM person_lock l CROSS JOIN person_listed p WHERE p.person = l.person AND `+strings.Join(where, " AND ")+` ORDER BY l.case_id`, args...)
}
