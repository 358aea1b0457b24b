package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
)

type personProgressData struct {
	Upload, File, HomeName string
	Form                   *Form
	Import                 person.Import
	Done, All              int
	Going, Undoing         bool
}

var personProgress = page[personProgressData]("person_import_run")

func (s *Server) personProgressGet(c *Call) error {
	d, _, err := c.personProgress(c.BlankForm())
	if err != nil {
		return err
	}
	return personProgress.show(c, *d)
}

func (c *Call) personProgress(f *Form) (d *personProgressData, up *person.Upload, err error) {
	d = &personProgressData{Upload: c.R.PathValue("upload"), Form: f}
	err = c.Read(func(tx *store.Tx) error {
		if up, err = c.s.importing.get(c, tx, d.Upload); err != nil {
			return err
		}
		if !up.Confirmed {
			return errNotFound
		}
		d.File = up.Name
		if d.HomeName, err = c.unitName(tx, up.Home, c.Today()); err != nil {
			return err
		}
		d.Import, _, err = person.GetImport(c.Ctx(), tx, up.ID)
		return err
	})
	if err != nil {
		return d, up, err
	}
	for _, p := range d.Import.Parts {
		if strings.HasPrefix(p.Part, "u-") {
			d.Undoing = true
		}
	}
	d.Going = !d.Import.Closed || d.Undoing && !d.Import.Undone
	if !d.Import.Closed {
		d.Done, d.All = person.ImportProgress(up.Plan, d.Import)
	}
	return d, up, nil
}

// sliceOfWork is how long one request goes on recording before it shows how far
// it has come; the page asks for the next slice.
const sliceOfWork = time.Second

// importCache keeps the confirmed plan that is being recorded, one at a time: it is
// large, and every slice of work asks for it.
type importCache struct {
	mu     sync.Mutex
	actor  string
	upload *person.Upload
	digest string // of the file
}

func (x *importCache) get(c *Call, tx *store.Tx, id string) (*person.Upload, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.upload != nil && x.upload.ID == id && x.actor == c.User.Account {
		return x.upload, nil
	}
	up, err := person.GetUpload(c.Ctx(), tx, id, c.User.Account)
	if err == nil && up.Confirmed && len(up.Plan) > 0 {
		sum := sha256.Sum256(up.Content)
		x.actor, x.upload, x.digest = c.User.Account, up, hex.EncodeToString(sum[:])
	}
	return up, err
}

// forget drops the plan of an import that is recorded.
func (x *importCache) forget(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.upload != nil && x.upload.ID == id {
		x.upload = nil
	}
}

func (x *importCache) digestOf(up *person.Upload) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.upload == up {
		return x.digest
	}
	sum := sha256.Sum256(up.Content)
	return hex.EncodeToString(sum[:])
}

// personProgressPost records, or withdraws, the next slice.
func (s *Server) personProgressPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d, up, err := c.personProgress(f)
	if err != nil {
		return err
	}
	until := time.Now().Add(sliceOfWork)
	first := true
	more := func() bool { ok := first || time.Now().Before(until); first = false; return ok }
	if d.Import.Closed {
		reason := f.Text("reason")
		if reason == "" && d.Undoing {
			reason = "Rút lần nhập " + up.Name
		}
		if reason == "" {
			err = desk.Wrong("reason", "Hãy ghi lý do rút.", "Give the reason of the undoing.")
		} else {
			_, _, err = person.RunUndo(c.Ctx(), s.desk, up.ID, c.User.Account, up.Home, reason, more)
		}
	} else {
		var done, all int
		done, all, err = person.RunImport(c.Ctx(), s.desk, up.ID, c.User.Account, up.Home, up.Name, s.importing.digestOf(up), up.Plan, more)
		if err == nil && done == all {
			err = person.ClearUpload(c.Ctx(), s.db, up.ID)
			s.importing.forget(up.ID)
		}
	}
	if err == nil {
		return c.Redirect(fmt.Sprintf("/can-bo/nhap/%s/ghi", up.ID))
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return personProgress.show(c, *d)
}
