package person

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/vn"
)

// FactBlock is one block of personal facts: what screens, forms, imports,
// exports and the papers 2C and 2-HSĐV all read. The table stands in
// fact_blocks.csv, fact_fields.csv and fact_codes.csv.
type FactBlock struct {
	Key       string
	Shape     string // "one" value at a time, a "list" of items, or "registry": kept by Record, Change and Correct
	Locked    bool   // not changed while a procedure about the person runs
	Sensitive bool   // shown on asking only, each view logged under its own name
	Group     string // part of the page: who, work, study, life, private
	VI, EN    string
	Point     bool   // a thing of one day (a diploma, a reward): it has no end of its own
	FromVI    string // what its first day means
	FromEN    string
	Fields    []FactField
}

// List says that a person may have several items of it at once.
func (b FactBlock) List() bool { return b.Shape == "list" }

// Field finds a field by key.
func (b FactBlock) Field(key string) (FactField, bool) {
	for _, f := range b.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return FactField{}, false
}

// FactField is one field of a block.
type FactField struct {
	Block, Key string
	Kind       string // text, long, date (a day, month or year), number, code (of List), suggest (List only proposes)
	List       string
	Required   bool
	Counted    bool // kept in the table person_attr, for filters and counts
	Max        int  // letters at most
	C2, HSDV   string
	VI, EN     string
}

// ID is the name of the field among all fields, as exports and saved searches
// write it: "theory.level".
func (f FactField) ID() string { return f.Block + "." + f.Key }

// FactCode is one value of a code list, with where the list comes from.
type FactCode struct {
	List, Code, VI, EN string
	Source             string
	Evidence           string // confirmed, reported, unverified
}

var (
	//go:embed fact_blocks.csv
	factBlocksCSV []byte
	//go:embed fact_fields.csv
	factFieldsCSV []byte
	//go:embed fact_codes.csv
	factCodesCSV []byte

	factBlocks, factCodes = factTables()
)

func csvRows(raw []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows[1:]
}

func factTables() (blocks []FactBlock, codes map[string][]FactCode) {
	codes = map[string][]FactCode{}
	for _, r := range csvRows(factCodesCSV) {
		codes[r[0]] = append(codes[r[0]], FactCode{List: r[0], Code: r[1], VI: r[2], EN: r[3], Source: r[4], Evidence: r[5]})
	}
	for _, r := range csvRows(factBlocksCSV) {
		blocks = append(blocks, FactBlock{Key: r[0], Shape: r[1], Locked: r[2] == "1", Sensitive: r[3] == "1", Group: r[4], VI: r[5], EN: r[6], Point: r[7] == "1", FromVI: r[8], FromEN: r[9]})
	}
	for _, r := range csvRows(factFieldsCSV) {
		f := FactField{Block: r[0], Key: r[1], Kind: r[2], List: r[3], Required: r[4] == "1", Counted: r[5] == "1", C2: r[7], HSDV: r[8], VI: r[9], EN: r[10]}
		f.Max, _ = strconv.Atoi(r[6])
		at := slices.IndexFunc(blocks, func(b FactBlock) bool { return b.Key == f.Block })
		if at < 0 || f.List != "" && codes[f.List] == nil {
			panic("person: fact_fields.csv: " + f.ID())
		}
		blocks[at].Fields = append(blocks[at].Fields, f)
	}
	return blocks, codes
}

// FactBlocks lists the blocks in the order of the page; the block "identity"
// comes first and is kept by Record, Change and Correct.
func FactBlocks() []FactBlock { return slices.Clone(factBlocks) }

// FactBlockOf finds a block by key.
func FactBlockOf(key string) (FactBlock, bool) {
	for _, b := range factBlocks {
		if b.Key == key {
			return b, true
		}
	}
	return FactBlock{}, false
}

// FactFieldOf finds a field by its id, "theory.level".
func FactFieldOf(id string) (FactField, bool) {
	block, key, _ := strings.Cut(id, ".")
	b, ok := FactBlockOf(block)
	if !ok {
		return FactField{}, false
	}
	return b.Field(key)
}

// FactCodes lists the values of a code list in the order forms show them.
func FactCodes(list string) []FactCode { return slices.Clone(factCodes[list]) }

// FactCodeOf finds one value.
func FactCodeOf(list, code string) (FactCode, bool) {
	for _, c := range factCodes[list] {
		if c.Code == code {
			return c, true
		}
	}
	return FactCode{}, false
}

// Words is the value of a field as people read it, in "vi" or "en".
func (f FactField) Words(value, lang string) string {
	switch f.Kind {
	case "code":
		if c, ok := FactCodeOf(f.List, value); ok {
			if lang == "en" {
				return c.EN
			}
			return c.VI
		}
	case "date":
		if p, err := vn.ParsePartial(value); err == nil {
			return p.Vietnamese()
		}
	case "number":
		if lang == "vi" {
			return strings.ReplaceAll(value, ".", ",")
		}
	}
	return value
}

// Read takes a value as people type it – the words of a code, a day in any of
// the office's shapes – and gives the form in which it is kept; words say what
// is wrong with it, empty when nothing is. An empty value stays empty.
func (f FactField) Read(typed string) (value, vi, en string) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", "", ""
	}
	switch f.Kind {
	case "code":
		folded := vn.Fold(typed)
		for _, c := range factCodes[f.List] {
			if c.Code == typed || vn.Fold(c.VI) == folded || vn.Fold(c.EN) == folded {
				return c.Code, "", ""
			}
		}
		return "", f.VI + ": “" + shorten(typed) + "” không có trong danh mục.", f.EN + ": “" + shorten(typed) + "” is not in the list."
	case "date":
		p, err := vn.ParsePartial(typed)
		if err != nil {
			p, err = vn.ReadDate(typed)
		}
		if err != nil || p.Year < 1850 || p.Year > 2200 {
			return "", f.VI + ": chưa đọc được ngày. Gõ ngày/tháng/năm, tháng/năm, hoặc chỉ năm.", f.EN + ": the date cannot be read. Type day/month/year, month/year, or the year alone."
		}
		return p.String(), "", ""
	case "number":
		n := strings.ReplaceAll(typed, ",", ".")
		if x, err := strconv.ParseFloat(n, 64); err != nil || x < 0 || strings.ContainsAny(n, "eExXpPnNiI_+") {
			return "", f.VI + ": cần một số, ví dụ 4,98.", f.EN + ": a number is needed, e.g. 4.98."
		}
		typed = n
	case "long":
		typed = strings.ReplaceAll(typed, "\r\n", "\n")
	default:
		typed = vn.NormalizeName(typed)
	}
	if f.Max > 0 && utf8.RuneCountInString(typed) > f.Max {
		most := strconv.Itoa(f.Max)
		return "", f.VI + ": quá " + most + " chữ.", f.EN + ": longer than " + most + " letters."
	}
	return typed, "", ""
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
