package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"minhbach/internal/desk"
)

// TestMessagesAreUsed: both languages hold the same keys (loadMessages refuses
// otherwise); here, every key that code names exists, and none is left over.
func TestMessagesAreUsed(t *testing.T) {
	h := newHouse(t)
	m := h.server.messages
	used := h.server.templates.uses
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					switch {
					case m.has(s):
						used[s] = true
					case m.has(s + ".other"):
						used[s+".one"], used[s+".other"] = true, true
					case strings.Contains(s, ".") || m.prefix(s):
						used[strings.TrimSuffix(s, ".")+"."] = true
					}
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			first, lit2 := call.Args[0].(*ast.BasicLit)
			if ok && lit2 && (sel.Sel.Name == "T" || sel.Sel.Name == "TK") {
				key, _ := strconv.Unquote(first.Value)
				if sel.Sel.Name == "T" && !m.has(key) {
					t.Errorf("%s: message %q does not exist", name, key)
				}
				if sel.Sel.Name == "TK" && !m.prefix(key) {
					t.Errorf("%s: no message begins with %q", name, key)
				}
			}
			return true
		})
	}
	for key := range m.by["vi"] {
		if used[key] {
			continue
		}
		under := false
		for i := range key {
			under = under || key[i] == '.' && used[key[:i+1]]
		}
		if !under && !strings.HasPrefix(key, "home.start.") && !strings.HasPrefix(key, "kind.") && !strings.HasPrefix(key, "say.") {
			t.Errorf("message %q is used nowhere", key)
		}
	}
	for _, lang := range languages {
		for key, text := range m.by[lang] {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %q is empty", lang, key)
			}
		}
	}
}

// TestEveryKindHasWords: whatever can stand in the ledger has a name for
// people.
func TestEveryKindHasWords(t *testing.T) {
	h := newHouse(t)
	for _, r := range append(houseRooms(), desk.Room{Kinds: []string{desk.KindErased, desk.KindRestored}}) {
		for _, k := range r.Kinds {
			name, _, _ := strings.Cut(k, "/")
			if !h.server.messages.has("kind." + name) {
				t.Errorf("kind %s has no words", k)
			}
			if !h.server.messages.has("say." + name) {
				t.Errorf("kind %s has no sentence (message say.%s) for its entry's page", k, name)
			}
		}
	}
}
