package web

import (
	"strconv"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// secondRolePath is the page of who checks the ledger about roles that wait for
// a second person, and accounts bound to no person.
const secondRolePath = "/nhat-ky/vai-tro-cho"

type secondRoleData struct {
	Rows  []roleWaiting
	Unmet []unmetView
	Loose []looseView
	Form  *Form // the one that failed, or a blank one
}

// roleWaiting is a role that waits, with a form of its own.
type roleWaiting struct {
	account.Proposal
	Name, Login string // of the account
	Text, By    string
	Mine        bool // proposed by the user
	Form        *Form
}

// looseView is an open account bound to no person.
type looseView struct {
	Account account.Account
	Roles   []string
	Form    *Form
}

// unmetView is an account in the name of somebody whom nobody has asked.
type unmetView struct {
	account.Unmet
	Opener string
	Roles  []string
	Form   *Form
	Mine   bool // opened by the user, or his own
}

var secondRole = page[secondRoleData]("second_role")

// rolesWaiting are the roles that wait, of one account or ("") of all.
func (c *Call) rolesWaiting(tx *store.Tx, id string) ([]roleWaiting, error) {
	ps, err := account.Proposals(c.Ctx(), tx, id)
	if err != nil {
		return nil, err
	}
	var out []roleWaiting
	for _, p := range ps {
		v := roleWaiting{Proposal: p, By: c.actorText(tx, p.By), Mine: p.By == c.User.Account}
		a, _, err := account.Get(c.Ctx(), tx, p.Grant.Account)
		if err != nil {
			return nil, err
		}
		v.Name, v.Login = a.Display, a.Login
		if v.Text, err = c.grantText(tx, p.Grant); err != nil {
			return nil, err
		}
		if v.Form, err = c.NewForm(tx, p.Grant.Account); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Server) secondRoleGet(c *Call) error { return c.showSecondRole(c.BlankForm()) }

func (c *Call) showSecondRole(f *Form) error {
	if err := c.requireWhole(desk.CheckLedger); err != nil {
		return err
	}
	d := secondRoleData{Form: f}
	err := c.Read(func(tx *store.Tx) (err error) {
		if d.Rows, err = c.rolesWaiting(tx, ""); err != nil {
			return err
		}
		if d.Unmet, err = c.unmet(tx); err != nil {
			return err
		}
		all, err := account.List(c.Ctx(), tx)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Closed || !a.Loose() {
				continue
			}
			v := looseView{Account: a}
			if v.Form, err = c.NewForm(tx, a.ID); err != nil {
				return err
			}
			if f.Problem != nil && f.Text("account") == a.ID { // keep what was typed
				v.Form = f
			}
			if v.Roles, err = c.rolesSaid(tx, a.ID); err != nil {
				return err
			}
			d.Loose = append(d.Loose, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return secondRole.show(c, d)
}

// unmet are the accounts in the name of somebody whom nobody has asked.
func (c *Call) unmet(tx *store.Tx) (out []unmetView, err error) {
	all, err := account.NotMet(c.Ctx(), tx, c.Today())
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		v := unmetView{Unmet: x, Opener: c.actorText(tx, x.Account.OpenedBy)}
		if v.Form, err = c.NewForm(tx, x.Account.ID); err != nil {
			return nil, err
		}
		if v.Roles, err = c.rolesSaid(tx, x.Account.ID); err != nil {
			return nil, err
		}
		for _, who := range []string{x.Account.ID, x.Account.OpenedBy} {
			one, err := account.OnePerson(c.Ctx(), tx, who, c.User.Account)
			if err != nil {
				return nil, err
			}
			v.Mine = v.Mine || one
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *Server) secondRolePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id := f.Text("account")
	var act desk.Act
	switch f.Text("do") {
	case "confirm", "refuse":
		n, err := proposedOf(f)
		if err != nil {
			return c.again(f, err, c.showSecondRole)
		}
		act = account.ConfirmRole{Account: id, Proposed: n}
		if f.Text("do") == "refuse" {
			act = account.RefuseRole{Account: id, Proposed: n, Checker: true}
		}
	case "met":
		act = account.MeetHolder{Account: id}
	case "bind":
		who, err := c.personOfAccount(f)
		if err != nil {
			return c.again(f, err, c.showSecondRole)
		}
		act = account.BindPerson{Account: id, Person: who}
	default:
		return errNotFound
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	s.sessions.forget()
	if ok {
		return c.Done(secondRolePath, rc)
	}
	return c.showSecondRole(f)
}

// adminDropRolePost takes a proposal back, by an administrator.
func (s *Server) adminDropRolePost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	again := func(f *Form) error { return s.showAccount(c, nil, f, "") }
	n, err := proposedOf(f)
	if err != nil {
		return c.again(f, err, again)
	}
	rc, ok, err := c.Do(f, account.RefuseRole{Account: c.accountID(), Proposed: n})
	if err != nil {
		return err
	}
	if ok {
		return c.Done(accountPath(c.accountID()), rc)
	}
	return again(f)
}

// proposedOf is the entry of the proposal that a form is about.
func proposedOf(f *Form) (int64, error) {
	n, err := strconv.ParseInt(f.Value("proposed"), 10, 64)
	if err != nil {
		return 0, desk.Wrong("", "Biểu mẫu thiếu đề nghị; hãy tải lại trang.", "The form lacks the proposal; reload the page.")
	}
	return n, nil
}

// checkerTasks are what waits for who checks the ledger: a key of backups, a
// role.
func checkerTasks(c *Call, tx *store.Tx) ([]Task, error) {
	out, err := backupKeyTasks(c, tx)
	if err != nil || !c.User.Has(desk.CheckLedger) {
		return out, err
	}
	ps, err := c.rolesWaiting(tx, "")
	if err != nil {
		return nil, err
	}
	unmet, err := c.unmet(tx)
	if err != nil {
		return nil, err
	}
	for _, x := range unmet {
		if !x.Mine {
			out = append(out, Task{Title: c.T("second.met.task", cmpOr(x.Account.Display, x.Account.ID)), Detail: c.T("second.met.by", x.Opener), Path: secondRolePath + "#chua-hoi", Missing: c.T("second.met.missing"), Waiting: c.T("home.me")})
		}
	}
	for _, p := range ps {
		out = append(out, Task{Title: c.T("second.task", p.Name), Detail: c.T("second.task.by", p.Text, p.By), Path: secondRolePath, Missing: c.T("second.task.missing"), Waiting: c.T("home.me")})
	}
	return out, nil
}
