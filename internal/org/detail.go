package org

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Detail is one thing an organisation has from a day on.
type Detail struct {
	Key   string `json:"key"`
	Value string `json:"value"` // "" : none from that day on
}

// DetailName is a detail in the two languages, with its choices if it has any.
type DetailName struct {
	Key, VI, EN string
	Choices     []DetailChoice
}

// DetailChoice is one value of a detail.
type DetailChoice struct{ Value, VI, EN string }

// The keys of details.
const (
	Level         = "level"
	ManagingLevel = "managing-level"
	PartyCode     = "code.party" // M1.M2.M3.M4.M5: 2.3.3.3.3 digits, as member files are named (607-QĐ/BTCTW)
	OldPartyCode  = "code.party-old"
	AdminCode     = "code.admin" // of the General Statistics Office
	BudgetCode    = "code.budget"
	Seal          = "seal"
	Territory     = "territory"    // the administrative unit it sits in: an organisation's id
	SizeConsent   = "size-consent" // paper by which the upper level agrees to another size
)

// Kinds of staff: each has a quota, places held open and a plan of its own.
const (
	CivilServant = "civil-servant"
	Employee     = "employee"
	Contract     = "contract"
)

// StaffKind is a kind of staff in the two languages.
type StaffKind struct{ Kind, VI, EN string }

// StaffKinds lists the kinds of staff.
func StaffKinds() []StaffKind {
	return []StaffKind{
		{CivilServant, "Cán bộ, công chức", "Civil servants"},
		{Employee, "Viên chức", "Public employees"},
		{Contract, "Hợp đồng lao động", "Contract staff"},
	}
}

// The keys of staff figures: QuotaOf(CivilServant) is what a decision allots,
// HeldOf the places held open for somebody, PlanOf what is aimed at. Position
// is the number of places of one title.
func QuotaOf(kind string) string { return "quota." + kind }

// HeldOf is the key of places held open.
func HeldOf(kind string) string { return "held." + kind }

// PlanOf is the key of the number aimed at.
func PlanOf(kind string) string { return "plan." + kind }

// PositionOf is the key of the number of job positions of one title.
func PositionOf(title string) string { return "position." + title }

var levels = []DetailChoice{
	{"central", "Trung ương", "Central"},
	{"province", "Cấp tỉnh", "Province"},
	{"district", "Cấp huyện", "District"},
	{"above-grassroots", "Cấp trên trực tiếp cơ sở", "Above the grassroots"},
	{"grassroots", "Cấp cơ sở (cấp xã)", "Grassroots (commune)"},
	{"below-grassroots", "Dưới cơ sở", "Below the grassroots"},
}

// DetailNames lists the details in the order pages show them.
func DetailNames() []DetailName { return append([]DetailName{}, detailNames...) }

var detailNames = func() []DetailName {
	names := []DetailName{
		{Level, "Cấp", "Level", levels},
		{ManagingLevel, "Cấp quản lý", "Managing level", levels},
		{PartyCode, "Mã tổ chức đảng", "Code of the Party organisation", nil},
		{OldPartyCode, "Mã tổ chức đảng kiểu cũ", "Older code of the Party organisation", nil},
		{AdminCode, "Mã đơn vị hành chính", "Code of the administrative unit", nil},
		{BudgetCode, "Mã quan hệ ngân sách", "Budget code", nil},
		{Seal, "Con dấu", "Seal", nil},
		{Territory, "Địa bàn", "Territory", nil},
		{SizeConsent, "Văn bản đồng ý khác quy định về số đảng viên", "Consent to another number of members", nil},
	}
	for _, k := range StaffKinds() {
		names = append(names, DetailName{QuotaOf(k.Kind), "Biên chế được giao: " + k.VI, "Quota allotted: " + k.EN, nil},
			DetailName{HeldOf(k.Kind), "Chỗ để dành: " + k.VI, "Places held open: " + k.EN, nil},
			DetailName{PlanOf(k.Kind), "Kế hoạch biên chế: " + k.VI, "Planned: " + k.EN, nil})
	}
	return names
}()

// Counted says whether a detail is a number of places.
func Counted(key string) bool {
	for _, p := range []string{"quota.", "held.", "plan.", "position."} {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

var positionForm = regexp.MustCompile(`^position\.[a-z0-9-]{1,60}$`)

// SetDetail records what an organisation has from a day on.
type SetDetail struct {
	Org      string
	Detail   Detail
	From     vn.Date
	Decision Decision
}

// CorrectDetail says that a detail was recorded wrongly and how it really
// reads; with Withdraw, that it should not stand at all.
type CorrectDetail struct {
	Org      string
	Fact     int64
	Withdraw bool
	Detail   Detail // its key says which detail of the entry
	From     vn.Date
	Reason   string
	Decision Decision
}

// Reclassify records that a unit is of another kind, or of another level, from
// a day on: a grassroots cell grows into a party body. Empty parts stay.
type Reclassify struct {
	Org      string
	Kind     Kind
	Level    string
	From     vn.Date
	Decision Decision
}

// Name is the act's name.
func (a SetDetail) Name() string { return "org.set-detail" }

// Subject is the unit.
func (a SetDetail) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a SetDetail) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses a value of another form, a day outside the unit's life, a
// code that another unit has on some day of the whole span.
func (a SetDetail) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	err := g.setDetail(a.Org, a.Detail, a.From, a.Decision)
	return g.drafts, err
}

// Name is the act's name.
func (a CorrectDetail) Name() string { return "org.correct-detail" }

// Subject is the unit.
func (a CorrectDetail) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a CorrectDetail) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide checks the corrected detail like a new one.
func (a CorrectDetail) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	said, err := detailsOf(ctx, s.Tx, a.Org)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(d DetailFact) bool { return d.Fact == a.Fact && d.Key == a.Detail.Key })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	if err := checkDecision(a.Decision); err != nil {
		return nil, err
	}
	b := body{Org: a.Org, Fact: &said[at].Fact, Withdrawn: a.Withdraw, Details: []Detail{{Key: a.Detail.Key}}}
	if !a.Withdraw {
		d, err := g.detail(a.Org, a.Detail, a.From, &said[at])
		if err != nil {
			return nil, err
		}
		b.Details, b.From, b.Decision = []Detail{d}, a.From, a.Decision
	}
	return []desk.Draft{{Kind: kindDetailCorrected, Subjects: []string{a.Org}, Body: b, Blocks: append(signed(a.Decision), reasonBlock(a.Reason))}}, nil
}

// Name is the act's name.
func (a Reclassify) Name() string { return "org.reclassify" }

// Subject is the unit.
func (a Reclassify) Subject() string { return a.Org }

// Need asks for the right over the unit.
func (a Reclassify) Need() desk.Need { return desk.Need{Right: desk.EditOrg, Org: a.Org} }

// Decide refuses an unknown kind or level, and an act that says neither.
func (a Reclassify) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	g := newGround(ctx, s)
	if a.Kind == "" && a.Level == "" {
		return nil, desk.Wrong("kind", "Hãy chọn loại tổ chức mới hoặc cấp mới.", "Choose the new kind or the new level.")
	}
	if a.Kind != "" {
		if err := g.say(kindReclassified, body{Org: a.Org, Kind: a.Kind, From: a.From, Decision: a.Decision}, Reclassified); err != nil {
			return nil, err
		}
	}
	if a.Level != "" {
		if err := g.setDetail(a.Org, Detail{Level, a.Level}, a.From, a.Decision); err != nil {
			return nil, err
		}
	}
	return g.drafts, nil
}

func (g *ground) setDetail(id string, d Detail, from vn.Date, decision Decision) error {
	known, err := g.known(id)
	if err != nil {
		return err
	}
	if !known {
		return desk.Missing("Không có tổ chức này trong hồ sơ.", "There is no such organisation on record.")
	}
	if err := checkDecision(decision); err != nil {
		return err
	}
	if d, err = g.detail(id, d, from, nil); err != nil {
		return err
	}
	exists, err := g.existsOn(id, from)
	if err != nil {
		return err
	}
	if !exists {
		return desk.Refuse("Tổ chức không tồn tại vào ngày "+from.Vietnamese()+".", "The organisation does not exist on "+from.String()+".")
	}
	g.drafts = append(g.drafts, desk.Draft{Kind: kindDetailed, Subjects: []string{id},
		Body: body{Org: id, From: from, Details: []Detail{d}, Decision: decision}, Blocks: signed(decision)})
	return nil
}

var (
	partyCodeForm = regexp.MustCompile(`^\d{2}\.\d{3}\.\d{3}\.\d{3}\.\d{3}$`)
	codeForm      = regexp.MustCompile(`^[0-9A-Za-zĐđ./-]{1,40}$`)
)

// detail checks a value by itself and, for codes, against every other unit on
// every day from its first one to the next value of this unit.
func (g *ground) detail(id string, d Detail, from vn.Date, old *DetailFact) (Detail, error) {
	d.Value = strings.TrimSpace(d.Value)
	if from.IsZero() || from.Year < 1900 || from.Year > 2200 {
		return d, desk.Wrong("from", "Cần ngày có hiệu lực, từ năm 1900 đến năm 2200.", "An effective date between 1900 and 2200 is needed.")
	}
	name := DetailName{Key: d.Key, VI: "Vị trí việc làm", EN: "Job positions"}
	if at := slices.IndexFunc(detailNames, func(n DetailName) bool { return n.Key == d.Key }); at >= 0 {
		name = detailNames[at]
	} else if !positionForm.MatchString(d.Key) {
		return d, desk.Wrong("detail", "Cần chọn mục trong danh mục.", "Choose the detail from the list.")
	}
	if utf8.RuneCountInString(d.Value) > 300 {
		return d, desk.Wrong("value", "Nội dung quá 300 chữ.", "This is longer than 300 letters.")
	}
	said, err := g.details(id)
	if err != nil {
		return d, err
	}
	for _, f := range said {
		if f.Key == d.Key && f.From == from && !f.Withdrawn && (old == nil || f.Fact != old.Fact) {
			return d, desk.Refuse("Ngày "+from.Vietnamese()+" đã ghi mục “"+name.VI+"”; hãy đính chính mục ấy.",
				"“"+name.EN+"” is already recorded from "+from.String()+"; correct that statement instead.")
		}
	}
	if d.Value == "" {
		return d, nil
	}
	if Counted(d.Key) {
		n, err := vn.ReadCount(d.Value)
		if err != nil || n > 1_000_000 {
			return d, desk.Wrong("value", "Cần một số nguyên không quá 1.000.000.", "A whole number of at most 1,000,000 is needed.")
		}
		d.Value = strconv.FormatInt(n, 10)
		return d, nil
	}
	switch {
	case len(name.Choices) > 0:
		if !slices.ContainsFunc(name.Choices, func(c DetailChoice) bool { return c.Value == d.Value }) {
			return d, desk.Wrong("value", "Cần chọn trong danh mục.", "Choose from the list.")
		}
	case d.Key == Territory:
		known, err := g.known(d.Value)
		if err != nil {
			return d, err
		}
		if !known {
			return d, desk.Wrong("value", "Địa bàn không có trong danh mục đơn vị hành chính.", "The territory is not on record.")
		}
	case d.Key == PartyCode && !partyCodeForm.MatchString(d.Value):
		return d, desk.Wrong("value", "Mã tổ chức đảng gồm 14 chữ số, dạng 25.000.036.001.015.", "The code has 14 digits, as in 25.000.036.001.015.")
	case strings.HasPrefix(d.Key, "code.") && !codeForm.MatchString(d.Value):
		return d, desk.Wrong("value", "Mã chỉ gồm chữ, số, dấu chấm, gạch; không quá 40 ký tự.", "A code has letters, digits, dots, slashes and hyphens, at most 40.")
	}
	if !strings.HasPrefix(d.Key, "code.") {
		return d, nil
	}
	var to vn.Date
	for _, f := range said {
		if f.Key == d.Key && !f.Withdrawn && from.Before(f.From) && (to.IsZero() || f.From.Before(to)) && (old == nil || f.Fact != old.Fact) {
			to = f.From
		}
	}
	return d, g.freeCode(id, d, from, to)
}

// freeCode refuses a code that another unit has on some day of [from, to).
func (g *ground) freeCode(id string, d Detail, from, to vn.Date) error {
	key := d.Key + " " + d.Value
	uses, looked := g.taken[key]
	if !looked && !g.whole {
		var err error
		if uses, err = codeUses(g.ctx, g.s.Tx, d.Key, d.Value); err != nil {
			return err
		}
	}
	for _, u := range uses {
		if u.Org == id {
			continue
		}
		vs, err := g.versions(u.Org)
		if err != nil {
			return err
		}
		end := u.To
		if n := len(vs); n > 0 && !vs[n-1].to.IsZero() && (end.IsZero() || vs[n-1].to.Before(end)) {
			end = vs[n-1].to
		}
		if day, _, ok := vn.Overlap(from, to, u.From, end); ok {
			return desk.Refuse("Mã “"+d.Value+"” đang thuộc một tổ chức khác vào ngày "+day.Vietnamese()+".",
				"The code “"+d.Value+"” belongs to another organisation on "+day.String()+".")
		}
	}
	g.taken[key] = append(uses, CodeUse{Org: id, Key: d.Key, Code: d.Value, From: from, To: to})
	return nil
}

// details are what stands about a unit; a unit that this act founds has none.
func (g *ground) details(id string) ([]DetailFact, error) {
	if g.whole {
		return nil, nil
	}
	return detailsOf(g.ctx, g.s.Tx, id)
}

// DetailFact is one wording of a detail.
type DetailFact struct {
	Detail
	Org         string
	From        vn.Date
	Fact, Entry int64
	EntryTo     int64
	Decision    Decision
	Withdrawn   bool
}

// CodeUse is a code with the unit that has it and the days it has it on.
type CodeUse struct {
	Org, Key, Code string
	From, To       vn.Date
}

var detailColumns = []string{"entry_from", "entry_to", "fact", "org", "detail", "valid_from", "value", "decision", "withdrawn"}

func detailRows(rows *[][]any, r desk.Record, b body) error {
	if len(b.Details) == 0 {
		return nil
	}
	decision, err := json.Marshal(b.Decision)
	for _, d := range b.Details {
		*rows = append(*rows, []any{r.Index, int64(-1), r.Index, b.Org, d.Key, b.From.String(), d.Value, string(decision), int64(0)})
	}
	return err
}

// replaceFact closes the wording that a correction speaks of and writes the
// new one under the same fact.
func replaceFact(ctx context.Context, tx *store.Tx, r desk.Record, b body) error {
	if b.Fact == nil {
		return errors.New("a correction of nothing")
	}
	var rows, links [][]any
	err := errors.Join(detailRows(&rows, r, b), lineageRows(&links, r, b))
	if err != nil {
		return err
	}
	withdrawn := int64(0)
	if b.Withdrawn {
		withdrawn = 1
	}
	for _, row := range rows {
		row[2], row[8] = *b.Fact, withdrawn
		if _, err := tx.Exec(ctx, `UPDATE org_detail SET entry_to = $1 WHERE fact = $2 AND org = $3 AND detail = $4 AND entry_to = -1`, r.Index, *b.Fact, row[3], row[4]); err != nil {
			return err
		}
	}
	if r.Kind == kindLineageCorrected {
		if _, err := tx.Exec(ctx, `UPDATE org_lineage SET entry_to = $1 WHERE fact = $2 AND entry_to = -1`, r.Index, *b.Fact); err != nil {
			return err
		}
		for _, row := range links {
			row[3], row[12] = *b.Fact, withdrawn
		}
	}
	return errors.Join(tx.Insert(ctx, "org_detail", detailColumns, rows), tx.Insert(ctx, "org_lineage", lineageColumns, links))
}

const detailSelect = `SELECT entry_from, entry_to, fact, org, detail, valid_from, value, decision, withdrawn FROM org_detail `

// detailsOf is what stands now about a unit.
func detailsOf(ctx context.Context, tx *store.Tx, id string) ([]DetailFact, error) {
	return detailFacts(ctx, tx, detailSelect+`WHERE org = $1 AND entry_to = -1 ORDER BY fact, detail`, id)
}

// DetailHistory is every wording of every detail of a unit, in the order of
// saying.
func DetailHistory(ctx context.Context, tx *store.Tx, id string) ([]DetailFact, error) {
	return detailFacts(ctx, tx, detailSelect+`WHERE org = $1 ORDER BY entry_from, detail`, id)
}

// Details is what a unit has at a pair of times, in the order of DetailNames.
func Details(ctx context.Context, tx *store.Tx, id string, at At) ([]DetailFact, error) {
	all, err := detailFacts(ctx, tx, detailSelect+`WHERE org = $3 AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`,
		at.On.String(), at.KnownIndex(), id)
	if err != nil {
		return nil, err
	}
	last := map[string]DetailFact{}
	for _, d := range all {
		last[d.Key] = d
	}
	var out []DetailFact
	for _, n := range detailNames {
		if d, ok := last[n.Key]; ok && d.Value != "" {
			out = append(out, d)
		}
		delete(last, n.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(last)) {
		if last[key].Value != "" {
			out = append(out, last[key])
		}
	}
	return out, nil
}

// DetailOf gives one detail of every unit at a pair of times.
func DetailOf(ctx context.Context, tx *store.Tx, key string, at At) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT org, value FROM org_detail WHERE detail = $3 AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`,
		at.On.String(), at.KnownIndex(), key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var id, v string
		if err := rows.Scan(&id, &v); err != nil {
			return nil, err
		}
		out[id] = v
	}
	return out, rows.Err()
}

// ByCode finds who has, or had, a code of any scheme, oldest first.
func ByCode(ctx context.Context, tx *store.Tx, code string) ([]CodeUse, error) {
	return codesWhere(ctx, tx, `value = $1 AND substr(detail, 1, 5) = 'code.'`, strings.TrimSpace(code))
}

func codeUses(ctx context.Context, tx *store.Tx, key, code string) ([]CodeUse, error) {
	return codesWhere(ctx, tx, `detail = $1 AND value = $2`, key, code)
}

// codesWhere gives uses of codes known now, each until the unit's next value
// of that scheme.
func codesWhere(ctx context.Context, tx *store.Tx, where string, args ...any) ([]CodeUse, error) {
	hits, err := detailFacts(ctx, tx, detailSelect+`WHERE entry_to = -1 AND withdrawn = 0 AND `+where+` ORDER BY org, valid_from`, args...)
	if err != nil {
		return nil, err
	}
	var out []CodeUse
	for _, h := range hits {
		u := CodeUse{Org: h.Org, Key: h.Key, Code: h.Value, From: h.From}
		all, err := detailsOf(ctx, tx, h.Org)
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			if d.Key == h.Key && !d.Withdrawn && h.From.Before(d.From) && (u.To.IsZero() || d.From.Before(u.To)) {
				u.To = d.From
			}
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b CodeUse) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Org, b.Org)) })
	return out, nil
}

// Address is the path of the territory an organisation sits in, as of a day:
// its own, or that of the nearest unit above that has one.
func Address(ctx context.Context, tx *store.Tx, id string, at At) ([]Unit, error) {
	path, err := Path(ctx, tx, id, at)
	if err != nil {
		return nil, err
	}
	for _, u := range slices.Backward(path) {
		ds, err := Details(ctx, tx, u.ID, at)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			if d.Key == Territory {
				return Path(ctx, tx, d.Value, at)
			}
		}
	}
	return nil, nil
}

func detailFacts(ctx context.Context, tx *store.Tx, query string, args ...any) ([]DetailFact, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []DetailFact
	for rows.Next() {
		var d DetailFact
		var from, decision string
		var withdrawn int64
		if err := rows.Scan(&d.Entry, &d.EntryTo, &d.Fact, &d.Org, &d.Key, &from, &d.Value, &decision, &withdrawn); err != nil {
			return nil, err
		}
		d.Withdrawn = withdrawn != 0
		if err := errors.Join(d.From.UnmarshalText([]byte(from)), json.Unmarshal([]byte(decision), &d.Decision)); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Counts gives every staff figure of every unit at a pair of times: by unit,
// then by key, each with the decision that set it.
func Counts(ctx context.Context, tx *store.Tx, at At) (map[string]map[string]DetailFact, error) {
	all, err := detailFacts(ctx, tx, detailSelect+`WHERE (detail LIKE 'quota.%' OR detail LIKE 'held.%' OR detail LIKE 'plan.%' OR detail LIKE 'position.%')
		AND valid_from <= $1 AND entry_from <= $2 AND (entry_to = -1 OR entry_to > $2) AND withdrawn = 0 ORDER BY valid_from, fact`, at.On.String(), at.KnownIndex())
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]DetailFact{}
	for _, d := range all {
		if out[d.Org] == nil {
			out[d.Org] = map[string]DetailFact{}
		}
		out[d.Org][d.Key] = d
	}
	return out, nil
}

// Number is a staff figure as a number; 0 when none is set.
func (d DetailFact) Number() int64 {
	n, err := strconv.ParseInt(d.Value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
