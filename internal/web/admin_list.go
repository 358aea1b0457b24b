package web

import (
	"strings"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

// adminModule is "Quản trị": accounts and roles. Whoever opens accounts reads
// no personal content and no contest.
var adminModule = module{
	name: "admin",
	nav:  &navItem{Label: "nav.admin", Path: "/quan-tri", Order: 70, Need: desk.Administer},
	routes: func(s *Server) []route {
		return []route{
			{pattern: "GET /quan-tri", need: desk.Administer, handle: s.adminListGet},
			{pattern: "GET /quan-tri/mo", need: desk.Administer, handle: s.adminOpenGet},
			{pattern: "POST /quan-tri/mo", need: desk.Administer, handle: s.adminOpenPost},
			{pattern: "GET /quan-tri/tai-khoan/{id}", need: desk.Administer, handle: s.adminAccountGet},
			{pattern: "POST /quan-tri/tai-khoan/{id}/vai-tro", need: desk.Administer, handle: s.adminGrantPost},
			{pattern: "POST /quan-tri/tai-khoan/{id}/thoi-vai-tro", need: desk.Administer, handle: s.adminEndPost},
			{pattern: "POST /quan-tri/tai-khoan/{id}/thoi-cho", need: desk.Administer, handle: s.adminDropRolePost},
			{pattern: "POST /quan-tri/tai-khoan/{id}/dong", need: desk.Administer, handle: s.adminClosePost},
			{pattern: "POST /quan-tri/tai-khoan/{id}/moi", need: desk.Administer, handle: s.adminInvitePost},
			{pattern: "POST /quan-tri/tai-khoan/{id}/thu-hoi", need: desk.Administer, handle: s.adminRevokePost},
			{pattern: "GET /quan-tri/sao-luu", need: desk.Administer, handle: s.backupGet},
			{pattern: "POST /quan-tri/sao-luu", need: desk.Administer, handle: s.backupPost},
			{pattern: "GET /quan-tri/sao-luu/tep/{name}", need: desk.Administer, handle: s.backupFileGet},
		}
	},
	tasks:    adminTasks,
	subjects: map[string]func(string) string{"account": accountPath},
}

// adminTasks tell the administrator of a new house whom to give the first role:
// until somebody checks the ledger nobody confirms any other.
func adminTasks(c *Call, tx *store.Tx) ([]Task, error) {
	if !c.User.Has(desk.Administer) {
		return nil, nil
	}
	none, err := account.NoChecker(c.Ctx(), tx)
	if err != nil || !none {
		return nil, err
	}
	return []Task{{Title: c.T("second.first"), Detail: c.T("second.first.text"), Path: "/quan-tri/mo", Missing: c.T("second.first.missing"), Waiting: c.T("home.me")}}, nil
}

// accountPath is the administrator's page of an account.
func accountPath(id string) string {
	return "/quan-tri/tai-khoan/" + strings.TrimPrefix(id, "account/")
}

type adminListData struct {
	Rows []accountRow
	Open int
}

type accountRow struct {
	Account account.Account
	Path    string
	Roles   []string // in words, held today
	State   Tag
}

var adminList = page[adminListData]("admin_list")

func (s *Server) adminListGet(c *Call) error {
	var d adminListData
	err := c.Read(func(tx *store.Tx) error {
		all, err := account.List(c.Ctx(), tx)
		if err != nil {
			return err
		}
		for _, a := range all {
			r := accountRow{Account: a, Path: accountPath(a.ID), State: c.accountState(a)}
			if r.Roles, err = c.rolesSaid(tx, a.ID); err != nil {
				return err
			}
			if !a.Closed {
				d.Open++
			}
			d.Rows = append(d.Rows, r)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return adminList.show(c, d)
}

// accountState says in a tag whether an account can be used.
func (c *Call) accountState(a account.Account) Tag {
	switch {
	case a.Closed:
		return Tag{"no", c.T("admin.state.closed")}
	case !a.Confirmed:
		return Tag{"wait", c.T("admin.state.unconfirmed")}
	case !a.Until.IsZero() && !c.Today().Before(a.Until):
		return Tag{"no", c.T("admin.state.ended")}
	}
	return Tag{"yes", c.T("admin.state.open")}
}

// roleText names a role.
func (c *Call) roleText(code string) string {
	r, ok := account.RoleOf(code)
	switch {
	case !ok:
		return code
	case c.Lang == "en":
		return r.EN
	}
	return r.VI
}

// grantText says a role with what it is over.
func (c *Call) grantText(tx *store.Tx, g account.Grant) (string, error) {
	text := c.roleText(g.Role)
	switch {
	case g.Case != "":
		if id, ok := strings.CutPrefix(g.Case, election.ContestSubject("")); ok { // by its id: an administrator reads no titles
			return text + ": " + c.T("admin.contest", id), nil
		}
		return text + ": " + g.Case, nil
	case g.Org == "":
		return text + ", " + c.T("admin.province"), nil
	}
	name, err := c.unitName(tx, g.Org, c.Today())
	return text + ", " + name, err
}

type adminOpenData struct{ Form *Form }

var adminOpen = page[adminOpenData]("admin_open")

func (s *Server) adminOpenGet(c *Call) error {
	return adminOpen.show(c, adminOpenData{c.BlankForm()})
}

func (s *Server) adminOpenPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := account.OpenStaff{ID: newID("account", f.ID), Login: f.Text("login"), Display: f.Text("display")}
	act.Person, err = c.personOfAccount(f)
	if err != nil {
		if err := c.Fail(f, err); err != nil {
			return err
		}
		return adminOpen.show(c, adminOpenData{f})
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(accountPath(act.ID), rc)
	}
	return adminOpen.show(c, adminOpenData{f})
}

// personOfAccount reads the person an account is bound to, by the id of the
// file: an administrator reads no names.
func (c *Call) personOfAccount(f *Form) (string, error) {
	id := f.Text("person")
	if id == "" {
		return "", nil
	}
	if !strings.HasPrefix(id, "person/") {
		id = "person/" + id
	}
	found := false
	err := c.Read(func(tx *store.Tx) (err error) {
		_, found, err = person.Get(c.Ctx(), tx, id, org.Now(c.Today()))
		return err
	})
	if err == nil && !found {
		err = desk.Wrong("person", "Không có hồ sơ nhân sự với mã này. Hãy hỏi cán bộ tổ chức mã của hồ sơ, hoặc để trống.", "There is no person's file with this id. Ask an officer for the id of the file, or leave it empty.")
	}
	return id, err
}

// actorNames gives the display names of accounts, looked up once each; the
// program itself acts under the empty id.
func (c *Call) actorNames(tx *store.Tx) func(string) string {
	known := map[string]string{"": c.T("ledger.program")}
	return func(id string) string {
		if n, ok := known[id]; ok {
			return n
		}
		n := id
		if a, ok, err := account.Get(c.Ctx(), tx, id); err == nil && ok && a.Display != "" {
			n = a.Display
		}
		known[id] = n
		return n
	}
}

func (c *Call) actorText(tx *store.Tx, id string) string { return c.actorNames(tx)(id) }

// unitOf is the organisation an account is shown for: the first subtree of its
// roles, the root of the tree for a role over the province.
func (c *Call) unitOf(tx *store.Tx, gs []account.Grant) (id, name string, err error) {
	for _, g := range gs {
		if g.Org != "" {
			name, err = c.unitName(tx, g.Org, c.Today())
			return g.Org, name, err
		}
	}
	roots, err := org.Children(c.Ctx(), tx, "", org.Now(c.Today()))
	if err != nil || len(roots) == 0 {
		return "", "", err
	}
	return roots[0].ID, roots[0].Name, nil
}

// rolesSaid tells the roles that an account holds today.
func (c *Call) rolesSaid(tx *store.Tx, id string) (out []string, err error) {
	gs, err := account.GrantsOn(c.Ctx(), tx, id, c.Today())
	if err != nil {
		return nil, err
	}
	for _, g := range gs {
		text, err := c.grantText(tx, g)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}
