package dossier

import (
	"context"
	"encoding/json"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/person"
)

// Erase forgets, by a decision, what is recorded about one paper with its scans
// (Doc), or all personal content about the person, in every room, with all
// scans. Entries, their places and hashes stay, so that the ledger verifies and
// the tables can be rebuilt.
type Erase struct {
	Person   string
	Home     string
	Doc      string // "" : everything about the person
	Decision string // number and date of the decision; no personal content
}

// Name, Subject and Need make it an act about the person; the right is that of
// erasing.
func (a Erase) Name() string    { return "dossier.erase" }
func (a Erase) Subject() string { return a.Person }
func (a Erase) Need() desk.Need { return desk.Need{Right: desk.EraseBlock, Org: a.Home} }

// Decide drafts the erasure of each block that is still there. It refuses while
// a procedure about the person runs: what it rests on would go from under it.
func (a Erase) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if err := known(ctx, s, a.Person, a.Home); err != nil {
		return nil, err
	}
	if strings.TrimSpace(a.Decision) == "" {
		return nil, desk.Wrong("decision", "Ghi số, ngày của quyết định cho xóa.", "Give number and date of the decision to erase.")
	}
	if a.Doc == "" {
		by, err := person.Locks(ctx, s.Tx, a.Person)
		if err != nil {
			return nil, err
		}
		if len(by) > 0 {
			return nil, desk.Refuse("Đang có hồ sơ quy trình về người này; chỉ xóa được khi quy trình đã kết thúc.", "A procedure about this person is running; erasing waits until it has ended.")
		}
	}
	var drafts []desk.Draft
	for before := int64(0); ; {
		es, err := desk.Find(ctx, s.Tx, desk.Filter{Subject: a.Person, Before: before, Limit: 1000})
		if err != nil {
			return nil, err
		}
		for _, e := range es {
			if before = e.Index; e.Subjects[0].ID != a.Person || len(e.Blocks) == 0 || !a.means(e.Kind, e.Body) {
				continue
			}
			r, err := desk.GetRecord(ctx, s.Tx, e.Index)
			if err != nil {
				return nil, err
			}
			for _, b := range r.Entry.Blocks {
				if _, there := r.Blocks[b.Name]; !there {
					continue
				}
				ds, err := desk.EraseBlockAct{Index: e.Index, Block: b.Name, Decision: a.Decision}.Decide(ctx, s)
				if err != nil {
					return nil, err
				}
				drafts = append(drafts, ds...)
			}
		}
		if len(es) < 1000 || before == 0 {
			break
		}
	}
	if len(drafts) == 0 {
		return nil, desk.Refuse("Không còn nội dung nào để xóa.", "There is nothing left to erase.")
	}
	return drafts, nil
}

// means says whether an entry about the person is one that goes.
func (a Erase) means(kind string, raw json.RawMessage) bool {
	if a.Doc == "" {
		return true
	}
	var b body
	return (kind == kindDocument || kind == kindDocumentState) && json.Unmarshal(raw, &b) == nil && b.Doc == a.Doc
}
