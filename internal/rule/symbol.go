package rule

import (
	"fmt"
	"sort"
)

// Symbol is one input that rules may ask for. The packages that know the
// figure register it (NewInput) at start; a regulation file that names an
// unknown input is refused at load.
type Symbol uint8

// maxSymbols bounds the vocabulary; Inputs is an array of that many places.
const maxSymbols = 128

type symbolInfo struct {
	name  string
	yesNo bool
	words Words
}

var (
	symbols      []symbolInfo
	symbolByName = map[string]Symbol{}
)

// NewInput registers a whole-number input by the name that expressions use.
// It must be called while packages initialise; a second name panics.
func NewInput(name string, vi, en string) Symbol { return register(name, false, Words{vi, en}) }

// NewYesNo registers an input that is true or false.
func NewYesNo(name string, vi, en string) Symbol { return register(name, true, Words{vi, en}) }

func register(name string, yesNo bool, w Words) Symbol {
	if _, dup := symbolByName[name]; dup || len(symbols) == maxSymbols {
		panic("rule: input " + name + " registered twice, or too many inputs")
	}
	s := Symbol(len(symbols))
	symbols = append(symbols, symbolInfo{name, yesNo, w})
	symbolByName[name] = s
	return s
}

// String is the name used in expressions.
func (s Symbol) String() string { return symbols[s].name }

// Words says what the input is, for screens.
func (s Symbol) Words() Words { return symbols[s].words }

// Vocabulary lists every input with its words, by name.
func Vocabulary() []Symbol {
	out := make([]Symbol, len(symbols))
	for i := range out {
		out[i] = Symbol(i)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].String() < out[j].String() })
	return out
}

// Inputs are the figures of one question. The zero value has none recorded.
type Inputs struct {
	val [maxSymbols]int64
	has [2]uint64
}

// Set records a figure; yes/no inputs take 1 and 0.
func (in *Inputs) Set(s Symbol, v int64) {
	in.val[s] = v
	in.has[s>>6] |= 1 << (s & 63)
}

// SetOpt records a figure unless it is nil (not recorded).
func (in *Inputs) SetOpt(s Symbol, v *int64) {
	if v != nil {
		in.Set(s, *v)
	}
}

// SetYes records a yes/no figure.
func (in *Inputs) SetYes(s Symbol, yes bool) {
	if yes {
		in.Set(s, 1)
	} else {
		in.Set(s, 0)
	}
}

// Reset forgets every figure.
func (in *Inputs) Reset() { in.has = [2]uint64{} }

// Clear forgets a figure.
func (in *Inputs) Clear(s Symbol) { in.has[s>>6] &^= 1 << (s & 63) }

// Get returns a figure and whether it was recorded.
func (in *Inputs) Get(s Symbol) (int64, bool) {
	return in.val[s], in.has[s>>6]&(1<<(s&63)) != 0
}

// SetNamed records a figure by name, as examples and forms do.
func (in *Inputs) SetNamed(name string, v int64) error {
	s, ok := symbolByName[name]
	if !ok {
		return fmt.Errorf("rule: no input is called %q", name)
	}
	in.Set(s, v)
	return nil
}
