package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"minhbach/internal/demo"
)

// figure matches a figure of a count: a whole number, in Vietnamese grouping.
var figure = regexp.MustCompile(`^\d{1,3}(\.\d{3})*$`)

// TestNumbersOpenTheirEntries: on the pages of a meeting, its ballots and its
// elections each figure leads to the entry it came by, or to the list whose
// lines do; and what it leads to opens.
func TestNumbersOpenTheirEntries(t *testing.T) {
	h := electionHouse(t)
	if err := demo.SeedHall(t.Context(), h.desk, h.db); err != nil {
		t.Fatal(err)
	}
	v := h.as("canbo")
	const box = demo.Provincial + "/ban-chap-hanh"
	pages := []string{"/hop/" + demo.Provincial, "/kiem-phieu/hop/" + box, "/kiem-phieu/so-phieu/" + box, "/bau-cu/su-kien/" + demo.Provincial}
	for _, event := range []string{"dai-hoi-mau", "hdnd-mau"} {
		for _, a := range v.get("/bau-cu/su-kien/" + event).is(http.StatusOK).all("a") {
			if p := attr(a, "href"); strings.HasPrefix(p, "/bau-cu/cuoc/") && !strings.Contains(p, "?") {
				pages = append(pages, p)
			}
		}
	}
	figures, links := 0, map[string]bool{}
	for _, p := range pages {
		a := v.get(p).is(http.StatusOK)
		for _, c := range a.all("td", "b") {
			if c.Data == "td" && !hasClass(c, "num") || c.Data == "b" && !inside(c, "facts") || inside(c, "order") {
				continue
			}
			text := strings.TrimSpace(nodeText(c))
			if !figure.MatchString(text) || text == "0" {
				continue
			}
			if c.Data == "td" && isOrder(c) {
				continue
			}
			figures++
			in := append(find(c, "a"), anchorOver(c)...)
			if len(in) == 0 {
				t.Errorf("%s: the figure %s leads nowhere: %s", p, text, nodeText(c.Parent))
				continue
			}
			path, part, _ := strings.Cut(attr(in[0], "href"), "#")
			if path == "" && !hasID(a, part) {
				t.Errorf("%s: %s leads to #%s, which the page has not", p, text, part)
			}
			links[path] = true
		}
	}
	if figures < 60 {
		t.Fatalf("only %d figures were found", figures)
	}
	for l := range links {
		if l != "" {
			v.get(l).is(http.StatusOK)
		}
	}
}

// isOrder tells whether a cell is the first of its row: an order number.
func isOrder(td *html.Node) bool {
	for n := td.PrevSibling; n != nil; n = n.PrevSibling {
		if n.Type == html.ElementNode {
			return false
		}
	}
	return true
}

func hasID(a *answer, id string) bool {
	for _, n := range a.all("section", "div", "details", "table") {
		if attr(n, "id") == id {
			return true
		}
	}
	return false
}

func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func inside(n *html.Node, class string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if hasClass(p, class) {
			return true
		}
	}
	return false
}

func anchorOver(n *html.Node) (out []*html.Node) {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && p.Data == "a" {
			out = append(out, p)
		}
	}
	return out
}
