package store

import (
	"strconv"
	"strings"
)

// unnamed writes the parameters $1, $2 … of a statement as ?, when each stands
// there once and in order. SQLite takes $1 for a name and walks the list of
// all names at each binding, which costs more than the insert itself once a
// statement has a few hundred of them. A statement in which a parameter comes
// twice, out of order or not at all is left as it is.
func unnamed(query string) string {
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); {
		switch c := query[i]; {
		case c == '\'' || c == '"' || c == '`':
			end := strings.IndexByte(query[i+1:], c) // a doubled quote is two texts side by side
			if end < 0 {
				return query
			}
			b.WriteString(query[i : i+end+2])
			i += end + 2
		case c == '[' || c == '?' || c == ':' || c == '@', strings.HasPrefix(query[i:], "--"), strings.HasPrefix(query[i:], "/*"):
			return query // rare, and not worth a parser
		case c == '$':
			end := i + 1
			for end < len(query) && query[end] >= '0' && query[end] <= '9' {
				end++
			}
			n++
			if query[i+1:end] != strconv.Itoa(n) || end < len(query) && inName(query[end]) {
				return query
			}
			b.WriteByte('?')
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

func inName(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
