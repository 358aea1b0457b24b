package dossier

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
)

// rank orders the classes: who lowers one needs a decision.
func (c Class) rank() int { return slices.Index(Classes, c) }

// ClassOfDoc is the class that governs a paper: the highest it ever had, in any
// wording or version, unless a decision with its number declassified it since.
func ClassOfDoc(ctx context.Context, tx *store.Tx, doc string) (Class, error) {
	return governs(ctx, tx, `SELECT entry_from, class FROM dossier_doc WHERE doc = $1 ORDER BY entry_from`, doc)
}

// ClassOfFile is the class that governs a file as a whole, in the same way.
func ClassOfFile(ctx context.Context, tx *store.Tx, person string) (Class, error) {
	var out Class
	for before := int64(0); ; {
		es, err := desk.Find(ctx, tx, desk.Filter{Subject: person, Kind: "dossier.", Before: before, Limit: 1000})
		if err != nil {
			return "", err
		}
		for _, e := range es { // newest first: up to the newest declassification
			before = e.Index
			if e.Subjects[0].ID != person || e.Kind != kindOpened && e.Kind != kindFileState {
				continue
			}
			var b body
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return "", err
			}
			if out == "" || b.Class.rank() > out.rank() {
				out = b.Class
			}
			if e.Kind == kindFileState && b.Decision.Number != "" {
				return out, nil
			}
		}
		if len(es) < 1000 || before == 0 {
			return out, nil
		}
	}
}

func governs(ctx context.Context, tx *store.Tx, query, id string) (Class, error) {
	type wording struct {
		entry int64
		class Class
	}
	var ws []wording
	rows, err := tx.Query(ctx, query, id)
	if err != nil {
		return "", err
	}
	for rows.Next() {
		var w wording
		if err := rows.Scan(&w.entry, &w.class); err != nil {
			rows.Close()
			return "", err
		}
		ws = append(ws, w)
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	if err := rows.Close(); err != nil {
		return "", err
	}
	var out Class
	for _, w := range ws {
		if w.class.rank() < out.rank() {
			r, err := desk.GetRecord(ctx, tx, w.entry)
			if err != nil {
				return "", err
			}
			var b body
			if err := json.Unmarshal(r.Body, &b); err != nil {
				return "", err
			}
			if b.Decision.Number == "" {
				continue // lowered without a decision: the higher one governs
			}
		}
		out = w.class
	}
	return out, nil
}

// Guards says whether an entry of this room speaks of a paper, or a file, that
// a class of mật and above governs: then its blocks are for holders of
// desk.ReadSecret, on every page.
func Guards(ctx context.Context, tx *store.Tx, kind string, raw json.RawMessage) (bool, error) {
	if !strings.HasPrefix(kind, "dossier.") {
		return false, nil
	}
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return true, err
	}
	var c Class
	var err error
	if b.Doc != "" {
		c, err = ClassOfDoc(ctx, tx, b.Doc)
	} else {
		c, err = ClassOfFile(ctx, tx, b.Person)
	}
	return err != nil || c != "" && c.Guarded(), err
}

// keepers demands that who changes something classified acts as its keeper:
// desk.ReadSecret was asked then (see MoreNeeds).
func keepers(c Class, keeper bool) error {
	if c != "" && c.Guarded() && !keeper {
		return desk.Deny("Tài liệu, hồ sơ mật: việc này dành cho người được giao giữ tài liệu mật.", "Classified papers and files: this is for their keepers.")
	}
	return nil
}

// declassified demands number and date of the decision by which a class is
// lowered, and gives the decision that the entry bears; zero when the class is
// not lowered.
func declassified(s *desk.Scene, governs, to Class, by org.Decision) (org.Decision, error) {
	if governs == "" || to.rank() >= governs.rank() {
		return org.Decision{}, nil
	}
	by.Number = strings.TrimSpace(by.Number)
	switch {
	case by.Number == "" || by.Date.IsZero():
		return by, desk.Wrong("declassify", "Giảm hoặc bỏ độ mật phải có quyết định: ghi số và ngày của quyết định.", "To lower the class of secrecy takes a decision: give its number and date.")
	case s.Today.Before(by.Date):
		return by, desk.Wrong("declassify_date", "Ngày quyết định không thể sau hôm nay.", "The date of the decision cannot be after today.")
	case len([]rune(by.Number)) > 100 || len([]rune(by.By)) > 300:
		return by, desk.Wrong("declassify", "Nội dung quá dài.", "This is too long.")
	}
	return org.Decision{Number: by.Number, Date: by.Date, By: strings.TrimSpace(by.By)}, nil
}

// more asks for the keeper's right beside the right over the register.
func more(keeper bool, home string) []desk.Need {
	if keeper {
		return []desk.Need{{Right: desk.ReadSecret, Org: home}}
	}
	return nil
}

// MoreNeeds asks for the right of keepers when the act is done as one.
func (a HandOver) MoreNeeds() []desk.Need       { return more(a.Keeper, a.Home) }
func (a CorrectCustody) MoreNeeds() []desk.Need { return more(a.Keeper, a.Home) }
func (a Renew) MoreNeeds() []desk.Need          { return more(a.Keeper, a.Home) }
func (a Correct) MoreNeeds() []desk.Need        { return more(a.Keeper, a.Home) }
func (a SetState) MoreNeeds() []desk.Need       { return more(a.Keeper, a.Home) }
func (a SetFile) MoreNeeds() []desk.Need        { return more(a.Keeper, a.Home) }
func (a MarkKinds) MoreNeeds() []desk.Need      { return more(a.Keeper, a.Home) }
