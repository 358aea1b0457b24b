package docx

import (
	"regexp"
	"strconv"
	"strings"
)

// child is the first child of a name without its prefix.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name != "" && local(k.name) == name {
			return k
		}
	}
	return nil
}

// at goes down by names.
func (n *node) at(names ...string) *node {
	for _, name := range names {
		if n = n.child(name); n == nil {
			return nil
		}
	}
	return n
}

// attr is an attribute by its name without prefix, "" when absent.
func (n *node) attr(name string) string { return n.attrOr(name, "") }

func (n *node) attrOr(name, or string) string {
	if n == nil {
		return or
	}
	for _, a := range n.attrs {
		if local(a.name) == name {
			return a.value
		}
	}
	return or
}

// val is the attribute val of a child; a child without it is "1", no child is or.
func (n *node) val(name, or string) string {
	k := n.child(name)
	if k == nil {
		return or
	}
	return k.attrOr("val", "1")
}

func on(v string) bool {
	switch v {
	case "0", "false", "off", "none", "":
		return false
	}
	return true
}

func number(s string, or int) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return or
	}
	return min(max(n, -1_000_000), 1_000_000)
}

var measure = regexp.MustCompile(`^(-?\d{1,7}(?:\.\d{1,6})?)(pt|cm|mm|in|pc|pi)?$`)

// length is a measure in points: twentieths of a point, or with its unit. No
// length is more than 22 inches, the most that Word knows.
func length(s string, or float64) float64 {
	m := measure.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return or
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return or
	}
	switch m[2] {
	case "":
		v /= 20
	case "cm":
		v *= 72 / 2.54
	case "mm":
		v *= 7.2 / 2.54
	case "in":
		v *= 72
	case "pc", "pi":
		v *= 12
	}
	return min(max(v, -1584), 1584)
}

// emu is a length of drawings in points.
func emu(s string) float64 {
	v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return min(max(float64(v)/12700, -1584), 1584)
}

var hex6 = regexp.MustCompile(`^[0-9A-Fa-f]{6}$`)

// colour is RRGGBB, or "" for automatic.
func colour(s string) string {
	if hex6.MatchString(s) {
		return strings.ToUpper(s)
	}
	return ""
}

// chain are property sets, the strongest first.
type chain []*node

// get is the first that has the child.
func (c chain) get(name string) *node {
	for _, n := range c {
		if k := n.child(name); k != nil {
			return k
		}
	}
	return nil
}

func (c chain) is(name string) bool {
	k := c.get(name)
	return k != nil && on(k.attrOr("val", "1"))
}

// attr is the first that has one of the attributes on the child.
func (c chain) attr(name string, attrs ...string) (string, bool) {
	for _, n := range c {
		k := n.child(name)
		for _, a := range attrs {
			if v := k.attr(a); v != "" {
				return v, true
			}
		}
	}
	return "", false
}
