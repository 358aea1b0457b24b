package web

import (
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/store"
)

// orgModule is "Tổ chức, biên chế".
var orgModule = module{
	name: "org",
	nav:  &navItem{Label: "nav.org", Path: "/to-chuc", Order: 30, Need: desk.ReadRecord},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /to-chuc", need: desk.ReadRecord, any: true, handle: s.orgTreeGet},
			{pattern: "GET /to-chuc/don-vi/{id...}", need: desk.ReadRecord, any: true, handle: s.orgUnitGet},
			{pattern: "GET /to-chuc/viec/{what}/{id...}", need: desk.EditOrg, any: true, handle: s.orgFormGet},
			{pattern: "POST /to-chuc/viec/{what}/{id...}", need: desk.EditOrg, any: true, handle: s.orgFormPost},
			{pattern: "GET /to-chuc/sap-xep/{what}/{id...}", need: desk.EditOrg, any: true, handle: s.orgReformGet},
			{pattern: "POST /to-chuc/sap-xep/{what}/{id...}", need: desk.EditOrg, any: true, handle: s.orgReformPost},
			{pattern: "GET /to-chuc/bien-che", need: desk.ReadRecord, any: true, handle: s.orgStaffGet},
			{pattern: "GET /to-chuc/bien-che/nguoi", need: desk.ReadPerson, any: true, handle: s.orgStaffPeopleGet},
			{pattern: "GET /to-chuc/ban-giao", need: desk.ReadPerson, any: true, handle: s.handoverListGet},
			{pattern: "POST /to-chuc/ban-giao", need: desk.EditPerson, any: true, handle: s.handoverOpenPost},
			{pattern: "GET /to-chuc/ban-giao/{id}", need: desk.ReadPerson, any: true, handle: s.handoverGet},
			{pattern: "GET /to-chuc/ban-giao/{id}/bien-ban/{file}", need: desk.ReadPerson, any: true, handle: s.handoverPaperGet},
			{pattern: "POST /to-chuc/ban-giao/{id}", need: desk.EditPerson, any: true, handle: s.handoverPost},
			{pattern: "POST /to-chuc/ban-giao/{id}/ban-in", need: desk.EditPerson, any: true, handle: s.handoverPrintPost},
			{pattern: "GET /to-chuc/ban-giao/{id}/ban-in/{entry}/{file}", need: desk.ReadPerson, any: true, handle: s.handoverPrintGet},
			{pattern: "POST /to-chuc/ban-giao/{id}/ban-in/{entry}/ban-ky", need: desk.EditPerson, any: true, maxBody: scanBody, handle: s.handoverScanPost},
			{pattern: "GET /to-chuc/ban-giao/{id}/ban-in/{entry}/ban-ky/{hash}", need: desk.ReadPerson, any: true, handle: s.handoverScanGet},
			{pattern: "GET /to-chuc/so-do", need: desk.ReadRecord, any: true, handle: s.orgPictureGet},
			{pattern: "GET /to-chuc/thay-doi", need: desk.ReadRecord, any: true, handle: s.orgChangesGet},
			{pattern: "GET /to-chuc/thanh-lap", need: desk.EditOrg, any: true, handle: s.orgFoundGet},
			{pattern: "POST /to-chuc/thanh-lap", need: desk.EditOrg, any: true, handle: s.orgFoundPost},
		}
	},
	search:   orgSearch,
	tasks:    orgTasks,
	subjects: map[string]func(string) string{"org": unitPath, "handover": handoverPath},
}

// unitPath is the page of an organisation.
func unitPath(id string) string {
	rest, ok := strings.CutPrefix(id, "org/")
	if !ok {
		return ""
	}
	return "/to-chuc/don-vi/" + rest
}

type orgTreeData struct {
	Form  *Form
	Found []orgHit // when something was searched
	Asked bool
	Root  *orgNode // when the tree is shown from one unit down
	Nodes []*orgNode
	Units int
	Edit  bool
}

type orgHit struct {
	Unit org.Unit
	Path string
	Kind string
	Up   string // the units above, for telling like names apart
}

// orgNode is one unit in the tree. Hidden counts the units under it that are
// left out of a large tree.
type orgNode struct {
	Unit   org.Unit
	Path   string
	Kind   string
	Under  []*orgNode
	Hidden int
}

var orgTree = page[orgTreeData]("org_tree")

// treeShown is how many units stand open at once; a larger tree shows two
// floors and opens further from there.
const treeShown = 400

func (s *Server) orgTreeGet(c *Call) error {
	q := c.R.URL.Query()
	d := orgTreeData{Form: &Form{Values: q}, Asked: strings.TrimSpace(q.Get("q")) != "", Edit: c.User.Has(desk.EditOrg)}
	root := q.Get("goc")
	err := c.Read(func(tx *store.Tx) error {
		at := org.Now(c.On())
		if d.Asked {
			us, err := c.findUnits(tx, q.Get("q"), at, 50)
			if err != nil {
				return err
			}
			for _, u := range us {
				h, err := c.orgHit(tx, u, at)
				if err != nil {
					return err
				}
				d.Found = append(d.Found, h)
			}
			return nil
		}
		all, err := org.Tree(c.Ctx(), tx, root, at)
		if err != nil {
			return err
		}
		d.Units = len(all)
		d.Nodes = c.nest(all)
		if root != "" && len(d.Nodes) == 1 {
			d.Root = d.Nodes[0]
		} else if root != "" {
			return errNotFound
		}
		return nil
	})
	if err != nil {
		return err
	}
	return orgTree.show(c, d)
}

// findUnits searches by name; a code, old or new, finds its unit too.
func (c *Call) findUnits(tx *store.Tx, query string, at org.At, limit int) ([]org.Unit, error) {
	uses, err := org.ByCode(c.Ctx(), tx, query)
	if err != nil {
		return nil, err
	}
	var out []org.Unit
	for _, use := range uses {
		vs, err := org.Versions(c.Ctx(), tx, use.Org, -1)
		if err != nil || len(vs) == 0 {
			return nil, err
		}
		u, ok, err := org.Get(c.Ctx(), tx, use.Org, at)
		if err != nil {
			return nil, err
		}
		if !ok {
			u = vs[len(vs)-1]
		}
		if !slices.ContainsFunc(out, func(o org.Unit) bool { return o.ID == u.ID }) {
			out = append(out, u)
		}
	}
	more, err := org.Search(c.Ctx(), tx, query, at, limit)
	return append(out, more...), err
}

// nest turns the flat tree into nested nodes, pruned when it is large.
func (c *Call) nest(all []org.Unit) []*orgNode {
	deepest := 64
	if len(all) > treeShown {
		deepest = 1
	}
	var roots []*orgNode
	var path []*orgNode
	for _, u := range all {
		n := &orgNode{Unit: u, Path: unitPath(u.ID), Kind: c.orgKind(u.Kind)}
		path = append(path[:min(u.Depth, len(path))], n)
		switch {
		case u.Depth == 0:
			roots = append(roots, n)
		case u.Depth > deepest:
			path[deepest].Hidden++
		default:
			p := path[u.Depth-1]
			p.Under = append(p.Under, n)
		}
	}
	return roots
}

func (c *Call) orgHit(tx *store.Tx, u org.Unit, at org.At) (orgHit, error) {
	up, err := org.Path(c.Ctx(), tx, u.ID, at)
	if err != nil {
		return orgHit{}, err
	}
	var names []string
	for _, p := range up {
		if p.ID != u.ID {
			names = append(names, p.Name)
		}
	}
	return orgHit{Unit: u, Path: unitPath(u.ID), Kind: c.orgKind(u.Kind), Up: strings.Join(names, " › ")}, nil
}

// orgKind names a kind of organisation.
func (c *Call) orgKind(k org.Kind) string {
	for _, n := range org.Kinds() {
		if n.Kind == k {
			if c.Lang == "en" {
				return n.EN
			}
			return n.VI
		}
	}
	return string(k)
}

func orgSearch(c *Call, tx *store.Tx, folded string) (Hits, error) {
	h := Hits{Label: "nav.org", More: withQuery("/to-chuc", nil, "q", folded)}
	if !c.User.Has(desk.ReadRecord) {
		return h, nil
	}
	at := org.Now(c.On())
	us, err := c.findUnits(tx, folded, at, 10)
	if err != nil {
		return h, err
	}
	for _, u := range us {
		x, err := c.orgHit(tx, u, at)
		if err != nil {
			return h, err
		}
		h.Items = append(h.Items, Hit{Title: u.Name, Detail: x.Up, Path: x.Path})
	}
	return h, nil
}

// orgTasks are the open findings of the tree, for those who keep it.
func orgTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.EditOrg) {
		return nil, nil
	}
	fs, err := org.Findings(c.Ctx(), tx)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, f := range fs {
		if !c.May(tx, desk.Need{Right: desk.EditOrg, Org: f.Org}) {
			continue
		}
		text := f.VI
		if c.Lang == "en" {
			text = f.EN
		}
		u, _, err := org.Get(c.Ctx(), tx, f.Org, org.Now(f.From))
		if err != nil {
			return nil, err
		}
		out = append(out, Task{Title: c.T("org.finding.title"), Detail: text, Path: unitPath(f.Org), Org: u.Name, Missing: c.T("org.finding.missing"), Waiting: c.T("home.me")})
	}
	return out, nil
}
