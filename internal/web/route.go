package web

import (
	"fmt"
	"net/http"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// route is one method and path. Without public it needs a login; with need it
// asks the authority too, over the whole province or, for any, somewhere.
type route struct {
	pattern string // "GET /to-chuc/{id}"
	public  bool
	need    desk.Right
	any     bool  // the right held over any organisation is enough; the page filters
	maxBody int64 // bytes; 0 is the usual megabyte
	handle  func(*Call) error
}

// navItem is a room's place in the left column.
type navItem struct {
	Label string // message key
	Path  string
	Order int
	Need  desk.Right   // shown only to holders of this right anywhere; empty: to all
	Or    []desk.Right // or of one of these
}

// module is what a room gives the frame. All functions but routes may be nil.
type module struct {
	name   string
	nav    *navItem
	routes func(*Server) []route
	search func(c *Call, tx *store.Tx, folded string) (Hits, error)
	tasks  func(c *Call, tx *store.Tx) ([]Task, error)
	cards  func(c *Call, tx *store.Tx) ([]Card, error)
	// subjects gives, for the first word of a subject id ("org" of "org/x"),
	// the address of its page.
	subjects map[string]func(id string) string
}

// Hits is what a room found for the search box.
type Hits struct {
	Label string // message key of the group
	Items []Hit
	More  string // path to the room's own search, with the query; may be empty
}

// Hit is one thing found.
type Hit struct{ Title, Detail, Path string }

// Task is a matter that waits for the person at the desk page.
type Task struct {
	Title, Path string
	Detail      string
	Org         string // name of the organisation
	Missing     string // what is still missing
	Waiting     string // who is being waited for
	Due         string // written deadline; empty when none
	Ground      string // ground of the deadline
	Late        bool
}

// Card is a small state of affairs beside the tasks.
type Card struct {
	Title string
	Tag   Tag
	Lines []string
	Path  string
	Link  string // text of the link
}

// Tag is a short outcome: never by colour alone, the mark stands before it.
type Tag struct {
	Kind string // yes, wait, no, stop
	Text string
}

// Mark is the sign before the words of a tag.
func (t Tag) Mark() string {
	switch t.Kind {
	case "yes":
		return "✓"
	case "wait":
		return "!"
	case "stop":
		return "✕"
	}
	return "–"
}

// mount registers every room's routes; http.ServeMux panics on a clash, which
// becomes an error here.
func (s *Server) mount() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("web: %v", p)
		}
	}()
	s.mux = http.NewServeMux()
	for _, m := range modules {
		if m.routes == nil {
			continue
		}
		for _, rt := range m.routes(s) {
			if !strings.Contains(rt.pattern, " /") {
				return fmt.Errorf("web: room %s: route %q needs a method and a path", m.name, rt.pattern)
			}
			s.routes = append(s.routes, rt)
			s.mux.Handle(rt.pattern, s.endpoint(rt))
		}
	}
	s.mux.Handle("/", s.endpoint(route{pattern: "/", public: true, handle: func(c *Call) error { return errNotFound }}))
	return nil
}

// subjectPath is the page of a subject; empty when no room has one.
func subjectPath(id string) string {
	first, _, _ := strings.Cut(id, "/")
	for _, m := range modules {
		if f := m.subjects[first]; f != nil {
			return f(id)
		}
	}
	return ""
}

// linkTo is subjectPath, empty too when the page is not for this reader at all.
func (c *Call) linkTo(id string) string {
	first, _, _ := strings.Cut(id, "/")
	if need, ok := map[string]desk.Right{"account": desk.Administer, "person": desk.ReadPerson, "handover": desk.ReadPerson, "read-log": desk.CheckLedger, "backup-key": desk.CheckLedger}[first]; ok && !c.User.Has(need) {
		return ""
	}
	return subjectPath(id)
}
