package web

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"minhbach/internal/person"
	"minhbach/internal/store"
)

// A look at a large file takes longer than a page may: it is read and held
// against the record beside the pages, which say how far it has come.

const (
	planAtOnce = 256 << 10        // bytes of a file that is read within the page
	planTime   = 30 * time.Minute // the longest look
	planKept   = 10 * time.Minute // how long a finished look waits to be asked for
	planPause  = 800 * time.Millisecond
)

// asLooked asks planned for the look as it was shown, whatever was recorded since.
const asLooked = "as-looked"

// planJob is one look under way or finished.
type planJob struct {
	key       string
	head      int64 // of the ledger when it began
	rows, all atomic.Int64
	done      chan struct{}
	ended     time.Time

	data   *personImportData
	upload *person.Upload
	viewed []readView
	err    error
}

// planJobs are the looks of this server; the zero value is ready.
type planJobs struct {
	mu   sync.Mutex
	jobs map[string]*planJob
}

// planned is what the staged file would do: at once for a small file; else from a
// look beside the page, which is given as long as it goes on. A confirmation
// (its act) is held against the record as it is now, once.
func (c *Call) planned(f *Form, act string) (*personImportData, *person.Upload, *planJob, error) {
	large, err := c.largeUpload()
	if err != nil {
		return nil, nil, nil, err
	}
	if !large {
		d, up, err := c.personPlan(f, func(int, int) {})
		return d, up, nil, err
	}
	j := c.planJob(act)
	select {
	case <-j.done:
	case <-time.After(planPause):
		return nil, nil, j, nil
	case <-c.Ctx().Done():
		return nil, nil, nil, c.Ctx().Err()
	}
	if j.err != nil {
		c.s.plans.drop(j)
		return nil, nil, nil, j.err
	}
	d := *j.data
	if j.data.Form.Problem != nil {
		f.Problem = j.data.Form.Problem
		c.status = 422
	}
	for k, v := range j.data.Form.Values {
		if _, own := f.Values[k]; !own {
			f.Values[k] = v
		}
	}
	d.Form = f
	c.viewed = append(c.viewed, j.viewed...)
	return &d, j.upload, nil, nil
}

// largeUpload says whether the file of the page is too large to be read within it.
func (c *Call) largeUpload() (large bool, err error) {
	err = c.Read(func(tx *store.Tx) error {
		up, size, err := person.LookUpload(c.Ctx(), tx, c.R.PathValue("upload"), c.User.Account)
		large = !up.Confirmed && size > planAtOnce
		return err
	})
	return large, err
}

// planJob is the look that answers this page: one under way, or one finished
// since the ledger last grew; of a confirmation the one begun for it.
func (c *Call) planJob(act string) *planJob {
	base := strings.Join([]string{c.User.Account, c.R.PathValue("upload"), c.R.URL.RawQuery, c.Today().String(), c.Lang}, "\x00")
	head := c.s.desk.Head()
	js := &c.s.plans
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.jobs == nil {
		js.jobs = map[string]*planJob{}
	}
	for k, j := range js.jobs {
		if j.finished() && c.s.clock().Sub(j.ended) > planKept {
			delete(js.jobs, k)
		}
	}
	if act != "" {
		if j := js.jobs[base+"\x00"+act]; j != nil {
			return j
		}
	}
	j := js.jobs[base]
	if j != nil && j.finished() && act == asLooked {
		return j
	}
	if act == asLooked {
		act = ""
	}
	if j != nil && (!j.finished() && act == "" || j.head == head) {
		return j
	}
	j = &planJob{key: base, head: head, done: make(chan struct{})}
	if act != "" {
		j.key += "\x00" + act
	}
	for k, old := range js.jobs { // one finished look of a person is kept, they are large
		if strings.HasPrefix(k, c.User.Account+"\x00") && old.finished() {
			delete(js.jobs, k)
		}
	}
	js.jobs[j.key] = j
	go j.run(c)
	return j
}

func (j *planJob) finished() bool {
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// run looks, for the person of the call, outside its request.
func (j *planJob) run(of *Call) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(of.Ctx()), planTime)
	defer cancel()
	defer close(j.done)
	defer func() {
		if p := recover(); p != nil { // no page stands above this that would answer for it
			j.err = fmt.Errorf("web: reading an import: %v\n%s", p, debug.Stack())
		}
		j.ended = of.s.clock()
	}()
	select {
	case planSlots <- struct{}{}:
		defer func() { <-planSlots }()
	case <-ctx.Done():
		j.err = ctx.Err()
		return
	}
	c := &Call{s: of.s, R: of.R.WithContext(ctx), Lang: of.Lang, User: of.User, Ref: of.Ref, route: of.route, asOf: of.asOf}
	j.data, j.upload, j.err = c.personPlan(c.BlankForm(), func(rows, all int) {
		j.rows.Store(int64(rows))
		j.all.Store(int64(all))
	})
	if j.err == nil {
		j.data.Sum() // before the pages share it
	}
	j.viewed = c.viewed
}

// planSlots are how many looks are made at once; others wait for their turn.
var planSlots = make(chan struct{}, 2)

func (js *planJobs) drop(j *planJob) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.jobs[j.key] == j {
		delete(js.jobs, j.key)
	}
}

// personPlanningData says how far a look has come. Form is the confirmation that
// waits for it, nil for a look.
type personPlanningData struct {
	Self      string
	File      string
	Rows, All int64
	Form      *Form
	Sum       string
}

var personPlanning = page[personPlanningData]("person_import_look")

func (c *Call) showPlanning(j *planJob, f *Form) error {
	d := personPlanningData{Self: c.R.URL.RequestURI(), Rows: j.rows.Load(), All: j.all.Load(), Form: f}
	if f != nil {
		d.Sum = f.Value("sum")
	}
	if err := c.Read(func(tx *store.Tx) error {
		up, _, err := person.LookUpload(c.Ctx(), tx, c.R.PathValue("upload"), c.User.Account)
		d.File = up.Name
		return err
	}); err != nil {
		return err
	}
	return personPlanning.show(c, d)
}
