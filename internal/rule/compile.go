package rule

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// maxCost bounds what one evaluation may cost, in the units of CEL's static
// estimate. Expressions have no loops, so this bounds their length.
const maxCost = 200

// program is an expression compiled once: which figures it needs and how to
// evaluate it. Parameters are looked up at evaluation, so that another reading
// or an override needs no second compilation.
type program struct {
	source string
	eval   cel.Program
	needs  []Symbol
	mask   [2]uint64
	params []string // parameter ids it uses
}

// baseEnv knows every registered input.
func baseEnv() (*cel.Env, error) {
	opts := []cel.EnvOption{cel.StdLib(cel.StdLibSubset(nil)), cel.ClearMacros()}
	for _, s := range symbols {
		t := cel.IntType
		if s.yesNo {
			t = cel.BoolType
		}
		opts = append(opts, cel.Variable(s.name, t))
	}
	return cel.NewCustomEnv(opts...)
}

// paramEnv adds the parameters of an edition. A count p is the variable p; a
// fraction p is p.num and p.den.
func paramEnv(base *cel.Env, params []*Parameter) (*cel.Env, error) {
	var opts []cel.EnvOption
	for _, p := range params {
		if _, clash := symbolByName[p.ID]; clash {
			return nil, fmt.Errorf("parameter %s has the name of an input", p.ID)
		}
		if p.Type == "fraction" {
			opts = append(opts, cel.Variable(p.ID+".num", cel.IntType), cel.Variable(p.ID+".den", cel.IntType))
		} else {
			opts = append(opts, cel.Variable(p.ID, cel.IntType))
		}
	}
	return base.Extend(opts...)
}

func compile(env *cel.Env, expr string) (*program, error) {
	ast, iss := env.Compile(expr)
	if err := iss.Err(); err != nil {
		return nil, err
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, fmt.Errorf("the expression gives %s, not yes or no", ast.OutputType())
	}
	est, err := env.EstimateCost(ast, noSizes{})
	if err != nil {
		return nil, err
	}
	if est.Max > maxCost {
		return nil, fmt.Errorf("the expression may cost %d, more than %d", est.Max, maxCost)
	}
	p := &program{source: expr}
	seen := map[string]bool{}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		if ref.Name == "" || seen[ref.Name] {
			continue
		}
		seen[ref.Name] = true
		if s, ok := symbolByName[ref.Name]; ok {
			p.needs = append(p.needs, s)
			p.mask[s>>6] |= 1 << (s & 63)
			continue
		}
		id := strings.TrimSuffix(strings.TrimSuffix(ref.Name, ".num"), ".den")
		if !seen["param "+id] {
			seen["param "+id] = true
			p.params = append(p.params, id)
		}
	}
	sort.Slice(p.needs, func(i, j int) bool { return p.needs[i] < p.needs[j] })
	sort.Strings(p.params)
	p.eval, err = env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	return p, err
}

type noSizes struct{}

func (noSizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
func (noSizes) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }

// activation hands the expression its inputs and parameters without a map
// made for the occasion.
type activation struct {
	in     *Inputs
	params map[string]int64
}

func (a *activation) ResolveName(name string) (any, bool) {
	if s, ok := symbolByName[name]; ok {
		v, has := a.in.Get(s)
		if !has {
			return nil, false
		}
		if symbols[s].yesNo {
			return types.Bool(v != 0), true
		}
		return types.Int(v), true
	}
	if v, ok := a.params[name]; ok {
		return types.Int(v), true
	}
	return nil, false
}

func (a *activation) Parent() cel.Activation { return nil }

// Answer is what a rule says of some inputs.
type Answer int

// The answers. NotRecorded: an input the rule needs is missing, so the rule
// was not applied.
const (
	NotRecorded Answer = iota
	Fails
	Holds
)

var activations = sync.Pool{New: func() any { return &activation{} }}

func (p *program) ask(in *Inputs, params map[string]int64) (Answer, error) {
	if p.mask[0]&^in.has[0] != 0 || p.mask[1]&^in.has[1] != 0 {
		return NotRecorded, nil
	}
	a := activations.Get().(*activation)
	a.in, a.params = in, params
	v, _, err := p.eval.Eval(a)
	a.in, a.params = nil, nil
	activations.Put(a)
	if err != nil {
		return NotRecorded, fmt.Errorf("rule: %s: %w", p.source, err)
	}
	if v == types.True {
		return Holds, nil
	}
	return Fails, nil
}
