package rule

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Overlay is the library with every .yaml file below fsys: a file of an edition
// that is here already stands in its place, any other is added.
func (l *Library) Overlay(fsys fs.FS) (*Library, error) {
	more, err := readDir(fsys)
	if err != nil {
		return nil, fmt.Errorf("rule: %w", err)
	}
	es := slices.DeleteFunc(slices.Clone(l.editions), func(o *Edition) bool {
		return slices.ContainsFunc(more, func(e *Edition) bool {
			return e.ID == o.ID && e.Document.Ref() == o.Document.Ref()
		})
	})
	return l.rebuilt(append(es, more...))
}

// readDir parses every .yaml file below fsys, in the order of their paths.
func readDir(fsys fs.FS) ([]*Edition, error) {
	var es []*Edition
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		raw, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		e, err := ParseEdition(path, raw, 0)
		if err != nil {
			return err
		}
		es = append(es, e)
		return nil
	})
	return es, err
}
