package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// personFactGroup is a block of facts in the form that maps columns.
type personFactGroup struct {
	Title  string
	Fields []Field
	Open   bool // a column is mapped to it
}

// The fields that hold for the facts of a whole file.
const (
	importFrom   = "ngay-chung"
	importSource = "can-cu"
	importNumber = "so-can-cu"
)

// mapFacts maps the columns of facts, block by block.
func (d *personImportData) mapFacts(c *Call, tx *store.Tx) error {
	columns, fields, err := c.mapColumns(tx, d.table, d.Form, person.FactColumns)
	if err != nil {
		return err
	}
	d.FactCount = len(columns)
	for id, i := range columns {
		d.columns[id] = i
	}
	for _, b := range person.FactBlocks() {
		g := personFactGroup{Title: c.either(b.VI, b.EN)}
		for i, col := range person.FactColumns {
			if col.Block == b.Key {
				_, mapped := columns[col.ID]
				g.Open = g.Open || mapped
				g.Fields = append(g.Fields, fields[i])
			}
		}
		if len(g.Fields) > 0 {
			d.Facts = append(d.Facts, g)
		}
	}
	q := c.R.URL.Query()
	for _, name := range []string{importFrom, importSource, importNumber} {
		d.Form.Values.Set(name, q.Get(name))
	}
	from := newField(d.Form, importFrom, c.T("person.import.from"))
	source := newField(d.Form, importSource, c.T("person.import.source"))
	source.Kind, source.Options = "select", []Option{{"", "–"}}
	for _, x := range person.FactCodes("source") {
		source.Options = append(source.Options, Option{x.Code, c.either(x.VI, x.EN)})
	}
	d.Defaults = []Field{from, source, newField(d.Form, importNumber, c.T("person.import.source.number"))}
	return nil
}

// defaults reads what holds for the facts of the whole file.
func (d *personImportData) defaults(c *Call) (say person.FactDefaults, err error) {
	say.Source = person.FactSource{Kind: d.Form.Value(importSource), Number: clip(d.Form.Text(importNumber))}
	if t := d.Form.Text(importFrom); t != "" {
		if say.From, err = vn.ReadDate(t); err != nil {
			return say, desk.Wrong(importFrom, "Ngày chung không đọc được; hãy viết như 31/12/2025, 12/2025 hoặc 2025.", "The day cannot be read; write it like 31/12/2025, 12/2025 or 2025.")
		}
	}
	return say, nil
}

// Asks says that the facts of the file need a day or a paper for all of them.
func (d *personImportData) Asks() bool {
	return d.FactCount > 0 && (d.Form.Value(importSource) == "" || slices.ContainsFunc(d.Defaults, func(f Field) bool { return f.Error != "" }))
}

// countHeads are headers of the running number, which nobody misses.
var countHeads = []string{"stt", "tt", "so tt", "so thu tu", "no."}

// Unused names the columns of the file that nothing is taken from.
func (d *personImportData) Unused() string {
	used := map[int]bool{}
	for _, i := range d.columns {
		used[i] = true
	}
	var out []string
	for i, h := range d.table.Header {
		if h = strings.TrimSpace(h); h != "" && !used[i] && !slices.Contains(countHeads, vn.Fold(h)) {
			out = append(out, "“"+h+"”")
		}
	}
	return strings.Join(out, ", ")
}
