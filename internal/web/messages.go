package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

//go:embed messages/*.json
var messageFiles embed.FS

// languages of the screens, the first is the one used when nothing was chosen.
var languages = []string{"vi", "en"}

// messages holds every sentence of the screens, by language and key. Places
// are {0}, {1} …
type messages struct {
	by map[string]map[string]string
}

// loadMessages reads messages/<language>.<area>.json, each a flat object, and
// refuses keys that stand twice or in one language only.
func loadMessages() (*messages, error) {
	m := &messages{by: map[string]map[string]string{}}
	for _, l := range languages {
		m.by[l] = map[string]string{}
	}
	files, err := messageFiles.ReadDir("messages")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		lang, _, ok := strings.Cut(f.Name(), ".")
		if !ok || m.by[lang] == nil {
			return nil, fmt.Errorf("web: messages/%s: the name must be <language>.<area>.json", f.Name())
		}
		data, err := messageFiles.ReadFile(path.Join("messages", f.Name()))
		if err != nil {
			return nil, err
		}
		var words map[string]string
		if err := json.Unmarshal(data, &words); err != nil {
			return nil, fmt.Errorf("web: messages/%s: %w", f.Name(), err)
		}
		for k, v := range words {
			if _, twice := m.by[lang][k]; twice {
				return nil, fmt.Errorf("web: messages/%s: key %q stands in another file too", f.Name(), k)
			}
			m.by[lang][k] = v
		}
	}
	for _, l := range languages {
		for k, v := range m.by[l] {
			for _, other := range languages {
				w, ok := m.by[other][k]
				if !ok {
					return nil, fmt.Errorf("web: message %q is there in %s and missing in %s", k, l, other)
				}
				if places(v) != places(w) {
					return nil, fmt.Errorf("web: message %q has other places in %s than in %s", k, l, other)
				}
			}
		}
	}
	return m, nil
}

// has says whether the key is a message.
func (m *messages) has(key string) bool { _, ok := m.by[languages[0]][key]; return ok }

// prefix says whether some message begins with the prefix and a dot.
func (m *messages) prefix(p string) bool {
	for k := range m.by[languages[0]] {
		if strings.HasPrefix(k, p+".") {
			return true
		}
	}
	return false
}

// text fills one message. A missing key cannot happen after start for literal
// keys; for composed ones the key itself is shown, so that the slip is seen.
func (m *messages) text(lang, key string, args ...any) string {
	s, ok := m.by[lang][key]
	if !ok {
		return "[" + key + "]"
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", fmt.Sprint(a))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// count is text for a number of things: key.one for exactly one, else
// key.other; the number, written for the language, is place {0}.
func (m *messages) count(lang, key string, n int64, args ...any) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return m.text(lang, key+form, append([]any{number(lang, n)}, args...)...)
}

// places lists the {…} of a message, sorted and joined, to compare languages.
func places(s string) string {
	seen := map[string]bool{}
	for _, p := range placeForm.FindAllString(s, -1) {
		seen[p] = true
	}
	out := make([]string, 0, len(seen))
	for p := range seen {
		out = append(out, p)
	}
	sort.Strings(out)
	return strings.Join(out, "")
}

var placeForm = regexp.MustCompile(`\{[a-z0-9_.|-]+\}`)
