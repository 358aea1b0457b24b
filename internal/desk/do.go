package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// maxGroup bounds the acts of one transaction, so that the first of them does
// not wait long for its answer.
const maxGroup = 256

// request is a form on its way through the group committer.
type request struct {
	form    Form
	subject string
	digest  string
	taken   atomic.Int32 // 0 waiting, 1 taken by a group, 2 given up by its sender
	done    chan outcome
	erases  bool
	own     bool // the program's own act: authority is not asked
}

type outcome struct {
	receipt Receipt
	err     error
}

// Do takes one form through the door. It returns the receipt once the act is
// durably committed, *Error when the answer is no, another error when the
// program or the machine failed (then nothing of the act is recorded; after a
// lost database connection the same form may safely be sent again). If ctx
// ends before the act's group starts, the act is dropped; after that its
// result stands and Do waits for it.
func (d *Desk) Do(ctx context.Context, f Form) (Receipt, error) {
	if err := checkForm(f); err != nil {
		return Receipt{}, err
	}
	r := &request{form: f, done: make(chan outcome, 1)}
	err := guarded(func() (err error) {
		r.subject = f.Act.Subject()
		r.digest, err = d.digest(f)
		return err
	})
	if err != nil {
		return Receipt{}, fmt.Errorf("desk: act %T: %w", f.Act, err)
	}
	if r.subject == "" {
		return Receipt{}, fmt.Errorf("desk: act %s has no subject", f.Act.Name())
	}
	select {
	case d.queue <- r:
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-d.closing:
		return Receipt{}, errClosed
	}
	select {
	case o := <-r.done:
		return o.receipt, o.err
	case <-ctx.Done():
		if r.taken.CompareAndSwap(0, 2) {
			return Receipt{}, ctx.Err()
		}
	case <-d.closed:
		if r.taken.CompareAndSwap(0, 2) {
			return Receipt{}, errClosed
		}
	}
	o := <-r.done
	return o.receipt, o.err
}

var errClosed = &Error{Code: Stopped, Says: rule.Words{
	VI: "Chương trình đang dừng. Hãy gửi lại sau khi khởi động lại.",
	EN: "The program is stopping. Send again once it has started anew.",
}}

func checkForm(f Form) error {
	bad := func(vi, en string) error { return Wrong("", vi, en) }
	switch {
	case f.Act == nil:
		return errors.New("desk: a form without an act")
	case f.ID == "" || len(f.ID) > 64 || strings.ContainsFunc(f.ID, func(r rune) bool { return r <= ' ' || r > '~' }):
		return bad("Biểu mẫu thiếu mã. Hãy mở lại trang.", "The form has no id. Open the page again.")
	case len(f.Actor) > 200:
		return bad("Mã tài khoản không hợp lệ.", "The account id is not valid.")
	}
	return nil
}

// digest is a keyed hash of what the form asks: to tell a repeat from another
// act under the same id without keeping the content.
func (d *Desk) digest(f Form) (string, error) {
	h := hmac.New(sha256.New, d.key.digest)
	h.Write([]byte(f.Actor + "\n" + f.Act.Name() + "\n" + f.Act.Subject() + "\n"))
	if err := json.NewEncoder(h).Encode(f.Act); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// commit is the group committer: the one place from which this process writes.
func (d *Desk) commit() {
	defer close(d.closed)
	for {
		var batch []*request
		select {
		case r := <-d.queue:
			batch = take(batch, r)
		case <-d.closing:
			return
		}
		// Those who just got an answer are about to ask again: letting them run
		// first costs nothing when nobody is there, and spares a sync when many are.
		for yields := 0; len(batch) < maxGroup && yields < groupYields; {
			select {
			case r := <-d.queue:
				batch = take(batch, r)
			default:
				yields++
				runtime.Gosched()
			}
		}
		if len(batch) > 0 {
			d.runGroup(batch)
		}
	}
}

// groupYields is how often a group lets others run before it starts.
const groupYields = 4

func take(batch []*request, r *request) []*request {
	if r.taken.CompareAndSwap(0, 1) {
		return append(batch, r)
	}
	return batch
}

// runGroup commits the acts together; if one of them turns out broken they are
// done one by one, so that each bears its own fault only.
func (d *Desk) runGroup(batch []*request) {
	outs, begun, err := d.together(batch)
	if err == nil {
		deliver(batch, outs)
		return
	}
	if len(batch) == 1 || !begun { // no act's fault: the same for all
		err = d.explain(err)
		for _, r := range batch {
			r.done <- outcome{err: err}
		}
		return
	}
	d.log.Warn("desk: a group of acts was rolled back and is tried one by one", "acts", len(batch), "error", err)
	for _, r := range batch {
		d.runGroup([]*request{r})
	}
}

func deliver(batch []*request, outs []outcome) {
	for i, r := range batch {
		r.done <- outs[i]
	}
}

// together does the acts in one transaction. An error means that nothing was
// committed, or that it is unknown (the act ids then tell on the retry); begun
// says that acts were already at work when it came.
func (d *Desk) together(batch []*request) (outs []outcome, begun bool, err error) {
	if no := d.stoppedError(); no != nil {
		return nil, false, no
	}
	ctx := context.Background()
	outs = make([]outcome, len(batch))
	var after head
	wrote, erases := false, false
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		h, err := d.headFor(ctx, tx)
		if err != nil {
			return err
		}
		g, err := d.newGroup(ctx, tx, h, batch)
		if err != nil {
			return err
		}
		begun = true
		for i, r := range batch {
			outs[i].receipt, outs[i].err = g.do(ctx, r)
			var f fault
			if errors.As(outs[i].err, &f) {
				return f.error
			}
			erases = erases || r.erases
		}
		wrote = len(g.rows) > 0
		if !wrote {
			return errNothing // roll back: refusals leave no trace
		}
		after = g.out.head
		return g.finish(ctx)
	})
	if errors.Is(err, errNothing) {
		return outs, begun, nil
	}
	if err != nil {
		return nil, begun, err
	}
	d.moved(after)
	if erases {
		if err := d.db.Truncate(ctx); err != nil {
			d.log.Warn("desk: the write-ahead log could not be emptied after an erasure", "error", err)
		}
	}
	return outs, begun, nil
}

var errNothing = errors.New("desk: nothing to commit")

// explain turns what the machine says into plain words where the user can act.
func (d *Desk) explain(err error) error {
	var no *Error
	if errors.As(err, &no) {
		return no
	}
	text := strings.ToLower(err.Error())
	for _, full := range []string{"database or disk is full", "disk full", "no space left on device", "sqlstate 53100"} {
		if strings.Contains(text, full) {
			d.log.Error("desk: the disk is full", "error", err)
			return &Error{Code: Stopped, Says: rule.Words{
				VI: "Ổ đĩa đã đầy, không ghi được. Hãy giải phóng chỗ trên ổ đĩa rồi gửi lại.",
				EN: "The disk is full and nothing can be written. Free some space, then send again.",
			}}
		}
	}
	if strings.Contains(text, "database is locked") {
		d.log.Error("desk: another program holds the database", "error", err)
		return &Error{Code: Stopped, Says: rule.Words{
			VI: "Một chương trình khác đang khóa cơ sở dữ liệu. Hãy đóng chương trình đó rồi gửi lại.",
			EN: "Another program has locked the database. Close it, then send again.",
		}}
	}
	d.log.Error("desk: an act failed", "error", err)
	return err
}
