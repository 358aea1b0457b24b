package web

import (
	"net/url"
	"strconv"
	"strings"

	"minhbach/internal/org"
	"minhbach/internal/store"
)

// orgPictureData is the organisation chart of one unit on the page's day.
type orgPictureData struct {
	Root   org.Unit
	Up     []Crumb
	Depth  int
	Depths []Option
	Chart  *OrgChart
	Units  int
	Rows   []orgHit // the same, as a table, for those who do not see the picture
}

// OrgChart is a tree drawn from left to right: one row a leaf, so that a
// province and a cell are drawn by the same rule. Draw it with "org-chart".
type OrgChart struct {
	Title, Desc   string
	Width, Height int
	Boxes         []orgBox
	Lines         []string // paths from a parent to its children
}

type orgBox struct {
	X, Y, W, H   int
	Path, Full   string
	Lines        []orgBoxLine
	Kind         string
	More         string // "+12": units under it that the picture leaves out
	MoreX, MoreY int
	Root         bool
}

type orgBoxLine struct {
	X, Y int
	Text string
}

var orgPicture = page[orgPictureData]("org_picture")

// chartUnits is how many boxes a picture shows; more are counted at their parent.
const chartUnits = 300

func (s *Server) orgPictureGet(c *Call) error {
	q := c.R.URL.Query()
	depth, err := strconv.Atoi(q.Get("tang"))
	if err != nil || depth < 1 || depth > 6 {
		depth = 2
	}
	d := orgPictureData{Depth: depth}
	err = c.Read(func(tx *store.Tx) error {
		at := org.Now(c.On())
		root := q.Get("goc")
		if root == "" {
			tops, err := org.Children(c.Ctx(), tx, "", at)
			if err != nil || len(tops) == 0 {
				return err
			}
			root = tops[0].ID
		}
		all, err := org.Tree(c.Ctx(), tx, root, at)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return errNotFound
		}
		d.Root, d.Units = all[0], len(all)
		up, err := org.Path(c.Ctx(), tx, root, at)
		if err != nil {
			return err
		}
		for _, u := range up {
			if u.ID != root {
				d.Up = append(d.Up, Crumb{u.Name, withQuery("/to-chuc/so-do", nil, "goc", u.ID)})
			}
		}
		nodes := c.nest2(all, depth)
		for d.Chart == nil {
			if count(nodes) > chartUnits && depth > 1 {
				depth--
				d.Depth = depth
				nodes = c.nest2(all, depth)
				continue
			}
			d.Chart = c.drawOrg(nodes[0], depth)
		}
		for _, u := range all {
			if u.Depth <= depth && len(d.Rows) < chartUnits {
				d.Rows = append(d.Rows, orgHit{Unit: u, Path: unitPath(u.ID), Kind: c.orgKind(u.Kind), Up: strings.Repeat("– ", u.Depth)})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := 1; i <= 4; i++ {
		d.Depths = append(d.Depths, Option{withQuery("/to-chuc/so-do", url.Values{"goc": {d.Root.ID}}, "tang", strconv.Itoa(i)), c.T("org.picture.depth", i)})
	}
	return orgPicture.show(c, d)
}

// nest2 nests the flat tree down to a depth and counts what lies deeper.
func (c *Call) nest2(all []org.Unit, deepest int) []*orgNode {
	var roots, path []*orgNode
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

func count(ns []*orgNode) int {
	n := len(ns)
	for _, x := range ns {
		n += count(x.Under)
	}
	return n
}

const (
	boxW, boxH, boxGap, levelGap = 250, 46, 10, 46
)

// drawOrg lays the tree out: children under one another, each parent beside
// the middle of its own.
func (c *Call) drawOrg(root *orgNode, depth int) *OrgChart {
	ch := &OrgChart{Title: root.Unit.Name, Desc: c.T("org.picture.desc", root.Unit.Name, dayText(c.Lang, c.On()))}
	row, deepest := 0, 0
	var place func(n *orgNode, level int) int // the middle of its box
	place = func(n *orgNode, level int) int {
		deepest = max(deepest, level)
		x := 2 + level*(boxW+levelGap)
		var mids []int
		shown := n.Under
		left := 0
		if len(shown) > chartUnits {
			left = len(shown) - chartUnits
			shown = shown[:chartUnits]
		}
		for _, k := range shown {
			mids = append(mids, place(k, level+1))
		}
		var mid int
		if len(mids) == 0 {
			mid = 2 + row*(boxH+boxGap) + boxH/2
			row++
		} else {
			mid = (mids[0] + mids[len(mids)-1]) / 2
			if len(mids) > 14 {
				mid = mids[0] // so that the unit itself stands on the first screen
			}
		}
		b := orgBox{X: x, Y: mid - boxH/2, W: boxW, H: boxH, Path: n.Path, Full: n.Unit.Name + " · " + n.Kind, Kind: n.Kind, Root: level == 0}
		if level > 0 && (n.Hidden > 0 || len(n.Under) > 0) {
			b.Path = withQuery("/to-chuc/so-do", nil, "goc", n.Unit.ID)
		}
		lines := wrapName(n.Unit.Name, 32)
		for i, t := range lines {
			b.Lines = append(b.Lines, orgBoxLine{x + 10, mid + 5 - 9*(len(lines)-1) + 18*i, t})
		}
		if n.Hidden+left > 0 {
			b.More, b.MoreX, b.MoreY = "+"+number(c.Lang, int64(n.Hidden+left)), x+boxW+6, mid+5
		}
		ch.Boxes = append(ch.Boxes, b)
		for _, m := range mids {
			elbow := x + boxW + levelGap/2
			ch.Lines = append(ch.Lines, "M"+strconv.Itoa(x+boxW)+" "+strconv.Itoa(mid)+"H"+strconv.Itoa(elbow)+"V"+strconv.Itoa(m)+"H"+strconv.Itoa(x+boxW+levelGap))
		}
		return mid
	}
	place(root, 0)
	ch.Width = 4 + (deepest+1)*boxW + deepest*levelGap + 60
	ch.Height = 4 + row*(boxH+boxGap)
	return ch
}

// wrapName breaks a name into at most two lines of a box.
func wrapName(name string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(name) {
		switch {
		case line == "":
			line = w
		case len([]rune(line))+1+len([]rune(w)) <= width:
			line += " " + w
		default:
			lines, line = append(lines, line), w
		}
	}
	lines = append(lines, line)
	if len(lines) > 2 {
		return []string{lines[0], short(strings.Join(lines[1:], " "), width-1)}
	}
	for i := range lines {
		lines[i] = short(lines[i], width+4)
	}
	return lines
}
