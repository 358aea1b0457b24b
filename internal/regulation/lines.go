package regulation

import (
	"bytes"
	"strconv"
	"strings"
)

// The lines of a file, for messages: the strict reader names the line of what
// it cannot read, and of what it reads but refuses the id, which is looked up
// here.

// lineOfID is the line on which an item begins, 0 when it is not found.
func lineOfID(raw []byte, id string) int { return lineWith(raw, "id", id) }

// lineOfName is the line of an example.
func lineOfName(raw []byte, name string) int { return lineWith(raw, "name", name) }

// lineOfField is the line of a field at the left margin.
func lineOfField(raw []byte, field string) int {
	for i, l := range bytes.Split(raw, []byte("\n")) {
		if strings.HasPrefix(string(l), field+":") {
			return i + 1
		}
	}
	return 0
}

func lineWith(raw []byte, key, value string) int {
	for i, l := range bytes.Split(raw, []byte("\n")) {
		s := strings.TrimSpace(string(l))
		s = strings.TrimLeft(strings.TrimPrefix(s, "- "), " {")
		rest, ok := strings.CutPrefix(s, key+":")
		if !ok {
			continue
		}
		rest = strings.TrimSpace(rest)
		if un, err := strconv.Unquote(rest); err == nil {
			rest = un
		}
		rest = strings.Trim(rest, `'"`)
		if rest == value || strings.HasPrefix(rest, value+",") {
			return i + 1
		}
	}
	return 0
}
