package web

import (
	"fmt"
	"strings"

	"minhbach/docs"
)

// glossaryModule shows docs/glossary.md, so that screens, papers and code
// speak with the same words.
var glossaryModule = module{name: "glossary", routes: func(s *Server) []route {
	return []route{{pattern: "GET /thuat-ngu", public: true, handle: s.glossaryGet}}
}}

type glossaryData struct {
	Intro  []string
	Groups []termGroup
}

type termGroup struct {
	Title string
	Terms []term
}

type term struct{ VI, EN, Means string }

var glossaryPage = page[glossaryData]("glossary")

func (s *Server) glossaryGet(c *Call) error {
	d, err := readGlossary(docs.Glossary)
	if err != nil {
		return err
	}
	return glossaryPage.show(c, d)
}

// readGlossary reads the little Markdown the glossary is written in: lines of
// text, "## " headings and tables of three columns.
func readGlossary(text string) (glossaryData, error) {
	var d glossaryData
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "|--"):
		case strings.HasPrefix(line, "## "):
			d.Groups = append(d.Groups, termGroup{Title: line[3:]})
		case strings.HasPrefix(line, "|"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			if len(cells) != 3 || len(d.Groups) == 0 {
				return d, fmt.Errorf("web: glossary line %d: want three columns under a heading", i+1)
			}
			t := term{strings.TrimSpace(cells[0]), strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])}
			if t.VI == "Tiếng Việt" {
				continue
			}
			g := &d.Groups[len(d.Groups)-1]
			g.Terms = append(g.Terms, t)
		default:
			d.Intro = append(d.Intro, line)
		}
	}
	return d, nil
}

// Means in one language: the part before or after the middle dot.
func (t term) MeansIn(lang string) string {
	vi, en, ok := strings.Cut(t.Means, " · ")
	if ok && lang == "en" {
		return en
	}
	return vi
}

// TitleIn is the heading in one language.
func (g termGroup) TitleIn(lang string) string { return term{Means: g.Title}.MeansIn(lang) }
