package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"text/template/parse"
)

//go:embed templates
var templateFiles embed.FS

// view is the dot of every template: the frame around, the page's data inside.
type view[T any] struct {
	Frame *Frame
	Page  T
}

// Page is one page's template and the type of its data.
type Page[T any] struct{ name string }

// pageNames are all pages declared, so that New can check that each has its
// template and each template its page.
var pageNames []string

// page declares a page drawn by templates/pages/<name>.html.
func page[T any](name string) Page[T] {
	pageNames = append(pageNames, name)
	return Page[T]{name}
}

// show draws the page with the status of the call (200, or what a failed form
// set) into memory first, so that a fault never sends half a page.
func (p Page[T]) show(c *Call, data T) error { return p.draw(c, "layout", data) }

// fragment draws one part of the page, for live parts.
func (p Page[T]) fragment(c *Call, part string, data T) error { return p.draw(c, part, data) }

func (p Page[T]) draw(c *Call, part string, data T) error {
	t := c.s.templates.by[c.Lang][p.name]
	if t == nil {
		return fmt.Errorf("web: page %q was not declared before start", p.name)
	}
	frame, err := c.frame()
	if err != nil {
		return err
	}
	if err := c.noteViews(); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, part, &view[T]{Frame: frame, Page: data}); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", c.Lang)
	if c.status == 0 {
		c.status = http.StatusOK
	}
	c.W.WriteHeader(c.status)
	_, err = c.W.Write(buf.Bytes())
	return err
}

// templates holds each page parsed with the layout and parts, by language.
type templates struct {
	by   map[string]map[string]*template.Template
	uses map[string]bool // message keys named by templates; a prefix ends in a dot
}

// loadTemplates parses every page in every language and checks the messages
// they name.
func (s *Server) loadTemplates() (*templates, error) {
	ts := &templates{by: map[string]map[string]*template.Template{}, uses: map[string]bool{}}
	shared, err := fs.Glob(templateFiles, "templates/parts/*.html")
	if err != nil {
		return nil, err
	}
	shared = append(shared, "templates/layout.html")
	declared := map[string]bool{}
	for _, n := range pageNames {
		if declared[n] {
			return nil, fmt.Errorf("web: page %q is declared twice", n)
		}
		declared[n] = true
	}
	onDisk, err := fs.Glob(templateFiles, "templates/pages/*.html")
	if err != nil {
		return nil, err
	}
	for _, f := range onDisk {
		if n := strings.TrimSuffix(path.Base(f), ".html"); !declared[n] {
			return nil, fmt.Errorf("web: %s belongs to no page; declare it with page[…](%q)", f, n)
		}
	}
	for _, lang := range languages {
		ts.by[lang] = map[string]*template.Template{}
		base, err := template.New("").Funcs(s.funcs(lang)).ParseFS(templateFiles, shared...)
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		for _, n := range pageNames {
			t, err := base.Clone()
			if err != nil {
				return nil, err
			}
			if t, err = t.ParseFS(templateFiles, "templates/pages/"+n+".html"); err != nil {
				return nil, fmt.Errorf("web: page %s: %w", n, err)
			}
			if err := complete(n, t); err != nil {
				return nil, err
			}
			if err := s.checkWords(ts, n, t); err != nil {
				return nil, err
			}
			ts.by[lang][n] = t
		}
	}
	return ts, nil
}

// complete adds the empty half of main/bare that the layout names.
func complete(name string, t *template.Template) error {
	if t.Lookup("title") == nil {
		return fmt.Errorf("web: page %s defines no \"title\"", name)
	}
	main, bare := t.Lookup("main") != nil, t.Lookup("bare") != nil
	if main == bare {
		return fmt.Errorf("web: page %s must define \"main\" or \"bare\"", name)
	}
	frame := `{{define "body"}}{{template "framed" .}}{{end}}{{define "bare"}}{{end}}`
	if bare {
		frame = `{{define "body"}}{{template "bare" .}}{{end}}{{define "main"}}{{end}}`
	}
	_, err := t.Parse(frame)
	return err
}

// checkWords finds literal message keys in the parsed templates.
func (s *Server) checkWords(ts *templates, name string, t *template.Template) error {
	var bad []string
	for _, part := range t.Templates() {
		if part.Tree == nil {
			continue
		}
		walk(part.Tree.Root, func(fn string, args []parse.Node) {
			if len(args) == 0 {
				return
			}
			lit, ok := args[0].(*parse.StringNode)
			if !ok {
				return
			}
			switch fn {
			case "t":
				ts.uses[lit.Text] = true
				if !s.messages.has(lit.Text) {
					bad = append(bad, lit.Text)
				}
			case "tn":
				ts.uses[lit.Text+".one"], ts.uses[lit.Text+".other"] = true, true
				if !s.messages.has(lit.Text+".one") || !s.messages.has(lit.Text+".other") {
					bad = append(bad, lit.Text+".one/.other")
				}
			case "tk":
				ts.uses[lit.Text+"."] = true
				if !s.messages.prefix(lit.Text) {
					bad = append(bad, lit.Text+".…")
				}
			}
		})
	}
	if len(bad) > 0 {
		return fmt.Errorf("web: page %s names messages that do not exist: %s", name, strings.Join(bad, ", "))
	}
	return nil
}

// walk calls fn for each command of a template that is a function call.
func walk(n parse.Node, fn func(name string, args []parse.Node)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			walk(c, fn)
		}
	case *parse.ActionNode:
		walk(n.Pipe, fn)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, fn)
		}
	case *parse.IfNode:
		walkBranch(&n.BranchNode, fn)
	case *parse.RangeNode:
		walkBranch(&n.BranchNode, fn)
	case *parse.WithNode:
		walkBranch(&n.BranchNode, fn)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
				fn(id.Ident, c.Args[1:])
			}
			for _, a := range c.Args {
				if p, ok := a.(*parse.PipeNode); ok {
					walk(p, fn)
				}
			}
		}
	}
}

func walkBranch(b *parse.BranchNode, fn func(string, []parse.Node)) {
	walk(b.Pipe, fn)
	walk(b.List, fn)
	if b.ElseList != nil {
		walk(b.ElseList, fn)
	}
}
