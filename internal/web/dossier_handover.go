package web

import (
	"minhbach/internal/dossier"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// handoverFiles is what the register of files says of a collective handover:
// whose file the giving side holds, whose lies elsewhere, who has none, and
// which files go with gaps.
type handoverFiles struct {
	Held, Elsewhere, None int64
	Moved                 bool // closed: the files have gone along
	Rows                  []handoverFile
	More                  int
}

type handoverFile struct {
	Name, Path string
	Tag        Tag
	Gap        dossier.Gap
}

const handoverFilesShown = 100

func (c *Call) handoverFiles(tx *store.Tx, h person.Handover, may func(string) bool) (out handoverFiles, err error) {
	fs, err := dossier.HandoverFiles(c.Ctx(), tx, h.List)
	if err != nil {
		return out, err
	}
	out = handoverFiles{Held: int64(len(fs.Held) + len(fs.Went)), Elsewhere: int64(len(fs.Elsewhere)), None: int64(len(fs.None)), Moved: h.Closed()}
	add := func(id string, tag Tag, g dossier.Gap) error {
		if len(out.Rows) >= handoverFilesShown {
			out.More++
			return nil
		}
		name, ok, err := c.listedName(tx, id, may)
		if ok {
			out.Rows = append(out.Rows, handoverFile{name, dossierPath(id), tag, g})
		}
		return err
	}
	for _, g := range fs.Lacking {
		if err := add(g.Person, Tag{"wait", c.T("dossier.handover.gaps")}, g); err != nil {
			return out, err
		}
	}
	for _, id := range fs.None {
		if err := add(id, Tag{"stop", c.T("dossier.handover.none")}, dossier.Gap{}); err != nil {
			return out, err
		}
	}
	for _, id := range fs.Elsewhere {
		if err := add(id, Tag{"no", c.T("dossier.handover.elsewhere")}, dossier.Gap{}); err != nil {
			return out, err
		}
	}
	return out, nil
}
