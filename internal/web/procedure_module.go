package web

import (
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// procedureModule is "Quy trình nhân sự": cases, their steps, sheets of
// conditions, what is next and why something cannot be done yet.
var procedureModule = module{
	name: "procedure",
	nav:  &navItem{Label: "nav.procedure", Path: "/quy-trinh", Order: 15, Need: desk.ReadProcedure},
	routes: func(s *Server) []route {
		read := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.ReadProcedure, any: true, handle: h}
		}
		run := func(pattern string, h func(*Call) error) route {
			return route{pattern: pattern, need: desk.RunProcedure, any: true, handle: h}
		}
		return []route{
			read("GET /quy-trinh", s.procedureListGet),
			run("GET /quy-trinh/mo", s.procedureOpenGet),
			run("POST /quy-trinh/mo", s.procedureOpenPost),
			read("GET /quy-trinh/ho-so/{id}", s.procedureCaseGet),
			read("GET /quy-trinh/ho-so/{id}/nguoi/{person}", s.procedurePersonGet),
			read("GET /quy-trinh/ho-so/{id}/dien-bien", s.procedureStoryGet),
			read("GET /quy-trinh/bang", s.procedureTableGet),
			run("POST /quy-trinh/bang", s.procedureTablePost),
			read("GET /quy-trinh/ho-so/{id}/dien-bien.pdf", s.procedureCoursePDF),
			read("GET /quy-trinh/ho-so/{id}/muc-luc", s.procedureContentsGet),
			run("GET /quy-trinh/ho-so/{id}/lap-giay", s.casePaperMakeGet),
			run("POST /quy-trinh/ho-so/{id}/lap-giay", s.casePaperMakePost),
			read("GET /quy-trinh/ho-so/{id}/giay/{entry}", s.casePaperGet),
			read("GET /quy-trinh/ho-so/{id}/giay/{entry}/{file}", s.casePaperFileGet),
			run("GET /quy-trinh/mau-giay/{file}", s.casePaperTemplateGet),
			{pattern: "GET /quy-trinh/mau/{org...}", need: desk.MakeMinutes, any: true, handle: s.paperTemplateGet},
			{pattern: "POST /quy-trinh/mau/{org...}", need: desk.MakeMinutes, any: true, maxBody: docx.MaxFile + 1<<20, handle: s.paperTemplatePost},
			{pattern: "GET /quy-trinh/mau-tep/{file}/{org...}", need: desk.MakeMinutes, any: true, handle: s.paperTemplateFileGet},
			read("GET /quy-trinh/ho-so/{id}/kiem-chung", s.procedureVerifyGet),
			read("POST /quy-trinh/ho-so/{id}/xuat", s.procedureExportPost),
			run("GET /quy-trinh/ho-so/{id}/lam/{act}", s.procedureActGet),
			{pattern: "POST /quy-trinh/ho-so/{id}/lam/{act}", need: desk.RunProcedure, any: true, maxBody: vault.MaxFile + 1<<20, handle: s.procedureActPost},
			read("GET /quy-trinh/ho-so/{id}/ban-quet/{entry}", s.procedureScanGet),
			read("GET /quy-trinh/ho-so/{id}/con-thieu", s.procedureLacksGet),
			read("GET /quy-trinh/con-thieu", s.procedureDueGet),
		}
	},
	tasks:  procedureTasks,
	search: procedureSearch,
	subjects: map[string]func(string) string{
		"procedure":       func(id string) string { return procedurePath(strings.TrimPrefix(id, "procedure/")) },
		"case-papers":     func(id string) string { return procedurePath(strings.TrimPrefix(id, "case-papers/")) + "#giay-to" },
		"procedure-table": func(id string) string { return "/quy-trinh/bang?bang=" + strings.TrimPrefix(id, "procedure-table/") },
	},
}

func procedurePath(id string) string { return "/quy-trinh/ho-so/" + id }

func procedureActPath(id, act string) string { return procedurePath(id) + "/lam/" + act }

var errNoCase = desk.Missing("Không có hồ sơ quy trình này, hoặc anh/chị không có quyền xem.",
	"There is no such case, or you may not read it.")

// caseView is a case with what its pages need: the definition it is pinned to,
// names of its persons, and what the reader may see.
type caseView struct {
	*course.View
	Path    string
	Post    string // title and body in words
	OrgName string
	Phase_  Tag
	Sees    bool // results that are not announced too
	Run     bool // may run the case
	Events  []procedure.Event
	names   map[string]string
}

// Name is a person of the case or of its teams by name.
func (v *caseView) Name(id string) string {
	if n := v.names[id]; n != "" {
		return n
	}
	return id
}

// Names are several persons in order, in words.
func (v *caseView) Names(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, v.Name(id))
	}
	return strings.Join(out, ", ")
}

// loadCase reads a case the person may read, as known at an entry (below 0:
// now).
func (c *Call) loadCase(tx *store.Tx, id string, known int64) (*caseView, error) {
	events, err := procedure.Timeline(c.Ctx(), tx, id, known)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, errNoCase
	}
	st := procedure.Fold(events)
	if !c.May(tx, desk.Need{Right: desk.ReadProcedure, Org: st.Org, Case: procedure.Subject(id)}) {
		return nil, errNoCase
	}
	v := &caseView{Events: events, Path: procedurePath(id), names: map[string]string{}}
	v.Run = c.May(tx, desk.Need{Right: desk.RunProcedure, Org: st.Org})
	v.Sees = c.seesCase(tx, st)
	lib, err := c.library(tx)
	if err != nil {
		return nil, err
	}
	if v.View, err = course.See(lib, st); err != nil {
		return nil, err
	}
	if v.OrgName, err = c.unitName(tx, st.Org, st.Opened); err != nil {
		return nil, err
	}
	v.Post = c.titleText(st.Title)
	v.Phase_ = phaseTag(c, st.Phase)
	for _, id := range v.people() {
		if err := c.nameInto(tx, v.names, id); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// people are all whom the pages of a case name.
func (v *caseView) people() []string {
	var out []string
	add := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	for _, p := range v.Persons {
		add(p.ID)
	}
	for _, h := range v.Steps {
		add(h.Opening.Body.Team...)
	}
	for _, e := range v.Papers {
		add(e.Body.Signers...)
	}
	for _, t := range v.Recused {
		add(t.Person, t.Other)
	}
	return out
}

func (c *Call) nameInto(tx *store.Tx, names map[string]string, id string) error {
	p, ok, err := person.Get(c.Ctx(), tx, id, org.Now(c.Today()))
	if err != nil {
		return err
	}
	if ok {
		names[id] = c.personName(p)
	}
	return nil
}

// phaseTag tells a phase by mark, colour and words.
func phaseTag(c *Call, p procedure.Phase) Tag {
	kind := "wait"
	switch p {
	case procedure.Ended:
		kind = "yes"
	case procedure.Returned, procedure.Stopped:
		kind = "stop"
	}
	return Tag{kind, c.TK("procedure.phase", string(p))}
}

// procedureTasks are the cases that wait for an officer, with their deadline.
func procedureTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.RunProcedure) {
		return nil, nil
	}
	scope, err := c.caseScope(tx)
	if err != nil {
		return nil, err
	}
	rows, total, err := procedure.List(c.Ctx(), tx, procedure.Filter{Scope: scope, Running: true}, 0, deskCases)
	if err != nil {
		return nil, err
	}
	var out []Task
	for _, r := range rows {
		if !c.May(tx, desk.Need{Right: desk.RunProcedure, Org: r.Org}) {
			continue
		}
		v, err := c.loadCase(tx, r.ID, -1)
		if err != nil {
			return nil, err
		}
		next := c.nextOf(v)
		t := Task{Title: v.Post + ": " + c.TK("procedure.phase", string(r.Phase)), Path: v.Path, Detail: next.Says, Org: v.OrgName, Missing: next.Why}
		if !r.Due.IsZero() {
			t.Due, t.Ground = dayText(c.Lang, r.Due), v.Edition.Document.Number
			t.Late = r.Due.Before(v.today(c))
			if !v.Clock.IsZero() {
				t.Ground += ", " + c.T("procedure.left.sample", dayText(c.Lang, v.Clock))
			}
		}
		out = append(out, t)
	}
	if total > len(rows) {
		out = append(out, Task{Title: c.T("procedure.tasks.more", strconv.Itoa(total-len(rows))), Path: "/quy-trinh/con-thieu"})
	}
	return out, nil
}

// deskCases is how many cases the desk page tells of one by one, those with the
// nearest deadline; the rest stand on a page of their own.
const deskCases = 8

// nextStep is what is to be done next in a case, by which form, and why it
// cannot be done yet.
type nextStep struct {
	Says string
	Why  string
	Act  string // last part of the form's address, "" when nothing waits for a form
	Link string // its button
}

// nextOf says what comes next. The desk asks again; this is what the page
// tells.
func (c *Call) nextOf(v *caseView) nextStep {
	say := func(key, act string) nextStep {
		return nextStep{Says: c.T("procedure.next." + key), Act: act, Link: c.TK("procedure.act", strings.SplitN(act, "?", 2)[0])}
	}
	switch v.Phase {
	case procedure.Needed:
		return say("ask", "xin-chu-truong")
	case procedure.Asked:
		return say("consent", "chu-truong")
	case procedure.Running:
		return c.nextInSteps(v)
	case procedure.Finished:
		return say("submit", "trinh")
	case procedure.Submitted:
		n := say("appraise", "tham-dinh")
		for _, q := range v.Asks {
			if q.Answered == nil {
				n.Why = c.T("procedure.why.answer", q.Asked.Body.Paper.By)
			}
		}
		if len(v.OpenLetters()) > 0 {
			n.Why = c.T("procedure.why.letter")
		}
		return n
	case procedure.Appraised:
		return say("decide", "quyet-dinh")
	case procedure.Chosen:
		if v.ElectedAt == nil {
			return say("elect", "bau")
		}
		return say("ratify", "chuan-y")
	}
	return nextStep{Says: c.T("procedure.next.over")}
}

func (c *Call) nextInSteps(v *caseView) nextStep {
	st := v.Next()
	if st == nil {
		return nextStep{}
	}
	h := v.Step(st.ID)
	title := c.Words(st.Title)
	q := "?buoc=" + st.ID
	switch {
	case h != nil && h.Counted == nil && st.Contest == "":
		return nextStep{Says: title, Act: "thong-qua" + q, Link: c.TK("procedure.act", "thong-qua")}
	case h != nil && h.Counted == nil:
		return nextStep{Says: title, Act: "ket-qua" + q, Link: c.TK("procedure.act", "ket-qua")}
	case h != nil && h.Result != nil && h.Result.Status == "unsettled":
		return nextStep{Says: c.T("procedure.next.unsettled", title), Why: c.T("procedure.why.unsettled"), Act: "ket-qua" + q, Link: c.T("procedure.again")}
	}
	n := nextStep{Says: title, Act: "mo-buoc" + q, Link: c.TK("procedure.act", "mo-buoc")}
	if _, ok := v.Lib.SettledStep(v.Edition, v.Def, st); !ok && v.Choices[rule.StepItem(v.Def.ID, st.ID)] == "" {
		n.Why, n.Act, n.Link = c.T("procedure.why.unverified"), "cach-hieu?muc="+rule.StepItem(v.Def.ID, st.ID), c.TK("procedure.act", "cach-hieu")
	}
	for _, before := range v.Def.Steps {
		if before.ID == st.ID {
			break
		}
		if v.Differs(before) && !v.Explained(before) {
			n.Why, n.Act, n.Link = c.T("procedure.why.differs", before.ID, before.Compare), "lam-ro?buoc="+before.ID, c.TK("procedure.act", "lam-ro")
		}
	}
	if st.Opinion && len(v.Opinions) == 0 {
		n.Why, n.Act, n.Link = c.T("procedure.why.opinion"), "y-kien", c.TK("procedure.act", "y-kien")
	}
	if h == nil && st.Persons == rule.FromPlan {
		ok := false
		for i := range v.Persons {
			ok = ok || !v.Persons[i].Left && v.Persons[i].Eligible()
		}
		if !ok {
			n.Why, n.Act, n.Link = c.T("procedure.why.nobody"), "nguoi", c.TK("procedure.act", "nguoi")
		}
	}
	return n
}

// daysLeft are the working days from a day to a deadline, negative past it;
// known is false beyond the table of holidays.
func daysLeft(cal *vn.Calendar, today, due vn.Date) (n int, known bool) {
	if due.Before(today) {
		n, err := cal.WorkingBetween(due, today)
		return -n, err == nil
	}
	n, err := cal.WorkingBetween(today, due)
	return n, err == nil
}

// today is the day a case lives in: its sample clock, or the real one.
func (v *caseView) today(c *Call) vn.Date {
	if !v.Clock.IsZero() {
		return v.Clock
	}
	return c.Today()
}
