package person

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// importPart is how many rows one act of an import records. A part's name says
// which rows it holds: another number needs another letter.
var importPart = 2000

// roundPart is how many rows a part held when persons and memberships were
// parts of their own.
const roundPart = 1000

// RunImport records a confirmed plan part by part under ids made from id until
// it is closed, or until more says stop: called again it goes on where it
// stopped. done is how many parts of all stand.
func RunImport(ctx context.Context, d *desk.Desk, id, actor, home, file, digest string, plan []ImportRow, more func() bool) (done, all int, err error) {
	im, err := readImport(ctx, d, id)
	if err != nil {
		return 0, 0, err
	}
	parts := partsOf(plan, im)
	if len(parts) == 0 {
		return 0, 0, desk.Wrong("file", "Tệp không có gì để ghi.", "The file holds nothing to record.")
	}
	all = len(parts) + 1
	do := func(name string, act desk.Act) error {
		_, err := d.Do(ctx, desk.Form{ID: id + "-" + name, Seen: desk.AnySeen, Actor: actor, Act: act})
		return err
	}
	for _, p := range parts {
		if !im.Has(p.name) {
			if !more() {
				return done, all, nil
			}
			if err := do(p.name, ImportPersons{Import: id, Home: home, Part: p.name, Persons: p.persons, Steps: p.steps, Facts: p.facts, Rows: p.rows, Reason: "Nhập từ tệp " + file}); err != nil {
				return done, all, err
			}
		}
		done++
	}
	if !im.Closed {
		if err := do("end", CloseImport{Import: id, Home: home, File: file, Digest: digest}); err != nil {
			return done, all, err
		}
	}
	return all, all, nil
}

// RunUndo undoes an import part by part, the last part first, like RunImport.
func RunUndo(ctx context.Context, d *desk.Desk, id, actor, home, reason string, more func() bool) (done, all int, err error) {
	im, err := readImport(ctx, d, id)
	if err != nil {
		return 0, 0, err
	}
	if !im.Closed || im.Home != home {
		return 0, 0, desk.Refuse("Chỉ rút được lần nhập đã ghi xong.", "Only an import that is closed can be undone.")
	}
	do := func(name string, act desk.Act) error {
		_, err := d.Do(ctx, desk.Form{ID: id + "-" + name, Seen: desk.AnySeen, Actor: actor, Act: act})
		return err
	}
	for i := len(im.Parts) - 1; i >= 0; i-- {
		p := im.Parts[i].Part
		if strings.HasPrefix(p, "u-") {
			continue
		}
		all++
		if !im.Has("u-" + p) {
			if !more() {
				continue
			}
			if err := do("u-"+p, UndoPart{Import: id, Home: home, Part: p, Reason: reason}); err != nil {
				return done, all, err
			}
		}
		done++
	}
	if done == all && !im.Undone {
		err = do("u-end", CloseUndo{Import: id, Home: home})
	}
	return done, all, err
}

func readImport(ctx context.Context, d *desk.Desk, id string) (im Import, err error) {
	err = d.Read(ctx, func(tx *store.Tx) error {
		im, _, err = GetImport(ctx, tx, id)
		return err
	})
	return im, err
}

type planPart struct {
	name                  string
	persons, steps, facts bool
	rows                  []ImportRow
}

// partsOf cuts a plan into its parts, r-0000 …, and those of facts, f-0000 ….
// An import begun when persons (p-0000 …) and memberships (s-0000 …) were parts
// of their own goes on so.
func partsOf(plan []ImportRow, im Import) []planPart {
	var parts []planPart
	cut := func(letter string, size int, persons, steps, facts bool) {
		var some []ImportRow
		for _, r := range plan {
			if persons && r.Write || steps && r.Step != nil || facts && len(r.Facts) > 0 {
				some = append(some, r)
			}
		}
		for n := 0; n*size < len(some); n++ {
			parts = append(parts, planPart{fmt.Sprintf("%s-%04d", letter, n), persons, steps, facts, some[n*size : min((n+1)*size, len(some))]})
		}
	}
	if slices.ContainsFunc(im.Parts, func(p ImportPart) bool { return strings.HasPrefix(p.Part, "p-") || strings.HasPrefix(p.Part, "s-") }) {
		cut("p", roundPart, true, false, false)
		cut("s", roundPart, false, true, false)
	} else {
		cut("r", importPart, true, true, false)
	}
	cut("f", importPart, false, false, true)
	return parts
}

// ImportProgress says how many rows of how many a running import has recorded.
func ImportProgress(plan []ImportRow, im Import) (done, all int) {
	for _, p := range partsOf(plan, im) {
		all += len(p.rows)
		if im.Has(p.name) {
			done += len(p.rows)
		}
	}
	return done, all
}
