package rule

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"

	"go.yaml.in/yaml/v4"

	"minhbach/internal/vn"
)

// MaxFile bounds a regulation file, in bytes.
const MaxFile = 1 << 20

// Edition is one regulation file: what one document said between two days, or
// what a province puts over it (Override).
type Edition struct {
	File     string `yaml:"-"`
	Digest   string `yaml:"-"` // sha256 of the file, hex
	Raw      []byte `yaml:"-"`
	Recorded int64  `yaml:"-"` // entry that brought it in, plus one; 0 when built in

	Document     Document        `yaml:"document"`
	ID           string          `yaml:"edition"`
	Series       string          `yaml:"series"` // documents that follow one another share a series
	Valid        Validity        `yaml:"valid"`
	AmendedBy    []DocRef        `yaml:"amended_by"`
	Override     *DocRef         `yaml:"override"` // the document it stands over, for a province's own file
	Replaces     []Replaced      `yaml:"replaces"` // what stops deciding the day before this one begins
	Note         Words           `yaml:"note"`
	Parameters   []*Parameter    `yaml:"parameters"`
	Policies     []*Policy       `yaml:"policies"`
	Rules        []*Rule         `yaml:"rules"`
	Contests     []*Contest      `yaml:"contests"`
	Transitions  []Transition    `yaml:"transitions"`
	Procedures   []*Procedure    `yaml:"procedures"`
	Incompatible []*Incompatible `yaml:"incompatible"`
	Kinship      *Kin            `yaml:"kinship"`
	Examples     []Example       `yaml:"examples"`
}

// Document names a document by number and date: numbers repeat.
type Document struct {
	Number string  `yaml:"number"`
	Date   vn.Date `yaml:"date"`
	Kind   string  `yaml:"kind"` // law, regulation, guidance, charter, …
	Title  Words   `yaml:"title"`
	Issuer Words   `yaml:"issuer"`
}

// DocRef points at a document.
type DocRef struct {
	Number string  `yaml:"number"`
	Date   vn.Date `yaml:"date"`
}

// Replaced names what an edition takes the place of: one edition of a document,
// or all of them when Edition is empty. So a new document ends the one before
// it, and a wrongly recorded file is corrected, without touching either file.
type Replaced struct {
	Number  string  `yaml:"number"`
	Date    vn.Date `yaml:"date"`
	Edition string  `yaml:"edition"`
}

func (d Document) Ref() DocRef  { return DocRef{d.Number, d.Date} }
func (r DocRef) String() string { return r.Number + " (" + r.Date.String() + ")" }
func (e *Edition) Pin() Pin {
	return Pin{e.Document.Number, e.Document.Date, e.ID, e.Digest, e.Recorded}
}

// Validity is the days on which the edition decides; To is zero while open.
type Validity struct {
	From vn.Date `yaml:"from"`
	To   vn.Date `yaml:"to"`
}

// On says whether a day lies inside.
func (v Validity) On(d vn.Date) bool {
	return !d.Before(v.From) && (v.To.IsZero() || !v.To.Before(d))
}

// Item is what parameters, policies and rules share: a name, its article and
// how sure it is, with the readings that are possible while it is unverified.
type Item struct {
	ID       string    `yaml:"id"`
	Title    Words     `yaml:"title"`
	Article  string    `yaml:"article"`
	Evidence Evidence  `yaml:"evidence"`
	Source   string    `yaml:"source"`
	Readings []Reading `yaml:"readings"`
}

// Reading is another way an unverified item may be meant. Only the field that
// fits the item is filled: Value, Choose with With, or Expr.
type Reading struct {
	ID     string            `yaml:"id"`
	Says   Words             `yaml:"says"`
	Value  *Value            `yaml:"value"`
	Choose string            `yaml:"choose"`
	With   map[string]string `yaml:"with"`
	List   []string          `yaml:"list"`
	Expr   string            `yaml:"expr"`
}

// MainReading is the id of the reading that the item itself states.
const MainReading = "main"

// Parameter is one typed value of the regulation.
type Parameter struct {
	Item  `yaml:",inline"`
	Type  string `yaml:"type"` // count, fraction, days, working-days, months, years, year-month (196509 is 9/1965)
	Value Value  `yaml:"value"`
	Unit  Words  `yaml:"unit"`
}

// Value is a whole number or a fraction of two whole numbers; never a double.
type Value struct{ Num, Den int64 }

// String prints 3 or 1/2.
func (v Value) String() string {
	if v.Den == 1 {
		return fmt.Sprint(v.Num)
	}
	return fmt.Sprintf("%d/%d", v.Num, v.Den)
}

// UnmarshalYAML reads 3 or [1, 2].
func (v *Value) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode {
		var p []int64
		if err := n.Decode(&p); err != nil || len(p) != 2 || p[1] <= 0 {
			return fmt.Errorf("line %d: a fraction is [whole number, positive whole number]", n.Line)
		}
		v.Num, v.Den = p[0], p[1]
		return nil
	}
	v.Den = 1
	if err := n.Decode(&v.Num); err != nil || n.Tag == "!!float" {
		return fmt.Errorf("line %d: a value is a whole number or a fraction [a, b]", n.Line)
	}
	return nil
}

// Policy chooses, by name, a way that the counting code knows: how the base is
// made, how the last seat's tie is broken, what follows when seats stay empty.
type Policy struct {
	Item   `yaml:",inline"`
	Choose string            `yaml:"choose"`
	With   map[string]string `yaml:"with"`
	List   []string          `yaml:"list"` // e.g. the deductions a base accepts
	Says   Words             `yaml:"says"` // the sentence shown when it decides
}

// Role says what a rule decides in a contest.
type Role string

// The roles.
const (
	RoleIdentity  Role = "identity"  // figures that must agree; severity block refuses, warn warns
	RoleLine      Role = "line"      // the same, per candidate
	RoleValidity  Role = "validity"  // without it the election does not count
	RoleWinner    Role = "winner"    // per candidate: passes or not
	RoleFallback  Role = "fallback"  // per candidate, when nobody passes: who goes on all the same
	RoleHead      Role = "head"      // per candidate, when nobody passes: the head may choose this one
	RoleExtra     Role = "extra"     // when short: an extra election follows
	RoleAskUpper  Role = "ask-upper" // when it holds the upper level must answer first
	RoleCondition Role = "condition" // a condition of the list or the body; a warning when it fails
	// RoleConsequence is asked per candidate: when it holds something follows
	// for this person, which changes nobody's outcome.
	RoleConsequence Role = "consequence"
	RoleBallot      Role = "ballot"     // when it holds the ballot is invalid, cause = Cause
	RoleStandalone  Role = "standalone" // asked by other rooms: deadlines, file conditions
)

// Rule is one question with a yes or no.
type Rule struct {
	Item     `yaml:",inline"`
	Role     Role     `yaml:"role"`
	Severity string   `yaml:"severity"` // block or warn, for identities
	Quiet    bool     `yaml:"quiet"`    // no finding when its inputs were not recorded
	Forms    []string `yaml:"forms"`    // only for these ballot forms; empty: all
	Cause    string   `yaml:"cause"`    // for RoleBallot
	Expr     string   `yaml:"expr"`
	Holds    Words    `yaml:"holds"`
	Fails    Words    `yaml:"fails"`
	For      []string `yaml:"for"` // contests of other documents that the rule joins
}

// Contest binds a contest kind to its rules and policies.
type Contest struct {
	ID       string            `yaml:"id"` // e.g. "state-election/qh"
	Title    Words             `yaml:"title"`
	Policies map[string]string `yaml:"policies"` // slot → policy id
	Rules    []string          `yaml:"rules"`
}

// Transition lets a case pinned to an older edition go over to this one.
type Transition struct {
	From    DocRef `yaml:"from"`
	Edition string `yaml:"edition"`
	Article string `yaml:"article"`
	Says    Words  `yaml:"says"`
}

// Example is a test that stands in the regulation file. Either Rule with
// Inputs and Holds, or Contest (a contest record as JSON text) with Want
// (fields of the result that must be equal).
type Example struct {
	Name    string           `yaml:"name"`
	Rule    string           `yaml:"rule"`
	Inputs  map[string]int64 `yaml:"inputs"`
	Holds   *bool            `yaml:"holds"`
	On      vn.Date          `yaml:"on"`
	Contest string           `yaml:"contest"`
	Want    string           `yaml:"want"`
	// Under chooses readings of unverified items (item → reading) for this
	// example alone, so that every reading is exercised.
	Under map[string]string `yaml:"under"`
}

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,79}$`)
var paramPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// ParseEdition reads one regulation file strictly: unknown fields, doubles,
// anchors, files over MaxFile and items without article or evidence are
// refused with the line where that is known.
func ParseEdition(file string, raw []byte, entry int64) (*Edition, error) {
	fail := func(err error) (*Edition, error) { return nil, fmt.Errorf("%s: %w", file, err) }
	if len(raw) > MaxFile {
		return fail(fmt.Errorf("the file has %d bytes, more than %d", len(raw), MaxFile))
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return fail(err)
	}
	if err := checkNodes(&doc, 0); err != nil {
		return fail(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	e := &Edition{}
	if err := dec.Decode(e); err != nil {
		return fail(err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fail(errors.New("one file holds one edition"))
	}
	sum := sha256.Sum256(raw)
	e.File, e.Raw, e.Digest, e.Recorded = file, bytes.Clone(raw), hex.EncodeToString(sum[:]), entry
	if err := e.validate(); err != nil {
		var ie *itemError
		if errors.As(err, &ie) {
			if line := lineOf(&doc, ie.id); line > 0 {
				err = fmt.Errorf("line %d: %w", line, err)
			}
		}
		return fail(err)
	}
	return e, nil
}

// itemError is what is wrong with one item, so that its line can be found.
type itemError struct {
	id string
	error
}

func (e *itemError) Unwrap() error { return e.error }

// lineOf is the line of the last item with an id, 0 when there is none.
func lineOf(n *yaml.Node, id string) int {
	line := 0
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "id" && n.Content[i+1].Value == id {
				line = n.Content[i].Line
			}
		}
	}
	for _, c := range n.Content {
		line = max(line, lineOf(c, id))
	}
	return line
}

// Text is a value as sentences have it: 1/2, 15, 9/1965.
func (p *Parameter) Text(v Value) string {
	if p.Type == "year-month" {
		return fmt.Sprintf("%d/%d", v.Num%100, v.Num/100)
	}
	return v.String()
}

func (p *Parameter) values() []Value {
	vs := []Value{p.Value}
	for _, r := range p.Readings {
		vs = append(vs, *r.Value)
	}
	return vs
}
